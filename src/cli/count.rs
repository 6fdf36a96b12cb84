//! `siyu count`: how many rows answer a filter.

use std::io::Write;

use clap::Args;

use super::Reading;
use super::failure::{Failure, unless_pipe_broke};
use super::ledgers;
use super::list::{Listed, filter, pulled, tell_unknown};
use super::shield;
use crate::cache::Error;

/// Arguments of `siyu count`.
#[derive(Args, Clone, Debug)]
pub struct CountArgs {
    /// What to count
    pub resource: Listed,
    /// Which rows, in the filter language; words are joined by spaces
    #[arg(value_parser = shield::laid_bare)]
    pub filter: Vec<String>,
}

/// Prints one number to `out`.
///
/// # Errors
/// As [`super::list::run`].
pub fn run(args: &CountArgs, at: &Reading<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let count = match args.resource.scope() {
        Some(scope) => {
            let query = filter(scope, &args.filter)?;
            pulled(at.reader)?;
            tell_unknown(&query, at)?;
            at.reader.count(&query, at.moment).map_err(|error| Failure::failed(&error))?
        }
        None => ledgers::count(args.resource.ledger(), &args.filter, at)?,
    };
    unless_pipe_broke(writeln!(out, "{count}").map_err(Error::Output))
}
