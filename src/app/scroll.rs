//! A text that is longer than the screen: the line at its top.

use std::cell::Cell;

/// The first line in view of a text whose length only the drawing knows, since that wraps it.
///
/// The state scrolls by what the last drawing told it; nothing else is decided by that.
#[derive(Clone, Debug, Default)]
pub struct Scroll {
    top: usize,
    last: Cell<usize>,
}

impl Scroll {
    /// Moves by so many lines, down where positive, to the ends at most; says whether it moved.
    pub fn step(&mut self, by: i64) -> bool {
        let before = self.top.min(self.last.get());
        let by = isize::try_from(by).unwrap_or(if by < 0 { isize::MIN } else { isize::MAX });
        self.top = before.saturating_add_signed(by).min(self.last.get());
        self.top != before
    }

    /// The first line in view of a text of so many lines, where so many fit.
    pub fn show(&self, lines: usize, fit: usize) -> usize {
        self.last.set(lines.saturating_sub(fit));
        self.top.min(self.last.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_at_the_ends_and_comes_back_at_once() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.show(100, 30), 0);
        scroll.step(i64::MAX / 2);
        assert_eq!(scroll.show(100, 30), 70);
        assert!(!scroll.step(1) && scroll.step(-1));
        assert_eq!(scroll.show(100, 30), 69);
        scroll.step(i64::MIN / 2);
        assert_eq!(scroll.show(100, 30), 0);
        assert_eq!(scroll.show(10, 30), 0);
    }
}
