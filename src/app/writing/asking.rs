//! What a command still needs, asked for by a picker or a form.

use crate::app::effect::Effect;
use crate::app::overlay::Overlay;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::{App, Detail};
use crate::command::plan::{CONTACT_RESULTS, CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field, Takes};
use crate::command::{Command, Verb};
use crate::i18n::words::{fill, kinds, named, writing as words};
use crate::model::{AnyRecord, Customer, FollowUp, Record, Resource};
use crate::query::ask::Ask;

use super::{Fetching, Form, FormField, Targets};

impl App {
    /// Asks for what `command` lacks.
    pub(super) fn ask_for(&mut self, command: &Command, targets: Targets) -> Vec<Effect> {
        match command.verb {
            Verb::TagEdit | Verb::TagAdd | Verb::TagRemove => self.pick_tags(command, &targets),
            Verb::StageSet => self.pick_words(command, CUSTOMER_FIELDS, "stage"),
            Verb::OwnerSet | Verb::FollowUpAssign => {
                let me = (self.say(words::ME), "me".to_owned());
                let names = self.vocabulary.operators.iter().map(|name| (name.clone(), name.clone()));
                let names = std::iter::once(me).chain(names).collect();
                self.pick_one(command, names)
            }
            Verb::CallLog | Verb::FollowUpResult => {
                let label = |(index, word): (usize, &&str)| {
                    let name = named(kinds::OUTCOMES, word).map_or((*word).to_owned(), |name| self.say(name));
                    (format!("{} {name}", index + 1), (*word).to_owned())
                };
                let results = CONTACT_RESULTS.iter().enumerate().map(label).collect();
                self.pick_one(command, results)
            }
            Verb::MessageSnippet => {
                let titles = self.vocabulary.snippets.iter();
                let titles = titles.map(|(title, _)| (title.clone(), title.clone())).collect();
                self.pick_one(command, titles)
            }
            Verb::TagMerge => {
                let own = self.tags.current().map(|tag| tag.id.clone());
                let others = self.tags.tags.iter().filter(|tag| Some(&tag.id) != own.as_ref());
                let others = others.map(|tag| (tag.name.clone(), tag.id.to_string())).collect();
                self.pick_one(command, others)
            }
            Verb::TagGroup => {
                let mut groups: Vec<_> = self.tags.tags.iter().map(|tag| tag.group.clone()).collect();
                groups.retain(|group| !group.is_empty());
                groups.dedup();
                let groups = groups.into_iter().map(|group| (group.clone(), group)).collect();
                self.pick_one(command, groups)
            }
            Verb::CustomerEdit | Verb::FollowUpEdit => self.edit_record(command, targets),
            _ => {
                let fields = self.fields_for(command);
                let form = self.form(command, targets, fields, command.verb == Verb::FollowUpCreate);
                self.open_form(form)
            }
        }
    }

    pub(in crate::app) fn form(
        &self,
        command: &Command,
        targets: Targets,
        fields: Vec<FormField>,
        edits: bool,
    ) -> Form {
        let spec = command.spec();
        let key = format!("{} {}", spec.id, targets.key());
        let mut title = spec.says(self.settings.lang.is_zh()).to_owned();
        if let Some(name) = self.target_name(&targets) {
            title = format!("{title} · {name}");
        }
        Form {
            title,
            command: command.clone(),
            targets,
            fields,
            focus: 0,
            error: None,
            key,
            restored: false,
            edits,
            to: None,
            amends: None,
        }
    }

    /// Who or what a form is about.
    fn target_name(&self, targets: &Targets) -> Option<String> {
        if targets.len() > 1 {
            return Some(targets.len().to_string());
        }
        match self.details.last() {
            Some(Detail::Customer(detail)) => Some(detail.record.view.as_ref()?.customer.name.clone()),
            Some(Detail::FollowUp(detail)) => Some(detail.record.view.as_ref()?.follow_up.title.clone()),
            Some(_) => None,
            None => match targets {
                Targets::Records(Resource::Tags, _) => Some(self.tags.current()?.name.clone()),
                Targets::Records(Resource::FollowUps, _) => {
                    Some(self.follow_ups.current()?.row.title.clone())
                }
                Targets::Records(..) if self.focus == crate::app::Pane::FollowUps => {
                    Some(self.follow_ups.current()?.row.customer.clone())
                }
                Targets::Records(..) => Some(self.customers.current()?.row.name.clone()),
                _ => None,
            },
        }
    }

    /// The fields of the forms that are no record's.
    fn fields_for(&self, command: &Command) -> Vec<FormField> {
        let say = |word| self.say(word);
        let zh = self.settings.lang.is_zh();
        match command.verb {
            Verb::NoteAdd => vec![FormField::new("text", say(words::TEXT), "").of_lines()],
            Verb::PointsAdd => vec![
                FormField::new("points", say(words::POINTS), ""),
                FormField::new("why", say(words::WHY), ""),
            ],
            Verb::CouponGrant => vec![FormField::new("name", say(words::COUPON), "")],
            Verb::FollowUpSnooze => vec![FormField::new("when", say(words::WHEN), "")],
            Verb::TagCreate => {
                let group = self.tags.current().map_or("", |tag| tag.group.as_str());
                vec![
                    FormField::new("name", say(words::NAME), ""),
                    FormField::new("group", say(words::GROUP), group),
                ]
            }
            Verb::TagRename => {
                let name = self.tags.current().map_or("", |tag| tag.name.as_str());
                vec![FormField::new("name", say(words::NAME), name)]
            }
            Verb::FollowUpCreate => {
                let of = |name: &str| FOLLOW_UP_FIELDS.iter().find(|field| field.name == name);
                let fields = ["title", "due", "kind", "priority", "assignee", "body"]
                    .iter()
                    .filter_map(|name| of(name));
                fields.map(|field| self.field(field, "", zh)).collect()
            }
            _ => vec![FormField::new("value", say(words::VALUE), "")],
        }
    }

    /// A field of a record with a text in it, and the words that it can be.
    pub(in crate::app) fn form_field(&self, field: &Field, text: &str) -> FormField {
        self.field(field, text, self.settings.lang.is_zh())
    }

    /// Fields that only the backend has, among those that a write lays over a customer.
    pub(in crate::app) fn custom_fields(
        &self,
        sent: &serde_json::Map<String, serde_json::Value>,
    ) -> Vec<FormField> {
        let custom = sent.get("custom").and_then(serde_json::Value::as_object);
        let custom = custom.into_iter().flatten().map(|(name, value)| custom_field(name, value));
        custom.collect()
    }

    /// Asks for the record of a write of the outbox that is to be said otherwise.
    pub(in crate::app) fn fetch_to_amend(&mut self, n: i64, ask: Ask) -> Vec<Effect> {
        let id = self.request();
        let command = Command::new(Verb::OutboxEdit);
        self.writing.fetching = Some(Fetching { id, command, targets: Targets::None, amends: Some(n) });
        vec![Effect::Ask(id, ask)]
    }

    fn field(&self, field: &Field, text: &str, zh: bool) -> FormField {
        let words = field
            .words()
            .into_iter()
            .map(|(word, chinese)| (word.to_owned(), if zh { chinese } else { word }.to_owned()));
        let mut choices: Vec<(String, String)> = words.collect();
        if matches!(field.takes, Takes::Operator | Takes::Operators) {
            choices.extend(self.vocabulary.operators.iter().map(|name| (name.clone(), name.clone())));
        }
        let shown = choices.iter().find(|(word, _)| word == text).map_or(text, |(_, label)| label.as_str());
        let one = FormField::new(field.name, field.label(zh), shown).of(choices.clone());
        if field.takes == Takes::Text { one.of_lines() } else { one }
    }

    /// Opens the form of a record: of many, one without texts, where what is typed goes to all.
    fn edit_record(&mut self, command: &Command, targets: Targets) -> Vec<Effect> {
        let Targets::Records(resource, ids) = &targets else { return Vec::new() };
        let [id] = ids.as_slice() else {
            let fields = self.record_fields(command.verb, None);
            let form = self.form(command, targets, fields, true);
            return self.open_form(form);
        };
        let ask = match resource {
            Resource::FollowUps => Ask::FollowUp(id.as_str().into()),
            _ => Ask::Customer(id.as_str().into()),
        };
        let id = self.request();
        self.writing.fetching = Some(Fetching { id, command: command.clone(), targets, amends: None });
        vec![Effect::Ask(id, ask)]
    }

    /// The record of a form came, with the names of who looks after it.
    pub(in crate::app) fn fetched(&mut self, record: Option<(AnyRecord, Vec<String>)>) -> Vec<Effect> {
        let Some(Fetching { command, amends, .. }) = self.writing.fetching.take() else { return Vec::new() };
        if let Some(n) = amends {
            return self.fetched_to_amend(n, record);
        }
        let Some((record, operators)) = record else { return self.refuse(words::NO_TARGET) };
        let targets = Targets::Records(record.resource(), vec![record.key()]);
        let fields = self.record_fields(command.verb, Some((&record, &operators)));
        let form = self.form(&command, targets, fields, true);
        self.open_form(form)
    }

    fn record_fields(&self, verb: Verb, record: Option<(&AnyRecord, &[String])>) -> Vec<FormField> {
        let (record, operators) = record.unzip();
        let operators = operators.unwrap_or_default();
        let zh = self.settings.lang.is_zh();
        let known = if verb == Verb::FollowUpEdit { FOLLOW_UP_FIELDS } else { CUSTOMER_FIELDS };
        let (blank, zone) = (FollowUp::default().any().to_value(), &self.settings.zone);
        let item = record.map_or(blank, AnyRecord::to_value);
        let text = |field: &Field| -> String {
            let value = item.get(field.key).filter(|_| record.is_some());
            let text = match value {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(serde_json::Value::Array(list)) => {
                    let texts: Vec<_> = list.iter().filter_map(serde_json::Value::as_str).collect();
                    texts.join(", ")
                }
                _ => String::new(),
            };
            match field.takes {
                Takes::Operator | Takes::Operators => operators.join(", "),
                Takes::Moment => crate::model::Time::parse(&text)
                    .map_or(text.clone(), |time| time.zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()),
                _ => text,
            }
        };
        // A phone that may not be seen cannot be edited either, until it is revealed.
        let hidden = match record {
            Some(AnyRecord::Customer(customer)) => !self.shows_phone_of(customer.id.as_str()),
            _ => false,
        };
        let mut fields: Vec<_> = known
            .iter()
            .map(|field| match field.takes {
                Takes::Phones if hidden => FormField::fixed(field.name, field.label(zh), self.why_hidden()),
                _ => self.field(field, &text(field), zh),
            })
            .collect();
        if let Some(AnyRecord::Customer(Customer { custom, .. })) = record {
            for (name, value) in custom {
                fields.push(custom_field(name, value));
            }
        }
        fields
    }

    /// Why a phone is not in the form, and which key brings it there.
    fn why_hidden(&self) -> String {
        let keys = self.settings.keymap.keys_of(Verb::PhoneReveal, self.layers_under_overlay());
        let key = keys.first().map_or_else(
            || format!(":{}", Verb::PhoneReveal.spec().id),
            |keys| crate::keymap::print_keys(keys),
        );
        fill(&self.say(words::PHONE_MASKED), &[("key", &key)])
    }

    /// All tags, those that the customer has turned on.
    fn pick_tags(&mut self, command: &Command, targets: &Targets) -> Vec<Effect> {
        let had = if targets.len() == 1 { self.tags_of_target() } else { Vec::new() };
        let wanted = |name: &String| match command.verb {
            Verb::TagRemove => targets.len() > 1 || had.contains(name),
            Verb::TagAdd => !had.contains(name),
            _ => true,
        };
        let tags = self.tags.tags.iter().filter(|tag| wanted(&tag.name));
        let choices = tags.map(|tag| {
            let on = had.contains(&tag.name);
            Choice {
                label: tag.name.clone(),
                note: tag.group.clone(),
                on: Some(on),
                refused: None,
                does: Picked::Tag { id: tag.id.to_string(), had: on },
                risk: None,
                also: tag.group.clone(),
            }
        });
        let mut choices: Vec<Choice> = choices.collect();
        choices.sort_by_key(|choice| choice.on != Some(true));
        let kind = PickerKind::Tags { remove: command.verb == Verb::TagRemove };
        self.overlay = Some(Overlay::Picker(Picker::new(kind, choices)));
        Vec::new()
    }

    /// Names of the tags of the one customer that a command is for.
    fn tags_of_target(&self) -> Vec<String> {
        match (self.details.last(), self.focus) {
            (Some(Detail::Customer(detail)), _) => {
                detail.record.view.as_ref().map_or_else(Vec::new, |view| view.row.tags.clone())
            }
            (Some(Detail::FollowUp(detail)), _) => detail
                .record
                .view
                .as_ref()
                .and_then(|view| view.customer.as_ref())
                .map_or_else(Vec::new, |row| row.tags.clone()),
            (None, crate::app::Pane::Customers) => {
                self.customers.current().map_or_else(Vec::new, |at| at.row.tags.clone())
            }
            _ => Vec::new(),
        }
    }

    /// What was toggled in the tags picker, as a command; the tag under the cursor where nothing was.
    pub(in crate::app) fn tags_picked(&mut self) -> Option<Command> {
        let Some(Overlay::Picker(picker)) = &self.overlay else { return None };
        let PickerKind::Tags { remove } = picker.kind else { return None };
        let (mut add, mut take) = (Vec::new(), Vec::new());
        for choice in &picker.choices {
            let Picked::Tag { id, had } = &choice.does else { continue };
            match (had, choice.on == Some(true)) {
                (false, true) => add.push(id.clone()),
                (true, false) => take.push(id.clone()),
                _ => {}
            }
        }
        if add.is_empty() && take.is_empty() {
            let Picked::Tag { id, had } = &picker.current()?.does else { return None };
            if *had || remove { take.push(id.clone()) } else { add.push(id.clone()) }
        } else if remove {
            take.append(&mut add);
        }
        let args = vec![add.join(","), take.join(",")];
        Some(Command { verb: Verb::TagEdit, args, count: None })
    }

    fn pick_words(&mut self, command: &Command, fields: &[Field], name: &str) -> Vec<Effect> {
        let zh = self.settings.lang.is_zh();
        let words = fields.iter().find(|field| field.name == name).map(Field::words).unwrap_or_default();
        let words = words.into_iter().map(|(word, chinese)| {
            let english = named(kinds::STAGES, word).map_or(word, |named| named.en);
            (if zh { chinese } else { english }.to_owned(), word.to_owned())
        });
        let words = words.collect();
        let effects = self.pick_one(command, words);
        // one begins where the record stands now
        let now = self.stage_of_target();
        let mark = self.say(words::NOW);
        if let Some(Overlay::Picker(picker)) = &mut self.overlay
            && let Some(at) = picker.choices.iter().position(|choice| Some(&choice.also) == now.as_ref())
        {
            picker.choices[at].note = mark;
            picker.cursor = at;
        }
        effects
    }

    /// The stage of the one customer that a command is for.
    fn stage_of_target(&self) -> Option<String> {
        match (self.details.last(), self.focus) {
            (Some(Detail::Customer(detail)), _) => detail.record.view.as_ref()?.row.stage.clone(),
            (None, crate::app::Pane::Customers) if self.customer_marks.is_empty() => {
                self.customers.current()?.row.stage.clone()
            }
            _ => None,
        }
    }

    /// One of several: what each is called, and what it is.
    pub(in crate::app) fn pick_one(
        &mut self,
        command: &Command,
        items: Vec<(String, String)>,
    ) -> Vec<Effect> {
        let choices = items.into_iter().map(|(label, value)| {
            let mut chosen = command.clone();
            chosen.args.push(value.clone());
            Choice {
                label,
                note: String::new(),
                on: None,
                refused: None,
                does: Picked::Run(chosen),
                risk: None,
                also: value,
            }
        });
        let choices = choices.collect();
        let title = command.spec().says(self.settings.lang.is_zh());
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Argument(title), choices)));
        Vec::new()
    }
}

/// A field that only the backend has, with what stands there.
fn custom_field(name: &str, value: &serde_json::Value) -> FormField {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let field = FormField::new(&format!("custom.{name}"), name, &text);
    FormField { custom: Some(value.clone()), ..field }
}
