//! Telling a damaged file at once, and setting it aside under a name that says when.
//!
//! The checks look at the header, the schema and the length of the file, so that they take the
//! same time whatever its size. What it cannot see shows itself in use, as
//! [`Error::Damaged`](super::Error::Damaged), or to whoever takes the time to [`search`].

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use rusqlite::Connection;

use super::error::{Doing, Error, Result};
use super::migrate;
use crate::model::Time;

/// Files that belong to a database beside its own.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Bytes of a database's header.
const HEADER: u64 = 100;

/// Looks at the header of a file, before SQLite does: what it takes for a database that is not to
/// be written, or in another encoding, is damaged too.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn check_header(path: &Path) -> Result<()> {
    let mut header = [0; 100];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    if read.is_err() {
        return Ok(()); // a new one is empty; SQLite says what is wrong with a short one
    }
    let sound = header[18..20].iter().all(|version| matches!(version, 1 | 2))
        && header[20..24] == [0, 64, 32, 32]
        && header[56..60] == [0, 0, 0, 1];
    let words = || "its header is no database's".to_owned();
    if sound { Ok(()) } else { Err(Error::damaged("open the cache", words())) }
}

/// Whether the file is too short for a database, or not there, though there was one: `was` says that one
/// was made here before. A log without its file tells of one too.
pub(super) fn is_hollow(path: &Path, was: bool) -> bool {
    let length = |path: &Path| std::fs::metadata(path).map(|file| file.len()).ok();
    let has_log = || length(&beside(path, "-wal")).is_some_and(|log| log > 0);
    match length(path) {
        None => has_log(),
        Some(0) => was || has_log(),
        Some(bytes) => bytes < HEADER,
    }
}

/// Looks for damage that shows without reading the rows, in a file of the format that this program
/// writes.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let doing = "open the cache";
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).doing(doing);
    if schema(connection)? != migrate::schema()? {
        return Err(Error::damaged(doing, "its tables are not as they were made".to_owned()));
    }
    let pages = number("PRAGMA page_count")?;
    let bytes = pages.saturating_mul(number("PRAGMA page_size")?);
    let log = std::fs::metadata(beside(path, "-wal")).map_or(0, |file| file.len());
    let length = std::fs::metadata(path).map_err(|source| Error::io("look at", path, source))?.len();
    if log == 0 && length < u64::try_from(bytes).unwrap_or(0) {
        return Err(Error::damaged(doing, format!("it should be {bytes} bytes long and is {length}")));
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
        Ok(said) => Err(Error::damaged(doing, said)),
        Err(Error::Interrupted) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What the tables, indexes and triggers of a database are made by.
pub(super) fn schema(connection: &Connection) -> Result<Vec<(String, String, String)>> {
    let doing = "open the cache";
    let sql = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name";
    let mut statement = connection.prepare(sql).doing(doing)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).doing(doing)?;
    match rows.collect::<rusqlite::Result<_>>() {
        // A text that is none, or none at all.
        Err(source @ (rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::Utf8Error(..))) => {
            Err(Error::Damaged { doing, source })
        }
        read => read.doing(doing),
    }
}

/// Renames the file and its companions, and says how the file is called now. Nothing is deleted.
///
/// # Errors
/// [`Error::Io`] where the file cannot be renamed.
pub(super) fn set_aside(path: &Path, now: Time) -> Result<PathBuf> {
    let to = free_name(path, ("cache.damaged", "db"), now);
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

/// A name beside `path` that is not taken, by the time: `STEM-20260317T104200Z.EXTENSION`.
pub(super) fn free_name(path: &Path, (stem, extension): (&str, &str), now: Time) -> PathBuf {
    let stamp: String = Time::from_millis(now.millis)
        .to_string()
        .chars()
        .take("2026-03-17T10:42:00".len())
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let name = |turn: usize| match turn {
        0 => format!("{stem}-{stamp}Z.{extension}"),
        _ => format!("{stem}-{stamp}Z-{turn}.{extension}"),
    };
    let free = (0..).map(|turn| path.with_file_name(name(turn))).find(|to| !to.exists());
    free.unwrap_or_else(|| path.with_extension("damaged")) // the numbers do not end
}

/// The path with `suffix` at its very end, as SQLite names its own files.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
