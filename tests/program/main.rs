//! The built program, driven from outside: over a terminal, over ssh, as two processes.
//!
//! Everything here waits for something that is to happen, with a deadline; nothing sleeps.

mod home;
mod serving;
mod terminal;

mod checks;
mod demo;
mod doing;
mod flags;
mod macros;
mod manners;
mod runs;
mod sent;
mod ssh;
mod tongue;
mod triage;
mod two_processes;
