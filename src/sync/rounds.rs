//! Backends that tell no changes by themselves: pulled in rounds, as often as their connector says.
//!
//! A round pulls what has changed, of kinds where the backend can tell, and the others whole once
//! they are old enough. Only a whole pull learns of what is gone: all kinds have one at the
//! connector's longer interval.

use std::convert::Infallible;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::SyncError;
use super::plan::Due;
use super::session::Session;
use crate::backend::Rhythm;
use crate::model::SyncEvent;

impl Session<'_> {
    /// Pulls round after round until something goes wrong with all of it; at once when nudged.
    ///
    /// # Errors
    /// Where nothing more can be asked, or no kind at all could be pulled.
    pub(super) async fn rounds(
        &self,
        rhythm: Rhythm,
        nudge: &Notify,
        failures: &mut u32,
    ) -> Result<Infallible, SyncError> {
        let mut due = Due::InTime;
        loop {
            let all = self.pull_due(i64::MAX, due).await?;
            let none = all.pulled.is_empty();
            for (resource, error) in all.failed {
                if none {
                    return Err(error);
                }
                tracing::warn!(%resource, %error, "this round went without it");
            }
            *failures = 0;
            (self.events)(SyncEvent::CaughtUp { seq: 0, at: self.now(), live: false });
            let wait = if self.tells_changes() { rhythm.changed } else { rhythm.whole };
            due = tokio::select! {
                () = sleep(wait) => Due::InTime,
                () = nudge.notified() => Due::Now,
            };
        }
    }

    /// Whether the backend can tell of any kind what has changed since a moment.
    fn tells_changes(&self) -> bool {
        self.resources().iter().any(|kind| self.engine.connector.since(*kind, self.now().millis).is_some())
    }
}
