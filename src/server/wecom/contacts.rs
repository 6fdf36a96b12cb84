//! Customers: `externalcontact/{list,get,batch/get_by_user,remark,mark_tag}`.

use serde_json::{Value, json};

use super::corp::{Corp, Follow};
use super::refusal::{Answer, Asked, Refusal, done, only, page, refuse};

/// `list`
pub fn list(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let userid = asked.parameter("userid").unwrap_or_default();
    if !corp.is_follower(userid) {
        return refuse(60111, "userid not found");
    }
    match corp.follows.get(userid).filter(|follows| !follows.is_empty()) {
        Some(follows) => only("external_userid", follows.keys().cloned().collect::<Vec<_>>()),
        None => refuse(84061, "not external contact"),
    }
}

/// `get`
pub fn get(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let external = asked.parameter("external_userid").unwrap_or_default();
    if external.is_empty() {
        return refuse(41035, "missing external userid");
    }
    if !corp.contacts.contains_key(external) {
        return refuse(40096, "invalid external userid");
    }
    let all: Vec<Value> = corp
        .follows
        .iter()
        .filter(|(userid, _)| corp.is_follower(userid))
        .filter_map(|(userid, follows)| Some((userid, follows.get(external)?)))
        .map(|(userid, follow)| {
            let mut info = corp.follow_info(userid, follow);
            info["tags"] = tags(corp, follow);
            info
        })
        .collect();
    if all.is_empty() {
        return refuse(84061, "not external contact");
    }
    let (part, next) = page(&all, asked.parameter("cursor"), external, 500)?;
    let mut made = json!({"external_contact": corp.external_contact(external), "follow_user": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

fn tags(corp: &Corp, follow: &Follow) -> Value {
    let one = |id: &String| {
        let tag = corp.tags.get(id)?;
        let group = corp.tag_groups.get(&tag.group).map(|group| group.name.as_str()).unwrap_or_default();
        Some(json!({"group_name": group, "tag_name": tag.name, "tag_id": id, "type": 1}))
    };
    follow.tags.iter().filter_map(one).collect()
}

/// `batch/get_by_user`: one row for each relation, page by page over all that were asked for.
pub fn by_user(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let users = asked.texts("userid_list", 100)?;
    if users.is_empty() {
        return refuse(40058, "userid_list missing");
    }
    if let Some(unknown) = users.iter().find(|userid| !corp.is_follower(userid)) {
        return refuse(40031, &format!("invalid userid list: {unknown}"));
    }
    // Beyond its maximum this one takes the maximum, where others fall back to what is usual.
    let said = asked.number("limit").unwrap_or(50).clamp(1, 100);
    let all: Vec<(&str, &String)> = users
        .iter()
        .flat_map(|userid| corp.follows.get(*userid).into_iter().flatten().map(move |(id, _)| (*userid, id)))
        .collect();
    let (part, next) =
        page(&all, asked.text("cursor"), &users.join(","), usize::try_from(said).unwrap_or(50))?;
    let rows: Vec<Value> = part
        .into_iter()
        .filter_map(|(userid, external)| {
            let follow = corp.follow(userid, external)?;
            let mut info = corp.follow_info(userid, follow);
            let known = follow.tags.iter().filter(|tag| corp.tags.contains_key(*tag)).collect::<Vec<_>>();
            info["tag_id"] = json!(known);
            Some(json!({"external_contact": corp.external_contact(external), "follow_info": info}))
        })
        .collect();
    let mut made = json!({"external_contact_list": rows});
    made["next_cursor"] = next.into();
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// A pair of the staff and a customer, who are friends.
fn pair<'c>(corp: &'c mut Corp, asked: &Asked<'_>) -> Result<&'c mut Follow, Refusal> {
    let userid = asked.wants("userid", 40058)?.to_owned();
    let external = asked.wants("external_userid", 41035)?;
    if !corp.is_follower(&userid) {
        return refuse(60111, "userid not found");
    }
    if !corp.contacts.contains_key(external) {
        return refuse(40096, "invalid external userid");
    }
    let follow = corp.follows.get_mut(&userid).and_then(|follows| follows.get_mut(external));
    follow.map_or_else(|| refuse(84061, "not external contact"), Ok)
}

/// `remark`: what is said is overwritten, the mobiles as a whole.
pub fn remark(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let short = |name: &str, most: usize| match asked.body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
        Some(_) => refuse(40058, &format!("{name} is no text of at most {most}")),
    };
    let (remark, description, company) =
        (short("remark", 20)?, short("description", 150)?, short("remark_company", 20)?);
    let mobiles = match asked.body.get("remark_mobiles") {
        None => None,
        Some(_) => Some(asked.texts("remark_mobiles", 10)?),
    };
    let follow = pair(corp, asked)?;
    if let Some(remark) = remark {
        follow.remark = remark;
    }
    if let Some(description) = description {
        follow.description = description;
    }
    if let Some(company) = company {
        follow.company = company;
    }
    if let Some(mobiles) = mobiles {
        follow.mobiles = mobiles.into_iter().filter(|mobile| !mobile.is_empty()).map(str::to_owned).collect();
    }
    done()
}

/// `mark_tag`: one pair for each call.
pub fn mark_tag(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (add, remove) = (asked.texts("add_tag", 3000)?, asked.texts("remove_tag", 3000)?);
    if add.is_empty() && remove.is_empty() {
        return refuse(40058, "neither add_tag nor remove_tag");
    }
    let known = |tag: &&&str| corp.tags.get(**tag).is_some_and(|tag| !tag.deleted);
    if add.iter().chain(&remove).any(|tag| !known(&tag)) {
        return refuse(40068, "invalid tagid");
    }
    let follow = pair(corp, asked)?;
    follow.tags.retain(|tag| !remove.contains(&tag.as_str()));
    for tag in add {
        if !follow.tags.iter().any(|known| known == tag) {
            follow.tags.push(tag.to_owned());
        }
    }
    done()
}
