//! Keeps the cache as the backend is, and brings the backend what operators write.
//!
//! ```text
//! backend ──pages──▶ plan ──Batch──▶ cache      a full pull, resumable at every page
//! backend ──changes, or a stream of them──▶ plan ──Batch──▶ cache      from then on
//! cache ──outbox──▶ push ──Write──▶ backend                            beside that
//! ```
//!
//! `plan` decides, without any I/O, what to ask for and what a page or a run of changes does to
//! the cache; [`run`] asks, waits and tries again until it is stopped; [`once`] does one round
//! for the command line. A full pull notes the change number of its first page, and the feed is
//! followed from the smallest of them: whatever changed meanwhile comes again, which does no
//! harm. A row goes only when a full pull came to its end without it, or the feed said so.
//!
//! The room owns no thread but the one of [`CacheWriter`], knows no screen, and says what
//! happens by [`crate::model::SyncEvent`].

mod backoff;
mod engine;
mod error;
mod follow;
mod lease;
mod once;
mod others;
mod plan;
mod pull;
mod push;
mod rounds;
mod session;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

pub use backoff::Backoff;
pub use engine::run;
pub use error::SyncError;
pub use once::{Outcome, once, push_once};
pub use plan::{Due, Fold, Start, Step, Wish, fold, plan, round, since};
pub use session::{Clock, Engine, Now, Pace};
pub use writer::{CacheWriter, Mend, OpenLater, WriteError};
