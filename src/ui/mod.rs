//! The screen: draws the state of the console, and decides nothing.
//!
//! Reads [`crate::model`] rows, [`crate::command`] for keys and words, and the console's state;
//! writes cells of a ratatui buffer through [`canvas::Canvas`], never past it. It knows no clock,
//! no disk and no network: what time it is comes with the context.

pub mod bar;
pub mod canvas;
pub mod spark;
pub mod text;
