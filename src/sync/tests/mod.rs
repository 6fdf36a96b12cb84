//! Sync between a real server and a real cache.

mod hostile;
mod live;
mod pull;
pub(crate) mod rig;
mod text;
