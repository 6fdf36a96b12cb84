//! A backend that speaks the native API (`docs/api.md`): what it is, its pages, its changes, and
//! what is written to it.

mod feed;
mod sse;
mod write;

use std::path::Path;

use serde_json::Value;

use super::http::Http;
use super::page::integer;
use super::{BackendError, Limits, Meta, Page, Secret, Tried, TriedItem};
use crate::model::{AnyRecord, Resource, TroubleKind};

pub use feed::{ChangeStream, Feed, Tick};
pub use sse::{SseEvent, SseParser, TooLarge};

/// The version of the API that this client speaks.
const API: i64 = 1;

/// Records on a page that a backend has to give, at most.
const MOST_PER_PAGE: u32 = 1000;

/// A way to talk to a native backend, as one operator. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub(super) struct Native {
    http: Http,
}

impl Native {
    /// Prepares to talk to the API below `url`; nothing is sent yet. The certificates of a PEM file are
    /// trusted beside those of the system.
    ///
    /// # Errors
    /// `Configuration`, `Auth` or `Tls`, where this cannot work whatever the backend says.
    pub fn trusting(
        url: &str,
        token: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        Ok(Self { http: Http::new(url, token, limits, ca_file)? })
    }

    /// Scheme, host and port, to be shown.
    pub fn origin(&self) -> String {
        self.http.origin()
    }

    /// Asks what the backend is.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Malformed` where it speaks another version of the API.
    pub async fn meta(&self) -> Result<Meta, BackendError> {
        let answer = self.http.get_json(&["v1", "meta"], &[]).await?;
        let body = answer.value;
        let malformed = |what: &str| self.malformed("GET", "/v1/meta", what);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        match body.get("api").and_then(integer) {
            Some(API) => {}
            Some(other) => {
                return Err(malformed(&format!("it speaks version {other} of the API, not {API}")));
            }
            None => return Err(malformed("it does not say which version of the API it speaks")),
        }
        let words = |key: &str| {
            body.get(key).and_then(Value::as_array).map(|list| list.iter().filter_map(Value::as_str))
        };
        let Some(named) = words("resources") else { return Err(malformed("`resources` is no list")) };
        let named: Vec<Resource> = named.filter_map(Resource::parse).collect();
        let Some(seq) = body.get("seq").and_then(integer) else {
            return Err(malformed("`seq` is no number"));
        };
        let operator = body.get("operator");
        Ok(Meta {
            name: text(body.get("name")).unwrap_or_default(),
            operator_id: text(operator.and_then(|operator| operator.get("id"))),
            operator: text(operator.and_then(|operator| operator.get("name"))),
            resources: Resource::ALL.iter().copied().filter(|resource| named.contains(resource)).collect(),
            features: words("features").map(|list| list.map(str::to_owned).collect()).unwrap_or_default(),
            seq,
            latency: answer.took,
        })
    }

    /// One page of a collection: from its start, or from where the page before said.
    /// `limit` is a wish, from 1 to 1000.
    ///
    /// # Errors
    /// [`BackendError`] of any kind. Bad records are no error: see [`Page::complaints`].
    pub async fn page(
        &self,
        resource: Resource,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page, BackendError> {
        let limit = limit.clamp(1, MOST_PER_PAGE).to_string();
        let mut query = vec![("limit", limit.as_str())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        let answer = self.http.get_json(&["v1", resource.name()], &query).await?;
        Page::read(resource, answer.value, answer.mended)
            .map_err(|what| self.malformed("GET", &format!("/v1/{resource}"), &what))
    }

    /// A page of the changes after number `since`.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Gone` where the backend no longer keeps them.
    pub async fn changes(&self, since: i64, limit: u32) -> Result<Feed, BackendError> {
        let limit = limit.clamp(1, MOST_PER_PAGE).to_string();
        let query = [("since", since.to_string()), ("limit", limit)];
        let query = query.each_ref().map(|(key, value)| (*key, value.as_str()));
        let answer = self.http.get_json(&["v1", "changes"], &query).await?;
        Feed::read(since, answer.value, answer.mended)
            .map_err(|what| self.malformed("GET", "/v1/changes", &what))
    }

    /// Opens the stream of changes after number `since`.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Gone` where the backend no longer keeps them.
    pub async fn stream(&self, since: i64) -> Result<ChangeStream, BackendError> {
        let since = since.to_string();
        let response = self.http.get_events(&["v1", "changes", "stream"], &[("since", &since)]).await?;
        Ok(ChangeStream::new(self.http.clone(), format!("/v1/changes/stream?since={since}"), response))
    }

    /// The first items of a collection, as they came and as they were read.
    pub async fn tried(&self, resource: Resource, limit: usize) -> Result<Tried, BackendError> {
        let size = limit.clamp(1, MOST_PER_PAGE as usize).to_string();
        let answer = self.http.get_json(&["v1", resource.name()], &[("limit", &size)]).await?;
        let raw: Vec<Value> =
            answer.value.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let page = Page::read(resource, answer.value, answer.mended)
            .map_err(|what| self.malformed("GET", &format!("/v1/{resource}"), &what))?;
        let one = |raw: &Value| {
            let (records, complaints) = match AnyRecord::read(resource, raw.clone()) {
                Ok((record, complaints)) => (vec![record.to_value()], complaints),
                Err(complaint) => (Vec::new(), vec![complaint]),
            };
            let id = raw.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
            TriedItem { id, raw: raw.clone(), records, complaints }
        };
        Ok(Tried {
            asked: format!("GET /v1/{resource} 200"),
            items: raw.iter().take(limit).map(one).collect(),
            count: raw.len(),
            total: page.total,
            more: page.next.is_some(),
        })
    }

    /// The error of a walk over pages that a [`super::PageGuard`] ended.
    pub fn suspicious(&self, resource: Resource, what: String) -> BackendError {
        self.malformed("GET", &format!("/v1/{resource}"), &what)
    }

    /// The error of an answer that is not what the API promises.
    pub(super) fn malformed(&self, method: &'static str, endpoint: &str, what: &str) -> BackendError {
        let error = self.http.wrong(TroubleKind::Malformed, method, endpoint, what);
        BackendError { status: Some(200), ..error }
    }
}
