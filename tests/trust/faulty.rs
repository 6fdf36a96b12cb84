//! A network that harms every third request: lists, their later pages, the feed and the writes,
//! on the way to the server and on the way back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::faults::{Asked, Fault, HARM, at_random};
use crate::home::Home;
use crate::scene::{Scene, said};
use crate::serving::jsonl;

/// Of a hundred requests of a pull, so many are harmed; it goes on where it was each time.
const OF_PULLS: u64 = 20;

/// Of a hundred requests of a push, so many are harmed.
const OF_WRITES: u64 = 35;

/// Customers who are written to.
const CUSTOMERS: usize = 8;

/// Of the harm, what the program at its own patience of a minute would only sit out.
fn is_slow(fault: Fault) -> bool {
    fault == Fault::DripAnswer
}

/// What a request is for.
fn kind(asked: &Asked) -> &'static str {
    match asked.path.as_str() {
        _ if asked.is_write() => "writes",
        path if path.contains("cursor=") => "later pages",
        path if path.starts_with("/v1/changes") => "the feed",
        path if path.starts_with("/v1/meta") => "greetings",
        _ => "lists and records",
    }
}

/// Whether the server has done it all the same.
fn is_on_the_way_back(fault: Fault) -> bool {
    use Fault::*;
    matches!(
        fault,
        Latency(_)
            | DripRequest
            | ResetAnswer
            | TruncateAnswer
            | BreakAnswer
            | HalfClose
            | Html
            | StatusAfter(_)
    )
}

/// Harm by what it was done to: on the way there, and back.
type Harmed = Arc<Mutex<BTreeMap<&'static str, (usize, usize)>>>;

/// From now on so many of a hundred requests are harmed.
fn harm(scene: &Scene, percent: u64, harmed: &Harmed) {
    let (plan, counted) = (at_random(11, percent), Arc::clone(harmed));
    scene.network(move |asked| {
        let fault = match plan(asked) {
            fault if is_slow(fault) => HARM[asked.number % 9],
            fault => fault,
        };
        if fault != Fault::None {
            let mut counted = counted.lock().expect("no panic");
            let (there, back) = counted.entry(kind(asked)).or_default();
            *if is_on_the_way_back(fault) { back } else { there } += 1;
        }
        fault
    });
}

#[test]
fn nothing_is_lost_doubled_or_stuck_on_a_network_that_harms() {
    let scene = Scene::new(60);
    let started = Instant::now();
    let ids = scene.reachable();
    let ids = ids[..CUSTOMERS].join(",");
    let lists = ["customers", "tags", "groups", "follow-ups", "events"];
    let listed = |home: &Home| lists.map(|list| sorted(&home.text(&["list", list, "--format", "jsonl"])));
    // Somebody else pulls everything through a network that harms, by small pages.
    let harmed = Harmed::default();
    harm(&scene, OF_PULLS, &harmed);
    let other = scene.another_home();
    let config = other.path("config/siyu");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("config.toml"), "[sync]\npage_size = 50\n").expect("a file");
    let mut pulls = 1;
    while !other.run(&["sync"]).status.success() {
        pulls += 1;
        assert!(pulls < 500, "a pull gets through at last");
    }
    assert_eq!(listed(&other), listed(&scene.home));

    // Written online, through the same network, each command by itself and then all at once.
    let commands = ["note.add 记 WORD", "message.send wecom 信 WORD", "follow_up.create 约 明天 WORD"];
    let mut words = Vec::new();
    harm(&scene, OF_WRITES, &harmed);
    for (number, command) in commands.iter().cycle().take(9).enumerate() {
        let word = format!("f{number}x");
        let command = command.replace("WORD", &word).replace("约 明天 ", "约");
        let arguments = ["do", &command, "--yes", "--ids", &ids];
        let output = scene.home.run(&if number < 6 {
            [&arguments[..], &["--offline"]].concat()
        } else {
            arguments.to_vec()
        });
        assert!(matches!(output.status.code(), Some(0 | 3)), "{command}: {}", said(&output));
        words.push(word);
    }
    let rounds = scene.sync_until_quiet();
    scene.network(|_| Fault::None);
    scene.home.text(&["sync"]);
    let (mut lost, mut doubled) = (0, 0);
    for word in &words {
        let sql = "SELECT count(*) FROM (SELECT json_extract(body, '$.customer_id') FROM records \
                   WHERE resource IN ('events', 'follow_ups') AND instr(body, ?1) GROUP BY 1)";
        let there = usize::try_from(scene.server_says(sql, word)).expect("a count");
        let all = usize::try_from(scene.arrived(word)).expect("a count");
        (lost, doubled) = (lost + CUSTOMERS - there, doubled + all - there);
    }
    let stuck = scene.states().iter().filter(|state| *state != "done").count();
    let harmed = harmed.lock().expect("no panic").clone();
    println!(
        "{} writes through a network that harms {OF_WRITES} %, and a pull by pages of 50 through one that \
         harms {OF_PULLS} % (seed 11, {:?}): \
         {} requests, harmed on the way there and back: {harmed:?}; {pulls} pulls, {rounds} syncs; \
         lost {lost}, doubled {doubled}, stuck {stuck}",
        words.len() * CUSTOMERS,
        started.elapsed(),
        scene.asked().len(),
    );
    assert_eq!((lost, doubled, stuck, scene.integrity().as_str()), (0, 0, 0, "ok"));
    for kind in ["writes", "later pages", "lists and records"] {
        let (there, back) = harmed[kind];
        assert!(there > 0 && back > 0, "{kind}: {there}, {back}");
    }
}

/// The lines of a list in an order of their own, each read as JSON.
fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = jsonl(text).iter().map(ToString::to_string).collect();
    lines.sort();
    lines
}
