//! Pictures of the console: `cargo run --release --example screenshots` writes an SVG of each view
//! to `screenshots/`, in Chinese and English; `screenshots/make.sh` makes PNGs of them as well.
//!
//! Nothing is staged. A native backend with a sample community listens on loopback, a sync pulls
//! it into a cache, the console's state asks that cache, keys are pressed, and the buffer that
//! [`siyu::ui::draw`] fills is written down cell by cell. Seed and clock are fixed, so that a
//! picture changes only when the console does.

mod svg;

use std::collections::VecDeque;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use siyu::app::{App, Effect, Event, Settings};
use siyu::backend::{Connector, Limits};
use siyu::cache::{Cache, Reader};
use siyu::cli::serve::fill;
use siyu::config::{Background, ColorDepth, Config, PhoneChoice};
use siyu::i18n::Lang;
use siyu::keymap::parse_keys;
use siyu::model::{OperatorId, SyncEvent, Time};
use siyu::query::Moment;
use siyu::sample::{Community, SampleSpec};
use siyu::server::{self, ServeOptions, Server, Store};
use siyu::sync::{CacheWriter, Engine, Pace, Wish, once};
use siyu::ui::{Cx, draw};

const NOW: &str = "2026-03-17T10:42:00+08:00";
const CUSTOMERS: usize = 5_000;
const SEED: u64 = 7;

/// A picture: its name, its size, and the keys that lead to it.
const PICTURES: &[(&str, (u16, u16), &str)] = &[
    ("main", (120, 40), "j j"),
    ("customer", (120, 40), "j j enter"),
    ("group", (120, 40), "3 enter"),
    ("heat", (120, 24), "3 enter h"),
    ("palette", (120, 40), "C-p"),
    ("main-80x24", (80, 24), "j j"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let community = Demo::start()?;
    for lang in [Lang::Zh, Lang::En] {
        for (name, size, keys) in PICTURES {
            let name = format!("{name}-{}.svg", if lang == Lang::Zh { "zh" } else { "en" });
            fs::write(folder.join(&name), svg::draw(&community.screen(lang, *size, keys)?))?;
            println!("screenshots/{name}");
        }
    }
    Ok(())
}

/// A cache that was filled from a running backend.
struct Demo {
    reader: Reader,
    told: Vec<SyncEvent>,
    moment: Moment,
    _folder: tempfile::TempDir,
}

impl Demo {
    fn start() -> Result<Self, Box<dyn Error>> {
        let zone = TimeZone::get("Asia/Shanghai")?;
        let now = Time::parse(NOW)?;
        let community =
            Community::new(&SampleSpec { customers: CUSTOMERS, seed: SEED, now, zone: zone.clone() });
        let me = Some(OperatorId::from(community.operator().0));
        let moment = Moment { now, zone, me };
        let folder = tempfile::tempdir()?;
        let cache = Cache::open(folder.path(), now)?.cache;
        let told = pull(&cache, &community, &moment)?;
        Ok(Self { reader: cache.reader()?, told, moment, _folder: folder })
    }

    /// The screen after some keys.
    fn screen(&self, lang: Lang, (width, height): (u16, u16), keys: &str) -> Result<Buffer, Box<dyn Error>> {
        let config = Config::default();
        let mut app = App::new(Arc::new(settings(lang, &self.moment)), self.moment.now);
        let begin = app.start();
        self.work(&mut app, begin)?;
        self.tell(&mut app, Event::Resize { width, height })?;
        for event in &self.told {
            self.tell(&mut app, Event::Sync(event.clone()))?;
        }
        for key in parse_keys(keys)? {
            self.tell(&mut app, Event::Key(key))?;
        }
        let cx = Cx::new(&config.theme.at(ColorDepth::True, Background::Dark));
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(&app, &cx, &mut buffer);
        Ok(buffer)
    }

    fn tell(&self, app: &mut App, event: Event) -> Result<(), Box<dyn Error>> {
        let effects = app.absorb(event, self.moment.now);
        self.work(app, effects)
    }

    /// Answers what the console asks until it asks no more.
    fn work(&self, app: &mut App, effects: Vec<Effect>) -> Result<(), Box<dyn Error>> {
        let mut queue = VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            if let Effect::Ask(id, ask) = effect {
                let answer = self.reader.answer(&ask, &self.moment)?;
                queue.extend(app.absorb(Event::Answer(id, Ok(answer)), self.moment.now));
            }
        }
        Ok(())
    }
}

/// Serves the community, pulls it into the cache, and gives what the sync said, with what differs
/// from run to run made the same.
fn pull(cache: &Cache, community: &Community, moment: &Moment) -> Result<Vec<SyncEvent>, Box<dyn Error>> {
    let store = Store::in_memory(server::Limits::default())?;
    fill(&store, community)?;
    let (writer, thread) = CacheWriter::start(cache.writer(moment.clone())?)?;
    let told = Mutex::new(Vec::new());
    tokio::runtime::Runtime::new()?.block_on(async {
        let listen = "127.0.0.1:0".parse()?;
        let running = Server::start(store, ServeOptions { listen, token: None, live: None }).await?;
        let connector = Connector::new(&format!("http://{}", running.addr), None, Limits::default())?;
        let at = moment.clone();
        let clock: siyu::sync::Clock = Arc::new(move |writer| writer.at(at.clone()));
        let at = moment.now;
        let engine = Engine { connector, writer, pace: Pace::default(), clock, now: Arc::new(move || at) };
        let hears = |event| told.lock().expect("nobody panics with it").push(event);
        let outcome = once(&engine, Wish::Everything, &hears).await?;
        running.shutdown().await;
        match outcome.failed.into_iter().next() {
            Some((resource, error)) => Err(format!("{resource}: {error}").into()),
            None => Ok::<(), Box<dyn Error>>(()),
        }
    })?;
    let _ = thread.join();
    let mut told = told.into_inner()?;
    for event in &mut told {
        match event {
            SyncEvent::Online { latency, .. } => *latency = Duration::from_millis(3),
            // A round asks for changes; the console that goes on is told of them.
            SyncEvent::CaughtUp { at, live, .. } => (*at, *live) = (moment.now, true),
            _ => {}
        }
    }
    Ok(told)
}

fn settings(lang: Lang, moment: &Moment) -> Settings {
    let mask_phones = Config::default().ui.phones == PhoneChoice::Masked;
    let zone = moment.zone.clone();
    Settings { profile: "demo".to_owned(), lang, zone, mask_phones, ..Settings::default() }
}
