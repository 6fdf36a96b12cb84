//! From text to a term, with the place of what is wrong.

use std::ops::Range;

use jaq_core::load::lex::{Lexer, Token};
use jaq_core::load::parse::{Def, Parser, Term};

use crate::i18n::Line;
use crate::i18n::words::connector as words;

/// A filter that cannot be read, or names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Where, in bytes of the filter's text.
    pub at: Range<usize>,
    /// What is wrong.
    pub what: Box<Line>,
    /// What to do about it.
    pub hint: Option<Box<Line>>,
}

impl Misread {
    /// A mistake at a place.
    pub(super) fn new(at: Range<usize>, what: impl Into<Line>, hint: Option<Line>) -> Self {
        Self { at, what: Box::new(what.into()), hint: hint.map(Box::new) }
    }
}

/// Parses a filter.
///
/// # Errors
/// [`Misread`], the first of them.
pub(super) fn parse(text: &str) -> Result<Term<&str>, Misread> {
    let lexed = Lexer::new(text).lex().map_err(|wrong| {
        let (expected, rest) =
            wrong.into_iter().next().map_or(("", ""), |(expected, rest)| (expected.as_str(), rest));
        let at = place(text, rest);
        misread(at..at + 1, words::JQ_EXPECTED.with("what", expected_word(expected)))
    })?;
    let term = Parser::new(&lexed).parse(|parser| parser.term()).map_err(|wrong| {
        let (expected, found) =
            wrong.into_iter().next().map_or(("", None), |(expected, found)| (expected.as_str(), found));
        let found = Token::opt_as_str(found, text);
        let at = place(text, found);
        let line = words::JQ_EXPECTED.with("what", expected_word(expected));
        misread(at..at + found.len().max(1), line)
    })?;
    no_loops(text, &term, &mut Vec::new())?;
    Ok(term)
}

fn expected_word(word: &str) -> Line {
    Line::from(if word.is_empty() { "?".to_owned() } else { word.to_owned() })
}

fn misread(at: Range<usize>, what: impl Into<Line>) -> Misread {
    Misread::new(at, what, None)
}

/// Where a part of the text begins; its end where it is no part of it.
pub(super) fn place(text: &str, part: &str) -> usize {
    let (start, at) = (text.as_ptr() as usize, part.as_ptr() as usize);
    at.checked_sub(start).filter(|at| *at <= text.len()).unwrap_or(text.len())
}

/// Refuses definitions that call themselves: nothing else could go on for ever unseen.
fn no_loops<'t>(text: &str, term: &Term<&'t str>, within: &mut Vec<(&'t str, usize)>) -> Result<(), Misread> {
    if let Term::Call(name, arguments) = term
        && within.contains(&(*name, arguments.len()))
    {
        let at = place(text, name);
        return Err(Misread::new(
            at..at + name.len(),
            words::JQ_LOOP.with("name", *name),
            Some(words::JQ_LOOP_HINT.into()),
        ));
    }
    if let Term::Def(definitions, rest) = term {
        for Def { name, args, body } in definitions {
            // What an argument is called hides what is around it.
            let hidden: Vec<_> = within.iter().copied().filter(|(outer, _)| !args.contains(outer)).collect();
            let mut inner = hidden;
            if !args.contains(name) {
                inner.push((*name, args.len()));
            }
            no_loops(text, body, &mut inner)?;
        }
        return no_loops(text, rest, within);
    }
    parts(term).into_iter().try_for_each(|part| no_loops(text, part, within))
}

/// The terms that a term is made of.
pub(super) fn parts<S>(term: &Term<S>) -> Vec<&Term<S>> {
    use jaq_core::load::lex::StrPart;
    use jaq_core::path::Part;
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) | Term::Arr(None) => {
            Vec::new()
        }
        Term::Str(_, parts) => parts
            .iter()
            .filter_map(|part| match part {
                StrPart::Term(term) => Some(term),
                _ => None,
            })
            .collect(),
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => vec![inner],
        Term::Obj(entries) => {
            entries.iter().flat_map(|(key, value)| std::iter::once(key).chain(value)).collect()
        }
        Term::BinOp(left, _, right) => vec![left, right],
        Term::Fold(_, over, _, steps) => std::iter::once(&**over).chain(steps).collect(),
        Term::TryCatch(tried, caught) => std::iter::once(&**tried).chain(caught.as_deref()).collect(),
        Term::IfThenElse(cases, otherwise) => {
            cases.iter().flat_map(|(case, then)| [case, then]).chain(otherwise.as_deref()).collect()
        }
        Term::Def(definitions, rest) => {
            definitions.iter().map(|definition| &definition.body).chain([&**rest]).collect()
        }
        Term::Call(_, arguments) => arguments.iter().collect(),
        Term::Path(of, path) => {
            let inner = path.0.iter().flat_map(|(part, _)| match part {
                Part::Index(index) => vec![index],
                Part::Range(from, to) => from.iter().chain(to).collect(),
            });
            std::iter::once(&**of).chain(inner).collect()
        }
    }
}
