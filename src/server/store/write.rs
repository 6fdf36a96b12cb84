//! Writing records: each with its number, its line in the change feed and its announcement.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::open::{number, set};
use super::read::body;
use super::revision::revise;
use super::{Attempt, Store, StoreError, lock};
use crate::model::{AnyRecord, Resource};

/// The store as a write sees it: settled, and its own until the write is done.
pub struct View<'a> {
    connection: &'a Connection,
    seq: i64,
}

impl<'a> View<'a> {
    /// The store on `connection`, whose latest change number is `seq`.
    pub(super) fn new(connection: &'a Connection, seq: i64) -> Self {
        Self { connection, seq }
    }

    /// The latest change number; what is written now gets higher ones.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// One record as JSON text; `None` where there is none of that key.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn get(&self, resource: Resource, id: &str) -> Result<Option<String>, StoreError> {
        body(self.connection, resource, id)
    }

    /// The number of a record's last change; `None` where there is none of that key.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn changed(&self, resource: Resource, id: &str) -> Result<Option<i64>, StoreError> {
        self.connection
            .prepare_cached("SELECT seq FROM records WHERE resource = ?1 AND id = ?2")
            .and_then(|mut statement| statement.query_row((resource.name(), id), |row| row.get(0)).optional())
            .attempting("read the number of a record")
    }

    /// The records of a collection whose JSON text has `text` in it, one by one to `see`. It
    /// looks through the whole collection, so it is for what is rare.
    ///
    /// # Errors
    /// What `see` gives, or where the store cannot be read.
    pub fn having<E: From<StoreError>>(
        &self,
        resource: Resource,
        text: &str,
        mut see: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let what = "look through records";
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM records WHERE resource = ?1 AND instr(body, ?2) > 0")
            .attempting(what)?;
        let mut rows = statement.query((resource.name(), text)).attempting(what)?;
        while let Some(row) = rows.next().attempting(what)? {
            see(row.get(0).attempting(what)?)?;
        }
        Ok(())
    }
}

impl Store {
    /// Reads what it must and says what to write, with nobody writing in between; all of it is
    /// written and numbered in one transaction, or none. Gives the latest number. The revision
    /// of a record that has one rises by itself.
    ///
    /// # Errors
    /// What `decide` gives, or where the store cannot be written.
    pub fn update<E: From<StoreError>>(
        &self,
        decide: impl FnOnce(&View<'_>) -> Result<Vec<AnyRecord>, E>,
    ) -> Result<i64, E> {
        self.writing(|transaction, seq| {
            for record in decide(&View::new(transaction, *seq))? {
                *seq += 1;
                upsert(transaction, *seq, record)?;
            }
            Ok(())
        })
    }

    /// Writes records as they are, new ones and known ones, in one transaction, revisions
    /// included. Gives the latest number.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put(&self, records: &[AnyRecord]) -> Result<i64, StoreError> {
        self.writing(|transaction, seq| {
            for record in records {
                *seq += 1;
                write(transaction, *seq, record)?;
            }
            Ok(())
        })
    }

    /// Deletes a record; says whether there was one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn delete(&self, resource: Resource, id: &str) -> Result<bool, StoreError> {
        let mut found = false;
        self.writing(|transaction, seq| {
            let gone = transaction
                .execute("DELETE FROM records WHERE resource = ?1 AND id = ?2", (resource.name(), id))
                .attempting("delete a record")?;
            found = gone > 0;
            if found {
                *seq += 1;
                note(transaction, *seq, resource, id, "delete")?;
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// Forgets all but the newest `keep` changes. Gives the oldest number that is left.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn trim(&self, keep: i64) -> Result<i64, StoreError> {
        let mut oldest = 0;
        self.writing(|transaction, seq| {
            oldest = trim(transaction, *seq, keep)?;
            Ok::<(), StoreError>(())
        })?;
        Ok(oldest)
    }

    /// Runs `write` in a transaction; `seq` is the latest number, which `write` raises.
    pub(super) fn writing<E: From<StoreError>>(
        &self,
        write: impl FnOnce(&Transaction<'_>, &mut i64) -> Result<(), E>,
    ) -> Result<i64, E> {
        let mut connection = lock(&self.inner.writer);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .attempting("begin a write")?;
        let before = number(&transaction, "seq")?;
        let mut seq = before;
        write(&transaction, &mut seq)?;
        if seq != before {
            set(&transaction, "seq", &seq.to_string())?;
            let keep = self.inner.limits.changes_kept;
            // Numbers have no gaps, so this is how many lines there are; an eighth more than
            // asked for is kept, so that not every write has to trim.
            if seq - number(&transaction, "oldest")? > keep.saturating_add(keep / 8) {
                trim(&transaction, seq, keep)?;
            }
        }
        transaction.commit().attempting("commit a write")?;
        drop(connection);
        // Announced after the commit, so that whoever wakes finds it.
        self.inner.latest.send_if_modified(|latest| {
            let rises = seq > *latest;
            *latest = seq.max(*latest);
            rises
        });
        Ok(seq)
    }
}

/// Writes the record with its next revision, and its line in the feed.
pub(super) fn upsert(
    transaction: &Transaction<'_>,
    seq: i64,
    mut record: AnyRecord,
) -> Result<(), StoreError> {
    let stored = body(transaction, record.resource(), &record.key())?;
    revise(&mut record, stored.as_deref(), seq);
    write(transaction, seq, &record)
}

fn write(transaction: &Transaction<'_>, seq: i64, record: &AnyRecord) -> Result<(), StoreError> {
    let (resource, id) = (record.resource(), record.key());
    store(transaction, seq, resource, &id, &record.to_json())?;
    note(transaction, seq, resource, &id, "upsert")
}

/// Writes the record alone, without a line in the feed.
pub(super) fn store(
    connection: &Connection,
    seq: i64,
    resource: Resource,
    id: &str,
    body: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO records (resource, id, seq, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (resource, id) DO UPDATE SET seq = excluded.seq, body = excluded.body",
        )
        .and_then(|mut statement| statement.execute((resource.name(), id, seq, body)))
        .attempting("write a record")?;
    Ok(())
}

fn note(
    transaction: &Transaction<'_>,
    seq: i64,
    resource: Resource,
    id: &str,
    op: &str,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT INTO changes (seq, resource, id, op) VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut statement| statement.execute((seq, resource.name(), id, op)))
        .attempting("write a change")?;
    Ok(())
}

fn trim(transaction: &Transaction<'_>, seq: i64, keep: i64) -> Result<i64, StoreError> {
    let oldest = number(transaction, "oldest")?.max(seq - keep.max(0));
    transaction.execute("DELETE FROM changes WHERE seq <= ?1", [oldest]).attempting("forget old changes")?;
    set(transaction, "oldest", &oldest.to_string())?;
    Ok(oldest)
}
