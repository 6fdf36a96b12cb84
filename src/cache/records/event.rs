//! Events.

use rusqlite::Row;

use super::{mark, marked, millis, searched, seen, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::view::EventRow;
use crate::model::{CustomerId, Event, EventKind, Resource, Time};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Event, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("events"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "events", pull, id = record.id.0, {
        customer_id = record.customer_id.as_ref().map(|id| &id.0),
        group_id = record.group_id.as_ref().map(|id| &id.0),
        operator_id = record.operator_id.as_ref().map(|id| &id.0),
        at = millis(record.at),
        kind = record.kind.word(),
        title = record.title,
        search = searched([record.title.as_str(), record.body.as_deref().unwrap_or("")]),
        body = body,
    })?;
    written(ledger, Resource::Events);
    Ok(())
}

/// The columns that [`row`] reads, of `events AS e`.
pub(in crate::cache) const COLUMNS: &str = concat!(
    "e.id, e.customer_id, (SELECT q.name FROM customers q WHERE q.id = e.customer_id), \
     (SELECT q.name FROM groups q WHERE q.id = e.group_id), (SELECT q.name FROM operators q WHERE q.id = e.operator_id), \
     e.at, e.kind, e.title, e.body, ",
    mark!("events", "e.id")
);

/// Reads a row, its columns starting at `at`.
pub(in crate::cache) fn row(row: &Row<'_>, at: usize) -> rusqlite::Result<EventRow> {
    // The text at length is in the record alone; a body that does not read shows none.
    let whole = row.get_ref(at + 8)?.as_str().map_err(rusqlite::Error::from)?;
    let body = serde_json::from_str::<Event>(whole).ok().and_then(|event| event.body);
    Ok(EventRow {
        id: row.get(at)?,
        customer_id: row.get::<_, Option<String>>(at + 1)?.map(CustomerId),
        customer: row.get(at + 2)?,
        group: row.get(at + 3)?,
        operator: row.get(at + 4)?,
        at: row.get::<_, Option<i64>>(at + 5)?.map(Time::from_millis),
        kind: EventKind::parse(row.get_ref(at + 6)?.as_str()?).unwrap_or_default(),
        title: row.get(at + 7)?,
        write: marked(row, at + 9)?,
        body,
    })
}
