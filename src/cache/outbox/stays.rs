//! What the backend has no place for: it stays in the outbox, open for good and never sent.
//!
//! So it lies over what the backend tells, a pull takes nothing of it away, the journal has it, and it is
//! taken back like anything that was not sent. What the backend has no place for, sync notes here.

use rusqlite::params;

use super::entry;
use crate::cache::error::{Doing, Result};
use crate::cache::ledger::Ledger;
use crate::cache::writer::{Writer, meta};
use crate::model::Write;
use crate::model::write::{Keeps, is_local};

impl Writer {
    /// Notes what the backend has no place for. What is in the outbox stays as it is.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn keep(&mut self, keeps: &Keeps) -> Result<()> {
        let known = meta(self.connection(), "keeps")?;
        let known: Option<Keeps> = known.and_then(|known| serde_json::from_str(&known).ok());
        if known.unwrap_or_default() == *keeps {
            return Ok(());
        }
        let text = entry::json(keeps);
        let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('keeps', ?1)";
        self.durably(|ledger| ledger.run(sql, params![text]).map(drop)).map(drop)
    }
}

/// What of a write is sent, and what stays.
pub(super) fn split(ledger: &mut Ledger<'_>, write: &Write) -> Result<(Option<Write>, Option<Write>)> {
    if is_local(&write.id) && !write.makes() && is_here(ledger, write)? {
        return Ok((None, Some(write.clone())));
    }
    Ok(ledger.keeps()?.split(write))
}

/// Whether all of a write stays.
pub(super) fn all(ledger: &mut Ledger<'_>, write: &Write) -> Result<bool> {
    Ok(split(ledger, write)?.0.is_none())
}

/// Whether the record that a write is about is here alone.
fn is_here(ledger: &Ledger<'_>, write: &Write) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE resource = ?1 AND record = ?2 AND state = 'kept')";
    let found = ledger.statement(sql)?.query_row(params![write.resource.name(), write.id], |row| row.get(0));
    found.doing("read the outbox")
}
