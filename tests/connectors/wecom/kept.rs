//! What WeCom has no place for: follow-ups, notes, stages and fields of one's own are kept here.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::town::Town;
use crate::rig::Home;

fn one(home: &Home, kind: &str, id: &str) -> Value {
    home.json(&["show", kind, id, "--format", "json"])
}

/// Runs a command on a record.
fn on(home: &Home, command: &str, id: &str) {
    home.text(&["do", command, "--ids", id, "--yes"]);
}

/// The one follow-up that there is.
fn follow_up(home: &Home) -> Value {
    let [only] = <[Value; 1]>::try_from(home.records("follow-ups")).expect("one follow-up");
    only
}

#[test]
fn follow_ups_are_made_edited_snoozed_completed_and_taken_back_here() {
    let town = Town::sample(60);
    let home = town.home();
    home.text(&["sync"]);
    let before = town.total();
    let customer = home.records("customers")[3]["id"].as_str().unwrap().to_owned();

    on(&home, "follow_up.create 回访 2031-03-18 visit", &customer);
    let made = follow_up(&home);
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["title"], &made["kind"]), (&json!("回访"), &json!("visit")));
    assert_eq!((&made["customer_id"], &made["status"]), (&json!(customer), &json!("open")));
    on(&home, "follow_up.set priority high", id);
    on(&home, "follow_up.snooze 2031-04-01", id);
    assert!(follow_up(&home)["snoozed_until"].as_str().unwrap().starts_with("2031-04-01"));
    home.text(&["do", "undo"]);
    assert_eq!(follow_up(&home)["snoozed_until"], Value::Null);
    assert_eq!(follow_up(&home)["priority"], "high");
    on(&home, "follow_up.done 已成交", id);
    assert_eq!(
        (&follow_up(&home)["status"], &follow_up(&home)["outcome"]),
        (&json!("done"), &json!("已成交"))
    );

    // Nothing waits for being sent, and nothing went anywhere: WeCom was only asked for a token.
    assert_eq!(home.json(&["list", "outbox", "--format", "json"]), json!([]));
    assert!(town.total() - before <= 8, "{} calls", town.total() - before);

    // It is told apart from what others see, and exported like anything else.
    let table = home.text(&["list", "follow-ups"]);
    assert!(table.lines().next().unwrap().ends_with("LOCAL") && table.contains("true"), "{table}");
    let exported = home.text(&["list", "follow-ups", "--format", "csv"]);
    assert!(exported.contains("回访") && exported.contains("已成交"), "{exported}");

    // Neither a whole pull nor one more takes it away.
    for _ in 0..2 {
        home.text(&["sync", "--full"]);
        assert_eq!(follow_up(&home)["status"], "done");
    }
    home.text(&["do", "undo"]);
    assert_eq!(follow_up(&home)["status"], "open");
    home.text(&["do", "redo"]);
    assert_eq!(follow_up(&home)["status"], "done");
}

#[test]
fn a_follow_up_that_is_taken_back_whole_is_gone() {
    let town = Town::sample(60);
    let home = town.home();
    home.text(&["sync"]);
    let customer = home.records("customers")[0]["id"].as_str().unwrap().to_owned();
    on(&home, "follow_up.create 回访 tomorrow", &customer);
    assert_eq!(home.text(&["count", "follow-ups"]).trim(), "1");
    home.text(&["do", "undo"]);
    assert_eq!(home.records("follow-ups"), Vec::<Value>::new());
}

#[test]
fn a_stage_and_fields_of_ones_own_lie_over_what_wecom_tells() {
    let town = Town::sample(60);
    let home = town.home();
    home.text(&["sync"]);
    let before = home.records("customers")[5].clone();
    let id = before["id"].as_str().unwrap();
    on(&home, "customer.set stage dormant", id);
    on(&home, "customer.set custom.宝宝 8个月", id);
    on(&home, "customer.set remark 老客户", id);
    on(&home, "note.add 喜欢红色", id);
    home.text(&["sync", "--full"]);
    let after = one(&home, "customers", id);
    assert_eq!((&after["stage"], &after["remark"]), (&json!("dormant"), &json!("老客户")));
    assert_eq!(after["custom"]["宝宝"], "8个月");
    for (name, value) in before["custom"].as_object().unwrap() {
        assert_eq!(&after["custom"][name], value, "what WeCom tells stays beside it");
    }
    assert_eq!(town.calls("remark"), 1, "that one has a place there");
    assert_eq!(home.text(&["count", "customers", "stage:dormant", &format!("id:{id}")]).trim(), "1");
    let notes = || -> Vec<Value> {
        home.records("events").into_iter().filter(|one| one["customer_id"] == before["id"]).collect()
    };
    assert_eq!(notes().iter().map(|one| &one["title"]).collect::<Vec<_>>(), ["喜欢红色"]);

    // Taken back in the order in which they were made, the note first.
    for _ in 0..4 {
        home.text(&["do", "undo"]);
    }
    home.text(&["sync", "--full"]);
    let now = one(&home, "customers", id);
    assert_eq!((&now["stage"], &now["remark"]), (&before["stage"], &before["remark"]));
    assert_eq!(now["custom"], before["custom"]);
    assert_eq!(notes(), Vec::<Value>::new());
}

/// The database of a home.
fn database(folder: &Path) -> Option<PathBuf> {
    let mut found = None;
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found = found.or(database(&path));
        } else if path.file_name().is_some_and(|name| name == "cache.db") {
            found = Some(path);
        }
    }
    found
}

#[test]
fn what_is_kept_here_comes_back_where_the_cache_is_lost() {
    let town = Town::sample(60);
    let home = town.home();
    home.text(&["sync"]);
    let customer = home.records("customers")[2]["id"].as_str().unwrap().to_owned();
    on(&home, "follow_up.create 回访 2031-03-18", &customer);
    on(&home, "customer.set stage lost", &customer);
    let id = follow_up(&home)["id"].as_str().unwrap().to_owned();
    on(&home, "follow_up.set title 再访", &id);

    // Not a byte of it can be read any more.
    let path = database(&home.path("")).expect("a cache");
    let length = std::fs::metadata(&path).unwrap().len();
    std::fs::write(&path, vec![0x5a; usize::try_from(length).unwrap()]).unwrap();
    home.text(&["sync"]);
    assert_eq!(follow_up(&home)["title"], "再访");
    assert_eq!(one(&home, "customers", &customer)["stage"], "lost");
    assert_eq!(home.json(&["list", "outbox", "--format", "json"]), json!([]), "none of it is to be sent");
    on(&home, "follow_up.done", &id);
    assert_eq!(follow_up(&home)["status"], "done");
    home.text(&["sync", "--full"]);
    assert_eq!(follow_up(&home)["status"], "done");
}
