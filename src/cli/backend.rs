//! `siyu backend list|show|try|check`: which connectors there are, and trying one out.
//!
//! `try` prints each raw item beside what the mapping makes of it, with complaints beside their
//! fields; `check` asks everything that the connector can pull. Either takes a saved answer (`--from`)
//! in place of a backend.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::number::whole;
use super::say::shown;
use super::site::{Site, listed};
use super::told::Told;
use super::{connector, status, vars};
use crate::backend::file::{NotFound, SHIPPED, Verified};
use crate::backend::{BackendError, Check, ConnectorFile, Tried, TriedItem};
use crate::config::{NATIVE, Profile};
use crate::i18n::words::{connector as words, kinds};
use crate::i18n::{Lang, Line, named, say};
use crate::model::{Complaint, Resource};

/// Arguments of `siyu backend`.
#[derive(Args, Clone, Debug)]
pub struct BackendArgs {
    /// What to do
    #[command(subcommand)]
    pub what: BackendWhat,
}

/// Subcommands of `siyu backend`.
#[derive(Subcommand, Clone, Debug)]
pub enum BackendWhat {
    /// List the connectors that come with siyu
    List(ListArgs),
    /// Print a connector file, or every mistake in it
    Show(ShowArgs),
    /// Show the raw items beside the records that they come to
    Try(TryArgs),
    /// Ask everything that the connector can pull, and say what each gave
    Check(CheckArgs),
    /// Print a JSON Schema of connector files
    Schema,
}

/// Arguments of `siyu backend list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: BackendFormat,
}

/// Arguments of `siyu backend show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// A connector by name, or the path of a connector file
    #[arg(value_hint = ValueHint::AnyPath)]
    pub name: String,
}

/// Arguments of `siyu backend try`.
#[derive(Args, Clone, Debug)]
pub struct TryArgs {
    /// The kind of record, such as `customers`
    #[arg(value_parser = resource)]
    pub resource: Resource,
    /// So many items at most
    #[arg(long, default_value_t = 3, value_parser = whole::<usize>())]
    pub limit: usize,
    /// What both have in common
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Arguments of `siyu backend check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// Only this kind of record; a saved answer needs it
    #[arg(value_parser = resource)]
    pub resource: Option<Resource>,
    /// What both have in common
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Arguments of `try` and `check`.
#[derive(Args, Clone, Debug)]
pub struct CommonArgs {
    /// An answer of the backend that was saved; nothing is asked
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The connector, by name or path, instead of the profile's
    #[arg(long, value_name = "NAME", value_hint = ValueHint::AnyPath)]
    pub connector: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: BackendFormat,
}

/// Formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum BackendFormat {
    /// Lines, for the eye
    #[default]
    Table,
    /// One document
    Json,
}

fn resource(name: &str) -> Result<Resource, Line> {
    let names = || Resource::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    Resource::parse(name).ok_or_else(|| words::KINDS_ARE.with("names", names()))
}

/// Does what is asked for, and gives the exit status. `site` finds the configuration, where one is
/// needed.
///
/// # Errors
/// [`Failure`], as the configuration says, or where `out` takes no more.
pub fn run(
    args: &BackendArgs,
    site: impl FnOnce() -> Result<Site, Failure>,
    lang: Lang,
    out: &mut impl Write,
) -> Result<u8, Failure> {
    match &args.what {
        BackendWhat::List(args) => super::printed(list(args, lang, out)),
        BackendWhat::Show(args) => super::printed(show(args, lang, out)),
        BackendWhat::Schema => {
            super::printed(writeln!(out, "{:#}", crate::backend::file::schema()).map(|()| status::DONE))
        }
        BackendWhat::Try(args) => {
            let tried = match &args.common.from {
                Some(file) => {
                    let (connector, vars) = offline(&args.common, site)?;
                    connector.try_saved(vars, args.resource, saved(file)?, args.limit)
                }
                None => {
                    let connector = live(&args.common, site)?;
                    block_on(async { connector.try_out(args.resource, args.limit).await })?
                }
            };
            let tried = tried.map_err(|error| Failure::failed(&error))?;
            super::printed(print_tried(&tried, args.common.format, lang, out).map(|()| tried_status(&tried)))
        }
        BackendWhat::Check(args) => {
            let checks = match &args.common.from {
                Some(file) => {
                    let Some(resource) = args.resource else {
                        return Err(Failure::Usage(words::FROM_NEEDS_KIND.into()));
                    };
                    let (connector, vars) = offline(&args.common, site)?;
                    let gave = connector.try_saved(vars, resource, saved(file)?, usize::MAX);
                    vec![Check { resource: Some(resource), gave }]
                }
                None => {
                    let connector = live(&args.common, site)?;
                    block_on(async { connector.check(args.resource).await })?
                }
            };
            super::printed(print_checks(&checks, args.common.format, lang, out))
        }
    }
}

fn tried_status(tried: &Tried) -> u8 {
    let clean = tried.items.iter().all(|item| item.complaints.is_empty());
    if clean { status::DONE } else { status::PARTLY }
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| Failure::failed(&error))?.block_on(work))
}

/// The connector of the profile, or another one at its address.
fn live(
    args: &CommonArgs,
    site: impl FnOnce() -> Result<Site, Failure>,
) -> Result<crate::backend::Connector, Failure> {
    let site = site()?;
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    let mut profile: Profile = selected.profile;
    if let Some(name) = &args.connector {
        profile.connector = if name == NATIVE { None } else { Some(find(name)?) };
    }
    connector(&site, &profile)
}

/// The connector file alone, and what the profile says of the installation, where there is one.
fn offline(
    args: &CommonArgs,
    site: impl FnOnce() -> Result<Site, Failure>,
) -> Result<(Arc<ConnectorFile>, Map<String, Value>), Failure> {
    if let Some(name) = &args.connector {
        return Ok((find(name)?, Map::new()));
    }
    let selected = site()?.selected().map_err(|error| Failure::Usage(error.told()))?;
    let vars = vars(&selected.profile);
    match selected.profile.connector {
        Some(connector) => Ok((connector, vars)),
        None => Err(Failure::Usage(words::NO_FILE_HERE.into())),
    }
}

fn find(name: &str) -> Result<Arc<ConnectorFile>, Failure> {
    ConnectorFile::find(name, Path::new("")).map_err(|error| {
        Failure::Usage(match &error {
            NotFound::Wrong(wrong) => listed(wrong),
            error => match error.told(name) {
                (message, Some(hint)) => message.and("; ").and(hint),
                (message, None) => message,
            },
        })
    })
}

/// A saved answer.
fn saved(file: &Path) -> Result<Value, Failure> {
    let wrong = |error: Line| {
        Failure::Usage(words::NO_SAVED.with("path", file.display().to_string()).with("error", error))
    };
    let bytes = std::fs::read(file).map_err(|error| wrong(error.told()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string().into()))
}

fn list(args: &ListArgs, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    let mut rows =
        vec![(NATIVE.to_owned(), "server", say(lang, words::NATIVE_TITLE).to_owned(), Value::Null)];
    for (name, text) in SHIPPED {
        // Shipped files hold together: a test reads them all.
        let Ok(file) = ConnectorFile::read(Path::new(name), text) else { continue };
        let title = file.title.in_lang(lang).to_owned();
        rows.push((file.name, file.verified.word(), title, file.source.into()));
    }
    if args.format == BackendFormat::Json {
        let all: Vec<_> = rows
            .iter()
            .map(|(name, verified, title, source)| {
                json!({"name": name, "title": title, "verified": verified, "source": source})
            })
            .collect();
        writeln!(out, "{:#}", Value::Array(all))?;
        return Ok(status::DONE);
    }
    for (name, verified, title, _) in rows {
        let verdict =
            if verified == Verified::Server.word() { words::BY_SERVER } else { words::BY_DOCUMENTS };
        writeln!(out, "{name:<14} {}  {}", shown(title), say(lang, verdict))?;
    }
    Ok(status::DONE)
}

fn show(args: &ShowArgs, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    if args.name == NATIVE {
        writeln!(out, "{}", say(lang, words::NATIVE_HAS_NO_FILE))?;
        return Ok(status::DONE);
    }
    match ConnectorFile::find(&args.name, Path::new("")) {
        Ok(file) => write!(out, "{}", file.text)?,
        Err(NotFound::Wrong(wrong)) => {
            for mistake in wrong {
                writeln!(out, "{}", shown(mistake.in_lang(lang)))?;
            }
            return Ok(status::USAGE);
        }
        Err(error) => {
            let (message, hint) = error.told(&args.name);
            let line = hint.map_or(message.clone(), |hint| message.and("; ").and(hint));
            super::say::say(line.in_lang(lang));
            return Ok(status::USAGE);
        }
    }
    Ok(status::DONE)
}

fn print_tried(tried: &Tried, format: BackendFormat, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    if format == BackendFormat::Json {
        return writeln!(out, "{:#}", tried_value(tried));
    }
    writeln!(out, "{}", shown(heading(tried, lang)))?;
    for item in &tried.items {
        writeln!(out, "\n── {} {}", say(lang, words::RAW), shown(item.id.clone()))?;
        writeln!(out, "{}", shown(format!("{:#}", item.raw)))?;
        writeln!(out, "── {}", say(lang, words::MAPPED))?;
        print_mapped(item, lang, out)?;
    }
    Ok(())
}

/// The fields that say something, each with its complaint beside it; then what concerns no field shown.
fn print_mapped(item: &TriedItem, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let mut told = vec![false; item.complaints.len()];
    for record in &item.records {
        for (name, value) in record.as_object().into_iter().flatten() {
            let beside = |complaint: &Complaint| first(&complaint.path) == name;
            let complaints: Vec<usize> =
                (0..told.len()).filter(|n| item.complaints.get(*n).is_some_and(beside)).collect();
            let empty = matches!(value, Value::Null) || value.as_array().is_some_and(Vec::is_empty);
            if empty && complaints.is_empty() {
                continue;
            }
            write!(out, "  {name}: {}", shown(value.to_string()))?;
            for n in complaints {
                told[n] = true;
                write!(out, "  ← {}", shown(item.complaints[n].message.clone()))?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    if item.records.is_empty() && item.complaints.is_empty() {
        writeln!(out, "  {}", say(lang, words::PASSED_OVER))?;
    }
    for (complaint, told) in item.complaints.iter().zip(told) {
        if !told {
            writeln!(out, "  {}: {}", shown(complaint.path.clone()), shown(complaint.message.clone()))?;
        }
    }
    Ok(())
}

/// The field that a path begins with.
fn first(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

fn heading(tried: &Tried, lang: Lang) -> String {
    let total = match tried.total {
        Some(total) => words::OF_TOTAL.with("n", total.to_string()),
        None => words::TOTAL_UNKNOWN.into(),
    };
    let more = if tried.more { words::MORE_PAGES.into() } else { Line::from("") };
    let line = words::TRIED.with("asked", tried.asked.clone()).with("n", tried.count.to_string());
    line.with("total", total).with("more", more).in_lang(lang)
}

fn tried_value(tried: &Tried) -> Value {
    let items: Vec<_> = tried
        .items
        .iter()
        .map(|item| json!({"raw": item.raw, "records": item.records, "complaints": complaints(&item.complaints)}))
        .collect();
    json!({
        "asked": tried.asked, "items": items, "count": tried.count, "total": tried.total, "more": tried.more,
    })
}

fn complaints(all: &[Complaint]) -> Vec<Value> {
    all.iter().map(|one| json!({"id": one.id, "path": one.path, "message": one.message})).collect()
}

/// Complaints that a check prints for one kind.
const MOST: usize = 5;

fn print_checks(checks: &[Check], format: BackendFormat, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    let mut failed = 0;
    let mut doubtful = 0;
    let mut all = Vec::new();
    for Check { resource, gave } in checks {
        let name = resource.map_or("hello", Resource::name);
        let title = match resource.and_then(|kind| named(kinds::RESOURCES, kind.name())) {
            Some(word) if lang.is_zh() => word.zh,
            _ => name,
        };
        match gave {
            Ok(tried) => {
                let wrong: Vec<&Complaint> = tried.items.iter().flat_map(|item| &item.complaints).collect();
                doubtful += usize::from(!wrong.is_empty());
                let records: usize = tried.items.iter().map(|item| item.records.len()).sum();
                if format == BackendFormat::Json {
                    all.push(json!({
                        "what": name, "ok": true, "asked": tried.asked, "items": tried.count, "records": records,
                        "total": tried.total, "more": tried.more,
                        "complaints": wrong.iter().map(|one| json!({"id": one.id, "path": one.path, "message": one.message})).collect::<Vec<_>>(),
                    }));
                    continue;
                }
                let verdict = if wrong.is_empty() { words::CHECK_OK } else { words::CHECK_DOUBTFUL };
                match resource {
                    None => writeln!(out, "{} {title}: {}", say(lang, verdict), shown(tried.asked.clone()))?,
                    Some(_) => {
                        let records = words::RECORDS.with("n", records.to_string()).in_lang(lang);
                        writeln!(
                            out,
                            "{} {title}: {}; {records}",
                            say(lang, verdict),
                            shown(heading(tried, lang))
                        )?;
                    }
                }
                for one in wrong.iter().take(MOST) {
                    writeln!(out, "    {}", shown(format!("{}: {}: {}", one.id, one.path, one.message)))?;
                }
                if wrong.len() > MOST {
                    let more = words::AND_MORE.with("n", (wrong.len() - MOST).to_string());
                    writeln!(out, "    {}", more.in_lang(lang))?;
                }
            }
            Err(error) => {
                failed += 1;
                if format == BackendFormat::Json {
                    all.push(json!({"what": name, "ok": false, "error": error.to_string(), "remedy": error.remedy()}));
                    continue;
                }
                writeln!(out, "{} {title}: {}", say(lang, words::CHECK_FAILED), shown(failure(error, lang)))?;
            }
        }
    }
    if format == BackendFormat::Json {
        writeln!(out, "{:#}", Value::Array(all))?;
    }
    Ok(match (failed, doubtful) {
        (0, 0) => status::DONE,
        (failed, _) if failed == checks.len() => status::FAILED,
        _ => status::PARTLY,
    })
}

fn failure(error: &BackendError, lang: Lang) -> String {
    let told = error.told().in_lang(lang);
    // Which path failed is said in English alone: it quotes the file and the backend.
    if told.contains(&error.what) { told } else { format!("{told}: {}", error.what) }
}
