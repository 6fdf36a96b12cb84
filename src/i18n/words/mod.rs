//! The tables of words, one file for each place of the console.

/// A line in both languages. `{name}` in it is filled by [`fill`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Tables of words: `NAME "中文", "English";`.
///
/// With `table NAME { … }` the words stand in a list as well, to be found by [`named`].
macro_rules! words {
    ($($name:ident $zh:literal, $en:literal;)* $($(#[$doc:meta])* table $table:ident { $($key:ident $tzh:literal, $ten:literal;)+ })*) => {
        $(
            #[doc = concat!($zh, " / ", $en)]
            pub const $name: $crate::i18n::Word = $crate::i18n::Word { zh: $zh, en: $en };
        )*
        $(
            $(#[$doc])*
            pub const $table: &[(&str, $crate::i18n::Word)] = &[
                $((stringify!($key), $crate::i18n::Word { zh: $tzh, en: $ten })),+
            ];
        )*
        /// All words of this file.
        #[cfg(test)]
        pub(super) fn all() -> Vec<(&'static str, $crate::i18n::Word)> {
            #[allow(unused_mut, reason = "a file may have no tables")]
            let mut all = vec![$((stringify!($name), $name)),*];
            $(all.extend_from_slice($table);)*
            all
        }
    };
}

pub mod columns;
pub mod commands;
pub mod config;
pub mod connector;
pub mod detail;
pub mod doctor;
pub mod doing;
pub mod errors;
pub mod export;
pub mod faults;
pub mod fields;
pub mod first_run;
pub mod footer;
pub mod header;
pub mod help;
pub mod kinds;
pub mod macros;
pub mod manual;
pub mod notices;
pub mod outbox;
pub mod panes;
pub mod pickers;
pub mod sync;
pub mod time;
pub mod triage;
pub mod usage;
pub mod writing;

use super::Lang;

/// The word in a language.
pub fn say(lang: Lang, word: Word) -> &'static str {
    match lang {
        Lang::Zh => word.zh,
        Lang::En => word.en,
    }
}

/// The word of a name in a table, such as `message_in` in [`kinds::EVENTS`].
pub fn named(table: &[(&str, Word)], name: &str) -> Option<Word> {
    table.iter().find(|(key, _)| *key == name).map(|(_, word)| *word)
}

/// The text with its `{name}`s replaced, and `{name|one|many}` by `one` where the value is 1 and by
/// `many` otherwise. A name that is not given stays as it stands, and what is put in is never
/// looked at again.
pub fn fill(text: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (name, forms) =
                name.split_once('|').map_or((name, None), |(name, forms)| (name, Some(forms)));
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (value.to_string(), forms, tail))
        });
        match found {
            Some((value, forms, tail)) => {
                let form = forms.and_then(|forms| forms.split_once('|'));
                let form = form.map(|(one, many)| if value == "1" { one } else { many });
                filled.push_str(form.unwrap_or(&value));
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> Vec<(&'static str, Word)> {
        [
            columns::all(),
            commands::all(),
            config::all(),
            connector::all(),
            detail::all(),
            doctor::all(),
            doing::all(),
            errors::all(),
            export::all(),
            faults::all(),
            fields::all(),
            first_run::all(),
            footer::all(),
            header::all(),
            help::all(),
            kinds::all(),
            macros::all(),
            manual::all(),
            notices::all(),
            outbox::all(),
            panes::all(),
            pickers::all(),
            sync::all(),
            time::all(),
            triage::all(),
            usage::all(),
            writing::all(),
        ]
        .concat()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        let names = text.split('{').skip(1).map(|rest| rest.split_once('}').expect("a { without }").0);
        names.map(|name| name.split('|').next().unwrap_or(name)).collect()
    }

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        for (name, word) in all() {
            assert_eq!(places(word.zh), places(word.en), "{name}");
        }
    }

    #[test]
    fn no_word_is_empty_or_in_the_other_language() {
        let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        for (name, word) in all() {
            assert!(!word.zh.trim().is_empty() && !word.en.trim().is_empty(), "{name}");
            assert!(!han(word.en), "{name}: {}", word.en);
        }
    }

    #[test]
    fn filling_replaces_what_is_named_and_nothing_else() {
        assert_eq!(fill("{n} of {all}", &[("n", &3), ("all", &"{n}")]), "3 of {n}");
        assert_eq!(fill("{x} {", &[("n", &3)]), "{x} {");
        let records = "{n} {n|record|records}";
        assert_eq!(fill(records, &[("n", &1)]), "1 record");
        assert_eq!(fill(records, &[("n", &11)]), "11 records");
    }
}
