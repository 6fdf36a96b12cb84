//! Where everything is drawn: a ratatui buffer behind a door that only safe text passes.
//!
//! Nothing else in this room writes a symbol into a cell. A position outside of the buffer draws
//! nothing, whatever its size; a wide character that loses one half loses the other too.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::{Align, WidthMode, cut, safe, units, width};

/// What tells the second half of a wide character from a blank, so that a blank in its place is sent:
/// a terminal that loses the first half fills the second one with whatever style it writes in.
const TAIL: CellDiffOption = CellDiffOption::ForcedWidth(NonZeroU16::MIN);

/// A buffer and the width mode it is drawn in.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    mode: WidthMode,
    ground: Style,
}

impl<'a> Canvas<'a> {
    /// Draws into `buffer`.
    pub fn new(buffer: &'a mut Buffer, mode: WidthMode) -> Self {
        Self { buffer, mode, ground: Style::new() }
    }

    /// From now on all is drawn over this style: the ground of a line or of a box. The style of
    /// what is drawn goes before it.
    pub fn ground(&mut self, style: Style) {
        self.ground = style;
    }

    /// All that there is to draw on.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// How wide ambiguous characters are.
    pub fn mode(&self) -> WidthMode {
        self.mode
    }

    /// Draws as much of `text` as goes into `cells`, without a mark for what does not, and says
    /// how many cells it took.
    pub fn put(&mut self, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
        let Some(room) = self.room(x, y, cells) else { return 0 };
        let shown = safe(text, self.mode);
        let mut at = 0;
        for (unit, wide) in units(&shown, self.mode) {
            if at + wide > room {
                break;
            }
            self.set(x + at, y, unit, wide, style);
            at += wide;
        }
        at
    }

    /// Draws `text` into exactly so many cells: cut with a mark where it is longer, padded where
    /// it is shorter.
    pub fn field(&mut self, x: u16, y: u16, cells: u16, text: &str, align: Align, style: Style) {
        let Some(room) = self.room(x, y, cells) else { return };
        let shown = safe(text, self.mode);
        let (kept, used, is_cut) = cut(&shown, usize::from(room), self.mode);
        let used = u16::try_from(used).unwrap_or(room);
        let pad = room - used - u16::from(is_cut);
        let mut at = x;
        if align == Align::Right {
            at += self.blanks(at, y, pad, style);
        }
        for (unit, wide) in units(kept, self.mode) {
            self.set(at, y, unit, wide, style);
            at += wide;
        }
        if is_cut {
            self.set(at, y, self.mode.ellipsis(), 1, style);
            at += 1;
        }
        if align == Align::Left {
            self.blanks(at, y, pad, style);
        }
    }

    /// Draws texts one behind the other into `cells`, with a mark where they are cut, and says
    /// how many cells they took.
    pub fn line(&mut self, x: u16, y: u16, cells: u16, texts: &[(&str, Style)]) -> u16 {
        let Some(room) = self.room(x, y, cells) else { return 0 };
        let mut at = 0;
        for (text, style) in texts {
            let wide = u16::try_from(width(text, self.mode)).unwrap_or(u16::MAX);
            if wide > room - at {
                self.field(x + at, y, room - at, text, Align::Left, *style);
                return room;
            }
            at += self.put(x + at, y, wide, text, *style);
        }
        at
    }

    /// Draws the same text again and again, `cells` wide: a line, a bar.
    pub fn repeat(&mut self, x: u16, y: u16, cells: u16, symbol: &str, style: Style) {
        let Some(room) = self.room(x, y, cells) else { return };
        for at in 0..room {
            self.put(x + at, y, 1, symbol, style);
        }
    }

    /// Makes the area blank, in a style.
    pub fn clear(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            self.blanks(area.left(), y, area.width, style);
        }
    }

    /// Lays a style over what is drawn already.
    pub fn tint(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    fn blanks(&mut self, x: u16, y: u16, cells: u16, style: Style) -> u16 {
        for at in 0..cells {
            self.set(x + at, y, " ", 1, style);
        }
        cells
    }

    /// The cells from `x` on that are there, at most so many; `None` where there are none.
    fn room(&self, x: u16, y: u16, cells: u16) -> Option<u16> {
        let area = self.buffer.area;
        let inside = x >= area.left() && x < area.right() && y >= area.top() && y < area.bottom();
        inside.then(|| cells.min(area.right() - x)).filter(|&room| room > 0)
    }

    /// Sets a unit; the caller has seen to it that there is room.
    fn set(&mut self, x: u16, y: u16, unit: &str, wide: u16, style: Style) {
        if x > self.buffer.area.left()
            && let Some(left) = self.buffer.cell_mut((x - 1, y))
            && is_wide(left)
        {
            left.set_symbol(" ").set_diff_option(CellDiffOption::None);
        }
        // what is left of a wide character whose first half goes is a blank like any other
        if wide > 0
            && self.buffer.cell((x + wide - 1, y)).is_some_and(is_wide)
            && let Some(tail) = self.buffer.cell_mut((x + wide, y))
        {
            tail.set_diff_option(CellDiffOption::None);
        }
        let style = self.ground.patch(style);
        for (offset, symbol) in [(0, unit), (1, " ")].into_iter().take(usize::from(wide)) {
            let Some(cell) = self.buffer.cell_mut((x + offset, y)) else { return };
            cell.reset();
            cell.set_symbol(symbol).set_style(style);
            if offset > 0 {
                cell.set_diff_option(TAIL);
            }
        }
        if let Some(cell) = self.buffer.cell_mut((x, y))
            && cell.cell_width() != wide
            && let Some(forced) = NonZeroU16::new(wide)
        {
            cell.set_diff_option(CellDiffOption::ForcedWidth(forced));
        }
    }
}

fn is_wide(cell: &Cell) -> bool {
    cell.symbol().len() > 1 && cell.cell_width() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(buffer: &mut Buffer) -> Canvas<'_> {
        Canvas::new(buffer, WidthMode::Narrow)
    }

    fn text(buffer: &Buffer) -> Vec<String> {
        let line = |y| {
            let (mut line, mut x) = (String::new(), buffer.area.left());
            while x < buffer.area.right() {
                line.push_str(buffer[(x, y)].symbol());
                x += buffer[(x, y)].cell_width().max(1);
            }
            line
        };
        buffer.area.rows().map(|row| line(row.y)).collect()
    }

    #[test]
    fn nothing_outside_of_the_buffer_is_drawn_and_nothing_panics() {
        for (width, height) in [(0, 0), (0, 3), (3, 0), (1, 1)] {
            let mut buffer = Buffer::empty(Rect::new(2, 2, width, height));
            let mut canvas = canvas(&mut buffer);
            for at in [0, 1, 2, 3, 9, u16::MAX] {
                canvas.put(at, at, u16::MAX, "单晓琳", Style::new());
                canvas.field(at, at, u16::MAX, "单晓琳", Align::Right, Style::new());
                canvas.repeat(at, at, u16::MAX, "-", Style::new());
                canvas.clear(Rect::new(at, at, 9, 9), Style::new());
                canvas.tint(Rect::new(at, at, 9, 9), Style::new());
            }
        }
    }

    #[test]
    fn half_a_wide_character_is_none() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        let mut canvas = canvas(&mut buffer);
        canvas.put(0, 0, 6, "单晓琳", Style::new());
        canvas.put(3, 0, 1, "|", Style::new());
        assert_eq!(text(&buffer), ["单 |琳"]);
    }

    #[test]
    fn a_field_is_cut_with_a_mark_and_padded() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
        let mut canvas = canvas(&mut buffer);
        canvas.field(0, 0, 6, "重庆曾先生", Align::Left, Style::new());
        canvas.put(6, 0, 9, "|", Style::new());
        canvas.field(0, 1, 6, "12", Align::Right, Style::new());
        canvas.put(6, 1, 9, "|", Style::new());
        canvas.field(0, 2, 6, "重庆曾", Align::Right, Style::new());
        canvas.put(6, 2, 9, "|", Style::new());
        assert_eq!(text(&buffer), ["重庆… |     ", "    12|     ", "重庆曾|     "]);
    }

    #[test]
    fn an_ambiguous_character_reserves_two_cells_in_the_wide_mode() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        let mut canvas = Canvas::new(&mut buffer, WidthMode::Wide);
        assert_eq!(canvas.put(0, 0, 6, "①a", Style::new()), 3);
        assert_eq!(buffer[(0, 0)].cell_width(), 2);
        assert_eq!(buffer[(2, 0)].symbol(), "a");
    }
}
