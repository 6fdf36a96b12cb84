//! A disposition: all that is said about one contact, as one command and so as one batch: result,
//! tags, until when it is put off, who goes on with it, a note, a message.
//!
//! Of a follow-up it changes the follow-up and tags its customer. Of a customer alone it leaves what
//! happened on the timeline, and makes a follow-up where there is something left to do.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::customers::{event, retag};
use super::describe::Teller;
use super::fields::{FOLLOW_UP_FIELDS, read_field};
use super::messages::send;
use super::variables::check_variables;
use super::{Draft, Material, PlanError, Skip, tags};
use crate::command::{Command, Verb};
use crate::model::{AnyRecord, Customer, Deed, FollowUp, Resource};
use crate::query::due;

/// What is said about one contact. Whatever is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disposal {
    /// What came of it: one of [`super::CONTACT_RESULTS`], or any other word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Tags that the customer gets, by name or id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<String>,
    /// Tags that go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// Until when it is put off, as `follow_up.snooze` takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Who goes on with it, by name or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What is to be remembered of it: it goes below what stands there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// That it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close: Option<Close>,
    /// What the follow-up is called that a customer's disposition makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The channel that the message takes; the customer's only one where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// A message to the customer; `{{customer.name}}` and its like are filled for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How a follow-up ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Close {
    /// It is done.
    Done,
    /// It is not needed.
    Cancelled,
}

impl Close {
    /// The status that the follow-up gets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Disposal {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same as a command on follow-ups, or on customers.
    pub fn command(&self, on: Resource) -> Command {
        let verb = if on == Resource::FollowUps { Verb::FollowUpDispose } else { Verb::CustomerDispose };
        // texts and lists of texts are JSON
        Command::with(verb, serde_json::to_string(self).unwrap_or_default())
    }

    fn of(draft: &Draft<'_>) -> Result<Self, PlanError> {
        let text = draft.arg(0);
        let wanted = || PlanError::Bad {
            field: "what".to_owned(),
            value: text.to_owned(),
            wanted: (
                "JSON 对象,如 {\"result\":\"won\",\"until\":\"下周二\"}".to_owned(),
                "a JSON object such as {\"result\":\"won\",\"until\":\"fri\"}".to_owned(),
            ),
        };
        let disposal: Self = serde_json::from_str(text).map_err(|_| wanted())?;
        if disposal.is_empty() { Err(wanted()) } else { Ok(disposal) }
    }

    /// The fields of a follow-up that it decides.
    fn fields(&self, draft: &Draft<'_>) -> Result<Map<String, Value>, PlanError> {
        let mut fields = Map::new();
        if let Some(result) = &self.result {
            fields.extend([read_field(FOLLOW_UP_FIELDS, "result", result, draft.material)?]);
        }
        if let Some(who) = &self.who {
            fields.insert("assignee_id".to_owned(), draft.operator(who)?.id.as_str().into());
        }
        if let Some(close) = self.close {
            fields.insert("status".to_owned(), close.word().into());
            fields.insert("snoozed_until".to_owned(), Value::Null);
        }
        if let Some(until) = &self.until {
            let then = due(until, draft.material.moment).map_err(PlanError::Due)?;
            if then <= draft.material.moment.now {
                return Err(PlanError::Past(until.clone()));
            }
            // Put off: it is due then, and hidden from the queue until then.
            for field in ["snoozed_until", "due_at"] {
                fields.insert(field.to_owned(), then.to_string().into());
            }
        }
        Ok(fields)
    }
}

/// Follow-ups, with their customers behind them: those are there to be tagged and written to.
pub(super) fn follow_ups(draft: &mut Draft<'_>, targets: &[AnyRecord]) -> Result<(), PlanError> {
    let disposal = Disposal::of(draft)?;
    let fields = disposal.fields(draft)?;
    let contact = Contact::of(draft, &disposal)?;
    let mut met: Vec<&Customer> = Vec::new();
    for record in targets.iter().filter(|record| record.resource() != Resource::Customers) {
        let AnyRecord::FollowUp(follow_up) = record else {
            draft.skip(record, Skip::OtherKind);
            continue;
        };
        if !follow_up.status.is_pending() {
            draft.skip(record, Skip::Closed);
            continue;
        }
        let customer = customer_of(targets, follow_up).filter(|customer| !met.contains(customer));
        met.extend(customer);
        whole(draft, |draft| {
            if let Some(customer) = customer {
                contact.tag(draft, customer);
            }
            let mut fields = fields.clone();
            if let Some(note) = &disposal.note {
                let before = follow_up.note.as_deref().unwrap_or_default().trim_end();
                let note = if before.is_empty() { note.clone() } else { format!("{before}\n{note}") };
                fields.insert("note".to_owned(), note.into());
            }
            if !fields.is_empty() {
                draft.write(record, Deed::Set { fields });
            }
            // What reaches the customer comes last.
            customer.is_none_or(|customer| contact.write_to(draft, customer))
        });
    }
    Ok(())
}

/// Customers alone.
pub(super) fn customers(draft: &mut Draft<'_>, targets: &[AnyRecord]) -> Result<(), PlanError> {
    let disposal = Disposal::of(draft)?;
    let mut fields = disposal.fields(draft)?;
    fields.retain(|key, _| matches!(key.as_str(), "due_at" | "assignee_id"));
    let contact = Contact::of(draft, &disposal)?;
    let happened = match (&disposal.result, &disposal.note) {
        (Some(result), note) => {
            let data = Map::from_iter([("outcome".to_owned(), Value::from(result.as_str()))]);
            Some(event("call", note.clone().unwrap_or_else(|| result.clone()), data))
        }
        (None, Some(note)) => Some(event("note", note.clone(), Map::new())),
        (None, None) => None,
    };
    if !fields.is_empty() {
        let usual = if draft.material.zh { "回访" } else { "Follow up" };
        fields.insert("title".to_owned(), disposal.title.as_deref().unwrap_or(usual).into());
        if let (false, Some(me)) = (fields.contains_key("assignee_id"), &draft.material.moment.me) {
            fields.insert("assignee_id".to_owned(), me.as_str().into());
        }
    }
    for record in targets {
        let AnyRecord::Customer(customer) = record else {
            draft.skip(record, Skip::OtherKind);
            continue;
        };
        whole(draft, |draft| {
            contact.tag(draft, customer);
            if let Some(happened) = &happened {
                happened(draft, record, customer);
            }
            if !fields.is_empty() {
                let mut fields = fields.clone();
                fields.insert("customer_id".to_owned(), customer.id.as_str().into());
                draft.make(Resource::FollowUps, customer.name.clone(), fields);
            }
            contact.write_to(draft, customer)
        });
    }
    Ok(())
}

/// What a disposition does to the customer themselves.
struct Contact {
    add: Vec<crate::model::TagId>,
    remove: Vec<crate::model::TagId>,
    message: Option<(String, String)>,
}

impl Contact {
    fn of(draft: &Draft<'_>, disposal: &Disposal) -> Result<Self, PlanError> {
        let message = disposal.text.clone().filter(|text| !text.trim().is_empty());
        message.as_deref().map_or(Ok(()), check_variables)?;
        Ok(Self {
            add: tags::named(draft, &disposal.add.join(","))?,
            remove: tags::named(draft, &disposal.remove.join(","))?,
            message: message.map(|text| (disposal.channel.clone().unwrap_or_default(), text)),
        })
    }

    fn tag(&self, draft: &mut Draft<'_>, customer: &Customer) {
        if !(self.add.is_empty() && self.remove.is_empty()) {
            retag(draft, &AnyRecord::Customer(customer.clone()), customer, &self.add, &self.remove);
        }
    }

    /// Adds the message; `false` where there is no way to send it.
    fn write_to(&self, draft: &mut Draft<'_>, customer: &Customer) -> bool {
        let Some((channel, text)) = &self.message else { return true };
        let before = draft.writes.len();
        send(draft, &AnyRecord::Customer(customer.clone()), customer, channel, text);
        draft.writes.len() > before
    }
}

/// Does all of it to a record, or nothing: half a disposition is none. What is so already needs no
/// word where something else was to be done.
fn whole(draft: &mut Draft<'_>, act: impl FnOnce(&mut Draft<'_>) -> bool) {
    let (writes, skipped) = (draft.writes.len(), draft.skipped.len());
    let done = act(draft);
    let new = draft.skipped.split_off(skipped);
    if !done {
        draft.writes.truncate(writes);
        draft.skipped.extend(new.into_iter().filter(|skip| skip.why != Skip::AlreadySo).take(1));
    } else if draft.writes.len() == writes {
        draft.skipped.extend(new.into_iter().take(1));
    }
}

fn customer_of<'a>(targets: &'a [AnyRecord], follow_up: &FollowUp) -> Option<&'a Customer> {
    targets.iter().find_map(|record| match record {
        AnyRecord::Customer(customer) if customer.id == follow_up.customer_id => Some(customer),
        _ => None,
    })
}

/// What it does, for people: `有意向 · +高意向 · 延后到 2026-03-24 周二 10:00`.
pub(super) fn told(command: &Command, material: &Material<'_>) -> Vec<String> {
    let Some(disposal) = command.arg().and_then(|text| serde_json::from_str::<Disposal>(text).ok()) else {
        return Vec::new();
    };
    let teller = Teller { material, resource: Resource::FollowUps };
    let value = |key: &str, text: &str| teller.value(Some(key), &text.into());
    let mut told: Vec<String> = disposal.result.iter().map(|word| value("outcome", word)).collect();
    for (sign, tags) in [('+', &disposal.add), ('-', &disposal.remove)] {
        told.extend(tags.iter().map(|tag| format!("{sign}{}", value("tags", tag))));
    }
    if let Some(until) = &disposal.until {
        let then = due(until, material.moment).map_or_else(|_| until.clone(), |then| then.to_string());
        told.push(format!("{} {}", teller.say("延后到", "until"), value("due_at", &then)));
    }
    let who = disposal.who.iter();
    told.extend(who.map(|who| format!("{} {}", teller.say("转给", "to"), value("assignee_id", who))));
    told.extend(disposal.close.map(|close| value("status", close.word())));
    told.extend(disposal.note.iter().map(|_| teller.say("备注", "note").to_owned()));
    told.extend(disposal.text.iter().map(|_| teller.say("发消息", "message").to_owned()));
    told
}
