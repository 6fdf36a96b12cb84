//! When something is to be done, as an operator types it: `明天 10点`, `下周二`, `+3d`, `fri 15:00`.
//!
//! A date and a clock, either of which may be missing. A date without a clock means 10 o'clock of
//! that day, and today 18 o'clock once 10 is past; a clock without a date means the next time that
//! the clock shows it. What comes out is always a moment, to be echoed to the operator.

use jiff::civil::{Date, Time as Clock};
use jiff::{Span, Zoned};

use super::date::{Unit, When, shift};
use super::days::{english, of_month};
use super::moment::Moment;
use super::pinyin::fold;
use super::spelled::as_read;
use crate::model::Time;

/// The hour of a date that was typed without a clock.
const MORNING: i8 = 10;
/// The same for today, where that hour is past.
const EVENING: i8 = 18;
/// Hour of 今晚 and `tonight`.
const TONIGHT: i8 = 20;

/// Why a text is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// Nothing was typed.
    #[error("no time was given")]
    Empty,
    /// It is no date and no clock.
    #[error("{text:?} is no time; write 明天 10点, 下周二, +3d, fri 15:00 or 2026-03-17 10:00")]
    Unknown {
        /// What was typed.
        text: String,
    },
}

/// Reads when something is to be done.
///
/// # Errors
/// [`DueError`] where the text names no moment.
pub fn due(text: &str, at: &Moment) -> Result<Time, DueError> {
    let unknown = || DueError::Unknown { text: text.trim().to_owned() };
    let folded = as_read(&fold(text.trim()));
    if folded.is_empty() {
        return Err(DueError::Empty);
    }
    let now = at.zoned();
    if let Some(span) = so_long(&folded) {
        return Ok(Time::from_zoned(&now.checked_add(span).map_err(|_| unknown())?));
    }
    let ends = folded.char_indices().map(|(at, _)| at).chain([folded.len()]);
    for end in ends.collect::<Vec<_>>().into_iter().rev() {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(folded[..end].chars().next_back()) && digit(folded[end..].chars().next()) {
            continue; // never through a number
        }
        let (date, clock) = (folded[..end].trim(), folded[end..].trim());
        let clock = match clock {
            "" => None,
            clock => match read_clock(clock) {
                Some(clock) => Some(clock),
                None => continue,
            },
        };
        if let Some(then) = moment(date, clock, &now, at) {
            return Ok(Time::from_zoned(&then));
        }
    }
    Err(unknown())
}

/// A stretch from now on, to the minute: `+2h`, `30min`, `1h30m`, `2小时后`.
fn so_long(text: &str) -> Option<Span> {
    let bare = text.strip_prefix('+').unwrap_or(text);
    let bare = bare.strip_suffix('后').unwrap_or(bare).trim();
    if matches!(bare, "半小时" | "半个小时") {
        return Some(Span::new().minutes(30));
    }
    let (amount, rest) = amount(bare)?;
    if let Some(rest) =
        ["hours", "hour", "h", "个小时", "小时"].iter().find_map(|unit| rest.strip_prefix(unit))
    {
        let span = Span::new().try_hours(amount).ok()?;
        if rest.is_empty() {
            return Some(span);
        }
        // After hours nobody takes `m` for months.
        let (minutes, rest) = self::amount(rest.trim())?;
        let minutes =
            matches!(rest, "" | "m" | "min" | "mins" | "minutes" | "分" | "分钟").then_some(minutes);
        return span.try_minutes(minutes?).ok();
    }
    matches!(rest, "min" | "mins" | "minutes" | "分" | "分钟").then_some(())?;
    Span::new().try_minutes(amount).ok()
}

/// A number of at most five digits, and what stands behind it.
fn amount(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (1..=5).contains(&end).then_some((digits.parse().ok()?, rest.trim()))
}

fn moment(date: &str, clock: Option<Clock>, now: &Zoned, at: &Moment) -> Option<Zoned> {
    let on = |date: Date, clock: Clock| date.to_datetime(clock).to_zoned(now.time_zone().clone()).ok();
    let today = now.date();
    if date.is_empty() {
        let then = on(today, clock?)?;
        return if then > *now { Some(then) } else { on(today.tomorrow().ok()?, clock?) };
    }
    if let Some(exact) = exact(date) {
        return clock.is_none().then_some(exact.zoned(&at.zone));
    }
    let (date, hour) = match date {
        "今晚" | "tonight" => (today, Some(TONIGHT)),
        "明晚" => (today.tomorrow().ok()?, Some(TONIGHT)),
        "明早" => (today.tomorrow().ok()?, Some(9)),
        date => (day(date, clock, now)?, None),
    };
    let clock = match (clock, hour) {
        // 今晚8点 is in the evening.
        (Some(clock), Some(TONIGHT)) if clock.hour() < 12 => {
            clock.with().hour(clock.hour() + 12).build().ok()?
        }
        (Some(clock), _) => clock,
        (None, Some(hour)) => Clock::new(hour, 0, 0, 0).ok()?,
        (None, None) => {
            let usual = |hour| Clock::new(hour, 0, 0, 0).ok();
            let late = date == today && now.hour() >= MORNING;
            match if late { EVENING } else { MORNING } {
                EVENING if now.hour() >= EVENING => {
                    return now.checked_add(Span::new().hours(1)).ok();
                }
                hour => usual(hour)?,
            }
        }
    };
    on(date, clock)
}

/// RFC 3339, whole.
fn exact(text: &str) -> Option<Time> {
    Time::parse(&text.to_ascii_uppercase()).ok()
}

/// The day that a text means, seen from now on.
fn day(text: &str, clock: Option<Clock>, now: &Zoned) -> Option<Date> {
    let today = now.date();
    let plus = |days: i64| today.checked_add(Span::new().try_days(days).ok()?).ok();
    if text == "大后天" {
        return plus(3);
    }
    if let Some(weekday) = text.strip_prefix("next ").map(str::trim)
        && let Some(When::Weekday(weekday)) = When::parse(weekday)
    {
        return day(&When::WeekdayOf(1, weekday).to_string(), clock, now);
    }
    if let Some(rest) = text.strip_prefix("下下") {
        let date = day(&format!("下{rest}"), clock, now)?;
        return date.checked_add(Span::new().days(7)).ok();
    }
    let later = shift(text).or_else(|| shift(&format!("+{text}"))).or_else(|| shift(&format!("{text}后")));
    if let Some((amount, unit)) = later {
        let span = match unit {
            // Of `90m` nobody knows whether it means minutes or months.
            Unit::Months if text.ends_with('m') => return None,
            Unit::Hours => return None,
            Unit::Days => Span::new().try_days(amount),
            Unit::Weeks => Span::new().try_weeks(amount),
            Unit::Months => Span::new().try_months(amount),
            Unit::Years => Span::new().try_years(amount),
        };
        return today.checked_add(span.ok()?).ok();
    }
    if let Some(date) = of_month(text, today).or_else(|| english(text, today)) {
        return Some(date);
    }
    let monday = |weeks: i64| plus(weeks * 7 - i64::from(today.weekday().to_monday_zero_offset()));
    match When::parse(text) {
        Some(When::Days(by)) => plus(i64::from(by)),
        Some(When::Day(date)) => Some(date),
        Some(When::Weekday(weekday)) => {
            let passed = clock.is_some_and(|clock| clock <= now.time());
            match i64::from(today.weekday().until(weekday)) {
                0 if passed => plus(7),
                days => plus(days),
            }
        }
        Some(When::WeekdayOf(weeks, weekday)) => {
            let offset = i64::from(weekday.to_monday_zero_offset());
            monday(i64::from(weeks))?.checked_add(Span::new().try_days(offset).ok()?).ok()
        }
        Some(When::Week(weeks @ 1..)) => monday(i64::from(weeks)),
        Some(When::MonthFrom(months @ 1..)) => {
            today.first_of_month().checked_add(Span::new().months(i64::from(months))).ok()
        }
        Some(_) => None,
        None => numbered(text, today),
    }
}

/// `3-20`, `3/20`, `3月20日`, `20号`: the next such day.
fn numbered(text: &str, today: Date) -> Option<Date> {
    let text = text.replace(['年', '月', '/', '.'], "-");
    let (text, named) = match text.strip_suffix(['日', '号']) {
        Some(text) => (text, true),
        None => (text.as_str(), false),
    };
    let parts: Vec<i16> = text.split('-').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let small = |part: i16| i8::try_from(part).ok();
    match parts[..] {
        [year @ 1000..=9999, month, day] => Date::new(year, small(month)?, small(day)?).ok(),
        [month, day] => {
            let this = Date::new(today.year(), small(month)?, small(day)?).ok();
            this.filter(|date| *date >= today)
                .or_else(|| Date::new(today.year() + 1, small(month)?, small(day)?).ok())
        }
        [day] if named => (0..12)
            .filter_map(|months| today.first_of_month().checked_add(Span::new().months(months)).ok())
            .filter_map(|first| Date::new(first.year(), first.month(), small(day)?).ok())
            .find(|date| *date >= today),
        _ => None,
    }
}

/// Parts of a day that stand alone, and the hour that they mean then.
const PARTS_ALONE: [(&[&str], i8); 6] = [
    (&["早上", "早晨", "morning"], 9),
    (&["上午"], MORNING),
    (&["中午", "noon"], 12),
    (&["下午", "afternoon"], 15),
    (&["傍晚"], EVENING),
    (&["晚上", "晚", "evening", "night"], TONIGHT),
];

/// `10点`, `10点半`, `15:00`, `3pm`, `下午3点20分`.
fn read_clock(text: &str) -> Option<Clock> {
    let text = text.strip_prefix("at ").unwrap_or(text).trim();
    if let Some((.., hour)) = PARTS_ALONE.iter().find(|(words, _)| words.contains(&text)) {
        return Clock::new(*hour, 0, 0, 0).ok();
    }
    const PARTS: [(&str, bool); 8] = [
        ("上午", false),
        ("早上", false),
        ("凌晨", false),
        ("中午", true),
        ("下午", true),
        ("傍晚", true),
        ("晚上", true),
        ("晚", true),
    ];
    let (text, part) = PARTS
        .iter()
        .find_map(|(word, late)| Some((text.strip_prefix(word)?.trim(), Some(*late))))
        .unwrap_or((text, None));
    let (text, late) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) if part.is_none() => (rest.trim(), Some(true)),
        (_, Some(rest)) if part.is_none() => (rest.trim(), Some(false)),
        _ => (text, part),
    };
    let (hour, minute, second) = if let Some((hour, rest)) = text.split_once(['点', '时']) {
        let rest = rest.trim_start_matches('钟').trim();
        let (minute, second) = match rest {
            "" | "整" => (0, 0),
            "半" => (30, 0),
            "一刻" | "1刻" => (15, 0),
            "三刻" | "3刻" => (45, 0),
            rest => match rest.split_once('分') {
                Some((minute, "")) => (minute.trim().parse().ok()?, 0),
                Some((minute, second)) => {
                    (minute.trim().parse().ok()?, second.trim().trim_end_matches('秒').parse().ok()?)
                }
                None => (rest.parse().ok()?, 0),
            },
        };
        (hour.trim().parse::<i8>().ok()?, minute, second)
    } else if let Some((hour, rest)) = text.split_once(':') {
        let (minute, second) = rest.split_once(':').unwrap_or((rest, "00"));
        (minute.len() == 2 && second.len() == 2).then_some(())?;
        (hour.parse::<i8>().ok()?, minute.parse().ok()?, second.parse().ok()?)
    } else {
        (late.filter(|_| part.is_none()).and(text.parse::<i8>().ok())?, 0, 0)
    };
    let hour = match late {
        Some(true) if (1..12).contains(&hour) => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Clock::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::*;

    /// 2026-03-17 is a Tuesday; it is 10:42 in Shanghai.
    fn at() -> Moment {
        let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
        Moment { now, zone: TimeZone::fixed(offset(8)), me: None }
    }

    fn read(text: &str) -> String {
        due(text, &at()).map_or_else(|error| error.to_string(), |then| then.to_string()[..16].to_owned())
    }

    #[test]
    fn reads_what_operators_type() {
        for (text, then) in [
            ("明天 10点", "2026-03-18T10:00"),
            ("明天10点半", "2026-03-18T10:30"),
            ("明天", "2026-03-18T10:00"),
            ("明天下午三点", "2026-03-18T15:00"),
            ("后天 晚上8点", "2026-03-19T20:00"),
            ("下周二", "2026-03-24T10:00"),
            ("下周二 15:30", "2026-03-24T15:30"),
            ("下下周一", "2026-03-30T10:00"),
            ("周三", "2026-03-18T10:00"),
            ("周二 9点", "2026-03-24T09:00"),
            ("周二 11点", "2026-03-17T11:00"),
            ("星期天", "2026-03-22T10:00"),
            ("本周五 18点", "2026-03-20T18:00"),
            ("+3d", "2026-03-20T10:00"),
            ("3d", "2026-03-20T10:00"),
            ("三天后", "2026-03-20T10:00"),
            ("3天", "2026-03-20T10:00"),
            ("+2w 9:00", "2026-03-31T09:00"),
            ("两周后", "2026-03-31T10:00"),
            ("一个月后", "2026-04-17T10:00"),
            ("+2h", "2026-03-17T12:42"),
            ("30min", "2026-03-17T11:12"),
            ("半小时", "2026-03-17T11:12"),
            ("半小时后", "2026-03-17T11:12"),
            ("大后天", "2026-03-20T10:00"),
            ("明天中午", "2026-03-18T12:00"),
            ("next friday", "2026-03-27T10:00"),
            ("两小时后", "2026-03-17T12:42"),
            ("fri 15:00", "2026-03-20T15:00"),
            ("Friday 3pm", "2026-03-20T15:00"),
            ("tomorrow 9am", "2026-03-18T09:00"),
            ("today", "2026-03-17T18:00"),
            ("今天", "2026-03-17T18:00"),
            ("今天 9点", "2026-03-17T09:00"),
            ("今晚", "2026-03-17T20:00"),
            ("今晚9点", "2026-03-17T21:00"),
            ("明早", "2026-03-18T09:00"),
            ("15:00", "2026-03-17T15:00"),
            ("9点", "2026-03-18T09:00"),
            ("3月20日", "2026-03-20T10:00"),
            ("3-1", "2027-03-01T10:00"),
            ("20号 十点", "2026-03-20T10:00"),
            ("5号", "2026-04-05T10:00"),
            ("2026-04-01", "2026-04-01T10:00"),
            ("2026-04-01 08:15", "2026-04-01T08:15"),
            ("2026年4月1日 8点一刻", "2026-04-01T08:15"),
            ("2026-04-01T08:15:00+08:00", "2026-04-01T08:15"),
            ("下周", "2026-03-23T10:00"),
            ("下个月", "2026-04-01T10:00"),
            ("１５：００", "2026-03-17T15:00"),
            ("月底", "2026-03-31T10:00"),
            ("月末 18点", "2026-03-31T18:00"),
            ("本月底", "2026-03-31T10:00"),
            ("下月底", "2026-04-30T10:00"),
            ("下个月底", "2026-04-30T10:00"),
            ("月初", "2026-04-01T10:00"),
            ("下月初 9点", "2026-04-01T09:00"),
            ("下个月1号", "2026-04-01T10:00"),
            ("下月一号", "2026-04-01T10:00"),
            ("下个月的15日 下午3点", "2026-04-15T15:00"),
            ("本月20号", "2026-03-20T10:00"),
            ("周末", "2026-03-21T10:00"),
            ("周末下午3点", "2026-03-21T15:00"),
            ("下周末", "2026-03-28T10:00"),
            ("weekend", "2026-03-21T10:00"),
            ("end of month", "2026-03-31T10:00"),
            ("jan 5", "2027-01-05T10:00"),
            ("5 jan", "2027-01-05T10:00"),
            ("Apr 3 15:00", "2026-04-03T15:00"),
            ("3 April 3pm", "2026-04-03T15:00"),
            ("march 17th", "2026-03-17T18:00"),
            ("feb 29", "2028-02-29T10:00"),
            ("Dec 24, 2026", "2026-12-24T10:00"),
            ("15:00:30", "2026-03-17T15:00"),
            ("明天 8:15:30", "2026-03-18T08:15"),
            ("明天8点15分30秒", "2026-03-18T08:15"),
            ("2026-04-01 08:15:59", "2026-04-01T08:15"),
            ("in 2 hours", "2026-03-17T12:42"),
            ("in an hour", "2026-03-17T11:42"),
            ("in 20 minutes", "2026-03-17T11:02"),
            ("in 3 days", "2026-03-20T10:00"),
            ("in 3 days 9am", "2026-03-20T09:00"),
            ("in a week", "2026-03-24T10:00"),
            ("in 2 months", "2026-05-17T10:00"),
            ("2 hours", "2026-03-17T12:42"),
            ("next week", "2026-03-23T10:00"),
            ("next week 15:00", "2026-03-23T15:00"),
            ("next month", "2026-04-01T10:00"),
            ("+1h30m", "2026-03-17T12:12"),
            ("1h 30min", "2026-03-17T12:12"),
            ("1小时30分钟后", "2026-03-17T12:12"),
            ("明天10點", "2026-03-18T10:00"),
            ("明天下午3點半", "2026-03-18T15:30"),
            ("兩個小時後", "2026-03-17T12:42"),
            ("下週二", "2026-03-24T10:00"),
            ("20號", "2026-03-20T10:00"),
            ("星期天早上", "2026-03-22T09:00"),
            ("周日晚上", "2026-03-22T20:00"),
            ("明天上午", "2026-03-18T10:00"),
            ("明天下午", "2026-03-18T15:00"),
            ("tomorrow morning", "2026-03-18T09:00"),
            ("fri evening", "2026-03-20T20:00"),
        ] {
            assert_eq!(read(text), then, "{text}");
        }
    }

    #[test]
    fn seconds_are_kept_and_the_weekend_is_what_is_left_of_it() {
        assert_eq!(due("15:00:30", &at()).unwrap().to_string(), "2026-03-17T15:00:30+08:00");
        let on = |now: &str, text: &str| {
            let at = Moment { now: Time::parse(now).unwrap(), ..at() };
            due(text, &at).unwrap().to_string()[..10].to_owned()
        };
        assert_eq!(on("2026-03-21T09:00:00+08:00", "周末"), "2026-03-21");
        assert_eq!(on("2026-03-22T09:00:00+08:00", "weekend"), "2026-03-22");
        assert_eq!(on("2026-03-31T09:00:00+08:00", "月底"), "2026-03-31");
        assert_eq!(on("2026-04-01T09:00:00+08:00", "月初"), "2026-04-01");
        assert_eq!(on("2026-01-31T09:00:00+08:00", "下月底"), "2026-02-28");
    }

    #[test]
    fn what_is_no_time_says_so() {
        for text in [
            "soon",
            "25:00",
            "明天 25点",
            "13月1日",
            "yesterdayish",
            "2-30",
            "十",
            "下下",
            "+d",
            "--",
            "90m",
            "+1m",
            "下月32号",
            "jan 32",
            "5 5",
            "feb 30",
            "8:15:61",
            "月",
            "5 jan feb",
            "in",
            "in a",
            "in soon",
            "next",
            "1h30x",
            "周八晚上",
        ] {
            assert!(matches!(due(text, &at()), Err(DueError::Unknown { .. })), "{text}");
        }
        assert_eq!(due("  ", &at()), Err(DueError::Empty));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_it_answers(text in "[ 0-9:点半周下明天月日号+dwhtpma一二十/.-]{0,14}|.{0,12}") {
            let _ = due(&text, &at());
        }
    }
}
