//! The server killed in the middle of its work, again and again: what it acknowledged is there,
//! what it did not is there whole or not at all, and nothing is there twice.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use siyu::model::Resource;
use siyu::server::{Limits, Store};
use tokio::sync::Notify;

use crate::town;

const ROUNDS: usize = 8;
const WRITERS: usize = 4;

/// A process that does not outlive the test.
struct Serving(Child);

impl Serving {
    /// SIGKILL, and waits until it is gone.
    fn kill(&mut self) {
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("an end");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may be gone already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `siyu serve` over a file, and where it listens.
fn start(path: &Path) -> (Serving, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_siyu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--db"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
    (Serving(child), address)
}

/// Sends one message under its own name as key; `None` where no answer came.
async fn send(client: &reqwest::Client, address: &str, name: &str) -> Option<String> {
    let body = json!({"customer_id": "c1", "channel": "wecom", "body": name});
    let request = client
        .post(format!("{address}/v1/messages"))
        .header("content-type", "application/json")
        .header("idempotency-key", name)
        .body(body.to_string());
    let response = request.send().await.ok()?;
    assert_eq!(response.status(), 201);
    response.text().await.ok()
}

/// How often each message is in the store.
fn messages(store: &Store) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut cursor = None;
    loop {
        let page = store.page(Resource::Events, cursor.as_ref(), 1000).expect("readable");
        for item in page.items {
            let event: Value = serde_json::from_str(&item).expect("JSON");
            *found.entry(event["title"].as_str().expect("a title").to_owned()).or_default() += 1;
        }
        cursor = page.next;
        if cursor.is_none() {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_acknowledged_is_there_once() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("serve.db");
    Store::open(&path, Limits::default()).expect("a store").put(&town::records()).expect("written");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut sent: BTreeMap<String, Option<String>> = BTreeMap::new();
    for round in 0..ROUNDS {
        let (mut server, address) = start(&path);
        let answered = Arc::new((AtomicUsize::new(0), Notify::new()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, address, answered) = (client.clone(), address.clone(), answered.clone());
                tokio::spawn(async move {
                    let mut sent = Vec::new();
                    for number in 0.. {
                        let name = format!("{round}-{writer}-{number}");
                        let answer = send(&client, &address, &name).await;
                        let broken = answer.is_none();
                        sent.push((name, answer));
                        if broken {
                            answered.1.notify_one();
                            break;
                        }
                        answered.0.fetch_add(1, Ordering::SeqCst);
                        answered.1.notify_one();
                    }
                    sent
                })
            })
            .collect();
        while answered.0.load(Ordering::SeqCst) < 5 + 7 * round {
            answered.1.notified().await;
            assert!(!writers.iter().all(|writer| writer.is_finished()), "it serves until it is killed");
        }
        server.kill();
        for writer in writers {
            sent.extend(writer.await.expect("what was sent"));
        }
        let found = messages(&Store::open(&path, Limits::default()).expect("whole"));
        for (name, answer) in &sent {
            let times = found.get(name).copied().unwrap_or(0);
            assert!(times <= 1 && (answer.is_none() || times == 1), "{name}: {times} times");
        }
    }
    // Everything again, as a client does that does not know: once each, and the same answers.
    let (mut server, address) = start(&path);
    for (name, answer) in &sent {
        let again = send(&client, &address, name).await.expect("an answer");
        assert!(answer.as_ref().is_none_or(|answer| *answer == again), "{name}");
    }
    server.kill();
    let found = messages(&Store::open(&path, Limits::default()).expect("whole"));
    assert!(found.values().all(|times| *times == 1));
    assert_eq!(found.into_keys().collect::<Vec<_>>(), sent.into_keys().collect::<Vec<_>>());
}
