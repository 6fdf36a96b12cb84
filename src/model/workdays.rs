//! Which days are worked on: days off every week, holidays, and days off that are worked on all the
//! same (调休).

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

/// So many days are looked through for the next workday: a calendar without any has none.
const PATIENCE: usize = 400;

/// A calendar of workdays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workdays {
    /// Days off every week.
    pub days_off: Vec<Weekday>,
    /// Further days off.
    pub holidays: BTreeSet<Date>,
    /// Days that are worked on although they would be off. They go before everything else.
    pub made_up: BTreeSet<Date>,
}

impl Workdays {
    /// Whether this day is worked on.
    pub fn is_workday(&self, day: Date) -> bool {
        self.made_up.contains(&day)
            || !(self.holidays.contains(&day) || self.days_off.contains(&day.weekday()))
    }

    /// This day where it is worked on, else the next one that is; the day itself where none of the
    /// next 400 is.
    pub fn workday_from(&self, day: Date) -> Date {
        let mut days = std::iter::successors(Some(day), |day| day.tomorrow().ok()).take(PATIENCE);
        days.find(|day| self.is_workday(*day)).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The National Day of 2026: seven days off, and two Saturdays and Sundays worked for them.
    fn october() -> Workdays {
        Workdays {
            days_off: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: (1..=7).map(|n| Date::new(2026, 10, n).unwrap()).collect(),
            made_up: [day("2026-09-20"), day("2026-10-10")].into(),
        }
    }

    #[test]
    fn a_day_off_gives_way_to_the_next_workday() {
        let calendar = october();
        for (from, to) in [
            ("2026-09-18", "2026-09-18"), // a Friday
            ("2026-09-19", "2026-09-20"), // a Saturday, and the Sunday is worked
            ("2026-09-20", "2026-09-20"),
            ("2026-09-26", "2026-09-28"),
            ("2026-10-01", "2026-10-08"),
            ("2026-10-10", "2026-10-10"), // a Saturday that is worked
            ("2026-10-11", "2026-10-12"),
        ] {
            assert_eq!(calendar.workday_from(day(from)), day(to), "{from}");
        }
    }

    #[test]
    fn a_calendar_without_workdays_moves_nothing_and_one_without_days_off_neither() {
        let days_off = (0..7).map(|n| Weekday::Monday.wrapping_add(n)).collect();
        let never = Workdays { days_off, ..Workdays::default() };
        assert_eq!(never.workday_from(day("2026-10-01")), day("2026-10-01"));
        assert_eq!(Workdays::default().workday_from(day("2026-09-19")), day("2026-09-19"));
    }
}
