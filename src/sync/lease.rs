//! Who syncs a cache that two consoles share: the one that holds its lease.
//!
//! The lease lasts somewhat longer than the time between renewals; that of a process of this machine
//! that is no more need not be waited for.

use std::time::Duration;

use super::backoff::chance;
use super::{CacheWriter, SyncError};
use crate::cache::{self, Away, Lease, Writer};
use crate::model::Time;

/// A candidate for the lease.
pub(super) struct Holder {
    writer: CacheWriter,
    name: String,
    every: Duration,
    held: bool,
    /// Whether it gives way to whoever sends.
    yields: bool,
}

/// How often one that gives way looks whether it has to.
const GLANCE: Duration = Duration::from_secs(2);

impl Holder {
    pub(super) fn new(writer: &CacheWriter, every: Duration) -> Self {
        let word = (chance() * 1e12) as u64;
        let name = cache::holder(&format!("{word:x}"));
        Self { writer: writer.clone(), name, every, held: false, yields: false }
    }

    /// Takes the lease where it can be had; says whether it was.
    pub(super) async fn take(&mut self) -> Result<bool, SyncError> {
        let (name, every) = (self.name.clone(), self.every);
        let work = move |writer: &mut Writer| -> cache::Result<(bool, bool)> {
            let now = now();
            if let Some(lease) = writer.lease()?
                && can_be_taken(writer, &lease)
            {
                writer.release_lease(&lease.holder)?;
            }
            let yields = writer.is_read_only();
            Ok((writer.take_lease(&as_holder(&name, yields), now, after(now, every + every / 2))?, yields))
        };
        self.held = true; // from here on it may be, even where nobody waits for the answer
        (self.held, self.yields) = self.writer.run(work).await?;
        Ok(self.held)
    }

    /// How it is named in the lease.
    pub(super) fn sign(&self) -> String {
        as_holder(&self.name, self.yields)
    }

    /// Renews the lease for as long as that can be done; comes back when it is lost.
    pub(super) async fn lost(&mut self) -> Result<(), SyncError> {
        loop {
            // A lease holds by the clock: nothing but time tells when it is to be renewed.
            let until = tokio::time::Instant::now() + self.every;
            while self.yields && until - tokio::time::Instant::now() > GLANCE {
                // And nothing but a look tells whether a console that sends has taken it.
                tokio::time::sleep(GLANCE.min(self.every)).await;
                let name = as_holder(&self.name, true);
                let ours =
                    move |writer: &mut Writer| Ok(writer.lease()?.is_some_and(|lease| lease.holder == name));
                if !self.writer.run(ours).await? {
                    return Ok(());
                }
            }
            tokio::time::sleep_until(until).await;
            if !self.take().await? {
                return Ok(());
            }
        }
    }

    /// Gives it back. Where that fails it runs out by itself.
    pub(super) async fn release(&mut self) {
        if std::mem::take(&mut self.held) {
            let name = as_holder(&self.name, self.yields);
            let _ = self.writer.run(move |writer| writer.release_lease(&name)).await;
        }
    }
}

impl Drop for Holder {
    /// A sync that is dropped in the middle does not keep others from the cache.
    fn drop(&mut self) {
        if self.held {
            let name = as_holder(&self.name, self.yields);
            self.writer.post(move |writer| drop(writer.release_lease(&name)));
        }
    }
}

fn after(moment: Time, wait: Duration) -> Time {
    Time::from_millis(moment.millis.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}

/// Now, by the machine's clock: a lease is agreed upon with other processes, whatever clock they are given.
fn now() -> Time {
    Time::from_millis(jiff::Timestamp::now().as_millisecond())
}

/// A console that may not write sends nothing: its lease says so, and gives way to one that may.
fn as_holder(name: &str, yields: bool) -> String {
    if yields { format!("{name}{YIELDS}") } else { name.to_owned() }
}

const YIELDS: &str = " read-only";

/// Whether a lease that has not run out stands in nobody's way.
fn can_be_taken(writer: &Writer, lease: &Lease) -> bool {
    lease.is_dead() || (!writer.is_read_only() && lease.holder.ends_with(YIELDS))
}

/// Whether the lease can be had: given back, run out, of a process that is no more, or of one that
/// gives way.
pub(super) fn is_free(writer: &Writer, lease: Option<&Lease>) -> bool {
    lease.is_none_or(|lease| lease.until <= now() || can_be_taken(writer, lease))
}

/// Notes with the lease that the backend is away, or there again, for consoles that do not talk to
/// it. Where that fails they are told nothing: it does no harm.
pub(super) async fn keep_away(writer: &CacheWriter, sign: &str, away: Option<Away>) {
    let sign = sign.to_owned();
    let _ = writer.run(move |writer| writer.keep_away(&sign, away.as_ref())).await;
}
