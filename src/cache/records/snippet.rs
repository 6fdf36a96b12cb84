//! Snippets.

use super::{searched, seen, spoken, written};
use crate::cache::error::Result;
use crate::cache::ledger::{Ledger, put};
use crate::model::{Resource, Snippet};
use crate::query::sort_key;

pub(super) fn store(ledger: &mut Ledger<'_>, record: &Snippet, body: &str, pull: i64) -> Result<()> {
    if ledger.seen(seen!("snippets"), &record.id.0, body, pull)? {
        return Ok(());
    }
    put!(ledger, "snippets", pull, id = record.id.0, {
        title = record.title,
        name_key = sort_key(&record.title),
        search = searched([record.title.as_str(), record.body.as_str()]),
        pinyin = spoken([record.title.as_str()]),
        grp = record.group,
        body_text = record.body,
        body = body,
    })?;
    written(ledger, Resource::Snippets);
    Ok(())
}
