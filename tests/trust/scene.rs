//! A server, a network that does what it is told, and the home of an operator.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::faults::{Asked, Fault, Proxy};
use crate::home::Home;
use crate::serving::{Serving, database, jsonl};
use crate::terminal::PATIENCE;

/// What becomes of each request.
type Plan = Box<dyn Fn(&Asked) -> Fault + Send>;

/// The server, the network before it, and an operator who has pulled from it.
pub struct Scene {
    pub home: Home,
    pub serving: Home,
    _server: Serving,
    plan: Arc<Mutex<Plan>>,
    network: Network,
}

/// The proxy and what it runs on.
struct Network {
    proxy: Proxy,
    runtime: Runtime,
}

impl Scene {
    /// On so many customers.
    pub fn new(customers: usize) -> Self {
        let serving = Home::new();
        let server = Serving::of(&serving, "127.0.0.1:0", customers);
        let plan: Arc<Mutex<Plan>> = Arc::new(Mutex::new(Box::new(|_| Fault::None)));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("threads");
        let (asked, address) = (Arc::clone(&plan), server.address().parse().expect("an address"));
        let before = Proxy::before(address, move |one| asked.lock().expect("no test panics in it")(one));
        let proxy = runtime.block_on(before).expect("a port");
        let home =
            Home::new().with("SIYU_BACKEND", "siyu").with("SIYU_URL", &proxy.url).with("SIYU_LANG", "en");
        home.text(&["sync"]);
        Self { home, serving, _server: server, plan, network: Network { proxy, runtime } }
    }

    /// Somebody else's home, behind the same network.
    pub fn another_home(&self) -> Home {
        home_behind(&self.network.proxy.url)
    }

    /// From now on the network does this with each request.
    pub fn network(&self, plan: impl Fn(&Asked) -> Fault + Send + 'static) {
        *self.plan.lock().expect("no test panics in it") = Box::new(plan);
    }

    /// What went through the network so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.network.proxy.asked()
    }

    /// Waits until the network has held so many requests.
    pub fn wait_held(&self, count: usize) {
        let held = self.network.proxy.held(count);
        let held = self.network.runtime.block_on(async { tokio::time::timeout(PATIENCE, held).await });
        held.expect("it gets as far as that");
    }

    /// A number out of the server's own database.
    pub fn server_says(&self, sql: &str, word: &str) -> i64 {
        let sqlite = database(&self.serving.path("server.db"));
        sqlite.query_row(sql, [word], |row| row.get(0)).expect("SQL of the test")
    }

    /// How many records of the server have this word in them.
    pub fn arrived(&self, word: &str) -> i64 {
        self.server_says("SELECT count(*) FROM records WHERE instr(body, ?1) > 0", word)
    }

    /// Waits until a record of the server has this word in it.
    pub fn wait_arrived(&self, word: &str) {
        let begun = Instant::now();
        while self.arrived(word) == 0 {
            assert!(begun.elapsed() < PATIENCE, "{word} never arrived");
        }
    }

    /// Ids of customers who can be reached by WeCom.
    pub fn reachable(&self) -> Vec<String> {
        let rows = jsonl(&self.home.text(&["list", "customers", "--format", "jsonl"]));
        let wecom = |row: &&Value| {
            let channels = row["channels"].as_array();
            channels.is_some_and(|all| all.iter().any(|one| one["kind"] == "wecom"))
        };
        let found = rows.iter().filter(wecom).map(|row| row["id"].as_str().expect("an id").to_owned());
        found.collect()
    }

    /// How many writes are not settled, as the program says.
    pub fn unsettled(&self) -> i64 {
        self.home.text(&["count", "outbox"]).trim().parse().expect("a number")
    }

    /// Waits until nothing is left to be sent, by whoever sends.
    pub fn wait_sent(&self) {
        let begun = Instant::now();
        while self.unsettled() > 0 {
            let outbox = || self.home.text(&["outbox", "list", "--format", "jsonl"]);
            assert!(begun.elapsed() < PATIENCE, "stuck: {}", outbox());
        }
    }

    /// Syncs until nothing is left to be sent; gives how often that took.
    pub fn sync_until_quiet(&self) -> usize {
        let begun = Instant::now();
        for rounds in 1.. {
            let output = self.home.run(&["sync"]);
            if output.status.success() && self.unsettled() == 0 {
                return rounds;
            }
            let outbox = || self.home.text(&["outbox", "list", "--format", "jsonl"]);
            assert!(begun.elapsed() < 3 * PATIENCE, "stuck: {}\n{}", said(&output), outbox());
        }
        unreachable!("it quits, or it fails")
    }

    /// The file of the cache.
    pub fn cache(&self) -> PathBuf {
        let found = std::fs::read_dir(self.home.path("siyu")).expect("the folder is there").flatten();
        let found = found.map(|entry| entry.path().join("cache.db")).find(|path| path.exists());
        found.expect("the cache of the profile")
    }

    /// The cache, as another process has it.
    pub fn open_cache(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let cache = Connection::open_with_flags(self.cache(), flags).expect("the cache is SQLite");
        cache.busy_timeout(PATIENCE).expect("a time to wait");
        cache
    }

    /// What SQLite says of the cache when it looks at every page.
    pub fn integrity(&self) -> String {
        let cache = self.open_cache();
        cache.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be read")
    }

    /// Where the writes of the outbox stand, settled ones included.
    pub fn states(&self) -> Vec<String> {
        let cache = self.open_cache();
        let mut statement = cache.prepare("SELECT state FROM outbox ORDER BY n").expect("there is an outbox");
        let states = statement.query_map([], |row| row.get(0)).expect("it can be read");
        states.map(|state| state.expect("a word")).collect()
    }
}

/// The home of an operator whose backend is at this address.
pub fn home_behind(url: &str) -> Home {
    Home::new().with("SIYU_BACKEND", "siyu").with("SIYU_URL", url).with("SIYU_LANG", "en")
}

/// What a program said to the operator.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Kills a process as the system does when memory is short.
pub fn kill(pid: u32) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("a process has a number");
    let _ = kill_process(pid, Signal::KILL); // it may have ended by itself
}

/// Runs a program, and kills it unless it ends in this time.
pub fn run_for(mut command: Command, time: Duration) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let pid = child.id();
    let (tell, ended) = channel();
    let waits = thread::spawn(move || {
        let output = child.wait_with_output().expect("it can be waited for");
        let _ = tell.send(()); // nobody waits any more
        output
    });
    if ended.recv_timeout(time).is_err() {
        kill(pid);
    }
    waits.join().expect("it waits")
}
