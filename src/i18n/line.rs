//! A line whose language is decided by who shows it.
//!
//! Where a mistake is found, nobody knows in which language it will be told. A [`Line`] keeps the
//! word and what fills it, so that both can be had of it.

use std::fmt;

use super::{Lang, Word, fill, say};

/// A word and what fills it, or a text that is the same in every language. It is shown in English
/// by [`fmt::Display`], for logs and for what programs read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A word, with a line for each `{name}` in it.
    Word(Word, Vec<(&'static str, Line)>),
    /// Names, figures, what others wrote.
    Plain(String),
    /// Lines behind one another.
    Row(Vec<Line>),
    /// What another room words in English by itself, and its Chinese.
    Both(Box<Line>, String),
}

impl Line {
    /// The same with what stands for `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Line>) -> Self {
        if let Self::Word(_, values) = &mut self {
            values.push((name, value.into()));
        }
        self
    }

    /// The same with something behind it, as it is.
    #[must_use]
    pub fn and(self, more: impl Into<Line>) -> Self {
        match self {
            Self::Row(mut lines) => {
                lines.push(more.into());
                Self::Row(lines)
            }
            line => Self::Row(vec![line, more.into()]),
        }
    }

    /// What says itself in English, with its Chinese.
    pub fn both(zh: impl Into<Line>, en: impl fmt::Display) -> Self {
        Self::Both(Box::new(zh.into()), en.to_string())
    }

    /// The line in a language.
    pub fn in_lang(&self, lang: Lang) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Both(_, en) if lang == Lang::En => en.clone(),
            Self::Both(zh, _) => zh.in_lang(lang),
            Self::Row(lines) => lines.iter().map(|line| line.in_lang(lang)).collect(),
            Self::Word(word, values) => {
                let values: Vec<_> = values.iter().map(|(name, line)| (*name, line.in_lang(lang))).collect();
                let shown: Vec<(&str, &dyn fmt::Display)> =
                    values.iter().map(|(name, text)| (*name, text as &dyn fmt::Display)).collect();
                fill(say(lang, *word), &shown)
            }
        }
    }
}

impl Word {
    /// A line of this word, with what stands for `{name}` in it.
    pub fn with(self, name: &'static str, value: impl Into<Line>) -> Line {
        Line::from(self).with(name, value)
    }
}

impl From<Word> for Line {
    fn from(word: Word) -> Self {
        Self::Word(word, Vec::new())
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
}

impl std::error::Error for Line {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_in_the_language_of_who_shows_it() {
        const NEAR: Word = Word { zh: "是否想写 {name}?", en: "did you mean {name}?" };
        const KEY: Word = Word { zh: "没有 {key}", en: "no key {key}" };
        let line = KEY.with("key", "{name}").and("; ").and(NEAR.with("name", Line::from("x")));
        assert_eq!(line.to_string(), "no key {name}; did you mean x?");
        assert_eq!(line.in_lang(Lang::Zh), "没有 {name}; 是否想写 x?");
    }
}
