//! Recording what the operator does into a register, and doing it again: `Q a`, `Q`, `@ a`, `@ @`.
//!
//! ```text
//! Q a … Q ──▶ Recording ──one customer──▶ the macro `@a`, and what moves on before and after it
//!                       └─otherwise─────▶ the commands, one after the other
//! ```
//!
//! Commands are kept with all that was given to them, never keys: what a picker or a form asked for is in
//! the command that came of it. Where all that was written is about one customer, and one follow-up of
//! theirs, how one went from pane to pane in between means nothing for another customer: the writes are
//! the steps of a macro of the register's name, run as one change on whoever is under the cursor. Anything
//! else is done again as it was, each command as soon as what the one before it leads to is here; a question
//! that one of them asks is waited for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::event::Notice;
use crate::app::writing::Targets;
use crate::app::{App, Detail, Pane};
use crate::command::{Chapter, Command, Risk, Verb};
use crate::i18n::words::{fill, macros as words};
use crate::keymap::{Code, Key};
use crate::macros::{self, LeftOut, Macro};
use crate::model::Resource;

/// A recording keeps at most so many commands, and so many are done again at most.
const MOST: usize = 10_000;

/// Registers, and what is recorded or done again just now.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// The register that is recorded into, and what is in it so far.
    pub recording: Option<(char, Recording)>,
    /// What was recorded, by registers.
    pub registers: BTreeMap<char, Recording>,
    /// The macro that is being written into the configuration, by its name.
    pub(in crate::app) saving: Option<String>,
    /// What a register's name is waited for.
    awaits: Option<Awaits>,
    /// The register that was done again last.
    last: Option<char>,
    /// What is still to be done again.
    queue: VecDeque<Command>,
}

/// What was recorded.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// The customer under the cursor as it began.
    began: Option<String>,
    taken: Vec<Taken>,
}

/// A command that was recorded.
#[derive(Clone, Debug)]
struct Taken {
    command: Command,
    /// The one customer that it was about and, where it was meant for one, the follow-up.
    about: Option<(String, Option<String>)>,
    /// Where it was given: the pane, and how many details deep.
    place: (Pane, usize),
    /// Whether it is a step, and done again by other keys that were recorded as well: triage's own.
    apart: bool,
}

impl Recording {
    /// The macro of what was written, and what of the recording is no step.
    pub fn macro_of(&self, name: &str, book: &macros::Book) -> (Macro, LeftOut) {
        macros::recorded(name, self.taken.iter().map(|taken| &taken.command), book)
    }

    /// All commands, as they were given.
    fn commands(&self) -> Vec<Command> {
        self.taken.iter().filter(|taken| !taken.apart).map(|taken| taken.command.clone()).collect()
    }

    /// What moves on before and after what was written, where that is about one customer and at most one
    /// follow-up of theirs, and every write can be a step.
    fn about_one(&self) -> Option<(Vec<Command>, Vec<Command>)> {
        let writes = |taken: &Taken| taken.command.spec().risk > Risk::Read;
        let first = self.taken.iter().position(writes)?;
        let last = self.taken.iter().rposition(writes)?;
        let (mut customer, mut follow_up) = (None, None);
        for taken in self.taken[first..=last].iter().filter(|taken| writes(taken)) {
            let (whose, which) = taken.about.as_ref()?;
            let same = *customer.get_or_insert(whose) == whose;
            let same = same && which.as_ref().is_none_or(|which| *follow_up.get_or_insert(which) == which);
            if !same || taken.apart || macros::step_of(&taken.command).is_none() {
                return None;
            }
        }
        let before = match customer == self.began.as_ref() {
            true => Vec::new(),
            false => self.taken[..first].iter().map(|taken| taken.command.clone()).collect(),
        };
        // What moves on relative to where one is means the same for whoever stands there.
        let home = self.taken[first].place;
        let moves = |taken: &&Taken| {
            let verb = taken.command.verb;
            let steps = verb.spec().chapter == Chapter::Moving
                && !matches!(verb, Verb::Open | Verb::Back | Verb::BackOrQuit);
            taken.place == home && (steps || matches!(verb, Verb::RecordNext | Verb::RecordPrevious))
        };
        let after = self.taken[last + 1..].iter().rev().take_while(moves).count();
        let after = self.taken[self.taken.len() - after..].iter().map(|taken| taken.command.clone());
        Some((before, after.collect()))
    }
}

/// What the next key names a register for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    Record,
    Replay(usize),
    Edit,
}

/// The name of a register's macro.
fn name_of(register: char) -> String {
    format!("@{register}")
}

impl App {
    /// `macro.record`: begins to record, or ends it and opens the steps.
    pub(in crate::app) fn record(&mut self, register: Option<&str>) -> Vec<Effect> {
        if let Some((register, recording)) = self.recorder.recording.take() {
            let (makes, _) = recording.macro_of(&name_of(register), &self.settings.macros);
            let n = recording.commands().len().to_string();
            self.recorder.registers.insert(register, recording);
            self.put_registers();
            if !makes.steps.is_empty() {
                return self.open_steps(register, true);
            }
            let text = fill(&self.say(words::RECORDED), &[("register", &register), ("n", &n)]);
            self.notice = Some(Notice::good(text));
            return Vec::new();
        }
        if self.steps_page().is_some() {
            self.notice = Some(Notice::plain(self.say(words::LEAVE_STEPS)));
            return Vec::new();
        }
        match register.and_then(|name| name.chars().next()) {
            Some(register) => self.begin_recording(register),
            None => self.await_register(Awaits::Record, words::RECORD_INTO),
        }
    }

    /// `macro.replay`: does again what was recorded, so many times.
    pub(in crate::app) fn replay(&mut self, register: Option<&str>, times: usize) -> Vec<Effect> {
        match register.and_then(|name| name.chars().next()) {
            Some(register) => self.play(register, times),
            None => self.await_register(Awaits::Replay(times), words::REPLAY_WHICH),
        }
    }

    /// `macro.edit`: opens the steps of a register.
    pub(in crate::app) fn edit_register(&mut self, register: Option<&str>) -> Vec<Effect> {
        if self.steps_page().is_some() {
            self.notice = Some(Notice::plain(self.say(words::LEAVE_STEPS)));
            return Vec::new();
        }
        match register.and_then(|name| name.chars().next()) {
            Some(register) => self.open_steps(register, false),
            None => self.await_register(Awaits::Edit, words::EDIT_WHICH),
        }
    }

    /// The key that names a register, where one is waited for.
    pub(in crate::app) fn register_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let awaits = self.recorder.awaits.take()?;
        self.notice = None;
        let name = match key.to_ascii().code {
            Code::Char(c) if !key.ctrl => c,
            _ => return Some(Vec::new()), // anything else gives it up
        };
        Some(match awaits {
            Awaits::Record if name.is_ascii_alphanumeric() => self.begin_recording(name),
            Awaits::Edit if name.is_ascii_alphanumeric() => self.open_steps(name, false),
            Awaits::Replay(times) if name == '@' => match self.recorder.last {
                Some(last) => self.play(last, times),
                None => self.nothing_in(name),
            },
            Awaits::Replay(times) if name.is_ascii_alphanumeric() => self.play(name, times),
            _ => self.nothing_in(name),
        })
    }

    fn await_register(&mut self, awaits: Awaits, word: crate::i18n::Word) -> Vec<Effect> {
        self.recorder.awaits = Some(awaits);
        self.notice = Some(Notice::plain(self.say(word)));
        Vec::new()
    }

    fn begin_recording(&mut self, register: char) -> Vec<Effect> {
        let recording = Recording { began: self.current_customer(), taken: Vec::new() };
        self.recorder.recording = Some((register, recording));
        self.notice = Some(Notice::plain(fill(&self.say(words::RECORDING), &[("register", &register)])));
        Vec::new()
    }

    pub(super) fn nothing_in(&mut self, register: char) -> Vec<Effect> {
        self.notice = Some(Notice::plain(fill(&self.say(words::EMPTY_REGISTER), &[("register", &register)])));
        Vec::new()
    }

    /// Makes a macro of every register that can be one.
    pub(in crate::app) fn put_registers(&mut self) {
        let shown: Vec<Macro> = self
            .recorder
            .registers
            .iter()
            .filter(|(_, recording)| recording.about_one().is_some())
            .map(|(register, recording)| {
                let (mut makes, _) = recording.macro_of(&name_of(*register), &self.settings.macros);
                makes.zh = fill(words::REGISTER.zh, &[("register", register)]);
                makes.en = fill(words::REGISTER.en, &[("register", register)]);
                makes
            })
            .collect();
        let gone: Vec<String> = self.recorder.registers.keys().map(|register| name_of(*register)).collect();
        let mut settings = (*self.settings).clone();
        settings.macros = Arc::new(settings.macros.with(&gone, shown));
        self.settings = Arc::new(settings);
    }

    fn play(&mut self, register: char, times: usize) -> Vec<Effect> {
        let Some(recording) = self.recorder.registers.get(&register) else {
            return self.nothing_in(register);
        };
        let commands = match recording.about_one() {
            Some((before, after)) => {
                let run = Command::with(Verb::MacroRun, name_of(register));
                before.into_iter().chain([run]).chain(after).collect()
            }
            None => recording.commands(),
        };
        if commands.is_empty() {
            return self.nothing_in(register);
        }
        // Who looks at the steps means the record that lies under them.
        if self.steps_page().is_some() {
            self.details.pop();
        }
        self.recorder.last = Some(register);
        let all = std::iter::repeat_n(commands, times).flatten().take(MOST);
        self.recorder.queue = all.collect();
        Vec::new()
    }

    /// Keeps a command that the operator gave, where one is recorded and this is one to keep.
    pub(in crate::app) fn keep(&mut self, command: &Command) {
        self.take(command, None, false);
    }

    /// Keeps a command that changes records, with whom it is about.
    pub(in crate::app) fn keep_write(&mut self, command: &Command, targets: &Targets) {
        let about = self.about(targets);
        self.take(command, about, self.triage().is_some());
    }

    fn take(&mut self, command: &Command, about: Option<(String, Option<String>)>, apart: bool) {
        if !self.recorder.queue.is_empty() {
            return; // what is done again is no new thing
        }
        let place = (self.focus, self.details.len());
        if let Some((_, recording)) = &mut self.recorder.recording
            && recording.taken.len() < MOST
            && command.spec().recorded
        {
            recording.taken.push(Taken { command: command.clone(), about, place, apart });
        }
    }

    /// The one customer, and the one follow-up of theirs, that something is done to.
    fn about(&self, targets: &Targets) -> Option<(String, Option<String>)> {
        let marked = self.details.is_empty() && !self.follow_up_marks.is_empty();
        match targets {
            Targets::Records(Resource::Customers, ids) | Targets::NextOf(ids) => {
                let [id] = ids.as_slice() else { return None };
                Some((id.clone(), None))
            }
            Targets::Records(Resource::FollowUps, ids) if !marked => {
                let [id] = ids.as_slice() else { return None };
                Some((self.current_customer()?, Some(id.clone())))
            }
            _ => None,
        }
    }

    /// What was written last was taken back: it is no part of the recording.
    pub(in crate::app) fn untake(&mut self) {
        if let Some((_, recording)) = &mut self.recorder.recording
            && recording.taken.iter().all(|taken| !taken.apart)
            && let Some(at) = recording.taken.iter().rposition(|taken| taken.command.spec().risk > Risk::Read)
        {
            recording.taken.remove(at);
        }
    }

    /// Keeps a command that is done at once; those that ask for something are kept with the answer.
    pub(in crate::app) fn keep_given(&mut self, command: &Command) {
        let spec = command.spec();
        let asks = matches!(
            command.verb,
            Verb::SearchOpen | Verb::ViewPick | Verb::SortPick | Verb::ColumnsPick | Verb::TriageQueue
        );
        let own = matches!(spec.chapter, Chapter::Console | Chapter::Macros | Chapter::Sending);
        let lacks = spec.args.iter().skip(command.args.len()).any(|arg| arg.needed);
        let done = spec.risk == Risk::Read || spec.chapter == Chapter::Triage;
        if done && !asks && !own && !lacks {
            self.keep(command);
        }
    }

    /// Does the next of what is done again, as long as nothing that came of the last one is under way.
    pub(in crate::app) fn replay_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.recorder.queue.is_empty() && self.overlay.is_none() && !self.is_awaiting() {
            let Some(command) = self.recorder.queue.pop_front() else { break };
            if let Some(why) = self.refusal(&command) {
                self.recorder.queue.clear();
                self.notice = Some(Notice::bad(format!("{command}: {why}")));
                break;
            }
            let left = std::mem::take(&mut self.recorder.queue);
            let playing = self.recorder.recording.take();
            effects.extend(self.apply(&command));
            self.recorder.queue = left;
            self.recorder.recording = playing;
        }
        effects
    }

    /// Gives up what was still to be done again.
    pub(in crate::app) fn stop_replay(&mut self) {
        self.recorder.queue.clear();
        self.recorder.awaits = None;
    }

    /// The open page of steps.
    pub fn steps_page(&self) -> Option<&super::StepsPage> {
        match self.details.last() {
            Some(Detail::Steps(page)) => Some(page),
            _ => None,
        }
    }
}
