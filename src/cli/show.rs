//! `siyu show`: one record, whole.

use std::io::Write;

use clap::Args;
use serde_json::Value;

use super::Reading;
use super::failure::{Failure, unless_pipe_broke};
use super::ledgers;
use super::list::Listed;
use crate::cache::{Error, derived};
use crate::i18n::words::{commands, kinds};
use crate::i18n::{Line, named};
use crate::query::Scope;
use crate::runtime::table::{Columns, Format, Printer, heading, mask_phones, plain, show_money, words_of};
use crate::ui::text::{safe, width};

/// Arguments of `siyu show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// What kind of record
    pub resource: Listed,
    /// Its id
    #[arg(allow_hyphen_values = true)]
    pub id: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// Prints the record to `out`: as a table one line per field, then what is worked out from it.
///
/// # Errors
/// [`Failure::Failed`] where there is no such record; otherwise as [`super::list::run`].
pub fn run(args: &ShowArgs, at: &Reading<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(scope) = args.resource.scope() else { return from_ledger(args, at, out) };
    let found = at.reader.whole(scope, &args.id, at.moment).map_err(|error| Failure::failed(&error))?;
    let Some((body, values)) = found else { return Err(missing(args, at)) };
    let printed = match args.format {
        Format::Json | Format::Jsonl => writeln!(out, "{body}").map_err(Error::Output),
        Format::Csv | Format::Markdown => {
            let columns = Columns::choose(scope, &[], args.format)?;
            // The fields of a record include none that is worked out but by the same name.
            let wanted = columns.derived.iter();
            let place =
                |column: &crate::cache::Derived| derived(scope).iter().position(|known| known == column);
            let values: Vec<Value> = wanted
                .map(|column| place(column).and_then(|at| values.get(at)).cloned().unwrap_or_default())
                .collect();
            let mut printer = Printer::new(out, args.format, columns, at.manner());
            printer.row(&body, &values).and_then(|()| printer.finish()).map_err(Error::Output)
        }
        Format::Table => {
            let names = derived(scope).iter().map(|column| column.name.to_owned());
            fields(Some(scope), &body, names.zip(values), at, out).map_err(Error::Output)
        }
    };
    unless_pipe_broke(printed)
}

/// A row of what the program itself keeps, by its number.
fn from_ledger(args: &ShowArgs, at: &Reading<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let ledger = args.resource.ledger();
    let found = ledgers::one(ledger, &args.id, at).map_err(|error| Failure::failed(&error))?;
    let Some(row) = found else { return Err(missing(args, at)) };
    let body = row.to_string();
    let printed = match args.format {
        Format::Json | Format::Jsonl => writeln!(out, "{body}").map_err(Error::Output),
        Format::Csv | Format::Markdown => {
            let mut printer = Printer::new(out, args.format, ledger.columns(&[], args.format)?, at.manner());
            printer.row(&body, &[]).and_then(|()| printer.finish()).map_err(Error::Output)
        }
        Format::Table => fields(None, &body, std::iter::empty(), at, out).map_err(Error::Output),
    };
    unless_pipe_broke(printed)
}

fn missing(args: &ShowArgs, at: &Reading<'_>) -> Failure {
    let name = clap::ValueEnum::to_possible_value(&args.resource);
    let name = name.as_ref().map_or("records", |value| value.get_name()).to_owned();
    let what = named(kinds::RESOURCES, &name.replace('-', "_")).map_or_else(|| name.into(), Line::from);
    let id = format!("{:?}", safe(&args.id, at.mode));
    Failure::Failed(commands::NO_RECORD.with("id", id).with("what", what))
}

/// One line per field; what is empty is left out.
fn fields(
    scope: Option<Scope>,
    body: &str,
    derived: impl Iterator<Item = (String, Value)>,
    at: &Reading<'_>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let record: serde_json::Map<String, Value> = serde_json::from_str(body)?;
    let mut lines: Vec<(String, String)> = Vec::new();
    for (name, mut value) in record.clone().into_iter().chain(derived) {
        show_money(&name, &mut value, &record);
        if at.mask_phones {
            mask_phones(&name, &mut value);
        }
        let text = words_of(scope, &name, &value, at.lang).unwrap_or_else(|| plain(&value));
        let name = heading(scope, &name, at.lang);
        if text.is_empty() || lines.iter().any(|(known, shown)| *known == name && *shown == text) {
            continue;
        }
        lines.push((name, text));
    }
    let mode = at.mode;
    let widest = lines.iter().map(|(name, _)| width(name, mode)).max().unwrap_or(0);
    for (name, text) in &lines {
        let blank = " ".repeat(widest - width(name, mode));
        // A text of several lines stays one, each under the first.
        let shown: Vec<String> = text.lines().map(|line| safe(line, mode).into_owned()).collect();
        let below = format!("\n{}", " ".repeat(widest + 2));
        writeln!(out, "{name}{blank}  {}", shown.join(&below))?;
    }
    out.flush()
}
