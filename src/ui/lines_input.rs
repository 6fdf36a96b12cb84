//! Text of many lines that one types into: wrapped by display width, scrolled with the caret.
//!
//! A pasted text may have a million characters, and every key draws it anew: only what is in view
//! is wrapped. Lines longer than a block are broken at the blocks' edges too, so that wrapping may
//! begin at any block and never looks at the whole line.

use std::cell::Cell;
use std::ops::Range;

use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::Canvas;
use super::line_input::column;
use super::look::Look;
use super::text::{Align, WidthMode, may_break, width};
use crate::app::LineInput;

/// Bytes of a line that are wrapped together.
const BLOCK: usize = 2048;

/// Draws the text into `area` from the line at `top` on, which follows the caret; gives where the
/// caret stands.
pub fn draw(
    canvas: &mut Canvas,
    look: &Look,
    area: Rect,
    input: &LineInput,
    top: &Cell<usize>,
) -> Option<Position> {
    if area.width < 2 || area.height == 0 {
        return None;
    }
    // the last cell is the caret's, behind a line that is full
    let page = Page { text: input.text(), cells: usize::from(area.width) - 1, mode: look.mode };
    let height = usize::from(area.height);
    let mut lines = page.from(page.line_of(top.get()), height);
    if !lines.iter().any(|line| page.holds(line, input.caret())) {
        let caret = page.line_of(input.caret());
        let first = if caret.start < top.get() { caret } else { page.back(caret, height - 1) };
        lines = page.from(first, height);
    }
    top.set(lines.first().map_or(0, |line| line.start));
    let mut caret = None;
    for (row, y) in (area.y..area.bottom()).enumerate() {
        let text = lines.get(row).map_or("", |line| &page.text[line.clone()]);
        canvas.field(area.x, y, area.width, text, Align::Left, look.styles.input);
        if let Some(line) = lines.get(row).filter(|line| page.holds(line, input.caret())) {
            let at = column(look, text, input.caret() - line.start);
            let at = u16::try_from(at).unwrap_or(u16::MAX).min(area.width - 1);
            caret = caret.or(Some(Position { x: area.x + at, y }));
        }
    }
    caret
}

/// Lines that the text takes when it is wrapped, at most `most`.
pub fn height(look: &Look, cells: u16, text: &str, most: usize) -> usize {
    let page = Page { text, cells: usize::from(cells.max(2)) - 1, mode: look.mode };
    page.from(page.line_of(0), most).len()
}

/// A text and the width that it is wrapped to.
struct Page<'a> {
    text: &'a str,
    cells: usize,
    mode: WidthMode,
}

impl Page<'_> {
    /// Whether the caret stands in this line: behind its last character only where no line
    /// follows at once.
    fn holds(&self, line: &Range<usize>, caret: usize) -> bool {
        let ends = line.end == self.text.len() || self.text[line.end..].starts_with('\n');
        line.contains(&caret) || (ends && caret == line.end)
    }

    /// The line in view that a byte is in.
    fn line_of(&self, byte: usize) -> Range<usize> {
        let byte = self.text.floor_char_boundary(byte);
        let block = self.block(byte);
        let lines = self.wrapped(block.clone());
        lines.into_iter().rev().find(|line| line.start <= byte).unwrap_or(block)
    }

    /// So many lines, from this one on.
    fn from(&self, first: Range<usize>, most: usize) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let (mut block, from) = (self.block(first.start), first.start);
        loop {
            lines.extend(self.wrapped(block.clone()).into_iter().filter(|line| line.start >= from));
            let next = match self.text[block.end..].starts_with('\n') {
                true => block.end + 1,
                false => block.end,
            };
            if lines.len() >= most || block.end == self.text.len() {
                lines.truncate(most);
                return lines;
            }
            block = self.block(next);
        }
    }

    /// The line so many lines above this one, or the first.
    fn back(&self, line: Range<usize>, by: usize) -> Range<usize> {
        let (mut above, mut block) = (Vec::new(), self.block(line.start));
        loop {
            let lines = self.wrapped(block.clone());
            above.splice(0..0, lines.into_iter().filter(|other| other.start < line.start));
            if above.len() >= by || block.start == 0 {
                break;
            }
            block = self.block(self.text.floor_char_boundary(block.start - 1));
        }
        let at = above.len().saturating_sub(by);
        above.into_iter().nth(at).unwrap_or(line)
    }

    /// The part of its own line that a byte is wrapped with.
    fn block(&self, byte: usize) -> Range<usize> {
        let start = self.text[..byte].rfind('\n').map_or(0, |at| at + 1);
        let nth = (byte - start) / BLOCK;
        let edge = |nth: usize| self.text.floor_char_boundary(start + nth * BLOCK);
        // an edge inside of a character goes before it: the byte may be in the next block
        let mut nth = if byte >= edge(nth + 1) { nth + 1 } else { nth };
        // behind the last character there is no block but its own
        while nth > 0 && edge(nth) == byte && (byte == self.text.len() || self.text[byte..].starts_with('\n'))
        {
            nth -= 1;
        }
        let (from, to) = (edge(nth), edge(nth + 1));
        let to = self.text[from..to].find('\n').map_or(to, |at| from + at);
        from..to
    }

    /// The lines of a block; one where it is empty.
    fn wrapped(&self, block: Range<usize>) -> Vec<Range<usize>> {
        let (mut lines, mut start, mut used) = (Vec::new(), block.start, 0);
        // where the line could end, and the cells up to there
        let mut chance: Option<(usize, usize)> = None;
        let mut before: Option<(&str, usize)> = None;
        for (at, unit) in self.text[block.clone()].grapheme_indices(true) {
            let (at, cells) = (block.start + at, width(unit, self.mode));
            let breaks = match before {
                Some((" ", _)) => true,
                Some(before) => unit != " " && may_break(before, (unit, cells)),
                None => false,
            };
            if breaks && at > start {
                chance = Some((at, used));
            }
            while used + cells > self.cells && at > start {
                let (end, taken) = chance.take().unwrap_or((at, used));
                lines.push(start..end);
                (start, used) = (end, used - taken);
            }
            used += cells;
            before = Some((unit, cells));
        }
        if start < block.end || lines.is_empty() {
            lines.push(start..block.end);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(text: &str, cells: usize) -> Page<'_> {
        Page { text, cells, mode: WidthMode::Narrow }
    }

    fn all(page: &Page<'_>) -> Vec<Range<usize>> {
        page.from(page.line_of(0), usize::MAX)
    }

    #[test]
    fn it_breaks_between_words_and_han_characters() {
        let text = "say hello 世界，你好\n\nend\n";
        let page = page(text, 8);
        let lines: Vec<_> = all(&page).into_iter().map(|line| &text[line]).collect();
        assert_eq!(lines, ["say ", "hello 世", "界，你好", "", "end", ""]);
    }

    #[test]
    fn a_line_without_end_is_wrapped_from_any_of_its_blocks() {
        let text = "好".repeat(1_000_000);
        let page = page(&text, 40);
        let last = page.line_of(text.len());
        assert_eq!(last.end, text.len());
        let first = page.back(last.clone(), 9);
        let lines = page.from(first, 10);
        assert_eq!((lines.len(), lines.last()), (10, Some(&last)));
        assert!(lines.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    #[test]
    fn the_edge_of_a_block_at_the_end_of_a_line_makes_no_line() {
        for text in ["a".repeat(BLOCK), format!("{}\n", "a".repeat(BLOCK)), "a".repeat(BLOCK + 1)] {
            let page = page(&text, BLOCK + 9);
            let lines = all(&page);
            assert_eq!(lines.len(), if text.len() == BLOCK { 1 } else { 2 }, "{}", text.len());
            assert_eq!(page.line_of(BLOCK), lines[usize::from(text.ends_with("aa") && text.len() > BLOCK)]);
        }
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_and_every_caret_has_one_line(
            text in "([a-c ,]|好|，|\n|e\u{301}|👨‍👩‍👧){0,60}", cells in 2usize..12,
        ) {
            let page = page(&text, cells);
            let lines = all(&page);
            let mut at = 0;
            for line in &lines {
                prop_assert!(line.start == at || (line.start == at + 1 && &text[at..=at] == "\n"));
                let used: usize = text[line.clone()].graphemes(true).map(|unit| width(unit, WidthMode::Narrow)).sum();
                prop_assert!(used <= cells || text[line.clone()].graphemes(true).count() == 1);
                at = line.end;
            }
            prop_assert_eq!(at, text.len());
            for caret in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let holding: Vec<_> = lines.iter().filter(|line| page.holds(line, caret)).collect();
                prop_assert_eq!(holding.len(), 1, "caret {} in {:?}", caret, lines);
                prop_assert_eq!(&page.line_of(caret), holding[0]);
            }
        }
    }
}
