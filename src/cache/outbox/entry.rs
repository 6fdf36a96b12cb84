//! A row of the outbox: how it is queued, read, changed and closed.
//!
//! Every write that enters or leaves the outbox does so through [`queue`] and [`close`].

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};

use super::awaited;
use crate::cache::error::{Doing, Error, Result};
use crate::cache::ledger::Ledger;
use crate::model::{OperatorId, Resource, Time, Write, WriteState};

const DOING: &str = "read the outbox";

/// Whether a write may have reached the backend already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// It has surely not.
    None,
    /// It may have; sent again under its key, nothing happens twice.
    Keyed,
    /// It may have: it is read back before anything is sent.
    Open,
}

/// How a row leaves the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The backend has it.
    Done,
    /// Undo took it before it was sent.
    Withdrawn,
    /// The operator dropped it.
    Discarded,
    /// It was withdrawn, and redo queued it anew.
    Replaced,
}

impl End {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
            Self::Discarded => "discarded",
            Self::Replaced => "replaced",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        let all = [Self::Done, Self::Withdrawn, Self::Discarded, Self::Replaced];
        all.into_iter().find(|end| end.word() == word)
    }
}

/// One write and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) n: i64,
    pub(super) key: String,
    pub(super) batch: String,
    pub(super) resource: Resource,
    /// The record; the backend's name for it once there is one.
    pub(super) record: String,
    pub(super) write: Write,
    /// The values that it overwrites.
    pub(super) image: Map<String, Value>,
    /// The values that the backend made of it, where they are others than were sent.
    pub(super) after: Option<Map<String, Value>>,
    pub(super) name: String,
    pub(super) operator: Option<OperatorId>,
    /// `None` once it is closed otherwise than by being done.
    pub(super) state: Option<WriteState>,
    pub(super) open: bool,
    pub(super) doubt: Doubt,
    pub(super) attempts: u32,
    pub(super) needs: Vec<String>,
    pub(super) made_at: Time,
    pub(super) sent_at: Option<Time>,
}

/// The columns that [`Entry::read`] reads, of `outbox`.
pub(super) const COLUMNS: &str = "n, key, batch, resource, record, write, image, after, name, operator, state, open, doubt, \
     attempts, needs, made_at, sent_at";

impl Entry {
    /// Reads a row whose columns begin with [`COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        let n: i64 = row.get(0).doing(DOING)?;
        let wrong = |source| Error::Record { what: "write", id: n.to_string(), source };
        let text = |at: usize| row.get::<_, Option<String>>(at).doing(DOING);
        let write: Write = serde_json::from_str(&text(5)?.unwrap_or_default()).map_err(wrong)?;
        let after = text(7)?.map(|after| serde_json::from_str(&after)).transpose().map_err(wrong)?;
        let needs = text(14)?.unwrap_or_default();
        Ok(Self {
            n,
            key: row.get(1).doing(DOING)?,
            batch: row.get(2).doing(DOING)?,
            resource: text(3)?.and_then(|name| Resource::parse(&name)).unwrap_or(write.resource),
            record: row.get(4).doing(DOING)?,
            write,
            image: serde_json::from_str(&text(6)?.unwrap_or_default()).map_err(wrong)?,
            after,
            name: row.get(8).doing(DOING)?,
            operator: text(9)?.map(OperatorId),
            state: WriteState::parse(&text(10)?.unwrap_or_default()),
            open: row.get(11).doing(DOING)?,
            doubt: match row.get(12).doing(DOING)? {
                0 => Doubt::None,
                1 => Doubt::Keyed,
                _ => Doubt::Open,
            },
            attempts: row.get(13).doing(DOING)?,
            needs: needs.split_whitespace().map(str::to_owned).collect(),
            made_at: Time::from_millis(row.get(15).doing(DOING)?),
            sent_at: row.get::<_, Option<i64>>(16).doing(DOING)?.map(Time::from_millis),
        })
    }
}

/// The row of a number.
pub(super) fn one(connection: &Connection, n: i64) -> Result<Option<Entry>> {
    Ok(some(connection, "n = ?1", &[&n])?.pop())
}

/// The open writes of a record, in their order.
pub(super) fn open_of(connection: &Connection, resource: Resource, record: &str) -> Result<Vec<Entry>> {
    some(connection, "record = ?1 AND open = 1 AND resource = ?2", &[&record, &resource.name()])
}

/// Numbers of the rows that a condition chooses, in their order: of those that may be many.
pub(super) fn numbers(
    connection: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<i64>> {
    let sql = format!("SELECT n FROM outbox WHERE {condition} ORDER BY n");
    let mut statement = connection.prepare_cached(&sql).doing(DOING)?;
    let rows = statement.query_map(values, |row| row.get(0)).doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}

/// Rows that a condition chooses, in their order.
pub(super) fn some(
    connection: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE {condition} ORDER BY n");
    let mut statement = connection.prepare_cached(&sql).doing(DOING)?;
    let mut rows = statement.query(values).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        found.push(Entry::read(row)?);
    }
    Ok(found)
}

/// What a row begins with.
#[derive(Clone)]
pub(super) struct New<'e> {
    pub(super) key: String,
    pub(super) batch: &'e str,
    pub(super) write: &'e Write,
    /// The write and its image as JSON.
    pub(super) text: &'e str,
    pub(super) image: &'e str,
    pub(super) name: &'e str,
    pub(super) operator: Option<&'e OperatorId>,
    /// Whether the backend has no place for it: it is not sent, and stands.
    pub(super) stays: bool,
    /// The write of the same batch that it takes back, and whether undo does.
    pub(super) undoes: Option<(i64, bool)>,
}

/// Puts a write at the end of the outbox. Gives its number.
pub(super) fn queue(ledger: &mut Ledger<'_>, new: &New<'_>) -> Result<i64> {
    let mut held = false;
    let mut needs = Vec::new();
    if !new.stays && new.text.contains("\"~") {
        needs = unnamed(ledger, new.write)?;
        for local in &needs {
            held |= is_being_made(ledger, local, true)?;
        }
    }
    if !new.stays {
        let (back, stuck) = awaited::tags(ledger, new.write)?;
        needs.extend(back);
        held |= stuck;
    }
    ledger.run(
        "INSERT INTO outbox (key, batch, lane, resource, record, write, image, name, operator, state, open, needs, \
         held, made_at, undoes, back) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?15, 1, ?10, ?11, ?12, ?13, ?14)",
        params![
            new.key,
            new.batch,
            new.write.lane(),
            new.write.resource.name(),
            new.write.id,
            new.text,
            new.image,
            new.name,
            new.operator.map(OperatorId::as_str),
            spaced(&needs),
            held,
            ledger.moment.now.millis,
            new.undoes.map(|(n, _)| n),
            new.undoes.is_some_and(|(_, back)| back),
            if new.stays { WriteState::Kept } else { WriteState::Queued }.word(),
        ],
    )?;
    let n = ledger.last_row();
    ledger.journal.queued(n, new, ledger.moment.now);
    Ok(n)
}

/// Takes a write out of the outbox; its row stays for a while.
pub(super) fn close(ledger: &mut Ledger<'_>, n: i64, end: End) -> Result<()> {
    ledger.run(
        "UPDATE outbox SET state = ?2, open = 0, settled_at = ?3, next_at = NULL, theirs = NULL WHERE n = ?1",
        params![n, end.word(), ledger.moment.now.millis],
    )?;
    ledger.journal.closed(n, end);
    awaited::closed(ledger, n)
}

/// Writes another write, image and lane into a row.
pub(super) fn rewrite(
    ledger: &mut Ledger<'_>,
    n: i64,
    write: &Write,
    image: &Map<String, Value>,
) -> Result<()> {
    let needs = spaced(&needed(ledger, write)?);
    ledger.run(
        "UPDATE outbox SET write = ?2, image = ?3, lane = ?4, record = ?5, needs = ?6, \
         held = held AND ?6 IS NOT NULL WHERE n = ?1",
        params![n, json(write), json(image), write.lane(), write.id, needs],
    )?;
    ledger.journal.changed(n);
    Ok(())
}

/// Writes another image into a row.
pub(super) fn set_image(ledger: &mut Ledger<'_>, n: i64, image: &Map<String, Value>) -> Result<()> {
    ledger.run("UPDATE outbox SET image = ?2 WHERE n = ?1", params![n, json(image)])?;
    ledger.journal.changed(n);
    Ok(())
}

/// What must be done before a write can be sent: records that the backend has not named, and tags
/// that it has not brought back.
pub(super) fn needed(ledger: &Ledger<'_>, write: &Write) -> Result<Vec<String>> {
    let mut needed = unnamed(ledger, write)?;
    needed.extend(awaited::tags(ledger, write)?.0);
    Ok(needed)
}

/// The local ids that a write waits for and that the backend has not named.
fn unnamed(ledger: &Ledger<'_>, write: &Write) -> Result<Vec<String>> {
    let mut needed = write.waits_for();
    let mut known = Vec::new();
    for local in &needed {
        known.push(named(ledger, local)?.is_some());
    }
    let mut known = known.into_iter();
    needed.retain(|_| !known.next().unwrap_or(false));
    Ok(needed)
}

/// What the backend called a record that was made here.
pub(super) fn named(ledger: &Ledger<'_>, local: &str) -> Result<Option<String>> {
    ledger.text("SELECT id FROM local_ids WHERE local = ?1", local)
}

/// A word that nobody else has.
pub(super) fn unique(ledger: &Ledger<'_>) -> Result<String> {
    let drawn = ledger.statement("SELECT lower(hex(randomblob(16)))")?.query_row([], |row| row.get(0));
    drawn.doing("draw a key")
}

/// Whether an open write makes this record; `failed` asks whether the backend refused it.
pub(super) fn is_being_made(ledger: &Ledger<'_>, local: &str, failed: bool) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE record = ?1 AND open = 1 AND (state = 'failed' OR NOT ?2))";
    ledger.statement(sql)?.query_row(params![local, failed], |row| row.get(0)).doing(DOING)
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default() // no key but strings
}

pub(super) fn spaced(ids: &[String]) -> Option<String> {
    (!ids.is_empty()).then(|| format!(" {} ", ids.join(" ")))
}
