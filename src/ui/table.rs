//! Tables: columns whose widths depend on the room alone, a gutter for cursor and mark.
//!
//! What the rows hold never moves a column, so that scrolling changes text and nothing else.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, safe, width, wrap};
use super::unsent;
use crate::app::columns::{GAP, MARGIN, fitting, least};
pub use crate::app::columns::{GUTTER, Room};
use crate::model::WriteState;

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which column, as an index into what was asked for.
    pub column: usize,
    /// Its first cell.
    pub x: u16,
    /// Its cells.
    pub cells: u16,
}

/// Places the columns in `area`, gutter left out: those that find no room are left out by rank,
/// and what is left over goes to the growing ones by and by.
pub fn slots(area: Rect, columns: &[Room]) -> Vec<Slot> {
    let kept = fitting(area.width, columns);
    let area = Rect { width: area.width.saturating_sub(MARGIN), ..area };
    let room = area.width.saturating_sub(GUTTER);
    let mut spare = room.saturating_sub(least(&kept, columns));
    let mut cells: Vec<u16> = kept.iter().map(|&column| columns[column].min).collect();
    while spare > 0 {
        let mut grew = false;
        for (at, &column) in kept.iter().enumerate() {
            if spare > 0 && cells[at] < columns[column].max {
                cells[at] += 1;
                spare -= 1;
                grew = true;
            }
        }
        if !grew {
            break;
        }
    }
    let mut x = area.x.saturating_add(GUTTER);
    let mut slots = Vec::with_capacity(kept.len());
    for (column, cells) in kept.into_iter().zip(cells) {
        slots.push(Slot { column, x, cells: cells.min(area.right().saturating_sub(x)) });
        x = x.saturating_add(cells + GAP);
    }
    slots
}

/// Draws the line of headings; the column that the rows are sorted by has a mark.
pub fn headings<'a>(
    canvas: &mut Canvas,
    look: &Look,
    area: Rect,
    slots: &[Slot],
    heading: impl Fn(usize) -> (&'a str, Align, Option<bool>),
) {
    canvas.clear(Rect { height: area.height.min(1), ..area }, look.styles.heading);
    for slot in slots {
        let (text, align, sorted) = heading(slot.column);
        match sorted {
            None => canvas.field(slot.x, area.y, slot.cells, text, align, look.styles.heading),
            Some(ascending) => {
                // the mark stays, whatever becomes of the heading
                let room = slot.cells.saturating_sub(1);
                let cells = u16::try_from(width(text, look.mode)).unwrap_or(room).min(room);
                let x = slot.x + if align == Align::Right { room - cells } else { 0 };
                canvas.field(x, area.y, cells, text, Align::Left, look.styles.heading);
                canvas.put(
                    x + cells,
                    area.y,
                    slot.cells - room,
                    look.sort_mark(ascending),
                    look.styles.heading,
                );
            }
        }
    }
}

/// What stands in the gutter of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// The cursor is on it.
    pub current: bool,
    /// The table takes the keys.
    pub focused: bool,
    /// It is marked.
    pub marked: bool,
    /// Where the changes to it stand that the backend has not got.
    pub write: Option<WriteState>,
}

impl Stand {
    /// The style that gutter and first column have over the row's own: moving the cursor then
    /// changes these few cells and no others.
    pub fn over(self, look: &Look) -> Option<Style> {
        match (self.current, self.focused) {
            (true, true) => Some(look.styles.cursor),
            (true, false) => Some(look.styles.cursor_idle),
            (false, _) => self.marked.then_some(look.styles.mark),
        }
    }
}

/// Draws gutter and first column of a row whose cells are drawn already.
pub fn gutter(canvas: &mut Canvas, look: &Look, area: Rect, y: u16, first: Option<&Slot>, stand: Stand) {
    let style = stand.over(look).unwrap_or(look.styles.text);
    canvas.put(area.x, y, 1, if stand.current { ">" } else { " " }, style);
    canvas.put(area.x + 1, y, 1, if stand.marked { "*" } else { " " }, style);
    let unsent = stand.over(look).unwrap_or(unsent::style(look, stand.write));
    canvas.put(area.x + 2, y, 1, unsent::mark(stand.write), unsent);
    if let (Some(slot), Some(over)) = (first, stand.over(look)) {
        canvas.tint(Rect { x: slot.x, y, width: slot.cells, height: 1 }, over);
    }
}

/// Draws a row of the plain mode: cursor, mark, what is not sent, and a text with labels, wrapped into the
/// lines that it has; what does not fit ends in an ellipsis.
pub fn plain_row(
    canvas: &mut Canvas,
    look: &Look,
    area: Rect,
    (y, lines): (u16, u16),
    text: &str,
    stand: Stand,
) {
    let slot = Slot { column: 0, x: area.x + GUTTER, cells: area.width.saturating_sub(GUTTER) };
    // A name has no lines of its own, whatever stands in it.
    let mut wrapped = wrap(&safe(text, look.mode), usize::from(slot.cells), look.mode);
    let last = usize::from(lines.max(1)) - 1;
    if wrapped.len() > last + 1 {
        let rest = wrapped.split_off(last).join(" ");
        wrapped.push(rest);
    }
    for (y, line) in (y..area.bottom()).zip(&wrapped) {
        canvas.field(slot.x, y, slot.cells, line, Align::Left, look.styles.text);
    }
    gutter(canvas, look, area, y, Some(&slot), stand);
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Room; 4] =
        [Room::between(8, 20, 0), Room::fixed(6, 1), Room::between(6, 40, 3), Room::fixed(9, 2)];

    fn lay(width: u16) -> Vec<(usize, u16, u16)> {
        slots(Rect::new(1, 0, width, 1), &COLUMNS).iter().map(|s| (s.column, s.x, s.cells)).collect()
    }

    #[test]
    fn columns_go_by_rank_and_the_first_one_stays() {
        assert_eq!(lay(3 + 8 + 1 + 6 + 1 + 6 + 1 + 9 + 1), [(0, 4, 8), (1, 13, 6), (2, 20, 6), (3, 27, 9)]);
        assert_eq!(lay(30).iter().map(|s| s.0).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(lay(20).iter().map(|s| s.0).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(lay(5), [(0, 4, 1)]);
        assert_eq!(lay(0), [(0, 4, 0)]);
    }

    #[test]
    fn no_column_stands_over_another_or_outside() {
        for width in 0..120 {
            let area = Rect::new(1, 0, width, 1);
            let slots = slots(area, &COLUMNS);
            for pair in slots.windows(2) {
                assert!(pair[0].x + pair[0].cells < pair[1].x, "{width}: {pair:?}");
            }
            assert!(slots.iter().all(|slot| slot.cells == 0 || slot.x + slot.cells <= area.right()));
        }
    }
}
