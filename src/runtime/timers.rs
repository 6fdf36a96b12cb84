//! What the state wants to be told later, and when the clock is looked at though nothing happens.

use std::time::{Duration, Instant};

/// Where nothing happens for so long, the clock of the header is brought up to date, and again after
/// as long: often enough for who glances at it, and far from an idle console that writes all the time.
pub const GLANCE: Duration = Duration::from_secs(300);

/// Tokens and when they are due. There is hardly ever more than one.
#[derive(Debug)]
pub struct Timers {
    tokens: Vec<(Instant, u64)>,
    glance: Instant,
}

impl Timers {
    /// Nothing is awaited but the clock, from `now` on.
    pub fn new(now: Instant) -> Self {
        Self { tokens: Vec::new(), glance: now + GLANCE }
    }

    /// This token is due so many milliseconds from now.
    pub fn set(&mut self, millis: u64, token: u64) {
        self.tokens.push((Instant::now() + Duration::from_millis(millis), token));
    }

    /// Something happened at `now`, and with it the clock was looked at.
    pub fn stirred(&mut self, now: Instant) {
        self.glance = now + GLANCE;
    }

    /// Whether nothing has happened for long. The next time is as long after.
    pub fn glance_due(&mut self, now: Instant) -> bool {
        let due = self.glance <= now;
        if due {
            self.stirred(now);
        }
        due
    }

    /// When the next one is due, the clock included.
    pub fn next(&self) -> Instant {
        self.tokens.iter().map(|(at, _)| *at).fold(self.glance, Instant::min)
    }

    /// Takes the tokens that are due.
    pub fn due(&mut self, now: Instant) -> Vec<u64> {
        let (due, later) = self.tokens.drain(..).partition(|(at, _)| *at <= now);
        self.tokens = later;
        let due: Vec<(Instant, u64)> = due;
        due.into_iter().map(|(_, token)| token).collect()
    }

    /// Whether no token is awaited.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_looked_at_after_five_quiet_minutes_and_every_five_after() {
        let begun = Instant::now();
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        let mut timers = Timers::new(begun);
        assert_eq!(timers.next(), at(300));
        assert!(!timers.glance_due(at(299)));
        timers.stirred(at(200)); // a key
        assert!(!timers.glance_due(at(499)), "five minutes after what happened last");
        assert!(timers.glance_due(at(500)));
        assert!(!timers.glance_due(at(799)));
        assert!(timers.glance_due(at(800)));
        assert!(timers.is_empty(), "nobody waits for it");
        timers.set(400, 7);
        assert!(timers.next() < at(1));
        assert_eq!(timers.due(at(60)), [7]);
        assert_eq!(timers.next(), at(1100));
    }
}
