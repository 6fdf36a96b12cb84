//! Queues: their members when they are frozen, the same members later, and all about one of them.

use rusqlite::{Connection, Row};

use super::parsed;
use super::views::{all, customer as customer_view, first};
use crate::cache::error::Result;
use crate::cache::records::{customer as customers, event as events, follow_up as follow_ups};
use crate::cache::window::List;
use crate::model::view::{CustomerRow, FollowUpRow, QueueKey, QueueRow};
use crate::model::{Priority, Resource};
use crate::query::ask::{Anchor, ContactView, LONGEST_QUEUE};
use crate::query::{Moment, Query, Scope, Sort};

/// The members of a queue in the order of `sort`, and how many there are.
pub(super) fn members(
    connection: &Connection,
    query: &Query,
    sort: &Sort,
    moment: &Moment,
) -> Result<(Vec<QueueRow>, u64)> {
    let list = List::new(query, sort, moment);
    let (start, many) = (Anchor::Start, (0, LONGEST_QUEUE));
    if query.scope == Scope::Customers {
        let read = |row: &Row<'_>, at| customers::row(connection, moment, row, at);
        let found = list.window(connection, &start, many, customers::COLUMNS, read)?;
        return Ok((found.rows.into_iter().map(|at| of_customer(at.row)).collect(), found.total));
    }
    let found = list.window(connection, &start, many, follow_ups::COLUMNS, follow_ups::row)?;
    Ok((found.rows.into_iter().map(|at| of_follow_up(at.row, moment)).collect(), found.total))
}

/// Members of a queue as they are now; `None` where the record is gone.
pub(super) fn rows(
    connection: &Connection,
    keys: &[QueueKey],
    moment: &Moment,
) -> Result<Vec<(QueueKey, Option<QueueRow>)>> {
    let found = keys.iter().map(|key| {
        let row = match key.resource {
            Resource::Customers => {
                let sql = format!("SELECT {} FROM customers c WHERE c.id = ?1", customers::COLUMNS);
                let read = |row: &Row<'_>| customers::row(connection, moment, row, 0);
                first(connection, &sql, &key.id, read)?.map(of_customer)
            }
            _ => follow_up(connection, &key.id)?.map(|row| of_follow_up(row, moment)),
        };
        Ok((key.clone(), row))
    });
    found.collect()
}

/// All about one member; `None` where the record is gone.
pub(super) fn contact(
    connection: &Connection,
    key: &QueueKey,
    moment: &Moment,
) -> Result<Option<ContactView>> {
    let (follow_up, customer) = if key.resource == Resource::Customers {
        (None, key.id.clone())
    } else {
        let sql = "SELECT body FROM follow_ups WHERE id = ?1";
        let body: Option<String> = first(connection, sql, &key.id, |row| row.get(0))?;
        let (Some(body), Some(row)) = (body, follow_up(connection, &key.id)?) else { return Ok(None) };
        let about = row.customer_id.0.clone();
        (Some((parsed(&body)?, row)), about)
    };
    let view = customer_view(connection, &customer, moment)?;
    if follow_up.is_none() && view.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {} FROM events e WHERE e.customer_id = ?1 ORDER BY e.at DESC, e.id LIMIT 20",
        events::COLUMNS
    );
    let recent = all(connection, &sql, &customer, |row| events::row(row, 0))?;
    Ok(Some(ContactView { key: key.clone(), follow_up, customer: view, recent }))
}

fn follow_up(connection: &Connection, id: &str) -> Result<Option<FollowUpRow>> {
    let sql = format!(
        "SELECT {} FROM follow_ups f LEFT JOIN customers c ON c.id = f.customer_id WHERE f.id = ?1",
        follow_ups::COLUMNS
    );
    first(connection, &sql, id, |row| follow_ups::row(row, 0))
}

fn of_follow_up(row: FollowUpRow, moment: &Moment) -> QueueRow {
    QueueRow {
        key: QueueKey { resource: Resource::FollowUps, id: row.id.0 },
        customer_id: row.customer_id,
        customer: row.customer,
        about: row.title,
        due: row.due,
        sla: row.sla,
        priority: row.priority,
        open: row.status.is_pending() && row.snoozed.is_none_or(|until| until <= moment.now),
        snoozed: row.snoozed,
        assignee: row.assignee,
        write: row.write,
    }
}

fn of_customer(row: CustomerRow) -> QueueRow {
    QueueRow {
        key: QueueKey { resource: Resource::Customers, id: row.id.0.clone() },
        customer_id: row.id,
        customer: row.name,
        about: row.birthday.or(row.remark).unwrap_or_default(),
        due: None,
        sla: None,
        priority: Priority::Normal,
        open: true,
        snoozed: None,
        assignee: row.owners.into_iter().next(),
        write: row.write,
    }
}
