//! Sparklines: a figure a day, a cell a figure.

use super::text::WidthMode;

/// Levels in braille, which is one cell wide in every terminal; the first is for zero.
const BRAILLE: [char; 5] = ['⡀', '⣀', '⣤', '⣶', '⣿'];
/// Levels in ASCII.
const ASCII: [char; 5] = ['_', '.', ':', '|', '#'];

/// The last `cells` figures, one cell each, the highest at full height; a day that nobody knows
/// is a gap.
pub fn spark(figures: &[Option<i64>], cells: usize, mode: WidthMode) -> String {
    let shown = &figures[figures.len().saturating_sub(cells)..];
    let highest = shown.iter().flatten().copied().max().unwrap_or(0).max(1);
    let levels = if mode == WidthMode::Ascii { ASCII } else { BRAILLE };
    let level = |figure: i64| match figure {
        ..=0 => 0,
        // rounded up: whatever is not zero shows
        figure => {
            usize::try_from((i128::from(figure) * 4).div_euclid(i128::from(highest)).max(1)).unwrap_or(4)
        }
    };
    let mut line = String::with_capacity(shown.len() * 3);
    line.extend(std::iter::repeat_n(' ', cells.saturating_sub(shown.len())));
    line.extend(shown.iter().map(|figure| figure.map_or(' ', |figure| levels[level(figure).min(4)])));
    line
}

/// The figures of the days that are over: today, the last one, would always look like a fall.
pub fn whole(figures: &[Option<i64>]) -> &[Option<i64>] {
    figures.split_last().map_or(&[], |(_, over)| over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_not_a_gap_and_the_highest_is_full() {
        let days = [Some(0), None, Some(1), Some(50), Some(80), Some(100)];
        assert_eq!(spark(&days, 6, WidthMode::Narrow), "⡀ ⣀⣤⣶⣿");
        assert_eq!(spark(&days, 6, WidthMode::Ascii), "_ .:|#");
        assert_eq!(spark(&days, 2, WidthMode::Ascii), "|#");
        assert_eq!(spark(&days[..1], 3, WidthMode::Ascii), "  _");
        assert_eq!(spark(&[Some(i64::MAX), Some(-5)], 2, WidthMode::Ascii), "#_");
    }
}
