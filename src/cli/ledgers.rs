//! `siyu list outbox` and `siyu list audit`: what is not settled yet, and what was done by whom.
//!
//! Both come in the order in which the cache keeps them. A row is listed where every word stands
//! somewhere in it, and every `column:word` in that column; `-column:word` wants it not to.

use serde_json::{Map, Value, json};

use super::Reading;
use super::failure::{Failure, unless_pipe_broke};
use super::list::ListArgs;
use crate::cache::{self, Error};
use crate::command::label_of;
use crate::i18n::Lang;
use crate::i18n::words::commands;
use crate::model::view::{AuditRow, OutboxRow};
use crate::query::{Problem, QueryError, fold};
use crate::runtime::table::{Columns, Format, Printer};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ledger {
    /// What is not settled yet.
    Outbox,
    /// What was done.
    Audit,
}

const OUTBOX: [&str; 16] = [
    "n", "state", "resource", "id", "name", "label", "deed", "words", "status", "attempts", "next_at",
    "needs", "clashes", "made_at", "sent_at", "batch",
];
const AUDIT: [&str; 13] = [
    "n", "at", "operator", "account", "peer", "command", "batch", "resource", "record", "name", "what",
    "before", "after",
];

impl Ledger {
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Outbox => &OUTBOX,
            Self::Audit => &AUDIT,
        }
    }

    /// The columns of a table when nobody chose any.
    fn usual(self) -> &'static [&'static str] {
        match self {
            Self::Outbox => &["n", "state", "name", "label", "attempts", "next_at", "words"],
            Self::Audit => &["at", "operator", "account", "what", "command", "name", "record"],
        }
    }

    /// The columns of that names; none given, those that suit the format.
    pub(super) fn columns(self, names: &[String], format: Format) -> Result<Columns, Failure> {
        Ok(Columns::of_ledger(self.fields(), self.usual(), names, format)?)
    }

    /// Every row as an object, until `each` says that it has enough.
    fn walk(self, at: &Reading<'_>, mut each: impl FnMut(Value) -> cache::Result<()>) -> cache::Result<()> {
        match self {
            Self::Outbox => at.reader.outbox(None, at.moment, |row| each(outbox(&row, at.lang))).map(drop),
            Self::Audit => at.reader.audit(None, at.moment, |row| each(audit(&row))),
        }
    }
}

/// Prints the rows.
///
/// # Errors
/// As [`super::list::run`].
pub(super) fn list(
    ledger: Ledger,
    args: &ListArgs,
    at: &Reading<'_>,
    mut printer: Printer<'_>,
) -> Result<(), Failure> {
    if args.sort.is_some() {
        return Err(Failure::Usage(commands::OWN_ORDER.into()));
    }
    let words = words(ledger, &args.filter)?;
    let mut left = args.limit.unwrap_or(u64::MAX);
    let walked = ledger.walk(at, |row| {
        if left == 0 {
            return Err(Error::Interrupted);
        }
        if matches(&row, &words) {
            left -= 1;
            printer.row(&row.to_string(), &[]).map_err(Error::Output)?;
        }
        Ok(())
    });
    let walked = match walked {
        Err(Error::Interrupted) if left == 0 => Ok(()),
        walked => walked,
    };
    unless_pipe_broke(walked.and_then(|()| printer.finish().map_err(Error::Output)))
}

/// The row of that number.
///
/// # Errors
/// As the cache says.
pub(super) fn one(ledger: Ledger, n: &str, at: &Reading<'_>) -> cache::Result<Option<Value>> {
    let Ok(n) = n.parse::<i64>() else { return Ok(None) };
    let mut found = None;
    let walked = ledger.walk(at, |row| {
        if row["n"].as_i64() != Some(n) {
            return Ok(());
        }
        found = Some(row);
        Err(Error::Interrupted) // one is enough
    });
    match walked {
        Err(Error::Interrupted) if found.is_some() => Ok(found),
        walked => walked.map(|()| found),
    }
}

/// How many rows there are.
///
/// # Errors
/// As the cache says.
pub(super) fn count(ledger: Ledger, filter: &[String], at: &Reading<'_>) -> Result<u64, Failure> {
    let words = words(ledger, filter)?;
    let mut count = 0;
    ledger.walk(at, |row| {
        count += u64::from(matches(&row, &words));
        Ok(())
    })?;
    Ok(count)
}

/// What a row has to have in it.
struct Wanted {
    /// Where; `None` for anywhere.
    column: Option<&'static str>,
    /// Folded.
    word: String,
    /// It must not be there.
    not: bool,
}

/// The words of a filter. What is quoted is text, also with a colon in it.
fn words(ledger: Ledger, filter: &[String]) -> Result<Vec<Wanted>, Failure> {
    let text = filter.join(" ");
    let mut wanted = Vec::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        let start = at + text[at..].find(word).unwrap_or_default();
        at = start + word.len();
        let bare = word.trim_start_matches(['-', '\u{ff0d}']);
        let keyed = bare.split_once(':').filter(|(key, value)| {
            let named = key.starts_with(|c: char| c.is_ascii_alphabetic());
            named && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !value.starts_with("//")
        });
        let Some((key, value)) = keyed else {
            wanted.push(Wanted { column: None, word: fold(word.trim_matches('"')), not: false });
            continue;
        };
        let Some(column) = ledger.fields().iter().find(|field| **field == key) else {
            let start = at - bare.len();
            return Err(unknown(ledger, &text, start..start + key.len()));
        };
        let word = fold(value.trim_matches('"'));
        wanted.push(Wanted { column: Some(*column), word, not: bare.len() < at - start });
    }
    Ok(wanted)
}

/// There is no such column to look in.
fn unknown(ledger: Ledger, text: &str, span: std::ops::Range<usize>) -> Failure {
    let key = text[span.clone()].to_owned();
    let likeness = |field: &&&str| strsim::damerau_levenshtein(&key.to_lowercase(), field);
    let near =
        ledger.fields().iter().min_by_key(likeness).filter(|field| likeness(field) <= 1 + field.len() / 3);
    let nearest = near.map(|field| (*field).to_owned());
    super::list::pointed(text, &QueryError { span, problem: Problem::UnknownKey { key }, nearest })
}

fn matches(row: &Value, wanted: &[Wanted]) -> bool {
    let text = |value: &Value| {
        let mut text = String::new();
        texts(value, &mut text);
        fold(&text)
    };
    if wanted.is_empty() {
        return true;
    }
    let whole = text(row);
    wanted.iter().all(|Wanted { column, word, not }| match column {
        Some(column) => text(&row[*column]).contains(word.as_str()) != *not,
        None => whole.contains(word.as_str()),
    })
}

/// All values of a row behind one another.
fn texts(value: &Value, found: &mut String) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::String(text) => {
            found.push_str(text);
            found.push('\n');
        }
        other => {
            found.push_str(&other.to_string());
            found.push('\n');
        }
    }
}

/// A write of the outbox: the fields of the write itself, and where it stands.
fn outbox(row: &OutboxRow, lang: Lang) -> Value {
    let clashes: Vec<Value> = row
        .clashes
        .iter()
        .map(|clash| json!({"field": clash.field, "base": clash.base, "mine": clash.mine, "theirs": clash.theirs}))
        .collect();
    let mut object = Map::from_iter([
        ("n".to_owned(), json!(row.n)),
        ("state".to_owned(), json!(row.state.word())),
        ("name".to_owned(), json!(row.name)),
        ("label".to_owned(), json!(label_of(row, lang.is_zh()))),
    ]);
    if let Ok(Value::Object(write)) = serde_json::to_value(&row.write) {
        object.extend(write);
    }
    object.extend([
        ("words".to_owned(), json!(row.words)),
        ("status".to_owned(), json!(row.status)),
        ("attempts".to_owned(), json!(row.attempts)),
        ("next_at".to_owned(), json!(row.next_at)),
        ("needs".to_owned(), json!(row.needs)),
        ("clashes".to_owned(), Value::Array(clashes)),
        ("made_at".to_owned(), json!(row.made_at)),
        ("sent_at".to_owned(), json!(row.sent_at)),
        ("batch".to_owned(), json!(row.batch)),
    ]);
    Value::Object(object)
}

/// A line of the audit.
fn audit(row: &AuditRow) -> Value {
    json!({
        "n": row.n,
        "at": row.at,
        "operator": row.operator,
        "account": row.account,
        "peer": row.peer,
        "command": row.command,
        "batch": row.batch,
        "resource": row.resource.map(|resource| resource.name()),
        "record": row.record,
        "name": row.name,
        "what": row.what,
        "before": row.before,
        "after": row.after,
    })
}
