//! siyu: a keyboard-driven terminal console for customer communities.
//!
//! ```text
//!  key ──Keymap──▶ Command ──App::apply──▶ Effects ──runtime──▶ cache · sync · clipboard
//!  screen ◀──ui::render── App ◀──App::absorb── Event ◀── results, change feed, timers, signals
//!  backend ──pages, change feed──▶ sync ──▶ cache
//! ```
//!
//! A *command* is an intent, by name and arguments. An *effect* is work to be done outside of the
//! state. An *event* is a fact that came back. The state, [`app::App`], decides with no clock, no
//! network and no disk; [`runtime`] is where the world is.
//!
//! | room | holds |
//! | --- | --- |
//! | [`model`] | the records, and rules that need no I/O |
//! | [`insight`] | stages, RFM, churn, the health of groups: pure functions |
//! | [`query`] | the filter language, and the questions that the console asks the cache |
//! | [`command`] | the table of commands, and their language |
//! | [`keymap`] | keys, sequences, layers, conflicts |
//! | [`i18n`] | every word in Chinese and in English |
//! | [`reading`] | TOML with its places: what is wrong, where, and a hint |
//! | [`macros`] | sequences of commands: read, filled, planned |
//! | [`config`] | the configuration file, with its mistakes and their places |
//! | [`backend`] | the connector: requests, paging, the change feed; connector files and their mappings |
//! | [`cache`] | SQLite: what is known, and the answers from it |
//! | [`sync`] | keeps the cache as the backend is |
//! | [`app`] | the state of the console |
//! | [`ui`] | draws it |
//! | [`runtime`] | the event loop, the terminal, signals, the log |
//! | [`server`] | the native backend |
//! | [`sample`] | a community to look at, from a seed |
//! | [`cli`] | one file per subcommand |
//!
//! Which room may use which is enforced by `tests/architecture`, and explained in
//! `docs/architecture.md`.

pub mod app;
pub mod backend;
pub mod cache;
pub mod cli;
pub mod command;
pub mod config;
pub mod i18n;
pub mod insight;
pub mod keymap;
pub mod macros;
pub mod model;
pub mod query;
pub mod reading;
pub mod runtime;
pub mod sample;
pub mod server;
pub mod sync;
pub mod ui;
