//! Tryton against a real server that was filled by its seeder: named by `SIYU_TRYTON`, an address on
//! this machine with its database; skipped with a word where that is not set. It writes.

use serde_json::{Value, json};

use crate::json_server::put_in;
use crate::rig::Home;

#[test]
fn parties_categories_and_opportunities_are_what_was_put_in_and_a_write_is_there() {
    let Ok(url) = std::env::var("SIYU_TRYTON") else {
        eprintln!("skipped: SIYU_TRYTON names no server");
        return;
    };
    let Some(put_in) = put_in() else { return };
    let home = Home::new(&format!(
        "[profiles.main]\nbackend = \"tryton\"\nurl = \"{url}\"\nvars = {{ user = \"admin\" }}\ntoken_command = [\"echo\", \"admin12345\"]\n"
    ));
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    let in_order = |kind: &str| {
        let mut all = home.records(kind);
        all.sort_by_key(|record| record["id"].as_str().unwrap().parse::<u64>().unwrap());
        all
    };
    let tags = in_order("tags");
    let names: Vec<&Value> = tags.iter().map(|tag| &tag["name"]).collect();
    assert_eq!(json!(names), put_in["tags"]);
    let customers = in_order("customers");
    assert_eq!(customers.len(), 500);
    for (n, (found, c)) in customers.iter().zip(put_in["customers"].as_array().unwrap()).enumerate() {
        assert_eq!(found["name"], c["name"]);
        assert_eq!(found["phones"], json!([format!("+86{}", c["phone"].as_str().unwrap())]));
        let channels = c["email"].as_str().map_or(json!([]), |email| json!([{"kind": "email", "id": email}]));
        assert_eq!(found["channels"], channels);
        assert_eq!(
            found["city"],
            c["city"].as_str().filter(|city| !city.is_empty()).map_or(Value::Null, Value::from)
        );
        // The second one is what this test writes to.
        if n != 1 {
            let mut there: Vec<&str> =
                found["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
            let mut wanted: Vec<&str> = c["tags"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| tags[t.as_u64().unwrap() as usize]["id"].as_str().unwrap())
                .collect();
            there.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(there, wanted, "{found}");
        }
    }
    let groups = in_order("groups");
    let members = home.json(&["list", "members", "--format", "json"]);
    for (found, group) in groups.iter().zip(put_in["groups"].as_array().unwrap()) {
        assert_eq!(found["name"], group["name"]);
        let there =
            members.as_array().unwrap().iter().filter(|member| member["group_id"] == found["id"]).count();
        assert_eq!(there, group["members"].as_array().unwrap().len());
    }
    let follow_ups = in_order("follow-ups");
    assert_eq!(follow_ups.len(), 100);
    for (found, f) in follow_ups.iter().zip(put_in["follow_ups"].as_array().unwrap()) {
        assert_eq!((&found["title"], &found["note"]), (&f["title"], &f["note"]));
        assert_eq!(found["customer_id"], customers[f["customer"].as_u64().unwrap() as usize]["id"]);
        assert_eq!(found["due_at"], json!(format!("{}T00:00:00+08:00", &f["due"].as_str().unwrap()[..10])));
    }
    let second = customers[1]["id"].as_str().unwrap();
    let write = |command: &str| {
        home.text(&["do", command, "--on", &format!("id:{second}"), "--yes"]);
        home.text(&["sync", "--full"]);
        in_order("customers")[1]["tags"].as_array().unwrap().contains(&tags[19]["id"])
    };
    write("tag.remove Überkunde");
    assert!(write("tag.add Überkunde"), "read back from the server");
    assert!(!write("tag.remove Überkunde"));
    let changed = home.json(&["sync", "--format", "json"]);
    let pulled =
        changed["pulled"].as_array().unwrap().iter().find(|one| one["resource"] == "customers").unwrap();
    assert!(pulled["rows"].as_u64().unwrap() < 500, "only what has changed: {pulled}");
}
