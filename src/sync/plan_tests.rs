//! The laws of the plan.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn state(resource: Resource, cursor: Option<&str>, seq: Option<i64>, complete: bool) -> SyncState {
    let cursor = cursor.map(str::to_owned);
    SyncState { cursor, seq, complete, pull: PullMark(3), ..SyncState::never(resource) }
}

fn starts(states: &[SyncState], latest: i64, wish: Wish) -> Vec<(Resource, Start)> {
    let resources = [Resource::Orders, Resource::Customers, Resource::Tags];
    plan(states, &resources, latest, wish).into_iter().map(|step| (step.resource, step.start)).collect()
}

#[test]
fn what_was_never_pulled_is_pulled_in_the_order_of_the_eye() {
    let afresh = |resource| (resource, Start::Afresh);
    let all = [afresh(Resource::Tags), afresh(Resource::Customers), afresh(Resource::Orders)];
    assert_eq!(starts(&[], 9, Wish::Changes), all);
    let done: Vec<_> = Resource::ALL.iter().map(|&resource| state(resource, None, Some(9), true)).collect();
    assert_eq!(starts(&done, 9, Wish::Changes), []);
    assert_eq!(starts(&done, 9, Wish::Everything), all);
    assert_eq!(starts(&done, 8, Wish::Changes), all, "the store was replaced");
    let kinds = [Resource::Tags, Resource::Customers];
    assert!(is_another(&done, &kinds, 8) && !is_another(&done, &kinds, 9));
}

#[test]
fn an_interrupted_pull_goes_on_where_it_was() {
    let states = [
        state(Resource::Tags, Some("c7"), Some(4), false),
        state(Resource::Customers, None, Some(4), false),
        state(Resource::Orders, None, None, true),
    ];
    let resume = Start::Resume { mark: PullMark(3), cursor: "c7".into(), seq: Some(4) };
    let expected =
        [(Resource::Tags, resume), (Resource::Customers, Start::Afresh), (Resource::Orders, Start::Afresh)];
    assert_eq!(starts(&states, 9, Wish::Changes), expected);
}

#[test]
fn the_feed_begins_at_the_smallest_number_of_a_complete_pull() {
    let states = [
        state(Resource::Tags, None, Some(7), true),
        state(Resource::Customers, None, Some(5), true),
        state(Resource::Orders, Some("x"), Some(2), false),
        state(Resource::Events, None, Some(1), true),
    ];
    assert_eq!(since(&states, &[Resource::Tags, Resource::Customers, Resource::Orders]), Some(5));
    assert_eq!(since(&states, &[Resource::Orders]), None);
}

#[test]
fn a_change_that_cannot_be_read_touches_nothing() {
    let bad = json!({"name": "nobody"});
    let change =
        Change { seq: 1, resource: Resource::Tags, id: "t".into(), op: ChangeOp::Upsert, item: Some(bad) };
    let fold = fold(vec![change]);
    assert!(fold.upserts.is_empty() && fold.deletes.is_empty());
    assert_eq!((fold.complaints.len(), fold.complaints[0].1.id.as_str()), (1, "t"));
}

/// A store: what name each tag has.
type Store = BTreeMap<String, String>;

fn change() -> impl Strategy<Value = (u8, Option<u8>)> {
    (0_u8..6, proptest::option::of(0_u8..100))
}

fn line(seq: usize, (id, name): &(u8, Option<u8>)) -> Change {
    let id = format!("t{id}");
    let item = name.map(|name| json!({"id": id, "name": name.to_string()}));
    let op = if name.is_some() { ChangeOp::Upsert } else { ChangeOp::Delete };
    Change { seq: seq as i64, resource: Resource::Tags, id, op, item }
}

/// What the cache does with a batch, in its order.
fn apply(store: &mut Store, fold: Fold) {
    for (_, id) in fold.deletes {
        store.remove(&id);
    }
    for record in fold.upserts {
        let name = record.to_value()["name"].as_str().unwrap().to_owned();
        store.insert(record.key(), name);
    }
}

fn one_by_one(store: &mut Store, changes: &[(u8, Option<u8>)]) {
    for (id, name) in changes {
        match name {
            Some(name) => store.insert(format!("t{id}"), name.to_string()),
            None => store.remove(&format!("t{id}")),
        };
    }
}

proptest! {
    #[test]
    fn folding_in_any_portions_is_doing_one_by_one(
        changes in proptest::collection::vec(change(), 0..60),
        cuts in proptest::collection::vec(1_usize..9, 1..30),
    ) {
        let mut expected = Store::new();
        one_by_one(&mut expected, &changes);
        let lines: Vec<Change> = changes.iter().enumerate().map(|(seq, change)| line(seq, change)).collect();
        let mut store = Store::new();
        let mut rest = &lines[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at((*cut).min(rest.len()));
            apply(&mut store, fold(now.to_vec()));
            rest = later;
        }
        prop_assert_eq!(store, expected);
    }

    #[test]
    fn a_pull_among_changes_and_the_feed_since_its_first_page_end_as_the_backend_is(
        changes in proptest::collection::vec(change(), 0..60),
        first_page in 0_usize..60,
        pages in proptest::collection::vec(0_usize..10, 6),
        again in 0_usize..10,
    ) {
        // Each page, holding one tag by its key, is read at a later moment of the backend.
        let first_page = first_page.min(changes.len());
        let mut cache = Store::new();
        let mut at = first_page;
        for (page, later) in pages.into_iter().enumerate() {
            let mut backend = Store::new();
            one_by_one(&mut backend, &changes[..at]);
            if let Some(name) = backend.get(&format!("t{page}")) {
                cache.insert(format!("t{page}"), name.clone());
            }
            at = (at + later).min(changes.len());
        }
        let mut backend = Store::new();
        one_by_one(&mut backend, &changes);
        // Following from earlier than needed, as the smallest number of several pulls does, ends the same.
        let since = first_page.saturating_sub(again);
        let feed = changes.iter().enumerate().skip(since).map(|(seq, change)| line(seq, change)).collect();
        apply(&mut cache, fold(feed));
        prop_assert_eq!(cache, backend);
    }

    #[test]
    fn each_record_is_touched_once(changes in proptest::collection::vec(change(), 0..60)) {
        let fold = fold(changes.iter().enumerate().map(|(seq, change)| line(seq, change)).collect());
        let mut keys: Vec<String> = fold.upserts.iter().map(AnyRecord::key).collect();
        keys.extend(fold.deletes.into_iter().map(|(_, id)| id));
        let all = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), all);
    }
}

#[test]
fn a_kind_that_has_its_times_is_pulled_once_after_each_of_them() {
    let (events, tags) = (Resource::Events, Resource::Tags);
    let done = |resource, at: i64| SyncState {
        complete: true,
        cursor: Some(whole_mark(Time::from_millis(at))),
        seq: Some(7),
        ..SyncState::never(resource)
    };
    let at = |events_at, turn, due| {
        let states = [done(tags, 990), done(events, events_at)];
        let turn = |resource| (resource == events).then_some(turn);
        let whole = (Time::from_millis(1_000), Duration::from_secs(1));
        let steps = round(&states, &[tags, events], due, whole, |_, _| None, turn);
        steps.into_iter().map(|step| step.resource).collect::<Vec<_>>()
    };
    assert_eq!(at(900, 850, Due::InTime), []);
    assert_eq!(at(900, 850, Due::Now), [tags], "whoever asks for what is new gets what can be new");
    assert_eq!(at(900, 950, Due::InTime), [events], "in the morning it is read again");
}

#[test]
fn a_backend_without_a_feed_is_asked_for_what_changed_until_a_whole_pull_is_due() {
    const MINUTE: i64 = 60_000;
    let (customers, tags) = (Resource::Customers, Resource::Tags);
    let whole = Duration::from_secs(900);
    let done = |resource, at: Option<i64>| SyncState {
        cursor: at.map(|at| whole_mark(Time::from_millis(at))),
        seq: Some(7),
        complete: true,
        ..SyncState::never(resource)
    };
    let since = |resource, mark: i64| (resource == customers).then(|| format!("since {mark}"));
    let at = |states: &[SyncState], minutes: i64, due| {
        let now = Time::from_millis(minutes * MINUTE);
        let steps = round(states, &[customers, tags], due, (now, whole), since, |_| None);
        steps.into_iter().map(|step| (step.resource, step.start)).collect::<Vec<_>>()
    };
    let changed =
        (customers, Start::Changed { mark: PullMark(0), cursor: "since 7".into(), whole: Some("0".into()) });
    let states = [done(customers, Some(0)), done(tags, Some(0))];
    assert_eq!(
        at(&states, 14, Due::InTime),
        std::slice::from_ref(&changed),
        "what has to be pulled whole waits"
    );
    assert_eq!(at(&states, 14, Due::Now), [(tags, Start::Afresh), changed], "unless somebody asks");
    let both = [(tags, Start::Afresh), (customers, Start::Afresh)];
    assert_eq!(at(&states, 15, Due::InTime), both, "only a whole pull learns of what is gone");
    assert_eq!(at(&states, -1, Due::InTime), both, "the clock was set back");
    assert_eq!(
        at(&[done(customers, None), done(tags, None)], 1, Due::InTime),
        both,
        "pulled by another kind of backend"
    );
    assert_eq!(at(&[], 1, Due::InTime), both);
    let cut = SyncState { cursor: Some("p".into()), ..SyncState::never(tags) };
    let resumed = (tags, Start::Resume { mark: PullMark(0), cursor: "p".into(), seq: None });
    assert_eq!(at(&[cut, done(customers, None)], 1, Due::InTime)[0], resumed);
}
