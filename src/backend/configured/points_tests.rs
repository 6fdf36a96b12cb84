//! What a connector must be able to express, point by point, against a small server of our own: logins
//! and signing, requests, paging, items and fields that the other tests do not meet.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::backend::tests::replay::{Replay, TAGS, all, ok, page_of, tag};

// 1. Logins.

#[tokio::test]
async fn a_login_by_cookies_sends_them_along_and_logs_in_again_when_they_end() {
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&logins);
    let server = Replay::start(move |asked| match asked.path.as_str() {
        "/login" => {
            let n = counted.fetch_add(1, Ordering::SeqCst) + 1;
            let set = |text: String| ("set-cookie", text);
            (
                200,
                vec![set(format!("session=sess-{n:05}; Path=/; HttpOnly")), set("lang=zh".into())],
                json!({}),
            )
        }
        _ if asked.header("cookie") == "session=sess-00002; lang=zh" => ok(json!({"list": [{"id": 1}]})),
        _ => (401, Vec::new(), json!({"message": format!("not {}", asked.header("cookie"))})),
    })
    .await;
    let login = "[login]\ncookies = true\n[[login.steps]]\nrequest = { path = \"/login\", form = { password = \"{$secret}\" } }\n";
    let connector = server.connector(&format!("{login}{TAGS}"));
    assert_eq!(
        all(&connector, Resource::Tags).await.len(),
        1,
        "the first session is refused, the second not"
    );
    assert_eq!(logins.load(Ordering::SeqCst), 2);
    let form = &server.asked()[0];
    assert_eq!(
        (form.text.as_str(), form.header("content-type")),
        ("password=s3cret%2F%2B", "application/x-www-form-urlencoded")
    );
}

#[tokio::test]
async fn a_login_names_the_address_of_all_other_requests_and_reads_headers() {
    let api = Replay::start(|asked| match asked.header("authorization") {
        "Zoho-oauthtoken token-1234 of 201" => ok(json!({"list": [{"id": 1}, {"id": 2}]})),
        other => (401, Vec::new(), json!({"message": other})),
    })
    .await;
    let url = api.url.clone();
    let accounts = Replay::start(move |_| {
        (201, vec![("x-subject-token", "token-1234".to_owned())], json!({"api_domain": format!("{url}/v8")}))
    })
    .await;
    let login = r#"
[[login.steps]]
request = { method = "POST", path = "/token" }
capture = { base = '.api_domain', token = '$answer.headers."x-subject-token"', status = '$answer.status' }
[request]
headers = { Authorization = "Zoho-oauthtoken {$login.token} of {$login.status}" }
"#;
    let connector = accounts.connector(&format!("{login}{TAGS}"));
    assert_eq!(all(&connector, Resource::Tags).await.len(), 2);
    assert_eq!(
        (accounts.lines(), api.lines()),
        (vec!["POST /token".to_owned()], vec!["GET /v8/tags".to_owned()])
    );
    // A token goes nowhere where others listen in.
    let elsewhere =
        Replay::start(|_| ok(json!({"api_domain": "http://example.org", "t": "token-1234"}))).await;
    let login = login.replace("$answer.headers.\"x-subject-token\"", ".t");
    let error = elsewhere.connector(&format!("{login}{TAGS}")).page(Resource::Tags, None).await.unwrap_err();
    assert!(error.what.contains("no address that a token may be sent to"), "{error}");
}

// 3. Signing.

#[tokio::test]
async fn requests_are_signed_over_what_they_are() {
    let server = Replay::start(|asked| {
        let (time, nonce) = (asked.param("timestamp"), asked.header("x-nonce"));
        let text = format!("{}\n{}\n{time}\n{nonce}\n{}", asked.method, asked.path, asked.text);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"s3cret/+");
        let sign: String =
            ring::hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|b| format!("{b:02x}")).collect();
        assert!(nonce.len() == 32 && time.parse::<i64>().is_ok_and(|time| time > 1_700_000_000));
        match asked.header("x-sign") == sign {
            true => ok(json!({"list": [{"id": 1}]})),
            false => (403, Vec::new(), json!({"message": "bad signature"})),
        }
    })
    .await;
    let text = r#"
[sign]
query = '{timestamp: .time}'
headers = '{"X-Nonce": .nonce, "X-Sign": ([.method, .path, (.time | tostring), .nonce, .body] | join("\n") | hmac_sha256($secret))}'
[pull.tags]
request = { method = "POST", path = "/tags", json = '{a: 1}' }
items = '.list'
map = '{id}'
"#;
    assert_eq!(all(&server.connector(text), Resource::Tags).await.len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_signs_what_no_filter_can() {
    let server = Replay::start(|asked| {
        assert_eq!(asked.header("x-sign"), "GET /tags 1");
        ok(json!({"list": [{"id": 1}]}))
    })
    .await;
    // What it prints says that it was told the request.
    let program = r#"
[sign]
program = ["sh", "-c", 'grep -q "\"path\":\"/tags\"" && echo "{\"headers\":{\"x-sign\":\"GET /tags 1\"},\"query\":{\"a\":1}}"']
"#;
    assert_eq!(all(&server.connector(&format!("{program}{TAGS}")), Resource::Tags).await.len(), 1);
    assert_eq!(server.last().param("a"), "1");
    let failing = server.connector(&format!("[sign]\nprogram = [\"false\"]\n{TAGS}"));
    let error = failing.page(Resource::Tags, None).await.unwrap_err();
    assert!(!error.sent && error.what.contains("the signing program false: failed"), "{error}");
}

// 4. Requests.

#[tokio::test]
async fn queries_repeat_and_bracket_and_bodies_keep_their_types() {
    let server = Replay::start(|_| ok(json!({"list": []}))).await;
    let text = r#"
[pull.tags]
request = { path = "/a/{\"x/y ü\"}/b", query = { "filter[status][]" = '{["on", "off"]}', none = "{null}", limit = 5 } }
items = '.list'
map = '{id}'
[pull.groups]
request = { path = "/rpc", json = '{id: 1, params: [1, "1", true, null, {a: 1.50}]}' }
items = '.list'
map = '{id}'
"#;
    let connector = server.connector(text);
    all(&connector, Resource::Tags).await;
    assert_eq!(server.last().raw_query, "filter%5Bstatus%5D%5B%5D=on&filter%5Bstatus%5D%5B%5D=off&limit=5");
    assert_eq!(server.last().path, "/a/x%2Fy%20%C3%BC/b");
    all(&connector, Resource::Groups).await;
    assert_eq!(server.last().text, r#"{"id":1,"params":[1,"1",true,null,{"a":1.50}]}"#);
}

// 5. Paging.

#[tokio::test]
async fn paging_changes_its_kind_and_goes_on_behind_the_last_item() {
    // By offset to ten, and then by key, as servers do that search.
    let server = Replay::start(|asked| {
        let number = |name: &str| asked.body[name].as_u64();
        let from = match (number("after"), number("offset")) {
            (Some(key), Some(0)) => key as usize + 1,
            (None, Some(offset)) if offset < 10 => offset as usize,
            other => panic!("asked for {other:?}"),
        };
        ok(json!({"list": (from..23.min(from + 5)).map(|n| json!({"id": n})).collect::<Vec<_>>()}))
    })
    .await;
    let text = r#"
[pull.tags]
request = { path = "/search", json = '{offset: $page.offset, limit: $page.size, after: $page.cursor}' }
paging = { kind = "offset", size = 5, short_ends = true, then = { after = 10, kind = "keyset", size = 5, short_ends = true, next = ".id" } }
items = '.list'
map = '{id}'
"#;
    assert_eq!(all(&server.connector(text), Resource::Tags).await.len(), 23);
    assert_eq!(server.asked().len(), 5);
    // By number of page to four, and then by the token that each answer has anyway.
    let server = Replay::start(|asked| {
        let from = match (asked.param("page"), asked.param("token")) {
            (page @ ("1" | "2"), "") => (page.parse::<usize>().unwrap() - 1) * 2,
            ("", token) => token.parse().unwrap(),
            other => panic!("asked for {other:?}"),
        };
        let data: Vec<_> = (from..7.min(from + 2)).map(|n| json!({"id": n})).collect();
        ok(json!({"list": data, "info": {"more": from + 2 < 7, "token": (from + 2).to_string()}}))
    })
    .await;
    let text = r#"
[pull.tags]
request = { path = "/x" }
paging = { kind = "page", param = "page", size = 2, more = ".info.more", then = { after = 4, kind = "cursor", param = "token", size = 2, more = ".info.more", next = ".info.token" } }
items = '.list'
map = '{id}'
"#;
    assert_eq!(all(&server.connector(text), Resource::Tags).await.len(), 7);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_short_page_is_judged_by_the_size_that_the_server_used() {
    let server = Replay::start(|asked| ok(json!({"list": page_of(asked, 3, 8), "limit": "3"}))).await;
    let paging =
        "paging = { kind = \"offset\", param = \"from\", size = 100, short_ends = true, used = '.limit' }\n";
    assert_eq!(all(&server.connector(&format!("{TAGS}{paging}")), Resource::Tags).await.len(), 8);
    assert_eq!(server.asked().len(), 3);
}

// 6. Totals.

#[tokio::test]
async fn a_total_is_asked_for_by_itself_once_or_is_unknown() {
    let server = Replay::start(|asked| match asked.path.as_str() {
        "/count" => ok(json!({"result": "8"})),
        _ => ok(json!({"list": page_of(asked, 5, 8)})),
    })
    .await;
    let count = "count = { request = { path = \"/count\" }, total = '.result' }";
    let paging = |more: &str| {
        format!(
            "{TAGS}paging = {{ kind = \"offset\", param = \"from\", size = 5, short_ends = true{more} }}\n"
        )
    };
    let connector = server.connector(&paging(&format!(", {count}")));
    let first = connector.page(Resource::Tags, None).await.unwrap();
    assert_eq!((first.total, first.calls), (Some(8), Some(2)));
    let second = connector.page(Resource::Tags, first.next.as_deref()).await.unwrap();
    assert_eq!((second.total, second.calls, second.next), (None, Some(1), None));
    let unknown = server.connector(&paging("")).page(Resource::Tags, None).await.unwrap();
    assert_eq!(unknown.total, None, "and not how many the page has");
}

// 7. Items, 8. fields, 9. types, 11. tags.

#[tokio::test]
async fn items_and_fields_of_all_shapes() {
    let items = [
        (json!([{"id": 1, "name": "a"}]), "."),
        (json!({"data": {"page": {}, "list": [{"id": 1, "name": "a"}]}}), ".data.list"),
        (
            json!({"cols": ["id", "name"], "rows": [[1, "a"]]}),
            ". as {$cols, $rows} | [$rows[] | [$cols, .] | transpose | map({(.[0]): .[1]}) | add]",
        ),
        (json!({"data": {"1": {"name": "a"}}}), "[.data | to_entries[] | .value + {id: .key}]"),
    ];
    for (body, filter) in items {
        let server = Replay::start(move |_| ok(body.clone())).await;
        let text =
            format!("[pull.tags]\nrequest = {{ path = \"/t\" }}\nitems = '{filter}'\nmap = '{{id, name}}'\n");
        let found = all(&server.connector(&text), Resource::Tags).await;
        assert_eq!((found[0]["id"].as_str(), found[0]["name"].as_str()), (Some("1"), Some("a")), "{filter}");
    }
    let nothing = Replay::start(|_| ok(Value::Null)).await;
    assert_eq!(
        all(&nothing.connector(TAGS), Resource::Tags).await.len(),
        0,
        "an empty body is an empty list"
    );
    let server = Replay::start(|_| {
        ok(json!([{
            "gid": "123456789012345678901234567890", "a.b": {"first name": "张", "last": "三"}, "sex": "1",
            "nick": null, "title": "", "phones": [{"n": "1", "on": 0}, {"n": "2", "on": 1}],
            "tagNames": "VIP, 老客,", "flags": {"t1": true, "t2": false}, "level": "7",
        }]))
    })
    .await;
    let text = r#"
[pull.customers]
request = { path = "/c" }
[pull.customers.fields]
id = '.gid'
name = '[."a.b"."first name", ."a.b".last] | join("")'
alias = 'first(.nick, .title, "none" | select(. != null and . != ""))'
gender = '{"0": null, "1": "male", "2": "female"}[.sex]'
phones = '[.phones[] | select(.on | truth) | .n]'
city = '.title'
company = '.missing.deep'
level = '.level'
tags = '[(.tagNames | split(",")[] | gsub("^ +| +$"; "") | select(. != "")), (.flags | to_entries[] | select(.value) | .key)]'
"#;
    let found = &all(&server.connector(text), Resource::Customers).await[0];
    let wanted = json!({
        "id": "123456789012345678901234567890", "name": "张三", "alias": "none", "gender": "male", "phones": ["2"],
        "tags": ["VIP", "老客", "t1"],
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[name], value, "{name}");
    }
    assert_eq!((found["company"].is_null(), found["level"].to_string().trim_matches('"')), (true, "7"));
}

#[tokio::test]
async fn names_become_ids_by_what_was_pulled_and_ids_names() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        "GET /tags" => ok(json!({"list": page_of(asked, 2, 5)})),
        "GET /c" => ok(json!([{"id": 1, "labels": ["n1", "n4", "new"]}, {"id": 2, "labels": []}])),
        _ => ok(json!({"id": 1, "labels": asked.body["labels"]})),
    })
    .await;
    let text = format!(
        "{TAGS}paging = {{ kind = \"offset\", param = \"from\", size = 2 }}\n{}",
        r#"
[pull.customers]
request = { path = "/c" }
map = '{id, name: "x", tags: [.labels[] | lookup("tags") | select(. != null)], remark: (.labels[0] | lookup("tags"))}'
[write."customers.tag"]
request = { path = "/c/{$write.id}/labels", json = '{labels: [$write.add[] | name_of("tags")]}' }
"#
    );
    let connector = server.connector(&text);
    let found = all(&connector, Resource::Customers).await;
    assert_eq!((&found[0]["tags"], &found[0]["remark"]), (&json!(["1", "4"]), &json!("1")));
    assert_eq!(found[1]["remark"], json!(null));
    assert_eq!(server.lines().iter().filter(|line| *line == "GET /tags").count(), 4, "pulled once");
    connector.write(&tag("1", &["3"], &[]), "k", None).await.unwrap();
    assert_eq!(server.last().body, json!({"labels": ["n3"]}));
}
