//! The hands of a real console: the terminal's other manners, the session's files, the sync.

use std::io::{self, Stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;

use crate::app::{App, Beginning, Candidate, Effect, Event, Notice, Place, Settings};
use crate::i18n::words::notices;
use crate::i18n::{Lang, Line, say};
use crate::macros::Macro;
use crate::model::SyncCommand;
use crate::ui::{self, Cx};

use super::clipboard::osc52;
use super::console::Hands;
use super::inbox::{Message, Outbox};
use super::session::Session;
use super::terminal::TerminalGuard;
use super::wire::Wire;
use super::write_path::WritePath;

/// What reading the configuration again came to.
pub enum Reloaded {
    /// Nothing differs.
    Same,
    /// It differs, and holds together.
    New(Arc<Settings>, Box<Cx>),
    /// It is broken: where, in one line. The old one goes on.
    Broken(String),
}

impl Reloaded {
    /// Takes into the state, and into how it is drawn, what was read, and says so.
    pub fn take_in(self, app: &mut App, cx: &mut Cx) -> Vec<Effect> {
        match self {
            Self::Same => Vec::new(),
            Self::New(settings, new) => {
                *cx = *new;
                let now = app.now;
                let effects = app.absorb(Event::Settings(settings), now);
                // In the language that holds from now on.
                app.notice = Some(Notice::good(say(app.settings.lang, notices::CONFIG_RELOADED)));
                effects
            }
            Self::Broken(place) => {
                let lang = app.settings.lang;
                app.notice = Some(Notice::bad(format!("{} {place}", say(lang, notices::CONFIG_BROKEN))));
                Vec::new()
            }
        }
    }
}

/// Reads the configuration again.
pub type Reload = Box<dyn FnMut() -> Reloaded>;

/// Tries a backend; on a thread of its own.
pub type Try = Arc<dyn Fn(&Candidate) -> Result<(), Line> + Send + Sync>;

/// Begins the try of that number on a thread of its own; how it ends comes to the inbox.
///
/// # Errors
/// Where the system gives no thread.
pub fn begin_try(try_out: &Try, number: u64, candidate: Candidate, to: &Outbox) -> io::Result<()> {
    let (try_out, to) = (Arc::clone(try_out), to.clone());
    let trying = move || to.send(Message::Fact(Event::Tried(number, try_out(&candidate))));
    std::thread::Builder::new().name("first-run".to_owned()).spawn(trying).map(drop)
}

/// Writes a macro into the configuration, which is then read again.
pub fn write_macro(config: &Path, makes: &Macro, lang: Lang, to: &Outbox) {
    let saved = super::saving::save_macro(config, makes, lang);
    if saved.is_ok() {
        to.send(Message::Reload);
    }
    to.send(Message::Fact(Event::MacroSaved(saved)));
}

/// The hands of a console on a terminal.
pub struct TerminalHands {
    /// Gives the terminal back in the end.
    pub guard: TerminalGuard,
    /// Keeps what the next session wants to know.
    pub session: Option<Session>,
    /// Tells the sync what to do; `None` where nothing is synced.
    pub sync: Option<mpsc::Sender<SyncCommand>>,
    /// The way of what is written; `None` where nothing can be.
    pub writes: Option<WritePath>,
    /// How things are drawn.
    pub cx: Cx,
    /// Reads the configuration again.
    pub reload: Reload,
    /// The configuration file.
    pub config: PathBuf,
    /// Tries the backend of the first run.
    pub try_out: Try,
    /// The console's own inbox.
    pub to: Outbox,
}

impl TerminalHands {
    fn tell(&self, notice: Notice) {
        self.to.send(Message::Fact(Event::Notice(notice)));
    }

    /// Nothing can be written: says so to whoever waits for it.
    fn refuse(&self, effect: Effect, why: &str) {
        let why = why.to_owned();
        let event = match effect {
            Effect::Plan { id, .. } => Event::Planned(id, Err(why)),
            Effect::Commit { id, .. } | Effect::Run { id, .. } | Effect::Resume { id, .. } => {
                Event::Committed(id, Err(why))
            }
            Effect::TakeBack { id, redo, .. } => Event::TakenBack(id, redo, Err(why)),
            Effect::Outbox { id, .. } => Event::Decided(id, Err(why)),
            Effect::KeepDraft { text: Some(_), .. } => Event::DraftsKept(Err(why)),
            Effect::Export { id, .. } => Event::Exported(id, Err(why)),
            _ => return,
        };
        self.to.send(Message::Fact(event));
    }

    fn tell_sync(&self, app: &App, command: SyncCommand) {
        match &self.sync {
            // A full queue means that it has been told already.
            Some(sync) => drop(sync.try_send(command)),
            None => self.tell(Notice::bad(say(app.settings.lang, notices::NO_SYNC))),
        }
    }
}

impl Hands<Wire<Stdout>> for TerminalHands {
    fn keep_place(&mut self, place: Place) {
        let (Some(session), Some(path)) = (self.session.clone(), &self.writes) else { return };
        path.tasks.spawn_blocking(move || {
            if let Err(error) = session.keep(&place) {
                tracing::debug!(%error, "the place could not be kept while it is worked at");
            }
        });
    }

    fn draw(&self, app: &App, frame: &mut Frame<'_>) {
        ui::render(app, &self.cx, frame);
    }

    fn run(&mut self, effect: Effect, app: &mut App, terminal: &mut Terminal<Wire<Stdout>>) {
        let done = match effect {
            Effect::Copy(text) => match osc52(&text) {
                Some(sequence) => terminal.backend_mut().raw(&sequence),
                None => {
                    self.tell(Notice::bad(say(app.settings.lang, notices::TOO_LONG_TO_COPY)));
                    Ok(())
                }
            },
            Effect::Mouse(on) => self.guard.mouse(on),
            Effect::Suspend => self.guard.suspend(app.mouse).and_then(|()| repaint(terminal)),
            Effect::Remember(line) => match &self.session {
                Some(session) => session.remember(&line),
                None => Ok(()),
            },
            Effect::RememberTyped { field, text } => match &self.session {
                Some(session) => session.remember_typed(&field, &text),
                None => Ok(()),
            },
            Effect::Sync { full } => {
                self.tell_sync(app, if full { SyncCommand::FullPull } else { SyncCommand::RefreshNow });
                Ok(())
            }
            Effect::PauseSync => {
                self.tell_sync(app, SyncCommand::Pause);
                Ok(())
            }
            Effect::ReloadConfig => {
                self.to.send(Message::Reload);
                Ok(())
            }
            Effect::SaveMacro(makes) => {
                write_macro(&self.config, &makes, app.settings.lang, &self.to);
                Ok(())
            }
            Effect::Begin(Beginning::Try(number, candidate)) => {
                begin_try(&self.try_out, number, candidate, &self.to)
            }
            effect @ (Effect::Plan { .. }
            | Effect::Commit { .. }
            | Effect::Run { .. }
            | Effect::Resume { .. }
            | Effect::StopRun
            | Effect::TakeBack { .. }
            | Effect::Outbox { .. }
            | Effect::Audit { .. }
            | Effect::Export { .. }
            | Effect::StopExport
            | Effect::KeepDraft { .. }) => {
                match &self.writes {
                    Some(path) => drop(path.run(effect, &app.settings)), // it is one of these
                    None => self.refuse(effect, say(app.settings.lang, notices::NOTHING_WRITTEN)),
                }
                Ok(())
            }
            // The loop's own.
            Effect::Begin(_) | Effect::Ask(..) | Effect::After { .. } | Effect::Redraw | Effect::Quit => {
                Ok(())
            }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "an effect failed");
            self.tell(Notice::bad(error.to_string()));
        }
    }

    fn reload(&mut self, app: &mut App) -> Vec<Effect> {
        (self.reload)().take_in(app, &mut self.cx)
    }

    fn resumed(&mut self, app: &App, terminal: &mut Terminal<Wire<Stdout>>) {
        if let Err(error) = self.guard.retake(app.mouse).and_then(|()| repaint(terminal)) {
            tracing::warn!(%error, "the terminal could not be taken again");
        }
    }
}

fn repaint(terminal: &mut Terminal<Wire<Stdout>>) -> io::Result<()> {
    terminal.backend_mut().forget();
    terminal.clear()
}
