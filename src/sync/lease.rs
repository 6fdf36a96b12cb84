//! Who syncs a cache that two consoles share: the one that holds its lease.
//!
//! The lease lasts somewhat longer than the time between renewals. A holder is named by host,
//! process and a word of chance, so that the lease of a process of this machine that is no more
//! need not be waited for.

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
        let name = format!("{} {} {word:x}", host(), std::process::id());
        Self { writer: writer.clone(), name, every, held: false }
    }

    /// Takes the lease where it can be had; says whether it was.
    pub(super) async fn take(&mut self) -> Result<bool, SyncError> {
        let (name, every) = (self.name.clone(), self.every);
        let work = move |writer: &mut Writer| -> cache::Result<bool> {
            let now = now();
            if let Some(lease) = writer.lease()?
                && is_dead(&lease.holder)
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

fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    name.replace(' ', "-")
}

/// Whether the lease can be had: given back, run out, or of a process that is no more.
pub(super) fn is_free(writer: &Writer) -> cache::Result<bool> {
    Ok(writer.lease()?.is_none_or(|lease| lease.until <= now() || is_dead(&lease.holder)))
}

/// Whether the holder is a process of this machine that is no more.
fn is_dead(holder: &str) -> bool {
    let mut words = holder.split(' ');
    let (Some(on), Some(process)) = (words.next(), words.next().and_then(|word| word.parse::<i32>().ok()))
    else {
        return false;
    };
    let Some(process) = rustix::process::Pid::from_raw(process) else { return false };
    on == host() && rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_dead_of_this_machine_are_dead() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = child.id();
        child.wait().unwrap();
        assert!(is_dead(&format!("{} {gone} abc", host())));
        assert!(!is_dead(&format!("{} {} abc", host(), std::process::id())));
        assert!(!is_dead(&format!("elsewhere-{} {gone} abc", host())));
        assert!(!is_dead("nonsense"));
    }
}
