//! `siyu keys`: what is bound, the configuration's own keys included.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::command::Layer;
use crate::config::Config;
use crate::i18n::Line;
use crate::i18n::words::usage;
use crate::keymap::{Binding, print_keys};
use crate::runtime::csv;
use crate::ui::text::{WidthMode, safe};

/// Arguments of `siyu keys`.
#[derive(Args, Clone, Debug, Default)]
pub struct KeysArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: KeysFormat,
    /// Only the keys of this place, such as `customers`
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub place: Option<Layer>,
}

/// Formats of the bindings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum KeysFormat {
    /// Columns, for the eye
    #[default]
    Table,
    /// One document
    Json,
    /// One object per line
    Jsonl,
    /// For a spreadsheet
    Csv,
    /// Markdown
    #[value(alias = "markdown")]
    Md,
}

fn place(name: &str) -> Result<Layer, Line> {
    let names = || Layer::ALL.map(Layer::name).join(", ");
    Layer::parse(name).ok_or_else(|| usage::PLACES_ARE.with("names", names()))
}

/// Prints the bindings, in Chinese or English. Gives the exit status.
///
/// # Errors
/// Where `out` takes no more.
pub fn run(args: &KeysArgs, config: &Config, zh: bool, out: &mut impl Write) -> io::Result<u8> {
    let layers = Layer::ALL.into_iter().filter(|layer| args.place.is_none_or(|place| place == *layer));
    let bindings: Vec<Binding> = layers.flat_map(|layer| config.keymap.layer(layer)).collect();
    match args.format {
        KeysFormat::Table => table(&bindings, zh, out)?,
        KeysFormat::Md => out.write_all(config.keymap.markdown(zh).as_bytes())?,
        KeysFormat::Json => {
            let list: Vec<_> = bindings.iter().map(|binding| object(binding, zh)).collect();
            writeln!(out, "{:#}", json!(list))?;
        }
        KeysFormat::Csv => {
            write!(out, "{}\r\n", FIELDS.join(","))?;
            for binding in &bindings {
                let row = object(binding, zh);
                write!(out, "{}\r\n", FIELDS.map(|field| csv(&row[field], false)).join(","))?;
            }
        }
        KeysFormat::Jsonl => {
            for binding in &bindings {
                writeln!(out, "{}", object(binding, zh))?;
            }
        }
    }
    Ok(0)
}

/// The columns of CSV: the fields of [`object`].
const FIELDS: [&str; 6] = ["place", "keys", "command", "does", "risk", "configured"];

fn object(binding: &Binding, zh: bool) -> serde_json::Value {
    let spec = binding.command.spec();
    json!({
        "place": binding.layer.name(),
        "keys": print_keys(&binding.keys),
        "command": binding.command.to_string(),
        "does": spec.says(zh),
        "risk": spec.risk.word(),
        "configured": binding.span.is_some(),
    })
}

fn table(bindings: &[Binding], zh: bool, out: &mut impl Write) -> io::Result<()> {
    let cells = |binding: &Binding| {
        let does = binding.command.spec().says(zh).to_owned();
        let own = if binding.span.is_some() { "*" } else { "" };
        [
            binding.layer.name().to_owned(),
            print_keys(&binding.keys),
            safe(&format!("{}{own}", binding.command), WidthMode::Narrow).into_owned(),
            does,
        ]
    };
    let rows: Vec<_> = bindings.iter().map(cells).collect();
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    for row in &rows {
        let padded = |n: usize| format!("{}{}", row[n], " ".repeat(widths[n] - row[n].width()));
        writeln!(out, "{}  {}  {}  {}", padded(0), padded(1), padded(2), row[3])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: KeysFormat, place: Option<Layer>) -> String {
        let text = "[keys.customers]\n\"g c\" = \"copy phone\"\n\"C\" = false\n";
        let config = Config::read("c.toml".as_ref(), text).unwrap();
        let mut out = Vec::new();
        assert_eq!(run(&KeysArgs { format, place }, &config, false, &mut out).unwrap(), 0);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_operators_own_keys_are_shown_and_marked() {
        let table = printed(KeysFormat::Table, Some(Layer::Customers));
        assert!(table.lines().any(|line| line.starts_with("customers  g c") && line.contains("copy phone*")));
        assert!(!table.contains("columns.pick"), "C was taken away");
        let json: serde_json::Value = serde_json::from_str(&printed(KeysFormat::Json, None)).unwrap();
        let own = json.as_array().unwrap().iter().filter(|binding| binding["configured"] == true).count();
        assert_eq!(own, 1);
        assert_eq!(printed(KeysFormat::Jsonl, None).lines().count(), json.as_array().unwrap().len());
        let csv = printed(KeysFormat::Csv, Some(Layer::Customers));
        assert!(csv.starts_with("place,keys,command,does,risk,configured\r\n"), "{csv}");
        assert!(csv.contains("\r\ncustomers,g c,copy phone,copy,read,true\r\n"), "{csv}");
        assert_eq!(
            csv.lines().count() - 1,
            printed(KeysFormat::Jsonl, Some(Layer::Customers)).lines().count()
        );
        assert!(printed(KeysFormat::Md, None).contains("| `g c` | `copy phone` |"));
    }

    #[test]
    fn places_are_named() {
        assert_eq!(place("tags"), Ok(Layer::Tags));
        assert!(place("tag").unwrap_err().to_string().contains("customers"));
    }
}
