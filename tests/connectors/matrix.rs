//! Matrix against a real Synapse that was filled by its seeder: named by `SIYU_SYNAPSE`, an address on
//! this machine; skipped with a word where that is not set.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::json_server::put_in;
use crate::rig::Home;

#[test]
fn users_rooms_members_and_messages_are_what_was_put_in() {
    let Ok(url) = std::env::var("SIYU_SYNAPSE") else {
        eprintln!("skipped: SIYU_SYNAPSE names no server");
        return;
    };
    let Some(put_in) = put_in() else { return };
    let home = Home::new(&format!(
        "[profiles.main]\nbackend = \"matrix\"\nurl = \"{url}\"\nvars = {{ user = \"ops\" }}\ntoken_command = [\"echo\", \"ops12345\"]\n"
    ));
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    let groups = put_in["groups"].as_array().unwrap();
    let number = |n: &Value| n.as_u64().unwrap();
    let activity =
        |group: &Value| group["activity"].as_array().unwrap().iter().take(12).cloned().collect::<Vec<_>>();
    let members = |group: &Value| -> BTreeSet<u64> {
        let members = group["members"].as_array().unwrap().iter().take(25).map(number);
        members.chain(activity(group).iter().map(|a| number(&a["author"]))).collect()
    };
    let users: BTreeSet<u64> = groups.iter().flat_map(members).chain(0..150).collect();
    let pulled = home.records("customers");
    for customer in
        put_in["customers"].as_array().unwrap().iter().filter(|c| users.contains(&number(&c["i"])))
    {
        let id = format!("@c{}:localhost", customer["i"]);
        let found = pulled.iter().find(|one| one["id"] == json!(id)).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(found["channels"], json!([{"kind": "matrix", "id": id}]));
        // A test that writes renames the second one.
        if customer["i"] != 1 {
            assert_eq!(found["name"], customer["name"], "{id}");
        }
    }
    assert!((users.len()..=users.len() + 1).contains(&pulled.len()), "the administrator may be one of them");
    let (rooms, events) = (home.records("groups"), home.records("events"));
    let in_rooms = home.json(&["list", "members", "--format", "json"]);
    assert_eq!(rooms.len(), groups.len());
    for group in groups {
        let room = rooms.iter().find(|room| room["name"] == group["name"]).expect("it is there");
        let id = &room["id"];
        let there: BTreeSet<String> = in_rooms
            .as_array()
            .unwrap()
            .iter()
            .filter(|member| &member["group_id"] == id && member["member_id"] != "@ops:localhost")
            .map(|member| member["customer_id"].as_str().unwrap().to_owned())
            .collect();
        let wanted: BTreeSet<String> = members(group).iter().map(|n| format!("@c{n}:localhost")).collect();
        assert_eq!(there, wanted);
        let said = |sender: &Value, text: &Value| {
            format!("{}: {}", sender.as_str().unwrap(), text.as_str().unwrap())
        };
        let mut there: Vec<String> = events
            .iter()
            .filter(|event| &event["group_id"] == id)
            .map(|event| said(&event["customer_id"], &event["title"]))
            .collect();
        let mut wanted: Vec<String> = activity(group)
            .iter()
            .map(|a| said(&json!(format!("@c{}:localhost", a["author"])), &a["text"]))
            .collect();
        there.sort();
        wanted.sort();
        assert_eq!(there, wanted);
    }
}
