//! Records as a table, JSON, JSON lines or CSV.
//!
//! JSON and JSON lines give the records to the byte as the cache keeps them. Tables are for the
//! eye: text is made displayable and aligned by its width, times are in the local zone. CSV is
//! RFC 4180 with every byte of every text; lists of plain values are joined by `;`, anything
//! deeper is JSON.

use std::io::{self, Write};

use clap::ValueEnum;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::Reading;
use super::failure::{Failure, did_you_mean};
use crate::cache::{Derived, derived};
use crate::i18n::words::{commands, fields as columns, kinds};
use crate::i18n::{Lang, named, say};
use crate::model::{
    AnyRecord, Broadcast, Customer, Event, FollowUp, Group, GroupMember, Operator, Order, Record, Snippet,
    Tag, Time,
};
use crate::query::Scope;
use crate::ui::text::{WidthMode, safe, width};

/// So many rows decide how wide the columns of a table are.
const MEASURED: usize = 500;

/// How records are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for the eye
    #[default]
    Table,
    /// One array
    Json,
    /// One object per line
    Jsonl,
    /// RFC 4180 with a header
    Csv,
}

/// Where a column's value comes from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Field,
    /// Index among the derived columns that are read.
    Derived(usize),
}

/// The columns of one printing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    scope: Scope,
    chosen: Vec<(String, Source)>,
    /// What the cache is asked for beside the record.
    pub(super) derived: Vec<Derived>,
    /// Whether records are printed whole.
    whole: bool,
}

impl Columns {
    /// The columns of that names; none given, those that suit the format.
    pub(super) fn choose(scope: Scope, names: &[String], format: Format) -> Result<Self, Failure> {
        let fields = fields(scope);
        let all = derived(scope);
        let names: Vec<String> = match format {
            _ if !names.is_empty() => names.to_vec(),
            Format::Table => usual(scope).iter().map(|name| (*name).to_owned()).collect(),
            Format::Csv => fields.clone(),
            Format::Json | Format::Jsonl => {
                return Ok(Self { scope, chosen: Vec::new(), derived: Vec::new(), whole: true });
            }
        };
        let mut columns = Self { scope, chosen: Vec::new(), derived: Vec::new(), whole: false };
        for name in names {
            let worked_out = all.iter().find(|column| column.name == name);
            let source = match worked_out {
                Some(column) => {
                    columns.derived.push(*column);
                    Source::Derived(columns.derived.len() - 1)
                }
                None if fields.contains(&name) => Source::Field,
                None => {
                    let known =
                        || fields.iter().map(String::as_str).chain(all.iter().map(|column| column.name));
                    let nearest = did_you_mean(&name, known());
                    let mut list: Vec<&str> = known().collect();
                    list.dedup();
                    return Err(Failure::Usage(
                        commands::NO_COLUMN
                            .with("name", format!("{name:?}"))
                            .with("nearest", nearest)
                            .with("list", list.join(", ")),
                    ));
                }
            };
            columns.chosen.push((name, source));
        }
        Ok(columns)
    }

    fn values(&self, record: &Map<String, Value>, derived: &[Value]) -> Vec<Value> {
        let value = |(name, source): &(String, Source)| match source {
            Source::Field => record.get(name).cloned().unwrap_or(Value::Null),
            Source::Derived(at) => derived.get(*at).cloned().unwrap_or(Value::Null),
        };
        self.chosen.iter().map(value).collect()
    }
}

/// The fields of a scope's records, in their order.
fn fields(scope: Scope) -> Vec<String> {
    let record: AnyRecord = match scope {
        Scope::Customers => Customer::default().any(),
        Scope::FollowUps => FollowUp::default().any(),
        Scope::Groups => Group::default().any(),
        Scope::Tags => Tag::default().any(),
        Scope::Events => Event::default().any(),
        Scope::Orders => Order::default().any(),
        Scope::Operators => Operator::default().any(),
        Scope::Snippets => Snippet::default().any(),
        Scope::Broadcasts => Broadcast::default().any(),
        Scope::Members => GroupMember::default().any(),
    };
    match record.to_value() {
        Value::Object(fields) => fields.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

/// The columns of a table when nobody chose any.
fn usual(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::Customers => &["id", "name", "stage", "tag", "owner", "last_contact_at", "rfm", "ltv", "due"],
        Scope::FollowUps => &["id", "due_at", "customer", "title", "priority", "status", "assignee"],
        Scope::Groups => &["id", "name", "owner", "member_count", "active7", "net7", "status"],
        Scope::Tags => &["id", "name", "group", "customers"],
        Scope::Events => &["id", "at", "kind", "customer", "operator", "title"],
        Scope::Orders => &["id", "at", "customer", "amount", "currency", "status"],
        Scope::Operators => &["id", "name", "department", "active"],
        Scope::Snippets => &["id", "group", "title"],
        Scope::Broadcasts => &["id", "created_at", "title", "status"],
        Scope::Members => &["member_id", "name", "kind", "joined_at", "messages", "last_message_at"],
    }
}

/// Takes records one by one and prints them.
pub(super) struct Printer<'o> {
    out: &'o mut dyn Write,
    format: Format,
    columns: Columns,
    zone: TimeZone,
    mode: WidthMode,
    lang: Lang,
    rows: usize,
    waiting: Vec<Vec<Value>>,
    layout: Option<Vec<(usize, bool)>>,
}

impl<'o> Printer<'o> {
    pub(super) fn new(out: &'o mut dyn Write, format: Format, columns: Columns, at: &Reading<'_>) -> Self {
        let (zone, mode, lang) = (at.moment.zone.clone(), at.mode, at.lang);
        Self { out, format, columns, zone, mode, lang, rows: 0, waiting: Vec::new(), layout: None }
    }

    /// Prints one record, or keeps it until the widths are known.
    pub(super) fn row(&mut self, body: &str, derived: &[Value]) -> io::Result<()> {
        if self.rows == 0 && self.format == Format::Csv {
            self.csv_header()?;
        }
        self.rows += 1;
        let between = if self.rows == 1 { "[\n" } else { ",\n" };
        if self.columns.whole {
            return match self.format {
                Format::Json => write!(self.out, "{between}{body}"),
                _ => writeln!(self.out, "{body}"),
            };
        }
        let record: Map<String, Value> = serde_json::from_str(body)?;
        let values = self.columns.values(&record, derived);
        match self.format {
            Format::Json | Format::Jsonl => {
                let names = self.columns.chosen.iter().map(|(name, _)| name.clone());
                let object = Value::Object(names.zip(values).collect());
                match self.format {
                    Format::Json => write!(self.out, "{between}{object}"),
                    _ => writeln!(self.out, "{object}"),
                }
            }
            Format::Csv => {
                let line: Vec<String> = values.iter().map(csv).collect();
                write!(self.out, "{}\r\n", line.join(","))
            }
            Format::Table => {
                let values = self.worded(values);
                if self.layout.is_some() {
                    return self.line(&values);
                }
                self.waiting.push(values);
                if self.waiting.len() >= MEASURED { self.lay_out() } else { Ok(()) }
            }
        }
    }

    /// Prints what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        match self.format {
            Format::Json if self.rows == 0 => writeln!(self.out, "[]")?,
            Format::Json => writeln!(self.out, "\n]")?,
            Format::Csv if self.rows == 0 => self.csv_header()?,
            Format::Table if self.layout.is_none() => self.lay_out()?,
            _ => {}
        }
        self.out.flush()
    }

    fn csv_header(&mut self) -> io::Result<()> {
        let names: Vec<&str> = self.columns.chosen.iter().map(|(name, _)| name.as_str()).collect();
        write!(self.out, "{}\r\n", names.join(","))
    }

    fn heading(&self, name: &str) -> String {
        let name = heading(self.columns.scope, name, self.lang);
        if self.lang == Lang::En { name.to_uppercase().replace('_', " ") } else { name }
    }

    fn worded(&self, mut values: Vec<Value>) -> Vec<Value> {
        for (value, (name, _)) in values.iter_mut().zip(&self.columns.chosen) {
            if let Some(word) = words_of(self.columns.scope, name, value, self.lang) {
                *value = Value::String(word);
            }
        }
        values
    }

    /// Decides on the widths by the rows that wait, and prints header and rows.
    fn lay_out(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let names: Vec<String> = self.columns.chosen.iter().map(|(name, _)| self.heading(name)).collect();
        let mut layout: Vec<(usize, bool)> =
            names.iter().map(|name| (width(name, self.mode), false)).collect();
        for (at, (widest, figures)) in layout.iter_mut().enumerate() {
            let cells = || waiting.iter().filter_map(|row| row.get(at));
            *widest = cells().map(|cell| width(&self.shown(cell), self.mode)).fold(*widest, usize::max);
            *figures =
                cells().any(Value::is_number) && cells().all(|cell| cell.is_number() || cell.is_null());
        }
        self.layout = Some(layout);
        let header: Vec<Value> = names.into_iter().map(Value::String).collect();
        self.line(&header)?;
        waiting.iter().try_for_each(|row| self.line(row))
    }

    fn line(&mut self, values: &[Value]) -> io::Result<()> {
        let mut line = String::new();
        for (value, (cells, figures)) in values.iter().zip(self.layout.iter().flatten()) {
            let text = self.shown(value);
            let blank = " ".repeat(cells.saturating_sub(width(&text, self.mode)));
            if !line.is_empty() {
                line.push_str("  ");
            }
            line += &if *figures { blank + &text } else { text + &blank };
        }
        writeln!(self.out, "{}", line.trim_end())
    }

    /// A value for the eye.
    fn shown(&self, value: &Value) -> String {
        let text = plain(value);
        let looks_like_time = text.len() >= 20 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T';
        let text = match Time::parse(&text) {
            Ok(time) if looks_like_time => time.zoned(&self.zone).strftime("%Y-%m-%d %H:%M").to_string(),
            _ => text,
        };
        safe(&text, self.mode).into_owned()
    }
}

/// What a field is called: by itself in English, which is its name in the API.
pub(super) fn heading(scope: Scope, name: &str, lang: Lang) -> String {
    match (lang, scope, name) {
        (Lang::En, _, _) => name.to_owned(),
        (Lang::Zh, Scope::Groups, "owner") => say(lang, columns::GROUP_OWNER).to_owned(),
        (Lang::Zh, Scope::Tags, "group") => say(lang, columns::TAG_GROUP).to_owned(),
        (Lang::Zh, Scope::Tags, "group_id") => say(lang, columns::TAG_GROUP_ID).to_owned(),
        (Lang::Zh, Scope::Snippets, "group") => say(lang, columns::SHELF).to_owned(),
        _ => named(columns::FIELDS, name).map_or_else(|| name.to_owned(), |word| say(lang, word).to_owned()),
    }
}

/// A value that is one word of the API, in Chinese; in English the word says itself.
pub(super) fn words_of(scope: Scope, name: &str, value: &Value, lang: Lang) -> Option<String> {
    if lang == Lang::En {
        return None;
    }
    if let (Value::Bool(truth), "active" | "deleted") = (value, name) {
        return Some(say(lang, if *truth { columns::YES } else { columns::NO }).to_owned());
    }
    let table = match (scope, name) {
        (_, "stage") => kinds::STAGES,
        (Scope::Customers, "gender") => kinds::GENDERS,
        (Scope::Customers, "kind") => columns::CUSTOMERS,
        (Scope::FollowUps, "kind") => kinds::FOLLOW_UPS,
        (Scope::FollowUps, "priority") => kinds::PRIORITIES,
        (Scope::FollowUps, "status") => kinds::STATUSES,
        (Scope::FollowUps, "outcome") => kinds::OUTCOMES,
        (Scope::Events, "kind") => kinds::EVENTS,
        (Scope::Groups, "status") => kinds::GROUPS,
        (Scope::Orders, "status") => columns::ORDERS,
        (Scope::Broadcasts, "status") => columns::BROADCASTS,
        _ => return None,
    };
    named(table, value.as_str()?).map(|word| say(lang, word).to_owned())
}

/// A value as bare text.
pub(super) fn plain(value: &Value) -> String {
    let bare = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Null => String::new(),
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(bare).collect();
            texts.map_or_else(|| value.to_string(), |texts| texts.join(";"))
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        _ => bare(value).unwrap_or_else(|| value.to_string()),
    }
}

/// A field of RFC 4180. A missing value is nothing at all, an empty text is a pair of quotes.
fn csv(value: &Value) -> String {
    let text = plain(value);
    let quote = text.contains([',', '"', '\r', '\n'])
        || text.starts_with([' ', '\t'])
        || text.ends_with([' ', '\t'])
        || value.as_str() == Some("");
    if quote { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
