//! siyu
pub mod command;
pub mod model;
pub mod query;
