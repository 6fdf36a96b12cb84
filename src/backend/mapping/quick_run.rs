//! Running what goes the fast way.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Number, Value};

use super::helpers::flat;
use super::quick::{Quick, Step, To};
use super::times::shown;

/// Values that one run may walk over.
const MOST_STEPS: u64 = 2_000_000;

static NULL: Value = Value::Null;

/// What a run has beside its input: the variables of the place, and those that the filter has bound.
#[derive(Clone, Copy)]
pub(super) struct Env<'e> {
    vars: &'e [Value],
    local: Option<&'e Local<'e>>,
    steps: &'e Cell<u64>,
}

struct Local<'e> {
    value: &'e Value,
    outer: Option<&'e Local<'e>>,
}

impl<'e> Env<'e> {
    /// The variables of a place, in its order; `steps` counts what is walked over.
    pub fn new(vars: &'e [Value], steps: &'e Cell<u64>) -> Self {
        Self { vars, local: None, steps }
    }

    fn local(&self, out: usize) -> &'e Value {
        let mut local = self.local;
        for _ in 0..out {
            local = local.and_then(|local| local.outer);
        }
        local.map_or(&NULL, |local| local.value)
    }

    fn step(&self) -> Result<(), String> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MOST_STEPS {
            return Err(format!("stopped after {MOST_STEPS} values: it may not end"));
        }
        Ok(())
    }
}

/// Takes what a filter gives, value by value.
type Out<'o> = &'o mut dyn FnMut(Cow<'_, Value>) -> Result<(), String>;

/// What ends a run that has given enough.
const ENOUGH: &str = "\u{0}enough";

/// A filter of jq that is the same on both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Not,
    ToString,
    Length,
    Split,
    Join,
    Has,
}

impl Plain {
    /// The filter of a name, and how many arguments it takes.
    pub fn named(name: &str) -> Option<(Self, usize)> {
        Some(match name {
            "not" => (Self::Not, 0),
            "tostring" => (Self::ToString, 0),
            "length" => (Self::Length, 0),
            "split" => (Self::Split, 1),
            "join" => (Self::Join, 1),
            "has" => (Self::Has, 1),
            _ => return None,
        })
    }

    fn on(self, input: &Value, given: Option<&Value>) -> Result<Value, String> {
        let wrong = |what: &str| Err(format!("{} {what}", shown(input)));
        Ok(match (self, input) {
            (Self::Not, value) => Value::Bool(!holds(value)),
            (Self::ToString, value) => Value::String(text_of(value)),
            (Self::Length, Value::Null) => 0.into(),
            (Self::Length, Value::String(text)) => text.chars().count().into(),
            (Self::Length, Value::Array(list)) => list.len().into(),
            (Self::Length, Value::Object(map)) => map.len().into(),
            (Self::Length, _) => return wrong("has no length"),
            (Self::Split, Value::String(text)) => match given {
                Some(Value::String(_)) if text.is_empty() => Value::Array(Vec::new()),
                Some(Value::String(by)) if by.is_empty() => text.chars().map(String::from).collect(),
                Some(Value::String(by)) => text.split(by.as_str()).collect(),
                _ => return Err("split: its argument is a text".to_owned()),
            },
            (Self::Split, _) => return wrong("cannot be split"),
            (Self::Join, Value::Array(list)) => match given {
                Some(Value::String(by)) => list.iter().map(text_of).collect::<Vec<_>>().join(by).into(),
                _ => return Err("join: its argument is a text".to_owned()),
            },
            (Self::Join, _) => return wrong("cannot be joined"),
            (Self::Has, Value::Object(map)) => match given {
                Some(Value::String(key)) => map.contains_key(key).into(),
                _ => return wrong("has keys that are texts"),
            },
            (Self::Has, Value::Array(list)) => match given.and_then(Value::as_i64) {
                Some(at) => usize::try_from(at).is_ok_and(|at| at < list.len()).into(),
                None => return wrong("has places that are numbers"),
            },
            (Self::Has, Value::Null) => false.into(),
            (Self::Has, _) => return wrong("has no keys"),
        })
    }
}

impl Quick {
    /// The one value of a filter that gives exactly one.
    ///
    /// # Errors
    /// What was met on the way, as a path and a value.
    pub fn run<'a>(&'a self, input: &'a Value, env: Env<'a>) -> Result<Cow<'a, Value>, String> {
        Ok(match self {
            Self::Input => Cow::Borrowed(input),
            Self::Variable(place) => Cow::Borrowed(env.vars.get(*place).unwrap_or(&NULL)),
            Self::Local(out) => Cow::Borrowed(env.local(*out)),
            Self::Constant(value) => Cow::Borrowed(value),
            Self::Path(of, steps) if of.is_single() => match of.run(input, env)? {
                Cow::Borrowed(value) => walk(value, steps, input, env)?,
                Cow::Owned(value) => Cow::Owned(walk(&value, steps, input, env)?.into_owned()),
            },
            Self::Object(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (name, value) in entries {
                    map.insert(name.clone(), value.run(input, env)?.into_owned());
                }
                Cow::Owned(Value::Object(map))
            }
            Self::Array(inner) => {
                let mut list = Vec::new();
                inner.each(input, env, &mut |value| {
                    list.push(value.into_owned());
                    Ok(())
                })?;
                Cow::Owned(Value::Array(list))
            }
            Self::Or(first, second) if first.is_single() => match first.run(input, env) {
                Ok(value) if holds(&value) => value,
                _ => second.run(input, env)?,
            },
            Self::Pipe(left, right) => match left.run(input, env)? {
                Cow::Borrowed(value) => right.run(value, env)?,
                Cow::Owned(value) => Cow::Owned(right.run(&value, env)?.into_owned()),
            },
            Self::If(case, then, otherwise) => match holds(&*case.run(input, env)?) {
                true => then.run(input, env)?,
                false => otherwise.run(input, env)?,
            },
            Self::Same(left, right, wanted) => {
                let is = same(&*left.run(input, env)?, &*right.run(input, env)?);
                Cow::Owned(Value::Bool(is == *wanted))
            }
            Self::And(left, right) => {
                Cow::Owned(Value::Bool(holds(&*left.run(input, env)?) && holds(&*right.run(input, env)?)))
            }
            Self::Either(left, right) => {
                Cow::Owned(Value::Bool(holds(&*left.run(input, env)?) || holds(&*right.run(input, env)?)))
            }
            Self::Add(left, right) => {
                // The right one first, as jaq has it.
                let right = right.run(input, env)?;
                sum(left.run(input, env)?, right)?
            }
            Self::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match &*part.run(input, env)? {
                        Value::String(part) => text.push_str(part),
                        other => text.push_str(&other.to_string()),
                    }
                }
                Cow::Owned(Value::String(text))
            }
            Self::Entries(inner) => Cow::Owned(entries(inner, input, env)?),
            Self::Plain(plain, argument) => {
                let given = match argument {
                    Some(argument) => Some(argument.run(input, env)?),
                    None => None,
                };
                Cow::Owned(plain.on(input, given.as_deref())?)
            }
            Self::Help(helper, arguments) => {
                let given = arguments.iter().map(|argument| Ok(argument.run(input, env)?.into_owned()));
                let given = given.collect::<Result<Vec<_>, String>>()?;
                Cow::Owned((helper.call)(input, &given).map_err(|what| format!("{}: {what}", helper.name))?)
            }
            // What may give several gives one here.
            _ => {
                let mut found = None;
                self.each(input, env, &mut |value| {
                    found.get_or_insert_with(|| value.into_owned());
                    Ok(())
                })?;
                Cow::Owned(found.unwrap_or_default())
            }
        })
    }

    /// All that a filter gives, as a list.
    ///
    /// # Errors
    /// What was met on the way.
    pub fn all(&self, input: &Value, env: Env<'_>) -> Result<Vec<Value>, String> {
        let mut all = Vec::new();
        self.each(input, env, &mut |value| {
            all.push(value.into_owned());
            Ok(())
        })?;
        Ok(all)
    }

    /// All that a filter gives.
    ///
    /// # Errors
    /// What was met on the way; what came before has been given.
    pub fn each(&self, input: &Value, env: Env<'_>, out: Out<'_>) -> Result<(), String> {
        match self {
            Self::Nothing => Ok(()),
            Self::Comma(left, right) => {
                left.each(input, env, out)?;
                right.each(input, env, out)
            }
            Self::Path(of, steps) => of.each(input, env, &mut |value| paths(&value, steps, input, env, out)),
            Self::Or(first, second) => {
                let (mut any, mut refused) = (false, None);
                let _ = first.each(input, env, &mut |value| {
                    if !holds(&value) {
                        return Ok(());
                    }
                    any = true;
                    out(value).inspect_err(|what| refused = Some(what.clone()))
                }); // Err: what fails is answered by the second
                match refused {
                    Some(what) => Err(what),
                    None if any => Ok(()),
                    None => second.each(input, env, out),
                }
            }
            Self::Pipe(left, right) => left.each(input, env, &mut |value| right.each(&value, env, out)),
            Self::Let(source, body) => source.each(input, env, &mut |value| {
                let local = Local { value: &value, outer: env.local };
                body.each(input, Env { local: Some(&local), ..env }, out)
            }),
            Self::If(case, then, otherwise) => match holds(&*case.run(input, env)?) {
                true => then.each(input, env, out),
                false => otherwise.each(input, env, out),
            },
            Self::Select(case) => match holds(&*case.run(input, env)?) {
                true => out(Cow::Borrowed(input)),
                false => Ok(()),
            },
            Self::Try(inner) => {
                let mut refused = None;
                let tried = inner.each(input, env, &mut |value| {
                    out(value).inspect_err(|what| refused = Some(what.clone()))
                });
                // Only what is within is tried, not what is made of it.
                match (tried, refused) {
                    (_, Some(what)) => Err(what),
                    _ => Ok(()),
                }
            }
            Self::First(of) => {
                let mut refused = None;
                let gave = of.each(input, env, &mut |value| {
                    refused = Some(out(value));
                    Err(ENOUGH.to_owned())
                });
                match (gave, refused) {
                    (_, Some(taken)) => taken,
                    (gave, None) => gave,
                }
            }
            single => out(single.run(input, env)?),
        }
    }
}

/// Whether a value counts as true.
pub(super) fn holds(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether two values are the same; numbers by what they mean.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || match (left.as_i64(), right.as_i64()) {
                    (Some(left), Some(right)) => left == right,
                    _ => left.as_f64() == right.as_f64(),
                }
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

fn sum<'a>(left: Cow<'a, Value>, right: Cow<'a, Value>) -> Result<Cow<'a, Value>, String> {
    Ok(match (&*left, &*right) {
        (Value::Null, _) => right,
        (_, Value::Null) => left,
        (Value::String(a), Value::String(b)) => Cow::Owned(Value::String(format!("{a}{b}"))),
        (Value::Array(a), Value::Array(b)) => Cow::Owned(a.iter().chain(b).cloned().collect()),
        (Value::Object(_), Value::Object(b)) => {
            let Value::Object(mut all) = left.into_owned() else { return Ok(right) };
            all.extend(b.iter().map(|(key, value)| (key.clone(), value.clone())));
            Cow::Owned(Value::Object(all))
        }
        (Value::Number(a), Value::Number(b)) => {
            let whole = a.as_i64().zip(b.as_i64()).and_then(|(a, b)| a.checked_add(b)).map(Number::from);
            let number = whole.or_else(|| Number::from_f64(a.as_f64()? + b.as_f64()?));
            Cow::Owned(number.map_or(Value::Null, Value::Number))
        }
        (a, b) => return Err(format!("cannot add {} and {}", shown(a), shown(b))),
    })
}

/// An object out of what a filter gives of each entry, as `{key, value}`.
fn entries(of: &Quick, input: &Value, env: Env<'_>) -> Result<Value, String> {
    let Value::Object(map) = input else { return Err(format!("{} has no entries", shown(input))) };
    let mut made = Map::with_capacity(map.len());
    for (key, value) in map {
        env.step()?;
        let mut entry = Map::with_capacity(2);
        entry.insert("key".to_owned(), Value::String(key.clone()));
        entry.insert("value".to_owned(), value.clone());
        of.each(&Value::Object(entry), env, &mut |gave| match gave.into_owned() {
            Value::Object(mut gave) => match gave.remove("key") {
                Some(Value::String(key)) => {
                    made.insert(key, gave.remove("value").unwrap_or_default());
                    Ok(())
                }
                other => Err(format!("{} is no key", shown(&other.unwrap_or_default()))),
            },
            other => Err(format!("{} is no entry", shown(&other))),
        })?;
    }
    Ok(Value::Object(made))
}

/// The one value at the end of steps that each lead to one.
fn walk<'a>(
    mut value: &'a Value,
    steps: &'a [Step],
    input: &'a Value,
    env: Env<'a>,
) -> Result<Cow<'a, Value>, String> {
    for (depth, step) in steps.iter().enumerate() {
        value = go(value, &step.to, &steps[..depth], input, env)?;
    }
    Ok(Cow::Borrowed(value))
}

/// All values at the end of steps.
fn paths(value: &Value, steps: &[Step], input: &Value, env: Env<'_>, out: Out<'_>) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else { return out(Cow::Borrowed(value)) };
    if !matches!(step.to, To::Each) {
        return match go(value, &step.to, &[], input, env) {
            Ok(value) => paths(value, rest, input, env, out),
            Err(_) if step.optional => Ok(()),
            Err(what) => Err(what),
        };
    }
    match value {
        Value::Array(list) => list.iter().try_for_each(|item| {
            env.step()?;
            paths(item, rest, input, env, out)
        }),
        Value::Object(map) => map.values().try_for_each(|item| {
            env.step()?;
            paths(item, rest, input, env, out)
        }),
        _ if step.optional => Ok(()),
        other => Err(format!("{} is no list", shown(other))),
    }
}

/// The value that a step leads to; null where it is not there.
fn go<'v>(
    value: &'v Value,
    to: &To,
    before: &[Step],
    input: &Value,
    env: Env<'_>,
) -> Result<&'v Value, String> {
    let place = |list: &'v [Value], place: i64| {
        let at = if place < 0 { list.len() as i64 + place } else { place };
        usize::try_from(at).ok().and_then(|at| list.get(at)).unwrap_or(&NULL)
    };
    let wrong = |to: String| {
        let path = written(before);
        let path = if path.is_empty() { ".".to_owned() } else { path };
        Err(format!("{path} is {}: it has no {to}", shown(value)))
    };
    match (to, value) {
        (To::Key(_) | To::Place(_), Value::Null) => Ok(&NULL),
        (To::Key(key), Value::Object(map)) => Ok(map.get(key).unwrap_or(&NULL)),
        (To::Place(at), Value::Array(list)) => Ok(place(list, *at)),
        (To::By(by), value) => match (&*by.run(input, env)?, value) {
            (Value::Null | Value::String(_) | Value::Number(_), Value::Null) => Ok(&NULL),
            (Value::String(key), Value::Object(map)) => Ok(map.get(key).unwrap_or(&NULL)),
            (Value::Number(at), Value::Array(list)) if at.is_i64() => {
                Ok(place(list, at.as_i64().unwrap_or(i64::MAX)))
            }
            (by, _) => wrong(flat(by).unwrap_or_else(|| "null".to_owned())),
        },
        (to, _) => wrong(written_step(to)),
    }
}

fn written(steps: &[Step]) -> String {
    steps.iter().map(|step| written_step(&step.to)).collect()
}

fn written_step(to: &To) -> String {
    match to {
        To::Key(key) if key.chars().all(|c| c.is_alphanumeric() || c == '_') => format!(".{key}"),
        To::Key(key) => format!(".{key:?}"),
        To::Place(place) => format!("[{place}]"),
        To::By(_) => "[…]".to_owned(),
        To::Each => "[]".to_owned(),
    }
}
