//! For looking for a write whose answer was lost: where it stands, and what it can have made.

use rusqlite::OptionalExtension;

use crate::cache::error::{Doing, Result};
use crate::cache::records;
use crate::cache::writer::Writer;
use crate::model::write::is_local;
use crate::model::{AnyRecord, Deed, Resource, Time, Write, WriteState};

/// Records that are looked through, newest first.
const MOST: i64 = 500;

impl Writer {
    /// The moment that the cache goes by, as [`Writer::at`] told it.
    pub fn now(&self) -> Time {
        self.moment().now
    }

    /// Where a write of the outbox stands; `None` where it was dropped or taken back.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn state_of(&self, n: i64) -> Result<Option<WriteState>> {
        let word: Option<String> = self
            .connection()
            .prepare_cached("SELECT state FROM outbox WHERE n = ?1")
            .and_then(|mut statement| statement.query_row([n], |row| row.get(0)).optional())
            .doing("read the outbox")?;
        Ok(word.and_then(|word| WriteState::parse(&word)))
    }

    /// Records of the backend's that a write which makes one may have made, newest first where they
    /// have a time; [`Write::has_made`] tells which of them says the same.
    ///
    /// # Errors
    /// As SQLite says, or where a stored record cannot be read.
    pub fn made_of_late(&self, write: &Write) -> Result<Vec<AnyRecord>> {
        let doing = "look for what a write has made";
        let kind = write.comes_to();
        let field = |name: &str| match &write.deed {
            Deed::Make { fields } => fields.get(name).and_then(|value| value.as_str()).unwrap_or_default(),
            Deed::Send { customer_id, .. } => customer_id.as_str(),
            _ => "",
        };
        let (sql, by) = match kind {
            Resource::Events => (
                "SELECT id, body FROM events WHERE customer_id = ?1 ORDER BY at DESC LIMIT ?2",
                "customer_id",
            ),
            Resource::FollowUps => {
                ("SELECT id, body FROM follow_ups WHERE customer_id = ?1 LIMIT ?2", "customer_id")
            }
            Resource::Tags => ("SELECT id, body FROM tags WHERE name = ?1 LIMIT ?2", "name"),
            _ => return Ok(Vec::new()), // nothing else is made
        };
        let mut statement = self.connection().prepare_cached(sql).doing(doing)?;
        let rows =
            statement.query_map((field(by), MOST), |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?;
        let mut found = Vec::new();
        for row in rows {
            let (id, body): (String, String) = row.doing(doing)?;
            if !is_local(&id) {
                found.push(records::read(kind, &id, &body)?);
            }
        }
        Ok(found)
    }

    /// Whether a record is known to be what a write of this outbox has made.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn has_named(&self, resource: Resource, id: &str) -> Result<bool> {
        self.connection()
            .prepare_cached("SELECT 1 FROM local_ids WHERE resource = ?1 AND id = ?2")
            .and_then(|mut statement| statement.exists((resource.name(), id)))
            .doing("look for what a write has made")
    }
}
