//! The backend, as the rest of the house sees it: a [`Connector`] that gives pages of records,
//! changes since a number and a stream of changes as they happen, and takes writes.
//!
//! It speaks the native HTTP API (`docs/api.md`), and by connector files whatever HTTP API a company
//! has already:
//!
//! ```text
//! Connector ──┬── native ──────────────────────────────┬── http   caps, deadlines, one origin
//!             └── configured ── file ── mapping (jq) ──┘
//! ```
//!
//! It knows no cache and no screen, decides
//! nothing about when to ask, and tries nothing twice: that is the work of `sync`. What comes
//! from outside is taken under caps of size and time, and every failure says by its kind, its
//! endpoint and a remedy what happened ([`BackendError`]).

mod configured;
mod connector;
mod error;
pub mod file;
mod http;
mod json;
mod keyring;
pub mod mapping;
mod native;
mod page;
mod program;
mod rhythm;
mod secret;
mod token;

#[cfg(test)]
mod tests;

pub use configured::{Check, Tried, TriedItem};
pub use connector::{Connector, Meta, Reply};
pub use error::BackendError;
pub use file::ConnectorFile;
pub use http::{Limits, NO_TLS};
pub use native::{ChangeStream, Feed, SseEvent, SseParser, Tick, TooLarge};
pub use page::{Page, PageGuard};
pub use rhythm::Rhythm;
pub use secret::Secret;
pub use token::{TokenError, TokenSource};
