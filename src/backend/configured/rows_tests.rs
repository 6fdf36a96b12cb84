//! What a connector must be able to express, point by point, against a small server of our own: rows and
//! what is asked beside them, writes, errors and rates that the other tests do not meet.

use serde_json::json;

use super::*;
use crate::backend::tests::replay::{Answer, Replay, TAGS, all, ok, page_of, tag, whole};

// 12. Joins.

#[tokio::test]
async fn details_are_asked_for_each_row_and_one_that_fails_costs_its_row() {
    let server = Replay::start(|asked| match asked.path.as_str() {
        "/c" => ok(json!([{"id": 1}, {"id": 2}, {"id": 3}])),
        "/c/2/labels" => (404, Vec::new(), json!({"message": "gone"})),
        path => ok(json!({"payload": [format!("of {path}")]})),
    })
    .await;
    let text = r#"
[pull.customers]
request = { path = "/c" }
detail = { request = { path = "/c/{$item.id}/labels" }, item = '.payload', at_once = 2 }
map = '{id, name: "x", tags: $detail}'
"#;
    let connector = server.connector(text);
    let (found, wrong) = whole(&connector, Resource::Customers).await;
    let tags: Vec<_> = found.iter().map(|one| one["tags"].clone()).collect();
    assert_eq!(tags, [json!(["of /c/1/labels"]), json!(["of /c/3/labels"])], "in their order");
    assert!(
        wrong.len() == 1 && wrong[0].starts_with("2..: detail: ") && wrong[0].contains("gone"),
        "{wrong:?}"
    );
    let page = connector.page(Resource::Customers, None).await.unwrap();
    assert_eq!((page.unread, page.calls), (1, Some(4)));
    // What would fail for all ends the page.
    let down = Replay::start(|asked| match asked.path.as_str() {
        "/c" => ok(json!([{"id": 1}])),
        _ => (503, Vec::new(), json!({})),
    })
    .await;
    let error = down.connector(text).page(Resource::Customers, None).await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Server);
}

// 13. Group activity.

#[tokio::test]
async fn activity_of_groups_comes_from_lengths_aggregates_and_messages() {
    let server = Replay::start(|asked| match asked.path.as_str() {
        "/g" => ok(json!([{"id": "g1", "members": ["a", "b"]}])),
        "/stats" => ok(json!({"days": [{"day": "2026-01-02", "msgs": 7, "speakers": 2, "total": 9}]})),
        other => panic!("{other}"),
    })
    .await;
    let text = r#"
[pull.groups]
request = { path = "/g" }
map = '{id, name: .id, member_count: (.members | length)}'
[pull.group_days]
each = { of = "groups" }
request = { path = "/stats", query = { group = "{$each}" } }
items = '.days'
map = '{group_id: $each, day, messages: .msgs, active_members: .speakers, members: .total}'
"#;
    let connector = server.connector(text);
    assert_eq!(all(&connector, Resource::Groups).await[0]["member_count"], 2);
    let day = &all(&connector, Resource::GroupDays).await[0];
    assert_eq!((&day["group_id"], &day["messages"], &day["members"]), (&json!("g1"), &json!(7), &json!(9)));
    assert_eq!(server.last().param("group"), "g1");
}

// 14. Writes.

const CUSTOMERS: &str = "[pull.customers]\nrequest = { path = \"/c\" }\nmap = '{id, name, tags: (.tags // []), rev: .v}'\n[read.customers]\nrequest = { path = \"/c/{$id}\" }\n";

#[tokio::test]
async fn a_removal_names_the_row_of_the_join_and_a_lock_the_revision() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        "GET /c/1" => {
            ok(json!({"id": 1, "name": "x", "gid": "g-1", "tags": [], "links": [{"id": 77, "tag": "t1"}]}))
        }
        _ if asked.header("if-match") == "old" => (412, Vec::new(), json!({"message": "changed"})),
        "DELETE /links/g-1/77" => (204, Vec::new(), Value::Null),
        other => panic!("{other}"),
    })
    .await;
    let write = r#"
[write."customers.tag"]
each = '$write.remove'
request = { method = "DELETE", path = "/links/{$record.gid}/{$each as $t | $record.links[] | select(.tag == $t) | .id}", headers = { If-Match = "{$write.rev}" } }
answer = "nothing"
"#;
    let connector = server.connector(&format!("{CUSTOMERS}{write}"));
    let done = connector.write(&tag("1", &[], &["t1"]), "k", Some("new")).await.unwrap();
    assert!(matches!(done, crate::backend::Reply::Done(_)));
    assert_eq!(server.lines(), ["GET /c/1", "DELETE /links/g-1/77", "GET /c/1"]);
    let moved = connector.write(&tag("1", &[], &["t1"]), "k", Some("old")).await.unwrap();
    assert!(matches!(moved, crate::backend::Reply::Moved(_)), "it reads what is there instead");
}

#[tokio::test]
async fn one_call_for_each_tag_to_another_address_where_it_is_taken_away() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        "GET /c/1" => ok(json!({"id": 1, "name": "x", "tags": ["a", "b", "k"]})),
        _ => (204, Vec::new(), Value::Null),
    })
    .await;
    let write = r#"
[write."customers.tag"]
each = '$write.add'
request = { method = "PUT", path = "/c/{$write.id}/tags/{$each}" }
then = [{ each = '$write.remove', request = { method = "DELETE", path = "/c/{$write.id}/tags/{$each}" } }]
answer = "nothing"
"#;
    let connector = server.connector(&format!("{CUSTOMERS}{write}"));
    connector.write(&tag("1", &["a", "b"], &["c"]), "k", None).await.unwrap();
    assert_eq!(server.lines(), ["PUT /c/1/tags/a", "PUT /c/1/tags/b", "DELETE /c/1/tags/c", "GET /c/1"]);
    connector.write(&tag("1", &[], &["d"]), "k", None).await.unwrap();
    assert_eq!(server.lines()[4..], ["DELETE /c/1/tags/d", "GET /c/1"]);
}

// 15. Errors.

#[tokio::test]
async fn results_per_item_inside_a_success_are_believed() {
    for (status, body) in [
        (
            207,
            json!({"data": [{"code": "SUCCESS", "status": "success"}, {"code": "INVALID_DATA", "status": "error", "message": "no such tag"}]}),
        ),
        (200, json!({"data": [{"code": "INVALID_DATA", "status": "error", "message": "no such tag"}]})),
    ] {
        let server = Replay::start(move |_| -> Answer { (status, Vec::new(), body.clone()) }).await;
        let write = r#"
[write."customers.tag"]
request = { method = "PUT", path = "/c/{$write.id}", json = '{data: $write.add}' }
answer = "nothing"
[[write."customers.tag".errors]]
when = 'any(.body.data[]; .status == "error")'
kind = "validation"
message = '[.body.data[] | select(.status == "error") | .message] | join("; ")'
"#;
        let connector = server.connector(&format!("{CUSTOMERS}{write}"));
        let error = connector.write(&tag("1", &["a", "b"], &[]), "k", None).await.unwrap_err();
        assert_eq!((error.kind, error.what.as_str()), (TroubleKind::Validation, "no such tag"), "{status}");
        assert_eq!(server.lines(), ["PUT /c/1"], "nothing is read back of what was refused");
    }
}

// 16. Rates.

#[tokio::test]
async fn what_a_backend_wants_to_be_left_alone_for_is_heard_in_every_form() {
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(90)).to_string();
    let asked_for = |answer: Answer, rule: &'static str| async move {
        let server = Replay::start(move |_| answer.clone()).await;
        let text = format!("{rule}{TAGS}");
        let connector = server.connector(&text);
        let error = connector.page(Resource::Tags, None).await.unwrap_err();
        (error.kind, error.retry_after.map(|wait| wait.as_secs_f64().round() as u64))
    };
    let rule = "[[errors]]\nwhen = '.status == 429 or .body.code == 429'\nkind = \"rate\"\nretry_after = '.body.until // (.body.ms | if . then . / 1000 else null end)'\n";
    let limited = |headers: Vec<(&'static str, String)>| (429, headers, json!({}));
    for (answer, rule, wanted) in [
        (limited(vec![("retry-after", "7".into())]), "", Some(7)),
        (limited(vec![("retry-after", "7".into())]), rule, Some(7)),
        (limited(Vec::new()), "", None),
        ((200, Vec::new(), json!({"code": 429, "ms": 2500})), rule, Some(3)),
        ((200, Vec::new(), json!({"code": 429, "until": soon})), rule, Some(90)),
        ((200, Vec::new(), json!({"code": 429, "ms": 1e12})), rule, Some(3600)),
    ] {
        assert_eq!(asked_for(answer, rule).await, (TroubleKind::Rate, wanted));
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_left_ends_the_asking() {
    let server = Replay::start(|asked| {
        let left = if asked.param("from").is_empty() { "1" } else { "0" };
        let headers =
            vec![("x-ratelimit-remaining", left.to_owned()), ("x-ratelimit-reset", "60".to_owned())];
        (200, headers, json!({"list": page_of(asked, 2, 9)}))
    })
    .await;
    let limits = "[limits]\nrest = 'if .headers.\"x-ratelimit-remaining\" == \"0\" then .headers.\"x-ratelimit-reset\" else null end'\n";
    let text = format!("{limits}{TAGS}paging = {{ kind = \"offset\", param = \"from\", size = 2 }}\n");
    let connector = server.connector(&text);
    let first = connector.page(Resource::Tags, None).await.unwrap();
    let asked = server.asked().len();
    let error = connector.page(Resource::Tags, first.next.as_deref()).await.unwrap_err();
    assert_eq!((error.kind, error.sent, server.asked().len()), (TroubleKind::Rate, false, asked));
    assert!(error.retry_after.is_some_and(|wait| (50..=60).contains(&wait.as_secs())), "{error:?}");
}

// 17. Capabilities, 18. variables.

#[tokio::test]
async fn what_a_backend_cannot_do_is_refused_before_it_is_asked() {
    let server = Replay::start(|_| ok(json!({}))).await;
    let connector = server.connector(CUSTOMERS);
    let error = connector.write(&tag("1", &["a"], &[]), "k", None).await.unwrap_err();
    assert!(!error.sent && error.what.contains("has no request for customers.tag"), "{error}");
    let meta = connector.meta().await.unwrap();
    assert_eq!(meta.resources, [Resource::Customers]);
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn what_an_installation_is_called_is_found_by_a_request_or_said() {
    let server = Replay::start(|asked| match asked.path.as_str() {
        "/profile" => ok(json!({"accounts": [{"id": 1, "name": "a"}, {"id": 7, "name": "mine"}]})),
        "/7/tags" => ok(json!({"list": [{"id": 1}]})),
        other => panic!("{other}"),
    })
    .await;
    let text = r#"
[vars.account]
default = "mine"
[[login.steps]]
request = { path = "/profile", headers = { api_access_token = "{$secret}" } }
capture = { account = '.accounts[] | select(.name == $vars.account) | .id' }
[request]
headers = { api_access_token = "{$secret}" }
[pull.tags]
request = { path = "/{$login.account}/tags" }
items = '.list'
map = '{id}'
"#;
    assert_eq!(all(&server.connector(text), Resource::Tags).await.len(), 1);
    assert!(server.asked().iter().all(|asked| asked.header("api_access_token") == "s3cret/+"));
}
