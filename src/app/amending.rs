//! A write of the outbox that is said otherwise: what was asked for stands in the form or the picker
//! that asks for its like.
//!
//! Values that name records (operators, tag groups) become the write's again where those are known:
//! see [`OutboxDeed::Restate`]. A message and a name are what was typed.

use serde_json::{Map, Value};

use crate::command::plan::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field, Takes};
use crate::command::{Command, Verb};
use crate::i18n::words::writing as words;
use crate::model::view::OutboxRow;
use crate::model::{AnyRecord, Deed, Resource, TagId, Time, Write};
use crate::query::ask::Ask;

use super::App;
use super::detail::Detail;
use super::effect::Effect;
use super::event::Notice;
use super::outbox::OutboxDeed;
use super::overlay::Overlay;
use super::picker::{Choice, Picked, Picker, PickerKind};
use super::writing::{Form, FormField, Targets};

impl App {
    /// Asks what a write is to say instead. What only its record knows is fetched first.
    pub(super) fn edit_write(&mut self, row: &OutboxRow) -> Vec<Effect> {
        let write = &row.write;
        let ask = match (&write.deed, write.resource) {
            (Deed::Set { .. } | Deed::Tag { .. }, Resource::Customers) => {
                Some(Ask::Customer(write.id.as_str().into()))
            }
            (Deed::Set { .. } | Deed::Make { .. }, Resource::FollowUps) => {
                Some(Ask::FollowUp(write.id.as_str().into()))
            }
            _ => None,
        };
        match ask {
            Some(ask) => self.fetch_to_amend(row.n, ask),
            None => self.amend_form(row, &[]),
        }
    }

    /// The record of a write that is edited came; `None` where it is gone.
    pub(super) fn fetched_to_amend(
        &mut self,
        n: i64,
        record: Option<(AnyRecord, Vec<String>)>,
    ) -> Vec<Effect> {
        let Some(row) = self.write_of(n) else { return Vec::new() };
        let (record, operators) = record.unzip();
        match (&row.write.deed, record) {
            (Deed::Tag { add, remove }, Some(AnyRecord::Customer(customer))) => {
                // What the customer has without this write.
                let mut had: Vec<TagId> =
                    customer.tags.into_iter().filter(|tag| !add.contains(tag)).collect();
                had.extend(remove.iter().cloned());
                self.amend_tags(n, &had, add, remove)
            }
            _ => self.amend_form(&row, &operators.unwrap_or_default()),
        }
    }

    /// A write of the open outbox, by its number.
    fn write_of(&self, n: i64) -> Option<OutboxRow> {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return None };
        outbox.rows().iter().find(|row| row.n == n).cloned()
    }

    /// All tags; those are on that the customer would have.
    fn amend_tags(&mut self, n: i64, had: &[TagId], add: &[TagId], remove: &[TagId]) -> Vec<Effect> {
        let choices = self.tags.tags.iter().map(|tag| {
            let (before, added) = (had.contains(&tag.id), add.contains(&tag.id));
            Choice {
                label: tag.name.clone(),
                note: tag.group.clone(),
                on: Some(added || (before && !remove.contains(&tag.id))),
                refused: None,
                does: Picked::Tag { id: tag.id.to_string(), had: before },
                risk: None,
                also: tag.group.clone(),
            }
        });
        let mut choices: Vec<Choice> = choices.collect();
        // A tag that is no more is asked for all the same, and can be turned off.
        let is_gone = |id: &&TagId| !self.tags.tags.iter().any(|tag| tag.id == **id);
        let gone: Vec<&TagId> = add.iter().filter(is_gone).collect();
        let row = self.write_of(n);
        let names =
            row.as_ref().map(|row| self.gone_names(&row.label)).filter(|names| names.len() == gone.len());
        for (at, id) in gone.into_iter().enumerate() {
            let name = names.as_ref().and_then(|names| names.get(at).cloned());
            choices.push(Choice {
                label: name.unwrap_or_else(|| id.to_string()),
                note: self.say(words::TAG_GONE),
                on: Some(true),
                refused: None,
                does: Picked::Tag { id: id.to_string(), had: false },
                risk: None,
                also: String::new(),
            });
        }
        let asked = |choice: &Choice| match &choice.does {
            Picked::Tag { had, .. } => choice.on != Some(*had),
            _ => false,
        };
        choices.sort_by_key(|choice| (!asked(choice), choice.on != Some(true)));
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::AmendTags(n), choices)));
        Vec::new()
    }

    /// Of the tags that a command's label names, those that are no more: the label has them as they were
    /// called when it was given.
    fn gone_names(&self, label: &str) -> Vec<String> {
        let said = [Verb::TagAdd, Verb::TagEdit].into_iter().flat_map(|verb| {
            let spec = verb.spec();
            [spec.zh, spec.en]
        });
        let rests = said.filter_map(|said| label.strip_prefix(said)).filter(|rest| rest.starts_with(' '));
        let Some(rest) = rests.min_by_key(|rest| rest.len()) else { return Vec::new() };
        let is_here = |name: &str| self.tags.tags.iter().any(|tag| tag.name == name);
        let names = rest.split([' ', ',', '，']).filter(|name| !name.is_empty() && !name.starts_with('-'));
        let names = names.map(|name| name.strip_prefix('+').unwrap_or(name));
        names.filter(|name| !is_here(name)).map(str::to_owned).collect()
    }

    /// What is on in the picker is what the write says from now on.
    pub(super) fn amended_tags(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = &self.overlay else { return Vec::new() };
        let PickerKind::AmendTags(n) = picker.kind else { return Vec::new() };
        let (mut add, mut remove): (Vec<TagId>, Vec<TagId>) = (Vec::new(), Vec::new());
        let mut kept = Vec::new();
        for choice in &picker.choices {
            let Picked::Tag { id, had } = &choice.does else { continue };
            match (had, choice.on == Some(true)) {
                (false, true) => add.push(id.as_str().into()),
                (true, false) => remove.push(id.as_str().into()),
                (true, true) => kept.push(id.as_str().into()),
                (false, false) => {}
            }
        }
        if add.is_empty() && remove.is_empty() {
            self.notice = Some(Notice::plain(self.say(words::NOTHING_LEFT_TO_SEND)));
            return Vec::new();
        }
        let exclusive = |id: &TagId| {
            let tag = self.tags.tags.iter().find(|tag| tag.id == *id).filter(|tag| tag.exclusive)?;
            Some(tag.group.as_str())
        };
        let twice = add.iter().enumerate().any(|(at, one)| {
            exclusive(one).is_some() && add[..at].iter().any(|other| exclusive(other) == exclusive(one))
        });
        if twice {
            self.notice = Some(Notice::plain(self.say(words::ONE_OF_GROUP)));
            return Vec::new();
        }
        // An added tag takes the place of the one there is of its group.
        let taken: Vec<_> = add.iter().filter_map(exclusive).collect();
        remove.extend(kept.into_iter().filter(|tag| exclusive(tag).is_some_and(|of| taken.contains(&of))));
        let row = self.write_of(n);
        self.overlay = None;
        let Some(row) = row else { return Vec::new() };
        self.decide(OutboxDeed::Amend(n, Write { deed: Deed::Tag { add, remove }, ..row.write }))
    }

    /// What a write says, to be written otherwise. `operators` are those that its record names.
    fn amend_form(&mut self, row: &OutboxRow, operators: &[String]) -> Vec<Effect> {
        let (verb, fields) = self.amendable(&row.write, operators);
        if fields.is_empty() {
            self.notice = Some(Notice::plain(self.say(words::NOTHING_TO_EDIT)));
            return Vec::new();
        }
        let edits =
            matches!(verb, Verb::OutboxEdit | Verb::CustomerEdit | Verb::FollowUpEdit | Verb::FollowUpCreate);
        let form = Form {
            title: format!("{} · {}", self.say(words::EDIT_AND_SEND), row.name),
            command: Command::new(verb),
            targets: Targets::None,
            fields,
            focus: 0,
            error: row.words.clone(),
            key: format!("outbox {}", row.n),
            restored: false,
            edits,
            to: None,
            amends: Some((row.n, row.write.clone())),
        };
        self.open_form(form)
    }

    /// The command that says the like of a write, and the fields that it takes, with what they were;
    /// [`Verb::OutboxEdit`] where what is typed is what is sent.
    fn amendable(&self, write: &Write, operators: &[String]) -> (Verb, Vec<FormField>) {
        let table = |known: &'static [Field], sent: &Map<String, Value>| {
            known
                .iter()
                .filter_map(|field| Some(self.filled(field, sent.get(field.key)?, operators)))
                .chain(self.custom_fields(sent))
                .collect()
        };
        let text = |fields: &Map<String, Value>, key: &str| {
            fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        match (&write.deed, write.resource) {
            (Deed::Send { channel, body, .. }, _) => (
                Verb::OutboxEdit,
                vec![
                    FormField::new("channel", self.say(words::CHANNEL), channel),
                    FormField::new("text", self.say(words::TEXT), body).of_lines(),
                ],
            ),
            (Deed::Set { fields }, Resource::Customers) => {
                (Verb::CustomerEdit, table(CUSTOMER_FIELDS, fields))
            }
            (Deed::Set { fields }, Resource::FollowUps) => match fields.get("snoozed_until") {
                Some(until @ Value::String(_)) => {
                    let when = self.moment_text(until);
                    (Verb::FollowUpSnooze, vec![FormField::new("when", self.say(words::WHEN), &when)])
                }
                _ => (Verb::FollowUpEdit, table(FOLLOW_UP_FIELDS, fields)),
            },
            (Deed::Make { fields }, Resource::FollowUps) => {
                (Verb::FollowUpCreate, table(FOLLOW_UP_FIELDS, fields))
            }
            (Deed::Set { fields } | Deed::Make { fields }, Resource::Tags) if fields.contains_key("name") => {
                let name = FormField::new("name", self.say(words::NAME), &text(fields, "name"));
                (if write.makes() { Verb::OutboxEdit } else { Verb::TagRename }, vec![name])
            }
            (Deed::Set { fields }, Resource::Tags) if fields.contains_key("group_id") => {
                let now = self.tags.tags.iter().find(|tag| tag.id.as_str() == write.id);
                let group = now.map_or("", |tag| tag.group.as_str());
                let mut groups: Vec<_> = self.tags.tags.iter().map(|tag| tag.group.clone()).collect();
                groups.retain(|group| !group.is_empty());
                groups.dedup();
                let field = FormField::new("group", self.say(words::GROUP), group);
                (Verb::TagGroup, vec![field.of(groups.into_iter().map(|of| (of.clone(), of)).collect())])
            }
            (Deed::Make { fields }, Resource::Events) => self.amendable_event(fields),
            _ => (Verb::OutboxEdit, Vec::new()),
        }
    }

    /// What happened with a customer, as the command asks for it.
    fn amendable_event(&self, fields: &Map<String, Value>) -> (Verb, Vec<FormField>) {
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        let data = |key: &str| fields.get("data").and_then(|data| data.get(key));
        let said = if text("body").is_empty() { text("title") } else { text("body") };
        match text("kind") {
            "points" => {
                let change = data("change").map(Value::to_string).unwrap_or_default();
                let why = if said.parse::<i64>().is_ok() { "" } else { said };
                let points = FormField::new("points", self.say(words::POINTS), &change);
                (Verb::PointsAdd, vec![points, FormField::new("why", self.say(words::WHY), why)])
            }
            "coupon" => (Verb::CouponGrant, vec![FormField::new("name", self.say(words::COUPON), said)]),
            "call" => {
                let result = data("outcome").and_then(Value::as_str).unwrap_or_default();
                let note = if said == result { "" } else { said };
                let result = FormField::new("result", self.say(words::RESULT), result);
                (Verb::CallLog, vec![result, FormField::new("note", self.say(words::TEXT), note).of_lines()])
            }
            _ => (Verb::NoteAdd, vec![FormField::new("text", self.say(words::TEXT), said).of_lines()]),
        }
    }

    /// A field of a record with what was sent.
    fn filled(&self, field: &Field, value: &Value, operators: &[String]) -> FormField {
        let text = match (field.takes, value) {
            (Takes::Operator | Takes::Operators, _) => operators.join(", "),
            (Takes::Moment, value) => self.moment_text(value),
            (_, Value::String(text)) => text.clone(),
            (_, Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        };
        self.form_field(field, &text)
    }

    fn moment_text(&self, value: &Value) -> String {
        let text = value.as_str().unwrap_or_default();
        let zone = &self.settings.zone;
        Time::parse(text)
            .map_or_else(|_| text.to_owned(), |time| time.zoned(zone).strftime("%Y-%m-%d %H:%M").to_string())
    }

    /// Sends the write of a form with what stands in it now.
    pub(super) fn amend(&mut self, n: i64, write: Write) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &self.overlay else { return Vec::new() };
        match form.command.verb {
            Verb::OutboxEdit => {}
            Verb::FollowUpCreate => {
                let command = Command::with(Verb::FollowUpCreate, form.all_as_json());
                return self.decide(OutboxDeed::Restate(n, command));
            }
            _ => {
                let command = form.command();
                return self.decide(OutboxDeed::Restate(n, command));
            }
        }
        let mut amended = write;
        for field in form.fields.iter().filter(|field| field.changed()) {
            let text = field.input.text();
            match (&mut amended.deed, field.name.as_str()) {
                (Deed::Set { fields } | Deed::Make { fields }, name) => {
                    fields.insert(name.to_owned(), text.into());
                }
                (Deed::Send { channel, .. }, "channel") => text.trim().clone_into(channel),
                (Deed::Send { body, .. }, _) => text.clone_into(body),
                (Deed::Tag { .. } | Deed::Delete, _) => {}
            }
        }
        self.decide(OutboxDeed::Amend(n, amended))
    }
}
