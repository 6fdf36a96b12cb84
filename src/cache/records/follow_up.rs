//! Follow-ups. The earliest pending one stands in its customer's own row.

use rusqlite::{OptionalExtension, Row};

use super::{is_older, mark, marked, millis, searched, seen, spoken, written};
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::{Ledger, put};
use crate::model::view::FollowUpRow;
use crate::model::{FollowUp, FollowUpKind, FollowUpStatus, OperatorId, Priority, Resource, Time};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &FollowUp, body: &str, pull: i64) -> Result<()> {
    let id = &record.id.0;
    if ledger.seen(seen!("follow_ups"), id, body, pull)? {
        return Ok(());
    }
    let sql = "SELECT customer_id, rev, pull FROM follow_ups WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, i64>(2)?));
    let known = ledger.statement(sql)?.query_row([id], read).optional().doing("read from the cache")?;
    if let Some((customer, rev, seen)) = known {
        if seen == pull && is_older(&record.rev, &rev) {
            return Ok(());
        }
        ledger.due_of(&customer);
    }
    ledger.due_of(&record.customer_id.0);
    put!(ledger, "follow_ups", pull, id = id, {
        customer_id = record.customer_id.0,
        title = record.title,
        search = searched([record.title.as_str(), record.body.as_deref().unwrap_or("")]),
        pinyin = spoken([record.title.as_str()]),
        kind = record.kind.word(),
        due = millis(record.due_at),
        sla = millis(record.sla_at),
        priority = record.priority as i64,
        status = record.status.word(),
        snoozed = millis(record.snoozed_until),
        assignee_id = record.assignee_id.as_ref().map(|id| &id.0),
        source = record.source,
        outcome = record.outcome,
        created = millis(record.created_at),
        done = millis(record.done_at),
        rev = record.rev,
        body = body,
    })?;
    written(ledger, Resource::FollowUps);
    Ok(())
}

pub(super) fn forget(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    let sql = "SELECT customer_id FROM follow_ups WHERE id = ?1";
    let Some(customer) = ledger.text(sql, id)? else { return Ok(()) };
    ledger.run(super::remove(Resource::FollowUps), &[&id])?;
    ledger.due_of(&customer);
    written(ledger, Resource::FollowUps);
    Ok(())
}

/// The columns that [`row`] reads, of `follow_ups AS f`, joined with `customers AS c`.
pub(in crate::cache) const COLUMNS: &str = concat!(
    "f.id, f.customer_id, \
     c.name, f.title, f.kind, f.due, f.sla, f.priority, \
     f.status, f.snoozed, f.assignee_id, (SELECT q.name FROM operators q WHERE q.id = f.assignee_id), f.source, f.outcome, ",
    mark!("follow_ups", "f.id")
);

/// Reads a row, its columns starting at `at`.
pub(in crate::cache) fn row(row: &Row<'_>, at: usize) -> rusqlite::Result<FollowUpRow> {
    let time = |column: usize| row.get::<_, Option<i64>>(at + column).map(|time| time.map(Time::from_millis));
    let text = |column: usize| row.get_ref(at + column)?.as_str().map_err(rusqlite::Error::from);
    let priority: u8 = row.get(at + 7)?;
    Ok(FollowUpRow {
        id: row.get::<_, String>(at)?.into(),
        customer_id: row.get::<_, String>(at + 1)?.into(),
        customer: row.get::<_, Option<String>>(at + 2)?.unwrap_or_default(),
        title: row.get(at + 3)?,
        kind: FollowUpKind::parse(text(4)?).unwrap_or_default(),
        due: time(5)?,
        sla: time(6)?,
        priority: Priority::ALL.get(usize::from(priority)).copied().unwrap_or_default(),
        status: FollowUpStatus::parse(text(8)?).unwrap_or_default(),
        snoozed: time(9)?,
        assignee_id: row.get::<_, Option<String>>(at + 10)?.map(OperatorId),
        assignee: row.get(at + 11)?,
        source: row.get(at + 12)?,
        outcome: row.get(at + 13)?,
        write: marked(row, at + 14)?,
    })
}
