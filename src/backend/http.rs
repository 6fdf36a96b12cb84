//! HTTP manners: what is sent where, how much is taken, and how long it may last.
//!
//! - Plain HTTP only to this machine itself; a redirect only to the same origin, since a token
//!   would travel with it.
//! - A body is read in chunks under a cap, counted after decompression, and a request has one
//!   deadline for everything, so that neither a bomb nor a slow drip holds the console.
//! - An answer is read as JSON only where it says that it is JSON.

use std::error::Error as _;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;

use super::error::{BackendError, kind_of_status, quote};
use super::{Secret, json};
use crate::model::TroubleKind;

/// How much and how long, at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// For one request, from the first byte sent to the last one read.
    pub request: Duration,
    /// Silence on a stream of events before it is taken for dead.
    pub idle: Duration,
    /// Bytes of one body, after decompression.
    pub body: usize,
    /// Bytes of one event of a stream.
    pub event: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
            idle: Duration::from_secs(120),
            body: 64 << 20,
            event: 4 << 20,
        }
    }
}

/// Bytes of a failure's body that are worth reading.
const ERROR_BODY: usize = 64 << 10;

/// Redirects within the same origin, at most.
const MOST_REDIRECTS: usize = 5;

/// The longest wait that a backend's `Retry-After` is believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// A JSON answer.
pub(super) struct Answer {
    /// The document.
    pub value: Value,
    /// Whether `\u{fffd}` stands where its text could not be kept.
    pub mended: bool,
    /// From the first byte sent to the last one read.
    pub took: Duration,
}

/// The way to one origin, with its token.
#[derive(Clone, Debug)]
pub(super) struct Http {
    client: Client,
    base: Url,
    token: Option<Secret>,
    bearer: Option<HeaderValue>,
    pub(super) limits: Limits,
}

/// A request as errors name it.
struct Asked<'a> {
    http: &'a Http,
    endpoint: String,
}

impl Http {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// `Configuration` where `base` is no URL that a token may be sent to, `Auth` where the
    /// token cannot be part of a header, `Tls` where this machine has no certificates to trust.
    pub(super) fn new(base: &str, token: Option<Secret>, limits: Limits) -> Result<Self, BackendError> {
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
        let here = is_loopback(&url);
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
        ring();
        let mut client = Client::builder()
            .user_agent(concat!("siyu/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .tcp_nodelay(true)
            .redirect(redirect::Policy::custom(|attempt| {
                let same =
                    attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
                if attempt.previous().len() > MOST_REDIRECTS {
                    attempt.error("too many redirects")
                } else if same {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }));
        if here {
            client = client.no_proxy();
        }
        if url.scheme() == "http" {
            client = client.tls_certs_only([]); // no TLS will be spoken: do not look for certificates
        }
        let client = client.build().map_err(|error| {
            let what = format!("no certificates to trust a server by: {}", innermost(&error));
            wrong(TroubleKind::Tls, what)
        })?;
        Ok(Self { client, base: url, token, bearer, limits })
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
        let (url, asked) = self.ask(path, query)?;
        let started = std::time::Instant::now();
        let request = self.request(url, "application/json").timeout(self.limits.request);
        let response = request.send().await.map_err(|error| asked.broken(&error))?;
        let response = asked.good(response, "JSON", is_json).await?;
        let bytes = asked.body(response, self.limits.body).await?;
        let took = started.elapsed();
        let (value, mended) = json::parse(&bytes).map_err(|wrong| {
            asked.wrong(Some(200), TroubleKind::Malformed, &format!("the body is no JSON: {wrong}"))
        })?;
        Ok(Answer { value, mended, took })
    }

    /// Opens a stream of server-sent events.
    pub(super) async fn get_events(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Response, BackendError> {
        let (url, asked) = self.ask(path, query)?;
        let late = || asked.wrong(None, TroubleKind::Timeout, "the stream did not open in time");
        let opening = async {
            let request = self.request(url, "text/event-stream").header(header::CACHE_CONTROL, "no-store");
            let response = request.send().await.map_err(|error| asked.broken(&error))?;
            asked.good(response, "a stream of events", |kind| kind == "text/event-stream").await
        };
        tokio::time::timeout(self.limits.request, opening).await.map_err(|_| late())?
    }

    /// The error of a stream that broke after it was opened.
    pub(super) fn stream_broke(&self, endpoint: &str, error: &reqwest::Error) -> BackendError {
        Asked { http: self, endpoint: endpoint.to_owned() }.broken(error)
    }

    fn request(&self, url: Url, accept: &'static str) -> reqwest::RequestBuilder {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        if let Some(bearer) = &self.bearer {
            headers.insert(header::AUTHORIZATION, bearer.clone());
        }
        self.client.get(url).headers(headers)
    }

    fn ask(&self, path: &[&str], query: &[(&str, &str)]) -> Result<(Url, Asked<'_>), BackendError> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(path),
            Err(()) => {
                let what = "`url` cannot have a path";
                return Err(BackendError::new(TroubleKind::Configuration, "GET", &self.origin(), what));
            }
        };
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let endpoint = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok((url, Asked { http: self, endpoint }))
    }
}

impl Asked<'_> {
    fn wrong(&self, status: Option<u16>, kind: TroubleKind, what: &str) -> BackendError {
        let mask =
            |text: &str| self.http.token.as_ref().map_or_else(|| text.to_owned(), |token| token.mask(text));
        let mut error = BackendError::new(kind, "GET", &mask(&self.endpoint), mask(what));
        error.status = status;
        error
    }

    /// The error of an exchange that gave no whole answer.
    fn broken(&self, error: &reqwest::Error) -> BackendError {
        let said = quote(&innermost(error));
        let at = self.http.origin();
        let (kind, what) = if error.is_timeout() {
            let (within, what) = if error.is_connect() {
                (self.http.limits.connect, "no connection")
            } else {
                (self.http.limits.request, "no whole answer")
            };
            (TroubleKind::Timeout, format!("{what} from {at} within {} s", within.as_secs_f32()))
        } else if error.is_dns() {
            (TroubleKind::Dns, format!("the host of {at} is not known: {said}"))
        } else if has_tls_error(error) {
            (TroubleKind::Tls, format!("no trust in {at}: {said}"))
        } else if error.is_connect() {
            (TroubleKind::Connect, format!("nobody answers at {at}: {said}"))
        } else if error.is_redirect() {
            (TroubleKind::Malformed, format!("more than {MOST_REDIRECTS} redirects"))
        } else if error.is_decode() && !was_cut_off(error) {
            (TroubleKind::Malformed, format!("the body cannot be decompressed: {said}"))
        } else {
            (TroubleKind::Reset, format!("the connection to {at} broke: {said}"))
        };
        self.wrong(None, kind, &what)
    }

    /// The response, where it is a success of the wanted content type.
    async fn good(
        &self,
        response: Response,
        wanted: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Response, BackendError> {
        let status = response.status().as_u16();
        if let Some(kind) = kind_of_status(status) {
            return Err(self.refused(response, kind).await);
        }
        let (kind, charset) = content_type(response.headers());
        let malformed = |what: String| Err(self.wrong(Some(status), TroubleKind::Malformed, &what));
        if status == 204 {
            return malformed(format!("an empty answer (204) instead of {wanted}"));
        }
        if !is_wanted(&kind) {
            let got = match kind.as_str() {
                "" => "an answer without a content type".to_owned(),
                "text/html" => "an HTML page".to_owned(),
                other => format!("`{}`", quote(other)),
            };
            return malformed(format!("{got} instead of {wanted}"));
        }
        match charset.as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii") => Ok(response),
            Some(other) => malformed(format!("text in `{}` instead of UTF-8", quote(other))),
        }
    }

    /// The error of an answer whose status is no success.
    async fn refused(&self, response: Response, kind: TroubleKind) -> BackendError {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        let (content, _) = content_type(response.headers());
        let what = if status.is_redirection() {
            format!(
                "redirects to {}, another origin: not followed",
                quote(&location.unwrap_or_else(|| "nowhere".into()))
            )
        } else {
            let detail = match self.body(response, ERROR_BODY).await {
                Ok(bytes) => detail(&content, &bytes),
                Err(_) => None,
            };
            detail.unwrap_or_else(|| status.canonical_reason().unwrap_or("no reason given").to_owned())
        };
        let mut error = self.wrong(Some(status.as_u16()), kind, &what);
        error.retry_after = retry_after;
        error
    }

    /// The body, where it is not larger than `cap` bytes.
    async fn body(&self, mut response: Response, cap: usize) -> Result<Vec<u8>, BackendError> {
        let status = Some(response.status().as_u16());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if bytes.len() + chunk.len() > cap {
                let what = format!("the body is larger than {cap} bytes");
                return Err(self.wrong(status, TroubleKind::Malformed, &what));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// Makes ring the process's cryptography, unless somebody chose another before.
fn ring() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default(); // Err: one is installed
    });
}

/// Whether the URL leads to this machine itself.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The media type and the charset, both in small letters.
fn content_type(headers: &HeaderMap) -> (String, Option<String>) {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let text = text.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or("").to_owned();
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=")).map(|set| set.trim_matches('"').to_owned());
    (kind, charset)
}

/// `Retry-After`, in seconds or as a date seen from the answer's own clock; at most an hour.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
            let now = headers.get(header::DATE).and_then(|now| date(now.to_str().ok()?));
            let now = now.or_else(|| jiff::Timestamp::try_from(SystemTime::now()).ok())?;
            Duration::try_from(date(text)?.duration_since(now)).unwrap_or_default() // Err: it is past
        }
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// What a failure's body says, in the words of problem+json or of what others use.
fn detail(content: &str, bytes: &[u8]) -> Option<String> {
    if content == "text/html" {
        return Some("answered with an HTML page".to_owned());
    }
    if is_json(content) {
        let (value, _) = json::parse(bytes).ok()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        return match (text("title"), text("detail")) {
            (Some(title), Some(detail)) => Some(quote(&format!("{title}: {detail}"))),
            (Some(one), None) | (None, Some(one)) => Some(quote(one)),
            (None, None) => ["message", "msg", "errmsg", "error"].iter().find_map(|key| text(key)).map(quote),
        };
    }
    let text = quote(&String::from_utf8_lossy(bytes));
    (content.starts_with("text/") && !text.is_empty()).then_some(text)
}

/// The last cause, which is the one that says something.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Whether the body ended before its end. reqwest calls that a decoding error as well.
fn was_cut_off(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(kind, Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe))
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn has_tls_error(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(base: &str, token: Option<&str>) -> Option<TroubleKind> {
        Http::new(base, token.map(Secret::new), Limits::default()).err().map(|error| error.kind)
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
        let text = Http::new("http://me:secret@h", None, Limits::default()).unwrap_err().to_string();
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        let wait = |after: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::DATE, "Sun, 06 Nov 1994 08:49:00 GMT".parse().unwrap());
            headers.insert(header::RETRY_AFTER, after.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(37)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:48:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("999999999"), Some(LONGEST_RETRY_AFTER));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn details_of_several_makes() {
        let problem = br#"{"title":"Not found","detail":"no customer c9","status":404}"#;
        assert_eq!(detail("application/problem+json", problem).unwrap(), "Not found: no customer c9");
        assert_eq!(detail("application/json", br#"{"code":1,"msg":"bad"}"#).unwrap(), "bad");
        assert_eq!(detail("text/plain", b"upstream down\n").unwrap(), "upstream down");
        assert!(detail("text/html", b"<h1>").unwrap().contains("HTML"));
        assert_eq!(detail("", b"\x00\x01"), None);
    }
}
