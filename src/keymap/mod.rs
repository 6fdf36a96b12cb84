//! Keys: what they are called, what they are bound to, and what a run of them means.
//!
//! The shipped bindings stand in the command table; `[keys.LAYER]` of the configuration goes
//! over them. [`Keymap::build`] compiles both once and refuses what could not work;
//! a [`Resolver`] then turns one key after another into a [`crate::command::Command`]. Footer,
//! help, which-key, `siyu keys` and the README's table are all read from the same [`Keymap`].
//!
//! ```text
//! command table ─┐
//!                ├─▶ Keymap::build ─▶ Keymap ─▶ Resolver::press ─▶ Outcome
//! [keys.LAYER] ──┘        └─▶ KeyConflict, with its place
//! ```
//!
//! The room knows no terminal: whoever reads keys from one makes [`Key`]s of them.

mod build;
mod conflict;
mod key;
mod layers;
mod lookup;
mod readme;
mod resolve;

pub use build::{Keymap, Override};
pub use conflict::{Clash, KeyConflict, Place};
pub use key::{Code, Key, KeyError, parse_keys, print_keys};
pub use layers::{STACKS, stack};
pub use lookup::{Binding, Continuation, Next};
pub use readme::{MARK_BEGIN, MARK_END, markdown_table};
pub use resolve::{Outcome, Resolver};
