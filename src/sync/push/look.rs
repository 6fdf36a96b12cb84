//! A write that may have arrived is looked for at the backend before anything is sent again.
//!
//! What changes a record is looked for in the record. What makes one is looked for among the
//! records of its kind: those that the cache has, and those that the feed has told since.
//! Records that other writes are known to have made are left out, so that two notes of the same
//! words stay two.
//!
//! What is not there is sent again under its key; should it have arrived in spite of that, the
//! backend knows the key and gives the answer of then. It keeps keys for a day: after that,
//! something that makes a record stays unknown, until the operator says what to do.

use std::time::Duration;

use super::verdict::{Verdict, known, unanswered};
use crate::backend::BackendError;
use crate::cache::{Dispatch, Writer};
use crate::model::{AnyRecord, ChangeOp, OperatorId, Outcome, Resource, Time, TroubleKind, Write};
use crate::sync::SyncError;
use crate::sync::plan;
use crate::sync::session::Session;

/// How often a write that is not there is sent again, at most.
const MOST_ATTEMPTS: u32 = 20;

/// What the record says of a lost write that changes it. Where it is not in there, somebody else
/// may have been: the cache compares what a guarded write changes, as for any record that has
/// moved on, so that a newer change is not written over.
fn found(write: &Write, record: AnyRecord) -> Option<Outcome> {
    let there = write.is_in(&record);
    let record = Box::new(record);
    match there {
        true => Some(Outcome::Done(Some(record))),
        false => write.is_guarded().then_some(Outcome::Moved(record)),
    }
}

/// What the cache knows of a lost write that makes a record.
struct Known {
    /// Records that it can have made.
    candidates: Vec<AnyRecord>,
    /// The change number that the cache agrees with; `None` where it follows no feed.
    seq: Option<i64>,
    now: Time,
}

impl Session<'_> {
    /// What became of a write that may have arrived; `None` where it is to be sent.
    ///
    /// # Errors
    /// As the cache says.
    pub(super) async fn look(
        &self,
        handed: &Dispatch,
        wait: impl Fn(Option<Duration>) -> Duration,
    ) -> Result<Option<Verdict>, SyncError> {
        if !handed.read_back {
            return Ok(None);
        }
        let write = &handed.write;
        let looked = match write.makes() {
            true => self.look_among(handed).await?,
            false => {
                let record = self.engine.connector.record(write.resource, &write.id).await;
                record.map(|record| found(write, record?))
            }
        };
        Ok(match looked {
            Ok(Some(outcome)) => Some(known(outcome)),
            Ok(None) if !self.engine.connector.knows_keys(write) => {
                let words = "it may have arrived, and this backend knows no keys: look there, then send it again or drop it";
                Some(known(Outcome::Unknown { words: words.to_owned() }))
            }
            Ok(None) if handed.attempts >= MOST_ATTEMPTS => {
                let words = format!("it did not arrive in {MOST_ATTEMPTS} attempts");
                Some(known(Outcome::Refused { status: None, words }))
            }
            Ok(None) => None,
            // The backend answers, and will not say: its key has to do.
            Err(error) if !write.makes() && matches!(error.status, Some(400 | 403 | 405..=410)) => None,
            Err(error) => Some(unanswered(error, wait)),
        })
    }

    /// What becomes of a write that no revision guards, where somebody else has changed the same
    /// since; `None` where it is to be sent.
    ///
    /// # Errors
    /// As the cache says.
    pub(super) async fn look_before(
        &self,
        handed: &Dispatch,
        wait: impl Fn(Option<Duration>) -> Duration,
    ) -> Result<Option<Verdict>, SyncError> {
        if !handed.unguarded {
            return Ok(None);
        }
        let write = &handed.write;
        match self.engine.connector.record(write.resource, &write.id).await {
            Ok(Some(record)) => {
                let (n, found) = (handed.n, record.clone());
                let clashes = self.engine.writer.run(move |writer| writer.clashes(n, &found)).await?;
                Ok(clashes.then(|| known(Outcome::Moved(Box::new(record)))))
            }
            // It says of the write what it has to say.
            Ok(None) => Ok(None),
            Err(error) if matches!(error.status, Some(400 | 403..=410)) => Ok(None),
            Err(error) => Ok(Some(unanswered(error, wait))),
        }
    }

    /// The record that a lost write has made, if any.
    async fn look_among(
        &self,
        handed: &Dispatch,
    ) -> Result<Result<Option<Outcome>, BackendError>, SyncError> {
        let write = &handed.write;
        let (wanted, resources) = (write.clone(), self.resources());
        let work = move |writer: &mut Writer| {
            let seq = plan::since(&writer.sync_states()?, &resources);
            Ok(Known { candidates: writer.made_of_late(&wanted)?, seq, now: writer.now() })
        };
        let Known { mut candidates, seq, now } = self.engine.writer.run(work).await?;
        if let Some(seq) = seq {
            match self.told_since(seq, write.comes_to()).await {
                Ok(told) => candidates.extend(told),
                Err(error) if error.kind == TroubleKind::Gone => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        let sent_at = handed.sent_at.unwrap_or(now);
        if let Some(me) = &self.me {
            let me = OperatorId::from(me.as_str());
            candidates.retain(|record| write.has_made(record, &me, sent_at));
            let kind = write.comes_to();
            for record in candidates {
                let id = record.key();
                if !self.engine.writer.run(move |writer| writer.has_named(kind, &id)).await? {
                    return Ok(Ok(Some(Outcome::Done(Some(Box::new(record))))));
                }
            }
        }
        if write.is_forgotten(Some(sent_at), now) {
            let words =
                "not found at the backend, which may have forgotten it by now: send it again, or drop it";
            return Ok(Ok(Some(Outcome::Unknown { words: words.to_owned() })));
        }
        Ok(Ok(None))
    }

    /// Records of a kind that the feed has told since, each as it is by now.
    async fn told_since(&self, mut since: i64, kind: Resource) -> Result<Vec<AnyRecord>, BackendError> {
        let mut told = Vec::new();
        loop {
            let feed = self.engine.connector.changes(since, self.engine.pace.batch as u32).await?;
            let upserts = feed.changes.into_iter().filter(|change| change.op == ChangeOp::Upsert);
            let items = upserts.filter(|change| change.resource == kind).filter_map(|change| change.item);
            told.extend(items.filter_map(|item| AnyRecord::read(kind, item).ok()).map(|(record, _)| record));
            if !feed.more || feed.next <= since {
                return Ok(told);
            }
            since = feed.next;
        }
    }
}
