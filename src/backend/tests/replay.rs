//! A small server of our own for tests: it answers by verb, path, query, headers and body, and keeps
//! what it was asked.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::backend::configured::Configured;
use crate::backend::{ConnectorFile, Limits, Secret};
use crate::model::{AnyRecord, Deed, Resource, Write};

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    /// As it was written.
    pub raw_query: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub text: String,
    /// The body, where it is JSON.
    pub body: Value,
}

impl Asked {
    /// A parameter of the query; empty where it is not there.
    pub fn param(&self, name: &str) -> &str {
        self.query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Verb and path.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What is answered: status, headers, document.
pub type Answer = (u16, Vec<(&'static str, String)>, Value);

/// A success with a document.
pub fn ok(body: Value) -> Answer {
    (200, Vec::new(), body)
}

type Answers = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

#[derive(Clone)]
pub struct Replay {
    pub url: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Replay {
    /// Serves until the test ends.
    pub async fn start(answers: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let replay = Self { url, answers: Arc::new(answers), asked: Arc::default() };
        let router = Router::new().fallback(serve).with_state(replay.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        replay
    }

    /// All that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Verbs and paths of it.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// The latest request.
    pub fn last(&self) -> Asked {
        self.asked().pop().unwrap()
    }

    /// A connector of this text, with `s3cret/+` for its secret.
    pub fn connector(&self, text: &str) -> Configured {
        let text = format!("[connector]\nformat = 1\nname = \"t\"\n{text}");
        self.read(&text, &[])
    }

    /// A whole connector file.
    pub fn read(&self, text: &str, vars: &[(&str, &str)]) -> Configured {
        let file = ConnectorFile::read(Path::new("t.toml"), text)
            .unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>()));
        let vars: Map<String, Value> =
            vars.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let secret = Some(Secret::new("s3cret/+"));
        Configured::new(Arc::new(file), &self.url, vars, secret, Limits::default(), None).unwrap()
    }
}

async fn serve(State(replay): State<Replay>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let url = reqwest::Url::parse(&format!("http://h/?{raw_query}")).unwrap();
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect(),
        raw_query,
        headers: parts.headers,
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    };
    let (status, headers, body) = (replay.answers)(&asked);
    replay.asked.lock().unwrap().push(asked);
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let all = response.headers_mut();
    all.insert("content-type", HeaderValue::from_static("application/json"));
    for (name, value) in headers {
        all.append(HeaderName::from_static(name), value.parse().unwrap());
    }
    response
}

/// All records of a kind, page by page, each place read anew from its text; and what was wrong.
pub async fn whole(connector: &Configured, resource: Resource) -> (Vec<Value>, Vec<String>) {
    let (mut records, mut wrong, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    for _ in 0..200 {
        let page = connector.page(resource, cursor.as_deref()).await.unwrap();
        records.extend(page.items.iter().map(AnyRecord::to_value));
        wrong.extend(page.complaints.iter().map(|one| format!("{}.{}: {}", one.id, one.path, one.message)));
        cursor = page.next;
        if cursor.is_none() {
            return (records, wrong);
        }
    }
    panic!("it never ended");
}

/// The same where nothing may be wrong.
pub async fn all(connector: &Configured, resource: Resource) -> Vec<Value> {
    let (records, wrong) = whole(connector, resource).await;
    assert_eq!(wrong, [""; 0], "{resource}");
    records
}

/// A pull of tags.
pub const TAGS: &str =
    "[pull.tags]\nrequest = { path = \"/tags\" }\nitems = '.list'\nmap = '{id, name: (.name // \"\")}'\n";

/// The items of a page of `size` from the place that is asked for, of `whole`.
pub fn page_of(asked: &Asked, size: usize, whole: usize) -> Vec<Value> {
    let from = asked.param("from").parse().unwrap_or(0);
    (from..whole.min(from + size)).map(|n| json!({"id": n, "name": format!("n{n}")})).collect()
}

/// Tags to put on and to take off.
pub fn tag(id: &str, add: &[&str], remove: &[&str]) -> Write {
    let ids = |all: &[&str]| all.iter().map(|id| (*id).into()).collect();
    let deed = Deed::Tag { add: ids(add), remove: ids(remove) };
    Write { resource: Resource::Customers, id: id.to_owned(), deed }
}
