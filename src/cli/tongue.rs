//! In which language the command line speaks: known before its arguments are read, since what is
//! wrong with them is told in it as well.

use std::ffi::OsString;
use std::path::PathBuf;

use super::site::env;
use crate::config::{LangChoice, Moved, Paths, lang_of};
use crate::i18n::Lang;

/// The language by flag, environment, configuration and locale, in this order. Nothing here can
/// fail: what makes no sense is refused later, in the language that the rest comes to.
pub(super) fn of(args: &[OsString]) -> Lang {
    let word = |word: &str| match word {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    };
    let asked = flag(args, "--lang").or_else(|| env("SIYU_LANG")).as_deref().and_then(word);
    let by_file = || {
        let moved = Moved {
            config: flag(args, "--config").or_else(|| env("SIYU_CONFIG")).map(PathBuf::from),
            cache_dir: flag(args, "--cache-dir").map(PathBuf::from),
        };
        let text = std::fs::read_to_string(Paths::find(&moved)?.config).ok()?;
        match lang_of(&text)? {
            LangChoice::Zh => Some(Lang::Zh),
            LangChoice::En => Some(Lang::En),
            LangChoice::Auto => None,
        }
    };
    Lang::detect(asked.or_else(by_file), env)
}

/// The last value of a flag, as `--flag value` or `--flag=value`.
fn flag(args: &[OsString], name: &str) -> Option<String> {
    let words: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    (1..end).rev().find_map(|at| match words[at].strip_prefix(name)? {
        "" => words.get(at + 1).map(|value| value.clone().into_owned()),
        rest => rest.strip_prefix('=').map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_wherever_it_stands() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let lang = |words: &[&str]| flag(&args(words), "--lang");
        assert_eq!(lang(&["siyu", "list", "--lang", "zh"]).as_deref(), Some("zh"));
        assert_eq!(lang(&["siyu", "--lang=en", "list", "--lang=zh"]).as_deref(), Some("zh"));
        assert_eq!(lang(&["siyu", "list", "--", "--lang=zh"]), None);
        assert_eq!(lang(&["siyu", "--language=zh", "--lang"]), None);
    }
}
