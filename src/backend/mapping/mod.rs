//! Mappings: jq filters that turn what a backend says into what the house works with, and back.
//!
//! ```text
//! text ──parse──▶ term ──┬── plain paths, objects, helpers ──▶ quick   on serde_json, nothing copied
//!                        └── everything else ──▶ machine                jaq, under a budget
//! ```
//!
//! Everything is compiled when a connector file is read, and a mistake has its place within the
//! filter ([`Misread`]). Filters are pure: they see their input and the variables that their place
//! offers, and neither the environment nor a file nor the network. One that would not end is
//! stopped (`budget`). Integers keep every digit on both ways.

mod budget;
mod convert;
mod digest;
mod filter;
mod helpers;
mod lookup;
mod machine;
mod parse;
mod quick;
mod quick_run;
mod record;
mod template;
mod times;

#[cfg(test)]
mod tests;

pub use filter::{Bindings, Filter, Vars};
pub use helpers::HELPERS;
pub use lookup::looked_up;
pub use parse::Misread;
pub use record::{Mapping, Row};
pub use template::{Filled, Template};
