//! One conversation with the backend, from the first question until something ends it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::plan::{self, Wish};
use super::pull::Walk;
use super::{Backoff, CacheWriter, SyncError};
use crate::backend::{Connector, Meta};
use crate::cache::{self, Applied, Batch, Writer};
use crate::model::{Complaint, Pulled, Resource, SyncEvent, Time, TroubleKind};

/// What a sync works with. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// The backend.
    pub connector: Connector,
    /// The cache.
    pub writer: CacheWriter,
    /// How fast and how patient.
    pub pace: Pace,
    /// Tells the writer what time it is.
    pub clock: Clock,
    /// The same clock, for what is said about times and for what is due.
    pub now: Now,
}

/// What time it is.
pub type Now = Arc<dyn Fn() -> Time + Send + Sync>;

/// Tells the writer what time it is, by [`Writer::at`]; called before records are written.
pub type Clock = Arc<dyn Fn(&mut Writer) -> cache::Result<Applied> + Send + Sync>;

/// Sizes and waits of a sync. Tests make the waits short.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Records asked for at a time.
    pub page: u32,
    /// Changes written at a time, at most.
    pub batch: usize,
    /// How long changes are gathered before they are written.
    pub gather: Duration,
    /// Whether changes are listened for, where the backend can tell them by itself.
    pub stream: bool,
    /// Between questions, where there is no stream.
    pub poll: Duration,
    /// After how many questions a stream is tried again.
    pub polls_per_stream: u32,
    /// How long a stream has to last before its end is nothing to worry about.
    pub settled: Duration,
    /// Between attempts, where the backend is away.
    pub backoff: Backoff,
    /// Writes that are on their way at once, each of another lane.
    pub lanes: usize,
    /// Between attempts at a write, where the backend failed or is away.
    pub push: Backoff,
    /// However long the next attempt is away, the outbox is looked at so often: the machine may
    /// sleep meanwhile, and its clock may be set.
    pub doze: Duration,
    /// How often the lease is renewed; it lasts half as long again.
    pub lease: Duration,
    /// How often one looks what the holder of the lease has written, and whether it is still there.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            page: 500,
            batch: 500,
            gather: Duration::from_millis(50),
            stream: true,
            poll: Duration::from_secs(10),
            polls_per_stream: 6,
            settled: Duration::from_secs(30),
            backoff: Backoff { cap: Duration::from_secs(10), ..Backoff::default() },
            lanes: 8,
            push: Backoff { cap: Duration::from_secs(300), ..Backoff::default() },
            doze: Duration::from_secs(60),
            lease: Duration::from_secs(60),
            look: Duration::from_secs(2),
        }
    }
}

/// A conversation under way.
pub(super) struct Session<'a> {
    pub engine: &'a Engine,
    pub events: &'a (dyn Fn(SyncEvent) + Sync),
    /// Who the operator is, where the backend says it.
    pub me: Option<String>,
    /// Kinds that this backend has, and gives to this operator.
    resources: Mutex<Vec<Resource>>,
}

/// What [`Session::pull_all`] came to.
#[derive(Debug, Default)]
pub(super) struct PulledAll {
    pub pulled: Vec<Pulled>,
    pub failed: Vec<(Resource, SyncError)>,
}

impl<'a> Session<'a> {
    /// Asks the backend what it is, and begins everything anew where that is the wish.
    pub(super) async fn open(
        engine: &'a Engine,
        events: &'a (dyn Fn(SyncEvent) + Sync),
        wish: Wish,
    ) -> Result<(Self, Meta), SyncError> {
        events(SyncEvent::Connecting);
        let meta = engine.connector.meta().await?;
        events(SyncEvent::Online {
            backend: meta.name.clone(),
            operator_id: meta.operator_id.clone().map(Into::into),
            operator: meta.operator.clone(),
            latency: meta.latency,
        });
        let keeps = engine.connector.keeps();
        engine.writer.run(move |writer| writer.keep(&keeps)).await?;
        let me = meta.operator_id.clone();
        let session = Self { engine, events, me, resources: Mutex::new(meta.resources.clone()) };
        if wish == Wish::Everything {
            session.begin_anew().await?;
        }
        Ok((session, meta))
    }

    /// What time it is.
    pub(super) fn now(&self) -> Time {
        (self.engine.now)()
    }

    /// Kinds that can be followed.
    pub(super) fn resources(&self) -> Vec<Resource> {
        self.known().clone()
    }

    fn known(&self) -> MutexGuard<'_, Vec<Resource>> {
        self.resources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that everything has to be pulled again, so that this is known after an interruption
    /// too. The rows stay until a pull has come to its end without them.
    pub(super) async fn begin_anew(&self) -> Result<(), SyncError> {
        let resources = self.resources();
        let begin = move |writer: &mut Writer| {
            resources.into_iter().try_for_each(|resource| writer.begin_pull(resource).map(drop))
        };
        Ok(self.engine.writer.run(begin).await?)
    }

    /// Does all full pulls that are due. One kind that fails does not keep the others from being
    /// pulled; one that the backend does not give to this operator is left out from then on.
    ///
    /// # Errors
    /// Where nothing more can be asked: the backend is away, or refuses the token.
    pub(super) async fn pull_all(&self, latest: i64) -> Result<PulledAll, SyncError> {
        self.pull_due(latest, plan::Due::Now).await
    }

    /// The same; `due` says how much it is of a backend that tells no changes by itself.
    ///
    /// # Errors
    /// As [`Session::pull_all`].
    pub(super) async fn pull_due(&self, latest: i64, due: plan::Due) -> Result<PulledAll, SyncError> {
        let states = self.engine.writer.run(|writer| writer.sync_states()).await?;
        let mut all = PulledAll::default();
        if plan::is_another(&states, &self.resources(), latest) {
            (self.events)(SyncEvent::Replaced);
        }
        let connector = &self.engine.connector;
        let steps = match connector.rhythm() {
            None => plan::plan(&states, &self.resources(), latest, Wish::Changes),
            Some(rhythm) => {
                let since = |resource, mark| connector.since(resource, mark);
                let mut own = self.resources();
                own.retain(|resource| !connector.rides(*resource));
                let turn = |resource| connector.turn(resource, self.now().millis);
                plan::round(&states, &own, due, (self.now(), rhythm.whole), since, turn)
            }
        };
        let mut begun = Vec::new();
        let first = if connector.rhythm().is_none() { plan::first_looks(&steps) } else { 0..0 };
        for (place, step) in steps.into_iter().enumerate() {
            if place == first.end {
                self.go_on(&mut begun, &mut all).await?;
            }
            let resource = step.resource;
            let pulled = if first.contains(&place) && plan::is_long(&step) {
                match self.first_page(&step).await {
                    Ok(Err(walk)) => {
                        begun.push((resource, walk));
                        continue;
                    }
                    Ok(Ok(pulled)) => Ok(pulled),
                    Err(error) => Err(error),
                }
            } else {
                self.pull(step).await
            };
            self.take_note(resource, pulled, &mut all)?;
        }
        self.go_on(&mut begun, &mut all).await?;
        self.patiently(&mut all).await?;
        all.pulled.sort_by_key(|pulled| pulled.resource);
        Ok(all)
    }

    /// Goes on with kinds whose endpoint wanted patience while the others went on, once that is over.
    async fn patiently(&self, all: &mut PulledAll) -> Result<(), SyncError> {
        for _ in 0..MOST_WAITS {
            let (shut, failed): (Vec<_>, Vec<_>) =
                std::mem::take(&mut all.failed).into_iter().partition(|(_, error)| error.is_alone());
            all.failed = failed;
            let waits = shut.iter().filter_map(|(_, error)| error.retry_after());
            let Some(wait) = waits.max().filter(|wait| *wait <= PATIENCE) else {
                all.failed.extend(shut);
                return Ok(());
            };
            // The backend has said how long it takes nothing there.
            tokio::time::sleep(wait).await;
            for (resource, _) in shut {
                let states = self.engine.writer.run(|writer| writer.sync_states()).await?;
                for step in plan::plan(&states, &[resource], i64::MAX, Wish::Changes) {
                    let pulled = self.pull(step).await;
                    self.take_note(resource, pulled, all)?;
                }
            }
        }
        Ok(())
    }

    /// Does what is left of the pulls whose first pages came before others.
    async fn go_on(&self, begun: &mut Vec<(Resource, Walk)>, all: &mut PulledAll) -> Result<(), SyncError> {
        for (resource, walk) in begun.drain(..) {
            let pulled = self.walk_on(walk).await;
            self.take_note(resource, pulled, all)?;
        }
        Ok(())
    }

    /// What became of one kind, for those who asked for all.
    fn take_note(
        &self,
        resource: Resource,
        pulled: Result<Vec<Pulled>, SyncError>,
        all: &mut PulledAll,
    ) -> Result<(), SyncError> {
        match pulled {
            Ok(pulled) => all.pulled.extend(pulled),
            Err(error) if concerns_one_kind(&error) => {
                if matches!(error.kind(), TroubleKind::Forbidden | TroubleKind::NotFound) {
                    self.known().retain(|other| *other != resource);
                    self.complain(vec![(resource, without_kind(&error))]);
                }
                all.failed.push((resource, error));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Goes on without a kind whose pull failed, and says so.
    pub(super) fn leave_out(&self, resource: Resource, error: &SyncError) {
        self.known().retain(|other| *other != resource);
        self.complain(vec![(resource, without_kind(error))]);
    }

    /// Counts kinds that were left out among the others again.
    pub(super) fn take_in(&self, kinds: impl IntoIterator<Item = Resource>) {
        self.known().extend(kinds);
    }

    /// Asks for a first page of one kind, and writes nothing; the inner error concerns it alone.
    ///
    /// # Errors
    /// Where nothing more can be asked.
    pub(super) async fn probe(&self, resource: Resource) -> Result<Result<(), SyncError>, SyncError> {
        match self.engine.connector.page(resource, None, self.engine.pace.page).await {
            Ok(_) => Ok(Ok(())),
            Err(error) => own(error.into()).map(Err),
        }
    }

    /// Pulls one kind, where it has to be; the inner error is one that concerns it alone.
    ///
    /// # Errors
    /// Where nothing more can be asked.
    pub(super) async fn pull_kind(&self, resource: Resource) -> Result<Result<(), SyncError>, SyncError> {
        let states = self.engine.writer.run(|writer| writer.sync_states()).await?;
        for step in plan::plan(&states, &[resource], i64::MAX, Wish::Changes) {
            match self.pull(step).await {
                Ok(_) => {}
                Err(error) => return own(error).map(Err),
            }
        }
        Ok(Ok(()))
    }

    /// Where the change feed is to be followed from; `None` where nothing was pulled whole.
    pub(super) async fn since(&self) -> Result<Option<i64>, SyncError> {
        let states = self.engine.writer.run(|writer| writer.sync_states()).await?;
        Ok(plan::since(&states, &self.resources()))
    }

    /// Commits a batch, and says what it changed.
    pub(super) async fn apply(&self, batch: Batch) -> Result<Applied, SyncError> {
        let clock = Arc::clone(&self.engine.clock);
        let work = move |writer: &mut Writer| {
            let day = clock(writer)?;
            Ok((day, writer.apply(&batch)?))
        };
        let (day, applied) = self.engine.writer.run(work).await?;
        self.tell(&day);
        self.tell(&applied);
        Ok(applied)
    }

    /// Says which kinds have changed, where any has.
    pub(super) fn tell(&self, applied: &Applied) {
        if !applied.resources.is_empty() {
            let resources = applied.resources.iter().copied().collect();
            (self.events)(SyncEvent::Applied { resources });
        }
    }

    /// Says what could not be read, where there is any.
    pub(super) fn complain(&self, complaints: Vec<(Resource, Complaint)>) {
        if !complaints.is_empty() {
            (self.events)(SyncEvent::Complaints(complaints));
        }
    }
}

/// How long a round waits for an endpoint that wants patience, and how often.
const PATIENCE: Duration = Duration::from_secs(120);
const MOST_WAITS: usize = 3;

/// A failure that concerns one kind alone; any other is an error here too.
fn own(error: SyncError) -> Result<SyncError, SyncError> {
    if concerns_one_kind(&error) { Ok(error) } else { Err(error) }
}

/// Whether a failure says nothing about other kinds of record.
fn concerns_one_kind(error: &SyncError) -> bool {
    let kinds = [
        TroubleKind::Forbidden,
        TroubleKind::NotFound,
        TroubleKind::Malformed,
        TroubleKind::Validation,
        TroubleKind::Conflict,
        TroubleKind::Server,
    ];
    // A server that asks for patience means all of it, unless it says otherwise.
    error.is_alone() || kinds.contains(&error.kind()) && error.retry_after().is_none()
}

fn without_kind(error: &SyncError) -> Complaint {
    Complaint { id: "?".to_owned(), path: ".".to_owned(), message: error.to_string() }
}
