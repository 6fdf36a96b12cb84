//! siyu
pub mod app;
pub mod backend;
pub mod cache;
pub mod cli;
pub mod command;
pub mod config;
pub mod i18n;
pub mod insight;
pub mod keymap;
pub mod model;
pub mod query;
pub mod runtime;
pub mod sample;
pub mod server;
pub mod sync;
pub mod ui;
