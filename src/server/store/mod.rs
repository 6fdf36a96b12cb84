//! The records of the native backend, in a SQLite file of their own.
//!
//! **The seam.** Everything outside this folder speaks to [`Store`] by these methods only:
//! `identity`, `page`, `get`, `changes`, `watch` to read, `update` and `answer` (and `put` and
//! `delete`, for records as they are) to write, `fill` and `trim` to keep house. None of them shows SQL, a
//! connection or a row number, records are JSON texts under `(resource, key)`, and every call is
//! short and blocking. A PostgreSQL store is the same methods over three tables; it becomes a
//! second struct and, on that day, a trait.
//!
//! **Numbers.** Each change of a record gets the next `seq`. A new store starts counting at the
//! milliseconds of its birth, so that a client that knew another database is told `Gone` and
//! pulls again instead of waiting for numbers that mean something else here.
//!
//! One connection writes; readers are borrowed from a small pool. WAL lets them see a settled
//! state while a write is under way.

mod answers;
mod claim;
mod cursor;
mod feed;
mod fill;
mod open;
mod read;
mod revision;
mod write;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub use answers::{ANSWERS_KEPT, Decision, Outcome, Request};
pub use claim::Claim;
pub use cursor::Cursor;
pub use feed::{Changes, StoredChange};
pub use read::Page;
pub use write::View;

/// A shared handle; clones speak to the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// Where the file is; `None` for a store in memory.
    path: Option<PathBuf>,
    writer: Mutex<Connection>,
    /// Idle reading connections; always empty for a store in memory, which has but one connection.
    readers: Mutex<Vec<Connection>>,
    latest: watch::Sender<i64>,
    limits: Limits,
}

/// How much a store keeps and hands out at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Changes kept at least; a client further behind pulls everything again.
    pub changes_kept: i64,
    /// Bytes of records in a page, about; a page has at least one record whatever its size.
    pub page_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { changes_kept: 100_000, page_bytes: 4 << 20 }
    }
}

/// What the backend says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Identity {
    /// Name of the company or shop.
    pub name: String,
    /// The operator on whose behalf a client works.
    pub operator: OperatorName,
}

/// An operator's id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatorName {
    /// Id.
    pub id: String,
    /// As shown.
    pub name: String,
}

impl Default for Identity {
    fn default() -> Self {
        let operator = OperatorName { id: "op-01".to_owned(), name: "op-01".to_owned() };
        Self { name: "siyu".to_owned(), operator }
    }
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("cannot open {path}: {source}")]
    Open {
        /// The file.
        path: String,
        /// What SQLite or the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another server has the file.
    #[error("another siyu serve uses {path}{}", by.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Taken {
        /// The file.
        path: String,
        /// The number of its process, where that is known.
        by: Option<u32>,
    },
    /// The file is a database, but not one of these.
    #[error("{path} is not a database of siyu serve")]
    Foreign {
        /// The file.
        path: String,
    },
    /// A newer siyu made the file.
    #[error("{path} has version {found} of the store, and this siyu knows {known}: use the newer siyu")]
    Newer {
        /// The file.
        path: String,
        /// Its version.
        found: i64,
        /// The version this code knows.
        known: i64,
    },
    /// The SQLite linked in has a known bug in write-ahead logging.
    #[error("SQLite {found} can damage a database that two connections use; 3.51.3 or later is needed")]
    Sqlite {
        /// The version linked in.
        found: String,
    },
    /// A statement failed.
    #[error("cannot {what}: {source}")]
    Sql {
        /// What was attempted.
        what: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The changes since that number are not kept, or it was never given out here.
    #[error(
        "changes since {since} are not known here; the oldest number kept is {oldest}, the latest {latest}"
    )]
    Gone {
        /// The number asked for.
        since: i64,
        /// The oldest number that can be asked for.
        oldest: i64,
        /// The latest number given out.
        latest: i64,
    },
}

/// Puts what was attempted beside what SQLite said.
trait Attempt<T> {
    fn attempting(self, what: &'static str) -> Result<T, StoreError>;
}

impl<T> Attempt<T> for rusqlite::Result<T> {
    fn attempting(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Sql { what, source })
    }
}

/// A lock whose holder panicked is still a lock: SQLite rolled its transaction back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
