//! What stands in the places of a step, for one record.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::definition::{Condition, Macro, ParamKind};
use super::error::MacroError;
use super::settle::{Settled, Value, value};
use super::step::{As, Call, Pattern, Program};
use super::template::Template;
use crate::command::Command;
use crate::command::plan::{Material, PlanError, Skip, operator_named, tag_named};
use crate::model::{AnyRecord, Customer};
use crate::query::{Query, parse, quote};

/// Fills the places of a macro and of those that it calls.
pub(super) struct Filler<'a> {
    material: &'a Material<'a>,
    envs: Vec<Env<'a>>,
}

/// Where the places of one macro find their values.
struct Env<'a> {
    makes: &'a Macro,
    values: Values<'a>,
}

enum Values<'a> {
    /// Those that the operator gave.
    Given(Settled),
    /// Those that a caller gave, which have places of the caller's.
    Called { caller: usize, given: &'a [(String, Template)] },
}

/// A record whose fields are asked for.
struct Fields<'a> {
    id: &'a str,
    record: &'a AnyRecord,
    customer: Option<&'a Customer>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(makes: &'a Macro, settled: Settled, material: &'a Material<'a>) -> Self {
        Self { material, envs: vec![Env { makes, values: Values::Given(settled) }] }
    }

    /// Where the places of a macro find their values that is called from `caller`.
    pub(super) fn enter(&mut self, caller: usize, makes: &'a Macro, call: &'a Call) -> usize {
        self.envs.push(Env { makes, values: Values::Called { caller, given: &call.given } });
        self.envs.len() - 1
    }

    /// A step's command for a record.
    pub(super) fn command(
        &self,
        env: usize,
        pattern: &Pattern,
        id: &str,
        record: &AnyRecord,
        customer: Option<&Customer>,
    ) -> Result<Command, Skip> {
        let fields = Fields { id, record, customer };
        pattern.fill(|name, stands| self.place(env, name, stands, Some(&fields)))
    }

    /// A program's words for a record.
    pub(super) fn words(
        &self,
        env: usize,
        program: &Program,
        id: &str,
        record: &AnyRecord,
        customer: Option<&Customer>,
    ) -> Result<Vec<String>, Skip> {
        let fields = Fields { id, record, customer };
        let fill = |word: &Template| word.fill(|name| self.place(env, name, As::Text, Some(&fields)));
        program.argv.iter().map(fill).collect()
    }

    /// All parameters as texts, for a program.
    pub(super) fn values(&self, env: usize, id: &str) -> BTreeMap<String, String> {
        let params = self.envs[env].makes.params.iter();
        let text = |name: &str| self.param(env, name, None, id).ok().map(|value| value.text);
        params.filter_map(|param| Some((param.name.clone(), text(&param.name)?))).collect()
    }

    /// A filter with its places filled: each is one value in it, and a filter a part of its own.
    pub(super) fn query(&self, env: usize, condition: &Condition) -> Result<Query, MacroError> {
        let fill = |name: &str| {
            let kind = self.envs[env].makes.param(name).map(|param| &param.kind);
            let value = match kind {
                Some(_) => self.param(env, name, None, "").map_err(|why| MacroError::Bad {
                    param: name.to_owned(),
                    why: Box::new(PlanError::Bad {
                        field: name.to_owned(),
                        value: String::new(),
                        wanted: (why.says(true), why.says(false)),
                    }),
                })?,
                None => Value { text: self.word(name).unwrap_or_default(), ..Value::default() },
            };
            Ok(match kind {
                _ if value.is_filter => format!("({})", value.text),
                Some(ParamKind::Filter) => String::new(), // no filter is none
                Some(ParamKind::Date) => value.text.get(..10).unwrap_or(&value.text).to_owned(),
                Some(ParamKind::Number) => value.text,
                None if name == "today" => value.text,
                _ => quote(value.id.as_deref().unwrap_or(&value.text)),
            })
        };
        let text = condition.text.fill(fill)?;
        parse(condition.scope, &text).map_err(|why| MacroError::Filter { text, why: Box::new(why) })
    }

    /// What stands in a place.
    fn place(&self, env: usize, name: &str, stands: As, fields: Option<&Fields<'_>>) -> Result<String, Skip> {
        let value = if self.envs[env].makes.param(name).is_some() {
            self.param(env, name, fields, fields.map_or("", |fields| fields.id))?
        } else if let Some(text) = self.word(name) {
            Value { text, ..Value::default() }
        } else {
            Value { text: self.field(name, fields)?, is_foreign: true, ..Value::default() }
        };
        self.standing(value, stands)
    }

    /// What stands for a value there.
    fn standing(&self, value: Value, stands: As) -> Result<String, Skip> {
        let senseless = |why: PlanError| Skip::Senseless(why.says(true), why.says(false));
        match stands {
            // What the operator writes may have variables; what stands in a record never means one.
            As::Message if value.is_foreign => {
                Ok(value.text.split('\\').map(braced).collect::<Vec<_>>().join("{{backslash}}"))
            }
            As::Text | As::Message => Ok(value.text),
            As::Line => Ok(value.text.replace(['\n', '\r'], " ")),
            As::Tag | As::Operator if value.text.is_empty() => Ok(String::new()),
            As::Tag => match value.id {
                Some(id) => Ok(id),
                None => {
                    tag_named(self.material, &value.text).map(|tag| tag.id.to_string()).map_err(senseless)
                }
            },
            As::Operator => match value.id {
                Some(id) => Ok(id),
                None => {
                    let found = operator_named(self.material, &value.text);
                    found.map(|operator| operator.id.to_string()).map_err(senseless)
                }
            },
        }
    }

    /// The value of a parameter.
    fn param(&self, env: usize, name: &str, fields: Option<&Fields<'_>>, id: &str) -> Result<Value, Skip> {
        let Env { makes, values } = &self.envs[env];
        let lacks = || Skip::Lacks(name.to_owned());
        let param = makes.param(name).ok_or_else(lacks)?;
        match values {
            Values::Given(settled) => settled.of(name, id).cloned().ok_or_else(lacks),
            Values::Called { caller, given } => {
                let given = given.iter().find(|(known, _)| known == name).map(|(_, template)| template);
                let is_foreign = given.is_some_and(|template| template.as_literal().is_none());
                let text = match given {
                    None => param.default.clone().ok_or_else(lacks)?,
                    // Handed on as it is, a tag stays the tag that it is.
                    Some(template) => match template.as_place() {
                        Some(place) if self.envs[*caller].makes.param(place).is_some() => {
                            return self.param(*caller, place, fields, id);
                        }
                        _ => template.fill(|place| self.place(*caller, place, As::Text, fields))?,
                    },
                };
                value(makes, name, &param.kind, &text, self.material)
                    .map(|value| Value { is_foreign, ..value })
                    .map_err(|why| Skip::Senseless(why.says(true), why.says(false)))
            }
        }
    }

    /// A word that means the same in every macro.
    fn word(&self, name: &str) -> Option<String> {
        let format = match name {
            "today" => "%Y-%m-%d",
            "now" => "%Y-%m-%d %H:%M",
            "time" => "%H:%M",
            "month" => "%Y-%m",
            _ => return None,
        };
        Some(self.material.moment.zoned().strftime(format).to_string())
    }

    /// A field of the record, of its customer, or of whoever works here.
    fn field(&self, name: &str, fields: Option<&Fields<'_>>) -> Result<String, Skip> {
        let lacks = || Skip::Lacks(name.to_owned());
        let (of, field) = name.split_once('.').ok_or_else(lacks)?;
        let fields = fields.ok_or_else(lacks)?;
        let customer = match fields.record {
            AnyRecord::Customer(customer) => Some(customer),
            _ => fields.customer,
        };
        let item = match of {
            "customer" => {
                let customer = customer.ok_or_else(lacks)?;
                match field {
                    // What is asked for most often needs no detour.
                    "name" => {
                        return Some(customer.name.clone()).filter(|name| !name.is_empty()).ok_or_else(lacks);
                    }
                    "called" => {
                        let remark = customer.remark.as_ref().filter(|remark| !remark.trim().is_empty());
                        return Ok(remark.unwrap_or(&customer.name).clone());
                    }
                    _ => serde_json::to_value(customer),
                }
            }
            "follow_up" => Ok(fields.record.to_value()),
            _ => {
                let me = self.material.moment.me.as_ref();
                let operator = self.material.operators.iter().find(|operator| Some(&operator.id) == me);
                serde_json::to_value(operator.ok_or_else(lacks)?)
            }
        };
        let item = item.map_err(|_| lacks())?;
        let value = match field.strip_prefix("custom.") {
            Some(custom) => item.get("custom").and_then(|all| all.get(custom)),
            None => item.get(field),
        };
        match value {
            Some(Json::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
            Some(Json::Number(number)) => Ok(number.to_string()),
            Some(Json::Bool(truth)) => Ok(truth.to_string()),
            _ => Err(lacks()),
        }
    }
}

/// A text whose opening braces stand for themselves in a message.
fn braced(text: &str) -> String {
    text.replace('{', "{{brace}}")
}
