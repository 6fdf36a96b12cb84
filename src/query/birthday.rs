//! Days of the year as typed: `03-17`, `03`, `today`, `+7d`.

use std::fmt;

use jiff::{Span, civil::Date};

use super::bind::Test;
use super::date::{self, Unit, When};
use super::moment::Moment;
use super::scope::Column;
use super::value::Bounds;

/// A day or a month of any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birthday {
    /// `03`, 3月.
    Month(i8),
    /// `03-17`, 3月17日.
    Day(i8, i8),
    /// So many days from today.
    Shift(i32),
    /// 本月, `nextmonth`.
    MonthFrom(i8),
}

impl Birthday {
    /// Reads a folded text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match When::parse(text) {
            Some(When::Days(days)) => return Some(Self::Shift(i32::from(days))),
            Some(When::Shift(days, Unit::Days)) => return Some(Self::Shift(days)),
            Some(When::Shift(weeks, Unit::Weeks)) => return Some(Self::Shift(weeks.checked_mul(7)?)),
            Some(When::MonthFrom(by)) => return Some(Self::MonthFrom(by)),
            _ => {}
        }
        let text = text.strip_suffix(['日', '号']).unwrap_or(text);
        let (month, day) = match text.split_once(['-', '月']) {
            Some((month, "")) if text.ends_with('月') => (month, None),
            Some((month, day)) => (month, Some(day)),
            None => (text, None),
        };
        let part = |text| date::number(text, 1, 2).and_then(|part| i8::try_from(part).ok());
        let month = part(month).filter(|month| (1..=12).contains(month))?;
        let Some(day) = day else { return Some(Self::Month(month)) };
        // 2000 was a leap year: the 29th of February is a birthday.
        let day = Date::new(2000, month, part(day)?).ok()?;
        Some(Self::Day(day.month(), day.day()))
    }

    /// Its first and last day as month and day.
    fn ends(self, at: &Moment) -> ((i8, i8), (i8, i8)) {
        let today = at.zoned().date();
        match self {
            Self::Month(month) => ((month, 1), (month, 31)),
            Self::Day(month, day) => ((month, day), (month, day)),
            Self::Shift(days) => {
                let span = Span::new().try_days(days).ok();
                let day = span.and_then(|span| today.checked_add(span).ok()).unwrap_or(today);
                let first = (day.month(), day.day());
                // Who was born on the 29th of February is greeted on the 28th in other years.
                let leapling = first == (2, 28) && !day.in_leap_year();
                (first, if leapling { (2, 29) } else { first })
            }
            Self::MonthFrom(by) => {
                let month = (today.month() - 1 + by).rem_euclid(12) + 1;
                ((month, 1), (month, 31))
            }
        }
    }
}

/// The test of a birthday. A range may go over the end of the year; `<` and `>` go by the year
/// from January to December.
pub(super) fn test(column: Column, bounds: &Bounds<Birthday>, at: &Moment) -> Test {
    let between = |low: (i8, i8), high: (i8, i8)| {
        let text = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
        Test::Between { column, low: text(low), high: text(high) }
    };
    const FIRST: (i8, i8) = (1, 1);
    const LAST: (i8, i8) = (12, 31);
    match bounds {
        Bounds::Equal(day) => {
            let (first, last) = day.ends(at);
            between(first, last)
        }
        Bounds::AtLeast(day) => between(day.ends(at).0, LAST),
        Bounds::AtMost(day) => between(FIRST, day.ends(at).1),
        // No month has a day 0 or 32: these are the places just before and just after.
        Bounds::Greater(day) => {
            let (month, day) = day.ends(at).1;
            between((month, day + 1), LAST)
        }
        Bounds::Less(day) => {
            let (month, day) = day.ends(at).0;
            between(FIRST, (month, day - 1))
        }
        Bounds::Between(Birthday::Shift(from), Birthday::Shift(to))
            if i64::from(*to) - i64::from(*from) >= 365 =>
        {
            between(FIRST, LAST)
        }
        Bounds::Between(from, to) => {
            let (first, last) = (from.ends(at).0, to.ends(at).1);
            if first <= last {
                between(first, last)
            } else {
                Test::Any(vec![between(first, LAST), between(FIRST, last)])
            }
        }
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(f, "{month:02}"),
            Self::Day(month, day) => write!(f, "{month:02}-{day:02}"),
            Self::Shift(days) => match i8::try_from(*days) {
                Ok(days @ (-1..=1)) => When::Days(days).fmt(f),
                _ => When::Shift(*days, Unit::Days).fmt(f),
            },
            Self::MonthFrom(by) => When::MonthFrom(*by).fmt(f),
        }
    }
}
