//! Recording what the operator does into a register, and doing it again: `Q a`, `Q`, `@ a`, `@ @`.
//!
//! Commands are kept with all that was given to them, never keys: what a picker or a form asked for is in
//! the command that came of it. Doing it again gives one command after the other, each as soon as what the
//! one before it leads to is here; a question that one of them asks is waited for.

use std::collections::{BTreeMap, VecDeque};

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::event::Notice;
use crate::command::{Chapter, Command, Risk, Verb};
use crate::i18n::words::{fill, macros as words};
use crate::keymap::{Code, Key};

/// A recording keeps at most so many commands, and so many are done again at most.
const MOST: usize = 10_000;

/// Registers, and what is recorded or done again just now.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// The register that is recorded into, and what is in it so far.
    pub recording: Option<(char, Vec<Command>)>,
    /// What was recorded, by registers.
    pub registers: BTreeMap<char, Vec<Command>>,
    /// What a register's name is waited for.
    awaits: Option<Awaits>,
    /// The register that was done again last.
    last: Option<char>,
    /// What is still to be done again.
    queue: VecDeque<Command>,
}

/// What the next key names a register for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    Record,
    Replay(usize),
}

impl App {
    /// `macro.record`: begins to record, or ends it.
    pub(in crate::app) fn record(&mut self, register: Option<&str>) -> Vec<Effect> {
        if let Some((register, commands)) = self.recorder.recording.take() {
            let n = commands.len().to_string();
            let text = fill(&self.say(words::RECORDED), &[("register", &register), ("n", &n)]);
            self.recorder.registers.insert(register, commands);
            self.notice = Some(Notice::good(text));
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
        self.recorder.recording = Some((register, Vec::new()));
        self.notice = Some(Notice::plain(fill(&self.say(words::RECORDING), &[("register", &register)])));
        Vec::new()
    }

    fn nothing_in(&mut self, register: char) -> Vec<Effect> {
        self.notice = Some(Notice::plain(fill(&self.say(words::EMPTY_REGISTER), &[("register", &register)])));
        Vec::new()
    }

    fn play(&mut self, register: char, times: usize) -> Vec<Effect> {
        let commands = self.recorder.registers.get(&register).cloned().unwrap_or_default();
        if commands.is_empty() {
            return self.nothing_in(register);
        }
        self.recorder.last = Some(register);
        let all = std::iter::repeat_n(commands, times).flatten().take(MOST);
        self.recorder.queue = all.collect();
        Vec::new()
    }

    /// Keeps a command that the operator gave, where one is recorded and this is one to keep.
    pub(in crate::app) fn keep(&mut self, command: &Command) {
        if !self.recorder.queue.is_empty() {
            return; // what is done again is no new thing
        }
        if let Some((_, commands)) = &mut self.recorder.recording
            && commands.len() < MOST
            && command.spec().recorded
        {
            commands.push(command.clone());
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
}
