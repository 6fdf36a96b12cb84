//! The audit: who did what, from where, and what it was before. Lines are only ever added.

use rusqlite::params;

use super::entry::json;
use crate::cache::error::Result;
use crate::cache::ledger::Ledger;
use crate::cache::writer::Writer;
use crate::model::{Actor, AnyRecord, AuditLine, Deed, Resource, Write};

/// What a line tells.
pub(super) struct Entry<'a> {
    /// The command as it could have been typed; empty where there was none.
    pub(super) command: &'a str,
    pub(super) batch: Option<&'a str>,
    /// The record and what it is called.
    pub(super) record: Option<(Resource, &'a str, &'a str)>,
    /// A word: `write`, `undo`, `redo`, `retry`, `discard`, `amend`, `resolve`, `reveal`, `salvage`.
    pub(super) what: &'a str,
    /// Values as JSON.
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
}

/// Adds a line.
pub(super) fn write(ledger: &Ledger<'_>, actor: &Actor, line: &Entry<'_>) -> Result<()> {
    let (resource, id, name) = match line.record {
        Some((resource, id, name)) => (Some(resource.name()), Some(id), Some(name)),
        None => (None, None, None),
    };
    ledger.run(
        "INSERT INTO audit (at, operator, account, peer, command, batch, resource, record, name, what, before, after) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            ledger.moment.now.millis,
            actor.operator.as_ref().map(|id| &id.0),
            actor.account,
            actor.peer,
            line.command,
            line.batch,
            resource,
            id,
            name,
            line.what,
            line.before,
            line.after
        ],
    )?;
    Ok(())
}

impl Writer {
    /// Notes in the audit what is no write, such as that a phone was shown.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn note(&mut self, line: &AuditLine) -> Result<()> {
        let record = line.record.as_ref().map(|(resource, id, name)| (*resource, id.as_str(), name.as_str()));
        let entry = Entry {
            command: &line.command,
            batch: None,
            record,
            what: &line.what,
            before: None,
            after: None,
        };
        self.durably(|ledger| write(ledger, &line.actor, &entry)).map(drop)
    }
}

/// The values as a write leaves them, as JSON; all of a record that it makes.
pub(super) fn left(write: &Write, after: Option<&AnyRecord>) -> String {
    match (&write.deed, after) {
        (Deed::Make { fields }, _) => json(fields),
        (Deed::Send { .. }, _) => json(&write.deed),
        (_, Some(after)) => json(&write.image(after)),
        (_, None) => "null".to_owned(),
    }
}
