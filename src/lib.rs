//! siyu
pub mod backend;
pub mod command;
pub mod i18n;
pub mod keymap;
pub mod insight;
pub mod model;
pub mod query;
pub mod server;
