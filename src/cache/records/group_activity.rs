//! Activities of groups.

use super::{millis, seen, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{ActivityKind, GroupActivity, Resource};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &GroupActivity, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("group_activities"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "group_activities", pull, id = record.id.0, {
        group_id = record.group_id.0,
        kind = word(record.kind),
        title = record.title,
        starts = millis(record.starts_at),
        ends = millis(record.ends_at),
        participants = record.participants,
        conversions = record.conversions,
        body = body,
    })?;
    written(ledger, Resource::GroupActivities);
    Ok(())
}

fn word(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::CheckIn => "check_in",
        ActivityKind::Lottery => "lottery",
        ActivityKind::Topic => "topic",
        ActivityKind::Poll => "poll",
        ActivityKind::Sale => "sale",
        ActivityKind::Lesson => "lesson",
    }
}
