//! The timeline of a customer: kinds, loading as it scrolls, entries at length.

use std::collections::BTreeSet;

use siyu::app::{CustomerDetail, Detail, TimelineKind};
use siyu::model::{AnyRecord, Customer, Event, EventKind, Record, Resource, Time};

use crate::runner::{Runner, ready, start};
use crate::town;

fn detail(console: &Runner) -> &CustomerDetail {
    match console.app().details.last() {
        Some(Detail::Customer(detail)) => detail,
        other => panic!("no customer: {other:?}"),
    }
}

#[test]
fn each_kind_shows_what_the_server_has_of_it() {
    let mut console = ready();
    console.keys("j enter").settled();
    let id = detail(&console).id.clone();
    let events: Vec<Event> = town::records(&console.store, Resource::Events);
    let of = |kinds: &[EventKind]| {
        let mine = events.iter().filter(|event| event.customer_id.as_ref() == Some(&id));
        mine.filter(|event| kinds.is_empty() || kinds.contains(&event.kind)).count() as u64
    };
    let mut sum = 0;
    for kind in TimelineKind::ALL {
        assert_eq!(detail(&console).kind, kind);
        assert_eq!(detail(&console).timeline.total(), of(kind.kinds()), "{kind:?}");
        let rows = &detail(&console).timeline.window.rows;
        let wrong = rows.iter().find(|at| !kind.kinds().is_empty() && !kind.kinds().contains(&at.row.kind));
        assert!(wrong.is_none(), "{kind:?}: {wrong:?}");
        assert!(rows.iter().map(|at| at.row.at).is_sorted_by(|a, b| a >= b), "newest first");
        sum += if kind == TimelineKind::All { 0 } else { of(kind.kinds()) };
        console.keys("f").settled();
    }
    assert_eq!(detail(&console).kind, TimelineKind::All, "round the end");
    assert_eq!(sum, of(&[]), "each entry is of one kind");
    // What is filtered by stays when one goes on to the next customer.
    console.keys("f ]").settled();
    assert_eq!(detail(&console).kind, TimelineKind::Messages);
    assert_ne!(detail(&console).id, id);
}

/// One customer with more entries than any window holds.
fn talkative() -> Vec<AnyRecord> {
    let name = "话多的人".to_owned();
    let customer = Customer { id: "c1".into(), name, ..Customer::default() };
    let event = |n: usize| Event {
        id: format!("e{n:04}").as_str().into(),
        customer_id: Some("c1".into()),
        at: Some(Time::from_millis(town::now().millis - n as i64 * 60_000)),
        kind: EventKind::MessageIn,
        title: format!("entry {n}"),
        body: Some(format!("What was said in entry {n}, at length. ").repeat(8)),
        ..Event::default()
    };
    std::iter::once(customer.any()).chain((0..900).map(|n| event(n).any())).collect()
}

#[test]
fn it_loads_as_it_scrolls_and_never_holds_all() {
    let mut console = start().records(talkative()).ready();
    console.keys("enter").settled();
    assert_eq!(detail(&console).timeline.total(), 900);
    assert!(console.screen().has("entry 0"), "{}", console.screen());
    let mut seen = BTreeSet::new();
    for _ in 0..90 {
        let timeline = &detail(&console).timeline;
        assert!(timeline.window.rows.len() < 400, "{} rows are here", timeline.window.rows.len());
        seen.extend(timeline.visible().filter_map(|(_, at)| at.map(|at| at.row.title.clone())));
        console.keys("pgdn").settled();
    }
    assert_eq!(seen.len(), 900, "every entry comes by");
    assert!(console.screen().has("entry 899"), "{}", console.screen());
    console.keys("g g").settled();
    assert!(console.screen().has("entry 0 ") || console.screen().has("entry 0"));
    console.keys("5 0 0 G").settled();
    assert_eq!(detail(&console).timeline.current().unwrap().row.title, "entry 499");
}

#[test]
fn an_entry_is_shown_at_length_and_short_again() {
    let mut console = start().records(talkative()).ready();
    console.keys("enter j").settled();
    let short = console.screen();
    console.keys("e");
    let long = console.screen();
    let lines = |screen: &crate::screen::Screen| {
        screen.rows.iter().filter(|row| row.contains("at length") || row.contains("said in entry 1,")).count()
    };
    assert!(lines(&long) > lines(&short), "{long}");
    console.keys("e");
    assert_eq!(console.screen(), short);
}
