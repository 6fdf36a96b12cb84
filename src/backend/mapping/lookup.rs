//! `lookup($kind)` and `name_of($kind)`: from a name to an id and back, by records that were pulled.
//!
//! Both are written out before a filter is compiled: `lookup("tags")` is `$ids.tags.ids[.]`, and
//! `name_of("tags")` is `$ids.tags.names[.]`, with null for what is not there. Whoever runs the filter
//! sets `$ids` for the kinds that [`looked_up`] names.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Term};
use jaq_core::path::{Opt, Part, Path};

use super::filter::Vars;
use super::parse::{Misread, place};
use crate::i18n::words::connector as words;

/// The variable that both are read from.
const IDS: &str = "$ids";

/// The table that a name stands for.
pub(super) fn table(name: &str) -> Option<&'static str> {
    match name {
        "lookup" => Some("ids"),
        "name_of" => Some("names"),
        _ => None,
    }
}

/// The kinds that a filter's text looks up.
pub fn looked_up(text: &str) -> impl Iterator<Item = String> {
    let mut kinds = Vec::new();
    for name in ["lookup", "name_of"] {
        for (at, _) in text.match_indices(name) {
            let rest = text[at + name.len()..].trim_start().strip_prefix('(').map(str::trim_start);
            let kind = rest.and_then(|rest| rest.strip_prefix('"')?.split('"').next());
            kinds.extend(kind.map(str::to_owned));
        }
    }
    kinds.into_iter()
}

/// Writes them out within a term, for what the general way compiles.
///
/// # Errors
/// [`Misread`] where a place has no `$ids`, or the kind is no text.
pub(super) fn write_out(text: &str, term: &mut Term<&str>, vars: &Vars) -> Result<(), Misread> {
    if let Term::Call(name, arguments) = term
        && let Some(table) = table(name)
        && let [kind] = &arguments[..]
    {
        let at = place(text, name);
        let at = at..at + name.len();
        if vars.place(IDS).is_none() {
            return Err(Misread::new(at, words::LOOKUP_HERE.with("name", *name), None));
        }
        if !matches!(kind, Term::Str(None, parts) if matches!(parts[..], [StrPart::Str(_)])) {
            return Err(Misread::new(at, words::LOOKUP_TEXT.with("name", *name), None));
        }
        let text_of = Term::BinOp(
            Box::new(Term::BinOp(
                Box::new(Term::Id),
                BinaryOp::Alt,
                Box::new(Term::Str(None, vec![StrPart::Str("")])),
            )),
            BinaryOp::Pipe(None),
            Box::new(Term::Call("tostring", Vec::new())),
        );
        let key = |text| Part::Index(Term::Str(None, vec![StrPart::Str(text)]));
        let path = vec![
            (Part::Index(kind.clone()), Opt::Essential),
            (key(table), Opt::Essential),
            (Part::Index(text_of), Opt::Essential),
        ];
        *term = Term::Path(Box::new(Term::Var(IDS)), Path(path));
        return Ok(());
    }
    inner(term).into_iter().try_for_each(|part| write_out(text, part, vars))
}

/// The terms that a term is made of, to be changed.
fn inner<'a, 't>(term: &'a mut Term<&'t str>) -> Vec<&'a mut Term<&'t str>> {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) | Term::Arr(None) => {
            Vec::new()
        }
        Term::Str(_, parts) => parts
            .iter_mut()
            .filter_map(|part| match part {
                StrPart::Term(term) => Some(term),
                _ => None,
            })
            .collect(),
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => vec![inner],
        Term::Obj(entries) => {
            entries.iter_mut().flat_map(|(key, value)| std::iter::once(key).chain(value)).collect()
        }
        Term::BinOp(left, _, right) => vec![left, right],
        Term::Fold(_, over, _, steps) => std::iter::once(&mut **over).chain(steps).collect(),
        Term::TryCatch(tried, caught) => std::iter::once(&mut **tried).chain(caught.as_deref_mut()).collect(),
        Term::IfThenElse(cases, otherwise) => {
            cases.iter_mut().flat_map(|(case, then)| [case, then]).chain(otherwise.as_deref_mut()).collect()
        }
        Term::Def(definitions, rest) => {
            let bodies = definitions.iter_mut().map(|Def { body, .. }| body);
            bodies.chain([&mut **rest]).collect()
        }
        Term::Call(_, arguments) => arguments.iter_mut().collect(),
        Term::Path(of, path) => {
            let parts = path.0.iter_mut().flat_map(|(part, _)| match part {
                Part::Index(index) => vec![index],
                Part::Range(from, to) => from.iter_mut().chain(to).collect(),
            });
            std::iter::once(&mut **of).chain(parts).collect()
        }
    }
}
