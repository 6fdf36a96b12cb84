//! A real server that is stopped in the middle of a pull, and started again.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::between::{Asked, Between};
use crate::put_in::{pulled, same};
use crate::rig::{Home, Server};

/// Pulls twice from the same server: into a home that is left in peace, and into one whose server is
/// stopped before it answers the `nth` request that has `path` in its line or body, and is started again
/// afterwards. Both have the same rows then, each of them once, and no request with `path` that had been
/// answered was sent again.
pub fn stopped_and_started(
    server: Server,
    home: impl Fn(&str) -> Home,
    kinds: &[&str],
    (path, nth): (&'static str, usize),
) {
    let url = server.url();
    let in_peace = home(&url);
    in_peace.text(&["sync"]);

    let has = move |asked: &Asked| asked.line.contains(path) || asked.body.contains(path);
    let server = Arc::new(Mutex::new(server));
    let (of_look, mut met) = (Arc::downgrade(&server), 0); // it ends with the test, not with the way to it
    let between = Between::new(&url, move |asked: &Asked| {
        met += usize::from(has(asked));
        if met == nth && has(asked) {
            let server = of_look.upgrade().expect("the test goes on");
            server.lock().expect("nobody has panicked").stop();
        }
    });
    let interrupted = home(&between.url());
    let failed = interrupted.run(&["sync"]);
    assert_eq!(failed.status.code(), Some(1), "{}", String::from_utf8_lossy(&failed.stderr));
    let before = between.passed();
    assert!(before.iter().any(|(_, status)| *status == 0), "it was stopped: {before:?}");
    let rows = |home: &Home| -> Vec<Vec<Value>> { kinds.iter().map(|kind| pulled(home, kind)).collect() };
    assert_ne!(rows(&interrupted), rows(&in_peace), "it was in the middle");

    server.lock().expect("nobody has panicked").start();
    let summary = interrupted.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    for (kind, wanted) in kinds.iter().zip(rows(&in_peace)) {
        same(kind, &interrupted, &wanted);
    }
    let after = between.passed();
    let answered = before.iter().filter(|(asked, status)| *status == 200 && has(asked));
    let answered: Vec<_> = answered.map(|(asked, _)| (&asked.line, &asked.body)).collect();
    assert_eq!(answered.len(), nth - 1);
    let again = |asked: &Asked| answered.contains(&(&asked.line, &asked.body));
    assert!(after.iter().any(|(asked, _)| has(asked)), "it went on");
    assert!(!after.iter().any(|(asked, _)| again(asked)), "it went on where it was: {answered:?} {after:?}");
}
