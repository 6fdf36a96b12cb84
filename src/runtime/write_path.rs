//! The way of a write from the console to the cache: planning on a thread of its own, commits on the
//! writer's, and the sync told that there is something to send.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::app::{Effect, Event, OutboxDeed, RequestId, Settings, TakenBack, Targets, Written};
use crate::cache::{self, Committed, Shortage, Writer};
use crate::command::plan::reasons;
use crate::command::{Command, Plan, Verb};
use crate::i18n::Lang;
use crate::i18n::words::faults;
use crate::model::{Actor, AuditLine, Customer, Operator, OperatorId, Resource, SyncCommand, SyncEvent};
use crate::query::Moment;
use crate::sync::{CacheWriter, WriteError};

use super::clock::Clock;
use super::drafts::Typed;
use super::exporting::Exports;
use super::inbox::{Message, Outbox};
use super::mending::Mending;
use super::planning::{Aim, plan_from};
use super::restating::restated;
use super::room::{Room, is_no_room};
use super::syncing::Me;

/// Who works at this terminal: the account, and where an SSH client comes from.
pub fn actor(me: &Me) -> Actor {
    let word = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let peer = word("SSH_CONNECTION").or_else(|| word("SSH_CLIENT"));
    Actor {
        operator: me.lock().map(|me| me.clone()).unwrap_or_default(),
        account: word("USER").or_else(|| word("LOGNAME")).unwrap_or_else(account_of_uid),
        peer: peer.and_then(|value| value.split_whitespace().next().map(str::to_owned)),
    }
}

/// The account that this process runs as, by the system's own file; its number where that has no
/// name for it.
fn account_of_uid() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut lines = known.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let name = lines.find_map(|fields| match fields[..] {
        [name, _, id, ..] if id == uid && !name.is_empty() => Some(name.to_owned()),
        _ => None,
    });
    name.unwrap_or(uid)
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
    /// What was typed and is not kept yet, by the keys of the forms.
    pub typed: Typed,
    /// The changes that were made in this session, by their batches.
    pub own: Own,
    /// Whether somebody looks for room.
    pub room: Room,
    /// What ends an export.
    pub exports: Exports,
    /// Ends the run of a macro that is under way before its next record.
    pub stops: Arc<AtomicBool>,
    /// Held for reading by each write that is under way, so that the end can wait for all of them.
    pub under_way: UnderWay,
}

/// Batches of changes.
pub type Own = Arc<Mutex<BTreeSet<String>>>;

/// What is held while something is written.
pub type UnderWay = Arc<tokio::sync::RwLock<()>>;

/// So long the end of the console waits for what was typed to be kept.
const LAST_WORDS: Duration = Duration::from_millis(400);

/// So long it waits for a write that is under way: what was pressed is done.
const LAST_WRITES: Duration = Duration::from_secs(10);

impl WritePath {
    /// Does an effect that writes; gives it back where it is another. `settings` says in which language
    /// the operator is told, and what macros there are.
    pub fn run(&self, effect: Effect, settings: &Settings) -> Option<Effect> {
        let zh = settings.lang.is_zh();
        match effect {
            Effect::Plan { id, command, targets } => match command.verb {
                Verb::MacroRun | Verb::MacroPlan => self.plan_macro(id, command, targets, settings),
                _ => self.plan(id, command, targets, zh),
            },
            Effect::Run { id, plan, hold_seconds } => self.run_macro(id, &plan, hold_seconds, zh),
            Effect::Resume { id, batch } => self.resume_run(id, batch, zh),
            Effect::StopRun => self.stops.store(true, Ordering::Relaxed),
            Effect::Commit { id, plan } => self.commit(id, plan, zh),
            Effect::TakeBack { id, redo, sure } => self.take_back(id, redo, sure, zh),
            Effect::Outbox { id, deed } => self.decide(id, deed, zh),
            Effect::Audit { what, id } => self.audit(what, id),
            Effect::Export { id, export } => self.export(id, export, if zh { Lang::Zh } else { Lang::En }),
            Effect::StopExport => self.exports.stop(),
            Effect::KeepDraft { key, text } => self.keep_draft(key, text, zh),
            other => return Some(other),
        }
        None
    }

    /// Tells the console what an earlier session typed and did not write.
    pub fn tell_drafts(&self) {
        let (cache, to) = (self.cache.clone(), self.to.clone());
        self.tasks.spawn_blocking(move || {
            let drafts = cache.reader().and_then(|reader| reader.drafts());
            match drafts {
                Ok(drafts) if drafts.is_empty() => {}
                Ok(drafts) => {
                    let drafts = drafts.into_iter().map(|draft| (draft.key, draft.text)).collect();
                    to.send(Message::Fact(Event::Drafts(drafts)));
                }
                Err(error) => tracing::warn!(%error, "what was typed before could not be read"),
            }
        });
    }

    /// Waits until what is being written is done, and, but not for long, until what was typed is
    /// kept: the console is about to end.
    pub fn flush(&self) {
        self.exports.stop(); // a file is there whole or not at all
        self.stops.store(true, Ordering::Relaxed); // a run is gone on with by the next console
        let under_way = Arc::clone(&self.under_way);
        let done = async move { tokio::time::timeout(LAST_WRITES, under_way.write()).await.map(drop) };
        if self.tasks.block_on(done).is_err() {
            tracing::warn!("the last change may not have been saved");
        }
        let path = self.clone();
        let kept = async move { tokio::time::timeout(LAST_WORDS, path.keep_pending()).await };
        if !matches!(self.tasks.block_on(kept), Ok(Ok(()))) {
            tracing::warn!("what was typed last may not have been kept");
        }
    }

    pub(super) fn moment(&self) -> Moment {
        self.clock.moment(self.me.lock().map(|me| me.clone()).unwrap_or_default())
    }

    fn plan(&self, id: RequestId, command: Command, targets: Targets, zh: bool) {
        let (cache, moment, to) = (self.cache.clone(), self.moment(), self.to.clone());
        self.tasks.spawn_blocking(move || {
            let plan = match cache.reader() {
                Ok(reader) => plan_from(&reader, &command, &Aim::Marked(targets), &moment, zh)
                    .map(Box::new)
                    .map_err(|error| error.says(zh)),
                Err(error) => Err(error.to_string()),
            };
            to.send(Message::Fact(Event::Planned(id, plan)));
        });
    }

    /// Has something written as of now: the writer knows the time only as it was told last.
    pub(super) async fn now<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> cache::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let path = self.clone();
        let act = move |writer: &mut Writer| {
            let day = writer.at(path.moment())?;
            if !day.resources.is_empty() {
                path.send(Event::Sync(SyncEvent::Applied { resources: day.resources.into_iter().collect() }));
            }
            work(writer)
        };
        self.writer.run(act).await
    }

    fn commit(&self, id: RequestId, plan: Box<Plan>, zh: bool) {
        let path = self.clone();
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.tasks.spawn(async move {
            let _writing = writing;
            let (label, skipped, records) = (plan.label.clone(), reasons(&plan.skipped), plan.records());
            let reversible = plan.writes.iter().all(|planned| planned.write.is_reversible());
            let set = plan.change_set(actor(&path.me));
            let committed = path.now(move |writer| writer.commit(&set)).await;
            let written = committed.map(|committed: Committed| {
                if let Ok(mut own) = path.own.lock() {
                    own.insert(committed.batch.clone());
                }
                path.tell(committed.applied.resources.iter().copied().collect());
                let moved: Vec<String> = committed.moved.into_iter().map(|(.., name)| name).collect();
                let records = records.saturating_sub(moved.len());
                let batch = committed.batch;
                Written { batch, label, records, reversible, skipped, moved, left: 0 }
            });
            path.send(Event::Committed(id, written.map_err(|error| path.refused(&error, zh))));
        });
    }

    fn take_back(&self, id: RequestId, redo: bool, sure: Option<String>, zh: bool) {
        let path = self.clone();
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.tasks.spawn(async move {
            let _writing = writing;
            let actor = actor(&path.me);
            let own = Arc::clone(&path.own);
            let turn = move |writer: &mut Writer| {
                let is_own = |batch: &str| own.lock().is_ok_and(|own| own.contains(batch));
                writer.undo_if(redo, &actor, |batch| sure.as_deref() == Some(batch) || is_own(batch))
            };
            let result = match path.now(turn).await {
                Ok(done) => {
                    path.tell(done.applied.resources.iter().copied().collect());
                    let left = done.left.into_iter().map(|(.., name, why)| (name, why)).collect();
                    let (label, withdrawn, inverted) = (done.label, done.withdrawn, done.inverted);
                    let own = path.own.lock().is_ok_and(|own| own.contains(&done.batch));
                    let elsewhere = done.at.filter(|_| !own);
                    let elsewhere = elsewhere.map(|at| (path.who(done.operator.as_ref(), &done.account), at));
                    let batch = done.batch;
                    let asks = done.asks;
                    Ok(Some(TakenBack { batch, label, withdrawn, inverted, left, elsewhere, asks }))
                }
                Err(WriteError::Cache(cache::Error::Nothing { .. })) => Ok(None),
                Err(error) => Err(path.refused(&error, zh)),
            };
            path.send(Event::TakenBack(id, redo, result));
        });
    }

    /// The name of whoever wrote something, or else the account they did it from.
    fn who(&self, operator: Option<&OperatorId>, account: &str) -> String {
        let body = operator.and_then(|id| {
            let reader = self.cache.reader().ok()?;
            reader.record(Resource::Operators, id.as_str()).ok().flatten()
        });
        let known = body.and_then(|body| serde_json::from_str::<Operator>(&body).ok());
        known.map_or_else(|| account.to_owned(), |operator| operator.name)
    }

    /// What a customer is called; empty where they are not in the cache.
    fn name_of(&self, customer: &str) -> String {
        let body = self.cache.reader().and_then(|reader| reader.record(Resource::Customers, customer));
        let body = body.ok().flatten();
        let known = body.and_then(|body| serde_json::from_str::<Customer>(&body).ok());
        known.map_or_else(String::new, |customer| customer.name)
    }

    fn decide(&self, id: RequestId, deed: OutboxDeed, zh: bool) {
        let path = self.clone();
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.tasks.spawn(async move {
            let _writing = writing;
            let actor = actor(&path.me);
            let deed = match deed {
                OutboxDeed::Restate(n, command) => {
                    let (cache, moment) = (path.cache.clone(), path.moment());
                    let work = move || {
                        let reader = cache.reader().map_err(|error| error.to_string())?;
                        restated(&reader, n, &command, &moment, zh)
                    };
                    match tokio::task::spawn_blocking(work).await {
                        Ok(Ok(write)) => OutboxDeed::Amend(n, write),
                        Ok(Err(why)) => return path.send(Event::Decided(id, Err(why))),
                        Err(_) => return, // the tasks are ending
                    }
                }
                deed => deed,
            };
            let act = move |writer: &mut Writer| match &deed {
                OutboxDeed::Retry(ns) => writer.retry(ns, &actor),
                OutboxDeed::Discard(ns) => writer.discard(ns, &actor),
                OutboxDeed::Amend(n, write) => writer.amend(*n, write, &actor),
                OutboxDeed::Restate(..) => Ok(cache::Applied::default()), // is a write by now
                OutboxDeed::Resolve(n, mine) => writer.resolve(*n, mine, &actor),
            };
            let result = path.now(act).await;
            let result = result.map(|applied| path.tell(applied.resources.into_iter().collect()));
            path.send(Event::Decided(id, result.map_err(|error| path.refused(&error, zh))));
        });
    }

    /// What could not be written, in words for the operator. Where it is for want of room, somebody
    /// looks for it from here on.
    fn refused(&self, error: &WriteError, zh: bool) -> String {
        if is_no_room(error) {
            self.look_for_room(zh);
        }
        said(error, zh)
    }

    fn audit(&self, what: String, customer: String) {
        let path = self.clone();
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.tasks.spawn(async move {
            let _writing = writing;
            let actor = actor(&path.me);
            let name = path.name_of(&customer);
            let (command, record) = (what.clone(), Some((Resource::Customers, customer, name)));
            let line = AuditLine { actor, command, what, record };
            if let Err(error) = path.now(move |writer| writer.note(&line)).await {
                tracing::warn!(%error, "the audit has no line of what was shown");
            }
        });
    }

    /// Tells the console what has changed, and the sync that there is something to send.
    pub(super) fn tell(&self, resources: Vec<Resource>) {
        self.send(Event::Sync(SyncEvent::Applied { resources }));
        if let Some(sync) = &self.sync {
            let _ = sync.try_send(SyncCommand::Push); // Err: it has been told already
        }
    }

    pub(super) fn send(&self, event: Event) {
        self.to.send(Message::Fact(event));
    }
}

impl std::fmt::Debug for WritePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WritePath").field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// What could not be written, in words for the operator.
pub(super) fn said(error: &WriteError, zh: bool) -> String {
    use cache::Error as E;
    let word = match error {
        WriteError::Cache(E::Full { why, .. }) => match why {
            Shortage::Disk => faults::CACHE_FULL,
            Shortage::Quota => faults::CACHE_QUOTA,
            Shortage::FileSize => faults::CACHE_FILE_SIZE,
        },
        WriteError::Cache(E::ReadOnly { .. }) => faults::CACHE_READ_ONLY,
        WriteError::Cache(E::Busy { .. }) => faults::CACHE_BUSY,
        WriteError::Cache(E::Replaced) => faults::CACHE_REPLACED,
        WriteError::Cache(E::Damaged { .. }) => faults::CACHE_DAMAGED,
        other => return other.to_string(),
    };
    (if zh { word.zh } else { word.en }).to_owned()
}
