//! Errors as clients see them: `application/problem+json` (RFC 9457).

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::StoreError;

/// What went wrong with a request.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Problem {
    /// Kind of problem, a stable word for programs: `urn:siyu:problem:…`.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What went wrong this time, and what to do about it.
    detail: String,
    /// 412: the record as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Box<Value>>,
    /// 422: everything that is wrong with the body.
    #[serde(skip_serializing_if = "<[Mistake]>::is_empty")]
    errors: Box<[Mistake]>,
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(super) struct Mistake {
    /// Where, such as `due_at` or `add[1]`; `.` for the body itself.
    pub path: String,
    /// What is expected there.
    pub message: String,
}

impl Mistake {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl Problem {
    fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:siyu:problem:{kind}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            current: None,
            errors: Box::default(),
            headers: Vec::new(),
        }
    }

    fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// 400: a parameter that cannot be understood.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &format!("bad-{name}"), detail)
    }

    /// 401: no token, or another one.
    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
            .with(header::WWW_AUTHENTICATE, r#"Bearer realm="siyu""#)
    }

    /// 403: asked by a name that is not this machine's.
    pub fn foreign_host() -> Self {
        let detail = "without a token this server answers only to localhost, 127.0.0.1 and [::1]";
        Self::new(StatusCode::FORBIDDEN, "foreign-host", detail)
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// 405; the router adds `Allow`.
    pub fn method(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    /// 409: what is asked for does not go together with what is there.
    pub fn conflict(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, kind, detail)
    }

    /// 412: the record has moved on since the client saw it.
    pub fn stale(detail: impl Into<String>, current: Value) -> Self {
        let problem = Self::new(StatusCode::PRECONDITION_FAILED, "stale", detail);
        Self { current: Some(Box::new(current)), ..problem }
    }

    /// 413.
    pub fn too_large(most: usize) -> Self {
        let detail = format!("a body has at most {most} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    /// 415.
    pub fn not_json() -> Self {
        let detail = "send the body as JSON, with `Content-Type: application/json`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail)
    }

    /// 422: the body is JSON, but not what is asked for.
    pub fn invalid(errors: Vec<Mistake>) -> Self {
        let first = errors.first().map_or_else(String::new, |first| match first.path.as_str() {
            "." => first.message.clone(),
            path => format!("{path}: {}", first.message),
        });
        let detail = match errors.len() {
            0 | 1 => first,
            count => format!("{first} (and {} more)", count - 1),
        };
        Self { errors: errors.into(), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// 422: the key was used for another write.
    pub fn key_reused() -> Self {
        let detail = "this Idempotency-Key stands for another write: take a new one for a new write";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", detail)
    }

    /// 429, to be tried again after `wait`.
    pub fn too_many(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("too many writes: come back in {seconds} seconds");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", detail);
        problem.headers.push((header::RETRY_AFTER, seconds.into()));
        problem
    }

    /// 500: the store has something that is no record.
    pub fn broken_record() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "store", "the store failed; its log says more")
    }

    /// 503, to be tried again.
    pub fn busy(detail: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).with(header::RETRY_AFTER, "2")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone { .. } => {
                let detail = format!("{error}; pull every resource again");
                Self::new(StatusCode::GONE, "gone", detail)
            }
            StoreError::Sql { what, source } if is_passing(&source) => {
                tracing::warn!(what, %source, "the store cannot do it now");
                Self::busy("the store cannot do it now: it is busy, or its disk is full")
            }
            error => {
                // What SQLite said stays in the log: it may name files of this machine.
                tracing::error!(%error, "the store failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "store", "the store failed; its log says more")
            }
        }
    }
}

/// Whether the same may go well a little later.
fn is_passing(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked | DiskFull))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default(); // strings and a number
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let mut response = (status, kind, body).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}
