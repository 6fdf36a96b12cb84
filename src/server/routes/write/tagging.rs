//! `POST /v1/customers/{id}/tags`: which tags a customer has.
//!
//! With an `operator_id` it is that operator's relation whose tags change; without, the tags are
//! the company's own, and what is removed leaves every relation. A customer's `tags` stay what
//! the company and all relations have together.
//!
//! **Exclusive groups.** Adding a tag of an exclusive group takes the place of the one that the
//! customer has of it, whoever set that, as choosing another does. Two of one such group in one
//! call contradict each other and are refused with 422.

use std::collections::{HashMap, HashSet};

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, changed};
use crate::model::{Customer, OperatorId, Resource, Tag, TagGroup, TagGroupId, TagId};

pub(super) static TAG: Write = Write {
    method: Method::POST,
    path: "/v1/customers/{id}/tags",
    operation: "tag_customer",
    summary: "Adds and removes tags; of an exclusive group the added tag takes the other's place",
    answers: Resource::Customers,
    status: StatusCode::OK,
    fields: Some(&[
        Field::optional("add", Kind::Ids(Resource::Tags)),
        Field::optional("remove", Kind::AnyIds),
        Field::nullable("operator_id", Kind::Id(Resource::Operators)),
    ]),
    matches: true,
    errors: &[404],
    decide: tag,
};

fn tag(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let before: Customer = call.target()?;
    let (add, remove) = (ids(&members, "add"), ids(&members, "remove"));
    let operator = members.get("operator_id").and_then(Value::as_str).map(OperatorId::from);
    let exclusive = check(call, &before, &add, &remove, operator.as_ref())?;
    let mut replaced = HashSet::new();
    for tag in before.tags.iter().filter(|tag| !add.contains(tag)) {
        if group_of(call, tag)?.is_some_and(|group| exclusive.contains(&group)) {
            replaced.insert(tag.clone());
        }
    }
    let mut customer = before.clone();
    for relation in &mut customer.relations {
        let own = operator.as_ref().is_none_or(|operator| relation.operator_id == *operator);
        relation.tags.retain(|tag| !(replaced.contains(tag) || own && remove.contains(tag)));
        if operator.is_some() && own {
            append(&mut relation.tags, &add);
        }
    }
    let held: HashSet<&TagId> = customer.relations.iter().flat_map(|relation| &relation.tags).collect();
    // An operator takes away only what this relation had; the company's own tags stay.
    let had: HashSet<&TagId> = before
        .relations
        .iter()
        .filter(|relation| operator.as_ref().is_some_and(|operator| relation.operator_id == *operator))
        .flat_map(|relation| &relation.tags)
        .collect();
    let mut tags = before.tags.clone();
    tags.retain(|tag| {
        let taken = remove.contains(tag) && (operator.is_none() || had.contains(tag));
        held.contains(tag) || !(taken || replaced.contains(tag))
    });
    append(&mut tags, &add);
    customer.tags = tags;
    if customer != before {
        customer.updated_at = Some(call.now);
    }
    Ok(changed(&before, customer))
}

/// Looks for what contradicts itself or names what is not there; gives the exclusive groups of
/// the added tags.
fn check(
    call: &Call<'_>,
    customer: &Customer,
    add: &[TagId],
    remove: &[TagId],
    operator: Option<&OperatorId>,
) -> Result<HashSet<TagGroupId>, Problem> {
    let mut mistakes = Vec::new();
    let mut exclusive: HashMap<TagGroupId, &TagId> = HashMap::new();
    for (place, id) in add.iter().enumerate() {
        let path = format!("add[{place}]");
        if remove.contains(id) {
            mistakes.push(Mistake::new(&path, "is removed as well"));
        }
        if call.get::<Tag>(id.as_str())?.is_none_or(|tag| tag.deleted) {
            mistakes.push(Mistake::new(&path, format!("the tag {id} is deleted")));
        }
        let Some(group) = group_of(call, id)? else { continue };
        if let Some(other) = exclusive.insert(group, id) {
            let message = format!("is of one exclusive group with {other}: a customer has one of them");
            mistakes.push(Mistake::new(&path, message));
        }
    }
    for (place, id) in remove.iter().enumerate() {
        // A tag that nobody knows any more can still be taken off.
        if !customer.tags.contains(id) && call.get::<Tag>(id.as_str())?.is_none() {
            mistakes.push(Mistake::new(format!("remove[{place}]"), format!("tags has no {:?}", id.as_str())));
        }
    }
    let knows = |operator: &OperatorId| customer.relations.iter().any(|one| one.operator_id == *operator);
    if let Some(operator) = operator.filter(|operator| !knows(operator)) {
        mistakes.push(Mistake::new("operator_id", format!("{operator} has no relation with this customer")));
    }
    if mistakes.is_empty() { Ok(exclusive.into_keys().collect()) } else { Err(Problem::invalid(mistakes)) }
}

/// The exclusive group of a tag, where it is in one.
fn group_of(call: &Call<'_>, tag: &TagId) -> Result<Option<TagGroupId>, Problem> {
    let Some(id) = call.get::<Tag>(tag.as_str())?.and_then(|tag| tag.group_id) else { return Ok(None) };
    Ok(call.get::<TagGroup>(id.as_str())?.filter(|group| group.exclusive).map(|group| group.id))
}

fn ids(members: &Map<String, Value>, name: &str) -> Vec<TagId> {
    let items = members.get(name).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).map(TagId::from).collect()
}

fn append(tags: &mut Vec<TagId>, more: &[TagId]) {
    for tag in more {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
}
