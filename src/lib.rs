//! siyu
pub mod command;
pub mod model;
