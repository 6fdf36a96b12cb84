//! What a write does, in words: what one reads before saying yes, and what a dry run prints.
//!
//! Records that a write names by id are told by their names. The words may quote others: who shows
//! them takes them for hostile text.

use serde_json::{Map, Value};

use super::Material;
use super::called::{field_called, field_of, result_called, value_called};
use super::fields::{Field, Takes};
use crate::model::{Deed, Planned, Resource, TagId, Time};

/// Characters of one value that are told; a longer one is cut.
const TOLD: usize = 2000;

/// What `planned` does, such as `备注: 老客 → VIP` or `+标签 VIP`, without the record's name.
pub fn describe(planned: &Planned, material: &Material<'_>) -> String {
    let teller = Teller { material, resource: planned.write.resource };
    match &planned.write.deed {
        Deed::Set { fields } => {
            teller.set(fields, &planned.image, fields.contains_key("snoozed_until") && hastens(planned))
        }
        Deed::Tag { add, remove } => teller.tags(add, remove),
        Deed::Make { fields } => teller.made(fields),
        Deed::Send { channel, body, .. } => {
            let (send, body) = (teller.say("发送", "send"), cut(body));
            format!("{send} {channel}: {body}")
        }
        Deed::Delete => teller.say("删除", "delete").to_owned(),
    }
}

/// Whether a write makes a follow-up due earlier than it was.
pub(super) fn hastens(planned: &Planned) -> bool {
    let at = |fields: &Map<String, Value>| Time::parse(fields.get("due_at")?.as_str()?).ok();
    let Deed::Set { fields } = &planned.write.deed else { return false };
    matches!((at(fields), at(&planned.image)), (Some(new), Some(old)) if new < old)
}

pub(super) struct Teller<'a> {
    pub material: &'a Material<'a>,
    pub resource: Resource,
}

impl Teller<'_> {
    pub(super) fn say<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.material.zh { zh } else { en }
    }

    fn set(&self, fields: &Map<String, Value>, image: &Map<String, Value>, hastens: bool) -> String {
        let mut told = Vec::new();
        for (key, value) in fields {
            let before = image.get(key).unwrap_or(&Value::Null);
            if let ("custom", Value::Object(members)) = (key.as_str(), value) {
                for (name, value) in members {
                    let before = before.get(name).unwrap_or(&Value::Null);
                    told.push(self.change(name, &self.value(None, before), &self.value(None, value)));
                }
                continue;
            }
            let (before, after) = (self.value(Some(key), before), self.value(Some(key), value));
            if before != after {
                told.push(self.change(&self.label(key), &before, &after));
            }
        }
        told.extend(hastens.then(|| self.say("比原来的到期早", "earlier than it was due").to_owned()));
        told.join(self.say("；", "; "))
    }

    fn change(&self, label: &str, before: &str, after: &str) -> String {
        let none = self.say("（空）", "(none)");
        let shown = |text: &str| if text.is_empty() { none.to_owned() } else { cut(text) };
        format!("{label}: {} → {}", shown(before), shown(after))
    }

    fn tags(&self, add: &[TagId], remove: &[TagId]) -> String {
        let names = |ids: &[TagId]| {
            let names: Vec<_> = ids.iter().map(|id| self.tag(id.as_str())).collect();
            names.join(self.say("、", ", "))
        };
        let parts = [("+", add), ("-", remove)].into_iter().filter(|(_, ids)| !ids.is_empty());
        let parts: Vec<_> =
            parts.map(|(sign, ids)| format!("{sign}{} {}", self.say("标签", "tag"), names(ids))).collect();
        parts.join("  ")
    }

    fn made(&self, fields: &Map<String, Value>) -> String {
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        match self.resource {
            Resource::FollowUps => {
                let mut told = format!("{}: {}", self.say("新跟进", "new follow-up"), cut(text("title")));
                for key in ["due_at", "assignee_id"] {
                    let value = self.value(Some(key), fields.get(key).unwrap_or(&Value::Null));
                    if !value.is_empty() {
                        told.push_str(&format!(" · {value}"));
                    }
                    let past = |due: Time| due < self.material.moment.now;
                    if key == "due_at" && Time::parse(text(key)).is_ok_and(past) {
                        told.push_str(self.say("（已逾期）", " (overdue at once)"));
                    }
                }
                told
            }
            Resource::Tags => {
                let group = self.value(Some("group_id"), fields.get("group_id").unwrap_or(&Value::Null));
                let made = self.say("新标签", "new tag");
                if group.is_empty() { made.to_owned() } else { format!("{made} · {group}") }
            }
            _ => {
                let kind = match text("kind") {
                    "note" => self.say("备注", "note"),
                    "call" => self.say("通话", "call"),
                    "points" => self.say("积分", "points"),
                    "coupon" => self.say("发券", "coupon"),
                    other => other,
                };
                let data = |key: &str| fields.get("data").and_then(|data| data.get(key));
                let mut told = vec![format!("{kind}:")];
                told.extend(data("change").and_then(Value::as_i64).map(|change| format!("{change:+}")));
                let result = data("outcome").and_then(Value::as_str);
                told.extend(result.map(|result| self.result(result)));
                let said = if text("body").is_empty() { text("title") } else { text("body") };
                if Some(said) != result {
                    told.push(cut(said));
                }
                told.join(" ")
            }
        }
    }

    fn label(&self, key: &str) -> String {
        field_called(self.resource, key, self.material.zh)
    }

    fn field(&self, key: &str) -> Option<&'static Field> {
        field_of(self.resource, key)
    }

    /// A value as one reads it; empty where there is none.
    pub(super) fn value(&self, key: Option<&str>, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.value(key, item)).collect();
                items.join(self.say("、", ", "))
            }
            Value::String(text) => self.text(key.unwrap_or_default(), text),
            other => other.to_string(),
        }
    }

    fn text(&self, key: &str, text: &str) -> String {
        match (key, self.field(key).map(|field| field.takes)) {
            ("tags", _) => self.tag(text),
            ("group_id", _) => {
                let group = self.material.tag_groups.iter().find(|group| group.id.as_str() == text);
                group.map_or(text, |group| group.name.as_str()).to_owned()
            }
            (_, Some(Takes::Operator | Takes::Operators)) => {
                let operators = self.material.operators.iter();
                let found = operators.into_iter().find(|operator| operator.id.as_str() == text);
                found.map_or(text, |operator| operator.name.as_str()).to_owned()
            }
            ("outcome", _) => self.result(text),
            ("snoozed_until", _) | (_, Some(Takes::Moment)) => self.moment(text),
            _ => value_called(self.resource, key, text, self.material.zh),
        }
    }

    fn tag(&self, id: &str) -> String {
        let found = self.material.tags.iter().find(|tag| tag.id.as_str() == id);
        found.map_or(id, |tag| tag.name.as_str()).to_owned()
    }

    /// A result of a contact; the backend may have others, which stay as they are.
    fn result(&self, word: &str) -> String {
        result_called(word, self.material.zh)
    }

    fn moment(&self, text: &str) -> String {
        told_moment(text, &self.material.moment.zone, self.material.zh)
    }
}

/// A moment with its weekday; what is none stays as it is.
pub fn told_moment(text: &str, zone: &jiff::tz::TimeZone, zh: bool) -> String {
    let Ok(time) = Time::parse(text) else { return text.to_owned() };
    let at = time.zoned(zone);
    let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let day = match zh {
        true => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day],
        false => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day],
    };
    format!("{} {day} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
