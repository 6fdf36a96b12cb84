//! Operators.

use super::{searched, seen, spoken, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{Operator, Resource};
use crate::query::{fold, sort_key};

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Operator, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("operators"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "operators", pull, id = record.id.0, {
        name = record.name,
        name_fold = fold(&record.name),
        name_key = sort_key(&record.name),
        search = searched([record.name.as_str()]),
        pinyin = spoken([record.name.as_str()]),
        department = record.department,
        active = record.active,
        body = body,
    })?;
    written(ledger, Resource::Operators);
    Ok(())
}
