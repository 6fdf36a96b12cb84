//! Sending what a command has just queued, where that is possible at once.
//!
//! Nothing here can lose anything: the writes are in the outbox already. Whoever holds the lease
//! sends, and that may be a console; then this says so, and leaves it to that one.

use std::sync::Mutex;

use super::failure::Failure;
use super::site::Site;
use super::told::Told;
use super::{connector, status};
use crate::cache::Writer;
use crate::config::Selected;
use crate::i18n::Line;
use crate::i18n::words::{doing as words, faults};
use crate::model::view::OutboxRow;
use crate::model::{SyncEvent, WriteState};
use crate::runtime::{self, Me, Session};
use crate::sync::{CacheWriter, SyncError, push_once};

/// What became of the writes of a command.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    /// The backend has them.
    pub sent: usize,
    /// The backend refused them.
    pub failed: Vec<OutboxRow>,
    /// Somebody else has changed the same fields.
    pub conflicts: Vec<OutboxRow>,
    /// They may have arrived.
    pub unknown: Vec<OutboxRow>,
    /// They are still to be sent.
    pub waiting: usize,
    /// Why they are.
    pub waits: Option<Line>,
}

impl Fate {
    /// How many are not settled.
    fn open(&self) -> usize {
        self.waiting + self.failed.len() + self.conflicts.len() + self.unknown.len()
    }

    /// The exit status, where so many were to be sent.
    pub(super) fn status(&self, of: usize) -> u8 {
        match (self.conflicts.len(), self.failed.len(), self.unknown.len()) {
            (0, 0, 0) => status::DONE,
            (0, failed, 0) if failed == of => status::FAILED,
            (0, ..) => status::PARTLY,
            _ => status::CONFLICT,
        }
    }

    /// A line for each write that did not go as it should have.
    pub(super) fn troubles(&self) -> impl Iterator<Item = Line> {
        let line = |word: crate::i18n::Word, row: &OutboxRow| {
            let said = row.words.clone().unwrap_or_default();
            word.with("name", row.name.as_str()).with("words", said)
        };
        let conflicts = self.conflicts.iter().map(move |row| line(words::CONFLICT_ONE, row));
        let failed = self.failed.iter().map(move |row| line(words::FAILED_ONE, row));
        conflicts.chain(failed).chain(self.unknown.iter().map(move |row| line(words::UNKNOWN_ONE, row)))
    }
}

/// Sends what is queued, unless one is offline, and says what became of the writes that are
/// `ours`.
///
/// # Errors
/// [`Failure`], as the cache says. That the backend is away is none.
pub(super) fn send(
    site: &Site,
    selected: &Selected,
    writer: Writer,
    session: &Session,
    ours: &dyn Fn(&OutboxRow) -> bool,
) -> Result<Fate, Failure> {
    let queued = {
        let reader = site.open_cache(&selected.name)?.cache.reader()?;
        count(&reader, site, session, ours)?.open()
    };
    let why = match site.global.offline {
        true => Some(words::WILL_BE_SENT.into()),
        false => push(site, selected, writer, session)?,
    };
    let reader = site.open_cache(&selected.name)?.cache.reader()?;
    let mut fate = count(&reader, site, session, ours)?;
    fate.sent = queued.saturating_sub(fate.open());
    if fate.waiting > 0 {
        fate.waits = Some(why.unwrap_or_else(|| words::WILL_BE_SENT.into()));
    }
    Ok(fate)
}

/// Where our writes stand that are not settled.
fn count(
    reader: &crate::cache::Reader,
    site: &Site,
    session: &Session,
    ours: &dyn Fn(&OutboxRow) -> bool,
) -> Result<Fate, Failure> {
    let mut fate = Fate::default();
    reader.outbox(None, &site.clock().moment(session.me()), |row| {
        match row.state {
            _ if !ours(&row) => {}
            WriteState::Failed => fate.failed.push(row),
            WriteState::Conflict => fate.conflicts.push(row),
            WriteState::Unknown => fate.unknown.push(row),
            WriteState::Queued | WriteState::Sending => fate.waiting += 1,
            WriteState::Done => {}
        }
        Ok(())
    })?;
    Ok(fate)
}

/// Sends what is queued; gives why nothing more was sent, where something stood in the way.
fn push(
    site: &Site,
    selected: &Selected,
    writer: Writer,
    session: &Session,
) -> Result<Option<Line>, Failure> {
    let not_sent = |error: Line| Some(words::NOT_SENT.with("error", error));
    let connector = match connector(site, &selected.profile) {
        Ok(connector) => connector,
        Err(Failure::Usage(line) | Failure::Failed(line) | Failure::Refused(line)) => {
            return Ok(not_sent(line));
        }
    };
    let (writer, thread) = CacheWriter::start(writer).map_err(|error| Failure::failed(&error))?;
    let me = Me::new(Mutex::new(session.me()));
    let engine = runtime::engine(connector, writer, site.pace(), site.clock(), me);
    let paused = Mutex::new(None);
    let hears = |event: SyncEvent| match event {
        SyncEvent::Online { operator_id: Some(me), .. } => {
            if let Err(error) = session.keep_me(&me) {
                tracing::warn!(%error, "who the operator is could not be kept");
            }
        }
        SyncEvent::PushPaused { trouble, .. } => {
            if let Ok(mut paused) = paused.lock() {
                *paused = Some(trouble.text);
            }
        }
        _ => {}
    };
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tasks = tasks.map_err(|error| Failure::Failed(faults::START_THREADS.with("error", error.told())))?;
    let pushed = tasks.block_on(async {
        tokio::select! {
            pushed = push_once(&engine, &hears) => Some(pushed),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    drop(tasks);
    drop(engine);
    let _ = thread.join(); // what was queued is written
    Ok(match pushed {
        Some(Err(SyncError::Elsewhere)) => Some(words::SENT_ELSEWHERE.into()),
        Some(Err(error)) => not_sent(error.told()),
        Some(Ok(_)) => {
            let paused = paused.lock().ok().and_then(|mut paused| paused.take());
            paused.and_then(|text| not_sent(text.into()))
        }
        None => Some(words::WILL_BE_SENT.into()),
    })
}
