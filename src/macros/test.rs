//! `[[macros.NAME.test]]`: records, a clock, and what is to come of a run.

use std::ops::Range;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::DeValue;

use super::definition::Test;
use crate::i18n::words::macros as words;
use crate::model::{Resource, Time};
use crate::reading::{At, Reader, Section, entries, table_of};

const KEYS: &[&str] = &["name", "clock", "me", "set", "ids", "fixture", "expect", "skipped"];

/// Reads the tests of a macro.
pub(super) fn read(reader: &mut Reader<'_>, value: Option<&Spanned<DeValue<'_>>>) -> Vec<Test> {
    let Some(value) = value else { return Vec::new() };
    let list: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(list) => list.iter().collect(),
        _ => vec![value],
    };
    list.into_iter().filter_map(|item| one(reader, item)).collect()
}

fn one(reader: &mut Reader<'_>, item: &Spanned<DeValue<'_>>) -> Option<Test> {
    let table = table_of(reader, item, "test")?;
    let section = Section::new(reader, table, "test", KEYS).at(item.span());
    let clock = section.text(reader, "clock");
    let span = clock.as_ref().map_or(item.span(), |clock| clock.span.clone());
    let clock = clock.map(|clock| clock.value).filter(|clock| Time::parse(clock).is_ok());
    if clock.is_none() {
        reader.refuse(span, words::CLOCK_LIKE, None);
    }
    let fixture = section.table(reader, "fixture");
    for (name, _) in fixture.map(entries).unwrap_or_default() {
        if Resource::parse(name.value).is_none() {
            reader.refuse(name.span, words::NO_COLLECTION.with("name", name.value), None);
        }
    }
    let object = |table: &toml::de::DeTable<'_>| -> Map<String, Value> {
        entries(table).into_iter().map(|(key, value)| (key.value.to_owned(), json(value.get_ref()))).collect()
    };
    let given = section.table(reader, "set").map(object).unwrap_or_default().into_iter();
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let words = |reader: &mut Reader<'_>, key: &str| {
        let list: Option<At<Vec<At<String>>>> = section.words(reader, key);
        list.map(|list| list.value.into_iter().map(|word| word.value).collect::<Vec<_>>()).unwrap_or_default()
    };
    let expect = section.get("expect").map(|value| json(value.get_ref()));
    Some(Test {
        name: section.text(reader, "name").map(|name| name.value).unwrap_or_default(),
        clock: clock?,
        me: section.text(reader, "me").map(|me| me.value),
        given: given.map(|(name, value)| (name, text(value))).collect(),
        ids: words(reader, "ids"),
        fixture: fixture.map(object).unwrap_or_default().into(),
        expect: match expect {
            Some(Value::Array(list)) => list,
            Some(other) => vec![other],
            None => Vec::new(),
        },
        skipped: words(reader, "skipped").into_iter().collect(),
        span: item.span(),
    })
}

/// The same as JSON.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(truth) => (*truth).into(),
        DeValue::Datetime(time) => time.to_string().into(),
        DeValue::Array(list) => list.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let fields = entries(table).into_iter();
            fields
                .map(|(key, value)| (key.value.to_owned(), json(value.get_ref())))
                .collect::<Map<_, _>>()
                .into()
        }
    }
}

impl Test {
    /// Whether a write, as JSON, is what was expected: every member of `wanted` stands in it.
    pub fn fits(wanted: &Value, write: &Value) -> bool {
        match (wanted, write) {
            (Value::Object(wanted), Value::Object(write)) => wanted
                .iter()
                .all(|(name, wanted)| write.get(name).is_some_and(|value| Self::fits(wanted, value))),
            (wanted, write) => wanted == write,
        }
    }

    /// What a test is called where it has no name: its place among the tests.
    pub fn called(&self, index: usize) -> String {
        if self.name.is_empty() { format!("test {}", index + 1) } else { self.name.clone() }
    }

    /// Where it stands, in bytes of the file.
    pub fn place(&self) -> Range<usize> {
        self.span.clone()
    }
}
