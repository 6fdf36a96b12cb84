//! What came of sending a write.

use rusqlite::params;
use serde_json::{Map, Value};

use super::dispatch::conflict;
use super::entry::{self, Doubt, End, Entry};
use super::{awaited, rebase, truth};
use crate::cache::batch::Applied;
use crate::cache::error::Result;
use crate::cache::ledger::Ledger;
use crate::cache::records;
use crate::cache::writer::Writer;
use crate::model::{AnyRecord, Deed, Outcome, Resource, Time, Write, WriteState};

/// After so many attempts at which the backend failed, a write is given up until the operator
/// says otherwise, but not before [`PATIENCE`] is over.
const BUDGET: u32 = 20;

/// A backend that fails for so long after a write was first sent is waited for, in milliseconds.
const PATIENCE: i64 = 2 * 3_600_000;

/// The longest wait before a write is read back again, in seconds.
const LONGEST: i64 = 300;

impl Writer {
    /// Takes what came of a write that [`Writer::dispatch`] handed out. The record that the backend
    /// gave is the new truth, and what else is open for it is laid over it.
    ///
    /// # Errors
    /// As SQLite says; then the write is still on its way, and what came of it can be told again.
    pub fn settle(&mut self, n: i64, outcome: &Outcome) -> Result<Applied> {
        self.durably(|ledger| match entry::one(ledger.connection(), n)? {
            Some(entry) if entry.open => {
                ledger.shows(entry.resource);
                settle(ledger, &entry, outcome)
            }
            // It was dropped meanwhile; what the backend says of the record holds all the same.
            _ => match outcome {
                Outcome::Done(Some(record)) | Outcome::Moved(record) => records::answered(ledger, record),
                _ => Ok(()),
            },
        })
    }
}

fn settle(ledger: &mut Ledger<'_>, entry: &Entry, outcome: &Outcome) -> Result<()> {
    match outcome {
        Outcome::Done(record) if entry.write.makes() => made(ledger, entry, record.as_deref()),
        Outcome::Done(record) => done(ledger, entry, record.as_deref()),
        Outcome::Moved(current) => moved(ledger, entry, current),
        // An answer that comes after the write has been taken up otherwise changes nothing.
        _ if !matches!(entry.state, Some(WriteState::Sending | WriteState::Unknown)) => Ok(()),
        Outcome::Refused { status, words } => {
            was_sent(ledger, entry)?;
            refused(ledger, entry, *status, words)
        }
        Outcome::Unknown { words } => {
            let wait = LONGEST.min(1 << entry.attempts.min(10));
            ledger.run(
                "UPDATE outbox SET state = 'unknown', doubt = 2, words = ?2, attempts = attempts + 1, \
                 next_at = ?3 WHERE n = ?1",
                params![entry.n, words, ledger.moment.now.millis + wait * 1000],
            )?;
            Ok(())
        }
        Outcome::Later { words, at, counts } => later(ledger, entry, words, Some(*at), *counts),
    }
}

/// The backend has it.
fn done(ledger: &mut Ledger<'_>, entry: &Entry, record: Option<&AnyRecord>) -> Result<()> {
    let (resource, id) = (entry.resource, entry.record.as_str());
    entry::close(ledger, entry.n, End::Done)?;
    match record {
        Some(record) if record.resource() == resource && record.key() == id => {
            let made = entry.write.image(record);
            if matches!(entry.write.deed, Deed::Set { .. }) && !entry.write.is_in(record) {
                ledger
                    .run("UPDATE outbox SET after = ?2 WHERE n = ?1", params![entry.n, entry::json(&made)])?;
                rebase::hand_down(ledger, entry, &made)?;
            }
            let known = truth::get(ledger.connection(), resource, id)?.flatten();
            if !known.is_some_and(|known| truth::is_older(record, &known)) {
                truth::set(ledger, resource, id, Some(record))?;
            }
        }
        other => {
            if let Some(record) = other {
                records::answered(ledger, record)?;
            }
            let known = truth::get(ledger.connection(), resource, id)?.flatten();
            let at = truth::local(ledger, entry.made_at);
            if let Some(now) = entry.write.apply(known.as_ref(), at, entry.operator.as_ref()) {
                truth::set(ledger, resource, id, Some(&now))?;
            }
        }
    }
    let pull = ledger.pull(resource)?;
    truth::lay(ledger, resource, id, Some(pull))
}

/// The backend has made a record, and says which. What waited for it goes by its name from now on.
fn made(ledger: &mut Ledger<'_>, entry: &Entry, record: Option<&AnyRecord>) -> Result<()> {
    let (resource, local) = (entry.resource, entry.record.as_str());
    entry::close(ledger, entry.n, End::Done)?;
    truth::drop_truth(ledger, resource, local)?;
    records::remove_row(ledger, resource, local)?;
    let waiting = entry::numbers(
        ledger.connection(),
        "open = 1 AND (instr(needs, ' ' || ?1 || ' ') OR instr(image, '\"' || ?1 || '\"'))",
        &[&local],
    )?;
    let Some(record) = record.filter(|record| record.resource() == resource) else {
        for n in waiting {
            let entry = entry::one(ledger.connection(), n)?;
            if let Some(entry) = entry.filter(|entry| entry.needs.iter().any(|need| need == local)) {
                refused(ledger, &entry, None, "the backend did not name the record that this is about")?;
            }
        }
        return record.map_or(Ok(()), |record| records::answered(ledger, record));
    };
    let id = record.key();
    ledger.run(
        "INSERT OR REPLACE INTO local_ids (local, resource, id) VALUES (?1, ?2, ?3)",
        params![local, resource.name(), id],
    )?;
    ledger.run("UPDATE outbox SET record = ?2 WHERE n = ?1", params![entry.n, id])?;
    // The feed may have brought it already, and what others did to it since.
    let known = match records::body(ledger, resource, &id)? {
        Some((body, _)) => Some(records::read(resource, &id, &body)?),
        None => None,
    };
    let record = known.as_ref().filter(|known| truth::is_older(record, known)).unwrap_or(record);
    let mut others = Vec::new();
    for n in waiting {
        let Some(entry) = entry::one(ledger.connection(), n)? else { continue };
        let write = entry.write.renamed(local, &id);
        entry::rewrite(ledger, n, &write, &renamed(&entry.image, local, &id))?;
        if entry.resource == resource && entry.record == local {
            truth::set(ledger, resource, &id, Some(record))?;
        } else {
            others.push((entry.resource, entry.record));
        }
    }
    records::answered(ledger, record)?;
    for (resource, id) in others {
        truth::lay(ledger, resource, &id, None)?;
    }
    Ok(())
}

/// Values under the name that the backend has given.
fn renamed(image: &Map<String, Value>, local: &str, id: &str) -> Map<String, Value> {
    match Write::set(Resource::Customers, "", image.clone()).renamed(local, id).deed {
        Deed::Set { fields } => fields,
        _ => image.clone(),
    }
}

/// The record is another one by now: where both changes go together, it is sent once more.
fn moved(ledger: &mut Ledger<'_>, entry: &Entry, current: &AnyRecord) -> Result<()> {
    if current.resource() != entry.resource || current.key() != entry.record {
        records::answered(ledger, current)?;
        return later(ledger, entry, "the backend answered with another record", None, true);
    }
    truth::set(ledger, entry.resource, &entry.record, Some(current))?;
    if entry.write.is_in(current) {
        return done(ledger, entry, Some(current));
    }
    let clashes = rebase::clashes(ledger.connection(), entry, current)?;
    if clashes.is_empty() {
        ledger.run("UPDATE outbox SET doubt = 0 WHERE n = ?1", params![entry.n])?;
        let entry = Entry { doubt: Doubt::None, ..entry.clone() };
        later(ledger, &entry, "the record had moved on", None, true)?;
    } else {
        was_sent(ledger, entry)?;
        conflict(ledger, entry, &clashes)?;
    }
    let pull = ledger.pull(entry.resource)?;
    truth::lay(ledger, entry.resource, &entry.record, Some(pull))
}

/// The backend will not have it. What needs the record that it would have made, or brought
/// back, waits with it.
pub(super) fn refused(
    ledger: &mut Ledger<'_>,
    entry: &Entry,
    status: Option<u16>,
    words: &str,
) -> Result<()> {
    ledger.run(
        "UPDATE outbox SET state = 'failed', doubt = 0, status = ?2, words = ?3, next_at = NULL WHERE n = ?1",
        params![entry.n, status, words],
    )?;
    hold(ledger, entry, true)
}

/// It has reached the backend once more.
fn was_sent(ledger: &Ledger<'_>, entry: &Entry) -> Result<()> {
    ledger.run("UPDATE outbox SET attempts = attempts + 1 WHERE n = ?1", params![entry.n]).map(drop)
}

/// Whether what needs the record that a write makes or brings back holds up its lane no longer.
pub(super) fn hold(ledger: &Ledger<'_>, entry: &Entry, held: bool) -> Result<()> {
    if let Some(need) = awaited::need_of(entry) {
        let sql = "UPDATE outbox SET held = ?2 WHERE open = 1 AND instr(needs, ' ' || ?1 || ' ')";
        ledger.run(sql, params![need, held])?;
    }
    Ok(())
}

/// It has not been done this time, and is tried again; for ever where only the network was away.
fn later(ledger: &mut Ledger<'_>, entry: &Entry, words: &str, at: Option<Time>, counts: bool) -> Result<()> {
    let attempts = entry.attempts + u32::from(counts);
    let since = entry.sent_at.map_or(0, |sent| ledger.moment.now.millis - sent.millis);
    if attempts > BUDGET && since >= PATIENCE {
        let words = format!("gave up after {attempts} attempts: {words}");
        ledger.run(
            "UPDATE outbox SET state = 'failed', words = ?2, next_at = NULL WHERE n = ?1",
            params![entry.n, words],
        )?;
        return hold(ledger, entry, true);
    }
    let state = if entry.doubt == Doubt::Open { WriteState::Unknown } else { WriteState::Queued };
    ledger.run(
        "UPDATE outbox SET state = ?2, attempts = ?3, next_at = ?4, words = ?5, doubt = max(doubt, ?6) WHERE n = ?1",
        params![entry.n, state.word(), attempts, at.map(|at| at.millis), words, at.is_some() && counts],
    )?;
    Ok(())
}
