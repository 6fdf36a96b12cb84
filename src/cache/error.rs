//! What can go wrong with the cache, by what the operator can do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::shortage::Shortage;

/// Why nothing that an operator writes is taken, in [`Error::Refused`].
pub const READ_ONLY: &str = "the console is read-only";

/// A result of this room.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the cache could not be read or written. `doing` always completes "cannot …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no cache yet.
    #[error("there is no cache at {}: run `siyu sync` first", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The cache was written by a later version of the program.
    #[error(
        "the cache at {} was made by a newer siyu (its format is {found}, this one knows {known}): \
         update siyu, or point --cache-dir elsewhere",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The latest format that this program knows.
        known: i64,
    },
    /// The cache was written by an earlier version of the program, and cannot be brought to this one.
    #[error("the cache is of an earlier siyu, and its folder cannot be written: make it writable once")]
    Older,
    /// The file is a database, but of another program.
    #[error("{} is a database of another program: point --cache-dir elsewhere", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged; what it held can be pulled again.
    #[error("cannot {doing}: the cache is damaged ({source})")]
    Damaged {
        /// What was attempted.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The disk, or the quota, is full.
    #[error("cannot {doing}: {why}")]
    Full {
        /// What was attempted.
        doing: &'static str,
        /// What is used up.
        why: Shortage,
    },
    /// The folder or the file does not let itself be written.
    #[error("cannot {doing}: the cache is read-only")]
    ReadOnly {
        /// What was attempted.
        doing: &'static str,
    },
    /// The operator may not write: the console is read-only, or the write is not in a state for it.
    #[error("cannot {doing}: {why}")]
    Refused {
        /// What was attempted.
        doing: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// There is nothing to undo, or nothing to redo.
    #[error("there is nothing to {doing}")]
    Nothing {
        /// What was attempted.
        doing: &'static str,
    },
    /// Another process kept the cache locked for longer than the busy time.
    #[error("cannot {doing}: another siyu keeps the cache busy")]
    Busy {
        /// What was attempted.
        doing: &'static str,
    },
    /// Another process has set the file aside: nothing was written to it.
    #[error("another siyu has set the damaged cache aside: nothing was written, try again")]
    Replaced,
    /// The file is damaged, and another process works with it.
    #[error("the cache is damaged, and process {process} works with it: end that siyu, then try again")]
    Held {
        /// Its number, and its machine where that is another.
        process: String,
    },
    /// The question was taken back by its [`super::InterruptHandle`].
    #[error("interrupted")]
    Interrupted,
    /// The program was built with an SQLite that can corrupt its own log.
    #[error("SQLite {found} is too old: two connections may corrupt the cache before 3.51.3")]
    OldSqlite {
        /// The version that was linked.
        found: &'static str,
    },
    /// A file or folder could not be made, renamed or read.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A stored record no longer reads as one.
    #[error("cannot read the stored {what} {id}: {source}")]
    Record {
        /// Its kind.
        what: &'static str,
        /// Its key.
        id: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// What a caller writes rows to did not take them.
    #[error(transparent)]
    Output(std::io::Error),
    /// Anything else that SQLite said.
    #[error("cannot {doing}: {source}")]
    Sqlite {
        /// What was attempted.
        doing: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl Error {
    /// Whether the file should be set aside; see [`super::Cache::replace`]. What was written as a
    /// record and is none any more is damage too.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Record { .. })
    }

    pub(super) fn sqlite(doing: &'static str, source: rusqlite::Error) -> Self {
        // A value that cannot be what siyu wrote: bytes have rotted where SQLite does not look.
        if matches!(
            source,
            rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
        ) {
            return Self::Damaged { doing, source };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { doing, source },
            Some(ErrorCode::DiskFull) => Self::Full { doing, why: Shortage::Disk },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { doing },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { doing },
            Some(ErrorCode::OperationInterrupted) => Self::Interrupted,
            _ => Self::Sqlite { doing, source },
        }
    }

    /// Damage that SQLite does not see.
    pub(super) fn damaged(doing: &'static str, words: String) -> Self {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        Self::Damaged { doing, source: rusqlite::Error::SqliteFailure(code, Some(words)) }
    }

    pub(super) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), source }
    }
}

/// Says what was attempted when SQLite refuses.
pub(super) trait Doing<T> {
    /// `doing` completes "cannot …".
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| Error::sqlite(doing, source))
    }
}
