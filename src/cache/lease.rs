//! The lease: of two consoles on one cache only its holder syncs.

use rusqlite::{OptionalExtension, params};

use super::error::{Doing, Result};
use super::writer::Writer;
use crate::model::Time;

/// The only lease there is.
const SYNC: &str = "sync";

/// Who syncs, and until when unless they renew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A word that is unique per process.
    pub holder: String,
    /// When it runs out by itself.
    pub until: Time,
}

impl Writer {
    /// Takes or renews the lease for `holder`, where it is free, has run out, or is theirs already.
    /// Says whether they have it now.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn take_lease(&mut self, holder: &str, now: Time, until: Time) -> Result<bool> {
        let taken = self
            .connection()
            .prepare_cached(
                "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?4) \
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
                 WHERE lease.holder = ?2 OR lease.until <= ?3",
            )
            .and_then(|mut statement| statement.execute(params![SYNC, holder, now.millis, until.millis]))
            .doing("take the lease of sync")?;
        Ok(taken == 1)
    }

    /// Renews the lease that `holder` has; says whether they still had it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn renew_lease(&mut self, holder: &str, until: Time) -> Result<bool> {
        let renewed = self
            .connection()
            .prepare_cached("UPDATE lease SET until = ?3 WHERE name = ?1 AND holder = ?2")
            .and_then(|mut statement| statement.execute(params![SYNC, holder, until.millis]))
            .doing("renew the lease of sync")?;
        Ok(renewed == 1)
    }

    /// Gives the lease back, where `holder` has it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_lease(&mut self, holder: &str) -> Result<()> {
        self.connection()
            .prepare_cached("DELETE FROM lease WHERE name = ?1 AND holder = ?2")
            .and_then(|mut statement| statement.execute(params![SYNC, holder]))
            .doing("release the lease of sync")?;
        Ok(())
    }

    /// Who has the lease, run out or not.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn lease(&self) -> Result<Option<Lease>> {
        self.connection()
            .query_row("SELECT holder, until FROM lease WHERE name = ?1", [SYNC], |row| {
                Ok(Lease { holder: row.get(0)?, until: Time::from_millis(row.get(1)?) })
            })
            .optional()
            .doing("read the lease of sync")
    }
}
