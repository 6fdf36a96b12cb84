//! The command line: one file per subcommand.

pub mod completions;
pub mod config;
pub mod count;
pub mod doctor;
pub mod failure;
pub mod keys;
pub mod list;
pub mod man;
pub mod serve;
pub mod show;
pub mod sync;
pub mod table;
