//! The pane of tags: all of them, by group, then order.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;

use crate::cache::error::{Doing, Result};
use crate::cache::ledger::day_before;
use crate::cache::records::{mark, marked};
use crate::cache::window::List;
use crate::model::EventKind;
use crate::model::view::TagRow;
use crate::query::{Moment, Query, Scope};

const DOING: &str = "read the tags";

/// In the order of `siyu list tags`. Deleted tags are not among them; they stay known by name on the records that have them.
pub(super) fn all(connection: &Connection, moment: &Moment) -> Result<Vec<TagRow>> {
    let week_ago = day_before(moment.zoned().date(), 7);
    let born: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = 'born'", [], |row| row.get(0))
        .optional()
        .doing(DOING)?;
    // A tag that had no count yet when the cache was already whole had no customers.
    let old_enough = born.is_some_and(|born| born <= week_ago);
    // A younger cache goes by what the backend tells of changed tags.
    let told = if old_enough { HashMap::new() } else { told(connection, moment)? };
    let columns = format!(
        "t.id, t.name, coalesce((SELECT k.name FROM tag_groups k WHERE k.id = t.group_id), ''), \
         coalesce((SELECT k.exclusive FROM tag_groups k WHERE k.id = t.group_id), 0), t.color, t.customers, \
         (SELECT d.customers FROM tag_days d WHERE d.tag_id = t.id AND d.day <= '{week_ago}' \
         ORDER BY d.day DESC LIMIT 1), {}",
        mark!("tags", "t.id")
    );
    let mut tags = Vec::new();
    let list = List::new(&Query::all(Scope::Tags), &Scope::Tags.default_sort(), moment);
    list.walk(connection, None, &columns, |_, row, at| {
        tags.push(tag(row, at, old_enough, &told).doing(DOING)?);
        Ok(())
    })?;
    Ok(tags)
}

fn tag(row: &Row<'_>, at: usize, old_enough: bool, told: &HashMap<String, i64>) -> rusqlite::Result<TagRow> {
    let id: String = row.get(at)?;
    let customers: i64 = row.get(at + 5)?;
    let before: Option<i64> = row.get(at + 6)?;
    Ok(TagRow {
        change7: before
            .or(old_enough.then_some(0))
            .map(|before| customers - before)
            .or_else(|| (!told.is_empty()).then(|| told.get(&id).copied().unwrap_or(0))),
        id: id.into(),
        name: row.get(at + 1)?,
        group: row.get(at + 2)?,
        exclusive: row.get(at + 3)?,
        color: row.get(at + 4)?,
        customers: u64::try_from(customers).unwrap_or(0),
        write: marked(row, at + 7)?,
    })
}

/// What an event of kind `tag` says in its `data`.
#[derive(Deserialize)]
struct Told {
    data: Changed,
}

/// Ids of the tags that a customer got and lost.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Changed {
    add: Vec<String>,
    remove: Vec<String>,
}

/// How often each tag was given less how often it was taken away in the last 7 days, as far as
/// events tell.
fn told(connection: &Connection, moment: &Moment) -> Result<HashMap<String, i64>> {
    let week_ago = moment.now.millis - 7 * 86_400_000;
    let mut statement = connection
        .prepare_cached("SELECT body FROM events WHERE kind = ?1 AND at >= ?2 AND at <= ?3")
        .doing(DOING)?;
    let mut rows = statement.query((EventKind::Tag.word(), week_ago, moment.now.millis)).doing(DOING)?;
    let mut changes = HashMap::new();
    while let Some(row) = rows.next().doing(DOING)? {
        let body = row.get_ref(0).doing(DOING)?;
        // Another backend's events may say it in words only.
        let Some(told) = body.as_str().ok().and_then(|body| serde_json::from_str::<Told>(body).ok()) else {
            continue;
        };
        for (ids, by) in [(told.data.add, 1), (told.data.remove, -1)] {
            for id in ids {
                *changes.entry(id).or_insert(0) += by;
            }
        }
    }
    Ok(changes)
}
