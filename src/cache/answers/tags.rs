//! The pane of tags: all of them, by group, then order.

use rusqlite::{Connection, Row};

use crate::cache::columns::filled;
use crate::cache::error::{Doing, Result};
use crate::cache::records::{mark, marked};
use crate::cache::tag_days::CHANGE;
use crate::cache::window::List;
use crate::model::view::TagRow;
use crate::query::{Moment, Query, Scope};

/// In the order of `siyu list tags`. Deleted tags are not among them; they stay known by name on the records that have them.
pub(super) fn all(connection: &Connection, moment: &Moment) -> Result<Vec<TagRow>> {
    let columns = format!(
        "t.id, t.name, coalesce((SELECT k.name FROM tag_groups k WHERE k.id = t.group_id), ''), \
         coalesce((SELECT k.exclusive FROM tag_groups k WHERE k.id = t.group_id), 0), t.color, t.customers, {}, {}",
        filled(CHANGE, moment),
        mark!("tags", "t.id")
    );
    let mut tags = Vec::new();
    let list = List::new(&Query::all(Scope::Tags), &Scope::Tags.default_sort(), moment);
    list.walk(connection, None, &columns, |_, row, at| {
        tags.push(tag(row, at).doing("read the tags")?);
        Ok(())
    })?;
    Ok(tags)
}

fn tag(row: &Row<'_>, at: usize) -> rusqlite::Result<TagRow> {
    Ok(TagRow {
        id: row.get::<_, String>(at)?.into(),
        name: row.get(at + 1)?,
        group: row.get(at + 2)?,
        exclusive: row.get(at + 3)?,
        color: row.get(at + 4)?,
        customers: u64::try_from(row.get::<_, i64>(at + 5)?).unwrap_or(0),
        change7: row.get(at + 6)?,
        write: marked(row, at + 7)?,
    })
}
