//! Where everything that happens arrives.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::app::{Event, RequestId};

/// At most so many messages are taken in before the screen is drawn.
const BATCH: usize = 256;

/// Something that happened.
#[derive(Debug)]
pub enum Message {
    /// The operator did something: goes before all else.
    Input(Event),
    /// A fact came back.
    Fact(Event),
    /// A question gets no answer: a later one took its place.
    Unanswered(RequestId),
    /// The configuration file was read again, or should be.
    Reload,
    /// The process was stopped and goes on: the terminal has to be taken again.
    Resumed,
    /// The process should stop, as by `Ctrl-Z`.
    Suspend,
    /// The terminal is gone, or the process was told to end: by this signal, 0 for a hang-up.
    End(i32),
}

/// The sending end; cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbox(Sender<Message>);

impl Outbox {
    /// Sends; where nobody listens any more, the process is about to end.
    pub fn send(&self, message: Message) {
        let _ = self.0.send(message);
    }
}

/// Where a thread that outlives consoles sends: to the console that is open now.
#[derive(Debug)]
pub struct Switch(Mutex<Option<Outbox>>);

impl Switch {
    /// A switch that leads nowhere yet.
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// From now on messages go to `to`. Says whether they went nowhere before.
    pub fn turn(&self, to: Outbox) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(to).is_none()
    }

    /// Sends to the console that is open now.
    pub fn send(&self, message: Message) {
        if let Some(to) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            to.send(message);
        }
    }
}

/// The receiving end.
#[derive(Debug)]
pub struct Inbox {
    from: Receiver<Message>,
    input: VecDeque<Message>,
    facts: VecDeque<Message>,
}

impl Inbox {
    /// An inbox, and the first of its sending ends.
    pub fn new() -> (Self, Outbox) {
        let (to, from) = channel();
        (Self { from, input: VecDeque::new(), facts: VecDeque::new() }, Outbox(to))
    }

    /// Waits until something is there, or until `deadline`. Says whether something is.
    pub fn wait(&mut self, deadline: Option<Instant>) -> bool {
        if self.next_is_here() {
            return true;
        }
        let first = match deadline {
            None => self.from.recv().ok(),
            Some(deadline) => {
                match self.from.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => None,
                    // Every sender has ended: nothing can happen any more.
                    Err(RecvTimeoutError::Disconnected) => Some(Message::End(0)),
                }
            }
        };
        match first {
            Some(message) => self.sort_in(message),
            None if deadline.is_none() => self.sort_in(Message::End(0)),
            None => return false,
        }
        self.drain();
        true
    }

    /// The next message, input first; `None` where nothing is here now.
    pub fn take(&mut self) -> Option<Message> {
        if self.input.is_empty() {
            self.drain();
        }
        self.input.pop_front().or_else(|| self.facts.pop_front())
    }

    fn next_is_here(&mut self) -> bool {
        self.drain();
        !(self.input.is_empty() && self.facts.is_empty())
    }

    fn drain(&mut self) {
        while self.input.len() + self.facts.len() < BATCH {
            match self.from.try_recv() {
                Ok(message) => self.sort_in(message),
                Err(_) => break,
            }
        }
    }

    fn sort_in(&mut self, message: Message) {
        match message {
            Message::Fact(_) | Message::Unanswered(_) | Message::Reload => self.facts.push_back(message),
            _ => self.input.push_back(message),
        }
    }
}
