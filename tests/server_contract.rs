//! Drives every route of `/openapi.json` against a listening server and holds the answers
//! against the document's own schemas.

mod contract;

use std::collections::{BTreeMap, BTreeSet};

use contract::schema::Schemas;
use contract::{Caller, community, hold, operations, problem, serve, serve_with};
use serde_json::{Value, json};
use siyu::server::{Limits, ServeError, ServeOptions, Server, Store, Token};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

#[tokio::test]
async fn every_documented_route_answers_as_documented() {
    let server = serve(community()).await;
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    // Writes are driven by a test of their own.
    let mut operations = operations(&document);
    operations.retain(|(_, method, _)| method == "GET");
    assert_eq!(operations.len(), 4 + 2 * 13);
    let (seq, mut driven) = (server.store.seq(), 0);
    for (path, _, operation) in &operations {
        let names: Vec<_> = operation["parameters"].as_array().expect("parameters").iter().collect();
        let has = |name: &str| names.iter().any(|parameter| parameter["name"] == name);
        let sample = match path.strip_suffix("/{id}") {
            Some(collection) => {
                let page = caller.get(collection).await.json();
                let id = caller.some_id(collection, &page["items"][0]);
                hold(&document, operation, &caller.get(&format!("{collection}/no-such-id")).await);
                format!("{collection}/{id}")
            }
            None if has("since") => format!("{path}?since={seq}"),
            None => path.clone(),
        };
        if path.ends_with("/stream") {
            let answer = caller.head_of_stream(&sample).await;
            hold(&document, operation, &answer);
        } else {
            let answer = caller.get(&sample).await;
            assert_eq!(answer.status, 200, "{sample}: {}", answer.body);
            hold(&document, operation, &answer);
        }
        for (name, values) in [("limit", ["0", "1001", "x", "-1"]), ("cursor", ["", "%21", "eA", "AAAA"])] {
            for value in values.iter().filter(|_| has(name)) {
                let joint = if sample.contains('?') { '&' } else { '?' };
                let answer = caller.get(&format!("{sample}{joint}{name}={value}")).await;
                assert_eq!(answer.status, 400, "{path} {name}={value}");
                hold(&document, operation, &answer);
            }
        }
        // Nothing is given that means nothing, and nothing twice.
        let joint = if sample.contains('?') { '&' } else { '?' };
        let mut wrong = vec![("nonsense=1", "nonsense".to_owned())];
        if has("limit") {
            wrong.push(("limt=2", "did you mean \"limit\"?".to_owned()));
            wrong.push(("limit=2&limit=3", "limit is given twice".to_owned()));
            wrong.push(("Limit=2", "did you mean \"limit\"?".to_owned()));
        }
        if has("cursor") {
            wrong.push(("curser=x", "did you mean \"cursor\"?".to_owned()));
        }
        for (query, told) in wrong {
            let answer = caller.get(&format!("{sample}{joint}{query}")).await;
            assert_eq!(answer.status, 400, "{path} {query}: {}", answer.body);
            let detail = answer.value()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(&told), "{path} {query}: {detail}");
            hold(&document, operation, &answer);
        }
        if has("since") {
            for (since, status) in
                [("since=0", 410), ("since=9999999999999999", 410), ("since=x", 400), ("", 400)]
            {
                let answer = caller.get(&format!("{path}?{since}")).await;
                assert_eq!(answer.status, status, "{path} {since}");
                hold(&document, operation, &answer);
            }
        }
        driven += 1;
    }
    assert_eq!(driven, operations.len());
    server.shutdown().await;
}

#[tokio::test]
async fn nothing_is_served_that_is_not_documented() {
    let server = serve(community()).await;
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    let mut documented: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, method, _) in operations(&document) {
        documented.entry(path).or_default().push(method);
    }
    for (path, methods) in &documented {
        let path = path.replace("{id}", "some-id");
        for method in METHODS {
            let served = methods.iter().any(|known| known == method);
            // HEAD is GET without its body.
            if served || (method == "HEAD" && methods.iter().any(|known| known == "GET")) {
                continue;
            }
            let answer = caller.ask(method, &path, &[]).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            let allowed: BTreeSet<_> = answer.header("allow").expect("Allow").split(',').collect();
            let mut promised: BTreeSet<_> = methods.iter().map(String::as_str).collect();
            if promised.contains("GET") {
                promised.insert("HEAD");
            }
            assert_eq!(allowed, promised, "{method} {path}");
            if method != "HEAD" {
                problem(&answer);
            }
        }
    }
    // Everything near what there is.
    let unknown = [
        "/",
        "/v1",
        "/v1/",
        "/v2/customers",
        "/v1/customers/",
        "/v1/customer",
        "/v1/tag-groups",
        "/v1/customers/c/tags/t",
        "/v1/customers/c/orders",
        "/v1/messages/m",
        "/v1/batch",
        "/v1/audit",
        "/v1/outbox",
        "/v1/changes/",
        "/v1/changes/streams",
        "/openapi",
        "/openapi.yaml",
        "/docs",
        "/healthz",
        "/metrics",
    ];
    for path in unknown {
        for method in METHODS {
            let answer = caller.ask(method, path, &[]).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            if method != "HEAD" {
                problem(&answer);
            }
        }
    }
    // And by the source: one call of `.route(`, the one over the table.
    let calls: usize = contract::sources("src/server")
        .iter()
        .map(|text| {
            [".route(", ".route_service(", ".nest(", ".merge("].map(|call| text.matches(call).count())
        })
        .map(|counts| counts.iter().sum::<usize>())
        .sum();
    assert_eq!(calls, 1, "routes are added in one place, from the table");
    server.shutdown().await;
}

#[tokio::test]
async fn pages_walk_through_everything_once() {
    let server = serve(community()).await;
    let caller = Caller::of(&server);
    for resource in siyu::model::Resource::ALL {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = caller.get(&format!("/v1/{resource}?limit=3{cursor}")).await.json();
            assert_eq!(page["seq"], server.store.seq());
            seen.extend(page["items"].as_array().expect("items").iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let all = caller.get(&format!("/v1/{resource}?limit=1000")).await.json();
        assert_eq!(Value::from(seen), all["items"], "{resource}");
    }
    let tags = caller.get("/v1/tags?limit=1").await.json();
    let cursor = tags["next_cursor"].as_str().expect("a cursor");
    assert_eq!(caller.get(&format!("/v1/customers?cursor={cursor}")).await.status, 400);
    server.shutdown().await;
}

#[tokio::test]
async fn a_token_locks_everything_but_the_document() {
    let server = serve_with(community(), Some("s3cret")).await;
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    for (path, method, operation) in operations(&document) {
        if operation["security"] == json!([]) {
            continue;
        }
        let path = path.replace("{id}", "x");
        for header in [None, Some("Bearer wrong"), Some("Basic s3cret"), Some("s3cret"), Some("Bearer ")] {
            let headers: Vec<_> = header.map(|value| ("authorization", value)).into_iter().collect();
            let answer = caller.ask(&method, &path, &headers).await;
            assert_eq!(answer.status, 401, "{path} {header:?}");
            assert!(answer.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")));
            hold(&document, &operation, &answer);
        }
    }
    // What is not there is not told to strangers either.
    assert_eq!(caller.get("/v1/nothing").await.status, 401);
    for scheme in ["Bearer", "bearer"] {
        let header = format!("{scheme} s3cret");
        let answer = caller.ask("GET", "/v1/meta", &[("authorization", &header)]).await;
        assert_eq!(answer.status, 200);
    }
    server.shutdown().await;
}

#[tokio::test]
async fn without_a_token_only_this_machine_is_answered() {
    let server = serve(community()).await;
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    for (path, method, operation) in operations(&document) {
        let path = path.replace("{id}", "x");
        let answer = caller.ask(&method, &path, &[("host", "rebound.example:80")]).await;
        assert_eq!(answer.status, 403, "{path}");
        hold(&document, &operation, &answer);
    }
    server.shutdown().await;
    let options = |token| ServeOptions { listen: "0.0.0.0:0".parse().unwrap(), token, live: None };
    let store = || Store::in_memory(Limits::default()).unwrap();
    let refused = Server::start(store(), options(None)).await;
    assert!(matches!(refused, Err(ServeError::TokenNeeded { .. })));
    let open = Server::start(store(), options(Token::new("t"))).await.expect("a token is enough");
    let again = ServeOptions { listen: open.addr, token: Token::new("t"), live: None };
    assert!(matches!(Server::start(store(), again).await, Err(ServeError::InUse { .. })));
    open.shutdown().await;
}

#[tokio::test]
async fn the_stream_tells_what_happens_and_resumes() {
    let server = serve(community()).await;
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    let change = json!({"$ref": "#/components/schemas/Change"});
    let start = server.store.seq();
    let mut stream = caller.stream(&format!("/v1/changes/stream?since={start}"), &[]).await;
    assert_eq!(stream.comment().await, "siyu");
    let record = contract::tag("t-new");
    server.store.put(std::slice::from_ref(&record)).unwrap();
    server.store.delete(record.resource(), &record.key()).unwrap();
    let mut told = Vec::new();
    for number in 1..=2 {
        let event = stream.event().await;
        assert_eq!((event.name.as_str(), event.id), ("change", start + number));
        let data: Value = serde_json::from_str(&event.data).expect("JSON");
        assert_eq!(Schemas::of(&document).check(&change, &data), Vec::<String>::new());
        assert_eq!((&data["seq"], &data["id"]), (&json!(start + number), &json!("t-new")));
        told.push(data);
    }
    let fed = caller.get(&format!("/v1/changes?since={start}")).await.json();
    // Read later, the first change finds its record gone as well.
    assert_eq!(fed["changes"][1], told[1]);
    assert_eq!((&fed["next"], &fed["more"]), (&json!(start + 2), &json!(false)));
    // Resumed by the header, which stands above the parameter.
    let last = (start + 1).to_string();
    let mut again =
        caller.stream(&format!("/v1/changes/stream?since={start}"), &[("last-event-id", &last)]).await;
    assert_eq!(again.event().await.id, start + 2);
    server.store.trim(0).unwrap();
    let late = caller.ask("GET", "/v1/changes/stream", &[("last-event-id", &last)]).await;
    assert_eq!(late.status, 410);
    problem(&late);
    // A stop ends open streams instead of waiting for them.
    server.shutdown().await;
    assert!(stream.ends().await && again.ends().await);
}

#[tokio::test]
async fn the_sample_community_goes_on_through_the_stream() {
    let community = siyu::cli::serve::sample_of(300, 7);
    let store = Store::in_memory(Limits::default()).unwrap();
    siyu::cli::serve::fill(&store, &community).unwrap();
    let mut live = siyu::cli::serve::pulse(&community);
    // As fast as it can, so that the test does not wait for a community's pace.
    let hurried = Box::new(move |store: &Store| live(store).map(|_| std::time::Duration::from_millis(1)));
    let options = ServeOptions { listen: "127.0.0.1:0".parse().unwrap(), token: None, live: Some(hurried) };
    let server = Server::start(store.clone(), options).await.unwrap();
    let caller = Caller::of(&server);
    let document = caller.get("/openapi.json").await.json();
    let meta = caller.get("/v1/meta").await.json();
    assert_eq!(meta["operator"]["id"], "op-01");
    let seq = server.store.oldest().unwrap();
    let mut stream = caller.stream(&format!("/v1/changes/stream?since={seq}"), &[]).await;
    let change = json!({"$ref": "#/components/schemas/Change"});
    for number in 1..=200 {
        let event = stream.event().await;
        assert_eq!(event.id, seq + number, "no number is left out");
        let data: Value = serde_json::from_str(&event.data).expect("JSON");
        assert_eq!(Schemas::of(&document).check(&change, &data), Vec::<String>::new());
        assert_eq!(data["op"], "upsert");
    }
    server.shutdown().await;
    // Stopped means stopped.
    let after = store.seq();
    assert!(stream.ends().await);
    assert_eq!(store.seq(), after);
}
