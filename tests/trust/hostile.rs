//! A server that gives what no decent server gives: the cache is as it was, the error names the
//! endpoint, and memory stays within bounds.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Output, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::home::Home;
use crate::scene::{home_behind, said};

/// So much more memory than at rest a bad answer may take, in KiB.
const MOST: u64 = 64 << 10;

/// The second page of customers.
const SECOND: [&str; 2] = ["/v1/customers", "cursor=two"];

/// What is said to a path.
type Plan = Box<dyn Fn(&str) -> Vec<u8> + Send>;

/// A server of two kinds of record that says what the test wants. It lives as long as the test.
struct Hostile {
    plan: Arc<Mutex<Plan>>,
    home: Home,
}

impl Hostile {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let plan: Arc<Mutex<Plan>> = Arc::new(Mutex::new(Box::new(good)));
        let says = Arc::clone(&plan);
        thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                let answer = says.lock().expect("no panic")(&asked(&mut socket));
                thread::spawn(move || socket.write_all(&answer)); // who gives up early is right
            }
        });
        Self { plan, home: home_behind(&url) }
    }

    /// From now on it says this to a path with both words in it, and to all others what is good.
    fn says(&self, words: [&'static str; 2], answer: Vec<u8>) {
        let plan = move |asked: &str| match words.iter().all(|word| asked.contains(word)) {
            true => answer.clone(),
            false => good(asked),
        };
        *self.plan.lock().expect("no panic") = Box::new(plan);
    }

    /// All that the cache has.
    fn rows(&self) -> String {
        let list = |kind: &str| self.home.text(&["list", kind, "--format", "jsonl"]);
        list("customers") + &list("tags")
    }

    /// Pulls everything again; gives how much memory that took at its most, in KiB.
    fn sync(&self) -> (Output, u64) {
        let mut command = self.home.command(&["sync", "--full"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let status = format!("/proc/{}/status", child.id());
        let (tell, ended) = channel();
        let waits = thread::spawn(move || {
            let output = child.wait_with_output().expect("it can be waited for");
            let _ = tell.send(()); // nobody waits any more
            output
        });
        let mut most = 0;
        while ended.recv_timeout(Duration::from_millis(1)).is_err() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            most = most.max(number.unwrap_or(0));
        }
        (waits.join().expect("it waits"), most)
    }
}

/// The path of a request.
fn asked(socket: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0; 512]);
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match socket.read(&mut byte) {
            Ok(count @ 1..) => head.extend(&byte[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned()
}

fn answer(status: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n");
    [head.as_bytes(), body].concat()
}

fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes())
}

/// A first page that a second one follows.
fn page(kind: &str, from: usize, next: &str) -> String {
    let item = |n: usize| format!(r#"{{"id":"{kind}{n}","name":"{kind} {n}","rev":"7"}}"#);
    let items: Vec<String> = (from..from + 50).map(item).collect();
    format!(r#"{{"items":[{}],"next_cursor":{next},"seq":5}}"#, items.join(","))
}

fn good(path: &str) -> Vec<u8> {
    let (at, query) = path.split_once('?').unwrap_or((path, ""));
    let second = query.contains("cursor=two");
    match at {
        "/v1/meta" => json(r#"{"name":"x","api":1,"resources":["tags","customers"],"seq":5}"#),
        "/v1/tags" => json(&page("t", 0, "null")),
        "/v1/customers" if second => json(&page("c", 50, "null")),
        "/v1/customers" => json(&page("c", 0, "\"two\"")),
        _ => json(r#"{"changes":[],"next":5,"more":false}"#),
    }
}

/// About `size` spaces as gzip: one literal, then "the last byte 258 times".
fn bomb(size: usize) -> Vec<u8> {
    let mut bits = String::from("11001010000"); // the last block, fixed codes; a space
    bits.push_str(&"1100010100000".repeat(size / 258));
    bits.push_str("0000000");
    let mut bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    for byte in bits.as_bytes().chunks(8) {
        bytes.push(byte.iter().rev().fold(0, |byte, bit| byte << 1 | (bit - b'0')));
    }
    bytes
}

#[test]
fn bad_answers_leave_the_cache_name_the_endpoint_and_take_little_memory() {
    let hostile = Hostile::new();
    let (output, idle) = hostile.sync();
    assert!(output.status.success(), "{}", said(&output));
    let before = hostile.rows();
    assert_eq!(before.lines().count(), 150);

    let html = answer("200 OK", "Content-Type: text/html\r\n", b"<html>please log in</html>");
    let typed = "Content-Type: application/json\r\n";
    let zipped = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let patience = "Retry-After: 3600\r\n";
    let deep = "[".repeat(100_000);
    let twice = page("c", 50, "null")
        .replace("\"items\":[", "\"items\":[{\"id\":\"c50\",\"rev\":\"7\",\"name\":\"c 50\"},");
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("HTML", html),
        ("401", answer("401 Unauthorized", typed, b"{}")),
        ("429", answer("429 Too Many Requests", patience, b"")),
        ("500", answer("500 Oops", "", b"")),
        ("a gzip bomb of 1 GiB", answer("200 OK", zipped, &bomb(1 << 30))),
        ("JSON 100,000 deep", json(&deep)),
        ("JSON 100,000 deep in a record", json(&format!(r#"{{"items":[{{"id":"c50","x":{deep}"#))),
        ("half a page", json(&page("c", 50, "null")[..900])),
        ("a circle", json(&page("c", 0, "\"two\""))),
    ];
    let (kinds, mut most) = (refused.len(), 0);
    for (what, bad) in refused {
        hostile.says(SECOND, bad);
        let (output, memory) = hostile.sync();
        let told = said(&output);
        assert!(!output.status.success() && told.contains("/v1/customers"), "{what}: {told}");
        assert_eq!(hostile.rows(), before, "{what}");
        assert!(memory <= idle + MOST, "{what}: {memory} KiB, {idle} KiB at rest");
        most = most.max(memory.saturating_sub(idle));
    }
    // What is odd and harmless: the same record twice, and in another order.
    hostile.says(SECOND, json(&twice));
    assert!(hostile.sync().0.status.success());
    assert_eq!(hostile.home.text(&["count", "customers"]).trim(), "100");
    // A second page that comes from a copy that lags behind, and in the wrong order.
    let older = r#"{"items":[{"id":"c0","rev":"6","name":"long ago"},{"id":"c99","rev":"7","name":"c 99"},"#;
    hostile.says(SECOND, json(&page("c", 50, "null").replace("{\"items\":[", older)));
    assert!(hostile.sync().0.status.success());
    let mut rows: Vec<String> = hostile.rows().lines().map(str::to_owned).collect();
    let mut known: Vec<String> = before.lines().map(str::to_owned).collect();
    rows.sort();
    known.sort();
    assert_eq!(rows, known);
    // Ids of thirty digits stay what they are, and are two.
    let long = ["123456789012345678901234567890", "123456789012345678901234567891"];
    let items = long.map(|id| format!(r#"{{"id":{id},"name":"long"}}"#)).join(",");
    hostile.says(["/v1/tags", ""], json(&format!(r#"{{"items":[{items}],"next_cursor":null,"seq":5}}"#)));
    let (output, _) = hostile.sync();
    let tags = hostile.home.text(&["list", "tags", "--format", "jsonl"]);
    assert!(long.iter().all(|id| tags.contains(id)), "{}{tags}", said(&output));
    println!(
        "{kinds} kinds of bad answer on the second page: the cache as it was {kinds} times, the endpoint \
         named {kinds} times, at most {most} KiB more memory than a good pull ({idle} KiB)"
    );
}
