//! How talking to a backend fails, by kind, with what was asked and what to do.

use std::fmt;
use std::time::Duration;

use crate::model::{Trouble, TroubleKind};

/// A request that did not give what was asked for. No secret is in any of its texts; a quote
/// from the backend is short and without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendError {
    /// What kind of failure.
    pub kind: TroubleKind,
    /// The verb, such as `GET`.
    pub method: &'static str,
    /// Path and query of the request, or the base URL where it did not come to one.
    pub endpoint: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What was wrong.
    pub what: String,
    /// Whether the request can have reached the backend; `false` only where it surely has not.
    pub sent: bool,
    /// How long the backend asked to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether it asked so for this endpoint alone.
    pub alone: bool,
    /// Whether it says that one of the staff has this customer no more.
    pub lost: bool,
}

/// Longest quote from a backend, in characters.
const LONGEST_QUOTE: usize = 300;

impl BackendError {
    /// A failure without an answer. Where a name was not found, nobody listened, nobody was
    /// trusted or the profile is wrong, nothing was sent.
    pub(super) fn new(
        kind: TroubleKind,
        method: &'static str,
        endpoint: &str,
        what: impl Into<String>,
    ) -> Self {
        use TroubleKind::{Configuration, Connect, Dns, Tls};
        Self {
            kind,
            method,
            endpoint: endpoint.to_owned(),
            status: None,
            what: what.into(),
            sent: !matches!(kind, Dns | Connect | Tls | Configuration),
            retry_after: None,
            alone: false,
            lost: false,
        }
    }

    /// What the operator can do about it.
    pub fn remedy(&self) -> &'static str {
        match self.kind {
            TroubleKind::Auth => {
                "check the token of the profile (token_env, token_file, token_command, keyring, SIYU_TOKEN)"
            }
            TroubleKind::Forbidden => "ask the backend's administrator for the permission",
            TroubleKind::NotFound => {
                "check that `url` is the root of the API, and that the backend offers this"
            }
            TroubleKind::Conflict => "the record changed meanwhile: read it again",
            TroubleKind::Rate => "wait; it is tried again when the backend allows it",
            TroubleKind::Validation => {
                "the backend and this siyu disagree on the API: compare their versions"
            }
            TroubleKind::Gone => "a full pull follows by itself",
            TroubleKind::Server => "look at the backend's own log; it is tried again",
            TroubleKind::Dns => "check the host in `url`, and the network",
            TroubleKind::Connect => "check that the backend runs, and the host and port in `url`",
            TroubleKind::Timeout => "the backend or the network is slow; it is tried again",
            TroubleKind::Reset => "the connection broke; it is tried again",
            TroubleKind::Tls => "check the certificate, the host in `url`, and this machine's clock",
            TroubleKind::Malformed => "check that `url` is the API and not a login or error page",
            TroubleKind::Configuration => "correct the profile in the configuration",
            TroubleKind::Store => "see `siyu doctor`",
        }
    }

    /// The same as plain data.
    pub fn trouble(&self) -> Trouble {
        Trouble { kind: self.kind, text: self.to_string(), remedy: self.remedy().to_owned() }
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.method, self.endpoint)?;
        if let Some(status) = self.status {
            write!(f, "status {status}: ")?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for BackendError {}

/// Text from outside, cut to a few hundred characters and freed of control characters.
pub(super) fn quote(text: &str) -> String {
    let calm = |c: char| if c.is_control() { ' ' } else { c };
    let mut quoted: String = text.trim().chars().take(LONGEST_QUOTE).map(calm).collect();
    if text.trim().chars().nth(LONGEST_QUOTE).is_some() {
        quoted.push('…');
    }
    quoted
}

/// What kind of failure a status stands for; `None` where it is a success.
pub(super) fn kind_of_status(status: u16) -> Option<TroubleKind> {
    Some(match status {
        200..=299 => return None,
        401 => TroubleKind::Auth,
        403 => TroubleKind::Forbidden,
        404 => TroubleKind::NotFound,
        408 | 504 => TroubleKind::Timeout,
        409 | 412 => TroubleKind::Conflict,
        410 => TroubleKind::Gone,
        429 => TroubleKind::Rate,
        400..=499 => TroubleKind::Validation,
        500..=599 => TroubleKind::Server,
        _ => TroubleKind::Malformed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_and_what_to_do() {
        let mut error = BackendError::new(TroubleKind::Auth, "GET", "/v1/meta", "no such token");
        error.status = Some(401);
        assert_eq!(error.to_string(), "GET /v1/meta: status 401: no such token");
        assert!(error.remedy().contains("token"));
        assert!(!error.kind.may_pass());
    }

    #[test]
    fn quotes_are_short_and_calm() {
        assert_eq!(quote(" a\u{1b}[31mb\n"), "a [31mb");
        assert_eq!(quote(&"长".repeat(400)).chars().count(), LONGEST_QUOTE + 1);
    }
}
