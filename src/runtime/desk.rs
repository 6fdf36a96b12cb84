//! The desk: answers the console's questions from the cache, on a thread of its own.

use std::io;
use std::mem::discriminant;
use std::sync::mpsc::{Sender, channel};

use crate::app::{Event, RequestId};
use crate::cache::Reader;
use crate::query::ask::Ask;

use super::clock::Clock;
use super::inbox::{Message, Outbox};
use super::syncing::Me;

/// Where questions are put.
#[derive(Debug)]
pub struct Desk(Sender<(RequestId, Ask)>);

impl Desk {
    /// Starts the thread. It ends when the desk is dropped.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(reader: Reader, clock: Clock, me: Me, to: Outbox) -> io::Result<Self> {
        let (ask, asked) = channel::<(RequestId, Ask)>();
        std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
            while let Ok(first) = asked.recv() {
                let mut queue = vec![first];
                queue.extend(asked.try_iter());
                for index in 0..queue.len() {
                    let (id, ask) = &queue[index];
                    // Typing asks faster than one can look: only the last question counts.
                    if queue[index + 1..].iter().any(|(_, later)| replaces(later, ask)) {
                        continue;
                    }
                    let moment = clock.moment(me.lock().map(|me| me.clone()).unwrap_or_default());
                    let answer = reader.answer(ask, &moment).map_err(|error| error.to_string());
                    to.send(Message::Fact(Event::Answer(*id, answer)));
                }
            }
        })?;
        Ok(Self(ask))
    }

    /// Puts a question. Its answer arrives in the inbox.
    pub fn ask(&self, id: RequestId, ask: Ask) {
        // The thread ends only after this end is gone.
        let _ = self.0.send((id, ask));
    }
}

/// Whether a later question makes an earlier one pointless: both are about the same list. Members
/// are shown in two lists at once, and a mark of all is never pointless.
fn replaces(later: &Ask, earlier: &Ask) -> bool {
    discriminant(later) == discriminant(earlier) && !matches!(earlier, Ask::Members(_) | Ask::Ids(_))
}
