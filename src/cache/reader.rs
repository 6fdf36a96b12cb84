//! A connection that reads: whole records, counts, and the answers to the console's questions.

use rusqlite::{Connection, InterruptHandle, OptionalExtension};

use super::answers;
use super::batch::SyncState;
use super::error::{Doing, Result};
use super::window::{self, List};
use super::writer;
use crate::model::Resource;
use crate::model::view::RowKey;
use crate::query::ask::{Answer, Ask};
use crate::query::{Moment, Query, Sort};

/// Reads the cache. Each question is answered from one state of it, whatever is written meanwhile.
pub struct Reader {
    connection: Connection,
}

impl Reader {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Stops what this reader is doing, from any thread; it then ends with
    /// [`Error::Interrupted`](super::Error::Interrupted).
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Answers a question of the console.
    ///
    /// # Errors
    /// As SQLite says; [`Error::Record`](super::Error::Record) where a stored record does not read.
    pub fn answer(&self, ask: &Ask, moment: &Moment) -> Result<Answer> {
        let doing = "read the cache";
        let state = self.connection.unchecked_transaction().doing(doing)?;
        let answer = answers::answer(&state, ask, moment)?;
        state.finish().doing(doing)?;
        Ok(answer)
    }

    /// Whole records of a list in its order, one at a time; at most `limit`. The same rows in the
    /// same order as the windows that [`Reader::answer`] gives.
    ///
    /// # Errors
    /// As SQLite says, or whatever `each` returns, which ends the walk.
    pub fn records(
        &self,
        query: &Query,
        sort: &Sort,
        limit: Option<u64>,
        moment: &Moment,
        mut each: impl FnMut(&RowKey, &str) -> Result<()>,
    ) -> Result<()> {
        let list = List::new(query, sort, moment);
        list.walk(&self.connection, limit, &window::body(query.scope), |key, row, at| {
            let body = row.get_ref(at).and_then(|body| Ok(body.as_str()?)).doing("read a record")?;
            each(&key, body)
        })
    }

    /// A whole record as JSON, to the byte as it was stored.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn record(&self, resource: Resource, id: &str) -> Result<Option<String>> {
        let sql = format!("SELECT body FROM {} WHERE id = ?1", resource.name());
        let found = self.connection.query_row(&sql, [id], |row| row.get(0)).optional();
        found.doing("read a record")
    }

    /// How many rows answer a query.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn count(&self, query: &Query, moment: &Moment) -> Result<u64> {
        List::new(query, &Sort { keys: Vec::new() }, moment).total(&self.connection)
    }

    /// How far sync has come with every resource, in the order of [`Resource::ALL`].
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sync_states(&self) -> Result<Vec<SyncState>> {
        writer::states(&self.connection)
    }

    /// Names of records by id, for tables that show a record's references.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn name(&self, resource: Resource, id: &str) -> Result<Option<String>> {
        let sql = match resource {
            Resource::Customers => "SELECT name FROM customers WHERE id = ?1",
            Resource::Tags => "SELECT name FROM tags WHERE id = ?1",
            Resource::TagGroups => "SELECT name FROM tag_groups WHERE id = ?1",
            Resource::Operators => "SELECT name FROM operators WHERE id = ?1",
            Resource::Groups => "SELECT name FROM groups WHERE id = ?1",
            _ => return Ok(None),
        };
        let doing = "look up a name";
        let mut statement = self.connection.prepare_cached(sql).doing(doing)?;
        statement.query_row([id], |row| row.get(0)).optional().doing(doing)
    }

    /// How SQLite would walk a list.
    #[cfg(test)]
    pub(super) fn plan(&self, query: &Query, sort: &Sort, moment: &Moment) -> String {
        List::new(query, sort, moment).plan(&self.connection)
    }
}
