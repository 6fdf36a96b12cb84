//! Customers, with their tags and owners.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{is_older, mark, marked, millis, searched, seen};
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::{Ledger, put};
use crate::insight::{self, StageRule};
use crate::model::view::CustomerRow;
use crate::model::{Customer, Record, Resource, Stage, Time};
use crate::query::{Moment, readings, sort_key};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Customer, body: &str, pull: i64) -> Result<()> {
    let id = &record.id.0;
    if ledger.seen(seen!("customers"), id, body, pull)? {
        return Ok(());
    }
    let before = Spelled::of(ledger, id)?;
    if before.as_ref().is_some_and(|before| before.pull == pull && is_older(&record.rev, &before.rev)) {
        return Ok(());
    }
    let (remark, alias) = (record.remark.as_deref().unwrap_or(""), record.alias.as_deref().unwrap_or(""));
    let texts = [record.name.as_str(), remark, alias];
    // What colleagues call them is found as well; the remark of the customer stands in `texts`.
    let said = record.relations.iter().filter_map(|relation| relation.remark.as_deref());
    let said = said.filter(|said| *said != remark);
    let own = record.stage.as_deref().and_then(|word| ledger.stages.own(word));
    let stage = own.unwrap_or_else(|| {
        let times = [record.added_at, record.last_contact_at, record.last_active_at, record.last_order_at];
        conclude(ledger.stages, ledger.moment, times, record.orders)
    });
    // Spelling out is the dearest part, and most changes leave the names alone.
    let search = searched(texts.into_iter().chain(record.phones.iter().map(String::as_str)).chain(said));
    let same = before.as_ref().filter(|before| before.name == record.name && before.search == search);
    let (name_key, pinyin) = same.map_or_else(
        // Pinyin finds what the text finds.
        || (sort_key(&record.name), readings(&search)),
        |before| (before.name_key.clone(), before.pinyin.clone()),
    );
    put!(ledger, "customers", pull, id = id, {
        name = record.name,
        name_key = name_key,
        remark = record.remark,
        alias = record.alias,
        search = search,
        pinyin = pinyin,
        stage = stage.word(),
        derived = own.is_none(),
        source = record.source,
        city = record.city,
        company = record.company,
        birthday = record.birthday.as_deref().and_then(month_and_day),
        level = record.level,
        points = record.points,
        added = millis(record.added_at),
        contacted = millis(record.last_contact_at),
        active = millis(record.last_active_at),
        ordered = millis(record.last_order_at),
        orders = record.orders,
        ltv = record.ltv,
        currency = record.currency,
        referrer = record.referrer_id.as_ref().map(|id| &id.0),
        phone = record.phones.first(),
        rev = record.rev,
        body = body,
    })?;
    store_links(ledger, record, before.is_some())?;
    ledger.changed(Resource::Customers);
    if before.as_ref().is_none_or(|before| before.name != record.name) {
        ledger.shows(Resource::FollowUps);
        ledger.shows(Resource::Events);
    }
    if before.is_none() {
        ledger.due_of(id); // its follow-ups may have come first
    }
    Ok(())
}

/// The names that a row has, and how they are spelled out.
struct Spelled {
    name: String,
    search: String,
    name_key: String,
    pinyin: String,
    rev: Option<String>,
    pull: i64,
}

impl Spelled {
    fn of(ledger: &Ledger<'_>, id: &str) -> Result<Option<Self>> {
        let sql = "SELECT name, search, name_key, pinyin, rev, pull FROM customers WHERE id = ?1";
        let read = |row: &Row<'_>| {
            Ok(Self {
                name: row.get(0)?,
                search: row.get(1)?,
                name_key: row.get(2)?,
                pinyin: row.get(3)?,
                rev: row.get(4)?,
                pull: row.get(5)?,
            })
        };
        ledger.statement(sql)?.query_row([id], read).optional().doing("read from the cache")
    }
}

fn store_links(ledger: &mut Ledger<'_>, record: &Customer, known: bool) -> Result<()> {
    let id = &record.id.0;
    let linked = |ledger: &Ledger<'_>, sql| -> Result<BTreeSet<String>> {
        Ok(if known { ledger.texts(sql, id)?.into_iter().collect() } else { BTreeSet::new() })
    };
    let before = linked(ledger, "SELECT tag_id FROM customer_tags WHERE customer_id = ?1")?;
    let now: BTreeSet<String> = record.tags.iter().map(|tag| tag.0.clone()).collect();
    link(ledger, id, &before, &now)?;
    let before = linked(ledger, "SELECT operator_id FROM customer_owners WHERE customer_id = ?1")?;
    let now: BTreeSet<&str> = record.owners.iter().map(|owner| owner.0.as_str()).collect();
    for owner in now.iter().filter(|owner| !before.contains(**owner)) {
        let sql = "INSERT INTO customer_owners (customer_id, operator_id) VALUES (?1, ?2)";
        ledger.run(sql, params![id, owner])?;
    }
    for owner in before.iter().filter(|owner| !now.contains(owner.as_str())) {
        let sql = "DELETE FROM customer_owners WHERE customer_id = ?1 AND operator_id = ?2";
        ledger.run(sql, params![id, owner])?;
    }
    Ok(())
}

/// Whether nothing but tags tells two states of a customer apart.
pub(in crate::cache) fn differ_in_tags_alone(before: &Customer, after: &Customer) -> bool {
    let untagged = |customer: &Customer| {
        let mut customer = customer.clone();
        customer.tags.clear();
        customer.relations.iter_mut().for_each(|relation| relation.tags.clear());
        customer
    };
    untagged(before) == untagged(after)
}

/// Writes a row that differs in its tags alone: no other column follows from them.
pub(super) fn retag(ledger: &mut Ledger<'_>, before: &Customer, after: &Customer, pull: i64) -> Result<()> {
    let id = &after.id.0;
    let body = serde_json::to_string(after).unwrap_or_default(); // no key but strings
    if ledger.run("UPDATE customers SET body = ?2, pull = ?3 WHERE id = ?1", params![id, body, pull])? == 0 {
        return super::put(ledger, &after.clone().any(), pull);
    }
    let tags = |customer: &Customer| customer.tags.iter().map(|tag| tag.0.clone()).collect::<BTreeSet<_>>();
    link(ledger, id, &tags(before), &tags(after))?;
    ledger.changed(Resource::Customers);
    Ok(())
}

/// Brings the tags of a customer from one set to another.
fn link(ledger: &mut Ledger<'_>, id: &str, before: &BTreeSet<String>, now: &BTreeSet<String>) -> Result<()> {
    for tag in now.difference(before) {
        ledger.run("INSERT INTO customer_tags (customer_id, tag_id) VALUES (?1, ?2)", params![id, tag])?;
        ledger.tagged(tag, 1);
    }
    for tag in before.difference(now) {
        ledger.run("DELETE FROM customer_tags WHERE customer_id = ?1 AND tag_id = ?2", params![id, tag])?;
        ledger.tagged(tag, -1);
    }
    Ok(())
}

pub(super) fn forget(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    if ledger.run(super::remove(Resource::Customers), &[&id])? == 0 {
        return Ok(());
    }
    for tag in ledger.texts("SELECT tag_id FROM customer_tags WHERE customer_id = ?1", id)? {
        ledger.tagged(&tag, -1);
    }
    ledger.run("DELETE FROM customer_tags WHERE customer_id = ?1", &[&id])?;
    ledger.run("DELETE FROM customer_owners WHERE customer_id = ?1", &[&id])?;
    super::written(ledger, Resource::Customers);
    Ok(())
}

/// Whose stages are concluded anew.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Of those whose backend gives none: they age by themselves.
    Derived,
    /// Of all: the rule is another one.
    All,
}

/// Concludes stages anew.
pub(super) fn conclude_stages(ledger: &mut Ledger<'_>, which: Which) -> Result<()> {
    let doing = "conclude the stages of customers";
    let mut changed = Vec::new();
    {
        let mut statement = ledger.statement(match which {
            Which::Derived => {
                "SELECT n, stage, derived, NULL, added, contacted, active, ordered, orders FROM customers WHERE derived"
            }
            Which::All => {
                "SELECT n, stage, derived, body ->> '$.stage', added, contacted, active, ordered, orders FROM customers"
            }
        })?;
        let mut rows = statement.query([]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let word: Option<String> = row.get(3).doing(doing)?;
            let own = word.and_then(|word| ledger.stages.own(&word));
            let mut times = [None; 4];
            for (column, time) in (4..).zip(&mut times) {
                *time = row.get::<_, Option<i64>>(column).doing(doing)?.map(Time::from_millis);
            }
            let orders = row.get(8).doing(doing)?;
            let stage = own.unwrap_or_else(|| conclude(ledger.stages, ledger.moment, times, orders)).word();
            let before = row.get_ref(1).doing(doing)?.as_str_or_null().ok().flatten();
            if before != Some(stage) || row.get::<_, bool>(2).doing(doing)? != own.is_none() {
                changed.push((row.get::<_, i64>(0).doing(doing)?, stage, own.is_none()));
            }
        }
    }
    for (n, stage, derived) in changed {
        ledger
            .run("UPDATE customers SET stage = ?2, derived = ?3 WHERE n = ?1", params![n, stage, derived])?;
        ledger.shows(Resource::Customers);
    }
    Ok(())
}

/// The stage of a customer whose backend has none, from: added, contacted, active, ordered.
fn conclude(
    rule: &StageRule,
    moment: &Moment,
    [added, contacted, active, ordered]: [Option<Time>; 4],
    orders: Option<i64>,
) -> Stage {
    rule.thresholds.stage(moment.now, added, contacted, active, ordered, orders)
}

/// `MM-DD` out of `YYYY-MM-DD` or `MM-DD`; `None` where it is neither.
fn month_and_day(birthday: &str) -> Option<&str> {
    let day = birthday.get(birthday.len().checked_sub(5)?..)?;
    let fits =
        day.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b'-' } else { byte.is_ascii_digit() });
    fits.then_some(day)
}

/// The columns that [`row`] reads, of `customers AS c`.
pub(in crate::cache) const COLUMNS: &str = concat!(
    "c.id, c.name, c.remark, c.alias, c.stage, c.phone, c.city, c.source, \
     c.level, c.points, c.added, c.contacted, c.active, c.ordered, c.orders, c.ltv, c.currency, c.birthday, c.next_due, ",
    mark!("customers", "c.id")
);

/// Reads a row, its columns starting at `at`; names of tags and owners are looked up.
pub(in crate::cache) fn row(
    connection: &Connection,
    moment: &Moment,
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<CustomerRow> {
    let time = |column: usize| row.get::<_, Option<i64>>(at + column).map(|time| time.map(Time::from_millis));
    let id: String = row.get(at)?;
    let (added, contacted, active, ordered) = (time(10)?, time(11)?, time(12)?, time(13)?);
    let (orders, ltv) = (row.get(at + 14)?, row.get(at + 15)?);
    Ok(CustomerRow {
        tags: names(connection, TAG_NAMES, &id)?,
        owners: names(connection, OWNER_NAMES, &id)?,
        id: id.into(),
        name: row.get(at + 1)?,
        remark: row.get(at + 2)?,
        alias: row.get(at + 3)?,
        stage: row.get(at + 4)?,
        phone: row.get(at + 5)?,
        city: row.get(at + 6)?,
        source: row.get(at + 7)?,
        level: row.get(at + 8)?,
        points: row.get(at + 9)?,
        added,
        contacted,
        active,
        ordered,
        orders,
        ltv,
        currency: row.get(at + 16)?,
        birthday: row.get(at + 17)?,
        rfm: insight::rfm(moment.now, ordered, orders, ltv),
        churn: insight::churn(moment.now, added, contacted, active, ordered, orders),
        next_due: time(18)?,
        write: marked(row, at + 19)?,
    })
}

/// Names of a customer's tags by the order of groups and tags. A tag that has not arrived shows its id.
const TAG_NAMES: &str = "SELECT coalesce(t.name, l.tag_id) FROM customer_tags l LEFT JOIN tags t ON t.id = l.tag_id \
     LEFT JOIN tag_groups k ON k.id = t.group_id WHERE l.customer_id = ?1 \
     ORDER BY t.id IS NULL, k.ord IS NULL, k.ord, k.id, t.ord IS NULL, t.ord, l.tag_id";

/// Names of a customer's owners. One who has not arrived shows their id.
const OWNER_NAMES: &str = "SELECT coalesce(p.name, l.operator_id) FROM customer_owners l \
     LEFT JOIN operators p ON p.id = l.operator_id WHERE l.customer_id = ?1 ORDER BY p.id IS NULL, p.name_key, l.operator_id";

fn names(connection: &Connection, sql: &str, id: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare_cached(sql)?.query_map([id], |row| row.get(0))?.collect()
}
