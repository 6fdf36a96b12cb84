//! Tags that were deleted and are brought back: who is to have one again waits until it is there.
//!
//! The tag goes in a lane of its own, so that nothing else keeps its restore before the writes that
//! put it on customers. Those carry the tag among their `needs`, as if it were still to be made.

use rusqlite::params;

use super::entry::{self, Entry};
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::model::{Deed, Write};

const DOING: &str = "read the outbox";

/// Open writes that bring the tag `?1` back; what they say is text that this program wrote.
macro_rules! restores {
    () => {
        "FROM outbox WHERE record = ?1 AND open = 1 AND resource = 'tags' \
         AND instr(write, '\"fields\":{\"deleted\":false}')"
    };
}

/// The tags that a write gives and that are still being brought back, as its `needs` have them;
/// and whether one of those cannot be for now, so that the write holds nobody up.
pub(super) fn tags(ledger: &Ledger<'_>, write: &Write) -> Result<(Vec<String>, bool)> {
    let (mut waits, mut stuck) = (Vec::new(), false);
    let Deed::Tag { add, .. } = &write.deed else { return Ok((waits, stuck)) };
    for tag in add {
        let sql = concat!("SELECT count(*), total(state IN ('failed', 'conflict')) > 0 ", restores!());
        let (open, fails): (i64, bool) = ledger
            .statement(sql)?
            .query_row([tag.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .doing(DOING)?;
        if open > 0 {
            waits.push(need(tag.as_str()));
            stuck |= fails;
        }
    }
    Ok((waits, stuck))
}

/// What waits for a write carries this among its needs; `None` where nothing can wait for it.
pub(super) fn need_of(entry: &Entry) -> Option<String> {
    (entry.write.makes() || entry.write.restores()).then(|| need(&entry.record))
}

/// A row has left the outbox: where it brought a tag back, and no other one still does, nobody
/// waits for the tag any more.
pub(super) fn closed(ledger: &Ledger<'_>, n: i64) -> Result<()> {
    let sql = "SELECT record FROM outbox WHERE n = ?1 AND resource = 'tags' \
               AND instr(write, '\"fields\":{\"deleted\":false}')";
    let Some(tag) = ledger.text(sql, &n.to_string())? else { return Ok(()) };
    let sql = concat!("SELECT EXISTS (SELECT 1 ", restores!(), ")");
    if ledger.statement(sql)?.query_row([&tag], |row| row.get(0)).doing(DOING)? {
        return Ok(());
    }
    ledger.run(
        "UPDATE outbox SET needs = nullif(replace(needs, ' ' || ?1 || ' ', ' '), ' '), \
         held = held AND needs <> ' ' || ?1 || ' ' WHERE open = 1 AND instr(needs, ' ' || ?1 || ' ')",
        params![need(&tag)],
    )?;
    Ok(())
}

/// Looks anew what waits for a tag that nobody brings back any more: its row may have been lost.
pub(super) fn look_again(ledger: &Ledger<'_>) -> Result<()> {
    let condition = "open = 1 AND needs IS NOT NULL AND instr(write, '\"deed\":\"tag\"')";
    for n in entry::numbers(ledger.connection(), condition, &[])? {
        let Some(row) = entry::one(ledger.connection(), n)? else { continue };
        let needs = entry::needed(ledger, &row.write)?;
        if needs != row.needs {
            let sql = "UPDATE outbox SET needs = ?2, held = held AND ?2 IS NOT NULL WHERE n = ?1";
            ledger.run(sql, params![n, entry::spaced(&needs)])?;
        }
    }
    Ok(())
}

/// An id as one word: needs are parted by spaces, and a backend may have spaces in its ids.
fn need(id: &str) -> String {
    id.replace(char::is_whitespace, "%20")
}
