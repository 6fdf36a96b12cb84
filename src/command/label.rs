//! What a command was called when it was given, in the language of whoever reads it now.
//!
//! A label is what its command does, in the maker's language, and then names and texts that are the same in
//! every language: so only its beginning is put into the reader's.

use super::{Risk, specs};

/// The label of a command that was planned, in Chinese or English. One of a command that is no more stays
/// as it is.
pub fn label_in(label: &str, zh: bool) -> String {
    let writing = specs().iter().filter(|spec| spec.risk != Risk::Read);
    let rest = |spec: &super::Spec| {
        let rest = label.strip_prefix(spec.says(!zh))?;
        (rest.is_empty() || rest.starts_with(' ')).then_some((rest, spec.says(zh)))
    };
    let found = writing.filter_map(rest).min_by_key(|(rest, _)| rest.len());
    found.map_or_else(|| label.to_owned(), |(rest, says)| format!("{says}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_in_either_language() {
        assert_eq!(label_in("加标签 VIP", false), "add tags VIP");
        assert_eq!(label_in("add tags VIP", true), "加标签 VIP");
        assert_eq!(label_in("add tags 加标签", false), "add tags 加标签");
        assert_eq!(label_in("完成", false), "done");
        assert_eq!(label_in("doneness", true), "doneness");
        assert_eq!(label_in("", true), "");
    }

    #[test]
    fn what_is_said_in_one_language_is_one_thing_in_the_other() {
        let writing = || specs().iter().filter(|spec| spec.risk != Risk::Read);
        for spec in writing() {
            assert_eq!(label_in(spec.zh, false), spec.en);
            assert_eq!(label_in(spec.en, true), spec.zh);
        }
    }
}
