//! `siyu list`: rows of the cache, filtered and sorted as the console does it.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::Reading;
use super::bar::Bar;
use super::failure::{Failure, unless_pipe_broke};
use super::ledgers::{self, Ledger};
use super::number::whole;
use super::say::say;
use super::shield;
use super::told::Told;
use crate::cache::{self, Error, Reader};
use crate::i18n::Line;
use crate::i18n::words::commands;
use crate::query::{KeyKind, Problem, Query, QueryError, Scope, column, fold, parse, parse_sort};
use crate::runtime::ExportFile;
use crate::runtime::table::{Columns, Format, Printer, usual};

/// Arguments of `siyu list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// What to list
    pub resource: Listed,
    /// Which rows, in the filter language; words are joined by spaces
    #[arg(value_parser = shield::laid_bare)]
    pub filter: Vec<String>,
    /// Order by these keys, such as `-ltv,name`
    #[arg(long, value_name = "F[,-F]", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>())]
    pub limit: Option<u64>,
    /// Which columns: fields of the record, or what tables show
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Write them to this file, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<std::path::PathBuf>,
    /// CSV with every text as it is, also where a spreadsheet would run it as a formula
    #[arg(long)]
    pub raw: bool,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Listed {
    Customers,
    Tags,
    Groups,
    Members,
    #[value(name = "follow-ups", alias = "follow_ups")]
    FollowUps,
    Events,
    Orders,
    Operators,
    Snippets,
    Broadcasts,
    /// What was done, by whom
    Audit,
    /// Queued writes that are not settled
    Outbox,
}

impl Listed {
    /// What its filters are about; `None` for what the program itself keeps.
    pub fn scope(self) -> Option<Scope> {
        Some(match self {
            Self::Customers => Scope::Customers,
            Self::Tags => Scope::Tags,
            Self::Groups => Scope::Groups,
            Self::Members => Scope::Members,
            Self::FollowUps => Scope::FollowUps,
            Self::Events => Scope::Events,
            Self::Orders => Scope::Orders,
            Self::Operators => Scope::Operators,
            Self::Snippets => Scope::Snippets,
            Self::Broadcasts => Scope::Broadcasts,
            Self::Audit | Self::Outbox => return None,
        })
    }

    /// Which of the program's own lists it is, where it has no scope.
    pub(super) fn ledger(self) -> Ledger {
        if self == Self::Outbox { Ledger::Outbox } else { Ledger::Audit }
    }
}

/// Prints the rows to `out`, or to the file that is asked for.
///
/// # Errors
/// As [`run`].
pub fn to(args: &ListArgs, at: &Reading<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(path) = &args.output else { return run(args, at, out) };
    let failed = |error: std::io::Error| {
        let path = path.display().to_string();
        Failure::Failed(commands::CANNOT_WRITE.with("path", path).with("error", error.told()))
    };
    let mut file = ExportFile::begin(path, true).map_err(failed)?;
    run(args, at, &mut file)?;
    file.finish().map_err(failed)
}

/// Prints the rows to `out`.
///
/// # Errors
/// [`Failure::Usage`] for a bad filter, order or column, [`Failure::Failed`] where the cache does
/// not read or `out` does not take the rows. A broken pipe is no error.
pub fn run(args: &ListArgs, at: &Reading<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(scope) = args.resource.scope() else {
        let ledger = args.resource.ledger();
        let printer =
            Printer::new(out, args.format, ledger.columns(&args.columns, args.format)?, at.manner());
        return ledgers::list(ledger, args, at, printer.raw(args.raw).seen_at_once(seen(args)));
    };
    let query = filter(scope, &args.filter)?;
    let order = args.sort.as_deref().unwrap_or_default();
    let sort = parse_sort(scope, order).map_err(|wrong| pointed(order, &wrong))?;
    pulled(at.reader)?;
    let mut names = args.columns.clone();
    if names.is_empty()
        && matches!(args.format, Format::Table | Format::Markdown)
        && at.reader.keeps(scope)?
    {
        names = usual(scope).iter().chain([&cache::LOCAL]).map(|name| (*name).to_owned()).collect();
    }
    let columns = Columns::choose(scope, &names, args.format)?;
    tell_unknown(&query, at)?;
    let derived = columns.derived.clone();
    let mut bar = match args.output {
        Some(_) => {
            let rows = at.reader.count(&query, at.moment)?.min(args.limit.unwrap_or(u64::MAX));
            Bar::of(rows, commands::EXPORTED, at.lang)
        }
        None => Bar::none(),
    };
    let mut printer = Printer::new(out, args.format, columns, at.manner()).raw(args.raw);
    printer = printer.seen_at_once(seen(args));
    let printed = at
        .reader
        .table(&query, &sort, args.limit, at.moment, &derived, |_, body, values| {
            bar.step();
            printer.row(body, values).map_err(Error::Output)
        })
        .and_then(|()| printer.finish().map_err(Error::Output));
    unless_pipe_broke(printed)
}

/// Whether what is printed goes to a terminal.
fn seen(args: &ListArgs) -> bool {
    args.output.is_none() && std::io::IsTerminal::is_terminal(&std::io::stdout())
}

/// The words of a filter as a query.
///
/// # Errors
/// [`Failure::Usage`] that points at the column.
pub(super) fn filter(scope: Scope, words: &[String]) -> Result<Query, Failure> {
    let text = words.join(" ");
    parse(scope, &text).map_err(|wrong| match (pointed(&text, &wrong), &wrong) {
        (Failure::Usage(line), QueryError { problem: Problem::UnknownKey { .. }, nearest: None, .. }) => {
            let keys: Vec<_> = scope.keys().iter().map(|key| key.name).collect();
            Failure::Usage(line.and("\n  ").and(commands::KEYS_ARE.with("names", keys.join(", "))))
        }
        (failure, _) => failure,
    })
}

pub(super) fn pointed(text: &str, wrong: &QueryError) -> Failure {
    let lines: Vec<String> = wrong.marked(text).lines().map(|line| format!("  {line}")).collect();
    let column = commands::COLUMN.with("n", wrong.column(text).to_string()).with("line", wrong.told());
    Failure::Usage(column.and(format!("\n{}", lines.join("\n"))))
}

/// Names that are looked at for one that is near.
const LOOKED_AT: usize = 20_000;

/// Says on standard error which names of the filter nothing has: they find nothing, and `-tag:VPI`
/// finds everybody.
pub(super) fn tell_unknown(query: &Query, at: &Reading<'_>) -> Result<(), Failure> {
    unknown(query, at.reader)
        .map_err(|error| Failure::failed(&error))?
        .iter()
        .for_each(|line| say(line.in_lang(at.lang)));
    Ok(())
}

fn unknown(query: &Query, reader: &Reader) -> cache::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for named in query.named() {
        if reader.knows(&named)? {
            continue;
        }
        let (what, list) = match named.kind {
            KeyKind::Operator(_) => (commands::AN_OPERATOR, "operators"),
            KeyKind::Group(_) => (commands::A_GROUP, "groups"),
            KeyKind::Customer(_) => (commands::A_CUSTOMER, "customers"),
            KeyKind::TagGroup(_) => (commands::A_TAG_GROUP, "tags"),
            _ => (commands::A_TAG, "tags"),
        };
        let typed = fold(named.name);
        let names = reader.names(&named, LOOKED_AT)?;
        let near = names
            .iter()
            .map(|name| (strsim::damerau_levenshtein(&typed, &fold(name)), name))
            .filter(|(distance, name)| *distance < typed.chars().count().max(name.chars().count()))
            .min_by_key(|(distance, _)| *distance);
        let near = match near {
            Some((_, name)) => commands::NEAREST.with("name", format!("{name:?}")),
            None => commands::NONE_NEAR.with("list", list),
        };
        let name = format!("{:?}", named.name);
        let line = commands::NO_TAG_CALLED.with("name", name).with("what", what).with("nearest", near);
        let column = column(&query.text, named.at).to_string();
        lines.push(commands::COLUMN.with("n", column).with("line", line));
    }
    Ok(lines)
}

/// A cache that nobody has filled answers nothing, and must not look like an empty community.
pub(super) fn pulled(reader: &Reader) -> Result<(), Failure> {
    let states = reader.sync_states().map_err(|error| Failure::failed(&error))?;
    if states.iter().all(|state| state.pull.0 == 0 && state.at.is_none()) {
        return Err(Failure::Failed(commands::NOTHING_PULLED.into()));
    }
    Ok(())
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
