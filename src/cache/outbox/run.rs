//! A run of a macro: one batch that is written record by record, and can be gone on with.
//!
//! The plan is kept with the batch before anything of it is done. Each part of the run is one durable
//! transaction that moves the mark of how far it has come along with the writes: a run that was killed
//! goes on behind the last record that was done, and none is done twice.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::Writer;
use super::commit::{self, Committed};
use super::undo::Undone;
use crate::cache::error::{Doing, Error, Result};
use crate::cache::reader::Reader;
use crate::cache::records;
use crate::model::view::OpenRun;
use crate::model::{Actor, ChangeSet, Planned, Resource, Time};

const DOING: &str = "read the runs";

/// A run as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its batch.
    pub batch: String,
    /// Its plan, as it was frozen; empty where it is at its end.
    pub plan: String,
    /// Records that it has come by.
    pub done: usize,
    /// Records that it is about.
    pub total: usize,
    /// What it does, in the operator's language.
    pub label: String,
    /// Whether it was taken back meanwhile: it cannot be gone on with then.
    pub undone: bool,
}

/// One record of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its kind.
    pub resource: Resource,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its revision when the plan was made, where the backend tells one.
    pub rev: Option<String>,
    /// What is written.
    pub writes: Vec<Planned>,
}

impl Writer {
    /// Opens a run: a batch without writes, and its plan. `set` says who does what; its writes are not
    /// looked at. Gives the batch.
    ///
    /// # Errors
    /// As [`Writer::commit`].
    pub fn begin_run(&mut self, set: &ChangeSet, plan: &str, total: usize) -> Result<String> {
        self.permit("write")?;
        let mut opened = String::new();
        self.durably(|ledger| {
            let batch = super::entry::unique(ledger)?;
            ledger.run("UPDATE batches SET state = 'gone' WHERE state = 'undone'", &[])?;
            commit::open_batch(ledger, &batch, &set.command, &set.label, &set.actor)?;
            let total = i64::try_from(total).unwrap_or(i64::MAX);
            ledger.run(
                "INSERT INTO runs (batch, plan, done, total) VALUES (?1, ?2, 0, ?3)",
                params![batch, plan, total],
            )?;
            ledger.run("DELETE FROM runs WHERE batch NOT IN (SELECT batch FROM batches)", &[])?;
            opened = batch;
            Ok(())
        })?;
        Ok(opened)
    }

    /// Does the next records of a run, all or nothing. Those that have moved on since the plan was made
    /// are left whole and reported. What reaches a customer is not sent before `hold`.
    ///
    /// # Errors
    /// [`Error::Nothing`] where the run was taken back meanwhile, or another process has gone on with it;
    /// otherwise as [`Writer::commit`].
    pub fn go_on(
        &mut self,
        batch: &str,
        from: usize,
        parts: &[Part],
        set: &ChangeSet,
        hold: Option<Time>,
    ) -> Result<Committed> {
        self.permit("write")?;
        let mut committed = Committed { batch: batch.to_owned(), ..Committed::default() };
        committed.applied = self.durably(|ledger| {
            let (done, total, state): (i64, i64, String) = ledger
                .statement(
                    "SELECT r.done, r.total, b.state FROM runs r JOIN batches b USING (batch) WHERE r.batch = ?1",
                )?
                .query_row([batch], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()
                .doing(DOING)?
                .ok_or(Error::Nothing { doing: "go on with" })?;
            if state != "done" || usize::try_from(done) != Ok(from) {
                return Err(Error::Nothing { doing: "go on with" });
            }
            let first: i64 = ledger
                .statement("SELECT count(*) FROM outbox WHERE batch = ?1")?
                .query_row([batch], |row| row.get(0))
                .doing(DOING)?;
            let first = usize::try_from(first).unwrap_or(0);
            let mut still: Vec<&Part> = Vec::with_capacity(parts.len());
            for part in parts {
                let body = records::body(ledger, part.resource, &part.id)?;
                let rev = body.map(|(body, _)| {
                    let item: Value = serde_json::from_str(&body).unwrap_or_default(); // no record, no revision
                    item.get("rev").and_then(Value::as_str).map(str::to_owned)
                });
                let moved = match (&rev, &part.rev) {
                    (None, _) => true,
                    (Some(Some(now)), Some(then)) => now != then,
                    _ => false,
                };
                match moved {
                    true => committed.moved.push((part.resource, part.id.clone(), part.name.clone())),
                    false => still.push(part),
                }
            }
            let writes = still.iter().flat_map(|part| part.writes.iter().cloned()).collect();
            let set = ChangeSet { writes, ..set.clone() };
            let left = commit::write_all(ledger, &set, batch, first, hold, &mut committed.queued)?;
            for planned in left {
                // Whose write it was: a record of which something could not be written is told as such.
                let part = still.iter().find(|part| part.writes.contains(planned));
                if let Some(part) = part
                    && !committed.moved.iter().any(|(resource, id, _)| {
                        *resource == part.resource && *id == part.id
                    })
                {
                    committed.moved.push((part.resource, part.id.clone(), part.name.clone()));
                }
            }
            let done = done + i64::try_from(parts.len()).unwrap_or(i64::MAX);
            ledger.run(
                "UPDATE runs SET done = ?2, plan = CASE WHEN ?2 >= ?3 THEN '' ELSE plan END WHERE batch = ?1",
                params![batch, done, total],
            )?;
            Ok(())
        })?;
        Ok(committed)
    }

    /// Takes back what a run has done so far.
    ///
    /// # Errors
    /// As [`Writer::undo`].
    pub fn undo_run(&mut self, batch: &str, actor: &Actor) -> Result<Undone> {
        self.undo_batch(batch, actor)
    }
}

impl Reader {
    /// The run of a batch.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn run(&self, batch: &str) -> Result<Option<RunRow>> {
        let sql = "SELECT r.batch, r.plan, r.done, r.total, b.label, b.state \
                   FROM runs r JOIN batches b USING (batch) WHERE r.batch = ?1";
        let mut statement = self.connection().prepare(sql).doing(DOING)?;
        let row = statement.query_row([batch], |row| {
            Ok(RunRow {
                batch: row.get(0)?,
                plan: row.get(1)?,
                done: number(row, 2)?,
                total: number(row, 3)?,
                label: row.get(4)?,
                undone: row.get::<_, String>(5)? != "done",
            })
        });
        row.optional().doing(DOING)
    }

    /// Runs that are not at their end and were not taken back, latest first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn open_runs(&self) -> Result<Vec<OpenRun>> {
        open_runs(self.connection())
    }
}

/// Runs that are not at their end and were not taken back, latest first.
pub(in crate::cache) fn open_runs(connection: &Connection) -> Result<Vec<OpenRun>> {
    let sql = "SELECT r.batch, b.label, b.at, r.done, r.total FROM runs r JOIN batches b USING (batch) \
               WHERE r.done < r.total AND b.state = 'done' ORDER BY b.n DESC";
    let mut statement = connection.prepare_cached(sql).doing(DOING)?;
    let rows = statement.query_map([], |row| {
        Ok(OpenRun {
            batch: row.get(0)?,
            label: row.get(1)?,
            at: Time::from_millis(row.get(2)?),
            done: number(row, 3)?,
            total: number(row, 4)?,
        })
    });
    rows.doing(DOING)?.collect::<rusqlite::Result<_>>().doing(DOING)
}

fn number(row: &Row<'_>, at: usize) -> rusqlite::Result<usize> {
    Ok(usize::try_from(row.get::<_, i64>(at)?).unwrap_or(0))
}
