//! Customers of backends whose rows are what one operator has with one customer (WeCom, iYque).
//!
//! Each part is kept as it came; the customer's row is what all its parts come to. A pull brings the parts
//! in any order, over pages, and can be interrupted anywhere: a part that it has not come to yet stays as it
//! was, and only a pull that came to its end takes away those that it did not see.

use rusqlite::params;

use super::store;
use crate::cache::error::{Doing, Error, Result};
use crate::cache::ledger::Ledger;
use crate::model::{AnyRecord, Customer, OperatorId, Record, RelationStatus, Resource};

/// Takes what one operator has with a customer.
pub(in crate::cache) fn take(ledger: &mut Ledger<'_>, part: &Customer) -> Result<()> {
    let (id, pull) = (part.id.0.as_str(), ledger.pull(Resource::Customers)?);
    let whose = part.relations.first().map(|relation| relation.operator_id.0.as_str()).unwrap_or_default();
    let body = text(part);
    let same = "UPDATE parts SET pull = ?3 WHERE customer_id = ?1 AND operator_id = ?2 AND body = ?4";
    if ledger.run(same, params![id, whose, pull, body])? > 0 {
        let seen = "UPDATE customers SET pull = ?2 WHERE id = ?1";
        if ledger.run(seen, params![id, pull])? > 0 {
            return Ok(());
        }
    }
    write(ledger, id, whose, pull, &body)?;
    join(ledger, id)
}

/// Takes a whole customer, as a backend answers a write: its parts are made to say the same.
pub(in crate::cache) fn told(ledger: &mut Ledger<'_>, whole: &Customer) -> Result<()> {
    let id = whole.id.0.as_str();
    let known = of(ledger, id)?;
    if known.is_empty() {
        return Ok(());
    }
    for (whose, pull, mut part) in known {
        match whole.relations.iter().find(|relation| relation.operator_id.0 == whose) {
            Some(relation) => {
                part.tags.clone_from(&relation.tags);
                part.relations = vec![relation.clone()];
                write(ledger, id, &whose, pull, &text(&part))?;
            }
            None if is_lost(&part) => {} // no backend names those that were
            None => drop(ledger.run(REMOVE, params![id, whose])?),
        }
    }
    Ok(())
}

/// Marks what operators have with a customer as lost, but for those that have the customer `still`.
pub(in crate::cache) fn lose(ledger: &mut Ledger<'_>, id: &str, still: &[OperatorId]) -> Result<()> {
    let at = ledger.moment.now;
    for (whose, pull, mut part) in of(ledger, id)? {
        if is_lost(&part) || still.iter().any(|one| one.0 == whose) {
            continue;
        }
        for relation in &mut part.relations {
            (relation.status, relation.lost_at) = (RelationStatus::RemovedByCustomer, Some(at));
        }
        part.owners.clear();
        write(ledger, id, &whose, pull, &text(&part))?;
    }
    join(ledger, id)
}

fn is_lost(part: &Customer) -> bool {
    part.relations.iter().any(|relation| relation.status != RelationStatus::Active)
}

/// Takes away the parts that a pull did not see; a customer who has others stays, with what was lost before.
pub(in crate::cache) fn finish(ledger: &mut Ledger<'_>, pull: i64) -> Result<()> {
    let doing = "look for what is gone";
    let mut gone: Vec<(String, String)> = Vec::new();
    {
        let mut statement = ledger.statement(
            "SELECT customer_id, operator_id FROM parts p WHERE pull < ?1 \
             AND NOT (json_extract(body, '$.relations[0].status') <> 'active' AND EXISTS \
             (SELECT 1 FROM parts q WHERE q.customer_id = p.customer_id AND q.pull >= ?1))",
        )?;
        let mut rows = statement.query([pull]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            gone.push((row.get(0).doing(doing)?, row.get(1).doing(doing)?));
        }
    }
    for (id, whose) in &gone {
        ledger.run(REMOVE, params![id, whose])?;
    }
    let mut ids: Vec<&String> = gone.iter().map(|(id, _)| id).collect();
    ids.dedup();
    for id in ids {
        join(ledger, id)?;
    }
    Ok(())
}

const REMOVE: &str = "DELETE FROM parts WHERE customer_id = ?1 AND operator_id = ?2";

/// Makes the row of a customer out of its parts; without any it stays, for the pull's end to take away.
fn join(ledger: &mut Ledger<'_>, id: &str) -> Result<()> {
    let parts = of(ledger, id)?.into_iter().map(|(_, _, part)| part);
    match Customer::joined(parts) {
        Some(customer) => store(ledger, &customer.any()),
        None => Ok(()),
    }
}

fn of(ledger: &Ledger<'_>, id: &str) -> Result<Vec<(String, i64, Customer)>> {
    let doing = "read from the cache";
    let mut statement = ledger
        .statement("SELECT operator_id, pull, body FROM parts WHERE customer_id = ?1 ORDER BY operator_id")?;
    let mut rows = statement.query([id]).doing(doing)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        let (whose, pull) = (row.get(0).doing(doing)?, row.get(1).doing(doing)?);
        let body: String = row.get(2).doing(doing)?;
        let part = serde_json::from_str(&body);
        let part = part.map_err(|source| Error::Record { what: "parts", id: id.to_owned(), source })?;
        all.push((whose, pull, part));
    }
    Ok(all)
}

fn write(ledger: &Ledger<'_>, id: &str, whose: &str, pull: i64, body: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO parts (customer_id, operator_id, pull, body) VALUES (?1, ?2, ?3, ?4)";
    ledger.run(sql, params![id, whose, pull, body]).map(drop)
}

fn text(part: &Customer) -> String {
    AnyRecord::Customer(part.clone()).to_json()
}
