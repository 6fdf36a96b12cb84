//! The keys of an open form.

use crate::app::effect::Effect;
use crate::app::overlay::Overlay;
use crate::app::{App, Detail, Notice};
use crate::command::PlanError;
use crate::command::Verb;
use crate::command::plan::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Material, read_custom, read_field};
use crate::i18n::words::{fill, writing as words};
use crate::model::{Operator, Resource, Time};
use crate::query::{Moment, due};

use super::{Form, Targets};

impl App {
    /// Shows a form, with the texts that were typed into it before and never written.
    pub(in crate::app) fn open_form(&mut self, mut form: Form) -> Vec<Effect> {
        let draft = self.writing.drafts.get(&form.key).cloned();
        if draft.is_some_and(|draft| form.restore(&draft)) {
            self.notice = Some(Notice::plain(self.say(words::DRAFT_RESTORED)));
        }
        self.overlay = Some(Overlay::Form(Box::new(form)));
        self.read_form();
        Vec::new()
    }

    /// Something was typed into a field: says what it means, and keeps it.
    pub(in crate::app) fn form_typed(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Form(form)) = &mut self.overlay
            && let Some(field) = form.fields.get_mut(form.focus)
        {
            field.age = 0;
        }
        self.form_changed()
    }

    fn form_changed(&mut self) -> Vec<Effect> {
        self.read_form();
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        form.error = None;
        let (key, text) = (form.key.clone(), form.draft());
        if !form.is_touched() {
            return self.drop_draft(key);
        }
        self.writing.drafts.insert(key.clone(), text.clone());
        vec![Effect::KeepDraft { key, text: Some(text) }]
    }

    /// The form was closed; what was typed stays for the next time.
    pub(in crate::app) fn close_form(&mut self, form: &Form) {
        if !self.desk.started {
            self.writing.planning = None;
        }
        if form.is_touched() {
            self.notice = Some(match &self.writing.not_kept {
                None => Notice::plain(self.say(words::DRAFT_KEPT)),
                Some(why) => Notice::bad(fill(&self.say(words::DRAFT_IN_MEMORY), &[("why", why)])),
            });
        }
    }

    /// The disk takes what is typed again, or takes it no more. It stays where it was typed.
    pub(in crate::app) fn drafts_kept(&mut self, result: Result<(), String>) -> Vec<Effect> {
        self.writing.warned = false;
        match result {
            Ok(()) => {
                self.writing.not_kept = None;
                self.notice = Some(Notice::good(self.say(words::DRAFTS_KEPT_AGAIN)));
            }
            Err(why) => {
                let text = fill(&self.say(words::DRAFT_IN_MEMORY), &[("why", &why)]);
                self.writing.not_kept = Some(why);
                match &mut self.overlay {
                    Some(Overlay::Form(form)) => form.error = Some(text),
                    _ => self.notice = Some(Notice::bad(text)),
                }
            }
        }
        Vec::new()
    }

    pub(in crate::app) fn form_key(&mut self, verb: Verb) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        match verb {
            Verb::FormNext => form.step(1),
            Verb::FormPrevious => form.step(-1),
            // A single line has nothing above and below it but what was typed there before.
            Verb::FormDown | Verb::FormUp if form.is_one_line() => {
                return self.recall(if verb == Verb::FormUp { 1 } else { -1 });
            }
            Verb::FormDown => form.line(1),
            Verb::FormUp => form.line(-1),
            Verb::FormChoose | Verb::FormOlder => return self.choose(verb == Verb::FormOlder),
            Verb::FormCopy => return self.copy_form(),
            _ => return self.save_form(),
        }
        Vec::new()
    }

    /// The next of the field's words, or the one before; where it has none, a later or an earlier
    /// text of the same field.
    fn choose(&mut self, back: bool) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        if form.current().is_some_and(|field| field.choices.is_empty()) {
            return self.recall(if back { 1 } else { -1 });
        }
        form.choose(back);
        self.form_typed()
    }

    /// Goes back among the texts that were written into this field before.
    fn recall(&mut self, by: i64) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        let Some(field) = form.current() else { return Vec::new() };
        let texts = self.writing.past.of(&form.remembered_as(field));
        if texts.is_empty() {
            self.notice = Some(Notice::plain(self.say(words::NOTHING_EARLIER)));
            return Vec::new();
        }
        let focus = form.focus;
        form.fields[focus].recall(by, texts);
        self.form_changed()
    }

    /// `Enter`: a new line where there may be many, the next field, and out of the last one.
    pub(in crate::app) fn form_enter(&mut self) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        if let Some(field) = form.fields.get_mut(form.focus).filter(|field| field.many) {
            field.input.insert("\n");
            return self.form_typed();
        }
        // A macro's form is all told by its defaults: Enter runs it from wherever one is.
        if form.focus + 1 < form.fields.len() && form.edits {
            form.step(1);
            return Vec::new();
        }
        self.save_form()
    }

    /// Has what was typed planned, unless a field means nothing: that one is gone to.
    fn save_form(&mut self) -> Vec<Effect> {
        self.read_form();
        let nothing = self.say(words::NOTHING_CHANGED);
        let zh = self.settings.lang.is_zh();
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        // What is made has to be called something: said where it is to be typed.
        let lacks =
            |field: &&mut super::FormField| field.name == "title" && field.input.text().trim().is_empty();
        if form.command.verb == Verb::FollowUpCreate
            && let Some(title) = form.fields.iter_mut().find(lacks)
        {
            let missing = PlanError::Missing { command: form.command.spec().id, arg: "title" };
            title.means = Err(missing.says(zh));
        }
        if let Some(wrong) = form.fields.iter().position(|field| field.means.is_err()) {
            form.focus = wrong;
            form.error = form.fields[wrong].means.clone().err();
            return Vec::new();
        }
        if form.edits && !form.is_touched() {
            form.error = Some(nothing);
            return Vec::new();
        }
        if crate::app::macros::is_of_steps(form.command.verb) {
            return self.steps_form();
        }
        if Self::stages(&form.command) {
            return self.stage_form();
        }
        if let Some((n, write)) = form.amends.clone() {
            return self.amend(n, write);
        }
        let (command, targets) = (form.command(), form.targets.clone());
        if crate::app::macros::is_macro(command.verb) {
            return self.plan_macro(command, targets);
        }
        self.plan(command, targets)
    }

    /// Works out what each text means.
    fn read_form(&mut self) {
        if let Some(Overlay::Form(form)) = &self.overlay
            && crate::app::macros::is_of_steps(form.command.verb)
        {
            return self.read_steps_form();
        }
        let zh = self.settings.lang.is_zh();
        let named =
            |name: &String| Operator { id: name.as_str().into(), name: name.clone(), ..Operator::default() };
        let operators: Vec<Operator> = self.vocabulary.operators.iter().map(named).collect();
        let me = self.header.operator_id.clone();
        let moment = Moment { now: self.now, zone: self.settings.zone.clone(), me };
        let material = Material {
            tags: &[],
            tag_groups: &[],
            operators: &operators,
            snippets: &[],
            moment: &moment,
            zh,
            local: &String::new,
            holders: &|_| Vec::new(),
        };
        let lang = self.settings.lang;
        let echo = |time: Time| {
            let at = time.zoned(&moment.zone);
            format!("{} {} {}", at.date(), crate::i18n::weekday(lang, at.weekday()), crate::i18n::clock(&at))
        };
        let (past, earlier) = (self.say(words::PAST), self.say(words::EARLIER));
        let dues = self.dues_of_form();
        let levels = self.vocabulary.levels.clone();
        let new_level = self.say(words::NEW_LEVEL);
        let Some(Overlay::Form(form)) = &mut self.overlay else { return };
        let known = match form.command.verb {
            Verb::CustomerEdit | Verb::CustomerSet => CUSTOMER_FIELDS,
            _ => FOLLOW_UP_FIELDS,
        };
        let is_as_typed = form.command.verb == Verb::OutboxEdit;
        let form_verb = form.command.verb;
        let Form { fields, to, edits, .. } = &mut **form;
        for field in fields {
            let typed = field.input.text();
            let word = field.choices.iter().find(|(_, label)| label == typed.trim());
            let text = word.map_or(typed, |(word, _)| word.as_str());
            let moment_typed = field.is_moment;
            let kept = !field.changed() || !*edits || is_as_typed;
            field.means = if let Some(to) = to {
                to.reads(&field.name, text, zh)
            } else if let (Some(old), false) = (&field.custom, kept) {
                let name = field.name.trim_start_matches("custom.");
                read_custom(name, Some(old), text).map(|_| String::new()).map_err(|error| error.says(zh))
            } else if moment_typed && !text.trim().is_empty() {
                let snoozes = form_verb == Verb::FollowUpSnooze;
                match due(text, &moment) {
                    Err(error) => Err(PlanError::Due(error).says(zh)),
                    Ok(time) if snoozes && time <= moment.now => {
                        Err(PlanError::Past(text.to_owned()).says(zh))
                    }
                    Ok(time) if time < moment.now && field.name == "due" => Ok(echo(time) + &past),
                    Ok(time) if snoozes && dues.iter().any(|due| time < *due) => Ok(echo(time) + &earlier),
                    Ok(time) => Ok(echo(time)),
                }
            } else if kept {
                Ok(String::new())
            } else {
                let level = text.trim();
                let is_new = field.name == "level" && !level.is_empty() && !levels.is_empty();
                let echo = || match is_new && !levels.iter().any(|known| known == level) {
                    true => new_level.clone(),
                    false => String::new(),
                };
                read_field(known, &field.name, text, &material)
                    .map(|_| echo())
                    .map_err(|error| error.says(zh))
            };
        }
    }

    /// When the follow-ups of an open form are due, as far as that is on the screen.
    fn dues_of_form(&self) -> Vec<Time> {
        let Some(Overlay::Form(form)) = &self.overlay else { return Vec::new() };
        let Targets::Records(Resource::FollowUps, ids) = &form.targets else { return Vec::new() };
        let open = self.details.iter().filter_map(|detail| match detail {
            Detail::FollowUp(open) => open.record.view.as_ref().map(|view| &view.row),
            _ => None,
        });
        let listed = self.follow_ups.window.rows.iter().map(|placed| &placed.row);
        let meant = open.chain(listed).filter(|row| ids.iter().any(|id| *id == row.id.as_str()));
        meant.filter_map(|row| row.due).collect()
    }
}
