//! Dates as operators read them: `3-17 周二`, 24 hours, weeks from Monday.
//!
//! "Next Tuesday" (下周二) is the Tuesday of the next calendar week. All moments come in the
//! operator's own time zone; "now" is always an argument.

use jiff::Zoned;
use jiff::civil::{Date, Weekday};

use super::Lang;
use super::words::{fill, named, say, time};

/// `周二`, `Tue`.
pub fn weekday(lang: Lang, day: Weekday) -> &'static str {
    let name = match day {
        Weekday::Monday => time::MON,
        Weekday::Tuesday => time::TUE,
        Weekday::Wednesday => time::WED,
        Weekday::Thursday => time::THU,
        Weekday::Friday => time::FRI,
        Weekday::Saturday => time::SAT,
        Weekday::Sunday => time::SUN,
    };
    say(lang, name)
}

/// `3-17 周二`.
pub fn day(lang: Lang, date: Date) -> String {
    format!("{} {}", short(date), weekday(lang, date.weekday()))
}

/// `3-17` within the year of `today`, else `2025-11-02`.
pub fn date(date: Date, today: Date) -> String {
    if date.year() == today.year() { short(date) } else { date.to_string() }
}

fn short(date: Date) -> String {
    format!("{}-{:02}", date.month(), date.day())
}

/// `10:42`.
pub fn clock(at: &Zoned) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Date and clock: `3-17 09:12`, with the year where it is another one.
pub fn stamp(at: &Zoned, now: &Zoned) -> String {
    format!("{} {}", date(at.date(), now.date()), clock(at))
}

/// A day in the past, by the calendar: `今天`, `昨天`, `62天前`; a date from 1,000 days on, and
/// for what lies in the future.
pub fn ago(lang: Lang, at: &Zoned, now: &Zoned) -> String {
    match days_between(at.date(), now.date()) {
        0 => say(lang, time::TODAY).to_owned(),
        1 => say(lang, time::YESTERDAY).to_owned(),
        n @ 2..1000 => fill(say(lang, time::DAYS_AGO), &[("n", &n)]),
        _ => date(at.date(), now.date()),
    }
}

/// When something is due: `今天 15:00`, `明天 10:00`, `3-20 周五` in this week, `下周二` in the
/// next one, a date after that; `逾期2天` or `!2d overdue` once it has passed.
pub fn due(lang: Lang, at: &Zoned, now: &Zoned) -> String {
    if at < now {
        let (unit, n) = largest(seconds_between(at, now));
        let word = named(time::OVERDUE, unit).unwrap_or(time::DUE_PASSED);
        return fill(say(lang, word), &[("n", &n)]);
    }
    let (that, today) = (at.date(), now.date());
    let monday = |date: Date| i64::from(date.weekday().to_monday_zero_offset());
    let weeks = (days_between(today, that) + monday(today)).div_euclid(7);
    match (days_between(today, that), weeks) {
        (0, _) => format!("{} {}", say(lang, time::TODAY), clock(at)),
        (1, _) => format!("{} {}", say(lang, time::TOMORROW), clock(at)),
        (_, 0) => day(lang, that),
        (_, 1) => {
            let name = weekday(lang, that.weekday());
            fill(say(lang, time::NEXT_WEEK), &[("day", &name.trim_start_matches('周'))])
        }
        _ if that.year() == today.year() => day(lang, that),
        _ => that.to_string(),
    }
}

/// How old something is: `刚刚`, `3分钟前`, `2小时前`, `5天前`.
pub fn age(lang: Lang, seconds: i64) -> String {
    if seconds < 60 {
        return say(lang, time::JUST_NOW).to_owned();
    }
    let (unit, n) = largest(seconds);
    let word = named(time::AGES, unit).unwrap_or(time::JUST_NOW);
    fill(say(lang, word), &[("n", &n)])
}

/// How long something took: `3分12秒`, `3m 12s`; days alone beyond two of them.
pub fn span(lang: Lang, seconds: i64) -> String {
    let s = seconds.max(0);
    let (d, h, m) = (s / 86_400, s / 3_600, s / 60);
    let (word, a, b) = match s {
        0..60 => (time::SPAN_S, s, 0),
        60..3_600 => (time::SPAN_M, m, s % 60),
        3_600..172_800 => (time::SPAN_H, h, m % 60),
        _ => (time::SPAN_D, d, h % 24),
    };
    fill(say(lang, word), &[("a", &a), ("b", &b)])
}

/// The largest unit of a time that has passed, and how many of it, rounded down.
fn largest(seconds: i64) -> (&'static str, i64) {
    match seconds.max(0) {
        s @ 0..3_600 => ("minutes", s / 60),
        s @ 3_600..86_400 => ("hours", s / 3_600),
        s => ("days", s / 86_400),
    }
}

fn seconds_between(from: &Zoned, to: &Zoned) -> i64 {
    to.timestamp().as_second() - from.timestamp().as_second()
}

fn days_between(from: Date, to: Date) -> i64 {
    // two dates that jiff can hold are at most 20,000 years apart
    from.until(to).map(|span| i64::from(span.get_days())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Zoned {
        format!("{text}[Asia/Shanghai]").parse().unwrap()
    }

    /// A Tuesday.
    fn now() -> Zoned {
        at("2026-03-17T10:42:00")
    }

    #[test]
    fn days_have_their_weekday_and_other_years_their_year() {
        assert_eq!(day(Lang::Zh, now().date()), "3-17 周二");
        assert_eq!(day(Lang::En, at("2026-03-09T00:00:00").date()), "3-09 Mon");
        assert_eq!(date(at("2025-11-02T00:00:00").date(), now().date()), "2025-11-02");
        assert_eq!(stamp(&at("2026-03-17T09:02:00"), &now()), "3-17 09:02");
    }

    #[test]
    fn the_past_is_told_by_the_calendar() {
        let told = |text| (ago(Lang::Zh, &at(text), &now()), ago(Lang::En, &at(text), &now()));
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(told("2026-03-17T00:00:00"), both("今天", "today"));
        assert_eq!(told("2026-03-16T23:59:00"), both("昨天", "yesterday"));
        assert_eq!(told("2026-01-14T12:00:00"), both("62天前", "62d ago"));
        assert_eq!(told("2020-01-14T12:00:00"), both("2020-01-14", "2020-01-14"));
        assert_eq!(told("2026-03-18T12:00:00"), both("3-18", "3-18"));
    }

    #[test]
    fn due_says_the_week() {
        let told = |text| (due(Lang::Zh, &at(text), &now()), due(Lang::En, &at(text), &now()));
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(told("2026-03-17T15:00:00"), both("今天 15:00", "today 15:00"));
        assert_eq!(told("2026-03-18T10:00:00"), both("明天 10:00", "tomorrow 10:00"));
        assert_eq!(told("2026-03-20T10:00:00"), both("3-20 周五", "3-20 Fri"));
        assert_eq!(told("2026-03-22T10:00:00"), both("3-22 周日", "3-22 Sun"));
        assert_eq!(told("2026-03-23T10:00:00"), both("下周一", "next Mon"));
        assert_eq!(told("2026-03-29T10:00:00"), both("下周日", "next Sun"));
        assert_eq!(told("2026-03-30T10:00:00"), both("3-30 周一", "3-30 Mon"));
        assert_eq!(told("2027-01-02T10:00:00"), both("2027-01-02", "2027-01-02"));
        assert_eq!(told("2026-03-15T10:00:00"), both("!逾期2天", "!2d overdue"));
        assert_eq!(told("2026-03-17T08:00:00"), both("!逾期2时", "!2h overdue"));
        assert_eq!(told("2026-03-17T10:41:59"), both("!逾期0分", "!0m overdue"));
    }

    #[test]
    fn sunday_to_monday_is_tomorrow_before_it_is_next_week() {
        let sunday = at("2026-03-22T10:00:00");
        assert_eq!(due(Lang::Zh, &at("2026-03-23T09:00:00"), &sunday), "明天 09:00");
        assert_eq!(due(Lang::Zh, &at("2026-03-24T09:00:00"), &sunday), "下周二");
    }

    #[test]
    fn ages_and_spans() {
        assert_eq!(age(Lang::Zh, 59), "刚刚");
        assert_eq!(age(Lang::En, 180), "3m ago");
        assert_eq!(age(Lang::Zh, 7_300), "2小时前");
        assert_eq!(age(Lang::Zh, -5), "刚刚");
        assert_eq!(span(Lang::Zh, 192), "3分12秒");
        assert_eq!(span(Lang::En, 14), "14s");
        assert_eq!(span(Lang::En, 3_700), "1h 1m");
        assert_eq!(span(Lang::Zh, 200_000), "2天7时");
    }
}
