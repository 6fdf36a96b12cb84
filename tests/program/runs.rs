//! Runs of macros that end before their end: stopped by Ctrl-C on a terminal, or killed, and gone on with,
//! each record changed exactly once in the server's own database, and all of it taken back by one undo.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rustix::process::Signal;
use serde_json::Value;

use crate::doing::{Scene, json, said, status};
use crate::serving::database;
use crate::terminal::Terminal;

/// Both steps can be taken back, and the second would count twice if it were done twice. Stopping at the first
/// record that has moved on, it writes one record after the other.
const CARE: &str = r#"
[macros.care]
en = "care"
on_error = "stop"
steps = ["customer.set remark {note}", "points.add 7 once"]
params.note = { default = "looked after", ask = "never" }
"#;

/// Everybody.
const ALL: &str = "-id:nobody";

/// Several hundred of them.
const MANY: &str = "-stage:lead,lost";

fn office() -> Scene {
    let Scene { server, serving, home } = Scene::new();
    let config = home.path("config.toml");
    std::fs::write(&config, CARE).unwrap();
    let home = home.with("SIYU_CONFIG", &config.to_string_lossy());
    Scene { server, serving, home }
}

/// What the server says of each customer.
fn remarks(office: &Scene) -> BTreeMap<String, Option<String>> {
    let server = database(&office.serving.path("server.db"));
    let sql = "SELECT id, json_extract(body, '$.remark') FROM records WHERE resource = 'customers'";
    let mut statement = server.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// How many customers got their points, how often that was, and how many points it came to.
fn points(office: &Scene) -> (i64, i64, i64) {
    let server = database(&office.serving.path("server.db"));
    let sql = "SELECT count(DISTINCT json_extract(body, '$.customer_id')), count(*), \
               coalesce(sum(json_extract(body, '$.data.change')), 0) FROM records \
               WHERE resource = 'events' AND body LIKE '%once%' AND json_extract(body, '$.kind') = 'points'";
    server.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

/// So many records were changed, and none twice; then one undo takes all of it back.
fn each_once_and_back_by_one_undo(office: &Scene, before: &BTreeMap<String, Option<String>>, of: usize) {
    assert_eq!(office.home.text(&["count", "outbox"]).trim(), "0", "all of it arrived");
    let total = i64::try_from(of).unwrap();
    assert_eq!(points(office), (total, total, 7 * total));
    let after = remarks(office);
    assert_eq!(after.values().filter(|remark| remark.as_deref() == Some("looked after")).count(), of);
    assert_eq!(after.iter().filter(|(id, remark)| before[*id] != **remark).count(), of);

    let undone = office.home.run(&["do", "undo", "--yes"]);
    assert_eq!(status(&undone), 0, "{}", said(&undone));
    assert_eq!(office.home.text(&["count", "outbox"]).trim(), "0", "all of it arrived");
    assert_eq!(points(office), (total, 2 * total, 0));
    assert_eq!(remarks(office), *before);
}

/// The two numbers of “84 done, 42 left”, and the batch that goes on with it.
fn stopped(text: &str) -> (usize, usize, String) {
    let line = text.replace('\n', " ");
    let word = |before: &str, after: &str| -> Option<String> {
        let to = line.find(after)?;
        let from = line[..to].rfind(before).map_or(0, |at| at + before.len());
        Some(line[from..to].trim().to_owned())
    };
    let done = word(" ", " done,").and_then(|word| word.parse().ok());
    let left = word("done, ", " left:").and_then(|word| word.parse().ok());
    let batch = word("--resume ", "` goes on").filter(|word| !word.contains(' '));
    match (done, left, batch) {
        (Some(done), Some(left), Some(batch)) => (done, left, batch),
        _ => panic!("it does not say what is done and what is left:\n{text}"),
    }
}

/// Ends a run on a terminal once it has begun, and gives what it said.
fn interrupt(terminal: &mut Terminal, sign: &str) -> (usize, usize, String) {
    terminal.wait_text(sign);
    terminal.keys("\x03");
    let (end, _) = terminal.wait_exit();
    assert_eq!(end.exit_code(), 130, "{}", terminal.text());
    stopped(&terminal.text())
}

#[test]
fn ctrl_c_stops_between_two_records_and_resume_does_the_others() {
    let office = office();
    let (before, of) = (remarks(&office), office.count(MANY));
    assert!(of > 200, "{of} are few");
    let sign = format!("of {of} records");
    let mut terminal = office.home.open(&["run", "care", "--on", MANY, "--yes"], (120, 20));
    let (done, left, batch) = interrupt(&mut terminal, &sign);
    assert!(done > 0 && left > 0, "{done} and {left}");
    assert_eq!(done + left, of);
    // What it says is what is so: records are done whole, or not at all.
    assert_eq!(office.count("remark:\"looked after\""), done);
    let unsent: usize = office.home.text(&["count", "outbox"]).trim().parse().unwrap();
    assert_eq!(unsent, 2 * done);

    // The run stands in a list until it is gone on with; and is stopped once more.
    let runs = office.home.run(&["macros", "runs", "--format", "json"]);
    let runs = json(&runs);
    assert_eq!(
        (&runs[0]["batch"], &runs[0]["done"], &runs[0]["left"]),
        (&batch.as_str().into(), &done.into(), &left.into())
    );
    let mut terminal = office.home.open(&["run", "--resume", &batch], (120, 20));
    let (further, less, same) = interrupt(&mut terminal, &sign);
    assert!(further > done && further + less == of && same == batch, "{further} and {less} of {same}");

    let rest = json(&office.home.run(&["run", "--resume", &batch, "--format", "json"]));
    assert_eq!(rest["records"].as_array().map(Vec::len), Some(less));
    assert_eq!((&rest["left"], &rest["waiting"]), (&0.into(), &0.into()), "{rest}");
    assert_eq!(json(&office.home.run(&["macros", "runs", "--format", "json"])), Value::Array(Vec::new()));
    each_once_and_back_by_one_undo(&office, &before, of);
}

#[test]
fn killed_in_the_middle_it_is_gone_on_with_and_the_server_has_each_once() {
    let office = office();
    let (before, of) = (remarks(&office), office.count(ALL));
    assert_eq!(of, 500);
    let run = ["run", "care", "--on", ALL, "--yes", "--format", "jsonl"];
    let mut child = office.home.command(&run).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let batch = first["batch"].as_str().unwrap().to_owned();
    for _ in 0..40 {
        lines.next().unwrap().unwrap();
    }
    child.kill().unwrap(); // SIGKILL: it says nothing any more
    child.wait().unwrap();
    let told = 41 + lines.count();
    let done = office.count("remark:\"looked after\"");
    assert!((told..of).contains(&done), "{done} of {of} were done, and {told} told, when it was killed");

    // Who was not there to see the batch finds it in the list, in words as well.
    let runs = office.home.text(&["macros", "runs"]);
    assert!(runs.contains(&batch) && runs.contains(&format!("{done} done, {} left", of - done)), "{runs}");
    let rest = json(&office.home.run(&["run", "--resume", &batch, "--format", "json"]));
    assert_eq!(rest["records"].as_array().map(Vec::len), Some(of - done));
    each_once_and_back_by_one_undo(&office, &before, of);
}

/// The line of the screen that says how to go on with a run.
fn told(terminal: &Terminal) -> String {
    terminal.lines().into_iter().find(|line| line.contains(" goes on with it")).unwrap_or_default()
}

/// A console in the middle of a run over so many records.
fn running(office: &Scene, of: usize) -> Terminal {
    let mut console = office.home.open(&["--lang", "en"], (120, 40));
    console.wait_for_rows();
    console.keys(&format!("/{MANY}\r"));
    console.keys("*");
    console.wait_text(&format!("{of} marked"));
    console.keys(":macro.run care\r");
    console.wait_text(&format!("type {of} to confirm"));
    console.keys(&format!("{of}\r"));
    console.wait_text(&format!("of {of} · C-c stops it"));
    console
}

#[test]
fn the_console_shows_a_run_stops_it_and_goes_on_with_it_after_a_restart() {
    let office = office();
    let (before, of) = (remarks(&office), office.count(MANY));
    let mut console = running(&office, of);
    console.keys("\x03");
    console.wait_text(" left · g r goes on with it");
    let line = told(&console);
    let number = |before: &str, after: &str| -> usize {
        let to = line.find(after).expect(after);
        line[..to].rsplit_once(before).map_or(&line[..to], |(_, word)| word).trim().parse().expect("a number")
    };
    let (done, left) = (number(" ", " done,"), number("done,", " left"));
    assert!(done > 0 && left > 0 && done + left == of, "{line}");
    assert_eq!(office.count("remark:\"looked after\""), done, "{line}");
    console.keys("\x03");
    console.wait_exit();

    // Another day.
    let mut console = office.home.open(&["--lang", "en"], (120, 40));
    console.wait_text(&format!("an unfinished run of care: {done} done, {left} left · g r goes on with it"));
    console.wait_for_rows();
    console.keys("gr");
    console.wait_text("Unfinished runs");
    console.wait_text("go on: care");
    console.keys("\r");
    console.wait_text(&format!("care ×{of} · u undoes it"));
    console.keys("gr");
    console.wait_text("no run is unfinished");
    console.keys("\x03");
    console.wait_exit();
    office.home.text(&["sync"]);
    each_once_and_back_by_one_undo(&office, &before, of);
}

#[test]
fn a_console_that_is_killed_in_the_middle_of_a_run_goes_on_with_it_too() {
    let office = office();
    let (before, of) = (remarks(&office), office.count(MANY));
    let mut console = running(&office, of);
    console.signal(Signal::KILL);
    console.wait_exit();
    let mut console = office.home.open(&["--lang", "en"], (120, 40));
    console.wait_text("an unfinished run of care: ");
    console.keys(":macro.resume\r");
    console.wait_text("go on: care");
    console.keys("\r");
    console.wait_text(&format!("care ×{of} · u undoes it"));
    console.keys("\x03");
    console.wait_exit();
    office.home.text(&["sync"]);
    each_once_and_back_by_one_undo(&office, &before, of);
}

#[test]
fn a_record_that_moved_on_while_a_run_rested_is_told_and_not_overwritten() {
    let office = office();
    let config = office.home.path("config.toml");
    std::fs::write(&config, CARE.replace("on_error = \"stop\"", "on_error = \"skip\"")).unwrap();
    let of = office.count(MANY);
    let mut terminal = office.home.open(&["run", "care", "--on", MANY, "--yes"], (120, 20));
    let (done, left, batch) = interrupt(&mut terminal, &format!("of {of} records"));
    assert!(done > 0 && left > 1, "{done} and {left}");
    // Somebody else changes one of those that are left.
    let theirs = office.ids(&format!("{MANY} -remark:\"looked after\""), "1").remove(0);
    let words = ["do", "customer.set remark 别动", "--ids", &theirs, "--yes"];
    assert_eq!(status(&office.home.run(&words)), 0);
    let rest = office.home.run(&["run", "--resume", &batch, "--format", "json"]);
    assert_eq!(status(&rest), 3, "partly done: {}", said(&rest));
    let told: Value = serde_json::from_slice(&rest.stdout).unwrap();
    assert_eq!((&told["moved"], &told["left"]), (&1.into(), &0.into()), "{told}");
    let moved = |row: &&Value| row["result"] == "moved";
    let moved: Vec<&Value> = told["records"].as_array().unwrap().iter().filter(moved).collect();
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0]["id"], theirs.as_str());
    assert!(said(&rest).contains(&theirs), "{}", said(&rest));
    assert_eq!(remarks(&office)[&theirs].as_deref(), Some("别动"));
    let got = points(&office).0;
    assert_eq!(got, i64::try_from(of - 1).unwrap(), "it was left whole, and the others were done");
}
