//! The change feed: what happened since a number, as far back as it is kept.

use tokio::sync::watch;

use super::open::number;
use super::{Attempt, Store, StoreError};
use crate::model::{ChangeOp, Resource};

/// Changes in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The changes, rising by `seq`.
    pub list: Vec<StoredChange>,
    /// What to ask for next.
    pub next: i64,
    /// Whether there was more than was asked for.
    pub more: bool,
}

/// One change, with the record as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChange {
    /// Number of the change.
    pub seq: i64,
    /// The collection.
    pub resource: Resource,
    /// The record's key.
    pub id: String,
    /// What happened. A change of a record that is gone by now is told as its deletion.
    pub op: ChangeOp,
    /// The record as JSON text, where it is not gone.
    pub body: Option<String>,
}

impl StoredChange {
    /// The change as the API writes it.
    pub fn to_json(&self) -> String {
        let id = serde_json::Value::from(self.id.as_str());
        let head = format!(r#"{{"seq":{},"resource":"{}","id":{id}"#, self.seq, self.resource);
        match &self.body {
            Some(body) => format!(r#"{head},"op":"upsert","item":{body}}}"#),
            None => format!(r#"{head},"op":"delete"}}"#),
        }
    }
}

impl Store {
    /// At most `limit` changes after number `since`.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where that number is older than what is kept or was never given out
    /// here; otherwise where the store cannot be read.
    pub fn changes(&self, since: i64, limit: usize) -> Result<Changes, StoreError> {
        let page_bytes = self.inner.limits.page_bytes;
        self.reading(|connection| {
            let (oldest, latest) = (number(connection, "oldest")?, number(connection, "seq")?);
            if since < oldest || since > latest {
                return Err(StoreError::Gone { since, oldest, latest });
            }
            let mut statement = connection
                .prepare_cached(
                    "SELECT c.seq, c.resource, c.id, CASE c.op WHEN 'delete' THEN NULL ELSE r.body END
                     FROM changes c LEFT JOIN records r ON r.resource = c.resource AND r.id = c.id
                     WHERE c.seq > ?1 ORDER BY c.seq LIMIT ?2",
                )
                .attempting("read changes")?;
            let most = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
            let mut rows = statement.query((since, most)).attempting("read changes")?;
            let (mut list, mut next, mut bytes, mut more) = (Vec::new(), since, 0, false);
            while let Some(row) = rows.next().attempting("read changes")? {
                if list.len() >= limit || bytes >= page_bytes {
                    more = true;
                    break;
                }
                next = row.get(0).attempting("read changes")?;
                let name: String = row.get(1).attempting("read changes")?;
                let body: Option<String> = row.get(3).attempting("read changes")?;
                // A collection that this version does not know is passed over.
                let Some(resource) = Resource::parse(&name) else { continue };
                bytes += body.as_ref().map_or(64, String::len);
                let op = if body.is_some() { ChangeOp::Upsert } else { ChangeOp::Delete };
                list.push(StoredChange {
                    seq: next,
                    resource,
                    id: row.get(2).attempting("read changes")?,
                    op,
                    body,
                });
            }
            // Trimmed while it was read: what is missing cannot be told from what never was.
            let oldest = number(connection, "oldest")?;
            if since < oldest {
                return Err(StoreError::Gone { since, oldest, latest });
            }
            Ok(Changes { list, next, more })
        })
    }

    /// The latest change number; the receiver wakes when it rises.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.inner.latest.subscribe()
    }

    /// The latest change number given out.
    pub fn seq(&self) -> i64 {
        *self.inner.latest.borrow()
    }

    /// The oldest number that [`Store::changes`] answers.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn oldest(&self) -> Result<i64, StoreError> {
        self.reading(|connection| number(connection, "oldest"))
    }
}
