//! The sync that goes on for as long as the console does.

use std::pin::pin;

use tokio::sync::{Notify, mpsc};
use tokio::time::sleep;

use super::SyncError;
use super::backoff::chance;
use super::lease::Holder;
use super::plan::Wish;
use super::session::{Engine, Session, now};
use crate::model::{SyncCommand, SyncEvent, Time, TroubleKind};

/// What to do after a conversation ended.
enum Then {
    /// Begin another.
    Again,
    /// Begin another, and pull everything.
    Anew,
    /// Wait until told to go on.
    Rest,
    /// End.
    Stop,
}

/// Syncs until told to stop, or until nobody is left to tell it. Commands are heeded at once,
/// whatever it was waiting for.
///
/// While the backend is away it is tried again by itself, with growing waits; where it refuses
/// the token, nothing is tried until a command asks for it.
pub async fn run(
    engine: Engine,
    mut commands: mpsc::Receiver<SyncCommand>,
    events: impl Fn(SyncEvent) + Send + Sync,
) {
    let mut holder = Holder::new(&engine.writer, engine.pace.lease);
    let mut wish = Wish::Changes;
    let mut failures = 0;
    loop {
        let then = match holder.take().await {
            Ok(true) => {
                converse(&engine, &mut wish, &mut holder, &mut failures, &mut commands, &events).await
            }
            Ok(false) => elsewhere(&engine, &mut commands, &events).await,
            Err(error) => wait_after(&engine, &error, &mut failures, &mut commands, &events).await,
        };
        let then = match then {
            Then::Rest => {
                holder.release().await;
                events(SyncEvent::Paused);
                rest(&mut commands).await
            }
            then => then,
        };
        match then {
            Then::Again | Then::Rest => {}
            Then::Anew => wish = Wish::Everything,
            Then::Stop => break,
        }
    }
    holder.release().await;
}

/// Talks to the backend until that ends, by a command or by a failure, and waits as fits.
async fn converse(
    engine: &Engine,
    wish: &mut Wish,
    holder: &mut Holder,
    failures: &mut u32,
    commands: &mut mpsc::Receiver<SyncCommand>,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Then {
    let nudge = Notify::new();
    let error = {
        let mut talk = pin!(talk(engine, wish, failures, &nudge, events));
        let mut lost = pin!(holder.lost());
        loop {
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    None | Some(SyncCommand::Stop) => return Then::Stop,
                    Some(SyncCommand::Pause) => return Then::Rest,
                    Some(SyncCommand::FullPull) => return Then::Anew,
                    Some(SyncCommand::RefreshNow) => nudge.notify_one(),
                },
                lost = &mut lost => break lost.err().unwrap_or(SyncError::Elsewhere),
                error = &mut talk => break error,
            }
        }
    };
    wait_after(engine, &error, failures, commands, events).await
}

/// Pulls what is due, then follows the feed, until something goes wrong.
async fn talk(
    engine: &Engine,
    wish: &mut Wish,
    failures: &mut u32,
    nudge: &Notify,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> SyncError {
    match talk_on(engine, wish, failures, nudge, events).await {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

async fn talk_on(
    engine: &Engine,
    wish: &mut Wish,
    failures: &mut u32,
    nudge: &Notify,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Result<std::convert::Infallible, SyncError> {
    let (session, meta) = Session::open(engine, events, *wish).await?;
    *wish = Wish::Changes; // the cache knows from here on what is to be pulled
    let mut latest = meta.seq;
    let mut gone_at = None;
    loop {
        let all = session.pull_all(latest).await?;
        let since = session.since().await?;
        let broken = all.failed.into_iter().find(|(resource, _)| session.resources().contains(resource));
        if let Some((_, error)) = broken {
            // The others are brought up to date before this one is tried again.
            if let Some(mut since) = since {
                session.catch_up(&mut since).await?;
            }
            return Err(error);
        }
        let Some(since) = since else { return Err(engine.connector.nothing_to_pull().into()) };
        let error = session.follow(since, nudge, failures).await;
        if error.kind() != TroubleKind::Gone || gone_at == Some(since) {
            return Err(error);
        }
        gone_at = Some(since);
        events(SyncEvent::Gone);
        session.begin_anew().await?;
        latest = i64::MAX; // all of it is pulled in any case
    }
}

/// Says what went wrong, and waits until it is time to try again.
async fn wait_after(
    engine: &Engine,
    error: &SyncError,
    failures: &mut u32,
    commands: &mut mpsc::Receiver<SyncCommand>,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Then {
    if matches!(error, SyncError::Elsewhere) {
        return elsewhere(engine, commands, events).await;
    }
    let trouble = error.trouble();
    if !trouble.kind.may_pass() {
        events(SyncEvent::AuthFailed(trouble));
        return rest(commands).await;
    }
    let wait = engine.pace.backoff.wait(*failures, error.retry_after(), chance());
    *failures = failures.saturating_add(1);
    let retry_at = Time::from_millis(now().millis.saturating_add(wait.as_millis() as i64));
    events(SyncEvent::Offline { trouble, retry_at });
    pause_for(wait, commands).await
}

/// Another console holds the lease: waits for a renewal's time before asking for it again.
async fn elsewhere(
    engine: &Engine,
    commands: &mut mpsc::Receiver<SyncCommand>,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Then {
    events(SyncEvent::Elsewhere);
    pause_for(engine.pace.lease, commands).await
}

/// Waits so long, or until a command ends the wait.
async fn pause_for(wait: std::time::Duration, commands: &mut mpsc::Receiver<SyncCommand>) -> Then {
    tokio::select! {
        biased;
        then = heed(commands) => then,
        () = sleep(wait) => Then::Again,
    }
}

/// Waits until told to go on or to stop.
async fn rest(commands: &mut mpsc::Receiver<SyncCommand>) -> Then {
    loop {
        match heed(commands).await {
            Then::Rest => {}
            then => return then,
        }
    }
}

/// The next command, where there is no conversation that it could be passed on to.
async fn heed(commands: &mut mpsc::Receiver<SyncCommand>) -> Then {
    match commands.recv().await {
        None | Some(SyncCommand::Stop) => Then::Stop,
        Some(SyncCommand::Pause) => Then::Rest,
        Some(SyncCommand::FullPull) => Then::Anew,
        Some(SyncCommand::RefreshNow) => Then::Again,
    }
}
