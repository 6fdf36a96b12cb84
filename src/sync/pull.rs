//! A full pull of one kind of record.
//!
//! The place where it goes on is committed with each page, so that it can be killed anywhere.
//! The next page is fetched while this one is written.

use std::time::{Duration, Instant};

use super::SyncError;
use super::plan::{Start, Step, whole_mark};
use super::session::Session;
use crate::backend::{Page, PageGuard};
use crate::cache::{Applied, Batch, PullMark, SyncState, Writer};
use crate::model::{Pulled, Resource, SyncEvent, TroubleKind};

/// A full pull under way.
pub(super) struct Walk {
    mark: PullMark,
    /// The change number of its first page.
    seq: Option<i64>,
    /// The page that is not in the cache yet.
    page: Page,
    guard: PageGuard,
    /// Where an interrupted pull would go on: never behind a page with unreadable records, so
    /// that a pull that goes on learns of them too; and at the last page until it is finished.
    resume: Option<String>,
    /// Whether all that came could be read.
    whole: bool,
    /// Rows there will be; unknown to a pull that goes on in the middle, which counts its own rows only.
    total: Option<u64>,
    /// Whether it goes on where an earlier one was interrupted.
    resumed: bool,
    pulled: Pulled,
    /// Kinds that come along with it.
    along: Vec<Pulled>,
    /// Time spent on it, others' time between its pages left out.
    started: Instant,
    spent: Duration,
}

impl Session<'_> {
    /// Pulls one kind; gives what it came to, and then those that came along.
    pub(super) async fn pull(&self, step: Step) -> Result<Vec<Pulled>, SyncError> {
        match step.start {
            Start::Changed { mark, cursor, whole } => {
                match self.pull_changed(step.resource, mark, cursor, whole).await {
                    Err(error) if is_stale_cursor(&error) => {
                        let walk = self.begin_afresh(step.resource).await?;
                        self.walk_on(walk).await
                    }
                    other => other,
                }
            }
            _ => {
                let walk = self.begin(&step).await?;
                self.walk_on(walk).await
            }
        }
    }

    /// Begins a full pull, or goes on with one, and fetches its next page.
    pub(super) async fn begin(&self, step: &Step) -> Result<Walk, SyncError> {
        if let Start::Resume { mark, cursor, seq } = &step.start {
            match self.walk(step.resource, *mark, Some(cursor.clone()), *seq).await {
                Err(error) if is_stale_cursor(&error) => {} // the backend forgot the place: begin anew
                other => return other,
            }
        }
        self.begin_afresh(step.resource).await
    }

    async fn begin_afresh(&self, resource: Resource) -> Result<Walk, SyncError> {
        let riders = self.engine.connector.riders(resource);
        let begin = move |writer: &mut Writer| {
            riders.into_iter().try_for_each(|rider| writer.begin_pull(rider).map(drop))?;
            writer.begin_pull(resource)
        };
        let mark = self.engine.writer.run(begin).await?;
        self.walk(resource, mark, None, None).await
    }

    async fn walk(
        &self,
        resource: Resource,
        mark: PullMark,
        cursor: Option<String>,
        seq: Option<i64>,
    ) -> Result<Walk, SyncError> {
        let started = Instant::now();
        let mut pulled = nothing(resource);
        let page = self.page(resource, cursor.as_deref(), &mut pulled).await?;
        Ok(Walk {
            mark,
            seq,
            total: page.total,
            page,
            guard: PageGuard::new(cursor.as_deref()),
            resumed: cursor.is_some(),
            resume: cursor,
            whole: true,
            pulled,
            along: self.engine.connector.riders(resource).into_iter().map(nothing).collect(),
            started,
            spent: Duration::ZERO,
        })
    }

    /// Does what is left of a pull.
    pub(super) async fn walk_on(&self, mut walk: Walk) -> Result<Vec<Pulled>, SyncError> {
        walk.started = Instant::now();
        loop {
            match self.step(&mut walk).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if walk.resumed && is_stale_cursor(&error) => {
                    walk = self.begin_afresh(walk.pulled.resource).await?;
                }
                Err(error) => return Err(error),
            }
        }
        let Walk { mark, seq, whole, mut pulled, along, .. } = walk;
        let mut all = Vec::new();
        for mut along in along {
            let rider = along.resource;
            let mark = self.engine.writer.run(move |writer| writer.pull_mark(rider)).await?;
            self.finish(rider, mark, seq, whole, &mut along).await?;
            all.push(along);
        }
        self.finish(pulled.resource, mark, seq, whole, &mut pulled).await?;
        all.insert(0, pulled);
        for pulled in &mut all {
            pulled.took = walk.spent + walk.started.elapsed();
            (self.events)(SyncEvent::Pulled(*pulled));
        }
        Ok(all)
    }

    /// Writes the page that a pull has fetched, and fetches the next one meanwhile. Says whether
    /// there is one.
    async fn step(&self, walk: &mut Walk) -> Result<bool, SyncError> {
        let resource = walk.pulled.resource;
        let suspicious = |what| self.engine.connector.suspicious(resource, what);
        walk.guard.pass(&walk.page).map_err(suspicious)?;
        walk.seq = walk.seq.or(walk.page.seq);
        walk.whole &= walk.page.unread == 0;
        if walk.whole && walk.page.next.is_some() {
            walk.resume.clone_from(&walk.page.next);
        }
        let next = walk.page.next.take();
        walk.pulled.rows += walk.page.items.len() as u64;
        let complaints = walk.page.complaints.drain(..).map(|complaint| (resource, complaint)).collect();
        let state = SyncState {
            resource,
            cursor: walk.resume.clone(),
            seq: walk.seq,
            pull: walk.mark,
            complete: false,
            at: Some(self.now()),
        };
        let mut upserts = std::mem::take(&mut walk.page.items);
        for (rider, items) in walk.page.riders.drain(..) {
            if let Some(along) = walk.along.iter_mut().find(|along| along.resource == rider) {
                along.rows += items.len() as u64;
            }
            upserts.extend(items);
        }
        let in_parts = self.engine.connector.in_parts(resource);
        let (pull, state) = (Some(walk.mark), Some(state));
        let batch = Batch { upserts, in_parts, pull, state, ..Batch::new(resource) };
        let following = async {
            match &next {
                Some(next) => self.page(resource, Some(next), &mut walk.pulled).await.map(Some),
                None => Ok(None),
            }
        };
        let (applied, following) = tokio::join!(self.apply(batch), following);
        walk.pulled.changed += applied?.rows as u64;
        self.complain(complaints);
        let (done, total_hint) = (walk.pulled.rows, walk.total);
        let spent = walk.spent + walk.started.elapsed();
        let rate = done as f64 / spent.as_secs_f64().max(0.001);
        (self.events)(SyncEvent::Progress { resource, done, total_hint, rate });
        let following = following?;
        let more = following.is_some();
        if let Some(following) = following {
            walk.page = following;
        }
        Ok(more)
    }

    /// Writes the first page of a pull, so that there is something to look at. Where that was all
    /// of it the pull is over; what is left else is for [`Session::walk_on`].
    pub(super) async fn first_page(&self, step: &Step) -> Result<Result<Vec<Pulled>, Walk>, SyncError> {
        let mut walk = self.begin(step).await?;
        if walk.page.next.is_none() {
            return self.walk_on(walk).await.map(Ok);
        }
        self.step(&mut walk).await?;
        walk.spent = walk.started.elapsed();
        Ok(Err(walk))
    }

    /// Pulls what has changed since an earlier pull, and removes nothing. Where it is interrupted, the
    /// next one begins at the same place: the number of that earlier pull stays until this one's end.
    async fn pull_changed(
        &self,
        resource: Resource,
        mark: PullMark,
        start: String,
        latest_whole: Option<String>,
    ) -> Result<Vec<Pulled>, SyncError> {
        let started = Instant::now();
        let mut pulled = nothing(resource);
        let in_parts = self.engine.connector.in_parts(resource);
        let mut guard = PageGuard::new(Some(&start));
        let (mut cursor, mut seq, mut whole) = (Some(start), None, true);
        while let Some(place) = cursor.take() {
            let mut page = self.page(resource, Some(&place), &mut pulled).await?;
            guard.pass(&page).map_err(|what| self.engine.connector.suspicious(resource, what))?;
            seq = seq.or(page.seq);
            whole &= page.unread == 0;
            cursor = page.next.take();
            pulled.rows += page.items.len() as u64;
            let complaints = page.complaints.drain(..).map(|complaint| (resource, complaint)).collect();
            let last = cursor.is_none() && whole;
            let state = SyncState {
                resource,
                cursor: latest_whole.clone(),
                seq,
                pull: mark,
                complete: true,
                at: Some(self.now()),
            };
            let state = last.then_some(state);
            let mut upserts = page.items;
            upserts.extend(page.riders.into_iter().flat_map(|(_, items)| items));
            let batch = Batch { upserts, in_parts, state, ..Batch::new(resource) };
            pulled.changed += self.apply(batch).await?.rows as u64;
            self.complain(complaints);
        }
        pulled.took = started.elapsed();
        (self.events)(SyncEvent::Pulled(pulled));
        Ok(vec![pulled])
    }

    /// Ends a pull. Rows that it did not see go, unless it had records that could not be read:
    /// a row that is missing may be one of these.
    async fn finish(
        &self,
        resource: Resource,
        mark: PullMark,
        seq: Option<i64>,
        whole: bool,
        pulled: &mut Pulled,
    ) -> Result<(), SyncError> {
        if whole && !self.engine.connector.grows(resource) {
            let departures = self.engine.connector.departures(resource);
            let clock = std::sync::Arc::clone(&self.engine.clock);
            let end = move |writer: &mut Writer| {
                let mut seen = Applied::default();
                if departures {
                    seen.merge(clock(writer)?);
                    seen.merge(writer.compare_members(mark)?);
                }
                Ok((seen, writer.finish_pull(resource, mark)?))
            };
            let (seen, applied) = self.engine.writer.run(end).await?;
            self.tell(&seen);
            pulled.deleted = applied.rows as u64;
            self.tell(&applied);
        }
        // Of a backend that tells no changes by itself the next pulls go by when this one was.
        let rounds = self.engine.connector.rhythm().is_some();
        if rounds || !whole {
            let cursor = rounds.then(|| whole_mark(self.now()));
            let state = SyncState { resource, cursor, seq, pull: mark, complete: true, at: Some(self.now()) };
            self.engine.writer.run(move |writer| writer.save_state(&state)).await?;
        }
        Ok(())
    }

    async fn page(
        &self,
        resource: Resource,
        cursor: Option<&str>,
        pulled: &mut Pulled,
    ) -> Result<Page, SyncError> {
        let page = self.engine.connector.page(resource, cursor, self.engine.pace.page).await?;
        pulled.calls += page.calls.unwrap_or(1);
        Ok(page)
    }
}

/// A pull before its first row.
fn nothing(resource: Resource) -> Pulled {
    Pulled { resource, rows: 0, changed: 0, deleted: 0, calls: 0, took: Duration::ZERO }
}

/// Whether the backend does not know the place where a pull was to go on.
fn is_stale_cursor(error: &SyncError) -> bool {
    matches!(error.kind(), TroubleKind::Validation | TroubleKind::Gone | TroubleKind::NotFound)
}
