//! `kill -9` at each step that a write goes through, for each kind of write.
//!
//! The test is the network, and another process on the cache: it stops the program where it is to
//! be killed, and looks where the write stood then.

use std::process::{Child, Stdio};
use std::time::Instant;

use rusqlite::Connection;

use crate::faults::Fault;
use crate::scene::{Scene, kill};
use crate::terminal::PATIENCE;

/// How far a write gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The cache is locked by another process: nothing is written yet.
    BeforeCommit,
    /// It is in the outbox, and the program talks to the backend for the first time.
    AfterCommit,
    /// It is on its way and has not arrived.
    Sent,
    /// The backend has done it, and no answer came.
    Unanswered,
    /// The answer came, and the cache is locked by another process.
    Unrecorded,
}

const STEPS: [Step; 5] =
    [Step::BeforeCommit, Step::AfterCommit, Step::Sent, Step::Unanswered, Step::Unrecorded];

/// The kinds of write; `WORD` is what the server is searched for.
const KINDS: [(&str, bool); 5] = [
    ("note.add WORD", true),
    ("message.send wecom WORD", true),
    ("follow_up.create WORD 明天", true),
    ("customer.set remark WORD", true),
    ("tag.create WORD", false),
];

fn start(scene: &Scene, command: &str, id: Option<&str>) -> Child {
    let mut arguments = vec!["do", command, "--yes"];
    arguments.extend(id.map(|id| ["--ids", id]).into_iter().flatten());
    let mut command = scene.home.command(&arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Keeps others from writing to the cache, until it is dropped.
fn lock(cache: &Connection) {
    cache.execute_batch("BEGIN IMMEDIATE").expect("nobody writes for long");
}

/// Waits until a process has the cache open.
fn wait_open(scene: &Scene, pid: u32) {
    let (begun, cache) = (Instant::now(), scene.cache());
    let has = || {
        let files = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|path| path == cache)
    };
    while cfg!(target_os = "linux") && !has() {
        assert!(begun.elapsed() < PATIENCE, "it opens the cache");
        std::thread::yield_now();
    }
}

/// Runs a command and kills it at this step; gives where its write stood in the cache.
fn killed_at(scene: &Scene, step: Step, held: usize, command: &str, id: Option<&str>) -> Option<String> {
    let before = scene.states().len();
    let mut child = match step {
        Step::BeforeCommit => {
            let cache = scene.open_cache();
            lock(&cache);
            let child = start(scene, command, id);
            wait_open(scene, child.id());
            kill(child.id());
            child
        }
        Step::AfterCommit => {
            scene.network(|_| Fault::HoldRequest);
            let child = start(scene, command, id);
            scene.wait_held(held);
            kill(child.id());
            child
        }
        Step::Sent | Step::Unanswered => {
            let fault = if step == Step::Sent { Fault::HoldRequest } else { Fault::HoldAnswer };
            scene.network(move |asked| if asked.is_write() { fault } else { Fault::None });
            let child = start(scene, command, id);
            scene.wait_held(held);
            kill(child.id());
            child
        }
        Step::Unrecorded => {
            let cache = std::sync::Mutex::new(scene.open_cache());
            scene.network(move |asked| {
                if !asked.is_write() {
                    return Fault::None;
                }
                lock(&cache.lock().expect("one at a time")); // until the network is another
                Fault::HoldAfter
            });
            let child = start(scene, command, id);
            scene.wait_held(held);
            kill(child.id());
            child
        }
    };
    let status = child.wait().expect("it can be waited for");
    assert!(!status.success(), "{step:?}: it was killed before it said anything");
    scene.network(|_| Fault::None);
    scene.states().into_iter().nth(before)
}

#[test]
fn a_write_outlives_kill_9_at_each_of_its_steps() {
    let scene = Scene::new(60);
    let id = scene.reachable().remove(0);
    let (mut kills, mut held) = (0, 0);
    for step in STEPS {
        for (number, (command, on_customer)) in KINDS.into_iter().enumerate() {
            let word = format!("{step:?}-{number}");
            let command = command.replace("WORD", &word);
            let id = on_customer.then_some(id.as_str());
            held += usize::from(step != Step::BeforeCommit);
            let state = killed_at(&scene, step, held, &command, id);
            kills += 1;
            let (stood, there) = match step {
                Step::BeforeCommit => (None, 0),
                Step::AfterCommit => (Some("queued"), 0),
                Step::Sent => (Some("sending"), 0),
                Step::Unanswered | Step::Unrecorded => (Some("sending"), 1),
            };
            assert_eq!((state.as_deref(), scene.arrived(&word)), (stood, there), "{command}");
            assert_eq!(scene.integrity(), "ok", "{command}");
            scene.sync_until_quiet();
            // What was committed arrives once, whether or not anybody was told; the rest never does.
            assert_eq!(scene.arrived(&word), i64::from(stood.is_some()), "{command}");
            assert!(scene.states().iter().all(|state| state == "done"), "{:?}", scene.states());
            let listed = scene.open_cache().query_row(
                "SELECT (SELECT count(*) FROM events WHERE instr(body, ?1)) \
                      + (SELECT count(*) FROM follow_ups WHERE instr(body, ?1)) \
                      + (SELECT count(*) FROM customers WHERE instr(body, ?1)) \
                      + (SELECT count(*) FROM tags WHERE instr(body, ?1))",
                [&word],
                |row| row.get::<_, i64>(0),
            );
            assert_eq!(listed.expect("SQL of the test"), i64::from(stood.is_some()), "{command}");
        }
    }
    assert_eq!(kills, 25);
    println!(
        "kill -9 at 5 steps of 5 kinds of write: {kills} kills, 0 lost, 0 doubled, 0 stuck, \
         integrity ok {kills} times"
    );
}
