//! Records as a table, JSON, JSON lines, CSV or Markdown: for `siyu list` and for exports of the
//! console alike.
//!
//! JSON and JSON lines give the records to the byte as the cache keeps them. Tables are for the
//! eye: text is made displayable and aligned by its width, times are in the local zone, money is in
//! whole units with its sign. CSV is
//! RFC 4180; lists of plain values are joined by `;`, anything deeper is JSON, and what a
//! spreadsheet would run as a formula gets an apostrophe before it. Markdown is for the eye too.

use std::io::{self, Write};

use clap::ValueEnum;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

pub use super::cell::{mask_phones, plain};
pub use super::money::show_money;

use super::cell::csv;
use super::money::MONEY;
use crate::cache::{Derived, derived};
use crate::i18n::words::{fields as columns, kinds};
use crate::i18n::{Lang, named, say};
use crate::model::{
    AnyRecord, Broadcast, Customer, Event, FollowUp, Group, GroupMember, Operator, Order, Record, Snippet,
    Tag, Time,
};
use crate::query::Scope;
use crate::ui::text::{WidthMode, safe, safe_lines, width};

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
    /// A table of Markdown
    #[value(alias = "md")]
    Markdown,
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
pub struct Columns {
    /// `None` for what the program itself keeps.
    scope: Option<Scope>,
    chosen: Vec<(String, Source)>,
    /// What the cache is asked for beside the record.
    pub derived: Vec<Derived>,
    /// Whether records are printed whole.
    whole: bool,
}

impl Columns {
    /// The columns of that names; none given, those that suit the format.
    ///
    /// # Errors
    /// [`NoColumn`].
    pub fn choose(scope: Scope, names: &[String], format: Format) -> Result<Self, NoColumn> {
        let fields = fields(scope);
        let all = derived(scope);
        let names: Vec<String> = match format {
            _ if !names.is_empty() => names.to_vec(),
            Format::Table | Format::Markdown => usual(scope).iter().map(|name| (*name).to_owned()).collect(),
            Format::Csv => fields.clone(),
            Format::Json | Format::Jsonl => {
                return Ok(Self { scope: Some(scope), chosen: Vec::new(), derived: Vec::new(), whole: true });
            }
        };
        let mut columns = Self { scope: Some(scope), chosen: Vec::new(), derived: Vec::new(), whole: false };
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
                    return Err(no_column(&name, known().collect()));
                }
            };
            columns.chosen.push((name, source));
        }
        Ok(columns)
    }

    /// The columns of what the program itself keeps: some of `fields`.
    ///
    /// # Errors
    /// [`NoColumn`].
    pub fn of_ledger(
        fields: &'static [&'static str],
        usual: &'static [&'static str],
        names: &[String],
        format: Format,
    ) -> Result<Self, NoColumn> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (names, whole) = match format {
            _ if !names.is_empty() => (names.to_vec(), false),
            Format::Table | Format::Markdown => (owned(usual), false),
            Format::Csv => (owned(fields), false),
            Format::Json | Format::Jsonl => (Vec::new(), true),
        };
        if let Some(name) = names.iter().find(|name| !fields.contains(&name.as_str())) {
            return Err(no_column(name, fields.to_vec()));
        }
        let chosen = names.into_iter().map(|name| (name, Source::Field)).collect();
        Ok(Self { scope: None, chosen, derived: Vec::new(), whole })
    }

    fn values(&self, record: &Map<String, Value>, derived: &[Value]) -> Vec<Value> {
        let value = |(name, source): &(String, Source)| match source {
            Source::Field => record.get(name).cloned().unwrap_or(Value::Null),
            Source::Derived(at) => derived.get(*at).cloned().unwrap_or(Value::Null),
        };
        self.chosen.iter().map(value).collect()
    }
}

/// There is no column of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column {name:?}")]
pub struct NoColumn {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: Vec<String>,
}

fn no_column(name: &str, known: Vec<&str>) -> NoColumn {
    let mut once: Vec<String> = Vec::new();
    for name in known {
        if !once.iter().any(|known| known == name) {
            once.push(name.to_owned());
        }
    }
    NoColumn { name: name.to_owned(), known: once }
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
pub(crate) fn usual(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::Customers => &["id", "name", "stage", "tag", "owner", "last_contact_at", "rfm", "ltv", "due"],
        Scope::FollowUps => &["id", "due_at", "customer", "title", "priority", "status", "assignee"],
        Scope::Groups => &["id", "name", "owner", "member_count", "active7", "net7", "status"],
        Scope::Tags => &["id", "name", "group", "customers", "change7"],
        Scope::Events => &["id", "at", "kind", "customer", "operator", "title"],
        Scope::Orders => &["id", "at", "customer", "amount", "currency", "status"],
        Scope::Operators => &["id", "name", "department", "active"],
        Scope::Snippets => &["id", "group", "title"],
        Scope::Broadcasts => &["id", "created_at", "title", "status"],
        Scope::Members => &["id", "group", "name", "kind", "joined_at", "messages", "last_message_at"],
    }
}

/// What rows for the eye are made for.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Of times.
    pub zone: TimeZone,
    /// How wide ambiguous characters are.
    pub mode: WidthMode,
    /// Of headings and words.
    pub lang: Lang,
    /// Whether tables hide the middle of phones, as the console does.
    pub mask_phones: bool,
}

/// Takes records one by one and prints them.
pub struct Printer<'o> {
    out: &'o mut dyn Write,
    format: Format,
    columns: Columns,
    zone: TimeZone,
    mode: WidthMode,
    lang: Lang,
    mask_phones: bool,
    raw: bool,
    /// Whether it goes to a terminal.
    seen_at_once: bool,
    rows: usize,
    waiting: Vec<Vec<Value>>,
    layout: Option<Vec<(usize, bool)>>,
}

impl<'o> Printer<'o> {
    /// A printer to `out`.
    pub fn new(out: &'o mut dyn Write, format: Format, columns: Columns, manner: Manner) -> Self {
        let Manner { zone, mode, lang, mask_phones } = manner;
        Self {
            out,
            format,
            columns,
            zone,
            mode,
            lang,
            mask_phones,
            raw: false,
            seen_at_once: false,
            rows: 0,
            waiting: Vec::new(),
            layout: None,
        }
    }

    /// The same, with texts in CSV that a spreadsheet would take for formulas.
    pub fn raw(self, raw: bool) -> Self {
        Self { raw, ..self }
    }

    /// For a terminal, which obeys control characters: then none is printed, in no format.
    #[must_use]
    pub fn seen_at_once(self, seen_at_once: bool) -> Self {
        Self { seen_at_once, ..self }
    }

    /// Prints one record, or keeps it until the widths are known.
    ///
    /// # Errors
    /// As `out` says.
    pub fn row(&mut self, body: &str, derived: &[Value]) -> io::Result<()> {
        if self.rows == 0 {
            self.header()?;
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
        let mut values = self.columns.values(&record, derived);
        if matches!(self.format, Format::Table | Format::Markdown) {
            let names = self.columns.chosen.iter().map(|(name, _)| name);
            values.iter_mut().zip(names).for_each(|(value, name)| show_money(name, value, &record));
        }
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
                let line: Vec<String> = values.iter().map(|value| csv(value, self.raw)).collect();
                let line = match self.seen_at_once {
                    true => line.iter().map(|text| safe_lines(text, self.mode)).collect(),
                    false => line,
                };
                write!(self.out, "{}\r\n", line.join(","))
            }
            Format::Markdown => {
                let values = self.worded(values);
                self.markdown(&values)
            }
            Format::Table => {
                let mut values = self.worded(values);
                if self.mask_phones {
                    let names = self.columns.chosen.iter().map(|(name, _)| name);
                    values.iter_mut().zip(names).for_each(|(value, name)| mask_phones(name, value));
                }
                if self.layout.is_some() {
                    return self.line(&values);
                }
                self.waiting.push(values);
                if self.waiting.len() >= MEASURED { self.lay_out() } else { Ok(()) }
            }
        }
    }

    /// Prints what is left.
    ///
    /// # Errors
    /// As `out` says.
    pub fn finish(mut self) -> io::Result<()> {
        match self.format {
            Format::Json if self.rows == 0 => writeln!(self.out, "[]")?,
            Format::Json => writeln!(self.out, "\n]")?,
            Format::Csv | Format::Markdown if self.rows == 0 => self.header()?,
            Format::Table if self.layout.is_none() => self.lay_out()?,
            _ => {}
        }
        self.out.flush()
    }

    /// What stands before the first row; tables for the eye have it later.
    fn header(&mut self) -> io::Result<()> {
        match self.format {
            Format::Csv => {
                let names: Vec<&str> = self.columns.chosen.iter().map(|(name, _)| name.as_str()).collect();
                write!(self.out, "{}\r\n", names.join(","))
            }
            Format::Markdown => {
                let names = self.columns.chosen.iter();
                let names: Vec<Value> = names.map(|(name, _)| Value::String(self.heading(name))).collect();
                self.markdown(&names)?;
                writeln!(self.out, "|{}", " --- |".repeat(names.len()))
            }
            _ => Ok(()),
        }
    }

    /// A row of Markdown; a text of several lines stays in its cell.
    fn markdown(&mut self, values: &[Value]) -> io::Result<()> {
        write!(self.out, "|")?;
        for value in values {
            let text = self.seen(value);
            let lines: Vec<String> = text
                .lines()
                .map(|line| safe(line, self.mode).replace('\\', "\\\\").replace('|', "\\|"))
                .collect();
            write!(self.out, " {} |", lines.join("<br>"))?;
        }
        writeln!(self.out)
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
            let money = self.columns.chosen.get(at).is_some_and(|(name, _)| MONEY.contains(&name.as_str()));
            *figures = money
                || cells().any(Value::is_number) && cells().all(|cell| cell.is_number() || cell.is_null());
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
        safe(&self.seen(value), self.mode).into_owned()
    }

    /// A value as one reads it, its lines kept.
    fn seen(&self, value: &Value) -> String {
        let text = plain(value);
        let looks_like_time = text.len() >= 20 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T';
        match Time::parse(&text) {
            Ok(time) if looks_like_time => time.zoned(&self.zone).strftime("%Y-%m-%d %H:%M").to_string(),
            _ => text,
        }
    }
}

/// What a field is called: by itself in English, which is its name in the API.
pub fn heading(scope: impl Into<Option<Scope>>, name: &str, lang: Lang) -> String {
    match (lang, scope.into(), name) {
        (Lang::En, _, _) => name.to_owned(),
        (Lang::Zh, Some(Scope::Groups), "owner") => say(lang, columns::GROUP_OWNER).to_owned(),
        (Lang::Zh, Some(Scope::Tags), "group") => say(lang, columns::TAG_GROUP).to_owned(),
        (Lang::Zh, Some(Scope::Tags), "group_id") => say(lang, columns::TAG_GROUP_ID).to_owned(),
        (Lang::Zh, Some(Scope::Snippets), "group") => say(lang, columns::SHELF).to_owned(),
        _ => named(columns::FIELDS, name).map_or_else(|| name.to_owned(), |word| say(lang, word).to_owned()),
    }
}

/// A value that is one word of the API, in Chinese; in English the word says itself.
pub fn words_of(scope: impl Into<Option<Scope>>, name: &str, value: &Value, lang: Lang) -> Option<String> {
    if lang == Lang::En {
        return None;
    }
    if let (Value::Bool(truth), "active" | "deleted") = (value, name) {
        return Some(say(lang, if *truth { columns::YES } else { columns::NO }).to_owned());
    }
    let table = match (scope.into(), name) {
        (_, "stage") => kinds::STAGES,
        (None, "state") => kinds::OUTBOX,
        (Some(Scope::Customers), "gender") => kinds::GENDERS,
        (Some(Scope::Customers), "kind") => columns::CUSTOMERS,
        (Some(Scope::FollowUps), "kind") => kinds::FOLLOW_UPS,
        (Some(Scope::FollowUps), "priority") => kinds::PRIORITIES,
        (Some(Scope::FollowUps), "status") => kinds::STATUSES,
        (Some(Scope::FollowUps), "outcome") => kinds::OUTCOMES,
        (Some(Scope::Events), "kind") => kinds::EVENTS,
        (Some(Scope::Groups), "status") => kinds::GROUPS,
        (Some(Scope::Orders), "status") => columns::ORDERS,
        (Some(Scope::Broadcasts), "status") => columns::BROADCASTS,
        _ => return None,
    };
    named(table, value.as_str()?).map(|word| say(lang, word).to_owned())
}
