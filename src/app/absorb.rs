//! Facts that came back, taken into the state.

use std::sync::Arc;

use crate::i18n::words::{faults, header, kinds, notices, writing};
use crate::i18n::{Lang, Line, Word, clock, fill, named, say};
use crate::model::view::{FollowUpRow, MemberRow, Window};
use crate::model::{Record as _, Resource, SyncEvent, Time, Trouble, TroubleKind, technical};
use crate::query::ask::Answer;

use super::detail::Detail;
use super::effect::{Beginning, Effect, RequestId};
use super::event::{Event, Notice, Tone};
use super::list::{List, Request};
use super::overlay::{FirstRun, Overlay};
use super::panes::Pane;
use super::{App, Settings};

use super::asking::Which;

/// Offers an answer to a list; what it asks next is left in `again`.
macro_rules! offer {
    ($list:expr, $id:expr, $window:expr) => {
        $list.absorb($id, $window).unwrap_or_default()
    };
}

impl App {
    /// The first thing to happen: what the screen shows is asked for.
    pub fn start(&mut self) -> Vec<Effect> {
        self.ask_all()
    }

    /// Takes a fact in. `now` is when it is taken in.
    pub fn absorb(&mut self, event: Event, now: Time) -> Vec<Effect> {
        self.now = now;
        let over = self.overlay.is_some();
        let mut effects = self.take_or_hold(event);
        effects.extend(self.pump());
        effects.extend(self.take_held());
        let replayed = self.replay_on();
        if !replayed.is_empty() {
            effects.extend(replayed);
            effects.extend(self.pump());
        }
        if !over && self.overlay.is_some() && self.vocabulary_stale {
            effects.extend(self.ask_vocabulary()); // what is typed or picked now is completed by it
        }
        effects.extend(self.leave_if_done());
        self.hide_left();
        effects
    }

    pub(super) fn take_in(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) => self.pointed(mouse),
            Event::Resize { width, height } => {
                self.size = (width, height);
                self.relay()
            }
            Event::Answer(id, answer) => self.answered(id, answer),
            Event::Sync(event) => self.synced(&event),
            Event::Elapsed(token) => {
                if token == self.token && !self.awaited.is_empty() {
                    self.which_key = Some(std::mem::take(&mut self.awaited));
                }
                Vec::new()
            }
            Event::Glance => Vec::new(),
            Event::Settings(settings) => self.resettle(settings),
            Event::Notice(notice) => {
                self.notice = Some(notice);
                Vec::new()
            }
            Event::Tried(number, result) => self.tried(number, result),
            Event::Planned(id, plan) => self.planned(id, plan),
            Event::Committed(id, written) => self.committed(id, written),
            Event::MacroSaved(saved) => self.macro_saved(saved),
            Event::Running(id, done, of) => self.ran(id, done, of),
            Event::TakenBack(id, redo, result) => self.taken_back(id, redo, result),
            Event::Decided(id, result) => self.decided(id, result),
            Event::Exporting(id, done, of) => {
                self.exports(id, done, of);
                Vec::new()
            }
            Event::Exported(id, result) => {
                self.exported(id, result);
                Vec::new()
            }
            Event::Unwritable(why) => {
                let lang = self.settings.lang;
                match &why {
                    Some(why) => {
                        let text = fill(say(lang, notices::UNWRITABLE), &[("why", why)]);
                        self.notice = Some(Notice::bad(text));
                    }
                    // What has been written already says as much, and more.
                    None if self.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Good) => {}
                    None => self.notice = Some(Notice::good(say(lang, notices::WRITABLE_AGAIN))),
                }
                self.header.unwritable = why;
                Vec::new()
            }
            Event::DraftsKept(result) => self.drafts_kept(result),
            Event::Drafts(drafts) => {
                self.writing.drafts = drafts;
                self.triage_drafts();
                Vec::new()
            }
        }
    }

    /// A try of the first run ended. One that was given up begins nothing.
    fn tried(&mut self, number: u64, result: Result<(), Line>) -> Vec<Effect> {
        let lang = self.settings.lang;
        let Some(Overlay::FirstRun(FirstRun { tried, trying, .. })) = &mut self.overlay else {
            return Vec::new();
        };
        let Some((_, candidate)) = trying.take_if(|(current, _)| *current == number) else {
            return Vec::new();
        };
        *tried = Some(result.clone());
        match result {
            Ok(()) => vec![Effect::Begin(Beginning::Backend(candidate, lang))],
            Err(_) => Vec::new(),
        }
    }

    fn synced(&mut self, event: &SyncEvent) -> Vec<Effect> {
        let unread = self.unread();
        self.header.absorb(event);
        match event {
            SyncEvent::Applied { resources } => {
                if let Some(came) = &mut self.looking {
                    came.extend(resources);
                }
                self.refresh(resources)
            }
            SyncEvent::CaughtUp { .. } => {
                self.looked();
                self.ask_overview()
            }
            SyncEvent::Elsewhere => {
                self.untell();
                if self.looking.take().is_some() {
                    self.notice = Some(Notice::plain(say(self.settings.lang, header::FOLLOWER)));
                }
                Vec::new()
            }
            SyncEvent::Gone | SyncEvent::Replaced => {
                let replaced = matches!(event, SyncEvent::Replaced);
                let word = if replaced { notices::BACKEND_REPLACED } else { notices::CHANGES_GONE };
                self.notice = Some(Notice::bad(say(self.settings.lang, word)));
                Vec::new()
            }
            SyncEvent::Offline { trouble, .. } => {
                // It is tried again and again: the header says that, and once why is enough.
                let asked = self.looking.take().is_some();
                if !std::mem::replace(&mut self.header.told_away, true) || asked {
                    self.tell(trouble);
                }
                Vec::new()
            }
            SyncEvent::Online { .. } => {
                self.untell();
                Vec::new()
            }
            SyncEvent::Complaints(_) => {
                // Told once, and counted up for as long as nobody has put it away.
                if unread.is_none() || self.notice == unread {
                    self.notice = self.unread();
                }
                Vec::new()
            }
            SyncEvent::AuthFailed(trouble) => {
                self.looking = None;
                self.tell(trouble);
                Vec::new()
            }
            SyncEvent::Pushed(pushed) => {
                self.pushed(pushed);
                Vec::new()
            }
            SyncEvent::PushPaused { trouble, until } => {
                let word = match trouble.kind {
                    TroubleKind::Dns | TroubleKind::Connect | TroubleKind::Timeout | TroubleKind::Reset => {
                        writing::PUSH_BROKE
                    }
                    _ => writing::PUSH_PAUSED,
                };
                let until = clock(&until.zoned(&self.settings.zone));
                let text =
                    fill(&self.say(word), &[("until", &until), ("why", &said(trouble, self.settings.lang))]);
                self.notice = Some(Notice::plain(text));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// What is over is not told any longer.
    fn untell(&mut self) {
        if let Some(told) = self.header.told.take()
            && self.notice.as_ref() == Some(&told)
        {
            self.notice = None;
        }
    }

    /// Members came, for a group that may be covered by one of them: who goes on from member to
    /// member needs them there.
    fn members_came(&mut self, id: RequestId, window: Window<MemberRow>) -> Vec<Effect> {
        let innermost = self.details.len().saturating_sub(1);
        for (at, detail) in self.details.iter_mut().enumerate() {
            let Detail::Group(detail) = detail else { continue };
            let (which, list) = if detail.members.awaits(id) {
                (Which::Members, &mut detail.members)
            } else if detail.leavers.awaits(id) {
                (Which::Leavers, &mut detail.leavers)
            } else {
                continue;
            };
            let again = offer!(list, id, Ok(window));
            if at == innermost {
                return self.send(which, again);
            }
            // asked again when it is uncovered, or gone on in
            list.forget_question();
            return Vec::new();
        }
        Vec::new()
    }

    /// What came of a look for changes that the operator asked for takes the place of the line
    /// that it was begun with, where that still stands.
    fn looked(&mut self) {
        let Some(came) = self.looking.take() else { return };
        let lang = self.settings.lang;
        let began = [notices::LOOKING_FOR_CHANGES, notices::PULLING_EVERYTHING_AGAIN];
        let stands = |notice: &Notice| began.iter().any(|word| say(lang, *word) == notice.text);
        if !self.notice.as_ref().is_none_or(stands) {
            return;
        }
        let named = |resource: &Resource| {
            let name = resource.name();
            named(kinds::RESOURCES, name).map_or(name, |word| say(lang, word))
        };
        let what: Vec<_> = came.iter().map(named).collect();
        self.notice = Some(Notice::good(if what.is_empty() {
            say(lang, notices::NOTHING_NEW).to_owned()
        } else {
            let what = what.join(if lang.is_zh() { "、" } else { ", " });
            fill(say(lang, notices::CHANGES_CAME), &[("what", &what)])
        }));
    }

    /// Tells why the backend does not answer, until it does: in plain words, what to do, and last
    /// what was asked and answered.
    fn tell(&mut self, trouble: &Trouble) {
        let lang = self.settings.lang;
        let remedy = named(faults::REMEDIES, trouble.kind.word()).filter(|_| lang.is_zh());
        let remedy = remedy.map_or(trouble.remedy.as_str(), |word| say(lang, word));
        let (plain, technical) = (say(lang, plainly(trouble.kind)), said(trouble, lang));
        let notice = Notice::bad(format!("{plain}; {remedy} ({technical})"));
        self.header.told = Some(notice.clone());
        self.notice = Some(notice);
    }

    /// What is told of the complaints so far.
    fn unread(&self) -> Option<Notice> {
        let first = self.header.first_complaint.as_ref()?;
        let count = self.header.complaints.to_string();
        let told = fill(say(self.settings.lang, notices::UNREADABLE), &[("n", &count)]);
        Some(Notice::bad(format!("{told} {first}")))
    }

    /// New settings: everything keeps its place, and what the operator or the terminal said in
    /// this session goes before the file.
    fn resettle(&mut self, settings: Arc<Settings>) -> Vec<Effect> {
        let mut settings = (*settings).clone();
        for pane in 0..Pane::ALL.len() {
            if self.columns[pane] == self.settings.columns[pane] {
                self.columns[pane].clone_from(&settings.columns[pane]);
            }
        }
        if let Some(width) = self.measured.filter(|_| settings.asks_width) {
            settings.width = width;
        }
        if let Some(lang) = self.lang {
            settings.lang = lang;
        }
        let mut effects = Vec::new();
        if settings.mouse != self.settings.mouse {
            self.mouse = settings.mouse;
            effects.push(Effect::Mouse(self.mouse));
        }
        self.settings = Arc::new(settings);
        self.put_registers();
        self.forget_keys();
        effects.extend(self.relay());
        effects
    }

    fn answered(&mut self, id: RequestId, answer: Result<Answer, String>) -> Vec<Effect> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.unanswered(id, error),
        };
        self.reads_again();
        match answer {
            Answer::Customers(window) => {
                self.windowed(Which::Customers, |app| offer!(app.customers, id, Ok(window)))
            }
            Answer::FollowUps(window) => {
                self.windowed(Which::FollowUps, |app| offer!(app.follow_ups, id, Ok(window)))
            }
            Answer::Groups(window) => self.windowed(Which::Groups, |app| offer!(app.groups, id, Ok(window))),
            Answer::Events(window) => self.windowed(Which::Timeline, |app| match app.details.last_mut() {
                Some(Detail::Customer(detail)) => offer!(detail.timeline, id, Ok(window)),
                _ => None,
            }),
            Answer::Members(window) => self.members_came(id, window),
            Answer::Tags(tags) => {
                if self.tags.pending != Some(id) {
                    return Vec::new();
                }
                self.tags.pending = None;
                self.tags.absorb(tags);
                if std::mem::take(&mut self.tags.stale) { self.ask_tags() } else { Vec::new() }
            }
            Answer::Overview(overview) => {
                if self.overview_pending != Some(id) {
                    return Vec::new();
                }
                self.overview_pending = None;
                self.header.overview = overview;
                if !std::mem::replace(&mut self.header.counted, true) {
                    self.offer_runs();
                }
                if std::mem::take(&mut self.overview_stale) { self.ask_overview() } else { Vec::new() }
            }
            Answer::Vocabulary(vocabulary) => {
                if self.vocabulary_pending == Some(id) {
                    self.vocabulary = vocabulary;
                    self.vocabulary_pending = None;
                }
                Vec::new()
            }
            Answer::Ids(ids) if self.members_counted(id, &ids) => Vec::new(),
            Answer::Ids(ids) => self.marked(id, ids),
            Answer::Queue(rows, total) => self.queue_came(id, Ok((rows, total))),
            Answer::QueueRows(rows) => self.rows_came(id, rows),
            Answer::Contact(view) => self.loaded(id, |detail| {
                if let Detail::Triage(open) = detail {
                    open.record.absorb(Ok(view));
                }
            }),
            Answer::Customer(view) if self.writing.fetches(id) => self.fetched_customer(view),
            Answer::FollowUp(view) if self.writing.fetches(id) => {
                let names = |row: FollowUpRow| row.assignee.into_iter().collect();
                self.fetched(view.map(|view| (view.follow_up.any(), names(view.row))))
            }
            Answer::Outbox(view) => self.loaded(id, |detail| {
                if let Detail::Outbox(detail) = detail {
                    detail.absorb(Ok(view));
                }
            }),
            Answer::Customer(view) => self.loaded(id, |detail| {
                if let Detail::Customer(detail) = detail {
                    detail.record.absorb(Ok(view));
                }
            }),
            Answer::FollowUp(view) => self.loaded(id, |detail| {
                if let Detail::FollowUp(detail) = detail {
                    detail.record.absorb(Ok(view));
                }
            }),
            Answer::Group(view) => self.loaded(id, |detail| {
                if let Detail::Group(detail) = detail {
                    detail.record.absorb(Ok(view));
                }
            }),
        }
    }

    fn windowed(&mut self, which: Which, take: impl FnOnce(&mut Self) -> Option<Request>) -> Vec<Effect> {
        let again = take(self);
        self.send(which, again)
    }

    /// A record came for the innermost detail, if that still waits for it.
    fn loaded(&mut self, id: RequestId, take: impl FnOnce(&mut Detail)) -> Vec<Effect> {
        let Some(detail) = self.details.last_mut() else { return Vec::new() };
        if awaited(detail) != Some(id) {
            return Vec::new();
        }
        take(detail);
        let stale = match detail {
            Detail::Customer(detail) => detail.record.stale,
            Detail::Group(detail) => detail.record.stale,
            Detail::FollowUp(detail) => detail.record.stale,
            Detail::Outbox(detail) => detail.record.stale,
            Detail::Triage(detail) => detail.record.stale,
            Detail::Steps(_) => false,
        };
        if stale { self.ask_record() } else { Vec::new() }
    }

    /// A question could not be answered: whoever asked says so.
    fn unanswered(&mut self, id: RequestId, error: String) -> Vec<Effect> {
        fn take<R>(list: &mut List<R>, id: RequestId, error: &str) -> bool {
            list.awaits(id) && list.absorb(id, Err(error.to_owned())).is_ok()
        }
        let found = take(&mut self.customers, id, &error)
            || take(&mut self.follow_ups, id, &error)
            || take(&mut self.groups, id, &error)
            || match self.details.last_mut() {
                Some(Detail::Customer(detail)) => take(&mut detail.timeline, id, &error),
                Some(Detail::Group(detail)) => {
                    take(&mut detail.members, id, &error) || take(&mut detail.leavers, id, &error)
                }
                _ => false,
            };
        let found = found || self.queue_unanswered(id, &error);
        if !found {
            for pending in [&mut self.tags.pending, &mut self.overview_pending, &mut self.vocabulary_pending]
            {
                if *pending == Some(id) {
                    *pending = None;
                }
            }
            if let Some(detail) = self.details.last_mut().filter(|detail| awaited(detail) == Some(id)) {
                match detail {
                    Detail::Customer(detail) => detail.record.absorb(Err(error.clone())),
                    Detail::Group(detail) => detail.record.absorb(Err(error.clone())),
                    Detail::FollowUp(detail) => detail.record.absorb(Err(error.clone())),
                    Detail::Outbox(detail) => detail.absorb(Err(error.clone())),
                    Detail::Triage(detail) => detail.record.absorb(Err(error.clone())),
                    Detail::Steps(_) => {}
                }
            }
        }
        // What was told of the cause says more: that the cache was set aside, and what becomes of it.
        if self
            .notice
            .as_ref()
            .is_none_or(|notice| notice.tone != Tone::Bad || self.misread.as_ref() == Some(notice))
        {
            let notice = Notice::bad(error);
            self.misread = Some(notice.clone());
            self.notice = Some(notice);
        }
        Vec::new()
    }

    /// The cache answers: that it did not is no longer told.
    fn reads_again(&mut self) {
        if let Some(told) = self.misread.take()
            && self.notice.as_ref() == Some(&told)
        {
            self.notice = None;
        }
    }
}

fn awaited(detail: &Detail) -> Option<RequestId> {
    match detail {
        Detail::Customer(detail) => detail.record.pending,
        Detail::Group(detail) => detail.record.pending,
        Detail::FollowUp(detail) => detail.record.pending,
        Detail::Outbox(detail) => detail.record.pending,
        Detail::Triage(detail) => detail.record.pending,
        Detail::Steps(_) => None,
    }
}

/// What was asked and answered: in full where it is in the language that all speak among
/// themselves, else the names and figures of it.
fn said(trouble: &Trouble, lang: Lang) -> String {
    if lang.is_zh() { technical(&trouble.text) } else { trouble.text.clone() }
}

/// What went wrong with the backend, for who does not know what a request is.
fn plainly(kind: TroubleKind) -> Word {
    use TroubleKind as K;
    match kind {
        K::Dns | K::Connect | K::Reset => kinds::NOT_REACHED,
        K::Timeout => kinds::TIMED_OUT,
        K::Tls => kinds::NOT_TRUSTED,
        K::Auth => kinds::REFUSED,
        K::Forbidden => kinds::FORBIDDEN,
        K::Rate => kinds::LIMITED,
        K::Server => kinds::FAILED,
        K::NotFound | K::Conflict | K::Validation | K::Gone | K::Malformed => kinds::NOT_UNDERSTOOD,
        K::Configuration => kinds::MISCONFIGURED,
        K::Store => kinds::NOT_STORED,
    }
}
