//! Serving on a socket.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::control::{Control, With};
use super::corp::Corp;
use super::refusal::{Asked, Refusal};
use super::table::{ENDPOINTS, Endpoint};
use super::tokens::Scope;
use crate::server::ServeError;

/// A simulator at work. Dropping it ends it.
pub struct Simulator {
    /// Where it listens.
    pub addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

/// What all requests share.
#[derive(Clone)]
struct Shared(Arc<Mutex<World>>);

struct World {
    corp: Corp,
    control: Control,
    /// Answers so far; their numbers are in the hints.
    answers: u64,
    /// Whether the request at hand is not answered.
    silent: bool,
}

/// Serves a company on a loopback address.
///
/// # Errors
/// [`ServeError`]: the address is not loopback, or cannot be had.
pub async fn start(corp: Corp, listen: SocketAddr) -> Result<Simulator, ServeError> {
    if !listen.ip().to_canonical().is_loopback() {
        return Err(ServeError::TokenNeeded { listen });
    }
    let refused = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::InUse { listen },
        _ => ServeError::Listen { listen, source },
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let addr = listener.local_addr().map_err(refused)?;
    let world = World { corp, control: Control::default(), answers: 0, silent: false };
    let router = Router::new().fallback(answer).with_state(Shared(Arc::new(Mutex::new(world))));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let stopped = async move {
            let _ = stopped.await; // Err: the handle is gone, which ends it as well
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the simulator ended");
        }
    });
    Ok(Simulator { addr, stop: Some(stop), serving })
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.serving.abort();
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = pairs(query.as_deref().unwrap_or_default());
    let parsed = if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&body) };
    let (response, silent) = {
        let mut world = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        let real = jiff::Timestamp::now().as_second();
        let response = world.asked(&method, uri.path(), &query, parsed.ok(), real);
        (response, std::mem::take(&mut world.silent))
    };
    if silent { std::future::pending().await } else { response }
}

impl World {
    fn asked(
        &mut self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<Value>,
        real: i64,
    ) -> Response {
        let now = real + self.control.ahead;
        let wrong_json = body.is_none();
        let body = body.unwrap_or_else(|| json!({}));
        let asked = Asked { query, body: &body, now };
        self.corp.settle(now);
        if let Some(what) = path.strip_prefix("/simulator/") {
            return match self.control.told(what, &mut self.corp, &asked) {
                Some(answer) => self.say(answer, ""),
                None => (StatusCode::NOT_FOUND, "the simulator has no such control").into_response(),
            };
        }
        let api = path.strip_prefix("/cgi-bin/").unwrap_or_default();
        let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.path == api);
        if endpoint.is_none() && api != "gettoken" {
            return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html")], "<h1>404</h1>")
                .into_response();
        }
        let list = endpoint.map_or("", |endpoint| endpoint.list);
        match self.control.pass(api, now) {
            Ok(()) => {}
            Err(With::Silence) => {
                self.silent = true;
                return StatusCode::NO_CONTENT.into_response();
            }
            Err(With::Status(status)) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                return (status, [(header::CONTENT_TYPE, "text/html")], "<h1>at will</h1>").into_response();
            }
            Err(With::Code(code)) => {
                let text = match code {
                    45009 => "api freq out of limit",
                    60020 => "not allow to access from your ip",
                    -1 => "system busy",
                    _ => "at will",
                };
                return self.say(Err(Refusal { code, text: text.to_owned() }), list);
            }
        }
        let answer = match endpoint {
            None => self.corp.tokens.get(&asked),
            Some(endpoint) => self.endpoint(endpoint, method, &asked, wrong_json),
        };
        self.say(answer, list)
    }

    fn endpoint(
        &mut self,
        endpoint: &Endpoint,
        method: &Method,
        asked: &Asked<'_>,
        wrong_json: bool,
    ) -> Result<Map<String, Value>, Refusal> {
        let scope = self.corp.tokens.check(asked)?;
        let refuse = |code, text: &str| Err(Refusal { code, text: text.to_owned() });
        if endpoint.app && scope != Scope::App {
            return refuse(48002, "api forbidden");
        }
        if endpoint.post && *method != Method::POST {
            return refuse(43002, "require POST method");
        }
        if wrong_json {
            return refuse(40058, "invalid parameter. Warning: wrong json format.");
        }
        (endpoint.answer)(&mut self.corp, asked)
    }

    fn say(&mut self, answer: Result<Map<String, Value>, Refusal>, list: &str) -> Response {
        self.answers += 1;
        let body = match answer {
            Ok(said) => {
                let head = [("errcode".to_owned(), json!(0)), ("errmsg".to_owned(), json!("ok"))];
                Value::Object(head.into_iter().chain(said).collect())
            }
            Err(refusal) => refusal.body(self.answers, "203.0.113.7", list),
        };
        ([(header::CONTENT_TYPE, "application/json; charset=UTF-8")], body.to_string()).into_response()
    }
}

/// The pairs of a query.
fn pairs(query: &str) -> Vec<(String, String)> {
    let one = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(one).collect()
}

/// Text without percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match (hex(rest.next()), hex(rest.next())) {
                (Some(high), Some(low)) => bytes.push((high * 16 + low) as u8), // two digits are below 256
                _ => bytes.push(b'?'),
            },
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
