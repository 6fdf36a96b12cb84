//! The console, whole: the real loop, driven by keys, against the real server over HTTP and a
//! real cache, on a screen in memory. Nothing here sleeps; see [`runner::Runner`].

#![allow(dead_code, reason = "the harness is ahead of the tests")]

mod asking;
mod beginning;
mod drilling;
mod finding;
mod hands;
mod keys;
mod live;
mod marks;
mod panes;
mod pickers;
mod restarts;
mod runner;
mod same_rows;
mod screen;
mod search;
mod settings;
mod timeline;
mod town;
