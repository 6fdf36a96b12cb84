//! The smallest connector against the real json-server.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::interrupted::stopped_and_started;
use crate::put_in::{compare, of, put_in, python, same};
use crate::rig::{Home, Server, ask, backends, has, json_server};

/// A server with the community in a folder of its own, and what was put in.
fn community(folder: &Path) -> Option<(Server, Value)> {
    let from = backends()?;
    if !has("npm") || !has("python3") {
        return None;
    }
    std::fs::create_dir_all(folder.join("jsonserver")).expect("a folder");
    for file in ["gen.py", "jsonserver/seed.py"] {
        std::fs::copy(from.join(file), folder.join(file)).expect("it can be copied");
    }
    python(folder, &["jsonserver/seed.py"]);
    Some((json_server(&folder.join("jsonserver"))?, put_in()?))
}

fn config(url: &str) -> String {
    format!("[profiles.main]\nbackend = \"json-server\"\nurl = \"{url}\"\n")
}

#[test]
fn all_of_it_is_pulled_and_each_field_is_what_was_put_in() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, put_in)) = community(folder.path()) else { return };
    let home = Home::new(&config(&server.url()));
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));

    let tags = &put_in["tags"];
    let wanted: Vec<Value> = of(&put_in["customers"])
        .iter()
        .map(|c| {
            let email = |email: &str| json!([{"kind": "email", "id": email}]);
            json!({
                "id": format!("cus_{:04}", c["i"].as_u64().unwrap()),
                "name": c["name"],
                "phones": [c["phone"]],
                "channels": c["email"].as_str().map_or(json!([]), email),
                "city": c["city"].as_str().filter(|city| !city.is_empty()),
                "tags": of(&c["tags"]).iter().map(|n| tags[n.as_u64().unwrap() as usize].clone()).collect::<Vec<_>>(),
                "added_at": c["created"].as_str().map(|at| format!("{at}+08:00")),
                "last_contact_at": c["last_contact"].as_str().map(|at| format!("{at}+00:00")),
            })
        })
        .collect();
    same("customers", &home, &wanted);

    let wanted: Vec<Value> = of(tags)
        .iter()
        .enumerate()
        .map(|(n, name)| json!({"id": name, "name": name, "order": n + 1}))
        .collect();
    same("tags", &home, &wanted);

    let wanted: Vec<Value> = of(&put_in["follow_ups"])
        .iter()
        .map(|f| {
            json!({
                "id": (f["i"].as_u64().unwrap() + 1).to_string(),
                "customer_id": format!("cus_{:04}", f["customer"].as_u64().unwrap()),
                "title": f["title"],
                "note": f["note"],
                "due_at": format!("{}+08:00", f["due"].as_str().unwrap()),
                "status": if f["done"] == true { "done" } else { "open" },
            })
        })
        .collect();
    same("follow-ups", &home, &wanted);

    let (mut groups, mut members, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let mut days: BTreeMap<(String, String), (u64, Vec<u64>)> = BTreeMap::new();
    for group in of(&put_in["groups"]) {
        let id = (group["i"].as_u64().unwrap() + 1).to_string();
        let in_it = of(&group["members"]);
        groups.push(json!({"id": id, "name": group["name"], "member_count": in_it.len(), "customer_count": in_it.len()}));
        for member in in_it.iter().cloned() {
            let customer = format!("cus_{:04}", member.as_u64().unwrap());
            let at = |a: &&Value| a["author"] == member;
            let activity = of(&group["activity"]);
            let last = activity.iter().filter(at).filter_map(|a| a["at"].as_str()).max();
            members.push(json!({
                "group_id": id, "member_id": customer, "customer_id": customer, "kind": "customer",
                "last_message_at": last.map(|at| format!("{at}+00:00")),
            }));
        }
        for a in of(&group["activity"]) {
            events.push(json!({
                "id": (events.len() + 1).to_string(), "group_id": id, "kind": "message_in", "title": a["text"],
                "customer_id": format!("cus_{:04}", a["author"].as_u64().unwrap()),
                "at": format!("{}+00:00", a["at"].as_str().unwrap()),
            }));
            let utc: jiff::civil::DateTime = a["at"].as_str().unwrap().parse().unwrap();
            let day = utc.checked_add(jiff::Span::new().hours(8)).unwrap().date().to_string();
            let entry = days.entry((id.clone(), day)).or_default();
            entry.0 += 1;
            entry.1.push(a["author"].as_u64().unwrap());
        }
    }
    same("groups", &home, &groups);
    same("events", &home, &events);
    same("members", &home, &members);

    // Days have no list of their own on the command line; what they come to has.
    let tried = home.json(&["backend", "try", "group_days", "--limit", "10000", "--format", "json"]);
    let mut pulled: Vec<Value> =
        of(&tried["items"]).iter().flat_map(|item| of(&item["records"]).to_vec()).collect();
    let wanted: Vec<Value> = days
        .into_iter()
        .map(|((group, day), (messages, mut authors))| {
            authors.sort_unstable();
            authors.dedup();
            json!({"group_id": group, "day": day, "messages": messages, "active_members": authors.len()})
        })
        .collect();
    pulled.sort_by_key(|record| (record["group_id"].as_str().map(str::to_owned), record["day"].to_string()));
    compare("group_days", &pulled, &wanted);
    assert_eq!(rows(&summary, "group_days"), wanted.len() as u64);
}

fn rows(summary: &Value, kind: &str) -> u64 {
    let one = summary["pulled"].as_array().unwrap().iter().find(|one| one["resource"] == kind);
    one.map_or(0, |one| one["rows"].as_u64().unwrap())
}

#[test]
fn what_is_gone_there_goes_here_and_a_server_that_is_away_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, _)) = community(folder.path()) else { return };
    let home = Home::new(&config(&server.url()));
    home.text(&["sync"]);
    let deleted = ask(&format!("{}/followups/7", server.url()), "DELETE", None, None);
    assert_eq!(deleted.0, 200, "json-server deletes a record");
    let summary = home.json(&["sync", "--format", "json"]);
    let follow_ups = summary["pulled"].as_array().unwrap().iter().find(|one| one["resource"] == "follow_ups");
    assert_eq!(follow_ups.unwrap()["deleted"], 1);
    assert_eq!(home.text(&["count", "follow-ups"]).trim(), "99");
    drop(server);
    let failed = home.run(&["sync"]);
    assert_eq!(failed.status.code(), Some(1), "{}", String::from_utf8_lossy(&failed.stderr));
    assert_eq!(home.text(&["count", "customers"]).trim(), "500");
    assert_eq!(home.text(&["count", "follow-ups"]).trim(), "99");
}

#[test]
fn a_server_that_is_stopped_and_started_in_mid_pull_ends_with_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, _)) = community(folder.path()) else { return };
    let kinds = ["tags", "customers", "groups", "members", "events", "follow-ups"];
    let home = |url: &str| Home::new(&config(url));
    stopped_and_started(server, home, &kinds, ("/customers?", 2));
}

#[test]
fn a_write_that_the_file_has_no_request_for_is_refused_with_a_clear_word() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, _)) = community(folder.path()) else { return };
    let home = Home::new(&config(&server.url()));
    home.text(&["sync"]);
    let output = home.run(&["do", "tag.create 电话"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("the connector json-server has no request for tags.make"), "{told}");
    assert_ne!(output.status.code(), Some(0));
}

#[test]
fn check_walks_everything_and_try_shows_raw_beside_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, _)) = community(folder.path()) else { return };
    let home = Home::new(&config(&server.url()));
    let checks = home.json(&["backend", "check", "--format", "json"]);
    let checks = checks.as_array().unwrap();
    assert_eq!(checks.len(), 8, "hello, and each [pull]");
    assert!(checks.iter().all(|check| check["ok"] == true && check["complaints"] == json!([])), "{checks:?}");
    let tried = home.json(&["backend", "try", "customers", "--limit", "2", "--format", "json"]);
    assert_eq!(tried["items"].as_array().unwrap().len(), 2);
    assert_eq!(tried["total"], 500);
    assert_eq!(tried["items"][0]["raw"]["profile"]["name"], tried["items"][0]["records"][0]["name"]);
    let table = home.text(&["backend", "try", "customers", "--limit", "1"]);
    assert!(table.contains("\"profile\"") && table.contains("  name: "), "{table}");
}

/// A record as the server has it.
fn at(server: &Server, path: &str) -> Value {
    ask(&format!("{}{path}", server.url()), "GET", None, None).1
}

#[test]
fn what_is_written_here_is_there_and_what_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some((server, put_in)) = community(folder.path()) else { return };
    let home = Home::new(&config(&server.url()));
    home.text(&["sync"]);
    let tags: Vec<Value> = put_in["customers"][0]["tags"].as_array().unwrap().clone();
    let name = |n: &Value| put_in["tags"][n.as_u64().unwrap() as usize].as_str().unwrap().to_owned();
    let mut wanted: Vec<String> = tags.iter().map(name).filter(|tag| tag != "VIP").collect();
    wanted.push("学生".to_owned());
    let by = |command: &str, id: &str| home.run(&["do", command, "--on", &format!("id:{id}"), "--yes"]);

    assert!(by("tag.add 学生", "cus_0000").status.success());
    assert!(by("tag.remove VIP", "cus_0000").status.success());
    assert_eq!(at(&server, "/customers/cus_0000")["tags"], json!(wanted));
    assert_eq!(home.records("customers")[0]["tags"], json!(wanted));
    assert!(by("customer.set name 李四", "cus_0000").status.success());
    let there = at(&server, "/customers/cus_0000");
    assert_eq!(there["profile"]["name"], "李四");
    assert_eq!(there["profile"]["contact"]["phone"], put_in["customers"][0]["phone"], "beside it all stays");

    let open = put_in["follow_ups"].as_array().unwrap().iter().position(|one| one["done"] == false).unwrap();
    let (id, path) = ((open + 1).to_string(), format!("/followups/{}", open + 1));
    let on = |command: &str| home.run(&["do", command, "--on", &format!("id:{id}"), "--yes"]);
    let refused = on("follow_up.cancel");
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("none that are cancelled"), "{told}");
    assert_eq!(at(&server, &path)["done"], false);
    home.text(&["outbox", "discard", "4"]);
    assert!(on("follow_up.done").status.success());
    assert_eq!(at(&server, &path)["done"], true);
    assert_eq!(home.json(&["show", "follow-ups", &id, "--format", "json"])["status"], "done");

    assert!(by("follow_up.create 电话 tomorrow", "cus_0007").status.success());
    let made = at(&server, "/followups/101");
    assert_eq!(
        (&made["customerId"], &made["title"], &made["done"]),
        (&json!("cus_0007"), &json!("电话"), &json!(false))
    );
    assert_eq!(home.json(&["show", "follow-ups", "101", "--format", "json"])["title"], "电话");
    assert_eq!(home.json(&["list", "outbox", "--format", "json"]), json!([]));
}
