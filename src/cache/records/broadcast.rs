//! Broadcasts.

use super::{millis, searched, seen, spoken, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{Broadcast, Resource};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Broadcast, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("broadcasts"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "broadcasts", pull, id = record.id.0, {
        title = record.title,
        search = searched([record.title.as_str()]),
        pinyin = spoken([record.title.as_str()]),
        created = millis(record.created_at),
        created_by = record.created_by.as_ref().map(|id| &id.0),
        status = record.status,
        body = body,
    })?;
    written(ledger, Resource::Broadcasts);
    Ok(())
}
