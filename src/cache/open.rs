//! Where the cache lies, and how its connections are opened.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{Doing, Error, Result};
use super::outbox::journal::Journal;
use super::outbox::salvage::{Salvaged, salvage};
use super::place::{Gate, Identity, Place};
use super::reader::Reader;
use super::shortage::{Shortage, explained};
use super::writer::Writer;
use super::{damage, functions, migrate, replace};
use crate::model::Time;
use crate::query::Moment;

/// How long a connection waits for another process before it says [`Error::Busy`].
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// The first SQLite whose write-ahead log is safe with two connections.
const OLDEST_SQLITE: i32 = 3_051_003;

/// The cache of one profile: a folder of its own with a database in it.
#[derive(Clone, Debug)]
pub struct Cache {
    path: PathBuf,
    writable: bool,
    /// What was used up where it could not be opened for writing.
    shortage: Option<Shortage>,
    /// Which file it was when it was opened.
    identity: Option<Identity>,
}

/// What opening the cache came to.
#[derive(Debug)]
pub struct Opened {
    /// Ready for its writer and readers.
    pub cache: Cache,
    /// How a damaged file is called now; a fresh cache took its place.
    pub set_aside: Option<PathBuf>,
    /// What was written here and not sent yet, where it had to be got back.
    pub salvaged: Salvaged,
}

impl Cache {
    /// The folder of a profile under the folder of all caches. Any name makes a folder of its own
    /// name, and none leads out of `base`.
    pub fn folder(base: &Path, profile: &str) -> PathBuf {
        use std::fmt::Write as _;
        let mut name = String::new();
        for byte in profile.bytes() {
            if byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_' {
                name.push(char::from(byte));
            } else {
                let _ = write!(name, "%{byte:02X}"); // writing to a String does not fail
            }
        }
        base.join(if name.is_empty() { "%".to_owned() } else { name })
    }

    /// Opens the cache in `folder`, and makes folder and file where they are missing. A damaged
    /// file is set aside, and a fresh one made; what was not sent yet is got back. Where nothing can be written but a cache is there,
    /// it is opened for reading; see [`Cache::is_writable`].
    ///
    /// # Errors
    /// [`Error::Newer`], [`Error::Foreign`], [`Error::OldSqlite`], [`Error::Io`], or as SQLite says.
    pub fn open(folder: &Path, now: Time) -> Result<Opened> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(Error::OldSqlite { found: rusqlite::version() });
        }
        let path = folder.join("cache.db");
        let gate = Gate::beside(&path);
        let passage = gate.pass();
        replace::finish(&path);
        let before = Identity::of(&path);
        let salvaged =
            sound(folder, &path, &gate).and_then(|()| prepare(folder, &path)).and_then(|mut connection| {
                let salvaged = salvage(&mut connection, &path, now, None)?;
                settle(&connection, &path)?;
                // While it is open: on a disk that is full the note would take the room of the log's index.
                gate.note_made();
                Ok(salvaged)
            });
        let salvaged = salvaged.map_err(|error| explained(error, &path));
        drop(passage);
        match salvaged {
            Ok(salvaged) => Ok(Opened { cache: Self::writable(&path), set_aside: None, salvaged }),
            Err(damaged) if damaged.is_damage() => {
                // A file that was made just now is damaged by nobody but the disk.
                Self::writable(&path).replace_file(before.or_else(|| Identity::of(&path)), now)
            }
            Err(refused @ (Error::ReadOnly { .. } | Error::Io { .. } | Error::Full { .. })) => {
                let shortage = match &refused {
                    Error::Full { why, .. } => Some(*why),
                    Error::Io { source, .. } => Shortage::of(source),
                    _ => None,
                };
                let cache = Self { path, writable: false, shortage, identity: before };
                match cache.reader() {
                    Ok(_) => Ok(Opened { cache, set_aside: None, salvaged: Salvaged::default() }),
                    Err(_) => Err(refused),
                }
            }
            Err(other) => Err(other),
        }
    }

    /// Opens a cache that must be there already, for reading only; one of an earlier version of the
    /// program is brought to this one.
    ///
    /// # Errors
    /// [`Error::Missing`]; otherwise as [`Cache::open`], and [`Error::Damaged`] too, since reading
    /// sets nothing aside.
    pub fn open_existing(folder: &Path) -> Result<Self> {
        let path = folder.join("cache.db");
        if damage::is_hollow(&path, Gate::beside(&path).is_made()) {
            return Err(cut_off());
        }
        if !path.exists() {
            return Err(Error::Missing { path });
        }
        let cache = Self { identity: Identity::of(&path), path, writable: false, shortage: None };
        if let Err(older @ Error::Older) = cache.reader().map(drop) {
            prepare(folder, &cache.path).map(drop).map_err(|_| older)?;
        }
        cache.reader()?;
        Ok(cache)
    }

    /// The file that is there now, for reading and writing.
    pub(super) fn writable(path: &Path) -> Self {
        Self { path: path.to_owned(), writable: true, shortage: None, identity: Identity::of(path) }
    }

    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a [`Writer`] can be had.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// What was used up where no [`Writer`] can be had for lack of room.
    pub fn shortage(&self) -> Option<Shortage> {
        self.shortage
    }

    /// The connection that writes. There should be one per process.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], or as SQLite says.
    pub fn writer(&self, moment: Moment) -> Result<Writer> {
        let doing = "open the cache for writing";
        match (self.writable, self.shortage) {
            (true, _) => {}
            (false, Some(why)) => return Err(Error::Full { doing, why }),
            (false, None) => return Err(Error::ReadOnly { doing }),
        }
        let place = Place::of(&self.path); // before: where it is another one by then, that is seen
        Ok(Writer::new(for_writing(&self.path)?, Journal::beside(&self.path), place, moment))
    }

    /// A connection that reads, and cannot write.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn reader(&self) -> Result<Reader> {
        let doing = "open the cache for reading";
        let place = Place::of(&self.path);
        let open = |uri: &str| {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_URI
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(uri, flags).doing(doing)?;
            dress(&connection)?;
            let format = migrate::format(&connection, &self.path)?;
            if format == 0 {
                return Err(Error::Missing { path: self.path.clone() });
            }
            if format < migrate::KNOWN {
                return Err(Error::Older);
            }
            connection.pragma_update(None, "query_only", true).doing(doing)?;
            Ok(Reader::new(connection, place.clone()))
        };
        let uri = uri(&self.path);
        match open(&uri) {
            // In a folder that cannot be written the log's index cannot be made; without a log
            // the file alone is the whole truth.
            Err(Error::Sqlite { .. } | Error::ReadOnly { .. }) if !self.writable && !self.has_log() => {
                open(&format!("{uri}?immutable=1"))
            }
            result => result,
        }
    }

    fn has_log(&self) -> bool {
        fs::metadata(self.path.with_extension("db-wal")).is_ok_and(|log| log.len() > 0)
    }
}

/// Looks whether what was in the file is there at all: SQLite takes one that was cut to nothing for new.
fn sound(folder: &Path, path: &Path, gate: &Gate) -> Result<()> {
    if !damage::is_hollow(path, gate.is_made()) {
        return Ok(());
    }
    make_private(folder, path)?; // of a log alone, the file that it is set aside with
    Err(cut_off())
}

/// Takes what is in the log of a file that was made just now into the file: another process would take
/// one without a header for damaged.
fn settle(connection: &Connection, path: &Path) -> Result<()> {
    if !damage::is_hollow(path, true) && damage::check_header(path).is_ok() {
        return Ok(());
    }
    connection.query_row("PRAGMA wal_checkpoint", [], |_| Ok(())).doing("make the cache")
}

fn cut_off() -> Error {
    Error::damaged("open the cache", "what was in it is cut off".to_owned())
}

/// Makes folder and file where they are missing, looks for damage, and migrates.
pub(super) fn prepare(folder: &Path, path: &Path) -> Result<Connection> {
    make_private(folder, path)?;
    damage::check_header(path)?;
    let mut connection = for_writing(path)?;
    migrate::migrate(&mut connection, path)?;
    damage::check(&connection, path)?;
    Ok(connection)
}

fn for_writing(path: &Path) -> Result<Connection> {
    let doing = "open the cache for writing";
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri(path), flags).doing(doing)?;
    dress(&connection)?;
    // What can be pulled again is durable enough with NORMAL; what cannot is committed with FULL:
    // see `Writer::durably`.
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).doing(doing)?;
    if mode != "wal" {
        tracing::warn!(mode, "the cache's file system allows no write-ahead log");
    }
    connection
        .execute_batch("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;")
        .doing(doing)?;
    Ok(connection)
}

/// What every connection needs.
fn dress(connection: &Connection) -> Result<()> {
    let doing = "open the cache";
    connection.busy_timeout(BUSY).doing(doing)?;
    connection
        .execute_batch(
            "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; \
             PRAGMA trusted_schema = OFF;",
        )
        .doing(doing)?;
    connection.set_prepared_statement_cache_capacity(96);
    functions::register(connection)
}

/// A folder that only its owner enters, and a file that only its owner reads. SQLite gives the
/// log the permissions of the file.
fn make_private(folder: &Path, path: &Path) -> Result<()> {
    if !folder.is_dir() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|source| Error::io("make the folder", folder, source))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Error::io("open", path, source))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for (what, mode) in [(folder, 0o700), (path, 0o600)] {
            let now = fs::metadata(what).map_err(|source| Error::io("look at", what, source))?.permissions();
            if now.mode() & 0o077 != 0 {
                fs::set_permissions(what, fs::Permissions::from_mode(mode))
                    .map_err(|source| Error::io("close to others", what, source))?;
            }
        }
    }
    Ok(())
}

/// A path as SQLite's `file:` URI, whatever characters are in it.
pub(super) fn uri(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(*byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}"); // writing to a String does not fail
            }
        }
    }
    uri
}
