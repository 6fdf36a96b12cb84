//! The change of each tag's count over a week: what the pane shows is what the server's own
//! database tells, after the first pull, after writes, undo, and what others do.

use std::collections::BTreeMap;

use siyu::model::{Customer, Event, EventKind, Resource};

use crate::runner::{Runner, ready};
use crate::town;

/// Days in the zone of the tests, counted from the beginning of time.
fn day(millis: i64) -> i64 {
    (millis + 8 * 3_600_000).div_euclid(86_400_000)
}

/// Customers of each tag, as the server has it now.
fn now(console: &Runner) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for customer in town::records::<Customer>(&console.store, Resource::Customers) {
        for tag in customer.tags {
            *counts.entry(tag.0).or_default() += 1;
        }
    }
    counts
}

/// How often each tag was given less how often it was taken away, today and on the six days before.
fn told(console: &Runner) -> BTreeMap<String, i64> {
    let mut changes = BTreeMap::new();
    for event in town::records::<Event>(&console.store, Resource::Events) {
        if event.kind == EventKind::Tag && day(event.at.unwrap().millis) > day(town::now().millis) - 7 {
            for (key, by) in [("add", 1), ("remove", -1)] {
                for id in event.data.get(key).and_then(|ids| ids.as_array()).into_iter().flatten() {
                    *changes.entry(id.as_str().unwrap().to_owned()).or_default() += by;
                }
            }
        }
    }
    changes
}

/// Customers and change of each tag, as the pane has them.
fn shown(console: &Runner) -> BTreeMap<String, (i64, Option<i64>)> {
    let row = |tag: &siyu::model::view::TagRow| (tag.id.0.clone(), (tag.customers as i64, tag.change7));
    console.app().tags.tags.iter().map(row).collect()
}

#[test]
fn the_change_of_a_tag_is_what_the_servers_database_tells() {
    let mut console = ready();
    let (then, told) = (now(&console), told(&console));
    assert!(told.values().filter(|change| **change != 0).count() > 5, "{told:?}");
    // What holds at the beginning and ever after: writes move the count and the change alike.
    let agrees = |console: &Runner| {
        let now = now(console);
        shown(console).iter().all(|(id, shown)| {
            let of = |counts: &BTreeMap<String, i64>| counts.get(id).copied().unwrap_or(0);
            *shown == (of(&now), Some(of(&told) + of(&now) - of(&then)))
        })
    };
    console.wait_until("the changes of the first pull", agrees);
    console.keys("2");
    let screen = console.screen().to_string();
    let is_there = |tag: &siyu::model::view::TagRow| {
        let figure = tag.change7.filter(|change| *change != 0).map(|change| format!("{change:+}"));
        let stands = |figure: &String| {
            screen.lines().any(|line| line.contains(&tag.name) && line.contains(figure.as_str()))
        };
        figure.as_ref().is_some_and(stands)
    };
    assert!(console.app().tags.tags.iter().any(is_there), "{screen}");

    // What one does oneself, before and after the server has it.
    console.stop_server();
    let before = shown(&console);
    console.keys("1 g g");
    let has = console.app().customers.current().unwrap().row.tags.clone();
    let name =
        ["会员日", "拼团", "需开票"].into_iter().find(|name| !has.iter().any(|tag| tag == name)).unwrap();
    let id = console.app().tags.tags.iter().find(|tag| tag.name == name).unwrap().id.0.clone();
    console.line(&format!("tag.add {name}"));
    let plus = |console: &Runner| {
        let ((count, change), (was, changed)) = (shown(console)[&id], before[&id]);
        (count - was, change.unwrap() - changed.unwrap())
    };
    console.wait_until("the change of what is not sent", |console| plus(console) == (1, 1));
    console.start_server();
    console.wait_until("the server to have it", |console| now(console)[&id] == then[&id] + 1);
    console.caught_up().wait_until("it to stay so", agrees);
    // Taken back.
    console.keys("u");
    console.wait_until("the server to have it no more", |console| now(console)[&id] == then[&id]);
    console.wait_until("the change of before", |console| agrees(console) && plus(console) == (0, 0));
    // What another does.
    let customers = town::records::<Customer>(&console.store, Resource::Customers);
    for customer in customers.iter().filter(|customer| !customer.tags.iter().any(|tag| tag.0 == id)).take(3) {
        let path = format!("/v1/customers/{}/tags", customer.id);
        console.write("POST", &path, &serde_json::json!({ "add": [&id] }));
    }
    console.wait_until("the feed", |console| agrees(console) && plus(console) == (3, 3));
}
