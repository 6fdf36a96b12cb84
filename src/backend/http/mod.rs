//! HTTP manners: what is sent where, how much is taken, and how long it may last.
//!
//! - Plain HTTP only to this machine itself; a redirect only to the same origin, since a token
//!   would travel with it, and none at all with what is written.
//! - A body is read in chunks under a cap, counted after decompression, and a request has one
//!   deadline for everything, so that neither a bomb nor a slow drip holds the console.
//! - An answer is read as JSON only where it says that it is JSON.

mod answer;
mod asked;
mod broken;
mod exchange;
mod limits;
mod trust;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response, Url, redirect};
use serde_json::Value;

use super::Secret;
use super::error::{BackendError, quote};
use crate::model::TroubleKind;
use asked::Asked;

pub(super) use answer::{Answer, detail};
pub use broken::NO_TLS;
pub(super) use exchange::{Call, Exchange, To};
pub use limits::Limits;

/// Redirects within the same origin, at most.
const MOST_REDIRECTS: usize = 5;

/// Secrets that were captured and are masked, at most: logins are renewed again and again.
const MOST_HIDDEN: usize = 32;

/// The way to one origin, with its token.
#[derive(Clone, Debug)]
pub(super) struct Http {
    /// For what is read.
    client: Client,
    /// For what is written: it follows nothing.
    strict: Client,
    base: Url,
    token: Option<Secret>,
    /// Secrets beside the token.
    named: Vec<Secret>,
    /// More that errors must not show.
    hidden: Arc<Mutex<VecDeque<Secret>>>,
    bearer: Option<HeaderValue>,
    pub(super) limits: Limits,
}

/// What is to be written.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub method: Method,
    /// Segments below the base, each percent-encoded here.
    pub path: Vec<&'a str>,
    pub body: Option<Value>,
    pub key: &'a str,
    pub if_match: Option<&'a str>,
}

/// What came back for it.
pub(super) enum Written {
    /// A success, with its document.
    Taken(Answer),
    /// 412: the record has moved on; as it is now, where the backend says so.
    Stale(Option<Value>),
}

impl Http {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// `Configuration` where `base` is no URL that a token may be sent to, `Auth` where the
    /// token cannot be part of a header, `Tls` where this machine has no certificates to trust.
    pub(super) fn new(
        base: &str,
        token: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        let wrong = |kind, what: String| BackendError::new(kind, "GET", &quote(base), what);
        let refuse = |what: &str| Err(wrong(TroubleKind::Configuration, what.to_owned()));
        let url = match Url::parse(base) {
            Ok(url) if url.host().is_some() => url,
            Ok(_) => return refuse("`url` names no host"),
            Err(error) => return refuse(&format!("`url` cannot be read: {error}")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            let what = "`url` holds a user name or a password; give a token instead";
            return Err(BackendError::new(TroubleKind::Configuration, "GET", "***", what));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("`url` is the root of the API: no `?` and no `#`");
        }
        let here = trust::is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return refuse("plain http would show the token to the network: use https"),
            other => return refuse(&format!("`{other}` is no scheme for an API: use https")),
        }
        let bearer = match &token {
            None => None,
            Some(secret) => match HeaderValue::from_str(&format!("Bearer {}", secret.reveal())) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    Some(value)
                }
                Err(_) => {
                    return Err(wrong(
                        TroubleKind::Auth,
                        "the token has characters that no header can carry".into(),
                    ));
                }
            },
        };
        let roots = match ca_file {
            Some(file) => trust::roots(file).map_err(|what| wrong(TroubleKind::Configuration, what))?,
            None => Vec::new(),
        };
        let plain = url.scheme() == "http";
        let client = |policy| {
            let mut client = client(&limits).redirect(policy);
            if here {
                client = client.no_proxy();
            }
            client = match plain {
                true => client.tls_certs_only([]), // no TLS will be spoken: do not look for certificates
                false => client.tls_certs_merge(roots.iter().cloned()),
            };
            client.build().map_err(|error| {
                let what = format!("no certificates to trust a server by: {}", broken::innermost(&error));
                wrong(TroubleKind::Tls, what)
            })
        };
        let (client, strict) = (client(same_origin())?, client(redirect::Policy::none())?);
        Ok(Self {
            client,
            strict,
            base: url,
            token,
            named: Vec::new(),
            hidden: Arc::default(),
            bearer,
            limits,
        })
    }

    /// The same for a backend whose requests say by themselves where the secret goes; it is masked in
    /// all errors.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub(super) fn bare(
        base: &str,
        secret: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        let http = Self::new(base, None, limits, ca_file)?;
        Ok(Self { token: secret, ..http })
    }

    /// The same, that masks more secrets in all errors.
    pub(super) fn masking(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.named.extend(secrets);
        self
    }

    /// Where this way leads, without path.
    pub(super) fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// Gets a JSON document from `path` (its segments, each percent-encoded here) below the base.
    pub(super) async fn get_json(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, BackendError> {
        let (url, asked) = self.ask("GET", path, query)?;
        let started = Instant::now();
        let request = self.dress(self.client.get(url), "application/json").timeout(self.limits.request);
        let response = request.send().await.map_err(|error| asked.broken(&error))?;
        asked.document(response, started).await
    }

    /// Sends a write. No redirect is followed, and nothing is tried twice.
    pub(super) async fn send_json(&self, write: Request<'_>) -> Result<Written, BackendError> {
        let (url, asked) = self.ask(verb(&write.method), &write.path, &[])?;
        let mut request = self.dress(self.strict.request(write.method, url), "application/json");
        let quoted = write.if_match.map(|rev| format!("\"{rev}\""));
        let headers = [("idempotency-key", Some(write.key)), ("if-match", quoted.as_deref())];
        for (name, text) in headers {
            let Some(text) = text else { continue };
            let value = HeaderValue::from_str(text).map_err(|_| {
                let what = format!("no header can carry this {name}");
                BackendError { sent: false, ..asked.wrong(None, TroubleKind::Validation, &what) }
            })?;
            request = request.header(HeaderName::from_static(name), value);
        }
        if let Some(body) = write.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let started = Instant::now();
        let response =
            request.timeout(self.limits.request).send().await.map_err(|error| asked.broken(&error))?;
        if response.status() == reqwest::StatusCode::PRECONDITION_FAILED {
            return Ok(Written::Stale(asked.current(response).await));
        }
        asked.document(response, started).await.map(Written::Taken)
    }

    /// Opens a stream of server-sent events.
    pub(super) async fn get_events(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Response, BackendError> {
        let (url, asked) = self.ask("GET", path, query)?;
        let late = || asked.wrong(None, TroubleKind::Timeout, "the stream did not open in time");
        let opening = async {
            let request = self
                .dress(self.client.get(url), "text/event-stream")
                .header(header::CACHE_CONTROL, "no-store");
            let response = request.send().await.map_err(|error| asked.broken(&error))?;
            asked.good(response, "a stream of events", |kind| kind == "text/event-stream").await
        };
        tokio::time::timeout(self.limits.request, opening).await.map_err(|_| late())?
    }

    /// An error with the token masked in all of its texts.
    pub(super) fn wrong(
        &self,
        kind: TroubleKind,
        method: &'static str,
        endpoint: &str,
        what: &str,
    ) -> BackendError {
        BackendError::new(kind, method, &self.masked(endpoint), self.masked(what))
    }

    /// The text with the token masked.
    fn masked(&self, text: &str) -> String {
        let hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.token.iter().chain(&self.named).chain(hidden.iter());
        all.fold(text.to_owned(), |text, secret| secret.mask(&text))
    }

    /// Masks one more secret in all errors; the oldest of many is forgotten.
    pub(super) fn hide(&self, secret: Secret) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        if !hidden.contains(&secret) {
            hidden.push_back(secret);
        }
        if hidden.len() > MOST_HIDDEN {
            hidden.pop_front();
        }
    }

    /// The error of a stream that broke after it was opened.
    pub(super) fn stream_broke(&self, endpoint: &str, error: &reqwest::Error) -> BackendError {
        Asked { http: self, method: "GET", endpoint: endpoint.to_owned() }.broken(error)
    }

    /// The request with what all of them carry.
    fn dress(&self, request: RequestBuilder, accept: &'static str) -> RequestBuilder {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        if let Some(bearer) = &self.bearer {
            headers.insert(header::AUTHORIZATION, bearer.clone());
        }
        request.headers(headers)
    }

    fn ask(
        &self,
        method: &'static str,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<(Url, Asked<'_>), BackendError> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(path),
            Err(()) => {
                let what = "`url` cannot have a path";
                return Err(BackendError::new(TroubleKind::Configuration, method, &self.origin(), what));
            }
        };
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let endpoint = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok((url, Asked { http: self, method, endpoint }))
    }
}

/// The word of a method that writes.
pub(super) fn verb(method: &Method) -> &'static str {
    match *method {
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "POST",
    }
}

/// What all clients have in common.
fn client(limits: &Limits) -> ClientBuilder {
    trust::ring();
    Client::builder()
        .user_agent(concat!("siyu/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .tcp_nodelay(true)
}

/// Follows a redirect to the same origin, and no other.
fn same_origin() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let same = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
        if attempt.previous().len() > MOST_REDIRECTS {
            attempt.error("too many redirects")
        } else if same {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(base: &str, token: Option<&str>) -> Option<TroubleKind> {
        Http::new(base, token.map(Secret::new), Limits::default(), None).err().map(|error| error.kind)
    }

    #[test]
    fn a_token_goes_only_where_nobody_listens_in() {
        for good in ["http://127.0.0.1:7420", "http://localhost", "http://[::1]:80/api/"] {
            assert_eq!(kind(good, Some("t")), None, "{good}");
        }
        for bad in [
            "http://example.org",
            "http://127.0.0.1.example.org",
            "ftp://localhost",
            "",
            "localhost:80",
            "http://me:secret@localhost",
            "http://localhost/?a=b",
            "http://localhost/#x",
            "unix:/x",
        ] {
            assert_eq!(kind(bad, None), Some(TroubleKind::Configuration), "{bad}");
        }
        assert_eq!(kind("http://localhost", Some("a\nb")), Some(TroubleKind::Auth));
        let text = Http::new("http://me:secret@h", None, Limits::default(), None).unwrap_err().to_string();
        assert!(!text.contains("secret"), "{text}");
    }
}
