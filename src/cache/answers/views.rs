//! One record with what belongs to it: the details of customers, follow-ups and groups.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::day_before;
use crate::cache::records::{
    customer as customers, event as events, follow_up as follow_ups, group as groups, group_member as members,
};
use crate::model::{Customer, GroupDay, GroupId, OperatorId, Record};
use crate::query::Moment;
use crate::query::ask::{CustomerView, FollowUpView, GroupView};

const DOING: &str = "read a detail";

/// Orders that came to nothing do not count for how often a customer buys.
const BOUGHT: &str = "(status IS NULL OR status NOT IN ('refunded', 'cancelled', 'closed'))";

pub(super) fn customer(connection: &Connection, id: &str, moment: &Moment) -> Result<Option<CustomerView>> {
    let sql = format!("SELECT c.body, {} FROM customers c WHERE c.id = ?1", customers::COLUMNS);
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, customers::row(connection, moment, row, 1)?));
    let Some((body, row)) = first(connection, &sql, id, read)? else { return Ok(None) };
    let customer: Customer = parsed(&body)?;
    let ids = customer.relations.iter().map(|relation| &relation.operator_id).chain(&customer.owners);
    let mut operators: Vec<(OperatorId, String)> = Vec::new();
    for operator in ids {
        if !operators.iter().any(|(known, _)| known == operator) {
            let sql = "SELECT name FROM operators WHERE id = ?1";
            if let Some(name) = first(connection, sql, &operator.0, |row| row.get(0))? {
                operators.push((operator.clone(), name));
            }
        }
    }
    let referrer = match &customer.referrer_id {
        Some(id) => first(connection, "SELECT name FROM customers WHERE id = ?1", &id.0, |row| row.get(0))?,
        None => None,
    };
    let (orders, oldest, latest): (i64, Option<i64>, Option<i64>) = connection
        .query_row(
            &format!("SELECT count(at), min(at), max(at) FROM orders WHERE customer_id = ?1 AND {BOUGHT}"),
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .doing(DOING)?;
    let since = moment.now.millis.saturating_sub(days(180));
    let sql = format!("SELECT count(*) FROM orders WHERE customer_id = ?1 AND at >= {since} AND {BOUGHT}");
    let me = match &moment.me {
        Some(me) => first(connection, "SELECT body FROM operators WHERE id = ?1", &me.0, |row| row.get(0))?,
        None => None,
    };
    let me = me.map(|body: String| parsed(&body)).transpose()?;
    Ok(Some(CustomerView {
        row,
        me,
        referrer,
        referred: count(connection, "SELECT count(*) FROM customers WHERE referrer = ?1", id)?,
        operators,
        groups: all(
            connection,
            "SELECT m.group_id, g.name, m.messages FROM group_members m JOIN groups g ON g.id = m.group_id \
             WHERE m.customer_id = ?1 AND m.left IS NULL ORDER BY m.messages DESC, g.name_key, g.id",
            id,
            |row| Ok((GroupId(row.get(0)?), row.get(1)?, row.get(2)?)),
        )?,
        follow_ups: all(
            connection,
            &format!(
                "SELECT {} FROM follow_ups f LEFT JOIN customers c ON c.id = f.customer_id \
                 WHERE f.customer_id = ?1 AND f.status IN ('open', 'doing') \
                 ORDER BY f.due IS NULL, f.due, f.priority DESC, f.id LIMIT 20",
                follow_ups::COLUMNS
            ),
            id,
            |row| follow_ups::row(row, 0),
        )?,
        events: count(connection, "SELECT count(*) FROM events WHERE customer_id = ?1", id)?,
        cycle_days: cycle(orders, oldest, latest),
        orders180: count(connection, &sql, id)?,
        customer,
    }))
}

/// Mean days between so many orders, the first and the last of which are known.
#[allow(clippy::cast_precision_loss, reason = "orders of one customer, and milliseconds of a life")]
fn cycle(orders: i64, oldest: Option<i64>, latest: Option<i64>) -> Option<f64> {
    let span = latest?.checked_sub(oldest?)?;
    (orders >= 2).then(|| span as f64 / days(1) as f64 / (orders - 1) as f64)
}

pub(super) fn follow_up(connection: &Connection, id: &str, moment: &Moment) -> Result<Option<FollowUpView>> {
    let sql = format!(
        "SELECT f.body, {} FROM follow_ups f LEFT JOIN customers c ON c.id = f.customer_id WHERE f.id = ?1",
        follow_ups::COLUMNS
    );
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, follow_ups::row(row, 1)?));
    let Some((body, row)) = first(connection, &sql, id, read)? else { return Ok(None) };
    let about = &row.customer_id.0;
    let sql = format!("SELECT {} FROM customers c WHERE c.id = ?1", customers::COLUMNS);
    let customer = first(connection, &sql, about, |row| customers::row(connection, moment, row, 0))?;
    let sql = format!(
        "SELECT {} FROM events e WHERE e.customer_id = ?1 ORDER BY e.at DESC, e.id LIMIT 20",
        events::COLUMNS
    );
    let recent = all(connection, &sql, about, |row| events::row(row, 0))?;
    Ok(Some(FollowUpView { follow_up: parsed(&body)?, row, customer, recent }))
}

pub(super) fn group(
    connection: &Connection,
    id: &str,
    shown: usize,
    moment: &Moment,
) -> Result<Option<GroupView>> {
    let sql = format!("SELECT g.body, {} FROM groups g WHERE g.id = ?1", groups::COLUMNS);
    let read =
        |row: &Row<'_>| Ok((row.get::<_, String>(0)?, groups::row(connection, moment, row, 1, shown)?));
    let Some((body, row)) = first(connection, &sql, id, read)? else { return Ok(None) };
    let today = moment.zoned().date();
    let month_ago = moment.now.millis.saturating_sub(days(30));
    // As the filter `is:lurking` counts them.
    let lurkers = format!(
        "SELECT count(*) FROM group_members WHERE group_id = ?1 AND left IS NULL \
         AND (last_message IS NULL OR last_message < {month_ago})"
    );
    let sql = "SELECT count(*) FROM group_members WHERE group_id = ?1 AND left IS NULL";
    Ok(Some(GroupView {
        group: parsed(&body)?,
        row,
        tags: all(
            connection,
            "SELECT coalesce(t.name, l.tag_id) FROM group_tags l LEFT JOIN tags t ON t.id = l.tag_id \
             WHERE l.group_id = ?1 ORDER BY t.id IS NULL, t.name_key, l.tag_id",
            id,
            |row| row.get(0),
        )?,
        days: group_days(connection, id, today, shown)?,
        heat: heat(connection, id, today)?,
        activities: records(
            connection,
            "SELECT body FROM group_activities WHERE group_id = ?1 ORDER BY starts DESC, id",
            id,
        )?,
        lurkers: count(connection, &lurkers, id)?,
        members: count(connection, sql, id)?,
        leavers: all(
            connection,
            &format!(
                "SELECT {} FROM group_members m WHERE m.group_id = ?1 AND m.left IS NOT NULL \
                 ORDER BY m.left DESC, m.member_id LIMIT 50",
                members::COLUMNS
            ),
            id,
            |row| members::row(row, 0),
        )?,
    }))
}

/// The last days of a group without gaps, oldest first, today last.
fn group_days(connection: &Connection, id: &str, today: Date, shown: usize) -> Result<Vec<GroupDay>> {
    let mut known = connection
        .prepare_cached("SELECT body FROM group_days WHERE group_id = ?1 AND day = ?2 ORDER BY id LIMIT 1")
        .doing(DOING)?;
    let mut days = Vec::with_capacity(shown);
    for ago in (0..shown).rev() {
        let day = day_before(today, i64::try_from(ago).unwrap_or(i64::MAX));
        let body: Option<String> =
            known.query_row(params![id, day], |row| row.get(0)).optional().doing(DOING)?;
        days.push(match body {
            Some(body) => parsed(&body)?,
            None => GroupDay { group_id: GroupId(id.to_owned()), day, ..GroupDay::default() },
        });
    }
    Ok(days)
}

/// Messages by weekday and hour over the last 28 days.
fn heat(connection: &Connection, id: &str, today: Date) -> Result<Option<Box<[[i64; 24]; 7]>>> {
    let mut heat: Option<Box<[[i64; 24]; 7]>> = None;
    let mut statement = connection
        .prepare_cached(
            "SELECT day, hours FROM group_days WHERE group_id = ?1 AND day BETWEEN ?2 AND ?3 AND hours IS NOT NULL",
        )
        .doing(DOING)?;
    let mut rows = statement.query(params![id, day_before(today, 27), today.to_string()]).doing(DOING)?;
    while let Some(row) = rows.next().doing(DOING)? {
        let (day, hours): (String, String) = (row.get(0).doing(DOING)?, row.get(1).doing(DOING)?);
        let (Ok(day), Ok(hours)) = (day.parse::<Date>(), serde_json::from_str::<Vec<i64>>(&hours)) else {
            continue; // a day that is none has no weekday
        };
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let cells = &mut heat.get_or_insert_default()[weekday];
        for (cell, messages) in cells.iter_mut().zip(hours) {
            *cell = cell.saturating_add(messages);
        }
    }
    Ok(heat)
}

fn records<R: Record>(connection: &Connection, sql: &str, id: &str) -> Result<Vec<R>> {
    all(connection, sql, id, |row| row.get::<_, String>(0))?.iter().map(|body| parsed(body)).collect()
}

pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    id: &str,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    connection.prepare_cached(sql).doing(DOING)?.query_row([id], read).optional().doing(DOING)
}

pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    id: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).doing(DOING)?;
    let rows = statement.query_map([id], read).doing(DOING)?;
    rows.collect::<rusqlite::Result<_>>().doing(DOING)
}

fn count(connection: &Connection, sql: &str, id: &str) -> Result<u64> {
    let count = first(connection, sql, id, |row| row.get::<_, i64>(0))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}

/// So many days in milliseconds.
const fn days(days: i64) -> i64 {
    days * 24 * 60 * 60 * 1000
}
