//! The heat table: weekdays by hours of the day, two hours a column, as numbers.
//!
//! The ground of a cell deepens with its number, with 16 colours from a bright figure to a bright ground of
//! one hue; the number says the same without colours.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::look::Look;
use super::text::Align;
use crate::i18n;
use jiff::civil::Weekday;

/// Cells left of the first column.
const LABEL: u16 = 6;

/// Draws messages by weekday (0 Monday) and hour; the numbers are those of two hours, over all
/// the weeks that were counted.
pub fn draw(canvas: &mut Canvas, look: &Look, area: Rect, hours: &[[i64; 24]; 7]) {
    let high = high(hours);
    let cells = (area.width.saturating_sub(LABEL) / 12).min(9);
    if cells < 3 {
        return;
    }
    for column in 0..12_u16 {
        let text = (column * 2).to_string();
        let x = area.x + LABEL + column * cells;
        canvas.field(x, area.y, cells, &text, Align::Right, look.styles.dim);
    }
    let mut weekday = Weekday::Monday;
    for (row, day) in hours.iter().enumerate() {
        let y = area.y + 1 + u16::try_from(row).unwrap_or(0);
        if y >= area.bottom() {
            break;
        }
        canvas.field(area.x, y, LABEL, i18n::weekday(look.lang, weekday), Align::Left, look.styles.dim);
        weekday = weekday.next();
        for (column, pair) in day.chunks(2).enumerate() {
            let x = area.x + LABEL + u16::try_from(column).unwrap_or(0) * cells;
            let count = sum(pair);
            let text = match count {
                0 => ".".to_owned(),
                1..=999 => count.to_string(),
                _ if cells > 5 => count.to_string(),
                _ => format!("{}k", count / 1_000),
            };
            let style = strength(count, high).map_or(look.styles.dim, |level| look.styles.heat[level]);
            // the ground fills the column but for the blank between two of them
            canvas.put(x, y, 1, " ", look.styles.text);
            canvas.field(x + 1, y, cells - 1, &text, Align::Right, style);
        }
    }
}

fn sum(hours: &[i64]) -> i64 {
    hours.iter().fold(0, |sum, hour| sum.saturating_add((*hour).max(0)))
}

/// What counts as most: the fifth highest, so that one loud evening does not pale all others.
fn high(hours: &[[i64; 24]; 7]) -> i64 {
    let mut sums: Vec<i64> = hours.iter().flat_map(|day| day.chunks(2)).map(sum).collect();
    sums.sort_unstable();
    sums.into_iter().rev().nth(4).unwrap_or(0).max(1)
}

/// Quarter of what counts as most, 0 to 3; `None` for nothing.
fn strength(count: i64, high: i64) -> Option<usize> {
    let quarter = i128::from(count) * 4 / i128::from(high.max(1));
    (count > 0).then(|| usize::try_from(quarter.min(3)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_a_quarter_of_the_highest() {
        let all = [0, 1, 24, 25, 50, 75, 900].map(|count| strength(count, 100));
        assert_eq!(all, [None, Some(0), Some(0), Some(1), Some(2), Some(3), Some(3)]);
        assert_eq!(sum(&[i64::MAX, i64::MAX]), i64::MAX);
    }
}
