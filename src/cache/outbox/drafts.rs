//! Texts that were begun: nothing typed is thrown away.

use rusqlite::{OptionalExtension, Row, params};

use crate::cache::error::{Doing, Result};
use crate::cache::reader::Reader;
use crate::cache::writer::Writer;
use crate::model::Time;
use crate::model::view::Draft;

const DOING: &str = "read the drafts";

impl Writer {
    /// Keeps a text under a key until it is dropped; an empty one is dropped at once. It is on the
    /// disk when this returns.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn save_draft(&mut self, key: &str, text: &str) -> Result<()> {
        if text.is_empty() {
            return self.drop_draft(key);
        }
        let sql = "INSERT OR REPLACE INTO drafts (key, text, at) VALUES (?1, ?2, ?3)";
        self.durably(|ledger| ledger.run(sql, params![key, text, ledger.moment.now.millis]).map(drop))
            .map(drop)
    }

    /// Forgets a draft. One that is not there is no error.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn drop_draft(&mut self, key: &str) -> Result<()> {
        self.durably(|ledger| ledger.run("DELETE FROM drafts WHERE key = ?1", &[&key]).map(drop)).map(drop)
    }
}

impl Reader {
    /// The draft of a key.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn draft(&self, key: &str) -> Result<Option<Draft>> {
        let sql = "SELECT key, text, at FROM drafts WHERE key = ?1";
        self.connection().query_row(sql, [key], draft).optional().doing(DOING)
    }

    /// All drafts, latest first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        let sql = "SELECT key, text, at FROM drafts ORDER BY at DESC, key";
        let mut statement = self.connection().prepare(sql).doing(DOING)?;
        let rows = statement.query_map([], draft).doing(DOING)?;
        rows.collect::<rusqlite::Result<_>>().doing(DOING)
    }
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft { key: row.get(0)?, text: row.get(1)?, at: Time::from_millis(row.get(2)?) })
}
