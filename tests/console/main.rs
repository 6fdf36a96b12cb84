//! The console, whole: the real loop, driven by keys, against the real server over HTTP and a
//! real cache, on a screen in memory. Nothing here sleeps; see [`runner::Runner`].

mod asking;
mod beginning;
mod borders;
mod clock;
mod drilling;
mod exporting;
mod finding;
mod hands;
mod hostile;
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
mod sizes;
mod tag_changes;
mod timeline;
mod town;
mod triage;
mod writing;
