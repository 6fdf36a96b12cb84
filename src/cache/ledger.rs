//! What one transaction has done so far, and what must be settled before it is committed.
//!
//! Records write themselves through a [`Ledger`]. Derived columns that hang on other records are
//! only noted here while records arrive, in whatever order, and are worked out once at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::batch::Applied;
use super::error::{Doing, Result};
use super::outbox::journal::Lines;
use super::writer::meta;
use crate::insight::StageRule;
use crate::model::Resource;
use crate::model::write::Keeps;
use crate::query::Moment;

/// Writes `row` of a table: inserts it, or overwrites the one of the same id.
///
/// The columns are those that come from the record; what hangs on other records is left alone.
macro_rules! put {
    ($ledger:expr, $table:literal, $pull:expr, id = $id:expr, { $($column:ident = $value:expr),+ $(,)? }) => {{
        const SQL: &str = concat!(
            "INSERT INTO ", $table, " (id, ", $(stringify!($column), ", ",)+ "pull) VALUES (:id, ",
            $(":", stringify!($column), ", ",)+ ":pull) ON CONFLICT (id) DO UPDATE SET ",
            $(stringify!($column), " = excluded.", stringify!($column), ", ",)+ "pull = excluded.pull"
        );
        $ledger.run(SQL, rusqlite::params![$id, $($value,)+ $pull])
    }};
}
pub(super) use put;

/// One transaction's bookkeeping.
pub(super) struct Ledger<'t> {
    connection: &'t Connection,
    /// When it is, for what depends on it.
    pub(super) moment: &'t Moment,
    /// Today, where days are those of the moment's zone.
    pub(super) today: Date,
    /// Which stage a customer is in.
    pub(super) stages: &'t StageRule,
    /// The running or latest pull of each resource: rows that arrive meanwhile count as seen by it.
    pulls: BTreeMap<Resource, i64>,
    /// Whether there are records with open writes, once somebody has asked.
    has_truth: Option<bool>,
    /// What the backend has no place for, once somebody has asked.
    keeps: Option<Rc<Keeps>>,
    applied: Applied,
    /// What the journal is told.
    pub(super) journal: Lines,
    /// Tags by how their counts changed; `None` where they must be counted anew.
    tags: BTreeMap<String, Option<i64>>,
    customers: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl<'t> Ledger<'t> {
    pub(super) fn new(connection: &'t Connection, moment: &'t Moment, stages: &'t StageRule) -> Self {
        Self {
            connection,
            moment,
            today: moment.zoned().date(),
            stages,
            pulls: BTreeMap::new(),
            has_truth: None,
            keeps: None,
            applied: Applied::default(),
            journal: Lines::default(),
            tags: BTreeMap::new(),
            customers: BTreeSet::new(),
            groups: BTreeSet::new(),
        }
    }

    /// The connection, for reading.
    pub(super) fn connection(&self) -> &'t Connection {
        self.connection
    }

    /// Runs a statement that writes; gives the number of rows that it changed.
    pub(super) fn run(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<usize> {
        self.statement(sql)?.execute(values).doing("write to the cache")
    }

    /// The number of the row that was inserted last.
    pub(super) fn last_row(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// A statement that is prepared once.
    pub(super) fn statement(&self, sql: &str) -> Result<CachedStatement<'t>> {
        self.connection.prepare_cached(sql).doing("write to the cache")
    }

    /// The first column of all rows.
    pub(super) fn texts(&self, sql: &str, key: &str) -> Result<Vec<String>> {
        let doing = "read from the cache";
        let mut statement = self.statement(sql)?;
        let rows = statement.query_map([key], |row| row.get(0)).doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// The first column of the first row; `None` where there is no row or it is NULL.
    pub(super) fn text(&self, sql: &str, key: &str) -> Result<Option<String>> {
        let found = self.statement(sql)?.query_row([key], |row| row.get::<_, Option<String>>(0)).optional();
        Ok(found.doing("read from the cache")?.flatten())
    }

    /// Which pull rows of `resource` are counted for.
    pub(super) fn pull(&mut self, resource: Resource) -> Result<i64> {
        if let Some(pull) = self.pulls.get(&resource) {
            return Ok(*pull);
        }
        let pull = self
            .statement("SELECT pull FROM sync_state WHERE resource = ?1")?
            .query_row([resource.name()], |row| row.get(0))
            .optional()
            .doing("read from the cache")?
            .unwrap_or(0);
        self.pulls.insert(resource, pull);
        Ok(pull)
    }

    /// Whether any record has open writes; asked of the cache once per transaction.
    pub(super) fn has_truth(&mut self) -> Result<bool> {
        if let Some(known) = self.has_truth {
            return Ok(known);
        }
        let known = self
            .statement("SELECT EXISTS (SELECT 1 FROM truth)")?
            .query_row([], |row| row.get(0))
            .doing("read from the cache")?;
        self.has_truth = Some(known);
        Ok(known)
    }

    /// What the backend has no place for, as it was noted; asked of the cache once per transaction.
    pub(super) fn keeps(&mut self) -> Result<Rc<Keeps>> {
        if let Some(known) = &self.keeps {
            return Ok(Rc::clone(known));
        }
        let noted = meta(self.connection, "keeps")?;
        let known: Rc<Keeps> =
            Rc::new(noted.and_then(|noted| serde_json::from_str(&noted).ok()).unwrap_or_default());
        self.keeps = Some(Rc::clone(&known));
        Ok(known)
    }

    /// Records may have got open writes, or lost their last ones.
    pub(super) fn truth_changed(&mut self) {
        self.has_truth = None;
    }

    /// Counts all rows of `resource` for this pull.
    pub(super) fn count_for(&mut self, resource: Resource, pull: i64) {
        self.pulls.insert(resource, pull);
    }

    /// Whether the row is there with this very body; then only its pull is noted.
    pub(super) fn seen(&mut self, sql: &'static str, id: &str, body: &str, pull: i64) -> Result<bool> {
        Ok(self.run(sql, params![pull, id, body])? > 0)
    }

    /// A record was written or removed.
    pub(super) fn changed(&mut self, resource: Resource) {
        self.applied.rows += 1;
        self.applied.resources.insert(resource);
    }

    /// Rows of `resource` show something that has changed.
    pub(super) fn shows(&mut self, resource: Resource) {
        self.applied.resources.insert(resource);
    }

    /// A customer has gained (1) or lost (-1) a tag.
    pub(super) fn tagged(&mut self, tag: &str, by: i64) {
        if !self.tags.contains_key(tag) {
            self.tags.insert(tag.to_owned(), Some(0));
        }
        if let Some(Some(change)) = self.tags.get_mut(tag) {
            *change += by;
        }
    }

    /// The tag is new, and customers may have it already.
    pub(super) fn count_tag(&mut self, tag: &str) {
        self.tags.insert(tag.to_owned(), None);
    }

    /// The follow-ups of a customer, or the customer, are new.
    pub(super) fn due_of(&mut self, customer: &str) {
        if !self.customers.contains(customer) {
            self.customers.insert(customer.to_owned());
        }
    }

    /// The days of a group, or the group, are new.
    pub(super) fn days_of(&mut self, group: &str) {
        if !self.groups.contains(group) {
            self.groups.insert(group.to_owned());
        }
    }

    /// The first of the last `days` days, today being one of them.
    pub(super) fn since(&self, days: i64) -> String {
        day_before(self.today, days - 1)
    }

    /// Works out what was only noted, and says what the transaction changed.
    pub(super) fn settle(mut self) -> Result<Applied> {
        for (tag, by) in std::mem::take(&mut self.tags) {
            self.settle_tag(&tag, by)?;
        }
        for customer in std::mem::take(&mut self.customers) {
            let changed = self.run(
                "UPDATE customers SET next_due = d.due FROM (SELECT min(due) AS due FROM follow_ups \
                 WHERE customer_id = ?1 AND status IN ('open', 'doing')) AS d \
                 WHERE id = ?1 AND next_due IS NOT d.due",
                params![customer],
            )?;
            if changed > 0 {
                self.shows(Resource::Customers);
            }
        }
        let since = self.since(7);
        let today = self.today.to_string();
        for group in std::mem::take(&mut self.groups) {
            let changed = self.run(SETTLE_GROUP, params![group, since, today])?;
            if changed > 0 {
                self.shows(Resource::Groups);
            }
        }
        Ok(self.applied)
    }

    /// Brings the count of a tag up to date, and notes it as today's.
    fn settle_tag(&mut self, tag: &str, by: Option<i64>) -> Result<()> {
        let known = match by {
            Some(0) => 0,
            Some(by) => self.run("UPDATE tags SET customers = customers + ?2 WHERE id = ?1", params![tag, by])?,
            None => self.run(
                "UPDATE tags SET customers = (SELECT count(*) FROM customer_tags WHERE tag_id = ?1) WHERE id = ?1",
                params![tag],
            )?,
        };
        if known > 0 {
            self.shows(Resource::Tags);
            self.run(
                "INSERT INTO tag_days (tag_id, day, customers) SELECT id, ?2, customers FROM tags WHERE id = ?1 \
                 ON CONFLICT (tag_id, day) DO UPDATE SET customers = excluded.customers",
                params![tag, self.today.to_string()],
            )?;
        }
        Ok(())
    }
}

/// The last 7 days of a group. A figure stays NULL where no day knows it.
const SETTLE_GROUP: &str = "UPDATE groups SET active7 = d.active, net7 = d.net, messages7 = d.messages \
     FROM (SELECT CAST(round(avg(active_members)) AS INTEGER) AS active, \
     sum(coalesce(joined, 0) - coalesce(left, 0)) FILTER (WHERE joined IS NOT NULL OR left IS NOT NULL) AS net, \
     sum(messages) AS messages FROM group_days WHERE group_id = ?1 AND day BETWEEN ?2 AND ?3) AS d \
     WHERE id = ?1 AND (active7 IS NOT d.active OR net7 IS NOT d.net OR messages7 IS NOT d.messages)";

/// The day so many days before `today`.
pub(super) fn day_before(today: Date, days: i64) -> String {
    let span: Span = days.days();
    today.checked_sub(span).unwrap_or(Date::MIN).to_string()
}
