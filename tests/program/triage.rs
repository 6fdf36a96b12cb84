//! Fifty follow-ups, dealt with over a terminal with bare keys, and looked for in the server's own
//! database.

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;
use serde_json::Value;

use crate::home::Home;
use crate::serving::{Serving, database, home_of, jsonl};

/// So many are dealt with.
const ITEMS: usize = 50;

/// What is done with one: the keys, and what the server's record says then.
struct Deed {
    keys: &'static str,
    outcome: Option<&'static str>,
    status: &'static str,
    put_off: bool,
}

/// Dispositions in turn; the last one repeats what was done before it.
const DEEDS: [Deed; 5] = [
    Deed { keys: "2t1sw2\r", outcome: Some("interested"), status: "open", put_off: true },
    Deed { keys: "1\r", outcome: Some("won"), status: "done", put_off: false },
    Deed { keys: "4sm\r", outcome: Some("no_answer"), status: "open", put_off: true },
    Deed { keys: "x\r", outcome: None, status: "done", put_off: false },
    Deed { keys: "\t", outcome: None, status: "done", put_off: false },
];

fn record(server: &Connection, resource: &str, id: &str) -> Value {
    let sql = "SELECT body FROM records WHERE resource = ?1 AND id = ?2";
    let body: String =
        server.query_row(sql, [resource, id], |row| row.get(0)).expect("a record of the server");
    serde_json::from_str(&body).expect("a record is JSON")
}

fn says(record: &Value, deed: &Deed) -> bool {
    // Somebody may have begun with it: begun or not, it is open.
    let status = record["status"].as_str().unwrap_or_default();
    let status = if status == "doing" { "open" } else { status };
    status == deed.status
        && deed.outcome.is_none_or(|outcome| record["outcome"] == outcome)
        && record["snoozed_until"].is_string() == deed.put_off
}

#[test]
fn fifty_follow_ups_are_dealt_with_over_a_terminal() {
    let serving_home = Home::new();
    let server = Serving::of(&serving_home, "127.0.0.1:0", 1_500);
    let home = home_of(&server);
    let file = home.path("siyu.toml");
    // Everybody's, so that there are fifty; every day is a workday, so that any day of the year will do.
    let text = "[views.all]\npane = \"follow_ups\"\nfilter = \"is:pending -is:snoozed\"\n\
                [triage]\nqueue = \"all\"\n[calendar]\ndays_off = []\n";
    fs::write(&file, text).expect("a configuration");
    let config = file.to_string_lossy().into_owned();
    let mut console = home.open(&["--config", &config, "--lang", "en"], (120, 40));
    console.wait_for_rows();
    console.wait_text("live");
    let rows = home.text(&["--config", &config, "count", "follow-ups", "is:pending -is:snoozed"]);
    assert!(rows.trim().parse::<usize>().is_ok_and(|rows| rows >= ITEMS), "only {rows} are pending");

    console.keys("T");
    console.wait_text("To be committed");
    for nth in 0..ITEMS {
        console.keys(DEEDS[nth % DEEDS.len()].keys);
        console.wait_text(&format!("{} done", nth + 1));
    }
    // Leaving waits for what is still being written, and what is not sent by then is sent by a sync.
    console.keys("qq");
    console.wait_exit();
    home.text(&["--config", &config, "sync"]);
    assert_eq!(home.text(&["--config", &config, "outbox", "--format", "jsonl"]), "", "all of it arrived");

    // The audit has them in the order in which they were dealt with.
    let audit = home.text(&["--config", &config, "list", "audit", "--format", "jsonl"]);
    let mut lines = jsonl(&audit);
    lines.retain(|line| line["resource"] == "follow_ups");
    lines.sort_by_key(|line| line["n"].as_i64());
    let ids: Vec<&str> = lines.iter().filter_map(|line| line["record"].as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ITEMS, "each was changed");
    assert_eq!(ids.len(), ITEMS, "and none twice");
    let server = database(&serving_home.path("server.db"));
    for (nth, id) in ids.iter().enumerate() {
        let deed = &DEEDS[nth % DEEDS.len()];
        let record = record(&server, "follow_ups", id);
        assert!(says(&record, deed), "{nth}: {:?} came to\n{record:#}", deed.keys);
    }
}
