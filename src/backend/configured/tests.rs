//! Paging and its ends, errors and places, against a small server of our own.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::*;
use crate::model::AnyRecord;

/// What a request with this path and query is answered.
type Answers = Arc<dyn Fn(&str) -> (StatusCode, HeaderMap, String) + Send + Sync>;

pub(super) struct Town {
    pub url: String,
    pub asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Held {
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

pub(super) async fn town(
    answers: impl Fn(&str) -> (StatusCode, HeaderMap, String) + Send + Sync + 'static,
) -> Town {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let held = Held { answers: Arc::new(answers), asked: Arc::clone(&asked) };
    let serve = |State(held): State<Held>, uri: axum::http::Uri, RawQuery(query): RawQuery| async move {
        let what = format!("{}?{}", uri.path(), query.unwrap_or_default());
        held.asked.lock().unwrap().push(what.clone());
        (held.answers)(&what)
    };
    let router = Router::new().fallback(serve).with_state(held);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Town { url, asked }
}

pub(super) fn body(value: Value) -> (StatusCode, HeaderMap, String) {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    (StatusCode::OK, headers, value.to_string())
}

pub(super) fn connector(town: &Town, text: &str) -> Configured {
    let head = "[connector]\nformat = 1\nname = \"t\"\n";
    let file = ConnectorFile::read(Path::new("t.toml"), &format!("{head}{text}"))
        .unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()));
    let secret = Some(Secret::new("s3cret/+"));
    Configured::new(Arc::new(file), &town.url, Map::new(), secret, Limits::default(), None).unwrap()
}

/// All ids of a walk, and the error that it ended with, if any. Each place is read anew from its text.
async fn walk(connector: &Configured) -> (Vec<String>, Option<BackendError>) {
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..50 {
        match connector.page(Resource::Tags, cursor.as_deref()).await {
            Ok(page) => {
                ids.extend(page.items.iter().map(AnyRecord::key));
                cursor = page.next;
            }
            Err(error) => return (ids, Some(error)),
        }
        if cursor.is_none() {
            return (ids, None);
        }
    }
    panic!("it never ended: {ids:?}");
}

fn number(what: &str, name: &str) -> Option<usize> {
    what.split(['?', '&']).find_map(|pair| pair.strip_prefix(&format!("{name}="))?.parse().ok())
}

fn items(from: usize, to: usize) -> Vec<Value> {
    (from..to.max(from)).map(|n| json!({"id": n})).collect()
}

const SEVEN: [&str; 7] = ["0", "1", "2", "3", "4", "5", "6"];

fn pull(paging: &str) -> String {
    format!(
        "[pull.tags]\nrequest = {{ path = \"/t\" }}\nitems = [\".list\", \".\"]\nmap = '{{id: .id}}'\npaging = {{ {paging} }}\n"
    )
}

#[tokio::test]
async fn pages_of_all_makes_are_walked_to_their_end() {
    let by_page = |what: &str| {
        let n = number(what, "p").unwrap();
        body(json!({"list": items(n * 3, 7.min(n * 3 + 3)), "total": 7, "more": n < 2}))
    };
    for (ends, calls) in
        [("total = '.total'", 3), ("more = '.more'", 3), ("short_ends = true", 3), ("size_param = 'n'", 4)]
    {
        let town = town(by_page).await;
        let text = pull(&format!("kind = \"page\", param = \"p\", first = 0, size = 3, {ends}"));
        let (ids, error) = walk(&connector(&town, &text)).await;
        assert_eq!((ids, error), (SEVEN.map(String::from).to_vec(), None), "{ends}");
        assert_eq!(town.asked.lock().unwrap().len(), calls, "{ends}");
    }
    // The server gives two at a time, whatever it is asked for.
    let town = town(|what| {
        let from = number(what, "skip").unwrap();
        body(Value::Array(items(from, 7.min(from + 2))))
    })
    .await;
    let text = pull("kind = \"offset\", param = \"skip\", size = 100, size_param = \"n\"");
    assert_eq!(walk(&connector(&town, &text)).await.0, SEVEN);
}

#[tokio::test]
async fn cursors_keys_and_addresses_lead_on() {
    let by_cursor = town(|what| {
        let from = number(what, "c").unwrap_or(0);
        let next = if from + 3 < 7 { json!((from + 3).to_string()) } else { json!("") };
        body(json!({"list": items(from, 7.min(from + 3)), "next": next}))
    })
    .await;
    let text = pull("kind = \"cursor\", param = \"c\", next = \".next\"");
    assert_eq!(walk(&connector(&by_cursor, &text)).await.0, SEVEN);
    let by_key = town(|what| {
        let from = number(what, "after").map_or(0, |key| key + 1);
        body(Value::Array(items(from, 7.min(from + 3))))
    })
    .await;
    let text = pull("kind = \"keyset\", param = \"after\", next = \".id\"");
    assert_eq!(walk(&connector(&by_key, &text)).await.0, SEVEN);
    let by_address = town(|what| {
        let from = number(what, "from").unwrap_or(0);
        let next = (from + 3 < 7).then(|| format!("/t?from={}", from + 3));
        let (status, mut headers, text) = body(json!({"list": items(from, 7.min(from + 3)), "next": next}));
        let link = next.map_or_else(String::new, |next| format!("<{next}>; rel=\"next\""));
        headers.insert(header::LINK, link.parse().unwrap());
        (status, headers, text)
    })
    .await;
    assert_eq!(walk(&connector(&by_address, &pull("kind = \"next_url\", next = \".next\""))).await.0, SEVEN);
    assert_eq!(walk(&connector(&by_address, &pull("kind = \"link\""))).await.0, SEVEN);
}

#[tokio::test]
async fn what_leads_in_circles_or_elsewhere_is_refused() {
    let same = town(|_| body(json!({"list": items(0, 3), "next": "x"}))).await;
    for (paging, wanted) in [
        ("kind = \"page\", param = \"p\"", "does not heed"),
        ("kind = \"cursor\", param = \"c\", next = \".next\"", "the one of this page"),
    ] {
        let (_, error) = walk(&connector(&same, &pull(paging))).await;
        let error = error.expect(paging);
        assert!(error.kind == TroubleKind::Malformed && error.what.contains(wanted), "{error}");
    }
    let away = town(|_| body(json!({"list": items(0, 3), "next": "http://example.org/t"}))).await;
    let (_, error) = walk(&connector(&away, &pull("kind = \"next_url\", next = \".next\""))).await;
    assert!(error.unwrap().what.contains("another origin"));
}

#[tokio::test]
async fn error_rules_go_before_data_and_no_secret_is_told() {
    let expired =
        town(|_| body(json!({"code": 42001, "msg": "expired s3cret/+", "wait": 1500, "list": []}))).await;
    let rules = "[request]\nquery = { token = \"{$secret}\" }\nheaders = { X-Token = \"T {$secret}\" }\n\
        [[errors]]\nwhen = '.body.code == 42001'\nkind = \"rate\"\nmessage = '.body.msg'\nretry_after = '.body.wait / 1000'\n";
    let (ids, error) = walk(&connector(&expired, &format!("{rules}{}", pull("kind = \"none\"")))).await;
    let error = error.unwrap();
    assert_eq!((ids.len(), error.kind, error.status), (0, TroubleKind::Rate, Some(200)));
    assert_eq!(error.retry_after, Some(std::time::Duration::from_millis(1500)));
    assert_eq!(error.what, "expired ***");
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert!(expired.asked.lock().unwrap()[0].contains("token=s3cret%2F%2B"));
    // Without the rule the empty list would have been believed; where the list is missing it is not.
    let odd = town(|_| body(json!({"code": 1, "list": null}))).await;
    let (_, error) = walk(&connector(&odd, &pull("kind = \"none\""))).await;
    assert!(error.unwrap().what.contains(".list gives nothing"));
    let html = town(|_| {
        let (_, mut headers, _) = body(Value::Null);
        headers.insert(header::CONTENT_TYPE, "text/html".parse().unwrap());
        (StatusCode::OK, headers, "<h1>log in</h1>".to_owned())
    })
    .await;
    let (_, error) = walk(&connector(&html, &pull("kind = \"none\""))).await;
    assert!(error.unwrap().what.contains("HTML"));
    let nothing = town(|_| (StatusCode::NO_CONTENT, HeaderMap::new(), String::new())).await;
    assert_eq!(walk(&connector(&nothing, &pull("kind = \"none\""))).await, (Vec::new(), None));
    let past = town(|_| (StatusCode::UNPROCESSABLE_ENTITY, HeaderMap::new(), "{}".to_owned())).await;
    let rule = "[[errors]]\nwhen = '.status == 422'\nkind = \"empty\"\n";
    assert_eq!(
        walk(&connector(&past, &format!("{rule}{}", pull("kind = \"none\"")))).await,
        (Vec::new(), None)
    );
}

#[tokio::test]
async fn a_bad_item_costs_itself_and_what_changed_is_asked_for() {
    let town = town(|_| body(json!([{"id": 1}, {"name": "nobody"}, 7, {"id": 2}]))).await;
    let text =
        pull("kind = \"none\"") + "changed = { query = { since = \"{$since | to_epoch}\" }, overlap = 0 }\n";
    let connector = connector(&town, &text);
    let page = connector.page(Resource::Tags, None).await.unwrap();
    assert_eq!((page.items.len(), page.unread), (2, 2));
    assert!(page.seq.is_some_and(|mark| mark > 1_700_000_000_000), "the pull's number is its moment");
    assert_eq!(connector.since(Resource::Tags, 41), None, "a number of another backend is no moment");
    let place = connector.since(Resource::Tags, 1_700_000_000_000).unwrap();
    connector.page(Resource::Tags, Some(&place)).await.unwrap();
    assert_eq!(town.asked.lock().unwrap().last().unwrap(), "/t?since=1700000000");
    assert_eq!(connector.since(Resource::Customers, 1_700_000_000_000), None);
    assert_eq!(connector.page(Resource::Tags, Some("?")).await.unwrap_err().kind, TroubleKind::Gone);
}
