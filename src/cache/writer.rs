//! The one connection that writes. The runtime gives it a thread of its own.

use rusqlite::{Connection, TransactionBehavior, params};

use super::batch::{Applied, Batch, PullMark, SyncState};
use super::error::{Doing, Error, Result};
use super::ledger::Ledger;
use super::outbox::journal::Journal;
use super::place::{Identity, Place};
use super::records;
use super::shortage::{explained, probe};
use super::tag_days;
use crate::insight::StageRule;
use crate::model::{AnyRecord, OperatorId, Resource, Time};
use crate::query::Moment;

/// Writes to the cache, one transaction at a time.
pub struct Writer {
    connection: Connection,
    journal: Journal,
    place: Place,
    moment: Moment,
    stages: StageRule,
    /// Whether the cache knows that it goes by `stages`.
    settled: bool,
    /// Whether the operator may not write.
    read_only: bool,
}

impl Writer {
    pub(super) fn new(connection: Connection, journal: Journal, place: Place, moment: Moment) -> Self {
        let stages = StageRule::default();
        Self { connection, journal, place, moment, stages, settled: false, read_only: false }
    }

    /// Whether another process has put another file in the place of this one: then what is written
    /// here is seen by nobody. See [`super::Cache::mend`].
    pub fn is_left(&self) -> bool {
        self.place.is_left()
    }

    /// Which file it has open, by what was there when it was opened.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.place.identity()
    }

    /// The same, that takes what sync pulls and refuses whatever an operator would write.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// Whether the operator may not write.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    pub(super) fn moment(&self) -> &Moment {
        &self.moment
    }

    /// The same, with this rule for stages; [`Writer::at`] brings the cache to it.
    #[must_use]
    pub fn staging(self, stages: StageRule) -> Self {
        Self { stages, ..self }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Tells what time it is. Where a new day has begun since the figures were last worked out,
    /// those of the last 7 days and the stages that the console concluded are worked out again;
    /// so are all stages where the cache went by another rule.
    ///
    /// Of two processes with different rules the one that came last decides, and the other goes
    /// by its rule from then on.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn at(&mut self, moment: Moment) -> Result<Applied> {
        self.moment = moment;
        let (today, stages) = (self.today(), stamp(&self.stages));
        let (known_day, known) = (meta(&self.connection, "day")?, meta(&self.connection, "stages")?);
        if self.settled
            && known.as_ref() != Some(&stages)
            && let Some(theirs) = known_stages(&self.connection)?
        {
            self.stages = theirs;
        }
        let (new_day, new_rule) = (known_day != Some(today.clone()), !self.settled && known != Some(stages));
        let mut applied = Applied::default();
        if new_day || new_rule {
            let stages = stamp(&self.stages);
            applied = self.transact(|ledger| {
                if new_rule {
                    records::new_stages(ledger)?;
                }
                if new_day {
                    records::new_day(ledger)?;
                }
                let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('day', ?1), ('stages', ?2)";
                ledger.run(sql, params![today, stages]).map(drop)
            })?;
        }
        self.settled = true;
        Ok(applied)
    }

    fn today(&self) -> String {
        self.moment.zoned().date().to_string()
    }

    /// Commits a batch: removals, records, and the place where sync goes on, all or nothing.
    ///
    /// # Errors
    /// As SQLite says; then nothing of the batch is in the cache.
    pub fn apply(&mut self, batch: &Batch) -> Result<Applied> {
        self.transact(|ledger| {
            if let Some(PullMark(pull)) = batch.pull {
                ledger.count_for(batch.resource, pull);
            }
            for (resource, id) in &batch.deletes {
                records::forget(ledger, *resource, id)?;
            }
            for record in &batch.upserts {
                match record {
                    AnyRecord::Customer(part) if batch.in_parts => records::parts::take(ledger, part)?,
                    record => records::store(ledger, record)?,
                }
            }
            if let Some((seq, at)) = batch.agrees {
                ledger
                    .run("UPDATE sync_state SET seq = ?1, at = ?2 WHERE complete", params![seq, at.millis])?;
            }
            batch.state.as_ref().map_or(Ok(()), |state| save(ledger, state))
        })
    }

    /// Begins a full pull of `resource`; rows are counted for it from now on. A pull that was
    /// interrupted goes on under its own mark instead, as its [`SyncState`] says.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn begin_pull(&mut self, resource: Resource) -> Result<PullMark> {
        let mut mark = PullMark(0);
        self.transact(|ledger| {
            mark = PullMark(ledger.pull(resource)? + 1);
            ledger.run(
                "INSERT INTO sync_state (resource, pull) VALUES (?1, ?2) ON CONFLICT (resource) \
                 DO UPDATE SET pull = excluded.pull, complete = 0, cursor = NULL",
                params![resource.name(), mark.0],
            )?;
            Ok(())
        })?;
        Ok(mark)
    }

    /// The latest full pull of `resource`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn pull_mark(&mut self, resource: Resource) -> Result<PullMark> {
        let mut mark = PullMark(0);
        self.transact(|ledger| {
            mark = PullMark(ledger.pull(resource)?);
            Ok(())
        })?;
        Ok(mark)
    }

    /// Compares who was in the groups before a full pull with those whom it saw: who is not there any more
    /// has left by now, and both ways are events. To be called before the pull is ended.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn compare_members(&mut self, mark: PullMark) -> Result<Applied> {
        self.transact(|ledger| records::comings::compare(ledger, mark.0))
    }

    /// Marks what operators have with a customer as lost, but for those that have the customer `still`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn lose(&mut self, customer: &str, still: &[OperatorId]) -> Result<Applied> {
        self.transact(|ledger| records::parts::lose(ledger, customer, still))
    }

    /// Ends a full pull that came to its end: rows that it did not see are gone. A mark that is
    /// not the latest one ends nothing.
    ///
    /// # Errors
    /// As SQLite says; then nothing is gone.
    pub fn finish_pull(&mut self, resource: Resource, mark: PullMark) -> Result<Applied> {
        let now = self.moment.now;
        let mut applied = self.transact(|ledger| {
            if ledger.pull(resource)? != mark.0 {
                return Ok(());
            }
            if resource == Resource::Customers {
                records::parts::finish(ledger, mark.0)?;
            }
            // What was made here and is not known there yet is found too, and stays: see `forget`.
            for id in records::unseen(ledger, resource, mark.0)? {
                records::forget(ledger, resource, &id)?;
            }
            ledger.run(
                "INSERT INTO sync_state (resource, pull, complete, at) VALUES (?1, ?2, 1, ?3) \
                 ON CONFLICT (resource) DO UPDATE SET complete = 1, cursor = NULL, at = excluded.at",
                params![resource.name(), mark.0, now.millis],
            )?;
            if resource == Resource::Customers {
                let today = ledger.today.to_string();
                ledger.run("INSERT OR IGNORE INTO meta (key, value) VALUES ('born', ?1)", params![today])?;
            }
            Ok(())
        })?;
        if matches!(resource, Resource::Customers | Resource::Events) {
            // Afterwards: only then are the counts of tags what the pull has made of them.
            applied.merge(self.transact(tag_days::recall)?);
        }
        Ok(applied)
    }

    /// Notes how far sync has come, without any record.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn save_state(&mut self, state: &SyncState) -> Result<()> {
        self.transact(|ledger| save(ledger, state)).map(drop)
    }

    /// Notes that the backend was heard and had nothing new about anything that was pulled.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn heard(&mut self, at: Time) -> Result<()> {
        let run = |ledger: &mut Ledger<'_>| {
            ledger.run("UPDATE sync_state SET at = ?1 WHERE complete", params![at.millis]).map(drop)
        };
        self.transact(run).map(drop)
    }

    /// How far sync has come with every resource; never pulled ones are [`SyncState::never`].
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sync_states(&self) -> Result<Vec<SyncState>> {
        states(&self.connection)
    }

    /// A number that is another one after other connections have written to the cache.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn others(&self) -> Result<i64> {
        self.connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .doing("see whether others have written to the cache")
    }

    /// Writes a little, to see whether that can be done, and whether there is room for more.
    ///
    /// # Errors
    /// [`Error::Full`], [`Error::ReadOnly`], or as SQLite says.
    pub fn try_out(&mut self) -> Result<()> {
        if let Some(why) = probe(self.place.path()) {
            return Err(Error::Full { doing: "write to the cache", why });
        }
        let now = self.moment.now.millis;
        let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('tried', ?1)";
        self.transact(|ledger| ledger.run(sql, params![now.to_string()]).map(drop)).map(drop)
    }

    /// Moves the log into the file and lets the planner look at the figures; for idle moments.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn tidy(&self) -> Result<()> {
        let sql = "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);";
        self.connection.execute_batch(sql).doing("tidy the cache")
    }

    /// As [`Writer::transact`], and on the disk before it returns: for what cannot be pulled again.
    pub(super) fn durably(&mut self, work: impl FnOnce(&mut Ledger<'_>) -> Result<()>) -> Result<Applied> {
        let doing = "write to the cache";
        let _passage = self.place.enter()?;
        self.connection.execute_batch("PRAGMA synchronous = FULL").doing(doing)?;
        let done = self.transact(work);
        self.connection.execute_batch("PRAGMA synchronous = NORMAL").doing(doing)?;
        done
    }

    fn transact(&mut self, work: impl FnOnce(&mut Ledger<'_>) -> Result<()>) -> Result<Applied> {
        self.transaction(work).map_err(|error| explained(error, self.place.path()))
    }

    fn transaction(&mut self, work: impl FnOnce(&mut Ledger<'_>) -> Result<()>) -> Result<Applied> {
        let doing = "write to the cache";
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
        let mut ledger = Ledger::new(&transaction, &self.moment, &self.stages);
        work(&mut ledger)?;
        let lines = std::mem::take(&mut ledger.journal);
        let applied = ledger.settle()?;
        if lines.is_empty() {
            transaction.commit().doing(doing)?;
            return Ok(applied);
        }
        let closes = lines.closes();
        let appended = self.journal.append(&transaction, lines)?;
        if let Err(source) = transaction.execute_batch("COMMIT") {
            self.journal.take_back(&transaction, &appended);
            return Err(Error::sqlite(doing, source));
        }
        drop(transaction); // it has ended
        self.journal.seal(appended);
        if closes && let Err(error) = self.journal.tidy(&self.connection) {
            tracing::warn!(%error, "the journal of the outbox stays though nothing is open");
        }
        Ok(applied)
    }
}

/// A rule as the cache notes it.
pub(super) fn stamp(stages: &StageRule) -> String {
    serde_json::to_string(stages).unwrap_or_default() // plain words and numbers always are JSON
}

/// The rule that the cache goes by, where it has noted one.
pub(super) fn known_stages(connection: &Connection) -> Result<Option<StageRule>> {
    Ok(meta(connection, "stages")?.and_then(|known| serde_json::from_str(&known).ok()))
}

/// What the cache notes about itself.
pub(super) fn meta(connection: &Connection, key: &str) -> Result<Option<String>> {
    use rusqlite::OptionalExtension as _;
    let read = connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0));
    Ok(read.optional().doing("read from the cache")?.flatten())
}

fn save(ledger: &mut Ledger<'_>, state: &SyncState) -> Result<()> {
    ledger.run(
        "INSERT OR REPLACE INTO sync_state (resource, cursor, seq, pull, complete, at) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            state.resource.name(),
            state.cursor,
            state.seq,
            state.pull.0,
            state.complete,
            state.at.map(|at| at.millis)
        ],
    )?;
    Ok(())
}

pub(super) fn states(connection: &Connection) -> Result<Vec<SyncState>> {
    let doing = "read how far sync has come";
    let mut states: Vec<SyncState> =
        Resource::ALL.iter().map(|resource| SyncState::never(*resource)).collect();
    let mut statement = connection
        .prepare_cached("SELECT resource, cursor, seq, pull, complete, at FROM sync_state")
        .doing(doing)?;
    let mut rows = statement.query([]).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        let name: String = row.get(0).doing(doing)?;
        let Some(state) = states.iter_mut().find(|state| state.resource.name() == name) else { continue };
        state.cursor = row.get(1).doing(doing)?;
        state.seq = row.get(2).doing(doing)?;
        state.pull = PullMark(row.get(3).doing(doing)?);
        state.complete = row.get(4).doing(doing)?;
        state.at = row.get::<_, Option<i64>>(5).doing(doing)?.map(Time::from_millis);
    }
    Ok(states)
}
