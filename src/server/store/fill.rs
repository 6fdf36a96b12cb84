//! Filling an empty store in bulk.

use rusqlite::TransactionBehavior;

use super::open::{set, text};
use super::write::store;
use super::{Attempt, Identity, Store, StoreError, lock};
use crate::model::AnyRecord;

/// Records written between two commits: as many as keep the write-ahead log small.
const BATCH: usize = 100_000;

impl Store {
    /// Empties the store and fills it with `records`, remembering `label` for
    /// [`Store::filled_with`].
    ///
    /// The feed does not tell these records: it begins after them, and clients pull. A fill that
    /// was cut short leaves a store that says it is filled with nothing, and is filled anew.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn fill(
        &self,
        label: &str,
        identity: &Identity,
        records: impl IntoIterator<Item = AnyRecord>,
    ) -> Result<(), StoreError> {
        let mut records = records.into_iter().peekable();
        let mut connection = lock(&self.inner.writer);
        let seq = *self.inner.latest.borrow() + 1;
        let mut first = true;
        while first || records.peek().is_some() {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .attempting("begin to fill the store")?;
            if first {
                transaction
                    .execute_batch(
                        "DELETE FROM records; DELETE FROM changes;
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
            for record in records.by_ref().take(BATCH) {
                store(&transaction, seq, &record, &record.key())?;
            }
            if records.peek().is_none() {
                set(&transaction, "filled_with", label)?;
                transaction
                    .execute("DELETE FROM meta WHERE key = 'filling'", [])
                    .attempting("finish filling the store")?;
            }
            transaction.commit().attempting("commit what fills the store")?;
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
