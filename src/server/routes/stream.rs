//! `GET /v1/changes/stream`: the same changes as they happen, as server-sent events.
//!
//! A client that falls so far behind that its changes are forgotten sees the stream end; asking
//! again, it is told 410 like anybody who comes late.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::super::problem::Problem;
use super::super::store::StoredChange;
use super::parameters::{Asked, Parameter, SINCE, change_number, since_is_missing};
use super::{Answer, Route, Shared};

/// Silence after which a comment is sent, so that both ends see a dead line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Changes read from the store at a time.
const BATCH: usize = 256;
/// The header by which browsers and libraries resume.
const LAST_EVENT_ID: &str = "last-event-id";

const STREAM_SINCE: Parameter = Parameter {
    required: false,
    description: "Number of the last change that is known; the header `Last-Event-ID` says the same.",
    ..SINCE
};

const RESUME: Parameter = Parameter {
    name: "Last-Event-ID",
    place: "header",
    required: false,
    description: "`id` of the last event that came; it stands above `since`.",
    schema: || json!({"type": "integer", "minimum": 0}),
};

pub(super) fn route() -> Route {
    Route {
        method: Method::GET,
        path: "/v1/changes/stream".to_owned(),
        operation: "stream_changes".to_owned(),
        summary: "Changes as they happen, as server-sent events".to_owned(),
        parameters: vec![STREAM_SINCE, RESUME],
        body: None,
        answer: Answer {
            status: StatusCode::OK,
            meaning: "An endless stream: event `change`, `id` its number, `data` a Change as JSON".to_owned(),
            content_type: "text/event-stream",
            schema: Box::new(|_| json!({"type": "string"})),
        },
        errors: vec![410, 503],
        guarded: true,
        handler: super::get(stream),
    }
}

/// A client at the end of a stream.
struct Follower {
    shared: Shared,
    since: i64,
    ready: VecDeque<StoredChange>,
    latest: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

async fn stream(State(shared): State<Shared>, headers: HeaderMap, asked: Asked) -> Result<Response, Problem> {
    let resumed = headers.get(LAST_EVENT_ID).map(|value| change_number(value.to_str().unwrap_or("")));
    let since = match resumed {
        Some(number) => number?,
        None => asked.since()?.ok_or_else(since_is_missing)?,
    };
    let place = shared.streams.clone().try_acquire_owned();
    let place = place.map_err(|_| Problem::busy("too many streams; poll /v1/changes instead"))?;
    let latest = shared.store.watch();
    // Asked before the first byte, while the answer can still be 410.
    let first = shared.read(move |store| store.changes(since, BATCH)).await?;
    let stopping = shared.stopping.clone();
    let follower =
        Follower { shared, since: first.next, ready: first.list.into(), latest, stopping, _place: place };
    let greeting = stream::iter([Ok::<_, Infallible>(Event::default().comment("siyu"))]);
    let events = stream::unfold(follower, |mut follower| async move {
        let change = follower.next().await?;
        let event = Event::default().event("change").id(change.seq.to_string()).data(change.to_json());
        Some((Ok(event), follower))
    });
    let all = futures_util::StreamExt::chain(greeting, events);
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE).text("still here");
    Ok(Sse::new(all).keep_alive(keep_alive).into_response())
}

impl Follower {
    /// The next change; `None` where the server stops or the changes are gone.
    async fn next(&mut self) -> Option<StoredChange> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(change) = self.ready.pop_front() {
                return Some(change);
            }
            self.latest.mark_unchanged();
            let since = self.since;
            let changes = self.shared.read(move |store| store.changes(since, BATCH)).await.ok()?;
            self.since = changes.next;
            self.ready = changes.list.into();
            if self.ready.is_empty() {
                tokio::select! {
                    risen = self.latest.changed() => risen.ok()?,
                    _ = self.stopping.changed() => return None,
                }
            }
        }
    }
}
