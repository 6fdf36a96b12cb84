//! What header and footer tell, and the words that completion offers.

use rusqlite::Connection;

use crate::cache::batch::SyncState;
use crate::cache::error::{Doing, Result};
use crate::cache::outbox::run::open_runs;
use crate::cache::window::List;
use crate::cache::writer::states;
use crate::model::{Resource, Time};
use crate::query::ask::{Overview, Vocabulary};
use crate::query::{Moment, Query, Scope, Sort, parse};

const DOING: &str = "read the figures of the header";

pub(super) fn overview(connection: &Connection, moment: &Moment) -> Result<Overview> {
    let states = states(connection)?;
    // begun anew, a pull leaves what is there until it is replaced
    let heard = states.iter().filter(|state| state.complete || state.at.is_some());
    let pulled: Vec<Resource> = heard.map(|state| state.resource).collect();
    let due = if pulled.contains(&Resource::FollowUps) { Some(due(connection, moment)?) } else { None };
    let (messages_today, joined_today, left_today) = connection
        .query_row(
            "SELECT sum(messages), sum(joined), sum(left) FROM group_days WHERE day = ?1",
            [moment.zoned().date().to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .doing(DOING)?;
    let (unsent, failed) = outbox(connection)?;
    Ok(Overview {
        mine: moment.me.is_some(),
        due: due.map(|(due, _, _)| due),
        overdue: due.map(|(_, overdue, _)| overdue),
        overdue_all: due.map(|(_, _, all)| all),
        unsent,
        failed,
        synced_at: agreed_at(&states),
        pulled,
        runs: open_runs(connection)?,
        messages_today,
        joined_today,
        left_today,
    })
}

/// What the filters `is:due` and `is:overdue` find, where somebody is logged in of theirs; and what
/// `is:overdue` finds of everybody's.
fn due(connection: &Connection, moment: &Moment) -> Result<(u64, u64, u64)> {
    let whose = if moment.me.is_some() { " is:mine" } else { "" };
    let count = |filter: &str| {
        let all = Query::all(Scope::FollowUps); // the filters parse: a test counts by them
        let query = parse(Scope::FollowUps, filter).unwrap_or(all);
        List::new(&query, &Sort { keys: Vec::new() }, moment).total(connection)
    };
    let (due, overdue) = (count(&format!("is:due{whose}"))?, count(&format!("is:overdue{whose}"))?);
    Ok((due, overdue, count("is:overdue")?))
}

/// Writes that are under way or wait to be, and those that wait for the operator.
fn outbox(connection: &Connection) -> Result<(u64, u64)> {
    let count = |sql: &str| {
        let count =
            connection.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get::<_, i64>(0)));
        Ok(u64::try_from(count.doing(DOING)?).unwrap_or(0))
    };
    Ok((
        count("SELECT count(*) FROM outbox WHERE open = 1 AND state IN ('queued', 'sending', 'unknown')")?,
        count("SELECT count(*) FROM outbox WHERE open = 1 AND state IN ('failed', 'conflict')")?,
    ))
}

/// When every resource that was ever pulled whole was last heard about; the oldest of them counts.
fn agreed_at(states: &[SyncState]) -> Option<Time> {
    states.iter().filter(|state| state.complete).filter_map(|state| state.at).min()
}

/// Titles and texts of the snippets, by shelf.
fn snippets(connection: &Connection) -> Result<Vec<(String, String)>> {
    let doing = "read the snippets";
    let sql = "SELECT title, body_text FROM snippets ORDER BY grp, name_key, id";
    let mut statement = connection.prepare_cached(sql).doing(doing)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?;
    rows.collect::<rusqlite::Result<_>>().doing(doing)
}

pub(super) fn vocabulary(connection: &Connection) -> Result<Vocabulary> {
    let words = |sql: &str| -> Result<Vec<String>> {
        let doing = "read the words for completion";
        let mut statement = connection.prepare_cached(sql).doing(doing)?;
        let rows = statement.query_map([], |row| row.get(0)).doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    };
    let frequent = |column: &str| {
        words(&format!(
            "SELECT {column} FROM customers WHERE {column} <> '' GROUP BY {column} \
             ORDER BY count(*) DESC, {column} LIMIT 200"
        ))
    };
    Ok(Vocabulary {
        tags: words(
            "SELECT name FROM tags WHERE NOT deleted AND name <> '' GROUP BY name ORDER BY name_key",
        )?,
        operators: words(
            "SELECT name FROM operators WHERE active AND name <> '' GROUP BY name ORDER BY name_key",
        )?,
        groups: words("SELECT name FROM groups WHERE name <> '' GROUP BY name ORDER BY name_key")?,
        groups_alike: words("SELECT name FROM groups WHERE name <> '' GROUP BY name HAVING count(*) > 1")?,
        cities: frequent("city")?,
        sources: frequent("source")?,
        levels: frequent("level")?,
        snippets: snippets(connection)?,
    })
}
