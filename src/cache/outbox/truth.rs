//! What the backend told, and the row that is shown: truth with the open writes laid over it.

use rusqlite::{Connection, OptionalExtension, params};

use super::entry;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::cache::records;
use crate::model::{AnyRecord, Resource, Time};

/// Takes a record from the backend, or that it is gone; says whether writes wait on it, so that
/// the row has been made of both. A record older than the truth changes nothing.
pub(in crate::cache) fn told(
    ledger: &mut Ledger<'_>,
    resource: Resource,
    id: &str,
    record: Option<&AnyRecord>,
) -> Result<bool> {
    let Some(known) = get(ledger.connection(), resource, id)? else { return Ok(false) };
    match record {
        Some(record) if known.as_ref().is_some_and(|known| is_older(record, known)) => {}
        _ => set(ledger, resource, id, record)?,
    }
    let pull = ledger.pull(resource)?;
    lay(ledger, resource, id, Some(pull))?;
    Ok(true)
}

/// Works out the row of a record with open writes, or without any more; then its truth goes.
/// `pull` is the pull that has seen the record; `None` where none has now.
pub(super) fn lay(ledger: &mut Ledger<'_>, resource: Resource, id: &str, pull: Option<i64>) -> Result<()> {
    let Some(truth) = get(ledger.connection(), resource, id)? else { return Ok(()) };
    let writes = entry::open_of(ledger.connection(), resource, id)?;
    let mut shown = truth;
    for entry in &writes {
        let at = local(ledger, entry.made_at);
        if let Some(next) = entry.write.apply(shown.as_ref(), at, entry.operator.as_ref()) {
            shown = Some(next);
        }
    }
    let row = records::body(ledger, resource, id)?;
    let pull = match (pull, &row) {
        (Some(pull), _) => pull,
        (None, Some((_, pull))) => *pull,
        (None, None) => ledger.pull(resource)?,
    };
    match shown {
        Some(shown) => {
            let before = row.map(|(body, _)| records::read(resource, id, &body)).transpose()?;
            let before = before.filter(|before| match (before, &shown) {
                (AnyRecord::Customer(before), AnyRecord::Customer(shown)) => {
                    records::customer::differ_in_tags_alone(before, shown)
                }
                _ => false,
            });
            records::show(ledger, before.as_ref(), &shown, pull)?;
        }
        None => records::remove_row(ledger, resource, id)?,
    }
    if writes.is_empty() {
        drop_truth(ledger, resource, id)?;
    }
    ledger.shows(resource); // a mark may be another one where the row is the same
    Ok(())
}

/// The record as the backend told it last, `Some(None)` where it has none such; `None` where no
/// write waits on it.
pub(super) fn get(
    connection: &Connection,
    resource: Resource,
    id: &str,
) -> Result<Option<Option<AnyRecord>>> {
    let found: Option<Option<String>> = connection
        .prepare_cached("SELECT body FROM truth WHERE resource = ?1 AND id = ?2")
        .and_then(|mut statement| statement.query_row([resource.name(), id], |row| row.get(0)).optional())
        .doing("read from the cache")?;
    let read = |body: Option<String>| body.map(|body| records::read(resource, id, &body)).transpose();
    found.map(read).transpose()
}

/// Takes a record for what the backend has.
pub(super) fn set(
    ledger: &mut Ledger<'_>,
    resource: Resource,
    id: &str,
    record: Option<&AnyRecord>,
) -> Result<()> {
    let body = record.map(AnyRecord::to_json);
    ledger.run(
        "INSERT INTO truth (resource, id, body) VALUES (?1, ?2, ?3) \
         ON CONFLICT (resource, id) DO UPDATE SET body = excluded.body",
        params![resource.name(), id, body],
    )?;
    ledger.truth_changed();
    Ok(())
}

/// Keeps the row as it is for truth, unless there is one already. `None` where the backend has no
/// such record.
pub(super) fn keep(ledger: &mut Ledger<'_>, resource: Resource, id: &str, body: Option<&str>) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO truth (resource, id, body) VALUES (?1, ?2, ?3)";
    ledger.run(sql, params![resource.name(), id, body])?;
    ledger.truth_changed();
    Ok(())
}

/// No write waits on the record any more.
pub(super) fn drop_truth(ledger: &mut Ledger<'_>, resource: Resource, id: &str) -> Result<()> {
    ledger.run("DELETE FROM truth WHERE resource = ?1 AND id = ?2", params![resource.name(), id])?;
    ledger.truth_changed();
    Ok(())
}

/// The backend's revision of a record.
pub(super) fn rev(record: &AnyRecord) -> Option<&str> {
    match record {
        AnyRecord::Customer(record) => record.rev.as_deref(),
        AnyRecord::FollowUp(record) => record.rev.as_deref(),
        _ => None,
    }
}

/// Whether a record is surely an earlier state than another, going by revisions that count.
pub(super) fn is_older(record: &AnyRecord, than: &AnyRecord) -> bool {
    let rev = |record| rev(record).map(str::to_owned);
    records::is_older(&rev(record), &rev(than))
}

/// A moment as it is written here.
pub(super) fn local(ledger: &Ledger<'_>, at: Time) -> Time {
    at.in_zone(&ledger.moment.zone)
}
