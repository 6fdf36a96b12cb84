//! How long to wait before trying again: exponential, with full jitter.
//!
//! The formula is that of "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015):
//! a wait drawn evenly from 0 to min(cap, base · 2^attempt), which spreads the clients of a
//! backend that comes back. Here it is never shorter than a tenth of the base.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// A backend that asks for more is asked again all the same.
pub const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// The waits between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The longest first wait.
    pub base: Duration,
    /// The longest wait at all, unless the backend asks for more.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(60) }
    }
}

impl Backoff {
    /// The wait after `attempt` failures before this one; `chance` is from 0 to 1. What the
    /// backend asked for holds instead, up to [`LONGEST_ASKED`], with at most the base on top; 0
    /// seconds say nothing.
    pub fn wait(&self, attempt: u32, asked: Option<Duration>, chance: f64) -> Duration {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(attempt.min(30)));
        let most = doubled.min(self.cap);
        let drawn = most.mul_f64(chance.clamp(0.0, 1.0)).max(self.base / 10);
        match asked.filter(|asked| !asked.is_zero()) {
            Some(asked) => asked.min(LONGEST_ASKED) + self.base.mul_f64(chance.clamp(0.0, 1.0)),
            None => drawn,
        }
    }
}

/// A number from 0 to 1, another each time. Good for jitter and for nothing else.
pub(super) fn chance() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn waits_stay_within_their_bounds(attempt in 0_u32..100, chance in 0.0..=1.0_f64) {
            let backoff = Backoff::default();
            let wait = backoff.wait(attempt, None, chance);
            prop_assert!(wait >= backoff.base / 10 && wait <= backoff.cap);
            prop_assert!(wait <= backoff.base * 2_u32.pow(attempt.min(6)));
            let asked = Duration::from_secs(300);
            let waited = backoff.wait(attempt, Some(asked), chance);
            prop_assert!(waited >= asked && waited <= asked + backoff.base);
            let for_ever = backoff.wait(attempt, Some(Duration::from_secs(1 << 40)), chance);
            prop_assert!(for_ever <= LONGEST_ASKED + backoff.base);
            prop_assert_eq!(backoff.wait(attempt, Some(Duration::ZERO), chance), wait);
        }
    }

    #[test]
    fn chances_differ() {
        let drawn: std::collections::BTreeSet<u64> = (0..20).map(|_| (chance() * 1e9) as u64).collect();
        assert!(drawn.len() > 10);
    }
}
