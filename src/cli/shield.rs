//! Words of a filter that begin with `-`, kept from being taken for options.
//!
//! `-wang` and `-tag:VIP` negate, as the filter language has it, and clap would read them as options. So
//! whatever stands where a filter does and is no option of the command is marked before clap sees it, and
//! the mark is taken off again where the filter is read: its text stays as it was typed.

use std::convert::Infallible;
use std::ffi::OsString;

use clap::{Arg, Command};

/// Stands before a word of a filter. Unicode has no such character, and means to have none.
const MARK: char = '\u{fdd0}';

/// Commands whose words are a filter.
const FILTERED: [&str; 2] = ["list", "count"];

/// Marks what negates. Words after a bare `--` stay as they are.
pub(super) fn shield(words: impl IntoIterator<Item = OsString>, command: &Command) -> Vec<OsString> {
    let mut place = Place { command, within: None, value_next: false, open: true };
    words.into_iter().enumerate().map(|(nth, word)| if nth == 0 { word } else { place.pass(word) }).collect()
}

/// A word of a filter as it was typed; never fails.
pub(super) fn laid_bare(word: &str) -> Result<String, Infallible> {
    Ok(word.strip_prefix(MARK).unwrap_or(word).to_owned())
}

/// Where among the words one is.
struct Place<'a> {
    command: &'a Command,
    /// The subcommand, once it was named.
    within: Option<&'a Command>,
    /// The word to come is the value of an option.
    value_next: bool,
    /// No bare `--` was seen.
    open: bool,
}

impl Place<'_> {
    fn pass(&mut self, word: OsString) -> OsString {
        let Some(text) = word.to_str().filter(|_| self.open) else { return word };
        if std::mem::take(&mut self.value_next) {
            return word;
        }
        if text == "--" {
            self.open = false;
        } else if let Some(long) = text.strip_prefix("--") {
            let mut options = self.options();
            let takes = options.any(|arg| takes_value(arg) && arg.get_long() == Some(long));
            drop(options);
            self.value_next = takes;
        } else if let Some(short) = text.strip_prefix('-').filter(|short| !short.is_empty()) {
            if self.within.is_some_and(|command| FILTERED.contains(&command.get_name()))
                && !self.is_option(short)
            {
                return format!("{MARK}{text}").into();
            }
            self.value_next = short.chars().count() == 1 && self.short(short).is_some_and(takes_value);
        } else if self.within.is_none() {
            self.within = self.command.find_subcommand(text);
        }
        word
    }

    fn options(&self) -> impl Iterator<Item = &Arg> {
        let own = self.within.into_iter().flat_map(Command::get_arguments);
        self.command.get_arguments().chain(own)
    }

    fn short(&self, letters: &str) -> Option<&Arg> {
        let letter = letters.chars().next()?;
        self.options().find(|arg| arg.get_short() == Some(letter))
    }

    /// Whether the letters behind a `-` are options, one or several that are mere flags; a value is not
    /// written right behind its letter, since `-ouyang` negates.
    fn is_option(&self, letters: &str) -> bool {
        let is_flag = |letter: char| {
            matches!(letter, 'h' | 'V')
                || self.options().any(|arg| arg.get_short() == Some(letter) && !takes_value(arg))
        };
        match letters.split_once('=') {
            Some((letter, _)) => letter.chars().count() == 1 && self.short(letter).is_some(),
            None if letters.chars().count() == 1 => {
                self.short(letters).is_some() || letters.chars().all(is_flag)
            }
            None => letters.chars().all(is_flag),
        }
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::cli::{Cli, What};

    /// The filter that a line comes to.
    fn filter(line: &[&str]) -> Vec<String> {
        let words = shield(std::iter::once(&"siyu").chain(line).map(Into::into), &Cli::command());
        let matches = Cli::command().try_get_matches_from(words).unwrap();
        match Cli::from_arg_matches(&matches).unwrap().what {
            Some(What::List(args)) => args.filter,
            Some(What::Count(args)) => args.filter,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_negates_is_no_option_and_stays_as_it_was_typed() {
        for word in [
            "-wang",
            "-frob",
            "-ouyang",
            "-tag:VIP",
            "-杭州",
            "-\"a b\"",
            "-(a",
            "-138",
            "-x",
            "－王",
            "-stge:lead",
        ] {
            for command in ["list", "count"] {
                assert_eq!(filter(&[command, "customers", word]), [word]);
                assert_eq!(filter(&["--lang", "en", command, "customers", "-v", word, "b"]), [word, "b"]);
                assert_eq!(filter(&[command, "customers", "--", word]), [word]);
            }
        }
    }

    #[test]
    fn options_stay_options_and_their_values_values() {
        let line =
            ["list", "customers", "-a", "--sort", "-ltv", "--limit", "2", "-vv", "-o", "-x.csv", "--lang=en"];
        assert!(
            !filter(&["list", "customers", "-a", "--sort", "-ltv", "--limit", "2", "-vv", "--lang=en"])
                .contains(&"-ltv".to_owned())
        );
        let words = shield(std::iter::once(&"siyu").chain(&line).map(Into::into), &Cli::command());
        let changed: Vec<_> =
            words[1..].iter().zip(line).filter(|(word, typed)| word.as_os_str() != *typed).collect();
        assert_eq!(changed.len(), 1, "{changed:?}");
        let words = |line: &[&str]| {
            shield(line.iter().map(Into::into), &Cli::command())
                == line.iter().map(OsString::from).collect::<Vec<_>>()
        };
        assert!(words(&["siyu", "do", "undo", "-wang"]) && words(&["siyu", "-wang", "list"]));
        assert!(words(&["siyu", "list", "customers", "--limt", "--config", "-x"]));
    }
}
