//! Replacing a damaged file by a fresh one, which takes over whatever can still be read.
//!
//! ```text
//! damaged file ──rescue──▶ fresh file ◀──salvage── journal
//!      └── is set aside under another name          └── takes its place
//! ```
//!
//! The fresh file is made beside the damaged one and takes its name last, so that a process that is
//! killed meanwhile leaves the one or the other.

use std::fs;
use std::path::{Path, PathBuf};

use super::damage::{self, beside};
use super::error::{Doing, Error, Result};
use super::open::{Cache, Opened, prepare};
use super::outbox::rescue::{holder, rescue};
use super::outbox::salvage::salvage;
use super::place::{Gate, Identity};
use super::writer::Writer;
use crate::model::Time;

impl Cache {
    /// Sets the file aside after it showed damage in use, and makes a fresh one, into which is
    /// brought what can be read of what cannot be pulled again. Connections that are still open
    /// stay with the old file: drop them. Where another process has done it meanwhile, its file is
    /// opened.
    ///
    /// # Errors
    /// [`Error::Held`] where another process syncs the damaged file; otherwise as [`Cache::open`].
    pub fn replace(&self, now: Time) -> Result<Opened> {
        self.replace_file(self.identity(), now)
    }

    /// The same for the file that a writer has open. Where that is not there any more, because
    /// another process has set it aside, the one in its place is opened.
    ///
    /// # Errors
    /// As [`Cache::replace`].
    pub fn mend(&self, writer: &Writer, now: Time) -> Result<Opened> {
        match writer.is_left() {
            true => self.open_again(now),
            false => self.replace_file(writer.identity(), now),
        }
    }

    fn open_again(&self, now: Time) -> Result<Opened> {
        Cache::open(self.path().parent().unwrap_or(Path::new(".")), now)
    }

    /// Replaces the file where it is still this one.
    pub(super) fn replace_file(&self, damaged: Option<Identity>, now: Time) -> Result<Opened> {
        let path = self.path();
        let hollow = damage::is_hollow(path, true);
        let shut = Gate::beside(path).shut();
        // What was empty may have been another process's that was just making it.
        let filled = hollow && !damage::is_hollow(path, true);
        if damaged.is_none() || Identity::of(path) != damaged || filled {
            drop(shut);
            return self.open_again(now);
        }
        if let Some(process) = holder(path, now) {
            return Err(Error::Held { process });
        }
        let fresh = fresh(path);
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(&fresh, suffix)); // of a process that was killed
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut connection = prepare(folder, &fresh)?;
        let rescued = rescue(path, &mut connection, &fresh, now)?;
        let salvaged = salvage(&mut connection, path, now, Some(rescued))?;
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .doing("write to the fresh cache")?;
        drop(connection); // its log goes with it
        let aside = damage::set_aside(path, now)?;
        fs::rename(&fresh, path).map_err(|source| Error::io("put in its place", &fresh, source))?;
        Ok(Opened { cache: Cache::writable(path), set_aside: Some(aside), salvaged })
    }
}

/// How the fresh file is called until it takes the place of the damaged one.
fn fresh(path: &Path) -> PathBuf {
    path.with_file_name("cache.fresh.db")
}

/// A process was killed after it had set a file aside, and before the fresh one took its place.
pub(super) fn finish(path: &Path) {
    let fresh = fresh(path);
    if !path.exists() && fresh.exists() {
        let _ = fs::rename(&fresh, path); // another one has done it
    }
}
