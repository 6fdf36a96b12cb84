//! A cache whose file is replaced when it shows damage in use, and opened for writing when that can
//! be done at last.
//!
//! ```text
//! desk ──damage read──▶ Mending ──▶ writer's thread ──▶ Cache::replace ──▶ a new writer
//! sync ──damage met in writing─────────▶      ╵──▶ pull everything, tell the operator
//! ```
//!
//! The damaged file is set aside, never deleted. The writer's thread does it, so that nothing is
//! written meanwhile; the desk sees that the cache was replaced, and opens the new file. Another
//! process may have done it: then its file is opened, before anything more is written or read.
//!
//! A cache that can only be read at first (a read-only folder, a full disk) is opened anew for each
//! thing that would be written, until that succeeds; the desk reads what is opened then.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::cache::{self, Cache, Opened, Reader, Writer};
use crate::model::Time;
use crate::sync::CacheWriter;

/// A disk that damages whatever is written is not written to for ever.
const MOST: u32 = 3;

/// A cache that is replaced when it shows damage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mending(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cache: Mutex<Cache>,
    /// How often it was replaced, by whomever, or opened for writing at last.
    times: AtomicU32,
    /// How often by us.
    ours: AtomicU32,
    writer: OnceLock<CacheWriter>,
}

impl Inner {
    fn cache(&self) -> Cache {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a cache anew that could only be read so far.
    fn open_at_last(&self, now: Time) -> cache::Result<Opened> {
        Cache::open(self.cache().path().parent().unwrap_or(Path::new(".")), now)
    }

    /// What is read from here on is this.
    fn renew(&self, cache: &Cache) {
        *self.cache.lock().unwrap_or_else(PoisonError::into_inner) = cache.clone();
        self.times.fetch_add(1, Ordering::AcqRel);
    }
}

/// What became of a cache.
#[derive(Debug)]
pub enum Mended<'a> {
    /// The damaged file was set aside, or another process had done it.
    Replaced(&'a Opened),
    /// It could not be written at first, and can be now.
    Opened(&'a Opened),
    /// The damaged file could not be replaced.
    Failed(&'a cache::Error),
}

impl Mending {
    /// A cache that has not been replaced yet. Without [`Mending::start`] it never is.
    pub fn new(cache: Cache) -> Self {
        Self(Arc::new(Inner {
            cache: Mutex::new(cache),
            times: AtomicU32::new(0),
            ours: AtomicU32::new(0),
            writer: OnceLock::new(),
        }))
    }

    /// Starts the thread that writes to the cache; without a writer it opens one as soon as that can
    /// be done. After that, and after a replacement, `again` dresses the new file's writer, and
    /// `tell` hears how the damaged file is called now, where we have set it aside, and what was got
    /// back; or why it could not be done.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(
        &self,
        writer: Option<Writer>,
        now: impl Fn() -> Time + Send + Sync + 'static,
        again: impl Fn(&Cache) -> cache::Result<Writer> + Send + Sync + 'static,
        tell: impl Fn(Mended<'_>) + Send + Sync + 'static,
    ) -> io::Result<CacheWriter> {
        let means = Arc::new((now, again, tell));
        let (inner, with) = (Arc::downgrade(&self.0), Arc::clone(&means));
        let open = move || {
            let doing = "open the cache for writing";
            let Some(inner) = inner.upgrade() else { return Err(cache::Error::ReadOnly { doing }) };
            let (now, again, tell) = &*with;
            let opened = inner.open_at_last(now())?;
            let mut writer = again(&opened.cache)?;
            writer.try_out()?; // not while the desk has it open for reading only
            inner.renew(&opened.cache);
            tell(Mended::Opened(&opened));
            Ok(writer)
        };
        // The thread ends when all handles are gone: it must not keep one itself.
        let inner = Arc::downgrade(&self.0);
        let mend = move |writer: &Writer| {
            let (now, again, tell) = &*means;
            let inner = inner.upgrade()?;
            if inner.ours.load(Ordering::Acquire) >= MOST && !writer.is_left() {
                return None;
            }
            let mended = inner.cache().mend(writer, now());
            match mended.and_then(|opened| Ok((again(&opened.cache)?, opened))) {
                Ok((writer, opened)) => {
                    inner.renew(&opened.cache);
                    inner.ours.fetch_add(u32::from(opened.set_aside.is_some()), Ordering::AcqRel);
                    tell(Mended::Replaced(&opened));
                    Some(writer)
                }
                Err(error) => {
                    tracing::error!(%error, "the damaged cache could not be replaced");
                    tell(Mended::Failed(&error));
                    None
                }
            }
        };
        let writer = match writer {
            Some(writer) => CacheWriter::start_mending(writer, Box::new(mend))?.0,
            None => CacheWriter::start_awaiting(Box::new(open), Box::new(mend))?,
        };
        let _ = self.0.writer.set(writer.clone()); // Err: started already
        Ok(writer)
    }

    /// A connection that reads the file as it is now.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn reader(&self) -> cache::Result<Reader> {
        self.0.cache().reader()
    }

    /// Whether it can be written, as far as is known.
    pub(super) fn is_writable(&self) -> bool {
        self.0.cache().is_writable()
    }

    /// How often another file, or the same one in another way, was there to be read.
    pub fn times(&self) -> u32 {
        self.0.times.load(Ordering::Acquire)
    }

    /// A reader has found that another process has replaced the file.
    pub fn found_another(&self) {
        if let Some(writer) = self.0.writer.get() {
            writer.post(|_| ()); // before any job the writer looks for itself
        }
    }

    /// A reader that was opened after `times` replacements has found damage.
    pub fn found_damage(&self, times: u32) {
        let inner = Arc::clone(&self.0);
        if let Some(writer) = self.0.writer.get() {
            writer.doubt(move || inner.times.load(Ordering::Acquire) == times);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    use tokio::sync::mpsc;

    use super::*;
    use crate::app::{Event, RequestId};
    use crate::model::{SyncCommand, SyncEvent};
    use crate::query::ask::{Anchor, Answer, Ask, ListAsk};
    use crate::query::{Query, Scope};
    use crate::runtime::{Clock, Desk, Inbox, Me, Message};
    use crate::sync::tests::rig::{self, TOKEN};
    use crate::sync::{Engine, Pace};

    fn customers() -> Ask {
        let (query, sort) = (Query::all(Scope::Customers), Scope::Customers.default_sort());
        Ask::Customers(ListAsk { query, sort, anchor: Anchor::Start, before: 0, after: 50 })
    }

    /// Waits for what `is` knows; what comes before it is gone afterwards.
    fn until<T>(inbox: &mut Inbox, is: impl Fn(&Message) -> Option<T>) -> T {
        let patience = Instant::now() + Duration::from_secs(30);
        let mut seen = Vec::new();
        loop {
            assert!(inbox.wait(Some(patience)), "never came; saw {seen:#?}");
            let message = inbox.take().unwrap();
            match is(&message) {
                Some(found) => return found,
                None => seen.push(message),
            }
        }
    }

    fn caught_up(message: &Message) -> Option<()> {
        matches!(message, Message::Fact(Event::Sync(SyncEvent::CaughtUp { live: true, .. }))).then_some(())
    }

    #[test]
    fn a_cache_that_turns_out_damaged_is_set_aside_and_pulled_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), rig::moment().now).unwrap().cache;
        let clock = Clock::standing(rig::moment().now, rig::moment().zone);
        let (mut inbox, to) = Inbox::new();
        let me = Me::new(Mutex::new(None));
        let mending = Mending::new(cache.clone());
        let (aside, heard) = std::sync::mpsc::channel();
        let (command, commands) = mpsc::channel(8);
        let tell = move |mended: Mended<'_>| {
            let Mended::Replaced(opened) = mended else { panic!("{mended:?}") };
            command.try_send(SyncCommand::FullPull).unwrap();
            aside.send(opened.set_aside.clone().unwrap()).unwrap();
        };
        let again = |cache: &Cache| cache.writer(rig::moment());
        let opened = Some(cache.writer(rig::moment()).unwrap());
        let writer = mending.start(opened, || rig::moment().now, again, tell).unwrap();
        let tasks = crate::runtime::tasks().unwrap();
        let store = rig::store();
        let server = tasks.block_on(rig::serve(&store));
        let limits = crate::backend::Limits::default();
        let token = Some(crate::backend::Secret::new(TOKEN));
        let connector = crate::backend::Connector::new(&rig::url(&server), token, limits).unwrap();
        let engine: Engine =
            crate::runtime::engine(connector, writer.clone(), Pace::default(), clock.clone(), me.clone());
        tasks.spawn(crate::runtime::sync(
            engine,
            commands,
            me.clone(),
            crate::runtime::Session::new(folder.path()),
            to.clone(),
        ));
        until(&mut inbox, caught_up);
        tasks.block_on(writer.run(|writer| writer.tidy())).unwrap();
        rig::damage(cache.path(), "customers");

        let desk = Desk::start(mending.clone(), clock, me, to).unwrap();
        desk.ask(RequestId(1), customers());
        let wrong = until(&mut inbox, |message| match message {
            Message::Fact(Event::Answer(RequestId(1), Err(wrong))) => Some(wrong.clone()),
            _ => None,
        });
        assert!(wrong.contains("damaged"), "{wrong}");
        let aside = heard.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(aside.exists() && aside != cache.path(), "{}", aside.display());
        until(&mut inbox, caught_up);
        desk.ask(RequestId(2), customers());
        let total = until(&mut inbox, |message| match message {
            Message::Fact(Event::Answer(RequestId(2), Ok(Answer::Customers(window)))) => Some(window.total),
            Message::Fact(Event::Answer(RequestId(2), other)) => panic!("{other:?}"),
            _ => None,
        });
        assert_eq!((total, mending.times()), (10, 1));
        tasks.shutdown_background();
    }
}
