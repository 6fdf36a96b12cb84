//! What can be wrong with a filter, and where.

use std::fmt;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Why a filter was refused, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryError {
    /// Which bytes of the text are wrong. It may be empty, at the place where something is missing.
    pub span: Range<usize>,
    /// What is wrong.
    pub problem: Problem,
    /// The valid name that was probably meant.
    pub nearest: Option<String>,
}

/// What is wrong with a filter. An enum, so that the screen can word it in its own language.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The text is longer than so many bytes.
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// Parentheses and negations are nested deeper than this.
    TooDeep {
        /// In levels.
        limit: usize,
    },
    /// No such key in this scope.
    UnknownKey {
        /// As typed.
        key: String,
    },
    /// `key:` with nothing after it, or a gap between commas.
    NoValue {
        /// The key's name.
        key: &'static str,
    },
    /// The value is not of the kind that the key takes.
    BadValue {
        /// The key's name.
        key: &'static str,
        /// As typed.
        value: String,
        /// What the key takes.
        expects: Expects,
    },
    /// `<`, `>` or `..` on a key that has no order.
    NoOrder {
        /// The key's name.
        key: &'static str,
    },
    /// The lower end of a range lies above its upper end.
    BackwardRange {
        /// The key's name.
        key: &'static str,
    },
    /// A quotation mark that is never closed.
    UnclosedQuote,
    /// `(` without `)`.
    UnclosedParen,
    /// `)` without `(`.
    StrayParen,
    /// `()`.
    EmptyParens,
    /// `OR` with nothing on one side.
    LoneOr,
    /// `AND` with nothing on one side.
    LoneAnd,
    /// `-` or `NOT` with nothing after it.
    LoneMinus,
    /// `""`.
    EmptyText,
    /// More terms and values than this.
    TooMany {
        /// In terms.
        limit: usize,
    },
    /// No such sort key in this scope.
    UnknownSort {
        /// As typed.
        key: String,
    },
}

/// What a key takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Expects {
    /// A whole number, such as `5`, `12k`, `3万`.
    Number,
    /// Money, such as `100000` (minor units), `¥1000`, `1000元`.
    Money,
    /// A share, such as `0.5` or `50%`.
    Ratio,
    /// A date, such as `2026-03-01`, `2026-03`, `today`, `-30d`, `mon`.
    Date,
    /// A day of the year, such as `03-17`, `03`, `today`.
    Birthday,
    /// An RFM score, such as `5-3-4`, `5**`, `r>=4`.
    Score,
    /// One of these words.
    OneOf(Vec<&'static str>),
}

impl fmt::Display for Expects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("a whole number, such as 5 or 12k"),
            Self::Money => f.write_str("money: 100000 in minor units, or ¥1000"),
            Self::Ratio => f.write_str("a share, such as 0.5 or 50%"),
            Self::Date => f.write_str("a date, such as 2026-03-01, 2026-03, today, -30d or mon"),
            Self::Birthday => f.write_str("a day of the year, such as 03-17, 03 or today"),
            Self::Score => f.write_str("an RFM score, such as 5-3-4, 5** or r>=4"),
            Self::OneOf(words) => write!(f, "one of {}", words.join(" ")),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { limit } => write!(f, "a filter has at most {limit} bytes"),
            Self::TooDeep { limit } => write!(f, "nested deeper than {limit} levels"),
            Self::UnknownKey { key } if key.chars().all(|c| c.is_ascii_digit()) => {
                write!(f, "no key {key:?}; quote a text that has a colon")
            }
            Self::UnknownKey { key } => write!(f, "no key {key:?}; quote it if it is text"),
            Self::NoValue { key } => write!(f, "{key}: wants a value"),
            Self::BadValue { key, value, expects } => write!(f, "{key}: {value:?} is not {expects}"),
            Self::NoOrder { key } => write!(f, "{key} has no order; only equals makes sense"),
            Self::BackwardRange { key } => write!(f, "{key}: the range ends before it begins"),
            Self::UnclosedQuote => f.write_str("the quotation mark is not closed"),
            Self::UnclosedParen => f.write_str("the parenthesis is not closed"),
            Self::StrayParen => f.write_str("this parenthesis was never opened"),
            Self::EmptyParens => f.write_str("nothing between the parentheses"),
            Self::LoneOr => f.write_str("OR wants something on both sides"),
            Self::LoneAnd => f.write_str("AND wants something on both sides; a space is enough"),
            Self::EmptyText => f.write_str("nothing between the quotation marks"),
            Self::TooMany { limit } => write!(f, "a filter has at most {limit} terms"),
            Self::LoneMinus => f.write_str("nothing to negate; quote a text that begins with -"),
            Self::UnknownSort { key } => write!(f, "cannot sort by {key:?}"),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)?;
        match &self.nearest {
            Some(nearest) => write!(f, " (did you mean {nearest}?)"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// Characters shown before what is wrong, at most.
const BEFORE: usize = 60;
/// Characters shown from there on, at most.
const AFTER: usize = 60;

impl QueryError {
    pub(super) fn new(span: Range<usize>, problem: Problem) -> Self {
        Self { span, problem, nearest: None }
    }

    /// The first wrong column of `text`, counted from 1 as a terminal shows it: a Han character
    /// takes two.
    pub fn column(&self, text: &str) -> usize {
        column(text, self.span.start)
    }

    /// Two lines: the text, and below it marks under what is wrong, with the message.
    pub fn pointer(&self, text: &str) -> String {
        format!("{} {self}", self.marked(text))
    }

    /// Two lines: the text, and below it marks under what is wrong. Of a long text only what lies
    /// around that is shown, with `…` where it is cut.
    pub fn marked(&self, text: &str) -> String {
        let (start, end) = (floor(text, self.span.start), floor(text, self.span.end));
        let end = end.max(start);
        let from = text[..start].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
        let to = text[start..].char_indices().nth(AFTER).map_or(text.len(), |(at, _)| start + at);
        let (head, tail) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
        let before = head.width() + visible(&text[from..start]).width();
        let marks = visible(&text[start..end.min(to)]).width().max(1);
        let shown = visible(&text[from..to]);
        format!("{head}{shown}{tail}\n{}{}", " ".repeat(before), "^".repeat(marks))
    }
}

/// The column of a byte of `text`, counted from 1 as a terminal shows it: a Han character takes two.
pub fn column(text: &str, byte: usize) -> usize {
    visible(&text[..floor(text, byte)]).width() + 1
}

/// The text with every character that takes no column, or moves the cursor, as `?`.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.width().unwrap_or(0) == 0 { '?' } else { c }).collect()
}

/// The last character boundary of `text` at or before `byte`.
fn floor(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte.min(text.len()))
}

/// The name among `names` that was probably meant, where one is near enough.
pub(super) fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let typed = super::fold(typed);
    names
        .into_iter()
        .map(|name| {
            let alike = name.chars().zip(typed.chars()).take_while(|(a, b)| a == b).count();
            // Of two that are equally near, the one that begins the same.
            (strsim::damerau_levenshtein(&typed, name), std::cmp::Reverse(alike), name)
        })
        .filter(|(distance, _, name)| *distance <= 1 + name.chars().count() / 3)
        .min_by_key(|(distance, alike, _)| (*distance, *alike))
        .map(|(.., name)| name.to_owned())
}
