//! The days that the sample looks back on, in the zone where it lives.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use crate::model::Time;

/// Days of history. Nobody was added before.
pub(super) const PAST: usize = 900;
/// Milliseconds of a minute.
pub(super) const MINUTE: i64 = 60_000;
/// Milliseconds of an hour.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// Milliseconds of a day without a clock change.
pub(super) const DAY: i64 = 24 * HOUR;

/// Days by their number: 0 is the first of the history, [`PAST`] is today.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    zone: TimeZone,
    /// The full hour at which the history ends.
    pub now: i64,
    today: Date,
    /// Midnights from the first day to tomorrow's, in milliseconds.
    starts: Vec<i64>,
}

impl Calendar {
    pub fn new(now: Time, zone: &TimeZone) -> Self {
        let clock = now.zoned(zone);
        let now = clock.timestamp().as_millisecond().div_euclid(HOUR) * HOUR;
        let today = clock.date();
        let starts = (0..=PAST + 1).map(|day| start(&clock, today, zone, day)).collect();
        Self { zone: zone.clone(), now, today, starts }
    }

    /// The moment as a record has it.
    pub fn time(&self, millis: i64) -> Time {
        Time::from_millis(millis).in_zone(&self.zone)
    }

    /// Midnight at the beginning of a day.
    pub fn start(&self, day: usize) -> i64 {
        self.starts[day.min(PAST + 1)]
    }

    /// The day of a moment, within the history.
    pub fn day(&self, millis: i64) -> usize {
        self.starts.partition_point(|start| *start <= millis).saturating_sub(1).min(PAST)
    }

    /// The date of a day, which may lie a little in the future.
    pub fn date(&self, day: usize) -> Date {
        self.today.saturating_add((day as i64 - PAST as i64).days())
    }

    /// The hour of the day of a moment, 0 to 23.
    pub fn hour(&self, millis: i64) -> usize {
        usize::try_from(self.time(millis).zoned(&self.zone).hour()).unwrap_or(0)
    }

    /// Whether the day is a Saturday or Sunday.
    pub fn is_weekend(&self, day: usize) -> bool {
        self.date(day).weekday().to_monday_zero_offset() >= 5
    }

    /// The zone of its days.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

fn start(clock: &Zoned, today: Date, zone: &TimeZone, day: usize) -> i64 {
    let date = today.saturating_add((day as i64 - PAST as i64).days());
    let midnight = date.to_zoned(zone.clone()).map(|midnight| midnight.timestamp());
    midnight.unwrap_or_else(|_| clock.timestamp()).as_millisecond()
}
