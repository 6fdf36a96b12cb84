//! `siyu sync`: one round of pulling, with a progress bar on a terminal and one line per kind of
//! record on standard output.
//!
//! It is handed a connector and the cache's writer by whoever read the configuration. Pressing
//! Ctrl-C ends it between two pages; the next round goes on there.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::model::{Pulled, SyncEvent};
use crate::sync::{Engine, Outcome, SyncError, Wish, once};

/// Arguments of `siyu sync`.
#[derive(Args, Clone, Debug, Default)]
pub struct SyncArgs {
    /// Pull everything again, not only what changed
    #[arg(long)]
    pub full: bool,
    /// How to print what was pulled
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: SyncFormat,
}

/// Formats of the summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SyncFormat {
    /// One line per kind, for the eye
    #[default]
    Table,
    /// One document
    Json,
    /// One object per kind and line
    Jsonl,
}

/// Done.
const DONE: u8 = 0;
/// Nothing was pulled.
const FAILED: u8 = 1;
/// Some kinds were pulled.
const PARTLY: u8 = 3;
/// Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Does one round inside a runtime of its own and gives the exit status. Data goes to `out`,
/// messages to standard error.
///
/// # Errors
/// Where the runtime cannot be made, or `out` does not take the summary.
pub fn run(args: &SyncArgs, engine: &Engine, out: &mut impl Write) -> std::io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bar = Bar::new(std::io::stderr().is_terminal());
    let wish = if args.full { Wish::Everything } else { Wish::Changes };
    let outcome = runtime.block_on(async {
        let tell = |event: SyncEvent| bar.take(&event);
        tokio::select! {
            outcome = once(engine, wish, &tell) => Some(outcome),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    bar.clear();
    match outcome {
        None => {
            eprintln!("siyu: interrupted; the next sync goes on from here");
            Ok(INTERRUPTED)
        }
        Some(Err(error)) => {
            eprintln!("siyu: {}", told(&error));
            Ok(FAILED)
        }
        Some(Ok(outcome)) => {
            print(args.format, &outcome, out)?;
            for (resource, error) in &outcome.failed {
                eprintln!("siyu: {resource}: {}", told(error));
            }
            Ok(match (outcome.failed.is_empty(), outcome.pulled.is_empty()) {
                (true, _) => DONE,
                (false, false) => PARTLY,
                (false, true) => FAILED,
            })
        }
    }
}

/// The failure and its remedy, safe to be printed: quotes from a backend were calmed already.
fn told(error: &SyncError) -> String {
    let trouble = error.trouble();
    format!("{} ({})", trouble.text, trouble.remedy)
}

/// Prints the summary.
fn print(format: SyncFormat, outcome: &Outcome, out: &mut impl Write) -> std::io::Result<()> {
    match format {
        SyncFormat::Table => {
            for pulled in &outcome.pulled {
                writeln!(
                    out,
                    "{:<16} {:>9} rows {:>9} changed {:>7} deleted {:>6} calls {:>8.1} s",
                    pulled.resource.name(),
                    pulled.rows,
                    pulled.changed,
                    pulled.deleted,
                    pulled.calls,
                    pulled.took.as_secs_f64(),
                )?;
            }
        }
        SyncFormat::Json => {
            let pulled: Vec<Value> = outcome.pulled.iter().map(object).collect();
            let failed = outcome.failed.iter();
            let failed: Vec<Value> = failed
                .map(|(resource, error)| json!({"resource": resource.name(), "error": error.to_string()}))
                .collect();
            writeln!(out, "{}", json!({"pulled": pulled, "failed": failed, "seq": outcome.seq}))?;
        }
        SyncFormat::Jsonl => {
            for pulled in &outcome.pulled {
                writeln!(out, "{}", object(pulled))?;
            }
        }
    }
    out.flush()
}

fn object(pulled: &Pulled) -> Value {
    json!({
        "resource": pulled.resource.name(),
        "rows": pulled.rows,
        "changed": pulled.changed,
        "deleted": pulled.deleted,
        "calls": pulled.calls,
        "milliseconds": pulled.took.as_millis() as u64,
    })
}

/// A line on standard error that says what is being pulled; silent where that is no terminal.
struct Bar {
    shown: bool,
    drawn: Mutex<Drawn>,
}

#[derive(Default)]
struct Drawn {
    at: Option<std::time::Instant>,
    bad: usize,
}

/// Shortest time between two drawings.
const REDRAW: Duration = Duration::from_millis(33);

impl Bar {
    fn new(shown: bool) -> Self {
        Self { shown, drawn: Mutex::default() }
    }

    fn take(&self, event: &SyncEvent) {
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            SyncEvent::Progress { resource, done, rate, .. } => {
                let due = drawn.at.is_none_or(|at| at.elapsed() >= REDRAW);
                if self.shown && due {
                    drawn.at = Some(std::time::Instant::now());
                    eprint!("\r\x1b[K{:<16} {done} rows, {rate:.0} a second", resource.name());
                }
            }
            SyncEvent::Complaints(complaints) => drawn.bad += complaints.len(),
            _ => {}
        }
    }

    /// Removes the line, and says how many records were not as they should be.
    fn clear(&self) {
        let drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.shown && drawn.at.is_some() {
            eprint!("\r\x1b[K");
        }
        if drawn.bad > 0 {
            eprintln!("siyu: {} fields or records could not be read and were left out", drawn.bad);
        }
    }
}
