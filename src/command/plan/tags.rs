//! Commands on tags themselves: create, rename, move, merge, delete; and tags by their names.

use serde_json::{Map, Value};

use super::fields::{HOLLOW, is_hollow};
use super::{Draft, PlanError, Skip, one};
use crate::command::Verb;
use crate::model::{AnyRecord, Deed, Record, Resource, TAG_NAME_MOST, Tag, TagGroup, TagId, fold_tag_name};
use crate::query::fold;

pub(super) fn plan(draft: &mut Draft<'_>, targets: &[AnyRecord]) -> Result<(), PlanError> {
    // A tag that is named first takes the place of the one under the cursor.
    let takes = match draft.command.verb {
        Verb::TagRename | Verb::TagMerge | Verb::TagGroup => 2,
        _ => 1,
    };
    let named = draft.command.args.len() == takes;
    let targets = if named { vec![tag(draft, draft.arg(0))?.clone().any()] } else { targets.to_vec() };
    let last = draft.command.args.last().map_or("", |arg| arg.trim()).to_owned();
    for record in &targets {
        let AnyRecord::Tag(old) = record else {
            draft.skip(record, Skip::OtherKind);
            continue;
        };
        match draft.command.verb {
            Verb::TagRename => {
                fresh(draft, &last, old.group_id.as_ref(), Some(&old.id))?;
                draft.set(record, "name", last.as_str().into());
            }
            Verb::TagGroup => {
                let group = match last.as_str() {
                    "-" | "none" | "无" => None,
                    name => Some(group(draft, name)?.id.clone()),
                };
                fresh(draft, &old.name, group.as_ref(), Some(&old.id))?;
                let value = group.map_or(Value::Null, |group| group.as_str().into());
                draft.set(record, "group_id", value);
            }
            Verb::TagMerge => {
                let into = tag(draft, &last)?.id.clone();
                if into == old.id {
                    draft.skip(record, Skip::AlreadySo);
                    continue;
                }
                take_off(draft, &old.id, Some(&into));
                draft.write(record, Deed::Delete);
            }
            Verb::TagDelete => {
                // Off each customer first, as writes of their own: so that undo puts it back on.
                take_off(draft, &old.id, None);
                draft.write(record, Deed::Delete);
            }
            _ => return Err(PlanError::NoWrite { command: draft.command.spec().id }),
        }
    }
    Ok(())
}

pub(super) fn create(draft: &mut Draft<'_>) -> Result<(), PlanError> {
    let name = draft.arg(0).to_owned();
    let group = match draft.arg(1) {
        "" => None,
        name => Some(group(draft, name)?.id.clone()),
    };
    fresh(draft, &name, group.as_ref(), None)?;
    let mut fields = Map::from_iter([("name".to_owned(), Value::from(name.as_str()))]);
    if let Some(group) = group {
        fields.insert("group_id".to_owned(), group.as_str().into());
    }
    draft.make(Resource::Tags, name, fields);
    Ok(())
}

/// Tags by their names: one name as it stands, or several with commas or spaces between them.
pub(super) fn named(draft: &Draft<'_>, text: &str) -> Result<Vec<TagId>, PlanError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    match tag(draft, text) {
        Ok(tag) => return Ok(vec![tag.id.clone()]),
        Err(several @ PlanError::Several { .. }) => return Err(several),
        Err(_) => {}
    }
    let separators: &[char] =
        if text.contains([',', '，', '、']) { &[',', '，', '、'] } else { &[' ', '\u{3000}'] };
    let names = text.split(separators).map(str::trim).filter(|name| !name.is_empty());
    let mut ids = Vec::new();
    for name in names {
        let id = tag(draft, name)?.id.clone();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Takes a tag off everybody who has it, and gives them another one instead.
fn take_off(draft: &mut Draft<'_>, old: &TagId, instead: Option<&TagId>) {
    for customer in (draft.material.holders)(old) {
        let add = instead.filter(|tag| !customer.tags.contains(tag)).cloned().into_iter().collect();
        draft.write(&customer.any(), Deed::Tag { add, remove: vec![old.clone()] });
    }
}

pub(super) fn tag<'a>(draft: &Draft<'a>, name: &str) -> Result<&'a Tag, PlanError> {
    if is_hollow(name) {
        let wanted = (HOLLOW.0.to_owned(), HOLLOW.1.to_owned());
        return Err(PlanError::Bad { field: "tag".to_owned(), value: name.to_owned(), wanted });
    }
    let tags = draft.material.tags;
    let live = |tag: &&Tag| !tag.deleted;
    if let Some(tag) = tags.iter().filter(live).find(|tag| tag.id.as_str() == name) {
        return Ok(tag);
    }
    // `group/name` tells two of one name apart.
    let in_group =
        name.split_once('/').and_then(|(of, name)| Some((group(draft, of).ok()?.id.clone(), name)));
    let folded = fold(name.trim());
    let mut found = tags.iter().filter(live).filter(|tag| match &in_group {
        Some((group, name)) if tag.group_id.as_ref() == Some(group) => {
            fold(tag.name.trim()) == fold(name.trim())
        }
        _ => fold(tag.name.trim()) == folded,
    });
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => Err(PlanError::Several {
            what: "tag",
            value: name.to_owned(),
            ids: [first, second].map(|tag| spelled(draft, tag)).to_vec(),
        }),
        (Some(tag), None) => Ok(tag),
        (None, _) => {
            Err(PlanError::unknown("tag", name, tags.iter().filter(live).map(|tag| tag.name.as_str())))
        }
    }
}

/// How a tag is told from another one of its name: by its group, or by its id where it has none.
fn spelled(draft: &Draft<'_>, tag: &Tag) -> String {
    let group = draft.material.tag_groups.iter().find(|group| Some(&group.id) == tag.group_id.as_ref());
    group.map_or_else(|| tag.id.to_string(), |group| format!("{}/{}", group.name, tag.name))
}

fn group<'a>(draft: &Draft<'a>, name: &str) -> Result<&'a TagGroup, PlanError> {
    let groups = draft.material.tag_groups;
    let found = one(groups, name, |group| (group.id.as_str(), &group.name), "group")?;
    found.ok_or_else(|| PlanError::unknown("group", name, groups.iter().map(|group| group.name.as_str())))
}

/// That a name says something, and no other tag of the group has it.
fn fresh(
    draft: &Draft<'_>,
    name: &str,
    group: Option<&crate::model::TagGroupId>,
    own: Option<&TagId>,
) -> Result<(), PlanError> {
    let bad = |zh: &str, en: &str| PlanError::Bad {
        field: "name".to_owned(),
        value: name.to_owned(),
        wanted: (zh.to_owned(), en.to_owned()),
    };
    if is_hollow(name) {
        return Err(bad(HOLLOW.0, HOLLOW.1));
    }
    if name.trim().is_empty() {
        return Err(PlanError::Missing { command: draft.command.spec().id, arg: "name" });
    }
    if name.contains(char::is_control) {
        return Err(bad("一行文字（有控制字符）", "one line: it has control characters in it"));
    }
    if name.chars().count() > TAG_NAME_MOST {
        let most = TAG_NAME_MOST;
        return Err(bad(&format!("{most} 个字以内的名称"), &format!("a name of at most {most} characters")));
    }
    let wanted = (fold_tag_name(name), group.map(|group| group.as_str()));
    let same = |tag: &&Tag| {
        let (name, group) = planned(draft, tag);
        !tag.deleted && own != Some(&tag.id) && (fold_tag_name(name), group) == wanted
    };
    if !draft.material.tags.iter().any(|tag| same(&tag)) {
        return Ok(());
    }
    let called = |id: &crate::model::TagGroupId| {
        let group = draft.material.tag_groups.iter().find(|group| group.id == *id);
        group.map_or_else(|| id.to_string(), |group| group.name.clone())
    };
    Err(PlanError::Taken { name: name.trim().to_owned(), group: group.map(called) })
}

/// Name and group of a tag, as the writes that are planned so far leave them: of several tags that
/// get one name in one command, only the first finds it free.
fn planned<'d>(draft: &'d Draft<'_>, tag: &'d Tag) -> (&'d str, Option<&'d str>) {
    let (mut name, mut group) = (tag.name.as_str(), tag.group_id.as_ref().map(|group| group.as_str()));
    for write in draft.writes.iter().map(|planned| &planned.write) {
        if let (Resource::Tags, true, Deed::Set { fields }) =
            (write.resource, write.id == tag.id.as_str(), &write.deed)
        {
            name = fields.get("name").and_then(Value::as_str).unwrap_or(name);
            group = fields.get("group_id").map_or(group, Value::as_str);
        }
    }
    (name, group)
}
