//! The one place where text becomes displayable, and where its width is known.
//!
//! Names, messages and tags come from strangers: they carry escape sequences, bidi overrides,
//! floods of combining marks and emoji that no two terminals draw equally wide. [`safe`] keeps of
//! a text what every terminal draws in the same number of cells; what it lets through is a run of
//! *units*, each one base character and the marks upon it, one or two cells wide. All drawing
//! goes through [`super::canvas::Canvas`], which calls it; the bytes of the record stay as they
//! are.
//!
//! Where terminals cannot agree (a spacing mark of an Indic script, an ambiguous character in the
//! wide mode), a unit reserves two cells, and the canvas says so to ratatui, which then places
//! the cursor anew behind it: whatever the terminal draws, the next cell is where we counted it.

mod tables;
mod wrap;

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(super) use wrap::may_break;
pub use wrap::wrap;

/// How many cells the terminal gives to a character of *ambiguous* width, and what we draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WidthMode {
    /// One cell; lines are drawn with box-drawing characters.
    #[default]
    Narrow,
    /// Two cells, as in terminals set up for Chinese; lines are drawn in ASCII.
    Wide,
    /// Nobody knows: we draw in ASCII, and put ASCII in place of ambiguous characters.
    Ascii,
}

impl WidthMode {
    /// The one-cell mark for what was cut off.
    pub fn ellipsis(self) -> &'static str {
        if self == Self::Narrow { "…" } else { "~" }
    }
}

/// On which side a text stands in its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left, as words do.
    #[default]
    Left,
    /// At the right, as figures do.
    Right,
}

/// Marks upon one base character that are shown; the others are dropped. Thai and Vietnamese
/// need two, Hebrew and Tibetan up to four.
const MARKS: usize = 4;
/// The same for the diacritics that any letter can bear, of which floods are made.
const DIACRITICS: usize = 2;

/// What can be shown of `text`, on one line.
///
/// - Line breaks, tabs and other blanks become spaces; control characters become `^[` and the
///   like, unassigned and private ones `?`.
/// - Bidi controls, zero-width characters, tags and variation selectors go, as do marks beyond a
///   sensible number.
/// - An emoji sequence becomes its first emoji, a flag its two letters, a keycap its digit.
///
/// What it gives back it leaves as it is: `safe(safe(x)) == safe(x)`.
pub fn safe(text: &str, mode: WidthMode) -> Cow<'_, str> {
    let plain = |c: char| is_plain(c) && (mode != WidthMode::Ascii || spelled(c).is_none());
    if text.chars().all(plain) { Cow::Borrowed(text) } else { Cow::Owned(cleaned(text, mode)) }
}

/// What can be shown of a text of several lines: each line as [`safe`] makes it, and no line that
/// was not there.
pub fn safe_lines(text: &str, mode: WidthMode) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| safe(line.trim_end_matches('\r'), mode)).collect();
    lines.join("\n")
}

/// Characters that need no second look, nine of ten: printable ASCII and common CJK.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '一'..='鿋' | '、'..='】' | '！'..='～' | 'ぁ'..='ゖ' | 'ァ'..='ー')
}

fn cleaned(text: &str, mode: WidthMode) -> String {
    let mut out = String::with_capacity(text.len());
    // the unit that a mark would join: where it begins in `out`
    let mut unit: Option<(usize, char)> = None;
    let (mut marks, mut diacritics) = (0, 0);
    let mut joined = false;
    for c in text.chars() {
        if c == '\u{200D}' {
            joined = unit.is_some_and(|(_, base)| is_pictograph(base));
            continue;
        }
        if is_ignorable(c) {
            continue;
        }
        if is_mark(c) {
            let Some((start, base)) = unit else { continue };
            let diacritic = is_diacritic(c);
            if marks == MARKS || (diacritic && diacritics == DIACRITICS) || !is_markable(base) {
                continue;
            }
            out.push(c);
            if !is_one_unit(&out[start..]) {
                out.pop();
                continue;
            }
            marks += 1;
            diacritics += usize::from(diacritic);
            continue;
        }
        let follows = unit.is_some_and(|(_, base)| is_pictograph(base));
        let swallowed = is_pictograph(c) && joined || is_skin_tone(c) && follows;
        joined = false;
        if swallowed {
            continue;
        }
        let start = out.len();
        push_base(&mut out, c, mode);
        // marks join a character that stands for itself, never its replacement
        unit = (out[start..].chars().eq([c])).then_some((start, c));
        (marks, diacritics) = (0, 0);
    }
    out
}

/// Appends what stands for a character that is no mark.
fn push_base(out: &mut String, c: char, mode: WidthMode) {
    match c {
        '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
        '\0'..='\u{1F}' | '\u{7F}' => {
            out.push('^');
            out.push(char::from(c as u8 ^ 0x40));
        }
        '\u{3000}' => out.push(c),
        '🇦'..='🇿' => out.push(char::from(b'A' + (c as u32 - '🇦' as u32) as u8)),
        _ if c.is_whitespace() => out.push(' '),
        _ if !is_printable(c) || !matches!(c.width(), Some(1 | 2)) => out.push('?'),
        _ => match spelled(c).filter(|_| mode == WidthMode::Ascii) {
            Some(ascii) => out.push_str(ascii),
            None => out.push(c),
        },
    }
}

/// Whether the standard library prints `c` as it is: it is assigned, and neither a control, nor
/// a format character, nor private.
fn is_printable(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || is_plain(c) || c.escape_debug().len() == 1
}

/// Characters that draw nothing and change how others are drawn, or how wide they are.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
        || is_enclosing(c)
}

/// Marks that are drawn around their base, beyond its cell. A keycap is one of them.
fn is_enclosing(c: char) -> bool {
    matches!(c, '\u{488}'..='\u{489}' | '\u{1ABE}' | '\u{20DD}'..='\u{20E0}' | '\u{20E2}'..='\u{20E4}'
        | '\u{A670}'..='\u{A672}')
}

/// Whether `c` is drawn upon the character before it.
fn is_mark(c: char) -> bool {
    c as u32 >= 0x300 && (c.width() == Some(0) || tables::is_spacing_mark(c))
}

/// Whether `c` is of the marks that any letter can bear.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20F0}' | '\u{302A}'..='\u{302F}' | '\u{FE20}'..='\u{FE2F}')
}

/// Whether marks upon `base` make sense.
fn is_markable(base: char) -> bool {
    !matches!(base, ' ' | '\u{3000}' | '?') && !is_pictograph(base)
}

/// Whether a unit as it stands is as wide as its base, or has a spacing mark and reserves two
/// cells anyway, and whether its marks are assigned.
fn is_one_unit(unit: &str) -> bool {
    let Some(base) = unit.chars().next() else { return false };
    let printable = unit.escape_debug().count() == unit.chars().count();
    printable && (unit.chars().any(tables::is_spacing_mark) || Some(unit.width()) == base.width())
}

/// Characters that emoji sequences are made of.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{245F}' | '\u{2500}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1F0FF}'
        | '\u{1F200}'..='\u{1FAFF}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '🏻'..='🏿')
}

/// ASCII for ambiguous characters that are common, where no terminal is to be trusted.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        '…' => "...",
        '—' | '―' => "--",
        '–' | '─' | '━' => "-",
        '·' | '•' => ".",
        '│' | '┃' => "|",
        '→' => "->",
        '←' => "<-",
        '×' => "x",
        '÷' => "/",
        '±' => "+-",
        '●' | '★' | '☆' | '■' | '◆' => "*",
        '○' | '◎' | '□' | '◇' => "o",
        '①'..='⑨' => {
            const DIGITS: [&str; 9] = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"];
            DIGITS[c as usize - '①' as usize]
        }
        _ => return None,
    })
}

/// The units of a text that [`safe`] made, each with its cells: 1 or 2.
pub fn units(text: &str, mode: WidthMode) -> Units<'_> {
    Units { rest: text, mode }
}

/// See [`units`].
#[derive(Clone, Debug)]
pub struct Units<'a> {
    rest: &'a str,
    mode: WidthMode,
}

impl<'a> Iterator for Units<'a> {
    type Item = (&'a str, u16);

    fn next(&mut self) -> Option<Self::Item> {
        let base = self.rest.chars().next()?;
        let mut end = base.len_utf8();
        let mut cells = base_width(base, self.mode);
        for mark in self.rest[end..].chars().take_while(|&c| is_mark(c)) {
            end += mark.len_utf8();
            if tables::is_spacing_mark(mark) {
                cells = 2;
            }
        }
        let (unit, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some((unit, cells))
    }
}

fn base_width(c: char, mode: WidthMode) -> u16 {
    if c.is_ascii() {
        return 1;
    }
    let wide = c.width() == Some(2) || (mode != WidthMode::Narrow && tables::is_ambiguous(c));
    1 + u16::from(wide)
}

/// The cells that `text` takes when it is drawn.
pub fn width(text: &str, mode: WidthMode) -> usize {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.len();
    }
    units(&safe(text, mode), mode).map(|(_, cells)| usize::from(cells)).sum()
}

/// `text` in exactly so many cells: cut with a mark where it is longer, padded where it is
/// shorter. A wide character that does not fit is left out whole.
pub fn fit(text: &str, cells: usize, align: Align, mode: WidthMode) -> String {
    let shown = safe(text, mode);
    let (kept, used, cut) = cut(&shown, cells, mode);
    let mut out = String::with_capacity(kept.len() + cells - used + 3);
    let pad = cells - used - usize::from(cut);
    if align == Align::Right {
        out.extend(std::iter::repeat_n(' ', pad));
    }
    out.push_str(kept);
    if cut {
        out.push_str(mode.ellipsis());
    }
    if align == Align::Left {
        out.extend(std::iter::repeat_n(' ', pad));
    }
    out
}

/// How much of a safe text goes into `cells`: that part, its cells, and whether one more cell is
/// for the mark that something was cut off.
pub(super) fn cut(shown: &str, cells: usize, mode: WidthMode) -> (&str, usize, bool) {
    // where the text would end if a mark had to follow
    let (mut room_end, mut room_used) = (0, 0);
    let (mut end, mut used) = (0, 0);
    for (unit, unit_cells) in units(shown, mode) {
        used += usize::from(unit_cells);
        if used > cells {
            return if cells == 0 { ("", 0, false) } else { (&shown[..room_end], room_used, true) };
        }
        end += unit.len();
        if used < cells {
            (room_end, room_used) = (end, used);
        }
    }
    (shown, used, false)
}

/// The cells `from..from + cells` of a text, exactly so many: what a scrolled line shows. A wide
/// character that is cut in two shows as a blank.
pub fn slice(text: &str, from: usize, cells: usize, mode: WidthMode) -> String {
    let shown = safe(text, mode);
    let mut out = String::new();
    let (mut at, mut used) = (0, 0);
    for (unit, unit_cells) in units(&shown, mode) {
        let unit_cells = usize::from(unit_cells);
        let end = at + unit_cells;
        if end > from + cells {
            break;
        }
        if at >= from {
            out.push_str(unit);
            used += unit_cells;
        } else if end > from {
            out.push(' ');
            used += 1;
        }
        at = end;
    }
    out.extend(std::iter::repeat_n(' ', cells - used));
    out
}

#[cfg(test)]
mod tests;
