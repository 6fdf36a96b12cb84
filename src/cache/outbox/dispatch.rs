//! What is to be sent now: the head of each lane, one at a time.

use rusqlite::{OptionalExtension, params};

use super::entry::{self, Doubt, Entry, json};
use super::{awaited, rebase, salvage, settle, truth};
use crate::cache::batch::Applied;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::cache::writer::Writer;
use crate::model::write::Clash;
use crate::model::{AnyRecord, Time, Write, WriteState};

/// Closed rows are kept so long, for undo and for keys that come back: 30 days in milliseconds.
const KEPT: i64 = 30 * 86_400_000;

/// How long a write waits for its record to be pulled before it looks again, in milliseconds.
const PULL_WAIT: i64 = 5_000;

/// A write on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    /// Its number, for [`Writer::settle`].
    pub n: i64,
    /// The idempotency key, the same each time it is sent.
    pub key: String,
    /// What to send.
    pub write: Write,
    /// The revision that it is meant for, where it is guarded and the backend has told one.
    pub if_match: Option<String>,
    /// It is guarded, and the backend tells no revision: whoever sends it looks first whether the
    /// record is still the one that it is meant for; see [`Writer::clashes`].
    pub unguarded: bool,
    /// How often it was tried and the backend failed, from 0.
    pub attempts: u32,
    /// It may have arrived: look before anything is sent.
    pub read_back: bool,
    /// When it was first on its way: now, where this is the first time.
    pub sent_at: Option<Time>,
}

/// Rows that can go, but for the moment: the head of a lane that has nothing under way and waits
/// for no other record. What was refused or stands in conflict holds nobody up.
macro_rules! heads {
    ($what:literal, $when:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM outbox o WHERE o.state IN ('queued', 'unknown') AND o.needs IS NULL AND ",
            $when,
            " AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.lane = o.lane AND b.open = 1 AND b.n <> o.n \
             AND (b.state = 'sending' OR (b.n < o.n AND b.state IN ('queued', 'unknown') AND NOT b.held)))",
            $order
        )
    };
}

/// What is due. No wait is longer than two hours: one that is was noted by a clock that went wrong.
const DUE: &str = heads!(
    "o.n",
    "(o.next_at IS NULL OR o.next_at <= ?1 OR o.next_at > ?1 + 7200000)",
    " ORDER BY o.n LIMIT ?2"
);

impl Writer {
    /// Hands out writes to be sent, oldest first, at most one of each lane and at most so many;
    /// they are on their way from now on, and each must come back by [`Writer::settle`]. A write
    /// that disagrees with what the backend has told since becomes a conflict instead. Says too
    /// which rows read otherwise now.
    ///
    /// A read-only console hands out nothing.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn dispatch(&mut self, most: usize) -> Result<(Vec<Dispatch>, Applied)> {
        let mut dispatched = Vec::new();
        if self.is_read_only() || !self.is_due()? {
            return Ok((dispatched, Applied::default()));
        }
        let applied = self.durably(|ledger| {
            while dispatched.len() < most {
                let ready = ready(ledger, most - dispatched.len())?;
                if ready.is_empty() {
                    break;
                }
                for n in ready {
                    let Some(entry) = entry::one(ledger.connection(), n)? else { continue };
                    dispatched.extend(send(ledger, entry)?);
                }
            }
            Ok(())
        })?;
        Ok((dispatched, applied))
    }

    /// When [`Writer::dispatch`] has something; now where it has it already, and `None` where all
    /// that waits waits for something else than time.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn next_due(&self) -> Result<Option<Time>> {
        if self.is_read_only() {
            return Ok(None);
        }
        if self.is_due()? {
            return Ok(Some(self.moment().now));
        }
        let sql = heads!("min(o.next_at)", "o.open = 1 AND o.next_at IS NOT NULL AND o.next_at > ?1", "");
        let at: Option<i64> = self
            .connection()
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([self.moment().now.millis], |row| row.get(0)))
            .doing("read the outbox")?;
        Ok(at.map(|at| Time::from_millis(at).in_zone(&self.moment().zone)))
    }

    /// Takes over the outbox from a program that ended, or lost the lease: what was on its way
    /// may have arrived or not. For whoever has just got the lease. Gives the number of such
    /// writes. Rows that were closed long ago are removed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn recover(&mut self) -> Result<usize> {
        let mut found = 0;
        let before = self.moment().now.millis - KEPT;
        self.durably(|ledger| {
            found = ledger.run(
                "UPDATE outbox SET state = 'unknown', doubt = 2, next_at = NULL WHERE state = 'sending'",
                &[],
            )?;
            ledger.run("DELETE FROM outbox WHERE open = 0 AND settled_at < ?1", params![before])?;
            ledger.run(
                "DELETE FROM batches WHERE at < ?1 \
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.batch = batches.batch)",
                params![before],
            )?;
            awaited::look_again(ledger)
        })?;
        Ok(found)
    }

    /// Whether a write disagrees with a record as the backend has it now. Not where it has left the
    /// outbox.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn clashes(&self, n: i64, record: &AnyRecord) -> Result<bool> {
        let Some(entry) = entry::one(self.connection(), n)? else { return Ok(false) };
        Ok(!rebase::clashes(self.connection(), &entry, record)?.is_empty())
    }

    fn is_due(&self) -> Result<bool> {
        let found = self
            .connection()
            .prepare_cached(DUE)
            .and_then(|mut statement| {
                statement.query_row(params![self.moment().now.millis, 1], |_| Ok(())).optional()
            })
            .doing("read the outbox")?;
        Ok(found.is_some())
    }
}

fn ready(ledger: &Ledger<'_>, most: usize) -> Result<Vec<i64>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = ledger.statement(DUE)?;
    let rows = statement
        .query_map(params![ledger.moment.now.millis, most], |row| row.get(0))
        .doing("read the outbox")?;
    rows.collect::<rusqlite::Result<_>>().doing("read the outbox")
}

/// Marks a write as under way, or as a conflict.
fn send(ledger: &mut Ledger<'_>, entry: Entry) -> Result<Option<Dispatch>> {
    let read_back = entry.doubt == Doubt::Open;
    let (mut if_match, mut unguarded) = (None, false);
    let known = match entry.write.is_guarded() {
        true => truth::get(ledger.connection(), entry.resource, &entry.record)?,
        false => None,
    };
    if known == Some(None)
        && salvage::waits_for_pull(ledger, entry.resource, ledger.moment.now.millis + PULL_WAIT)?
    {
        return Ok(None);
    }
    if let Some(Some(known)) = known {
        if !read_back {
            let clashes = rebase::clashes(ledger.connection(), &entry, &known)?;
            if !clashes.is_empty() {
                conflict(ledger, &entry, &clashes)?;
                return Ok(None);
            }
        }
        if_match = truth::rev(&known).map(str::to_owned);
        unguarded = if_match.is_none();
    }
    let now = ledger.moment.now;
    let sql =
        "UPDATE outbox SET state = 'sending', sent_at = coalesce(sent_at, ?2), next_at = NULL WHERE n = ?1";
    ledger.run(sql, params![entry.n, now.millis])?;
    ledger.journal.sent(entry.n, entry.sent_at.unwrap_or(now));
    ledger.shows(entry.resource);
    Ok(Some(Dispatch {
        n: entry.n,
        key: entry.key,
        write: entry.write,
        if_match,
        unguarded,
        attempts: entry.attempts,
        read_back,
        sent_at: Some(entry.sent_at.unwrap_or(now)),
    }))
}

/// Both the operator and somebody else have changed these fields: the operator chooses.
pub(super) fn conflict(ledger: &mut Ledger<'_>, entry: &Entry, clashes: &[Clash]) -> Result<()> {
    let theirs: serde_json::Map<_, _> =
        clashes.iter().map(|clash| (clash.field.clone(), clash.theirs.clone())).collect();
    ledger.run(
        "UPDATE outbox SET state = ?2, theirs = ?3, doubt = 0, next_at = NULL WHERE n = ?1",
        params![entry.n, WriteState::Conflict.word(), json(&theirs)],
    )?;
    ledger.shows(entry.resource);
    settle::hold(ledger, entry, true)
}
