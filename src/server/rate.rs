//! How much a server takes: the size of a body, and how many writes in a minute.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a server takes from its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteLimits {
    /// Bytes of a body, at most; a note of a million characters fits.
    pub body_bytes: usize,
    /// Writes in a minute, answered again or not; `None` takes as many as come.
    pub per_minute: Option<NonZeroU32>,
}

impl Default for WriteLimits {
    fn default() -> Self {
        Self { body_bytes: 8 << 20, per_minute: None }
    }
}

/// A bucket of as many writes as a minute gives, filled evenly.
pub(super) struct Bucket {
    per_minute: f64,
    state: Mutex<(f64, Instant)>,
}

impl Bucket {
    pub fn new(per_minute: NonZeroU32, now: Instant) -> Self {
        let per_minute = f64::from(per_minute.get());
        Self { per_minute, state: Mutex::new((per_minute, now)) }
    }

    /// Takes one out.
    ///
    /// # Errors
    /// How long it takes until there is one, where there is none.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = *state;
        let gained = now.saturating_duration_since(since).as_secs_f64() / 60.0 * self.per_minute;
        let left = (left + gained).min(self.per_minute);
        let enough = left >= 1.0;
        *state = (if enough { left - 1.0 } else { left }, now.max(since));
        if enough { Ok(()) } else { Err(Duration::from_secs_f64((1.0 - left) * 60.0 / self.per_minute)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_gives_so_many_and_says_when_to_come_back() {
        let start = Instant::now();
        let bucket = Bucket::new(NonZeroU32::new(2).unwrap(), start);
        assert!(bucket.take(start).is_ok() && bucket.take(start).is_ok());
        let wait = bucket.take(start).unwrap_err();
        assert!((29..=30).contains(&wait.as_secs()), "{wait:?}");
        assert!(bucket.take(start + Duration::from_secs(29)).is_err());
        assert!(bucket.take(start + Duration::from_secs(31)).is_ok());
        // What nobody took in a long while is not more than a minute's.
        let late = start + Duration::from_secs(3600);
        assert!(bucket.take(late).is_ok() && bucket.take(late).is_ok() && bucket.take(late).is_err());
    }
}
