//! A WeCom (企业微信) of our own: the part of its server API that the connector uses, over a community of
//! records, with WeCom's rules, limits and error codes.
//!
//! ```text
//! request ──tokens──▶ endpoint ──▶ Corp (staff, contacts, follows, tags, chats, days, messages, transfers)
//!    └── counted by endpoint, throttled, failed at will: `/simulator/…` (see `control`)
//! ```
//!
//! Written from Tencent's documentation. It keeps its community in memory and forgets it at its end; its
//! clock can be put forward, since a transfer takes a day and figures of yesterday are there at six. Failures
//! are answers with status 200 and `errcode`, with the list that was asked for *empty*, as WeCom's are.

mod chats;
mod contacts;
mod control;
mod corp;
mod figures;
mod messages;
mod refusal;
mod running;
mod staff;
mod table;
mod tags;
mod tokens;
mod transfers;

#[cfg(test)]
mod tests;

pub use corp::Corp;
pub use running::{Simulator, start};
pub use tokens::{APP_SECRET, CONTACT_SECRET, CORP_ID};
