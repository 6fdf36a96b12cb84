//! Where a profile's token comes from: the environment, a file, a program, or the keyring.
//!
//! The program is started as it is written, without a shell, and has ten seconds. What it prints
//! is the token; nothing of it is ever repeated in an error.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Secret, keyring, program};

/// Where to get a token from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// No token: a backend on this machine may need none.
    None,
    /// The token itself, from `SIYU_TOKEN`.
    Given(Secret),
    /// An environment variable, by name.
    Env(String),
    /// A file that nobody else can read.
    File(PathBuf),
    /// A program and its arguments.
    Command(Vec<String>),
    /// An entry of the system's keyring.
    Keyring {
        /// What the secret is for.
        service: String,
        /// Whose it is.
        account: String,
    },
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The variable is not there, or no Unicode.
    #[error("token_env: the environment variable `{0}` is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("token_file: reading {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others can read the file.
    #[error("token_file: {} can be read by others: chmod 600 it", .0.display())]
    Exposed(PathBuf),
    /// The program cannot be run, or failed.
    #[error("token_command: `{program}`: {what}")]
    Command {
        /// The program, without its arguments.
        program: String,
        /// What happened.
        what: String,
    },
    /// The keyring does not give it.
    #[error("keyring: `{entry}`: {what}")]
    Keyring {
        /// Service and account.
        entry: String,
        /// What happened.
        what: String,
    },
    /// It gave nothing, or more than a token.
    #[error("{0} gave no token: one line of text is expected")]
    NoToken(&'static str),
}

/// Bytes of a token, at most.
const LONGEST: u64 = 16 << 10;

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl TokenSource {
    /// Gets the token. May take as long as the program does, up to ten seconds: call it where
    /// that holds nobody up.
    ///
    /// # Errors
    /// [`TokenError`] where there should be a token and is none.
    pub fn read(&self) -> Result<Option<Secret>, TokenError> {
        match self {
            Self::None => Ok(None),
            Self::Given(secret) => Ok(Some(secret.clone())),
            Self::Env(name) => {
                let text = std::env::var(name).map_err(|_| TokenError::Unset(name.clone()))?;
                one_line("token_env", &text).map(Some)
            }
            Self::File(path) => one_line("token_file", &read_private(path)?).map(Some),
            Self::Command(argv) => one_line("token_command", &run(argv, PATIENCE)?).map(Some),
            Self::Keyring { service, account } => {
                let entry = format!("{service}/{account}");
                let found = keyring::look_up(service, account);
                let text = found.map_err(|what| TokenError::Keyring { entry, what })?;
                one_line("keyring", &text).map(Some)
            }
        }
    }
}

fn one_line(source: &'static str, text: &str) -> Result<Secret, TokenError> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(TokenError::NoToken(source));
    }
    Ok(Secret::new(text))
}

fn read_private(path: &Path) -> Result<String, TokenError> {
    let wrong = |source| TokenError::File { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(wrong)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata().map_err(wrong)?.permissions().mode() & 0o077 != 0 {
            return Err(TokenError::Exposed(path.to_owned()));
        }
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}

fn run(argv: &[String], patience: Duration) -> Result<String, TokenError> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(TokenError::Command { program: String::new(), what: "the list is empty".to_owned() });
    };
    program::run(program, arguments, None, (LONGEST, patience))
        .map_err(|what| TokenError::Command { program: program.clone(), what })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn token(source: &TokenSource) -> Result<String, String> {
        let secret = source.read().map_err(|error| error.to_string())?;
        Ok(secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default())
    }

    fn command(argv: &[&str]) -> TokenSource {
        TokenSource::Command(argv.iter().map(|&word| word.to_owned()).collect())
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "t0k\n").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(token(&TokenSource::File(path.clone())).unwrap(), "t0k");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(token(&TokenSource::File(path)).unwrap_err().contains("chmod 600"));
    }

    #[test]
    fn a_program_is_run_without_a_shell() {
        assert_eq!(token(&command(&["echo", "$HOME;true"])).unwrap(), "$HOME;true");
        assert!(token(&command(&["false"])).unwrap_err().contains("failed"));
        assert!(token(&command(&["true"])).unwrap_err().contains("no token"));
        assert!(token(&command(&["printf", "a\\nb"])).unwrap_err().contains("one line"));
        assert!(token(&command(&["/no/such/program"])).unwrap_err().contains("cannot be started"));
        assert!(token(&command(&[])).is_err());
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let error = run(&["sleep".to_owned(), "600".to_owned()], Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("longer than"), "{error}");
    }

    #[test]
    fn an_unset_variable_is_named() {
        assert!(
            token(&TokenSource::Env("SIYU_NO_SUCH_TOKEN".into())).unwrap_err().contains("SIYU_NO_SUCH_TOKEN")
        );
        assert_eq!(token(&TokenSource::None).unwrap(), "");
    }
}
