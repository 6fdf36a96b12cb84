//! A company of a size: 20,000 customers of 60 followers, and 300 groups, with as few calls as can be.

use serde_json::json;
use siyu::model::{
    AnyRecord, Customer, Group, GroupMember, Operator, Record as _, Relation, RelationStatus, Time,
};

use super::town::Town;

const CUSTOMERS: usize = 20_000;
const FOLLOWERS: usize = 60;
const GROUPS: usize = 300;

fn relation(operator: usize, at: i64) -> Relation {
    Relation {
        operator_id: format!("u{operator:02}").into(),
        added_at: Some(Time::from_millis(1_700_000_000_000 + at * 1000)),
        status: RelationStatus::Active,
        ..Relation::default()
    }
}

pub fn company(customers: usize, followers: usize, groups: usize) -> Vec<AnyRecord> {
    let staff = (0..followers).map(|n| {
        Operator { id: format!("u{n:02}").into(), name: format!("员工{n}"), ..Operator::default() }.any()
    });
    let customers = (0..customers).map(move |n| {
        let at = n as i64;
        let mut relations = vec![relation(n % followers, at)];
        if n % 8 == 0 {
            relations.push(relation((n + 17) % followers, at + 5));
        }
        let id = format!("wm{n:05}").as_str().into();
        Customer { id, name: format!("客户{n}"), relations, ..Customer::default() }.any()
    });
    let groups = (0..groups).flat_map(move |n| {
        let id = format!("wr{n:03}");
        let group = Group {
            id: id.as_str().into(),
            name: format!("群{n}"),
            owner_id: Some(format!("u{:02}", n % followers).into()),
            ..Group::default()
        };
        let members = (0..20).map(move |m| {
            GroupMember {
                group_id: id.as_str().into(),
                member_id: format!("wm{:05}", n * 20 + m),
                customer_id: Some(format!("wm{:05}", n * 20 + m).into()),
                name: "甲".to_owned(),
                kind: Some("customer".to_owned()),
                joined_at: Some(Time::from_millis(1_700_000_000_000)),
                ..GroupMember::default()
            }
            .any()
        });
        std::iter::once(group.any()).chain(members)
    });
    staff.chain(customers).chain(groups).collect()
}

#[test]
fn a_company_of_a_size_is_pulled_within_the_limits_by_the_fewest_calls() {
    let town = Town::of(company(CUSTOMERS, FOLLOWERS, GROUPS));
    let home = town.home();
    let summary = home.json(&["sync", "--format", "json"]);
    assert_eq!(summary["failed"], json!([]));
    assert_eq!(home.text(&["count", "customers"]).trim(), CUSTOMERS.to_string());
    assert_eq!(home.text(&["count", "groups"]).trim(), GROUPS.to_string());
    let relations = CUSTOMERS + CUSTOMERS.div_ceil(8);
    let said = town.control("calls", json!({}));
    let least = [
        ("gettoken", 1),
        ("user/simplelist", 1),
        ("externalcontact/get_follow_user_list", 1),
        ("externalcontact/get_corp_tag_list", 1),
        ("externalcontact/batch/get_by_user", relations.div_ceil(100)),
        ("externalcontact/groupchat/list", 1),
        ("externalcontact/groupchat/get", GROUPS),
        ("externalcontact/get_groupmsg_list_v2", 2),
        ("externalcontact/get_user_behavior_data", FOLLOWERS),
        ("externalcontact/groupchat/statistic_group_by_day", FOLLOWERS),
    ];
    for (api, wanted) in least {
        assert_eq!(said["calls"][api], json!(wanted), "{api}");
    }
    let all: usize = least.iter().map(|(_, calls)| calls).sum();
    assert_eq!(said["total"], json!(all));
    let told: u64 =
        summary["pulled"].as_array().unwrap().iter().map(|one| one["calls"].as_u64().unwrap()).sum();
    assert_eq!(told as usize + 1, all, "what is printed is all but the call for the token");
    assert!(said["busiest_minute"].as_u64().unwrap() <= 10_000);
}
