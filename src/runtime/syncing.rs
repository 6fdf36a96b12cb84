//! The sync at work beside the console, on threads of its own.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use crate::app::Event;
use crate::backend::Connector;
use crate::model::{OperatorId, SyncCommand, SyncEvent};
use crate::query::Moment;
use crate::sync::{CacheWriter, Engine, Pace};

use super::clock::Clock;
use super::inbox::{Message, Outbox};

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
    Engine {
        connector,
        writer,
        pace,
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

/// Runs the sync until the runtime ends. What it says arrives in the inbox.
pub async fn sync(engine: Engine, commands: mpsc::Receiver<SyncCommand>, me: Me, to: Outbox) {
    let tell = move |event: SyncEvent| {
        if let SyncEvent::Online { operator_id: Some(id), .. } = &event
            && let Ok(mut me) = me.lock()
        {
            *me = Some(id.clone());
        }
        to.send(Message::Fact(Event::Sync(event)));
    };
    crate::sync::run(engine, commands, tell).await;
}
