//! The pane of tags: all of them, by group, then order.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::cache::error::{Doing, Result};
use crate::cache::ledger::day_before;
use crate::cache::window::List;
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
    let columns = format!(
        "t.id, t.name, coalesce((SELECT k.name FROM tag_groups k WHERE k.id = t.group_id), ''), \
         coalesce((SELECT k.exclusive FROM tag_groups k WHERE k.id = t.group_id), 0), t.color, t.customers, \
         (SELECT d.customers FROM tag_days d WHERE d.tag_id = t.id AND d.day <= '{week_ago}' \
         ORDER BY d.day DESC LIMIT 1)"
    );
    let mut tags = Vec::new();
    let list = List::new(&Query::all(Scope::Tags), &Scope::Tags.default_sort(), moment);
    list.walk(connection, None, &columns, |_, row, at| {
        tags.push(tag(row, at, old_enough).doing(DOING)?);
        Ok(())
    })?;
    Ok(tags)
}

fn tag(row: &Row<'_>, at: usize, old_enough: bool) -> rusqlite::Result<TagRow> {
    let customers: i64 = row.get(at + 5)?;
    let before: Option<i64> = row.get(at + 6)?;
    Ok(TagRow {
        id: row.get::<_, String>(at)?.into(),
        name: row.get(at + 1)?,
        group: row.get(at + 2)?,
        exclusive: row.get(at + 3)?,
        color: row.get(at + 4)?,
        customers: u64::try_from(customers).unwrap_or(0),
        change7: before.or(old_enough.then_some(0)).map(|before| customers - before),
    })
}
