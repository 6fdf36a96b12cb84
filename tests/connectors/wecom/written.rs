//! What is written to WeCom: tags by pairs, remarks, the company's tags.

use serde_json::{Value, json};

use super::town::Town;
use crate::rig::Home;

fn one(home: &Home, id: &str) -> Value {
    home.json(&["show", "customers", id, "--format", "json"])
}

fn of(all: &[Value], wanted: impl Fn(&Value) -> bool) -> &Value {
    all.iter().find(|one| wanted(one)).expect("the community has such a customer")
}

#[test]
fn a_tag_is_added_to_one_relation_and_removed_from_all() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let all = home.records("customers");
    let two = of(&all, |one| one["relations"].as_array().unwrap().len() > 1);
    let id = two["id"].as_str().unwrap();
    let on = format!("id:{id}");
    home.text(&["do", "tag.add 直播常客", "--on", &on, "--yes"]);
    let tag = home.records("tags").iter().find(|tag| tag["name"] == "直播常客").unwrap()["id"].clone();
    let has = |customer: &Value| customer["tags"].as_array().unwrap().contains(&tag);
    assert!(has(&one(&home, id)));
    let before = town.calls("mark_tag");
    home.text(&["sync", "--full"]);
    assert!(has(&one(&home, id)), "WeCom has it");

    home.text(&["do", "tag.remove 直播常客", "--on", &on, "--yes"]);
    home.text(&["sync", "--full"]);
    assert!(!has(&one(&home, id)), "and has it no more");
    assert!(town.calls("mark_tag") > before);

    // A limit keeps what is queued, each by itself, and it is sent later.
    town.control("block", json!({"api": "externalcontact/mark_tag", "seconds": 600}));
    home.run(&["do", "tag.add 直播常客", "--on", &on, "--yes"]);
    let waiting = home.records("outbox");
    assert!(waiting.iter().any(|write| write["state"] == "queued"), "{waiting:?}");
}

#[test]
fn remarks_and_the_companys_tags_are_written_and_read_back() {
    let town = Town::sample(200);
    let home = town.home();
    home.text(&["sync"]);
    let all = home.records("customers");
    let id = all[3]["id"].as_str().unwrap().to_owned();
    home.text(&["do", "customer.set remark 老客户", "--on", &format!("id:{id}"), "--yes"]);
    home.text(&["do", "tag.create 双12 活动参与"]);
    home.text(&["sync", "--full"]);
    assert_eq!(one(&home, &id)["remark"], "老客户");
    let tags = home.records("tags");
    let made = tags.iter().find(|tag| tag["name"] == "双12").expect("WeCom has the tag");
    assert!(made["id"].as_str().unwrap().starts_with("etAAA"));
    let name = made["id"].as_str().unwrap();
    home.text(&["do", "tag.rename 双12 年终", "--yes"]);
    home.text(&["sync", "--full"]);
    assert_eq!(home.json(&["show", "tags", name, "--format", "json"])["name"], "年终");
    assert_eq!(town.calls("edit_corp_tag"), 1);
}
