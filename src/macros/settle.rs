//! What the parameters of a run are: what was given, or the defaults, each checked by its kind.

use std::collections::BTreeMap;

use super::definition::{Macro, ParamKind};
use super::error::MacroError;
use super::given::Given;
use crate::command::plan::{Material, PlanError, operator_named, tag_named};
use crate::query::{due, parse};
use crate::reading::nearest;

/// The value of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// As a text that people read.
    pub text: String,
    /// The id of the tag or the operator that it names.
    pub id: Option<String>,
    /// Whether it comes of a record: somebody else may have written it.
    pub is_foreign: bool,
    /// Whether it is a filter, and stands in another one as a part of it.
    pub is_filter: bool,
}

/// Values of all parameters, and those that are given for single records, by name and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// For all records; a parameter that is asked for each may have none.
    pub all: BTreeMap<String, Value>,
    /// For one record, by the parameter's name and the record's id.
    pub each: BTreeMap<(String, String), Value>,
}

impl Settled {
    /// The value of a parameter for a record.
    pub fn of(&self, name: &str, id: &str) -> Option<&Value> {
        let own = (!self.each.is_empty()).then(|| self.each.get(&(name.to_owned(), id.to_owned()))).flatten();
        own.or_else(|| self.all.get(name))
    }
}

/// Names of the parameters that are still to be given: they have no default.
pub fn lacking(makes: &Macro, given: &Given) -> Vec<String> {
    let each = |name: &str| given.iter().any(|(known, _)| known.starts_with(&format!("{name}@")));
    // What has to be said is not said by saying nothing.
    let said = |name: &str| given.get(name).is_some_and(|text| !text.trim().is_empty());
    let lacks = makes
        .params
        .iter()
        .filter(|param| param.default.is_none() && !said(&param.name) && !each(&param.name));
    lacks.map(|param| param.name.clone()).collect()
}

/// Checks what is given for a macro.
///
/// # Errors
/// [`MacroError`]: a parameter that the macro does not have, that is not given, or is given wrongly.
pub fn settle(makes: &Macro, given: &Given, material: &Material<'_>) -> Result<Settled, MacroError> {
    let missing = lacking(makes, given);
    if !missing.is_empty() {
        return Err(MacroError::Missing { name: makes.name.clone(), params: missing });
    }
    let mut settled = Settled::default();
    for param in &makes.params {
        if let Some(default) = &param.default {
            let value = value(makes, &param.name, &param.kind, default, material)?;
            settled.all.insert(param.name.clone(), value);
        }
    }
    for (name, text) in given.iter() {
        let (name, id) = name.split_once('@').map_or((name, None), |(name, id)| (name, Some(id)));
        let Some(param) = makes.param(name) else {
            let known = makes.params.iter().map(|param| param.name.as_str());
            return Err(MacroError::NoParam {
                name: makes.name.clone(),
                param: name.to_owned(),
                nearest: nearest(name, known).map(str::to_owned),
            });
        };
        let value = value(makes, name, &param.kind, text, material)?;
        match id {
            Some(id) => drop(settled.each.insert((name.to_owned(), id.to_owned()), value)),
            None => drop(settled.all.insert(name.to_owned(), value)),
        }
    }
    Ok(settled)
}

/// One value, by the kind of its parameter.
pub(super) fn value(
    makes: &Macro,
    name: &str,
    kind: &ParamKind,
    text: &str,
    material: &Material<'_>,
) -> Result<Value, MacroError> {
    let plain = |text: &str| Value { text: text.to_owned(), ..Value::default() };
    let bad = |why: PlanError| MacroError::Bad { param: name.to_owned(), why: Box::new(why) };
    let wanted = |zh: String, en: String| {
        bad(PlanError::Bad { field: name.to_owned(), value: text.to_owned(), wanted: (zh, en) })
    };
    match kind {
        // Nothing is a value as well, where the macro's own default is that.
        _ if text.is_empty() => Ok(plain(text)),
        ParamKind::Text => Ok(plain(text)),
        ParamKind::Choice(choices) if choices.iter().any(|choice| choice == text) => Ok(plain(text)),
        ParamKind::Choice(choices) => {
            let list = choices.join(", ");
            Err(wanted(format!("其中之一: {list}"), format!("one of {list}")))
        }
        ParamKind::Tag => {
            let tag = tag_named(material, text).map_err(bad)?;
            Ok(Value { text: tag.name.clone(), id: Some(tag.id.to_string()), ..Value::default() })
        }
        ParamKind::Operator => {
            let operator = operator_named(material, text).map_err(bad)?;
            Ok(Value { text: operator.name.clone(), id: Some(operator.id.to_string()), ..Value::default() })
        }
        ParamKind::Date => {
            let then = due(text, material.moment).map_err(|error| bad(PlanError::Due(error)))?;
            Ok(plain(&then.zoned(&material.moment.zone).strftime("%Y-%m-%d %H:%M").to_string()))
        }
        ParamKind::Number => match text.trim().parse::<i64>() {
            Ok(number) => Ok(plain(&number.to_string())),
            Err(_) => Err(wanted("整数".to_owned(), "a whole number".to_owned())),
        },
        ParamKind::Filter => match parse(makes.scope(), text) {
            Ok(query) => Ok(Value { text: query.to_string(), is_filter: true, ..Value::default() }),
            Err(why) => Err(MacroError::Filter { text: text.to_owned(), why: Box::new(why) }),
        },
    }
}
