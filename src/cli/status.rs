//! Exit statuses of all commands.

/// Done.
pub const DONE: u8 = 0;
/// Could not be done.
pub const FAILED: u8 = 1;
/// The command line or the configuration makes no sense.
pub const USAGE: u8 = 2;
/// Some of it was done.
pub const PARTLY: u8 = 3;
/// Not done: it wants a confirmation, or everything is read-only.
pub const REFUSED: u8 = 4;
/// Somebody else has changed the same.
pub const CONFLICT: u8 = 5;
/// Ended by a signal.
pub const INTERRUPTED: u8 = 130;
