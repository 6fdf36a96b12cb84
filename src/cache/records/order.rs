//! Orders.

use super::{millis, searched, seen, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{Order, Resource};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Order, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("orders"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "orders", pull, id = record.id.0, {
        customer_id = record.customer_id.0,
        at = millis(record.at),
        amount = record.amount,
        currency = record.currency,
        status = record.status,
        search = searched([record.id.as_str()].into_iter().chain(record.items.iter().map(|item| item.name.as_str()))),
        body = body,
    })?;
    written(ledger, Resource::Orders);
    Ok(())
}
