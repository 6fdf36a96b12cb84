//! The cache: what the backend told, kept in SQLite, so that the screen never waits for a network.
//!
//! ```text
//! sync ──Batch──▶ Writer ──one transaction──▶ customers, tags, … + derived columns + cursor
//!                    └──Applied (what changed)──▶ console asks again what it shows
//! console ──Ask──▶ Reader ──window by keyset, counts──▶ Answer
//! siyu list ──Query, Sort──▶ Reader ──▶ the same rows in the same order, whole records
//! command ──ChangeSet──▶ Writer ──one durable transaction──▶ rows + outbox + audit ──▶ push of sync
//! ```
//!
//! [`Cache::open`] makes or mends the file; the one [`Writer`] has the connection that writes, and
//! each [`Reader`] one that cannot. Records are kept whole and byte for byte as the model writes
//! them; columns beside them serve filters and sorting only. The room knows SQLite, and it knows
//! no network, no screen and no clock: the [`crate::query::Moment`] is handed in.
//!
//! One file per record kind lies under `records/`: how it is stored, how it is forgotten, and how
//! its row is read.

mod answers;
mod batch;
mod columns;
mod damage;
mod error;
mod functions;
mod lease;
mod ledger;
mod migrate;
mod open;
mod outbox;
mod place;
mod reader;
mod records;
mod replace;
mod shortage;
mod tag_days;
mod window;
mod wreck;
mod writer;

#[cfg(test)]
mod tests;

pub use batch::{Applied, Batch, PullMark, SyncState};
pub use columns::{Derived, LOCAL, derived};
pub use error::{Error, READ_ONLY, Result};
pub use lease::{Away, Lease, holder};
pub use open::{Cache, Opened};
pub use outbox::{Brought, Committed, Dispatch, Part, RunRow, Salvaged, Share, Undone};
pub use reader::Reader;
pub use rusqlite::InterruptHandle;
pub use shortage::Shortage;
pub use writer::Writer;
