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

/// A home in which programs may be started: `./ask` is a script, asked with at most a second's patience.
fn workshop(script: &str) -> Scene {
    let Scene { server, serving, home } = Scene::new();
    let (config, program) = (home.path("config.toml"), home.path("ask"));
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let text = format!(
        "[run]\nprograms = true\n[macros.ask]\nen = \"ask\"\n\
         steps = [{{ program = [{:?}, \"{{customer.id}}\"], risk = \"write\", seconds = 1 }}]\n",
        program.to_string_lossy()
    );
    std::fs::write(&config, text).unwrap();
    let home = home.with("SIYU_CONFIG", &config.to_string_lossy());
    Scene { server, serving, home }
}

#[test]
fn a_program_gives_commands_that_are_looked_at_and_what_it_says_is_shown() {
    let shop = workshop(
        r#"told=$(cat); echo "looked at $1" >&2
case "$told" in *"\"id\":\"$1\""*) ;; *) exit 9 ;; esac
printf '%s\n' '{"fields": {"company": "; tag.add VIP"}, "commands": ["note.add \"a b\""], "note": "as \"asked\""}'"#,
    );
    let id = shop.ids("stage:active", "1").remove(0);
    let run = |more: &[&str]| shop.home.run(&[&["run", "ask", "--ids", &id], more].concat());
    let dry = run(&["--dry-run"]);
    let told = String::from_utf8(dry.stdout.clone()).unwrap();
    assert!(told.contains(&format!("looked at {id}")) && told.contains("as \"asked\""), "{told}");
    let dry = json(&run(&["--dry-run", "--format", "json"]));
    assert_eq!(dry["writes"].as_array().map(Vec::len), Some(2), "{dry}");
    assert_eq!(dry["writes"][0]["fields"]["company"], "; tag.add VIP");
    let done = run(&["--yes", "--format", "json"]);
    assert!(said(&done).contains(&format!("looked at {id}")), "{}", said(&done));
    assert_eq!(json(&done)["sent"], 2);

    // Without the configuration's leave nothing is started.
    let config = shop.home.path("config.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("programs = true", "programs = false");
    std::fs::write(&config, text).unwrap();
    let refused = run(&["--dry-run"]);
    assert_eq!(status(&refused), 4, "{}", said(&refused));
    assert!(said(&refused).contains("programs = true") && !said(&refused).contains("looked"));
}

#[test]
fn a_program_that_wants_more_than_its_step_allows_leaves_the_record_whole() {
    let shop = workshop(r#"echo '{"commands": ["note.add x", "message.send auto hello"]}'"#);
    let id = shop.ids("channel:wecom stage:active", "1").remove(0);
    let ran = shop.home.run(&["run", "ask", "--ids", &id, "--yes", "--format", "json"]);
    assert_eq!(status(&ran), 1, "{}", said(&ran));
    assert!(said(&ran).contains("outbound; the step allows write at most"), "{}", said(&ran));
    assert_eq!(shop.home.text(&["list", "audit", "--format", "jsonl"]), "");
}

/// Whether the process is dead whose number stands in a file.
fn is_gone(pid: &std::path::Path) -> bool {
    let pid = std::fs::read_to_string(pid).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, state)| state);
    state.is_none_or(|state| state.starts_with(['Z', 'X'])) // dead, and perhaps not buried yet
}

#[test]
fn when_the_time_of_a_program_is_up_all_that_it_has_started_ends() {
    let shop = workshop("cd \"$HOME\"; sleep 300 & echo $! > pid; sleep 300");
    let id = shop.ids("stage:active", "1").remove(0);
    let ran = shop.home.run(&["run", "ask", "--ids", &id, "--yes"]);
    assert_eq!(status(&ran), 1, "{}", said(&ran));
    assert!(said(&ran).contains("no answer within 1 s"), "{}", said(&ran));
    assert!(is_gone(&shop.home.path("pid")));
}

#[test]
fn ctrl_c_while_a_program_is_asked_ends_it_and_does_nothing() {
    let shop = workshop("cd \"$HOME\"; sleep 300 & echo $! > pid; sleep 300");
    let config = shop.home.path("config.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("seconds = 1 ", "seconds = 60 ");
    std::fs::write(&config, text).unwrap();
    let id = shop.ids("stage:active", "1").remove(0);
    let mut terminal = shop.home.open(&["run", "ask", "--ids", &id, "--yes"], (120, 20));
    let pid = shop.home.path("pid");
    terminal.wait_until("the program", || std::fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')));
    terminal.keys("\x03");
    let (end, _) = terminal.wait_exit();
    assert_eq!(end.exit_code(), 130, "{}", terminal.text());
    assert!(terminal.text().contains("stopped: nothing was done"), "{}", terminal.text());
    assert!(is_gone(&pid));
}
