//! Until when something is put off, by the keys of triage: an hour, tomorrow, the nearest Friday,
//! Tuesday of next week. What falls on a day off moves to the next workday.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::due::{DueError, due};
use super::moment::Moment;
use crate::model::{Time, Workdays};

/// How long something is put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snooze {
    /// An hour from now: `h`.
    Hour,
    /// This evening at eight, or an hour from now where that is past: `n`.
    Tonight,
    /// Days from today, in the morning: `m` is tomorrow, `d` the day after.
    Days(u8),
    /// The nearest such day after today, in the morning: `1` Monday to `7` Sunday.
    Nearest(Weekday),
    /// That day of the next calendar week (下周X), in the morning: `w1` to `w7`.
    NextWeek(Weekday),
    /// Whatever was typed, as [`due`] reads it. It is taken at its word: a day off is no reason to
    /// move what somebody has written out.
    Typed(String),
}

/// A moment that something is put off to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutOff {
    /// Until then.
    pub until: Time,
    /// The day off that it would have been.
    pub moved_from: Option<Date>,
}

/// The hour of a day that is no moment yet.
const MORNING: i8 = 10;
/// The hour of an evening.
const EVENING: i8 = 20;

impl Snooze {
    /// What the words of the keys mean; anything else is typed.
    pub fn parse(word: &str) -> Self {
        let weekday = |digit: &str| {
            let offset = digit.parse::<i8>().ok().filter(|n| (1..=7).contains(n) && digit.len() == 1)?;
            Weekday::from_monday_one_offset(offset).ok()
        };
        match word.trim() {
            "h" => Self::Hour,
            "n" => Self::Tonight,
            "m" => Self::Days(1),
            "d" => Self::Days(2),
            other => match (weekday(other), other.strip_prefix('w').and_then(weekday)) {
                (Some(day), _) => Self::Nearest(day),
                (_, Some(day)) => Self::NextWeek(day),
                _ => Self::Typed(other.to_owned()),
            },
        }
    }

    /// The moment, seen from `at`.
    ///
    /// # Errors
    /// [`DueError`] where what was typed is no moment.
    pub fn until(&self, at: &Moment, workdays: &Workdays) -> Result<PutOff, DueError> {
        let now = at.zoned();
        let today = now.date();
        let unknown = || DueError::Unknown { text: format!("{self:?}") };
        let plus = |days: i64| today.checked_add(Span::new().days(days)).map_err(|_| unknown());
        let at_once = |until: Time| Ok(PutOff { until, moved_from: None });
        let hour = || now.checked_add(Span::new().hours(1)).map_err(|_| unknown());
        let to_monday = i64::from(today.weekday().to_monday_zero_offset());
        let day = match self {
            Self::Hour => return at_once(Time::from_zoned(&hour()?)),
            Self::Tonight if now.hour() >= EVENING => return at_once(Time::from_zoned(&hour()?)),
            Self::Tonight => {
                let evening = today.at(EVENING, 0, 0, 0).to_zoned(now.time_zone().clone());
                return at_once(Time::from_zoned(&evening.map_err(|_| unknown())?));
            }
            Self::Typed(text) => return at_once(due(text, at)?),
            Self::Days(days) => plus(i64::from(*days))?,
            Self::Nearest(weekday) => match i64::from(today.weekday().until(*weekday)) {
                0 => plus(7)?,
                days => plus(days)?,
            },
            Self::NextWeek(weekday) => plus(7 - to_monday + i64::from(weekday.to_monday_zero_offset()))?,
        };
        let worked = workdays.workday_from(day);
        let then = worked.at(MORNING, 0, 0, 0).to_zoned(now.time_zone().clone()).map_err(|_| unknown())?;
        Ok(PutOff { until: Time::from_zoned(&then), moved_from: (worked != day).then_some(day) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn at(text: &str) -> Moment {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        Moment { now: Time::parse(text).unwrap(), zone, me: None }
    }

    fn until(word: &str, now: &str, calendar: &Workdays) -> (String, Option<String>) {
        let put_off = Snooze::parse(word).until(&at(now), calendar).unwrap();
        (put_off.until.to_string()[..16].to_owned(), put_off.moved_from.map(|day| day.to_string()))
    }

    #[test]
    fn the_keys_mean_these_moments() {
        let every_day = Workdays::default();
        // A Tuesday.
        for (word, then) in [
            ("h", "2026-03-17T11:42"),
            ("n", "2026-03-17T20:00"),
            ("m", "2026-03-18T10:00"),
            ("d", "2026-03-19T10:00"),
            ("1", "2026-03-23T10:00"),
            ("2", "2026-03-24T10:00"), // today's own weekday is the one in a week
            ("3", "2026-03-18T10:00"),
            ("7", "2026-03-22T10:00"),
            ("w1", "2026-03-23T10:00"),
            ("w2", "2026-03-24T10:00"),
            ("w7", "2026-03-29T10:00"),
            ("下周二", "2026-03-24T10:00"),
            ("3-21 15:00", "2026-03-21T15:00"),
        ] {
            let told = until(word, "2026-03-17T10:42:00+08:00", &every_day);
            assert_eq!(told, (then.to_owned(), None), "{word}");
        }
        assert_eq!(until("n", "2026-03-17T20:30:00+08:00", &every_day).0, "2026-03-17T21:30");
    }

    #[test]
    fn next_week_is_the_next_calendar_week_on_every_day_of_this_one() {
        for day in 16..=22 {
            let now = format!("2026-03-{day}T23:59:00+08:00");
            assert_eq!(until("w2", &now, &Workdays::default()).0, "2026-03-24T10:00", "{now}");
            assert_eq!(until("w7", &now, &Workdays::default()).0, "2026-03-29T10:00", "{now}");
        }
        assert_eq!(until("w1", "2026-03-23T00:00:00+08:00", &Workdays::default()).0, "2026-03-30T10:00");
    }

    #[test]
    fn a_day_off_moves_to_the_next_workday_and_is_told() {
        let calendar = Workdays {
            days_off: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: (1..=7).map(|n| Date::new(2026, 10, n).unwrap()).collect(),
            made_up: ["2026-09-20".parse().unwrap(), "2026-10-10".parse().unwrap()].into(),
        };
        let moved = |word: &str, now: &str| until(word, now, &calendar);
        let (thursday, wednesday) = ("2026-09-17T09:00:00+08:00", "2026-09-30T18:00:00+08:00");
        assert_eq!(moved("6", thursday), ("2026-09-20T10:00".into(), Some("2026-09-19".into())));
        assert_eq!(moved("7", thursday), ("2026-09-20T10:00".into(), None), "a Sunday that is worked");
        assert_eq!(moved("m", wednesday), ("2026-10-08T10:00".into(), Some("2026-10-01".into())));
        assert_eq!(moved("w1", wednesday), ("2026-10-08T10:00".into(), Some("2026-10-05".into())));
        assert_eq!(moved("w6", wednesday), ("2026-10-10T10:00".into(), None), "a Saturday that is worked");
        assert_eq!(moved("h", "2026-10-01T09:00:00+08:00"), ("2026-10-01T10:00".into(), None));
        assert_eq!(moved("10-3 15:00", wednesday), ("2026-10-03T15:00".into(), None), "written out");
    }

    #[test]
    fn whatever_else_is_typed() {
        for word in ["8", "w8", "w", "11", "", "w12"] {
            assert!(matches!(Snooze::parse(word), Snooze::Typed(_)), "{word}");
        }
        assert!(
            Snooze::parse("someday").until(&at("2026-03-17T10:42:00+08:00"), &Workdays::default()).is_err()
        );
    }
}
