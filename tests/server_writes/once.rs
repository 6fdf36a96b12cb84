//! Once, and whole: keys, revisions, many at a time, broken lines.

use std::sync::Arc;

use serde_json::{Value, json};
use siyu::model::Resource;
use siyu::server::{Limits, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::contract::{Caller, serve};
use crate::town::{self, Town};

const KEY: &str = "idempotency-key";

#[tokio::test]
async fn a_write_that_comes_again_is_answered_again_and_not_done_again() {
    let town = Town::new().await;
    let caller = &town.caller;
    let body = json!({"customer_id": "c1", "channel": "wecom", "body": "您好"});
    let start = town.server.store.seq();
    let first = caller.write("POST", "/v1/messages", &[(KEY, "k1")], &body).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
    assert_eq!(town.told(start).len(), 2, "the event and the customer");
    let since = town.server.store.seq();
    // The order of members and the spaces between them are not another body.
    let same = r#" { "body": "\u60a8好",  "channel":"wecom", "customer_id":"c1" } "#.to_owned();
    let headers = [("content-type", "application/json; charset=utf-8"), (KEY, "k1")];
    let again = caller.sending("POST", "/v1/messages", &headers, Some(same)).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let mut other = body.clone();
    other["body"] = json!("您好！");
    let reused = caller.write("POST", "/v1/messages", &[(KEY, "k1")], &other).await;
    assert_eq!((reused.status, &reused.value()["type"]), (422, &json!("urn:siyu:problem:key-reused")));
    let elsewhere = json!({"remark": "r"});
    for (path, status) in [("/v1/customers/c1", 200), ("/v1/customers/c2", 422)] {
        let answer = caller.write("PATCH", path, &[(KEY, "k2")], &elsewhere).await;
        assert_eq!(answer.status, status, "{path}");
    }
    assert_eq!(town.told(since), ["customers/c1"]);
    // Without a key, it is two messages.
    for _ in 0..2 {
        town.done("POST", "/v1/messages", body.clone()).await;
    }
    assert_eq!(town.server.store.count(Resource::Events).unwrap(), 3);
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_refusal_is_judged_again() {
    let town = Town::new().await;
    let body = json!({"name": "VIP", "group_id": "habit"});
    let keyed = async || town.caller.write("POST", "/v1/tags", &[(KEY, "k")], &body).await.status;
    assert_eq!(keyed().await, 409);
    town.done("PATCH", "/v1/tags/vip", json!({"name": "贵宾"})).await;
    assert_eq!(keyed().await, 201);
    assert_eq!(keyed().await, 201);
    assert_eq!(town.server.store.count(Resource::Tags).unwrap(), 5);
    town.server.shutdown().await;
}

#[tokio::test]
async fn a_stale_revision_is_told_what_is_there_now() {
    let town = Town::new().await;
    let patch = async |rev: &str, key: &str, remark: &str| {
        let headers = [("if-match", rev), (KEY, key)];
        town.caller.write("PATCH", "/v1/customers/c1", &headers, &json!({"remark": remark})).await
    };
    let first = patch("\"5\"", "k1", "一").await;
    assert_eq!((first.status, &first.value()["rev"]), (200, &json!("6")));
    let stale = patch("5", "k2", "二").await;
    assert_eq!(stale.status, 412);
    let now = town.get("/v1/customers/c1").await;
    assert_eq!(stale.value()["current"], now);
    assert_eq!(now["remark"], "一");
    // A write that went well is answered again, though its revision is stale by now.
    let again = patch("5", "k1", "一").await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(patch("6", "k2", "二").await.status, 200);
    assert_eq!(patch("*", "k3", "三").await.value()["rev"], "8");
    // What changes nothing raises nothing.
    let since = town.server.store.seq();
    assert_eq!(patch("8", "k4", "三").await.value()["rev"], "8");
    assert_eq!(town.told(since), Vec::<String>::new());
    // Records without a revision of their own go by the number of their last change.
    let tag = town.done("PATCH", "/v1/tags/vip", json!({"color": "#ff8800"})).await;
    let rev = tag["rev"].as_str().unwrap();
    assert_eq!(tag["seq"].to_string(), rev);
    for (color, status) in [("#000000", 200), ("#ffffff", 412)] {
        let body = json!({"color": color});
        let answer = town.caller.write("PATCH", "/v1/tags/vip", &[("if-match", rev)], &body).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    town.server.shutdown().await;
}

/// Sends the same 32 times at once; the answers.
async fn at_once(
    town: Town,
    key: Option<&'static str>,
    rev: Option<&'static str>,
) -> (Town, Vec<(u16, Value)>) {
    let town = Arc::new(town);
    let sent: Vec<_> = (0..32)
        .map(|number| {
            let town = town.clone();
            tokio::spawn(async move {
                let own = format!("k{number}");
                let mut headers = vec![(KEY, key.unwrap_or(&own))];
                headers.extend(rev.map(|rev| ("if-match", rev)));
                let remark = key.map_or(format!("第{number}"), str::to_owned);
                let body = json!({"remark": remark});
                let answer = town.caller.write("PATCH", "/v1/customers/c1", &headers, &body).await;
                (answer.status, answer.value())
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in sent {
        answers.push(one.await.expect("an answer"));
    }
    (Arc::into_inner(town).expect("all are done"), answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_with_one_key_are_one_change() {
    let town = Town::new().await;
    let since = town.server.store.seq();
    let (town, answers) = at_once(town, Some("the-same"), None).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
    assert_eq!(town.told(since), ["customers/c1"]);
    assert_eq!(town.get("/v1/customers/c1").await["rev"], "6");
    town.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_two_with_one_revision_one_wins() {
    let town = Town::new().await;
    let since = town.server.store.seq();
    let (town, answers) = at_once(town, None, Some("5")).await;
    let won: Vec<_> = answers.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1);
    for (status, problem) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!((*status, &problem["current"]["remark"]), (412, &won[0].1["remark"]));
    }
    assert_eq!(town.told(since), ["customers/c1"]);
    town.server.shutdown().await;
}

/// A message as bytes, with a key.
fn message(key: &str) -> String {
    let body = json!({"customer_id": "c1", "channel": "wecom", "body": "您好"}).to_string();
    format!(
        "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Idempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_leaves_all_or_nothing() {
    let town = Town::new().await;
    let start = town.server.store.seq();
    let whole = message("cut");
    // Cut after every seventh byte, before the end: nothing is ever done.
    for length in (0..whole.len()).step_by(7) {
        let mut line = TcpStream::connect(town.server.addr).await.unwrap();
        line.write_all(&whole.as_bytes()[..length]).await.unwrap();
        line.shutdown().await.unwrap();
        // The server has read it all and is done with it.
        let mut rest = Vec::new();
        let _ = line.read_to_end(&mut rest).await;
    }
    assert_eq!(town.server.store.seq(), start);
    // Whole, but nobody waits for the answer: all of it happens, or nothing; and then again, once.
    for number in 0..20 {
        let mut line = TcpStream::connect(town.server.addr).await.unwrap();
        line.write_all(message(&format!("deaf-{number}")).as_bytes()).await.unwrap();
        drop(line);
    }
    let body = json!({"customer_id": "c1", "channel": "wecom", "body": "您好"});
    for number in 0..20 {
        let key = format!("deaf-{number}");
        let answer = town.caller.write("POST", "/v1/messages", &[(KEY, &key)], &body).await;
        assert_eq!(answer.status, 201);
    }
    assert_eq!(town.server.store.count(Resource::Events).unwrap(), 20);
    // Each with the customer whom it reached, side by side in the feed: those of one millisecond
    // leave the customer as the first of them did.
    let told = town.told(start);
    assert_eq!(told.iter().filter(|told| told.starts_with("events/")).count(), 20);
    for (place, _) in told.iter().enumerate().filter(|(_, told)| *told == "customers/c1") {
        assert!(told[place - 1].starts_with("events/"), "{told:?}");
    }
    let events = town.get("/v1/events").await;
    let last = events["items"].as_array().unwrap().iter().filter_map(|event| event["at"].as_str()).max();
    let customer = town.get("/v1/customers/c1").await;
    assert_eq!(customer["last_contact_at"].as_str(), last);
    town.server.shutdown().await;
}

#[tokio::test]
async fn keys_outlive_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("serve.db");
    let body = json!({"customer_id": "c1", "title": "回访"});
    let mut answers = Vec::new();
    for start in 0..2 {
        let store = Store::open(&path, Limits::default()).unwrap();
        if start == 0 {
            store.put(&town::records()).unwrap();
        }
        let server = serve(store).await;
        let caller = Caller::of(&server);
        let answer = caller.write("POST", "/v1/follow_ups", &[(KEY, "k")], &body).await;
        answers.push((answer.status, answer.body.clone()));
        assert_eq!(server.store.count(Resource::FollowUps).unwrap(), 2);
        server.shutdown().await;
    }
    assert_eq!(answers[0], answers[1]);
}
