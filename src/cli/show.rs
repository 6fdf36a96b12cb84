//! `siyu show`: one record, whole.

use std::io::Write;

use clap::Args;
use serde_json::Value;

use super::failure::{Failure, unless_pipe_broke};
use super::list::Listed;
use super::table::{Columns, Format, Printer, plain};
use crate::cache::{Error, Reader, derived};
use crate::query::Moment;
use crate::ui::text::{WidthMode, safe, width};

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
pub fn run(
    args: &ShowArgs,
    reader: &Reader,
    moment: &Moment,
    mode: WidthMode,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let found = match args.resource.scope() {
        Some(scope) => {
            let whole = reader.whole(scope, &args.id, moment);
            whole.map_err(|error| Failure::Failed(error.to_string()))?.map(|found| (scope, found))
        }
        None => None,
    };
    let Some((scope, (body, values))) = found else {
        let name = clap::ValueEnum::to_possible_value(&args.resource);
        let name = name.as_ref().map_or("records", |value| value.get_name()).to_owned();
        let id = safe(&args.id, mode);
        return Err(Failure::Failed(format!("no {id:?} among the {name} of the cache")));
    };
    let printed = match args.format {
        Format::Json | Format::Jsonl => writeln!(out, "{body}").map_err(Error::Output),
        Format::Csv => {
            let columns = Columns::choose(scope, &[], Format::Csv)?;
            // The fields of a record include none that is worked out but by the same name.
            let wanted = columns.derived.iter();
            let at = |column: &crate::cache::Derived| derived(scope).iter().position(|known| known == column);
            let values: Vec<Value> = wanted
                .map(|column| at(column).and_then(|at| values.get(at)).cloned().unwrap_or_default())
                .collect();
            let mut printer = Printer::new(out, Format::Csv, columns, &moment.zone, mode);
            printer.row(&body, &values).and_then(|()| printer.finish()).map_err(Error::Output)
        }
        Format::Table => {
            let names = derived(scope).iter().map(|column| column.name.to_owned());
            fields(&body, names.zip(values), mode, out).map_err(Error::Output)
        }
    };
    unless_pipe_broke(printed)
}

/// One line per field; what is empty is left out.
fn fields(
    body: &str,
    derived: impl Iterator<Item = (String, Value)>,
    mode: WidthMode,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let record: serde_json::Map<String, Value> = serde_json::from_str(body)?;
    let mut lines: Vec<(String, String)> = Vec::new();
    for (name, value) in record.into_iter().chain(derived) {
        let text = plain(&value);
        if text.is_empty() || lines.iter().any(|(known, shown)| *known == name && *shown == text) {
            continue;
        }
        lines.push((name, text));
    }
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
