//! The native backend: the HTTP API over a store of its own.
//!
//! `siyu serve` runs it as a process, `siyu demo` and the tests inside their own. It knows the
//! records of `model` and nothing else of the house: no cache, no console, no sample. What the
//! store holds comes from whoever opened it, and goes out as JSON, page by page, and as a feed
//! of changes.
//!
//! - [`Store`] keeps the records and numbers every change;
//! - `routes` is the one table from which both the router and `/openapi.json` are made;
//! - [`Server`] binds the socket, guards it and stops it;
//! - [`wecom`] is no native backend at all, but a WeCom to try the connector with.
//!
//! Writes over HTTP are `routes::write`, a file per kind; they end in [`Store::answer`], which
//! does them once, numbers them and announces them like any other change.

mod guard;
mod problem;
mod rate;
mod routes;
mod running;
mod store;
pub mod wecom;

pub use guard::Token;
pub use rate::WriteLimits;
pub use running::{Bound, Pulse, Running, ServeError, ServeOptions, Server};
pub use store::{
    ANSWERS_KEPT, Changes, Claim, Cursor, Decision, Identity, Limits, OperatorName, Outcome, Page, Request,
    Store, StoreError, StoredChange, View,
};
