//! Reading a TOML tree with all its spans: every mistake is kept, none stops the rest.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Diagnostic;
use crate::i18n::words::config as words;
use crate::i18n::{Line, Word};

/// A value with its place, in bytes of the file.
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A file being read, and what was found wrong with it.
pub struct Reader<'t> {
    pub path: &'t Path,
    pub text: &'t str,
    pub wrong: Vec<(usize, Diagnostic)>,
    /// What works, and may not be meant.
    pub odd: Vec<(usize, Diagnostic)>,
    /// What is right here, and names a file that is not.
    pub faults: Vec<(usize, Diagnostic)>,
    /// What the whole file is called.
    whole: Word,
}

impl<'t> Reader<'t> {
    pub fn new(path: &'t Path, text: &'t str) -> Self {
        Self::of(path, text, words::THE_CONFIGURATION)
    }

    /// The same for a file that is called otherwise.
    pub fn of(path: &'t Path, text: &'t str, whole: Word) -> Self {
        Self { path, text, wrong: Vec::new(), odd: Vec::new(), faults: Vec::new(), whole }
    }

    /// Parses the text; syntax errors are kept as they come.
    pub fn parse(&mut self) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let message = Line::both(words::SYNTAX, error.message());
            let hint = remedy(error.message());
            self.refuse(error.span().unwrap_or(0..0), message, Some(hint.into()));
        }
        table.into_inner()
    }

    /// Keeps a mistake.
    pub fn refuse(&mut self, span: Range<usize>, message: impl Into<Line>, hint: Option<Line>) {
        let found = Diagnostic::at(self.path, self.text, span.clone(), message.into(), hint);
        self.wrong.push((span.start, found));
    }

    /// Keeps what works, and may not be meant.
    pub fn warn(&mut self, span: Range<usize>, message: impl Into<Line>, hint: Option<Line>) {
        let message = Line::from(words::WARNING).and(": ").and(message.into());
        let found = Diagnostic::at(self.path, self.text, span.clone(), message, hint);
        self.odd.push((span.start, found));
    }

    /// Keeps what is wrong with a file that is named here.
    pub fn fault(&mut self, span: Range<usize>, message: impl Into<Line>, hint: Option<Line>) {
        let found = Diagnostic::at(self.path, self.text, span.clone(), message.into(), hint);
        self.faults.push((span.start, found));
    }

    /// Where `inner`, a part of the decoded text `value`, stands in the file: inside the quotes
    /// where the text has no escapes, else the whole of `span`.
    pub fn inside(&self, span: &Range<usize>, value: &str, inner: Range<usize>) -> Range<usize> {
        match self.text.get(span.clone()).and_then(|raw| raw.find(value)) {
            Some(offset) if !value.is_empty() => {
                span.start + offset + inner.start..span.start + offset + inner.end
            }
            _ => span.clone(),
        }
    }

    /// The mistakes, in the order of the file.
    pub fn finish(self) -> Vec<Diagnostic> {
        in_order(self.wrong)
    }

    /// Files that will not do, in the order of the file.
    pub fn faults(&mut self) -> Vec<Diagnostic> {
        in_order(std::mem::take(&mut self.faults))
    }

    /// What works, and may not be meant, in the order of the file.
    pub fn warnings(&mut self) -> Vec<Diagnostic> {
        in_order(std::mem::take(&mut self.odd))
    }
}

fn in_order(mut found: Vec<(usize, Diagnostic)>) -> Vec<Diagnostic> {
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, found)| found).collect()
}

/// A table whose keys are known.
pub struct Section<'a, 't> {
    table: &'a DeTable<'t>,
    name: String,
    span: Range<usize>,
}

impl<'a, 't> Section<'a, 't> {
    /// A table; keys that are not in `known` are refused.
    pub fn new(reader: &mut Reader<'_>, table: &'a DeTable<'t>, name: &str, known: &[&str]) -> Self {
        Self::keeping(reader, table, name, known, &[])
    }

    /// The same; keys in `quiet` are not refused here, and no hint names them.
    pub fn keeping(
        reader: &mut Reader<'_>,
        table: &'a DeTable<'t>,
        name: &str,
        known: &[&str],
        quiet: &[&str],
    ) -> Self {
        let there = |key: &str| known.contains(&key) || quiet.contains(&key);
        for key in table.keys().filter(|key| !there(key.get_ref().as_ref())) {
            let what = match name {
                "" => Line::from(reader.whole),
                name => Line::from(format!("[{name}]")),
            };
            let hint = nearest(key.get_ref(), known.iter().copied()).map_or_else(
                || words::KNOWN_ARE.with("names", known.join(", ")),
                |near| words::MEANT.with("name", near),
            );
            let message = words::NO_KEY.with("what", what).with("key", quoted(key.get_ref()));
            reader.refuse(key.span(), message, Some(hint));
        }
        Self { table, name: name.to_owned(), span: 0..0 }
    }

    /// The same with its own place, for what is missing in it.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = span;
        self
    }

    /// Its own place, where that was said; the beginning of the file where not.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key, as it stands.
    pub fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// Refuses a value that is of another kind than what is wanted.
    pub fn wrong(&self, reader: &mut Reader<'_>, key: &str, value: &Spanned<DeValue<'_>>, wanted: Word) {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        let message =
            words::NOT_A.with("name", name).with("wanted", wanted).with("kind", kind(value.get_ref()));
        reader.refuse(value.span(), message, Some(like(key, wanted)));
    }

    /// A text.
    pub fn text(&self, reader: &mut Reader<'_>, key: &str) -> Option<At<String>> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(reader, key, value, words::A_TEXT);
            return None;
        };
        Some(At { value: text.to_owned(), span: value.span() })
    }

    /// One of some words.
    pub fn choice<T: Copy>(&self, reader: &mut Reader<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(reader, key)?;
        if let Some((_, choice)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(*choice);
        }
        let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let near = nearest(&text.value, all.iter().copied()).map(|near| meant(words::MEANT, near));
        let first = all.first().copied().unwrap_or_default();
        let hint = near.or_else(|| Some(words::WRITE_LIKE.with("example", format!("{key} = {first:?}"))));
        let message =
            words::ONE_OF.with("key", key).with("words", all.join(", ")).with("value", quoted(&text.value));
        reader.refuse(text.span, message, hint);
        None
    }

    /// A whole number within a range.
    pub fn number(
        &self,
        reader: &mut Reader<'_>,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = self.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong(reader, key, value, words::A_WHOLE_NUMBER);
            return None;
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            read => {
                let message = words::BETWEEN
                    .with("key", key)
                    .with("from", range.start().to_string())
                    .with("to", range.end().to_string());
                let low =
                    read.map_or_else(|_| integer.as_str().starts_with('-'), |read| read < *range.start());
                let nearest = if low { range.start() } else { range.end() };
                let hint = words::WRITE_LIKE.with("example", format!("{key} = {nearest}"));
                reader.refuse(value.span(), message, Some(hint));
                None
            }
        }
    }

    /// Yes or no.
    pub fn truth(&self, reader: &mut Reader<'_>, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong(reader, key, value, words::TRUE_OR_FALSE);
        }
        truth
    }

    /// A list of texts.
    pub fn words(&self, reader: &mut Reader<'_>, key: &str) -> Option<At<Vec<At<String>>>> {
        let value = self.get(key)?;
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(reader, key, value, words::A_LIST_OF_TEXTS);
            return None;
        };
        let mut words = Vec::new();
        for item in list {
            match item.get_ref().as_str() {
                Some(text) => words.push(At { value: text.to_owned(), span: item.span() }),
                None => self.wrong(reader, key, item, words::A_LIST_OF_TEXTS),
            }
        }
        Some(At { value: words, span: value.span() })
    }

    /// A table.
    pub fn table(&self, reader: &mut Reader<'_>, key: &str) -> Option<&'a DeTable<'t>> {
        let value = self.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(reader, key, value, words::A_TABLE);
        }
        table
    }

    /// The place of a key, for what is wrong with it together with others.
    pub fn place(&self, key: &str) -> Option<Range<usize>> {
        self.get(key).map(Spanned::span)
    }
}

/// A value that has to be a table; `name` is the path of its key. Another one is refused.
pub fn table_of<'a, 't>(
    reader: &mut Reader<'_>,
    value: &'a Spanned<DeValue<'t>>,
    name: impl Into<String>,
) -> Option<&'a DeTable<'t>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        let name = name.into();
        let hint = words::NAME_LIKE.with("name", name.clone());
        let message = words::NOT_A.with("name", name).with("wanted", words::A_TABLE);
        reader.refuse(value.span(), message.with("kind", kind(value.get_ref())), Some(hint));
    }
    table
}

/// The entries of a table whose keys are free, in the order of the file.
pub fn entries<'a, 't>(table: &'a DeTable<'t>) -> Vec<(At<&'a str>, &'a Spanned<DeValue<'t>>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (At { value: key.get_ref().as_ref(), span: key.span() }, value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    entries
}

/// What a value is, in words.
pub fn kind(value: &DeValue<'_>) -> Word {
    match value {
        DeValue::String(_) => words::A_TEXT,
        DeValue::Integer(_) => words::A_WHOLE_NUMBER,
        DeValue::Float(_) => words::A_FRACTION,
        DeValue::Boolean(_) => words::TRUE_OR_FALSE,
        DeValue::Datetime(_) => words::A_DATE,
        DeValue::Array(_) => words::A_LIST,
        DeValue::Table(_) => words::A_TABLE,
    }
}

/// What to do where the text is no TOML, by what its reader says of it.
fn remedy(said: &str) -> Word {
    let about = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if about(&["duplicate key"]) {
        words::DEFINES_TWICE
    } else if about(&["escape"]) {
        words::ESCAPES
    } else if about(&["unclosed table", "table header"]) {
        words::CLOSE_TABLE
    } else if about(&["unclosed array", "array"]) {
        words::CLOSE_LIST
    } else if about(&["string", "quote"]) {
        words::CLOSE_QUOTE
    } else {
        words::KEY_VALUE
    }
}

/// How a value of a kind is written.
fn like(key: &str, wanted: Word) -> Line {
    if wanted == words::A_TABLE {
        return words::NAME_LIKE.with("name", key);
    }
    let value = if wanted == words::A_WHOLE_NUMBER {
        "10"
    } else if wanted == words::TRUE_OR_FALSE {
        "true"
    } else if wanted == words::A_LIST_OF_TEXTS {
        "[\"…\"]"
    } else if wanted == words::A_LIST {
        "[…]"
    } else {
        "\"…\""
    };
    words::WRITE_LIKE.with("example", format!("{key} = {value}"))
}

/// The name that was probably meant, where one is near enough.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed.to_lowercase(), name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// A name in quotation marks, harmless to show.
pub fn quoted(name: &str) -> String {
    format!("{name:?}")
}

/// The name that was probably meant.
pub fn meant(word: Word, name: &str) -> Line {
    word.with("name", quoted(name))
}
