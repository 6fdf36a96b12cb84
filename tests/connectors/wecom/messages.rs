//! Messages: made here, and sent by the staff in their own client.

use serde_json::{Value, json};

use super::town::Town;
use crate::rig::Home;

fn broadcast(home: &Home) -> Value {
    let [only] = <[Value; 1]>::try_from(home.records("broadcasts")).expect("one message");
    only
}

#[test]
fn a_message_waits_until_its_sender_confirms_it_and_is_told_so() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let all = home.records("customers");
    let mine = |one: &&Value| one["owners"].as_array().unwrap().contains(&json!("op-01"));
    let id = all.iter().find(mine).expect("one of our own")["id"].as_str().unwrap();
    home.text(&["do", "message.send wecom 新品到店，欢迎来看", "--ids", id, "--yes"]);
    assert_eq!(town.calls("add_msg_template"), 1);
    assert_eq!(home.json(&["list", "outbox", "--format", "json"]), json!([]));
    let said = home.json(&["list", "events", "kind:message_out", "--format", "json"]);
    assert_eq!((&said[0]["customer_id"], &said[0]["title"]), (&json!(id), &json!("新品到店，欢迎来看")));

    home.text(&["sync", "--full"]);
    let waits = broadcast(&home);
    assert_eq!((&waits["title"], &waits["status"]), (&json!("新品到店，欢迎来看"), &json!("draft")));
    assert_eq!(waits["audience"], "未确认: op-01");
    town.control("confirm", json!({"msgid": waits["id"], "userid": "op-01"}));
    home.text(&["sync", "--full"]);
    assert_eq!((&broadcast(&home)["status"], &broadcast(&home)["audience"]), (&json!("sent"), &Value::Null));

    // A customer who is nobody's of ours is refused by name, and nothing is sent twice.
    let other = all.iter().find(|one| !mine(one)).expect("one of others")["id"].as_str().unwrap();
    let output = home.run(&["do", "message.send wecom 你好", "--ids", other, "--yes"]);
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(town.calls("add_msg_template"), 2);
}
