//! What became of writes is said by name, and a backend that asks to wait is waited for.

use std::process::Output;

use crate::doing::{Scene, json, said, status};
use crate::home::Home;
use crate::serving::{Serving, database, home_of, jsonl};

/// Customers without the tag get it, with nobody to talk to. Gives their names as a terminal is told them:
/// without what asks for an emoji's picture, which terminals do not agree on.
fn tagged_offline(home: &Home, tag: &str, count: &str) -> Vec<String> {
    let rows = jsonl(&home.text(&["list", "customers", "--limit", count, "--format", "jsonl"]));
    let ids: Vec<String> = rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect();
    home.text(&["do", &format!("tag.add {tag}"), "--ids", &ids.join(","), "--yes", "--offline"]);
    rows.iter().map(|row| row["name"].as_str().expect("a name").replace('\u{fe0f}', "")).collect()
}

/// Has somebody else delete a tag that this home still knows.
fn without_its_tag(scene: &Scene, tag: &str) {
    scene.home.text(&["do", &format!("tag.create {tag}")]);
    scene.home.run(&["sync"]); // other writes of the scene may be in trouble
    let other = home_of(&scene.server).with("SIYU_LANG", "en");
    other.text(&["sync"]);
    other.text(&["do", &format!("tag.delete {tag}"), "--yes"]);
}

/// How often a word stands in what was said.
fn lines_with<'a>(output: &'a str, word: &str) -> Vec<&'a str> {
    output.lines().filter(|line| line.contains(word)).collect()
}

#[test]
fn a_sync_names_what_was_refused() {
    let scene = Scene::new();
    without_its_tag(&scene, "临时标签");
    let names = tagged_offline(&scene.home, "临时标签", "3");
    let output = scene.home.run(&["sync"]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    let told = said(&output);
    let refused = lines_with(&told, "refused: ");
    assert_eq!(refused.len(), 3, "{told}");
    for name in &names {
        assert!(
            refused.iter().any(|line| line.contains(name.as_str()) && line.contains("临时标签")),
            "{told}"
        );
    }
    assert!(told.contains("`siyu outbox"), "{told}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("3 failed"));
    // They stay in the way until somebody deals with them.
    assert_eq!(status(&scene.home.run(&["sync"])), 3);
    let told = scene.home.run(&["sync", "--lang", "zh"]);
    assert!(said(&told).contains("被拒绝") && said(&told).contains("`siyu outbox"), "{}", said(&told));
}

#[test]
fn of_many_a_sync_names_twenty() {
    let scene = Scene::new();
    without_its_tag(&scene, "临时标签");
    tagged_offline(&scene.home, "临时标签", "25");
    let output = scene.home.run(&["sync"]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    let told = said(&output);
    assert_eq!(lines_with(&told, "refused: ").len(), 20, "{told}");
    assert_eq!(lines_with(&told, "and 5 more").len(), 1, "{told}");
}

#[test]
fn a_sync_with_nothing_but_conflicts_has_their_status() {
    let scene = Scene::new();
    let id = scene.ids("has:phone", "1").remove(0);
    let other = home_of(&scene.server).with("SIYU_LANG", "en");
    other.text(&["sync"]);
    other.text(&["do", "customer.set remark theirs", "--ids", &id]);
    scene.home.text(&["do", "customer.set remark mine", "--ids", &id, "--offline"]);
    let output = scene.home.run(&["sync"]);
    assert_eq!(status(&output), 5, "{}", said(&output));
    let told = said(&output);
    assert!(told.contains("in conflict") && told.contains("mine") && told.contains("theirs"), "{told}");
    let document = scene.home.run(&["sync", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&document.stdout).expect("a document");
    assert_eq!(document["outbox"]["conflicts"], 1);
    // A refusal beside it makes it a round that was partly done.
    without_its_tag(&scene, "临时标签");
    tagged_offline(&scene.home, "临时标签", "1");
    assert_eq!(status(&scene.home.run(&["sync"])), 3);
}

#[test]
fn retry_sends_all_that_waits_and_the_outbox_has_its_formats() {
    let scene = Scene::new();
    let names = tagged_offline(&scene.home, "VIP", "500");
    assert!(names.len() == 500, "{}", names.len());
    let queued = scene.home.text(&["count", "outbox"]).trim().parse::<usize>().expect("a count");
    assert!(queued > 0);
    let rows = json(&scene.home.run(&["outbox", "--format", "json"]));
    assert_eq!(rows.as_array().map(Vec::len), Some(queued));
    assert_eq!(jsonl(&scene.home.text(&["outbox", "--format", "jsonl"])).len(), queued);
    assert_eq!(scene.home.text(&["outbox", "retry"]), format!("{queued} again, {queued} sent\n"));
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    let none = scene.home.run(&["outbox", "--format", "json", "retry"]);
    assert_eq!(status(&none), 2, "{}", said(&none));
}

/// A scene whose server takes so many writes in a minute.
fn limited(per_minute: &str) -> (Serving, Home, Home) {
    let serving = Home::new();
    let server = Serving::limited(&serving, per_minute);
    let home = home_of(&server).with("SIYU_LANG", "en");
    home.text(&["sync"]);
    (server, serving, home)
}

fn tags_there(serving: &Home, tag: &str) -> i64 {
    let sql = "SELECT count(*) FROM records AS r, json_each(r.body, '$.tags') AS t, records AS g \
               WHERE r.resource = 'customers' AND g.resource = 'tags' AND g.id = t.value \
               AND json_extract(g.body, '$.name') = ?1";
    database(&serving.path("server.db")).query_row(sql, [tag], |row| row.get(0)).expect("SQL of the test")
}

fn until(output: &Output) -> String {
    let told = said(output);
    let (_, after) = told.split_once("from ").unwrap_or_else(|| panic!("{told}"));
    after.split(" on ").next().expect("a moment").to_owned()
}

#[test]
fn a_backend_that_asks_for_seconds_is_waited_for() {
    let (_server, serving, home) = limited("30");
    home.text(&["do", "tag.create 一起"]);
    let started = std::time::Instant::now();
    tagged_offline(&home, "一起", "31");
    let output = home.run(&["sync"]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let told = said(&output);
    assert!(!lines_with(&told, "asks to wait").is_empty() && told.contains(" s"), "{told}");
    assert_eq!(tags_there(&serving, "一起"), 31);
    // Two writes more than a minute takes, each worth two seconds.
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_backend_that_asks_for_a_minute_is_left_alone_and_one_is_told_until_when() {
    let (_server, serving, home) = limited("1");
    home.text(&["do", "tag.create 一起"]);
    let ids = jsonl(&home.text(&["list", "customers", "--limit", "1", "--format", "jsonl"]));
    let id = ids[0]["id"].as_str().expect("an id");
    let started = std::time::Instant::now();
    let output = home.run(&["do", "tag.add 一起", "--ids", id]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let at = until(&output);
    assert!(at.len() == 19 && at.starts_with("20"), "{at:?} in {}", said(&output));
    let synced = home.run(&["sync"]);
    assert_eq!(status(&synced), 0, "{}", said(&synced));
    assert!(said(&synced).contains("1 stays queued") && until(&synced) == at, "{}", said(&synced));
    assert!(String::from_utf8_lossy(&synced.stdout).contains("1 later"));
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(tags_there(&serving, "一起"), 0);
}

#[test]
fn a_dry_run_with_another_count_has_its_status() {
    let scene = Scene::new();
    let ids = scene.ids("-tag:VIP", "2").join(",");
    let wrong = scene.home.run(&["do", "tag.add VIP", "--ids", &ids, "--dry-run", "--yes=3"]);
    assert_eq!(status(&wrong), 4, "{}", said(&wrong));
    assert!(said(&wrong).contains("--yes=3") && said(&wrong).contains("2 records"), "{}", said(&wrong));
    assert!(String::from_utf8_lossy(&wrong.stdout).starts_with("would write 2:"));
    let right = scene.home.run(&["do", "tag.add VIP", "--ids", &ids, "--dry-run", "--yes=2"]);
    assert_eq!((status(&right), said(&right).as_str()), (0, ""));
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
}

#[test]
fn without_user_the_audit_has_the_account_of_the_uid() {
    let scene = Scene::new();
    let id = scene.ids("-tag:VIP", "1").remove(0);
    scene.home.text(&["do", "tag.add VIP", "--ids", &id]); // a home of a test has no USER
    let audit = jsonl(&scene.home.text(&["list", "audit", "--format", "jsonl"]));
    let account = audit[0]["account"].as_str().expect("a text");
    let uid = rustix::process::getuid().as_raw().to_string();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = passwd.lines().find(|line| line.split(':').nth(2) == Some(&uid));
    let wanted = name.and_then(|line| line.split(':').next()).unwrap_or(&uid);
    assert_eq!(account, wanted);
}
