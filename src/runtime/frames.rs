//! When to draw: at once where one may, at most thirty times a second in the long run.

use std::time::{Duration, Instant};

/// Between two frames in the long run.
const INTERVAL: Duration = Duration::from_millis(33);

/// So many frames may follow one another at once: a key, and the answers that it asked for.
const BURST: u32 = 3;

/// A bucket of frames that fills with time.
#[derive(Debug)]
pub struct Frames {
    left: u32,
    filled: Instant,
    wanted: bool,
}

impl Frames {
    /// A full bucket, with the first frame wanted.
    pub fn new(now: Instant) -> Self {
        Self { left: BURST, filled: now, wanted: true }
    }

    /// Something on the screen has changed.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// Takes a frame out of the bucket, if one is wanted and one is there.
    pub fn take(&mut self, now: Instant) -> bool {
        if !self.wanted {
            return false;
        }
        let gained = now.saturating_duration_since(self.filled).as_millis() / INTERVAL.as_millis();
        if gained > 0 {
            let gained = u32::try_from(gained).unwrap_or(BURST);
            self.left = self.left.saturating_add(gained).min(BURST);
            self.filled = if self.left == BURST { now } else { self.filled + INTERVAL * gained };
        }
        if self.left == 0 {
            return false;
        }
        if self.left == BURST {
            self.filled = now;
        }
        self.left -= 1;
        self.wanted = false;
        true
    }

    /// When the frame that is wanted can be drawn; `None` where none is wanted.
    pub fn next(&self) -> Option<Instant> {
        self.wanted.then(|| if self.left > 0 { self.filled } else { self.filled + INTERVAL })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frames_come_at_once_and_the_rest_at_thirty_a_second() {
        let start = Instant::now();
        let mut frames = Frames::new(start);
        let mut drawn = 0;
        for millis in 0..1000 {
            frames.want();
            if frames.take(start + Duration::from_millis(millis)) {
                drawn += 1;
            }
        }
        assert!((30..=34).contains(&drawn), "{drawn} frames in a second");
    }

    #[test]
    fn after_a_rest_a_frame_comes_at_once_and_none_unwanted() {
        let start = Instant::now();
        let mut frames = Frames::new(start);
        assert!(frames.take(start));
        assert!(!frames.take(start + Duration::from_secs(1)));
        assert_eq!(frames.next(), None);
        frames.want();
        assert!(frames.take(start + Duration::from_secs(1)));
    }
}
