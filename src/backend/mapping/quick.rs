//! The fast way of most mappings: what of jq works on the value as it lies there, with nothing copied
//! that need not be. What is not among these goes to jaq, which a test holds this way to.
//!
//! ```text
//! term ──of──▶ Quick ──run──▶ one value            paths, objects, constants, `//`, helpers, words for codes
//!                    └─each──▶ any number of them   `,`, `.[]`, `select`, `as`
//! ```

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::{Cmp, Math};
use jaq_core::path::{Opt, Part};
use serde_json::{Map, Number, Value};

use super::filter::Vars;
use super::helpers::{Helper, helper};
use super::quick_run::Plain;

/// A filter that goes the fast way.
#[derive(Debug)]
pub(super) enum Quick {
    /// The input.
    Input,
    /// A variable of the place, by its number.
    Variable(usize),
    /// A variable of the filter: so many `as` further out.
    Local(usize),
    /// A constant.
    Constant(Value),
    /// A path from what another gives.
    Path(Box<Quick>, Vec<Step>),
    /// An object whose values are one each.
    Object(Vec<(String, Quick)>),
    /// A list of all that another gives.
    Array(Box<Quick>),
    /// What is neither null nor false nor an error of the first; else the second.
    Or(Box<Quick>, Box<Quick>),
    /// The one with what the other gives as its input.
    Pipe(Box<Quick>, Box<Quick>),
    /// The second with what the first gives as a variable.
    Let(Box<Quick>, Box<Quick>),
    /// All of the first, then all of the second.
    Comma(Box<Quick>, Box<Quick>),
    /// Where the first holds the second, else the third.
    If(Box<Quick>, Box<Quick>, Box<Quick>),
    /// Whether both are the same; or not.
    Same(Box<Quick>, Box<Quick>, bool),
    /// Whether both hold.
    And(Box<Quick>, Box<Quick>),
    /// Whether one of them holds.
    Either(Box<Quick>, Box<Quick>),
    /// Both together.
    Add(Box<Quick>, Box<Quick>),
    /// A text with others in it.
    Text(Vec<Quick>),
    /// The same, and nothing where it fails.
    Try(Box<Quick>),
    /// The input where the other holds.
    Select(Box<Quick>),
    /// The first that another gives.
    First(Box<Quick>),
    /// An object out of what the other gives of each entry.
    Entries(Box<Quick>),
    /// Nothing.
    Nothing,
    /// A plain filter of jq on the input.
    Plain(Plain, Option<Box<Quick>>),
    /// A helper on the input.
    Help(&'static Helper, Vec<Quick>),
}

impl std::fmt::Debug for Helper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A step of a path; whether it gives nothing where it cannot be taken.
#[derive(Debug)]
pub(super) struct Step {
    pub to: To,
    pub optional: bool,
}

/// Where a step leads.
#[derive(Debug)]
pub(super) enum To {
    Key(String),
    Place(i64),
    /// By what another gives for the path's own input.
    By(Quick),
    /// To each member.
    Each,
}

impl Quick {
    /// The term in this form, where it has one. `vars` are the variables of the filter's place.
    pub fn of(term: &Term<&str>, vars: &Vars) -> Option<Self> {
        Self::within(term, vars, &[])
    }

    /// The same where it gives exactly one value.
    fn one(term: &Term<&str>, vars: &Vars, locals: &[&str]) -> Option<Self> {
        Self::within(term, vars, locals).filter(Self::is_single)
    }

    /// The same, where the filter has bound `locals` by `as`, the innermost last.
    fn within(term: &Term<&str>, vars: &Vars, locals: &[&str]) -> Option<Self> {
        let boxed = |quick: Self| Box::new(quick);
        Some(match term {
            Term::Id => Self::Input,
            Term::Var(name) => match locals.iter().rev().position(|local| local == name) {
                Some(out) => Self::Local(out),
                None => Self::Variable(vars.place(name)?),
            },
            Term::Num(digits) => Self::Constant(Value::Number(digits.parse::<Number>().ok()?)),
            Term::Neg(inner) => match Self::one(inner, vars, locals)? {
                Self::Constant(Value::Number(number)) => {
                    Self::Constant(Value::Number(format!("-{number}").parse().ok()?))
                }
                _ => return None,
            },
            Term::Str(None, parts) => match literal(parts) {
                Some(text) => Self::Constant(Value::String(text)),
                None => Self::Text(texts(parts, vars, locals)?),
            },
            Term::Arr(None) => Self::Constant(Value::Array(Vec::new())),
            Term::Arr(Some(inner)) => Self::Array(boxed(Self::within(inner, vars, locals)?)),
            Term::Path(of, path) => {
                let of = Self::within(of, vars, locals)?;
                let mut steps = Vec::new();
                for (part, opt) in &path.0 {
                    steps
                        .push(Step { to: step(part, vars, locals)?, optional: matches!(opt, Opt::Optional) });
                }
                Self::Path(boxed(of), steps)
            }
            Term::Obj(entries) => {
                let mut all = Vec::new();
                for (key, value) in entries {
                    all.push(Self::entry(key, value.as_ref(), vars, locals)?);
                }
                folded(all)
            }
            Term::BinOp(left, op, right) => return Self::both(left, op, right, vars, locals),
            Term::TryCatch(inner, None) => Self::Try(boxed(Self::within(inner, vars, locals)?)),
            Term::IfThenElse(cases, otherwise) => {
                let mut last = match otherwise {
                    Some(otherwise) => Self::within(otherwise, vars, locals)?,
                    None => Self::Input,
                };
                for (case, then) in cases.iter().rev() {
                    let (case, then) = (Self::one(case, vars, locals)?, Self::within(then, vars, locals)?);
                    last = Self::If(boxed(case), boxed(then), boxed(last));
                }
                last
            }
            Term::Call(name, arguments) => return Self::call(name, arguments, vars, locals),
            _ => return None,
        })
    }

    fn both(
        left: &Term<&str>,
        op: &BinaryOp<&str>,
        right: &Term<&str>,
        vars: &Vars,
        locals: &[&str],
    ) -> Option<Self> {
        let boxed = |quick: Self| Box::new(quick);
        if let BinaryOp::Pipe(Some(pattern)) = op {
            let Pattern::Var(name) = pattern else { return None };
            let source = Self::within(left, vars, locals)?;
            let inner = [locals, &[*name]].concat();
            return Some(Self::Let(boxed(source), boxed(Self::within(right, vars, &inner)?)));
        }
        let many = matches!(op, BinaryOp::Alt | BinaryOp::Pipe(None) | BinaryOp::Comma);
        let read = if many { Self::within } else { Self::one };
        let (left, right) = (boxed(read(left, vars, locals)?), boxed(read(right, vars, locals)?));
        Some(match op {
            BinaryOp::Alt => Self::Or(left, right),
            BinaryOp::Pipe(None) => Self::Pipe(left, right),
            BinaryOp::Comma => Self::Comma(left, right),
            BinaryOp::And => Self::And(left, right),
            BinaryOp::Or => Self::Either(left, right),
            BinaryOp::Cmp(Cmp::Eq) => Self::Same(left, right, true),
            BinaryOp::Cmp(Cmp::Ne) => Self::Same(left, right, false),
            BinaryOp::Math(Math::Add) => Self::Add(left, right),
            _ => return None,
        })
    }

    fn call(name: &str, arguments: &[Term<&str>], vars: &Vars, locals: &[&str]) -> Option<Self> {
        match (name, arguments) {
            ("null", []) => return Some(Self::Constant(Value::Null)),
            ("true", []) => return Some(Self::Constant(true.into())),
            ("false", []) => return Some(Self::Constant(false.into())),
            ("empty", []) => return Some(Self::Nothing),
            ("select", [holds]) => return Some(Self::Select(Box::new(Self::one(holds, vars, locals)?))),
            ("first", [of]) => return Some(Self::First(Box::new(Self::within(of, vars, locals)?))),
            ("with_entries", [inner]) => {
                return Some(Self::Entries(Box::new(Self::within(inner, vars, locals)?)));
            }
            ("map", [inner]) => {
                let each = Self::Path(Box::new(Self::Input), vec![Step { to: To::Each, optional: false }]);
                let inner = Self::within(inner, vars, locals)?;
                return Some(Self::Array(Box::new(Self::Pipe(Box::new(each), Box::new(inner)))));
            }
            ("values", []) => {
                let null = Self::Constant(Value::Null);
                let holds = Self::Same(Box::new(Self::Input), Box::new(null), false);
                return Some(Self::Select(Box::new(holds)));
            }
            _ => {}
        }
        if let Some((plain, arity)) = Plain::named(name)
            && arity == arguments.len()
        {
            let argument = match arguments.first() {
                Some(argument) => Some(Box::new(Self::one(argument, vars, locals)?)),
                None => None,
            };
            return Some(Self::Plain(plain, argument));
        }
        let helper = helper(name, arguments.len())?;
        let mut given = Vec::new();
        for argument in arguments {
            given.push(Self::one(argument, vars, locals)?);
        }
        Some(Self::Help(helper, given))
    }

    /// One entry of an object: `key: value`, or `key` alone.
    fn entry(
        key: &Term<&str>,
        value: Option<&Term<&str>>,
        vars: &Vars,
        locals: &[&str],
    ) -> Option<(String, Self)> {
        let name = entry_name(key)?;
        let value = match (key, value) {
            (_, Some(value)) => Self::one(value, vars, locals)?,
            (Term::Var(_), None) => Self::one(key, vars, locals)?,
            (_, None) => {
                let step = Step { to: To::Key(name.clone()), optional: false };
                Self::Path(Box::new(Self::Input), vec![step])
            }
        };
        Some((name, value))
    }

    /// Whether it gives one value, whatever its input, or fails.
    pub fn is_single(&self) -> bool {
        match self {
            Self::Input
            | Self::Variable(_)
            | Self::Local(_)
            | Self::Constant(_)
            | Self::Object(_)
            | Self::Array(_)
            | Self::Same(..)
            | Self::And(..)
            | Self::Either(..)
            | Self::Add(..)
            | Self::Text(_)
            | Self::Entries(_)
            | Self::Plain(..)
            | Self::Help(..) => true,
            Self::Comma(..) | Self::Try(_) | Self::Select(_) | Self::First(_) | Self::Nothing => false,
            Self::Path(of, steps) => {
                of.is_single() && steps.iter().all(|step| !step.optional && !matches!(step.to, To::Each))
            }
            // What gives nothing, or fails, is answered by the second.
            Self::Or(left, right) => right.is_single() && left.at_most_one(),
            Self::Pipe(left, right) | Self::Let(left, right) => left.is_single() && right.is_single(),
            Self::If(_, then, otherwise) => then.is_single() && otherwise.is_single(),
        }
    }

    /// Whether it gives no more than one value.
    fn at_most_one(&self) -> bool {
        match self {
            Self::Nothing | Self::Select(_) | Self::First(_) => true,
            Self::Try(inner) => inner.at_most_one(),
            Self::Comma(..) => false,
            Self::Path(of, steps) => {
                of.at_most_one() && steps.iter().all(|step| !matches!(step.to, To::Each))
            }
            Self::Or(left, right) | Self::Pipe(left, right) | Self::Let(left, right) => {
                left.at_most_one() && right.at_most_one()
            }
            Self::If(_, then, otherwise) => then.at_most_one() && otherwise.at_most_one(),
            _ => true,
        }
    }
}

/// An object; a constant where all of it is.
fn folded(entries: Vec<(String, Quick)>) -> Quick {
    if entries.iter().any(|(_, value)| !matches!(value, Quick::Constant(_))) {
        return Quick::Object(entries);
    }
    let constant = |(name, value)| match value {
        Quick::Constant(value) => (name, value),
        _ => (name, Value::Null), // all of them are
    };
    Quick::Constant(Value::Object(entries.into_iter().map(constant).collect::<Map<_, _>>()))
}

fn step(part: &Part<Term<&str>>, vars: &Vars, locals: &[&str]) -> Option<To> {
    match part {
        Part::Range(None, None) => Some(To::Each),
        Part::Range(..) => None,
        Part::Index(index) => Some(match index {
            Term::Str(None, parts) if literal(parts).is_some() => To::Key(literal(parts)?),
            Term::Num(digits) => To::Place(digits.parse().ok()?),
            Term::Neg(inner) => match &**inner {
                Term::Num(digits) => To::Place(-digits.parse::<i64>().ok()?),
                _ => return None,
            },
            other => To::By(Quick::one(other, vars, locals)?),
        }),
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

/// The parts of a text with filters in it.
fn texts(parts: &[StrPart<&str, Term<&str>>], vars: &Vars, locals: &[&str]) -> Option<Vec<Quick>> {
    let mut all = Vec::new();
    for part in parts {
        all.push(match part {
            StrPart::Str(text) => Quick::Constant(Value::String((*text).to_owned())),
            StrPart::Char(c) => Quick::Constant(Value::String(c.to_string())),
            StrPart::Term(term) => Quick::one(term, vars, locals)?,
        });
    }
    Some(all)
}
