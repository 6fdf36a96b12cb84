//! From a command and the records it is meant for to a [`Plan`]: the frozen list of writes that a
//! dry run prints and a run executes, the same object.
//!
//! ```text
//! Command + records + Material ──plan──▶ Plan { writes, skipped } ──▶ ChangeSet ──▶ cache
//! ```
//!
//! Nothing here asks anybody: names of tags, operators and snippets come with the [`Material`],
//! and so do the time and the ids for what is made. A record that a command has nothing to do for
//! is skipped and said why; a command that makes no sense is a [`PlanError`] that names the argument.

mod called;
mod course;
mod custom;
mod customers;
mod describe;
mod dispose;
mod error;
mod fields;
mod follow_ups;
mod known;
mod messages;
mod tags;
mod variables;

use serde_json::{Map, Value};

use super::{Command, Risk, Verb};
use crate::model::{
    Actor, AnyRecord, ChangeSet, Customer, Deed, Operator, Planned, Resource, Snippet, Tag, TagGroup, TagId,
    Write,
};
use crate::query::Moment;

pub use called::{field_called, value_called};
pub(super) use called::{result_called, result_of};
pub use course::{Course, OnError, Subject};
pub use custom::read_custom;
pub use describe::{describe, told_moment};
pub use dispose::{Close, Disposal};
pub use error::{PlanError, Skip};
pub use fields::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field, Takes, read_field};
pub use known::check;
pub use messages::{channels, is_channel};
pub use variables::{check_variables, fill};

/// Results of a contact, in the order of the keys `1` to `5` of triage. Others may be written too.
pub const CONTACT_RESULTS: [&str; 5] = ["won", "interested", "not_interested", "no_answer", "wrong_number"];

/// From so many records on their number has to be typed.
const LARGE: usize = 20;

/// Characters of arguments that a label shows, at most.
const LABEL: usize = 40;

/// What commands have to know to become writes.
pub struct Material<'a> {
    /// All tags.
    pub tags: &'a [Tag],
    /// Their groups.
    pub tag_groups: &'a [TagGroup],
    /// All operators.
    pub operators: &'a [Operator],
    /// All snippets.
    pub snippets: &'a [Snippet],
    /// When and by whom.
    pub moment: &'a Moment,
    /// Whether people are told in Chinese.
    pub zh: bool,
    /// An id for a record that is made, another one each time.
    pub local: &'a dyn Fn() -> String,
    /// All customers that have a tag.
    pub holders: &'a dyn Fn(&TagId) -> Vec<Customer>,
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The command, with all that was asked for filled in.
    pub command: Command,
    /// What it does, for [`crate::command::label_in`] to put into somebody's language.
    pub label: String,
    /// The worst that it can do: the command's own risk, and [`Risk::Bulk`] for more than one record.
    pub risk: Risk,
    /// What is written, in this order.
    pub writes: Vec<Planned>,
    /// What each of them does, in words; see [`describe`].
    pub told: Vec<String>,
    /// Records for which there is nothing to do, and why.
    pub skipped: Vec<Skipped>,
    /// What external programs said while it was made.
    pub said: Vec<Said>,
    /// Whose the writes are, where it is a macro's.
    pub course: Option<Course>,
}

/// What an external program said about a record, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The record's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The words: hostile text.
    pub text: String,
}

/// What the operator has to say before a plan is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Nothing: it is one record, and can be undone.
    Nothing,
    /// Yes.
    Yes,
    /// How many records it is.
    Number(usize),
}

/// A record that a plan leaves as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Why.
    pub why: Skip,
}

/// How many records are left for each reason, the most frequent first.
pub fn reasons(skipped: &[Skipped]) -> Vec<(Skip, usize)> {
    let mut counted: std::collections::BTreeMap<&Skip, usize> = std::collections::BTreeMap::new();
    for one in skipped {
        *counted.entry(&one.why).or_default() += 1;
    }
    let mut reasons: Vec<_> = counted.into_iter().map(|(why, n)| (why.clone(), n)).collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    reasons
}

/// Reasons that are told; what is beyond is counted among the others.
const TOLD_REASONS: usize = 3;

/// Reasons for people: `is so already 60, is closed already 3`. A single one needs no figure.
pub fn told_reasons(reasons: &[(Skip, usize)], zh: bool) -> String {
    let figure = |n: usize| if reasons.len() > 1 { format!(" {n}") } else { String::new() };
    let told = reasons.iter().take(TOLD_REASONS).map(|(why, n)| format!("{}{}", why.says(zh), figure(*n)));
    let more = (reasons.len() > TOLD_REASONS).then(|| "…".to_owned());
    told.chain(more).collect::<Vec<_>>().join(if zh { "，" } else { ", " })
}

impl Plan {
    /// How many records it changes or makes.
    pub fn records(&self) -> usize {
        if let Some(course) = &self.course {
            return course.subjects.len();
        }
        let mut lanes: Vec<_> = self.writes.iter().map(|planned| planned.write.lane()).collect();
        lanes.sort_unstable();
        lanes.dedup();
        // A disposition is about one record, whatever else it touches.
        let about = match self.command.verb {
            Verb::FollowUpDispose => format!("{}/", Resource::FollowUps),
            Verb::CustomerDispose => format!("{}/", Resource::Customers),
            _ => String::new(),
        };
        let found = lanes.iter().filter(|lane| lane.starts_with(&about)).count();
        if found == 0 { lanes.len() } else { found }
    }

    /// The moments that it gives to records, by the fields that take them: words like 明天, worked out.
    pub fn moments(&self) -> Vec<(&str, &str)> {
        let fields = self.writes.iter().filter_map(|planned| match &planned.write.deed {
            Deed::Set { fields } | Deed::Make { fields } => Some(fields),
            _ => None,
        });
        let mut all = Vec::new();
        for (key, value) in fields.flatten() {
            let takes = matches!(key.as_str(), "due_at" | "snoozed_until" | "sla_at");
            if let Some(at) = value.as_str().filter(|_| takes)
                && !all.contains(&(key.as_str(), at))
            {
                all.push((key.as_str(), at));
            }
        }
        all
    }

    /// What the operator has to say before it is done.
    pub fn confirmation(&self) -> Confirmation {
        let records = self.records();
        match self.risk {
            _ if records == 0 => Confirmation::Nothing,
            Risk::Read | Risk::Write if self.course.as_ref().is_some_and(|course| course.confirm) => {
                Confirmation::Yes
            }
            Risk::Read | Risk::Write => Confirmation::Nothing,
            Risk::Outbound | Risk::Irreversible if records > 1 => Confirmation::Number(records),
            _ if records >= LARGE => Confirmation::Number(records),
            _ => Confirmation::Yes,
        }
    }

    /// The same for the write path.
    pub fn change_set(&self, actor: Actor) -> ChangeSet {
        ChangeSet {
            command: self.command.to_string(),
            label: self.label.clone(),
            actor,
            writes: self.writes.clone(),
        }
    }
}

/// Works out what a command does to `targets`.
///
/// # Errors
/// [`PlanError`] where the command makes no sense, whatever the records.
pub fn plan(command: &Command, targets: &[AnyRecord], material: &Material<'_>) -> Result<Plan, PlanError> {
    let mut draft = Draft { command, material, writes: Vec::new(), skipped: Vec::new() };
    let spec = command.spec();
    if let Some(arg) = spec.args.iter().skip(command.args.len()).find(|arg| arg.needed) {
        return Err(PlanError::Missing { command: spec.id, arg: arg.name });
    }
    match spec.on {
        _ if command.verb == Verb::FollowUpDispose => dispose::follow_ups(&mut draft, targets)?,
        _ if command.verb == Verb::CustomerDispose => dispose::customers(&mut draft, targets)?,
        Some(Resource::Customers) => customers::plan(&mut draft, targets)?,
        Some(Resource::FollowUps) => follow_ups::plan(&mut draft, targets)?,
        Some(Resource::Tags) => tags::plan(&mut draft, targets)?,
        _ if command.verb == Verb::TagCreate => tags::create(&mut draft)?,
        _ => return Err(PlanError::NoWrite { command: spec.id }),
    }
    let Draft { writes, skipped, .. } = draft;
    let label = label(command, material, &writes);
    let told = writes.iter().map(|planned| describe(planned, material)).collect();
    let (command, said) = (command.clone(), Vec::new());
    let mut plan = Plan { command, label, risk: spec.risk, writes, told, skipped, said, course: None };
    if plan.risk == Risk::Write && plan.records() > 1 {
        plan.risk = Risk::Bulk;
    }
    if plan.writes.iter().any(|planned| planned.write.is_outbound()) {
        plan.risk = plan.risk.max(Risk::Outbound);
    }
    Ok(plan)
}

/// What a command does, for people: with names where it has ids, and short.
fn label(command: &Command, material: &Material<'_>, writes: &[Planned]) -> String {
    let name = |id: &str| {
        let tag = material.tags.iter().find(|tag| tag.id.as_str() == id);
        tag.map_or(id, |tag| tag.name.as_str()).to_owned()
    };
    let args: Vec<String> = match command.verb {
        Verb::TagEdit => {
            let signed = |sign: char, arg: &String| {
                let ids = arg.split(',').map(str::trim).filter(|id| !id.is_empty());
                ids.map(|id| format!("{sign}{}", name(id))).collect::<Vec<_>>()
            };
            command.args.iter().zip(['+', '-']).flat_map(|(arg, sign)| signed(sign, arg)).collect()
        }
        Verb::CustomerEdit | Verb::FollowUpEdit => writes
            .first()
            .map(|first| first.write.fields().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        Verb::FollowUpCreate => {
            let title = writes.first().and_then(|first| match &first.write.deed {
                Deed::Make { fields } => fields.get("title")?.as_str().map(str::to_owned),
                _ => None,
            });
            title.into_iter().collect()
        }
        Verb::MessageSend => Vec::new(),
        Verb::FollowUpDispose | Verb::CustomerDispose => vec![dispose::told(command, material).join(" · ")],
        _ => command.args.iter().map(|arg| name(arg)).collect(),
    };
    let mut text = args.join(" ").replace('\n', " ");
    let most =
        if matches!(command.verb, Verb::FollowUpDispose | Verb::CustomerDispose) { 3 * LABEL } else { LABEL };
    if text.chars().count() > most {
        text = text.chars().take(most).chain(['…']).collect();
    }
    let mut label = format!("{} {text}", command.spec().says(material.zh)).trim().to_owned();
    if let Some(aside) = aside(command, material.zh, writes) {
        label.push_str(&aside);
    }
    label
}

/// What one may not have meant, and would not see otherwise.
fn aside(command: &Command, zh: bool, writes: &[Planned]) -> Option<String> {
    match command.verb {
        Verb::FollowUpSnooze => {
            let n = writes.iter().filter(|planned| describe::hastens(planned)).count();
            match (n, zh) {
                (0, _) => None,
                (1, true) if writes.len() == 1 => Some("（比原来的到期早）".to_owned()),
                (1, false) if writes.len() == 1 => Some(" (earlier than it was due)".to_owned()),
                (_, true) => Some(format!("（其中 {n} 条比原来的到期早）")),
                (_, false) => Some(format!(" ({n} of them earlier than they were due)")),
            }
        }
        Verb::CustomerSet => {
            let name = command.arg()?.trim().strip_prefix("custom.")?;
            let had = |planned: &Planned| {
                planned
                    .image
                    .get("custom")
                    .and_then(|custom| custom.get(name))
                    .is_some_and(|old| !old.is_null())
            };
            (!writes.is_empty() && !writes.iter().any(had)).then(|| match zh {
                true => "（原来没有这一栏）".to_owned(),
                false => " (a field that was not there)".to_owned(),
            })
        }
        _ => None,
    }
}

/// The tag of a name, of `group/name` or of an id.
///
/// # Errors
/// [`PlanError`] where there is none, or several.
pub fn tag_named<'a>(material: &'a Material<'a>, name: &str) -> Result<&'a Tag, PlanError> {
    let command = Command::new(Verb::TagAdd);
    let draft = Draft { command: &command, material, writes: Vec::new(), skipped: Vec::new() };
    tags::tag(&draft, name).map(|tag| tag.id.clone()).and_then(|id| {
        let found = material.tags.iter().find(|tag| tag.id == id);
        found.ok_or_else(|| PlanError::unknown("tag", name, std::iter::empty()))
    })
}

/// The operator of a name or an id; `me` and 我 are whoever works here.
///
/// # Errors
/// [`PlanError`] where there is none, or several.
pub fn operator_named<'a>(material: &'a Material<'a>, name: &str) -> Result<&'a Operator, PlanError> {
    let command = Command::new(Verb::OwnerSet);
    let draft = Draft { command: &command, material, writes: Vec::new(), skipped: Vec::new() };
    let id = draft.operator(name)?.id.clone();
    let found = material.operators.iter().find(|operator| operator.id == id);
    found.ok_or_else(|| PlanError::unknown("owner", name, std::iter::empty()))
}

/// A plan in the making.
struct Draft<'a> {
    command: &'a Command,
    material: &'a Material<'a>,
    writes: Vec<Planned>,
    skipped: Vec<Skipped>,
}

impl Draft<'_> {
    /// An argument that was given; empty where it was not.
    fn arg(&self, index: usize) -> &str {
        self.command.args.get(index).map_or("", |arg| arg.trim())
    }

    /// Adds a write to `record`, unless that is as it would be already.
    fn write(&mut self, record: &AnyRecord, deed: Deed) {
        let (id, name) = (record.key(), called(record));
        let write = Write { resource: record.resource(), id: id.clone(), deed };
        if write.is_in(record) {
            self.skipped.push(Skipped { id, name, why: Skip::AlreadySo });
            return;
        }
        let image = write.image(record);
        self.writes.push(Planned { write, name, image });
    }

    /// Adds a write that lays one field over `record`.
    fn set(&mut self, record: &AnyRecord, field: &str, value: Value) {
        self.write(record, Deed::Set { fields: Map::from_iter([(field.to_owned(), value)]) });
    }

    /// Adds a write that makes a record; `name` is whom or what it is about.
    fn make(&mut self, resource: Resource, name: String, fields: Map<String, Value>) {
        let write = Write { resource, id: (self.material.local)(), deed: Deed::Make { fields } };
        self.writes.push(Planned { write, name, image: Map::new() });
    }

    fn skip(&mut self, record: &AnyRecord, why: Skip) {
        self.skipped.push(Skipped { id: record.key(), name: called(record), why });
    }

    /// The operator of a name or an id; `me` and 我 are whoever works here.
    fn operator(&self, name: &str) -> Result<&Operator, PlanError> {
        let me = matches!(name, "me" | "我").then_some(self.material.moment.me.as_ref()).flatten();
        let operators = self.material.operators;
        let found = match me {
            Some(me) => operators.iter().find(|operator| operator.id == *me),
            None => one(operators, name, |operator| (operator.id.as_str(), &operator.name), "owner")?,
        };
        found.ok_or_else(|| PlanError::unknown("owner", name, operators.iter().map(|one| one.name.as_str())))
    }
}

/// The one item of that id, or else of that name; `None` where there is none.
fn one<'a, T>(
    items: &'a [T],
    wanted: &str,
    names: impl Fn(&'a T) -> (&'a str, &'a str),
    what: &'static str,
) -> Result<Option<&'a T>, PlanError> {
    let wanted = wanted.trim();
    if let Some(item) = items.iter().find(|item| names(item).0 == wanted) {
        return Ok(Some(item));
    }
    let folded = crate::query::fold(wanted);
    let mut named = items.iter().filter(|item| crate::query::fold(names(item).1.trim()) == folded);
    match (named.next(), named.next()) {
        (Some(first), Some(second)) => Err(PlanError::Several {
            what,
            value: wanted.to_owned(),
            ids: vec![names(first).0.to_owned(), names(second).0.to_owned()],
        }),
        (found, _) => Ok(found),
    }
}

/// What a record is called, for people.
pub fn called(record: &AnyRecord) -> String {
    match record {
        AnyRecord::Customer(customer) => customer.name.clone(),
        AnyRecord::FollowUp(follow_up) => follow_up.title.clone(),
        AnyRecord::Tag(tag) => tag.name.clone(),
        AnyRecord::Group(group) => group.name.clone(),
        AnyRecord::Event(event) => event.title.clone(),
        other => other.key(),
    }
}

#[cfg(test)]
mod dispose_tests;
#[cfg(test)]
mod tests;
