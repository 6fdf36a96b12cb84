//! What each write comes to, and what it refuses.

use serde_json::{Value, json};
use siyu::model::Time;

use crate::town::Town;

#[tokio::test]
async fn a_customer_is_changed_by_what_is_sent_and_no_more() {
    let town = Town::new().await;
    let before = town.get("/v1/customers/c1").await;
    let sent = json!({
        "alias": "小张", "birthday": "02-29", "level": "V2", "points": 120, "stage": "lost",
        "gender": "female",
        "phones": ["13800000000"], "owners": ["op-02"], "referrer_id": "c2",
        "custom": {"尺码": null, "季节": ["春", 1.5]}, "remark": "嘴硬\u{0}\u{202e}",
    });
    let after = town.done("PATCH", "/v1/customers/c1", sent.clone()).await;
    assert_eq!(after["custom"], json!({"宝宝": "小米", "季节": ["春", 1.5]}));
    for (name, value) in sent.as_object().unwrap().iter().filter(|(name, _)| *name != "custom") {
        assert_eq!(&after[name], value, "{name}");
    }
    for name in ["name", "tags", "relations", "channels", "last_contact_at"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!(after["rev"], "6");
    let cleared = town.done("PATCH", "/v1/customers/c1", json!({"alias": null, "stage": null})).await;
    assert_eq!((&cleared["alias"], &cleared["stage"]), (&Value::Null, &Value::Null));
    town.server.shutdown().await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_customer_is_told_at_once() {
    let town = Town::new().await;
    let sent = json!({
        "name": " ", "stage": "sleepy", "points": 1.5, "birthday": "02-30", "phones": "138",
        "owners": ["op-01", "op-09", "op-01"], "referrer_id": "c9", "ltv": 100, "tags": ["vip"], "rev": "9",
        "channels": [{"kind": "wecom"}, {"kind": "x", "id": "y", "z": 1}], "custom": null, "level": "",
        "gender": "zzz",
    });
    let (status, mut paths) = town.refused("PATCH", "/v1/customers/c1", sent).await;
    paths.sort();
    assert_eq!(status, 422);
    let wrong = [
        "birthday",
        "channels[0].id",
        "channels[1].z",
        "custom",
        "gender",
        "level",
        "ltv",
        "name",
        "owners[1]",
        "owners[2]",
        "phones",
        "points",
        "referrer_id",
        "rev",
        "stage",
        "tags",
    ];
    assert_eq!(paths, wrong);
    for points in [json!(-1), json!("5"), json!(1e3), json!(9_999_999_999_999_999_999_u64)] {
        let (status, paths) = town.refused("PATCH", "/v1/customers/c1", json!({"points": points})).await;
        assert_eq!((status, paths), (422, vec!["points".to_owned()]), "{points}");
    }
    town.server.shutdown().await;
}

/// The tags of the customer, and of the relations with `op-01` and `op-02`.
fn tags(customer: &Value) -> [Vec<&str>; 3] {
    let list = |tags: &'_ Value| -> Vec<String> {
        tags.as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned()).collect()
    };
    let lists = [&customer["tags"], &customer["relations"][0]["tags"], &customer["relations"][1]["tags"]];
    let names = ["high", "low", "vip", "gone"];
    lists.map(|tags| list(tags).iter().map(|tag| *names.iter().find(|name| **name == tag).unwrap()).collect())
}

#[tokio::test]
async fn tags_go_by_relation_and_the_customer_has_what_all_have() {
    let town = Town::new().await;
    let path = "/v1/customers/c1/tags";
    let tag = async |body: Value| town.done("POST", path, body).await;
    let customer = tag(json!({"add": ["vip"], "operator_id": "op-01"})).await;
    assert_eq!(tags(&customer), [vec!["high", "vip"], vec!["high", "vip"], vec!["high", "vip"]]);
    let customer = tag(json!({"remove": ["vip"], "operator_id": "op-02"})).await;
    assert_eq!(tags(&customer), [vec!["high", "vip"], vec!["high", "vip"], vec!["high"]]);
    let customer = tag(json!({"remove": ["vip"], "operator_id": "op-01"})).await;
    assert_eq!(tags(&customer), [vec!["high"], vec!["high"], vec!["high"]]);
    // The company's own tag belongs to no relation, and no operator takes it off.
    tag(json!({"add": ["vip"]})).await;
    let customer = tag(json!({"remove": ["vip"], "operator_id": "op-01"})).await;
    assert_eq!(tags(&customer), [vec!["high", "vip"], vec!["high"], vec!["high"]]);
    // Of an exclusive group the new one takes the place of the other, whoever set that.
    let customer = tag(json!({"add": ["low"], "operator_id": "op-02"})).await;
    assert_eq!(tags(&customer), [vec!["vip", "low"], vec![], vec!["low"]]);
    let rev = customer["rev"].clone();
    let customer = tag(json!({"add": ["low"], "remove": ["high"]})).await;
    assert_eq!((tags(&customer), &customer["rev"]), ([vec!["vip", "low"], vec![], vec!["low"]], &rev));
    let customer = tag(json!({"remove": ["low", "vip"]})).await;
    assert_eq!(tags(&customer), [const { Vec::<&str>::new() }; 3]);
    for (body, wrong) in [
        (json!({"add": ["high", "low"]}), "add[1]"),
        (json!({"add": ["nothing"]}), "add[0]"),
        (json!({"add": ["gone"]}), "add[0]"),
        (json!({"add": ["vip"], "remove": ["vip"]}), "add[0]"),
        (json!({"remove": ["nothing"]}), "remove[0]"),
        (json!({"add": ["vip"], "operator_id": "op-09"}), "operator_id"),
        (json!({"add": [7]}), "add[0]"),
    ] {
        assert_eq!(town.refused("POST", path, body.clone()).await, (422, vec![wrong.to_owned()]), "{body}");
    }
    let stranger = json!({"add": ["vip"], "operator_id": "op-01"});
    let (status, paths) = town.refused("POST", "/v1/customers/c2/tags", stranger).await;
    assert_eq!((status, paths), (422, vec!["operator_id".to_owned()]));
    town.server.shutdown().await;
}

#[tokio::test]
async fn what_happened_moves_what_follows_from_it() {
    let town = Town::new().await;
    let path = "/v1/customers/c1/events";
    let early = "2020-01-01T00:00:00+00:00";
    let before = town.get("/v1/customers/c1").await;
    let event = town.done("POST", path, json!({"kind": "call", "title": "旧电话", "at": early})).await;
    assert_eq!((&event["at"], &event["operator_id"]), (&json!(early), &json!("op-01")));
    assert_eq!(town.get("/v1/customers/c1").await, before, "an older contact is not the last one");
    let since = town.server.store.seq();
    let event = town.done("POST", path, json!({"kind": "call", "title": "电话", "body": "很好"})).await;
    let customer = town.get("/v1/customers/c1").await;
    assert_eq!((&customer["last_contact_at"], &customer["rev"]), (&event["at"], &json!("6")));
    let id = event["id"].as_str().unwrap();
    assert_eq!(town.told(since), [format!("events/{id}"), "customers/c1".to_owned()]);
    town.done("POST", path, json!({"kind": "points", "title": "积分 -100", "data": {"change": -100}})).await;
    assert_eq!(town.get("/v1/customers/c1").await["points"], 0);
    let spent = json!({"kind": "points", "title": "积分 -1", "data": {"change": -1}});
    assert_eq!(town.refused("POST", path, spent).await.0, 409);
    for (body, wrong) in [
        (json!({"kind": "dream", "title": "t"}), "kind"),
        (json!({"kind": "note", "title": "  "}), "title"),
        (json!({"kind": "note"}), "title"),
        (json!({"kind": "note", "title": "t", "at": "2026-03-17T10:42:00"}), "at"),
        (json!({"kind": "note", "title": "t", "operator_id": "op-09"}), "operator_id"),
        (json!({"kind": "coupon", "title": "t", "data": {"amount": 9.9}}), "data.amount"),
        (json!({"kind": "points", "title": "t"}), "data.change"),
        (json!({"kind": "note", "title": "t", "id": "mine"}), "id"),
    ] {
        assert_eq!(town.refused("POST", path, body.clone()).await, (422, vec![wrong.to_owned()]), "{body}");
    }
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_message_is_an_event_and_a_contact() {
    let town = Town::new().await;
    let body = "您好，\n礼包到了  \n";
    let sent = json!({"customer_id": "c1", "channel": "wecom", "body": body});
    let event = town.done("POST", "/v1/messages", sent).await;
    assert_eq!((&event["kind"], &event["title"]), (&json!("message_out"), &json!("您好，")));
    assert_eq!((&event["body"], &event["data"]), (&json!(body), &json!({"channel": "wecom"})));
    assert_eq!(town.get("/v1/customers/c1").await["last_contact_at"], event["at"]);
    // A note of a million characters is kept to the last one.
    let long = "长".repeat(1_000_000);
    let note = json!({"kind": "note", "title": "长", "body": long});
    assert_eq!(town.done("POST", "/v1/customers/c1/events", note).await["body"], long);
    for (body, wrong) in [
        (json!({"customer_id": "c9", "channel": "wecom", "body": "b"}), "customer_id"),
        (json!({"customer_id": "c1", "channel": "fax", "body": "b"}), "channel"),
        (json!({"customer_id": "c2", "channel": "wecom", "body": "b"}), "channel"),
        (json!({"customer_id": "c1", "channel": "wecom", "body": "\n"}), "body"),
    ] {
        let refused = town.refused("POST", "/v1/messages", body.clone()).await;
        assert_eq!(refused, (422, vec![wrong.to_owned()]), "{body}");
    }
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_follow_up_is_done_when_its_status_says_so() {
    let town = Town::new().await;
    let due = "2026-03-18T10:00:00+08:00";
    let sent =
        json!({"customer_id": "c2", "title": "回访", "due_at": due, "priority": "high", "kind": "care"});
    let made = town.done("POST", "/v1/follow_ups", sent).await;
    assert_eq!(
        (&made["status"], &made["rev"], &made["source"]),
        (&json!("open"), &json!("1"), &json!("manual"))
    );
    assert_eq!(Time::parse(made["due_at"].as_str().unwrap()).unwrap(), Time::parse(due).unwrap());
    assert!(made["created_at"].is_string() && made["done_at"].is_null());
    let path = format!("/v1/follow_ups/{}", made["id"].as_str().unwrap());
    let done = town.done("PATCH", &path, json!({"status": "done", "outcome": "interested"})).await;
    assert_eq!((&done["rev"], &done["outcome"]), (&json!("2"), &json!("interested")));
    assert!(done["done_at"].is_string());
    let noted = town.done("PATCH", &path, json!({"note": "下月再来"})).await;
    assert_eq!(noted["done_at"], done["done_at"]);
    let again = town.done("PATCH", &path, json!({"status": "doing", "assignee_id": "op-02"})).await;
    assert_eq!((&again["done_at"], &again["assignee_id"]), (&Value::Null, &json!("op-02")));
    let then = "2026-03-17T09:00:00+08:00";
    let cancelled = town.done("PATCH", &path, json!({"status": "cancelled", "done_at": then})).await;
    assert_eq!(cancelled["done_at"], then);
    for (body, wrong) in [
        (json!({"title": ""}), "title"),
        (json!({"title": null}), "title"),
        (json!({"priority": "asap"}), "priority"),
        (json!({"kind": "fax"}), "kind"),
        (json!({"status": "maybe"}), "status"),
        (json!({"due_at": "tomorrow"}), "due_at"),
        (json!({"assignee_id": "op-09"}), "assignee_id"),
        (json!({"customer_id": "c1"}), "customer_id"),
        (json!({"status": "open", "done_at": then}), "done_at"),
    ] {
        let refused = town.refused("PATCH", &path, body.clone()).await;
        assert_eq!(refused, (422, vec![wrong.to_owned()]), "{body}");
    }
    let refused = town.refused("POST", "/v1/follow_ups", json!({"customer_id": "c9", "title": "t"})).await;
    assert_eq!(refused, (422, vec!["customer_id".to_owned()]));
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_deleted_tag_leaves_all_who_have_it() {
    let town = Town::new().await;
    let since = town.server.store.seq();
    let deleted = town.caller.ask("DELETE", "/v1/tags/vip", &[]).await.json();
    assert_eq!((&deleted["deleted"], &deleted["name"]), (&json!(true), &json!("VIP")));
    assert_eq!(town.told(since), ["tags/vip", "customers/c1", "groups/g1"]);
    let customer = town.get("/v1/customers/c1").await;
    assert_eq!(
        (tags(&customer), &customer["rev"]),
        ([vec!["high"], vec!["high"], vec!["high"]], &json!("6"))
    );
    assert_eq!(town.get("/v1/groups/g1").await["tags"], json!([]));
    // Once is enough; and it is known by its name still.
    let since = town.server.store.seq();
    assert_eq!(town.caller.ask("DELETE", "/v1/tags/vip", &[]).await.status, 200);
    assert_eq!(town.told(since), Vec::<String>::new());
    assert_eq!(town.refused("PATCH", "/v1/tags/vip", json!({"name": "x"})).await.0, 409);
    assert_eq!(town.refused("PATCH", "/v1/tags/high", json!({"deleted": true})).await.0, 422);
    // Its name is free, and so it does not come back beside another of that name.
    town.done("POST", "/v1/tags", json!({"name": "VIP", "group_id": "habit"})).await;
    assert_eq!(town.refused("PATCH", "/v1/tags/vip", json!({"deleted": false})).await.0, 409);
    let back = town.done("PATCH", "/v1/tags/vip", json!({"deleted": false, "name": "老VIP"})).await;
    assert_eq!(back["deleted"], false);
    town.server.shutdown().await;
}

#[tokio::test]
async fn names_have_no_control_characters_and_an_end_and_nobody_is_born_tomorrow() {
    let town = Town::new().await;
    for name in ["red\u{1b}[31m", "bell\u{7}", "two\nlines", &"x".repeat(65)] {
        for (method, path) in [("POST", "/v1/tags"), ("PATCH", "/v1/tags/vip")] {
            let refused = town.refused(method, path, json!({"name": name})).await;
            assert_eq!(refused, (422, vec!["name".to_owned()]), "{method} {name:?}");
        }
    }
    town.done("POST", "/v1/tags", json!({"name": "好".repeat(64)})).await;
    let refused = town.refused("PATCH", "/v1/customers/c1", json!({"name": "a\u{1b}b"})).await;
    assert_eq!(refused, (422, vec!["name".to_owned()]));
    let refused = town.refused("PATCH", "/v1/customers/c1", json!({"birthday": "2990-02-03"})).await;
    assert_eq!(refused, (422, vec!["birthday".to_owned()]));
    let born = town.done("PATCH", "/v1/customers/c1", json!({"birthday": "1990-02-03"})).await;
    assert_eq!(born["birthday"], "1990-02-03");
    town.server.shutdown().await;
}

#[tokio::test]
async fn names_of_tags_and_exclusive_groups_hold() {
    let town = Town::new().await;
    let twice = json!({"name": " VIP ", "group_id": "habit"});
    assert_eq!(town.refused("POST", "/v1/tags", twice).await.0, 409);
    let capitals = json!({"name": "vip", "group_id": "habit"});
    assert_eq!(town.refused("POST", "/v1/tags", capitals).await.0, 409, "capitals make no other name");
    town.done("POST", "/v1/tags", json!({"name": "Café", "group_id": "habit"})).await;
    let decomposed = json!({"name": "cafe\u{301}", "group_id": "habit"});
    assert_eq!(town.refused("POST", "/v1/tags", decomposed).await.0, 409, "nor does the way it is composed");
    assert_eq!(town.done("PATCH", "/v1/tags/vip", json!({"name": "Vip"})).await["name"], "Vip", "its own");
    town.done("PATCH", "/v1/tags/vip", json!({"name": "VIP"})).await;
    assert_eq!(town.refused("PATCH", "/v1/tags/low", json!({"name": "高意向"})).await.0, 409);
    // The same name in another group, or in none, is another tag.
    let other = town.done("POST", "/v1/tags", json!({"name": "VIP"})).await;
    let path = format!("/v1/tags/{}", other["id"].as_str().unwrap());
    assert_eq!(town.refused("PATCH", &path, json!({"group_id": "habit"})).await.0, 409);
    assert_eq!(town.done("PATCH", &path, json!({"group_id": "intent"})).await["group_id"], "intent");
    // c1 has `high` of that group already.
    assert_eq!(
        town.refused("PATCH", "/v1/tags/vip", json!({"group_id": "intent", "name": "贵"})).await.0,
        409
    );
    assert_eq!(town.refused("PATCH", &path, json!({"group_id": "nowhere"})).await.0, 422);
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_broadcast_begins_as_a_draft() {
    let town = Town::new().await;
    let sent = json!({"title": "会员日", "audience": "tag:VIP", "variants": [{"name": "A"}]});
    let made = town.done("POST", "/v1/broadcasts", sent).await;
    assert_eq!((&made["status"], &made["created_by"]), (&json!("draft"), &json!("op-01")));
    assert_eq!(made["variants"][0]["sent"], Value::Null);
    for (body, wrong) in [
        (json!({"title": "", "audience": "a"}), "title"),
        (json!({"title": "t"}), "audience"),
        (
            json!({"title": "t", "audience": "a", "variants": [{"name": "A"}, {"name": "A"}]}),
            "variants[1].name",
        ),
        (json!({"title": "t", "audience": "a", "variants": [{"name": "A", "sent": 3}]}), "variants[0].sent"),
        (json!({"title": "t", "audience": "a", "status": "sent"}), "status"),
    ] {
        let refused = town.refused("POST", "/v1/broadcasts", body.clone()).await;
        assert_eq!(refused, (422, vec![wrong.to_owned()]), "{body}");
    }
    town.server.shutdown().await;
}
