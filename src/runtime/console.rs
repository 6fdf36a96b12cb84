//! The event loop: one thread, one state, one screen.

use std::time::{Duration, Instant};

use ratatui::backend::Backend;
use ratatui::{Frame, Terminal};

use crate::app::{App, Beginning, Effect, Event, Place, Width};

use super::clock::Clock;
use super::desk::Desk;
use super::frames::Frames;
use super::inbox::{Inbox, Message};
use super::timers::Timers;

/// At most so many messages are taken in between two looks at the clock.
const BATCH: usize = 256;

/// So long after a key it is looked whether the place has changed, and kept: not with every key of many.
const LOOK: Duration = Duration::from_secs(3);

/// How a console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The operator left.
    Quit,
    /// The first run is over: this comes next.
    Begin(Beginning),
    /// A signal, or 0 where the terminal went away.
    Signal(i32),
}

/// What is outside of the loop: the terminal's other manners, files, the sync. There is one for a
/// real terminal and one for tests.
pub trait Hands<B: Backend> {
    /// Draws the state.
    fn draw(&self, app: &App, frame: &mut Frame<'_>);
    /// Does what the loop does not do itself.
    fn run(&mut self, effect: Effect, app: &mut App, terminal: &mut Terminal<B>);
    /// The configuration may have changed.
    fn reload(&mut self, app: &mut App) -> Vec<Effect>;
    /// The operator is at another place than before: it is kept, so that it is there after whatever
    /// ends this process. The loop does not wait for it.
    fn keep_place(&mut self, place: Place);
    /// The process was stopped and goes on.
    fn resumed(&mut self, app: &App, terminal: &mut Terminal<B>);
}

/// A console: the state, the screen and the loop between them.
pub struct Console<B: Backend, H: Hands<B>> {
    /// The state.
    pub app: App,
    /// The screen.
    pub terminal: Terminal<B>,
    /// The world.
    pub hands: H,
    inbox: Inbox,
    desk: Option<Desk>,
    clock: Clock,
    timers: Timers,
    frames: Frames,
    asked: usize,
    /// The terminal changed its size since the last frame.
    resized: bool,
    ending: Option<Ending>,
    /// When to look whether the place is another one; `None` while nothing is typed.
    looks_at: Option<Instant>,
    /// The place that was kept last.
    kept: Place,
}

impl<B: Backend, H: Hands<B>> Console<B, H> {
    /// A console that has asked its first questions.
    pub fn new(
        mut app: App,
        terminal: Terminal<B>,
        hands: H,
        inbox: Inbox,
        desk: Option<Desk>,
        clock: Clock,
    ) -> Self {
        let effects = app.start();
        let kept = Place { cut_off: true, ..app.place() };
        let mut console = Self {
            app,
            terminal,
            hands,
            inbox,
            desk,
            clock,
            timers: Timers::new(Instant::now()),
            frames: Frames::new(Instant::now()),
            asked: 0,
            resized: false,
            ending: None,
            looks_at: None,
            kept,
        };
        console.run_all(effects);
        console
    }

    /// Works until the operator leaves or the terminal goes away.
    ///
    /// # Errors
    /// Where the screen cannot be written to.
    pub fn run(&mut self) -> Result<Ending, B::Error> {
        loop {
            if let Some(ending) = self.turn(None)? {
                return Ok(ending);
            }
        }
    }

    /// Waits for something to happen, at most until `until`, takes it in and draws. Says whether
    /// that was the end.
    ///
    /// # Errors
    /// Where the screen cannot be written to.
    pub fn turn(&mut self, until: Option<Instant>) -> Result<Option<Ending>, B::Error> {
        self.draw_if_due()?;
        let deadline = [until, Some(self.next())].into_iter().flatten().min();
        self.inbox.wait(deadline);
        for _ in 0..BATCH {
            let Some(message) = self.inbox.take() else { break };
            self.take_in(message);
            if self.ending.is_some() {
                return Ok(self.ending.clone());
            }
        }
        self.elapse(Instant::now());
        self.draw_if_due()?;
        Ok(self.ending.clone())
    }

    /// When it next does something by itself, whatever happens until then.
    pub fn next(&self) -> Instant {
        let own = [self.frames.next(), self.looks_at];
        own.into_iter().flatten().fold(self.timers.next(), Instant::min)
    }

    /// Does what is due at `now`.
    pub fn elapse(&mut self, now: Instant) {
        for token in self.timers.due(now) {
            self.absorb(Event::Elapsed(token));
        }
        if self.timers.glance_due(now) {
            self.absorb(Event::Glance);
        }
        if self.looks_at.take_if(|at| *at <= now).is_some() {
            self.keep_place();
        }
    }

    /// Has the place kept where it is another one. What is kept while one works is what one was cut off at.
    fn keep_place(&mut self) {
        let place = Place { cut_off: true, ..self.app.place() };
        if place != self.kept {
            self.kept = place.clone();
            self.hands.keep_place(place);
        }
    }

    /// Draws now, whatever was drawn before.
    ///
    /// # Errors
    /// Where the screen cannot be written to.
    pub fn draw_now(&mut self) -> Result<(), B::Error> {
        self.frames.want();
        self.draw_if_due()
    }

    /// The terminal draws ambiguous characters this wide.
    pub fn set_width(&mut self, width: Width) {
        self.app.measured(width);
        self.frames.want();
    }

    /// Whether nothing is under way here: no question, no timer, no frame.
    pub fn is_settled(&self) -> bool {
        self.is_answered() && self.timers.is_empty() && self.frames.next().is_none()
    }

    /// Whether every question that was put has been answered.
    pub fn is_answered(&self) -> bool {
        self.asked == 0
    }

    fn draw_if_due(&mut self) -> Result<(), B::Error> {
        if self.frames.take(Instant::now()) {
            if std::mem::take(&mut self.resized) {
                // It may be as large as it was and yet have lost what was on it in between.
                let area = self.terminal.size()?.into();
                self.terminal.resize(area)?;
            }
            let (app, hands) = (&self.app, &self.hands);
            self.terminal.draw(|frame| hands.draw(app, frame))?;
        }
        Ok(())
    }

    fn take_in(&mut self, message: Message) {
        match message {
            Message::Input(event) => {
                self.looks_at.get_or_insert_with(|| Instant::now() + LOOK);
                self.absorb(event);
            }
            Message::Fact(event) => self.absorb(event),
            // Whoever asked it has asked another since.
            Message::Unanswered(_) => self.asked = self.asked.saturating_sub(1),
            Message::Reload => {
                let effects = self.hands.reload(&mut self.app);
                self.frames.want();
                self.run_all(effects);
            }
            Message::Resumed => {
                self.hands.resumed(&self.app, &mut self.terminal);
                self.frames.want();
            }
            Message::Suspend => self.run_all(vec![Effect::Suspend]),
            Message::End(signal) => self.ending = Some(Ending::Signal(signal)),
        }
    }

    fn absorb(&mut self, event: Event) {
        if matches!(event, Event::Answer(..)) {
            self.asked = self.asked.saturating_sub(1);
        }
        self.timers.stirred(Instant::now());
        self.resized |= matches!(event, Event::Resize { .. });
        let effects = self.app.absorb(event, self.clock.now());
        self.frames.want();
        self.run_all(effects);
    }

    fn run_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(id, ask) => {
                    // Before the first profile there is nothing to ask.
                    if let Some(desk) = &self.desk {
                        self.asked += 1;
                        desk.ask(id, ask);
                    }
                }
                Effect::After { millis, token } => self.timers.set(millis, token),
                Effect::Begin(beginning @ (Beginning::Demo(_) | Beginning::Backend(..))) => {
                    self.ending = Some(Ending::Begin(beginning));
                }
                Effect::Quit => {
                    let next = self.app.next_profile.take();
                    self.ending =
                        Some(next.map_or(Ending::Quit, |name| Ending::Begin(Beginning::Profile(name))));
                }
                Effect::Redraw => {
                    // What cannot be cleared cannot be drawn either, and that is told then.
                    let _ = self.terminal.clear();
                }
                effect => self.hands.run(effect, &mut self.app, &mut self.terminal),
            }
        }
    }
}
