//! The company's tags: `externalcontact/{get_corp_tag_list,add_corp_tag,edit_corp_tag,del_corp_tag}`.

use serde_json::{Value, json};

use super::corp::{Corp, Tag, TagGroup};
use super::refusal::{Answer, Asked, done, only, refuse};

/// Tags that a company can have.
const MOST_TAGS: usize = 3000;

/// `get_corp_tag_list`: what was deleted is told to those who ask for it by id.
pub fn list(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (tags, groups) = (asked.texts("tag_id", 3000)?, asked.texts("group_id", 3000)?);
    let all = tags.is_empty() && groups.is_empty();
    let mut list = Vec::new();
    for (id, group) in &corp.tag_groups {
        let whole = all && !group.deleted || tags.is_empty() && groups.contains(&id.as_str());
        let wanted = |tag: &(&String, &Tag)| {
            let named = tags.contains(&tag.0.as_str());
            tag.1.group == *id && (whole && (!all || !tag.1.deleted) || named)
        };
        let within: Vec<(&String, &Tag)> = corp.tags.iter().filter(wanted).collect();
        if !within.is_empty() {
            list.push(group_of(id, group, within));
        }
    }
    list.sort_by_key(|group| -group["order"].as_i64().unwrap_or_default());
    only("tag_group", list)
}

fn group_of(id: &str, group: &TagGroup, mut tags: Vec<(&String, &Tag)>) -> Value {
    tags.sort_by_key(|(_, tag)| -tag.order);
    let one = |(id, tag): (&String, &Tag)| json!({"id": id, "name": tag.name, "create_time": tag.created, "order": tag.order, "deleted": tag.deleted});
    json!({
        "group_id": id, "group_name": group.name, "create_time": group.created, "order": group.order,
        "deleted": group.deleted, "tag": tags.into_iter().map(one).collect::<Vec<_>>(),
    })
}

/// `add_corp_tag`: into a group by id, or by a name that is there or made; never an empty one.
pub fn add(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let tags = asked.body.get("tag").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |tag: &Value| {
        tag.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned)
    };
    let named: Option<Vec<(String, i64)>> = tags
        .iter()
        .map(|tag| Some((name(tag)?, tag.get("order").and_then(Value::as_i64).unwrap_or(0))))
        .collect();
    let Some(named) = named.filter(|named| !named.is_empty()) else {
        return refuse(40058, "tag missing");
    };
    if named.iter().any(|(name, _)| name.chars().count() > 30) {
        return refuse(40058, "tag name longer than 30");
    }
    let live = corp.tags.values().filter(|tag| !tag.deleted).count();
    if live + named.len() > MOST_TAGS {
        return refuse(40058, "more than 3000 tags");
    }
    let group = match (asked.text("group_id"), asked.text("group_name")) {
        (Some(id), _) => match corp.tag_groups.get(id).filter(|group| !group.deleted) {
            Some(_) => id.to_owned(),
            None => return refuse(40068, "invalid tag group id"),
        },
        (None, Some(name)) if name.chars().count() <= 30 => {
            let known = corp.tag_groups.iter().find(|(_, group)| group.name == name && !group.deleted);
            match known.map(|(id, _)| id.clone()) {
                Some(id) => id,
                None => {
                    let id = corp.id("etg");
                    let order = asked.number("order").unwrap_or(0);
                    let made = TagGroup { name: name.to_owned(), order, created: asked.now, deleted: false };
                    corp.tag_groups.insert(id.clone(), made);
                    id
                }
            }
        }
        _ => return refuse(40058, "neither group_id nor group_name"),
    };
    let taken = |name: &str| {
        let same = |tag: &Tag| tag.group == group && !tag.deleted && tag.name == name;
        corp.tags.values().any(same)
    };
    if named.iter().any(|(name, _)| taken(name)) {
        return refuse(40071, "tag name already exists");
    }
    let mut made = Vec::new();
    for (name, order) in named {
        let id = corp.id("et");
        made.push(id.clone());
        corp.tags.insert(id, Tag { group: group.clone(), name, order, created: asked.now, deleted: false });
    }
    let within = corp.tags.iter().filter(|(id, _)| made.contains(id)).collect();
    let Some(of) = corp.tag_groups.get(&group) else { return done() };
    only("tag_group", group_of(&group, of, within))
}

/// `edit_corp_tag`: of a tag or of a group.
pub fn edit(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.wants("id", 40068)?;
    let (name, order) = (asked.text("name"), asked.number("order"));
    if name.is_some_and(|name| name.chars().count() > 30) {
        return refuse(40058, "name longer than 30");
    }
    if let Some(group) = corp.tag_groups.get_mut(id).filter(|group| !group.deleted) {
        group.name = name.unwrap_or(&group.name).to_owned();
        group.order = order.unwrap_or(group.order);
        return done();
    }
    let Some(tag) = corp.tags.get(id).filter(|tag| !tag.deleted).cloned() else {
        return refuse(40068, "invalid tagid");
    };
    let taken = |other: (&String, &Tag)| {
        other.0 != id && other.1.group == tag.group && !other.1.deleted && Some(other.1.name.as_str()) == name
    };
    if corp.tags.iter().any(taken) {
        return refuse(40071, "tag name already exists");
    }
    if let Some(tag) = corp.tags.get_mut(id) {
        tag.name = name.unwrap_or(&tag.name).to_owned();
        tag.order = order.unwrap_or(tag.order);
    }
    done()
}

/// `del_corp_tag`: the last tag takes its group with it, and tags leave all customers.
pub fn delete(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (tags, groups) = (asked.texts("tag_id", 3000)?, asked.texts("group_id", 3000)?);
    if tags.is_empty() && groups.is_empty() {
        return refuse(40058, "neither tag_id nor group_id");
    }
    let known = |id: &&&str| !corp.tags.contains_key(**id);
    if tags.iter().any(|id| known(&id)) || groups.iter().any(|id| !corp.tag_groups.contains_key(*id)) {
        return refuse(40068, "invalid tagid");
    }
    let mut gone = Vec::new();
    for (id, tag) in &mut corp.tags {
        if tags.contains(&id.as_str()) || groups.contains(&tag.group.as_str()) {
            tag.deleted = true;
            gone.push(id.clone());
        }
    }
    for (id, group) in &mut corp.tag_groups {
        group.deleted |= !corp.tags.values().any(|tag| tag.group == *id && !tag.deleted);
    }
    for follow in corp.follows.values_mut().flat_map(|follows| follows.values_mut()) {
        follow.tags.retain(|tag| !gone.contains(tag));
    }
    done()
}
