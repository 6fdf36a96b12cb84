//! What other consoles on the same cache have written, seen by the one that syncs.

use std::convert::Infallible;

use tokio::time::sleep;

use super::push::Bell;
use super::session::Engine;
use crate::model::{Resource, SyncEvent};

/// Looks now and then whether others have written to the cache: the screen reads it again, and what
/// they queued is sent. Goes on until it is dropped.
pub(super) async fn watch(
    engine: &Engine,
    bell: &Bell,
    events: &(impl Fn(SyncEvent) + Send + Sync),
) -> Infallible {
    let mut seen = None;
    loop {
        // What is wrong with the cache is found by whoever works with it.
        if let Ok(others) = engine.writer.run(|writer| writer.others()).await
            && seen.replace(others).is_some_and(|before| before != others)
        {
            events(SyncEvent::Applied { resources: Resource::ALL.to_vec() });
            bell.queued.notify_one();
        }
        sleep(engine.pace.look).await;
    }
}
