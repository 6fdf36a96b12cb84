//! What the journal knows and the database does not, or not any more, comes back.
//!
//! A database that was set aside takes its outbox with it, and one whose log was cut or rotted
//! has silently gone back in time. Whenever a cache is opened, its outbox is therefore held
//! against the [`journal`](super::journal): what is missing, or reads otherwise, is written anew.
//! The backend's records are not there yet in a fresh cache; rows show what operators want as soon
//! as the pull brings them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::tz::{Offset, TimeZone};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::entry::{self, End, json};
use super::journal::{Found, Journal, Kept, Line, Noted};
use super::rescue::{Brought, Rescued};
use super::{audit, truth};
use crate::cache::error::{Doing, Error, Result};
use crate::cache::ledger::Ledger;
use crate::cache::records;
use crate::cache::writer::known_stages;
use crate::model::{Actor, Resource, Time, Write, WriteState};
use crate::query::Moment;

const DOING: &str = "get back what was not sent";

/// The account of what no operator has done.
const PROGRAM: &str = "siyu";

/// An outbox is looked through for damage where its journal is not longer than this, in bytes.
const SMALL: u64 = 4 << 20;

/// What was got back into a cache, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Writes that are in the outbox again.
    pub kept: usize,
    /// Records with a write that is lost, by name, and which fields it was about.
    pub lost: Vec<String>,
    /// Writes that are lost and of which not even a name could be read.
    pub unread: usize,
    /// Where a journal with such writes was copied to, for somebody to read what can be read.
    pub journal: Option<PathBuf>,
    /// What else a damaged file gave away, where one was set aside.
    pub brought: Option<Brought>,
}

/// Holds the outbox against the journal, and gets back what is missing. `rescued` is what a damaged
/// database gave away, and is there already.
///
/// # Errors
/// [`Error::Damaged`] where the outbox is damaged; otherwise as SQLite or the system say. What
/// was not got back is still in the journal then.
pub(in crate::cache) fn salvage(
    connection: &mut Connection,
    path: &Path,
    now: Time,
    rescued: Option<Rescued>,
) -> Result<Salvaged> {
    let journal = Journal::beside(path);
    // First without the lock: mostly there is nothing to do.
    let noted = Noted::read(connection)?;
    let found = journal.read()?;
    if noted.is_some() && found.bad == 0 && rescued.is_none() {
        let standing = Standing::of(&found, noted.as_ref());
        if standing.open.is_empty() && standing.closed.is_empty() {
            return Ok(Salvaged::default());
        }
        if noted.as_ref().is_some_and(|noted| noted.length <= SMALL) {
            look_through(connection)?;
        }
        if standing.amiss(connection)?.is_empty() {
            return Ok(Salvaged::default());
        }
    }
    let moment = moment_of(now);
    let stages = known_stages(connection)?.unwrap_or_default();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(DOING)?;
    let noted = Noted::read(&transaction)?;
    let found = journal.read()?;
    let standing = Standing::of(&found, noted.as_ref());
    let amiss = standing.amiss(&transaction)?;
    let mut salvaged = Salvaged::default();
    let mut ledger = Ledger::new(&transaction, &moment, &stages);
    let mut touched = BTreeSet::new();
    for (n, amiss) in &amiss {
        match amiss {
            Amiss::Missing(kept) => {
                put(&mut ledger, *n, kept, found.bad > 0)?;
                touched.insert((kept.write.resource, kept.write.id.clone()));
                salvaged.kept += 1;
            }
            Amiss::Sent(at) => doubt(&ledger, *n, *at)?,
            Amiss::Closed(end) => {
                entry::close(&mut ledger, *n, *end)?;
                if let Some(entry) = entry::one(ledger.connection(), *n)? {
                    touched.insert((entry.resource, entry.record));
                }
            }
        }
    }
    for (resource, id) in touched {
        truth::lay(&mut ledger, resource, &id, None)?;
    }
    ledger.settle()?;
    match &rescued {
        Some(Rescued { brought, names }) => {
            let open = entry::numbers(&transaction, "open = 1", &[])?;
            salvaged.kept = open.len();
            let is_lost = |n: &i64| !standing.knows(*n) && open.binary_search(n).is_err();
            salvaged.lost = names.iter().filter(|(n, _)| is_lost(n)).map(|(_, name)| name.clone()).collect();
            if !brought.writes.is_whole() {
                salvaged.unread = found.bad.saturating_sub(salvaged.lost.len());
            }
            salvaged.brought = Some(*brought);
        }
        None if salvaged.kept > 0 || noted.is_none() => salvaged.unread = found.bad,
        None => {}
    }
    if salvaged.unread > 0 {
        salvaged.journal = Some(journal.copy_aside(now)?); // before it is made anew
    }
    let renewed = match (found.is_there, noted) {
        (true, _) if !amiss.is_empty() || found.bad > 0 => Some(journal.renew(&transaction, None, true)?),
        (_, None) => {
            Noted::default().write(&transaction)?;
            None
        }
        _ => None,
    };
    transaction.commit().doing(DOING)?;
    drop(renewed);
    journal.tidy(connection)?;
    Ok(salvaged)
}

/// The moment by which a cache is mended.
pub(super) fn moment_of(now: Time) -> Moment {
    let zone =
        Offset::from_seconds(i32::from(now.offset_minutes) * 60).map_or(TimeZone::UTC, TimeZone::fixed);
    Moment { now, zone, me: None }
}

/// Looks for damage in the outbox.
fn look_through(connection: &Connection) -> Result<()> {
    let said: String =
        connection.query_row("PRAGMA integrity_check(outbox)", [], |row| row.get(0)).doing(DOING)?;
    if said == "ok" { Ok(()) } else { Err(Error::damaged("open the cache", said)) }
}

/// The outbox by the journal.
pub(super) struct Standing {
    open: BTreeMap<i64, Kept>,
    closed: BTreeMap<i64, String>,
}

/// What is not in the database as it is in the journal.
enum Amiss<'s> {
    /// An open write is not there, or reads otherwise.
    Missing(&'s Kept),
    /// It is there as if it had never been on its way since then.
    Sent(i64),
    /// It has left the outbox.
    Closed(End),
}

impl Standing {
    /// Of a database that has never heard of a journal, all of it counts; of another one, what was
    /// committed.
    pub(super) fn of(found: &Found, noted: Option<&Noted>) -> Self {
        let mut standing = Self { open: BTreeMap::new(), closed: BTreeMap::new() };
        let counts = |end: u64, sealed: bool| match noted {
            Some(noted) => sealed || found.name.as_ref() == Some(&noted.name) && end <= noted.length,
            None => true,
        };
        for (line, ..) in found.lines.iter().filter(|(_, end, sealed)| counts(*end, *sealed)) {
            match line {
                Line::Write(kept) => {
                    standing.closed.remove(&kept.n);
                    standing.open.insert(kept.n, Kept::clone(kept));
                }
                Line::Sent(n, at) => {
                    if let Some(kept) = standing.open.get_mut(n) {
                        kept.sent_at = kept.sent_at.or(Some(*at));
                    }
                }
                Line::Closed(n, end) => {
                    standing.open.remove(n);
                    standing.closed.insert(*n, end.clone());
                }
                Line::Journal(_) | Line::Seal(_) => {}
            }
        }
        standing
    }

    pub(super) fn knows(&self, n: i64) -> bool {
        self.open.contains_key(&n) || self.closed.contains_key(&n)
    }

    fn amiss(&self, connection: &Connection) -> Result<Vec<(i64, Amiss<'_>)>> {
        let mut amiss = Vec::new();
        for (n, kept) in &self.open {
            match Stored::read(connection, *n)? {
                Some(stored) if stored.is(kept) => {
                    let sent =
                        kept.sent_at.filter(|_| stored.open && !stored.sent && stored.state == "queued");
                    amiss.extend(sent.map(|at| (*n, Amiss::Sent(at))));
                }
                _ => amiss.push((*n, Amiss::Missing(kept))),
            }
        }
        for (n, word) in &self.closed {
            let Some(stored) = Stored::read(connection, *n)?.filter(|stored| stored.open) else { continue };
            match End::parse(word) {
                Some(End::Done) if stored.doubt < 2 => amiss.push((*n, Amiss::Sent(stored.made_at))),
                Some(End::Done) | None => {}
                Some(end) => amiss.push((*n, Amiss::Closed(end))),
            }
        }
        Ok(amiss)
    }
}

/// A row of the outbox as it is, whatever it is.
struct Stored {
    key: String,
    batch: String,
    write: Option<Write>,
    lane: String,
    resource: String,
    record: String,
    state: String,
    open: bool,
    doubt: i64,
    made_at: i64,
    sent: bool,
}

impl Stored {
    /// `None` where there is none, or none that can be read.
    fn read(connection: &Connection, n: i64) -> Result<Option<Self>> {
        let sql = "SELECT key, batch, write, lane, resource, record, state, open, doubt, made_at, sent_at \
                   FROM outbox WHERE n = ?1";
        let read = |row: &Row<'_>| -> rusqlite::Result<Self> {
            let write: String = row.get(2)?;
            Ok(Self {
                key: row.get(0)?,
                batch: row.get(1)?,
                write: serde_json::from_str(&write).ok(),
                lane: row.get(3)?,
                resource: row.get(4)?,
                record: row.get(5)?,
                state: row.get(6)?,
                open: row.get(7)?,
                doubt: row.get(8)?,
                made_at: row.get(9)?,
                sent: row.get::<_, Option<i64>>(10)?.is_some(),
            })
        };
        let mut statement = connection.prepare_cached(sql).doing(DOING)?;
        match statement.query_row([n], read).optional().doing(DOING) {
            Err(Error::Sqlite { .. }) => Ok(None), // a column of another type, or text that is none
            read => read,
        }
    }

    /// Whether it says what the journal does, and stands somewhere.
    fn is(&self, kept: &Kept) -> bool {
        let stands = match self.open {
            true => WriteState::OVER.iter().any(|state| state.word() == self.state),
            false => End::parse(&self.state).is_some(),
        };
        stands
            && (!self.open || self.write.as_ref() == Some(&kept.write))
            && (!self.open || (self.key == kept.key && self.record == kept.write.id))
            && self.batch == kept.batch
            && self.lane == kept.write.lane()
            && self.resource == kept.write.resource.name()
    }
}

/// Puts a write into the outbox, in its old place where that is free. What may have arrived, and
/// what reaches a customer, is looked for before it is sent; so is all where it cannot be known.
fn put(ledger: &mut Ledger<'_>, n: i64, kept: &Kept, in_doubt: bool) -> Result<()> {
    let write = &kept.write;
    // One of them may have rotted.
    let is_other = |stored: Stored| stored.batch != kept.batch && stored.key != kept.key;
    let other = Stored::read(ledger.connection(), n)?.is_some_and(is_other);
    let doubt = !kept.stays && (in_doubt || write.is_outbound() || kept.sent_at.is_some());
    let state = match (kept.stays, doubt) {
        (true, _) => WriteState::Kept,
        (false, true) => WriteState::Unknown,
        (false, false) => WriteState::Queued,
    };
    let needs = entry::spaced(&entry::needed(ledger, write)?);
    ledger.run(
        "INSERT OR REPLACE INTO outbox (n, key, batch, lane, resource, record, write, image, name, operator, state, \
         open, doubt, needs, made_at, sent_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13, \
         ?14, ?15)",
        params![
            (!other).then_some(n),
            kept.key,
            kept.batch,
            write.lane(),
            write.resource.name(),
            write.id,
            json(write),
            json(&kept.image),
            kept.name,
            kept.operator.as_ref().map(|id| &id.0),
            state.word(),
            if doubt { 2 } else { 0 },
            needs,
            kept.made_at,
            doubt.then_some(kept.sent_at.unwrap_or(kept.made_at)),
        ],
    )?;
    let row = records::body(ledger, write.resource, &write.id)?;
    truth::keep(ledger, write.resource, &write.id, row.as_ref().map(|(body, _)| body.as_str()))?;
    // The journal knows no command and no account, only whose write it was.
    let actor = Actor { operator: kept.operator.clone(), account: PROGRAM.to_owned(), peer: None };
    let before = (!write.makes()).then(|| json(&kept.image));
    let line = audit::Entry {
        command: "",
        batch: Some(&kept.batch),
        record: Some((write.resource, &write.id, &kept.name)),
        what: "salvage",
        before: before.as_deref(),
        after: Some(&json(&write.deed)),
    };
    audit::write(ledger, &actor, &line)
}

/// It may have arrived.
fn doubt(ledger: &Ledger<'_>, n: i64, at: i64) -> Result<()> {
    let sql = "UPDATE outbox SET state = 'unknown', doubt = 2, sent_at = coalesce(sent_at, ?2), next_at = NULL \
               WHERE n = ?1";
    ledger.run(sql, params![n, at]).map(drop)
}

/// Has writes wait whose records have not been pulled yet, where the pull is not through: nobody
/// can tell what they would overwrite. Says whether this one does.
pub(super) fn waits_for_pull(ledger: &Ledger<'_>, resource: Resource, until: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sync_state WHERE resource = ?1 AND complete)";
    let pulled: bool =
        ledger.statement(sql)?.query_row([resource.name()], |row| row.get(0)).doing("read from the cache")?;
    if !pulled {
        ledger.run(
            "UPDATE outbox SET next_at = ?2 WHERE resource = ?1 AND state IN ('queued', 'unknown') AND EXISTS \
             (SELECT 1 FROM truth t WHERE t.resource = ?1 AND t.id = outbox.record AND t.body IS NULL) \
             AND record NOT LIKE '~%'",
            params![resource.name(), until],
        )?;
    }
    Ok(!pulled)
}
