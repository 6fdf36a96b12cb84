//! Groups, with their tags and the figures of their last days.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::{millis, searched, seen, spoken, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, day_before, put};
use crate::insight;
use crate::model::view::GroupRow;
use crate::model::{Group, Resource};
use crate::query::{Moment, fold, sort_key};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Group, body: &str, pull: i64) -> Result<()> {
    let id = &record.id.0;
    if ledger.seen(seen!("groups"), id, body, pull)? {
        return Ok(());
    }
    put!(ledger, "groups", pull, id = id, {
        name = record.name,
        name_key = sort_key(&record.name),
        name_fold = fold(&record.name),
        search = searched([record.name.as_str()]),
        pinyin = spoken([record.name.as_str()]),
        owner_id = record.owner_id.as_ref().map(|id| &id.0),
        status = record.status,
        created = millis(record.created_at),
        member_count = record.member_count,
        customer_count = record.customer_count,
        rev = record.rev,
        body = body,
    })?;
    ledger.run("DELETE FROM group_tags WHERE group_id = ?1", &[id])?;
    for tag in record.tags.iter().collect::<BTreeSet<_>>() {
        ledger.run("INSERT INTO group_tags (group_id, tag_id) VALUES (?1, ?2)", params![id, tag.0])?;
    }
    written(ledger, Resource::Groups);
    ledger.days_of(id);
    Ok(())
}

/// The group goes; its days and members are records of their own, and go as those.
pub(super) fn forget(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    if ledger.run(super::remove(Resource::Groups), &[&id])? > 0 {
        ledger.run("DELETE FROM group_tags WHERE group_id = ?1", &[&id])?;
        written(ledger, Resource::Groups);
    }
    Ok(())
}

/// The last 7 days are others today than they were yesterday.
pub(super) fn new_day(ledger: &mut Ledger<'_>) -> Result<()> {
    for group in ledger.texts("SELECT id FROM groups WHERE ?1 = ?1", "")? {
        ledger.days_of(&group);
    }
    ledger.shows(Resource::Groups);
    Ok(())
}

/// The columns that [`row`] reads, of `groups AS g`.
pub(in crate::cache) const COLUMNS: &str = "g.id, g.name, (SELECT q.name FROM operators q WHERE q.id = g.owner_id), g.status, \
     g.member_count, g.active7, g.net7, g.created";

/// Reads a row, its columns starting at `at`, with the figures of `days` days.
pub(in crate::cache) fn row(
    connection: &Connection,
    moment: &Moment,
    row: &Row<'_>,
    at: usize,
    days: usize,
) -> rusqlite::Result<GroupRow> {
    let id: String = row.get(at)?;
    let today = moment.zoned().date();
    let figures = figures(connection, &id, today, days.max(insight::HEALTH_DAYS))?;
    let health = insight::group_health(&figures.messages, &figures.active, &figures.net);
    let shown = figures.messages.len() - days.min(figures.messages.len());
    Ok(GroupRow {
        id: id.into(),
        name: row.get(at + 1)?,
        owner: row.get(at + 2)?,
        status: row.get(at + 3)?,
        members: row.get(at + 4)?,
        messages: figures.messages[shown..].to_vec(),
        active: figures.active[shown..].to_vec(),
        active7: row.get(at + 5)?,
        net7: row.get(at + 6)?,
        dying: health.dying,
        quiet: health.quiet,
    })
}

/// Figures per day, oldest first, today last; `None` where nobody knows.
struct Figures {
    messages: Vec<Option<i64>>,
    active: Vec<Option<i64>>,
    net: Vec<Option<i64>>,
}

fn figures(connection: &Connection, id: &str, today: Date, days: usize) -> rusqlite::Result<Figures> {
    let mut figures = Figures { messages: vec![None; days], active: vec![None; days], net: vec![None; days] };
    let back = i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1);
    let mut statement = connection.prepare_cached(
        "SELECT day, messages, active_members, joined, left FROM group_days \
         WHERE group_id = ?1 AND day BETWEEN ?2 AND ?3",
    )?;
    let mut rows = statement.query(params![id, day_before(today, back), today.to_string()])?;
    while let Some(row) = rows.next()? {
        let Ok(day) = row.get_ref(0)?.as_str()?.parse::<Date>() else { continue };
        let Ok(ago) = usize::try_from((today - day).get_days()) else { continue };
        let Some(index) = days.checked_sub(ago + 1) else { continue };
        figures.messages[index] = row.get(1)?;
        figures.active[index] = row.get(2)?;
        let (joined, left): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        figures.net[index] = (joined.is_some() || left.is_some())
            .then(|| joined.unwrap_or(0).saturating_sub(left.unwrap_or(0)));
    }
    Ok(figures)
}
