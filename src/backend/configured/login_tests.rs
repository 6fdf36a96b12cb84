//! Logging in, expiry and pulls for each of another kind, against a small server of our own.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use super::tests::{body, connector, town};
use super::*;
use crate::model::AnyRecord;

const LOGIN: &str = r#"
[[login.steps]]
request = { method = "POST", path = "/login", json = '{secret: $secret}' }
capture = { ticket = '.ticket' }
[[login.steps]]
request = { path = "/token", query = { ticket = "{$login.ticket}" } }
capture = { token = '.token', refresh_token = '.refresh' }
[[login.refresh]]
request = { path = "/refresh", query = { by = "{$login.refresh_token}" } }
capture = { token = '.token' }
[request]
query = { token = "{$login.token}" }
[[errors]]
when = '.body.code == 42001'
kind = "expired"
message = '.body.msg'
[pull.tags]
request = { path = "/tags" }
items = ".list"
map = '{id: .id}'
[pull.groups]
request = { path = "/groups" }
paging = { kind = "page", param = "p", short_ends = true, size = 2 }
items = ".list"
map = '{id: .id}'
[pull.group_members]
each = { of = "groups" }
request = { path = "/groups/{$each}/members" }
paging = { kind = "cursor", param = "c", next = ".next" }
items = ".list"
map = '{group_id: $each, member_id: .}'
"#;

/// A server whose token with a lower number than `good` has expired: it says so in a success, beside an
/// empty list.
async fn wary(good: Arc<AtomicU64>) -> super::tests::Town {
    let given = AtomicU64::new(0);
    town(move |what| {
        let token = what
            .split("token=")
            .nth(1)
            .and_then(|token| token.split('&').next()?.strip_prefix("token-")?.parse::<u64>().ok());
        let next = || format!("token-{:06}", given.fetch_add(1, Ordering::SeqCst) + 1);
        let path = what.split('?').next().unwrap_or_default();
        match path {
            "/login" => body(json!({"ticket": "ticket-1234"})),
            "/token" => body(json!({"token": next(), "refresh": "refresh-1234"})),
            "/refresh" => body(json!({"token": next()})),
            _ if token.is_none_or(|token| token < good.load(Ordering::SeqCst)) => body(
                json!({"code": 42001, "msg": format!("token-{:06} expired", token.unwrap_or(0)), "list": []}),
            ),
            "/tags" => body(json!({"list": [{"id": 1}, {"id": 2}]})),
            "/groups" if what.contains("p=2") => body(json!({"list": [{"id": 3}]})),
            "/groups" => body(json!({"list": [{"id": 1}, {"id": 2}]})),
            "/groups/1/members" if what.contains("c=x") => body(json!({"list": ["b"]})),
            "/groups/1/members" => body(json!({"list": ["a"], "next": "x"})),
            "/groups/2/members" => {
                let (_, headers, _) = body(json!(null));
                (axum::http::StatusCode::NOT_FOUND, headers, "{}".to_owned())
            }
            _ => body(json!({"list": ["c"]})),
        }
    })
    .await
}

fn count(town: &super::tests::Town, path: &str) -> usize {
    town.asked.lock().unwrap().iter().filter(|what| what.starts_with(path)).count()
}

#[tokio::test]
async fn a_chain_logs_in_once_for_all_and_an_expired_token_is_renewed_once() {
    let good = Arc::new(AtomicU64::new(1));
    let town = wary(Arc::clone(&good)).await;
    let connector = connector(&town, LOGIN);
    let pull = || async { connector.page(Resource::Tags, None).await };
    let all = tokio::join!(pull(), pull(), pull(), pull());
    for page in [all.0, all.1, all.2, all.3] {
        assert_eq!(page.unwrap().items.len(), 2);
    }
    assert_eq!((count(&town, "/login"), count(&town, "/token"), count(&town, "/refresh")), (1, 1, 0));
    // It expires in the middle: all four find out, one refreshes.
    good.store(2, Ordering::SeqCst);
    let all = tokio::join!(pull(), pull(), pull(), pull());
    for page in [all.0, all.1, all.2, all.3] {
        assert_eq!(page.unwrap().items.len(), 2, "an empty list beside the code is not believed");
    }
    assert_eq!((count(&town, "/login"), count(&town, "/refresh")), (1, 1));
    // Nothing helps any more: it is tried once more, and then it is told, without the token.
    good.store(99, Ordering::SeqCst);
    let before = count(&town, "/tags");
    let error = pull().await.unwrap_err();
    assert_eq!((error.kind, count(&town, "/tags") - before), (TroubleKind::Auth, 2));
    assert!(!error.to_string().contains("token-"), "{error}");
}

#[tokio::test]
async fn a_login_that_is_refused_is_not_tried_in_a_loop() {
    let town = town(|_| {
        let (_, headers, _) = body(json!(null));
        (axum::http::StatusCode::FORBIDDEN, headers, json!({"msg": "bad password s3cret/+"}).to_string())
    })
    .await;
    let connector = connector(&town, LOGIN);
    for _ in 0..3 {
        let error = connector.page(Resource::Tags, None).await.unwrap_err();
        assert_eq!((error.kind, error.what.as_str()), (TroubleKind::Auth, "bad password ***"));
    }
    assert_eq!(town.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn each_of_another_kind_is_asked_for_and_one_that_fails_costs_itself() {
    let town = wary(Arc::new(AtomicU64::new(0))).await;
    let mut connector = connector(&town, LOGIN);
    let (mut keys, mut unread, mut calls, mut cursor) = (Vec::new(), 0, 0, None::<String>);
    loop {
        // Every place is read anew from its text, as after a kill.
        connector.kept = Arc::default();
        let page = connector.page(Resource::GroupMembers, cursor.as_deref()).await.unwrap();
        keys.extend(page.items.iter().map(AnyRecord::key));
        unread += page.unread;
        calls += page.calls.unwrap();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(keys, ["1:a", "1:b", "3:c"]);
    assert_eq!(unread, 1, "the group that is not there");
    assert_eq!(calls as usize, town.asked.lock().unwrap().len() - 2, "all but the login");
}
