//! From text to a [`ConnectorFile`], or to every mistake in it.

use std::path::Path;
use std::time::Duration;

use toml::de::DeTable;

use super::filters::{self, ANSWER, COMMON, HELLO};
use super::parts::{
    Dress, ErrorKind, ErrorRule, Hello, Pace, RequestShape, Said, SecretAsked, Sign, VarAsked, Verified,
};
use super::{ConnectorFile, FORMAT, login, pulls, writes};
use crate::backend::Rhythm;
use crate::backend::mapping::Vars;
use crate::i18n::words::{config, connector as words};
use crate::reading::{Diagnostic, Reader, Section, entries, table_of};

/// Tables of a file.
const TOP: &[&str] = &[
    "connector",
    "vars",
    "secrets",
    "request",
    "errors",
    "limits",
    "rhythm",
    "hello",
    "login",
    "sign",
    "pull",
    "read",
    "write",
];
const CONNECTOR: &[&str] = &["format", "name", "title", "verified", "source"];
const REQUEST: &[&str] = &["method", "path", "query", "headers", "json", "form"];
pub(super) const METHODS: &[(&str, &str)] =
    &[("GET", "GET"), ("POST", "POST"), ("PUT", "PUT"), ("PATCH", "PATCH"), ("DELETE", "DELETE")];

impl ConnectorFile {
    /// Reads the text of a file that lies at `path`.
    ///
    /// # Errors
    /// All mistakes, in the order of the file.
    pub fn read(path: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::of(path, text, words::THE_CONNECTOR);
        let table = reader.parse();
        let reader = &mut reader;
        let top = Section::new(reader, &table, "", TOP);
        let about = head(reader, &top);
        let vars = top.table(reader, "vars").map(|table| vars(reader, table)).unwrap_or_default();
        let secrets = top.table(reader, "secrets").map(|table| secrets(reader, table)).unwrap_or_default();
        let request = top.table(reader, "request").map(|table| {
            let section = Section::new(reader, table, "request", &["headers", "query"]);
            dress(reader, &section, COMMON)
        });
        let login = top.table(reader, "login").and_then(|table| login::read(reader, table));
        let sign = top.table(reader, "sign").map(|table| sign(reader, table));
        let errors = errors(reader, &top, "errors");
        let mut rest = None;
        let limits = top.table(reader, "limits").map(|table| {
            let section = Section::new(reader, table, "limits", &["per_minute", "at_once", "rest"]);
            rest = filters::filter(reader, &section, "rest", ANSWER);
            let per_minute = section.number(reader, "per_minute", 1..=1_000_000);
            let at_once = section.number(reader, "at_once", 1..=64);
            Pace {
                per_minute: per_minute.and_then(|number| u32::try_from(number).ok()),
                at_once: at_once
                    .and_then(|number| usize::try_from(number).ok())
                    .unwrap_or(Pace::default().at_once),
            }
        });
        let rhythm = top.table(reader, "rhythm").map(|table| rhythm(reader, table));
        let hello = top.table(reader, "hello").and_then(|table| hello(reader, table));
        let pulls = match top.table(reader, "pull") {
            Some(table) => pulls::read_all(reader, table),
            None => Vec::new(),
        };
        let reads =
            top.table(reader, "read").map(|table| writes::read_reads(reader, table)).unwrap_or_default();
        let writes =
            top.table(reader, "write").map(|table| writes::read_writes(reader, table)).unwrap_or_default();
        writes::check(reader, &top, &pulls, &reads, &writes);
        if pulls.is_empty() && reader.wrong.is_empty() {
            reader.refuse(0..0, words::NO_PULLS, Some(words::NO_PULLS_HINT.into()));
        }
        let wrong = std::mem::replace(reader, Reader::new(path, "")).finish();
        match about {
            Some((name, title, verified, source)) if wrong.is_empty() => Ok(Self {
                path: path.to_owned(),
                text: text.to_owned(),
                name,
                title,
                verified,
                source,
                vars,
                secrets,
                request: request.unwrap_or_default(),
                login,
                sign,
                errors,
                rest,
                pace: limits.unwrap_or_default(),
                rhythm: rhythm.unwrap_or_default(),
                hello,
                pulls,
                reads,
                writes,
            }),
            _ => Err(wrong),
        }
    }
}

type Head = (String, Said, Verified, Option<String>);

/// `[connector]`.
fn head(reader: &mut Reader<'_>, top: &Section<'_, '_>) -> Option<Head> {
    let Some(table) = top.table(reader, "connector") else {
        if top.place("connector").is_none() {
            reader.refuse(0..0, words::NO_HEAD, Some(words::NO_HEAD_HINT.into()));
        }
        return None;
    };
    let section = Section::new(reader, table, "connector", CONNECTOR);
    match section.number(reader, "format", 0..=i64::MAX) {
        Some(FORMAT) => {}
        Some(other) => {
            let message = words::OTHER_FORMAT.with("n", other.to_string()).with("known", FORMAT.to_string());
            reader.refuse(section.place("format").unwrap_or(0..0), message, None);
        }
        None => missing(reader, top, "connector", &section, "format"),
    }
    let name = section.text(reader, "name");
    if name.is_none() {
        missing(reader, top, "connector", &section, "name");
    }
    let title = said(reader, &section, "title");
    let verdicts = [("server", Verified::Server), ("documentation", Verified::Documentation)];
    let verified = section.choice(reader, "verified", &verdicts).unwrap_or(Verified::Documentation);
    let source = section.text(reader, "source").map(|source| source.value);
    Some((name?.value, title.unwrap_or_default(), verified, source))
}

/// Refuses a table without a key that it needs.
pub(super) fn missing(
    reader: &mut Reader<'_>,
    of: &Section<'_, '_>,
    name: &str,
    section: &Section<'_, '_>,
    key: &str,
) {
    if section.place(key).is_none() {
        let span = of.place(name.rsplit('.').next().unwrap_or(name)).unwrap_or(0..0);
        reader.refuse(span, words::MISSING_KEY.with("name", name).with("key", key), None);
    }
}

/// A text in both languages, or one for both.
fn said(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Option<Said> {
    let value = section.get(key)?;
    if let Some(text) = value.get_ref().as_str() {
        return Some(Said { zh: text.to_owned(), en: text.to_owned() });
    }
    let table = section.table(reader, key)?;
    let both = Section::new(reader, table, key, &["zh", "en"]);
    let word =
        |reader: &mut Reader<'_>, key| both.text(reader, key).map(|text| text.value).unwrap_or_default();
    Some(Said { zh: word(reader, "zh"), en: word(reader, "en") })
}

/// `[vars.NAME]`.
fn vars(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<VarAsked> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let title = format!("vars.{}", name.value);
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, &["about", "default"]);
        all.push(VarAsked {
            name: name.value.to_owned(),
            about: said(reader, &section, "about").unwrap_or_default(),
            default: section.text(reader, "default").map(|text| text.value),
        });
    }
    all
}

/// `[secrets]`: what a profile has to give beside its token.
fn secrets(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<SecretAsked> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let title = format!("secrets.{}", name.value);
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, &["about"]);
        let about = said(reader, &section, "about").unwrap_or_default();
        all.push(SecretAsked { name: name.value.to_owned(), about });
    }
    all
}

fn dress(reader: &mut Reader<'_>, section: &Section<'_, '_>, vars: Vars) -> Dress {
    let of = |reader: &mut Reader<'_>, key| {
        section.table(reader, key).map(|table| filters::templates(reader, table, vars)).unwrap_or_default()
    };
    Dress { headers: of(reader, "headers"), query: of(reader, "query") }
}

/// A request within a section, under its key.
pub(super) fn request(
    reader: &mut Reader<'_>,
    of: &Section<'_, '_>,
    title: &str,
    vars: Vars,
) -> Option<RequestShape> {
    let Some(table) = of.table(reader, "request") else {
        if of.place("request").is_none() {
            let message = words::MISSING_KEY.with("name", title).with("key", "request");
            reader.refuse(of.span(), message, Some("request = { path = \"/…\" }".into()));
        }
        return None;
    };
    let name = format!("{title}.request");
    let section = Section::new(reader, table, &name, REQUEST);
    let method = section.choice(reader, "method", METHODS);
    let path = section.text(reader, "path");
    if path.is_none() {
        missing(reader, of, &name, &section, "path");
    }
    let path = path?;
    if !path.value.starts_with('/') && !path.value.is_empty() {
        reader.refuse(
            path.span.clone(),
            words::PATH_BEGINS,
            Some(format!("path = \"/{}\"", path.value).into()),
        );
    }
    if path.value.contains(['?', '#']) {
        reader.refuse(path.span.clone(), words::PATH_QUERY, Some("query = { … }".into()));
    }
    let template = filters::template(reader, &path, vars);
    let dress = dress(reader, &section, vars);
    let json = filters::filter(reader, &section, "json", vars);
    let form = section.table(reader, "form").map(|table| filters::templates(reader, table, vars));
    if let (Some(_), Some(span)) = (&json, section.place("form")) {
        reader.refuse(span, words::ONE_BODY, None);
    }
    let method = method.unwrap_or(if json.is_some() || form.is_some() { "POST" } else { "GET" });
    if method == "GET"
        && let Some(span) = section.place("json").or_else(|| section.place("form"))
    {
        reader.refuse(span, words::GET_BODY, None);
    }
    Some(RequestShape { method, path: template?, dress, alone: false, json, form, errors: Vec::new() })
}

/// `[sign]`.
fn sign(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Sign {
    let section = Section::new(reader, table, "sign", &["headers", "query", "program"]);
    let headers = filters::filter(reader, &section, "headers", COMMON);
    let query = filters::filter(reader, &section, "query", COMMON);
    let program = section.words(reader, "program");
    if let Some(list) = program.as_ref().filter(|list| list.value.is_empty()) {
        reader.refuse(list.span.clone(), words::SIGN_PROGRAM, None);
    }
    let program = program.map(|list| list.value.into_iter().map(|word| word.value).collect());
    Sign { headers, query, program }
}

/// `[[errors]]`, of the whole file or of one request.
pub(super) fn errors(reader: &mut Reader<'_>, of: &Section<'_, '_>, title: &str) -> Vec<ErrorRule> {
    let Some(value) = of.get("errors") else { return Vec::new() };
    let Some(list) = value.get_ref().as_array() else {
        of.wrong(reader, "errors", value, config::A_LIST);
        return Vec::new();
    };
    let mut rules = Vec::new();
    for item in list {
        let Some(table) = item.get_ref().as_table() else {
            of.wrong(reader, "errors", item, config::A_TABLE);
            continue;
        };
        let section =
            Section::new(reader, table, title, &["when", "kind", "message", "retry_after", "alone", "lost"]);
        for key in ["when", "kind"] {
            if section.place(key).is_none() {
                let message = words::MISSING_KEY.with("name", title).with("key", key);
                reader.refuse(item.span(), message, None);
            }
        }
        let when = filters::filter(reader, &section, "when", ANSWER);
        let kind = section.choice(reader, "kind", ErrorKind::WORDS);
        let message = filters::filter(reader, &section, "message", ANSWER);
        let retry_after = filters::filter(reader, &section, "retry_after", ANSWER);
        let alone = section.truth(reader, "alone").unwrap_or(false);
        let lost = section.truth(reader, "lost").unwrap_or(false);
        if let (Some(when), Some(kind)) = (when, kind) {
            rules.push(ErrorRule { when, kind, message, retry_after, lost, alone });
        }
    }
    rules
}

/// `[rhythm]`, in seconds.
fn rhythm(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Rhythm {
    let section = Section::new(reader, table, "rhythm", &["changed", "whole"]);
    let seconds = |reader: &mut Reader<'_>, key, usual: Duration| {
        let number = section.number(reader, key, 5..=86_400);
        number.and_then(|number| u64::try_from(number).ok()).map_or(usual, Duration::from_secs)
    };
    let usual = Rhythm::default();
    Rhythm {
        changed: seconds(reader, "changed", usual.changed),
        whole: seconds(reader, "whole", usual.whole),
    }
}

/// `[hello]`.
fn hello(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Hello> {
    let section = Section::new(reader, table, "hello", &["request", "id", "name"]);
    let request = match section.place("request") {
        Some(_) => Some(request(reader, &section, "hello", COMMON)?),
        None => None,
    };
    let id = filters::filter(reader, &section, "id", HELLO);
    let name = filters::filter(reader, &section, "name", HELLO);
    Some(Hello { request, id, name })
}
