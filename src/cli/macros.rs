//! `siyu macros`: list them, show one as it is written, run their tests, trust a file of them.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::json;

use super::do_command::DoFormat;
use super::failure::Failure;
use super::say::{say, shown};
use super::site::Site;
use super::told::Told;
use super::{printed, status};
use crate::command::label_in;
use crate::i18n::words::macros as words;
use crate::i18n::{Lang, Line};
use crate::keymap::print_keys;
use crate::macros::{self, Book, Macro, Source};
use crate::model::view::OpenRun;
use crate::runtime::macro_test;
use crate::runtime::macros::{Allowed, hindrance};
use crate::runtime::trust::Trust;
use crate::ui::text::{WidthMode, safe, width};

/// Arguments of `siyu macros`.
#[derive(Args, Clone, Debug)]
pub struct MacrosArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub what: Option<MacrosWhat>,
    /// How to print them
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", global = true)]
    pub format: DoFormat,
}

/// What to do with macros.
#[derive(Subcommand, Clone, Debug)]
pub enum MacrosWhat {
    /// List all macros
    List,
    /// Show one as it is written in a file
    Show {
        /// The macro
        #[arg(value_name = "MACRO")]
        name: String,
    },
    /// Run the tests that macros carry
    Test {
        /// The macros; all where none is named
        #[arg(value_name = "MACRO")]
        names: Vec<String>,
    },
    /// Trust the file of a macro, by the hash of its bytes
    Trust {
        /// The macro
        #[arg(value_name = "MACRO")]
        name: String,
    },
    /// List the runs that are not at their end, with what goes on with each
    Runs,
}

/// Does that, and gives the exit status.
///
/// # Errors
/// [`Failure`]: there is no such macro, or a test cannot be played.
pub fn run(args: &MacrosArgs, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let (book, lang) = (&*site.config.macros, site.lang());
    match args.what.as_ref().unwrap_or(&MacrosWhat::List) {
        MacrosWhat::List => printed(list(args.format, book, &site.allowed(), lang, out)),
        MacrosWhat::Show { name } => {
            let makes = named(book, name)?;
            printed(show(args.format, book, makes, out))
        }
        MacrosWhat::Test { names } => test(args.format, book, names, lang, out),
        MacrosWhat::Runs => runs(args.format, site, out),
        MacrosWhat::Trust { name } => trust(site, named(book, name)?, lang),
    }
}

/// Runs that were stopped, or killed.
fn runs(format: DoFormat, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    let open = site.open_cache(&selected.name)?.cache.reader()?.open_runs()?;
    let object = |run: &OpenRun| {
        json!({
            "batch": run.batch, "label": run.label, "at": run.at.to_string(),
            "done": run.done, "left": run.left(),
        })
    };
    let line = |run: &OpenRun| {
        let line = words::OPEN_RUN
            .with("label", label_in(&run.label, site.lang().is_zh()))
            .with("done", run.done.to_string())
            .with("left", run.left().to_string())
            .with("batch", run.batch.as_str());
        shown(line.in_lang(site.lang()))
    };
    let mut print = || -> io::Result<u8> {
        match format {
            DoFormat::Table => open.iter().try_for_each(|run| writeln!(out, "{}", line(run)))?,
            DoFormat::Json => writeln!(out, "{:#}", open.iter().map(object).collect::<serde_json::Value>())?,
            DoFormat::Jsonl => open.iter().try_for_each(|run| writeln!(out, "{}", object(run)))?,
        }
        out.flush()?;
        Ok(status::DONE)
    };
    let done = printed(print());
    if open.is_empty() && format == DoFormat::Table {
        say(Line::from(words::NO_OPEN_RUNS).in_lang(site.lang()));
    }
    done
}

fn named<'a>(book: &'a Book, name: &str) -> Result<&'a Macro, Failure> {
    book.get(name).ok_or_else(|| {
        let nearest = book.nearest(name).map(str::to_owned);
        let error = macros::MacroError::Unknown { name: name.to_owned(), nearest };
        Failure::Usage(Line::both(error.says(true), error.says(false)))
    })
}

fn source(makes: &Macro, lang: Lang) -> String {
    match makes.origin.source {
        Source::Shipped => Line::from(words::SHIPPED).in_lang(lang),
        Source::Config => Line::from(words::OF_CONFIG).in_lang(lang),
        Source::Folder => makes.origin.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

fn object(book: &Book, makes: &Macro, allowed: Option<&Allowed>) -> serde_json::Value {
    let params = makes.params.iter().map(|param| {
        json!({
            "name": param.name, "kind": param.kind.word(), "ask": param.ask.word(),
            "default": param.default, "zh": param.zh, "en": param.en,
        })
    });
    let refused = allowed.and_then(|allowed| hindrance(book, &makes.name, allowed));
    json!({
        "name": makes.name, "zh": makes.zh, "en": makes.en, "on": makes.on.name(),
        "target": makes.target.word(), "risk": book.risk(&makes.name).word(),
        "key": makes.keys.as_ref().map(|keys| print_keys(keys)),
        "params": params.collect::<Vec<_>>(),
        "steps": makes.steps.iter().map(|step| step.does.to_string()).collect::<Vec<_>>(),
        "tests": makes.tests.len(),
        "source": makes.origin.file.display().to_string(),
        "refused": refused.map(|(_, english)| english),
    })
}

fn list(format: DoFormat, book: &Book, allowed: &Allowed, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    if format != DoFormat::Table {
        let objects: Vec<_> = book.iter().map(|makes| object(book, makes, Some(allowed))).collect();
        match format {
            DoFormat::Json => writeln!(out, "{:#}", json!(objects))?,
            _ => objects.iter().try_for_each(|object| writeln!(out, "{object}"))?,
        }
        out.flush()?;
        return Ok(status::DONE);
    }
    let mode = WidthMode::Narrow;
    let row = |makes: &Macro| {
        let keys = makes.keys.as_ref().map(|keys| print_keys(keys)).unwrap_or_default();
        let risk = book.risk(&makes.name).word().to_owned();
        let refused = hindrance(book, &makes.name, allowed);
        let why = refused.map(|(zh, en)| format!("  ({})", if lang.is_zh() { zh } else { en }));
        let told = format!("{}{}", makes.says(lang.is_zh()), why.unwrap_or_default());
        [makes.name.clone(), keys, risk, makes.on.name().to_owned(), source(makes, lang), told]
    };
    let rows: Vec<[String; 6]> =
        book.iter().map(|makes| row(makes).map(|cell| safe(&cell, mode).into_owned())).collect();
    let widest = |at: usize| rows.iter().map(|row| width(&row[at], mode)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(widest).collect();
    for row in &rows {
        for (cell, wide) in row.iter().zip(&widths) {
            write!(out, "{cell}{}  ", " ".repeat(wide.saturating_sub(width(cell, mode))))?;
        }
        writeln!(out, "{}", row[5])?;
    }
    out.flush()?;
    Ok(status::DONE)
}

fn show(format: DoFormat, book: &Book, makes: &Macro, out: &mut dyn Write) -> io::Result<u8> {
    match format {
        DoFormat::Table => write!(out, "{}", shown_lines(&macros::print(makes)))?,
        _ => writeln!(out, "{}", object(book, makes, None))?,
    }
    out.flush()?;
    Ok(status::DONE)
}

fn shown_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", safe(line, WidthMode::Narrow))).collect()
}

fn test(
    format: DoFormat,
    book: &Book,
    names: &[String],
    lang: Lang,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let chosen: Vec<&Macro> = match names {
        [] => book.iter().collect(),
        names => names.iter().map(|name| named(book, name)).collect::<Result<_, _>>()?,
    };
    let (mut ok, mut failed) = (0, 0);
    let mut results = Vec::new();
    for makes in chosen {
        for (index, test) in makes.tests.iter().enumerate() {
            let folder = Folder::new().map_err(|error| Failure::Failed(error.told()))?;
            let wrong = macro_test::play(book, makes, test, &folder.0).unwrap_or_else(|error| vec![error]);
            if wrong.is_empty() {
                ok += 1
            } else {
                failed += 1
            }
            results.push((makes.name.clone(), test.called(index), wrong));
        }
    }
    let code = if failed > 0 { status::FAILED } else { status::DONE };
    let say_all = |out: &mut dyn Write| -> io::Result<u8> {
        for (name, test, wrong) in &results {
            if format == DoFormat::Table {
                let word = if wrong.is_empty() { words::TEST_OK } else { words::TEST_FAILED };
                let line = format!("{name} · {test}: {}", Line::from(word).in_lang(lang));
                writeln!(out, "{}", shown(line))?;
                wrong.iter().try_for_each(|line| writeln!(out, "  {}", shown(line.clone())))?;
            } else {
                let object = json!({"macro": name, "test": test, "ok": wrong.is_empty(), "wrong": wrong});
                writeln!(out, "{object}")?;
            }
        }
        out.flush()?;
        Ok(code)
    };
    let done = printed(say_all(out));
    let line = words::TESTS_DONE.with("ok", ok.to_string()).with("failed", failed.to_string());
    say(if results.is_empty() { words::NO_TESTS.into() } else { line }.in_lang(lang));
    done
}

/// A folder that goes with what is in it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let name = format!("siyu-macro-test-{}-{:016x}", std::process::id(), rand::random::<u64>());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // what stays is a test's, and nobody's
    }
}

fn trust(site: &Site, makes: &Macro, lang: Lang) -> Result<u8, Failure> {
    let foreign = site.config.macros.foreign(&makes.name);
    if foreign.is_empty() {
        say(words::NOT_FOREIGN.with("name", makes.name.as_str()).in_lang(lang));
        return Ok(status::DONE);
    }
    let mut trust = Trust::read(&site.paths.state);
    for (path, text) in foreign {
        let hash = trust
            .add(path, text)
            .map_err(|error| Failure::Failed(words::CANNOT_TRUST.with("error", error.told())))?;
        let file = path.display().to_string();
        say(words::TRUSTED.with("file", file).with("hash", hash.get(..12).unwrap_or(&hash)).in_lang(lang));
    }
    Ok(status::DONE)
}
