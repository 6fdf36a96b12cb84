//! The fast way of most mappings: plain paths, objects of them, constants, `//` and helpers, worked
//! out on the value as it lies there. What is not among these goes to jaq.

use std::borrow::Cow;

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part};
use serde_json::{Map, Number, Value};

use super::filter::Vars;
use super::helpers::{Helper, flat, helper};
use super::times::shown;

/// A filter that gives one value.
#[derive(Debug)]
pub(super) enum Quick {
    /// The input.
    Input,
    /// A variable, by its place.
    Variable(usize),
    /// A constant.
    Constant(Value),
    /// A path from what another gives.
    Path(Box<Quick>, Vec<Step>),
    /// An object.
    Object(Vec<(String, Quick)>),
    /// The first, unless it is null, false or an error; else the second.
    Or(Box<Quick>, Box<Quick>),
    /// The one with what the other gives as its input.
    Pipe(Box<Quick>, Box<Quick>),
    /// An entry of an object that another gives, by the text of the input.
    Entry(Box<Quick>),
    /// A helper on the input.
    Help(&'static Helper, Vec<Quick>),
}

impl std::fmt::Debug for Helper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A step of a path.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Place(i64),
}

impl Quick {
    /// The term in this form, where it has one. `vars` are the variables of the filter's place.
    pub fn of(term: &Term<&str>, vars: &Vars) -> Option<Self> {
        Some(match term {
            Term::Id => Self::Input,
            Term::Var(name) => Self::Variable(vars.place(name)?),
            Term::Num(digits) => Self::Constant(Value::Number(digits.parse::<Number>().ok()?)),
            Term::Neg(inner) => match Self::of(inner, vars)? {
                Self::Constant(Value::Number(number)) => {
                    Self::Constant(Value::Number(format!("-{number}").parse().ok()?))
                }
                _ => return None,
            },
            Term::Str(None, parts) => Self::Constant(Value::String(literal(parts)?)),
            Term::Arr(None) => Self::Constant(Value::Array(Vec::new())),
            Term::Path(of, path) if is_entry(path) => {
                let steps = path.0[..path.0.len() - 1].iter().map(|(part, _)| match part {
                    Part::Index(index) => step(index),
                    Part::Range(..) => None,
                });
                let table = Self::Path(Box::new(Self::of(of, vars)?), steps.collect::<Option<_>>()?);
                Self::Entry(Box::new(table))
            }
            Term::Path(of, path) => {
                let steps = path.0.iter().map(|(part, opt)| match (part, opt) {
                    (Part::Index(index), Opt::Essential) => step(index),
                    _ => None,
                });
                Self::Path(Box::new(Self::of(of, vars)?), steps.collect::<Option<_>>()?)
            }
            Term::Obj(entries) => Self::Object(
                entries
                    .iter()
                    .map(|(key, value)| Self::entry(key, value.as_ref(), vars))
                    .collect::<Option<_>>()?,
            ),
            Term::BinOp(left, BinaryOp::Alt, right) => {
                Self::Or(Box::new(Self::of(left, vars)?), Box::new(Self::of(right, vars)?))
            }
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                Self::Pipe(Box::new(Self::of(left, vars)?), Box::new(Self::of(right, vars)?))
            }
            Term::Call("null", arguments) if arguments.is_empty() => Self::Constant(Value::Null),
            Term::Call("true", arguments) if arguments.is_empty() => Self::Constant(true.into()),
            Term::Call("false", arguments) if arguments.is_empty() => Self::Constant(false.into()),
            Term::Call(name, arguments) => {
                let given =
                    arguments.iter().map(|argument| Self::of(argument, vars)).collect::<Option<_>>()?;
                Self::Help(helper(name, arguments.len())?, given)
            }
            _ => return None,
        })
    }

    /// One entry of an object: `key: value`, or `key` alone.
    pub fn entry(key: &Term<&str>, value: Option<&Term<&str>>, vars: &Vars) -> Option<(String, Self)> {
        let name = entry_name(key)?;
        let value = match (key, value) {
            (_, Some(value)) => Self::of(value, vars)?,
            (Term::Var(_), None) => Self::of(key, vars)?,
            (_, None) => Self::Path(Box::new(Self::Input), vec![Step::Key(name.clone())]),
        };
        Some((name, value))
    }

    /// What it gives.
    ///
    /// # Errors
    /// What was met on the way, as a path and a value.
    pub fn run<'a>(&'a self, input: &'a Value, vars: &'a [Value]) -> Result<Cow<'a, Value>, String> {
        Ok(match self {
            Self::Input => Cow::Borrowed(input),
            Self::Variable(place) => Cow::Borrowed(vars.get(*place).unwrap_or(&Value::Null)),
            Self::Constant(value) => Cow::Borrowed(value),
            Self::Path(of, steps) => match of.run(input, vars)? {
                Cow::Borrowed(value) => Cow::Borrowed(walk(value, steps)?),
                Cow::Owned(value) => Cow::Owned(walk(&value, steps)?.clone()),
            },
            Self::Object(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (name, value) in entries {
                    map.insert(name.clone(), value.run(input, vars)?.into_owned());
                }
                Cow::Owned(Value::Object(map))
            }
            Self::Or(first, second) => match first.run(input, vars) {
                Ok(value) if !matches!(*value, Value::Null | Value::Bool(false)) => value,
                _ => second.run(input, vars)?,
            },
            Self::Pipe(left, right) => match left.run(input, vars)? {
                Cow::Borrowed(value) => right.run(value, vars)?,
                Cow::Owned(value) => Cow::Owned(right.run(&value, vars)?.into_owned()),
            },
            Self::Entry(table) => {
                let Some(key) = flat(input) else { return Ok(Cow::Borrowed(&NULL)) };
                match table.run(input, vars)? {
                    Cow::Borrowed(table) => Cow::Borrowed(table.get(&key).unwrap_or(&NULL)),
                    Cow::Owned(table) => Cow::Owned(table.get(&key).cloned().unwrap_or_default()),
                }
            }
            Self::Help(helper, arguments) => {
                let given = arguments.iter().map(|argument| Ok(argument.run(input, vars)?.into_owned()));
                let given = given.collect::<Result<Vec<_>, String>>()?;
                Cow::Owned((helper.call)(input, &given).map_err(|what| format!("{}: {what}", helper.name))?)
            }
        })
    }
}

/// Whether a path ends in the text of the input, as lookups are written out.
fn is_entry(path: &jaq_core::path::Path<Term<&str>>) -> bool {
    let Some((Part::Index(Term::BinOp(text, BinaryOp::Pipe(None), made)), Opt::Essential)) = path.0.last()
    else {
        return false;
    };
    matches!(&**made, Term::Call("tostring", given) if given.is_empty())
        && matches!(&**text, Term::BinOp(of, BinaryOp::Alt, otherwise)
            if matches!(**of, Term::Id) && matches!(&**otherwise, Term::Str(None, parts) if matches!(parts[..], [StrPart::Str("")])))
}

static NULL: Value = Value::Null;

fn walk<'a>(mut value: &'a Value, steps: &[Step]) -> Result<&'a Value, String> {
    for (depth, step) in steps.iter().enumerate() {
        value = match (step, value) {
            (_, Value::Null) => return Ok(&NULL),
            (Step::Key(key), Value::Object(map)) => map.get(key).unwrap_or(&NULL),
            (Step::Place(place), Value::Array(list)) => {
                let at = if *place < 0 { list.len() as i64 + place } else { *place };
                usize::try_from(at).ok().and_then(|at| list.get(at)).unwrap_or(&NULL)
            }
            (step, other) => {
                let path = written(&steps[..depth]);
                let path = if path.is_empty() { ".".to_owned() } else { path };
                return Err(format!(
                    "{path} is {}: it has no {}",
                    shown(other),
                    written(std::slice::from_ref(step))
                ));
            }
        };
    }
    Ok(value)
}

fn written(steps: &[Step]) -> String {
    let one = |step: &Step| match step {
        Step::Key(key) if key.chars().all(|c| c.is_alphanumeric() || c == '_') => format!(".{key}"),
        Step::Key(key) => format!(".{key:?}"),
        Step::Place(place) => format!("[{place}]"),
    };
    steps.iter().map(one).collect()
}

fn step(index: &Term<&str>) -> Option<Step> {
    match index {
        Term::Str(None, parts) => literal(parts).map(Step::Key),
        Term::Num(digits) => digits.parse().ok().map(Step::Place),
        Term::Neg(inner) => match step(inner)? {
            Step::Place(place) => Some(Step::Place(-place)),
            Step::Key(_) => None,
        },
        _ => None,
    }
}

/// What an entry of an object is called, where that is written there.
pub(super) fn entry_name(key: &Term<&str>) -> Option<String> {
    match key {
        Term::Str(None, parts) => literal(parts),
        Term::Var(name) => Some(name.trim_start_matches('$').to_owned()),
        _ => None,
    }
}

fn literal(parts: &[StrPart<&str, Term<&str>>]) -> Option<String> {
    parts.iter().try_fold(String::new(), |mut text, part| {
        match part {
            StrPart::Str(part) => text.push_str(part),
            StrPart::Char(c) => text.push(*c),
            StrPart::Term(_) => return None,
        }
        Some(text)
    })
}
