//! What can be typed next: keys, then their values, by prefix, by other names or by pinyin.

use std::ops::Range;

use super::ast::quote;
use super::date;
use super::lexer::ascii;
use super::scope::{KeyKind, KeySpec, Scope};
use super::{fold, pinyin_matches};
use crate::insight::Segment;

/// Something that can be put into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it replaces; it ends at the cursor.
    pub span: Range<usize>,
    /// What is put there, quoted where it must be.
    pub insert: String,
    /// What is shown of it.
    pub label: String,
    /// What it is.
    pub help: Help,
}

/// A line about a completion, in both languages; empty where the label says it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Help {
    fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
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

/// At most so many names are asked for.
const NAMES: usize = 50;
/// At most so many tags are offered for a word that has no key.
const TAGS: usize = 5;

/// What can be typed at byte `cursor` of `text`, best first.
pub fn complete(scope: Scope, text: &str, cursor: usize, values: &dyn Values) -> Vec<Completion> {
    let before = &text[..text.floor_char_boundary(cursor.min(text.len()))];
    let place = Place::find(before);
    let mut found = match place.key {
        Some(name) => {
            scope.key(&before[name]).map_or_else(Vec::new, |key| of_value(key, &place.typed, values))
        }
        None if place.quoted => Vec::new(),
        None => of_key(scope, &place.typed, values),
    };
    // What is there already needs no completing.
    found.retain(|(_, insert, ..)| *insert != before[place.start..]);
    let mut completions: Vec<Completion> = Vec::new();
    for (_, insert, label, help) in ranked(found) {
        if completions.iter().all(|known| known.insert != insert) {
            completions.push(Completion { span: place.start..before.len(), insert, label, help });
        }
    }
    completions
}

/// What the cursor stands in.
struct Place {
    /// Bytes of the key, where there is one.
    key: Option<Range<usize>>,
    /// First byte of the value or the word.
    start: usize,
    /// What is typed of it, without quotation marks.
    typed: String,
    /// Whether a quotation mark was typed.
    quoted: bool,
}

impl Place {
    fn find(before: &str) -> Self {
        let mut place = Self { key: None, start: 0, typed: String::new(), quoted: false };
        let mut open = false;
        let mut escaped = false;
        let mut word = 0;
        for (at, c) in before.char_indices() {
            let next = at + c.len_utf8();
            let sign = ascii(c);
            if escaped || open && sign != '"' && c != '\\' {
                escaped = false;
                place.typed.push(c);
                continue;
            }
            match sign {
                '\\' if open => escaped = true,
                '"' => {
                    open = !open;
                    place.quoted = true;
                }
                _ if sign.is_whitespace() || matches!(sign, '(' | ')') => {
                    place = Self { key: None, start: next, typed: String::new(), quoted: false };
                    word = next;
                }
                '-' if place.key.is_none() && place.typed.is_empty() && !place.quoted => {
                    place.start = next;
                    word = next;
                }
                ':' if place.key.is_none() && at > word && !place.quoted => {
                    place.key = Some(word..at);
                    place.restart(next);
                }
                ',' if place.key.is_some() => place.restart(next),
                '<' | '>' | '=' | '≤' | '≥' if place.key.is_some() && place.typed.is_empty() => {
                    place.restart(next)
                }
                '.' if place.key.is_some() && place.typed.ends_with('.') => place.restart(next),
                _ => place.typed.push(c),
            }
        }
        place
    }

    fn restart(&mut self, at: usize) {
        self.start = at;
        self.typed.clear();
        self.quoted = false;
    }
}

/// How well it fits (0 best), what is put in, what is shown, what it is.
type Found = (u8, String, String, Help);

/// Best first, otherwise in the order in which they were found.
fn ranked(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|(rank, ..)| *rank);
    found
}

/// How well `typed` fits one of these names; `None` where it does not.
fn fits(typed: &str, name: &str, also: &[&str]) -> Option<u8> {
    let typed = fold(typed);
    if name.starts_with(&typed) {
        return Some(0);
    }
    if also.iter().any(|other| fold(other).starts_with(&typed)) {
        return Some(1);
    }
    let sounds = also.iter().any(|other| pinyin_matches(other, &typed));
    if sounds {
        return Some(2);
    }
    (typed.len() > 1 && name.contains(&typed)).then_some(3)
}

fn of_key(scope: Scope, typed: &str, values: &dyn Values) -> Vec<Found> {
    let mut found = Vec::new();
    for key in scope.keys() {
        // The customer's keys come once one begins to ask for them.
        if key.of_customer && typed.is_empty() {
            continue;
        }
        if let Some(rank) = fits(typed, key.name, key.also) {
            let rank = rank + u8::from(key.of_customer);
            found.push((rank, format!("{}:", key.name), format!("{}:", key.name), Help::new(key.zh, key.en)));
        }
        if typed.is_empty() || key.of_customer {
            continue;
        }
        match key.kind {
            KeyKind::State(states) => {
                for state in states {
                    if let Some(rank) = fits(typed, state.word, state.also) {
                        let insert = format!("{}:{}", key.name, state.word);
                        found.push((4 + rank, insert.clone(), insert, Help::new(state.zh, state.en)));
                    }
                }
            }
            KeyKind::Tag(_) => {
                for name in values.values(key.name, key.kind, typed, TAGS) {
                    let insert = format!("{}:{}", key.name, quote(&name));
                    found.push((3, insert.clone(), insert, Help::new(key.zh, key.en)));
                }
            }
            _ => {}
        }
    }
    found
}

fn of_value(key: &KeySpec, typed: &str, values: &dyn Values) -> Vec<Found> {
    let mut found = Vec::new();
    let plain = |words: &[&str]| {
        let fitting = words.iter().filter(|word| word.starts_with(&fold(typed)));
        fitting.map(|word| (0, (*word).to_owned(), (*word).to_owned(), Help::default())).collect::<Vec<_>>()
    };
    match key.kind {
        KeyKind::Choice(words) | KeyKind::Rank(words) => {
            for word in words {
                if let Some(rank) = fits(typed, word.word, word.also) {
                    let zh = word.also.first().unwrap_or(&word.word);
                    found.push((rank, word.word.to_owned(), word.word.to_owned(), Help::new(zh, word.word)));
                }
            }
        }
        KeyKind::State(states) => {
            for state in states {
                if let Some(rank) = fits(typed, state.word, state.also) {
                    let help = Help::new(state.zh, state.en);
                    found.push((rank, state.word.to_owned(), state.word.to_owned(), help));
                }
            }
        }
        KeyKind::Time { .. } => found = plain(date::OFFERED),
        KeyKind::Birthday => found = plain(&["today", "tomorrow", "today..+7d", "thismonth", "nextmonth"]),
        KeyKind::Score => {
            for segment in Segment::ALL {
                if let Some(rank) = fits(typed, segment.word(), &[segment.zh()]) {
                    let help = Help::new(segment.zh(), segment.word());
                    found.push((rank, segment.word().to_owned(), segment.word().to_owned(), help));
                }
            }
        }
        KeyKind::Ratio | KeyKind::Int | KeyKind::Money | KeyKind::Id => {}
        kind => {
            if matches!(kind, KeyKind::Operator(_)) && fits(typed, "me", &["我"]).is_some() {
                found.push((1, "me".to_owned(), "me".to_owned(), Help::new("我自己", "myself")));
            }
            for name in values.values(key.name, kind, typed, NAMES) {
                let begins = fold(&name).starts_with(&fold(typed));
                found.push((if begins { 0 } else { 2 }, quote(&name), name, Help::default()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Names;

    impl Values for Names {
        fn values(&self, key: &str, kind: KeyKind, prefix: &str, limit: usize) -> Vec<String> {
            let names: &[&str] = match (kind, key) {
                (KeyKind::Tag(_), _) => &["母婴", "VIP", "高 意向", "新客（活动）"],
                (KeyKind::Group(_), _) => &["VIP 1群", "宝妈福利①群"],
                (KeyKind::Operator(_), _) => &["小李", "王芳"],
                (_, "city") => &["杭州", "上海"],
                _ => &[],
            };
            let fitting = names.iter().filter(|name| pinyin_matches(name, prefix));
            fitting.take(limit).map(|name| (*name).to_owned()).collect()
        }
    }

    /// The text with `|` for the cursor, after each completion.
    fn after(text: &str) -> Vec<String> {
        let cursor = text.find('|').unwrap();
        let text = text.replace('|', "");
        let completions = complete(Scope::Customers, &text, cursor, &Names);
        let put = |c: Completion| {
            let mut text = text.clone();
            text.replace_range(c.span, &c.insert);
            text
        };
        completions.into_iter().map(put).collect()
    }

    #[test]
    fn keys_by_prefix_by_their_chinese_name_and_by_pinyin() {
        assert_eq!(after("birt|")[0], "birthday:");
        assert_eq!(after("标|")[0], "tag:");
        assert!(after("biaoq|").contains(&"tag:".to_owned()));
        assert!(after("张三 -(own|").contains(&"张三 -(owner:".to_owned()));
        assert!(after("|").contains(&"stage:".to_owned()));
        assert!(after("overd|").contains(&"is:overdue".to_owned()));
        assert!(after("muy|").contains(&"tag:母婴".to_owned()));
        assert!(after("-my|").contains(&"-tag:母婴".to_owned()));
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        assert_eq!(after("in:VIP|"), ["in:\"VIP 1群\""]);
        assert_eq!(after("in:\"VIP 1|"), ["in:\"VIP 1群\""]);
        assert_eq!(after("tag:VIP,gyx|"), ["tag:VIP,\"高 意向\""]);
        assert_eq!(after("tag：xk|"), ["tag：\"新客（活动）\""]);
        assert_eq!(after("city:hz| is:mine"), ["city:杭州 is:mine"]);
    }

    #[test]
    fn values_of_closed_lists() {
        assert_eq!(after("stage:do|"), ["stage:dormant"]);
        assert_eq!(after("stage:沉|"), ["stage:dormant"]);
        assert_eq!(after("stage:chenshui|"), ["stage:dormant"]);
        assert_eq!(after("is:ov|")[0], "is:overdue");
        assert_eq!(after("owner:m|"), ["owner:me"]);
        assert_eq!(after("contacted:<-3|"), ["contacted:<-30d"]);
        assert_eq!(after("added:-30d..yes|"), ["added:-30d..yesterday"]);
        assert_eq!(after("rfm:重要保|"), ["rfm:at-risk"]);
        assert!(after("nokey:x|").is_empty());
        assert!(after("stage:dormant|").is_empty(), "nothing left to complete");
    }

    #[test]
    fn what_is_offered_parses() {
        for scope in Scope::ALL {
            for key in scope.keys() {
                let text = format!("{}:", key.name);
                for completion in complete(scope, &text, text.len(), &Names) {
                    let whole = text.clone() + &completion.insert;
                    assert!(super::super::parse(scope, &whole).is_ok(), "{scope:?} {whole}");
                }
            }
        }
    }
}
