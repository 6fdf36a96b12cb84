//! What can be typed next: keys, then their values, by prefix or by pinyin.

use std::ops::Range;

use super::pinyin_matches;
use super::scope::{KeyKind, Scope};

/// Something that can be put into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it replaces.
    pub span: Range<usize>,
    /// What is put there, quoted where it must be.
    pub insert: String,
    /// What is shown of it.
    pub label: String,
    /// What it is.
    pub help: Help,
}

/// A line about a completion, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Where names come from while completing: the cache knows tags, operators, groups, cities.
pub trait Values {
    /// At most `limit` names for a key of this kind that begin with, contain or sound like
    /// `prefix`, the most used first. `key` tells sources from cities, both of kind text.
    fn values(&self, key: &str, kind: KeyKind, prefix: &str, limit: usize) -> Vec<String>;
}

/// Where nothing is known.
impl Values for () {
    fn values(&self, _: &str, _: KeyKind, _: &str, _: usize) -> Vec<String> {
        Vec::new()
    }
}

/// What can be typed at byte `cursor` of `text`, best first.
pub fn complete(scope: Scope, text: &str, cursor: usize, values: &dyn Values) -> Vec<Completion> {
    let _ = values;
    let end = text.floor_char_boundary(cursor.min(text.len()));
    let start = text[..end].rfind([' ', '(', '-']).map_or(0, |at| at + 1);
    let typed = &text[start..end];
    let keys = scope.keys().iter().filter(|key| key.name.starts_with(typed) || pinyin_matches(key.zh, typed));
    keys.map(|key| Completion {
        span: start..end,
        insert: format!("{}:", key.name),
        label: key.name.to_owned(),
        help: Help { zh: key.zh.to_owned(), en: key.en.to_owned() },
    })
    .collect()
}
