//! `siyu count`: how many rows answer a filter.

use std::io::Write;

use clap::Args;

use super::failure::{Failure, unless_pipe_broke};
use super::list::{Listed, filter, pulled};
use crate::cache::{Error, Reader};
use crate::query::Moment;

/// Arguments of `siyu count`.
#[derive(Args, Clone, Debug)]
pub struct CountArgs {
    /// What to count
    pub resource: Listed,
    /// Which rows, in the filter language; words are joined by spaces
    pub filter: Vec<String>,
}

/// Prints one number to `out`.
///
/// # Errors
/// As [`super::list::run`].
pub fn run(args: &CountArgs, reader: &Reader, moment: &Moment, out: &mut dyn Write) -> Result<(), Failure> {
    let count = match args.resource.scope() {
        Some(scope) => {
            let query = filter(scope, &args.filter)?;
            pulled(reader)?;
            reader.count(&query, moment).map_err(|error| Failure::Failed(error.to_string()))?
        }
        None if args.filter.is_empty() => 0,
        None => return Err(Failure::Usage("this list takes no filter".to_owned())),
    };
    unless_pipe_broke(writeln!(out, "{count}").map_err(Error::Output))
}
