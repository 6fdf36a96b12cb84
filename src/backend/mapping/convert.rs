//! Between `serde_json` and jaq, value by value, with no text between them.

use jaq_json::{Map, Num, Val};
use serde_json::{Number, Value};

use super::budget::{LONGEST_TEXT, MOST_VALUES};

/// The value as jaq has it. An integer of any length stays one; other numbers keep their digits.
pub(super) fn to_val(value: &Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Bool(truth) => Val::Bool(*truth),
        Value::Number(number) => number_to_val(number),
        Value::String(text) => Val::utf8_str(text.clone()),
        Value::Array(list) => list.iter().map(to_val).collect(),
        Value::Object(map) => {
            let mut all = Map::with_capacity_and_hasher(map.len(), Default::default());
            for (key, value) in map {
                all.insert(Val::utf8_str(key.clone()), to_val(value));
            }
            Val::obj(all)
        }
    }
}

fn number_to_val(number: &Number) -> Val {
    if let Some(integer) = number.as_i64().and_then(|integer| isize::try_from(integer).ok()) {
        return Val::from(integer);
    }
    let text = number.to_string();
    match Num::from_str_radix(&text, 10) {
        Some(integer) => Val::Num(integer),
        None => <Val as jaq_core::ValT>::from_num(&text).unwrap_or(Val::Null), // jaq takes any digits
    }
}

/// The value as `serde_json` has it.
///
/// # Errors
/// Where it is larger than what one run of a filter may give.
pub(super) fn to_value(value: &Val) -> Result<Value, String> {
    let (mut values, mut bytes) = (MOST_VALUES, LONGEST_TEXT);
    within(value, &mut values, &mut bytes).ok_or_else(|| "what it gives is too large".to_owned())
}

fn within(value: &Val, values: &mut usize, bytes: &mut usize) -> Option<Value> {
    *values = values.checked_sub(1)?;
    Some(match value {
        Val::Null => Value::Null,
        Val::Bool(truth) => Value::Bool(*truth),
        Val::Num(number) => number_to_value(number),
        Val::TStr(text) | Val::BStr(text) => {
            *bytes = bytes.checked_sub(text.len())?;
            Value::String(String::from_utf8_lossy(text).into_owned())
        }
        Val::Arr(list) => {
            Value::Array(list.iter().map(|item| within(item, values, bytes)).collect::<Option<_>>()?)
        }
        Val::Obj(map) => {
            let entry = |(key, item): (&Val, &Val)| {
                let key = match key {
                    Val::TStr(text) | Val::BStr(text) => String::from_utf8_lossy(text).into_owned(),
                    other => other.to_string(),
                };
                Some((key, within(item, values, bytes)?))
            };
            Value::Object(map.iter().map(entry).collect::<Option<_>>()?)
        }
    })
}

/// A whole figure that came of a division is an integer again, as jq prints it.
fn number_to_value(number: &Num) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    match number {
        Num::Int(integer) => Value::from(*integer as i64),
        Num::BigInt(integer) => exact(&integer.to_string()),
        #[allow(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        Num::Float(figure) if figure.fract() == 0.0 && figure.abs() < EXACT => Value::from(*figure as i64),
        Num::Float(figure) => Number::from_f64(*figure).map_or(Value::Null, Value::Number),
        Num::Dec(digits) => exact(digits),
    }
}

fn exact(digits: &str) -> Value {
    digits.parse::<Number>().map_or(Value::Null, Value::Number)
}
