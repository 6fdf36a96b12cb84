//! What is used up where the disk takes nothing more.
//!
//! SQLite knows a full disk; of a quota and of a limit of file sizes it says no more than that a
//! write failed. What the system thinks is then asked by writing a little beside the cache.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use rusqlite::ErrorCode;

use super::error::Error;

/// Why nothing more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// The file system is full.
    Disk,
    /// The operator's share of it is used up.
    Quota,
    /// A file may not become larger.
    FileSize,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disk => "no space left for the cache: make room, then try again",
            Self::Quota => {
                "the disk quota leaves no space for the cache: remove files or ask for more, then try again"
            }
            Self::FileSize => {
                "the limit of file sizes leaves no space for the cache: raise `ulimit -f`, then try again"
            }
        })
    }
}

impl Shortage {
    /// By what the system says.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        match error.kind() {
            ErrorKind::StorageFull => Some(Self::Disk),
            ErrorKind::QuotaExceeded => Some(Self::Quota),
            ErrorKind::FileTooLarge => Some(Self::FileSize),
            _ => None,
        }
    }
}

/// Says of a write of SQLite's that failed what is used up, where it is that. `path` is the cache.
pub(super) fn explained(error: Error, path: &Path) -> Error {
    let (doing, source) = match error {
        Error::Sqlite { doing, source } => (doing, source),
        other => return other,
    };
    let failed = source.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
    match failed.then(|| probe(path)).flatten() {
        Some(why) => Error::Full { doing, why },
        None => Error::Sqlite { doing, source },
    }
}

/// Bytes that are written to see whether any can be.
const LITTLE: usize = 64 << 10;

pub(super) fn probe(path: &Path) -> Option<Shortage> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    let largest = [path.to_owned(), super::damage::beside(path, "-wal")]
        .iter()
        .filter_map(|file| fs::metadata(file).ok())
        .map(|file| file.len())
        .max();
    if limit.is_some_and(|limit| largest.unwrap_or(0) + LITTLE as u64 > limit) {
        return Some(Shortage::FileSize);
    }
    let beside = path.with_file_name("cache.probe");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(&[0; LITTLE])?;
        file.sync_all()
    });
    let _ = fs::remove_file(&beside); // it may never have come about
    written.err().as_ref().and_then(Shortage::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_is_only_explained_where_there_is_room_for_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache.db");
        let failed = || {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_WRITE);
            Error::Sqlite { doing: "x", source: rusqlite::Error::SqliteFailure(code, None) }
        };
        assert!(matches!(explained(failed(), &path), Error::Sqlite { .. }), "the disk is broken");
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is left behind");
        let quota = io::Error::from(ErrorKind::QuotaExceeded);
        assert_eq!(Shortage::of(&quota), Some(Shortage::Quota));
    }
}
