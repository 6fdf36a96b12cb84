//! What a queue asks, and what it is answered: its members once, their records again and again.

use crate::app::detail::Detail;
use crate::app::effect::{Effect, RequestId};
use crate::app::event::Notice;
use crate::app::overlay::Overlay;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::{App, Pane};
use crate::command::{Command, Verb};
use crate::i18n::words::{fill, triage as words};
use crate::keymap::{print_keys, stack};
use crate::model::view::{QueueKey, QueueRow};
use crate::query::Scope;
use crate::query::ask::Ask;

use super::{Queue, QueueView, Staged, TriageDetail, by_urgency, of_draft, queues};

/// So many rows around the one that is dealt with are kept up to date: more than a screen has.
const IN_SIGHT: usize = 60;

impl App {
    fn queues(&self) -> Vec<QueueView> {
        queues(&self.settings, self.now.zoned(&self.settings.zone).date())
    }

    /// Opens a queue; the one of the configuration where none is named.
    pub(super) fn open_triage(&mut self, name: &str) -> Vec<Effect> {
        let name = if name.is_empty() { self.settings.triage.queue.clone() } else { name.to_owned() };
        let Some(view) = self.queues().into_iter().find(|queue| queue.name == name) else {
            let text = fill(&self.say(words::NO_QUEUE), &[("name", &name)]);
            self.notice = Some(Notice::bad(text));
            return Vec::new();
        };
        let (now, from) = (self.now, self.focus);
        // One queue at a time: another one takes its place, with what lies over it.
        if let Some(at) = self.details.iter().position(|detail| matches!(detail, Detail::Triage(_))) {
            self.details.truncate(at);
        }
        self.overlay = None;
        self.details.push(Detail::Triage(Box::new(TriageDetail::new(view, now, from))));
        self.forget_keys();
        let mut effects = if self.vocabulary_pending.is_none() { self.ask_vocabulary() } else { Vec::new() };
        effects.extend(self.ask_queue());
        effects
    }

    /// A queue by its name, as the place of an earlier session has it.
    pub(in crate::app) fn triage_detail(&self, name: &str, from: Pane) -> Option<Detail> {
        let view = self.queues().into_iter().find(|queue| queue.name == name)?;
        Some(Detail::Triage(Box::new(TriageDetail::new(view, self.now, from))))
    }

    pub(super) fn pick_queue(&mut self) -> Vec<Effect> {
        let choices = self.queues().into_iter().map(|queue| Choice {
            label: queue.label,
            note: queue.query.text,
            on: None,
            refused: None,
            does: Picked::Run(Command::with(Verb::TriageOpen, queue.name.clone())),
            risk: None,
            also: queue.name,
        });
        let choices = choices.collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Queues, choices)));
        Vec::new()
    }

    /// Asks who is in the queue: it is frozen as it comes.
    pub(in crate::app) fn ask_queue(&mut self) -> Vec<Effect> {
        let id = self.new_request();
        let Some(open) = self.any_triage() else { return Vec::new() };
        open.loading = Some(id);
        let sort = open.sort.clone().unwrap_or_else(|| open.query.scope.default_sort());
        vec![Effect::Ask(id, Ask::Queue(open.query.clone(), sort))]
    }

    /// The members came.
    pub(in crate::app) fn queue_came(
        &mut self,
        id: RequestId,
        rows: Result<(Vec<QueueRow>, u64), String>,
    ) -> Vec<Effect> {
        let now = self.now;
        let Some(open) = self.any_triage().filter(|open| open.loading == Some(id)) else { return Vec::new() };
        open.loading = None;
        let (mut rows, total) = match rows {
            Ok(found) => found,
            Err(why) => {
                open.error = Some(why);
                return Vec::new();
            }
        };
        if open.sort.is_none() && open.query.scope == Scope::FollowUps {
            by_urgency(&mut rows, now);
        }
        let at = open.key().cloned();
        open.since = now;
        open.queue = Queue::freeze(rows);
        (open.total, open.error, open.loaded, open.new_ones) = (total, None, true, 0);
        if let Some(at) = at {
            open.queue.go_to(&at);
        }
        self.number_tags();
        // What is still being written is no work; what was chosen before is there again.
        let sending: Vec<QueueKey> = self.desk.sent.iter().flat_map(|sent| sent.keys.clone()).collect();
        let staged: Vec<QueueKey> = self.desk.staged.keys().cloned().collect();
        let Some(open) = self.any_triage() else { return Vec::new() };
        open.queue.set(&sending, super::ItemState::Sending);
        if open.queue.current().is_some_and(|item| !item.is_left()) {
            open.queue.next_left();
        }
        let chosen =
            open.queue.items.iter().filter(|item| item.is_left() && staged.contains(&item.row.key)).count();
        if chosen > 0 {
            let text = fill(&self.say(words::RESTORED), &[("n", &chosen)]);
            self.notice = Some(Notice::plain(text));
        }
        self.looked_at()
    }

    /// The records of a queue changed: its rows are renewed, and those who came are counted.
    pub(in crate::app) fn renew_queue(&mut self) -> Vec<Effect> {
        let (rows, count) = (self.new_request(), self.new_request());
        let Some(open) = self.triage_mut().filter(|open| open.loaded) else { return Vec::new() };
        if open.renewing.is_some() {
            open.renew_again = true;
            return Vec::new();
        }
        let keys = open.queue.around(IN_SIGHT);
        (open.renewing, open.renew_again) = (Some(rows), false);
        let mut effects = vec![Effect::Ask(rows, Ask::QueueRows(keys))];
        if open.counting.is_none() {
            open.counting = Some(count);
            effects.push(Effect::Ask(count, Ask::Ids(open.query.clone())));
        }
        effects
    }

    /// The rows came as they are now.
    pub(in crate::app) fn rows_came(
        &mut self,
        id: RequestId,
        rows: Vec<(QueueKey, Option<QueueRow>)>,
    ) -> Vec<Effect> {
        let Some(open) = self.any_triage().filter(|open| open.renewing == Some(id)) else {
            return Vec::new();
        };
        open.renewing = None;
        open.queue.renew(rows);
        if std::mem::take(&mut open.renew_again) { self.renew_queue() } else { Vec::new() }
    }

    /// The ids of who is in the queue now; `false` where they were asked for something else.
    pub(in crate::app) fn members_counted(&mut self, id: RequestId, ids: &[String]) -> bool {
        let Some(open) = self.any_triage().filter(|open| open.counting == Some(id)) else { return false };
        open.counting = None;
        let known: std::collections::BTreeSet<&str> =
            open.queue.items.iter().map(|item| item.row.key.id.as_str()).collect();
        // A queue that was cut has others whom nobody has seen: they are not new.
        let cut = open.total > open.queue.items.len() as u64;
        open.new_ones = if cut { 0 } else { ids.iter().filter(|id| !known.contains(id.as_str())).count() };
        true
    }

    /// A question of the queue could not be answered; `false` where it was somebody else's.
    pub(in crate::app) fn queue_unanswered(&mut self, id: RequestId, why: &str) -> bool {
        let Some(open) = self.any_triage() else { return false };
        let mut found = false;
        for pending in [&mut open.loading, &mut open.renewing, &mut open.counting] {
            if *pending == Some(id) {
                *pending = None;
                found = true;
            }
        }
        if found && !open.loaded {
            open.error = Some(why.to_owned());
        }
        found
    }

    /// An earlier session left drafts: those of triage are choices.
    pub(in crate::app) fn triage_drafts(&mut self) {
        let drafts = self.writing.drafts.iter();
        let kept = drafts.filter_map(|(key, text)| Some((of_draft(key)?, Staged::restored(text, self.now)?)));
        let kept: Vec<_> = kept.collect();
        self.desk.staged.extend(kept);
        // Which tags have a number is nothing that anybody typed.
        let tags = self.writing.drafts.remove(super::TAGS);
        if let Some(tags) = tags.and_then(|text| super::NumberedTags::restored(&text)) {
            self.desk.tags = tags;
        }
    }

    /// The queue is left: what was chosen is kept, and said to be.
    pub(in crate::app) fn triage_left(&mut self, left: &TriageDetail) {
        let open = left.queue.items.iter().filter(|item| item.is_left());
        let kept = open.filter(|item| self.desk.staged.contains_key(&item.row.key)).count();
        if kept > 0 {
            let keys = self.settings.keymap.keys_of(Verb::TriageOpen, stack(self.focus.layer()));
            let key = keys.first().map(|keys| print_keys(keys)).unwrap_or_default();
            let text = fill(&self.say(words::KEPT), &[("n", &kept), ("key", &key)]);
            self.notice = Some(Notice::plain(text));
        }
    }
}
