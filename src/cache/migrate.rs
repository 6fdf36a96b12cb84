//! Numbered migrations. `PRAGMA user_version` says which have been done.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::damage;
use super::error::{Doing, Error, Result};
use super::functions;

/// `siyu` in ASCII: marks the file as ours.
const APPLICATION_ID: i64 = 0x7369_7975;

/// Migration `n` leads from format `n` to `n + 1`. Released ones are never edited. They may use [`functions`].
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("outbox.sql"),
    include_str!("kept.sql"),
    include_str!("runs.sql"),
    include_str!("stays.sql"),
    include_str!("away.sql"),
    include_str!("spelled.sql"),
];

/// The format that this program reads and writes.
#[allow(clippy::cast_possible_wrap, reason = "a handful")]
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The format of an open file; 0 for an empty one.
///
/// # Errors
/// [`Error::Newer`] and [`Error::Foreign`] where the file is not for this program to touch;
/// otherwise as SQLite says.
pub(super) fn format(connection: &Connection, path: &Path) -> Result<i64> {
    let doing = "look at the cache";
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0)).doing(doing);
    let found = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if tables > 0 && number("PRAGMA application_id")? != APPLICATION_ID {
        return Err(Error::Foreign { path: path.to_owned() });
    }
    if found > KNOWN {
        return Err(Error::Newer { path: path.to_owned(), found, known: KNOWN });
    }
    Ok(found)
}

/// Brings an open file to [`KNOWN`]. Two processes may try at once: one does it, the other sees it done.
///
/// # Errors
/// As [`format`].
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    if format(connection, path)? == KNOWN {
        return Ok(());
    }
    let doing = "bring the cache to this version";
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
    let mut done = format(&transaction, path)?;
    while let Some(step) = usize::try_from(done).ok().and_then(|step| MIGRATIONS.get(step)) {
        transaction.execute_batch(step).doing(doing)?;
        done += 1;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).doing(doing)?;
    transaction.pragma_update(None, "user_version", done).doing(doing)?;
    transaction.commit().doing(doing)
}

/// What the tables of a cache of this version are made by.
///
/// # Errors
/// As SQLite says.
pub(super) fn schema() -> Result<Vec<(String, String, String)>> {
    let doing = "open the cache";
    let fresh = Connection::open_in_memory().doing(doing)?;
    functions::register(&fresh)?;
    for step in MIGRATIONS {
        fresh.execute_batch(step).doing(doing)?;
    }
    damage::schema(&fresh)
}
