//! `siyu serve` as a process of its own, and its database as it lies on the disk.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use rusqlite::{Connection, OpenFlags};

use crate::home::Home;
use crate::terminal::PATIENCE;

/// `siyu serve` on a sample, killed when the test ends.
pub struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    /// Starts it on 500 customers, at an address that it had before or at one of its own choice.
    pub fn start(home: &Home, listen: &str) -> Self {
        Self::of(home, listen, 500)
    }

    /// Starts one that takes so many writes in a minute.
    pub fn limited(home: &Home, writes_per_minute: &str) -> Self {
        Self::with(home, "127.0.0.1:0", 500, &["--writes-per-minute", writes_per_minute])
    }

    /// Starts it on so many customers.
    pub fn of(home: &Home, listen: &str, customers: usize) -> Self {
        Self::with(home, listen, customers, &[])
    }

    fn with(home: &Home, listen: &str, customers: usize, more: &[&str]) -> Self {
        let database = home.path("server.db").to_string_lossy().into_owned();
        let customers = customers.to_string();
        let arguments = [
            "serve", "--listen", listen, "--db", &database, "--sample", &customers, "--seed", "7", "--still",
        ];
        let mut child = home
            .command(&[&arguments, more].concat())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = child.stdout.take().expect("it was asked for");
        let (tell, said) = channel();
        thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(out).read_line(&mut line); // an empty line tells as well
            let _ = tell.send(line); // the test may be over
        });
        let line = said.recv_timeout(PATIENCE).expect("it says when it is ready");
        let url = line.trim().strip_prefix("listening on ").expect("it says where it listens").to_owned();
        Self { child, url }
    }

    /// Where it listens, without the scheme.
    pub fn address(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// Kills it as the system does when memory is short.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may be gone
        let _ = self.child.wait();
    }
}

/// A home whose console talks to this server.
pub fn home_of(server: &Serving) -> Home {
    Home::new().with("SIYU_BACKEND", "siyu").with("SIYU_URL", &server.url)
}

/// Opens the server's own database, to read.
pub fn database(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the server's file is SQLite")
}

pub fn jsonl(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect()
}
