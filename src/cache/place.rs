//! Where a cache lies, and whether another process has put another file there.
//!
//! A damaged file is renamed while others may have it open: what they wrote into it from then on
//! would be lost to everybody. A lock beside the file keeps that apart. Whoever writes what cannot
//! be pulled again passes the [`Gate`], and looks whether the file is still the one that it has
//! open; whoever replaces the file shuts the gate meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// Which file a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// `None` where there is no file, or the system does not tell files apart.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Some(Self { device: file.dev(), number: file.ino() })
        }
        #[cfg(not(unix))]
        {
            let _ = file;
            None
        }
    }
}

/// A file that was opened, and where.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    /// As it was when it was opened.
    identity: Option<Identity>,
}

impl Place {
    /// The file that is there now.
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), identity: Identity::of(path) }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Which file it was when it was opened.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// Whether another file is there by now, or none.
    pub(super) fn is_left(&self) -> bool {
        Identity::of(&self.path) != self.identity
    }

    /// Keeps the file where it is for as long as the passage is held.
    ///
    /// # Errors
    /// [`Error::Replaced`] where it is there no more.
    pub(super) fn enter(&self) -> Result<Passage> {
        let passage = Gate::beside(&self.path).pass();
        if self.is_left() {
            return Err(Error::Replaced);
        }
        Ok(passage)
    }
}

/// What stands in the lock once there is a database.
const MADE: &[u8] = b"made\n";

/// The lock beside a database.
#[derive(Debug)]
pub(super) struct Gate(PathBuf);

/// The gate is held until this is dropped, or the process ends.
#[derive(Debug)]
pub(super) struct Passage(#[allow(dead_code, reason = "holds the lock")] Option<File>);

impl Gate {
    /// That of a database.
    pub(super) fn beside(database: &Path) -> Self {
        Self(database.with_file_name("cache.lock"))
    }

    /// Passes, with others; waits while it is shut.
    pub(super) fn pass(&self) -> Passage {
        self.held(File::lock_shared)
    }

    /// Shuts it, once all who passed are through.
    pub(super) fn shut(&self) -> Passage {
        self.held(File::lock)
    }

    /// Notes that there is a database behind it: one that is empty later on has lost what it had.
    pub(super) fn note_made(&self) {
        if !self.is_made() {
            let noted =
                OpenOptions::new().write(true).open(&self.0).and_then(|mut file| file.write_all(MADE));
            let _ = noted.inspect_err(|error| tracing::debug!(%error, "the cache's lock takes no note"));
        }
    }

    /// Whether there was a database behind it.
    pub(super) fn is_made(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|file| file.len() > 0)
    }

    fn held(&self, lock: impl FnOnce(&File) -> io::Result<()>) -> Passage {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let held = options.open(&self.0).and_then(|file| lock(&file).map(|()| file));
        // Where the folder cannot be written nothing is replaced, and not every file system locks.
        Passage(held.inspect_err(|error| tracing::debug!(%error, "the cache has no lock")).ok())
    }
}
