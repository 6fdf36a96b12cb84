//! Matrix against a real Synapse that was filled by its seeder: named by `SIYU_SYNAPSE`, an address on
//! this machine; skipped with a word where that is not set.
//!
//! Synapse has no tags for users and no follow-ups: the first are refused, the second are the console's
//! own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::between::{Asked, Between};
use crate::interrupted::stopped_and_started;
use crate::put_in::{any_time, any_time_or_none, compare, number, of, pulled, put_in, same};
use crate::rig::{Home, Server, Turn, ask, free_port, named};

/// How much of a room's members and of what was said in it the seeder puts in.
const MEMBERS: usize = 25;
const SAID: usize = 12;

fn home(url: &str) -> Home {
    Home::new(&format!(
        "[profiles.main]\nbackend = \"matrix\"\nurl = \"{url}\"\nvars = {{ user = \"ops\" }}\ntoken_command = [\"echo\", \"ops12345\"]\n"
    ))
}

fn user(n: usize) -> String {
    format!("@c{n}:localhost")
}

/// Who said something in a group, and who is in it.
fn members(group: &Value) -> BTreeSet<usize> {
    let authors = of(&group["activity"]).iter().take(SAID).map(|said| number(&said["author"]));
    of(&group["members"]).iter().take(MEMBERS).map(number).chain(authors).collect()
}

#[test]
fn every_field_of_users_rooms_members_and_messages_is_what_was_put_in() {
    let Some(url) = named("SIYU_SYNAPSE") else { return };
    let Some(put_in) = put_in() else { return };
    let _turn = Turn::reading("synapse");
    let home = home(&url);
    assert_eq!(home.json(&["sync", "--format", "json"])["failed"], json!([]));

    let groups = of(&put_in["groups"]);
    let users: BTreeSet<usize> = groups.iter().flat_map(members).chain(0..150).collect();
    let wanted: Vec<Value> = users
        .iter()
        .map(|n| {
            json!({
                "id": user(*n), "name": put_in["customers"][*n]["name"],
                "channels": [{"kind": "matrix", "id": user(*n)}, {"kind": "email", "id": format!("c{n}@example.com")}],
                "added_at": any_time(), "last_active_at": any_time_or_none(),
            })
        })
        .collect();
    same("customers", &home, &wanted);
    same("operators", &home, &[json!({"id": "@ops:localhost", "name": "ops", "active": true})]);

    let rooms = pulled(&home, "groups");
    let (mut wanted, mut in_rooms, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for group in groups {
        let room = rooms.iter().find(|room| room["name"] == group["name"]).expect("it is there");
        let id = &room["id"];
        wanted.push(json!({
            "id": id, "name": group["name"], "notice": format!("群 #{}", group["i"]), "owner_id": "@ops:localhost",
            "member_count": members(group).len() + 1,
        }));
        in_rooms.push(json!({
            "group_id": id, "member_id": "@ops:localhost", "name": "@ops:localhost", "kind": "staff",
        }));
        in_rooms.extend(members(group).into_iter().map(|n| {
            json!({"group_id": id, "member_id": user(n), "customer_id": user(n), "name": user(n), "kind": "customer"})
        }));
        said.extend(of(&group["activity"]).iter().take(SAID).map(|a| {
            let (author, text) = (user(number(&a["author"])), &a["text"]);
            json!({"group_id": id, "customer_id": author, "title": text, "kind": "message_in", "at": any_time()})
        }));
    }
    same("groups", &home, &wanted);
    same("members", &home, &in_rooms);
    // The server gives messages their ids: they are told apart by who said what where.
    let mut events = pulled(&home, "events");
    let by = |record: &Value| ["group_id", "customer_id", "title"].map(|field| record[field].to_string());
    events.sort_by_key(by);
    said.sort_by_key(by);
    for (event, said) in events.iter().zip(&mut said) {
        said["id"] = event["id"].clone();
    }
    compare("events", &events, &said);
    assert_eq!(pulled(&home, "follow-ups"), Vec::<Value>::new());
    assert_eq!(pulled(&home, "tags"), Vec::<Value>::new());

    let checks = home.json(&["backend", "check", "--format", "json"]);
    let well = |check: &Value| check["ok"] == true && check["complaints"] == json!([]);
    assert!(of(&checks).len() == 6 && of(&checks).iter().all(well), "hello, and each [pull]: {checks}");
}

#[test]
fn a_name_is_written_and_what_synapse_has_not_is_refused() {
    let Some(url) = named("SIYU_SYNAPSE") else { return };
    let Some(put_in) = put_in() else { return };
    let _turn = Turn::writing("synapse");
    let home = home(&url);
    home.text(&["sync"]);
    let rename = |name: &str| {
        home.text(&["do", &format!("customer.set name {name:?}"), "--on", "id:@c1:localhost", "--yes"]);
        let there = ask(
            &format!("{url}/_matrix/client/v3/profile/@c1:localhost/displayname"),
            "GET",
            Some(&format!("Bearer {}", log_in(&url))),
            None,
        );
        assert_eq!(there, (200, json!({"displayname": name})));
        home.text(&["sync", "--full"]);
        assert_eq!(home.json(&["show", "customers", "@c1:localhost", "--format", "json"])["name"], name);
    };
    rename("李四");
    rename(put_in["customers"][1]["name"].as_str().expect("a name"));
    let refused = |command: &str| {
        let output = home.run(&["do", command, "--on", "id:@c1:localhost", "--yes"]);
        assert!(!output.status.success(), "{command}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused("customer.set city 上海").contains("the connector matrix cannot write city"));
    assert!(refused("tag.add VIP").contains("no tag is called"), "Synapse has no tags for users");
}

/// A token of the administrator's, for the test alone.
fn log_in(url: &str) -> String {
    let user = json!({"type": "m.id.user", "user": "ops"});
    let body = json!({"type": "m.login.password", "identifier": user, "password": "ops12345"});
    let (status, answer) = ask(&format!("{url}/_matrix/client/v3/login"), "POST", None, Some(&body));
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// Waits until a token has grown so old, or is refused, by questions that the server itself keeps
/// waiting for a second each: what is new in the rooms.
fn outlive(url: &str, bearer: &str, since: Instant, age: Duration) {
    let mut place = String::new();
    while since.elapsed() < age {
        let filter = "%7B%22room%22:%7B%22timeline%22:%7B%22limit%22:1%7D%7D%7D";
        let wait = format!("{url}/_matrix/client/v3/sync?timeout=1000&filter={filter}{place}");
        let (status, answer) = ask(&wait, "GET", Some(bearer), None);
        if status == 401 {
            assert_eq!(
                (&answer["errcode"], &answer["soft_logout"]),
                (&json!("M_UNKNOWN_TOKEN"), &json!(true))
            );
            return;
        }
        assert_eq!(status, 200, "{answer}");
        place = format!("&since={}", answer["next_batch"].as_str().expect("a place"));
    }
}

/// A token lives for 60 s, and the program waits for an answer for 30 s at most. A third of its life goes
/// by over users, another over members, the rest over messages: those requests carry a token that has
/// expired on the way.
#[test]
fn a_token_that_expires_in_mid_pull_is_renewed_once_and_the_pull_goes_on() {
    let Some(url) = named("SIYU_SYNAPSE") else { return };
    let _turn = Turn::reading("synapse");
    let (real, mut begun, mut waited) = (url.clone(), None, [false; 3]);
    let between = Between::new(&url, move |asked: &Asked| {
        let begun = *begun.get_or_insert_with(Instant::now);
        let ages = [("/users/", 20), ("/members", 40), ("/messages", 90)];
        for ((path, age), waited) in ages.into_iter().zip(&mut waited) {
            if asked.line.contains(path) && !std::mem::replace(waited, true) {
                outlive(&real, &asked.authorization, begun, Duration::from_secs(age));
            }
        }
    });
    let through = home(&between.url());
    assert_eq!(through.json(&["sync", "--format", "json"])["failed"], json!([]));
    let passed = between.passed();
    let count = |path: &str| passed.iter().filter(|(asked, _)| asked.line.contains(path)).count();
    assert_eq!((count("/login"), count("/refresh")), (1, 1), "{passed:?}");
    let refused: Vec<_> = passed.iter().filter(|(_, status)| *status == 401).collect();
    assert!(!refused.is_empty() && refused.iter().all(|(asked, _)| asked.line.contains("/messages")));
    let tokens: BTreeSet<&str> = passed
        .iter()
        .filter(|(asked, _)| asked.line.contains("/messages"))
        .map(|(asked, _)| asked.authorization.as_str())
        .collect();
    assert_eq!(tokens.len(), 2, "the one that expired, and the one that came for it");

    let straight = home(&url);
    straight.text(&["sync"]);
    for kind in ["customers", "operators", "groups", "members", "events"] {
        same(kind, &through, &pulled(&straight, kind));
    }
}

/// The server of a copy of the community, which can be stopped and started; `None`, with a word, where
/// nothing says where it is installed.
fn own(folder: &Path) -> Option<Server> {
    const COPY: &str = "
import sqlite3, sys, yaml
of, to, port = sys.argv[1:]
all = yaml.safe_load(open(of + '/hs.yaml'))
sqlite3.connect(all['database']['args']['database']).backup(sqlite3.connect(to + '/homeserver.db'))
all['database']['args']['database'] = to + '/homeserver.db'
all['media_store_path'], all['pid_file'] = to + '/media', to + '/pid'
all['listeners'][0]['port'] = int(port)
del all['log_config']
yaml.safe_dump(all, open(to + '/hs.yaml', 'w'))";
    let of = PathBuf::from(named("SIYU_SERVERS")?).join("synapse");
    let (of_text, to, port) = (of.to_str()?, folder.to_str()?, free_port());
    let interpreter = of.join("venv/bin/python");
    let copied = Command::new(&interpreter).args(["-c", COPY, of_text, to, &port.to_string()]).status();
    assert!(copied.expect("python starts").success());
    let mut command = Command::new(interpreter);
    command.args(["-m", "synapse.app.homeserver", "-c", "hs.yaml"]).current_dir(folder);
    Some(Server::new(command, port))
}

#[test]
fn a_server_that_is_stopped_and_started_in_mid_pull_ends_with_the_same_rows() {
    if named("SIYU_SYNAPSE").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let server = {
        let _turn = Turn::reading("synapse");
        own(folder.path())
    };
    let Some(server) = server else { return };
    let kinds = ["customers", "operators", "groups", "members", "events"];
    // The second page of the third room: in the middle of a fan-out.
    stopped_and_started(server, home, &kinds, ("/messages", 6));
}
