//! Reading a damaged database as far as it can be read, without touching it.
//!
//! SQLite stops at the first broken page. A table is therefore walked by its numbers: up to
//! what is broken, then on behind it at the nearest number that can be read, then from there back
//! down to it. Where the header is broken, a copy of the file with a sound one is read.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Row, Statement, params};

use super::damage::{self, beside};
use super::error::Result;
use super::functions;
use super::lease::Lease;
use super::open::uri;
use crate::model::Time;

/// Bytes of a database's header.
const HEADER: usize = 100;

/// A damaged database.
pub(super) struct Wreck {
    connection: Connection,
    /// The copy that is read in its place.
    copy: Option<PathBuf>,
}

/// What a walk through a table came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Walked {
    /// Rows that were taken.
    pub(super) good: usize,
    /// Rows that could be read, and were not taken.
    pub(super) bad: usize,
    /// The lowest and the highest number of a row.
    pub(super) first: i64,
    pub(super) last: i64,
    /// Whether anything was in the way.
    pub(super) hindered: bool,
    /// Whether there may be more behind the last one.
    pub(super) broken: bool,
}

impl Walked {
    /// Rows that were not taken, and those that are missing between the first and the last where
    /// something was in the way or `complete` says that none was ever removed.
    pub(super) fn missing(&self, complete: bool) -> usize {
        if !complete && !self.hindered {
            return self.bad;
        }
        let span = if self.last == 0 { 0 } else { usize::try_from(self.last - self.first + 1).unwrap_or(0) };
        span.saturating_sub(self.good).max(self.bad)
    }
}

/// Takes a row; says whether it was one.
pub(super) type Take<'t> = &'t mut dyn FnMut(i64, &Row<'_>) -> Result<bool>;

/// How a run through a table ended.
enum Run {
    Ended,
    Broke,
}

impl Wreck {
    /// Opens the file at `path`; a sound header is taken from the file at `fresh`.
    pub(super) fn open(path: &Path, fresh: &Path) -> Option<Self> {
        let has_log = |path: &Path| fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
        if damage::check_header(path).is_ok()
            && let Some(connection) = connect(path, has_log(path))
            && connection.prepare("SELECT n FROM audit").is_ok()
        {
            return Some(Self { connection, copy: None });
        }
        if path == fresh {
            return None;
        }
        let copy = path.with_file_name("cache.wreck.db");
        let made = mended_copy(path, &copy, fresh);
        if let Err(error) = &made {
            tracing::warn!(%error, "the damaged cache cannot be copied to be read");
        }
        let connection = made.ok().and_then(|()| connect(&copy, has_log(&copy)));
        match connection {
            Some(connection) => Some(Self { connection, copy: Some(copy) }),
            None => {
                remove(&copy);
                None
            }
        }
    }

    /// Walks a table by `n`, its number, which is the first column that `take` sees; `columns` are
    /// the others.
    ///
    /// # Errors
    /// Those of `take`.
    pub(super) fn walk(&self, table: &str, columns: &str, take: Take<'_>) -> Result<Walked> {
        let mut walked = Walked { first: i64::MAX, ..Walked::default() };
        let sql = |order: &str| {
            format!("SELECT n, {columns} FROM {table} NOT INDEXED WHERE n > ?1 AND n < ?2 ORDER BY n{order}")
        };
        let (Ok(mut up), Ok(mut down)) =
            (self.connection.prepare(&sql("")), self.connection.prepare(&sql(" DESC")))
        else {
            return Ok(Walked { first: 0, broken: true, ..walked });
        };
        let mut past = 0_i64;
        loop {
            if let Run::Ended = run(&mut up, past, i64::MAX, &mut walked, take)? {
                break;
            }
            walked.hindered = true;
            past = past.max(walked.last);
            let next =
                (0..62).find_map(|power| first_behind(&mut up, past.saturating_add((1_i64 << power) - 1)));
            let until = next.flatten().unwrap_or(i64::MAX);
            let down = run(&mut down, past, until, &mut walked, take)?;
            if until == i64::MAX {
                walked.broken |= matches!(down, Run::Broke) && walked.last <= past;
                break;
            }
            past = until - 1;
        }
        walked.first = walked.first.min(walked.last);
        Ok(walked)
    }

    /// The highest number that a table has ever given, as far as that can still be read: a page that
    /// is broken so that it looks empty is noticed by it.
    pub(super) fn numbered(&self, table: &str) -> Option<i64> {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
        self.connection.query_row(sql, [table], |row| row.get(0)).ok()
    }

    /// Walks a table by its key, which is the first column that `take` sees, from both ends.
    ///
    /// # Errors
    /// Those of `take`.
    pub(super) fn walk_keys(
        &self,
        table: &str,
        key: &str,
        columns: &str,
        take: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<Walked> {
        let mut walked = Walked::default();
        let mut keys = BTreeSet::new();
        // First the keys alone: of a row whose text is broken the key may still be read.
        for order in ["", " DESC"] {
            let sql = format!("SELECT {key} FROM {table} ORDER BY {key}{order}");
            let Ok(mut statement) = self.connection.prepare(&sql) else {
                return Ok(Walked { broken: true, ..walked });
            };
            let Ok(mut rows) = statement.query([]) else { continue };
            loop {
                match rows.next() {
                    Ok(Some(row)) => match row.get::<_, String>(0) {
                        Ok(key) => _ = keys.insert(key),
                        Err(_) => walked.bad += 1,
                    },
                    Ok(None) => break,
                    Err(_) => {
                        walked.broken = true;
                        break;
                    }
                }
                if keys.len() + walked.bad > MOST_KEYS {
                    break; // pages that lead to each other
                }
            }
        }
        let sql = format!("SELECT {key}, {columns} FROM {table} WHERE {key} = ?1");
        let Ok(mut statement) = self.connection.prepare(&sql) else {
            return Ok(Walked { broken: true, ..walked });
        };
        for key in keys {
            let Ok(mut rows) = statement.query([key]) else { continue };
            match rows.next() {
                Ok(Some(row)) if take(row)? => walked.good += 1,
                _ => walked.bad += 1,
            }
        }
        Ok(walked)
    }

    /// Who syncs, where that can be read.
    pub(super) fn lease(&self) -> Option<Lease> {
        let read = |row: &Row<'_>| {
            Ok(Lease { holder: row.get(0)?, until: Time::from_millis(row.get(1)?), away: None })
        };
        self.connection.query_row("SELECT holder, until FROM lease WHERE name = 'sync'", [], read).ok()
    }
}

/// More drafts and names than any cache has.
const MOST_KEYS: usize = 10_000_000;

impl Drop for Wreck {
    fn drop(&mut self) {
        if let Some(copy) = &self.copy {
            remove(copy);
        }
    }
}

fn remove(copy: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(copy, suffix)); // it may never have been there
    }
}

/// Opens a file for reading only; tables whose neighbours in the schema are broken can be read.
fn connect(path: &Path, has_log: bool) -> Option<Connection> {
    let alone = if has_log { "" } else { "?immutable=1" };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("{}{alone}", uri(path)), flags).ok()?;
    // Before anything is read: it lets pass what is broken in the schema, and a file that was cut.
    connection.execute_batch("PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF;").ok()?;
    functions::register(&connection).ok()?;
    connection.prepare("SELECT n FROM audit").ok().map(drop)?;
    Some(connection)
}

/// Copies the file with its log, and gives the copy a header like that of a sound file.
fn mended_copy(path: &Path, copy: &Path, fresh: &Path) -> std::io::Result<()> {
    let mut header = [0; HEADER];
    File::open(fresh)?.read_exact(&mut header)?;
    header[28..40].fill(0); // its length, and what is free: SQLite goes by the file
    remove(copy);
    fs::copy(path, copy)?;
    match fs::copy(beside(path, "-wal"), beside(copy, "-wal")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).open(copy)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header)
}

/// Takes rows between two numbers until something is broken.
fn run(
    statement: &mut Statement<'_>,
    past: i64,
    until: i64,
    walked: &mut Walked,
    take: Take<'_>,
) -> Result<Run> {
    let Ok(mut rows) = statement.query(params![past, until]) else { return Ok(Run::Broke) };
    let mut before: Option<(i64, std::cmp::Ordering)> = None;
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(Run::Ended),
            Err(_) => return Ok(Run::Broke),
        };
        let Ok(n) = row.get::<_, i64>(0) else { return Ok(Run::Broke) };
        // Pages that lead to each other give the same rows for ever, or in no order.
        let in_order = match before {
            None => n > past && n < until,
            Some((last, std::cmp::Ordering::Equal)) => n != last,
            Some((last, order)) => n.cmp(&last) == order,
        };
        if !in_order {
            return Ok(Run::Broke);
        }
        before = Some((n, before.map_or(std::cmp::Ordering::Equal, |(last, _)| n.cmp(&last))));
        if take(n, row)? {
            walked.good += 1
        } else {
            walked.bad += 1
        }
        (walked.first, walked.last) = (walked.first.min(n), walked.last.max(n));
    }
}

/// The first number behind one: `None` where it cannot be read, `Some(None)` where there is none.
fn first_behind(statement: &mut Statement<'_>, past: i64) -> Option<Option<i64>> {
    let mut rows = statement.query(params![past, i64::MAX]).ok()?;
    match rows.next() {
        Ok(Some(row)) => row.get(0).ok().filter(|n| *n > past).map(Some),
        Ok(None) => Some(None),
        Err(_) => None,
    }
}
