//! How fast one works: the time that each item took in this session, and what is left at that pace.

/// A single item is never counted for more than this, in milliseconds: nobody works that long on
/// one, they were away.
const AWAY: i64 = 10 * 60 * 1000;

/// Times of this session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Milliseconds, sorted.
    took: Vec<i64>,
}

impl Pace {
    /// An item took so many milliseconds.
    pub fn add(&mut self, millis: i64) {
        if (0..=AWAY).contains(&millis) {
            let at = self.took.partition_point(|known| *known < millis);
            self.took.insert(at, millis);
        }
    }

    /// Milliseconds that an item takes: the median, which one long call does not move. `None` before
    /// the first.
    pub fn median(&self) -> Option<i64> {
        let (last, half) = (self.took.len().checked_sub(1)?, self.took.len() / 2);
        Some(if last.is_multiple_of(2) {
            self.took[half]
        } else {
            (self.took[half - 1] + self.took[half]) / 2
        })
    }

    /// Milliseconds that so many more will take.
    pub fn left(&self, items: usize) -> Option<i64> {
        Some(self.median()?.saturating_mul(i64::try_from(items).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_long_item_does_not_spoil_the_estimate() {
        let mut pace = Pace::default();
        assert_eq!((pace.median(), pace.left(3)), (None, None));
        for millis in [9_000, 300_000, 11_000] {
            pace.add(millis);
        }
        assert_eq!((pace.median(), pace.left(10)), (Some(11_000), Some(110_000)));
        pace.add(13_000);
        assert_eq!(pace.median(), Some(12_000));
        pace.add(AWAY + 1);
        pace.add(-1);
        assert_eq!(pace.median(), Some(12_000), "who was away, or a clock that was set back");
    }
}
