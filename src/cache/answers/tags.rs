//! The pane of tags: all of them, by group, then order.

use rusqlite::{Connection, OptionalExtension, params};

use crate::cache::error::{Doing, Result};
use crate::cache::ledger::day_before;
use crate::model::view::TagRow;
use crate::query::Moment;

const DOING: &str = "read the tags";

/// Deleted tags are not among them; they stay known by name on the records that have them.
pub(super) fn all(connection: &Connection, moment: &Moment) -> Result<Vec<TagRow>> {
    let week_ago = day_before(moment.zoned().date(), 7);
    let born: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = 'born'", [], |row| row.get(0))
        .optional()
        .doing(DOING)?;
    // A tag that had no count yet when the cache was already whole had no customers.
    let old_enough = born.is_some_and(|born| born <= week_ago);
    let mut statement = connection
        .prepare_cached(
            "SELECT t.id, t.name, coalesce(k.name, ''), coalesce(k.exclusive, 0), t.color, t.customers, \
             (SELECT d.customers FROM tag_days d WHERE d.tag_id = t.id AND d.day <= ?1 ORDER BY d.day DESC LIMIT 1) \
             FROM tags t LEFT JOIN tag_groups k ON k.id = t.group_id WHERE NOT t.deleted \
             ORDER BY k.id IS NULL, k.ord IS NULL, k.ord, k.id, t.ord IS NULL, t.ord, t.name_key, t.id",
        )
        .doing(DOING)?;
    let rows = statement
        .query_map(params![week_ago], |row| {
            let customers: i64 = row.get(5)?;
            let before: Option<i64> = row.get(6)?;
            Ok(TagRow {
                id: row.get::<_, String>(0)?.into(),
                name: row.get(1)?,
                group: row.get(2)?,
                exclusive: row.get(3)?,
                color: row.get(4)?,
                customers: u64::try_from(customers).unwrap_or(0),
                change7: before.or(old_enough.then_some(0)).map(|before| customers - before),
            })
        })
        .doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}
