//! `POST /v1/tags`, `PATCH` and `DELETE /v1/tags/{id}`: the tags themselves.
//!
//! Within a group, and among the tags without one, no two have the same name, capitals or not: 409. A deleted tag
//! leaves every customer, relation and group that has it, in the same transaction, and stays
//! known by its name; `PATCH` with `deleted: false` brings the tag back, not its customers. A
//! tag does not move into an exclusive group while a customer has it beside another of that
//! group: 409.
//!
//! Deleting and moving look through all customers: they are rare, and hold up other writes for
//! as long as it takes.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, changed, overlay, read};
use crate::model::{
    Customer, Group, Record, Resource, TAG_NAME_MOST, Tag, TagGroup, TagGroupId, TagId, fold_tag_name,
};

pub(super) static CREATE: Write = Write {
    method: Method::POST,
    path: "/v1/tags",
    operation: "create_tag",
    summary: "Makes a tag; 409 where its group has one of that name",
    answers: Resource::Tags,
    status: StatusCode::CREATED,
    fields: Some(&[
        Field::required("name", Kind::Name(TAG_NAME_MOST)),
        Field::nullable("group_id", Kind::Id(Resource::TagGroups)),
        Field::nullable("color", Kind::Line),
        Field::nullable("order", Kind::Whole(i64::MIN)),
    ]),
    matches: false,
    errors: &[409],
    decide: create,
};

pub(super) static CHANGE: Write = Write {
    method: Method::PATCH,
    path: "/v1/tags/{id}",
    operation: "change_tag",
    summary: "Renames, moves, colours or brings back a tag",
    answers: Resource::Tags,
    status: StatusCode::OK,
    fields: Some(&[
        Field::optional("name", Kind::Name(TAG_NAME_MOST)),
        Field::nullable("group_id", Kind::Id(Resource::TagGroups)),
        Field::nullable("color", Kind::Line),
        Field::nullable("order", Kind::Whole(i64::MIN)),
        Field::optional("deleted", Kind::Truth),
    ]),
    matches: true,
    errors: &[404, 409],
    decide: change,
};

pub(super) static DELETE: Write = Write {
    method: Method::DELETE,
    path: "/v1/tags/{id}",
    operation: "delete_tag",
    summary: "Deletes a tag, which leaves all who have it",
    answers: Resource::Tags,
    status: StatusCode::OK,
    fields: None,
    matches: true,
    errors: &[404],
    decide: delete,
};

fn create(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let fresh = Tag { id: call.new_id(Resource::Tags, "t")?.into(), ..Tag::default() };
    let tag = overlay(&fresh, members)?;
    only_one(call, &tag)?;
    let answer = (Resource::Tags, tag.key());
    Ok(Decision { records: vec![tag.any()], answer })
}

fn change(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let before: Tag = call.target()?;
    let tag = overlay(&before, members)?;
    match (before.deleted, tag.deleted) {
        (false, true) => {
            let message = "a tag is deleted by DELETE, which takes it off its customers";
            return Err(Problem::invalid(vec![Mistake::new("deleted", message)]));
        }
        (true, true) => {
            return Err(Problem::conflict("deleted-tag", format!("the tag {} is deleted", tag.id)));
        }
        (_, false) => {}
    }
    only_one(call, &tag)?;
    if let Some(group) = tag.group_id.as_ref().filter(|_| tag.group_id != before.group_id) {
        alone_in(call, &tag.id, group)?;
    }
    Ok(changed(&before, tag))
}

fn delete(call: &Call<'_>, _: Map<String, Value>) -> Result<Decision, Problem> {
    let before: Tag = call.target()?;
    let id = before.id.clone();
    let mut decision = changed(&before, Tag { deleted: true, ..before.clone() });
    if before.deleted {
        return Ok(decision);
    }
    holders(call, &id, |mut customer: Customer| {
        let leaves = |tags: &mut Vec<TagId>| tags.retain(|tag| *tag != id);
        let before = customer.clone();
        leaves(&mut customer.tags);
        customer.relations.iter_mut().for_each(|relation| leaves(&mut relation.tags));
        if customer != before {
            customer.updated_at = Some(call.now);
            decision.records.push(customer.any());
        }
        Ok(())
    })?;
    holders(call, &id, |mut group: Group| {
        if group.tags.contains(&id) {
            group.tags.retain(|tag| *tag != id);
            decision.records.push(group.any());
        }
        Ok(())
    })?;
    Ok(decision)
}

/// All records of a kind that may have the tag: its id is somewhere in them.
fn holders<T: Record>(
    call: &Call<'_>,
    id: &TagId,
    mut see: impl FnMut(T) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let spelled = Value::from(id.as_str()).to_string(); // as it is in the text of a record
    call.view.having(T::RESOURCE, &spelled, |body| see(read(&body)?))
}

/// Every tag there is.
fn all(call: &Call<'_>, mut see: impl FnMut(Tag)) -> Result<(), Problem> {
    call.view.having(Resource::Tags, "", |body| {
        see(read(&body)?);
        Ok(())
    })
}

/// # Errors
/// 409 where another tag of the same group has the same name.
fn only_one(call: &Call<'_>, tag: &Tag) -> Result<(), Problem> {
    let wanted = fold_tag_name(&tag.name);
    let mut same = None;
    all(call, |other| {
        let is_other = other.id != tag.id && !other.deleted && other.group_id == tag.group_id;
        if is_other && fold_tag_name(&other.name) == wanted {
            same = Some(other.id);
        }
    })?;
    let Some(same) = same else { return Ok(()) };
    Err(Problem::conflict("duplicate-tag", format!("the tag {same} of the same group has that name")))
}

/// # Errors
/// 409 where the group is exclusive and a customer has the tag beside another of it.
fn alone_in(call: &Call<'_>, tag: &TagId, group: &TagGroupId) -> Result<(), Problem> {
    if call.get::<TagGroup>(group.as_str())?.is_none_or(|group| !group.exclusive) {
        return Ok(());
    }
    let mut others = HashSet::new();
    all(call, |other| {
        if other.group_id.as_ref() == Some(group) && other.id != *tag {
            others.insert(other.id);
        }
    })?;
    let mut both = 0_u64;
    holders(call, tag, |customer: Customer| {
        let has = customer.tags.contains(tag) && customer.tags.iter().any(|tag| others.contains(tag));
        both += u64::from(has);
        Ok(())
    })?;
    if both == 0 {
        return Ok(());
    }
    let detail = format!("{both} customers have another tag of that group, and may have but one");
    Err(Problem::conflict("exclusive-group", detail))
}
