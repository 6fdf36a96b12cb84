//! What settings, flags and words of the command line do, through the built binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::json;
use siyu::model::{AnyRecord, Resource};
use siyu::server::{Limits, Running, ServeOptions, Server, Store};

/// A backend with three customers, in this process.
struct Backend {
    running: Running,
    tasks: tokio::runtime::Runtime,
}

impl Backend {
    fn new() -> Self {
        let tasks =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let record = |resource, item| AnyRecord::read(resource, item).unwrap().0;
        let day = |days: i64| {
            let now = jiff::Timestamp::now().as_second() - days * 86_400;
            jiff::Timestamp::from_second(now).unwrap().to_string()
        };
        let customer = |id: &str, tags: &[&str], stage: Option<&str>| {
            let item = json!({
                "id": id, "name": id, "tags": tags, "stage": stage, "phones": ["+86 13812345678"],
                "added_at": day(400), "last_order_at": day(100), "orders": 3,
            });
            record(Resource::Customers, item)
        };
        let store = Store::in_memory(Limits::default()).unwrap();
        store
            .put(&[
                record(Resource::Tags, json!({"id": "t1", "name": "VIP", "group_id": "g"})),
                customer("one", &["t1"], None),
                customer("two", &[], None),
                customer("three", &[], Some("意向")),
            ])
            .unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let options = ServeOptions { listen, token: None, live: None };
        let running = tasks.block_on(Server::start(store, options)).unwrap();
        Self { running, tasks }
    }

    fn url(&self) -> String {
        format!("http://{}", self.running.addr)
    }
}

/// `siyu` with a folder of its own and nothing of this machine's surroundings.
fn siyu(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siyu"));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("SIYU_")) {
            command.env_remove(name);
        }
    }
    command.env("HOME", folder).env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.arg("--cache-dir").arg(folder.join("cache")).args(words);
    command
}

fn said(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn fine(command: &mut Command) -> String {
    let (status, out, wrong) = said(command);
    assert_eq!((status, wrong.as_str()), (0, ""), "{command:?}");
    out
}

fn ids(out: &str) -> Vec<String> {
    let id = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["id"].as_str().unwrap().to_owned()
    };
    out.lines().map(id).collect()
}

#[test]
fn words_and_settings_reach_the_rows() {
    let (folder, backend) = (tempfile::tempdir().unwrap(), Backend::new());
    let folder = folder.path();
    let config = folder.join("config.toml");
    let write = |more: &str| {
        let text = format!("[profiles.main]\nbackend = \"siyu\"\nurl = \"{}\"\n{more}", backend.url());
        std::fs::write(&config, text).unwrap();
    };
    let at = config.to_str().unwrap().to_owned();
    let run = |words: &[&str]| fine(siyu(folder, &["--config", &at]).args(words));
    let list = |words: &[&str]| {
        ids(&run(&[&["list", "customers", "--sort", "name", "--format", "jsonl"], words].concat()))
    };

    write("[ui]\nphones = \"masked\"\n");
    run(&["sync"]);
    assert_eq!(list(&[]), ["one", "three", "two"]);
    assert_eq!(list(&["-tag:VIP"]), ["three", "two"], "a word that begins with a minus is no flag");
    assert_eq!(list(&["-has:tag", "-name:two"]), ["three"]);
    assert_eq!(list(&["stage:dormant"]), ["one", "three", "two"]);
    let phones = run(&["list", "customers", "--columns", "phones", "--format", "csv"]);
    assert_eq!(phones.matches("+86 13812345678").count(), 3, "data is whole: {phones}");

    // With no sync in between: the next start goes by what stands in the file.
    write("[stages]\ndormant_days = 120\n[stages.map]\n\"意向\" = \"lead\"\n");
    assert_eq!(list(&["stage:dormant"]), [""; 0]);
    assert_eq!(list(&["stage:active"]), ["one", "two"]);
    assert_eq!(list(&["stage:lead"]), ["three"]);
    let shown = run(&["list", "customers", "stage:lead", "--columns", "id,stage", "--format", "csv"]);
    assert!(shown.contains("three"), "{shown}");
    let whole = run(&["show", "customers", "three", "--format", "json"]);
    assert!(whole.contains("意向"), "the backend's own stage stays visible: {whole}");
    write("[stages]\nlost_days = 99\nnew_days = 5\ndormant_days = 9\n");
    assert_eq!(run(&["count", "customers", "stage:lost"]).trim(), "3");

    drop(backend.tasks);
}
