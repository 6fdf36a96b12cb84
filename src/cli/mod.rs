//! The command line: one file per subcommand.

pub mod count;
pub mod failure;
pub mod list;
pub mod serve;
pub mod show;
pub mod sync;
pub mod table;
