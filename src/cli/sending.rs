//! Sending what a command has just queued, where that is possible at once.
//!
//! Nothing here can lose anything: the writes are in the outbox already. Whoever holds the lease
//! sends, and that may be a console; then this says so, and leaves it to that one.

use std::sync::Mutex;
use std::time::Duration;

use super::failure::Failure;
use super::say::say;
use super::site::Site;
use super::told::Told;
use super::{connector, status};
use crate::cache::Writer;
use crate::command::label_of;
use crate::command::plan::{field_called, value_called};
use crate::config::Selected;
use crate::i18n::words::{doing as words, faults};
use crate::i18n::{Lang, Line};
use crate::model::view::OutboxRow;
use crate::model::write::Clash;
use crate::model::{Pushed, SyncEvent, Time, WriteState};
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
    /// When the first of them can be sent, and what the backend said.
    pub next: Option<(Time, String)>,
}

/// Troubles that are told one by one.
const MOST: usize = 20;

impl Fate {
    /// Counts a write that is not settled.
    pub(super) fn take(&mut self, row: OutboxRow) {
        match row.state {
            WriteState::Failed => self.failed.push(row),
            WriteState::Conflict => self.conflicts.push(row),
            WriteState::Unknown => self.unknown.push(row),
            WriteState::Queued | WriteState::Sending => {
                self.waiting += 1;
                if let Some(at) = row.next_at
                    && self.next.as_ref().is_none_or(|(next, _)| at.millis < next.millis)
                {
                    self.next = Some((at, row.words.unwrap_or_default()));
                }
            }
            WriteState::Done | WriteState::Kept => {}
        }
    }

    /// That writes stay queued, and until when, where it is known.
    pub(super) fn stays(&self) -> Option<Line> {
        let (at, said) = self.next.as_ref()?;
        // Nobody has said anything of what was never sent: it was rescued, and waits to be pulled.
        let word = if said.is_empty() { words::STAY_UNPULLED } else { words::STAY_QUEUED };
        let line = word.with("n", self.waiting.to_string()).with("at", clock(*at));
        Some(if said.is_empty() { line } else { line.with("error", said.as_str()) })
    }

    /// How many are not settled.
    fn open(&self) -> usize {
        self.waiting + self.failed.len() + self.conflicts.len() + self.unknown.len()
    }

    /// The same in numbers, with how many were sent.
    pub(super) fn numbers(&self, sent: u64) -> Pushed {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Pushed {
            sent,
            failed: number(self.failed.len()),
            conflicts: number(self.conflicts.len()),
            unknown: number(self.unknown.len()),
            later: number(self.waiting),
        }
    }

    /// The exit status, where so many were to be sent.
    pub(super) fn status(&self, of: usize) -> u8 {
        match (self.conflicts.len(), self.failed.len(), self.unknown.len()) {
            (0, 0, 0) => status::DONE,
            (0, failed, 0) if failed == of => status::FAILED,
            (_, 0, 0) => status::CONFLICT,
            _ => status::PARTLY,
        }
    }

    /// A line for each write that did not go as it should have, what can be done about them, and
    /// why the rest waits. Many are not told one by one.
    pub(super) fn told(&self, before: impl Iterator<Item = Line>) -> Vec<Line> {
        let troubles = self.conflicts.iter().map(|row| one(words::CONFLICT_ONE, row));
        let troubles = troubles.chain(self.failed.iter().map(|row| one(words::FAILED_ONE, row)));
        let troubles = troubles.chain(self.unknown.iter().map(|row| one(words::UNKNOWN_ONE, row)));
        let mut lines: Vec<Line> = before.chain(troubles).collect();
        if lines.len() > MOST {
            let more = lines.split_off(MOST).len();
            lines.push(words::MORE.with("n", more.to_string()));
        }
        if self.conflicts.len() + self.failed.len() + self.unknown.len() > 0 {
            lines.push(words::SEE_OUTBOX.into());
        }
        lines.extend(self.waits.clone());
        lines
    }

    /// Says all that on standard error.
    pub(super) fn tell(&self, lang: Lang) {
        self.told(std::iter::empty()).iter().for_each(|line| say(line.in_lang(lang)));
    }
}

/// A write in trouble, by the name of its record, with what it does and what the server said.
fn one(word: crate::i18n::Word, row: &OutboxRow) -> Line {
    let said = match row.state {
        WriteState::Conflict => {
            let told = |zh| {
                let clashes = row.clashes.iter().map(|clash| clash_text(row, clash, zh));
                let clashes = clashes.collect::<Vec<_>>().join(", ");
                if clashes.is_empty() { clashes } else { format!(" ({clashes})") }
            };
            Line::both(told(true), told(false))
        }
        _ => row.words.clone().unwrap_or_default().into(),
    };
    let label = |zh| label_of(row, zh);
    let what = Line::both(label(true), label(false));
    word.with("name", row.name.as_str()).with("what", what).with("words", said)
}

/// What is said on both sides of a conflict about one field. Where that goes by another name than
/// `--field` takes, both stand there.
fn clash_text(row: &OutboxRow, clash: &Clash, zh: bool) -> String {
    let of = row.write.resource;
    let called = field_called(of, &clash.field, zh);
    let name = if called == clash.field { called } else { format!("{called} [{}]", clash.field) };
    let value = |value: &serde_json::Value| match value.as_str() {
        Some(text) => value_called(of, &clash.field, text, zh),
        None => value_text(value),
    };
    format!("{name}: {} | {}", value(&clash.mine), value(&clash.theirs))
}

/// A value as it would be typed.
fn value_text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// That it is waited for the backend.
pub(super) fn rests(wait: Duration) -> Line {
    words::RESTS.with("n", wait.as_secs_f64().ceil().to_string())
}

/// A moment as an operator reads it, to the second, in the zone that it comes with.
fn clock(at: Time) -> String {
    let text = at.to_string();
    text.get(..19).unwrap_or(&text).replacen('T', " ", 1)
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
        true => Some(Waits::Next),
        false => push(site, selected, writer, session)?,
    };
    let reader = site.open_cache(&selected.name)?.cache.reader()?;
    let mut fate = count(&reader, site, session, ours)?;
    fate.sent = queued.saturating_sub(fate.open());
    if fate.waiting > 0 {
        fate.waits = Some(why.unwrap_or(Waits::Next)).map(|why| why.told(&fate));
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
        if ours(&row) {
            fate.take(row);
        }
        Ok(())
    })?;
    Ok(fate)
}

/// Why writes are still to be sent.
enum Waits {
    /// They only wait for the next one that sends.
    Next,
    /// Somebody else sends them.
    Elsewhere,
    /// The backend is away, or there is no way to it.
    Away(Line),
    /// The backend took no more for now.
    Paused(String),
}

impl Waits {
    fn told(self, fate: &Fate) -> Line {
        match self {
            Self::Next => words::WILL_BE_SENT.into(),
            Self::Elsewhere => words::SENT_ELSEWHERE.into(),
            Self::Away(error) => words::NOT_SENT.with("error", error),
            Self::Paused(error) => match &fate.next {
                Some((at, _)) => words::WAIT_UNTIL.with("at", clock(*at)).with("error", error),
                None => words::NOT_SENT.with("error", error),
            },
        }
    }
}

/// Sends what is queued; gives why nothing more was sent, where something stood in the way.
fn push(
    site: &Site,
    selected: &Selected,
    writer: Writer,
    session: &Session,
) -> Result<Option<Waits>, Failure> {
    let connector = match connector(site, &selected.profile) {
        Ok(connector) => connector,
        Err(Failure::Usage(line) | Failure::Failed(line) | Failure::Refused(line)) => {
            return Ok(Some(Waits::Away(line)));
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
        SyncEvent::PushWaits(wait) => say(rests(wait).in_lang(site.lang())),
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
        Some(Err(SyncError::Elsewhere)) => Some(Waits::Elsewhere),
        Some(Err(error)) => Some(Waits::Away(error.told())),
        Some(Ok(_)) => {
            let paused = paused.lock().ok().and_then(|mut paused| paused.take());
            paused.map(Waits::Paused)
        }
        None => Some(Waits::Next),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_says_why_and_what_nobody_has_tried_waits_to_be_pulled() {
        let told = |waiting, said: &str| {
            let next = Some((Time::from_millis(0), said.to_owned()));
            Fate { waiting, next, ..Fate::default() }.stays().map(|line| line.in_lang(Lang::En))
        };
        let at = clock(Time::from_millis(0));
        let expected = format!("1 stays queued until its record is pulled; a sync from {at} on sends it");
        assert_eq!(told(1, ""), Some(expected));
        let expected = format!("2 stay queued; a sync from {at} on sends them (busy)");
        assert_eq!(told(2, "busy"), Some(expected));
    }
}
