//! How many customers had a tag at the end of which day, before the cache was there to count them.
//!
//! From its first whole pull on the cache counts by itself: every transaction that changes a
//! tag's count notes it for its day. What lies before is concluded once, when both the customers
//! and the events have been pulled: whoever was given a tag after a day did not have it at that
//! day's end, and whoever lost it did. Events that have not reached their customer yet change
//! nothing: the feed brings the customer, and then the count.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use serde::Deserialize;

use super::error::{Doing, Result};
use super::ledger::{Ledger, day_before};
use crate::model::{EventKind, Resource, Time};

/// Days over which the change of a tag is told.
const DAYS: usize = 7;

/// Change of the count over the last 7 days, of `tags AS t`; NULL where that is not known. The
/// count of then is that at the end of the day `{week_ago}`; a tag without one had no customers.
pub(super) const CHANGE: &str = "CASE WHEN EXISTS (SELECT 1 FROM meta m WHERE (m.key = 'born' AND m.value <= '{week_ago}') \
     OR (m.key = 'recalled' AND m.value = 'told')) THEN t.customers - coalesce((SELECT d.customers FROM tag_days d \
     WHERE d.tag_id = t.id AND d.day <= '{week_ago}' ORDER BY d.day DESC LIMIT 1), 0) END";

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

/// Whether a customer had a tag at the end of each day; `None` where it was as it is now.
type Had = [Option<bool>; DAYS];

/// Concludes the days before the cache was whole, once; called when a pull has come to its end.
pub(super) fn recall(ledger: &mut Ledger<'_>) -> Result<()> {
    let (born, recalled) = (meta(ledger, "born")?, meta(ledger, "recalled")?);
    let Some(born) = born.filter(|_| recalled.is_none()) else { return Ok(()) };
    // What is written before the events have come is a change that no event may tell.
    let counted = born.parse().map_or_else(|_| born.clone(), |born| day_before(born, 1));
    if meta(ledger, "counted")?.is_none() {
        ledger.run(
            "INSERT OR REPLACE INTO tag_days (tag_id, day, customers) SELECT id, ?1, customers FROM tags",
            params![counted],
        )?;
        ledger.run("INSERT INTO meta (key, value) VALUES ('counted', ?1)", params![counted])?;
    }
    if !is_whole(ledger, Resource::Events)? {
        return Ok(());
    }
    let had = told(ledger)?;
    let word = if had.is_empty() { "silent" } else { "told" };
    ledger.run("INSERT INTO meta (key, value) VALUES ('recalled', ?1)", params![word])?;
    if had.is_empty() {
        return Ok(());
    }
    let mut before: BTreeMap<&str, [i64; DAYS]> = BTreeMap::new();
    for ((customer, tag), had) in &had {
        let has = ledger
            .statement("SELECT EXISTS (SELECT 1 FROM customer_tags WHERE customer_id = ?1 AND tag_id = ?2)")?
            .query_row([customer, tag], |row| row.get::<_, bool>(0))
            .doing("read who has a tag")?;
        let sums = before.entry(tag).or_default();
        for (sum, had) in sums.iter_mut().zip(had) {
            *sum += i64::from(had.unwrap_or(has)) - i64::from(has);
        }
    }
    for (tag, count) in counts(ledger, &counted)? {
        let sums = before.get(tag.as_str()).copied().unwrap_or_default();
        for (days, sum) in (1..=DAYS).rev().zip(sums) {
            let day = day_before(ledger.today, days as i64);
            if day < born {
                ledger.run(
                    "INSERT OR REPLACE INTO tag_days (tag_id, day, customers) VALUES (?1, ?2, ?3)",
                    params![tag, day, count + sum],
                )?;
            }
        }
    }
    ledger.shows(Resource::Tags);
    Ok(())
}

/// Who had which tag at the end of each of the last days, oldest first, as far as events tell.
fn told(ledger: &Ledger<'_>) -> Result<BTreeMap<(String, String), Had>> {
    let doing = "read the events of tagging";
    let zone = &ledger.moment.zone;
    let days: Vec<String> = (1..=DAYS).rev().map(|days| day_before(ledger.today, days as i64)).collect();
    let first = ledger.today.saturating_sub(jiff::Span::new().days(DAYS as i64 - 1));
    let since =
        first.to_zoned(zone.clone()).map_or(i64::MIN, |midnight| midnight.timestamp().as_millisecond());
    let mut had: BTreeMap<(String, String), Had> = BTreeMap::new();
    let mut statement = ledger.statement(
        "SELECT at, customer_id, body FROM events WHERE kind = ?1 AND at >= ?2 AND customer_id IS NOT NULL \
         ORDER BY at, id",
    )?;
    let mut rows = statement.query((EventKind::Tag.word(), since)).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        let (at, customer): (i64, String) = (row.get(0).doing(doing)?, row.get(1).doing(doing)?);
        let body = row.get_ref(2).doing(doing)?;
        // Another backend's events may say it in words only.
        let Some(told) = body.as_str().ok().and_then(|body| serde_json::from_str::<Told>(body).ok()) else {
            continue;
        };
        let day = Time::from_millis(at).zoned(zone).date().to_string();
        for (ids, given) in [(told.data.add, true), (told.data.remove, false)] {
            for id in ids {
                let had = had.entry((customer.clone(), id)).or_default();
                for (had, _) in had.iter_mut().zip(&days).filter(|(_, end)| **end < day) {
                    had.get_or_insert(!given);
                }
            }
        }
    }
    Ok(had)
}

fn counts(ledger: &Ledger<'_>, day: &str) -> Result<Vec<(String, i64)>> {
    let doing = "read how many customers tags have";
    let mut statement = ledger.statement("SELECT tag_id, customers FROM tag_days WHERE day = ?1")?;
    let rows = statement.query_map([day], |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?;
    rows.collect::<rusqlite::Result<_>>().doing(doing)
}

fn is_whole(ledger: &Ledger<'_>, resource: Resource) -> Result<bool> {
    let sql = "SELECT complete FROM sync_state WHERE resource = ?1";
    let whole = ledger.statement(sql)?.query_row([resource.name()], |row| row.get(0)).optional();
    Ok(whole.doing("see what was pulled")?.unwrap_or(false))
}

fn meta(ledger: &Ledger<'_>, key: &str) -> Result<Option<String>> {
    ledger.text("SELECT value FROM meta WHERE key = ?1", key)
}
