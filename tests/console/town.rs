//! The community that the tests work with: filled once, copied for each test.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jiff::tz::TimeZone;
use siyu::model::{AnyRecord, Resource, Time};
use siyu::sample::{Community, SampleSpec};
use siyu::server::{Identity, Limits, OperatorName, Store};

/// Customers in it.
pub const CUSTOMERS: usize = 300;

/// When the tests take place: a Wednesday afternoon in Hangzhou.
pub fn now() -> Time {
    Time::parse("2026-03-18T15:20:00+08:00").unwrap()
}

pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn community() -> Community {
    Community::new(&SampleSpec { customers: CUSTOMERS, seed: 7, now: now(), zone: zone() })
}

/// A store of its own with the community in it, at `path`.
pub fn store(path: &Path) -> Store {
    static FILLED: OnceLock<tempfile::TempDir> = OnceLock::new();
    let filled = FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let community = community();
        let store = Store::open(&folder.path().join("server.db"), Limits::default()).unwrap();
        store.fill(&community.label(), &identity(&community), community.records()).unwrap();
        folder
    });
    fs::copy(filled.path().join("server.db"), path).unwrap();
    Store::open(path, Limits::default()).unwrap()
}

/// Id and name of who works at these consoles.
pub fn operator() -> (&'static str, &'static str) {
    community().operator()
}

fn identity(community: &Community) -> Identity {
    let (id, name) = community.operator();
    Identity {
        name: community.name().to_owned(),
        operator: OperatorName { id: id.to_owned(), name: name.to_owned() },
    }
}

/// A store with these records and nothing else, at `path`.
pub fn store_of(path: &Path, records: Vec<AnyRecord>) -> Store {
    let store = Store::open(path, Limits::default()).unwrap();
    store.fill("a few records", &identity(&community()), records).unwrap();
    store
}

/// A record of the store, to be changed and put back.
pub fn record<R: serde::de::DeserializeOwned>(store: &Store, resource: Resource, id: &str) -> R {
    let text = store.get(resource, id).unwrap().unwrap_or_else(|| panic!("no {resource:?} {id}"));
    serde_json::from_str(&text).unwrap()
}

/// All records of a kind, straight out of the server's own store.
pub fn records<R: serde::de::DeserializeOwned>(store: &Store, resource: Resource) -> Vec<R> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = store.page(resource, after.as_ref(), 1_000).unwrap();
        records.extend(page.items.iter().map(|text| serde_json::from_str::<R>(text).unwrap()));
        match page.next {
            Some(next) => after = Some(next),
            None => return records,
        }
    }
}
