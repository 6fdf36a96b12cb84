//! Whether the cache takes what is written, as the operator is told.
//!
//! A full disk and a read-only folder are told once, stand in the header for as long as they last,
//! and end by themselves: while nothing can be written it is tried again, and when it can the sync
//! goes on at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::write_path::{WritePath, said};
use crate::app::Event;
use crate::cache::{Error, Writer};
use crate::model::SyncCommand;
use crate::sync::WriteError;

/// Whether somebody looks for room.
pub type Room = Arc<AtomicBool>;

/// So long after the cache took nothing it is tried again: nothing but time tells that it would.
const AGAIN: Duration = Duration::from_secs(2);

impl WritePath {
    /// Tries whether the cache can be written, and where it cannot, again until it can. `zh` says in
    /// which language the operator is told.
    pub fn look_for_room(&self, zh: bool) {
        if self.room.swap(true, Ordering::AcqRel) {
            return; // somebody does
        }
        let path = self.clone();
        self.tasks.spawn(async move {
            let mut told: Option<String> = None;
            let tried = loop {
                match path.writer.run(Writer::try_out).await {
                    Err(error) if is_no_room(&error) => {
                        let why = said(&error, zh);
                        if told.as_ref() != Some(&why) {
                            tracing::warn!(%error, "the cache takes nothing");
                            path.send(Event::Unwritable(Some(why.clone())));
                            told = Some(why);
                        }
                        // Nothing but time tells that there is room again.
                        tokio::time::sleep(AGAIN).await;
                    }
                    tried => break tried,
                }
            };
            path.room.store(false, Ordering::Release);
            match tried {
                Ok(()) if told.is_some() => {
                    path.send(Event::Unwritable(None));
                    if let Some(sync) = &path.sync {
                        let _ = sync.try_send(SyncCommand::RefreshNow); // Err: it has been told already
                    }
                }
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "the cache could not be tried"),
            }
        });
    }
}

/// Whether it is the disk or the folder that takes nothing.
pub(super) fn is_no_room(error: &WriteError) -> bool {
    matches!(error, WriteError::Cache(Error::Full { .. } | Error::ReadOnly { .. }))
}
