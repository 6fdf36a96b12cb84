//! Text to tokens, each with its place in the text.
//!
//! Full-width punctuation from a Chinese input method (`：，（）＂－`, `“”`, the wide space) means
//! what its ASCII key means. Inside quotation marks nothing means anything but `\"` and `\\`.

use std::ops::Range;

use super::error::{Problem, QueryError};

/// One character of a word, as the later stages see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// The character; outside quotation marks full-width ASCII is still as typed.
    pub char: char,
    /// Whether it stood in quotation marks, so that it means itself.
    pub quoted: bool,
    /// Its first byte in the text.
    pub at: usize,
}

impl Glyph {
    /// The ASCII character that it stands for as syntax; `None` where it means itself.
    pub fn syntax(self) -> Option<char> {
        (!self.quoted).then(|| ascii(self.char))
    }
}

/// A run without white space or parentheses (unless quoted).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub glyphs: Vec<Glyph>,
    pub span: Range<usize>,
    /// Whether any quotation mark was in it.
    pub quoted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Minus,
    Word(Word),
}

/// The ASCII character that an input method may have widened; any other as it is.
pub(super) fn width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The ASCII character that `c` stands for as syntax; any other as it is.
pub(super) fn ascii(c: char) -> char {
    match c {
        '“' | '”' => '"',
        _ => width(c),
    }
}

/// Splits `text` into tokens with the bytes that each takes.
///
/// # Errors
/// [`Problem::UnclosedQuote`] at the mark.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, Range<usize>)>, QueryError> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(at, c)) = chars.peek() {
        let token = match ascii(c) {
            space if space.is_whitespace() => {
                chars.next();
                continue;
            }
            '(' => Token::Open,
            ')' => Token::Close,
            '-' => Token::Minus,
            _ => {
                let word = word(text, &mut chars)?;
                let span = word.span.clone();
                tokens.push((Token::Word(word), span));
                continue;
            }
        };
        chars.next();
        tokens.push((token, at..at + c.len_utf8()));
    }
    Ok(tokens)
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn word(text: &str, chars: &mut Chars<'_>) -> Result<Word, QueryError> {
    let mut word = Word::default();
    word.span.start = chars.peek().map_or(text.len(), |(at, _)| *at);
    while let Some(&(at, c)) = chars.peek() {
        match ascii(c) {
            space if space.is_whitespace() => break,
            '(' | ')' => break,
            '"' => {
                chars.next();
                word.quoted = true;
                quoted(at, c, chars, &mut word.glyphs)?;
            }
            _ => {
                chars.next();
                word.glyphs.push(Glyph { char: c, quoted: false, at });
            }
        }
    }
    word.span.end = chars.peek().map_or(text.len(), |(at, _)| *at);
    Ok(word)
}

/// Reads up to the mark that closes `open`; a Chinese mark is closed by a Chinese one.
fn quoted(start: usize, open: char, chars: &mut Chars<'_>, into: &mut Vec<Glyph>) -> Result<(), QueryError> {
    let closes = |c: char| match open {
        '“' | '”' => c == '”' || c == '“',
        _ => c == '"' || c == '＂',
    };
    while let Some((at, c)) = chars.next() {
        if closes(c) {
            return Ok(());
        }
        let char = match (c, chars.peek()) {
            ('\\', Some(&(_, next))) if next == '\\' || ascii(next) == '"' => {
                chars.next();
                next
            }
            _ => c,
        };
        into.push(Glyph { char, quoted: true, at });
    }
    Err(QueryError::new(start..start + open.len_utf8(), Problem::UnclosedQuote))
}
