//! Tags and their groups.

use super::{seen, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{Resource, Tag, TagGroup};
use crate::query::{fold, sort_key};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Tag, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("tags"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "tags", pull, id = record.id.0, {
        name = record.name,
        name_fold = fold(&record.name),
        name_key = sort_key(&record.name),
        group_id = record.group_id.as_ref().map(|id| &id.0),
        color = record.color,
        ord = record.order,
        deleted = record.deleted,
        body = body,
    })?;
    written(ledger, Resource::Tags);
    // It may have come after customers who have it.
    ledger.count_tag(&record.id.0);
    Ok(())
}

/// The tag itself goes; customers who have it keep its id, as their records do.
pub(super) fn forget(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    if ledger.run(super::remove(Resource::Tags), &[&id])? > 0 {
        ledger.run("DELETE FROM tag_days WHERE tag_id = ?1", &[&id])?;
        written(ledger, Resource::Tags);
    }
    Ok(())
}

pub(super) fn store_group(ledger: &mut Ledger<'_>, record: &TagGroup, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("tag_groups"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "tag_groups", pull, id = record.id.0, {
        name = record.name,
        name_fold = fold(&record.name),
        name_key = sort_key(&record.name),
        exclusive = record.exclusive,
        ord = record.order,
        body = body,
    })?;
    written(ledger, Resource::TagGroups);
    Ok(())
}
