//! Every write of `/openapi.json`, and every way in which all of them refuse.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use serde_json::{Value, json};
use siyu::server::{Limits, ServeOptions, Server, Store, WriteLimits};

use crate::contract::schema::Schemas;
use crate::contract::{Caller, hold, operations};
use crate::town::{self, Town};

/// A write that goes well, by the name of its operation: path, body, status.
fn samples() -> Vec<(&'static str, &'static str, Value, u16)> {
    vec![
        ("change_customer", "/v1/customers/c1", json!({"remark": "宝妈", "stage": "dormant"}), 200),
        ("tag_customer", "/v1/customers/c1/tags", json!({"add": ["low"], "operator_id": "op-01"}), 200),
        ("add_event", "/v1/customers/c1/events", json!({"kind": "note", "title": "怕辣"}), 201),
        (
            "create_follow_up",
            "/v1/follow_ups",
            json!({"customer_id": "c1", "title": "回访", "due_at": "2026-03-18T10:00:00+08:00"}),
            201,
        ),
        ("change_follow_up", "/v1/follow_ups/f1", json!({"status": "done", "outcome": "ok"}), 200),
        ("create_tag", "/v1/tags", json!({"name": "新", "group_id": "habit", "order": 3}), 201),
        ("change_tag", "/v1/tags/vip", json!({"name": "贵宾"}), 200),
        ("delete_tag", "/v1/tags/vip", Value::Null, 200),
        (
            "send_message",
            "/v1/messages",
            json!({"customer_id": "c1", "channel": "wecom", "body": "您好"}),
            201,
        ),
        (
            "create_broadcast",
            "/v1/broadcasts",
            json!({"title": "会员日", "audience": "tag:VIP", "variants": [{"name": "A"}, {"name": "B"}]}),
            201,
        ),
    ]
}

#[tokio::test]
async fn every_documented_write_answers_as_documented() {
    let town = Town::new().await;
    let caller = &town.caller;
    let document = caller.get("/openapi.json").await.json();
    let mut left: BTreeSet<String> = BTreeSet::new();
    let mut all = operations(&document);
    all.retain(|(_, method, _)| method != "GET");
    let contract = include_str!("../../docs/contract.md");
    for (path, method, _) in &all {
        assert!(contract.contains(&format!("`{method} {path}`")), "the contract has no {method} {path}");
    }
    left.extend(all.iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned()));
    for (name, path, body, status) in samples() {
        let (_, method, operation) =
            all.iter().find(|(_, _, operation)| operation["operationId"] == name).expect("documented");
        assert!(left.remove(name), "{name} twice");
        let has = |header: &str| {
            operation["parameters"].as_array().unwrap().iter().any(|parameter| parameter["name"] == header)
        };
        let json = [("content-type", "application/json")];
        let send = async |headers: &[(&str, &str)], body: Option<String>| {
            let before = town.server.store.seq();
            let answer = caller.sending(method, path, headers, body).await;
            hold(&document, operation, &answer);
            assert!(answer.status < 300 || town.server.store.seq() == before, "a refusal changes nothing");
            answer.status
        };
        let text = (!body.is_null()).then(|| body.to_string());
        if let Some(text) = &text {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(Schemas::of(&document).check(schema, &body), Vec::<String>::new(), "{name}");
            assert!(!Schemas::of(&document).check(schema, &json!({"nonsense": 1})).is_empty(), "{name}");
            assert_eq!(send(&json, Some("{".to_owned())).await, 400, "{name}");
            assert_eq!(send(&json, Some("[".repeat(100_000))).await, 400, "{name}");
            // The same member twice, and the value is the same.
            let member =
                text.trim_start_matches('{').split_once(',').map_or(&text[1..text.len() - 1], |it| it.0);
            let twice = format!("{{{member},{}", &text[1..]);
            assert_eq!(send(&json, Some(twice)).await, 400, "{name}");
            assert_eq!(send(&[], Some(text.clone())).await, 415, "{name}");
            assert_eq!(send(&[("content-type", "text/plain")], Some(text.clone())).await, 415, "{name}");
            for wrong in ["[]", "null", "1", r#""text""#] {
                assert_eq!(send(&json, Some(wrong.to_owned())).await, 422, "{name} {wrong}");
            }
            let mut more = body.clone();
            more["nonsense"] = json!(1);
            assert_eq!(send(&json, Some(more.to_string())).await, 422, "{name}");
            let large = format!("{text}{}", " ".repeat(WriteLimits::default().body_bytes));
            assert_eq!(send(&json, Some(large)).await, 413, "{name}");
        } else {
            assert_eq!(send(&json, Some("{}".to_owned())).await, 400, "{name}");
        }
        for key in ["", "钥匙", &"k".repeat(256)] {
            let headers = [json[0], ("idempotency-key", key)];
            assert_eq!(send(&headers, text.clone()).await, 400, "{name} {key:?}");
        }
        let stale = send(&[json[0], ("if-match", "\"0\"")], text.clone()).await;
        assert_eq!(stale, if has("If-Match") { 412 } else { 400 }, "{name}");
        let misspelt = caller.sending(method, &format!("{path}?dry_run=1"), &json, text.clone()).await;
        assert_eq!(misspelt.status, 400, "{name}");
        hold(&document, operation, &misspelt);
        let foreign = send(&[json[0], ("host", "rebound.example:80")], text.clone()).await;
        assert_eq!(foreign, 403, "{name}");
        if let Some(rest) = path.strip_prefix("/v1/").filter(|path| path.contains('/')) {
            let mut parts: Vec<_> = rest.split('/').collect();
            parts[1] = "nobody";
            let path = format!("/v1/{}", parts.join("/"));
            let answer = caller.sending(method, &path, &json, text.clone()).await;
            assert_eq!(answer.status, 404, "{path}");
            hold(&document, operation, &answer);
        }
        let answer = caller.sending(method, path, &json, text.clone()).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        hold(&document, operation, &answer);
        // What is answered is what is there and what the feed has told by then.
        let told = answer.value();
        assert_eq!(told["seq"], town.server.store.seq());
        let collection = operation_collection(name);
        let mut stored = town.get(&format!("/v1/{collection}/{}", told["id"].as_str().unwrap())).await;
        stored["rev"] = told["rev"].clone();
        stored["seq"] = told["seq"].clone();
        assert_eq!(stored, told, "{name}");
    }
    assert_eq!(left, BTreeSet::new(), "writes that nobody drove");
    town.server.shutdown().await;
}

fn operation_collection(name: &str) -> &'static str {
    match name {
        "change_customer" | "tag_customer" => "customers",
        "add_event" | "send_message" => "events",
        "create_broadcast" => "broadcasts",
        name if name.ends_with("follow_up") => "follow_ups",
        _ => "tags",
    }
}

#[tokio::test]
async fn too_many_writes_are_told_when_to_come_back() {
    let store = Store::in_memory(Limits::default()).unwrap();
    store.put(&town::records()).unwrap();
    let options = ServeOptions { listen: "127.0.0.1:0".parse().unwrap(), token: None, live: None };
    let limits = WriteLimits { per_minute: NonZeroU32::new(2), ..WriteLimits::default() };
    let server = Server::start_within(limits, store, options).await.unwrap();
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    let note = json!({"remark": "r"});
    for _ in 0..2 {
        assert_eq!(caller.write("PATCH", "/v1/customers/c1", &[], &note).await.status, 200);
    }
    let answer = caller.write("PATCH", "/v1/customers/c1", &[], &note).await;
    assert_eq!(answer.status, 429);
    let wait: u64 = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=30).contains(&wait), "{wait}");
    hold(&document, &document["paths"]["/v1/customers/{id}"]["patch"], &answer);
    // Reading goes on.
    assert_eq!(caller.get("/v1/customers/c1").await.status, 200);
    server.shutdown().await;
}
