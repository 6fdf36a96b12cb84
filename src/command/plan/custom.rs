//! Fields that only the backend has: what was a number stays one, and what was a text is never made
//! into a number because it looks like one.

use serde_json::{Map, Value};

use super::PlanError;
use crate::model::{AnyRecord, Customer};

/// Texts that were typed into such fields, by the names that the fields have there.
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    /// Those among fields as they are named on the command line.
    pub(super) fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(name, text): (&str, &str)| {
            Some((name.strip_prefix("custom.")?.to_owned(), text.trim().to_owned()))
        };
        Self(fields.into_iter().filter_map(own).collect())
    }

    /// That each of the records can take them.
    pub(super) fn check(&self, targets: &[AnyRecord]) -> Result<(), PlanError> {
        for record in targets {
            let AnyRecord::Customer(customer) = record else { continue };
            for (name, text) in &self.0 {
                read_custom(name, customer.custom.get(name), text)?;
            }
        }
        Ok(())
    }

    /// The value of a field for this customer.
    pub(super) fn fitted(&self, key: &str, value: &Value, customer: &Customer) -> Value {
        let (true, Value::Object(all)) = (key == "custom", value) else { return value.clone() };
        let fit = |(name, value): (&String, &Value)| {
            let typed = self.0.iter().find(|(known, _)| known == name);
            let old = customer.custom.get(name);
            let read = typed.and_then(|(_, text)| read_custom(name, old, text).ok());
            (name.clone(), read.unwrap_or_else(|| value.clone()))
        };
        Value::Object(all.iter().map(fit).collect::<Map<_, _>>())
    }
}

/// What a text means in a field that only the backend has; `old` is what stands there. Nothing takes
/// the value out.
///
/// # Errors
/// [`PlanError::Bad`] where a number or a truth stands there and this is none.
pub fn read_custom(name: &str, old: Option<&Value>, text: &str) -> Result<Value, PlanError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let read = serde_json::from_str::<Value>(text).ok();
    let bad = |zh: &str, en: &str| PlanError::Bad {
        field: name.to_owned(),
        value: text.to_owned(),
        wanted: (zh.to_owned(), en.to_owned()),
    };
    match (old, read) {
        (Some(Value::Number(_)), Some(number @ Value::Number(_))) => Ok(number),
        (Some(Value::Number(_)), _) => Err(bad("数字", "a number")),
        (Some(Value::Bool(_)), Some(truth @ Value::Bool(_))) => Ok(truth),
        (Some(Value::Bool(_)), _) => Err(bad("true 或 false", "true or false")),
        (Some(Value::String(_)), _) => Ok(text.into()),
        (_, Some(value @ (Value::Number(_) | Value::Bool(_)))) => Ok(value),
        _ => Ok(text.into()),
    }
}
