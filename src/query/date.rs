//! Dates as typed: absolute, or words that mean something only at a [`Moment`].

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::moment::Moment;

/// A date as typed. Each means a stretch of time: a day, a month, or for [`When::Now`] an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `2026`.
    Year(i16),
    /// `2026-03`.
    Month(i16, i8),
    /// `2026-03-01`.
    Day(Date),
    /// `2026-03-01T10:30`, a clock in the zone; a minute, or a second where it has seconds.
    Clock(DateTime),
    /// `2026-03-01T10:30:00+08:00`.
    Exact(Timestamp),
    /// `now`.
    Now,
    /// So many days from today: `today`, `tomorrow`, `yesterday`, 后天, 前天.
    Days(i8),
    /// So much from now: `-30d`, `+2w`. An instant where it is compared (`<-30d` is earlier than 30
    /// days ago, to the second), and the whole day where something is to equal it.
    Shift(i32, Unit),
    /// `mon`: the nearest one in the direction in which the key looks, today included.
    Weekday(Weekday),
    /// 下周二: a weekday so many calendar weeks from this one; weeks begin on Monday.
    WeekdayOf(i8, Weekday),
    /// 本周, `lastweek`: a calendar week.
    Week(i8),
    /// 上月, `thismonth`: a calendar month.
    MonthFrom(i8),
    /// 今年, `lastyear`: a calendar year.
    YearFrom(i8),
}

/// A unit of [`When::Shift`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `h`, 小时.
    Hours,
    /// `d`, 天.
    Days,
    /// `w`, 周.
    Weeks,
    /// `m`, 个月.
    Months,
    /// `y`, 年.
    Years,
}

/// Words for dates; of several for one date the first is how it prints.
const WORDS: &[(&str, When)] = &[
    ("now", When::Now),
    ("现在", When::Now),
    ("today", When::Days(0)),
    ("今天", When::Days(0)),
    ("今日", When::Days(0)),
    ("tomorrow", When::Days(1)),
    ("明天", When::Days(1)),
    ("明日", When::Days(1)),
    ("yesterday", When::Days(-1)),
    ("昨天", When::Days(-1)),
    ("昨日", When::Days(-1)),
    ("后天", When::Days(2)),
    ("前天", When::Days(-2)),
    ("thisweek", When::Week(0)),
    ("本周", When::Week(0)),
    ("这周", When::Week(0)),
    ("lastweek", When::Week(-1)),
    ("上周", When::Week(-1)),
    ("nextweek", When::Week(1)),
    ("下周", When::Week(1)),
    ("thismonth", When::MonthFrom(0)),
    ("本月", When::MonthFrom(0)),
    ("这个月", When::MonthFrom(0)),
    ("lastmonth", When::MonthFrom(-1)),
    ("上月", When::MonthFrom(-1)),
    ("上个月", When::MonthFrom(-1)),
    ("nextmonth", When::MonthFrom(1)),
    ("下月", When::MonthFrom(1)),
    ("下个月", When::MonthFrom(1)),
    ("thisyear", When::YearFrom(0)),
    ("今年", When::YearFrom(0)),
    ("lastyear", When::YearFrom(-1)),
    ("去年", When::YearFrom(-1)),
];

/// Weekdays from Monday: English word, Chinese numeral.
const WEEKDAYS: [(&str, &str, &str, Weekday); 7] = [
    ("mon", "monday", "一", Weekday::Monday),
    ("tue", "tuesday", "二", Weekday::Tuesday),
    ("wed", "wednesday", "三", Weekday::Wednesday),
    ("thu", "thursday", "四", Weekday::Thursday),
    ("fri", "friday", "五", Weekday::Friday),
    ("sat", "saturday", "六", Weekday::Saturday),
    ("sun", "sunday", "日", Weekday::Sunday),
];

/// Units: how they print, and their other names.
const UNITS: &[(&str, Unit)] = &[
    ("h", Unit::Hours),
    ("d", Unit::Days),
    ("w", Unit::Weeks),
    ("m", Unit::Months),
    ("y", Unit::Years),
    ("小时", Unit::Hours),
    ("天", Unit::Days),
    ("日", Unit::Days),
    ("周", Unit::Weeks),
    ("个月", Unit::Months),
    ("月", Unit::Months),
    ("年", Unit::Years),
];

/// What completion offers for a date.
pub(super) const OFFERED: &[&str] = &[
    "today",
    "tomorrow",
    "yesterday",
    "thisweek",
    "thismonth",
    "lastmonth",
    "-7d",
    "-30d",
    "-90d",
    "+7d",
    "mon",
];

impl When {
    /// Reads a folded text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let word = WORDS.iter().find(|(word, _)| *word == text).map(|(_, when)| *when);
        word.or_else(|| shift(text).map(|(amount, unit)| Self::Shift(amount, unit)))
            .or_else(|| weekday(text))
            .or_else(|| absolute(text))
    }

    /// The stretch of time: its first millisecond, and the first after it. Where `whole`, a shift
    /// means its whole day, else its instant.
    fn stretch(self, at: &Moment, ahead: bool, whole: bool) -> (i64, i64) {
        let now = at.zoned();
        let today = now.date();
        let days =
            |first: Option<Date>, after: Option<Date>| (start(first, &at.zone), start(after, &at.zone));
        let day = |date: Option<Date>| days(date, date.and_then(|date| date.tomorrow().ok()));
        match self {
            Self::Year(year) => days(Date::new(year, 1, 1).ok(), Date::new(year + 1, 1, 1).ok()),
            Self::Month(year, month) => {
                let first = Date::new(year, month, 1).ok();
                days(first, first.and_then(|first| first.checked_add(Span::new().months(1)).ok()))
            }
            Self::Day(date) => day(Some(date)),
            Self::Clock(clock) => {
                let first = clock.to_zoned(at.zone.clone()).map_or(i64::MAX, |zoned| millis(&zoned));
                (first, first.saturating_add(if clock.second() == 0 { 60_000 } else { 1000 }))
            }
            Self::Exact(moment) => (moment.as_millisecond(), moment.as_millisecond().saturating_add(1)),
            Self::Now => (at.now.millis, at.now.millis.saturating_add(1)),
            Self::Days(by) => day(add(today, i64::from(by))),
            Self::Shift(amount, unit) => match shifted(&now, amount, unit) {
                Some(then) if whole && unit == Unit::Hours => {
                    let first = millis(&then).div_euclid(3_600_000) * 3_600_000;
                    (first, first + 3_600_000)
                }
                Some(then) if whole => day(Some(then.date())),
                Some(then) => (millis(&then), millis(&then).saturating_add(1)),
                None if amount < 0 => (i64::MIN, i64::MIN),
                None => (i64::MAX, i64::MAX),
            },
            Self::Weekday(weekday) => {
                let until = i64::from(today.weekday().until(weekday));
                let since = i64::from(today.weekday().since(weekday));
                day(add(today, if ahead { until } else { -since }))
            }
            Self::WeekdayOf(weeks, weekday) => {
                let offset = i64::from(weekday.to_monday_zero_offset());
                day(add(monday(today), i64::from(weeks) * 7 + offset))
            }
            Self::Week(weeks) => {
                let first = add(monday(today), i64::from(weeks) * 7);
                days(first, first.and_then(|first| add(first, 7)))
            }
            Self::MonthFrom(by) => {
                let first = |by: i8| today.first_of_month().checked_add(Span::new().months(by)).ok();
                days(first(by), first(by + 1))
            }
            Self::YearFrom(by) => {
                let year = today.year().saturating_add(i16::from(by));
                Self::Year(year).stretch(at, ahead, whole)
            }
        }
    }

    /// The first and last millisecond of it, as a value to equal.
    pub(super) fn equal(self, at: &Moment, ahead: bool) -> (i64, i64) {
        let (first, after) = self.stretch(at, ahead, true);
        (first, after.saturating_sub(1))
    }

    /// The first and last millisecond of it, as an end to compare with.
    pub(super) fn end(self, at: &Moment, ahead: bool) -> (i64, i64) {
        let (first, after) = self.stretch(at, ahead, false);
        (first, after.saturating_sub(1))
    }

    /// The first and last millisecond of a range. Of two weekdays one is the nearest, the other
    /// the next after or last before it: `mon..fri` never runs backwards.
    pub(super) fn range(self, to: Self, at: &Moment, ahead: bool) -> (i64, i64) {
        let (mut from, mut until) = (self.end(at, ahead), to.end(at, ahead));
        if let (Self::Weekday(first), Self::Weekday(last)) = (self, to) {
            let today = at.zoned().date();
            let between = i64::from(last.since(first));
            let day = |days| start(add(today, days), &at.zone);
            if ahead {
                let last = i64::from(today.weekday().until(first)) + between;
                until.1 = day(last + 1).saturating_sub(1);
            } else {
                from.0 = day(-i64::from(today.weekday().since(last)) - between);
            }
        }
        (from.0, until.1)
    }

    /// The year, month or day that it names, as its first and last day; `None` for relative words.
    pub(super) fn dates(self) -> Option<(Date, Date)> {
        match self {
            Self::Year(year) => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
            Self::Month(year, month) => {
                let first = Date::new(year, month, 1).ok()?;
                Some((first, first.last_of_month()))
            }
            Self::Day(date) => Some((date, date)),
            _ => None,
        }
    }
}

fn millis(zoned: &Zoned) -> i64 {
    zoned.timestamp().as_millisecond()
}

/// The first millisecond of a day; the end of time where the calendar does not reach so far.
fn start(date: Option<Date>, zone: &TimeZone) -> i64 {
    date.and_then(|date| date.to_zoned(zone.clone()).ok()).map_or(i64::MAX, |zoned| millis(&zoned))
}

fn add(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn monday(date: Date) -> Date {
    add(date, -i64::from(date.weekday().to_monday_zero_offset())).unwrap_or(date)
}

fn shifted(now: &Zoned, amount: i32, unit: Unit) -> Option<Zoned> {
    let span = match unit {
        Unit::Hours => Span::new().try_hours(amount),
        Unit::Days => Span::new().try_days(amount),
        Unit::Weeks => Span::new().try_weeks(amount),
        Unit::Months => Span::new().try_months(amount),
        Unit::Years => Span::new().try_years(amount),
    };
    now.checked_add(span.ok()?).ok()
}

/// `-30d`, `+2周`, `3天前`, `2周后`: never without a direction.
pub(super) fn shift(text: &str) -> Option<(i32, Unit)> {
    let (sign, rest) = if let Some(rest) = text.strip_prefix('-').or_else(|| text.strip_suffix('前')) {
        (-1, rest)
    } else {
        (1, text.strip_prefix('+').or_else(|| text.strip_suffix('后'))?)
    };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=5).contains(end))?;
    let amount: i32 = rest[..digits].parse().ok()?;
    let unit = UNITS.iter().find(|(name, _)| *name == &rest[digits..])?.1;
    Some((sign * amount, unit))
}

fn weekday(text: &str) -> Option<When> {
    let english = WEEKDAYS.iter().find(|(short, long, ..)| *short == text || *long == text);
    if let Some((.., weekday)) = english {
        return Some(When::Weekday(*weekday));
    }
    let (week, rest) = match text.chars().next()? {
        '本' | '这' => (Some(0), &text[3..]),
        '上' => (Some(-1), &text[3..]),
        '下' => (Some(1), &text[3..]),
        _ => (None, text),
    };
    let day = ["周", "星期", "礼拜"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let day = if day == "天" { "日" } else { day };
    let (.., weekday) = WEEKDAYS.iter().find(|(_, _, zh, _)| *zh == day)?;
    Some(week.map_or(When::Weekday(*weekday), |week| When::WeekdayOf(week, *weekday)))
}

fn absolute(text: &str) -> Option<When> {
    if text.contains('t') {
        let text = text.to_ascii_uppercase();
        return match text.parse::<Timestamp>() {
            Ok(moment) => Some(When::Exact(Timestamp::from_millisecond(moment.as_millisecond()).ok()?)),
            Err(_) => {
                text.parse::<DateTime>().ok()?.with().subsec_nanosecond(0).build().ok().map(When::Clock)
            }
        };
    }
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4, 4)?;
    let month = parts.next().map(|month| number(month, 1, 2));
    let day = parts.next().map(|day| number(day, 1, 2));
    if parts.next().is_some() || year == 0 {
        return None;
    }
    let small = |part: i16| i8::try_from(part).ok();
    match (month, day) {
        (None, _) => Some(When::Year(year)),
        (Some(month), None) => {
            small(month?).filter(|month| (1..=12).contains(month)).map(|month| When::Month(year, month))
        }
        (Some(month), Some(day)) => Date::new(year, small(month?)?, small(day?)?).ok().map(When::Day),
    }
}

/// A number of so many ASCII digits.
pub(super) fn number(text: &str, least: usize, most: usize) -> Option<i16> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let english =
            |weekday: &Weekday| WEEKDAYS[usize::from(weekday.to_monday_zero_offset().unsigned_abs())];
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{date}"),
            Self::Clock(clock) => write!(f, "{clock}"),
            Self::Exact(moment) => write!(f, "{moment}"),
            Self::Shift(amount, unit) => {
                let unit = UNITS.iter().find(|(_, known)| known == unit).map_or("d", |(name, _)| *name);
                write!(f, "{amount:+}{unit}")
            }
            Self::Weekday(weekday) => f.write_str(english(weekday).0),
            Self::WeekdayOf(week, weekday) => {
                let which = match week {
                    0 => "本",
                    1 => "下",
                    _ => "上",
                };
                write!(f, "{which}周{}", english(weekday).2)
            }
            _ => f.write_str(WORDS.iter().find(|(_, when)| when == self).map_or("now", |(word, _)| *word)),
        }
    }
}
