//! The outbox: what was written and is not settled, with what the backend says about it.

use crate::command::plan::{field_called, value_called};
use crate::command::{Command, Verb, label_of};
use crate::i18n::words::{Word, fill, writing as words};
use crate::model::view::{OutboxRow, OutboxView, Unsettled};
use crate::model::{Deed, Pushed, Resource, Time, Write, WriteState};

use super::detail::{CustomerDetail, Detail, FollowUpDetail, Loaded};
use super::effect::Effect;
use super::event::Notice;
use super::overlay::Overlay;
use super::panes::Pane;
use super::picker::{Choice, Picked, Picker, PickerKind};
use super::{App, RequestId};

/// The open outbox.
#[derive(Clone, Debug)]
pub struct OutboxDetail {
    /// What it holds.
    pub record: Loaded<OutboxView>,
    /// Index of the row under the cursor.
    pub cursor: usize,
    /// The list one came from.
    pub from: Pane,
}

/// What the operator decides about writes of the outbox, by their numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum OutboxDeed {
    /// Send them again.
    Retry(Vec<i64>),
    /// Drop them: their rows go back to the truth.
    Discard(Vec<i64>),
    /// Send this one with other content.
    Amend(i64, Write),
    /// Send this one with what this command makes of its record.
    Restate(i64, Command),
    /// Keep these fields of a conflict; the others are as somebody else has them.
    Resolve(i64, Vec<String>),
}

impl OutboxDetail {
    /// The outbox, with nothing in it yet.
    pub fn new(from: Pane) -> Self {
        Self { record: Loaded::default(), cursor: 0, from }
    }

    /// Its rows.
    pub fn rows(&self) -> &[OutboxRow] {
        self.record.view.as_ref().map_or(&[], |view| view.rows.as_slice())
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&OutboxRow> {
        self.rows().get(self.cursor)
    }

    /// Moves by so many rows, not beyond the ends.
    pub(super) fn step(&mut self, by: i64) {
        let last = i64::try_from(self.rows().len().saturating_sub(1)).unwrap_or(i64::MAX);
        let at = i64::try_from(self.cursor).unwrap_or(0).saturating_add(by).clamp(0, last);
        self.cursor = usize::try_from(at).unwrap_or(0);
    }

    /// What it holds came: the cursor stays on its write.
    pub(super) fn absorb(&mut self, view: Result<OutboxView, String>) {
        let at = self.current().map(|row| row.n);
        self.record.absorb(view.map(|view| Some(Box::new(view))));
        let found = self.rows().iter().position(|row| Some(row.n) == at);
        self.cursor = found.unwrap_or(self.cursor).min(self.rows().len().saturating_sub(1));
    }
}

impl App {
    /// How the row under the cursor stands, where the backend will not have what was written to it.
    pub fn refused_here(&self) -> Option<&Unsettled> {
        if !self.details.is_empty() {
            return None;
        }
        let standing = match self.focus {
            Pane::Customers => self.customers.current()?.row.write.as_ref(),
            Pane::Tags => self.tags.current()?.write.as_ref(),
            Pane::FollowUps => self.follow_ups.current()?.row.write.as_ref(),
            Pane::Groups => None,
        };
        standing.filter(|standing| standing.state == WriteState::Failed)
    }

    /// Whether the write under the cursor of the outbox is in conflict: then one chooses what stays.
    pub fn is_at_conflict(&self) -> bool {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return false };
        outbox.current().is_some_and(|row| row.state == WriteState::Conflict)
    }

    pub(super) fn open_outbox(&mut self) -> Vec<Effect> {
        if matches!(self.details.last(), Some(Detail::Outbox(_))) {
            return Vec::new();
        }
        let detail = Detail::Outbox(OutboxDetail::new(self.focus));
        self.enter(detail)
    }

    /// Opens the record that the write under the cursor is about; of a conflict, what to choose from.
    pub(super) fn open_outbox_row(&mut self) -> Vec<Effect> {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return Vec::new() };
        let (from, Some(row)) = (outbox.from, outbox.current()) else { return Vec::new() };
        if row.state == WriteState::Conflict {
            return self.pick_sides();
        }
        let customer = |id: &str| Detail::Customer(CustomerDetail::new(id.into(), from));
        let detail = match (&row.write.deed, row.write.resource) {
            (Deed::Send { customer_id, .. }, _) => customer(customer_id.as_str()),
            (Deed::Make { fields }, Resource::Events) => {
                customer(fields.get("customer_id").and_then(|id| id.as_str()).unwrap_or_default())
            }
            (_, Resource::Customers) => customer(&row.write.id),
            (_, Resource::FollowUps) => {
                Detail::FollowUp(FollowUpDetail::new(row.write.id.as_str().into(), from))
            }
            _ => return Vec::new(),
        };
        self.enter(detail)
    }

    /// A command about the write under the cursor.
    pub(super) fn outbox_deed(&mut self, verb: Verb) -> Vec<Effect> {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return Vec::new() };
        let Some(row) = outbox.current().cloned() else {
            self.notice = Some(Notice::plain(self.say(words::OUTBOX_EMPTY)));
            return Vec::new();
        };
        let refused = match (verb, row.state) {
            (_, WriteState::Sending) => Some(words::UNDER_WAY),
            (Verb::OutboxMine | Verb::OutboxTheirs, state) if state != WriteState::Conflict => {
                Some(words::NO_CONFLICT)
            }
            (Verb::OutboxEdit, _) if matches!(row.write.deed, Deed::Delete) => Some(words::NOTHING_TO_EDIT),
            _ => None,
        };
        if let Some(refused) = refused {
            self.notice = Some(Notice::plain(self.say(refused)));
            return Vec::new();
        }
        let all = || row.clashes.iter().map(|clash| clash.field.clone()).collect();
        if verb != Verb::OutboxDiscard {
            self.writing.dropping = None;
        }
        let resending = self.writing.resending.take();
        match verb {
            // It may have arrived: whether the customer is to get it twice is asked first.
            Verb::OutboxRetry
                if row.write.is_outbound()
                    && row.is_forgotten(self.now)
                    && resending != Some(row.n)
                    && !self.settings.read_only =>
            {
                self.writing.resending = Some(row.n);
                let what = label_of(&row, self.settings.lang.is_zh());
                self.notice = Some(Notice::bad(fill(&self.say(words::SEND_TWICE), &[("what", &what)])));
                Vec::new()
            }
            Verb::OutboxRetry => self.decide(OutboxDeed::Retry(vec![row.n])),
            Verb::OutboxDiscard => self.drop_write(&row),
            Verb::OutboxMine => self.decide(OutboxDeed::Resolve(row.n, all())),
            Verb::OutboxTheirs => self.decide(OutboxDeed::Resolve(row.n, Vec::new())),
            _ => self.edit_write(&row),
        }
    }

    /// Writes were sent: those that need the operator are told, once for each time they grow more.
    pub(super) fn pushed(&mut self, pushed: &Pushed) {
        let needs = pushed.failed + pushed.conflicts;
        if needs > self.writing.told_of {
            let text = fill(&self.say(words::NEEDS_YOU), &[("n", &needs)]);
            self.notice = Some(Notice::bad(text));
        }
        self.writing.told_of = needs;
    }

    /// Drops a write on the second key: what was typed goes out of reach of undo.
    fn drop_write(&mut self, row: &OutboxRow) -> Vec<Effect> {
        let n = row.n;
        let sure = self.writing.dropping.take() == Some(n);
        if self.settings.read_only || sure {
            self.notice = Some(Notice::plain(self.say(words::DROPPED)));
            return self.decide(OutboxDeed::Discard(vec![n]));
        }
        self.writing.dropping = Some(n);
        let what = label_of(row, self.settings.lang.is_zh());
        self.notice = Some(Notice::bad(fill(&self.say(words::DROP), &[("what", &what)])));
        Vec::new()
    }

    pub(super) fn decide(&mut self, deed: OutboxDeed) -> Vec<Effect> {
        if self.settings.read_only {
            self.notice = Some(Notice::plain(self.say(words::READ_ONLY)));
            return Vec::new();
        }
        let id = self.new_request();
        self.writing.deciding = Some(id);
        self.writing.settling = match &deed {
            OutboxDeed::Resolve(n, mine) => self.told_sides(*n, mine),
            _ => None,
        };
        vec![Effect::Outbox { id, deed }]
    }

    /// It was decided, or could not be.
    pub(super) fn decided(&mut self, id: RequestId, result: Result<(), String>) -> Vec<Effect> {
        if self.writing.deciding.take_if(|waited| *waited == id).is_none() {
            return Vec::new();
        }
        let settled = self.writing.settling.take();
        match (result, &mut self.overlay) {
            (Ok(()), Some(Overlay::Form(form))) if form.amends.is_some() => {
                let key = form.key.clone();
                self.overlay = None;
                return self.drop_draft(key);
            }
            (Ok(()), _) => {
                if let Some(settled) = settled {
                    self.notice = Some(Notice::good(settled));
                }
            }
            (Err(why), Some(Overlay::Form(form))) => form.error = Some(why),
            (Err(why), _) => self.notice = Some(Notice::bad(why)),
        }
        Vec::new()
    }

    /// The fields of a conflict, mine turned on.
    fn pick_sides(&mut self) -> Vec<Effect> {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return Vec::new() };
        let Some(row) = outbox.current() else { return Vec::new() };
        let zone = &self.settings.zone;
        let stamp = |at: Time| crate::i18n::stamp(&at.zoned(zone), &self.now.zoned(zone));
        let (of, zh) = (row.write.resource, self.settings.lang.is_zh());
        let shown = |field: &str, value: &serde_json::Value| match value {
            serde_json::Value::Null => "—".to_owned(),
            serde_json::Value::String(text) => {
                Time::parse(text).map_or_else(|_| value_called(of, field, text, zh), stamp)
            }
            other => other.to_string(),
        };
        let (mine, theirs) = (self.say(words::MINE), self.say(words::THEIRS));
        let choices = row.clashes.iter().map(|clash| Choice {
            label: format!(
                "{}  {mine}: {}",
                field_called(of, &clash.field, zh),
                shown(&clash.field, &clash.mine)
            ),
            note: format!("{theirs}: {}", shown(&clash.field, &clash.theirs)),
            on: Some(true),
            refused: None,
            does: Picked::Side(clash.field.clone()),
            risk: None,
            also: clash.field.clone(),
        });
        let choices = choices.collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Sides(row.n), choices)));
        Vec::new()
    }

    /// What settling a conflict so has done: which fields are mine now, and which are not.
    fn told_sides(&self, n: i64, mine: &[String]) -> Option<String> {
        let Some(Detail::Outbox(outbox)) = self.details.last() else { return None };
        let row = outbox.rows().iter().find(|row| row.n == n)?;
        let zh = self.settings.lang.is_zh();
        let named = |kept: bool, word: Word| {
            let clashes = row.clashes.iter().filter(|clash| mine.contains(&clash.field) == kept);
            let names: Vec<String> =
                clashes.map(|clash| field_called(row.write.resource, &clash.field, zh)).collect();
            let fields = names.join(if zh { "、" } else { ", " });
            (!names.is_empty()).then(|| fill(&self.say(word), &[("fields", &fields)]))
        };
        let told = [named(true, words::KEPT_MINE), named(false, words::TOOK_THEIRS)];
        let told: Vec<String> = told.into_iter().flatten().collect();
        (!told.is_empty()).then(|| format!("{} · {}", row.name, told.join(if zh { "；" } else { "; " })))
    }

    /// The fields that stay mine are those that are on.
    pub(super) fn sides_picked(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = self.overlay.take() else { return Vec::new() };
        let PickerKind::Sides(n) = picker.kind else { return Vec::new() };
        let mine = picker.choices.into_iter().filter(|choice| choice.on == Some(true));
        let mine = mine.filter_map(|choice| match choice.does {
            Picked::Side(field) => Some(field),
            _ => None,
        });
        let mine = mine.collect();
        self.decide(OutboxDeed::Resolve(n, mine))
    }
}
