//! Following the change feed: by a stream where the backend gives one, by asking where not.

use std::collections::BTreeMap;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

use super::SyncError;
use super::plan::fold;
use super::session::Session;
use crate::backend::{ChangeStream, Tick};
use crate::model::{Change, Complaint, Resource, SyncEvent, TroubleKind};

/// Changes that were told, by kind: upserts and deletions.
pub(super) type Told = BTreeMap<Resource, (u64, u64)>;

impl Session<'_> {
    /// Follows the feed from `since` until something goes wrong; asks at once when nudged, and
    /// forgets earlier `failures` once it has caught up.
    pub(super) async fn follow(&self, mut since: i64, nudge: &Notify, failures: &mut u32) -> SyncError {
        let pace = self.engine.pace;
        let mut short_lived = 0_u32;
        let mut polls = 0;
        loop {
            if let Err(error) = self.catch_up(&mut since).await {
                return error;
            }
            *failures = 0;
            if !pace.stream || (short_lived > 0 && polls < pace.polls_per_stream) {
                polls = polls.saturating_add(1);
                tokio::select! {
                    () = sleep(pace.poll) => {}
                    () = nudge.notified() => {}
                }
                continue;
            }
            polls = 0;
            let opened = Instant::now();
            let end = match self.engine.connector.stream(since).await {
                Ok(stream) => self.live(stream, &mut since, nudge).await,
                Err(error) => Err(error.into()),
            };
            match end {
                Err(error) if is_fatal(&error) => return error,
                Ok(()) | Err(_) if opened.elapsed() >= pace.settled => short_lived = 0,
                Ok(()) | Err(_) => short_lived += 1,
            }
        }
    }

    /// Asks for all changes since the number and writes them; says how many of each kind.
    pub(super) async fn catch_up(&self, since: &mut i64) -> Result<(Told, u64), SyncError> {
        let mut told = Told::new();
        let mut calls = 0;
        loop {
            let feed = self.engine.connector.changes(*since, self.engine.pace.batch as u32).await?;
            calls += 1;
            if feed.next < *since {
                return Err(self.engine.connector.backwards(*since, feed.next).into());
            }
            for (resource, (upserts, deletes)) in self.write(feed.changes, feed.complaints, feed.next).await?
            {
                let sum = told.entry(resource).or_default();
                *sum = (sum.0 + upserts, sum.1 + deletes);
            }
            *since = feed.next;
            if !feed.more {
                self.caught_up(*since, false);
                return Ok((told, calls));
            }
        }
    }

    /// Takes what the stream says until it ends.
    async fn live(&self, mut stream: ChangeStream, since: &mut i64, nudge: &Notify) -> Result<(), SyncError> {
        self.caught_up(*since, true);
        let pace = self.engine.pace;
        let mut heard = self.now();
        let mut gathered = Gathered::new(*since);
        let end = loop {
            let tick = tokio::select! {
                biased;
                () = nudge.notified() => {
                    self.flush(&mut gathered, since).await?;
                    self.catch_up(since).await?;
                    self.caught_up(*since, true);
                    gathered = Gathered::new(*since);
                    continue;
                }
                () = sleep_until(gathered.until.unwrap_or_else(tokio::time::Instant::now)), if gathered.until.is_some() => {
                    self.flush(&mut gathered, since).await?;
                    continue;
                }
                tick = stream.next() => tick,
            };
            match tick {
                Ok(Some(tick)) => {
                    heard = self.now();
                    if gathered.take(tick) {
                        gathered.until.get_or_insert_with(|| tokio::time::Instant::now() + pace.gather);
                    }
                    if gathered.changes.len() >= pace.batch {
                        self.flush(&mut gathered, since).await?;
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error.into()),
            }
        };
        self.flush(&mut gathered, since).await?;
        self.engine.writer.run(move |writer| writer.heard(heard)).await?;
        end
    }

    /// Writes what was gathered.
    async fn flush(&self, gathered: &mut Gathered, since: &mut i64) -> Result<(), SyncError> {
        if gathered.until.take().is_some() {
            let changes = std::mem::take(&mut gathered.changes);
            let complaints = std::mem::take(&mut gathered.complaints);
            self.write(changes, complaints, gathered.last).await?;
            *since = gathered.last;
            self.caught_up(*since, true);
        }
        Ok(())
    }

    /// Writes changes together with the number that the cache agrees with then.
    async fn write(
        &self,
        changes: Vec<Change>,
        mut complaints: Vec<(Resource, Complaint)>,
        next: i64,
    ) -> Result<Told, SyncError> {
        let mut fold = fold(changes);
        complaints.append(&mut fold.complaints);
        self.apply(fold.batch(next, self.now())).await?;
        self.complain(complaints);
        Ok(fold.told)
    }

    fn caught_up(&self, seq: i64, live: bool) {
        (self.events)(SyncEvent::CaughtUp { seq, at: self.now(), live });
    }
}

/// What a stream gave and is not written yet.
struct Gathered {
    changes: Vec<Change>,
    complaints: Vec<(Resource, Complaint)>,
    last: i64,
    /// When it is to be written; `None` where there is nothing.
    until: Option<tokio::time::Instant>,
}

impl Gathered {
    fn new(since: i64) -> Self {
        Self { changes: Vec::new(), complaints: Vec::new(), last: since, until: None }
    }

    /// Takes a tick; says whether there is anything to write because of it.
    fn take(&mut self, tick: Tick) -> bool {
        let seq = match &tick {
            Tick::Change(change, _) => change.seq,
            Tick::Unread { seq: Some(seq), .. } => *seq,
            Tick::Unread { seq: None, .. } | Tick::Alive => return false,
        };
        if seq <= self.last {
            return false; // known already
        }
        self.last = seq;
        match tick {
            Tick::Change(change, complaints) => {
                let resource = change.resource;
                self.complaints.extend(complaints.into_iter().map(|complaint| (resource, complaint)));
                self.changes.push(change);
            }
            Tick::Unread { resource, complaint, .. } => {
                self.complaints.extend(resource.map(|resource| (resource, complaint)));
            }
            Tick::Alive => {}
        }
        true
    }
}

/// Whether asking instead of listening cannot help.
fn is_fatal(error: &SyncError) -> bool {
    matches!(error.kind(), TroubleKind::Auth | TroubleKind::Gone | TroubleKind::Store)
}
