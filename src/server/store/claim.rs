//! One server at a time on one database.
//!
//! Two would each keep what the other wrote out of sight: the numbers of changes that they hand
//! out, and whom they tell of them, are known to the process alone. A file beside the database is
//! locked as long as the server runs, and says which process it is. The system takes the lock
//! back from a process that was killed; the file that it leaves behind means nothing.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::StoreError;

/// The right to serve a database. Dropping it gives it back.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    _locked: File,
}

impl Claim {
    /// Claims the database at `database`, whether or not it is there already.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where another process has it, [`StoreError::Open`] where nothing can be
    /// written beside it.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        let wrong = |source: io::Error| StoreError::Open {
            path: database.display().to_string(),
            source: source.into(),
        };
        if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(wrong)?;
        }
        let path = beside(database);
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(wrong)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut text = String::new();
                    let _ = file.read_to_string(&mut text); // who it is would be nice to know, no more
                    let by = text.trim().parse().ok();
                    return Err(StoreError::Taken { path: database.display().to_string(), by });
                }
                // A file system without locks: better to serve than not.
                Err(TryLockError::Error(error)) => {
                    tracing::warn!(%error, "the database cannot be kept from other servers")
                }
            }
            // Whoever had it may have removed the file between our opening and our locking it.
            if !is_at(&file, &path) {
                continue;
            }
            file.set_len(0).and_then(|()| file.rewind()).map_err(wrong)?;
            writeln!(file, "{}", std::process::id()).map_err(wrong)?;
            return Ok(Self { path, _locked: file });
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path); // locked still, so that it is ours; left behind it does no harm
    }
}

fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// `serve.db-lock` beside `serve.db`, as SQLite names its own files.
fn beside(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push("-lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_the_next_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("deep/serve.db");
        fs::create_dir_all(folder.path().join("deep")).unwrap();
        fs::write(beside(&database), "of one that was killed").unwrap();
        let claim = Claim::take(&database).unwrap();
        match Claim::take(&database) {
            Err(StoreError::Taken { path, by }) => {
                assert_eq!((path.as_str(), by), (database.to_str().unwrap(), Some(std::process::id())));
            }
            other => panic!("{other:?}"),
        }
        drop(claim);
        assert!(!beside(&database).exists() && !database.exists());
        Claim::take(&database).unwrap();
    }
}
