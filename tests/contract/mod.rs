//! A server on a free port, a caller of it, and a small community to serve.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod schema;

use std::path::Path;

use serde_json::{Value, json};
use siyu::model::{AnyRecord, Resource};
use siyu::server::{Limits, Running, ServeOptions, Server, Store, Token};

pub async fn serve(store: Store) -> Running {
    serve_with(store, None).await
}

pub async fn serve_with(store: Store, token: Option<&str>) -> Running {
    let token = token.map(|text| Token::new(text).expect("a token"));
    let options = ServeOptions { listen: "127.0.0.1:0".parse().unwrap(), token, live: None };
    Server::start(store, options).await.expect("a free port")
}

/// Paths of the document with their operations: path, method, operation.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            all.push((path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    all
}

/// Holds an answer against what the document says of it.
pub fn hold(document: &Value, operation: &Value, answer: &Answer) {
    let at = &operation["operationId"];
    let promised = &operation["responses"][answer.status.to_string()];
    assert!(promised.is_object(), "{at} does not document status {}: {}", answer.status, answer.body);
    let content = promised["content"].as_object().expect("content");
    let (kind, content) = content.iter().next().expect("a content type");
    assert_eq!(answer.content_type, *kind, "{at}");
    if kind.ends_with("json") {
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        let wrong = schema::Schemas::of(document).check(&content["schema"], &body);
        assert!(wrong.is_empty(), "{at}: {wrong:#?}");
    }
    if answer.status >= 400 {
        problem(answer);
    }
}

/// Every error has the four members and the header.
pub fn problem(answer: &Answer) {
    assert_eq!(answer.content_type, "application/problem+json", "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(body["status"], answer.status);
    for member in ["type", "title", "detail"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
    }
}

/// A few records of every kind, with and without what may be absent.
pub fn community() -> Store {
    let mut records = vec![tag("t1"), tag("t2")];
    let at = "2026-03-17T10:42:00.250+08:00";
    let full = [
        (Resource::Operators, json!({"name": "我", "department": "门店", "active": true})),
        (Resource::TagGroups, json!({"name": "意向", "exclusive": true, "order": 1})),
        (
            Resource::Customers,
            json!({
                "name": "单晓琳", "alias": "lin", "kind": "person", "gender": "female", "birthday": "03-08",
                "phones": ["13800000000"], "channels": [{"kind": "wecom", "id": "wm1"}], "company": "店",
                "city": "杭州", "source": "扫码", "referrer_id": "a", "level": "V2", "points": 1280,
                "stage": "active", "tags": ["t1"], "owners": ["op-01"],
                "relations": [{
                    "operator_id": "op-01", "remark": "宝妈", "description": "d", "added_at": at,
                    "add_way": "qr_code", "stage": "s", "tags": ["t1"], "status": "blocked", "lost_at": at,
                }],
                "added_at": at, "last_contact_at": at, "last_active_at": at, "last_order_at": at,
                "orders": 7, "ltv": 321_600, "currency": "CNY", "remark": "r", "custom": {"x": [1, null]},
                "rev": "3", "updated_at": at,
            }),
        ),
        (
            Resource::FollowUps,
            json!({
                "customer_id": "a", "title": "回访", "body": "b", "kind": "after_sale", "due_at": at,
                "sla_at": at, "priority": "urgent", "status": "doing", "snoozed_until": at,
                "assignee_id": "op-01", "source": "sop:新客D3", "outcome": "no_answer", "note": "n",
                "created_at": at, "done_at": at, "rev": "1",
            }),
        ),
        (
            Resource::Groups,
            json!({
                "name": "宝妈福利①群", "owner_id": "op-01", "notice": "n", "created_at": at,
                "status": "active", "member_count": 486, "customer_count": 470, "tags": ["t1"], "rev": "1",
            }),
        ),
        (
            Resource::GroupDays,
            json!({
                "group_id": "g/1", "day": "2026-03-17", "messages": 24, "active_members": 3, "joined": 1,
                "left": 0, "members": 486, "hours": vec![1; 24],
            }),
        ),
        (
            Resource::GroupMembers,
            json!({
                "group_id": "g/1", "member_id": "m 1", "customer_id": "a", "name": "n", "kind": "customer",
                "joined_at": at, "join_scene": "invite", "invited_by": "op-01", "left_at": at,
                "messages": 3, "last_message_at": at,
            }),
        ),
        (
            Resource::GroupActivities,
            json!({
                "group_id": "g/1", "kind": "check_in", "title": "打卡", "starts_at": at, "ends_at": at,
                "participants": 8, "conversions": 1,
            }),
        ),
        (Resource::Snippets, json!({"title": "t", "body": "{{customer.name}}", "group": "g"})),
        (
            Resource::Broadcasts,
            json!({
                "title": "t", "created_at": at, "created_by": "op-01", "audience": "all", "status": "sent",
                "variants": [{
                    "name": "A", "sent": 9, "delivered": 8, "read": 7, "replied": 2, "converted": 1,
                }],
            }),
        ),
        (
            Resource::Orders,
            json!({
                "customer_id": "a", "at": at, "amount": 56_800, "currency": "CNY", "status": "paid",
                "items": [{"sku": "s", "name": "奶粉", "qty": 2, "amount": 56_800}],
            }),
        ),
        (
            Resource::Events,
            json!({
                "customer_id": "a", "group_id": "g/1", "operator_id": "op-01", "at": at,
                "kind": "message_in", "title": "t", "body": "b", "data": {"k": {"l": 1.5}},
            }),
        ),
    ];
    for (resource, mut item) in full {
        for id in ["a", "b 中", "c/d?e%2F"] {
            item["id"] = json!(id);
            item["member_id"] = json!(id);
            records.push(read(resource, item.clone()));
        }
        let bare = json!({"id": "z", "group_id": "g", "day": "2026-01-01", "member_id": "z"});
        records.push(read(resource, bare));
    }
    let store = Store::in_memory(Limits::default()).expect("a store");
    store.put(&records).expect("written");
    store
}

pub fn tag(id: &str) -> AnyRecord {
    let item = json!({"id": id, "name": "母婴", "group_id": "a", "color": "#ff8800", "order": 1});
    read(Resource::Tags, item)
}

/// Reads a record that has nothing wrong; members of other kinds are passed over.
fn read(resource: Resource, item: Value) -> AnyRecord {
    let (record, complaints) = AnyRecord::read(resource, item).expect("a record");
    assert!(complaints.is_empty(), "{complaints:?}");
    record
}

/// The texts of all sources under a folder of the project.
pub fn sources(folder: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                texts.push(std::fs::read_to_string(path).expect("text"));
            }
        }
    }
    texts
}

/// An answer, whole.
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: String,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The body, whatever the status.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A client of a server.
pub struct Caller {
    client: reqwest::Client,
    base: String,
}

impl Caller {
    pub fn of(server: &Running) -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { client, base: format!("http://{}", server.addr) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.sending(method, path, headers, None).await
    }

    /// A write with a JSON body.
    pub async fn write(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.sending(method, path, &all, Some(body.to_string())).await
    }

    /// Whatever a client may send.
    pub async fn sending(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let response = self.send(method, path, headers, body).await;
        let mut answer = head(&response);
        answer.body = response.text().await.expect("UTF-8");
        answer
    }

    /// Status and headers of an answer that does not end; its body where it is an error.
    pub async fn head_of_stream(&self, path: &str) -> Answer {
        head(&self.send("GET", path, &[], None).await)
    }

    pub async fn stream(&self, path: &str, headers: &[(&str, &str)]) -> Stream {
        let response = self.send("GET", path, headers, None).await;
        assert_eq!(response.status(), 200);
        Stream { response, buffer: String::new() }
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> reqwest::Response {
        let method = method.parse().expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        request.send().await.expect("an answer")
    }

    /// The key of an item of a collection, escaped for a path.
    pub fn some_id(&self, collection: &str, item: &Value) -> String {
        let resource = Resource::parse(collection.trim_start_matches("/v1/")).expect("a resource");
        let key = read(resource, item.clone()).key();
        key.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => (byte as char).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    }
}

fn head(response: &reqwest::Response) -> Answer {
    let headers = response.headers().clone();
    let kind = headers.get("content-type").map_or("", |value| value.to_str().expect("ASCII"));
    Answer { status: response.status().as_u16(), content_type: kind.to_owned(), body: String::new(), headers }
}

/// Server-sent events as they come.
pub struct Stream {
    response: reqwest::Response,
    buffer: String,
}

/// One event.
pub struct Event {
    pub name: String,
    pub id: i64,
    pub data: String,
}

impl Stream {
    /// The text of the next comment.
    pub async fn comment(&mut self) -> String {
        let block = self.block().await.expect("the stream goes on");
        block.strip_prefix(':').expect("a comment").trim().to_owned()
    }

    /// The next event; comments are passed over.
    pub async fn event(&mut self) -> Event {
        loop {
            let block = self.block().await.expect("the stream goes on");
            let mut event = Event { name: String::new(), id: 0, data: String::new() };
            for line in block.lines() {
                match line.split_once(": ") {
                    Some(("event", value)) => event.name = value.to_owned(),
                    Some(("id", value)) => event.id = value.parse().expect("a number"),
                    Some(("data", value)) => event.data.push_str(value),
                    _ => {}
                }
            }
            if !event.data.is_empty() {
                return event;
            }
        }
    }

    /// Whether the server closed the stream.
    pub async fn ends(mut self) -> bool {
        while self.block().await.is_some() {}
        true
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let rest = self.buffer.split_off(end + 2);
                return Some(std::mem::replace(&mut self.buffer, rest).trim_end().to_owned());
            }
            let chunk = self.response.chunk().await.ok()??;
            self.buffer.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}
