//! Exit statuses of all commands.

/// Done.
pub const DONE: u8 = 0;
/// Could not be done.
pub const FAILED: u8 = 1;
/// The command line or the configuration makes no sense.
pub const USAGE: u8 = 2;
/// Ended by a signal.
pub const INTERRUPTED: u8 = 130;
