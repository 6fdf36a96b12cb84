//! Days of groups. The figures of the last 7 days stand in the group's own row.

use super::{seen, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{GroupDay, Record as _, Resource};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &GroupDay, body: &str, pull: i64) -> Result<()> {
    let id = record.key();
    if ledger.seen(seen!("group_days"), &id, body, pull)? {
        return Ok(());
    }
    let hours = (!record.hours.is_empty()).then(|| format!("{:?}", record.hours)); // as JSON spells it
    put!(ledger, "group_days", pull, id = id, {
        group_id = record.group_id.0,
        day = record.day,
        messages = record.messages,
        active_members = record.active_members,
        joined = record.joined,
        left = record.left,
        members = record.members,
        hours = hours,
        body = body,
    })?;
    // A group's row carries its days, so a group shows the change even where its sums stay.
    written(ledger, Resource::GroupDays);
    ledger.shows(Resource::Groups);
    ledger.days_of(&record.group_id.0);
    Ok(())
}

pub(super) fn forget(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    let Some(group) = ledger.text("SELECT group_id FROM group_days WHERE id = ?1", id)? else {
        return Ok(());
    };
    ledger.run(super::remove(Resource::GroupDays), &[&id])?;
    written(ledger, Resource::GroupDays);
    ledger.shows(Resource::Groups);
    ledger.days_of(&group);
    Ok(())
}
