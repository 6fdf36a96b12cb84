//! Columns of lists that are no fields of the record: names that were looked up, and figures.
//!
//! Who prints lists asks for them by name; that they are SQL stays in this room.

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::ledger::day_before;
use super::tag_days::CHANGE;
use crate::model::Time;
use crate::query::{Moment, Scope};

/// The name of an operator.
macro_rules! operator {
    ($id:literal) => {
        concat!("(SELECT q.name FROM operators q WHERE q.id = ", $id, ")")
    };
}

/// A column that is worked out from the record and from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// As it is asked for.
    pub name: &'static str,
    /// An expression over the list's tables; `{now}` in it stands for the moment,
    /// `{week_ago}` for the day 7 days before.
    sql: &'static str,
    /// What it is.
    is: Is,
}

/// What the value of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// A text or a number, as SQLite has it.
    Plain,
    /// A moment.
    Time,
    /// Yes or no.
    Flag,
}

const fn column(name: &'static str, sql: &'static str) -> Derived {
    Derived { name, sql, is: Is::Plain }
}

/// The column that says whether some of a record is kept here alone.
pub const LOCAL: &str = "local";

/// Whether some of a record is kept here alone.
macro_rules! local {
    ($resource:literal, $id:literal) => {
        Derived {
            name: LOCAL,
            sql: concat!(
                "EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'kept' AND o.resource = '",
                $resource,
                "' AND o.record = ",
                $id,
                ")"
            ),
            is: Is::Flag,
        }
    };
}

/// The derived columns of a scope, in the order in which they are offered.
pub fn derived(scope: Scope) -> &'static [Derived] {
    match scope {
        Scope::Customers => {
            const {
                &[
                    column("stage", "c.stage"),
                    column("tag", TAGS_OF_CUSTOMER),
                    column(
                        "owner",
                        "(SELECT group_concat(coalesce(p.name, l.operator_id), ', ' ORDER BY p.id IS NULL, p.name_key, \
                         l.operator_id) FROM customer_owners l LEFT JOIN operators p ON p.id = l.operator_id \
                         WHERE l.customer_id = c.id)",
                    ),
                    column("referrer", "(SELECT q.name FROM customers q WHERE q.id = c.referrer)"),
                    column("rfm", "rfm_r({now}, c.ordered) || '-' || rfm_f(c.orders) || '-' || rfm_m(c.ltv)"),
                    column(
                        "churn",
                        "round(churn({now}, c.added, c.contacted, c.active, c.ordered, c.orders), 2)",
                    ),
                    Derived { name: "due", sql: "c.next_due", is: Is::Time },
                    local!("customers", "c.id"),
                ]
            }
        }
        Scope::FollowUps => {
            const {
                &[
                    column("customer", "c.name"),
                    column("assignee", operator!("f.assignee_id")),
                    local!("follow_ups", "f.id"),
                ]
            }
        }
        Scope::Groups => {
            const {
                &[
                    column("owner", operator!("g.owner_id")),
                    column("tag", TAGS_OF_GROUP),
                    column("active7", "g.active7"),
                    column("net7", "g.net7"),
                    column("messages7", "g.messages7"),
                ]
            }
        }
        Scope::Tags => {
            const {
                &[
                    column("group", "(SELECT k.name FROM tag_groups k WHERE k.id = t.group_id)"),
                    column("customers", "t.customers"),
                    column("change7", CHANGE),
                ]
            }
        }
        Scope::Events => {
            const {
                &[
                    column("customer", "(SELECT q.name FROM customers q WHERE q.id = e.customer_id)"),
                    column("group", "(SELECT q.name FROM groups q WHERE q.id = e.group_id)"),
                    column("operator", operator!("e.operator_id")),
                    local!("events", "e.id"),
                ]
            }
        }
        Scope::Orders => {
            const { &[column("customer", "(SELECT q.name FROM customers q WHERE q.id = o.customer_id)")] }
        }
        Scope::Broadcasts => const { &[column("creator", operator!("b.created_by"))] },
        Scope::Members => {
            const {
                &[
                    column("id", "m.id"),
                    column("group", "(SELECT q.name FROM groups q WHERE q.id = m.group_id)"),
                ]
            }
        }
        Scope::Operators | Scope::Snippets => &[],
    }
}

const TAGS_OF_CUSTOMER: &str = "(SELECT group_concat(coalesce(t.name, l.tag_id), ', ' ORDER BY t.id IS NULL, \
     k.ord IS NULL, k.ord, k.id, t.ord IS NULL, t.ord, l.tag_id) FROM customer_tags l LEFT JOIN tags t ON t.id = l.tag_id \
     LEFT JOIN tag_groups k ON k.id = t.group_id WHERE l.customer_id = c.id)";

const TAGS_OF_GROUP: &str = "(SELECT group_concat(coalesce(t.name, l.tag_id), ', ' ORDER BY t.id IS NULL, t.name_key, \
     l.tag_id) FROM group_tags l LEFT JOIN tags t ON t.id = l.tag_id WHERE l.group_id = g.id)";

/// An expression with what depends on the moment put in.
pub(super) fn filled(sql: &str, moment: &Moment) -> String {
    let now = moment.now.millis.to_string();
    sql.replace("{now}", &now).replace("{week_ago}", &day_before(moment.zoned().date(), 7))
}

/// The columns as SELECT names them, each with a comma before it.
pub(super) fn select(columns: &[Derived], moment: &Moment) -> String {
    let mut sql = String::new();
    for column in columns {
        sql.push_str(", ");
        sql.push_str(&filled(column.sql, moment));
    }
    sql
}

/// Their values out of a row, where they begin at `at`; a time is written as records write it.
pub(super) fn read(
    columns: &[Derived],
    row: &Row<'_>,
    at: usize,
    moment: &Moment,
) -> rusqlite::Result<Vec<Value>> {
    let value = |(index, column): (usize, &Derived)| {
        Ok(match row.get_ref(at + index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(flag) if column.is == Is::Flag => Value::Bool(flag != 0),
            ValueRef::Integer(millis) if column.is == Is::Time => {
                Value::String(Time::from_millis(millis).in_zone(&moment.zone).to_string())
            }
            ValueRef::Integer(value) => Value::from(value),
            ValueRef::Real(value) => Value::from(value),
            ValueRef::Text(text) | ValueRef::Blob(text) => {
                Value::String(String::from_utf8_lossy(text).into_owned())
            }
        })
    };
    columns.iter().enumerate().map(value).collect()
}
