//! Cursors: where a page ended, and which change number its first page had.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::Resource;

/// Where the next page of a collection begins.
///
/// Clients treat its text as opaque; it is bound to one collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The collection.
    pub resource: Resource,
    /// Change number as of the first page.
    pub seq: i64,
    /// Key of the last record of the page before.
    pub after: String,
}

impl Cursor {
    /// The text that a client hands back.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("1 {} {} {}", self.resource.name(), self.seq, self.after))
    }

    /// Reads a text of [`Cursor::encode`]; `None` where it is none, or of another collection.
    pub fn decode(resource: Resource, text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.splitn(4, ' ');
        let (version, name, seq, after) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let seq = seq.parse().ok()?;
        (version == "1" && name == resource.name()).then(|| Self { resource, seq, after: after.to_owned() })
    }
}
