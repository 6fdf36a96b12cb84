//! What an answer is: the rules of the file first, then its status, then its body.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

use super::session::Expired;
use crate::backend::error::{kind_of_status, quote};
use crate::backend::file::{ConnectorFile, ErrorKind, ErrorRule};
use crate::backend::http::{Exchange, Http, detail};
use crate::backend::mapping::Bindings;
use crate::backend::{BackendError, json};
use crate::model::TroubleKind;

/// Characters of a body that is no JSON, as rules see them.
const TEXT: usize = 2000;

/// An answer that is no failure.
#[derive(Debug)]
pub struct Told {
    method: &'static str,
    endpoint: String,
    status: u16,
    headers: HeaderMap,
    /// The document; null where it is empty.
    pub body: Value,
    /// Whether it says that there is nothing.
    pub is_empty: bool,
    /// Whether `\u{fffd}` stands where its text could not be kept.
    pub mended: bool,
    /// When it was given, by the server's own clock, in milliseconds.
    pub date: Option<i64>,
    /// How long the backend wants no other request.
    pub rest: Option<Duration>,
    /// How long it took.
    pub took: Duration,
}

impl Told {
    /// A document that was saved, as if it had just been answered.
    pub fn saved(body: Value) -> Self {
        Self {
            method: "GET",
            endpoint: "a saved answer".to_owned(),
            status: 200,
            headers: HeaderMap::new(),
            body,
            is_empty: false,
            mended: false,
            date: None,
            rest: None,
            took: Duration::ZERO,
        }
    }

    /// A header, where it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What stands around the document, as captures see it.
    pub fn around(&self) -> Value {
        json!({"status": self.status, "headers": named(&self.headers)})
    }

    /// What was asked, and how it was answered.
    pub fn line(&self) -> String {
        format!("{} {} {}", self.method, self.endpoint, self.status)
    }

    /// The error of an answer that is not what the file promises.
    pub fn wrong(&self, http: &Http, kind: TroubleKind, what: &str) -> BackendError {
        BackendError { status: Some(self.status), ..http.wrong(kind, self.method, &self.endpoint, what) }
    }
}

/// An answer that is a failure.
#[derive(Debug)]
pub struct Failed {
    /// As what it is told.
    pub error: BackendError,
    /// Whether it says that the login is not good any more.
    pub expired: Option<Expired>,
}

impl From<BackendError> for Failed {
    fn from(error: BackendError) -> Self {
        Self { error, expired: None }
    }
}

/// Judges what came back; `wants_json` says that nothing else will do.
///
/// # Errors
/// [`BackendError`]: a rule says so, or the status, or the body is no JSON.
pub fn judge(
    file: &ConnectorFile,
    http: &Http,
    exchange: Exchange,
    own: &[ErrorRule],
    bindings: &Bindings,
    wants_json: bool,
) -> Result<Told, Failed> {
    let Exchange { method, endpoint, status, headers, content, bytes, retry_after, took } = exchange;
    let parsed = json::parse(&bytes);
    let blank = bytes.iter().all(u8::is_ascii_whitespace);
    let wrong = |kind, what: &str| BackendError {
        status: Some(status),
        retry_after,
        ..http.wrong(kind, method, &endpoint, what)
    };
    let mut is_empty = blank && (200..300).contains(&status);
    let mut settled = false;
    let mut pause = None;
    if !file.errors.is_empty() || !own.is_empty() || file.rest.is_some() {
        let body = parsed.as_ref().map(|(body, _)| body.clone()).unwrap_or_default();
        let text: Value = match &parsed {
            Ok(_) => Value::Null,
            Err(_) => String::from_utf8_lossy(&bytes).chars().take(TEXT).collect::<String>().into(),
        };
        let all = named(&headers);
        let seen = json!({"status": status, "type": content, "headers": all, "body": body, "text": text});
        pause = file.rest.as_ref().and_then(|filter| seconds(&filter.one(&seen, bindings).ok()?));
        for rule in own.iter().chain(&file.errors) {
            // A rule that meets something else than it expects does not hold.
            if !rule.when.holds(&seen, bindings).unwrap_or(false) {
                continue;
            }
            match rule.kind {
                ErrorKind::Empty => (is_empty, settled) = (true, true),
                kind => {
                    let (kind, expired) = match kind {
                        ErrorKind::Trouble(kind) => (kind, None),
                        ErrorKind::Revoked => (TroubleKind::Auth, Some(Expired::Anew)),
                        ErrorKind::Expired | ErrorKind::Empty => (TroubleKind::Auth, Some(Expired::Refresh)),
                    };
                    let said = rule.message.as_ref().and_then(|filter| filter.one(&seen, bindings).ok());
                    let said = said.and_then(|said| said.as_str().map(quote)).filter(|said| !said.is_empty());
                    let what = said
                        .or_else(|| detail(&content, &bytes))
                        .unwrap_or_else(|| rule.when.text().to_owned());
                    let mut error = wrong(kind, &what);
                    let asked = rule.retry_after.as_ref().and_then(|filter| filter.one(&seen, bindings).ok());
                    error.retry_after = asked.as_ref().and_then(seconds).or(error.retry_after);
                    error.alone = rule.alone;
                    error.lost = rule.lost;
                    return Err(Failed { error, expired });
                }
            }
            break;
        }
    }
    if let Some(kind) = kind_of_status(status).filter(|_| !settled) {
        let what = detail(&content, &bytes).unwrap_or_else(|| "no reason given".to_owned());
        // Without a rule for it, 401 is an expired login.
        let expired = (kind == TroubleKind::Auth).then_some(Expired::Refresh);
        return Err(Failed { error: wrong(kind, &what), expired });
    }
    let (body, mended) = match parsed {
        Ok(parsed) => parsed,
        Err(_) if is_empty || !wants_json && content != "text/html" => (Value::Null, false),
        Err(_) if content == "text/html" => {
            return Err(wrong(TroubleKind::Malformed, "an HTML page instead of JSON").into());
        }
        Err(what) => {
            return Err(wrong(TroubleKind::Malformed, &format!("the body is no JSON: {what}")).into());
        }
    };
    let rest = pause.filter(|pause| !pause.is_zero());
    let date = headers.get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    let date = date.map(|date| date.timestamp().as_millisecond());
    Ok(Told { method, endpoint, status, headers, body, is_empty, mended, date, rest, took })
}

/// Headers by their names, in small letters.
fn named(headers: &HeaderMap) -> Map<String, Value> {
    let one = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.into()))
    };
    headers.iter().filter_map(one).collect()
}

/// How long a backend wants to be left alone, at most: longer than an hour is asked again.
const LONGEST_REST: f64 = 3600.0;

/// So many seconds, or until a moment.
fn seconds(value: &Value) -> Option<Duration> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    let number = number.or_else(|| {
        let until: jiff::Timestamp = value.as_str()?.trim().parse().ok()?;
        Some((until.as_millisecond() - jiff::Timestamp::now().as_millisecond()) as f64 / 1000.0)
    })?;
    let number = if number < 0.0 { 0.0 } else { number };
    number.is_finite().then(|| Duration::from_secs_f64(number.min(LONGEST_REST)))
}
