//! Boxes around parts of the screen, with a title at the left and figures at the right.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, WidthMode, width};

/// The characters of a box.
#[derive(Debug, PartialEq, Eq)]
pub struct BoxSet {
    corners: [&'static str; 4],
    across: &'static str,
    down: &'static str,
}

/// Box-drawing characters: one cell wide, where the terminal says so.
pub static ROUND: BoxSet = BoxSet { corners: ["╭", "╮", "╰", "╯"], across: "─", down: "│" };
/// One cell wide everywhere.
pub static ASCII: BoxSet = BoxSet { corners: ["+", "+", "+", "+"], across: "-", down: "|" };

impl BoxSet {
    /// The side of a box.
    pub fn side(&self) -> &'static str {
        self.down
    }

    /// The set whose characters are one cell wide in this mode.
    pub fn of(mode: WidthMode) -> &'static Self {
        if mode == WidthMode::Narrow { &ROUND } else { &ASCII }
    }
}

/// A box.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame<'a> {
    /// At the left of the top edge; may be hostile.
    pub title: &'a str,
    /// Behind the title, less loud.
    pub note: &'a str,
    /// At the right of the top edge.
    pub figures: &'a str,
    /// Whether it takes the keys.
    pub focused: bool,
}

/// Draws a box and gives the room inside. In the plain mode it is a line with the title alone,
/// and all below it is room.
pub fn frame(canvas: &mut Canvas, look: &Look, area: Rect, frame: Frame) -> Rect {
    if area.width == 0 || area.height == 0 {
        return Rect { width: 0, height: 0, ..area };
    }
    if look.plain {
        return plain(canvas, look, area, frame);
    }
    if area.width < 2 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let style = if frame.focused { look.styles.border_focused } else { look.styles.border };
    let set = BoxSet::of(look.mode);
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for (x, y, corner) in [
        (area.x, area.y, set.corners[0]),
        (right, area.y, set.corners[1]),
        (area.x, bottom, set.corners[2]),
        (right, bottom, set.corners[3]),
    ] {
        canvas.put(x, y, 1, corner, style);
    }
    canvas.repeat(area.x + 1, area.y, area.width - 2, set.across, style);
    canvas.repeat(area.x + 1, bottom, area.width - 2, set.across, style);
    for y in area.y + 1..bottom {
        canvas.put(area.x, y, 1, set.down, style);
        canvas.put(right, y, 1, set.down, style);
    }
    let room = Rect { x: area.x + 1, y: area.y, width: area.width - 2, height: 1 };
    labels(canvas, look, room, frame, 1);
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
}

fn plain(canvas: &mut Canvas, look: &Look, area: Rect, frame: Frame) -> Rect {
    labels(canvas, look, Rect { height: 1, ..area }, frame, 0);
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}

/// Title, note and figures on the top edge, each with a blank on both sides; what stands at the
/// right gives way.
fn labels(canvas: &mut Canvas, look: &Look, room: Rect, frame: Frame, margin: u16) {
    let title = if frame.focused { look.styles.title_focused } else { look.styles.title };
    let mut x = room.x + margin.min(room.width);
    let end = room.right().saturating_sub(margin);
    for (text, style) in [(frame.title, title), (frame.note, look.styles.note)] {
        let wanted = cells(text, look.mode);
        if wanted > 2 && end > x + 2 {
            let taken = wanted.min(end - x);
            label(canvas, x, room.y, taken, text, style);
            x += taken;
        }
    }
    let wanted = cells(frame.figures, look.mode);
    if wanted > 2 && end > x + wanted {
        label(canvas, end - wanted, room.y, wanted, frame.figures, look.styles.figures);
    }
}

/// Cells of a text with a blank on both sides.
fn cells(text: &str, mode: WidthMode) -> u16 {
    u16::try_from(width(text, mode) + 2).unwrap_or(u16::MAX)
}

fn label(canvas: &mut Canvas, x: u16, y: u16, cells: u16, text: &str, style: Style) {
    canvas.put(x, y, 1, " ", style);
    canvas.field(x + 1, y, cells.saturating_sub(2), text, Align::Left, style);
    canvas.put(x + cells.saturating_sub(1), y, 1, " ", style);
}
