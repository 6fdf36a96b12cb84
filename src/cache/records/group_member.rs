//! Members of groups, past ones included.

use rusqlite::Row;

use super::{millis, searched, seen, spoken, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::view::MemberRow;
use crate::model::{CustomerId, GroupMember, Record as _, Resource, Time};
use crate::query::sort_key;

pub(super) fn store(ledger: &mut Ledger<'_>, record: &GroupMember, body: &str, pull: i64) -> Result<()> {
    let id = record.key();
    if ledger.seen(seen!("group_members"), &id, body, pull)? {
        return Ok(());
    }
    put!(ledger, "group_members", pull, id = id, {
        group_id = record.group_id.0,
        member_id = record.member_id,
        customer_id = record.customer_id.as_ref().map(|id| &id.0),
        name = record.name,
        name_key = sort_key(&record.name),
        search = searched([record.name.as_str()]),
        pinyin = spoken([record.name.as_str()]),
        kind = record.kind,
        joined = millis(record.joined_at),
        join_scene = record.join_scene,
        invited_by = record.invited_by,
        left = millis(record.left_at),
        messages = record.messages,
        last_message = millis(record.last_message_at),
        body = body,
    })?;
    written(ledger, Resource::GroupMembers);
    Ok(())
}

/// The columns that [`row`] reads, of `group_members AS m`. Who invited is an operator or a member.
pub(in crate::cache) const COLUMNS: &str = "m.group_id, m.member_id, m.customer_id, m.name, m.kind, m.joined, m.join_scene, \
     coalesce((SELECT q.name FROM operators q WHERE q.id = m.invited_by), \
     (SELECT q.name FROM group_members q WHERE q.id = m.group_id || ':' || m.invited_by), m.invited_by), \
     m.left, m.messages, m.last_message";

/// Reads a row, its columns starting at `at`.
pub(in crate::cache) fn row(row: &Row<'_>, at: usize) -> rusqlite::Result<MemberRow> {
    let time = |column: usize| row.get::<_, Option<i64>>(at + column).map(|time| time.map(Time::from_millis));
    Ok(MemberRow {
        group_id: row.get::<_, String>(at)?.into(),
        member_id: row.get(at + 1)?,
        customer_id: row.get::<_, Option<String>>(at + 2)?.map(CustomerId),
        name: row.get(at + 3)?,
        kind: row.get(at + 4)?,
        joined: time(5)?,
        join_scene: row.get(at + 6)?,
        invited_by: row.get(at + 7)?,
        left: time(8)?,
        messages: row.get(at + 9)?,
        last_message: time(10)?,
    })
}
