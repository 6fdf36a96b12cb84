//! A console at work, for tests: everything is real but the terminal.
//!
//! ```text
//! keys ─▶ Inbox ─▶ Console ─▶ Desk ─▶ cache ◀─ sync ◀─HTTP─ server ◀─ store
//!                     └─▶ TestBackend ─▶ Screen
//! ```
//!
//! Nothing sleeps: [`Runner::keys`] goes on when every question that a key asked has been
//! answered, [`Runner::wait_for`] blocks on the console's own inbox until the screen shows what
//! is waited for, and fails with the screen when that takes longer than anything should.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use siyu::app::{App, Effect, Event, Link, Notice, Pane, Settings, View, Width};
use siyu::backend::{Connector, Limits, Secret};
use siyu::cache::Cache;
use siyu::config::Config;
use siyu::i18n::Lang;
use siyu::keymap::parse_keys;
use siyu::model::{AnyRecord, Time};
use siyu::runtime::{self, Clock, Console, Desk, Ending, Inbox, Me, Mending, Message, Outbox, WritePath};
use siyu::server::{Running, ServeOptions, Server, Store, Token};
use siyu::sync::{Backoff, CacheWriter, Pace};
use siyu::ui;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::hands::TestHands;
use crate::screen::Screen;
use crate::town;

/// Longer than anything takes, even on a slow machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// A console at work.
pub struct Runner {
    pub console: Console<TestBackend, TestHands>,
    pub store: Store,
    pub clock: Clock,
    pub folder: Arc<TempDir>,
    to: Outbox,
    server: Option<Running>,
    pub address: SocketAddr,
    token: Option<&'static str>,
    /// The server's.
    serving: Runtime,
    /// The sync's.
    syncing: Runtime,
}

/// What a [`Runner`] begins with.
pub struct Start {
    pub settings: Settings,
    pub records: Option<Vec<AnyRecord>>,
    pub token: Option<&'static str>,
    pub first_run: bool,
}

/// A console and what belongs to it alone: all that ends when the operator leaves.
struct Opened {
    console: Console<TestBackend, TestHands>,
    to: Outbox,
    syncing: Runtime,
}

impl Start {
    /// With other settings.
    pub fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// With these records for a community.
    pub fn records(mut self, records: Vec<AnyRecord>) -> Self {
        self.records = Some(records);
        self
    }

    /// On a server that wants a token.
    pub fn token(mut self, token: &'static str) -> Self {
        self.token = Some(token);
        self
    }

    /// Beginning with the first-run screen.
    pub fn first_run(mut self) -> Self {
        self.first_run = true;
        self
    }

    /// Opens the console on an empty cache, before anything was pulled.
    pub fn open(self) -> Runner {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let path = folder.path().join("server.db");
        let store = match self.records {
            Some(records) => town::store_of(&path, records),
            None => town::store(&path),
        };
        let clock = Clock::standing(town::now(), town::zone());
        let serving = runtime::tasks().unwrap();
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = serve(&serving, &store, listen, self.token);
        let address = server.addr;
        let mut app = App::new(Arc::new(self.settings), clock.now());
        if self.first_run {
            app.open_first_run();
        }
        let opened = open(app, (120, 40), folder.path(), address, self.token, &clock);
        let (console, to, syncing) = (opened.console, opened.to, opened.syncing);
        let (server, token) = (Some(server), self.token);
        Runner { console, store, clock, folder, to, server, address, token, serving, syncing }
    }

    /// Opens the console and waits until everything was pulled.
    pub fn ready(self) -> Runner {
        let mut runner = self.open();
        runner.caught_up();
        runner
    }
}

fn serve(tasks: &Runtime, store: &Store, listen: SocketAddr, token: Option<&str>) -> Running {
    let token = token.map(|token| Token::new(token).unwrap());
    let options = ServeOptions { listen, token, live: None };
    tasks.block_on(Server::start(store.clone(), options)).unwrap()
}

/// Opens a console on the cache in `folder`, and begins to sync it.
fn open(
    mut app: App,
    (width, height): (u16, u16),
    folder: &Path,
    address: SocketAddr,
    token: Option<&str>,
    clock: &Clock,
) -> Opened {
    let (inbox, to) = Inbox::new();
    let me = Me::new(Mutex::new(None));
    let cache = Cache::open(&folder.join("cache"), clock.now()).unwrap().cache;
    let mending = Mending::new(cache.clone());
    let desk = Desk::start(mending.clone(), clock.clone(), Arc::clone(&me), to.clone()).unwrap();
    let writer = cache.writer(clock.moment(None)).unwrap();
    let writer = if app.settings.read_only { writer.read_only() } else { writer };
    let (writer, _) = CacheWriter::start(writer).unwrap();
    let secret = token.map(Secret::new);
    let connector = Connector::new(&format!("http://{address}"), secret, Limits::default()).unwrap();
    let short = Duration::from_millis(20);
    let pace = Pace {
        gather: Duration::from_millis(1),
        poll: short,
        backoff: Backoff { base: short, cap: short },
        ..Pace::default()
    };
    let (tell, told) = mpsc::channel(8);
    let engine = runtime::engine(connector, writer.clone(), pace, clock.clone(), Arc::clone(&me));
    let session = runtime::Session::new(&folder.join("state"));
    let syncing = runtime::tasks().unwrap();
    syncing.spawn(runtime::sync(engine, told, Arc::clone(&me), session.clone(), to.clone()));
    let writes = WritePath {
        cache: mending,
        writer,
        clock: clock.clone(),
        me,
        to: to.clone(),
        tasks: syncing.handle().clone(),
        sync: Some(tell),
        typed: runtime::Typed::default(),
        own: runtime::Own::default(),
        room: runtime::Room::default(),
        exports: runtime::Exports::default(),
        stops: Arc::default(),
        under_way: runtime::UnderWay::default(),
    };
    let _ = app.absorb(Event::Resize { width, height }, clock.now());
    let hands = TestHands::new(to.clone(), writes, session);
    let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let console = Console::new(app, terminal, hands, inbox, Some(desk), clock.clone());
    Opened { console, to, syncing }
}

/// A console at 120x40, in English, on the sample community.
pub fn start() -> Start {
    Start { settings: settings(), records: None, token: None, first_run: false }
}

/// A console that has pulled the sample community.
pub fn ready() -> Runner {
    start().ready()
}

/// What the configuration says where there is no configuration file.
pub fn settings() -> Settings {
    settings_of(&Config::default())
}

/// What a configuration says.
pub fn settings_of(config: &Config) -> Settings {
    let pane = |pane: siyu::config::Pane| match pane {
        siyu::config::Pane::Customers => Pane::Customers,
        siyu::config::Pane::Tags => Pane::Tags,
        siyu::config::Pane::Groups => Pane::Groups,
        siyu::config::Pane::FollowUps => Pane::FollowUps,
    };
    Settings {
        profiles: Vec::new(),
        profile: "sample".to_owned(),
        lang: Lang::En,
        keymap: Arc::new(config.keymap.clone()),
        width: Width::Narrow,
        // Which-key is there as soon as the keys before it have been taken in.
        scroll_jump: siyu::config::ScrollJump::default(),
        which_key_ms: 0,
        zone: town::zone(),
        views: config
            .views
            .iter()
            .map(|view| View {
                name: view.name.clone(),
                pane: pane(view.pane),
                query: view.filter.clone(),
                sort: view.sort.clone(),
                columns: view.columns.clone(),
            })
            .collect(),
        columns: [
            config.columns.customers.clone(),
            Vec::new(),
            config.columns.groups.clone(),
            config.columns.follow_ups.clone(),
        ],
        triage: config.triage.clone(),
        workdays: config.calendar.workdays().clone(),
        macros: Arc::clone(&config.macros),
        run: config.run.clone(),
        ..Settings::default()
    }
}

impl Runner {
    /// Presses keys, named as the configuration names them; each when what the one before it
    /// asked has been answered.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse_keys(keys).unwrap() {
            self.input(Event::Key(key));
        }
        self
    }

    /// Presses all keys before anything can be answered.
    pub fn burst(&mut self, keys: &str) -> &mut Self {
        for key in parse_keys(keys).unwrap() {
            self.send(Event::Key(key));
        }
        self.settled()
    }

    /// Something happens, and nobody waits for what it asks for.
    pub fn send(&mut self, event: Event) {
        self.to.send(Message::Input(event));
    }

    /// Types a line of the command language, and runs it.
    pub fn line(&mut self, line: &str) -> &mut Self {
        self.keys(":").paste(line).keys("enter")
    }

    /// Types a text, character by character.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.input(Event::Key(siyu::keymap::Key::char(c)));
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.input(Event::Paste(text.to_owned()))
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.console.terminal.backend_mut().resize(width, height);
        self.input(Event::Resize { width, height })
    }

    /// Something happens, and everything that it asks for is answered.
    pub fn input(&mut self, event: Event) -> &mut Self {
        self.message(Message::Input(event))
    }

    pub fn message(&mut self, message: Message) -> &mut Self {
        self.to.send(message);
        let deadline = Instant::now() + PATIENCE;
        // Taken in first, whatever else is going on.
        self.turn(Instant::now());
        while !self.console.is_answered() {
            self.in_time(deadline, "the answers to a key");
            self.turn(deadline);
        }
        self
    }

    /// Waits until nothing is under way: no question, no timer, no frame.
    pub fn settled(&mut self) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        self.turn(Instant::now());
        while !self.console.is_settled() {
            self.in_time(deadline, "the console to settle");
            self.turn(deadline);
        }
        self
    }

    /// Waits until the screen shows what is waited for.
    pub fn wait_for(&mut self, what: &str, found: impl Fn(&Screen) -> bool) -> &mut Self {
        self.wait_until(what, |runner| found(&runner.drawn()))
    }

    /// Waits until something holds.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        self.settled();
        while !holds(self) {
            self.in_time(deadline, what);
            self.turn(deadline);
            self.settled();
        }
        self
    }

    /// Waits until the cache agrees with the server.
    pub fn caught_up(&mut self) -> &mut Self {
        self.wait_until("the cache to catch up", |runner| {
            runner.app().header.progress.is_none()
                && matches!(runner.app().header.link, Link::Online { live: Some(_), .. })
        })
    }

    fn turn(&mut self, until: Instant) -> Option<Ending> {
        self.console.turn(Some(until)).unwrap()
    }

    fn in_time(&self, deadline: Instant, what: &str) {
        assert!(Instant::now() < deadline, "waited too long for {what}:\n{}", self.drawn());
    }

    /// What the screen shows when everything has been drawn.
    pub fn screen(&mut self) -> Screen {
        self.settled();
        self.drawn()
    }

    fn drawn(&self) -> Screen {
        let backend = self.console.terminal.backend();
        let caret = backend.cursor_visible().then(|| backend.cursor_position());
        Screen::of(backend.buffer(), caret)
    }

    /// What the screen would show of this state.
    pub fn shows(&self, app: &App) -> Screen {
        let mut buffer = Buffer::empty(Rect::new(0, 0, app.size.0, app.size.1));
        let caret = ui::draw(app, &self.console.hands.cx, &mut buffer);
        Screen::of(&buffer, caret)
    }

    pub fn console(&mut self) -> &mut Console<TestBackend, TestHands> {
        &mut self.console
    }

    pub fn app(&self) -> &App {
        &self.console.app
    }

    /// What the last line to the operator says.
    pub fn notice(&self) -> &str {
        self.console.app.notice.as_ref().map_or("", |notice: &Notice| &notice.text)
    }

    /// What the hands were asked for since the last look.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.console.hands.effects)
    }

    /// The clock goes on, and so do those who look at it.
    pub fn set_clock(&self, at: Time) {
        if let Clock::Set(_, millis) = &self.clock {
            millis.store(at.millis, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// The server goes away.
    pub fn stop_server(&mut self) -> &mut Self {
        if let Some(server) = self.server.take() {
            self.serving.block_on(server.shutdown());
        }
        self
    }

    /// The server comes back where it was.
    pub fn start_server(&mut self) -> &mut Self {
        self.server = Some(serve(&self.serving, &self.store, self.address, self.token));
        self
    }

    /// Somebody else writes to the server, over HTTP.
    pub fn write(&self, method: &str, path: &str, body: &serde_json::Value) {
        let (body, address) = (body.to_string(), self.address);
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    }

    /// The operator leaves, and opens the console again with what the session left behind.
    pub fn restart(self) -> Self {
        self.console.hands.session.keep(&self.app().place()).unwrap();
        let settings = (*self.app().settings).clone();
        self.open_anew(settings)
    }

    /// A second console, at work on the same cache at the same time.
    pub fn beside(&self) -> Self {
        let (settings, clock) = ((*self.app().settings).clone(), self.clock.clone());
        let app = App::new(Arc::new(settings), clock.now());
        let opened = open(app, (120, 40), self.folder.path(), self.address, self.token, &clock);
        let mut beside = Self {
            console: opened.console,
            store: self.store.clone(),
            clock,
            folder: Arc::clone(&self.folder),
            to: opened.to,
            server: None,
            address: self.address,
            token: self.token,
            serving: runtime::tasks().unwrap(),
            syncing: opened.syncing,
        };
        beside.console.hands.tell_drafts();
        beside.settled();
        beside
    }

    /// Another console on the same cache, once this one has ended.
    pub fn open_anew(self, settings: Settings) -> Self {
        let Self { console, store, clock, folder, server, address, token, serving, syncing, .. } = self;
        let (session, size) = (console.hands.session.clone(), console.app.size);
        drop(console);
        syncing.shutdown_background();
        let mut app = App::new(Arc::new(settings), clock.now());
        app.history = session.history();
        app.writing.past = session.past();
        if let Some(place) = session.place() {
            app.offer(place);
        }
        let opened = open(app, size, folder.path(), address, token, &clock);
        let (console, to, syncing) = (opened.console, opened.to, opened.syncing);
        console.hands.tell_drafts();
        Self { console, store, clock, folder, to, server, address, token, serving, syncing }
    }

    /// The way into the console's inbox.
    pub fn outbox(&self) -> Outbox {
        self.to.clone()
    }

    /// How the console ended, if it did.
    pub fn ended(&mut self) -> Option<Ending> {
        self.turn(Instant::now())
    }

    /// The name under the cursor of the customers pane.
    pub fn customer(&self) -> String {
        self.app().customers.current().map(|at| at.row.name.clone()).unwrap_or_default()
    }

    /// The ids of the customers in view.
    pub fn customers(&self) -> Vec<String> {
        self.app()
            .customers
            .visible()
            .map(|(_, at)| at.map_or("?", |at| at.row.id.as_str()).to_owned())
            .collect()
    }
}
