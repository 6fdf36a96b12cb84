//! One page of a collection, and what makes a walk over pages suspicious.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use super::json;
use crate::model::{AnyRecord, Complaint, Resource};

/// One page of a collection.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The records that could be read; no key comes twice.
    pub items: Vec<AnyRecord>,
    /// What was wrong with records or fields.
    pub complaints: Vec<Complaint>,
    /// How many items could not be read at all; that they are missing does not mean that the
    /// backend no longer has them.
    pub unread: usize,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<String>,
    /// The change number as of the first page, where the backend counts changes.
    pub seq: Option<i64>,
    /// How many records there are in all, where the backend says so.
    pub total: Option<u64>,
    /// Requests that it took, where it was not one.
    pub calls: Option<u64>,
    /// Records of other kinds that came with them.
    pub riders: Vec<(Resource, Vec<AnyRecord>)>,
}

impl Page {
    /// Reads the body of a page; `mended` says that `\u{fffd}` stands where text was lost.
    ///
    /// # Errors
    /// What is wrong with the page as a whole. A bad item is no error but a complaint.
    pub(super) fn read(resource: Resource, body: Value, mended: bool) -> Result<Self, String> {
        let Value::Object(mut body) = body else {
            return Err("the body is no JSON object".to_owned());
        };
        let items = match body.remove("items") {
            Some(Value::Array(items)) => items,
            Some(_) => return Err("`items` is no list".to_owned()),
            None => return Err(without_items(&body)),
        };
        let next = match body.remove("next_cursor") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text).filter(|text| !text.is_empty()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => return Err("`next_cursor` is neither text nor null".to_owned()),
        };
        let seq = body.get("seq").and_then(integer);
        let total = body.get("total").and_then(integer).and_then(|total| u64::try_from(total).ok());
        let mut gathering = Gathering::new(resource, mended);
        items.into_iter().for_each(|item| gathering.take(item, Vec::new()));
        Ok(Self { next, seq, total, ..gathering.page })
    }

    /// Whether it has nothing at all in it.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.unread == 0 && self.riders.iter().all(|(_, items)| items.is_empty())
    }

    /// Takes what another one has.
    pub(super) fn append(&mut self, other: Self) {
        self.items.extend(other.items);
        self.complaints.extend(other.complaints);
        self.unread += other.unread;
        for (rider, items) in other.riders {
            match self.riders.iter_mut().find(|(known, _)| *known == rider) {
                Some((_, known)) => known.extend(items),
                None => self.riders.push((rider, items)),
            }
        }
    }
}

/// A page while its items are read: what cannot be read costs itself, and no key comes twice.
pub(super) struct Gathering {
    resource: Resource,
    /// Whether `\u{fffd}` stands where text was lost.
    mended: bool,
    /// Whether items are parts of records: each names its own by its operator too.
    parts: bool,
    places: HashMap<String, usize>,
    pub page: Page,
}

impl Gathering {
    pub fn new(resource: Resource, mended: bool) -> Self {
        Self { resource, mended, parts: false, places: HashMap::new(), page: Page::default() }
    }

    /// The same for parts of records.
    pub fn parts(self, parts: bool) -> Self {
        Self { parts, ..self }
    }

    /// Takes an item; `wrong` are its fields that could not be worked out, and why.
    pub fn take(&mut self, item: Value, wrong: Vec<(String, String)>) {
        let lost = if self.mended { json::replaced(&item) } else { Vec::new() };
        let record = match AnyRecord::read(self.resource, item) {
            Ok((record, complaints)) => {
                self.page.complaints.extend(complaints);
                record
            }
            Err(mut complaint) => {
                self.page.unread += 1;
                let all = wrong.iter().map(|(path, what)| format!("; {path}: {what}"));
                complaint.message.extend(all);
                self.page.complaints.push(complaint);
                return;
            }
        };
        let key = record.key();
        self.page.complaints.extend(lost.into_iter().map(|path| lost_text(&key, path)));
        let complaint = |(path, message): (String, String)| Complaint { id: key.clone(), path, message };
        self.page.complaints.extend(wrong.into_iter().map(complaint));
        let place = match &record {
            AnyRecord::Customer(part) if self.parts => {
                let whose = part.relations.first().map(|relation| relation.operator_id.0.as_str());
                format!("{key} {}", whose.unwrap_or_default())
            }
            _ => key.clone(),
        };
        match self.places.get(&place) {
            Some(&place) => {
                let message = "the page has it twice; the later one is taken".to_owned();
                self.page.complaints.push(Complaint { id: key, path: ".".to_owned(), message });
                self.page.items[place] = record;
            }
            None => {
                self.places.insert(place, self.page.items.len());
                self.page.items.push(record);
            }
        }
    }

    /// Notes an item that comes to no record at all.
    pub fn refuse(&mut self, id: String, message: String) {
        self.page.unread += 1;
        self.page.complaints.push(Complaint { id, path: ".".to_owned(), message });
    }
}

/// The complaint about text that could not be kept.
pub(super) fn lost_text(key: &str, path: String) -> Complaint {
    let message = "text that is no Unicode (half a surrogate pair, or stray bytes) was replaced by U+FFFD";
    Complaint { id: key.to_owned(), path, message: message.to_owned() }
}

/// An integer, also where a backend writes it as text.
pub(super) fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Says of a body without `items` what it may be instead: often a failure inside a success.
fn without_items(body: &serde_json::Map<String, Value>) -> String {
    let said = ["detail", "title", "message", "msg", "errmsg", "error"]
        .iter()
        .find_map(|key| body.get(*key)?.as_str());
    match said {
        Some(said) => format!("no `items`; it says: {}", super::error::quote(said)),
        None => "no `items`".to_owned(),
    }
}

/// Watches one walk over the pages of a collection, so that no backend can lead it in circles.
#[derive(Debug)]
pub struct PageGuard {
    hash: RandomState,
    seen: HashSet<u64>,
    empty: usize,
    pages: usize,
}

/// Pages of one walk, at most.
const MOST_PAGES: usize = 1_000_000;

/// Empty pages in a row that still promise another, at most.
const MOST_EMPTY: usize = 10;

impl PageGuard {
    /// For a walk that begins at `cursor`.
    pub fn new(cursor: Option<&str>) -> Self {
        let mut guard = Self { hash: RandomState::new(), seen: HashSet::new(), empty: 0, pages: 0 };
        if let Some(cursor) = cursor {
            guard.seen.insert(guard.hash.hash_one(cursor));
        }
        guard
    }

    /// Takes note of a page.
    ///
    /// # Errors
    /// What is suspicious about it: a cursor that came before, too many empty pages, too many
    /// pages.
    pub fn pass(&mut self, page: &Page) -> Result<(), String> {
        let Some(next) = &page.next else { return Ok(()) };
        self.pages += 1;
        self.empty = if page.items.is_empty() && page.unread == 0 { self.empty + 1 } else { 0 };
        if !self.seen.insert(self.hash.hash_one(next)) {
            return Err("`next_cursor` leads back to a page that was had already".to_owned());
        }
        if self.empty > MOST_EMPTY {
            return Err(format!("more than {MOST_EMPTY} empty pages in a row"));
        }
        if self.pages > MOST_PAGES {
            return Err(format!("more than {MOST_PAGES} pages"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Page, String> {
        Page::read(Resource::Tags, body, false)
    }

    #[test]
    fn a_bad_item_does_not_cost_the_page() {
        let page = read(json!({
            "items": [{"id": "a", "name": "A"}, 7, {"name": "nobody"}, {"id": "b", "order": "x"}, {"id": "a", "name": "A2"}],
            "next_cursor": 12, "seq": "40", "total": 7,
        }))
        .unwrap();
        let keys: Vec<_> = page.items.iter().map(AnyRecord::key).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(page.items[0].to_value()["name"], "A2");
        assert_eq!((page.unread, page.complaints.len(), page.seq), (2, 4, Some(40)));
        assert_eq!((page.next.as_deref(), page.total), (Some("12"), Some(7)));
    }

    #[test]
    fn a_failure_inside_a_success_is_no_empty_page() {
        for body in [json!({}), json!([]), json!(null), json!({"items": null}), json!({"items": {}})] {
            assert!(read(body).is_err());
        }
        assert!(read(json!({"code": 42001, "msg": "expired", "data": []})).unwrap_err().contains("expired"));
        assert!(read(json!({"items": [], "next_cursor": {}})).is_err());
    }

    #[test]
    fn lost_text_is_named() {
        let page = Page::read(
            Resource::Tags,
            json!({"items": [{"id": "a", "name": "\u{fffd}"}, {"id": "b"}]}),
            true,
        );
        let complaint = &page.unwrap().complaints[0];
        assert_eq!((complaint.id.as_str(), complaint.path.as_str()), ("a", "name"));
    }

    #[test]
    fn circles_and_endless_nothing_are_noticed() {
        let page = |next: &str| Page { next: Some(next.to_owned()), ..Page::default() };
        let mut guard = PageGuard::new(Some("a"));
        assert!(guard.pass(&page("b")).is_ok());
        assert!(guard.pass(&page("a")).is_err());
        let mut guard = PageGuard::new(None);
        let empty = (0..100).take_while(|n| guard.pass(&page(&n.to_string())).is_ok()).count();
        assert_eq!(empty, MOST_EMPTY);
        assert!(guard.pass(&Page::default()).is_ok());
    }
}
