//! Sending what the outbox holds.
//!
//! ```text
//! outbox ──dispatch──▶ on its way ──look, send──▶ backend ──verdict──▶ settle ──▶ outbox, rows
//! ```
//!
//! Whoever holds the lease sends, beside the feed and for as long as the backend can be reached:
//! the head of each lane, several lanes at once. Each step is committed before the next is taken,
//! so that it can be dropped anywhere. What was on its way then is taken for unknown by the next
//! one that sends, and looked for before anything is sent again (`look`).
//!
//! What an answer means is decided in `verdict`; when it is tried again, how often, and what else
//! of the outbox has to wait for it, by the cache.

mod look;
mod verdict;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::SyncError;
use super::backoff::chance;
use super::session::Session;
use crate::backend::BackendError;
use crate::cache::{Dispatch, Writer};
use crate::model::{AnyRecord, OperatorId, Pushed, Resource, SyncEvent, Time, WriteState};
use verdict::{Then, Verdict, Why, verdict};

/// How long a single round waits for a backend that asks for patience, all waits together, without
/// one write that was sent in between.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it does so.
const MOST_WAITS: u32 = 10;

/// What outlives a conversation with the backend: who wakes the sending, and until when it rests.
#[derive(Debug, Default)]
pub(super) struct Bell {
    /// Something was queued.
    pub queued: Notify,
    rests: Mutex<Option<(Instant, Why)>>,
}

impl Bell {
    fn rest(&self, wait: Duration, why: Why) {
        let until = Instant::now() + wait;
        let mut rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        *rests = Some(match *rests {
            Some((before, known)) if before > Instant::now() => {
                (before.max(until), if known == Why::Asked { known } else { why })
            }
            _ => (until, why),
        });
    }

    /// Until when nothing is sent, and why; `None` where nothing stands in the way.
    fn rests(&self) -> Option<(Instant, Why)> {
        let rests = *self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        rests.filter(|(until, _)| *until > Instant::now())
    }

    /// The backend is there, or somebody wants it to be: it is not waited for any longer. What it has
    /// asked for itself holds.
    pub fn lift(&self) {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner).take_if(|(_, why)| *why == Why::Away);
    }

    /// The operator wants something to be sent.
    pub fn ring(&self) {
        self.lift();
        self.queued.notify_one();
    }
}

/// When to stop sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// Nothing can be sent now.
    Done,
    /// It is dropped.
    Dropped,
}

/// What the outbox has to send now, and how long it is until it has more.
struct Handed {
    writes: Vec<Dispatch>,
    more_in: Option<Duration>,
}

/// What became of one write that was on its way.
struct Delivered {
    n: i64,
    state: Option<WriteState>,
    then: Then,
}

/// What became of writes: of those that are not sent yet, where each stands by now.
#[derive(Default)]
struct Tally {
    sent: u64,
    standing: BTreeMap<i64, WriteState>,
}

impl Tally {
    fn note(&mut self, n: i64, state: Option<WriteState>) {
        match state {
            None => drop(self.standing.remove(&n)), // the operator took it back meanwhile
            Some(WriteState::Done) => {
                self.standing.remove(&n);
                self.sent += 1;
            }
            Some(state) => drop(self.standing.insert(n, state)),
        }
    }

    fn pushed(&self) -> Pushed {
        let mut pushed = Pushed { sent: self.sent, ..Pushed::default() };
        self.standing.values().for_each(|state| pushed.count(*state));
        pushed
    }
}

impl Session<'_> {
    /// Sends what is queued and what will be, until something keeps it from that.
    pub(super) async fn push(&self, bell: &Bell) -> SyncError {
        match self.send_until(Until::Dropped, bell).await {
            Ok(_) => std::future::pending().await, // it sends until it is dropped
            Err(error) => error,
        }
    }

    /// Sends what can be sent now, and says what became of it. Waits a little where the backend
    /// asks for patience.
    ///
    /// # Errors
    /// Where the token is refused, or the cache cannot be written.
    pub(super) async fn push_all(&self) -> Result<Pushed, SyncError> {
        self.send_until(Until::Done, &Bell::default()).await
    }

    async fn send_until(&self, until: Until, bell: &Bell) -> Result<Pushed, SyncError> {
        // What is on its way now was sent by somebody who is no more, or by a conversation that broke.
        self.engine.writer.run(|writer| writer.recover()).await?;
        let lanes = self.engine.pace.lanes;
        let mut tally = Tally::default();
        let mut under_way = FuturesUnordered::new();
        let mut stop: Option<BackendError> = None;
        let (mut failures, mut waits) = (0_u32, 0_u32);
        let mut patience = PATIENCE;
        loop {
            let mut more_in = None;
            let resting = bell.rests();
            let rests = resting.map(|(until, _)| until);
            if stop.is_none() && rests.is_none() && under_way.len() < lanes {
                let handed = self.hand_out(lanes - under_way.len()).await?;
                more_in = handed.more_in;
                let failed = failures;
                under_way.extend(handed.writes.into_iter().map(|write| self.deliver(write, failed)));
            }
            if under_way.is_empty() {
                if let Some(error) = stop {
                    return Err(error.into());
                }
                if until == Until::Done {
                    match rests {
                        Some(until) if waits <= MOST_WAITS && until - Instant::now() <= patience => {
                            let wait = until - Instant::now();
                            patience -= wait;
                            (self.events)(SyncEvent::PushWaits(wait));
                            sleep_until(until).await;
                            continue;
                        }
                        _ => return Ok(tally.pushed()),
                    }
                }
            }
            let next = rests.or_else(|| more_in.map(|wait| Instant::now() + wait.min(self.engine.pace.doze)));
            tokio::select! {
                biased;
                Some(delivered) = under_way.next() => {
                    let Delivered { n, state, then } = delivered?;
                    match then {
                        Then::GoOn => (failures, waits, patience) = (0, 0, PATIENCE),
                        Then::Wait(wait, why, error) => {
                            failures = failures.saturating_add(1);
                            // A round for the command line does not wait for a network that is away.
                            waits = if why == Why::Away { u32::MAX } else { waits.saturating_add(1) };
                            bell.rest(wait, why);
                            let until = after(self.now(), wait);
                            (self.events)(SyncEvent::PushPaused { trouble: error.trouble(), until });
                        }
                        Then::Stop(error) => stop = Some(error),
                    }
                    tally.note(n, state);
                    (self.events)(SyncEvent::Pushed(tally.pushed()));
                }
                // Also while the backend is away: whoever rings has lifted that wait.
                () = bell.queued.notified(), if stop.is_none() && waits_on(resting) => {}
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() && stop.is_none() => {}
            }
        }
    }

    /// Takes from the outbox what is to be sent now.
    async fn hand_out(&self, most: usize) -> Result<Handed, SyncError> {
        let clock = Arc::clone(&self.engine.clock);
        let work = move |writer: &mut Writer| {
            let mut changed = clock(writer)?;
            let (writes, applied) = writer.dispatch(most)?;
            changed.merge(applied);
            let due = writer.next_due()?;
            let wait = |due: Time| u64::try_from(due.millis - writer.now().millis).unwrap_or(0);
            Ok((changed, Handed { writes, more_in: due.map(|due| Duration::from_millis(wait(due))) }))
        };
        let (changed, mut handed) = self.engine.writer.run(work).await?;
        self.tell(&changed);
        if handed.writes.len() == most {
            handed.more_in = None; // the next one that is answered makes room, and asks again
        }
        Ok(handed)
    }

    /// Brings one write to the backend, and notes what became of it.
    async fn deliver(&self, handed: Dispatch, failures: u32) -> Result<Delivered, SyncError> {
        let n = handed.n;
        let wait = |asked| self.engine.pace.push.wait(handed.attempts.max(failures), asked, chance());
        let found = match self.look(&handed, wait).await? {
            None => self.look_before(&handed, wait).await?,
            found => found,
        };
        let Verdict { fate, then } = match found {
            Some(found) => found,
            None => {
                let rev = handed.if_match.as_deref();
                let reply = self.engine.connector.write(&handed.write, &handed.key, rev).await;
                if matches!(&reply, Err(error) if error.lost) {
                    self.lost(&handed.write.id).await?;
                }
                verdict(&handed.write, self.engine.connector.knows_keys(&handed.write), reply, wait)
            }
        };
        let clock = Arc::clone(&self.engine.clock);
        let work = move |writer: &mut Writer| {
            let day = clock(writer)?;
            let applied = writer.settle(n, &fate.at(writer.now()))?;
            Ok((day, applied, writer.state_of(n)?))
        };
        let (day, applied, state) = self.engine.writer.run(work).await?;
        self.tell(&day);
        self.tell(&applied);
        Ok(Delivered { n, state, then })
    }

    /// One of the staff has a customer no more, says the backend: whoever it does not name any more beside
    /// the customer is marked as lost.
    async fn lost(&self, id: &str) -> Result<(), SyncError> {
        let still: Vec<OperatorId> = match self.engine.connector.record(Resource::Customers, id).await {
            Ok(Some(AnyRecord::Customer(customer))) => {
                customer.relations.into_iter().map(|relation| relation.operator_id).collect()
            }
            Ok(None) => Vec::new(),
            _ => return Ok(()), // nobody can tell now; the next pull does
        };
        let (clock, id) = (Arc::clone(&self.engine.clock), id.to_owned());
        let work = move |writer: &mut Writer| {
            let mut changed = clock(writer)?;
            changed.merge(writer.lose(&id, &still)?);
            Ok(changed)
        };
        let changed = self.engine.writer.run(work).await?;
        self.tell(&changed);
        Ok(())
    }
}

/// Whether what is queued now may end a wait.
fn waits_on(resting: Option<(Instant, Why)>) -> bool {
    resting.is_none_or(|(_, why)| why == Why::Away)
}

fn after(moment: Time, wait: Duration) -> Time {
    Time::from_millis(moment.millis.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}
