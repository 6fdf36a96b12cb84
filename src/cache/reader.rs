//! A connection that reads: whole records, counts, and the answers to the console's questions.

use std::time::Duration;

use rusqlite::{Connection, InterruptHandle, OptionalExtension, Row, params_from_iter};
use serde_json::Value;

use super::answers;
use super::batch::SyncState;
use super::columns::{self, Derived};
use super::damage;
use super::error::{Doing, Result};
use super::place::Place;
use super::window::{self, List};
use super::writer;
use crate::insight::StageRule;
use crate::model::Resource;
use crate::model::view::RowKey;
use crate::query::ask::{Answer, Ask};
use crate::query::{Moment, Named, Query, Scope, Sort, SqlValue};

/// Reads the cache. Each question is answered from one state of it, whatever is written meanwhile.
pub struct Reader {
    connection: Connection,
    place: Place,
}

impl Reader {
    pub(super) fn new(connection: Connection, place: Place) -> Self {
        Self { connection, place }
    }

    /// Whether another process has put another file in the place of this one.
    pub fn is_left(&self) -> bool {
        self.place.is_left()
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
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
        self.table(query, sort, limit, moment, &[], |key, body, _| each(key, body))
    }

    /// As [`Reader::records`], each with the values of derived columns.
    ///
    /// # Errors
    /// As [`Reader::records`].
    pub fn table(
        &self,
        query: &Query,
        sort: &Sort,
        limit: Option<u64>,
        moment: &Moment,
        derived: &[Derived],
        mut each: impl FnMut(&RowKey, &str, &[Value]) -> Result<()>,
    ) -> Result<()> {
        let doing = "read a record";
        let list = List::new(query, sort, moment);
        let selected = window::body(query.scope) + &columns::select(derived, moment);
        list.walk(&self.connection, limit, &selected, |key, row, at| {
            let values = columns::read(derived, row, at + 1, moment).doing(doing)?;
            let body = row.get_ref(at).and_then(|body| Ok(body.as_str()?)).doing(doing)?;
            each(&key, body, &values)
        })
    }

    /// Whether some of what a scope shows is kept here alone.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn keeps(&self, scope: Scope) -> Result<bool> {
        let resource = match scope {
            Scope::Customers => Resource::Customers,
            Scope::FollowUps => Resource::FollowUps,
            Scope::Events => Resource::Events,
            _ => return Ok(false),
        };
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'kept' AND resource = ?1)";
        let found = self.connection.query_row(sql, [resource.name()], |row| row.get(0));
        found.doing("read from the cache")
    }

    /// Every record of a collection, by its id; for the small ones.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn every(&self, resource: Resource, mut each: impl FnMut(&str)) -> Result<()> {
        let doing = "read the records";
        let sql = format!("SELECT body FROM {} ORDER BY id", resource.name());
        let mut statement = self.connection.prepare_cached(&sql).doing(doing)?;
        let mut rows = statement.query([]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            each(row.get_ref(0).and_then(|body| Ok(body.as_str()?)).doing(doing)?);
        }
        Ok(())
    }

    /// One record of a scope with the values of all its derived columns.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn whole(&self, scope: Scope, id: &str, moment: &Moment) -> Result<Option<(String, Vec<Value>)>> {
        let derived = columns::derived(scope);
        let sql = format!(
            "SELECT {}{} FROM {} WHERE {}.id = ?1",
            window::body(scope),
            columns::select(derived, moment),
            window::source(scope),
            scope.table()
        );
        let read = |row: &Row<'_>| Ok((row.get(0)?, columns::read(derived, row, 1, moment)?));
        self.connection.query_row(&sql, [id], read).optional().doing("read a record")
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

    /// Whether there is a record of that name or id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn knows(&self, named: &Named<'_>) -> Result<bool> {
        let sql = named.known();
        let texts = sql.params.into_iter().filter_map(|value| match value {
            SqlValue::Text(text) => Some(text),
            _ => None, // names are texts
        });
        let found = self.connection.query_row(&sql.clause, params_from_iter(texts), |_| Ok(()));
        Ok(found.optional().doing("look a name up")?.is_some())
    }

    /// The names that are like it in kind, at most `limit`, in no order.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn names(&self, named: &Named<'_>, limit: usize) -> Result<Vec<String>> {
        let doing = "read the names";
        let mut statement = self.connection.prepare(&named.names().clause).doing(doing)?;
        let rows = statement.query_map([], |row| row.get(0)).doing(doing)?;
        rows.take(limit).collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// Looks through the whole file for damage, for `patience` at most. Says whether it came to
    /// the end.
    ///
    /// # Errors
    /// [`Error::Damaged`](super::Error::Damaged); otherwise as SQLite says.
    pub fn check(&self, patience: Duration) -> Result<bool> {
        damage::search(&self.connection, patience)
    }

    /// Whether derived figures are those of this day and this rule: else [`super::Writer::at`]
    /// works them out again.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_current(&self, moment: &Moment, stages: &StageRule) -> Result<bool> {
        let today = moment.zoned().date().to_string();
        Ok(writer::meta(&self.connection, "day")? == Some(today)
            && writer::meta(&self.connection, "stages")? == Some(writer::stamp(stages)))
    }

    /// How far sync has come with every resource, in the order of [`Resource::ALL`].
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sync_states(&self) -> Result<Vec<SyncState>> {
        writer::states(&self.connection)
    }

    /// How SQLite would walk a list.
    #[cfg(test)]
    pub(super) fn plan(&self, query: &Query, sort: &Sort, moment: &Moment) -> String {
        List::new(query, sort, moment).plan(&self.connection)
    }
}
