//! The sync at work beside the console, on threads of its own.

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use crate::app::Event;
use crate::backend::Connector;
use crate::model::{OperatorId, SyncCommand, SyncEvent, Trouble};
use crate::query::Moment;
use crate::sync::{CacheWriter, Engine, Pace};
use crate::ui::text::{WidthMode, safe};

use super::clock::Clock;
use super::inbox::{Message, Outbox};
use super::session::Session;

/// Who the operator is, as the backend says; known to whoever looks things up.
pub type Me = Arc<Mutex<Option<OperatorId>>>;

/// The tasks of a console: a small runtime that ends when it is dropped.
///
/// # Errors
/// Where the system gives no threads.
pub fn tasks() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).thread_name("tasks").enable_all().build()
}

/// An engine that tells its writer the time by `clock`.
pub fn engine(connector: Connector, writer: CacheWriter, pace: Pace, clock: Clock, me: Me) -> Engine {
    let same = clock.clone();
    Engine {
        connector,
        writer,
        pace,
        now: Arc::new(move || same.now()),
        clock: Arc::new(move |writer| {
            let me = me.lock().map(|me| me.clone()).unwrap_or_default();
            writer.at(clock.moment(me))
        }),
    }
}

/// Brings what depends on the day and on the configuration up to date, whether or not anything is
/// synced. What that changed is told to the console.
pub fn renew(writer: &CacheWriter, moment: Moment, to: Outbox) {
    writer.post(move |writer| match writer.at(moment) {
        Ok(applied) if applied.resources.is_empty() => {}
        Ok(applied) => {
            let resources = applied.resources.into_iter().collect();
            to.send(Message::Fact(Event::Sync(SyncEvent::Applied { resources })));
        }
        Err(error) => tracing::warn!(%error, "the stages are those of an earlier day or configuration"),
    });
}

/// Has a connector made where waiting holds nobody up. Where that fails it is told, and tried again
/// only when a command asks for it; `None` when told to stop.
pub async fn reach(
    make: impl Fn() -> Result<Connector, Trouble> + Clone + Send + 'static,
    commands: &mut mpsc::Receiver<SyncCommand>,
    to: &Outbox,
) -> Option<Connector> {
    loop {
        let trouble = match tokio::task::spawn_blocking(make.clone()).await {
            Ok(Ok(connector)) => return Some(connector),
            Ok(Err(trouble)) => trouble,
            Err(_) => return None, // the tasks are ending
        };
        tell(SyncEvent::AuthFailed(trouble), to);
        loop {
            match commands.recv().await {
                Some(SyncCommand::RefreshNow | SyncCommand::FullPull) => break,
                Some(SyncCommand::Pause | SyncCommand::Push) => {}
                None | Some(SyncCommand::Stop) => return None,
            }
        }
    }
}

/// Tells the console, and the log.
fn tell(event: SyncEvent, to: &Outbox) {
    record(&event);
    to.send(Message::Fact(Event::Sync(event)));
}

/// Complaints of one page that are written down one by one; of the rest their number is.
const WRITTEN: usize = 100;

/// Writes down what went wrong. What a backend says is hostile text.
fn record(event: &SyncEvent) {
    match event {
        SyncEvent::Offline { trouble, .. } => {
            tracing::warn!(kind = ?trouble.kind, "offline: {} ({})", plain(&trouble.text), trouble.remedy);
        }
        SyncEvent::AuthFailed(trouble) => {
            tracing::warn!(kind = ?trouble.kind, "refused: {} ({})", plain(&trouble.text), trouble.remedy);
        }
        SyncEvent::Complaints(list) => {
            for (resource, complaint) in list.iter().take(WRITTEN) {
                let (id, path) = (plain(&complaint.id), plain(&complaint.path));
                tracing::warn!("{resource} {id} {path}: {}", plain(&complaint.message));
            }
            if list.len() > WRITTEN {
                tracing::warn!("and {} more that could not be read", list.len() - WRITTEN);
            }
        }
        SyncEvent::Gone => tracing::warn!("the backend no longer keeps the changes: all is pulled again"),
        SyncEvent::PushPaused { trouble, until } => {
            tracing::warn!(kind = ?trouble.kind, %until, "nothing is sent: {}", plain(&trouble.text));
        }
        SyncEvent::Replaced => tracing::warn!("the backend is another database: all is pulled again"),
        SyncEvent::Elsewhere => tracing::info!("another siyu syncs this cache"),
        SyncEvent::Online { backend, .. } => tracing::info!("online with {}", plain(backend)),
        _ => {}
    }
}

fn plain(text: &str) -> Cow<'_, str> {
    safe(text, WidthMode::Narrow)
}

/// Runs the sync until the runtime ends. What it says arrives in the inbox.
pub async fn sync(
    engine: Engine,
    commands: mpsc::Receiver<SyncCommand>,
    me: Me,
    session: Session,
    to: Outbox,
) {
    let tell_on = move |event: SyncEvent| {
        if let SyncEvent::Online { operator_id: Some(id), .. } = &event
            && let Ok(mut me) = me.lock()
        {
            // Kept at once: the next start may come after a kill, and without the backend.
            if me.replace(id.clone()).as_ref() != Some(id)
                && let Err(error) = session.keep_me(id)
            {
                tracing::warn!(%error, "who the operator is could not be kept");
            }
        }
        tell(event, &to);
    };
    crate::sync::run(engine, commands, tell_on).await;
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::backend::Limits;
    use crate::model::TroubleKind;
    use crate::runtime::Inbox;

    #[test]
    fn a_token_that_is_not_there_is_told_and_looked_for_again_when_asked() {
        let (mut inbox, to) = Inbox::new();
        let (command, mut commands) = mpsc::channel(8);
        let there = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let looked = Arc::clone(&there);
        let make = move || {
            if !looked.load(std::sync::atomic::Ordering::SeqCst) {
                let (text, remedy) = ("no token".to_owned(), "set it".to_owned());
                return Err(Trouble { kind: TroubleKind::Auth, text, remedy });
            }
            Ok(Connector::new("http://127.0.0.1:1", None, Limits::default()).unwrap())
        };
        let tasks = tasks().unwrap();
        let reached = tasks.spawn(async move { reach(make, &mut commands, &to).await.is_some() });
        assert!(inbox.wait(Some(Instant::now() + Duration::from_secs(30))));
        let told = inbox.take();
        assert!(
            matches!(&told, Some(Message::Fact(Event::Sync(SyncEvent::AuthFailed(t)))) if t.text == "no token"),
            "{told:?}"
        );
        there.store(true, std::sync::atomic::Ordering::SeqCst);
        command.blocking_send(SyncCommand::RefreshNow).unwrap();
        assert!(tasks.block_on(reached).unwrap());
    }
}
