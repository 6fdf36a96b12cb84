//! Writing: from a command that changes records to what the cache commits, and back.
//!
//! ```text
//! command ──targets, asking──▶ Effect::Plan ──▶ Event::Planned ──confirm──▶ Effect::Commit ──▶ Event::Committed
//! ```
//!
//! What a command still needs is asked for by a picker or a form. What is typed there is kept as a
//! draft until the cache has committed it: nothing typed is ever thrown away.

mod asking;
mod confirm;
mod form;
mod forms;
mod leaving;
mod message;
mod past;
mod targets;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::command::plan::{Confirmation, told_reasons};
use crate::command::{Command, Plan, Verb, label_in};
use crate::i18n::words::{fill, writing as words};

use crate::model::{Deed, Left, Resource};

use super::App;
use super::effect::{Effect, RequestId};
use super::event::{Notice, TakenBack, Written};
use super::overlay::Overlay;
use super::panes::Pane;

pub use confirm::Confirm;
pub use form::{Form, FormField};
pub use message::Addressee;
pub use past::Past;
pub use targets::Targets;

/// What is being written.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// The plan that is waited for.
    planning: Option<RequestId>,
    /// The commit that is waited for.
    committing: Option<Committing>,
    /// The record that is fetched for a form.
    fetching: Option<Fetching>,
    /// What was decided about the outbox, and is waited for.
    pub(super) deciding: Option<RequestId>,
    /// What is said of a conflict once it is settled.
    pub(super) settling: Option<String>,
    /// The write that is dropped if that is said once more.
    pub(super) dropping: Option<i64>,
    /// The write that may have arrived and would be sent anew by one more key.
    pub(super) resending: Option<i64>,
    /// Writes that need the operator, as far as that was told.
    pub(super) told_of: u64,
    /// The change of another session that undo or redo was asked about, by its batch.
    turning: Option<String>,
    /// Undo or redo that is waited for.
    taking_back: Option<RequestId>,
    /// The operator has left, once what is under way is done.
    leaving: bool,
    /// What was written into the fields of forms before.
    pub past: Past,
    /// Texts of forms that were not committed, by their keys.
    pub drafts: BTreeMap<String, String>,
    /// Why what is typed cannot be kept, where it cannot.
    pub(super) not_kept: Option<String>,
    /// Whether the operator was told that leaving loses what was typed.
    warned: bool,
    /// Customers whose phones are shown whole.
    pub revealed: BTreeSet<String>,
}

/// A record that is fetched for a form.
#[derive(Clone, Debug)]
struct Fetching {
    id: RequestId,
    /// What the form is for.
    command: Command,
    /// Whom it is for.
    targets: Targets,
    /// The write of the outbox that the form says otherwise, by its number.
    amends: Option<i64>,
}

/// A commit under way, and the form that it came from.
#[derive(Clone, Debug)]
struct Committing {
    id: RequestId,
    /// Key and texts of the form, as they are written.
    form: Option<(String, String)>,
    /// What is remembered of it, by its fields.
    typed: Vec<(String, String)>,
}

impl Writing {
    /// Whether something was written before into the field that one types into.
    pub fn recalls(&self, form: &Form) -> bool {
        form.current().is_some_and(|field| !self.past.of(&form.remembered_as(field)).is_empty())
    }

    /// Whether this question was asked for a form.
    pub(super) fn fetches(&self, id: RequestId) -> bool {
        self.fetching.as_ref().is_some_and(|fetching| fetching.id == id)
    }
}

impl App {
    /// A command that changes records: asks for what it lacks, or has it planned.
    pub(super) fn write(&mut self, command: &Command) -> Vec<Effect> {
        if self.settings.read_only {
            return self.refuse(words::READ_ONLY);
        }
        let spec = command.spec();
        let Some(targets) = self.targets(spec.on) else { return self.refuse(words::NO_TARGET) };
        if Self::opens_message(command) {
            return self.write_message(command, targets);
        }
        let lacks =
            spec.args.iter().skip(command.args.len()).any(|arg| arg.needed) && !self.says_enough(command);
        if lacks {
            return self.ask_for(command, targets);
        }
        self.plan(command.clone(), targets)
    }

    /// Renaming and its like take the tag under the cursor where one name is given.
    fn says_enough(&self, command: &Command) -> bool {
        matches!(command.verb, Verb::TagRename | Verb::TagMerge | Verb::TagGroup) && command.args.len() == 1
    }

    /// Whether something is being planned or written.
    pub(super) fn is_writing(&self) -> bool {
        self.writing.planning.is_some() || self.writing.committing.is_some()
    }

    /// Has a command planned. One at a time: a key that is pressed twice writes once, and what comes
    /// too soon is refused with a word instead of taking the other's place.
    pub(super) fn plan(&mut self, command: Command, targets: Targets) -> Vec<Effect> {
        if self.is_writing() {
            return self.refuse(words::BEING_WRITTEN);
        }
        self.keep_write(&command, &targets);
        let id = self.request();
        self.writing.planning = Some(id);
        vec![Effect::Plan { id, command, targets }]
    }

    /// The plan that is waited for is not wanted any more; says whether one was.
    pub(super) fn give_up_plan(&mut self) -> bool {
        self.running.shows = false;
        self.writing.planning.take().is_some()
    }

    /// The plan came.
    pub(super) fn planned(&mut self, id: RequestId, plan: Result<Box<Plan>, String>) -> Vec<Effect> {
        if self.writing.planning != Some(id) {
            return Vec::new();
        }
        self.writing.planning = None;
        self.running.plans = false;
        let mut plan = match plan {
            Ok(plan) => plan,
            Err(why) => return self.not_written(why),
        };
        if let Some(level) = self.new_level(&plan) {
            plan.label.push_str(&format!(" · {level}: {}", self.say(words::NEW_LEVEL)));
        }
        if plan.writes.is_empty() {
            let why = plan.skipped.first().map(|skipped| skipped.why.says(self.settings.lang.is_zh()));
            let why = why.unwrap_or_else(|| self.say(words::NO_TARGET));
            return self.not_written(fill(&self.say(words::NOTHING_TO_DO), &[("why", &why)]));
        }
        let shows = std::mem::take(&mut self.running.shows);
        if shows || plan.confirmation() != Confirmation::Nothing {
            let under = self.overlay.take();
            self.overlay = Some(Overlay::Confirm(Box::new(Confirm::new(plan, under))));
            return Vec::new();
        }
        self.commit(plan)
    }

    /// A level that the plan gives and nobody has yet: it may be mistyped.
    fn new_level(&self, plan: &Plan) -> Option<String> {
        let levels = &self.vocabulary.levels;
        plan.writes.iter().find_map(|planned| match &planned.write.deed {
            Deed::Set { fields } if planned.write.resource == Resource::Customers && !levels.is_empty() => {
                let level = fields.get("level")?.as_str()?;
                (!levels.iter().any(|known| known == level)).then(|| level.to_owned())
            }
            _ => None,
        })
    }

    /// Something is written that came of no plan and of no form.
    pub(super) fn begin_writing(&mut self) -> RequestId {
        let id = self.request();
        self.writing.committing = Some(Committing { id, form: None, typed: Vec::new() });
        id
    }

    fn commit(&mut self, plan: Box<Plan>) -> Vec<Effect> {
        let id = self.request();
        let form = match &self.overlay {
            // What triage has handed over came of no form, whichever is open by now.
            Some(Overlay::Form(form)) if !self.desk.started => Some((form.key.clone(), form.draft())),
            _ => None,
        };
        let typed = match &self.overlay {
            Some(Overlay::Form(form)) if !self.desk.started => form.memorable(),
            _ => Vec::new(),
        };
        self.writing.committing = Some(Committing { id, form, typed });
        if plan.course.is_some() {
            return self.begin_run(id, plan);
        }
        vec![Effect::Commit { id, plan }]
    }

    /// It was committed, or not.
    pub(super) fn committed(&mut self, id: RequestId, written: Result<Written, String>) -> Vec<Effect> {
        let Some(Committing { form, typed, .. }) = self.writing.committing.take_if(|commit| commit.id == id)
        else {
            return Vec::new();
        };
        self.running.now = None;
        let written = match written {
            Ok(written) => written,
            Err(why) => return self.not_written(why),
        };
        self.held.settling = true;
        if self.desk.started {
            return self.triage_written(&written);
        }
        let mut effects = form.map_or_else(Vec::new, |(key, texts)| self.form_written(key, &texts));
        for (field, text) in typed {
            self.writing.past.add(&field, &text);
            effects.push(Effect::RememberTyped { field, text });
        }
        let word = match (written.records, written.reversible) {
            (0, _) => words::WRITTEN_NOWHERE,
            (_, true) => words::WRITTEN,
            (_, false) => words::WRITTEN_FOR_GOOD,
        };
        let what = label_in(&written.label, self.settings.lang.is_zh());
        let mut text = match written.left {
            0 => fill(&self.say(word), &[("what", &what), ("n", &written.records)]),
            left => self.stopped_run(&what, written.records, left),
        };
        text.push_str(&self.told_left(&written));
        self.notice = Some(if written.moved.is_empty() { Notice::good(text) } else { Notice::bad(text) });
        effects
    }

    /// Records that a commit has left as they are, and why.
    pub(super) fn told_left(&self, written: &Written) -> String {
        let mut told = String::new();
        let left: usize = written.skipped.iter().map(|(_, n)| n).sum();
        if left > 0 {
            let why = told_reasons(&written.skipped, self.settings.lang.is_zh());
            told.push_str(" · ");
            told.push_str(&fill(&self.say(words::SKIPPED), &[("n", &left), ("why", &why)]));
        }
        if !written.moved.is_empty() {
            told.push_str(" · ");
            told.push_str(&fill(&self.say(words::MOVED_ON), &[("n", &written.moved.len())]));
        }
        told
    }

    /// What stood in a form was written: it closes and its draft goes, unless something else has
    /// been typed into it meanwhile.
    fn form_written(&mut self, key: String, texts: &str) -> Vec<Effect> {
        if let Some(Overlay::Form(form)) = &self.overlay
            && form.key == key
        {
            if form.draft() != texts {
                return Vec::new();
            }
            self.overlay = None;
        }
        self.drop_draft(key)
    }

    /// Nothing was written: says why where it was typed, or in the footer.
    fn not_written(&mut self, why: String) -> Vec<Effect> {
        if self.desk.started {
            return self.triage_failed(Some(&why));
        }
        match &mut self.overlay {
            Some(Overlay::Form(form)) => form.error = Some(why),
            _ => self.notice = Some(Notice::bad(why)),
        }
        Vec::new()
    }

    /// Takes the last change back, or does it again.
    pub(super) fn take_back(&mut self, redo: bool) -> Vec<Effect> {
        if self.settings.read_only {
            return self.refuse(words::READ_ONLY);
        }
        let id = self.request();
        self.writing.taking_back = Some(id);
        let sure = self.writing.turning.take();
        vec![Effect::TakeBack { id, redo, sure }]
    }

    /// It was taken back, or not.
    pub(super) fn taken_back(
        &mut self,
        id: RequestId,
        redo: bool,
        result: Result<Option<TakenBack>, String>,
    ) -> Vec<Effect> {
        if self.writing.taking_back != Some(id) {
            return Vec::new();
        }
        self.writing.taking_back = None;
        if let Ok(Some(TakenBack { batch, label, elsewhere: Some((who, at)), asks: true, .. })) = &result {
            let zh = self.settings.lang.is_zh();
            let age = crate::i18n::age(self.settings.lang, (self.now.millis - at.millis) / 1_000);
            let word = if redo { words::REDO_ELSEWHERE } else { words::UNDO_ELSEWHERE };
            let what = label_in(label, zh);
            let said: [(&str, &dyn std::fmt::Display); 3] = [("what", &what), ("who", who), ("age", &age)];
            self.notice = Some(Notice::bad(fill(&self.say(word), &said)));
            self.writing.turning = Some(batch.clone());
            return Vec::new();
        }
        if !redo && matches!(result, Ok(Some(_))) {
            self.untake();
        }
        let back = match &result {
            Ok(Some(done)) => self.triage_taken_back(redo, done),
            _ => Vec::new(),
        };
        self.held.settling = true;
        self.notice = Some(match result {
            Err(why) => Notice::bad(why),
            Ok(None) => {
                Notice::plain(self.say(if redo { words::NOTHING_TO_REDO } else { words::NOTHING_TO_UNDO }))
            }
            Ok(Some(done)) => {
                let word = match (redo, done.inverted > 0) {
                    _ if done.withdrawn + done.inverted == 0 && redo => words::NOT_REDONE,
                    _ if done.withdrawn + done.inverted == 0 => words::NOT_UNDONE,
                    (true, _) => words::REDONE,
                    (false, false) => words::UNDONE,
                    (false, true) => words::UNDONE_BY_INVERSE,
                };
                let count = done.withdrawn + done.inverted;
                let what = label_in(&done.label, self.settings.lang.is_zh());
                let mut text = fill(&self.say(word), &[("what", &what), ("n", &count.to_string())]);
                if let Some((who, at)) = &done.elsewhere {
                    // One takes back what one sees no trace of here: say whose it was.
                    let age = crate::i18n::age(self.settings.lang, (self.now.millis - at.millis) / 1_000);
                    text.push_str(" · ");
                    text.push_str(&fill(&self.say(words::MADE_ELSEWHERE), &[("who", who), ("age", &age)]));
                }
                if let Some((name, why)) = done.left.first() {
                    let why = self.say(match why {
                        Left::Changed => words::CHANGED_SINCE,
                        Left::Final => words::FINAL,
                    });
                    let n = done.left.len().to_string();
                    text.push_str(" · ");
                    text.push_str(&fill(&self.say(words::LEFT), &[("n", &n), ("name", name), ("why", &why)]));
                }
                if done.left.is_empty() { Notice::good(text) } else { Notice::bad(text) }
            }
        });
        back
    }

    /// Shows the phones of the current customer whole until one leaves the record, and leaves a
    /// line in the audit; where they are shown, hides them again.
    pub(super) fn reveal(&mut self) -> Vec<Effect> {
        let Some(id) = self.current_customer() else { return self.refuse(words::NO_TARGET) };
        if !self.settings.mask_phones {
            return self.refuse(words::NOT_MASKED);
        }
        if self.writing.revealed.take(&id).is_some() {
            return self.refuse(words::PHONE_HIDDEN);
        }
        let Some(phone) = self.copied("phone").filter(|phone| !phone.is_empty()) else {
            let opens = self.details.is_empty() && self.focus == Pane::FollowUps;
            return self.refuse(if opens { words::OPEN_FOR_PHONE } else { words::NO_PHONE });
        };
        self.writing.revealed.insert(id.clone());
        self.notice = Some(Notice::plain(format!("{phone} · {}", self.say(words::PHONE_SHOWN))));
        vec![Effect::Audit { what: "phone.reveal".to_owned(), id }]
    }

    /// Whether the phones of a customer are shown whole.
    pub fn shows_phone_of(&self, customer: &str) -> bool {
        !self.settings.mask_phones || self.writing.revealed.contains(customer)
    }

    /// Hides what was revealed of customers whom one has left.
    pub(super) fn hide_left(&mut self) {
        if !self.writing.revealed.is_empty() {
            let here = self.current_customer();
            self.writing.revealed.retain(|id| here.as_ref() == Some(id));
        }
    }

    fn refuse(&mut self, word: crate::i18n::words::Word) -> Vec<Effect> {
        self.notice = Some(Notice::plain(self.say(word)));
        Vec::new()
    }

    fn request(&mut self) -> RequestId {
        self.next_request += 1;
        RequestId(self.next_request)
    }

    pub(super) fn drop_draft(&mut self, key: String) -> Vec<Effect> {
        self.writing.drafts.remove(&key);
        vec![Effect::KeepDraft { key, text: None }]
    }
}
