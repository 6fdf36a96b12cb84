//! Commands on customers: fields, tags, notes, calls, points, coupons, messages, new follow-ups.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::fields::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, HOLLOW, is_hollow, read_field};
use super::messages::{channel_and_text, send, speechless};
use super::variables::check_variables;
use super::{Draft, PlanError, Skip, custom, one, tags};
use crate::command::Verb;
use crate::model::{AnyRecord, Customer, Deed, Resource, TagGroupId, TagId};

pub(super) fn plan(draft: &mut Draft<'_>, targets: &[AnyRecord]) -> Result<(), PlanError> {
    let each: Each = match draft.command.verb {
        Verb::CustomerSet => {
            let (key, value) = read_field(CUSTOMER_FIELDS, draft.arg(0), draft.arg(1), draft.material)?;
            let typed = custom::Typed::of([(draft.arg(0), draft.arg(1))]);
            typed.check(targets)?;
            Box::new(move |draft, record, customer| {
                let value = typed.fitted(&key, &value, customer);
                draft.set(record, &key, value);
            })
        }
        Verb::CustomerEdit => {
            let fields = fields_of(draft)?;
            let form = form(draft).unwrap_or_default();
            let typed = custom::Typed::of(form.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            typed.check(targets)?;
            Box::new(move |draft, record, customer| {
                let fields =
                    fields.iter().map(|(key, value)| (key.clone(), typed.fitted(key, value, customer)));
                draft.write(record, Deed::Set { fields: fields.collect() });
            })
        }
        Verb::StageSet => {
            let (_, value) = read_field(CUSTOMER_FIELDS, "stage", draft.arg(0), draft.material)?;
            Box::new(move |draft, record, _| draft.set(record, "stage", value.clone()))
        }
        Verb::OwnerSet => {
            let (_, value) = read_field(CUSTOMER_FIELDS, "owner", draft.arg(0), draft.material)?;
            Box::new(move |draft, record, _| draft.set(record, "owners", value.clone()))
        }
        Verb::TagAdd => {
            let add = named_tags(draft)?;
            Box::new(move |draft, record, customer| retag(draft, record, customer, &add, &[]))
        }
        Verb::TagRemove => {
            let remove = named_tags(draft)?;
            Box::new(move |draft, record, customer| retag(draft, record, customer, &[], &remove))
        }
        Verb::TagEdit => {
            let (add, remove) = (tags::named(draft, draft.arg(0))?, tags::named(draft, draft.arg(1))?);
            if add.is_empty() && remove.is_empty() {
                return Err(PlanError::Missing { command: draft.command.spec().id, arg: "tag" });
            }
            Box::new(move |draft, record, customer| retag(draft, record, customer, &add, &remove))
        }
        Verb::NoteAdd => event("note", filled(draft, 0, "text")?, Map::new()),
        Verb::CallLog => {
            let result = filled(draft, 0, "result")?;
            let note = draft.arg(1).to_owned();
            let data = Map::from_iter([("outcome".to_owned(), Value::from(result.as_str()))]);
            event("call", if note.is_empty() { result } else { note }, data)
        }
        Verb::CouponGrant => {
            let name = filled(draft, 0, "name")?;
            let data = Map::from_iter([
                ("coupon".to_owned(), Value::from(name.as_str())),
                ("action".to_owned(), "grant".into()),
            ]);
            event("coupon", name, data)
        }
        Verb::PointsAdd => {
            let change = points(draft.arg(0))?;
            let why = draft.arg(1);
            let title = if why.is_empty() { format!("{change:+}") } else { why.to_owned() };
            let data = Map::from_iter([("change".to_owned(), Value::from(change))]);
            let add = event("points", title, data);
            Box::new(move |draft, record, customer| {
                let left = customer.points.unwrap_or(0).checked_add(change);
                match left.filter(|left| *left >= 0) {
                    Some(_) => add(draft, record, customer),
                    None => draft.skip(record, Skip::TooFewPoints),
                }
            })
        }
        Verb::MessageSend => {
            let (channel, text) = channel_and_text(draft, targets)?;
            Box::new(move |draft, record, customer| send(draft, record, customer, &channel, &text))
        }
        Verb::MessageSnippet => {
            let snippets = draft.material.snippets;
            let name = draft.arg(0);
            let found = one(snippets, name, |snippet| (snippet.id.as_str(), &snippet.title), "snippet")?;
            let names = snippets.iter().map(|snippet| snippet.title.as_str());
            let text = found.ok_or_else(|| PlanError::unknown("snippet", name, names))?.body.clone();
            check_variables(&text)?;
            let channel = draft.arg(1).to_owned();
            Box::new(move |draft, record, customer| send(draft, record, customer, &channel, &text))
        }
        Verb::FollowUpCreate => {
            let mut fields = Map::new();
            if let Some(form) = form(draft) {
                for (name, text) in form.iter().filter(|(_, text)| !text.trim().is_empty()) {
                    fields.extend([read_field(FOLLOW_UP_FIELDS, name, text, draft.material)?]);
                }
            } else {
                for (index, name) in ["title", "due", "kind"].into_iter().enumerate() {
                    if !draft.arg(index).is_empty() || index == 0 {
                        fields.extend([read_field(
                            FOLLOW_UP_FIELDS,
                            name,
                            draft.arg(index),
                            draft.material,
                        )?]);
                    }
                }
            }
            if !fields.contains_key("title") {
                return Err(PlanError::Missing { command: draft.command.spec().id, arg: "title" });
            }
            if let (false, Some(me)) = (fields.contains_key("assignee_id"), &draft.material.moment.me) {
                fields.insert("assignee_id".to_owned(), me.as_str().into());
            }
            Box::new(move |draft, _, customer| {
                let mut fields = fields.clone();
                fields.insert("customer_id".to_owned(), customer.id.as_str().into());
                draft.make(Resource::FollowUps, customer.name.clone(), fields);
            })
        }
        _ => return Err(PlanError::NoWrite { command: draft.command.spec().id }),
    };
    for record in targets {
        match record {
            AnyRecord::Customer(customer) => each(draft, record, customer),
            other => draft.skip(other, Skip::OtherKind),
        }
    }
    speechless(draft).map_or(Ok(()), Err)
}

/// The tags of the first argument, which has to name some.
fn named_tags(draft: &Draft<'_>) -> Result<Vec<TagId>, PlanError> {
    match tags::named(draft, draft.arg(0))? {
        none if none.is_empty() => Err(PlanError::Missing { command: draft.command.spec().id, arg: "tag" }),
        tags => Ok(tags),
    }
}

/// By how many points.
pub(super) fn points(text: &str) -> Result<i64, PlanError> {
    text.parse::<i64>().ok().filter(|change| *change != 0).ok_or_else(|| PlanError::Bad {
        field: "points".to_owned(),
        value: text.to_owned(),
        wanted: ("非零整数".to_owned(), "a whole number other than 0".to_owned()),
    })
}

/// An argument that says something.
pub(super) fn filled(draft: &Draft<'_>, index: usize, name: &'static str) -> Result<String, PlanError> {
    if name == "name"
        && let Some(value) = draft.command.args.get(index).filter(|text| is_hollow(text))
    {
        let wanted = (HOLLOW.0.to_owned(), HOLLOW.1.to_owned());
        return Err(PlanError::Bad { field: name.to_owned(), value: value.clone(), wanted });
    }
    // As it was typed: only what has no visible character counts as nothing.
    let text = draft.command.args.get(index).filter(|text| !text.trim().is_empty());
    text.cloned().ok_or(PlanError::Missing { command: draft.command.spec().id, arg: name })
}

/// What a form hands over: fields and texts as one JSON object in the first argument.
fn form(draft: &Draft<'_>) -> Option<Vec<(String, String)>> {
    let text = draft.arg(0).strip_prefix('{').map(|_| draft.arg(0))?;
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(fields.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// The fields of a form, by the keys of the data model.
pub(super) fn fields_of(draft: &Draft<'_>) -> Result<Map<String, Value>, PlanError> {
    let known = match draft.command.verb {
        Verb::FollowUpEdit => FOLLOW_UP_FIELDS,
        _ => CUSTOMER_FIELDS,
    };
    let Some(form) = form(draft) else {
        return Err(PlanError::Missing { command: draft.command.spec().id, arg: "field" });
    };
    let mut fields = Map::new();
    for (name, text) in form {
        let (key, value) = read_field(known, &name, &text, draft.material)?;
        match (fields.get_mut(&key), value) {
            (Some(Value::Object(all)), Value::Object(one)) => all.extend(one),
            (_, value) => drop(fields.insert(key, value)),
        }
    }
    Ok(fields)
}

pub(super) type Each = Box<dyn Fn(&mut Draft<'_>, &AnyRecord, &Customer)>;

/// Something that happened with the customer. The first line is its title.
pub(super) fn event(kind: &'static str, text: String, data: Map<String, Value>) -> Each {
    Box::new(move |draft, _, customer| {
        let title = text.trim().lines().next().unwrap_or_default();
        let mut fields = Map::from_iter([
            ("customer_id".to_owned(), Value::from(customer.id.as_str())),
            ("kind".to_owned(), kind.into()),
            ("title".to_owned(), title.into()),
            // When it was made, however late it is sent.
            ("at".to_owned(), draft.material.moment.now.to_string().into()),
        ]);
        if title != text {
            fields.insert("body".to_owned(), text.as_str().into());
        }
        if !data.is_empty() {
            fields.insert("data".to_owned(), data.clone().into());
        }
        draft.make(Resource::Events, customer.name.clone(), fields);
    })
}

/// Adds and removes tags. Of an exclusive group an added tag takes the place of the one there is.
pub(super) fn retag(
    draft: &mut Draft<'_>,
    record: &AnyRecord,
    customer: &Customer,
    add: &[TagId],
    remove: &[TagId],
) {
    let group = |id: &TagId| {
        let tag = draft.material.tags.iter().find(|tag| tag.id == *id)?;
        let group =
            draft.material.tag_groups.iter().find(|group| Some(&group.id) == tag.group_id.as_ref())?;
        group.exclusive.then(|| group.id.clone())
    };
    let taken: HashSet<TagGroupId> = add.iter().filter_map(group).collect();
    let replaced = |tag: &&TagId| {
        !add.contains(tag) && !taken.is_empty() && group(tag).is_some_and(|group| taken.contains(&group))
    };
    let gone = |tag: &&TagId| remove.contains(tag) || replaced(tag);
    let remove: Vec<TagId> = customer.tags.iter().filter(gone).cloned().collect();
    let add: Vec<TagId> = add.iter().filter(|tag| !customer.tags.contains(tag)).cloned().collect();
    draft.write(record, Deed::Tag { add, remove });
}
