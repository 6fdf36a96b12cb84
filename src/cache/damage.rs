//! Telling a damaged file at once, and setting it aside under a name that says when.
//!
//! The check looks at the header, the schema and the length of the file, so that it takes the
//! same time whatever its size. What it cannot see shows itself in use, as
//! [`Error::Damaged`](super::Error::Damaged), or to whoever takes the time to [`search`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use rusqlite::Connection;

use super::error::{Doing, Error, Result};
use crate::model::Time;

/// Files that belong to a database beside its own.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Looks for damage that shows without reading the rows.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let doing = "open the cache";
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).doing(doing);
    number("SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE%'")?;
    let pages = number("PRAGMA page_count")?;
    let bytes = pages.saturating_mul(number("PRAGMA page_size")?);
    let log = std::fs::metadata(beside(path, "-wal")).map_or(0, |file| file.len());
    let length = std::fs::metadata(path).map_err(|source| Error::io("look at", path, source))?.len();
    if log == 0 && length < u64::try_from(bytes).unwrap_or(0) {
        return Err(damaged(doing, format!("it should be {bytes} bytes long and is {length}")));
    }
    Ok(())
}

/// Looks through the whole file, for `patience` at most. Says whether it came to the end.
///
/// # Errors
/// [`Error::Damaged`]; otherwise as SQLite says.
pub(super) fn search(connection: &Connection, patience: Duration) -> Result<bool> {
    let doing = "look through the cache";
    let handle = connection.get_interrupt_handle();
    let (done, waiting) = mpsc::channel::<()>();
    let watch = std::thread::Builder::new().name("cache-check".to_owned()).spawn(move || {
        if waiting.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
            handle.interrupt();
        }
    });
    let watch =
        watch.map_err(|source| Error::io("start a thread to check", Path::new("cache.db"), source))?;
    let said = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)).doing(doing);
    drop(done);
    let _ = watch.join(); // it only waits
    match said {
        Ok(said) if said == "ok" => Ok(true),
        Ok(said) => Err(damaged(doing, said)),
        Err(Error::Interrupted) => Ok(false),
        Err(error) => Err(error),
    }
}

fn damaged(doing: &'static str, what: String) -> Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Error::Damaged { doing, source: rusqlite::Error::SqliteFailure(code, Some(what)) }
}

/// Renames the file and its companions, and says how the file is called now. Nothing is deleted.
///
/// # Errors
/// [`Error::Io`] where the file cannot be renamed.
pub(super) fn set_aside(path: &Path, now: Time) -> Result<PathBuf> {
    let stamp: String = Time::from_millis(now.millis)
        .to_string()
        .chars()
        .take("2026-03-17T10:42:00".len())
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let name = |turn: usize| match turn {
        0 => format!("cache.damaged-{stamp}Z.db"),
        _ => format!("cache.damaged-{stamp}Z-{turn}.db"),
    };
    let free = (0..).map(|turn| path.with_file_name(name(turn))).find(|to| !to.exists());
    let to = free.unwrap_or_else(|| path.with_extension("damaged")); // the numbers do not end
    std::fs::rename(path, &to).map_err(|source| Error::io("set aside", path, source))?;
    for companion in COMPANIONS {
        let from = beside(path, companion);
        match std::fs::rename(&from, beside(&to, companion)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io("set aside", &from, source));
            }
            _ => {}
        }
    }
    Ok(to)
}

/// The path with `suffix` at its very end, as SQLite names its own files.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
