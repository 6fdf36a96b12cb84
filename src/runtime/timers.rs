//! What the state wants to be told later.

use std::time::{Duration, Instant};

/// Tokens and when they are due. There is hardly ever more than one.
#[derive(Debug, Default)]
pub struct Timers(Vec<(Instant, u64)>);

impl Timers {
    /// This token is due so many milliseconds from now.
    pub fn set(&mut self, millis: u64, token: u64) {
        self.0.push((Instant::now() + Duration::from_millis(millis), token));
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<Instant> {
        self.0.iter().map(|(at, _)| *at).min()
    }

    /// Takes the tokens that are due.
    pub fn due(&mut self, now: Instant) -> Vec<u64> {
        let (due, later) = self.0.drain(..).partition(|(at, _)| *at <= now);
        self.0 = later;
        let due: Vec<(Instant, u64)> = due;
        due.into_iter().map(|(_, token)| token).collect()
    }

    /// Whether nothing is awaited.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
