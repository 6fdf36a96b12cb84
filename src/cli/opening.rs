//! A console opened on this process's terminal: the threads and files around the loop.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ratatui::Terminal;
use ratatui::layout::Size;
use tokio::sync::mpsc;

use crate::app::{App, Event, Notice, Place};
use crate::backend::Connector;
use crate::cache::{Cache, Salvaged, Writer};
use crate::config::Diagnostic;
use crate::i18n::words::{commands, doctor, notices};
use crate::i18n::{Lang, Line, fill, say};
use crate::model::{Resource, SyncCommand, SyncEvent, Trouble};
use crate::runtime::{
    self, Clock, Console, Desk, Ending, Inbox, Me, Mended, Mending, Message, Outbox, Reload, Reloaded,
    Session, TerminalGuard, TerminalHands, Wire, WritePath,
};
use crate::sync::{CacheWriter, Pace};

use super::failure::Failure;
use super::site::{Site, listed};
use super::told::{Told, salvaged};
use super::{status, trying};

/// Commands that wait for the sync, at most: more than hands can give while a `token_command` runs.
const COMMANDS: usize = 1024;

/// What a console is opened on.
pub struct Opening {
    /// What the header calls it.
    pub label: String,
    /// Name of the profile: of its folders.
    pub profile: String,
    /// Its cache.
    pub cache: Cache,
    /// A damaged cache that was set aside.
    pub set_aside: Option<std::path::PathBuf>,
    /// What was not sent yet and had to be got back.
    pub salvaged: Salvaged,
    /// Whether writes are forbidden.
    pub read_only: bool,
    /// Starts what keeps the cache up with a backend.
    pub start: Start,
}

/// Starts what keeps a cache up with a backend.
pub type Start = Box<dyn FnOnce(&Started) -> Result<(), Failure>>;

/// What [`Opening::start`] works with.
pub struct Started {
    /// The tasks' runtime.
    pub tasks: tokio::runtime::Handle,
    /// The thread that writes to the cache.
    pub writer: CacheWriter,
    /// The console's inbox.
    pub to: Outbox,
    /// Who the operator is.
    pub me: Me,
    /// Keeps what the next session wants to know.
    pub session: Session,
    /// What the sync is told; taken by the sync.
    pub commands: Mutex<Option<mpsc::Receiver<SyncCommand>>>,
}

/// Refuses to open a console without a terminal.
///
/// # Errors
/// [`Failure`] with exit status 2.
pub fn needs_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return match std::env::var("TERM") {
            Ok(term) if term == "dumb" => Err(Failure::Usage(commands::DUMB_TERMINAL.into())),
            _ => Ok(()),
        };
    }
    Err(Failure::Usage(commands::NEEDS_TERMINAL.into()))
}

impl Started {
    /// The same, for a task that starts the sync later.
    pub fn later(&self) -> Self {
        let commands = self.commands.lock().ok().and_then(|mut commands| commands.take());
        Self {
            tasks: self.tasks.clone(),
            writer: self.writer.clone(),
            to: self.to.clone(),
            me: Arc::clone(&self.me),
            session: self.session.clone(),
            commands: Mutex::new(commands),
        }
    }

    /// Starts the sync with what `reach` gives, which may take its time. Only the first call does.
    pub fn reach(
        &self,
        reach: impl Fn() -> Result<Connector, Trouble> + Clone + Send + 'static,
        pace: Pace,
        clock: Clock,
    ) {
        let Some(mut commands) = self.commands.lock().ok().and_then(|mut commands| commands.take()) else {
            return;
        };
        let (writer, me, to) = (self.writer.clone(), Arc::clone(&self.me), self.to.clone());
        let session = self.session.clone();
        self.tasks.spawn(async move {
            if let Some(connector) = runtime::reach(reach, &mut commands, &to).await {
                let engine = runtime::engine(connector, writer, pace, clock, Arc::clone(&me));
                runtime::sync(engine, commands, me, session, to).await;
            }
        });
    }

    /// Starts the sync. Only the first call does.
    pub fn sync(&self, connector: Connector, pace: Pace, clock: Clock) {
        let Some(commands) = self.commands.lock().ok().and_then(|mut commands| commands.take()) else {
            return;
        };
        let engine = runtime::engine(connector, self.writer.clone(), pace, clock, Arc::clone(&self.me));
        let (me, session) = (Arc::clone(&self.me), self.session.clone());
        self.tasks.spawn(runtime::sync(engine, commands, me, session, self.to.clone()));
    }
}

/// Runs a console until it ends.
///
/// # Errors
/// [`Failure`], as the cache, the system or the terminal say.
pub fn run(site: &Site, opening: Opening) -> Result<Ending, Failure> {
    let clock = site.clock();
    let failed = |error: io::Error| Failure::failed(&error);
    super::begin_log(site);
    let session = Session::new(&site.paths.state_of(&opening.profile));
    let me = Me::new(Mutex::new(session.me()));
    let (inbox, to) = Inbox::new();
    let cache = Mending::new(opening.cache.clone());
    let desk = Desk::start(cache.clone(), clock.clone(), Arc::clone(&me), to.clone()).map_err(failed)?;
    let tasks = runtime::tasks().map_err(failed)?;
    let (tell, told) = mpsc::channel(COMMANDS);
    let mut app = App::new(Arc::new(site.settings(&opening.label, opening.read_only)), clock.now());
    app.history = session.history();
    app.writing.past = session.past();
    if let Some(place) = session.place().filter(|_| site.config.ui.restore) {
        app.offer(place);
    }
    if let Some(doubts) = doubts(app.settings.lang, &site.config.warnings) {
        app.notice = Some(doubts);
    }
    let read_only = opening.read_only || site.global.read_only;
    let writer = mended(site, &opening.cache, &cache, &session, &to, &tell, read_only)?;
    runtime::renew(&writer, clock.moment(session.me()), to.clone());
    let started = Started {
        tasks: tasks.handle().clone(),
        writer,
        to: to.clone(),
        me: Arc::clone(&me),
        session: session.clone(),
        commands: Mutex::new(Some(told)),
    };
    let writes = WritePath {
        cache: cache.clone(),
        writer: started.writer.clone(),
        clock: clock.clone(),
        me: Arc::clone(&me),
        to: to.clone(),
        tasks: tasks.handle().clone(),
        sync: Some(tell),
        typed: runtime::Typed::default(),
        own: runtime::Own::default(),
        room: runtime::Room::default(),
        exports: runtime::Exports::default(),
        stops: Arc::default(),
        under_way: runtime::UnderWay::default(),
    };
    (opening.start)(&started)?;
    let first = opening.set_aside.is_some().then(|| notices::CACHE_DAMAGED.into());
    let lines = after_damage(first, &opening.salvaged, opening.set_aside.as_deref());
    if !lines.is_empty() {
        app.notice = Some(Notice::bad(in_one(&lines, app.settings.lang)));
    }
    writes.tell_drafts();
    writes.look_for_room(site.lang().is_zh());
    let path = Some(writes.clone());
    let ending = on_terminal(site, app, Some(session.clone()), path, inbox, to, Some(desk), &me)?;
    writes.flush();
    tasks.shutdown_background();
    Ok(ending)
}

/// Lost changes that a notice names; the log names all.
const SHOWN: usize = 5;

/// What a notice says after a damaged cache: what is lost or came over first, since the line may be
/// cut, and where the old file lies last.
fn after_damage(first: Option<Line>, found: &Salvaged, aside: Option<&Path>) -> Vec<Line> {
    let path = aside.map(|path| notices::OLD_FILE.with("path", path.display().to_string()));
    first.into_iter().chain(salvaged(found, SHOWN)).chain(path).collect()
}

fn in_one(lines: &[Line], lang: Lang) -> String {
    lines.iter().map(|line| line.in_lang(lang)).collect::<Vec<_>>().join("; ")
}

/// What the configuration says that may not be meant, in a line.
fn doubts(lang: Lang, warnings: &[Diagnostic]) -> Option<Notice> {
    let first = warnings.first()?.one_line(lang);
    let line = fill(say(lang, doctor::DOUBTS), &[("n", &warnings.len()), ("first", &first)]);
    Some(Notice::bad(format!("{line} · siyu config check")))
}

/// The thread that writes to the cache, and what happens where that shows damage in use or cannot be
/// written at first.
fn mended(
    site: &Site,
    opened: &Cache,
    cache: &Mending,
    session: &Session,
    to: &Outbox,
    sync: &mpsc::Sender<SyncCommand>,
    read_only: bool,
) -> Result<CacheWriter, Failure> {
    // The keys refuse as well; this is what holds.
    let permitted = move |writer: Writer| if read_only { writer.read_only() } else { writer };
    let writer = match opened.is_writable() {
        true => Some(permitted(site.writer(opened, session.me())?)),
        false => None,
    };
    let (stages, clock, session) = (site.stages(), site.clock(), session.clone());
    let again = move |cache: &Cache| {
        let mut writer = cache.writer(clock.moment(session.me()))?.staging(stages.clone());
        writer.at(clock.moment(session.me()))?;
        Ok(permitted(writer))
    };
    let (to, sync, lang, clock) = (to.clone(), sync.clone(), site.lang(), site.clock());
    let tell = move |mended: Mended<'_>| {
        let notice = |lines: &[Line]| {
            if !lines.is_empty() {
                to.send(Message::Fact(Event::Notice(Notice::bad(in_one(lines, lang)))));
            }
        };
        let (opened, first) = match mended {
            Mended::Failed(error) => {
                return notice(&[notices::CACHE_KEPT_DAMAGED.with("error", error.told())]);
            }
            // Who looks for room tells that there is some.
            Mended::Opened(opened) => (opened, opened.set_aside.is_some().then_some(notices::CACHE_REPLACED)),
            Mended::Replaced(opened) if opened.set_aside.is_some() => (opened, Some(notices::CACHE_REPLACED)),
            Mended::Replaced(opened) => (opened, Some(notices::CACHE_REOPENED)),
        };
        let resources = Resource::ALL.to_vec();
        to.send(Message::Fact(Event::Sync(SyncEvent::Applied { resources })));
        if opened.set_aside.is_some() {
            // A full queue means that it has been told already.
            let _ = sync.try_send(SyncCommand::FullPull);
        }
        notice(&after_damage(first.map(Line::from), &opened.salvaged, opened.set_aside.as_deref()));
    };
    cache.start(writer, move || clock.now(), again, tell).map_err(|error| Failure::failed(&error))
}

/// The exit status of a console that ended so.
pub fn exit_status(ending: &Ending) -> u8 {
    match ending {
        Ending::Quit | Ending::Begin(_) => status::DONE,
        Ending::Signal(_) => status::INTERRUPTED,
    }
}

/// Runs the loop on this process's terminal.
///
/// # Errors
/// [`Failure`], as the terminal says.
#[allow(clippy::too_many_arguments, reason = "each is a part of the console that is made in one place")]
pub fn on_terminal(
    site: &Site,
    mut app: App,
    session: Option<Session>,
    writes: Option<WritePath>,
    inbox: Inbox,
    to: Outbox,
    desk: Option<Desk>,
    me: &Me,
) -> Result<Ending, Failure> {
    let failed = |error: io::Error| Failure::failed(&error);
    let size = || crossterm::terminal::size().map(|(width, height)| Size::new(width, height));
    let now = size().map_err(failed)?;
    let _ = app.absorb(Event::Resize { width: now.width, height: now.height }, app.now);
    runtime::install_panic_hook();
    // First of all: from here on there is something to give back.
    runtime::start_signals(&to).map_err(failed)?;
    let guard = TerminalGuard::take(app.mouse).map_err(failed)?;
    if site.asks_width() {
        runtime::ask_width(&mut io::stdout()).map_err(failed)?;
    }
    let terminal = Terminal::new(Wire::new(io::stdout(), size)).map_err(failed)?;
    let hands = TerminalHands {
        guard,
        session: session.clone(),
        sync: writes.as_ref().and_then(|path| path.sync.clone()),
        writes,
        cx: site.cx(),
        reload: reload(site, app.settings.profile.clone(), app.settings.read_only),
        config: site.paths.config.clone(),
        try_out: Arc::new(trying::trying(site)),
        to: to.clone(),
    };
    let _watch = super::watch::watch(&site.config.files, &site.paths.macros(), &to);
    let mut console = Console::new(app, terminal, hands, inbox, desk, site.clock());
    // The first frame waits for nothing; only then is the terminal's answer looked for.
    console.draw_now().map_err(failed)?;
    if site.asks_width() {
        let (width, typed) = runtime::answered_width().map_err(failed)?;
        if let Some(width) = width {
            console.set_width(width);
        }
        typed.into_iter().for_each(|event| to.send(Message::Input(event)));
    }
    runtime::start_input(to).map_err(failed)?;
    let ended = console.run();
    if let Some(session) = &session {
        let cut_off = matches!(ended, Ok(Ending::Signal(_)));
        let kept = session.keep(&Place { cut_off, ..console.app.place() });
        let me = me.lock().map(|me| me.clone()).unwrap_or_default();
        if let Err(error) = kept.and_then(|()| me.map_or(Ok(()), |me| session.keep_me(&me))) {
            tracing::warn!(%error, "the place could not be kept");
        }
    }
    match ended {
        Ok(ending) => Ok(ending),
        Err(error) => Err(Failure::failed(&error)),
    }
}

/// Reads the configuration again for a console on this profile.
pub fn reload(site: &Site, profile: String, read_only: bool) -> Reload {
    let mut stamp = site.config.stamp;
    let mut broken: Option<String> = None;
    let global = site.global.clone();
    let (paths, lang) = (site.paths.clone(), site.lang());
    Box::new(move || match crate::config::Config::open(&paths) {
        Ok(file) => {
            let has_file = paths.config.exists();
            let config = file.unwrap_or_default();
            if config.stamp == stamp && broken.take().is_none() {
                return Reloaded::Same;
            }
            stamp = config.stamp;
            let site = Site { global: global.clone(), paths: paths.clone(), config, has_file };
            Reloaded::New(Arc::new(site.settings(&profile, read_only)), Box::new(site.cx()))
        }
        Err(wrong) => {
            let all = listed(&wrong).to_string();
            let first = wrong.first().map(|first| first.one_line(lang)).unwrap_or_default();
            if broken.replace(all.clone()) == Some(all) { Reloaded::Same } else { Reloaded::Broken(first) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_meant_is_told_in_a_line() {
        assert_eq!(doubts(Lang::En, &[]), None);
        let text = "[views.due]\npane = \"customers\"\nfilter = \"is:due\"\nkey = \"j\"\n";
        let config = crate::config::Config::read("c.toml".as_ref(), text).unwrap();
        let told = doubts(Lang::En, &config.warnings).map(|notice| notice.text).unwrap_or_default();
        assert!(told.starts_with("1 ") && told.contains("c.toml:4:7"), "{told}");
        assert!(told.ends_with("siyu config check"), "{told}");
    }
}
