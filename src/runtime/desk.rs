//! The desk: answers the console's questions from the cache, on a thread of its own.
//!
//! Typing asks faster than one can look: of questions about the same list only the last counts.
//! An earlier one is passed over while it waits, and broken off while it is being answered; the
//! console is told of each, so that it knows what is still under way.

use std::collections::VecDeque;
use std::io;
use std::mem::discriminant;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::{Event, RequestId};
use crate::cache::{Error, InterruptHandle, Reader};
use crate::query::Moment;
use crate::query::ask::{Answer, Ask};

use super::clock::Clock;
use super::inbox::{Message, Outbox};
use super::mending::Mending;
use super::syncing::Me;

/// Where questions are put.
#[derive(Debug)]
pub struct Desk {
    ask: Sender<(RequestId, Ask)>,
    under_way: Arc<UnderWay>,
}

impl Desk {
    /// Starts the thread. It ends when the desk is dropped.
    ///
    /// # Errors
    /// Where the system gives no thread, or the cache does not open.
    pub fn start(cache: Mending, clock: Clock, me: Me, to: Outbox) -> io::Result<Self> {
        let (ask, asked) = channel::<(RequestId, Ask)>();
        let under_way = Arc::new(UnderWay::default());
        let mut shelf = Shelf::open(cache, &under_way).map_err(io::Error::other)?;
        shelf.rest(&under_way);
        let desk = Self { ask, under_way: Arc::clone(&under_way) };
        std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let mut queue = VecDeque::new();
            loop {
                if queue.is_empty() {
                    let Ok(question) = asked.recv() else { break };
                    queue.push_back(question);
                }
                queue.extend(asked.try_iter());
                let Some((id, ask)) = most_urgent(&mut queue) else { continue };
                if queue.iter().any(|(_, later)| replaces(later, &ask)) {
                    to.send(Message::Unanswered(id));
                    continue;
                }
                under_way.begin(&ask);
                shelf.renew(&under_way);
                let moment = clock.moment(me.lock().map(|me| me.clone()).unwrap_or_default());
                let answer = shelf.answer(&ask, &moment, &under_way);
                let superseded = under_way.end();
                shelf.rest(&under_way);
                match answer {
                    _ if superseded => to.send(Message::Unanswered(id)),
                    answer => {
                        shelf.notice(answer.as_ref().err());
                        let answer = answer.map_err(|error| error.to_string());
                        to.send(Message::Fact(Event::Answer(id, answer)));
                    }
                }
            }
        })?;
        Ok(desk)
    }

    /// Puts a question. In the inbox arrives its answer, or that there will be none because a
    /// later question took its place.
    pub fn ask(&self, id: RequestId, ask: Ask) {
        self.under_way.supersede(&ask);
        // The thread ends only after this end is gone.
        let _ = self.ask.send((id, ask));
    }
}

/// The question that is being answered.
#[derive(Default)]
struct UnderWay(Mutex<Question>);

#[derive(Default)]
struct Question {
    ask: Option<Ask>,
    superseded: bool,
    stop: Option<InterruptHandle>,
}

impl std::fmt::Debug for UnderWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("UnderWay").field(&self.lock().ask).finish()
    }
}

impl UnderWay {
    fn lock(&self) -> MutexGuard<'_, Question> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, ask: &Ask) {
        let mut question = self.lock();
        (question.ask, question.superseded) = (Some(ask.clone()), false);
    }

    /// Says whether another question took this one's place.
    fn end(&self) -> bool {
        let mut question = self.lock();
        question.ask = None;
        question.superseded
    }

    /// Breaks the question off where the later one makes it pointless.
    fn supersede(&self, later: &Ask) {
        let mut question = self.lock();
        if question.ask.as_ref().is_some_and(|ask| replaces(later, ask)) {
            question.superseded = true;
            // Where it has not begun to read, or is done with it, this does nothing.
            if let Some(stop) = &question.stop {
                stop.interrupt();
            }
        }
    }
}

/// What reads the cache, whatever became of its file.
struct Shelf {
    cache: Mending,
    /// `None` between answers where the cache cannot be written: SQLite would keep what a process
    /// has open for reading only from being written by it later.
    reader: Option<Reader>,
    /// How often the cache had been replaced when the reader was opened.
    mended: u32,
}

impl Shelf {
    fn open(cache: Mending, under_way: &UnderWay) -> Result<Self, Error> {
        let mended = cache.times();
        let reader = cache.reader()?;
        under_way.lock().stop = Some(reader.interrupt_handle());
        Ok(Self { cache, reader: Some(reader), mended })
    }

    fn answer(&mut self, ask: &Ask, moment: &Moment, under_way: &UnderWay) -> Result<Answer, Error> {
        if self.reader.is_none() {
            *self = Self::open(self.cache.clone(), under_way)?;
        }
        match &self.reader {
            Some(reader) => reader.answer(ask, moment),
            None => Err(Error::Interrupted), // it was opened just now
        }
    }

    /// Keeps nothing open that stands in the way of writing.
    fn rest(&mut self, under_way: &UnderWay) {
        if !self.cache.is_writable() {
            under_way.lock().stop = None;
            self.reader = None;
        }
    }

    /// Reads the new file where the cache was replaced.
    fn renew(&mut self, under_way: &UnderWay) {
        let left = self.reader.as_ref().is_some_and(Reader::is_left);
        if left {
            self.cache.found_another();
        }
        if (left || self.cache.times() != self.mended)
            && let Ok(new) = Self::open(self.cache.clone(), under_way)
        {
            *self = new;
        }
    }

    fn notice(&self, wrong: Option<&Error>) {
        if wrong.is_some_and(Error::is_damage) {
            self.cache.found_damage(self.mended);
        }
    }
}

/// Takes the question out that is waited for most: of a record that was opened before lists, which
/// show what they had, and these before words for completion. Questions of a kind keep their order.
fn most_urgent(queue: &mut VecDeque<(RequestId, Ask)>) -> Option<(RequestId, Ask)> {
    let rank = |ask: &Ask| match ask {
        Ask::Customer(_) | Ask::FollowUp(_) | Ask::Group(..) | Ask::Outbox | Ask::Events(_) => 0,
        Ask::Vocabulary => 2,
        _ => 1,
    };
    let at = (0..queue.len()).min_by_key(|&at| rank(&queue[at].1))?;
    queue.remove(at)
}

/// Whether a later question makes an earlier one pointless: both are about the same list. Members
/// are shown in two lists at once, a mark of all is never pointless, and one record is asked for by
/// its detail and by a form, which both wait for it.
fn replaces(later: &Ask, earlier: &Ask) -> bool {
    discriminant(later) == discriminant(earlier)
        && !matches!(
            earlier,
            Ask::Members(_) | Ask::Ids(_) | Ask::Between(..) | Ask::Customer(_) | Ask::FollowUp(_)
        )
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use jiff::tz::TimeZone;

    use super::*;
    use crate::cache::{Batch, Cache};
    use crate::model::{Customer, Record, Resource, Time};
    use crate::query::ask::{Anchor, ListAsk};
    use crate::query::{Query, Scope};
    use crate::runtime::Inbox;

    fn customers(filter: &str) -> Ask {
        let query = crate::query::parse(Scope::Customers, filter).unwrap();
        let (sort, anchor) = (Scope::Customers.default_sort(), Anchor::Start);
        Ask::Customers(ListAsk { query, sort, anchor, before: 0, after: 10 })
    }

    /// What comes back for so many questions.
    fn told(inbox: &mut Inbox, questions: usize) -> Vec<(u64, Option<u64>)> {
        let mut told = Vec::new();
        let patience = Instant::now() + Duration::from_secs(30);
        while told.len() < questions {
            assert!(inbox.wait(Some(patience)), "no word about a question: {told:?}");
            told.push(match inbox.take().unwrap() {
                Message::Unanswered(id) => (id.0, None),
                Message::Fact(Event::Answer(id, Ok(Answer::Customers(window)))) => (id.0, Some(window.total)),
                Message::Fact(Event::Answer(id, Ok(Answer::Ids(ids)))) => (id.0, Some(ids.len() as u64)),
                other => panic!("{other:?}"),
            });
        }
        told
    }

    #[test]
    fn an_opened_record_goes_before_lists_and_words_come_last() {
        let asks = [Ask::Vocabulary, Ask::Tags, customers(""), Ask::Customer("c1".into()), customers("x")];
        let mut queue: VecDeque<_> = asks.into_iter().zip(1..).map(|(ask, n)| (RequestId(n), ask)).collect();
        let order: Vec<u64> = std::iter::from_fn(|| most_urgent(&mut queue)).map(|(id, _)| id.0).collect();
        assert_eq!(order, [4, 2, 3, 5, 1]);
    }

    #[test]
    fn of_questions_about_a_list_the_last_is_answered_and_each_is_accounted_for() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::standing(
            Time::parse("2026-03-17T10:00:00+08:00").unwrap(),
            TimeZone::fixed(jiff::tz::offset(8)),
        );
        let cache = Cache::open(folder.path(), clock.now()).unwrap().cache;
        let mut batch = Batch::new(Resource::Customers);
        let customer =
            |n: i32| Customer {
                id: format!("c{n}").into(), name: format!("客户{n}"), ..Customer::default()
            };
        batch.upserts.extend((0..300).map(|n| customer(n).any()));
        cache.writer(clock.moment(None)).unwrap().apply(&batch).unwrap();

        let (mut inbox, to) = Inbox::new();
        let me = Me::new(Mutex::new(None));
        let desk = Desk::start(Mending::new(cache), clock, Arc::clone(&me), to).unwrap();
        // While one holds this the desk cannot begin to read.
        let held = me.lock().unwrap();
        desk.ask(RequestId(1), customers(""));
        while desk.under_way.lock().ask.is_none() {
            std::thread::yield_now();
        }
        desk.ask(RequestId(2), Ask::Ids(Query::all(Scope::Customers)));
        desk.ask(RequestId(3), customers("客户1"));
        desk.ask(RequestId(4), customers("客户2"));
        drop(held);
        let mut told = told(&mut inbox, 4);
        told.sort_unstable();
        assert_eq!(told, [(1, None), (2, Some(300)), (3, None), (4, Some(111))]);
        assert!(inbox.take().is_none());
    }
}
