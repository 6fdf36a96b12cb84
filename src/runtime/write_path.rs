//! The way of a write from the console to the cache: planning on a thread of its own, commits on the
//! writer's, and the sync told that there is something to send.

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::app::{Effect, Event, RequestId, Targets, Written};
use crate::cache::Committed;
use crate::command::{Command, Plan};
use crate::model::{Actor, Resource, SyncCommand, SyncEvent};
use crate::query::Moment;
use crate::sync::{CacheWriter, WriteError};

use super::clock::Clock;
use super::inbox::{Message, Outbox};
use super::mending::Mending;
use super::planning::{Aim, plan_from};
use super::syncing::Me;

/// Who works at this terminal: the account, and where an SSH client comes from.
pub fn actor(me: &Me) -> Actor {
    let word = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let peer = word("SSH_CONNECTION").or_else(|| word("SSH_CLIENT"));
    Actor {
        operator: me.lock().map(|me| me.clone()).unwrap_or_default(),
        account: word("USER").or_else(|| word("LOGNAME")).unwrap_or_default(),
        peer: peer.and_then(|value| value.split_whitespace().next().map(str::to_owned)),
    }
}

/// Does what the console wants written. Cheap to clone.
#[derive(Clone)]
pub struct WritePath {
    /// What is read for plans.
    pub cache: Mending,
    /// What writes.
    pub writer: CacheWriter,
    /// What time it is.
    pub clock: Clock,
    /// Who works here.
    pub me: Me,
    /// The console's inbox.
    pub to: Outbox,
    /// Where waiting holds nobody up.
    pub tasks: Handle,
    /// Tells the sync that there is something to send; `None` where nothing is synced.
    pub sync: Option<mpsc::Sender<SyncCommand>>,
}

impl WritePath {
    /// Does an effect that writes; gives it back where it is another. `zh` says in which language
    /// the operator is told.
    pub fn run(&self, effect: Effect, zh: bool) -> Option<Effect> {
        match effect {
            Effect::Plan { id, command, targets } => self.plan(id, command, targets, zh),
            Effect::Commit { id, plan } => self.commit(id, plan),
            other => return Some(other),
        }
        None
    }

    fn moment(&self) -> Moment {
        self.clock.moment(self.me.lock().map(|me| me.clone()).unwrap_or_default())
    }

    fn plan(&self, id: RequestId, command: Command, targets: Targets, zh: bool) {
        let (cache, moment, to) = (self.cache.clone(), self.moment(), self.to.clone());
        self.tasks.spawn_blocking(move || {
            let plan = match cache.reader() {
                Ok(reader) => plan_from(&reader, &command, &Aim::At(targets), &moment, zh)
                    .map(Box::new)
                    .map_err(|error| error.says(zh)),
                Err(error) => Err(error.to_string()),
            };
            to.send(Message::Fact(Event::Planned(id, plan)));
        });
    }

    fn commit(&self, id: RequestId, plan: Box<Plan>) {
        let path = self.clone();
        self.tasks.spawn(async move {
            let (label, skipped, records) = (plan.label.clone(), plan.skipped.len(), plan.records());
            let set = plan.change_set(actor(&path.me));
            let committed = path.writer.run(move |writer| writer.commit(&set)).await;
            let written = committed.map(|committed: Committed| {
                path.tell(committed.applied.resources.iter().copied().collect());
                let moved: Vec<String> = committed.moved.into_iter().map(|(.., name)| name).collect();
                let records = records.saturating_sub(moved.len());
                Written { label, records, skipped, moved }
            });
            path.send(Event::Committed(id, written.map_err(said)));
        });
    }

    /// Tells the console what has changed, and the sync that there is something to send.
    fn tell(&self, resources: Vec<Resource>) {
        self.send(Event::Sync(SyncEvent::Applied { resources }));
        if let Some(sync) = &self.sync {
            let _ = sync.try_send(SyncCommand::RefreshNow); // Err: it has been told already
        }
    }

    fn send(&self, event: Event) {
        self.to.send(Message::Fact(event));
    }
}

impl std::fmt::Debug for WritePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WritePath").field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// What could not be written, in words for the operator.
fn said(error: WriteError) -> String {
    error.to_string()
}
