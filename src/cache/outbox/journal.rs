//! The journal: a second place for what cannot be pulled again, beside the database.
//!
//! ```text
//! transaction ──Lines──▶ append, fsync ──▶ COMMIT ──▶ seal          outbox.journal
//! a damaged database is set aside ──▶ read ──▶ salvage ──▶ a fresh one
//! ```
//!
//! Every open write is in it. A line is a checksum and JSON; the lines of one transaction end
//! with a seal, whose last byte says whether the transaction was committed. They are on the disk
//! before the transaction is. SQLite's lock on writing keeps processes apart: whoever appends
//! holds it. The database notes which journal is its own and how long that is (`meta`): what lies
//! behind was never committed, and the next one to append writes over it. A journal that the
//! database does not know is replaced by one made of the open writes.
//!
//! When nothing is open any more, the file goes.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entry::{self, Doubt, Entry, json};
use crate::cache::error::{Doing, Error, Result};
use crate::cache::writer::meta;
use crate::model::{OperatorId, Time, Write, WriteState};

const DOING: &str = "write to the journal of the outbox";

/// A journal that has grown so much since it was made is made anew, in bytes.
const GROWN: u64 = 4 << 20;

/// A write as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) n: i64,
    pub(super) key: String,
    pub(super) batch: String,
    pub(super) name: String,
    pub(super) operator: Option<OperatorId>,
    /// Milliseconds since the epoch.
    pub(super) made_at: i64,
    /// When it was first on its way, where it may have arrived.
    pub(super) sent_at: Option<i64>,
    pub(super) write: Write,
    pub(super) image: Map<String, Value>,
}

impl Kept {
    fn of(entry: Entry) -> Self {
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
            write: entry.write,
            image: entry.image,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
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
    text: Vec<u8>,
    count: usize,
    /// Writes that are new.
    new: i64,
    /// Writes whose row has changed: they are written as they are in the end.
    changed: BTreeSet<i64>,
    /// Whether something must be on the disk before the transaction is.
    sync: bool,
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
    pub(super) fn queued(&mut self, n: i64, new: &entry::New<'_>, made_at: Time) {
        let text = format!(
            r#"{{"write":{{"n":{n},"key":{},"batch":{},"name":{},"operator":{},"made_at":{},"sent_at":null,"write":{},"image":{}}}}}"#,
            json(&new.key),
            json(&new.batch),
            json(&new.name),
            json(&new.operator),
            made_at.millis,
            new.text,
            new.image,
        );
        self.push(&text);
        (self.new, self.sync) = (self.new + 1, true);
    }

    /// A write is on its way.
    pub(super) fn sent(&mut self, n: i64, at: Time) {
        self.push(&json(&Line::Sent(n, at.millis)));
        self.sync = true;
    }

    /// A write has left the outbox. Where the backend has it, nothing is lost if this is: it would
    /// be looked for there.
    pub(super) fn closed(&mut self, n: i64, end: entry::End) {
        self.push(&json(&Line::Closed(n, end.word().to_owned())));
        self.sync |= end != entry::End::Done;
        self.closes = true;
    }

    /// The row of a write has changed.
    pub(super) fn changed(&mut self, n: i64) {
        self.changed.insert(n);
        self.sync = true;
    }

    fn push(&mut self, json: &str) {
        push(&mut self.text, json);
        self.count += 1;
    }

    /// Adds what has changed, as it is now.
    fn finish(&mut self, connection: &Connection) -> Result<()> {
        for n in std::mem::take(&mut self.changed) {
            if let Some(entry) = entry::one(connection, n)?.filter(|entry| entry.open) {
                self.push(&json(&Line::Write(Box::new(Kept::of(entry)))));
            }
        }
        Ok(())
    }

    fn seal(&mut self, committed: bool) {
        self.push(&json(&Line::Seal(self.count)));
        let end = self.text.len() - 1;
        self.text.splice(end..end, [if committed { COMMITTED } else { OPEN }]);
    }
}

/// The last byte of a seal.
const OPEN: u8 = b'?';
const COMMITTED: u8 = b'+';

fn push(text: &mut Vec<u8>, json: &str) {
    // Writing to memory does not fail.
    let _ = write!(text, "{:08x} {json}", checksum(json.as_bytes()));
    text.push(b'\n');
}

/// CRC-32 as in zip and PNG.
fn checksum(bytes: &[u8]) -> u32 {
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

/// Which journal is the database's own, as it has noted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Noted {
    /// Its name; empty where there was none yet.
    pub(super) name: String,
    /// Where its last transaction ends, in bytes.
    pub(super) length: u64,
    /// How long it was when it was made, in bytes.
    base: u64,
}

impl Noted {
    /// `None` where the database has never heard of a journal.
    pub(super) fn read(connection: &Connection) -> Result<Option<Self>> {
        Ok(meta(connection, "journal")?.map(|text| {
            let mut words = text.split(' ');
            let name = words.next().unwrap_or_default().to_owned();
            let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            Self { name, length: number(), base: number() }
        }))
    }

    pub(super) fn write(&self, connection: &Connection) -> Result<()> {
        let text = format!("{} {} {}", self.name, self.length, self.base);
        connection
            .prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('journal', ?1)")
            .and_then(|mut statement| statement.execute([text]))
            .doing("write to the cache")?;
        Ok(())
    }
}

/// The first line of a journal of this name.
fn head(name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    push(&mut text, &json(&Line::Journal(name.to_owned())));
    text
}

/// The file.
#[derive(Clone, Debug)]
pub(in crate::cache) struct Journal {
    path: PathBuf,
}

/// A transaction that is in the journal, and waits for being committed.
pub(in crate::cache) struct Appended {
    file: File,
    /// Where the byte of its seal is.
    seal: u64,
    /// The length before it; `None` where the file was made for it.
    before: Option<u64>,
}

impl Journal {
    /// The journal of a database.
    pub(in crate::cache) fn beside(database: &Path) -> Self {
        Self { path: database.with_file_name("outbox.journal") }
    }

    /// Adds the lines of a transaction that is about to be committed, and notes them in it.
    ///
    /// # Errors
    /// [`Error::Full`] or [`Error::Io`]; then nothing was added.
    pub(in crate::cache) fn append(&self, connection: &Connection, mut lines: Lines) -> Result<Appended> {
        lines.finish(connection)?;
        let known = Noted::read(connection)?.unwrap_or_default();
        let open = self.open(&known).map_err(|source| self.wrong(source))?;
        let Some(mut file) = open.filter(|_| known.length < known.base * 2 + GROWN) else {
            return self.renew(connection, Some(lines), false);
        };
        lines.seal(false);
        let written = add(&mut file, known.length, &lines.text, lines.sync);
        if let Err(source) = written {
            let _ = file.set_len(known.length); // what is left there is written over by the next one
            return Err(self.wrong(source));
        }
        let length = known.length + lines.text.len() as u64;
        Noted { length, ..known.clone() }.write(connection)?;
        Ok(Appended { file, seal: length - 2, before: Some(known.length) })
    }

    /// Makes a journal of all open writes, in the place of the one that is there. `lines` are those
    /// of the transaction; where all that is open is new, they are all of it.
    pub(super) fn renew(
        &self,
        connection: &Connection,
        lines: Option<Lines>,
        committed: bool,
    ) -> Result<Appended> {
        let count = "SELECT count(*) FROM outbox WHERE open = 1";
        let open: i64 = connection.query_row(count, [], |row| row.get(0)).doing("read the outbox")?;
        let mut lines = match lines {
            Some(lines) if lines.new == open => lines,
            _ => all(connection)?,
        };
        lines.seal(committed);
        let name: String = connection
            .query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0))
            .doing("draw a key")?;
        let mut text = head(&name);
        text.append(&mut lines.text);
        let length = text.len() as u64;
        let new = self.path.with_extension("journal.new");
        let made = make(&new, &text).and_then(|file| {
            fs::rename(&new, &self.path)?;
            sync_folder(&self.path);
            Ok(file)
        });
        let file = made.map_err(|source| {
            let _ = fs::remove_file(&new); // it may never have come about
            self.wrong(source)
        })?;
        Noted { name, length, base: length }.write(connection)?;
        Ok(Appended { file, seal: length - 2, before: None })
    }

    /// The file, where it is the one that the database knows and nothing of it is missing.
    fn open(&self, known: &Noted) -> io::Result<Option<File>> {
        if known.length == 0 {
            return Ok(None);
        }
        let mut file = match File::options().read(true).write(true).open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let expected = head(&known.name);
        let mut found = vec![0; expected.len()];
        let own = file.metadata()?.len() >= known.length
            && file.read_exact(&mut found).is_ok()
            && found == expected;
        Ok(own.then_some(file))
    }

    /// Takes back what [`Journal::append`] added: the transaction has come to nothing.
    pub(in crate::cache) fn take_back(&self, connection: &Connection, appended: &Appended) {
        if let Some(before) = appended.before {
            // The lock may be lost with the transaction, and then others may have added theirs.
            let still = !connection.is_autocommit()
                || connection.execute_batch("BEGIN IMMEDIATE").is_ok()
                    && Noted::read(connection)
                        .is_ok_and(|noted| noted.is_some_and(|noted| noted.length == before));
            if still && let Err(error) = appended.file.set_len(before) {
                tracing::warn!(%error, "what was not committed stays in the journal, unsealed");
            }
        }
        let _ = connection.execute_batch("ROLLBACK"); // where there is one to be rolled back
    }

    /// The transaction has been committed.
    pub(in crate::cache) fn seal(&self, mut appended: Appended) {
        let sealed = appended
            .file
            .seek(SeekFrom::Start(appended.seal))
            .and_then(|_| appended.file.write_all(&[COMMITTED]));
        if let Err(error) = sealed {
            // The database knows that it was committed.
            tracing::warn!(%error, "a transaction could not be sealed in the journal");
        }
    }

    /// Removes the file where nothing is open. The database's own log goes into the database
    /// before, so that nothing brings back what is settled.
    pub(in crate::cache) fn tidy(&self, connection: &Connection) -> Result<()> {
        let open = |connection: &Connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE open = 1)";
            connection.query_row(sql, [], |row| row.get::<_, bool>(0)).doing("read the outbox")
        };
        if open(connection)? || !self.path.exists() {
            return Ok(());
        }
        let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        if busy.doing("tidy the cache")? {
            return Ok(()); // somebody reads: the next time
        }
        connection.execute_batch("BEGIN IMMEDIATE").doing("tidy the cache")?;
        if !open(connection)? {
            let _ = fs::remove_file(&self.path); // it does no harm where it is
        }
        connection.execute_batch("ROLLBACK").doing("tidy the cache")
    }

    /// Reads the file; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(super) fn read(&self) -> Result<Found> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Found::of(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::default()),
            Err(error) => Err(Error::io("read", &self.path, error)),
        }
    }

    fn wrong(&self, source: io::Error) -> Error {
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Error::Full { doing: DOING }
            }
            _ => Error::io("write to", &self.path, source),
        }
    }
}

/// All open writes.
fn all(connection: &Connection) -> Result<Lines> {
    let mut lines = Lines::default();
    let sql = format!("SELECT {} FROM outbox WHERE open = 1 ORDER BY n", entry::COLUMNS);
    let mut statement = connection.prepare(&sql).doing("read the outbox")?;
    let mut rows = statement.query(params![]).doing("read the outbox")?;
    while let Some(row) = rows.next().doing("read the outbox")? {
        lines.push(&json(&Line::Write(Box::new(Kept::of(Entry::read(row)?)))));
    }
    Ok(lines)
}

fn add(file: &mut File, at: u64, text: &[u8], sync: bool) -> io::Result<()> {
    if file.metadata()?.len() > at {
        file.set_len(at)?;
    }
    file.seek(SeekFrom::Start(at))?;
    file.write_all(text)?;
    if sync { file.sync_data() } else { Ok(()) }
}

/// A file that only its owner reads, with this in it, on the disk.
fn make(path: &Path, text: &[u8]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(file)
}

/// A new name is on the disk only when its folder is. Not every file system can tell.
fn sync_folder(path: &Path) {
    let folder = path.parent().and_then(|folder| File::open(folder).ok());
    if let Some(Err(error)) = folder.map(|folder| folder.sync_all()) {
        tracing::debug!(%error, "the folder of the cache cannot be synced");
    }
}

/// What a journal says.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Whether there is a file with anything in it.
    pub(super) is_there: bool,
    /// Its name, where the first line can be read.
    pub(super) name: Option<String>,
    /// Lines, each with the end of its transaction and whether that is known to have been
    /// committed: it is sealed so, or others were added after it.
    pub(super) lines: Vec<(Line, u64, bool)>,
    /// Lines that cannot be read, or are missing.
    pub(super) bad: usize,
}

impl Found {
    fn of(bytes: &[u8]) -> Self {
        let mut found = Self { is_there: !bytes.is_empty(), ..Self::default() };
        let (mut from, mut at, mut bad) = (0, 0_u64, 0_usize);
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            at += text.len() as u64;
            match read(text) {
                Some((Line::Journal(name), _)) => found.name = Some(name),
                Some((Line::Seal(count), committed)) => {
                    // A line break that is gone makes one line of two.
                    found.bad += bad.max(count.saturating_sub(found.lines.len() - from));
                    bad = 0;
                    for (_, end, sealed) in &mut found.lines[from..] {
                        (*end, *sealed) = (at, committed);
                    }
                    for (_, _, sealed) in &mut found.lines[..from] {
                        *sealed = true;
                    }
                    from = found.lines.len();
                }
                Some((line, _)) => found.lines.push((line, u64::MAX, false)),
                None => bad += 1,
            }
        }
        found.bad += bad;
        found
    }
}

/// A line with its end, and whether it is a seal of what was committed.
fn read(text: &[u8]) -> Option<(Line, bool)> {
    let text = text.strip_suffix(b"\n")?;
    let (sum, json) = (text.get(..8)?, text.get(9..)?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    let (json, committed) = match json.split_last() {
        Some((b'}', _)) => (json, false),
        Some((last, json)) => (json, *last == COMMITTED),
        None => return None,
    };
    (checksum(json) == sum).then(|| serde_json::from_slice(json).ok()).flatten().map(|line| (line, committed))
}
