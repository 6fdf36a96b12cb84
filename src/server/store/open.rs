//! Opening the file: version checks, schema, connections.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use tokio::sync::watch;

use super::{Attempt, Identity, Inner, Limits, Store, StoreError, lock};

/// `siyS`, so that `file(1)` and we can tell the file from others.
const APPLICATION: i64 = 0x7369_7953;
/// Version of the schema below.
const VERSION: i64 = 2;
/// Versions before this one can lose a WAL that two connections use (sqlite.org/wal.html).
const LEAST_SQLITE: i32 = 3_051_003;
/// Statements that each connection keeps ready.
const STATEMENTS: usize = 32;

const SCHEMA: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE records (
        resource TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (resource, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE changes (
        seq INTEGER PRIMARY KEY, resource TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL
    ) STRICT;
";
/// What version 2 has beside version 1.
const ANSWERS: &str = "
    CREATE TABLE answers (
        caller TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,
        content TEXT NOT NULL, answer TEXT NOT NULL,
        PRIMARY KEY (caller, key)
    ) STRICT;
    CREATE INDEX answers_by_age ON answers (at);
";

impl Store {
    /// Opens the store at `path`, making the file where there is none.
    ///
    /// # Errors
    /// Where the file cannot be opened, is no store, or was made by a newer siyu.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, StoreError> {
        let wrong = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
            path: path.display().to_string(),
            source,
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| wrong(source.into()))?;
        }
        let connection = connect(path).map_err(|source| wrong(source.into()))?;
        Self::from_connection(connection, Some(path), limits)
    }

    /// A store that lives as long as its handles.
    ///
    /// # Errors
    /// Where SQLite cannot make one.
    pub fn in_memory(limits: Limits) -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().attempting("open a store in memory")?;
        Self::from_connection(connection, None, limits)
    }

    fn from_connection(
        connection: Connection,
        path: Option<&Path>,
        limits: Limits,
    ) -> Result<Self, StoreError> {
        if rusqlite::version_number() < LEAST_SQLITE {
            return Err(StoreError::Sqlite { found: rusqlite::version().to_owned() });
        }
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let shown = path.map_or_else(|| "memory".to_owned(), |path| path.display().to_string());
        prepare(&connection, &shown)?;
        let latest = number(&connection, "seq")?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.map(Path::to_owned),
                writer: Mutex::new(connection),
                readers: Mutex::new(Vec::new()),
                latest: watch::Sender::new(latest),
                limits,
            }),
        })
    }

    /// Runs `read` on a connection of its own, so that a write does not hold it up.
    pub(super) fn reading<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(path) = &self.inner.path else { return read(&lock(&self.inner.writer)) };
        let idle = lock(&self.inner.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(path).attempting("open a reading connection")?;
                connection.set_prepared_statement_cache_capacity(STATEMENTS);
                connection.pragma_update(None, "query_only", true).attempting("set a connection to read")?;
                connection
            }
        };
        let result = read(&connection);
        lock(&self.inner.readers).push(connection);
        result
    }

    /// Name and operator, as the API's `/v1/meta` tells them.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn identity(&self) -> Result<Identity, StoreError> {
        let text = self.reading(|connection| text(connection, "identity"))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// What [`Store::fill`] put here, by the label it was given; `None` where nothing did.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn filled_with(&self) -> Result<Option<String>, StoreError> {
        self.reading(|connection| text(connection, "filled_with"))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn prepare(connection: &Connection, path: &str) -> Result<(), StoreError> {
    let read = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let opening =
        |source: rusqlite::Error| StoreError::Open { path: path.to_owned(), source: Box::new(source) };
    let application = read("application_id").map_err(opening)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(opening)?;
    if application != APPLICATION && tables > 0 {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    let found = read("user_version").map_err(opening)?;
    if application == APPLICATION && found > VERSION {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    connection
        .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .attempting("turn on the write-ahead log")?;
    // A write that was answered is one that a power cut does not take back.
    connection.execute_batch("PRAGMA synchronous = FULL").attempting("set up the store")?;
    if application == APPLICATION {
        if found < 2 {
            connection
                .execute_batch(&format!("BEGIN IMMEDIATE; {ANSWERS} PRAGMA user_version = 2; COMMIT"))
                .attempting("bring the store to version 2")?;
        }
        return Ok(());
    }
    // The changes of this store are numbered from its birth; see the module's page.
    let birth = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |age| age.as_millis());
    connection
        .execute_batch(&format!(
            "BEGIN IMMEDIATE; {SCHEMA} {ANSWERS}
             INSERT INTO meta (key, value) VALUES ('seq', '{birth}'), ('oldest', '{birth}');
             PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT"
        ))
        .attempting("make the tables of the store")
}

/// A text of the store about itself.
pub(super) fn text(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")
        .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
        .attempting("read what the store says of itself")
}

/// A number of the store about itself; 0 where it has none.
pub(super) fn number(connection: &Connection, key: &str) -> Result<i64, StoreError> {
    Ok(text(connection, key)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Sets a text of the store about itself.
pub(super) fn set(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2)
                         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .and_then(|mut statement| statement.execute([key, value]))
        .attempting("write what the store says of itself")?;
    Ok(())
}
