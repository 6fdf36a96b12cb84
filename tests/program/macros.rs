//! `siyu run` and `siyu macros`: no question ever, a plan that is the run, a run that is killed and gone on with.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::doing::{Scene, json, said, status};

const WAKE: &str = r#"
[macros.mark]
en = "mark and call"
steps = ["customer.set remark {note}", "note.add {note} {customer.name}", "follow_up.create {customer.name}回访 +3d call"]
params.note = { default = "唤醒" }

[macros.text]
steps = ["customer.set remark gegrüßt", "message.send wecom {customer.name} hi"]

[macros.from]
steps = ["macro.run mark note={customer.city}"]
"#;

fn office() -> Scene {
    let Scene { server, serving, home } = Scene::new();
    let config = home.path("config.toml");
    std::fs::write(&config, "# macros lie beside this\n").unwrap();
    let home = home.with("SIYU_CONFIG", &config.to_string_lossy());
    let office = Scene { server, serving, home };
    let folder = office.home.path("macros");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("mine.toml"), WAKE).unwrap();
    office
}

#[test]
fn a_file_of_the_folder_is_trusted_by_its_bytes() {
    let office = office();
    let id = office.ids("stage:active", "1");
    let run = || office.home.run(&["run", "mark", "--ids", &id[0], "--dry-run"]);
    assert_eq!(status(&run()), 4);
    assert!(said(&run()).contains("siyu macros trust mark"), "{}", said(&run()));
    assert_eq!(status(&office.home.run(&["macros", "trust", "mark"])), 0);
    assert_eq!(status(&run()), 0, "{}", said(&run()));
    std::fs::write(office.home.path("macros").join("mine.toml"), format!("{WAKE}\n# changed\n")).unwrap();
    assert_eq!(status(&run()), 4);
}

#[test]
fn nothing_is_asked_and_a_count_that_has_changed_is_refused() {
    let office = office();
    office.home.run(&["macros", "trust", "mark"]);
    let filter = ["--on", "stage:active", "--format", "json"];
    let dry = json(&office.home.run(&[&["run", "mark", "--dry-run"], &filter[..]].concat()));
    let records = dry["records"].as_u64().unwrap();
    assert!(records > 20, "{records}");
    let refused = office.home.run(&[&["run", "mark"], &filter[..]].concat());
    assert_eq!(status(&refused), 4, "{}", said(&refused));
    let other = office.home.run(&[&["run", "mark", "--yes=7"], &filter[..]].concat());
    assert_eq!(status(&other), 4);
    assert_eq!(office.count("remark:唤醒"), 0);
    let yes = format!("--yes={records}");
    let done = office.home.run(&[&["run", "mark", "--offline", &yes], &filter[..]].concat());
    assert_eq!(status(&done), 0, "{}", said(&done));
    let done = json(&done);
    assert_eq!(done["done"].as_u64(), Some(records));
    assert_eq!(done["records"].as_array().map(|all| all.len() as u64), Some(records));
    assert_eq!(done["records"][0]["what"].as_array().map(Vec::len), Some(3));
    assert_eq!(office.count("remark:唤醒") as u64, records);
    // The plan that was shown is the one that was run.
    let told: Vec<&Value> = dry["writes"].as_array().unwrap().iter().map(|write| &write["what"]).collect();
    let ran: Vec<&Value> =
        done["records"].as_array().unwrap().iter().flat_map(|row| row["what"].as_array().unwrap()).collect();
    assert_eq!(told, ran);
}

#[test]
fn what_is_missing_or_wrong_says_so() {
    let office = Scene::new();
    let run = |arguments: &[&str]| office.home.run(&[&["run"], arguments].concat());
    let missing = run(&["thank-referrer", "--ids", "c1"]);
    assert_eq!((status(&missing), said(&missing).contains("friend")), (2, true), "{}", said(&missing));
    let which = run(&["welcome-new-friend"]);
    assert_eq!((status(&which), said(&which).contains("--on")), (2, true));
    let unknown = run(&["wake-dormnt"]);
    assert!(said(&unknown).contains("wake-dormant"), "{}", said(&unknown));
    let param = run(&["wake-dormant", "--set", "taag=x", "--dry-run"]);
    assert!(said(&param).contains("did you mean tag"), "{}", said(&param));
    let tag = run(&["wake-dormant", "--set", "tag=no such tag", "--dry-run"]);
    assert_eq!(status(&tag), 2, "{}", said(&tag));
    assert_eq!(status(&office.home.run(&["macros", "test"])), 0);
    let resume = run(&["--resume", "nosuch"]);
    assert_eq!(status(&resume), 2);
}

#[test]
fn messages_are_held_and_taken_back_by_undo() {
    let office = office();
    office.home.run(&["macros", "trust", "text"]);
    let ids = office.ids("channel:wecom stage:active", "2").join(",");
    let before = office.server_says("SELECT count(*) FROM records WHERE resource = 'events'");
    let run = ["run", "text", "--ids", &ids, "--yes", "--format", "json"];
    let done = json(&office.home.run(&run));
    assert_eq!((done["queued"].as_u64(), done["sent"].as_u64()), (Some(4), Some(2)), "{done}");
    let undone = office.home.run(&["do", "undo"]);
    assert_eq!(status(&undone), 0, "{}", said(&undone));
    let queued = office.home.text(&["outbox", "list", "--format", "json"]);
    assert!(!queued.contains("\"queued\""), "{queued}");
    let sent = office.server_says(
        "SELECT count(*) FROM records WHERE resource = 'events' AND body LIKE '%message_out%hi%'",
    );
    assert_eq!(sent, 0);
    assert!(office.server_says("SELECT count(*) FROM records WHERE resource = 'events'") >= before);
}

#[test]
fn killed_in_the_middle_it_is_gone_on_with_and_one_undo_takes_all_back() {
    let office = office();
    office.home.run(&["macros", "trust", "mark"]);
    let ids = office.ids("-id:nobody", "500");
    assert_eq!(ids.len(), 500);
    let list = office.home.path("ids");
    std::fs::write(&list, ids.join("\n")).unwrap();
    let note = "n".repeat(400); // so that what is printed does not fit into a pipe at once
    let set = format!("note={note}");
    let mut child = office
        .home
        .command(&["run", "mark", "--ids", "-", "--set", &set, "--yes", "--offline", "--format", "jsonl"])
        .stdin(std::fs::File::open(&list).unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let batch = first["batch"].as_str().unwrap().to_owned();
    for _ in 0..20 {
        lines.next().unwrap().unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(lines);
    let done = office.count(&format!("remark:{note}"));
    assert!((20..500).contains(&done), "{done} of 500 were done when it was killed");
    let rest = office.home.run(&["run", "--resume", &batch, "--yes", "--offline", "--format", "json"]);
    assert_eq!(status(&rest), 0, "{}", said(&rest));
    let rest = json(&rest);
    assert_eq!(rest["records"].as_array().map(Vec::len), Some(500 - done));
    assert_eq!((rest["done"].as_u64(), rest["left"].as_u64()), (Some(500), Some(0)));
    assert_eq!(office.count(&format!("remark:{note}")), 500);
    // Each exactly once, in one batch, with a line in the audit for each.
    let audit = office.home.text(&["list", "audit", "--limit", "5000", "--format", "jsonl"]);
    let ours = audit.lines().filter(|line| line.contains(&batch)).count();
    assert_eq!(ours, 1_500);
    let again = office.home.run(&["run", "--resume", &batch, "--yes", "--offline"]);
    assert!(said(&again).contains(&batch), "{}", said(&again));
    let undone = office.home.run(&["do", "undo", "--offline"]);
    assert_eq!(status(&undone), 0, "{}", said(&undone));
    assert_eq!(office.count(&format!("remark:{note}")), 0);
    assert_eq!(status(&office.home.run(&["run", "--resume", &batch, "--yes", "--offline"])), 1);
}
