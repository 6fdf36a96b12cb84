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

mod found;
mod lines;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub(super) use found::Found;
use lines::COMMITTED;
pub(in crate::cache) use lines::Lines;
pub(super) use lines::{Kept, Line};

use crate::cache::damage::free_name;
use crate::cache::error::{Doing, Error, Result};
use crate::cache::open::BUSY;
use crate::cache::shortage::Shortage;
use crate::cache::writer::meta;
use crate::model::Time;

const DOING: &str = "write to the journal of the outbox";

/// A journal that has grown so much since it was made is made anew, in bytes.
const GROWN: u64 = 4 << 20;

/// Which journal is the database's own, as it has noted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::cache::outbox) struct Noted {
    /// Its name; empty where there was none yet.
    pub(in crate::cache::outbox) name: String,
    /// Where its last transaction ends, in bytes.
    pub(in crate::cache::outbox) length: u64,
    /// How long it was when it was made, in bytes.
    base: u64,
}

impl Noted {
    /// `None` where the database has never heard of a journal.
    pub(in crate::cache::outbox) fn read(connection: &Connection) -> Result<Option<Self>> {
        Ok(meta(connection, "journal")?.map(|text| {
            let mut words = text.split(' ');
            let name = words.next().unwrap_or_default().to_owned();
            let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            Self { name, length: number(), base: number() }
        }))
    }

    pub(in crate::cache::outbox) fn write(&self, connection: &Connection) -> Result<()> {
        let text = format!("{} {} {}", self.name, self.length, self.base);
        connection
            .prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('journal', ?1)")
            .and_then(|mut statement| statement.execute([text]))
            .doing("write to the cache")?;
        Ok(())
    }
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
    pub(in crate::cache::outbox) fn renew(
        &self,
        connection: &Connection,
        lines: Option<Lines>,
        committed: bool,
    ) -> Result<Appended> {
        let count = "SELECT count(*) FROM outbox WHERE open = 1";
        let open: i64 = connection.query_row(count, [], |row| row.get(0)).doing("read the outbox")?;
        let mut lines = match lines {
            Some(lines) if lines.new == open => lines,
            _ => lines::all(connection)?,
        };
        lines.seal(committed);
        let name: String = connection
            .query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0))
            .doing("draw a key")?;
        let mut text = lines::head(&name);
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
        let expected = lines::head(&known.name);
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
        // Where somebody reads, this has another time: nobody's write waits for it.
        connection.busy_timeout(std::time::Duration::ZERO).doing("tidy the cache")?;
        let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        connection.busy_timeout(BUSY).doing("tidy the cache")?;
        if busy.doing("tidy the cache")? {
            return Ok(());
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
    pub(in crate::cache::outbox) fn read(&self) -> Result<Found> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Found::of(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::default()),
            Err(error) => Err(Error::io("read", &self.path, error)),
        }
    }

    /// Copies the file as it is, for people to read, and says where to.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Full`].
    pub(in crate::cache::outbox) fn copy_aside(&self, now: Time) -> Result<PathBuf> {
        let to = free_name(&self.path, ("outbox.damaged", "journal"), now);
        let copied = fs::read(&self.path).and_then(|bytes| make(&to, &bytes));
        copied.map(|_| to).map_err(|source| self.wrong(source))
    }

    fn wrong(&self, source: io::Error) -> Error {
        match Shortage::of(&source) {
            Some(why) => Error::Full { doing: DOING, why },
            None => Error::io("write to", &self.path, source),
        }
    }
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
