//! What time it is: the one place where the console looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, tz::TimeZone};

use crate::model::{OperatorId, Time};
use crate::query::Moment;

/// A clock: the system's, or one that a test sets.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System(TimeZone),
    /// Milliseconds since the epoch, set by whoever holds the other end.
    Set(TimeZone, Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until somebody sets it.
    pub fn standing(at: Time, zone: TimeZone) -> Self {
        Self::Set(zone, Arc::new(AtomicI64::new(at.millis)))
    }

    /// Now, with the offset of the clock's zone.
    pub fn now(&self) -> Time {
        match self {
            Self::System(zone) => Time::from_zoned(&Timestamp::now().to_zoned(zone.clone())),
            Self::Set(zone, at) => Time::from_millis(at.load(Ordering::Relaxed)).in_zone(zone),
        }
    }

    /// The zone that days are counted in.
    pub fn zone(&self) -> &TimeZone {
        match self {
            Self::System(zone) | Self::Set(zone, _) => zone,
        }
    }

    /// What relative words mean now, for this operator.
    pub fn moment(&self, me: Option<OperatorId>) -> Moment {
        Moment { now: self.now(), zone: self.zone().clone(), me }
    }
}
