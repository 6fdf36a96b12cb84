//! What an operator wrote is at the backend exactly once: the built program, a real server, and
//! between them whatever can go wrong.
//!
//! Each file is a theme and prints its figures; the README has them, with the command that makes
//! them. Everything here waits for something that is to happen, with a deadline; nothing sleeps.

#[path = "../faults/mod.rs"]
mod faults;
#[path = "../program/home.rs"]
#[allow(dead_code, reason = "these tests use some of it")]
mod home;
#[path = "../program/serving.rs"]
#[allow(dead_code, reason = "these tests use some of it")]
mod serving;
#[path = "../program/terminal.rs"]
#[allow(dead_code, reason = "these tests use some of it")]
mod terminal;

mod scene;

mod damaged;
mod faulty;
mod full_disk;
mod hostile;
mod kills;
mod steps;
mod together;
