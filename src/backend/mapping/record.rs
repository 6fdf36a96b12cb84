//! A mapping: from an item of the backend to records, field by field, so that a field that cannot be
//! worked out costs itself alone.

use std::cell::Cell;
use std::sync::Arc;

use jaq_core::load::parse::Term;
use jaq_json::Val;
use serde_json::{Map, Value};

use super::filter::{Bindings, Vars};
use super::lookup::{looked_up, write_out};
use super::machine::{Gave, Machine};
use super::parse::{Misread, parse};
use super::quick::{Quick, entry_name};
use super::quick_run::Env;

/// A mapping that was read. Cheap to clone.
#[derive(Clone)]
pub struct Mapping {
    vars: Vars,
    fields: Arc<[(String, Node)]>,
    /// What of it goes the general way, in one go for all fields.
    machine: Option<Arc<Machine>>,
    /// The whole is one filter, which may give several records, or none.
    whole: bool,
    /// Kinds whose ids or names it looks up.
    lookups: Arc<[String]>,
}

enum Node {
    Quick(Quick),
    Machine(usize),
}

/// One record as mapped, before it is read as one, and the fields that could not be worked out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The record.
    pub item: Value,
    /// Field and what was wrong.
    pub wrong: Vec<(String, String)>,
}

/// Records that one item may come to.
const MOST_ROWS: usize = 100_000;

impl std::fmt::Debug for Mapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.fields.iter().map(|(name, _)| name)).finish()
    }
}

impl Mapping {
    /// Reads a mapping that is one filter: an object of fields, or anything that gives objects.
    ///
    /// # Errors
    /// [`Misread`] with its place.
    pub fn compile(text: &str, vars: Vars) -> Result<Self, Misread> {
        let term = parse(text)?;
        if let Some(entries) = entries(&term) {
            let fields = entries.into_iter().map(|(name, term)| (name, text, term)).collect();
            return Self::of(fields, false, vars).map_err(|(_, misread)| misread);
        }
        Self::of(vec![(String::new(), text, term)], true, vars).map_err(|(_, misread)| misread)
    }

    /// Reads a mapping that is a table of fields, each with its own filter.
    ///
    /// # Errors
    /// [`Misread`] with the number of the field that it is in.
    pub fn fields(fields: &[(String, String)], vars: Vars) -> Result<Self, (usize, Misread)> {
        let parsed = fields.iter().enumerate().map(|(n, (name, text))| {
            Ok((name.clone(), text.as_str(), parse(text).map_err(|misread| (n, misread))?))
        });
        Self::of(parsed.collect::<Result<_, _>>()?, false, vars)
    }

    fn of(
        fields: Vec<(String, &str, Term<&str>)>,
        whole: bool,
        vars: Vars,
    ) -> Result<Self, (usize, Misread)> {
        let (mut nodes, mut slow, mut place) = (Vec::new(), Vec::new(), Vec::new());
        let mut lookups = Vec::new();
        for (n, (name, text, mut term)) in fields.into_iter().enumerate() {
            lookups.extend(looked_up(text));
            write_out(text, &mut term, &vars).map_err(|misread| (n, misread))?;
            let node = match Quick::of(&term, &vars) {
                Some(quick) => Node::Quick(quick),
                None => {
                    slow.push((text, term));
                    place.push(n);
                    Node::Machine(slow.len() - 1)
                }
            };
            nodes.push((name, node));
        }
        let machine = match slow.is_empty() {
            true => None,
            false => {
                let compiled = Machine::compile(&slow, &vars);
                Some(Arc::new(
                    compiled.map_err(|(n, misread)| (place.get(n).copied().unwrap_or(0), misread))?,
                ))
            }
        };
        lookups.sort();
        lookups.dedup();
        Ok(Self { vars, fields: nodes.into(), machine, whole, lookups: lookups.into() })
    }

    /// Whether all of it goes the fast way.
    pub fn is_quick(&self) -> bool {
        self.machine.is_none()
    }

    /// Whether records may get a field by it: not, where its fields are named and this is none of them.
    pub fn gives(&self, field: &str) -> bool {
        self.whole || self.fields.iter().any(|(name, _)| name == field)
    }

    /// Kinds whose ids or names it looks up.
    pub fn lookups(&self) -> impl Iterator<Item = String> {
        self.lookups.iter().cloned()
    }

    /// Prepares to map many items with the same variables.
    pub fn bind(&self, bindings: &Bindings) -> Bound<'_> {
        let vals = if self.is_quick() { Vec::new() } else { bindings.vals(self.vars) };
        Bound { mapping: self, values: bindings.values(self.vars), vals }
    }
}

/// A mapping with its variables set.
pub struct Bound<'m> {
    mapping: &'m Mapping,
    values: Vec<Value>,
    vals: Vec<Val>,
}

impl Bound<'_> {
    /// The records that an item comes to; none where the mapping passes over it.
    ///
    /// # Errors
    /// Where the whole could not be worked out.
    pub fn rows(&self, input: &Value) -> Result<Vec<Row>, String> {
        let slow =
            self.mapping.machine.as_ref().map(|machine| machine.run(input, &self.vals)).unwrap_or_default();
        if let [only] = &slow[..]
            && self.mapping.machine.is_some()
            && self.mapping.fields.len() > 1
            && slow.len()
                != self.mapping.fields.iter().filter(|(_, node)| matches!(node, Node::Machine(_))).count()
        {
            only.clone()?; // the run itself was stopped
        }
        let steps = Cell::new(0);
        let env = Env::new(&self.values, &steps);
        let mut item = Map::with_capacity(self.mapping.fields.len());
        let mut rows: Vec<Row> = Vec::new();
        let mut wrong = Vec::new();
        for (name, node) in self.mapping.fields.iter() {
            let gave: Gave = match node {
                Node::Quick(quick) if !self.mapping.whole && rows.is_empty() && quick.is_single() => {
                    // Most fields: one value of one record.
                    match quick.run(input, env) {
                        Ok(value) => drop(item.insert(name.clone(), value.into_owned())),
                        Err(what) => wrong.push((name.clone(), what)),
                    }
                    continue;
                }
                Node::Quick(quick) => quick.all(input, env),
                Node::Machine(n) => slow.get(*n).cloned().unwrap_or_else(|| Err("it was stopped".to_owned())),
            };
            if self.mapping.whole {
                return Ok(gave?
                    .into_iter()
                    .filter(|item| !item.is_null())
                    .map(|item| Row { item, wrong: Vec::new() })
                    .collect());
            }
            match gave {
                Err(what) if rows.is_empty() => wrong.push((name.clone(), what)),
                Err(what) => rows.iter_mut().for_each(|row| row.wrong.push((name.clone(), what.clone()))),
                Ok(values) => match <[Value; 1]>::try_from(values) {
                    Ok([value]) if rows.is_empty() => drop(item.insert(name.clone(), value)),
                    Ok(values) => rows = times(rows, name, values.to_vec())?,
                    Err(values) => {
                        if rows.is_empty() {
                            let (item, wrong) = (std::mem::take(&mut item), std::mem::take(&mut wrong));
                            rows.push(Row { item: Value::Object(item), wrong });
                        }
                        rows = times(rows, name, values)?;
                        if rows.is_empty() {
                            return Ok(rows);
                        }
                    }
                },
            }
        }
        if rows.is_empty() {
            rows.push(Row { item: Value::Object(item), wrong });
        }
        Ok(rows)
    }
}

/// Each row with each value, as jq does with objects.
fn times(mut rows: Vec<Row>, name: &str, values: Vec<Value>) -> Result<Vec<Row>, String> {
    let set = |row: &mut Row, value: Value| {
        if let Value::Object(map) = &mut row.item {
            map.insert(name.to_owned(), value);
        }
    };
    if values.len() == 1 {
        for value in values {
            rows.iter_mut().for_each(|row| set(row, value.clone()));
        }
        return Ok(rows);
    }
    if rows.len().saturating_mul(values.len()) > MOST_ROWS {
        return Err(format!("one item comes to more than {MOST_ROWS} records"));
    }
    let one = |row: Row| {
        values.iter().map(move |value| {
            let mut row = row.clone();
            set(&mut row, value.clone());
            row
        })
    };
    Ok(rows.into_iter().flat_map(one).collect())
}

/// The fields of an object whose names are all written there.
fn entries<'t>(term: &Term<&'t str>) -> Option<Vec<(String, Term<&'t str>)>> {
    let Term::Obj(entries) = term else { return None };
    let entry = |(key, value): &(Term<&'t str>, Option<Term<&'t str>>)| {
        let name = entry_name(key)?;
        let value = match (key, value) {
            (_, Some(value)) => value.clone(),
            (Term::Var(_), None) => key.clone(),
            (_, None) => {
                use jaq_core::path::{Opt, Part, Path};
                Term::Path(Box::new(Term::Id), Path(vec![(Part::Index(key.clone()), Opt::Essential)]))
            }
        };
        Some((name, value))
    };
    let all: Vec<_> = entries.iter().map(entry).collect::<Option<_>>()?;
    let mut names: Vec<_> = all.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    (names.len() == all.len()).then_some(all)
}
