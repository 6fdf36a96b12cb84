//! The change feed: a page of it, and the stream of it.

use reqwest::Response;
use serde_json::Value;

use super::{SseEvent, SseParser};
use crate::backend::http::Http;
use crate::backend::page::{integer, lost_text};
use crate::backend::{BackendError, error, json};
use crate::model::{Change, ChangeOp, Complaint, Resource, TroubleKind};

/// A page of the change feed.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// What changed, in the order of its numbers.
    pub changes: Vec<Change>,
    /// Lines that could not be read.
    pub complaints: Vec<(Resource, Complaint)>,
    /// The number to ask for changes since, next time.
    pub next: i64,
    /// Whether there is more at once.
    pub more: bool,
}

impl Feed {
    /// Reads the body of a page of the feed.
    ///
    /// # Errors
    /// What is wrong with the page as a whole.
    pub(super) fn read(since: i64, body: Value, mended: bool) -> Result<Self, String> {
        let Value::Object(mut body) = body else {
            return Err("the body is no JSON object".to_owned());
        };
        let Some(Value::Array(lines)) = body.remove("changes") else {
            return Err("`changes` is no list".to_owned());
        };
        let more = body.get("more").and_then(Value::as_bool).unwrap_or(false);
        let mut feed = Self { next: since, more, ..Self::default() };
        for line in lines {
            match read_change(line, mended) {
                Tick::Change(change, complaints) => {
                    feed.next = feed.next.max(change.seq);
                    let resource = change.resource;
                    feed.complaints.extend(complaints.into_iter().map(|complaint| (resource, complaint)));
                    feed.changes.push(change);
                }
                Tick::Unread { seq, resource, complaint } => {
                    feed.next = feed.next.max(seq.unwrap_or(since));
                    feed.complaints.extend(resource.map(|resource| (resource, complaint)));
                }
                Tick::Alive => {}
            }
        }
        feed.next = match body.get("next") {
            None | Some(Value::Null) => feed.next,
            Some(next) => integer(next).ok_or("`next` is no number")?,
        };
        if more && feed.next <= since {
            return Err(format!("there is more, but `next` does not go beyond {since}"));
        }
        Ok(feed)
    }
}

/// What a stream gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Tick {
    /// Something changed; with what was wrong in its text.
    Change(Change, Vec<Complaint>),
    /// A line of the feed that could not be read, passed over.
    Unread {
        /// Its number, where it has one.
        seq: Option<i64>,
        /// Its kind, where this siyu knows it.
        resource: Option<Resource>,
        /// What was wrong.
        complaint: Complaint,
    },
    /// A sign of life and nothing else.
    Alive,
}

/// Reads one line of the feed.
fn read_change(line: Value, mended: bool) -> Tick {
    let seq = line.get("seq").and_then(integer);
    let word = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let resource = Resource::parse(&word("resource"));
    let id = match line.get("id") {
        Some(Value::Number(number)) => number.to_string(),
        _ => word("id"),
    };
    let unread = |path: &str, message: String| Tick::Unread {
        seq,
        resource,
        complaint: Complaint {
            id: if id.is_empty() { "?".to_owned() } else { id.clone() },
            path: path.to_owned(),
            message,
        },
    };
    let Some(number) = seq else { return unread("seq", "a change without a number".to_owned()) };
    let Some(kind) = resource else {
        return unread("resource", format!("`{}` is no resource", error::quote(&word("resource"))));
    };
    let op = match word("op").as_str() {
        "upsert" => ChangeOp::Upsert,
        "delete" => ChangeOp::Delete,
        other => {
            return unread("op", format!("`{}` is neither upsert nor delete", error::quote(other)));
        }
    };
    if id.is_empty() {
        return unread("id", "a change without an id".to_owned());
    }
    let item = match (op, line.get("item")) {
        (ChangeOp::Upsert, Some(item @ Value::Object(_))) => Some(item.clone()),
        (ChangeOp::Upsert, _) => return unread("item", "an upsert without a record".to_owned()),
        (ChangeOp::Delete, _) => None,
    };
    let lost = if mended { item.as_ref().map(json::replaced).unwrap_or_default() } else { Vec::new() };
    let complaints = lost.into_iter().map(|path| lost_text(&id, path)).collect();
    Tick::Change(Change { seq: number, resource: kind, id, op, item }, complaints)
}

/// Changes as they happen.
///
/// It holds a connection; dropping it closes that.
#[derive(Debug)]
pub struct ChangeStream {
    http: Http,
    endpoint: String,
    response: Response,
    parser: SseParser,
    ready: std::collections::VecDeque<SseEvent>,
}

impl ChangeStream {
    pub(super) fn new(http: Http, endpoint: String, response: Response) -> Self {
        let parser = SseParser::new(http.limits.event);
        Self { http, endpoint, response, parser, ready: std::collections::VecDeque::new() }
    }

    /// The next thing that the backend says; `None` when it ended the stream. Can be dropped and
    /// called again without losing anything.
    ///
    /// # Errors
    /// `Timeout` after too long a silence, `Reset` where the connection broke, `Gone` where the
    /// backend says so, `Malformed` where an event is too large.
    pub async fn next(&mut self) -> Result<Option<Tick>, BackendError> {
        if let Some(event) = self.ready.pop_front() {
            return self.read(&event).map(Some);
        }
        let idle = self.http.limits.idle;
        let chunk = match tokio::time::timeout(idle, self.response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => return Ok(None),
            Ok(Err(error)) => return Err(self.http.stream_broke(&self.endpoint, &error)),
            Err(_) => {
                let what = format!("not a word on the stream for {} s", idle.as_secs());
                return Err(BackendError::new(TroubleKind::Timeout, "GET", &self.endpoint, what));
            }
        };
        let mut events = Vec::new();
        self.parser.feed(&chunk, &mut events).map_err(|large| {
            BackendError::new(TroubleKind::Malformed, "GET", &self.endpoint, large.to_string())
        })?;
        self.ready.extend(events);
        match self.ready.pop_front() {
            Some(event) => self.read(&event).map(Some),
            None => Ok(Some(Tick::Alive)),
        }
    }

    fn read(&self, event: &SseEvent) -> Result<Tick, BackendError> {
        if event.name == "gone" {
            let what = "the changes asked for are no longer kept";
            return Err(BackendError::new(TroubleKind::Gone, "GET", &self.endpoint, what));
        }
        match json::parse(event.data.as_bytes()) {
            Ok((line, mended)) => Ok(read_change(line, mended)),
            Err(wrong) => {
                let seq = event.id.as_deref().and_then(|id| id.parse().ok());
                let complaint = Complaint { id: "?".to_owned(), path: ".".to_owned(), message: wrong };
                Ok(Tick::Unread { seq, resource: None, complaint })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bad_line_does_not_cost_the_feed() {
        let body = json!({"changes": [
            {"seq": 5, "resource": "tags", "id": "a", "op": "upsert", "item": {"id": "a"}},
            {"seq": 6, "resource": "spaceships", "id": "b", "op": "upsert", "item": {}},
            {"seq": 7, "resource": "tags", "id": "c", "op": "upsert"},
            {"seq": 8, "resource": "tags", "id": "d", "op": "burn"},
            {"seq": 9, "resource": "tags", "id": 123456789012345678901234567890_f64, "op": "delete"},
            "?",
        ], "more": false});
        let feed = Feed::read(4, body, false).unwrap();
        assert_eq!(feed.changes.iter().map(|change| change.seq).collect::<Vec<_>>(), [5, 9]);
        assert_eq!(feed.complaints.len(), 2); // those of a known resource
        assert_eq!(feed.next, 9);
    }

    #[test]
    fn a_feed_that_stands_still_is_refused() {
        assert!(Feed::read(4, json!({"changes": [], "next": 4, "more": true}), false).is_err());
        assert!(Feed::read(4, json!({"changes": null}), false).is_err());
        assert_eq!(Feed::read(4, json!({"changes": [], "next": 9, "more": false}), false).unwrap().next, 9);
    }
}
