//! The backend, as the rest of the house sees it: a [`Connector`] that gives pages of records,
//! changes since a number and a stream of changes as they happen, and takes writes.
//!
//! It speaks the native HTTP API (`docs/api.md`). It knows no cache and no screen, decides
//! nothing about when to ask, and tries nothing twice: that is the work of `sync`. What comes
//! from outside is taken under caps of size and time, and every failure says by its kind, its
//! endpoint and a remedy what happened ([`BackendError`]).

mod connector;
mod error;
mod feed;
mod http;
mod json;
mod keyring;
mod page;
mod secret;
mod sse;
mod token;
mod write;

#[cfg(test)]
mod tests;

pub use connector::{Connector, Meta};
pub use error::BackendError;
pub use feed::{ChangeStream, Feed, Tick};
pub use http::{Limits, NO_TLS};
pub use page::{Page, PageGuard};
pub use secret::Secret;
pub use sse::{SseEvent, SseParser, TooLarge};
pub use token::{TokenError, TokenSource};
pub use write::Reply;
