//! Macros: sequences of commands with a name, parameters and a choice of records.
//!
//! ```text
//! TOML ──read──▶ Macro ─┐
//!                       ├─ Book ──expand (records, what is given)──▶ Plan ──▶ as of any command
//! keys ──record──▶ steps┘
//! ```
//!
//! There is one language of commands: a step is a line of it, parsed when the macro is read, and what is
//! filled into its places later is never parsed again. A macro becomes a [`crate::command::Plan`], the
//! very object that a dry run prints, a confirmation shows and a run executes. The room knows no disk, no
//! clock and no screen: files come as texts, and what the cache knows comes with the [`World`].

mod book;
mod definition;
mod error;
mod expand;
mod fill;
mod flat;
mod given;
mod known;
mod print;
mod read;
mod reply;
mod settle;
mod sketch;
mod step;
mod template;
mod test;
mod told;

use std::collections::BTreeSet;

pub use book::{Book, MacroFile, SHIPPED};
pub use definition::{Asking, Condition, Macro, Origin, Param, ParamKind, Source, Target, Test};
pub use error::MacroError;
pub use expand::{World, expand, selection};
pub use given::{Given, GivenError};
pub use print::print;
pub use read::{read_all, read_file};
pub use reply::Reply;
pub use settle::{lacking, settle};
pub use sketch::{LeftOut, read_step, recorded, step_of};
pub use step::{As, Call, Does, Entry, Pattern, Program, Slot, Step, StepError};
pub use template::{Piece, Template, WORDS, is_name};
pub use told::command as command_problem;
pub use told::filter as filter_problem;

pub use crate::command::plan::OnError;

/// Names of the places that a macro fills.
pub fn used(makes: &Macro) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut take = |template: &Template| used.extend(template.places().map(str::to_owned));
    if let Target::Select(condition) = &makes.target {
        take(&condition.text);
    }
    for step in &makes.steps {
        if let Some(when) = &step.when {
            take(&when.text);
        }
        match &step.does {
            Does::Command(pattern) => pattern.templates().for_each(|(template, _)| take(template)),
            Does::Call(call) => call.given.iter().for_each(|(_, template)| take(template)),
            Does::Program(program) => program.argv.iter().for_each(&mut take),
        }
    }
    used
}

#[cfg(test)]
mod laws_tests;
#[cfg(test)]
mod print_tests;
#[cfg(test)]
mod tests;
