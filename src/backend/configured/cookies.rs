//! Cookies, for backends whose login sets them: what an answer set goes with what is asked next, to the
//! same origin, and is forgotten at the next login.

use std::sync::{Mutex, PoisonError};

use reqwest::header::{HeaderMap, SET_COOKIE};

/// Cookies kept, at most.
const MOST: usize = 50;

/// Names and values, with the origin that set them.
#[derive(Debug, Default)]
pub struct Jar(Mutex<Vec<Cookie>>);

#[derive(Debug, PartialEq, Eq)]
struct Cookie {
    origin: String,
    name: String,
    value: String,
}

impl Jar {
    /// What a request to an origin carries; `None` where there is nothing.
    pub fn header(&self, origin: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = kept.iter().filter(|cookie| cookie.origin == origin);
        let all: Vec<String> = own.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// Keeps what an answer of an origin sets, and gives the values.
    pub fn take(&self, origin: &str, headers: &HeaderMap) -> Vec<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = Vec::new();
        for set in headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok()) {
            let mut parts = set.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let gone = value.is_empty()
                || parts.any(|part| {
                    let (key, number) = part.split_once('=').unwrap_or((part, ""));
                    key.eq_ignore_ascii_case("max-age") && number.parse::<i64>().is_ok_and(|left| left <= 0)
                });
            kept.retain(|cookie| cookie.origin != origin || cookie.name != name);
            if !gone && kept.len() < MOST {
                values.push(value.to_owned());
                kept.push(Cookie {
                    origin: origin.to_owned(),
                    name: name.to_owned(),
                    value: value.to_owned(),
                });
            }
        }
        values
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_by_origin_replaced_and_taken_away() {
        let jar = Jar::default();
        let headers = |all: &[&str]| {
            let mut headers = HeaderMap::new();
            for one in all {
                headers.append(SET_COOKIE, one.parse().unwrap());
            }
            headers
        };
        jar.take("http://a", &headers(&["s=1=2; Path=/; HttpOnly", "t=x", "=", "odd"]));
        assert_eq!(jar.header("http://a").as_deref(), Some("s=1=2; t=x"));
        assert_eq!(jar.header("http://b"), None);
        jar.take("http://a", &headers(&["s=3; Max-Age=60", "t=y; max-age=0"]));
        assert_eq!(jar.header("http://a").as_deref(), Some("s=3"));
        jar.clear();
        assert_eq!(jar.header("http://a"), None);
    }
}
