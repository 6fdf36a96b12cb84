//! `siyu do`: written with no screen, offline or not, and at the server exactly once.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::home::Home;
use crate::serving::{Serving, database, home_of, jsonl};

/// A server, and a home that has pulled from it.
pub struct Scene {
    pub server: Serving,
    pub serving: Home,
    pub home: Home,
}

impl Scene {
    pub fn new() -> Self {
        let serving = Home::new();
        let server = Serving::start(&serving, "127.0.0.1:0");
        let home = home_of(&server).with("SIYU_LANG", "en");
        home.text(&["sync"]);
        Self { server, serving, home }
    }

    /// A number out of the server's own database.
    pub fn server_says(&self, sql: &str) -> i64 {
        let sqlite = database(&self.serving.path("server.db"));
        sqlite.query_row(sql, [], |row| row.get(0)).expect("SQL of the test")
    }

    pub fn count(&self, filter: &str) -> usize {
        self.home.text(&["count", "customers", filter]).trim().parse().expect("a count")
    }

    pub fn ids(&self, filter: &str, limit: &str) -> Vec<String> {
        let rows =
            jsonl(&self.home.text(&["list", "customers", filter, "--limit", limit, "--format", "jsonl"]));
        rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// Runs it with this on its standard input.
    fn fed(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.home.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("it was asked for").write_all(input.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    }
}

pub fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

pub fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what it says is UTF-8")
}

pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).expect("one document")
}

#[test]
fn offline_and_then_online_the_server_has_each_exactly_once() {
    let scene = Scene::new();
    let (all, had) = (scene.count("stage:active"), scene.count("stage:active tag:VIP"));
    assert!(had < all, "somebody is to be tagged");
    let tagged = json(&scene.home.run(&[
        "do",
        "tag.add VIP",
        "--on",
        "stage:active",
        "--yes",
        "--offline",
        "--format",
        "json",
    ]));
    assert_eq!(tagged["queued"], all - had);
    assert_eq!((&tagged["skipped"], &tagged["sent"]), (&had.into(), &0.into()));
    let note = ["do", "note.add 回访 once-only", "--on", "stage:active", "--yes", "--offline"];
    assert_eq!(status(&scene.home.run(&note)), 0);
    // It shows at once, before anybody was told.
    assert_eq!(scene.count("stage:active tag:VIP"), all);
    let noted = "SELECT count(*) FROM records WHERE resource = 'events' AND body LIKE '%once-only%'";
    assert_eq!(scene.server_says(noted), 0);
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), (2 * all - had).to_string());

    // A sync that may change nothing sends nothing.
    scene.home.text(&["sync", "--read-only"]);
    assert_eq!(scene.server_says(noted), 0);
    scene.home.text(&["sync"]);
    assert_eq!(scene.server_says(noted), i64::try_from(all).expect("a small number"));
    let whose = "SELECT count(DISTINCT json_extract(body, '$.customer_id')) FROM records \
                 WHERE resource = 'events' AND body LIKE '%once-only%'";
    assert_eq!(scene.server_says(whose), i64::try_from(all).expect("a small number"));
    let tagged = "SELECT count(*) FROM records AS r WHERE r.resource = 'customers' \
                  AND json_extract(r.body, '$.stage') = 'active' \
                  AND (SELECT count(*) FROM json_each(r.body, '$.tags') AS t, records AS g \
                       WHERE g.resource = 'tags' AND g.id = t.value \
                       AND json_extract(g.body, '$.name') = 'VIP') = 1";
    assert_eq!(scene.server_says(tagged), i64::try_from(all).expect("a small number"));
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    // And once more changes nothing there.
    scene.home.text(&["sync"]);
    assert_eq!(scene.server_says(noted), i64::try_from(all).expect("a small number"));
}

#[test]
fn online_it_is_sent_at_once() {
    let scene = Scene::new();
    let ids = scene.ids("-tag:VIP", "3");
    let output = scene.fed(&["do", "tag.add VIP", "--ids", "-", "--yes=3"], &(ids.join("\n") + "\n\n"));
    assert_eq!((status(&output), said(&output).as_str()), (0, ""));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "tag.add VIP: 3 queued, 0 skipped, 3 sent\n");
    let again = scene.home.run(&["do", "tag.add VIP", "--ids", &ids.join(",")]);
    assert_eq!(status(&again), 0);
    assert!(said(&again).contains("nothing to do"), "{}", said(&again));
    assert_eq!(String::from_utf8_lossy(&again.stdout), "tag.add VIP: 0 queued, 3 skipped\n");
}

#[test]
fn a_natural_date_is_echoed_as_an_absolute_one() {
    let scene = Scene::new();
    let on = scene.ids("stage:active", "1").remove(0);
    let run = |more: &[&str]| {
        let arguments = ["do", "follow_up.create 回访 2031-03-18", "--ids", on.as_str(), "--lang", "en"];
        scene.home.text(&[&arguments[..], more].concat())
    };
    let told = run(&[]);
    assert!(told.starts_with("follow_up.create 回访 2031-03-18 (2031-03-18 Tue "), "{told}");
    let json: Value = serde_json::from_str(&run(&["--format", "json"])).expect("JSON");
    assert!(json["moments"]["due_at"].as_str().is_some_and(|at| at.starts_with("2031-03-1")), "{json}");
}

#[test]
fn a_backend_that_is_away_leaves_it_queued() {
    let scene = Scene::new();
    let id = scene.ids("-tag:VIP", "1").remove(0);
    let Scene { server, serving, home } = scene;
    let address = server.address();
    server.kill();
    let output = home.run(&["do", "tag.add VIP", "--ids", &id]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert!(said(&output).contains("the next sync sends it"), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "tag.add VIP: 1 queued, 0 skipped\n");
    let server = Serving::start(&serving, &address);
    let scene = Scene { server, serving, home };
    assert!(scene.home.text(&["sync"]).contains("1 sent"));
}

#[test]
fn what_is_much_or_reaches_somebody_wants_a_yes() {
    let scene = Scene::new();
    let refused = |arguments: &[&str], word: &str| {
        let output = scene.home.run(arguments);
        assert_eq!(status(&output), 4, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word) && output.stdout.is_empty(), "{}", said(&output));
    };
    refused(&["do", "tag.add VIP", "--on", "stage:dormant"], "--yes");
    refused(&["do", "tag.add VIP", "--on", "stage:dormant", "--yes=1"], "nothing was done");
    let id = scene.ids("has:phone", "1").remove(0);
    refused(&["do", "tag.remove VIP", "--ids", &id, "--yes=2"], "nothing was done");
    let one = scene.ids("-tag:VIP", "1").remove(0);
    refused(&["do", "tag.add VIP", "--ids", &one, "--read-only"], "read-only");
    refused(&["do", "tag.add VIP", "--on", "stage:dormant", "--yes", "--read-only"], "read-only");
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    assert_eq!(scene.home.text(&["count", "audit"]).trim(), "0");
}

#[test]
fn a_dry_run_tells_all_and_writes_nothing() {
    let scene = Scene::new();
    let with = scene.ids("tag:VIP", "1").remove(0);
    let without = scene.ids("-tag:VIP", "2");
    let ids = [vec![with.clone()], without.clone()].concat().join(",");
    let plan = json(&scene.home.run(&["do", "tag.add VIP", "--ids", &ids, "--dry-run", "--format", "json"]));
    let writes = plan["writes"].as_array().expect("a list");
    assert_eq!(
        writes.iter().map(|write| write["id"].as_str().unwrap_or_default()).collect::<Vec<_>>(),
        without
    );
    for write in writes {
        assert_eq!((&write["resource"], &write["deed"]), (&"customers".into(), &"tag".into()));
        assert_eq!(write["add"].as_array().map(Vec::len), Some(1));
        assert!(write["what"].as_str().is_some_and(|what| what.contains("VIP")), "{write}");
    }
    assert_eq!(plan["skipped"][0]["id"], with.as_str());
    assert_eq!((&plan["risk"], &plan["records"]), (&"bulk".into(), &2.into()));
    let table = scene.home.text(&["do", "tag.add VIP", "--ids", &ids, "--dry-run"]);
    assert!(table.starts_with("would write 2:\n") && table.contains("skips 1:\n"), "{table}");
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
}

#[test]
fn what_makes_no_sense_says_where() {
    let scene = Scene::new();
    let wrong = |arguments: &[&str], word: &str| {
        let output = scene.home.run(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    };
    wrong(&["do", "tag.ad VIP", "--on", ""], "did you mean \"tag.add\"");
    wrong(&["do", "tag.ad VIP", "--on", ""], "  ^^^^^^\n");
    wrong(&["do", "cursor.down"], "changes nothing");
    wrong(&["do", "tag.add VIP"], "--on FILTER or --ids");
    wrong(&["do", "tag.add VPI", "--on", "stage:active"], "VPI");
    wrong(&["do", "tag.add VIP", "--on", "stag:active"], "column 1");
    wrong(&["do", "tag.create 新", "--on", "stage:active"], "leave out");
    wrong(&["do", "tag.delete VIP", "--on", "name:VIP"], "leave out");
    wrong(&["do", "tag.rename VIP 贵宾", "--ids", "t1"], "leave out");
    wrong(&["do", "tag.add VIP", "--on", " ", "--yes"], "an unset variable");
    wrong(&["count", "audit", "foo:bar"], "column 1: no key");
    wrong(&["list", "outbox", "x", "sate:failed"], "column 3: no key \"sate\"");
    wrong(&["list", "outbox", "sate:failed"], "state");
    let one = scene.ids("-tag:VIP", "1").remove(0);
    for command in [
        r#"customer.set name """#,
        r#"note.add "   ""#,
        r#"coupon.grant "   ""#,
        r#"tag.add """#,
        r#"tag.remove """#,
        r#"tag.edit "" """#,
        "tag.add ''",
        "customer.set name ''",
        "customer.set city “”",
        "coupon.grant ''",
    ] {
        let output = scene.home.run(&["do", command, "--ids", &one, "--yes"]);
        assert_eq!(status(&output), 2, "{command}: {}", said(&output));
    }
    wrong(&["do", r#"tag.add """#, "--ids", &one], "          ^^\n");
    wrong(&["do", "tag.create ''"], "there is nothing in the quotes");
    wrong(&["do", "tag.create “”"], "             ^^\n");
    let output = scene.home.run(&["do", r#"customer.edit {"name":null}"#, "--ids", &one, "--yes"]);
    assert_eq!(status(&output), 2, "{}", said(&output));
    let missing = scene.home.run(&["do", "tag.add VIP", "--ids", "nobody"]);
    assert_eq!((status(&missing), said(&missing).contains("nobody")), (1, true));
    let many: Vec<String> = (0..22).map(|n| format!("nobody{n}")).chain([one]).collect();
    let missing = said(&scene.home.run(&["do", "tag.add VIP", "--ids", &many.join(",")]));
    assert!(missing.contains("\"nobody0\", \"nobody1\"") && missing.contains("and 12 more"), "{missing}");
}

#[test]
fn who_is_left_out_is_named_with_the_reason() {
    let scene = Scene::new();
    let few = ["do", "points.add -999999999", "--on", "stage:active", "--yes", "--offline"];
    let output = scene.home.run(&few);
    let told = said(&output);
    assert_eq!(status(&output), 1, "{told}");
    assert_eq!(
        told.matches("skipped: has too few points").count(),
        20.min(scene.count("stage:active")),
        "{told}"
    );
    assert!(!told.contains("nothing to do"), "{told}");
    let output = scene.home.run(&[&few[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(document["reasons"][0]["why"], "has too few points");
    assert_eq!(document["reasons"].as_array().map(Vec::len), Some(scene.count("stage:active")));

    let rows = jsonl(&scene.home.text(&["list", "customers", "--format", "jsonl"]));
    let points = |row: &Value| row["points"].as_i64().unwrap_or(0);
    let least = rows.iter().min_by_key(|row| points(row)).expect("a customer");
    let most = rows.iter().max_by_key(|row| points(row)).expect("a customer");
    let ids = [least, most].map(|row| row["id"].as_str().expect("an id")).join(",");
    let spend = format!("points.add -{}", points(most));
    let output = scene.home.run(&["do", &spend, "--ids", &ids, "--yes", "--offline"]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    assert!(said(&output).contains(least["name"].as_str().expect("a name")), "{}", said(&output));
}

#[test]
fn tables_mask_phones_and_formats_for_scripts_have_them_whole() {
    let scene = Scene::new();
    let row =
        &jsonl(&scene.home.text(&["list", "customers", "has:phone", "--limit", "1", "--format", "jsonl"]))[0];
    let (id, phone) = (row["id"].as_str().expect("an id"), row["phones"][0].as_str().expect("a phone"));
    let filter = format!("id:{id}");
    let list = |format| {
        scene.home.text(&["list", "customers", &filter, "--columns", "id,phones", "--format", format])
    };
    assert!(list("table").contains(id) && !list("table").contains(phone), "{}", list("table"));
    let shown = scene.home.text(&["show", "customers", id]);
    assert!(!shown.contains(phone) && shown.contains(&phone[phone.len() - 2..]), "{shown}");
    for format in ["json", "jsonl", "csv"] {
        assert!(list(format).contains(phone), "{}", list(format));
    }
}

#[test]
fn the_audit_tells_what_was_written() {
    let scene = Scene::new();
    let id = scene.ids("-tag:VIP", "1").remove(0);
    let made = json(&scene.home.run(&["do", "tag.create 临时标签", "--format", "json"]));
    assert_eq!(made["sent"], 1);
    let audit =
        |more: &[&str]| jsonl(&scene.home.text(&[&["list", "audit", "--format", "jsonl"], more].concat()));
    let lines = audit(&[]);
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["what"], &lines[0]["command"]), (&"write".into(), &"tag.create 临时标签".into()));
    scene.home.text(&["do", "tag.add VIP", "--ids", &id, "--offline"]);
    let queued = jsonl(&scene.home.text(&["list", "outbox", "--format", "jsonl"]));
    let n = queued[0]["n"].to_string();
    let shown = json(&scene.home.run(&["show", "outbox", &n, "--format", "json"]));
    assert_eq!((&shown["id"], &shown["state"]), (&Value::from(id.as_str()), &Value::from("queued")));
    assert!(scene.home.text(&["show", "outbox", &n]).contains("queued"));
    assert_eq!(status(&scene.home.run(&["show", "outbox", "99999"])), 1);
    let lines = audit(&["--limit", "1"]);
    assert_eq!((&lines[0]["record"], &lines[0]["resource"]), (&id.as_str().into(), &"customers".into()));
    assert!(lines[0]["after"]["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "{}", lines[0]);
    assert_eq!(audit(&["临时标签"]).len(), 1);
    assert_eq!(scene.home.text(&["count", "audit"]).trim(), "2");
    // What was not sent yet is taken back as if it had never been.
    let undone = scene.home.text(&["do", "undo", "--offline"]);
    assert!(undone.contains("1 taken out"), "{undone}");
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    assert_eq!(audit(&["--limit", "1"])[0]["what"], "undo");
    let table = scene.home.text(&["list", "audit"]);
    assert!(table.contains("tag.add VIP") && table.contains("COMMAND"), "{table}");
}

#[test]
fn a_refusal_is_told_tried_again_and_dropped() {
    let scene = Scene::new();
    let id = scene.ids("-tag:VIP", "1").remove(0);
    scene.home.text(&["do", "tag.create 临时标签"]);
    scene.home.text(&["sync"]);
    // Somebody else deletes the tag.
    let other = home_of(&scene.server).with("SIYU_LANG", "en");
    other.text(&["sync"]);
    other.text(&["do", "tag.delete 临时标签", "--yes"]);

    let refused = scene.home.run(&["do", "tag.add 临时标签", "--ids", &id]);
    assert_eq!(status(&refused), 1, "{}", said(&refused));
    assert!(said(&refused).contains("refused"), "{}", said(&refused));
    let rows = jsonl(&scene.home.text(&["outbox", "list", "--format", "jsonl"]));
    assert_eq!((rows.len(), &rows[0]["state"], &rows[0]["id"]), (1, &"failed".into(), &id.as_str().into()));
    assert!(rows[0]["words"].as_str().is_some_and(|words| !words.is_empty()), "{}", rows[0]);
    assert!(scene.home.text(&["outbox"]).contains("failed"));
    let n = rows[0]["n"].to_string();

    let again = scene.home.run(&["outbox", "retry"]);
    assert_eq!((status(&again), said(&again).contains("refused")), (1, true), "{}", said(&again));
    let nobody = scene.home.run(&["outbox", "discard", "4711"]);
    assert_eq!((status(&nobody), said(&nobody).contains("4711")), (1, true), "{}", said(&nobody));
    let read_only = scene.home.run(&["outbox", "discard", &n, "--read-only"]);
    assert_eq!(status(&read_only), 4, "{}", said(&read_only));
    assert_eq!(scene.home.text(&["outbox", "discard", &n]), "1 dropped\n");
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    let last = jsonl(&scene.home.text(&["list", "audit", "--format", "jsonl", "--limit", "1"]));
    assert_eq!((&last[0]["what"], &last[0]["record"]), (&"discard".into(), &id.as_str().into()));
}

#[test]
fn a_conflict_has_its_status() {
    let scene = Scene::new();
    let id = scene.ids("has:phone", "1").remove(0);
    let other = home_of(&scene.server).with("SIYU_LANG", "en");
    other.text(&["sync"]);
    other.text(&["do", "customer.set remark theirs", "--ids", &id]);
    let output = scene.home.run(&["do", "customer.set remark mine", "--ids", &id]);
    assert_eq!(status(&output), 5, "{}", said(&output));
    let rows = jsonl(&scene.home.text(&["list", "outbox", "conflict", "--format", "jsonl"]));
    let clash = &rows[0]["clashes"][0];
    assert_eq!(
        (&clash["field"], &clash["mine"], &clash["theirs"]),
        (&"remark".into(), &"mine".into(), &"theirs".into())
    );
    let n = rows[0]["n"].to_string();
    let resolve = |arguments: &[&str]| {
        let output = scene.home.run(&[&["outbox", "resolve", &n], arguments].concat());
        (status(&output), said(&output), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(resolve(&[]).0, 2, "one has to choose");
    assert_eq!(resolve(&["--mine", "--theirs"]).0, 2);
    let (code, told, _) = resolve(&["--mine", "--field", "city"]);
    assert!(code == 2 && told.contains("\"city\" is in no conflict; those are: remark"), "{code} {told}");
    assert_eq!(
        resolve(&["--mine", "--field", "remark"]),
        (0, String::new(), format!("{n}: 1 mine, 0 theirs\n"))
    );
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    let there =
        format!("SELECT count(*) FROM records WHERE id = '{id}' AND json_extract(body, '$.remark') = 'mine'");
    assert_eq!(scene.server_says(&there), 1);
    let (code, told, _) = resolve(&["--theirs"]);
    assert!(code == 1 && told.contains(&format!("no {n} in the outbox")), "{code} {told}");
}

#[test]
fn a_conflict_that_ends_with_theirs_leaves_nothing_to_send() {
    let scene = Scene::new();
    let id = scene.ids("has:phone", "1").remove(0);
    let other = home_of(&scene.server).with("SIYU_LANG", "en");
    other.text(&["sync"]);
    other.text(&["do", "customer.set remark theirs", "--ids", &id]);
    assert_eq!(status(&scene.home.run(&["do", "customer.set remark mine", "--ids", &id])), 5);
    let rows = jsonl(&scene.home.text(&["list", "outbox", "--format", "jsonl"]));
    let n = rows[0]["n"].to_string();
    let output = scene.home.run(&["outbox", "resolve", &n, "--theirs"]);
    assert_eq!((status(&output), said(&output)), (0, String::new()));
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
    assert!(scene.home.text(&["show", "customers", &id, "--format", "json"]).contains("theirs"));
}

/// Names of all files and folders below, with their modes.
fn modes(folder: &Path, found: &mut Vec<(PathBuf, u32)>) {
    for entry in std::fs::read_dir(folder).expect("it can be read") {
        let entry = entry.expect("it can be read");
        let kind = entry.metadata().expect("it is there");
        found.push((entry.path(), kind.permissions().mode() & 0o777));
        if kind.is_dir() {
            modes(&entry.path(), found);
        }
    }
}

#[test]
fn lists_are_written_to_files_that_run_nothing_and_nobody_else_reads() {
    let scene = Scene::new();
    let ids = scene.ids("has:phone", "2");
    for (id, remark) in ids.iter().zip(["=1+1", "a|b"]) {
        scene.home.text(&["do", &format!("customer.set remark {remark}"), "--ids", id, "--offline"]);
    }
    let path = scene.home.path("siyu").join("out.csv");
    let file = path.to_str().expect("a path of a test");
    let one = format!("id:{}", ids[0]);
    let csv = |more: &[&str]| {
        let columns = ["list", "customers", &one, "--columns", "remark,ltv", "--format", "csv"];
        let written = scene.home.text(&[&columns, more, &["--output", file]].concat());
        assert_eq!(written, "");
        let text = std::fs::read_to_string(&path).expect("it is there");
        text.lines().nth(1).expect("a row").to_owned()
    };
    let guarded = csv(&[]);
    assert!(guarded.starts_with("'=1+1,"), "{guarded}");
    assert!(csv(&["--raw"]).starts_with("=1+1,"));
    let markdown =
        scene.home.text(&["list", "customers", "--columns", "remark,name", "--format", "markdown"]);
    assert!(markdown.contains("\n| a\\|b | ") && markdown.contains("\n| --- | --- |\n"), "{markdown}");

    let mut found = Vec::new();
    modes(&scene.home.path("siyu"), &mut found);
    assert!(found.len() > 4, "{found:?}");
    for (path, mode) in found {
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    let nowhere = scene.home.run(&["list", "customers", "--output", "/nowhere/out.csv"]);
    assert_eq!((status(&nowhere), said(&nowhere).contains("/nowhere/out.csv")), (1, true));
}

#[test]
fn what_another_session_wrote_is_taken_back_only_by_who_says_so() {
    let scene = Scene::new();
    let id = scene.ids("-tag:VIP", "1").remove(0);
    scene.home.text(&["do", "tag.add VIP", "--ids", &id, "--offline"]);
    // The same change, of a console: no batch of the command line.
    std::fs::remove_file(made(&scene.home)).expect("the batch was noted");
    let refused = scene.home.run(&["do", "undo", "--offline"]);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(status(&refused), 4, "{told}");
    assert!(told.contains("add tags VIP") && told.contains("--yes") && told.contains("just now"), "{told}");
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "1");
    let zh = scene.home.run(&["do", "undo", "--offline", "--lang", "zh"]);
    assert!(String::from_utf8_lossy(&zh.stderr).contains("加标签 VIP"), "{zh:?}");
    let undone = scene.home.text(&["do", "undo", "--offline", "--yes"]);
    assert!(undone.contains("1 taken out"), "{undone}");
    assert_eq!(status(&scene.home.run(&["do", "redo", "--offline"])), 4);
    scene.home.text(&["do", "redo", "--offline", "--yes"]);
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "1");
}

/// The file in which the command line notes what it wrote.
fn made(home: &crate::home::Home) -> std::path::PathBuf {
    let mut folders = vec![home.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the home") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.ends_with("made") => return path,
                false => {}
            }
        }
    }
    panic!("nothing is noted");
}
