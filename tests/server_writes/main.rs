//! The writes of the native backend, over HTTP: as documented, once, whole, and by the rules.

#[path = "../contract/mod.rs"]
mod contract;
mod documented;
mod killed;
mod once;
mod rules;
mod town;
