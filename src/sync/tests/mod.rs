//! Sync between a real server and a real cache.

#[path = "../../../tests/faults/mod.rs"]
pub(crate) mod faults;
mod hostile;
mod live;
mod pull;
mod push;
pub(crate) mod rig;
mod text;
