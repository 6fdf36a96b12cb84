//! The members of a body: one list says what may be sent, checks it, and describes it in
//! `/openapi.json`.
//!
//! Bodies are exact: a member that is not in the list is refused, and everything that is wrong
//! is told at once, each with its path. What passes has the names and types of the records of
//! `model`, so that it can be laid over a record as it is.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::View;
use crate::model::{Resource, Time};

/// So many mistakes are told at most.
const MOST_MISTAKES: usize = 64;

/// A member of a body.
pub(super) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub need: Need,
}

/// Whether a member must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It must, and may not be `null`.
    Required,
    /// It need not; where it is, it may not be `null`.
    Optional,
    /// It need not; `null` says that there is nothing.
    Nullable,
}

/// What a member may be.
pub(super) enum Kind {
    /// A text that says something: not empty, and not only spaces.
    Line,
    /// The same as a name: of at most so many characters, and no control characters.
    Name(usize),
    /// Any text.
    Text,
    /// A whole number of at least so much.
    Whole(i64),
    /// `true` or `false`.
    Truth,
    /// RFC 3339 with an offset.
    Moment,
    /// `YYYY-MM-DD` or `MM-DD`.
    Birthday,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// The id of a record that is there.
    Id(Resource),
    /// Ids of records that are there, none twice.
    Ids(Resource),
    /// Ids, none twice.
    AnyIds,
    /// Texts that say something.
    Lines,
    /// An object of whatever members.
    Map,
    /// Objects whose members are lines, all of them required.
    Rows(&'static [&'static str]),
}

impl Field {
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Required }
    }

    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Optional }
    }

    pub const fn nullable(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, need: Need::Nullable }
    }
}

/// The members of `body`, where all of them are what `fields` say.
///
/// # Errors
/// 422 with everything that is wrong; otherwise where the store cannot be read.
pub(super) fn read(fields: &[Field], body: Value, view: &View<'_>) -> Result<Map<String, Value>, Problem> {
    let Value::Object(members) = body else {
        return Err(Problem::invalid(vec![Mistake::new(".", "the body is a JSON object")]));
    };
    let mut mistakes = Vec::new();
    for (name, value) in &members {
        match fields.iter().find(|field| field.name == name) {
            None => {
                let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                let message = format!("there is no such member here; there are: {}", known.join(", "));
                mistakes.push(Mistake::new(name, message));
            }
            Some(field) if value.is_null() => {
                if field.need != Need::Nullable {
                    mistakes.push(Mistake::new(name, format!("null is not {}", field.kind.meaning())));
                }
            }
            Some(field) => field.kind.check(name, value, view, &mut mistakes)?,
        }
    }
    for field in fields.iter().filter(|field| field.need == Need::Required) {
        if !members.contains_key(field.name) {
            mistakes.push(Mistake::new(field.name, format!("is required: {}", field.kind.meaning())));
        }
    }
    mistakes.truncate(MOST_MISTAKES);
    if mistakes.is_empty() { Ok(members) } else { Err(Problem::invalid(mistakes)) }
}

/// The list as a JSON Schema.
pub(super) fn schema(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = field.kind.schema();
            if field.need == Need::Nullable {
                schema = json!({"anyOf": [schema, {"type": "null"}]});
            }
            (field.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<_> =
        fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    })
}

impl Kind {
    /// What is expected, for people.
    fn meaning(&self) -> String {
        match self {
            Self::Line => "a text that is not empty".to_owned(),
            Self::Name(usize::MAX) => "a name: not empty, without control characters".to_owned(),
            Self::Name(most) => {
                format!("a name: not empty, without control characters, of at most {most} characters")
            }
            Self::Text => "a text".to_owned(),
            Self::Whole(i64::MIN) => "a whole number".to_owned(),
            Self::Whole(least) => format!("a whole number of at least {least}"),
            Self::Truth => "true or false".to_owned(),
            Self::Moment => "a time with an offset, like 2026-03-17T10:42:00+08:00".to_owned(),
            Self::Birthday => "a date, like 1990-03-17 or 03-17".to_owned(),
            Self::Word(words) => format!("one of {}", words().join(", ")),
            Self::Id(resource) => format!("the id of one of {resource}"),
            Self::Ids(resource) => format!("a list of ids of {resource}, none twice"),
            Self::AnyIds => "a list of ids, none twice".to_owned(),
            Self::Lines => "a list of texts that are not empty".to_owned(),
            Self::Map => "an object".to_owned(),
            Self::Rows(members) => format!("a list of objects with the texts {}", members.join(", ")),
        }
    }

    fn schema(&self) -> Value {
        match self {
            Self::Line => json!({"type": "string", "minLength": 1}),
            Self::Name(usize::MAX) => json!({"type": "string", "minLength": 1}),
            Self::Name(most) => json!({"type": "string", "minLength": 1, "maxLength": most}),
            Self::Text => json!({"type": "string"}),
            Self::Whole(i64::MIN) => json!({"type": "integer"}),
            Self::Whole(least) => json!({"type": "integer", "minimum": least}),
            Self::Truth => json!({"type": "boolean"}),
            Self::Moment => json!({"type": "string", "format": "date-time"}),
            Self::Birthday => json!({"type": "string", "description": "`YYYY-MM-DD` or `MM-DD`"}),
            Self::Word(words) => json!({"enum": words()}),
            Self::Id(resource) => {
                json!({"type": "string", "description": format!("Id of one of {resource}")})
            }
            Self::Ids(resource) => json!({
                "type": "array", "items": {"type": "string"}, "description": format!("Ids of {resource}"),
            }),
            Self::AnyIds => json!({"type": "array", "items": {"type": "string"}}),
            Self::Lines => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
            Self::Map => json!({"type": "object"}),
            Self::Rows(members) => {
                let properties: Map<String, Value> =
                    members.iter().map(|name| ((*name).to_owned(), Self::Line.schema())).collect();
                json!({"type": "array", "items": {
                    "type": "object", "properties": properties, "required": members,
                    "additionalProperties": false,
                }})
            }
        }
    }

    /// Notes what is wrong with `value`, which is at `path`.
    fn check(
        &self,
        path: &str,
        value: &Value,
        view: &View<'_>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<(), Problem> {
        let text = value.as_str();
        let fits = match self {
            Self::Line => text.is_some_and(says_something),
            Self::Name(most) => text.is_some_and(|text| {
                says_something(text) && !text.contains(char::is_control) && text.chars().count() <= *most
            }),
            Self::Text => text.is_some(),
            Self::Whole(least) => value.as_i64().is_some_and(|number| number >= *least),
            Self::Truth => value.is_boolean(),
            Self::Moment => text.is_some_and(|text| Time::parse(text).is_ok()),
            Self::Birthday => text.is_some_and(is_birthday),
            Self::Word(words) => text.is_some_and(|text| words().contains(&text)),
            Self::Map => value.is_object(),
            Self::Id(resource) => match text {
                Some(id) => return known(*resource, path, id, view, mistakes),
                None => false,
            },
            Self::Ids(_) | Self::AnyIds | Self::Lines | Self::Rows(_) => match value.as_array() {
                Some(items) => return self.check_items(path, items, view, mistakes),
                None => false,
            },
        };
        if !fits {
            mistakes.push(Mistake::new(path, format!("expected {}", self.meaning())));
        }
        Ok(())
    }

    fn check_items(
        &self,
        path: &str,
        items: &[Value],
        view: &View<'_>,
        mistakes: &mut Vec<Mistake>,
    ) -> Result<(), Problem> {
        let mut seen = HashSet::new();
        for (place, item) in items.iter().enumerate() {
            let path = format!("{path}[{place}]");
            let once = matches!(self, Self::Ids(_) | Self::AnyIds);
            if once && item.as_str().is_some_and(|id| !seen.insert(id)) {
                mistakes.push(Mistake::new(path, "is in the list twice"));
                continue;
            }
            match self {
                Self::Ids(resource) => Self::Id(*resource).check(&path, item, view, mistakes)?,
                Self::Rows(members) => row(members, &path, item, view, mistakes)?,
                _ => Self::Line.check(&path, item, view, mistakes)?,
            }
        }
        Ok(())
    }
}

fn row(
    members: &[&'static str],
    path: &str,
    item: &Value,
    view: &View<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Result<(), Problem> {
    let Some(object) = item.as_object() else {
        mistakes
            .push(Mistake::new(path, format!("expected an object with the texts {}", members.join(", "))));
        return Ok(());
    };
    for member in members {
        let value = object.get(*member).unwrap_or(&Value::Null);
        Kind::Line.check(&format!("{path}.{member}"), value, view, mistakes)?;
    }
    for name in object.keys().filter(|name| !members.contains(&name.as_str())) {
        let message = format!("there is no such member here; there are: {}", members.join(", "));
        mistakes.push(Mistake::new(format!("{path}.{name}"), message));
    }
    Ok(())
}

fn known(
    resource: Resource,
    path: &str,
    id: &str,
    view: &View<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Result<(), Problem> {
    if view.changed(resource, id)?.is_none() {
        mistakes.push(Mistake::new(path, format!("{resource} has no {id:?}")));
    }
    Ok(())
}

fn says_something(text: &str) -> bool {
    !text.trim().is_empty()
}

fn is_birthday(text: &str) -> bool {
    let whole = match text.len() {
        5 => format!("2000-{text}"), // a leap year: 02-29 is a birthday
        10 => text.to_owned(),
        _ => return false,
    };
    whole.parse::<jiff::civil::Date>().is_ok()
}
