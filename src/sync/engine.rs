//! The sync that goes on for as long as the console does.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use super::SyncError;
use super::backoff::chance;
use super::lease::{Holder, is_free, keep_away};
use super::others::watch;
use super::plan::Wish;
use super::push::Bell;
use super::session::{Engine, Session};
use crate::cache::{Away, Writer};
use crate::model::{Resource, SyncCommand, SyncEvent, Time, TroubleKind};

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
    let bell = Bell::default();
    loop {
        let then = match holder.take().await {
            Ok(true) => tokio::select! {
                then = converse(&engine, &bell, &mut wish, &mut holder, &mut failures, &mut commands, &events) => then,
                never = watch(&engine, &bell, &events) => match never {},
            },
            Ok(false) => elsewhere(&engine, &mut commands, &events).await,
            Err(error) => {
                wait_after(&engine, &holder.sign(), &error, &mut failures, &mut commands, &events).await
            }
        };
        let then = match then {
            Then::Rest => {
                holder.release().await;
                events(SyncEvent::Paused);
                tokio::select! {
                    then = rest(&mut commands) => then,
                    never = watch(&engine, &bell, &events) => match never {},
                }
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
    bell: &Bell,
    wish: &mut Wish,
    holder: &mut Holder,
    failures: &mut u32,
    commands: &mut mpsc::Receiver<SyncCommand>,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Then {
    let nudge = Notify::new();
    let sign = holder.sign();
    let error = {
        let mut talk = pin!(talk(engine, &sign, bell, wish, failures, &nudge, events));
        let mut lost = pin!(holder.lost());
        loop {
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    None | Some(SyncCommand::Stop) => return Then::Stop,
                    Some(SyncCommand::Pause) => return Then::Rest,
                    Some(SyncCommand::FullPull) => return Then::Anew,
                    Some(SyncCommand::RefreshNow) => {
                        nudge.notify_one();
                        bell.ring();
                    }
                    Some(SyncCommand::Push) => bell.ring(),
                },
                lost = &mut lost => break lost.err().unwrap_or(SyncError::Elsewhere),
                error = &mut talk => break error,
            }
        }
    };
    wait_after(engine, &sign, &error, failures, commands, events).await
}

/// Reaches the backend, then pulls and sends until something goes wrong.
async fn talk(
    engine: &Engine,
    sign: &str,
    bell: &Bell,
    wish: &mut Wish,
    failures: &mut u32,
    nudge: &Notify,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> SyncError {
    let (session, meta) = match Session::open(engine, events, *wish).await {
        Ok(open) => open,
        Err(error) => return error,
    };
    bell.lift(); // it answers
    keep_away(&engine.writer, sign, None).await;
    *wish = Wish::Changes; // the cache knows from here on what is to be pulled
    tokio::select! {
        error = session.push(bell) => error,
        end = pull_and_follow(&session, meta.seq, failures, nudge) => match end {
            Ok(never) => match never {},
            Err(error) => error,
        },
    }
}

/// Pulls what is due, then follows the feed, until something goes wrong.
async fn pull_and_follow(
    session: &Session<'_>,
    mut latest: i64,
    failures: &mut u32,
    nudge: &Notify,
) -> Result<Infallible, SyncError> {
    let mut gone_at = None;
    let mut out = LeftOut::default();
    loop {
        if let Some(rhythm) = session.engine.connector.rhythm() {
            return session.rounds(rhythm, nudge, failures).await.map(|never| match never {});
        }
        let all = session.pull_all(latest).await?;
        let mut first = None;
        for (resource, error) in all.failed {
            if session.resources().contains(&resource) {
                session.leave_out(resource, &error);
                out.kinds.push(resource);
                first.get_or_insert(error);
            }
        }
        loop {
            let since = match (session.since().await?, first.take()) {
                (Some(since), _) => since,
                // Without any kind there is nothing to follow.
                (None, Some(error)) => return Err(error),
                (None, None) => return Err(session.engine.connector.nothing_to_pull().into()),
            };
            let error = tokio::select! {
                error = session.follow(since, nudge, failures) => error,
                answers = out.answering(session) => {
                    // Not while the feed is followed: its number holds for all that was pulled.
                    out.pull(answers?, session).await?;
                    continue;
                }
            };
            if error.kind() != TroubleKind::Gone || gone_at == Some(since) {
                return Err(error);
            }
            gone_at = Some(since);
            break;
        }
        (session.events)(SyncEvent::Gone);
        session.take_in(out.kinds.drain(..));
        session.begin_anew().await?;
        latest = i64::MAX; // all of it is pulled in any case
    }
}

/// Kinds whose pull fails while others go on, and how often that has been.
#[derive(Default)]
struct LeftOut {
    kinds: Vec<Resource>,
    failures: u32,
}

impl LeftOut {
    /// Asks for a page of each with growing waits, until one is given.
    ///
    /// # Errors
    /// Where nothing more can be asked.
    async fn answering(&mut self, session: &Session<'_>) -> Result<Resource, SyncError> {
        loop {
            if self.kinds.is_empty() {
                std::future::pending::<()>().await;
            }
            sleep(session.engine.pace.backoff.wait(self.failures, None, chance())).await;
            self.failures = self.failures.saturating_add(1);
            for resource in self.kinds.clone() {
                match session.probe(resource).await? {
                    Ok(()) => return Ok(resource),
                    // It is not for this operator: no trying helps.
                    Err(error) if !error.kind().may_pass() => self.kinds.retain(|kind| *kind != resource),
                    Err(_) => {}
                }
            }
        }
    }

    /// Pulls a kind, and counts it among the others where that works.
    ///
    /// # Errors
    /// Where nothing more can be asked.
    async fn pull(&mut self, resource: Resource, session: &Session<'_>) -> Result<(), SyncError> {
        if session.pull_kind(resource).await?.is_ok() {
            self.kinds.retain(|kind| *kind != resource);
            self.failures = 0;
            session.take_in([resource]);
        }
        Ok(())
    }
}

/// Says what went wrong, and waits until it is time to try again.
async fn wait_after(
    engine: &Engine,
    sign: &str,
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
        keep_away(&engine.writer, sign, Some(Away { trouble: trouble.clone(), retry_at: (engine.now)() }))
            .await;
        events(SyncEvent::AuthFailed(trouble));
        return rest(commands).await;
    }
    let wait = engine.pace.backoff.wait(*failures, error.retry_after(), chance());
    *failures = failures.saturating_add(1);
    let retry_at = Time::from_millis((engine.now)().millis.saturating_add(wait.as_millis() as i64));
    keep_away(&engine.writer, sign, Some(Away { trouble: trouble.clone(), retry_at })).await;
    events(SyncEvent::Offline { trouble, retry_at });
    // What the backend has asked for holds, also where there is something new to be sent.
    let soonest = error.retry_after().is_none().then_some(engine.pace.backoff.base / 10);
    pause_for(wait, soonest, commands).await
}

/// Another console holds the lease: reads what that one writes, and how it stands with the backend,
/// until the lease can be had.
async fn elsewhere(
    engine: &Engine,
    commands: &mut mpsc::Receiver<SyncCommand>,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Then {
    let (mut seen, mut told) = (None, None);
    loop {
        let look = |writer: &mut Writer| {
            let (others, lease) = (writer.others()?, writer.lease()?);
            let free = is_free(writer, lease.as_ref());
            Ok((others, free, lease.and_then(|lease| lease.away)))
        };
        let Ok((others, free, away)) = engine.writer.run(look).await else { return Then::Again };
        if told.as_ref() != Some(&away) {
            events(standing(away.clone()));
            told = Some(away);
        }
        // The first look may come after a commit that nobody has read yet.
        if seen.replace(others) != Some(others) {
            events(SyncEvent::Applied { resources: Resource::ALL.to_vec() });
        }
        if free {
            return Then::Again;
        }
        tokio::select! {
            biased;
            then = heed(commands) => return then,
            () = sleep(engine.pace.look) => {}
        }
    }
}

/// What there is to say about a backend that another console talks to.
fn standing(away: Option<Away>) -> SyncEvent {
    match away {
        None => SyncEvent::Elsewhere,
        Some(Away { trouble, .. }) if !trouble.kind.may_pass() => SyncEvent::AuthFailed(trouble),
        Some(Away { trouble, retry_at }) => SyncEvent::Offline { trouble, retry_at },
    }
}

/// Waits so long, or until a command ends the wait. What is queued ends it too, though not before it was
/// `soonest`, so that many writes are not as many attempts; where that is `None`, it does not.
async fn pause_for(
    wait: Duration,
    soonest: Option<Duration>,
    commands: &mut mpsc::Receiver<SyncCommand>,
) -> Then {
    let begun = Instant::now();
    let mut until = begun + wait;
    loop {
        tokio::select! {
            biased;
            command = commands.recv() => match (heeded(command), soonest) {
                (Some(then), _) => return then,
                (None, Some(soonest)) => until = until.min(begun + soonest),
                (None, None) => {}
            },
            () = sleep_until(until) => return Then::Again,
        }
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

/// The next command, where there is no conversation that it could be passed on to. What is queued
/// meanwhile is sent when there is one.
async fn heed(commands: &mut mpsc::Receiver<SyncCommand>) -> Then {
    loop {
        if let Some(then) = heeded(commands.recv().await) {
            return then;
        }
    }
}

/// What a command means there; `None` that there is something to be sent.
fn heeded(command: Option<SyncCommand>) -> Option<Then> {
    match command {
        None | Some(SyncCommand::Stop) => Some(Then::Stop),
        Some(SyncCommand::Pause) => Some(Then::Rest),
        Some(SyncCommand::FullPull) => Some(Then::Anew),
        Some(SyncCommand::RefreshNow) => Some(Then::Again),
        Some(SyncCommand::Push) => None,
    }
}
