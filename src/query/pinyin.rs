//! How Chinese names sound: the search column, the phone-book order, and typing by pinyin.

use pinyin::ToPinyin;

/// Stands before every reading in the search column.
pub(super) const SEPARATOR: char = '\u{1f}';

/// Text as it is compared: lower case, full-width ASCII and the wide space as ASCII.
pub fn fold(text: &str) -> String {
    text.chars().map(super::lexer::width).flat_map(char::to_lowercase).collect()
}

/// The pinyin search column of a name: every reading from every syllable on, in full and by
/// initials, each after a separator. 张三 gives `zhangsan`, `san`, `zs` and `s`.
pub fn readings(name: &str) -> String {
    let syllables: Vec<&str> = name.chars().filter_map(|c| c.to_pinyin()).map(|p| p.plain()).collect();
    let mut column = String::new();
    for start in 0..syllables.len() {
        column.push(SEPARATOR);
        column.extend(syllables[start..].iter().copied());
        column.push(SEPARATOR);
        column.extend(syllables[start..].iter().filter_map(|s| s.chars().next()));
    }
    column
}

/// What a name is ordered by, as a Chinese phone book does: Han by pinyin, anything else folded.
pub fn sort_key(name: &str) -> String {
    let mut key = String::new();
    for c in fold(name).chars() {
        match c.to_pinyin() {
            Some(sound) => key.push_str(sound.plain()),
            None => key.push(c),
        }
    }
    key
}

/// Whether `typed` means `text`: it occurs in it, or spells it from some syllable on.
pub fn pinyin_matches(text: &str, typed: &str) -> bool {
    let typed = fold(typed);
    fold(text).contains(&typed)
        || super::matches::spoken(&typed).is_some_and(|sound| readings(text).contains(&sound))
}
