//! One round: what is queued is sent, what is due is pulled, and then it ends. For the command line.

use std::time::{Duration, Instant};

use super::SyncError;
use super::lease::Holder;
use super::plan::Wish;
use super::session::{Engine, Session};
use crate::model::{Pulled, Pushed, Resource, SyncEvent, TroubleKind};

/// What a round came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What became of the writes that were queued.
    pub pushed: Pushed,
    /// What was pulled, whole or by its changes, in the order of [`Resource::ALL`]; nothing at all
    /// of a kind that has not changed.
    pub pulled: Vec<Pulled>,
    /// What could not be.
    pub failed: Vec<(Resource, SyncError)>,
    /// The change number that the cache agrees with.
    pub seq: Option<i64>,
}

/// Sends what is queued, pulls what is missing, or everything, then the changes since, and ends. Dropping it leaves a
/// cache that the next round goes on with.
///
/// # Errors
/// Where the backend cannot be asked at all, the cache cannot be written, or another console
/// syncs it. One kind of record that fails is no error but part of the [`Outcome`].
pub async fn once(
    engine: &Engine,
    wish: Wish,
    events: &(dyn Fn(SyncEvent) + Sync),
) -> Result<Outcome, SyncError> {
    let mut holder = Holder::new(&engine.writer, engine.pace.lease);
    if !holder.take().await? {
        return Err(SyncError::Elsewhere);
    }
    let outcome = tokio::select! {
        outcome = round(engine, wish, events) => outcome,
        lost = holder.lost() => Err(lost.err().unwrap_or(SyncError::Elsewhere)),
    };
    holder.release().await;
    outcome
}

/// Sends what is queued, pulls nothing, and ends. Dropping it leaves what was on its way to be
/// looked for by the next one that sends.
///
/// # Errors
/// As [`once`].
pub async fn push_once(engine: &Engine, events: &(dyn Fn(SyncEvent) + Sync)) -> Result<Pushed, SyncError> {
    let mut holder = Holder::new(&engine.writer, engine.pace.lease);
    if !holder.take().await? {
        return Err(SyncError::Elsewhere);
    }
    let send = async {
        let (session, _) = Session::open(engine, events, Wish::Changes).await?;
        session.push_all().await
    };
    let pushed = tokio::select! {
        pushed = send => pushed,
        lost = holder.lost() => Err(lost.err().unwrap_or(SyncError::Elsewhere)),
    };
    holder.release().await;
    pushed
}

async fn round(
    engine: &Engine,
    wish: Wish,
    events: &(dyn Fn(SyncEvent) + Sync),
) -> Result<Outcome, SyncError> {
    let (session, meta) = Session::open(engine, events, wish).await?;
    let pushed = session.push_all().await?;
    let mut outcome = Outcome { pushed, ..Outcome::default() };
    let mut latest = meta.seq;
    for attempt in 0..2 {
        let all = session.pull_all(latest).await?;
        outcome.pulled.extend(all.pulled);
        outcome.failed = all.failed;
        if engine.connector.rhythm().is_some() {
            break; // it has no feed: that was all
        }
        let Some(mut since) = session.since().await? else { break };
        let started = Instant::now();
        match session.catch_up(&mut since).await {
            Ok((told, calls)) => {
                outcome.seq = Some(since);
                for (resource, (upserts, deletes)) in told {
                    add(&mut outcome.pulled, resource, (upserts, deletes), calls, started);
                }
                break;
            }
            Err(error) if error.kind() == TroubleKind::Gone && attempt == 0 => {
                events(SyncEvent::Gone);
                session.begin_anew().await?;
                outcome = Outcome { pushed, ..Outcome::default() };
                latest = i64::MAX; // all of it is pulled in any case
            }
            Err(error) => return Err(error),
        }
    }
    let failed = |resource: &Resource| outcome.failed.iter().any(|(kind, _)| kind == resource);
    for resource in session.resources().into_iter().filter(|resource| !failed(resource)) {
        if !outcome.pulled.iter().any(|pulled| pulled.resource == resource) {
            let took = Duration::ZERO;
            outcome.pulled.push(Pulled { resource, rows: 0, changed: 0, deleted: 0, calls: 0, took });
        }
    }
    outcome.pulled.sort_by_key(|pulled| pulled.resource);
    Ok(outcome)
}

/// Adds what the feed told of one kind to what was pulled of it.
fn add(
    all: &mut Vec<Pulled>,
    resource: Resource,
    (upserts, deletes): (u64, u64),
    calls: u64,
    started: Instant,
) {
    let told = Pulled {
        resource,
        rows: upserts + deletes,
        changed: upserts,
        deleted: deletes,
        calls,
        took: started.elapsed(),
    };
    match all.iter_mut().find(|pulled| pulled.resource == resource) {
        Some(pulled) => {
            pulled.rows += told.rows;
            pulled.changed += told.changed;
            pulled.deleted += told.deleted;
            pulled.calls += told.calls;
            pulled.took += told.took;
        }
        None => all.push(told),
    }
}
