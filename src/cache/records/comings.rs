//! Who came to a group and who left it, of backends that name those who are there and nobody who was: found
//! by comparing a pull with the one before.
//!
//! Whoever left stays as a past member. What is found so is known to this console alone: the ids of its
//! events begin with [`KEPT`].

use rusqlite::params;

use super::store;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::model::{AnyRecord, Event, EventKind, GroupDay, GroupMember, Record, Resource, Time};

/// Ids of what no backend knows of begin so.
const KEPT: &str = "local-";

/// Groups that the pull at work has seen.
macro_rules! there {
    () => {
        "group_id IN (SELECT id FROM groups WHERE pull >= (SELECT pull FROM sync_state WHERE resource = 'groups'))"
    };
}

/// Compares the members of all groups before pull `mark` with those that it saw.
pub(in crate::cache) fn compare(ledger: &mut Ledger<'_>, mark: i64) -> Result<()> {
    let before: Option<i64> = ledger
        .statement("SELECT at FROM sync_state WHERE resource = ?1")?
        .query_row([Resource::GroupMembers.name()], |row| row.get(0))
        .doing("read how far sync has come")?;
    // No pull names past members; they stay.
    let past =
        concat!("UPDATE group_members SET pull = ?1 WHERE pull < ?1 AND left IS NOT NULL AND ", there!());
    ledger.run(past, params![mark])?;
    let Some(before) = before else { return Ok(()) }; // there is nothing to compare with
    let now = ledger.moment.now;
    let gone =
        concat!("SELECT body FROM group_members WHERE pull < ?1 AND left IS NULL AND ?2 = ?2 AND ", there!());
    for mut member in members(ledger, gone, mark, before)? {
        member.left_at = Some(now);
        note(ledger, &member, EventKind::Left, now)?;
        store(ledger, &member.any())?;
    }
    let new = "SELECT body FROM group_members WHERE pull = ?1 AND left IS NULL AND joined > ?2";
    for member in members(ledger, new, mark, before)? {
        let at = member.joined_at.unwrap_or(now);
        note(ledger, &member, EventKind::Joined, at)?;
    }
    days(ledger)
}

fn members(ledger: &Ledger<'_>, sql: &str, mark: i64, before: i64) -> Result<Vec<GroupMember>> {
    let doing = "compare the members of groups";
    let mut statement = ledger.statement(sql)?;
    let bodies = statement.query_map([mark, before], |row| row.get::<_, String>(0)).doing(doing)?;
    let bodies: Vec<String> = bodies.collect::<rusqlite::Result<_>>().doing(doing)?;
    // A body that does not read is that of a row that stays as it is.
    Ok(bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect())
}

/// The event of one coming or going.
fn note(ledger: &mut Ledger<'_>, member: &GroupMember, kind: EventKind, at: Time) -> Result<()> {
    let id = format!("{KEPT}{}-{}-{}", kind.word(), member.key(), at.millis);
    let event = Event {
        id: id.as_str().into(),
        customer_id: member.customer_id.clone(),
        group_id: Some(member.group_id.clone()),
        at: Some(at),
        kind,
        title: member.name.clone(),
        ..Event::default()
    };
    store(ledger, &AnyRecord::Event(event))
}

/// What today comes to in each group, as far as members tell.
fn days(ledger: &mut Ledger<'_>) -> Result<()> {
    let doing = "count the members of groups";
    let today = ledger.today;
    let Ok(begin) = today.to_zoned(ledger.moment.zone.clone()) else { return Ok(()) };
    let begin = begin.timestamp().as_millisecond();
    let mut found: Vec<(String, i64, i64, i64)> = Vec::new();
    {
        let mut statement = ledger.statement(
            "SELECT group_id, count(*) FILTER (WHERE joined >= ?1), count(*) FILTER (WHERE left >= ?1), \
             count(*) FILTER (WHERE left IS NULL) FROM group_members GROUP BY group_id",
        )?;
        let mut rows = statement.query([begin]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let number = |column| row.get::<_, i64>(column).doing(doing);
            found.push((row.get(0).doing(doing)?, number(1)?, number(2)?, number(3)?));
        }
    }
    for (group, joined, left, members) in found {
        let day = GroupDay {
            group_id: group.as_str().into(),
            day: today.to_string(),
            joined: Some(joined),
            left: Some(left),
            members: Some(members),
            ..GroupDay::default()
        };
        store(ledger, &day.any())?;
    }
    Ok(())
}
