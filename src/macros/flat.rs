//! A macro with the steps of those that it calls in their places.

use super::Book;
use super::definition::{Condition, Macro};
use super::fill::Filler;
use super::step::Does;

/// A step, and by what its places are filled.
pub(super) struct Flat<'a> {
    /// What it does.
    pub does: &'a Does,
    /// Where its places find their values.
    pub env: usize,
    /// What has to hold for a record, its callers' conditions first; each with where its places find theirs.
    pub when: Vec<(usize, &'a Condition)>,
}

/// Calls within calls end here; a book has no circles, so that this is reached by nobody.
const DEEPEST: usize = 64;

/// The steps of a macro, with those of the macros that it calls.
pub(super) fn flatten<'a>(book: &'a Book, makes: &'a Macro, filler: &mut Filler<'a>) -> Vec<Flat<'a>> {
    let mut steps = Vec::new();
    walk(book, makes, 0, &[], filler, &mut steps, 0);
    steps
}

fn walk<'a>(
    book: &'a Book,
    makes: &'a Macro,
    env: usize,
    when: &[(usize, &'a Condition)],
    filler: &mut Filler<'a>,
    steps: &mut Vec<Flat<'a>>,
    depth: usize,
) {
    for step in &makes.steps {
        let mut when = when.to_vec();
        when.extend(step.when.as_ref().map(|condition| (env, condition)));
        match &step.does {
            Does::Call(call) => {
                if let Some(called) = book.get(&call.name).filter(|_| depth < DEEPEST) {
                    let inner = filler.enter(env, called, call);
                    walk(book, called, inner, &when, filler, steps, depth + 1);
                }
            }
            does => steps.push(Flat { does, env, when }),
        }
    }
}
