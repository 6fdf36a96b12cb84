//! Who syncs a cache that two consoles share: the one that holds its lease.
//!
//! The lease lasts somewhat longer than the time between renewals; that of a process of this machine
//! that is no more need not be waited for.

use std::time::Duration;

use super::backoff::chance;
use super::session::now;
use super::{CacheWriter, SyncError};
use crate::cache::{self, Writer};
use crate::model::Time;

/// A candidate for the lease.
pub(super) struct Holder {
    writer: CacheWriter,
    name: String,
    every: Duration,
    held: bool,
}

impl Holder {
    pub(super) fn new(writer: &CacheWriter, every: Duration) -> Self {
        let word = (chance() * 1e12) as u64;
        let name = cache::holder(&format!("{word:x}"));
        Self { writer: writer.clone(), name, every, held: false }
    }

    /// Takes the lease where it can be had; says whether it was.
    pub(super) async fn take(&mut self) -> Result<bool, SyncError> {
        let (name, every) = (self.name.clone(), self.every);
        let work = move |writer: &mut Writer| -> cache::Result<bool> {
            let now = now();
            if let Some(lease) = writer.lease()?
                && lease.is_dead()
            {
                writer.release_lease(&lease.holder)?;
            }
            writer.take_lease(&name, now, after(now, every + every / 2))
        };
        self.held = true; // from here on it may be, even where nobody waits for the answer
        self.held = self.writer.run(work).await?;
        Ok(self.held)
    }

    /// Renews the lease for as long as that can be done; comes back when it is lost.
    pub(super) async fn lost(&mut self) -> Result<(), SyncError> {
        loop {
            // A lease holds by the clock: nothing but time tells when it is to be renewed.
            tokio::time::sleep(self.every).await;
            if !self.take().await? {
                return Ok(());
            }
        }
    }

    /// Gives it back. Where that fails it runs out by itself.
    pub(super) async fn release(&mut self) {
        if std::mem::take(&mut self.held) {
            let name = self.name.clone();
            let _ = self.writer.run(move |writer| writer.release_lease(&name)).await;
        }
    }
}

impl Drop for Holder {
    /// A sync that is dropped in the middle does not keep others from the cache.
    fn drop(&mut self) {
        if self.held {
            let name = std::mem::take(&mut self.name);
            self.writer.post(move |writer| drop(writer.release_lease(&name)));
        }
    }
}

fn after(moment: Time, wait: Duration) -> Time {
    Time::from_millis(moment.millis.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}

/// Whether the lease can be had: given back, run out, or of a process that is no more.
pub(super) fn is_free(writer: &Writer) -> cache::Result<bool> {
    Ok(writer.lease()?.is_none_or(|lease| lease.until <= now() || lease.is_dead()))
}
