//! The console, whole: the real loop, driven by keys, against the real server over HTTP and a
//! real cache, on a screen in memory. Nothing here sleeps; see [`runner::Runner`].

#![allow(dead_code, reason = "the harness is ahead of the tests")]

mod drilling;
mod finding;
mod keys;
mod marks;
mod panes;
mod runner;
mod same_rows;
mod screen;
mod search;
mod town;
