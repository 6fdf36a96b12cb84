//! What the staff did by day, and relations that were lost.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use siyu::model::{AnyRecord, EventKind};

use super::town::Town;
use crate::rig::Home;

const DAY: i64 = 86_400;
const EIGHT_HOURS: i64 = 8 * 3600;

/// The first second of a day in China.
fn midnight(at: i64) -> i64 {
    (at + EIGHT_HOURS) / DAY * DAY - EIGHT_HOURS
}

/// Messages that an operator sent, by the day's first second, from 30 days ago to two days ago: of
/// yesterday there may be no figures yet.
fn sent(town: &Town, operator: &str) -> BTreeMap<i64, i64> {
    let today = midnight(jiff::Timestamp::now().as_second());
    let mut sent = BTreeMap::new();
    for record in &town.records {
        let AnyRecord::Event(event) = record else { continue };
        let by = event.operator_id.as_ref().is_some_and(|id| id.0 == operator);
        let Some(at) = event.at.map(|at| at.millis / 1000).filter(|_| by) else { continue };
        let day = midnight(at);
        if event.kind == EventKind::MessageOut && (today - 30 * DAY..today - DAY).contains(&day) {
            *sent.entry(day).or_default() += 1;
        }
    }
    sent
}

fn figures(home: &Home, operator: &str) -> Vec<Value> {
    let all = home.records("events").into_iter();
    all.filter(|one| one["operator_id"] == operator && one["id"].as_str().unwrap().starts_with("day:"))
        .collect()
}

#[test]
fn what_each_of_the_staff_did_is_told_by_day_and_asked_for_at_its_times_alone() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let wanted = sent(&town, "op-01");
    assert!(wanted.len() > 3, "the community has such days: {wanted:?}");
    let told = figures(&home, "op-01");
    for (day, messages) in &wanted {
        let one = told.iter().find(|one| one["id"] == format!("day:op-01:{day}"));
        assert_eq!(one.expect("the day is told")["data"]["messages"], json!(messages), "{day}");
    }
    // Each by itself: WeCom would sum them.
    let staff = home.records("operators").len() as u64;
    assert_eq!(town.calls("get_user_behavior_data"), staff);
    assert_eq!(town.calls("groupchat/statistic_group_by_day"), staff);
    home.text(&["sync"]);
    assert_eq!(town.calls("get_user_behavior_data"), staff, "they are due twice a day");

    // Older days than those that are asked for stay, and so does what was seen here alone.
    home.text(&["sync", "--full"]);
    assert_eq!(town.calls("get_user_behavior_data"), 2 * staff);
    assert_eq!(figures(&home, "op-01").len(), told.len());
}

#[test]
fn a_customer_who_has_removed_somebody_is_marked_and_others_stay() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let all = home.records("customers");
    let several = |one: &&Value| one["relations"].as_array().unwrap().len() > 1;
    let customer = all.iter().find(several).expect("the community has such a customer");
    let id = customer["id"].as_str().unwrap();
    let gone = customer["relations"][0]["operator_id"].as_str().unwrap();
    town.control("unfriend", json!({"userid": gone, "external_userid": id}));
    // It is found out by the first write that WeCom refuses.
    let api = "externalcontact/mark_tag";
    town.control("fail", json!({"api": api, "errcode": 84061}));
    let output = home.run(&["do", "tag.add 直播常客", "--ids", id, "--yes"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("has removed them"), "{said}");
    let relation = |operator: &str| {
        let now = home.json(&["show", "customers", id, "--format", "json"]);
        let all = now["relations"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["operator_id"] == operator).expect("it is still told")
    };
    assert_eq!(relation(gone)["status"], "removed_by_customer");
    assert!(relation(gone)["lost_at"].is_string());
    let other = customer["relations"][1]["operator_id"].as_str().unwrap();
    assert_eq!(relation(other)["status"], "active");
    // WeCom names only those who are there; what was lost is not forgotten by that.
    home.text(&["outbox", "discard", "1"]);
    home.text(&["sync", "--full"]);
    assert_eq!(relation(gone)["status"], "removed_by_customer");
}
