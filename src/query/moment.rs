//! When, where and by whom a query is asked: what its relative words mean.

use jiff::{Zoned, tz::TimeZone};

use crate::model::{OperatorId, Time};

/// What relative words mean.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Now.
    pub now: Time,
    /// Where days begin and end.
    pub zone: TimeZone,
    /// Whose `mine` is; `None` where nobody is logged in, and then nothing is mine.
    pub me: Option<OperatorId>,
}

impl Moment {
    /// Now as a date and clock in the zone.
    pub fn zoned(&self) -> Zoned {
        self.now.zoned(&self.zone)
    }
}
