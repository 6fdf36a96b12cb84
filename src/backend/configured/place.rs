//! Where a pull stands: all of it, as a short JSON text.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a pull stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the pull began, in milliseconds since the epoch: what the next one asks for changes since.
    pub mark: i64,
    /// Only what has changed since then is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Number of the page, or of items to pass over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// What the answer before, or its last item, said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<serde_json::Value>,
    /// The address that the answer before named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Items so far, where that tells the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub had: Option<u64>,
    /// Whether the means of paging were switched.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub switched: bool,
    /// The first item of the page before, as a number that stands for it: a server that knows nothing of
    /// pages gives the same one for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Of a pull for each of another kind: the page of that kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<Box<Place>>,
    /// And which of that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
}

impl Place {
    /// The start of a whole pull.
    pub fn start(mark: i64) -> Self {
        Self {
            mark,
            since: None,
            number: None,
            cursor: None,
            url: None,
            had: None,
            switched: false,
            before: None,
            outer: None,
            nth: None,
        }
    }

    /// The start of a pull of what has changed since.
    pub fn changed(mark: i64, since: i64) -> Self {
        Self { since: Some(since), ..Self::start(mark) }
    }

    /// The first page for the same one of the other kind.
    pub fn fresh(&self) -> Self {
        Self { since: self.since, outer: self.outer.clone(), nth: self.nth, ..Self::start(self.mark) }
    }

    /// Whether nothing was had yet.
    pub fn is_first(&self) -> bool {
        self.number.is_none() && self.cursor.is_none() && self.url.is_none() && self.outer.is_none()
    }

    /// The place alone, without the one of the other kind.
    pub fn inner(&self) -> Self {
        Self { outer: None, nth: None, ..self.clone() }
    }

    /// Reads the text of a place.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // every member can be written
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

/// Now, in milliseconds since the epoch.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
