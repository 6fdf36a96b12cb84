//! What a damaged database still gives away of all that cannot be pulled again: the audit, what can
//! be undone, what operators wrote, drafts.
//!
//! ```text
//! damaged file ──opened for reading only──▶ table by table, row by row ──▶ fresh file
//! ```
//!
//! The damaged file is never written to. A row that cannot be read, or says what no row can, is
//! left and counted; the rows around it are taken. Open writes come over as they stand. Those that
//! the [`journal`](super::journal) has otherwise are put right by [`salvage`](super::salvage);
//! those that it does not know may have been sent, and are looked for first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, TransactionBehavior, params, params_from_iter};

use super::entry::{COLUMNS, End, Entry};
use super::journal::Journal;
use super::salvage::{Standing, moment_of};
use super::truth;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::cache::wreck::{Walked, Wreck};
use crate::cache::writer::known_stages;
use crate::model::{Time, Write, WriteState};

const DOING: &str = "bring over what the damaged cache has";

/// How much of a kind was brought over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Rows that are in the fresh file.
    pub kept: usize,
    /// Rows that are known to have been there and cannot be read.
    pub lost: usize,
    /// Whether there may have been more of which nothing is known.
    pub broken: bool,
}

impl Share {
    fn of(walked: Walked) -> Self {
        Self { kept: walked.good, lost: walked.missing(false), broken: walked.broken }
    }

    /// Whether all of it was brought over.
    pub fn is_whole(&self) -> bool {
        self.lost == 0 && !self.broken
    }
}

/// What was brought over from a damaged file, beside the writes that are still open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Lines of the audit.
    pub audit: Share,
    /// Commands that can be taken back.
    pub commands: Share,
    /// Writes, settled or not.
    pub writes: Share,
    /// Texts that were begun.
    pub drafts: Share,
}

/// What a damaged file gave away.
#[derive(Debug, Default)]
pub(in crate::cache) struct Rescued {
    pub(super) brought: Brought,
    /// Open writes, and what the operator calls them.
    pub(super) names: BTreeMap<i64, String>,
}

/// Brings what can be read of the damaged file at `path` into a fresh one, which lies at `fresh`.
///
/// # Errors
/// As SQLite says of the fresh file. That something cannot be read is none.
pub(in crate::cache) fn rescue(
    path: &Path,
    connection: &mut Connection,
    fresh: &Path,
    now: Time,
) -> Result<Rescued> {
    let Some(wreck) = Wreck::open(path, fresh) else {
        let nothing = Share { broken: true, ..Share::default() };
        let brought = Brought { audit: nothing, commands: nothing, writes: nothing, drafts: nothing };
        return Ok(Rescued { brought, names: BTreeMap::new() });
    };
    let found = Journal::beside(path).read()?;
    let standing = Standing::of(&found, None);
    let moment = moment_of(now);
    let stages = known_stages(connection)?.unwrap_or_default();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(DOING)?;
    let mut ledger = Ledger::new(&transaction, &moment, &stages);
    local_ids(&wreck, &ledger)?;
    let brought = Brought {
        audit: audit(&wreck, &ledger)?,
        commands: commands(&wreck, &ledger)?,
        drafts: drafts(&wreck, &ledger)?,
        writes: writes(&wreck, &mut ledger, &standing)?,
    };
    ledger.settle()?;
    transaction.commit().doing(DOING)?;
    Ok(Rescued { brought, names: names(&wreck) })
}

/// The lines of the audit under their numbers. A text of which bytes have rotted is still a text.
fn audit(wreck: &Wreck, ledger: &Ledger<'_>) -> Result<Share> {
    let columns = "at, operator, account, peer, command, batch, resource, record, name, what, before, after";
    let sql = format!(
        "INSERT OR IGNORE INTO audit (n, {columns}) VALUES (?1, ?2, ?3, coalesce(?4, ''), ?5, coalesce(?6, ''), \
         ?7, ?8, ?9, ?10, coalesce(?11, ''), ?12, ?13)"
    );
    let walked = wreck.walk("audit", columns, &mut |n, row| {
        let Ok(at) = row.get::<_, i64>(1) else { return Ok(false) };
        let texts = (2..13).map(|column| legible(row, column));
        let values = [Value::Integer(n), Value::Integer(at)].into_iter().chain(texts);
        ledger.statement(&sql)?.execute(params_from_iter(values)).doing(DOING)?;
        Ok(true)
    })?;
    // None is ever removed: those after the last one that was found have been there as well.
    let last = wreck.numbered("audit").unwrap_or(0).max(walked.last);
    let lost = Walked { first: last.min(1), last, ..walked }.missing(true);
    Ok(Share { lost, ..Share::of(walked) })
}

/// A text as far as it can be read.
fn legible(row: &Row<'_>, column: usize) -> Value {
    use rusqlite::types::ValueRef;
    match row.get_ref(column) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => {
            Value::Text(String::from_utf8_lossy(bytes).into_owned())
        }
        Ok(ValueRef::Integer(number)) => Value::Text(number.to_string()),
        Ok(ValueRef::Real(number)) => Value::Text(number.to_string()),
        Ok(ValueRef::Null) | Err(_) => Value::Null,
    }
}

/// What can be taken back, or done again.
fn commands(wreck: &Wreck, ledger: &Ledger<'_>) -> Result<Share> {
    let columns = "batch, command, label, at, operator, account, peer, state";
    let sql =
        format!("INSERT OR IGNORE INTO batches (n, {columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    let walked = wreck.walk("batches", columns, &mut |_, row| {
        let sound = matches!(row.get::<_, String>(8).as_deref(), Ok("done" | "undone" | "gone"))
            && row.get::<_, i64>(4).is_ok()
            && [1, 2, 3, 6].into_iter().all(|column| row.get::<_, String>(column).is_ok())
            && [5, 7].into_iter().all(|column| row.get::<_, Option<String>>(column).is_ok());
        if sound { copy(row, 9, &sql, ledger) } else { Ok(false) }
    })?;
    Ok(Share::of(walked))
}

/// Copies a row as it is; says whether it was one.
fn copy(row: &Row<'_>, columns: usize, sql: &str, ledger: &Ledger<'_>) -> Result<bool> {
    let values: rusqlite::Result<Vec<Value>> = (0..columns).map(|column| row.get(column)).collect();
    let Ok(values) = values else { return Ok(false) };
    let added = ledger.statement(sql)?.execute(params_from_iter(values)).doing(DOING)?;
    Ok(added == 1)
}

/// What the backend called records that were made here.
fn local_ids(wreck: &Wreck, ledger: &Ledger<'_>) -> Result<Share> {
    let sql = "INSERT OR IGNORE INTO local_ids (local, resource, id) VALUES (?1, ?2, ?3)";
    let walked = wreck.walk_keys("local_ids", "local", "resource, id", &mut |row| {
        let sound = (0..3).all(|column| row.get::<_, String>(column).is_ok());
        if sound { copy(row, 3, sql, ledger) } else { Ok(false) }
    })?;
    Ok(Share::of(walked))
}

fn drafts(wreck: &Wreck, ledger: &Ledger<'_>) -> Result<Share> {
    let sql = "INSERT OR IGNORE INTO drafts (key, text, at) VALUES (?1, ?2, ?3)";
    let walked = wreck.walk_keys("drafts", "key", "text, at", &mut |row| {
        let (Ok(key), Value::Text(text)) = (row.get::<_, String>(0), legible(row, 1)) else {
            return Ok(false);
        };
        let at = row.get::<_, i64>(2).unwrap_or(ledger.moment.now.millis);
        Ok(ledger.run(sql, params![key, text, at])? == 1)
    })?;
    Ok(Share::of(walked))
}

/// Columns of the outbox behind those that an [`Entry`] is read from.
const MORE: &str = "lane, next_at, words, status, theirs, held, settled_at, undoes, back";

/// The outbox, row by row, where each is one that could have been written.
fn writes(wreck: &Wreck, ledger: &mut Ledger<'_>, standing: &Standing) -> Result<Share> {
    let count = COLUMNS.split(',').count() + MORE.split(',').count();
    let places: Vec<String> = (1..=count).map(|place| format!("?{place}")).collect();
    let sql = format!("INSERT OR IGNORE INTO outbox ({COLUMNS}, {MORE}) VALUES ({})", places.join(", "));
    let columns = format!("{COLUMNS}, {MORE}");
    let columns = columns.trim_start_matches("n, ");
    let mut open = Vec::new();
    let walked = wreck.walk("outbox", columns, &mut |n, row| {
        let Some(entry) = sound(row) else { return Ok(false) };
        if !copy(row, count, &sql, ledger)? {
            return Ok(false);
        }
        if entry.open {
            open.push((n, entry));
        }
        Ok(true)
    })?;
    let mut touched = BTreeSet::new();
    for (n, entry) in open {
        // As nobody knows whether it was sent since, it is looked for first.
        if entry.state == Some(WriteState::Sending) || !standing.knows(n) {
            ledger.run(
                "UPDATE outbox SET state = 'unknown', doubt = 2, next_at = NULL, sent_at = coalesce(sent_at, made_at) \
                 WHERE n = ?1 AND state IN ('queued', 'sending', 'unknown')",
                params![n],
            )?;
        }
        truth::keep(ledger, entry.resource, &entry.record, None)?;
        touched.insert((entry.resource, entry.record));
    }
    for (resource, id) in touched {
        truth::lay(ledger, resource, &id, None)?;
    }
    Ok(Share::of(walked))
}

/// The write of a row, where all of it says what a row can say.
fn sound(row: &Row<'_>) -> Option<Entry> {
    let entry = Entry::read(row).ok()?;
    let more = COLUMNS.split(',').count();
    let state: String = row.get(10).ok()?;
    let stands = match entry.open {
        true => WriteState::OVER.iter().any(|over| over.word() == state),
        false => End::parse(&state).is_some(),
    };
    let numbers = [1, 3, 6, 7].into_iter().all(|at| row.get::<_, Option<i64>>(more + at).is_ok());
    let flags = [5, 8].into_iter().all(|at| row.get::<_, bool>(more + at).is_ok());
    let theirs: Option<String> = row.get(more + 4).ok()?;
    let reads = |text: String| serde_json::from_str::<serde_json::Map<_, serde_json::Value>>(&text).is_ok();
    let sound = stands
        && row.get::<_, String>(3).is_ok_and(|name| name == entry.write.resource.name())
        && row.get::<_, String>(more).is_ok_and(|lane| lane == entry.write.lane())
        && row.get::<_, Option<String>>(more + 2).is_ok()
        && numbers
        && flags
        && theirs.is_none_or(reads);
    sound.then_some(entry)
}

/// What the operator calls the writes that are open, as far as that can be read.
fn names(wreck: &Wreck) -> BTreeMap<i64, String> {
    let mut names = BTreeMap::new();
    let walked = wreck.walk("outbox", "name, write, open", &mut |n, row| {
        let (Ok(name), Ok(true)) = (row.get::<_, String>(1), row.get::<_, bool>(3)) else { return Ok(false) };
        let write = row.get::<_, String>(2).ok().and_then(|text| serde_json::from_str::<Write>(&text).ok());
        let about = write.map(|write| write.fields().join(", ")).filter(|about| !about.is_empty());
        names.insert(n, about.map_or(name.clone(), |about| format!("{name}: {about}")));
        Ok(true)
    });
    drop(walked); // nothing is written, and what cannot be read is left
    names
}

/// The process that works with a damaged file, where it can be read and is another one.
pub(in crate::cache) fn holder(path: &Path, now: Time) -> Option<String> {
    let wreck = Wreck::open(path, path)?;
    wreck.lease().and_then(|lease| lease.other(now))
}
