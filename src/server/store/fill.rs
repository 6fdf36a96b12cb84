//! Filling an empty store in bulk.

use std::sync::mpsc;
use std::thread;

use rusqlite::{Connection, TransactionBehavior};

use super::open::{set, text};
use super::write::store;
use super::{Attempt, Identity, Store, StoreError, lock};
use crate::model::{AnyRecord, Resource};

/// Records written between two commits: as many as keep the write-ahead log small.
const BATCH: usize = 100_000;
/// Records handed over at a time.
const HANDFUL: usize = 512;
/// Hand-overs that may wait.
const WAITING: usize = 8;

/// Records as they are stored.
type Handful = Vec<(Resource, String, String)>;

impl Store {
    /// Empties the store and fills it with `records`, remembering `label` for
    /// [`Store::filled_with`].
    ///
    /// The feed does not tell these records: it begins after them, and clients pull. A fill that
    /// was cut short leaves a store that says it is filled with nothing, and is filled anew.
    /// Records are made on a thread of their own while those before them are written.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn fill(
        &self,
        label: &str,
        identity: &Identity,
        records: impl IntoIterator<Item = AnyRecord> + Send,
    ) -> Result<(), StoreError> {
        let mut connection = lock(&self.inner.writer);
        let seq = *self.inner.latest.borrow() + 1;
        let (sender, handfuls) = mpsc::sync_channel(WAITING);
        thread::scope(|scope| {
            scope.spawn(move || make(records, &sender));
            write(&mut connection, seq, label, identity, handfuls)
        })?;
        if self.inner.path.is_some() {
            // The log is as large as the sample now, and would stay so.
            connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .attempting("empty the write-ahead log")?;
        }
        drop(connection);
        self.inner.latest.send_replace(seq);
        Ok(())
    }

    /// Whether a [`Store::fill`] was cut short here: all there is, is a part of a sample.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn is_half_filled(&self) -> Result<bool, StoreError> {
        self.reading(|connection| Ok(text(connection, "filling")?.is_some()))
    }
}

/// Turns records into what is stored, until nobody takes them any more.
fn make(records: impl IntoIterator<Item = AnyRecord>, sender: &mpsc::SyncSender<Handful>) {
    let mut handful = Handful::with_capacity(HANDFUL);
    for record in records {
        handful.push((record.resource(), record.key(), record.to_json()));
        if handful.len() == HANDFUL && sender.send(std::mem::take(&mut handful)).is_err() {
            return;
        }
    }
    // An error means that the writer failed, which it says itself.
    let _ = sender.send(handful);
}

fn write(
    connection: &mut Connection,
    seq: i64,
    label: &str,
    identity: &Identity,
    handfuls: mpsc::Receiver<Handful>,
) -> Result<(), StoreError> {
    let mut handfuls = handfuls.into_iter().peekable();
    let (mut first, mut whole) = (true, false);
    loop {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .attempting("begin to fill the store")?;
        if first {
            transaction
                .execute_batch(
                    "DELETE FROM records; DELETE FROM changes; DELETE FROM answers;
                     DELETE FROM meta WHERE key = 'filled_with';",
                )
                .attempting("empty the store")?;
            set(&transaction, "filling", label)?;
            set(&transaction, "oldest", &seq.to_string())?;
            set(&transaction, "seq", &seq.to_string())?;
            let identity = serde_json::to_string(identity).unwrap_or_default(); // strings only
            set(&transaction, "identity", &identity)?;
            first = false;
        }
        for handful in handfuls.by_ref().take(BATCH / HANDFUL) {
            // Only the last one is short; without it, whoever makes the records broke off.
            whole |= handful.len() < HANDFUL;
            for (resource, id, body) in handful {
                store(&transaction, seq, resource, &id, &body)?;
            }
        }
        let done = handfuls.peek().is_none();
        if done && whole {
            set(&transaction, "filled_with", label)?;
            transaction
                .execute("DELETE FROM meta WHERE key = 'filling'", [])
                .attempting("finish filling the store")?;
        }
        transaction.commit().attempting("commit what fills the store")?;
        if done {
            return Ok(());
        }
    }
}
