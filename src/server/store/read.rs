//! Reading records: one by its key, many by pages.

use rusqlite::{Connection, OptionalExtension};

use super::open::number;
use super::{Attempt, Cursor, Store, StoreError};
use crate::model::Resource;

/// A page of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Records in the order of their keys, each a JSON text.
    pub items: Vec<String>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// Change number as of the first page.
    pub seq: i64,
    /// How many records there are in all; counted for the first page only.
    pub total: Option<i64>,
}

impl Store {
    /// A page of `resource`, beginning after `cursor`, of at most `limit` records.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn page(
        &self,
        resource: Resource,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let page_bytes = self.inner.limits.page_bytes;
        self.reading(|connection| {
            // Read before the rows: a change between the two is then told twice, never missed.
            let seq = match cursor {
                Some(cursor) => cursor.seq,
                None => number(connection, "seq")?,
            };
            let total = match cursor {
                Some(_) => None,
                None => Some(count(connection, resource)?),
            };
            let mut statement = connection
                .prepare_cached(
                    "SELECT id, body FROM records WHERE resource = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                )
                .attempting("read a page")?;
            let after = cursor.map_or("", |cursor| cursor.after.as_str());
            let most = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
            let mut rows = statement.query((resource.name(), after, most)).attempting("read a page")?;
            let (mut items, mut last, mut bytes, mut more) = (Vec::new(), String::new(), 0, false);
            while let Some(row) = rows.next().attempting("read a page")? {
                if items.len() >= limit || bytes >= page_bytes {
                    more = true;
                    break;
                }
                last = row.get(0).attempting("read a page")?;
                let body: String = row.get(1).attempting("read a page")?;
                bytes += body.len();
                items.push(body);
            }
            let next = more.then_some(Cursor { resource, seq, after: last });
            Ok(Page { items, next, seq, total })
        })
    }

    /// One record as JSON text; `None` where there is none of that key.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn get(&self, resource: Resource, id: &str) -> Result<Option<String>, StoreError> {
        self.reading(|connection| body(connection, resource, id))
    }

    /// How many records `resource` has. Counts them one by one: not for every page.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn count(&self, resource: Resource) -> Result<i64, StoreError> {
        self.reading(|connection| count(connection, resource))
    }

    /// Whether there is no record at all.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        self.reading(|connection| {
            let found: Option<i64> = connection
                .query_row("SELECT 1 FROM records LIMIT 1", [], |row| row.get(0))
                .optional()
                .attempting("look for a record")?;
            Ok(found.is_none())
        })
    }
}

fn count(connection: &Connection, resource: Resource) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT count(*) FROM records WHERE resource = ?1")
        .and_then(|mut statement| statement.query_row([resource.name()], |row| row.get(0)))
        .attempting("count records")
}

/// One record as JSON text.
pub(super) fn body(
    connection: &Connection,
    resource: Resource,
    id: &str,
) -> Result<Option<String>, StoreError> {
    connection
        .prepare_cached("SELECT body FROM records WHERE resource = ?1 AND id = ?2")
        .and_then(|mut statement| statement.query_row((resource.name(), id), |row| row.get(0)).optional())
        .attempting("read a record")
}
