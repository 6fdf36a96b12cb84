//! Where a token is, as somebody says it in a line. What is typed there may be the token itself, pasted by
//! mistake: it is told apart, so that nobody shows it, keeps it or asks the environment for it.

use crate::i18n::Line;
use crate::i18n::words::config as words;

/// Characters of an environment variable's name, at most.
const LONGEST_NAME: usize = 40;
/// Characters of a part of such a name that has figures in it, at most.
const LONGEST_PART: usize = 15;

/// Where a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSaid<'a> {
    /// There is none.
    Nowhere,
    /// An environment variable: `NAME` or `env NAME`.
    Env(&'a str),
    /// A file: `file PATH`.
    File(&'a str),
    /// A program and its arguments: `command PROGRAM ARG …`.
    Command(Vec<&'a str>),
    /// An entry of the keyring: `keyring SERVICE/ACCOUNT`.
    Keyring(&'a str),
}

impl<'a> TokenSaid<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it; nothing of the line is repeated.
    pub fn read(line: &'a str) -> Result<Self, Line> {
        let line = line.trim();
        let (kind, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        match (kind, rest.trim()) {
            ("", "") => Ok(Self::Nowhere),
            ("file" | "command" | "keyring" | "env", "") => Err(words::TOKEN_SAID.into()),
            ("file", path) => Ok(Self::File(path)),
            ("command", command) => Ok(Self::Command(command.split_whitespace().collect())),
            ("keyring", entry) => match entry.split_once('/') {
                Some((service, account)) if !service.is_empty() && !account.is_empty() => {
                    Ok(Self::Keyring(entry))
                }
                _ => Err(words::KEYRING_ENTRY.into()),
            },
            ("env", name) if is_name(name) => Ok(Self::Env(name)),
            (name, "") if is_name(name) => Ok(Self::Env(name)),
            _ => Err(words::TOKEN_ITSELF.into()),
        }
    }

    /// Whether a line is better not shown: it says none of the above, and may be a token.
    pub fn hides(line: &str) -> bool {
        let line = line.trim();
        let (kind, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        match kind {
            "file" | "command" | "keyring" => false,
            "env" => !rest.trim().is_empty() && !is_name(rest.trim()),
            _ => !line.is_empty() && !is_name(line),
        }
    }
}

/// Whether it is what a variable of the environment is called, and no token that happens to look alike.
fn is_name(text: &str) -> bool {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let part = |part: &str| part.len() <= LONGEST_PART || !part.contains(|c: char| c.is_ascii_digit());
    text.len() <= LONGEST_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(bare)
        && text.split('_').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_token_can_be_said() {
        for (line, said) in [
            ("", TokenSaid::Nowhere),
            (" SIYU_TOKEN ", TokenSaid::Env("SIYU_TOKEN")),
            ("env SIYU_TOKEN", TokenSaid::Env("SIYU_TOKEN")),
            ("file ~/a token", TokenSaid::File("~/a token")),
            ("file:/run/token", TokenSaid::File("/run/token")),
            ("command pass show siyu", TokenSaid::Command(vec!["pass", "show", "siyu"])),
            ("keyring siyu/main", TokenSaid::Keyring("siyu/main")),
        ] {
            assert_eq!(TokenSaid::read(line), Ok(said), "{line}");
            assert!(!TokenSaid::hides(line), "{line}");
        }
        for half in ["file", "command ", "keyring", "keyring siyu", "env"] {
            assert!(TokenSaid::read(half).is_err() && !TokenSaid::hides(half), "{half}");
        }
    }

    #[test]
    fn what_may_be_a_token_is_hidden_and_never_repeated() {
        for token in [
            "sk-live-a1b2",
            "Bearer abc",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "a3f1c09be77d4e21",
            "env sk-1",
            "密钥",
            "eyJhbGciOi.eyJzdWIiOi.x",
            "7",
        ] {
            assert!(TokenSaid::hides(token), "{token}");
            let wrong = TokenSaid::read(token).unwrap_err();
            assert!(!wrong.to_string().contains(token), "{wrong}");
        }
    }
}
