//! The program in a home of its own, and servers that are ended with the test.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, with a cache and a configuration of its own.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new(config: &str) -> Self {
        let home = Self { folder: tempfile::tempdir().expect("a folder for a test") };
        std::fs::write(home.path("config.toml"), config).expect("it can be written");
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the built program starts")
    }

    /// Starts it, and lets it go on.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the built program starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siyu"));
        command.env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path()).env("LANG", "C.UTF-8").env("TZ", "Asia/Shanghai");
        command.current_dir(self.folder.path());
        command.arg("--config").arg(self.path("config.toml")).args(["--lang", "en"]).args(arguments);
        command
    }

    /// Runs it, and wants it to succeed; gives what it wrote.
    pub fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let wrote = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "siyu {arguments:?}: {}\n{wrote}", output.status);
        String::from_utf8(output.stdout).expect("what it writes is UTF-8")
    }

    /// The same as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.text(arguments)).expect("it writes JSON")
    }

    /// All records of a kind, by id.
    pub fn records(&self, kind: &str) -> Vec<Value> {
        let mut records = self.json(&["list", kind, "--format", "json"]).as_array().expect("a list").clone();
        records.sort_by_key(|record| record["id"].to_string());
        records
    }
}

/// A process that ends with the test, and can be stopped and started in between.
pub struct Server {
    command: Command,
    child: Option<Child>,
    pub port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    /// Starts a server that listens at a port, and waits until it does.
    pub fn new(mut command: Command, port: u16) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self { command, child: None, port };
        server.start();
        server
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it at once; whatever it was answering is cut off.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill(); // Err: it is gone already
            let _ = child.wait();
        }
    }

    /// Starts it again, and waits until it listens.
    pub fn start(&mut self) {
        let child = self.child.insert(self.command.spawn().expect("the server starts"));
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(since.elapsed() < PATIENCE, "{:?} listens", self.command);
            assert!(matches!(child.try_wait(), Ok(None)), "{:?} ended", self.command);
            std::thread::yield_now();
        }
    }
}

/// The address of a real server on this machine, which the environment names; `None`, with a word,
/// where it does not.
pub fn named(variable: &str) -> Option<String> {
    let named = std::env::var(variable).ok().filter(|named| !named.is_empty());
    if named.is_none() {
        eprintln!("skipped: {variable} names no server (.ci/servers starts one)");
    }
    named
}

/// Held by tests that read of a server what others change, and by those that change it.
pub struct Turn {
    _held: File,
}

impl Turn {
    /// Beside others who only read.
    pub fn reading(server: &str) -> Self {
        let file = Self::file(server);
        file.lock_shared().expect("it can be locked");
        Self { _held: file }
    }

    /// Alone.
    pub fn writing(server: &str) -> Self {
        let file = Self::file(server);
        file.lock().expect("it can be locked");
        Self { _held: file }
    }

    fn file(server: &str) -> File {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{server}.lock"));
        File::create(path).expect("it can be made")
    }
}

/// One request by HTTP, as plainly as that goes: its status and its body, null where that is no JSON.
pub fn ask(url: &str, method: &str, authorization: Option<&str>, body: Option<&Value>) -> (u16, Value) {
    let (host, path) = url.strip_prefix("http://").expect("plain HTTP").split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).expect("the server listens");
    let body = body.map(Value::to_string).unwrap_or_default();
    let authorization = authorization.map(|is| format!("Authorization: {is}\r\n")).unwrap_or_default();
    let length = body.len();
    write!(
        stream,
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("it takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// A folder with what the servers are filled from; `None`, with a word, where there is none.
pub fn backends() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/backends");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Whether a program is there that a server is installed or filled by; a word where not.
pub fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: {program} is missing");
    }
    there
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it has one").port()
}

/// json-server on a community; `None`, with a word, where it cannot be had.
pub fn json_server(folder: &Path) -> Option<Server> {
    // One after the other, also where each test is a process: npm does not like company in a folder.
    let turn = Turn::writing("json-server");
    let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("json-server-0.17.4");
    let program = installed.join("node_modules/.bin/json-server");
    if !program.exists() {
        std::fs::create_dir_all(&installed).expect("a folder for json-server");
        std::fs::write(installed.join("package.json"), "{\"private\":true}").expect("it can be written");
        let npm = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--silent", "json-server@0.17.4"])
            .current_dir(&installed)
            .status();
        if !npm.is_ok_and(|status| status.success()) {
            eprintln!("skipped: json-server could not be installed");
            return None;
        }
    }
    drop(turn);
    let port = free_port();
    let mut command = Command::new(program);
    command.args(["--quiet", "--host", "127.0.0.1", "--port", &port.to_string()]).arg(folder.join("db.json"));
    Some(Server::new(command, port))
}
