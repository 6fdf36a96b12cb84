//! What stands in the journal: lines of a checksum and JSON, and what ends a transaction.

use std::collections::BTreeSet;
use std::io::Write as _;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cache::error::{Doing, Result};
use crate::cache::outbox::entry::{self, Doubt, Entry, json};
use crate::model::{OperatorId, Time, Write, WriteState};

/// A write as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::cache::outbox) struct Kept {
    pub(in crate::cache::outbox) n: i64,
    pub(in crate::cache::outbox) key: String,
    pub(in crate::cache::outbox) batch: String,
    pub(in crate::cache::outbox) name: String,
    pub(in crate::cache::outbox) operator: Option<OperatorId>,
    /// Milliseconds since the epoch.
    pub(in crate::cache::outbox) made_at: i64,
    /// When it was first on its way, where it may have arrived.
    pub(in crate::cache::outbox) sent_at: Option<i64>,
    pub(in crate::cache::outbox) write: Write,
    pub(in crate::cache::outbox) image: Map<String, Value>,
    /// Whether the backend has no place for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::cache::outbox) stays: bool,
}

impl Kept {
    pub(super) fn of(entry: Entry) -> Self {
        let may_have_arrived = entry.doubt != Doubt::None || entry.state == Some(WriteState::Sending);
        let sent_at = entry.sent_at.filter(|_| may_have_arrived);
        Self {
            n: entry.n,
            key: entry.key,
            batch: entry.batch,
            name: entry.name,
            operator: entry.operator,
            made_at: entry.made_at.millis,
            sent_at: sent_at.map(|at| at.millis),
            stays: entry.state == Some(WriteState::Kept),
            write: entry.write,
            image: entry.image,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::cache::outbox) enum Line {
    /// The first: which journal this is.
    Journal(String),
    /// A write as it is from now on.
    Write(Box<Kept>),
    /// It is on its way, since then.
    Sent(i64, i64),
    /// It has left the outbox, and how.
    Closed(i64, String),
    /// The end of a transaction of so many lines.
    Seal(usize),
}

/// What one transaction has to say.
#[derive(Default)]
pub(in crate::cache) struct Lines {
    pub(super) text: Vec<u8>,
    count: usize,
    /// Writes that are new.
    pub(super) new: i64,
    /// Writes whose row has changed: they are written as they are in the end.
    changed: BTreeSet<i64>,
    /// Whether something must be on the disk before the transaction is.
    pub(super) sync: bool,
    /// Whether something has left the outbox.
    closes: bool,
}

impl Lines {
    /// Whether it says nothing.
    pub(in crate::cache) fn is_empty(&self) -> bool {
        self.count == 0 && self.changed.is_empty()
    }

    /// Whether something has left the outbox, so that nothing may be open any more.
    pub(in crate::cache) fn closes(&self) -> bool {
        self.closes
    }

    /// A write was queued under this number.
    pub(in crate::cache::outbox) fn queued(&mut self, n: i64, new: &entry::New<'_>, made_at: Time) {
        let text = format!(
            r#"{{"write":{{"n":{n},"key":{},"batch":{},"name":{},"operator":{},"made_at":{},"sent_at":null,"write":{},"image":{}{}}}}}"#,
            json(&new.key),
            json(&new.batch),
            json(&new.name),
            json(&new.operator),
            made_at.millis,
            new.text,
            new.image,
            if new.stays { r#","stays":true"# } else { "" },
        );
        self.push(&text);
        (self.new, self.sync) = (self.new + 1, true);
    }

    /// A write is on its way.
    pub(in crate::cache::outbox) fn sent(&mut self, n: i64, at: Time) {
        self.push(&json(&Line::Sent(n, at.millis)));
        self.sync = true;
    }

    /// A write has left the outbox. Where the backend has it, nothing is lost if this is: it would
    /// be looked for there.
    pub(in crate::cache::outbox) fn closed(&mut self, n: i64, end: entry::End) {
        self.push(&json(&Line::Closed(n, end.word().to_owned())));
        self.sync |= end != entry::End::Done;
        self.closes = true;
    }

    /// The row of a write has changed.
    pub(in crate::cache::outbox) fn changed(&mut self, n: i64) {
        self.changed.insert(n);
        self.sync = true;
    }

    pub(super) fn push(&mut self, json: &str) {
        push(&mut self.text, json);
        self.count += 1;
    }

    /// Adds what has changed, as it is now.
    pub(super) fn finish(&mut self, connection: &Connection) -> Result<()> {
        for n in std::mem::take(&mut self.changed) {
            if let Some(entry) = entry::one(connection, n)?.filter(|entry| entry.open) {
                self.push(&json(&Line::Write(Box::new(Kept::of(entry)))));
            }
        }
        Ok(())
    }

    pub(super) fn seal(&mut self, committed: bool) {
        self.push(&json(&Line::Seal(self.count)));
        let end = self.text.len() - 1;
        self.text.splice(end..end, [if committed { COMMITTED } else { OPEN }]);
    }
}

/// The last byte of a seal.
const OPEN: u8 = b'?';
pub(super) const COMMITTED: u8 = b'+';

fn push(text: &mut Vec<u8>, json: &str) {
    // Writing to memory does not fail.
    let _ = write!(text, "{:08x} {json}", checksum(json.as_bytes()));
    text.push(b'\n');
}

/// CRC-32 as in zip and PNG.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0_u32; 256];
        let mut at = 0;
        while at < 256 {
            let (mut value, mut bit) = (at as u32, 0); // at most 255
            while bit < 8 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let step = |sum: u32, byte: &u8| TABLE[usize::from((sum as u8) ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(!0, step)
}

/// The first line of a journal of this name.
pub(super) fn head(name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    push(&mut text, &json(&Line::Journal(name.to_owned())));
    text
}

/// All open writes.
pub(super) fn all(connection: &Connection) -> Result<Lines> {
    let mut lines = Lines::default();
    let sql = format!("SELECT {} FROM outbox WHERE open = 1 ORDER BY n", entry::COLUMNS);
    let mut statement = connection.prepare(&sql).doing("read the outbox")?;
    let mut rows = statement.query([]).doing("read the outbox")?;
    while let Some(row) = rows.next().doing("read the outbox")? {
        lines.push(&json(&Line::Write(Box::new(Kept::of(Entry::read(row)?)))));
    }
    Ok(lines)
}
