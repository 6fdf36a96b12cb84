//! What may stand between braces: parameters, fields of the record, and words of every macro.

use serde_json::Value;

use super::definition::{Macro, Param, ParamKind};
use super::template::{Template, WORDS};
use crate::model::{Customer, FollowUp, Operator, Resource};

/// Whether a name means the same in every macro.
pub fn is_word(name: &str) -> bool {
    WORDS.iter().any(|(word, ..)| *word == name)
}

/// Whether a name is a field of the record, or of its customer, or of whoever works here.
pub fn is_field(name: &str, on: Resource) -> bool {
    let Some((of, field)) = name.split_once('.') else { return false };
    match of {
        "customer" => {
            field.strip_prefix("custom.").is_some_and(|custom| !custom.is_empty())
                || field == "called"
                || has(&Customer::default(), field)
        }
        "follow_up" => on == Resource::FollowUps && has(&FollowUp::default(), field),
        "operator" => has(&Operator::default(), field),
        _ => false,
    }
}

fn has(record: &impl serde::Serialize, field: &str) -> bool {
    let fields = serde_json::to_value(record).unwrap_or_default(); // no key but strings
    fields.get(field).is_some_and(|value| !matches!(value, Value::Array(_) | Value::Object(_)))
}

/// All that may stand between braces, the macro's own first.
pub fn names(makes: &Macro, fields: bool) -> Vec<String> {
    let mut names: Vec<String> = makes.params.iter().map(|param| param.name.clone()).collect();
    names.extend(WORDS.iter().map(|(word, ..)| (*word).to_owned()));
    if fields {
        let of = |of: &str, record: Value| {
            let fields = record.as_object().cloned().unwrap_or_default().into_iter();
            let plain = fields.filter(|(_, value)| !matches!(value, Value::Array(_) | Value::Object(_)));
            plain.map(|(field, _)| format!("{of}.{field}")).collect::<Vec<_>>()
        };
        let value = |record: serde_json::Result<Value>| record.unwrap_or_default();
        names.push("customer.called".to_owned());
        names.extend(of("customer", value(serde_json::to_value(Customer::default()))));
        if makes.on == Resource::FollowUps {
            names.extend(of("follow_up", value(serde_json::to_value(FollowUp::default()))));
        }
        names.extend(of("operator", value(serde_json::to_value(Operator::default()))));
    }
    names
}

/// A filter with something in each of its places, to see that it parses.
pub fn sample(makes: &Macro, template: &Template) -> String {
    let fill = |name: &str| {
        let kind = makes.param(name).map(|Param { kind, .. }| kind);
        let text = match kind {
            Some(ParamKind::Choice(choices)) => {
                crate::query::quote(choices.first().map_or("x", String::as_str))
            }
            Some(ParamKind::Number) => "1".to_owned(),
            Some(ParamKind::Date) => "2026-03-17".to_owned(),
            Some(_) => "x".to_owned(),
            None if name == "today" => "2026-03-17".to_owned(),
            None => "1".to_owned(),
        };
        Ok::<_, std::convert::Infallible>(text)
    };
    let Ok(filled) = template.fill(fill);
    filled
}
