//! The general way: jaq, compiled once, run under a budget.
//!
//! One machine holds the terms of one mapping. Its library is jq's, without what reaches the machine
//! (`env`, `input`, `halt`, `debug`) and with the helpers. Loops of the library count their rounds:
//! a `step` is put in front of every definition that calls itself, behind `range`, and behind each
//! round of `reduce` and `foreach`.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jaq_core::data::HasLut;
use jaq_core::load::parse::{BinaryOp, Def, Term};
use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{Fun, bome, run as native, v};
use jaq_core::{Compiler, Ctx, DataT, Error, Lut, unwrap_valr};
use jaq_json::Val;
use serde_json::Value;

use super::budget::{Budget, LONGEST_TEXT};
use super::convert::{to_val, to_value};
use super::filter::Vars;
use super::helpers::{ALL, names};
use super::parse::{Misread, parts, place};
use crate::i18n::words::{config, connector as words};
use crate::reading::{meant, nearest};

/// What filters work on.
pub(super) struct Kind;

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = Run<'a>;
}

/// What one run has beside its input.
#[derive(Clone)]
pub(super) struct Run<'a> {
    lut: &'a Lut<Kind>,
    budget: &'a Budget,
}

impl<'a> HasLut<'a, Kind> for Run<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// Compiled terms: run, each gives a list of values or an error.
pub(super) struct Machine {
    filter: jaq_core::Filter<Kind>,
}

/// What one term gave.
pub(super) type Gave = Result<Vec<Value>, String>;

/// Natives that a filter may not have: they reach the machine, end the process, or print.
const WITHHELD: &[&str] =
    &["env", "halt", "stderr_empty", "debug_empty", "range", "splits_", "input", "inputs"];

/// What is ours in front of the library.
const OURS: &str = "def range($from; $to; $by): range_($from; $to; $by) | step_;";

impl Machine {
    /// Compiles terms, each with the text that it was read from.
    ///
    /// # Errors
    /// [`Misread`] with the number of the term that it is in.
    pub fn compile(terms: &[(&str, Term<&str>)], vars: &Vars) -> Result<Self, (usize, Misread)> {
        let names: Vec<String> = (0..terms.len()).map(|n| format!("entry_{n}_")).collect();
        let mut library: Vec<Def<&str>> = library();
        for ((_, term), name) in terms.iter().zip(&names) {
            let mut body = term.clone();
            watch(&mut body);
            library.push(Def { name, args: vars.names().to_vec(), body });
        }
        let given = vars.names().join("; ");
        let call = |name: &String| {
            let call = if given.is_empty() { name.clone() } else { format!("{name}({given})") };
            format!("(try [{call}] catch {{\"!\": .}})")
        };
        let code = format!("[{}]", names.iter().map(call).collect::<Vec<_>>().join(", "));
        let arena = Arena::default();
        let loader = Loader::new(library);
        let modules =
            loader.load(&arena, File { code: code.as_str(), path: () }).map_err(|_| (0, unreadable()))?; // the code is ours
        let compiler =
            Compiler::default().with_funs(natives()).with_global_vars(vars.names().iter().copied());
        let filter = compiler.compile(modules).map_err(|errors| {
            let wrong = errors.into_iter().flat_map(|(_, wrong)| wrong).next();
            let Some((symbol, undefined)) = wrong else { return (0, unreadable()) };
            let holds = |text: &str| {
                let (start, at) = (text.as_ptr() as usize, symbol.as_ptr() as usize);
                (start..=start + text.len()).contains(&at)
            };
            let Some(n) = terms.iter().position(|(text, _)| holds(text)) else { return (0, unreadable()) };
            let at = place(terms[n].0, symbol);
            (n, undefined_symbol(at..at + symbol.len(), symbol, undefined.as_str(), vars))
        })?;
        Ok(Self { filter })
    }

    /// Runs all terms on an input.
    pub fn run(&self, input: &Value, vars: &[Val]) -> Vec<Gave> {
        let budget = Budget::new();
        let data = Run { lut: &self.filter.lut, budget: &budget };
        let context = Ctx::<Kind>::new(data, jaq_core::Vars::new(vars.iter().cloned()));
        let mut out = self.filter.id.run((context, to_val(input))).map(unwrap_valr);
        match out.next() {
            Some(Ok(Val::Arr(all))) => all.iter().map(gave).collect(),
            Some(Ok(_)) | None => Vec::new(),
            Some(Err(error)) => vec![Err(error.to_string())],
        }
    }
}

fn gave(entry: &Val) -> Gave {
    match entry {
        Val::Arr(values) => values.iter().map(to_value).collect(),
        Val::Obj(caught) => Err(caught.values().next().map_or_else(String::new, |what| match what {
            Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
            other => other.to_string(),
        })),
        other => Ok(vec![to_value(other)?]),
    }
}

fn unreadable() -> Misread {
    Misread::new(0..1, words::JQ_UNREADABLE, None)
}

fn undefined_symbol(at: std::ops::Range<usize>, symbol: &str, kind: &str, vars: &Vars) -> Misread {
    let filters = || {
        let own = names().map(|name| name.split('(').next().unwrap_or(name));
        let known: BTreeSet<&str> = known().iter().map(String::as_str).chain(own).collect();
        nearest(symbol, known)
    };
    if kind == "variable" {
        let hint = match nearest(symbol, vars.names().iter().copied()) {
            Some(near) => meant(config::MEANT, near),
            None => words::VARIABLES_ARE.with("names", vars.names().join(", ")),
        };
        return Misread::new(at, words::JQ_NO_VARIABLE.with("name", symbol), Some(hint));
    }
    let hint = filters().map_or_else(
        || words::HELPERS_ARE.with("names", names().collect::<Vec<_>>().join(", ")),
        |near| meant(config::MEANT, near),
    );
    Misread::new(at, words::JQ_NO_FILTER.with("name", symbol), Some(hint))
}

/// Names of the library.
fn known() -> &'static BTreeSet<String> {
    static KNOWN: OnceLock<BTreeSet<String>> = OnceLock::new();
    KNOWN.get_or_init(|| library().iter().map(|definition| definition.name.to_owned()).collect())
}

/// jq's library with its loops watched, and ours.
fn library() -> Vec<Def<&'static str>> {
    let ours = jaq_core::load::parse(OURS, |parser| parser.defs()).unwrap_or_default();
    let all = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let withheld = ["halt", "halt_error", "debug", "stderr", "input", "inputs"];
    ours.into_iter()
        .chain(all.filter(|definition| !withheld.contains(&definition.name)))
        .map(|mut definition| {
            watch_definition(&mut definition);
            definition
        })
        .collect()
}

/// Puts a step in front of a definition that calls itself, and of those within it.
fn watch_definition(definition: &mut Def<&str>) {
    watch(&mut definition.body);
    if calls(&definition.body, definition.name, definition.args.len()) {
        let body = std::mem::take(&mut definition.body);
        definition.body = pipe(Term::Call("step_", Vec::new()), body);
    }
}

fn calls(term: &Term<&str>, name: &str, arity: usize) -> bool {
    matches!(term, Term::Call(called, given) if *called == name && given.len() == arity)
        || parts(term).into_iter().any(|part| calls(part, name, arity))
}

fn pipe<'t>(left: Term<&'t str>, right: Term<&'t str>) -> Term<&'t str> {
    Term::BinOp(Box::new(left), BinaryOp::Pipe(None), Box::new(right))
}

/// Watches the loops within a term: definitions that call themselves, rounds of `reduce` and
/// `foreach`, and texts that are repeated by `*`.
fn watch(term: &mut Term<&str>) {
    use jaq_core::load::lex::StrPart;
    use jaq_core::path::Part;
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) | Term::Arr(None) => {}
        Term::Str(_, parts) => parts.iter_mut().for_each(|part| {
            if let StrPart::Term(term) = part {
                watch(term);
            }
        }),
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => watch(inner),
        Term::Obj(entries) => entries.iter_mut().for_each(|(key, value)| {
            watch(key);
            value.iter_mut().for_each(watch);
        }),
        Term::BinOp(left, op, right) => {
            watch(left);
            watch(right);
            if matches!(op, BinaryOp::Math(jaq_core::ops::Math::Mul)) {
                let (left, right) = (std::mem::take(&mut **left), std::mem::take(&mut **right));
                *term = Term::Call("times_", vec![left, right]);
            }
        }
        Term::Fold(_, over, _, steps) => {
            watch(over);
            steps.iter_mut().for_each(watch);
            if let Some(update) = steps.get_mut(1) {
                let body = std::mem::take(update);
                *update = pipe(body, Term::Call("step_", Vec::new()));
            }
        }
        Term::TryCatch(tried, caught) => {
            watch(tried);
            caught.iter_mut().for_each(|caught| watch(caught));
        }
        Term::IfThenElse(cases, otherwise) => {
            cases.iter_mut().for_each(|(case, then)| {
                watch(case);
                watch(then);
            });
            otherwise.iter_mut().for_each(|otherwise| watch(otherwise));
        }
        Term::Def(definitions, rest) => {
            definitions.iter_mut().for_each(watch_definition);
            watch(rest);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(watch),
        Term::Path(of, path) => {
            watch(of);
            path.0.iter_mut().for_each(|(part, _)| match part {
                Part::Index(index) => watch(index),
                Part::Range(from, to) => from.iter_mut().chain(to).for_each(watch),
            });
        }
    }
}

/// The natives: jaq's without those that are withheld, the watch, and the helpers.
fn natives() -> Vec<Fun<Kind>> {
    let all = jaq_core::funs::<Kind>().chain(jaq_std::funs::<Kind>()).chain(jaq_json::funs::<Kind>());
    let mut natives: Vec<Fun<Kind>> = all
        .filter_map(|(name, arguments, run)| match name {
            "range" => Some(("range_", arguments, run)),
            name if WITHHELD.contains(&name) => None,
            name => Some((name, arguments, run)),
        })
        .collect();
    natives.push(native(("step_", v(0), |cv| {
        let stopped = cv.0.data().budget.step(&cv.1);
        bome(stopped.map(|()| cv.1).map_err(Error::str))
    })));
    natives.push(native(("times_", v(2), |mut cv| {
        let right = cv.0.pop_var();
        let left = cv.0.pop_var();
        let repeated = |text: &Val, times: &Val| match (text, times) {
            (Val::TStr(text), Val::Num(times)) => {
                times.as_isize().unwrap_or(isize::MAX).max(0).unsigned_abs().saturating_mul(text.len())
            }
            _ => 0,
        };
        if repeated(&left, &right).max(repeated(&right, &left)) > LONGEST_TEXT {
            return bome(Err(Error::str(format_args!("stopped: a text would grow beyond {LONGEST_TEXT}"))));
        }
        bome(left * right)
    })));
    natives.extend(helper_natives());
    natives
}

/// The helpers as natives: their arguments come last first.
fn helper_natives() -> Vec<Fun<Kind>> {
    macro_rules! one {
        ($place:literal) => {
            native((ALL[$place].name, v(ALL[$place].arity), |mut cv| {
                let helper = &ALL[$place];
                let mut given: Vec<Val> = (0..helper.arity).map(|_| cv.0.pop_var()).collect();
                given.reverse();
                let called = to_value(&cv.1).and_then(|input| {
                    let given = given.iter().map(to_value).collect::<Result<Vec<_>, _>>()?;
                    (helper.call)(&input, &given)
                });
                let name = helper.name;
                bome(
                    called
                        .map(|value| to_val(&value))
                        .map_err(|what| Error::str(format_args!("{name}: {what}"))),
                )
            }))
        };
    }
    let all = vec![
        one!(0),
        one!(1),
        one!(2),
        one!(3),
        one!(4),
        one!(5),
        one!(6),
        one!(7),
        one!(8),
        one!(9),
        one!(10),
        one!(11),
        one!(12),
        one!(13),
        one!(14),
        one!(15),
        one!(16),
        one!(17),
        one!(18),
        one!(19),
        one!(20),
        one!(21),
        one!(22),
        one!(23),
    ];
    debug_assert_eq!(all.len(), ALL.len(), "each helper has its native");
    all
}
