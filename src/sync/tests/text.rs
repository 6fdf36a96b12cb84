//! Text that breaks things comes through the server, the pull and the cache to the byte.

use serde_json::{Value, json};

use super::rig::*;
use crate::model::{AnyRecord, Resource};
use crate::sync::Wish;

/// A record of every kind whose text fields all hold `text`.
fn records(n: usize, text: &str) -> Vec<AnyRecord> {
    let id = |letter: &str| format!("{letter}{n}");
    let all: [(Resource, Value); 13] = [
        (Resource::Operators, json!({"id": id("o"), "name": text, "department": text})),
        (Resource::TagGroups, json!({"id": id("g"), "name": text})),
        (Resource::Tags, json!({"id": id("t"), "name": text, "group_id": text, "color": text})),
        (
            Resource::Customers,
            json!({
                "id": id("c"), "name": text, "alias": text, "kind": text, "gender": text, "birthday": text,
                "phones": [text], "channels": [{"kind": text, "id": text}], "company": text, "city": text,
                "source": text, "referrer_id": text, "level": text, "stage": text, "tags": [text],
                "owners": [text], "currency": text, "remark": text, "custom": {text: text}, "rev": text,
                "relations": [{
                    "operator_id": text, "remark": text, "description": text, "add_way": text, "stage": text,
                    "tags": [text],
                }],
            }),
        ),
        (
            Resource::FollowUps,
            json!({
                "id": id("f"), "customer_id": text, "title": text, "body": text, "assignee_id": text,
                "source": text, "outcome": text, "note": text, "rev": text,
            }),
        ),
        (
            Resource::Groups,
            json!({"id": id("q"), "name": text, "owner_id": text, "notice": text, "status": text, "tags": [text]}),
        ),
        (Resource::GroupDays, json!({"group_id": id("q"), "day": "2026-03-01"})),
        (
            Resource::GroupMembers,
            json!({
                "group_id": id("q"), "member_id": id("m"), "customer_id": text, "name": text, "kind": text,
                "join_scene": text, "invited_by": text,
            }),
        ),
        (Resource::GroupActivities, json!({"id": id("a"), "group_id": text, "kind": "poll", "title": text})),
        (Resource::Snippets, json!({"id": id("s"), "title": text, "body": text, "group": text})),
        (
            Resource::Broadcasts,
            json!({
                "id": id("b"), "title": text, "created_by": text, "audience": text, "status": text,
                "variants": [{"name": text}],
            }),
        ),
        (
            Resource::Orders,
            json!({
                "id": id("r"), "customer_id": text, "currency": text, "status": text,
                "items": [{"sku": text, "name": text}],
            }),
        ),
        (
            Resource::Events,
            json!({
                "id": id("e"), "customer_id": text, "group_id": text, "operator_id": text, "kind": "note",
                "title": text, "body": text, "data": {text: text},
            }),
        ),
    ];
    all.into_iter().map(|(resource, item)| record(resource, item)).collect()
}

#[tokio::test]
async fn naughty_strings_come_back_to_the_byte() {
    let mut strings = vec![
        "\0\u{1}\u{1b}[31m\u{7f}\u{9b}".to_owned(),
        "\u{202e}\u{200b}\u{feff}\u{fffd}\u{10ffff}".to_owned(),
        "e\u{301}".repeat(500),
    ];
    if let Some(path) = corpus("blns.json") {
        let text = std::fs::read_to_string(path).unwrap();
        strings.extend(serde_json::from_str::<Vec<String>>(&text).unwrap());
    }
    let store = crate::server::Store::in_memory(crate::server::Limits::default()).unwrap();
    for (n, text) in strings.iter().enumerate() {
        store.put(&records(n, text)).unwrap();
    }
    let (kept, server) = (Kept::new(), serve(&store).await);
    let mut engine = kept.engine(&url(&server));
    engine.pace.page = 500;
    let outcome = round(&engine, Wish::Changes).await.unwrap();
    assert!(outcome.failed.is_empty());
    kept.assert_same(&store);
    for (n, text) in strings.iter().enumerate() {
        let customer: Value =
            serde_json::from_str(&kept.record(Resource::Customers, &format!("c{n}")).unwrap()).unwrap();
        assert_eq!(customer["name"].as_str(), Some(text.as_str()));
    }
}

#[tokio::test]
async fn ids_of_thirty_digits_stay_apart() {
    let page = br#"{"items":[{"id":123456789012345678901234567890,"name":"a"},{"id":123456789012345678901234567891,"name":"b"}]}"#;
    let kept = Kept::new();
    round(&kept.engine(&tags_backend(page.to_vec()).await), Wish::Changes).await.unwrap();
    assert_eq!(kept.count(Resource::Tags), 2);
    assert!(kept.record(Resource::Tags, "123456789012345678901234567891").unwrap().contains("\"b\""));
}
