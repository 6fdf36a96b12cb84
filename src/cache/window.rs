//! Windows over a list by keyset: the rows after a place, the rows before it, and how many those are.
//!
//! A place is the tuple of values that a row is sorted by. The rows beyond it fall into runs, each
//! with the first values fixed and the next one larger (or missing: missing values come last), so
//! that SQLite can walk an index for every run and nothing is ever skipped by OFFSET.
//!
//! ```text
//! beyond (a, b, id):   x = a, y = b, id > …  │  x = a, y > b  │  x = a, y missing  │  x > a  │  x missing
//! ```

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};

use super::error::{Doing, Error, Result};
use crate::model::view::{KeyPart, Placed, RowKey, Window};
use crate::query::ask::Anchor;
use crate::query::{Direction, Moment, OrderTerm, Query, Scope, Sort, SqlValue};

const DOING: &str = "read a list";

/// A filtered and sorted list, ready to be asked for its rows.
pub(super) struct List {
    scope: Scope,
    clause: String,
    values: Vec<Value>,
    terms: Vec<OrderTerm>,
}

/// A run of rows whose first `fixed` terms are all the same.
struct Run {
    clause: String,
    values: Vec<Value>,
    fixed: usize,
}

/// Which way rows are walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Onward,
    Back,
}

impl List {
    pub(super) fn new(query: &Query, sort: &Sort, moment: &Moment) -> Self {
        let sql = query.sql(moment);
        let values = sql.params.into_iter().map(|value| match value {
            SqlValue::Null => Value::Null,
            SqlValue::Int(value) => Value::Integer(value),
            SqlValue::Real(value) => Value::Real(value),
            SqlValue::Text(value) => Value::Text(value),
        });
        // Deleted tags stay known by name on the records that have them; lists show them only
        // where the filter speaks of them.
        let speaks = || query.to_string().contains("is:deleted");
        let deleted = if query.scope == Scope::Tags && !speaks() { " AND NOT t.deleted" } else { "" };
        let clause = format!("({}){deleted}", sql.clause);
        Self { scope: query.scope, clause, values: values.collect(), terms: terms(query.scope, sort, moment) }
    }

    /// Rows in the whole list.
    pub(super) fn total(&self, connection: &Connection) -> Result<u64> {
        self.count(connection, &Run { clause: "1".to_owned(), values: Vec::new(), fixed: 0 })
    }

    /// Keys of all rows, in no order.
    pub(super) fn ids(&self, connection: &Connection) -> Result<Vec<String>> {
        let sql = format!("SELECT {} FROM {} WHERE {}", key(self.scope), source(self.scope), self.clause);
        let mut statement = connection.prepare(&sql).doing(DOING)?;
        let rows = statement.query_map(params_from_iter(&self.values), |row| row.get(0)).doing(DOING)?;
        rows.collect::<rusqlite::Result<_>>().doing(DOING)
    }

    /// Keys of the rows from one key to another, both included, in the order of the list; none
    /// where either is not in it.
    pub(super) fn between(&self, connection: &Connection, one: &str, other: &str) -> Result<Vec<String>> {
        if self.place(connection, one)?.is_none() || self.place(connection, other)?.is_none() {
            return Ok(Vec::new());
        }
        let mut ids = Vec::new();
        let mut ends = 0;
        let walked = self.walk(connection, None, "", |key, _, _| {
            if ends == 2 {
                return Err(Error::Interrupted); // nothing behind both ends is wanted
            }
            let is_end = key.id == one || key.id == other;
            ends += if one == other { 2 } else { 1 } * u8::from(is_end);
            if ends == 1 || is_end {
                ids.push(key.id);
            }
            Ok(())
        });
        match walked {
            Err(Error::Interrupted) if ends == 2 => Ok(ids),
            walked => walked.map(|()| ids),
        }
    }

    /// The window around `anchor`: at most `before` rows before it, and `after` from it on.
    pub(super) fn window<R>(
        &self,
        connection: &Connection,
        anchor: &Anchor,
        (before, after): (usize, usize),
        columns: &str,
        mut read: impl FnMut(&Row<'_>, usize) -> rusqlite::Result<R>,
    ) -> Result<Window<R>> {
        let total = self.total(connection)?;
        let whole = || vec![Run { clause: "1".to_owned(), values: Vec::new(), fixed: 0 }];
        let place = match anchor {
            Anchor::Start => None,
            Anchor::End => {
                let mut rows = self.rows(connection, whole(), Way::Back, before, columns, &mut read)?;
                rows.reverse();
                return Ok(Window { first: total - (rows.len() as u64).min(total), rows, total });
            }
            Anchor::At(place) if place.values.len() == self.terms.len() => Some(place.values.clone()),
            Anchor::At(RowKey { id, .. }) | Anchor::Id(id) => self.place(connection, id)?,
        };
        let Some(place) = place else {
            let rows = self.rows(connection, whole(), Way::Onward, after, columns, &mut read)?;
            return Ok(Window { rows, first: 0, total });
        };
        let mut earlier = 0;
        for run in self.beyond(&place, Way::Back) {
            earlier += self.count(connection, &run)?;
        }
        let back = self.beyond(&place, Way::Back);
        let mut rows = self.rows(connection, back, Way::Back, before, columns, &mut read)?;
        rows.reverse();
        let first = earlier - (rows.len() as u64).min(earlier);
        let mut onward = vec![self.exactly(&place)];
        onward.extend(self.beyond(&place, Way::Onward));
        rows.extend(self.rows(connection, onward, Way::Onward, after, columns, &mut read)?);
        Ok(Window { rows, first, total })
    }

    /// Walks the whole list in its order until `each` says to stop, and no row is kept.
    pub(super) fn walk(
        &self,
        connection: &Connection,
        limit: Option<u64>,
        columns: &str,
        mut each: impl FnMut(RowKey, &Row<'_>, usize) -> Result<()>,
    ) -> Result<()> {
        let whole = Run { clause: "1".to_owned(), values: Vec::new(), fixed: 0 };
        let sql = self.select(&whole, Way::Onward, columns);
        let limit = limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
        let mut statement = connection.prepare(&sql).doing(DOING)?;
        let values = self.values.iter().cloned().chain([Value::Integer(limit)]);
        let mut rows = statement.query(params_from_iter(values)).doing(DOING)?;
        while let Some(row) = rows.next().doing(DOING)? {
            each(self.row_key(row).doing(DOING)?, row, self.terms.len() + 1)?;
        }
        Ok(())
    }

    /// How SQLite would walk the list.
    #[cfg(test)]
    pub(super) fn plan(&self, connection: &Connection) -> String {
        let whole = Run { clause: "1".to_owned(), values: Vec::new(), fixed: 0 };
        let sql = format!("EXPLAIN QUERY PLAN {}", self.select(&whole, Way::Onward, &body(self.scope)));
        let mut statement = connection.prepare(&sql).unwrap();
        let values = self.values.iter().cloned().chain([Value::Integer(1)]);
        let rows = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
        rows.map(rusqlite::Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    /// Where the row of a key stands; `None` where it is not in the list.
    fn place(&self, connection: &Connection, id: &str) -> Result<Option<Vec<KeyPart>>> {
        let run = Run {
            clause: format!("{} = ?", key(self.scope)),
            values: vec![Value::Text(id.to_owned())],
            fixed: self.terms.len(),
        };
        let mut rows = self.rows(connection, vec![run], Way::Onward, 1, "", &mut |_, _| Ok(()))?;
        Ok(rows.pop().map(|row| row.key.values))
    }

    fn count(&self, connection: &Connection, run: &Run) -> Result<u64> {
        let sql =
            format!("SELECT count(*) FROM {} WHERE {} AND {}", source(self.scope), self.clause, run.clause);
        let mut statement = connection.prepare(&sql).doing(DOING)?;
        let values = self.values.iter().chain(&run.values);
        let count: i64 = statement.query_row(params_from_iter(values), |row| row.get(0)).doing(DOING)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// At most `limit` rows out of `runs`, which follow each other in the order of walking.
    fn rows<R>(
        &self,
        connection: &Connection,
        runs: Vec<Run>,
        way: Way,
        limit: usize,
        columns: &str,
        read: &mut impl FnMut(&Row<'_>, usize) -> rusqlite::Result<R>,
    ) -> Result<Vec<Placed<R>>> {
        let mut found = Vec::new();
        for run in runs {
            if found.len() >= limit {
                break;
            }
            let mut statement = connection.prepare(&self.select(&run, way, columns)).doing(DOING)?;
            let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
            let values = self.values.iter().cloned().chain(run.values).chain([Value::Integer(left)]);
            let mut rows = statement.query(params_from_iter(values)).doing(DOING)?;
            while let Some(row) = rows.next().doing(DOING)? {
                let key = self.row_key(row).doing(DOING)?;
                found.push(Placed { key, row: read(row, self.terms.len() + 1).doing(DOING)? });
            }
        }
        Ok(found)
    }

    fn select(&self, run: &Run, way: Way, columns: &str) -> String {
        let mut sql = format!("SELECT {}", key(self.scope));
        for term in &self.terms {
            sql.push_str(", ");
            sql.push_str(&term.expr);
        }
        if !columns.is_empty() {
            sql.push_str(", ");
            sql.push_str(columns);
        }
        sql.push_str(&format!(" FROM {} WHERE {} AND {}", source(self.scope), self.clause, run.clause));
        let order: Vec<String> = self.terms.iter().skip(run.fixed).map(|term| ordered(term, way)).collect();
        if !order.is_empty() {
            sql.push_str(" ORDER BY ");
            sql.push_str(&order.join(", "));
        }
        sql.push_str(" LIMIT ?");
        sql
    }

    fn row_key(&self, row: &Row<'_>) -> rusqlite::Result<RowKey> {
        let part = |at: usize| {
            Ok(match row.get_ref(at + 1)? {
                ValueRef::Null => KeyPart::Null,
                ValueRef::Integer(value) => KeyPart::Int(value),
                ValueRef::Real(value) => KeyPart::Real(value),
                ValueRef::Text(text) | ValueRef::Blob(text) => {
                    KeyPart::Text(String::from_utf8_lossy(text).into_owned())
                }
            })
        };
        let values = (0..self.terms.len()).map(part).collect::<rusqlite::Result<_>>()?;
        Ok(RowKey { values, id: row.get(0)? })
    }

    /// The row that stands exactly at a place.
    fn exactly(&self, place: &[KeyPart]) -> Run {
        let mut run = Run { clause: String::new(), values: Vec::new(), fixed: self.terms.len() };
        for (term, part) in self.terms.iter().zip(place) {
            equal(&mut run, term, part);
        }
        run
    }

    /// The rows beyond a place, nearest run first.
    fn beyond(&self, place: &[KeyPart], way: Way) -> Vec<Run> {
        let mut runs = Vec::new();
        for (depth, (term, part)) in self.terms.iter().zip(place).enumerate().rev() {
            let prefix = || {
                let mut run = Run { clause: String::new(), values: Vec::new(), fixed: depth };
                for (term, part) in self.terms.iter().zip(place).take(depth) {
                    equal(&mut run, term, part);
                }
                run
            };
            if *part == KeyPart::Null {
                if way == Way::Back {
                    let mut run = prefix();
                    and(&mut run, &format!("({}) IS NOT NULL", term.expr));
                    runs.push(run);
                }
                continue;
            }
            let mut run = prefix();
            let rising = (term.direction == Direction::Ascending) == (way == Way::Onward);
            and(&mut run, &format!("({}) {} ?", term.expr, if rising { ">" } else { "<" }));
            run.values.push(value(part));
            runs.push(run);
            if way == Way::Onward && term.nullable {
                let mut run = prefix();
                and(&mut run, &format!("({}) IS NULL", term.expr));
                run.fixed += 1;
                runs.push(run);
            }
        }
        runs
    }
}

/// What a list is ordered by, down to terms that no two rows have in common.
fn terms(scope: Scope, sort: &Sort, moment: &Moment) -> Vec<OrderTerm> {
    // Where a term may be missing, the one before it only says that such rows come last.
    let all = sort.terms(scope, moment);
    let says_last = |at: usize| all.get(at + 1).is_some_and(|next| next.nullable);
    let mut terms: Vec<OrderTerm> =
        all.iter().enumerate().filter(|(at, _)| !says_last(*at)).map(|(_, term)| term.clone()).collect();
    // Ties are broken in the direction of the last key, so that an index on key and id serves both
    // directions.
    let last = sort.keys.last().map_or(Direction::Ascending, |(_, direction)| *direction);
    for term in terms.iter_mut().skip(sort.keys.len()) {
        term.direction = last;
    }
    // Tag groups of the same place in the order keep their tags together.
    if scope == Scope::Tags
        && let Some(at) = sort.keys.iter().position(|(key, _)| key.name == "group")
    {
        let expr = "t.group_id".to_owned();
        terms.insert(at + 1, OrderTerm { expr, direction: Direction::Ascending, nullable: true });
    }
    terms
}

/// One term of ORDER BY. SQLite takes NULL for smallest; here it is last onward, and first back.
fn ordered(term: &OrderTerm, way: Way) -> String {
    let rising = (term.direction == Direction::Ascending) == (way == Way::Onward);
    let nulls = match (term.nullable, rising, way) {
        (true, true, Way::Onward) => " NULLS LAST",
        (true, false, Way::Back) => " NULLS FIRST",
        _ => "",
    };
    format!("{}{}{nulls}", term.expr, if rising { "" } else { " DESC" })
}

fn equal(run: &mut Run, term: &OrderTerm, part: &KeyPart) {
    if *part == KeyPart::Null {
        and(run, &format!("({}) IS NULL", term.expr));
    } else {
        and(run, &format!("({}) = ?", term.expr));
        run.values.push(value(part));
    }
}

fn and(run: &mut Run, condition: &str) {
    if !run.clause.is_empty() {
        run.clause.push_str(" AND ");
    }
    run.clause.push_str(condition);
}

fn value(part: &KeyPart) -> Value {
    match part {
        KeyPart::Null => Value::Null,
        KeyPart::Int(value) => Value::Integer(*value),
        KeyPart::Real(value) => Value::Real(*value),
        KeyPart::Text(text) => Value::Text(text.clone()),
    }
}

/// What a scope's rows are read from, under the aliases that filters use.
pub(super) fn source(scope: Scope) -> &'static str {
    match scope {
        Scope::Customers => "customers c",
        Scope::FollowUps => "follow_ups f LEFT JOIN customers c ON c.id = f.customer_id",
        Scope::Groups => "groups g",
        Scope::Tags => "tags t",
        Scope::Events => "events e",
        Scope::Orders => "orders o",
        Scope::Operators => "operators p",
        Scope::Snippets => "snippets s",
        Scope::Broadcasts => "broadcasts b",
        Scope::Members => "group_members m",
    }
}

/// The column with a row's key.
fn key(scope: Scope) -> String {
    format!("{}.id", scope.table())
}

/// The column with the whole record.
pub(super) fn body(scope: Scope) -> String {
    format!("{}.body", scope.table())
}
