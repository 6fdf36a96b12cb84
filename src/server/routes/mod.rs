//! The one table of routes: the router and the OpenAPI document are both made of it.
//!
//! A route is a method, a path, its parameters, the schema of its answer and its handler, in one
//! value; what is served is documented, and what is documented is served. Files beside this one
//! hold the handlers, one file per kind; those of writes are in `write`.

mod changes;
mod meta;
mod openapi;
mod parameters;
mod records;
mod stream;
mod write;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode};
use axum::routing::{MethodFilter, MethodRouter};
use schemars::SchemaGenerator;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use super::problem::Problem;
use super::rate::Bucket;
use super::store::{Store, StoreError};
use super::{Token, WriteLimits};
use crate::model::Resource;
use parameters::Parameter;

/// Where the OpenAPI document is.
pub(super) const OPENAPI: &str = "/openapi.json";
/// Reads at a time; others wait for their turn.
const READS: usize = 16;
/// Streams at a time; others are told to come back.
const STREAMS: usize = 256;
/// Writes at a time; there is one pen, so more would only wait on threads.
const WRITES: usize = 4;

/// What every handler has at hand.
#[derive(Clone)]
pub(super) struct Shared {
    store: Store,
    reads: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    writes: Arc<Semaphore>,
    limits: WriteLimits,
    /// Absent where as many writes are taken as come.
    bucket: Option<Arc<Bucket>>,
    /// Turns true when the server stops; streams end by it.
    stopping: watch::Receiver<bool>,
    openapi: Arc<str>,
}

impl Shared {
    /// Runs a reading of the store on a thread where it may block.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        let _turn = self.reads.acquire().await.map_err(|_| Problem::busy("the server is stopping"))?;
        match tokio::task::spawn_blocking(move || read(&store)).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(Problem::busy("the server is stopping")),
        }
    }
}

impl Shared {
    /// Runs a write on a thread where it may block. Once begun it ends, whether or not anybody
    /// still waits for it.
    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        let stopping = || Problem::busy("the server is stopping");
        let turn = self.writes.clone().acquire_owned().await.map_err(|_| stopping())?;
        let writing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            write(&store)
        });
        writing.await.map_err(|_| stopping())?
    }
}

/// One line of the table.
struct Route {
    method: Method,
    /// As axum and OpenAPI both write it, such as `/v1/tags/{id}`.
    path: String,
    /// Name of the operation, unique.
    operation: String,
    summary: String,
    parameters: Vec<Parameter>,
    /// Schema of the body; `None` where there is none.
    body: Option<Value>,
    /// Status, meaning and schema of the answer where all went well.
    answer: Answer,
    /// Statuses of errors, besides 400 and 403, which any route can give, and 401, which any guarded
    /// one can.
    errors: Vec<u16>,
    /// Whether it asks for the token.
    guarded: bool,
    handler: MethodRouter<Shared>,
}

/// The answer of a route where all went well.
struct Answer {
    status: StatusCode,
    meaning: String,
    content_type: &'static str,
    schema: Box<dyn FnOnce(&mut SchemaGenerator) -> Value>,
}

impl Answer {
    fn json(
        meaning: impl Into<String>,
        schema: impl FnOnce(&mut SchemaGenerator) -> Value + 'static,
    ) -> Self {
        Self {
            status: StatusCode::OK,
            meaning: meaning.into(),
            content_type: "application/json",
            schema: Box::new(schema),
        }
    }
}

/// All routes there are.
fn table() -> Vec<Route> {
    let mut routes = vec![meta::route(), changes::route(), stream::route(), openapi::route()];
    for &resource in Resource::ALL {
        routes.push(records::list(resource));
        routes.push(records::one(resource));
    }
    routes.extend(write::TABLE.iter().map(|write| write.line()));
    routes
}

/// The router over `store`; streams end when `stopping` turns true.
pub(super) fn router(
    store: Store,
    token: Option<Token>,
    limits: WriteLimits,
    stopping: watch::Receiver<bool>,
) -> Router {
    let routes = table();
    let mut router = Router::new();
    let mut documented = Vec::with_capacity(routes.len());
    for route in routes {
        let handler = parameters::only(&route.parameters, route.handler.clone());
        router = router.route(&route.path, handler);
        documented.push(route);
    }
    let shared = Shared {
        store,
        reads: Arc::new(Semaphore::new(READS)),
        streams: Arc::new(Semaphore::new(STREAMS)),
        writes: Arc::new(Semaphore::new(WRITES)),
        limits,
        bucket: limits.per_minute.map(|per_minute| Arc::new(Bucket::new(per_minute, Instant::now()))),
        stopping,
        openapi: openapi::document(documented).to_string().into(),
    };
    router
        .fallback(|request: Request| async move {
            Problem::not_found(format!("there is nothing at {}", request.uri().path()))
        })
        .method_not_allowed_fallback(|request: Request| async move {
            Problem::method(format!("{} is not served at {}", request.method(), request.uri().path()))
        })
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(axum::middleware::from_fn_with_state(token, super::guard::guard))
        .with_state(shared)
}

/// A handler for GET, and for HEAD, which is GET without the body.
fn get<H, T>(handler: H) -> MethodRouter<Shared>
where
    H: axum::handler::Handler<T, Shared>,
    T: 'static,
{
    axum::routing::on(MethodFilter::GET, handler)
}
