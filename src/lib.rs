//! siyu
pub mod model;
