//! From what was chosen to what is written, one disposition after the other, and back.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::event::{Notice, TakenBack, Written};
use crate::app::overlay::Overlay;
use crate::app::writing::Targets;
use crate::i18n;
use crate::i18n::words::{Word, fill, triage as words, writing};
use crate::model::Resource;
use crate::model::view::QueueKey;

use super::{ItemState, Sent, Staged, Step, Then, draft_key};

impl App {
    /// Commits what was chosen, and goes on to the next one.
    pub(super) fn commit_staged(&mut self) -> Vec<Effect> {
        let Some(key) = self.workable() else { return Vec::new() };
        match self.desk.staged.get(&key).cloned() {
            Some(staged) => self.hand_over(vec![key], staged),
            None => self.tell_word(words::NOTHING_CHOSEN),
        }
    }

    /// Does with this one what was done with the last one, and goes on.
    pub(super) fn repeat_last(&mut self) -> Vec<Effect> {
        let Some(key) = self.workable() else { return Vec::new() };
        let Some(last) = self.desk.last.clone() else { return self.tell_word(words::NOTHING_TO_REPEAT) };
        let staged = last.again(&self.as_of_now(), &self.settings.workdays);
        let mut effects = self.stage(&key, |known| *known = staged.clone());
        effects.extend(self.hand_over(vec![key], staged));
        effects
    }

    /// Does with all marked ones what is chosen here, or what was done with the last one.
    pub(super) fn apply_to_marked(&mut self) -> Vec<Effect> {
        let Some(open) = self.triage() else { return Vec::new() };
        let marked = open.queue.marked();
        if marked.is_empty() {
            return self.tell_word(words::NOTHING_MARKED);
        }
        let chosen = self.staged().cloned().or_else(|| self.desk.last.clone());
        let Some(chosen) = chosen else { return self.tell_word(words::NOTHING_CHOSEN) };
        let staged = chosen.again(&self.as_of_now(), &self.settings.workdays);
        self.hand_over(marked, staged)
    }

    fn tell_word(&mut self, word: Word) -> Vec<Effect> {
        self.notice = Some(Notice::plain(self.say(word)));
        Vec::new()
    }

    /// The one that is dealt with, where it is still to be; says why not where it is not.
    fn workable(&mut self) -> Option<QueueKey> {
        if self.settings.read_only {
            self.tell_word(writing::READ_ONLY);
            return None;
        }
        let item = self.triage()?.queue.current()?;
        if item.is_left() {
            return Some(item.row.key.clone());
        }
        let word = if item.gone { words::GONE } else { words::DEALT_WITH };
        self.tell_word(word);
        None
    }

    fn hand_over(&mut self, keys: Vec<QueueKey>, staged: Staged) -> Vec<Effect> {
        if self.settings.read_only {
            return self.tell_word(writing::READ_ONLY);
        }
        let title = keys.first().map(|key| self.title_of(key)).unwrap_or_default();
        let now = self.now;
        let Some(open) = self.triage_mut() else { return Vec::new() };
        let who = match keys.as_slice() {
            [one] => open.queue.find(one).map(|item| item.row.customer.clone()).unwrap_or_default(),
            _ => String::new(),
        };
        let took = now.millis.saturating_sub(open.since.millis);
        open.queue.set(&keys, ItemState::Sending);
        let sent = Sent { keys, who, staged, title, took };
        // What asks before it is written keeps one where one is.
        let asks = sent.asks();
        if !asks {
            open.queue.next_left();
        }
        self.desk.last = Some(sent.staged.clone());
        self.desk.sent.push_back(sent);
        let mut effects = if asks { Vec::new() } else { self.looked_at() };
        effects.extend(self.pump());
        effects
    }

    /// Whether keys have to wait in triage; `None` where one is elsewhere. What is committed there
    /// holds nobody up, but for what is asked before; who is in the queue, and which row an undo
    /// leads to, has to be known.
    pub(in crate::app) fn triage_awaits(&self) -> Option<bool> {
        let open = self.triage()?;
        let asks =
            self.desk.sent.iter().any(Sent::asks) && !matches!(self.overlay, Some(Overlay::Confirm(_)));
        let other = self.writing.is_under_way() && !self.desk.started;
        Some(open.loading.is_some() || asks || self.desk.undo_next || self.writing.is_taking_back() || other)
    }

    /// Has the first one in the line planned, where nothing else is.
    pub(in crate::app) fn pump(&mut self) -> Vec<Effect> {
        let asking = matches!(self.overlay, Some(Overlay::Confirm(_)));
        if self.desk.started || self.is_writing() || asking {
            return Vec::new();
        }
        let Some(sent) = self.desk.sent.front() else { return Vec::new() };
        let Some(resource) = sent.keys.first().map(|key| key.resource) else { return Vec::new() };
        let command = sent.staged.disposal(resource, &sent.title, &self.settings.triage).command(resource);
        let ids = sent.keys.iter().map(|key| key.id.clone()).collect();
        self.desk.started = true;
        self.plan(command, Targets::Records(resource, ids))
    }

    /// The one in hand was written.
    pub(in crate::app) fn triage_written(&mut self, written: &Written) -> Vec<Effect> {
        self.desk.started = false;
        let Some(sent) = self.desk.sent.pop_front() else { return Vec::new() };
        let mut effects = Vec::new();
        for key in &sent.keys {
            self.desk.staged.remove(key);
            effects.extend(self.drop_draft(draft_key(key)));
        }
        let each = sent.took / i64::try_from(sent.keys.len().max(1)).unwrap_or(1);
        self.desk.pace.add(each);
        let asked = sent.asks();
        if let Some(open) = self.any_triage() {
            open.queue.set(&sent.keys, ItemState::Done);
            open.queue.marks.retain(|key| !sent.keys.contains(key));
        }
        if asked && self.triage().and_then(|open| open.queue.current()).is_some_and(|item| !item.is_left()) {
            if let Some(open) = self.triage_mut() {
                open.queue.next_left();
            }
            effects.extend(self.looked_at());
        }
        self.told_written(&sent, written);
        self.desk.undone.clear();
        let undo = std::mem::take(&mut self.desk.undo_next);
        if written.records == 0 {
            return effects; // there is nothing of it to take back
        }
        self.desk.done.push(Step { batch: written.batch.clone(), sent });
        if undo {
            effects.extend(self.take_back(false));
        }
        effects
    }

    fn told_written(&mut self, sent: &Sent, written: &Written) {
        let what = self.said(&sent.staged, sent.keys.first().map(|key| key.resource));
        let many = sent.keys.len() > 1;
        let word = match (many, written.reversible) {
            _ if written.records == 0 => words::WROTE_NOTHING,
            (true, _) => words::WROTE_MANY,
            (false, true) => words::WROTE,
            (false, false) => words::WROTE_FOR_GOOD,
        };
        let mut text = fill(&self.say(word), &[("who", &sent.who), ("what", &what), ("n", &written.records)]);
        text.push_str(&self.told_left(written));
        self.notice = Some(if written.moved.is_empty() { Notice::good(text) } else { Notice::bad(text) });
    }

    /// What was done, in a line: `有意向 · +试用 · 延后到 3-24 周二 10:00`.
    fn said(&self, staged: &Staged, on: Option<Resource>) -> String {
        let mut told: Vec<String> = staged.result.iter().map(|word| self.result_name(word)).collect();
        told.extend(staged.tags.iter().map(|(_, name, on)| format!("{}{name}", if *on { '+' } else { '-' })));
        if let Some(snooze) = &staged.snooze {
            let at = snooze.until.zoned(&self.settings.zone);
            let (day, clock) = (i18n::day(self.settings.lang, at.date()), i18n::clock(&at));
            told.push(format!("{} {day} {clock}", self.say(words::PUT_OFF_TO)));
        }
        if let Some(who) = &staged.who {
            let who = if who == "me" { self.say(writing::ME) } else { who.clone() };
            told.push(fill(&self.say(words::THEN_HANDED), &[("who", &who)]));
        }
        told.extend(staged.note.iter().map(|_| self.say(words::NOTE)));
        told.extend(staged.message.iter().map(|_| self.say(words::MESSAGE)));
        match staged.then(&self.settings.triage) {
            _ if on == Some(Resource::Customers) => {}
            Then::Done => told.push(self.say(words::THEN_DONE)),
            Then::Cancelled => told.push(self.say(words::THEN_CANCELLED)),
            Then::Later | Then::HandedOver | Then::Open => {}
        }
        told.join(" · ")
    }

    /// The one in hand was not written: back to its row, with all that was chosen. `why` is `None`
    /// where the operator said no.
    pub(in crate::app) fn triage_failed(&mut self, why: Option<&str>) -> Vec<Effect> {
        self.desk.started = false;
        self.desk.undo_next = false;
        let Some(sent) = self.desk.sent.pop_front() else { return Vec::new() };
        if let Some(why) = why {
            let text = fill(&self.say(words::CAME_BACK), &[("why", &why)]);
            self.notice = Some(Notice::bad(text));
        }
        self.back_to(&sent)
    }

    /// What was handed over is left again, and one stands on it.
    fn back_to(&mut self, sent: &Sent) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let [key] = sent.keys.as_slice() {
            let staged = sent.staged.clone();
            effects.extend(self.stage(key, |known| *known = staged));
        }
        let Some(open) = self.any_triage() else { return effects };
        open.queue.set(&sent.keys, ItemState::Left);
        for item in open.queue.items.iter_mut().filter(|item| sent.keys.contains(&item.row.key)) {
            item.gone = false;
        }
        if let Some(first) = sent.keys.first() {
            open.queue.go_to(first);
        }
        if sent.keys.len() > 1 {
            open.queue.marks.extend(sent.keys.iter().cloned());
        }
        effects.extend(self.looked_at());
        effects
    }

    /// Takes the last disposition back: where it has not been written yet, it never is.
    pub(in crate::app) fn triage_undo(&mut self) -> Vec<Effect> {
        let waiting = self.desk.sent.len() > usize::from(self.desk.started);
        if waiting && let Some(sent) = self.desk.sent.pop_back() {
            return self.back_to(&sent);
        }
        if self.desk.started {
            self.desk.undo_next = true;
            return Vec::new();
        }
        self.take_back(false)
    }

    /// Something was taken back, or done again: one returns to the row where it was a disposition.
    pub(in crate::app) fn triage_taken_back(&mut self, redo: bool, done: &TakenBack) -> Vec<Effect> {
        if redo {
            let Some(step) = self.desk.undone.pop_if(|step| step.batch == done.batch) else {
                return Vec::new();
            };
            if let Some(open) = self.any_triage() {
                open.queue.set(&step.sent.keys, ItemState::Done);
            }
            let mut effects = Vec::new();
            for key in &step.sent.keys {
                self.desk.staged.remove(key);
                effects.extend(self.drop_draft(draft_key(key)));
            }
            self.desk.done.push(step);
            return effects;
        }
        let Some(step) = self.desk.done.pop_if(|step| step.batch == done.batch) else { return Vec::new() };
        let effects = self.back_to(&step.sent);
        self.desk.undone.push(step);
        effects
    }
}
