//! What WeCom does to its callers: tokens that end, limits, failures inside of successes.

use serde_json::json;

use super::pulled::compare_customers;
use super::town::{Town, write_secret};

#[test]
fn a_token_that_ends_in_the_middle_is_renewed_and_nothing_is_lost() {
    let town = Town::sample(700);
    let home = town.home();
    // An empty list beside 42001: taken for data, it would be an empty company.
    town.control("fail", json!({"api": "externalcontact/batch/get_by_user", "errcode": 42001, "after": 2}));
    town.control("fail", json!({"api": "externalcontact/groupchat/list", "errcode": 40014}));
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    compare_customers(&town, &home);
    let groups = home.records("groups").len();
    assert!(groups > 0);

    // Where it stays so, nothing goes.
    town.control("fail", json!({"api": "externalcontact/batch/get_by_user", "errcode": 42001, "times": 100}));
    home.run(&["sync"]);
    compare_customers(&town, &home);
    assert_eq!(home.records("groups").len(), groups);
}

#[test]
fn a_wrong_secret_is_tried_once() {
    let town = Town::sample(50);
    let home = town.home();
    write_secret(&home, "wrong");
    let output = home.run(&["sync"]);
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("invalid credential"), "{said}");
    assert_eq!(town.total(), 1);
}

#[test]
fn an_address_that_is_not_let_in_is_named() {
    let town = Town::sample(50);
    let home = town.home();
    town.control("address", json!({"allowed": false}));
    let said = String::from_utf8_lossy(&home.run(&["sync"]).stderr).into_owned();
    assert!(said.contains("203.0.113.7"), "{said}");
    town.control("address", json!({"allowed": true}));
    home.text(&["sync"]);
    compare_customers(&town, &home);
}

#[test]
fn a_limit_on_one_endpoint_holds_up_no_other_and_the_pull_goes_on_behind_it() {
    let town = Town::sample(700);
    let home = town.home_with("pause = \"1\"");
    town.control("fail", json!({"api": "externalcontact/batch/get_by_user", "errcode": 45009, "after": 3}));
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    compare_customers(&town, &home);
    // One call was refused, and none was made twice.
    let relations: usize =
        home.records("customers").iter().map(|one| one["relations"].as_array().unwrap().len()).sum();
    assert_eq!(town.calls("batch/get_by_user"), relations.div_ceil(100) as u64 + 1);
}
