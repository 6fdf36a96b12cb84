//! `ui.scroll_jump`: how far a list moves when the cursor leaves the rows in sight.

use std::ops::RangeInclusive;

/// The share of a list that can be jumped by, in percent.
const SHARES: RangeInclusive<u16> = 1..=100;

/// The rows that can be jumped by.
const LINES: RangeInclusive<u16> = 1..=500;

/// How far a list moves when the cursor leaves the rows in sight, as vim's option of this name:
/// to move by half of the list now and then costs a line far less than to move by one each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScrollJump {
    /// A share of the rows in sight, in percent, 1 to 100.
    Share(u16),
    /// So many rows, 1 to 500.
    Lines(u16),
}

impl Default for ScrollJump {
    fn default() -> Self {
        Self::Share(50)
    }
}

impl ScrollJump {
    /// A share as the file has it: `50%`.
    pub(super) fn share(text: &str) -> Option<Self> {
        let percent = text.strip_suffix('%')?.trim().parse().ok()?;
        SHARES.contains(&percent).then_some(Self::Share(percent))
    }

    /// So many lines.
    pub(super) fn lines(count: i64) -> Option<Self> {
        u16::try_from(count).ok().filter(|count| LINES.contains(count)).map(Self::Lines)
    }

    /// Rows to move by where so many are in sight: one at least, all of them at most.
    pub fn rows(self, height: usize) -> usize {
        let rows = match self {
            Self::Share(percent) => height * usize::from(percent) / 100,
            Self::Lines(lines) => usize::from(lines),
        };
        rows.clamp(1, height.max(1))
    }

    /// The first row in sight of a list that has to move from `from` to `to`, the least that keeps
    /// the cursor in sight, where so many rows are in sight; `room` is where it may begin.
    pub fn top(self, height: usize, from: u64, to: u64, room: RangeInclusive<u64>) -> u64 {
        let rows = self.rows(height) as u64;
        if to > from {
            to.max((from + rows).min(*room.end()))
        } else if to < from {
            to.min(from.saturating_sub(rows).max(*room.start()))
        } else {
            to
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_its_sign_and_stays_within_the_list() {
        assert_eq!(ScrollJump::share("50%"), Some(ScrollJump::Share(50)));
        for text in ["50", "0%", "101%", "-5%", "%", "half"] {
            assert_eq!(ScrollJump::share(text), None, "{text}");
        }
        assert_eq!(ScrollJump::lines(0), None);
        assert_eq!(ScrollJump::Share(50).rows(23), 11);
        assert_eq!(ScrollJump::Share(1).rows(9), 1);
        assert_eq!(ScrollJump::Share(100).rows(0), 1);
        assert_eq!(ScrollJump::Lines(40).rows(9), 9);
    }

    #[test]
    fn it_moves_by_the_jump_but_not_out_of_its_room() {
        let half = ScrollJump::Share(50);
        assert_eq!(half.top(10, 0, 1, 1..=10), 5);
        assert_eq!(half.top(10, 0, 8, 8..=17), 8);
        assert_eq!(half.top(10, 20, 21, 21..=23), 23);
        assert_eq!(half.top(10, 20, 19, 10..=19), 15);
        assert_eq!(half.top(10, 3, 2, 0..=2), 0);
        assert_eq!(half.top(10, 7, 7, 0..=9), 7);
        assert_eq!(ScrollJump::Lines(1).top(10, 0, 1, 1..=10), 1);
    }
}
