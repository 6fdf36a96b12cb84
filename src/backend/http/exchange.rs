//! One exchange as it is: what was asked, and what came back, whatever its status.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url, header};

use super::answer::{content_type, retry_after};
use super::asked::Asked;
use super::trust::is_loopback;
use super::{BackendError, Http};
use crate::backend::error::quote;
use crate::model::TroubleKind;

/// What is to be asked.
#[derive(Debug)]
pub struct Call {
    /// The verb.
    pub method: &'static str,
    /// Path, percent-encoded, below the base; or a whole address of the same origin.
    pub to: To,
    /// Another base than the profile's, which a login named.
    pub base: Option<Url>,
    /// Beside what the address has.
    pub query: Vec<(String, String)>,
    /// Beside `accept`.
    pub headers: Vec<(String, String)>,
    /// Content type and bytes.
    pub body: Option<(&'static str, Vec<u8>)>,
}

/// Where it goes.
#[derive(Clone, Debug)]
pub enum To {
    /// A path below the base.
    Path(String),
    /// What a server named: whole, or relative to the base.
    Link(String),
}

/// What came back.
#[derive(Debug)]
pub struct Exchange {
    /// The verb and path, for errors.
    pub method: &'static str,
    pub endpoint: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The media type, in small letters.
    pub content: String,
    pub bytes: Vec<u8>,
    /// `Retry-After`, as it was meant.
    pub retry_after: Option<Duration>,
    /// From the first byte sent to the last one read.
    pub took: Duration,
}

impl Http {
    /// Asks, and gives what came back. A status is no error here; no answer is. A redirect is followed
    /// within the origin, and only for what is read.
    pub async fn exchange(&self, call: Call) -> Result<Exchange, BackendError> {
        let (url, asked) = self.address(&call)?;
        let method = Method::from_bytes(call.method.as_bytes()).unwrap_or(Method::GET); // one of five words
        let client = if call.method == "GET" { &self.client } else { &self.strict };
        let mut request =
            self.dress(client.request(method, url), "application/json").timeout(self.limits.request);
        for (name, text) in &call.headers {
            let refused = |what: &str| {
                let what = format!("the header {}: {what}", quote(name));
                BackendError { sent: false, ..asked.wrong(None, TroubleKind::Configuration, &what) }
            };
            let key =
                HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused("no header has this name"))?;
            let value =
                HeaderValue::from_str(text).map_err(|_| refused("no header can carry what it says"))?;
            request = request.header(key, value);
        }
        if let Some((kind, bytes)) = call.body {
            request = request.header(header::CONTENT_TYPE, kind).body(bytes);
        }
        let started = Instant::now();
        let response = request.send().await.map_err(|error| asked.broken(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = asked.body(response, self.limits.body).await?;
        let (content, _) = content_type(&headers);
        let retry_after = retry_after(&headers);
        let took = started.elapsed();
        Ok(Exchange {
            method: call.method,
            endpoint: asked.endpoint,
            status,
            headers,
            content,
            bytes,
            retry_after,
            took,
        })
    }

    /// The origin and the whole path that a call leads to; nothing of a link that leads elsewhere.
    pub fn way_of(&self, call: &Call) -> (String, String) {
        match self.address(call) {
            Ok((url, _)) => (url.origin().ascii_serialization(), url.path().to_owned()),
            Err(_) => (String::new(), String::new()),
        }
    }

    /// Another base that a login named: no less guarded than the profile's.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn elsewhere(&self, base: &str) -> Result<Url, String> {
        let url = Url::parse(base).map_err(|error| format!("{}: no address: {error}", quote(base)))?;
        let here = is_loopback(&url) && is_loopback(&self.base);
        let guarded = url.scheme() == "https" || url.scheme() == "http" && here;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if url.host().is_none() || !guarded || !plain {
            return Err(format!("{} is no address that a token may be sent to", quote(base)));
        }
        Ok(url)
    }

    fn address(&self, call: &Call) -> Result<(Url, Asked<'_>), BackendError> {
        let refuse = |endpoint: &str, what: &str| BackendError {
            sent: false,
            ..self.wrong(TroubleKind::Malformed, call.method, endpoint, what)
        };
        let base = call.base.as_ref().unwrap_or(&self.base);
        let mut url = match &call.to {
            To::Path(path) => {
                let mut url = base.clone();
                let whole = format!("{}{path}", url.path().trim_end_matches('/'));
                url.set_path(&whole);
                url
            }
            To::Link(link) => {
                let url =
                    base.join(link).map_err(|error| refuse(&quote(link), &format!("no address: {error}")))?;
                if url.origin() != base.origin() {
                    return Err(refuse(&quote(link), "the next page is of another origin: not asked for"));
                }
                url
            }
        };
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let endpoint = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let endpoint = self.masked(&endpoint);
        Ok((url, Asked { http: self, method: call.method, endpoint }))
    }
}
