//! How an exchange broke: what reqwest's error says when one looks into it.

use std::error::Error as _;
use std::io::ErrorKind;

/// The last cause, which is the one that says something.
pub fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Whether the body ended before its end. reqwest calls that a decoding error as well.
pub fn was_cut_off(error: &reqwest::Error) -> bool {
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

/// Whether certificate or handshake were the reason.
pub fn has_tls_error(error: &(dyn std::error::Error + 'static)) -> bool {
    // An I/O error passes over what it holds when it is asked for its source.
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || held.is_some_and(|held| has_tls_error(held))
        || error.source().is_some_and(has_tls_error)
}

/// What is said of a server that answers a handshake with something else.
pub const NO_TLS: &str = "speaks http and no TLS";

/// Whether the server answered the handshake with what is no TLS at all, as one of plain http does.
pub fn met_no_tls(error: &reqwest::Error) -> bool {
    // rustls keeps the reason as an enum inside of an enum; its text is the same on all paths.
    innermost(error).contains("InvalidContentType")
}
