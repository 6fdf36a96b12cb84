//! What a frame costs: cells as the fewest bytes that a terminal takes them by.
//!
//! Over SSH every byte counts. The pen knows where the terminal's cursor stands and in which style
//! it writes, and sends only what differs from that: it moves within a line by the shorter of two
//! sequences, goes on behind a Han character without moving at all, and says of a style no more
//! than what is new in it. Where the terminal may have gone another way than the cells say
//! (emoji, ambiguous characters), it moves to the column by its number, and what counts as two
//! cells is written upon two blanks: every cell is really written, however wide the terminal draws.

use std::io::Write;

use ratatui::buffer::{Cell, CellDiffOption, CellWidth};
use ratatui::style::{Color, Modifier};

/// What begins a modifier.
const BEGINS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// What ends one; some end together.
const ENDS: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// How something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ink {
    front: Color,
    back: Color,
    modifier: Modifier,
}

/// Writes cells, top to bottom and left to right, from an unknown place in the plain style.
#[derive(Debug, Default)]
pub(super) struct Pen {
    ink: Ink,
    /// The row it writes in, once it does.
    row: Option<u16>,
    /// The column it stands at, where that is sure.
    column: Option<u16>,
}

impl Pen {
    /// Writes a cell at a place.
    pub(super) fn cell(&mut self, out: &mut Vec<u8>, x: u16, y: u16, cell: &Cell) {
        self.go(out, x, y);
        self.dip(out, Ink { front: cell.fg, back: cell.bg, modifier: cell.modifier });
        let sure = advance(cell);
        if sure.is_none() && cell.cell_width() == 2 {
            // A terminal that draws it in one cell would leave in the other what stood there.
            out.extend_from_slice(b"  ");
            self.column = None;
            self.go(out, x, y);
        }
        out.extend_from_slice(cell.symbol().as_bytes());
        self.column = sure.map(|cells| x + cells);
    }

    /// Ends the frame in the plain style.
    pub(super) fn lift(mut self, out: &mut Vec<u8>) {
        self.dip(out, Ink::default());
    }

    fn go(&mut self, out: &mut Vec<u8>, x: u16, y: u16) {
        let to = u32::from(x) + 1;
        match self.column.filter(|_| self.row == Some(y)) {
            Some(at) if at == x => {}
            Some(at) if at + 1 == x => push(out, format_args!("\x1b[C")),
            Some(at) if at < x => push(out, format_args!("\x1b[{}C", x - at)),
            _ if self.row == Some(y) => push(out, format_args!("\x1b[{to}G")),
            _ => push(out, format_args!("\x1b[{};{to}H", u32::from(y) + 1)),
        }
        self.row = Some(y);
    }

    fn dip(&mut self, out: &mut Vec<u8>, ink: Ink) {
        if ink == self.ink {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        if ink != Ink::default() {
            let from = out.len();
            change(out, self.ink, ink);
            debug_assert!(out.len() > from, "{:?} and {ink:?} differ", self.ink);
            // the semicolon behind the last code
            out.pop();
        }
        out.push(b'm');
        self.ink = ink;
    }
}

/// The codes that make one style of another, a semicolon behind each.
fn change(out: &mut Vec<u8>, old: Ink, new: Ink) {
    let mut held = old.modifier;
    for (modifiers, end) in ENDS {
        if held.difference(new.modifier).intersects(modifiers) {
            held.remove(modifiers);
            push(out, format_args!("{end};"));
        }
    }
    for (modifier, begin) in BEGINS {
        if new.modifier.difference(held).contains(modifier) {
            push(out, format_args!("{begin};"));
        }
    }
    for (old, new, ground) in [(old.front, new.front, 30), (old.back, new.back, 40)] {
        if old != new {
            color(out, new, ground);
        }
    }
}

/// The code of a colour; `ground` is 30 for the letters and 40 for what lies behind them.
fn color(out: &mut Vec<u8>, color: Color, ground: u8) {
    let bright = ground + 60;
    let code = match color {
        Color::Reset => ground + 9,
        Color::Black => ground,
        Color::Red => ground + 1,
        Color::Green => ground + 2,
        Color::Yellow => ground + 3,
        Color::Blue => ground + 4,
        Color::Magenta => ground + 5,
        Color::Cyan => ground + 6,
        Color::Gray => ground + 7,
        Color::DarkGray => bright,
        Color::LightRed => bright + 1,
        Color::LightGreen => bright + 2,
        Color::LightYellow => bright + 3,
        Color::LightBlue => bright + 4,
        Color::LightMagenta => bright + 5,
        Color::LightCyan => bright + 6,
        Color::White => bright + 7,
        Color::Indexed(index) => return push(out, format_args!("{};5;{index};", ground + 8)),
        Color::Rgb(r, g, b) => return push(out, format_args!("{};2;{r};{g};{b};", ground + 8)),
    };
    push(out, format_args!("{code};"));
}

fn push(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // memory takes everything
    let _ = out.write_fmt(text);
}

/// How many cells every terminal goes on by; `None` where they may not agree.
fn advance(cell: &Cell) -> Option<u16> {
    let mut chars = cell.symbol().chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    if cell.diff_option != CellDiffOption::None {
        return None;
    }
    match (c, cell.cell_width()) {
        (_, 1) => Some(1),
        // Han, kana, Hangul, their punctuation and full-width forms; not emoji, which came later
        ('\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}', 2) => Some(2),
        ('\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}', 2) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::ui::canvas::Canvas;
    use crate::ui::text::WidthMode;

    fn written(old: &Buffer, new: &Buffer) -> Vec<u8> {
        let (mut pen, mut out) = (Pen::default(), Vec::new());
        for (x, y, cell) in old.diff(new) {
            pen.cell(&mut out, x, y, cell);
        }
        pen.lift(&mut out);
        out
    }

    fn text(old: &Buffer, new: &Buffer) -> String {
        String::from_utf8(written(old, new)).unwrap().replace('\x1b', "^")
    }

    fn screen() -> vt100::Parser {
        let cells = |count| std::num::NonZeroU16::new(count).unwrap();
        vt100::Parser::new(cells(3), cells(20), 0)
    }

    fn blank() -> Buffer {
        Buffer::empty(Rect::new(0, 0, 20, 3))
    }

    #[test]
    fn han_characters_follow_one_another_and_emoji_do_not() {
        let mut new = blank();
        new.set_string(2, 1, "单晓琳vip", Style::new());
        assert_eq!(text(&blank(), &new), "^[2;3H单晓琳vip");
        let mut new = blank();
        new.set_string(0, 0, "🌻单", Style::new());
        assert_eq!(text(&blank(), &new), "^[1;1H  ^[1G🌻^[3G单");
    }

    const LETTERS: [&str; 4] = ["Иван Петров", "José Müller × °C", "Ωμέγα", "①Ⅲ 单°"];

    /// On a terminal that draws ambiguous characters narrow, each stands where it was counted and
    /// nothing of the frame before is left beside it.
    #[test]
    fn nothing_stays_beside_an_ambiguous_character() {
        for mode in [WidthMode::Ascii, WidthMode::Wide] {
            let mut terminal = screen();
            let mut old = blank();
            for text in ["abcdefghijklmnopqrst", "单晓琳单晓琳单晓琳"].into_iter().chain(LETTERS) {
                let mut new = blank();
                Canvas::new(&mut new, mode).put(0, 0, 20, text, Style::new());
                terminal.process(&written(&old, &new));
                let shown = terminal.screen();
                let mut x = 0;
                while x < 20_u16 {
                    let cell = &new[(x, 0)];
                    let wide = cell.cell_width().max(1);
                    let at = |x| shown.cell(0, x).map(vt100::Cell::contents).filter(|text| !text.is_empty());
                    assert_eq!(at(x).unwrap_or(" "), cell.symbol(), "{mode:?} {text} at {x}");
                    assert!(wide == 1 || at(x + 1).unwrap_or(" ") == " ", "{mode:?} {text} beside {x}");
                    x += wide;
                }
                old = new;
            }
        }
    }

    /// On one that draws them wide, the place of what follows is said.
    #[test]
    fn a_place_is_said_behind_each_ambiguous_character() {
        for mode in [WidthMode::Ascii, WidthMode::Wide] {
            let mut new = blank();
            Canvas::new(&mut new, mode).put(0, 0, 20, "Яéa", Style::new());
            assert_eq!(text(&blank(), &new), "^[1;1H  ^[1GЯ^[3G  ^[3Gé^[5Ga");
        }
    }

    #[test]
    fn it_moves_by_the_shorter_way_and_says_what_is_new_in_a_style() {
        let mut new = blank();
        let bold = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
        new.set_string(0, 0, "a", bold);
        new.set_string(2, 0, "b", bold.add_modifier(Modifier::DIM));
        new.set_string(9, 0, "c", bold.remove_modifier(Modifier::BOLD).bg(Color::Indexed(9)));
        new.set_string(0, 1, "d", Style::new());
        assert_eq!(text(&blank(), &new), "^[1;1H^[1;31ma^[C^[2mb^[6C^[22;48;5;9mc^[2;1H^[md");
        assert_eq!(text(&new, &new), "");
    }

    #[test]
    fn what_is_left_of_a_wide_character_is_written_over() {
        let frame = |x, text: &str, style| {
            let mut buffer = blank();
            Canvas::new(&mut buffer, WidthMode::Narrow).put(x, 0, 9, text, style);
            buffer
        };
        let red = Style::new().bg(Color::Red);
        // a terminal fills the half that is left with the ground it writes on
        let (old, new) = (frame(4, "琳", Style::new()), frame(4, "a", red));
        assert_eq!(text(&old, &new), "^[1;5H^[41ma^[m ");
        let (old, new) = (frame(4, "琳", Style::new()), frame(3, "琳", red));
        assert_eq!(text(&old, &new), "^[1;4H^[41m琳^[m ");
    }

    fn styles() -> impl Strategy<Value = Style> {
        let color = || {
            prop_oneof![
                Just(Color::Reset),
                Just(Color::Red),
                Just(Color::LightCyan),
                any::<u8>().prop_map(Color::Indexed),
                any::<[u8; 3]>().prop_map(|[r, g, b]| Color::Rgb(r, g, b)),
            ]
        };
        let known = Modifier::BOLD | Modifier::ITALIC | Modifier::UNDERLINED | Modifier::REVERSED;
        (color(), color(), any::<u16>()).prop_map(move |(front, back, bits)| {
            Style::new().fg(front).bg(back).add_modifier(Modifier::from_bits_truncate(bits) & known)
        })
    }

    fn frames() -> impl Strategy<Value = Vec<Buffer>> {
        let unit =
            prop_oneof![Just("a"), Just(" "), Just("琳"), Just("，"), Just("🌻"), Just("é"), Just("─")];
        let text = prop::collection::vec(unit, 0..6).prop_map(|units| units.concat());
        let put = (0_u16..20, 0_u16..3, text, styles());
        let frame = prop::collection::vec(put, 0..12).prop_map(|puts| {
            let mut buffer = blank();
            for (x, y, text, style) in puts {
                Canvas::new(&mut buffer, WidthMode::Narrow).put(x, y, 20, &text, style);
            }
            buffer
        });
        prop::collection::vec(frame, 1..5)
    }

    proptest! {
        /// A terminal that is sent nothing else shows what the last frame says.
        #[test]
        fn a_terminal_shows_the_cells(frames in frames()) {
            let mut terminal = screen();
            let mut old = blank();
            for new in frames {
                terminal.process(&written(&old, &new));
                old = new;
            }
            let mut fresh = screen();
            for y in 0..3_u16 {
                for x in 0..20_u16 {
                    let (cell, shown) = (&old[(x, y)], terminal.screen().cell(y, x).unwrap());
                    if shown.is_wide_continuation() {
                        continue;
                    }
                    let blank_as_empty = |text: &str| if text == " " { String::new() } else { text.to_owned() };
                    prop_assert_eq!(blank_as_empty(shown.contents()), blank_as_empty(cell.symbol()));
                    // the same style, said from nothing
                    let mut out = Vec::new();
                    Pen::default().cell(&mut out, 0, 0, cell);
                    fresh.process(b"\x1b[m");
                    fresh.process(&out);
                    let alone = fresh.screen().cell(0, 0).unwrap();
                    prop_assert_eq!(
                        (shown.fgcolor(), shown.bgcolor(), shown.bold(), shown.italic()),
                        (alone.fgcolor(), alone.bgcolor(), alone.bold(), alone.italic())
                    );
                    prop_assert_eq!((shown.underline(), shown.inverse()), (alone.underline(), alone.inverse()));
                }
            }
        }
    }
}
