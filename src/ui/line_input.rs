//! A line that one types into: prompt, text that scrolls with the caret, mistakes underlined.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, safe, slice, width};
use crate::app::LineInput;

/// Draws the line on the first row of `area` and says where the caret stands: the hardware
/// cursor goes there, and the input method's window with it.
pub fn draw(
    canvas: &mut Canvas,
    look: &Look,
    area: Rect,
    prompt: &str,
    input: &LineInput,
    wrong: Option<&Range<usize>>,
) -> Option<Position> {
    if area.width == 0 || area.height == 0 {
        return None;
    }
    canvas.clear(Rect { height: 1, ..area }, look.styles.text);
    let prompted = canvas.put(area.x, area.y, area.width.saturating_sub(2), prompt, look.styles.key);
    let room = area.width - prompted;
    let x = area.x + prompted;
    let caret = column(look, input.text(), input.caret());
    let scrolled = scroll(caret, usize::from(room));
    let shown = slice(input.text(), scrolled, usize::from(room), look.mode);
    canvas.field(x, area.y, room, &shown, Align::Left, look.styles.input);
    if let Some(span) = wrong {
        let from = column(look, input.text(), span.start).max(scrolled) - scrolled;
        let to = column(look, input.text(), span.end).max(scrolled) - scrolled;
        // something that is missing shows as one cell at its place
        let (from, to) = (from.min(usize::from(room)), to.max(from + 1).min(usize::from(room)));
        let (from, to) = (u16::try_from(from).unwrap_or(room), u16::try_from(to).unwrap_or(room));
        canvas.tint(
            Rect { x: x + from, y: area.y, width: to.saturating_sub(from), height: 1 },
            look.styles.error,
        );
    }
    let at = u16::try_from(caret - scrolled).unwrap_or(0).min(room.saturating_sub(1));
    Some(Position { x: x + at, y: area.y })
}

/// Cells left of a byte of the text, as it is shown.
pub fn column(look: &Look, text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    width(&safe(&text[..byte], look.mode), look.mode)
}

/// Cells that are scrolled out at the left so that the caret has its place in `room`: in halves
/// of the room, so that typing on does not move the text with every key.
fn scroll(caret: usize, room: usize) -> usize {
    let step = (room / 2).max(1);
    if caret < room { 0 } else { (caret + 1 - room).div_ceil(step) * step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_is_always_in_view() {
        for room in 1..30 {
            for caret in 0..100 {
                let scrolled = scroll(caret, room);
                assert!(scrolled <= caret && caret - scrolled < room, "{caret} in {room}: {scrolled}");
            }
        }
    }
}
