//! Who may ask: the bearer token, and the names by which a server without one answers.

use std::fmt;
use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// The secret that clients must send. Never shown.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token; `None` where the text is empty, or could not be sent in a header: visible ASCII
    /// is what can.
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// Whether `text` is the token. Takes as long for a near miss as for a far one.
    fn is(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        let mut differ = own.len() ^ other.len();
        for (place, byte) in other.iter().enumerate() {
            differ |= usize::from(own[place % own.len()] ^ byte);
        }
        std::hint::black_box(differ) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lets a request through, or answers 401 or 403.
pub(super) async fn guard(State(token): State<Option<Token>>, request: Request, next: Next) -> Response {
    let verdict = match &token {
        Some(_) if request.uri().path() == super::routes::OPENAPI => Ok(()),
        Some(token) => bearer(request.headers()).and_then(|sent| match token.is(sent) {
            true => Ok(()),
            false => Err(Problem::unauthorized("the token is not the one this server was started with")),
        }),
        // A page in a browser can reach a loopback port by a name of its own (DNS rebinding).
        None if is_own_name(request.headers()) => Ok(()),
        None => Err(Problem::foreign_host()),
    };
    match verdict {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let missing = || Problem::unauthorized("send the header `Authorization: Bearer TOKEN`");
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.trim().split_once(' ')).ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}

fn is_own_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true }; // no browser leaves it out
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_only_and_never_shown() {
        let token = Token::new("s3cret").unwrap();
        assert!(token.is("s3cret"));
        for other in ["", "s3cre", "s3crets", "S3cret", "s3crets3cret"] {
            assert!(!token.is(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert!(Token::new("").is_none() && Token::new("with space").is_none());
    }

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let asked = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            is_own_name(&headers)
        };
        for own in ["localhost:7420", "LOCALHOST", "127.0.0.1", "127.0.0.1:80", "[::1]:7420", "[::1]"] {
            assert!(asked(own), "{own}");
        }
        for other in ["evil.example", "127.0.0.1.evil.example:7420", "192.168.0.2:7420", "[::2]", ""] {
            assert!(!asked(other), "{other}");
        }
    }
}
