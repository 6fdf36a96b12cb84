//! The hands of a console whose terminal is a buffer: they keep what they were asked for, and do
//! with the real parts what needs no terminal.

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use siyu::app::{App, Beginning, Effect, Event, Notice, Place};
use siyu::config::{Background, ColorDepth, Theme};
use siyu::model::SyncCommand;
use siyu::runtime::{self, Hands, Message, Outbox, Reload, Session, Try, WritePath};
use siyu::ui::{self, Cx};
use tokio::sync::mpsc;

/// The world outside of the loop.
pub struct TestHands {
    pub cx: Cx,
    to: Outbox,
    sync: mpsc::Sender<SyncCommand>,
    writes: WritePath,
    /// What the next session finds.
    pub session: Session,
    /// Everything that was asked of the hands, oldest first.
    pub effects: Vec<Effect>,
    /// What was sent to the terminal past the screen.
    pub sent: Vec<u8>,
    /// Reads the configuration again.
    pub reload: Option<Reload>,
    /// The configuration that macros are saved into.
    pub config: Option<std::path::PathBuf>,
    /// Tries a backend.
    pub try_out: Option<Try>,
}

impl TestHands {
    pub fn new(to: Outbox, writes: WritePath, session: Session) -> Self {
        let sync = writes.sync.clone().expect("a test's console syncs");
        let cx = Cx::new(&Theme::default().at(ColorDepth::True, Background::Dark));
        let (effects, sent) = (Vec::new(), Vec::new());
        Self { cx, to, sync, writes, session, effects, sent, reload: None, config: None, try_out: None }
    }

    /// Waits until what was typed is kept, as the end of a console does.
    pub fn flush(&self) {
        self.writes.flush();
    }

    /// Tells the console what an earlier session typed and did not write.
    pub fn tell_drafts(&self) {
        self.writes.tell_drafts();
    }
}

impl Hands<TestBackend> for TestHands {
    fn draw(&self, app: &App, frame: &mut Frame<'_>) {
        ui::render(app, &self.cx, frame);
    }

    fn keep_place(&mut self, place: Place) {
        self.session.keep(&place).unwrap();
    }

    fn run(&mut self, effect: Effect, app: &mut App, _: &mut Terminal<TestBackend>) {
        self.effects.push(effect.clone());
        match effect {
            Effect::Sync { full } => {
                let command = if full { SyncCommand::FullPull } else { SyncCommand::RefreshNow };
                self.sync.try_send(command).unwrap();
            }
            Effect::PauseSync => self.sync.try_send(SyncCommand::Pause).unwrap(),
            Effect::ReloadConfig => self.to.send(Message::Reload),
            Effect::Remember(line) => self.session.remember(&line).unwrap(),
            Effect::RememberTyped { field, text } => self.session.remember_typed(&field, &text).unwrap(),
            Effect::Copy(text) => match runtime::osc52(&text) {
                Some(sequence) => self.sent.extend(sequence),
                None => self.to.send(Message::Fact(Event::Notice(Notice::bad("too long")))),
            },
            Effect::SaveMacro(makes) => {
                let config = self.config.as_ref().expect("nothing is saved here");
                runtime::write_macro(config, &makes, app.settings.lang, &self.to);
            }
            Effect::Begin(Beginning::Try(number, candidate)) => {
                let try_out = self.try_out.as_ref().expect("nobody tries backends here");
                runtime::begin_try(try_out, number, candidate, &self.to).unwrap();
            }
            effect => drop(self.writes.run(effect, &app.settings)),
        }
    }

    fn reload(&mut self, app: &mut App) -> Vec<Effect> {
        match &mut self.reload {
            Some(reload) => reload().take_in(app, &mut self.cx),
            None => Vec::new(),
        }
    }

    fn resumed(&mut self, _: &App, _: &mut Terminal<TestBackend>) {}
}
