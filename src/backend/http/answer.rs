//! What the head of an answer says, and what the body of a failure does.

use std::time::{Duration, SystemTime};

use reqwest::header::{self, HeaderMap};
use serde_json::Value;

use super::super::error::quote;
use super::super::json;

/// The longest wait that a backend's `Retry-After` is believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// A JSON answer.
pub struct Answer {
    /// The document.
    pub value: Value,
    /// Whether `\u{fffd}` stands where its text could not be kept.
    pub mended: bool,
    /// From the first byte sent to the last one read.
    pub took: Duration,
}

/// Whether a media type is that of JSON.
pub fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The media type and the charset, both in small letters.
pub fn content_type(headers: &HeaderMap) -> (String, Option<String>) {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let text = text.to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or("").to_owned();
    let charset =
        parts.find_map(|part| part.strip_prefix("charset=")).map(|set| set.trim_matches('"').to_owned());
    (kind, charset)
}

/// `Retry-After`, in seconds or as a date seen from the answer's own clock; at most an hour.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
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
pub fn detail(content: &str, bytes: &[u8]) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
