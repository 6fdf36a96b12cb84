//! Tryton against a real server that was filled by its seeder: named by `SIYU_TRYTON`, an address on
//! this machine with its database; skipped with a word where that is not set. What a test writes it
//! takes back.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::interrupted::stopped_and_started;
use crate::put_in::{any_time, compare, key, number, of, pulled, put_in, same};
use crate::rig::{Home, Server, Turn, ask, free_port, named};

fn home(url: &str) -> Home {
    Home::new(&format!(
        "[profiles.main]\nbackend = \"tryton\"\nurl = \"{url}\"\nvars = {{ user = \"admin\" }}\ntoken_command = [\"echo\", \"admin12345\"]\n"
    ))
}

/// The server itself, asked beside the program.
struct Tryton {
    url: String,
    session: String,
}

impl Tryton {
    fn new(url: &str) -> Self {
        let mut tryton = Self { url: format!("{url}/"), session: String::new() };
        let got = tryton.call("common.db.login", &json!(["admin", {"password": "admin12345"}, "en"]));
        let key = format!("admin:{}:{}", got[0], got[1].as_str().expect("a key"));
        tryton.session = format!("Session {}", STANDARD.encode(key));
        tryton
    }

    fn call(&self, method: &str, params: &Value) -> Value {
        let body = json!({"id": 1, "method": method, "params": params});
        let session = Some(self.session.as_str()).filter(|session| !session.is_empty());
        let (status, answer) = ask(&self.url, "POST", session, Some(&body));
        assert!(status == 200 && answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// A field of one record.
    fn field(&self, model: &str, id: &str, field: &str) -> Value {
        let id: u64 = id.parse().expect("a number");
        self.call(&format!("model.{model}.read"), &json!([[id], [field], {}]))[0][field].clone()
    }

    /// Records by their numbers, which are the order in which they were put in.
    fn in_order(home: &Home, kind: &str) -> Vec<Value> {
        let mut all = pulled(home, kind);
        all.sort_by_key(|record| {
            record["id"].as_str().and_then(|id| id.parse::<u64>().ok()).expect("a number")
        });
        all
    }
}

fn day(at: &Value) -> Value {
    format!("{}T00:00:00+08:00", &at.as_str().expect("a time")[..10]).into()
}

#[test]
fn every_field_of_parties_categories_opportunities_and_notes_is_what_was_put_in() {
    let Some(url) = named("SIYU_TRYTON") else { return };
    let Some(put_in) = put_in() else { return };
    let _turn = Turn::reading("tryton");
    let home = home(&url);
    assert_eq!(home.json(&["sync", "--format", "json"])["failed"], json!([]));
    // Ids are the server's: the order in which records were made tells which is which.
    let ids = |kind: &str| -> Vec<Value> {
        Tryton::in_order(&home, kind).into_iter().map(|record| record["id"].clone()).collect()
    };
    let (tags, customers, groups, follow_ups, events) =
        (ids("tags"), ids("customers"), ids("groups"), ids("follow-ups"), ids("events"));
    assert_eq!((tags.len(), customers.len(), groups.len(), follow_ups.len()), (20, 500, 10, 100));

    let wanted = |(id, name)| json!({"id": id, "name": name});
    same("tags", &home, &tags.iter().zip(of(&put_in["tags"])).map(wanted).collect::<Vec<_>>());

    let mut wanted: Vec<Value> = customers
        .iter()
        .zip(of(&put_in["customers"]))
        .map(|(id, c)| {
            let mut in_them: Vec<&Value> = of(&c["tags"]).iter().map(|tag| &tags[number(tag)]).collect();
            in_them.sort_by_key(|id| id.to_string());
            let email = |email: &str| json!([{"kind": "email", "id": email}]);
            json!({
                "id": id, "name": c["name"], "phones": [format!("+86{}", c["phone"].as_str().expect("a number"))],
                "channels": c["email"].as_str().map_or(json!([]), email),
                "city": c["city"].as_str().filter(|city| !city.is_empty()),
                "tags": in_them, "added_at": any_time(), "updated_at": any_time(),
            })
        })
        .collect();
    // A party's categories have no order.
    let mut parties = pulled(&home, "customers");
    for party in &mut parties {
        party["tags"].as_array_mut().expect("a list").sort_by_key(Value::to_string);
    }
    wanted.sort_by_key(key);
    compare("customers", &parties, &wanted);

    let wanted: Vec<Value> = follow_ups
        .iter()
        .zip(of(&put_in["follow_ups"]))
        .map(|(id, f)| {
            json!({
                "id": id, "customer_id": customers[number(&f["customer"])], "title": f["title"], "note": f["note"],
                "due_at": day(&f["due"]), "status": if f["done"] == true { "done" } else { "open" },
                "assignee_id": "1", "created_at": any_time(),
                "done_at": if f["done"] == true { any_time() } else { Value::Null },
            })
        })
        .collect();
    same("follow-ups", &home, &wanted);
    same("operators", &home, &[json!({"id": "1", "name": "Operator One", "active": true})]);

    let (mut chats, mut members, mut said) = (Vec::new(), Vec::new(), Vec::new());
    let mut events = events.iter();
    for (id, group) in groups.iter().zip(of(&put_in["groups"])) {
        let in_it = of(&group["members"]);
        chats.push(json!({
            "id": id, "name": group["name"], "member_count": in_it.len(), "created_at": any_time(),
        }));
        members.extend(in_it.iter().map(|member| {
            let (customer, name) = (&customers[number(member)], &put_in["customers"][number(member)]["name"]);
            json!({"group_id": id, "member_id": customer, "customer_id": customer, "name": name, "kind": "customer"})
        }));
        for a in of(&group["activity"]) {
            let author = put_in["customers"][number(&a["author"])]["name"].as_str().expect("a name");
            let (at, text) = (a["at"].as_str().expect("a time"), a["text"].as_str().expect("a text"));
            said.push(json!({
                "id": events.next().expect("it is there"), "group_id": id, "kind": "note",
                "title": format!("{at} {author}: {text}"), "at": any_time(),
            }));
        }
    }
    same("groups", &home, &chats);
    same("members", &home, &members);
    same("events", &home, &said);

    let checks = home.json(&["backend", "check", "--format", "json"]);
    let well = |check: &Value| check["ok"] == true && check["complaints"] == json!([]);
    assert!(of(&checks).len() == 8 && of(&checks).iter().all(well), "hello, and each [pull]: {checks}");
}

#[test]
fn a_tag_is_added_and_removed_and_only_what_has_changed_is_pulled() {
    let Some(url) = named("SIYU_TRYTON") else { return };
    let Some(put_in) = put_in() else { return };
    let _turn = Turn::writing("tryton");
    let (home, tryton) = (home(&url), Tryton::new(&url));
    home.text(&["sync"]);
    let n = of(&put_in["customers"]).iter().position(|c| !of(&c["tags"]).contains(&json!(19))).expect("one");
    let customer = Tryton::in_order(&home, "customers")[n].clone();
    let tag = Tryton::in_order(&home, "tags")[19]["id"].as_str().expect("an id").to_owned();
    let id = customer["id"].as_str().expect("an id");
    let there =
        || of(&tryton.field("party.party", id, "categories")).contains(&json!(tag.parse::<u64>().unwrap()));
    let by = |command: &str| {
        home.text(&["do", command, "--on", &format!("id:{id}"), "--yes"]);
        let mut here = home.json(&["show", "customers", id, "--format", "json"]);
        here["updated_at"] = customer["updated_at"].clone();
        here
    };
    let tagged = by("tag.add Überkunde");
    assert!(there() && of(&tagged["tags"]).contains(&json!(tag)), "{tagged}");
    let summary = home.json(&["sync", "--format", "json"]);
    let one = of(&summary["pulled"]).iter().find(|one| one["resource"] == "customers").expect("it is told");
    assert!(
        one["rows"].as_u64().is_some_and(|rows| (1..500).contains(&rows)),
        "only what has changed: {one}"
    );
    let back = by("tag.remove Überkunde");
    assert!(!there());
    assert_eq!(back, customer, "and all the rest is as it was");
}

#[test]
fn follow_ups_are_completed_opened_again_changed_and_made() {
    let Some(url) = named("SIYU_TRYTON") else { return };
    let Some(put_in) = put_in() else { return };
    let _turn = Turn::writing("tryton");
    let (home, tryton) = (home(&url), Tryton::new(&url));
    home.text(&["sync"]);
    // The seeder makes those with an even number leads, which is what one that is opened again is.
    let n = of(&put_in["follow_ups"])
        .iter()
        .position(|f| f["done"] == false && number(&f["i"]).is_multiple_of(2));
    let n = n.expect("one is open");
    let before = Tryton::in_order(&home, "follow-ups")[n].clone();
    let id = before["id"].as_str().expect("an id");
    let by = |command: &str| home.run(&["do", command, "--on", &format!("id:{id}"), "--yes"]);
    let here = || home.json(&["show", "follow-ups", id, "--format", "json"]);
    let there = |field: &str| tryton.field("sale.opportunity", id, field);

    assert!(by("follow_up.done").status.success());
    assert_eq!((there("state"), &here()["status"]), (json!("lost"), &json!("done")));
    home.text(&["sync", "--full"]);
    assert_eq!(here()["status"], "done", "it is read back so");
    assert!(by("follow_up.reopen").status.success());
    assert_eq!((there("state"), &here()["status"]), (json!("lead"), &json!("open")));
    assert!(by("follow_up.cancel").status.success());
    assert_eq!((there("state"), &here()["status"]), (json!("cancelled"), &json!("cancelled")));
    assert!(by("follow_up.reopen").status.success());
    assert!(by("follow_up.set note 很好").status.success());
    assert_eq!(there("comment"), "很好");
    let note = put_in["follow_ups"][n]["note"].as_str().expect("a note");
    assert!(by(&format!("follow_up.set note {note}")).status.success());
    home.text(&["sync", "--full"]);
    assert_eq!(here(), before, "and all the rest is as it was");

    let refused = by("follow_up.set due_at 2027-03-01");
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("is due on a day"), "{told}");
    let waiting = home.json(&["list", "outbox", "--format", "json"]);
    home.text(&["outbox", "discard", &waiting[0]["n"].to_string()]);

    let customer = before["customer_id"].as_str().expect("an id");
    home.text(&["do", "follow_up.create 电话 2027-03-01", "--on", &format!("id:{customer}"), "--yes"]);
    let made = Tryton::in_order(&home, "follow-ups").pop().expect("it is there");
    let number: u64 = made["id"].as_str().and_then(|id| id.parse().ok()).expect("the server's own id");
    let read = tryton.call(
        "model.sale.opportunity.read",
        &json!([[number], ["party", "description", "start_date", "state", "employee"], {}]),
    );
    tryton.call("model.sale.opportunity.cancel", &json!([[number], {}]));
    tryton.call("model.sale.opportunity.delete", &json!([[number], {}]));
    let start = json!({"__class__": "date", "year": 2027, "month": 3, "day": 1});
    let wanted = json!([{
        "id": number, "party": customer.parse::<u64>().expect("a number"), "description": "电话",
        "start_date": start, "state": "lead", "employee": 1,
    }]);
    for (field, value) in wanted[0].as_object().expect("a record") {
        assert_eq!(&read[0][field], value, "{field}");
    }
    home.text(&["sync", "--full"]);
    assert_eq!(home.text(&["count", "follow-ups"]).trim(), "100");
}

/// A second server on the same database, which can be stopped and started; `None`, with a word, where
/// nothing says where the first one's configuration is.
fn second(folder: &Path, url: &str) -> Option<Server> {
    let first = PathBuf::from(named("SIYU_SERVERS")?).join("tryton/trytond.conf");
    let listens = url.strip_prefix("http://")?.split('/').next()?;
    let port = free_port();
    let config = std::fs::read_to_string(first).expect("it can be read");
    let config = config.replace(&format!("listen = {listens}"), &format!("listen = 127.0.0.1:{port}"));
    assert!(config.contains(&port.to_string()), "{config}");
    std::fs::write(folder.join("trytond.conf"), config).expect("it can be written");
    let mut command = Command::new("trytond");
    command.args(["-c", "trytond.conf"]).current_dir(folder);
    Some(Server::new(command, port))
}

#[test]
fn a_server_that_is_stopped_and_started_in_mid_pull_ends_with_the_same_rows() {
    let Some(url) = named("SIYU_TRYTON") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = second(folder.path(), &url) else { return };
    let _turn = Turn::reading("tryton");
    let kinds = ["tags", "customers", "operators", "groups", "members", "events", "follow-ups"];
    let home = |url: &str| home(&format!("{url}/crm"));
    // The third and last page of customers.
    stopped_and_started(server, home, &kinds, ("\"categories.name\",\"=\",\"__customer__\"", 3));
}
