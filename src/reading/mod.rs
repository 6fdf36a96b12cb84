//! Reading TOML that a person wrote: every mistake is kept, with its place, the line and a hint.
//!
//! The configuration and the connector files are read by it. It knows no file of its own, and decides
//! nothing about what a key means: it gives typed values with their places ([`Section`]), and keeps
//! what is wrong as [`Diagnostic`]s in the order of the file.

mod diagnostic;
mod reader;
mod secrets;

pub use diagnostic::{Diagnostic, visible};
pub use reader::{At, Reader, Section, entries, kind, meant, nearest, quoted, table_of};
pub use secrets::masked_url;
