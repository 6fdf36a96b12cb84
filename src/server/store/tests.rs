//! The store through its seam: pages, changes, what is kept.

use super::*;
use crate::model::{AnyRecord, ChangeOp, Customer, Record, Resource, Tag, Time};

fn customer(id: &str, name: &str) -> AnyRecord {
    Customer { id: id.into(), name: name.to_owned(), ..Customer::default() }.any()
}

fn store(limits: Limits) -> Store {
    Store::in_memory(limits).unwrap()
}

#[test]
fn pages_give_every_record_once_and_keep_the_first_number() {
    let store = store(Limits::default());
    let all: Vec<_> = (0..25).map(|n| customer(&format!("c{n:02}"), "n")).collect();
    let seq = store.put(&all).unwrap();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = store.page(Resource::Customers, cursor.as_ref(), 10).unwrap();
        assert_eq!(page.seq, seq);
        // A write in the middle does not move the number of the pull.
        store.put(&[customer("c03", "again")]).unwrap();
        seen.extend(page.items);
        let Some(next) = page.next else { break };
        let text = next.encode();
        assert_eq!(Cursor::decode(Resource::Customers, &text), Some(next.clone()));
        assert_eq!(Cursor::decode(Resource::Tags, &text), None);
        cursor = Some(next);
    }
    assert_eq!(seen.len(), 25);
    let again = store.changes(seq, 100).unwrap();
    assert_eq!(again.list.len(), 3);
    assert!(again.list.iter().all(|change| change.id == "c03"));
}

#[test]
fn a_page_is_bounded_in_bytes_but_never_empty() {
    let store = store(Limits { page_bytes: 10, ..Limits::default() });
    store.put(&[customer("a", "x"), customer("b", "x")]).unwrap();
    let page = store.page(Resource::Customers, None, 100).unwrap();
    assert_eq!(page.items.len(), 1);
    let page = store.page(Resource::Customers, page.next.as_ref(), 100).unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[test]
fn the_feed_tells_upserts_and_deletions_in_order() {
    let store = store(Limits::default());
    let start = store.seq();
    store.put(&[customer("a", "1"), customer("b", "1")]).unwrap();
    assert!(store.delete(Resource::Customers, "a").unwrap());
    assert!(!store.delete(Resource::Customers, "a").unwrap());
    store.put(&[Tag { id: "a".into(), ..Tag::default() }.any()]).unwrap();
    let changes = store.changes(start, 100).unwrap();
    let told: Vec<_> = changes.list.iter().map(|c| (c.seq - start, c.id.as_str(), c.op)).collect();
    // The first change's record is gone by now, which is told early rather than without an item.
    assert_eq!(
        told,
        [
            (1, "a", ChangeOp::Delete),
            (2, "b", ChangeOp::Upsert),
            (3, "a", ChangeOp::Delete),
            (4, "a", ChangeOp::Upsert)
        ]
    );
    assert_eq!((changes.next, changes.more), (start + 4, false));
    let some = store.changes(start, 3).unwrap();
    assert_eq!((some.list.len(), some.next, some.more), (3, start + 3, true));
}

#[test]
fn forgotten_and_future_numbers_are_gone() {
    let store = store(Limits { changes_kept: 8, ..Limits::default() });
    let start = store.seq();
    for n in 0..20 {
        store.put(&[customer("a", &n.to_string())]).unwrap();
    }
    let oldest = store.oldest().unwrap();
    assert!(oldest > start && store.seq() - oldest >= 8, "{oldest}");
    assert!(matches!(store.changes(start, 10), Err(StoreError::Gone { .. })));
    assert!(matches!(store.changes(store.seq() + 1, 10), Err(StoreError::Gone { .. })));
    assert_eq!(store.changes(oldest, 100).unwrap().next, store.seq());
    assert_eq!(store.trim(0).unwrap(), store.seq());
    assert!(store.changes(store.seq(), 1).unwrap().list.is_empty());
}

#[test]
fn a_failed_update_changes_nothing() {
    let store = store(Limits::default());
    store.put(&[customer("a", "1")]).unwrap();
    let seq = store.seq();
    let result: Result<i64, StoreError> = store.update(|view| {
        assert!(view.get(Resource::Customers, "a")?.is_some());
        Err(StoreError::Foreign { path: "x".to_owned() })
    });
    assert!(result.is_err());
    assert_eq!(store.seq(), seq);
}

#[test]
fn a_revision_rises_with_each_update_whoever_makes_it() {
    let store = store(Limits::default());
    for (name, rev) in [("1", "1"), ("2", "2"), ("3", "3")] {
        // As the sample community does: it knows nothing of revisions.
        store.update(|_| Ok::<_, StoreError>(vec![customer("a", name)])).unwrap();
        let body = store.get(Resource::Customers, "a").unwrap().unwrap();
        assert!(body.contains(&format!(r#""rev":"{rev}""#)), "{body}");
    }
}

#[test]
fn a_fill_begins_the_feed_anew_and_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/serve.db");
    let before = {
        let store = Store::open(&path, Limits::default()).unwrap();
        store.put(&[customer("old", "1")]).unwrap();
        let before = store.seq();
        let identity = Identity { name: "店".to_owned(), ..Identity::default() };
        store.fill("label", &identity, (0..5).map(|n| customer(&n.to_string(), "n"))).unwrap();
        before
    };
    let store = Store::open(&path, Limits::default()).unwrap();
    assert_eq!(store.filled_with().unwrap().as_deref(), Some("label"));
    assert!(!store.is_half_filled().unwrap());
    assert_eq!(store.identity().unwrap().name, "店");
    assert_eq!(store.count(Resource::Customers).unwrap(), 5);
    assert!(matches!(store.changes(before, 1), Err(StoreError::Gone { .. })));
    assert!(store.changes(store.seq(), 1).unwrap().list.is_empty());
}

#[test]
fn strangers_and_newer_files_are_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(Store::open(&other, Limits::default()), Err(StoreError::Foreign { .. })));
    let newer = folder.path().join("newer.db");
    drop(Store::open(&newer, Limits::default()).unwrap());
    Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Store::open(&newer, Limits::default()), Err(StoreError::Newer { found: 99, .. })));
    let text = folder.path().join("text.db");
    std::fs::write(&text, "not a database at all, but long enough to be looked at".repeat(50)).unwrap();
    assert!(matches!(Store::open(&text, Limits::default()), Err(StoreError::Open { .. })));
}

#[test]
fn a_file_of_the_first_version_is_brought_up_with_all_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("first.db");
    let seq = Store::open(&path, Limits::default()).unwrap().put(&[customer("a", "1")]).unwrap();
    Connection::open(&path).unwrap().execute_batch("DROP TABLE answers; PRAGMA user_version = 1").unwrap();
    for _ in 0..2 {
        let store = Store::open(&path, Limits::default()).unwrap();
        let request = Request { caller: "me", key: Some("k"), content: "", at: Time::from_millis(0) };
        let answer = (Resource::Customers, "a".to_owned());
        let outcome =
            store.answer(&request, |_| Ok::<_, StoreError>(Decision { records: Vec::new(), answer }));
        assert!(matches!(outcome, Ok(Outcome::Done(_) | Outcome::Again(_))), "{outcome:?}");
        assert_eq!(store.seq(), seq);
    }
}

#[test]
fn bytes_come_back_as_they_were() {
    let store = store(Limits::default());
    let name = "a\u{0}b\u{202e}c\u{1f468}\u{200d}\u{1f469}\"\\\n";
    store.put(&[customer("odd \u{0} id", name)]).unwrap();
    let body = store.get(Resource::Customers, "odd \u{0} id").unwrap().unwrap();
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(value["name"], name);
    let change = &store.changes(store.seq() - 1, 1).unwrap().list[0];
    let value: serde_json::Value = serde_json::from_str(&change.to_json()).unwrap();
    assert_eq!(value["id"], "odd \u{0} id");
}

#[test]
fn a_fill_that_breaks_off_is_not_taken_for_whole() {
    let store = store(Limits::default());
    let broken = (0..600).map(|n| if n < 550 { customer(&n.to_string(), "n") } else { panic!("broken") });
    let filled = std::panic::AssertUnwindSafe(|| store.fill("label", &Identity::default(), broken));
    assert!(std::panic::catch_unwind(filled).is_err());
    assert!(store.is_half_filled().unwrap());
    assert_eq!(store.filled_with().unwrap(), None);
    store.fill("label", &Identity::default(), (0..HUNDREDS).map(|n| customer(&n.to_string(), "n"))).unwrap();
    assert!(!store.is_half_filled().unwrap());
    assert_eq!(store.count(Resource::Customers).unwrap(), HUNDREDS);
}

/// Exactly as many as are handed over at a time, twice.
const HUNDREDS: i64 = 1024;
