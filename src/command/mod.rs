//! Commands: what an operator can ask for, by name and arguments.
//!
//! Every key, palette entry, `:` line and menu entry is one of the [`Spec`]s in [`table`]. The
//! table feeds the parser, help, which-key, palette, footer, completions and the documentation;
//! nothing about a command is written a second time anywhere else.

mod label;
mod line;
pub mod plan;
mod spec;
mod table;
pub mod usage;

pub use label::{label_in, label_of};
pub use line::{CommandError, parse};
pub use plan::{Plan, PlanError};
pub use spec::{Arg, ArgKind, Chapter, Layer, Risk, Spec};
pub use table::{Verb, specs};

/// One intent: a verb of the table, with its arguments and a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is asked for.
    pub verb: Verb,
    /// Its arguments, in the order of [`Spec::args`].
    pub args: Vec<String>,
    /// How often or how far; `None` where the operator gave no count.
    pub count: Option<u32>,
}

impl Command {
    /// A command without arguments.
    pub fn new(verb: Verb) -> Self {
        Self { verb, args: Vec::new(), count: None }
    }

    /// A command with one argument.
    pub fn with(verb: Verb, arg: impl Into<String>) -> Self {
        Self { verb, args: vec![arg.into()], count: None }
    }

    /// The same command, so many times.
    pub fn times(mut self, count: Option<u32>) -> Self {
        self.count = count;
        self
    }

    /// Its line in the table.
    pub fn spec(&self) -> &'static Spec {
        self.verb.spec()
    }

    /// The first argument, if there is one.
    pub fn arg(&self) -> Option<&str> {
        self.args.first().map(String::as_str)
    }
}

/// As the `:` line takes it: `filter.set tag:VIP`.
impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        line::print(self, f)
    }
}
