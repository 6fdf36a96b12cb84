//! A WeCom of our own in this process, over a sample community, and the program that talks to it.

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use siyu::model::{AnyRecord, Time};
use siyu::sample::{Community, SampleSpec};
use siyu::server::wecom::{APP_SECRET, CORP_ID, Corp, Simulator, start};
use tokio::runtime::Runtime;

use crate::rig::Home;

pub struct Town {
    runtime: Runtime,
    simulator: Simulator,
    /// What it was filled with.
    pub records: Vec<AnyRecord>,
}

impl Town {
    /// A sample community of so many customers.
    pub fn sample(customers: usize) -> Self {
        let now = Time::from_millis(jiff::Timestamp::now().as_millisecond());
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let community = Community::new(&SampleSpec { customers, seed: 7, now, zone });
        Self::of(community.records().collect())
    }

    pub fn of(records: Vec<AnyRecord>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let corp = Corp::of(records.iter().cloned());
        let simulator = runtime.block_on(start(corp, "127.0.0.1:0".parse().expect("an address")));
        Self { simulator: simulator.expect("the simulator starts"), runtime, records }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/cgi-bin", self.simulator.addr)
    }

    /// A home whose profile is this one.
    pub fn home(&self) -> Home {
        self.home_with("operator = \"op-01\"")
    }

    /// The same, with another variable.
    pub fn home_with(&self, var: &str) -> Home {
        let url = self.url();
        let home = Home::new(&format!(
            "[profiles.main]\nbackend = \"wecom\"\nurl = \"{url}\"\ntoken_file = \"token\"\n\
             vars = {{ corp_id = \"{CORP_ID}\", {var} }}\n"
        ));
        write_secret(&home, APP_SECRET);
        home
    }

    /// Tells the simulator something.
    pub fn control(&self, what: &str, body: Value) -> Value {
        let _ = rustls::crypto::ring::default_provider().install_default(); // Err: it is there already
        let url = format!("http://{}/simulator/{what}", self.simulator.addr);
        self.runtime.block_on(async {
            let request = reqwest::Client::new().post(url).body(body.to_string());
            let bytes = request.send().await.expect("an answer").bytes().await.expect("a body");
            let said: Value = serde_json::from_slice(&bytes).expect("JSON");
            assert_eq!(said["errcode"], 0, "{what} {body}: {said}");
            said
        })
    }

    /// Calls of an endpoint below `externalcontact/`.
    pub fn calls(&self, api: &str) -> u64 {
        let api = format!("externalcontact/{api}");
        self.control("calls", json!({}))["calls"][api].as_u64().unwrap_or(0)
    }

    /// All calls.
    pub fn total(&self) -> u64 {
        self.control("calls", json!({}))["total"].as_u64().expect("a number")
    }
}

/// Puts a secret where the profile looks for it.
pub fn write_secret(home: &Home, secret: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.path("token");
    std::fs::write(&path, secret).expect("it can be written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
}
