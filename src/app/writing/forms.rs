//! The keys of an open form.

use crate::app::effect::Effect;
use crate::app::overlay::Overlay;
use crate::app::{App, Notice};
use crate::command::Verb;
use crate::command::plan::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Material, read_field};
use crate::i18n::words::writing as words;
use crate::model::{Operator, Time};
use crate::query::{Moment, due};

use super::Form;

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

    /// A field's text has changed: says what it means, and keeps it.
    pub(in crate::app) fn form_typed(&mut self) -> Vec<Effect> {
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
        self.writing.planning = None;
        if form.is_touched() {
            self.notice = Some(Notice::plain(self.say(words::DRAFT_KEPT)));
        }
    }

    pub(in crate::app) fn form_key(&mut self, verb: Verb) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        match verb {
            Verb::FormNext => form.step(1),
            Verb::FormPrevious => form.step(-1),
            Verb::FormDown => form.line(1),
            Verb::FormUp => form.line(-1),
            Verb::FormChoose => {
                form.choose();
                return self.form_typed();
            }
            _ => return self.save_form(),
        }
        Vec::new()
    }

    /// `Enter`: a new line where there may be many, the next field, and out of the last one.
    pub(in crate::app) fn form_enter(&mut self) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        if let Some(field) = form.fields.get_mut(form.focus).filter(|field| field.many) {
            field.input.insert("\n");
            return self.form_typed();
        }
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
        let Some(Overlay::Form(form)) = &mut self.overlay else { return Vec::new() };
        if let Some(wrong) = form.fields.iter().position(|field| field.means.is_err()) {
            form.focus = wrong;
            form.error = form.fields[wrong].means.clone().err();
            return Vec::new();
        }
        if form.edits && !form.is_touched() {
            form.error = Some(nothing);
            return Vec::new();
        }
        if let Some((n, write)) = form.amends.clone() {
            return self.amend(n, write);
        }
        let (command, targets) = (form.command(), form.targets.clone());
        self.plan(command, targets)
    }

    /// Works out what each text means.
    fn read_form(&mut self) {
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
        let Some(Overlay::Form(form)) = &mut self.overlay else { return };
        let known = match form.command.verb {
            Verb::CustomerEdit | Verb::CustomerSet => CUSTOMER_FIELDS,
            _ => FOLLOW_UP_FIELDS,
        };
        for field in &mut form.fields {
            let typed = field.input.text();
            let word = field.choices.iter().find(|(_, label)| label == typed.trim());
            let text = word.map_or(typed, |(word, _)| word.as_str());
            let moment_typed = matches!(field.name.as_str(), "due" | "sla" | "when");
            field.means = if moment_typed && !text.trim().is_empty() {
                due(text, &moment).map(echo).map_err(|error| crate::command::PlanError::Due(error).says(zh))
            } else if !field.changed() || !form.edits || form.amends.is_some() {
                Ok(String::new())
            } else {
                read_field(known, &field.name, text, &material)
                    .map(|_| String::new())
                    .map_err(|error| error.says(zh))
            };
        }
    }
}
