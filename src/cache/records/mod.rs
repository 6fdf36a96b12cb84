//! One file per record kind: how it is stored, how it is forgotten, and how its row is read.

use rusqlite::{OptionalExtension, Row};

use super::error::{Doing, Error, Result};
use super::ledger::Ledger;
use super::outbox::truth;
use crate::model::view::Unsettled;
use crate::model::{AnyRecord, Customer, Event, FollowUp, Record, Resource, Tag, Time, WriteState};
use crate::query::{fold, readings};

mod broadcast;
pub(super) mod comings;
pub(super) mod customer;
pub(super) mod event;
pub(super) mod follow_up;
pub(super) mod group;
mod group_activity;
mod group_day;
pub(super) mod group_member;
mod operator;
mod order;
pub(super) mod parts;
mod snippet;
pub(super) mod tag;

/// Takes a record as the backend tells it, unless it is there just so. Where writes wait on it,
/// they are laid over it again.
pub(super) fn store(ledger: &mut Ledger<'_>, record: &AnyRecord) -> Result<()> {
    if ledger.has_truth()? && truth::told(ledger, record.resource(), &record.key(), Some(record))? {
        return Ok(());
    }
    let pull = ledger.pull(record.resource())?;
    put(ledger, record, pull)
}

/// Takes a record as the backend answered a write with it, whole.
pub(super) fn answered(ledger: &mut Ledger<'_>, record: &AnyRecord) -> Result<()> {
    if let AnyRecord::Customer(whole) = record {
        parts::told(ledger, whole)?;
    }
    store(ledger, record)
}

/// Whether a revision surely comes before another, as far as they are numbers. A record that comes so
/// within one pull is an older state of it (a page from a copy that lags behind, a change told twice)
/// and changes nothing; a pull begun anew takes what it is given.
pub(super) fn is_older(rev: &Option<String>, than: &Option<String>) -> bool {
    let number = |rev: &Option<String>| rev.as_ref().and_then(|rev| rev.parse::<u64>().ok());
    matches!((number(rev), number(than)), (Some(rev), Some(than)) if rev < than)
}

/// Writes a row, unless it is there just so.
pub(super) fn put(ledger: &mut Ledger<'_>, record: &AnyRecord, pull: i64) -> Result<()> {
    let body = record.to_json();
    match record {
        AnyRecord::Operator(record) => operator::store(ledger, record, &body, pull),
        AnyRecord::TagGroup(record) => tag::store_group(ledger, record, &body, pull),
        AnyRecord::Tag(record) => tag::store(ledger, record, &body, pull),
        AnyRecord::Customer(record) => customer::store(ledger, record, &body, pull),
        AnyRecord::FollowUp(record) => follow_up::store(ledger, record, &body, pull),
        AnyRecord::Group(record) => group::store(ledger, record, &body, pull),
        AnyRecord::GroupDay(record) => group_day::store(ledger, record, &body, pull),
        AnyRecord::GroupMember(record) => group_member::store(ledger, record, &body, pull),
        AnyRecord::GroupActivity(record) => group_activity::store(ledger, record, &body, pull),
        AnyRecord::Snippet(record) => snippet::store(ledger, record, &body, pull),
        AnyRecord::Broadcast(record) => broadcast::store(ledger, record, &body, pull),
        AnyRecord::Order(record) => order::store(ledger, record, &body, pull),
        AnyRecord::Event(record) => event::store(ledger, record, &body, pull),
    }
}

/// Takes it from the backend that a record is gone. One that is not there is no error. What was
/// made here stays until the backend has had its say about it.
pub(super) fn forget(ledger: &mut Ledger<'_>, resource: Resource, id: &str) -> Result<()> {
    if ledger.has_truth()? && truth::told(ledger, resource, id, None)? {
        return Ok(());
    }
    remove_row(ledger, resource, id)
}

/// Removes a row with what hangs on it alone. One that is not there is no error.
pub(super) fn remove_row(ledger: &mut Ledger<'_>, resource: Resource, id: &str) -> Result<()> {
    match resource {
        Resource::Customers => customer::forget(ledger, id),
        Resource::Tags => tag::forget(ledger, id),
        Resource::FollowUps => follow_up::forget(ledger, id),
        Resource::Groups => group::forget(ledger, id),
        Resource::GroupDays => group_day::forget(ledger, id),
        _ => {
            if ledger.run(remove(resource), &[&id])? > 0 {
                ledger.changed(resource);
                for shown in shown_in(resource) {
                    ledger.shows(*shown);
                }
            }
            Ok(())
        }
    }
}

/// A record as it was stored.
pub(super) fn read(resource: Resource, id: &str, body: &str) -> Result<AnyRecord> {
    fn of<R: Record>(body: &str) -> serde_json::Result<AnyRecord> {
        serde_json::from_str::<R>(body).map(Record::any)
    }
    let read = match resource {
        Resource::Customers => of::<Customer>(body),
        Resource::FollowUps => of::<FollowUp>(body),
        Resource::Tags => of::<Tag>(body),
        Resource::Events => of::<Event>(body),
        _ => serde_json::from_str(body).and_then(|item| {
            let read = AnyRecord::read(resource, item);
            read.map(|(record, _)| record).map_err(serde::de::Error::custom)
        }),
    };
    read.map_err(|source| Error::Record { what: resource.name(), id: id.to_owned(), source })
}

/// The body of a row and the pull that saw it last; `None` where there is none.
pub(super) fn body(ledger: &Ledger<'_>, resource: Resource, id: &str) -> Result<Option<(String, i64)>> {
    let sql = match resource {
        Resource::Customers => "SELECT body, pull FROM customers WHERE id = ?1",
        Resource::FollowUps => "SELECT body, pull FROM follow_ups WHERE id = ?1",
        Resource::Tags => "SELECT body, pull FROM tags WHERE id = ?1",
        Resource::Events => "SELECT body, pull FROM events WHERE id = ?1",
        _ => return Ok(None), // nothing else can be written
    };
    let found = ledger.statement(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional();
    found.doing("read from the cache")
}

/// Writes a row as operators want it, over the one that is there. `before` is the row as it is
/// where nothing but the tags of a customer may have changed, which is far cheaper to write.
pub(super) fn show(
    ledger: &mut Ledger<'_>,
    before: Option<&AnyRecord>,
    after: &AnyRecord,
    pull: i64,
) -> Result<()> {
    match (before, after) {
        (Some(AnyRecord::Customer(before)), AnyRecord::Customer(after)) => {
            customer::retag(ledger, before, after, pull)
        }
        _ => put(ledger, after, pull),
    }
}

/// Keys of the rows that a full pull did not see.
pub(super) fn unseen(ledger: &Ledger<'_>, resource: Resource, pull: i64) -> Result<Vec<String>> {
    let doing = "look for rows that are gone";
    let sql = format!("SELECT id FROM {} WHERE pull < ?1", resource.name());
    let mut statement = ledger.statement(&sql)?;
    let rows = statement.query_map([pull], |row| row.get(0)).doing(doing)?;
    rows.collect::<rusqlite::Result<_>>().doing(doing)
}

/// Works out what depends on the day.
pub(super) fn new_day(ledger: &mut Ledger<'_>) -> Result<()> {
    customer::conclude_stages(ledger, customer::Which::Derived)?;
    ledger.shows(Resource::Tags); // their change is told over the last days
    group::new_day(ledger)
}

/// Works out what depends on the rule of stages.
pub(super) fn new_stages(ledger: &mut Ledger<'_>) -> Result<()> {
    customer::conclude_stages(ledger, customer::Which::All)
}

/// `DELETE` by key.
fn remove(resource: Resource) -> &'static str {
    match resource {
        Resource::Operators => "DELETE FROM operators WHERE id = ?1",
        Resource::TagGroups => "DELETE FROM tag_groups WHERE id = ?1",
        Resource::Tags => "DELETE FROM tags WHERE id = ?1",
        Resource::Customers => "DELETE FROM customers WHERE id = ?1",
        Resource::FollowUps => "DELETE FROM follow_ups WHERE id = ?1",
        Resource::Groups => "DELETE FROM groups WHERE id = ?1",
        Resource::GroupDays => "DELETE FROM group_days WHERE id = ?1",
        Resource::GroupMembers => "DELETE FROM group_members WHERE id = ?1",
        Resource::GroupActivities => "DELETE FROM group_activities WHERE id = ?1",
        Resource::Snippets => "DELETE FROM snippets WHERE id = ?1",
        Resource::Broadcasts => "DELETE FROM broadcasts WHERE id = ?1",
        Resource::Orders => "DELETE FROM orders WHERE id = ?1",
        Resource::Events => "DELETE FROM events WHERE id = ?1",
    }
}

/// Kinds whose rows show something of this kind, by name.
fn shown_in(resource: Resource) -> &'static [Resource] {
    match resource {
        Resource::Operators => &[
            Resource::Customers,
            Resource::FollowUps,
            Resource::Groups,
            Resource::Events,
            Resource::GroupMembers,
        ],
        Resource::TagGroups => &[Resource::Tags, Resource::Customers],
        Resource::Tags => &[Resource::Customers, Resource::Groups],
        Resource::Customers => &[Resource::FollowUps, Resource::Events],
        Resource::Groups => &[Resource::Events],
        Resource::GroupActivities | Resource::GroupMembers => &[Resource::Groups],
        Resource::Orders => &[Resource::Customers],
        _ => &[],
    }
}

/// Notes that a record of `resource` was written, and where it shows.
fn written(ledger: &mut Ledger<'_>, resource: Resource) {
    ledger.changed(resource);
    for shown in shown_in(resource) {
        ledger.shows(*shown);
    }
}

/// `UPDATE … SET pull` for a row that has this body; see [`Ledger::seen`].
macro_rules! seen {
    ($table:literal) => {
        concat!("UPDATE ", $table, " SET pull = ?1 WHERE id = ?2 AND body = ?3")
    };
}
use seen;

/// How the worst open write of a record stands: its place in [`WriteState::OVER`], one digit, and the
/// backend's words.
macro_rules! mark {
    ($resource:literal, $id:literal) => {
        concat!(
            "(SELECT min((CASE o.state WHEN 'conflict' THEN 0 WHEN 'failed' THEN 1 WHEN 'unknown' THEN 2 ",
            "WHEN 'sending' THEN 3 WHEN 'kept' THEN 5 ELSE 4 END) || coalesce(o.words, '')) ",
            "FROM outbox o WHERE o.record = ",
            $id,
            " AND o.open = 1 AND o.resource = '",
            $resource,
            "')"
        )
    };
}
pub(super) use mark;

/// Reads a [`mark!`].
pub(super) fn marked(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Unsettled>> {
    let told: Option<String> = row.get(at)?;
    Ok(told.and_then(|told| {
        let (place, words) = told.split_at_checked(1)?;
        let state = *WriteState::OVER.get(place.parse::<usize>().ok()?)?;
        Some(Unsettled { state, words: Some(words.to_owned()).filter(|words| !words.is_empty()) })
    }))
}

fn millis(time: Option<Time>) -> Option<i64> {
    time.map(|time| time.millis)
}

/// Texts folded and joined for searching; none of them can match across a border.
fn searched<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    fold(&texts.join("\u{1f}"))
}

/// Readings of all texts.
fn spoken<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(readings).collect()
}
