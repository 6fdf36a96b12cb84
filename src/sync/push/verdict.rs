//! What an answer means for the write that was sent: decided here, and nowhere else.
//!
//! | what came | the write | the rest of the outbox |
//! | --- | --- | --- |
//! | its record | done | goes on |
//! | 412 with the record as it is now | has to be merged | goes on |
//! | surely not sent: no name, no connection, no trust | later, does not count | waits |
//! | 401 | later, does not count | stops, until the operator asks |
//! | 429, or 503 that says when | later, does not count | waits for as long |
//! | the same of one endpoint alone | later, does not count | goes on |
//! | another 5xx, 408 | later, counts; a message is unknown | goes on |
//! | another 4xx | refused | goes on |
//! | a failure that a connector file finds inside of a success | as the status of its kind | |
//! | nothing, half an answer, a redirect, a page of HTML | unknown | waits a little |
//!
//! Later means that it is sent again under its key, which the backend knows by then if it has done
//! it after all. A message that may have arrived is looked for first, key or not.

use std::time::Duration;

use crate::backend::{BackendError, Reply};
use crate::model::{Outcome, Time, TroubleKind, Write};

/// What becomes of a write, and of those that wait behind it.
#[derive(Debug)]
pub(super) struct Verdict {
    pub fate: Fate,
    pub then: Then,
}

/// What becomes of a write.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fate {
    /// That is known.
    Known(Outcome),
    /// It has not been done, and is tried again.
    Later {
        /// What happened.
        words: String,
        /// After so long.
        wait: Duration,
        /// Whether the backend failed.
        counts: bool,
    },
}

/// What becomes of the rest.
#[derive(Debug)]
pub(super) enum Then {
    /// It goes on.
    GoOn,
    /// Nothing is sent for so long.
    Wait(Duration, Why, BackendError),
    /// Nothing is sent until the operator has done something about it.
    Stop(BackendError),
}

/// Why nothing is sent for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The backend asked for it.
    Asked,
    /// It cannot be reached.
    Away,
}

impl Fate {
    /// The same with the moment of the next attempt.
    pub fn at(self, now: Time) -> Outcome {
        match self {
            Self::Known(outcome) => outcome,
            Self::Later { words, wait, counts } => {
                let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                let at = Time::from_millis(now.millis.saturating_add(wait));
                Outcome::Later { words, at, counts }
            }
        }
    }
}

/// What the reply to a write means. `wait` gives the wait before the next attempt, at least as long
/// as the backend asked for.
pub(super) fn verdict(
    write: &Write,
    knows_keys: bool,
    reply: Result<Reply, BackendError>,
    wait: impl Fn(Option<Duration>) -> Duration,
) -> Verdict {
    let error = match reply {
        Ok(Reply::Done(record)) => return known(Outcome::Done(Some(record))),
        Ok(Reply::Moved(record)) => return known(Outcome::Moved(record)),
        Err(error) => error,
    };
    let words = error.what.clone();
    let wait = wait(error.retry_after);
    let later = |counts| Fate::Later { words: words.clone(), wait, counts };
    let refused = |status| Fate::Known(Outcome::Refused { status, words: words.clone() });
    let unknown = || Fate::Known(Outcome::Unknown { words: words.clone() });
    // What reaches a customer, or would be there twice, is never sent a second time by itself.
    let once = write.is_outbound() || !knows_keys;
    match status(&error) {
        Some(401) => Verdict { fate: later(false), then: Then::Stop(error) },
        // That endpoint wants patience, and no other: writes of other kinds go on.
        Some(429) if error.alone => Verdict { fate: later(false), then: Then::GoOn },
        Some(429) => Verdict { fate: later(false), then: Then::Wait(wait, Why::Asked, error) },
        Some(503) if error.retry_after.is_some() => {
            let fate = if once { unknown() } else { later(false) };
            Verdict { fate, then: Then::Wait(wait, Why::Asked, error) }
        }
        Some(408 | 500..) if error.sent && once => Verdict { fate: unknown(), then: Then::GoOn },
        Some(408 | 500..) => Verdict { fate: later(true), then: Then::GoOn },
        Some(400..) => Verdict { fate: refused(error.status), then: Then::GoOn },
        // There is no request for such a write, or none that could carry it.
        None if !error.sent && error.kind == TroubleKind::Validation => {
            Verdict { fate: refused(None), then: Then::GoOn }
        }
        // All of the rest waits; the write itself goes as soon as the backend is there again.
        _ if !error.sent => {
            let fate = Fate::Later { words: error.what.clone(), wait: Duration::ZERO, counts: false };
            Verdict { fate, then: Then::Wait(wait, Why::Away, error) }
        }
        _ => Verdict { fate: unknown(), then: Then::Wait(wait, Why::Away, error) },
    }
}

/// The status that tells what happened: of a failure inside a success, the one that its kind has.
fn status(error: &BackendError) -> Option<u16> {
    match (error.status, error.kind) {
        (Some(200..=299), TroubleKind::Auth) => Some(401),
        (Some(200..=299), TroubleKind::Forbidden) => Some(403),
        (Some(200..=299), TroubleKind::NotFound) => Some(404),
        (Some(200..=299), TroubleKind::Conflict) => Some(409),
        (Some(200..=299), TroubleKind::Validation) => Some(422),
        (Some(200..=299), TroubleKind::Rate) => Some(429),
        (Some(200..=299), TroubleKind::Server) => Some(500),
        (status, _) => status,
    }
}

/// What a question that led nowhere means for the write that it was asked for: nothing is known
/// of it that was not before, and nothing was sent.
pub(super) fn unanswered(error: BackendError, wait: impl Fn(Option<Duration>) -> Duration) -> Verdict {
    let wait = wait(error.retry_after);
    let words = error.what.clone();
    let away = error.status.is_none();
    let then = match error.status {
        Some(401) => Then::Stop(error),
        Some(429 | 503) => Then::Wait(wait, Why::Asked, error),
        _ => Then::Wait(wait, Why::Away, error),
    };
    let wait = if away { Duration::ZERO } else { wait };
    let fate = Fate::Later { words, wait, counts: false };
    Verdict { fate, then }
}

/// The verdict on a write that needs no more.
pub(super) fn known(outcome: Outcome) -> Verdict {
    Verdict { fate: Fate::Known(outcome), then: Then::GoOn }
}
