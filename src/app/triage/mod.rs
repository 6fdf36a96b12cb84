//! Triage: a frozen queue, worked through with bare keys.
//!
//! ```text
//! T ──▶ Ask::Queue ──▶ Queue (frozen) ──cursor──▶ Ask::Contact ──▶ what one sees
//! 2 t 1 s w 2 ──▶ Staged (kept as a draft) ──Enter──▶ follow_up.dispose {…} ──▶ Plan ──▶ Commit
//!                                             └──▶ the next one, at once
//! ```
//!
//! What is chosen is staged and shown with its dates before it is written; leaving loses none of it.
//! A commit does not hold one up: it is planned and written while one goes on, one after the other,
//! and what cannot be written brings one back to its row with all that was chosen.

mod choosing;
mod loading;
mod pace;
mod queue;
mod queues;
mod sending;
mod staged;
mod tags;

use std::collections::BTreeMap;

use crate::command::{Command, Verb};
use crate::model::view::QueueKey;
use crate::model::{Resource, Time};
use crate::query::ask::ContactView;
use crate::query::{Moment, Query, Sort};

use super::App;
use super::detail::{Detail, Loaded};
use super::effect::{Effect, RequestId};
use super::event::Notice;
use super::layout::Area;
use super::panes::Pane;

pub use pace::Pace;
pub use queue::{Item, ItemState, Queue, by_urgency, queue_area};
pub use queues::{QueueView, queues};
pub use staged::{Closed, Message, PutOffTo, Staged, Then};
pub use tags::{NUMBERED, NumberedTags};

/// The queue as it stands on the screen.
#[derive(Clone, Debug)]
pub struct TriageDetail {
    /// Names it, as `triage.open` takes it.
    pub name: String,
    /// What it is called.
    pub label: String,
    pub(super) query: Query,
    pub(super) sort: Option<Sort>,
    /// Its members; none before they came.
    pub queue: Queue,
    /// How many there are, with those beyond the longest queue.
    pub total: u64,
    /// Whether the members came.
    pub loaded: bool,
    /// Why they did not.
    pub error: Option<String>,
    pub(super) loading: Option<RequestId>,
    /// The rows that are asked for again, since their records changed.
    pub(super) renewing: Option<RequestId>,
    pub(super) renew_again: bool,
    /// Those who came since it was frozen: they are counted, not shown.
    pub new_ones: usize,
    pub(super) counting: Option<RequestId>,
    /// The one that is dealt with, whole; of another member until the answer comes.
    pub record: Loaded<ContactView>,
    /// Since when that one is looked at.
    pub since: Time,
    /// The list one came from.
    pub from: Pane,
}

impl TriageDetail {
    /// A queue whose members are not here yet.
    pub fn new(view: QueueView, now: Time, from: Pane) -> Self {
        Self {
            name: view.name,
            label: view.label,
            query: view.query,
            sort: view.sort,
            queue: Queue::default(),
            total: 0,
            loaded: false,
            error: None,
            loading: None,
            renewing: None,
            renew_again: false,
            new_ones: 0,
            counting: None,
            record: Loaded::default(),
            since: now,
            from,
        }
    }

    /// The one that is dealt with, where all about it is here.
    pub fn contact(&self) -> Option<&ContactView> {
        let key = &self.queue.current()?.row.key;
        self.record.view.as_deref().filter(|view| view.key == *key)
    }

    /// The key of the one that is dealt with.
    pub fn key(&self) -> Option<&QueueKey> {
        self.queue.current().map(|item| &item.row.key)
    }

    pub(super) fn forget_questions(&mut self) {
        self.record.pending = None;
        self.renewing = None;
        self.counting = None;
    }
}

/// What belongs to the session rather than to a queue.
#[derive(Clone, Debug, Default)]
pub struct TriageDesk {
    /// What was chosen and is not written yet.
    pub staged: BTreeMap<QueueKey, Staged>,
    /// The last disposition that was given.
    pub last: Option<Staged>,
    /// What is on its way to be written, the first one now.
    pub(super) sent: std::collections::VecDeque<Sent>,
    /// Whether the first one has been handed over.
    pub(super) started: bool,
    /// Whether the last change is to be taken back as soon as it is written.
    pub(super) undo_next: bool,
    /// What was written in this session, the last one at the end.
    pub(super) done: Vec<Step>,
    /// What of it was taken back.
    pub(super) undone: Vec<Step>,
    /// How fast one works.
    pub pace: Pace,
    /// Tags by number.
    pub tags: NumberedTags,
}

/// A disposition on its way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sent {
    pub keys: Vec<QueueKey>,
    /// Whom it is about, for people.
    pub who: String,
    pub staged: Staged,
    pub title: String,
    /// Milliseconds that it took to choose.
    pub took: i64,
}

impl Sent {
    /// Whether it is asked about before it is written: many records, or a message.
    fn asks(&self) -> bool {
        self.keys.len() > 1 || self.staged.message.is_some()
    }
}

/// A disposition that was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub batch: String,
    pub sent: Sent,
}

/// What a draft of choices is kept under.
fn draft_key(key: &QueueKey) -> String {
    format!("{DRAFTS}{}/{}", key.resource, key.id)
}

const DRAFTS: &str = "triage ";
/// What the numbered tags are kept under.
const TAGS: &str = "triage-tags";

/// The member that a draft is of.
fn of_draft(key: &str) -> Option<QueueKey> {
    let (resource, id) = key.strip_prefix(DRAFTS)?.split_once('/')?;
    let resource =
        [Resource::FollowUps, Resource::Customers].into_iter().find(|one| one.name() == resource)?;
    Some(QueueKey { resource, id: id.to_owned() })
}

impl App {
    /// The open queue, where it is not covered.
    pub fn triage(&self) -> Option<&TriageDetail> {
        match self.details.last() {
            Some(Detail::Triage(open)) => Some(open),
            _ => None,
        }
    }

    fn triage_mut(&mut self) -> Option<&mut TriageDetail> {
        match self.details.last_mut() {
            Some(Detail::Triage(open)) => Some(open),
            _ => None,
        }
    }

    /// The queue, wherever it lies.
    fn any_triage(&mut self) -> Option<&mut TriageDetail> {
        self.details.iter_mut().rev().find_map(|detail| match detail {
            Detail::Triage(open) => Some(&mut **open),
            _ => None,
        })
    }

    /// What was chosen for the one that is dealt with.
    pub fn staged(&self) -> Option<&Staged> {
        self.desk.staged.get(self.triage()?.key()?)
    }

    pub(super) fn as_of_now(&self) -> Moment {
        let me = self.header.operator_id.clone();
        Moment { now: self.now, zone: self.settings.zone.clone(), me }
    }

    /// A command of triage.
    pub(super) fn triage_command(&mut self, command: &Command) -> Vec<Effect> {
        match command.verb {
            Verb::TriageOpen => return self.open_triage(command.arg().unwrap_or_default()),
            _ if self.triage().is_none() => return Vec::new(),
            Verb::TriageQueue => return self.pick_queue(),
            Verb::TriageRefresh => return self.ask_queue(),
            _ => {}
        }
        if self.triage().is_some_and(|open| open.queue.items.is_empty()) {
            let word = crate::i18n::words::triage::EMPTY;
            self.notice = Some(Notice::plain(self.say(word)));
            return Vec::new();
        }
        match command.verb {
            Verb::TriageCommit => self.commit_staged(),
            Verb::TriageRepeat => self.repeat_last(),
            Verb::TriageAll => self.apply_to_marked(),
            _ => self.choose_for_contact(command),
        }
    }

    /// Moves in the queue; what was chosen stays with its row.
    pub(super) fn triage_step(&mut self, by: i64) -> Vec<Effect> {
        let Some(open) = self.triage_mut() else { return Vec::new() };
        let before = open.queue.cursor;
        open.queue.step(by);
        if open.queue.cursor == before {
            return Vec::new();
        }
        self.looked_at()
    }

    /// A click: goes to the row under it.
    pub(super) fn triage_press(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let (body, plain) = (self.layout().body.top(1).1, self.settings.plain);
        let Some(rows) = queue_area(body, plain).map(Area::inner).filter(|rows| rows.contains(x, y)) else {
            return Vec::new();
        };
        let Some(open) = self.triage() else { return Vec::new() };
        let to = open.queue.top(usize::from(rows.h)) + usize::from(y - rows.y);
        if to >= open.queue.items.len() {
            return Vec::new();
        }
        let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        let by = number(to) - number(open.queue.cursor);
        self.triage_step(by)
    }

    /// Marks this one and goes on, all that are left, or none.
    pub(super) fn triage_marks(&mut self, verb: Verb) -> Vec<Effect> {
        let Some(open) = self.triage_mut() else { return Vec::new() };
        match verb {
            Verb::MarkToggle => {
                open.queue.mark();
                return self.triage_step(1);
            }
            Verb::MarkAll => {
                let n = open.queue.mark_all();
                let text = crate::i18n::fill(&self.say(crate::i18n::words::triage::MARKED), &[("n", &n)]);
                self.notice = Some(Notice::good(text));
            }
            _ => open.queue.marks.clear(),
        }
        Vec::new()
    }

    /// Another one is dealt with from now on.
    fn looked_at(&mut self) -> Vec<Effect> {
        let now = self.now;
        if let Some(open) = self.triage_mut() {
            open.since = now;
        }
        self.ask_record()
    }
}
