//! What stands after the colon: values, their reading by the kind of key, and their spelling.

use std::fmt;

use super::ast::quote;
use super::birthday::Birthday;
use super::date::When;
use super::error::{Expects, Problem, QueryError, nearest};
use super::fold;
use super::keys::{State, Word};
use super::lexer::Glyph;
use super::number;
use super::scope::{KeyKind, KeySpec};
use super::score::Score;

/// One value of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, a name or an id: the parts between `*`; one part where there is no `*`.
    Name(Vec<String>),
    /// A word of a closed list.
    Word(&'static Word),
    /// A word of an ordered list.
    Rank(Bounds<&'static Word>),
    /// A state.
    State(&'static State),
    /// A number, or money in minor units.
    Int(Bounds<i64>),
    /// A share.
    Ratio(Bounds<f64>),
    /// A date.
    Time(Bounds<When>),
    /// A day of the year.
    Birthday(Bounds<Birthday>),
    /// An RFM score.
    Score(Score),
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds<T> {
    /// `5`.
    Equal(T),
    /// `<5`.
    Less(T),
    /// `<=5`, `..5`.
    AtMost(T),
    /// `>5`.
    Greater(T),
    /// `>=5`, `5..`.
    AtLeast(T),
    /// `5..9`, both included.
    Between(T, T),
}

impl<T: Copy> Bounds<T> {
    /// The same comparison with other ends.
    pub(super) fn map<U>(self, to: impl Fn(T) -> U) -> Bounds<U> {
        match self {
            Self::Equal(value) => Bounds::Equal(to(value)),
            Self::Less(value) => Bounds::Less(to(value)),
            Self::AtMost(value) => Bounds::AtMost(to(value)),
            Self::Greater(value) => Bounds::Greater(to(value)),
            Self::AtLeast(value) => Bounds::AtLeast(to(value)),
            Self::Between(low, high) => Bounds::Between(to(low), to(high)),
        }
    }
}

impl Bounds<i64> {
    /// The least and the greatest number that it allows; no number fits where they cross.
    pub(super) fn ends(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Equal(value) => (Some(value), Some(value)),
            // Beyond the last number there is none: an empty range.
            Self::Less(value) => value.checked_sub(1).map_or((Some(1), Some(0)), |high| (None, Some(high))),
            Self::Greater(value) => value.checked_add(1).map_or((Some(1), Some(0)), |low| (Some(low), None)),
            Self::AtMost(value) => (None, Some(value)),
            Self::AtLeast(value) => (Some(value), None),
            Self::Between(low, high) => (Some(low), Some(high)),
        }
    }
}

/// The characters of one value, with their places.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub key: &'static KeySpec,
    pub glyphs: &'a [Glyph],
}

impl Item<'_> {
    /// Reads the value as the kind of its key says.
    pub fn read(self) -> Result<Value, QueryError> {
        match self.key.kind {
            KeyKind::Id
            | KeyKind::Text
            | KeyKind::Tag(_)
            | KeyKind::Operator(_)
            | KeyKind::Group(_)
            | KeyKind::Customer(_)
            | KeyKind::TagGroup(_) => self.name(),
            KeyKind::Choice(words) => Ok(Value::Word(self.word(self.plain(self.glyphs)?, words)?)),
            KeyKind::Rank(words) => Ok(Value::Rank(self.bounds(
                |glyphs| self.word(glyphs, words),
                |low, high| place(words, low) <= place(words, high),
            )?)),
            KeyKind::State(states) => Ok(Value::State(self.state(states)?)),
            KeyKind::Int => {
                let read = |glyphs: &[Glyph]| self.value(glyphs, number::whole, Expects::Number);
                Ok(Value::Int(self.bounds(read, |low, high| low <= high)?))
            }
            KeyKind::Money => {
                let read = |glyphs: &[Glyph]| self.value(glyphs, number::money, Expects::Money);
                Ok(Value::Int(self.bounds(read, |low, high| low <= high)?))
            }
            KeyKind::Ratio => {
                let read = |glyphs: &[Glyph]| self.value(glyphs, number::ratio, Expects::Ratio);
                Ok(Value::Ratio(self.bounds(read, |low, high| low <= high)?))
            }
            KeyKind::Time { .. } => {
                let read = |glyphs: &[Glyph]| self.value(glyphs, When::parse, Expects::Date);
                let forward = |low: &When, high: &When| match (low.dates(), high.dates()) {
                    (Some((first, _)), Some((_, last))) => first <= last,
                    _ => true,
                };
                Ok(Value::Time(self.bounds(read, forward)?))
            }
            KeyKind::Birthday => {
                let read = |glyphs: &[Glyph]| self.value(glyphs, Birthday::parse, Expects::Birthday);
                let forward = |low: &Birthday, high: &Birthday| match (low, high) {
                    (Birthday::Shift(low), Birthday::Shift(high)) => low <= high,
                    _ => true,
                };
                Ok(Value::Birthday(self.bounds(read, forward)?))
            }
            KeyKind::Score => {
                Ok(Value::Score(self.value(self.plain(self.glyphs)?, Score::parse, Expects::Score)?))
            }
        }
    }

    /// A name: `*` stands for any run of characters where the key is a name or a text.
    fn name(self) -> Result<Value, QueryError> {
        let exact = self.glyphs.first().is_some_and(|glyph| glyph.syntax() == Some('='));
        let glyphs = self.plain(self.glyphs)?;
        let mut parts = vec![String::new()];
        for glyph in glyphs {
            let last = parts.len() - 1;
            if glyph.syntax() == Some('*') && !exact && !matches!(self.key.kind, KeyKind::Id) {
                parts.push(String::new());
            } else {
                parts[last].push(glyph.char);
            }
        }
        Ok(Value::Name(parts))
    }

    /// The glyphs without a leading `=`, for keys without an order.
    fn plain<'g>(&self, glyphs: &'g [Glyph]) -> Result<&'g [Glyph], QueryError> {
        match glyphs.first().and_then(|glyph| glyph.syntax()) {
            Some('<' | '>' | '≤' | '≥') => {
                Err(QueryError::new(span(glyphs), Problem::NoOrder { key: self.key.name }))
            }
            Some('=') if glyphs.len() > 1 => Ok(&glyphs[1..]),
            _ => Ok(glyphs),
        }
    }

    /// A comparison, a range or a plain value; `forward` says whether a range is not backwards.
    fn bounds<T>(
        &self,
        read: impl Fn(&[Glyph]) -> Result<T, QueryError>,
        forward: impl Fn(&T, &T) -> bool,
    ) -> Result<Bounds<T>, QueryError> {
        let glyphs = self.glyphs;
        let sign = |index: usize| glyphs.get(index).and_then(|glyph| glyph.syntax());
        let (skip, bounds): (usize, fn(T) -> Bounds<T>) = match (sign(0), sign(1)) {
            (Some('<'), Some('=')) => (2, Bounds::AtMost),
            (Some('>'), Some('=')) => (2, Bounds::AtLeast),
            (Some('≤'), _) => (1, Bounds::AtMost),
            (Some('≥'), _) => (1, Bounds::AtLeast),
            (Some('<'), _) => (1, Bounds::Less),
            (Some('>'), _) => (1, Bounds::Greater),
            (Some('='), _) => (1, Bounds::Equal),
            _ => (0, Bounds::Equal),
        };
        if skip > 0 {
            if glyphs.len() == skip {
                return Err(QueryError::new(span(glyphs), Problem::NoValue { key: self.key.name }));
            }
            return read(&glyphs[skip..]).map(bounds);
        }
        let dots = (0..glyphs.len().saturating_sub(1))
            .find(|at| sign(*at) == Some('.') && sign(*at + 1) == Some('.'));
        let Some(dots) = dots else { return read(glyphs).map(Bounds::Equal) };
        match (&glyphs[..dots], &glyphs[dots + 2..]) {
            ([], []) => Err(QueryError::new(span(glyphs), Problem::NoValue { key: self.key.name })),
            ([], high) => read(high).map(Bounds::AtMost),
            (low, []) => read(low).map(Bounds::AtLeast),
            (low, high) => {
                let (low, high) = (read(low)?, read(high)?);
                if !forward(&low, &high) {
                    return Err(QueryError::new(span(glyphs), Problem::BackwardRange { key: self.key.name }));
                }
                Ok(Bounds::Between(low, high))
            }
        }
    }

    fn value<T>(
        &self,
        glyphs: &[Glyph],
        parse: impl Fn(&str) -> Option<T>,
        expects: Expects,
    ) -> Result<T, QueryError> {
        let typed = folded(glyphs);
        parse(&typed).ok_or_else(|| {
            // The usual slips: a stretch of time without its sign, a percentage without its.
            let slips = [format!("-{typed}"), format!("{typed}%"), typed.replace(['/', '.'], "-")];
            let nearest = slips.into_iter().find(|slip| parse(slip).is_some());
            self.bad(glyphs, expects, nearest)
        })
    }

    fn word(&self, glyphs: &[Glyph], words: &'static [Word]) -> Result<&'static Word, QueryError> {
        let typed = folded(glyphs).replace('-', "_");
        words.iter().find(|word| word.word == typed || word.also.contains(&typed.as_str())).ok_or_else(|| {
            let names: Vec<&'static str> = words.iter().map(|word| word.word).collect();
            let near = nearest(&typed, names.iter().copied());
            self.bad(glyphs, Expects::OneOf(names), near)
        })
    }

    fn state(&self, states: &'static [State]) -> Result<&'static State, QueryError> {
        let glyphs = self.plain(self.glyphs)?;
        let typed = folded(glyphs);
        states.iter().find(|state| state.word == typed || state.also.contains(&typed.as_str())).ok_or_else(
            || {
                let names: Vec<&'static str> = states.iter().map(|state| state.word).collect();
                let near = nearest(&typed, names.iter().copied());
                self.bad(glyphs, Expects::OneOf(names), near)
            },
        )
    }

    fn bad(&self, glyphs: &[Glyph], expects: Expects, nearest: Option<String>) -> QueryError {
        let value = glyphs.iter().map(|glyph| glyph.char).collect();
        let problem = Problem::BadValue { key: self.key.name, value, expects };
        QueryError { span: span(glyphs), problem, nearest }
    }
}

/// The place of a word in its list.
pub(super) fn place(words: &[Word], word: &Word) -> usize {
    words.iter().position(|known| known == word).unwrap_or(0)
}

/// From the first glyph to the end of the last.
fn span(glyphs: &[Glyph]) -> std::ops::Range<usize> {
    let start = glyphs.first().map_or(0, |glyph| glyph.at);
    start..glyphs.last().map_or(start, |glyph| glyph.at + glyph.char.len_utf8())
}

/// Folded, and every kind of minus as `-`.
fn folded(glyphs: &[Glyph]) -> String {
    let typed: String =
        glyphs.iter().map(|glyph| if matches!(glyph.char, '−' | '–') { '-' } else { glyph.char }).collect();
    fold(&typed)
}

impl<T: fmt::Display> fmt::Display for Bounds<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal(value) => write!(f, "{value}"),
            Self::Less(value) => write!(f, "<{value}"),
            Self::AtMost(value) => write!(f, "<={value}"),
            Self::Greater(value) => write!(f, ">{value}"),
            Self::AtLeast(value) => write!(f, ">={value}"),
            Self::Between(low, high) => write!(f, "{low}..{high}"),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(parts) => {
                let spell = |part: &String| if part.is_empty() { String::new() } else { quote(part) };
                f.write_str(&parts.iter().map(spell).collect::<Vec<_>>().join("*"))
            }
            Self::Word(word) => word.fmt(f),
            Self::Rank(bounds) => bounds.fmt(f),
            Self::State(state) => f.write_str(state.word),
            Self::Int(bounds) => bounds.fmt(f),
            Self::Ratio(bounds) => bounds.fmt(f),
            Self::Time(bounds) => bounds.fmt(f),
            Self::Birthday(bounds) => bounds.fmt(f),
            Self::Score(score) => score.fmt(f),
        }
    }
}
