//! A full pull of one kind of record.
//!
//! The place where it goes on is committed with each page, so that it can be killed anywhere.
//! The next page is fetched while this one is written.

use std::time::Instant;

use super::SyncError;
use super::plan::{Start, Step, whole_mark};
use super::session::{Session, now};
use crate::backend::{Page, PageGuard};
use crate::cache::{Batch, PullMark, SyncState};
use crate::model::{Pulled, Resource, SyncEvent, TroubleKind};

impl Session<'_> {
    /// Pulls one kind whole.
    pub(super) async fn pull(&self, step: Step) -> Result<Pulled, SyncError> {
        let resource = step.resource;
        let tried = match step.start {
            Start::Afresh => None,
            Start::Resume { mark, cursor, seq } => {
                Some(self.pull_from(resource, mark, Some(cursor), seq).await)
            }
            Start::Changed { mark, cursor, whole } => {
                Some(self.pull_changed(resource, mark, cursor, whole).await)
            }
        };
        match tried {
            None => {}
            Some(Err(error)) if is_stale_cursor(&error) => {} // the backend forgot the place: begin anew
            Some(other) => return other,
        }
        let mark = self.engine.writer.run(move |writer| writer.begin_pull(resource)).await?;
        self.pull_from(resource, mark, None, None).await
    }

    async fn pull_from(
        &self,
        resource: Resource,
        mark: PullMark,
        cursor: Option<String>,
        mut seq: Option<i64>,
    ) -> Result<Pulled, SyncError> {
        let started = Instant::now();
        let mut pulled =
            Pulled { resource, rows: 0, changed: 0, deleted: 0, calls: 0, took: started.elapsed() };
        let mut guard = PageGuard::new(cursor.as_deref());
        // Where an interrupted pull would go on: never behind a page with unreadable records, so
        // that a pull that goes on learns of them too; and at the last page until it is finished.
        let mut resume = cursor.clone();
        let mut whole = true;
        let mut page = self.page(resource, cursor.as_deref(), &mut pulled).await?;
        // A pull that goes on in the middle has no first page, and counts its own rows only.
        let total_hint = page.total;
        loop {
            guard.pass(&page).map_err(|what| self.engine.connector.suspicious(resource, what))?;
            seq = seq.or(page.seq);
            whole &= page.unread == 0;
            if whole && page.next.is_some() {
                resume.clone_from(&page.next);
            }
            let next = page.next.take();
            pulled.rows += page.items.len() as u64;
            let complaints = page.complaints.drain(..).map(|complaint| (resource, complaint)).collect();
            let state = SyncState {
                resource,
                cursor: resume.clone(),
                seq,
                pull: mark,
                complete: false,
                at: Some(now()),
            };
            let batch =
                Batch { upserts: page.items, pull: Some(mark), state: Some(state), ..Batch::new(resource) };
            let following = async {
                match &next {
                    Some(next) => self.page(resource, Some(next), &mut pulled).await.map(Some),
                    None => Ok(None),
                }
            };
            let (applied, following) = tokio::join!(self.apply(batch), following);
            pulled.changed += applied?.rows as u64;
            self.complain(complaints);
            let rate = pulled.rows as f64 / started.elapsed().as_secs_f64().max(0.001);
            (self.events)(SyncEvent::Progress { resource, done: pulled.rows, total_hint, rate });
            match following? {
                Some(following) => page = following,
                None => break,
            }
        }
        self.finish(resource, mark, seq, whole, &mut pulled).await?;
        pulled.took = started.elapsed();
        (self.events)(SyncEvent::Pulled(pulled));
        Ok(pulled)
    }

    /// Pulls what has changed since an earlier pull, and removes nothing. Where it is interrupted, the
    /// next one begins at the same place: the number of that earlier pull stays until this one's end.
    async fn pull_changed(
        &self,
        resource: Resource,
        mark: PullMark,
        start: String,
        latest_whole: Option<String>,
    ) -> Result<Pulled, SyncError> {
        let started = Instant::now();
        let mut pulled =
            Pulled { resource, rows: 0, changed: 0, deleted: 0, calls: 0, took: started.elapsed() };
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
                at: Some(now()),
            };
            let state = last.then_some(state);
            let batch = Batch { upserts: page.items, state, ..Batch::new(resource) };
            pulled.changed += self.apply(batch).await?.rows as u64;
            self.complain(complaints);
        }
        pulled.took = started.elapsed();
        (self.events)(SyncEvent::Pulled(pulled));
        Ok(pulled)
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
        if whole {
            let applied = self.engine.writer.run(move |writer| writer.finish_pull(resource, mark)).await?;
            pulled.deleted = applied.rows as u64;
            self.tell(&applied);
        }
        // Of a backend that tells no changes by itself the next pulls go by when this one was.
        let rounds = self.engine.connector.rhythm().is_some();
        if rounds || !whole {
            let cursor = rounds.then(|| whole_mark(now()));
            let state = SyncState { resource, cursor, seq, pull: mark, complete: true, at: Some(now()) };
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
        pulled.calls += page.calls.max(1);
        Ok(page)
    }
}

/// Whether the backend does not know the place where a pull was to go on.
fn is_stale_cursor(error: &SyncError) -> bool {
    matches!(error.kind(), TroubleKind::Validation | TroubleKind::Gone | TroubleKind::NotFound)
}
