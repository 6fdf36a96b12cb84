//! A compiled filter, and the variables that its place offers.

use std::cell::Cell;
use std::sync::Arc;

use jaq_json::Val;
use serde_json::Value;

use super::convert::to_val;
use super::lookup::write_out;
use super::machine::Machine;
use super::parse::{Misread, parse};
use super::quick::Quick;
use super::quick_run::Env;

/// Names of the variables that a place offers, each with its `$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vars(pub &'static [&'static str]);

impl Vars {
    pub(super) fn names(&self) -> &'static [&'static str] {
        self.0
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| *known == name)
    }
}

/// What variables stand for at the moment. One that is not set is null.
#[derive(Clone, Debug, Default)]
pub struct Bindings(Vec<(&'static str, Value)>);

impl Bindings {
    /// The same with one more, or with another value for it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value.into()));
    }

    /// What a variable stands for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The values of the variables of a place, in its order.
    pub(super) fn values(&self, vars: Vars) -> Vec<Value> {
        vars.names().iter().map(|name| self.get(name).cloned().unwrap_or_default()).collect()
    }

    pub(super) fn vals(&self, vars: Vars) -> Vec<Val> {
        vars.names().iter().map(|name| self.get(name).map_or(Val::Null, to_val)).collect()
    }
}

/// A filter that was read. Cheap to clone.
#[derive(Clone)]
pub struct Filter {
    text: Arc<str>,
    vars: Vars,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Quick(Arc<Quick>),
    Jaq(Arc<Machine>),
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filter({:?})", self.text)
    }
}

impl Filter {
    /// Reads a filter that may use the variables of its place.
    ///
    /// # Errors
    /// [`Misread`] with its place.
    pub fn compile(text: &str, vars: Vars) -> Result<Self, Misread> {
        let mut term = parse(text)?;
        write_out(text, &mut term, &vars)?;
        let way = match Quick::of(&term, &vars) {
            Some(quick) => Way::Quick(Arc::new(quick)),
            None => {
                Way::Jaq(Arc::new(Machine::compile(&[(text, term)], &vars).map_err(|(_, misread)| misread)?))
            }
        };
        Ok(Self { text: text.into(), vars, way })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it goes the fast way.
    pub fn is_quick(&self) -> bool {
        matches!(self.way, Way::Quick(_))
    }

    /// All that it gives.
    ///
    /// # Errors
    /// What was met on the way, or that it was stopped.
    pub fn all(&self, input: &Value, bindings: &Bindings) -> Result<Vec<Value>, String> {
        match &self.way {
            Way::Quick(quick) => {
                let (values, steps) = (bindings.values(self.vars), Cell::new(0));
                quick.all(input, Env::new(&values, &steps))
            }
            Way::Jaq(machine) => machine
                .run(input, &bindings.vals(self.vars))
                .into_iter()
                .next()
                .unwrap_or_else(|| Ok(Vec::new())),
        }
    }

    /// The first that it gives; null where it gives nothing.
    ///
    /// # Errors
    /// As [`Filter::all`].
    pub fn one(&self, input: &Value, bindings: &Bindings) -> Result<Value, String> {
        Ok(self.all(input, bindings)?.into_iter().next().unwrap_or_default())
    }

    /// Whether it gives anything but null and false.
    ///
    /// # Errors
    /// As [`Filter::all`].
    pub fn holds(&self, input: &Value, bindings: &Bindings) -> Result<bool, String> {
        Ok(!matches!(self.one(input, bindings)?, Value::Null | Value::Bool(false)))
    }
}
