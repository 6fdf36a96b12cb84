//! Bindings that cannot stand together.

use std::fmt;
use std::ops::Range;

use super::{Key, print_keys};
use crate::command::{Command, Layer};

/// A binding, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which layer.
    pub layer: Layer,
    /// The sequence.
    pub keys: Vec<Key>,
    /// What it does.
    pub command: Command,
    /// Where in the configuration, in bytes; `None` for a shipped binding.
    pub span: Option<Range<usize>>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shipped = if self.span.is_none() { ", as shipped" } else { "" };
        write!(f, "{:?} = {} in [keys.{}]{shipped}", print_keys(&self.keys), self.command, self.layer.name())
    }
}

/// What two bindings do to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// The same sequence stands twice in a layer.
    Twice(Box<Place>),
    /// The sequence begins the other one, which could never be reached.
    Begins(Box<Place>),
    /// The sequence begins with the other one, so that it could never be reached.
    BeginsWith(Box<Place>),
    /// The layer takes text and the sequence begins with a key that types.
    Typed,
}

/// A binding that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyConflict {
    /// The binding; of two, the one from the configuration.
    pub at: Place,
    /// Why.
    pub clash: Clash,
}

impl KeyConflict {
    /// What the operator can do about it.
    pub fn remedy(&self) -> String {
        match &self.clash {
            Clash::Twice(_) => "keep one of the two".to_owned(),
            Clash::Begins(other) | Clash::BeginsWith(other) => {
                format!("take other keys, or give up the other one: {:?} = \"\"", print_keys(&other.keys))
            }
            Clash::Typed => "begin with C- or a function key".to_owned(),
        }
    }
}

impl fmt::Display for KeyConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = print_keys(&self.at.keys);
        match &self.clash {
            Clash::Twice(other) => write!(f, "{keys:?} is bound twice: also {other}"),
            Clash::Begins(other) => write!(f, "{keys:?} would hide {other}"),
            Clash::BeginsWith(other) => write!(f, "{keys:?} cannot be reached: {other} comes first"),
            Clash::Typed => {
                write!(f, "{keys:?} begins with a key that types text in {:?}", self.at.layer.name())
            }
        }
    }
}

impl std::error::Error for KeyConflict {}
