//! Sync between a real server and a real cache.

mod hostile;
mod live;
mod pull;
mod rig;
mod text;
