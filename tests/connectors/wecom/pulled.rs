//! All of it is pulled, joined, and each field is what WeCom has of the community.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use siyu::model::{AnyRecord, Customer, GroupMember, RelationStatus, Time};

use super::town::Town;
use crate::rig::Home;

/// A moment as WeCom has it: to the second, and without a zone.
fn seconds(at: Option<Time>) -> Value {
    at.map_or(Value::Null, |at| Time::from_millis(at.millis.div_euclid(1000) * 1000).to_string().into())
}

/// A customer as WeCom has it; `None` of one whom nobody who is still here has.
fn customer(customer: &Customer, here: &BTreeSet<&str>) -> Option<Value> {
    let mut relations: Vec<_> = customer.relations.iter().enumerate().collect();
    relations
        .retain(|(_, one)| one.status == RelationStatus::Active && here.contains(one.operator_id.0.as_str()));
    relations.sort_by_key(|(_, one)| (one.added_at.map(|at| at.millis / 1000), one.operator_id.0.clone()));
    let first = relations.first()?;
    let mut tags: Vec<&str> = Vec::new();
    for tag in relations.iter().flat_map(|(_, one)| &one.tags) {
        if !tags.contains(&tag.0.as_str()) {
            tags.push(&tag.0);
        }
    }
    let is_first = relations.iter().any(|(place, _)| *place == 0);
    let is_company = customer.kind.as_deref() == Some("company");
    Some(json!({
        "id": customer.id, "name": customer.name,
        "kind": if is_company { "wecom" } else { "wechat" },
        "gender": customer.gender,
        "phones": if is_first { customer.phones.clone() } else { Vec::new() },
        "channels": [{"kind": "wecom", "id": customer.id}],
        "company": if is_company { json!(customer.company) } else { Value::Null },
        "source": if is_first { json!(customer.source) } else { Value::Null },
        "tags": tags,
        "owners": relations.iter().map(|(_, one)| one.operator_id.0.as_str()).collect::<Vec<_>>(),
        "relations": relations.iter().map(|(_, one)| json!({
            "operator_id": one.operator_id, "remark": one.remark, "description": one.description,
            "added_at": seconds(one.added_at), "add_way": one.add_way, "stage": null, "tags": one.tags,
            "status": "active", "lost_at": null,
        })).collect::<Vec<_>>(),
        "added_at": seconds(first.1.added_at),
        "remark": relations.iter().find_map(|(_, one)| one.remark.clone()),
    }))
}

/// Both have the same records with the same in each of these fields.
fn same(kind: &str, pulled: &[Value], wanted: &[Value]) {
    assert_eq!(pulled.len(), wanted.len(), "{kind}");
    for (pulled, wanted) in pulled.iter().zip(wanted) {
        for (field, value) in wanted.as_object().unwrap() {
            assert_eq!(&pulled[field], value, "{kind}: {field} of\n{pulled}\n{wanted}");
        }
    }
}

pub fn customers(town: &Town) -> Vec<Value> {
    let here = here(town);
    let all = town.records.iter().filter_map(|record| match record {
        AnyRecord::Customer(one) => customer(one, &here),
        _ => None,
    });
    let mut all: Vec<Value> = all.collect();
    all.sort_by_key(|one| one["id"].to_string());
    all
}

fn here(town: &Town) -> BTreeSet<&str> {
    let of = |record: &'_ AnyRecord| matches!(record, AnyRecord::Operator(one) if one.active);
    let active = town.records.iter().filter(|record| of(record));
    active
        .filter_map(|record| match record {
            AnyRecord::Operator(one) => Some(one.id.0.as_str()),
            _ => None,
        })
        .collect()
}

/// What the cache has, customer by customer, is what WeCom has.
pub fn compare_customers(town: &Town, home: &Home) {
    same("customers", &home.records("customers"), &customers(town));
}

#[test]
fn all_of_it_is_pulled_with_the_fewest_calls() {
    let town = Town::sample(700);
    let home = town.home();
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    compare_customers(&town, &home);

    let members: Vec<&GroupMember> = town
        .records
        .iter()
        .filter_map(|record| match record {
            AnyRecord::GroupMember(one) if one.left_at.is_none() => Some(one),
            _ => None,
        })
        .collect();
    let mut by_group: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for member in &members {
        let count = by_group.entry(&member.group_id.0).or_default();
        count.0 += 1;
        count.1 += usize::from(member.customer_id.is_some());
    }
    let mut groups: Vec<Value> = Vec::new();
    for record in &town.records {
        if let AnyRecord::Group(group) = record {
            let (all, customers) = by_group[group.id.0.as_str()];
            groups.push(json!({
                "id": group.id, "name": group.name, "owner_id": group.owner_id, "notice": group.notice,
                "created_at": seconds(group.created_at), "member_count": all, "customer_count": customers,
            }));
        }
    }
    same("groups", &home.records("groups"), &groups);

    let key = |one: &Value| (one["group_id"].to_string(), one["member_id"].to_string());
    let mut pulled = home.json(&["list", "members", "--format", "json"]).as_array().unwrap().clone();
    pulled.sort_by_key(key);
    let mut wanted: Vec<Value> = members
        .iter()
        .map(|one| {
            json!({
                "group_id": one.group_id, "member_id": one.member_id, "customer_id": one.customer_id,
                "name": one.name, "kind": one.kind, "joined_at": seconds(one.joined_at),
                "invited_by": if one.join_scene.as_deref() == Some("invite") { json!(one.invited_by) } else { Value::Null },
            })
        })
        .collect();
    wanted.sort_by_key(key);
    same("members", &pulled, &wanted);

    let of = |wanted: fn(&AnyRecord) -> bool| {
        let mut all: Vec<Value> =
            town.records.iter().filter(|record| wanted(record)).map(AnyRecord::to_value).collect();
        all.sort_by_key(|one| one["id"].to_string());
        all
    };
    let tags: Vec<Value> = of(|record| matches!(record, AnyRecord::Tag(_)))
        .iter()
        .map(|tag| json!({"id": tag["id"], "name": tag["name"], "group_id": tag["group_id"], "order": tag["order"]}))
        .collect();
    same("tags", &home.records("tags"), &tags);
    let staff: Vec<Value> = of(|record| matches!(record, AnyRecord::Operator(one) if one.active))
        .iter()
        .map(|one| json!({"id": one["id"], "name": one["name"]}))
        .collect();
    same("operators", &home.records("operators"), &staff);

    let relations: usize =
        customers(&town).iter().map(|one| one["relations"].as_array().unwrap().len()).sum();
    assert_eq!(town.calls("batch/get_by_user"), relations.div_ceil(100) as u64);
    assert_eq!(town.calls("groupchat/get"), groups.len() as u64);
    for once in ["get_follow_user_list", "get_corp_tag_list", "groupchat/list"] {
        assert_eq!(town.calls(once), 1, "{once}");
    }
    let told: u64 =
        summary["pulled"].as_array().unwrap().iter().map(|one| one["calls"].as_u64().unwrap()).sum();
    assert_eq!(told + 1, town.total(), "the summary tells all calls but the one for the token");
}

#[test]
fn a_pull_that_finds_less_takes_no_more_than_that() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let before = home.records("customers");
    let two = before.iter().find(|one| one["relations"].as_array().unwrap().len() > 1).unwrap();
    let one = before.iter().find(|one| one["relations"].as_array().unwrap().len() == 1).unwrap();
    let lost = |customer: &Value| json!({"userid": customer["owners"][0], "external_userid": customer["id"]});
    town.control("unfriend", lost(two));
    town.control("unfriend", lost(one));
    home.text(&["sync"]);
    let after = home.records("customers");
    assert_eq!(after.len(), before.len() - 1);
    let still = after.iter().find(|customer| customer["id"] == two["id"]).expect("others have them still");
    assert_eq!(still["owners"].as_array().unwrap().len(), two["owners"].as_array().unwrap().len() - 1);
    assert_eq!(still["relations"].as_array().unwrap()[0], two["relations"][1]);
    // Nothing else is another one.
    let others = |all: &[Value]| -> Vec<Value> {
        all.iter()
            .filter(|customer| customer["id"] != two["id"] && customer["id"] != one["id"])
            .cloned()
            .collect()
    };
    assert_eq!(others(&after), others(&before));
}

#[test]
fn who_quits_and_who_joins_a_group_is_found_by_comparing() {
    let town = Town::sample(300);
    let home = town.home();
    home.text(&["sync"]);
    let comings =
        || home.json(&["list", "events", "kind:joined,left", "--format", "json"]).as_array().unwrap().clone();
    assert_eq!(comings(), [] as [Value; 0], "there is nothing to compare with");
    let members =
        |home: &Home| home.json(&["list", "members", "--format", "json"]).as_array().unwrap().clone();
    let before = members(&home);
    let one = before.iter().find(|one| !one["customer_id"].is_null()).unwrap().clone();
    let group = one["group_id"].clone();
    let inside = |id: &Value| before.iter().any(|one| one["member_id"] == *id && one["group_id"] == group);
    let other = home.records("customers").iter().find(|one| !inside(&one["id"])).unwrap()["id"].clone();
    town.control("forward", json!({"seconds": 5}));
    town.control("quit", json!({"chat_id": group, "userid": one["member_id"]}));
    town.control("join", json!({"chat_id": group, "userid": other}));
    for _ in 0..2 {
        home.text(&["sync"]);
        let mut events = comings();
        events.sort_by_key(|one| one["id"].to_string());
        let kinds: Vec<_> =
            events.iter().map(|one| (&one["kind"], &one["customer_id"], &one["group_id"])).collect();
        assert_eq!(
            kinds,
            [(&json!("joined"), &other, &group), (&json!("left"), &one["customer_id"], &group)]
        );
        let after = members(&home);
        assert_eq!(after.len(), before.len() + 1, "whoever left is a past member");
        let same = |member: &&Value| member["member_id"] == one["member_id"] && member["group_id"] == group;
        assert!(after.iter().find(same).unwrap()["left_at"].is_string());
    }
}
