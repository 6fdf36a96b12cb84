//! The outbox: what operators write, until the backend has it.
//!
//! ```text
//! ChangeSet ──commit──▶ rows as they will be + truth + outbox + audit       one durable transaction
//! outbox ──dispatch──▶ sync ──▶ backend ──Outcome──▶ settle ──▶ truth ──writes laid over──▶ rows
//! sync ──record──▶ truth ──writes laid over──▶ rows
//! ```
//!
//! A row shown is the [`truth`], which is the record as the backend told it last, with the open
//! writes of the record laid over it in their order. Truth is kept for records with open writes
//! only; of all others the row itself is the truth. Writes of one lane leave one after another.
//!
//! What the backend has no place for [`stays`] open for good, and is never sent.
//!
//! What is open stands in the [`journal`] too, from which it is [`salvage`]d where the database is
//! damaged; whatever else can still be read of such a database is [`rescue`]d from it.
//!
//! Nothing here knows a network: whoever sends asks for [`Writer::dispatch`](super::Writer::dispatch)
//! and tells what came of it to [`Writer::settle`](super::Writer::settle).

mod audit;
mod awaited;
mod commit;
mod dispatch;
mod drafts;
mod entry;
pub(super) mod journal;
mod made;
mod mend;
mod rebase;
pub(super) mod rescue;
pub(super) mod run;
pub(super) mod salvage;
mod settle;
mod stays;
pub(super) mod truth;
mod undo;
pub(super) mod views;

pub use commit::Committed;
pub use dispatch::Dispatch;
pub use rescue::{Brought, Share};
pub use run::{Part, RunRow};
pub use salvage::Salvaged;
pub use undo::Undone;

use super::error::{Error, READ_ONLY, Result};
use super::writer::Writer;

impl Writer {
    /// Refuses where the operator may not write.
    fn permit(&self, doing: &'static str) -> Result<()> {
        if self.is_read_only() {
            return Err(Error::Refused { doing, why: READ_ONLY });
        }
        Ok(())
    }
}
