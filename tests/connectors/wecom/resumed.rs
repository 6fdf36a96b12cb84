//! The program killed in the middle of a fan-out: the next one goes on, and reads nothing twice.

use std::time::{Duration, Instant};

use serde_json::json;

use super::scale::company;
use super::town::Town;
use crate::rig::Home;

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts a pull, and kills it while it waits for the answer to one call of an endpoint, the one after so
/// many. What it had before is in the cache once it asks for that one.
fn killed_at(town: &Town, home: &Home, api: &str, after: u64, calls: u64) {
    town.control("fail", json!({"api": format!("externalcontact/{api}"), "silent": true, "after": after}));
    let mut pull = home.start(&["sync"]);
    let since = Instant::now();
    while town.calls(api) < calls || home.text(&["count", "customers"]).trim() == "0" {
        assert!(since.elapsed() < PATIENCE, "{api} is called so often");
        assert_eq!(pull.try_wait().expect("its state"), None, "it waits for an answer");
    }
    pull.kill().expect("it can be killed");
    pull.wait().expect("it has ended");
}

#[test]
fn a_walk_over_the_followers_goes_on_where_it_was_killed() {
    // 250 followers are three batches; 1,125 relations by a hundred.
    let town = Town::of(company(1_000, 250, 3));
    let home = town.home();
    let whole = Town::of(company(1_000, 250, 3));
    let other = whole.home();
    other.text(&["sync"]);
    let least = whole.calls("batch/get_by_user");
    assert!(least >= 12, "{least}");

    killed_at(&town, &home, "batch/get_by_user", 6, 7);
    home.text(&["sync"]);
    assert_eq!(home.records("customers"), other.records("customers"));
    // The one that was not answered is asked again, and at most the one whose rows were being written.
    let calls = town.calls("batch/get_by_user");
    assert!((least + 1..=least + 2).contains(&calls), "{calls} calls, and {least} are the least");
}

#[test]
fn a_walk_over_the_groups_goes_on_where_it_was_killed() {
    let town = Town::of(company(300, 10, 100));
    let home = town.home();
    // The second turn of 32 at once is not answered.
    killed_at(&town, &home, "groupchat/get", 40, 41);
    home.text(&["sync"]);
    assert_eq!(home.text(&["count", "groups"]).trim(), "100");
    let calls = town.calls("groupchat/get");
    assert!((101..=132).contains(&calls), "{calls} calls for 100 groups: the first 32 are not read again");
}
