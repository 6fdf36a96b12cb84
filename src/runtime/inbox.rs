//! Where everything that happens arrives.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::app::{Event, RequestId};
use crate::model::SyncEvent;

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

/// Complaints that wait to be told, at most; what comes on top of them is not.
const MOST_COMPLAINTS: usize = 1000;

/// What waits to be taken in. While the loop is held up there grow in it what the operator typed and
/// the comings and goings of the link, a few a minute; of other facts only the last counts, and they
/// take each other's place.
#[derive(Debug, Default)]
struct Waiting {
    input: VecDeque<Message>,
    facts: VecDeque<Message>,
    /// Nobody takes anything any more.
    deaf: bool,
    /// Nobody sends anything any more.
    ended: bool,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending end; cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbox(Arc<End>);

#[derive(Debug)]
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.arrived.notify_one();
    }
}

impl Outbox {
    /// Sends; where nobody listens any more, the process is about to end.
    pub fn send(&self, message: Message) {
        let shared = &self.0.0;
        let mut waiting = shared.lock();
        if !waiting.deaf {
            waiting.sort_in(message);
            shared.arrived.notify_one();
        }
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
pub struct Inbox(Arc<Shared>);

impl Inbox {
    /// An inbox, and the first of its sending ends.
    pub fn new() -> (Self, Outbox) {
        let shared = Arc::new(Shared::default());
        (Self(Arc::clone(&shared)), Outbox(Arc::new(End(shared))))
    }

    /// Waits until something is there, or until `deadline`. Says whether something is.
    pub fn wait(&mut self, deadline: Option<Instant>) -> bool {
        let mut waiting = self.0.lock();
        loop {
            if !waiting.is_empty() {
                return true;
            }
            if waiting.ended {
                // Every sender has ended: nothing can happen any more.
                waiting.sort_in(Message::End(0));
                return true;
            }
            waiting = match deadline {
                None => self.0.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.0.arrived.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// The next message, input first; `None` where nothing is here now.
    pub fn take(&mut self) -> Option<Message> {
        let mut waiting = self.0.lock();
        waiting.input.pop_front().or_else(|| waiting.facts.pop_front())
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        *self.0.lock() = Waiting { deaf: true, ..Waiting::default() };
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.input.is_empty() && self.facts.is_empty()
    }

    fn sort_in(&mut self, message: Message) {
        match message {
            Message::Fact(Event::Sync(event)) => {
                if let Some(event) = self.merge(event) {
                    self.facts.push_back(Message::Fact(Event::Sync(event)));
                }
            }
            Message::Fact(_) | Message::Unanswered(_) | Message::Reload => self.facts.push_back(message),
            _ => self.input.push_back(message),
        }
    }

    /// Lets what the sync says take the place of what it said before and nobody has heard yet,
    /// unless something came between that it must not overtake; gives it back where it cannot.
    fn merge(&mut self, event: SyncEvent) -> Option<SyncEvent> {
        for waiting in self.facts.iter_mut().rev() {
            let Message::Fact(Event::Sync(earlier)) = waiting else { continue };
            match (earlier, &event) {
                (SyncEvent::Applied { resources }, SyncEvent::Applied { resources: new }) => {
                    resources.extend(
                        new.iter().copied().filter(|kind| !resources.contains(kind)).collect::<Vec<_>>(),
                    );
                    return None;
                }
                (earlier @ SyncEvent::Progress { .. }, SyncEvent::Progress { .. })
                    if is_same_kind(earlier, &event) =>
                {
                    *earlier = event;
                    return None;
                }
                (earlier @ SyncEvent::CaughtUp { .. }, SyncEvent::CaughtUp { .. })
                | (earlier @ SyncEvent::Pushed(_), SyncEvent::Pushed(_)) => {
                    *earlier = event;
                    return None;
                }
                (SyncEvent::Complaints(told), SyncEvent::Complaints(new)) => {
                    let room = MOST_COMPLAINTS.saturating_sub(told.len());
                    told.extend(new.iter().take(room).cloned());
                    return None;
                }
                (
                    SyncEvent::Applied { .. }
                    | SyncEvent::Progress { .. }
                    | SyncEvent::CaughtUp { .. }
                    | SyncEvent::Pushed(_)
                    | SyncEvent::Complaints(_),
                    _,
                ) => {}
                _ => break,
            }
        }
        Some(event)
    }
}

/// Whether both tell of the pull of one kind.
fn is_same_kind(one: &SyncEvent, other: &SyncEvent) -> bool {
    matches!(
        (one, other),
        (SyncEvent::Progress { resource, .. }, SyncEvent::Progress { resource: also, .. }) if resource == also
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{Complaint, Pushed, Resource, Time};

    fn sync(event: SyncEvent) -> Message {
        Message::Fact(Event::Sync(event))
    }

    #[test]
    fn what_only_the_last_of_counts_does_not_pile_up() {
        let (mut inbox, to) = Inbox::new();
        for n in 0..10_000 {
            let resource = if n % 2 == 0 { Resource::Tags } else { Resource::Customers };
            to.send(sync(SyncEvent::Applied { resources: vec![resource] }));
            to.send(sync(SyncEvent::CaughtUp { seq: n, at: Time::from_millis(n), live: true }));
            let complaint = Complaint { id: n.to_string(), path: ".".to_owned(), message: String::new() };
            to.send(sync(SyncEvent::Complaints(vec![(resource, complaint)])));
            to.send(sync(SyncEvent::Pushed(Pushed { sent: n as u64, ..Pushed::default() })));
        }
        let mut all: Vec<_> = std::iter::from_fn(|| inbox.take()).collect();
        assert_eq!(all.len(), 4, "{all:?}");
        let Some(Message::Fact(Event::Sync(SyncEvent::Pushed(Pushed { sent: 9999, .. })))) = all.pop() else {
            panic!()
        };
        let Some(Message::Fact(Event::Sync(SyncEvent::Complaints(told)))) = all.pop() else { panic!() };
        assert_eq!(told.len(), MOST_COMPLAINTS);
        assert!(matches!(all.pop(), Some(Message::Fact(Event::Sync(SyncEvent::CaughtUp { seq: 9999, .. })))));
        let Some(Message::Fact(Event::Sync(SyncEvent::Applied { resources }))) = all.pop() else { panic!() };
        assert_eq!(resources, [Resource::Tags, Resource::Customers]);
    }

    #[test]
    fn nothing_overtakes_a_change_of_the_link() {
        let (mut inbox, to) = Inbox::new();
        let caught_up = |seq| sync(SyncEvent::CaughtUp { seq, at: Time::from_millis(0), live: true });
        to.send(caught_up(1));
        to.send(sync(SyncEvent::Elsewhere));
        to.send(caught_up(2));
        to.send(Message::End(0));
        assert!(matches!(inbox.take(), Some(Message::End(0))), "input goes first");
        let rest: Vec<_> = std::iter::from_fn(|| inbox.take()).collect();
        assert_eq!(rest.len(), 3, "{rest:?}");
    }

    #[test]
    fn a_wait_ends_with_its_time_and_with_the_last_sender() {
        let (mut inbox, to) = Inbox::new();
        assert!(!inbox.wait(Some(Instant::now() + Duration::from_millis(5))));
        let other = to.clone();
        drop(to);
        let sender = std::thread::spawn(move || drop(other));
        assert!(inbox.wait(None));
        assert!(matches!(inbox.take(), Some(Message::End(0))));
        sender.join().unwrap();
    }
}
