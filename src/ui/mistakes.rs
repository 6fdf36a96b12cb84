//! What is wrong with a filter, in the operator's language.

use super::look::Look;
use crate::i18n::words::errors;
use crate::query::{Expects, Problem, QueryError};

/// A line about the mistake, with the name that was probably meant.
pub fn told(look: &Look, error: &QueryError) -> String {
    let line = problem(look, &error.problem);
    match &error.nearest {
        Some(name) => format!("{line} {} {}", look.dot(), look.fill(errors::NEAREST, &[("name", name)])),
        None => line,
    }
}

fn problem(look: &Look, problem: &Problem) -> String {
    use Problem as P;
    let say = |word| look.say(word).to_owned();
    match problem {
        P::TooLong { limit } => look.fill(errors::TOO_LONG, &[("n", limit)]),
        P::TooDeep { limit } => look.fill(errors::TOO_DEEP, &[("n", limit)]),
        P::UnknownKey { key } => look.fill(errors::UNKNOWN_KEY, &[("key", key)]),
        P::NoValue { key } => look.fill(errors::NO_VALUE, &[("key", key)]),
        P::BadValue { key, value, expects } => {
            let expects = expected(look, expects);
            look.fill(errors::BAD_VALUE, &[("key", key), ("value", value), ("expects", &expects)])
        }
        P::NoOrder { key } => look.fill(errors::NO_ORDER, &[("key", key)]),
        P::BackwardRange { key } => look.fill(errors::BACKWARD_RANGE, &[("key", key)]),
        P::UnclosedQuote => say(errors::UNCLOSED_QUOTE),
        P::UnclosedParen => say(errors::UNCLOSED_PAREN),
        P::StrayParen => say(errors::STRAY_PAREN),
        P::EmptyParens => say(errors::EMPTY_PARENS),
        P::LoneOr => say(errors::LONE_OR),
        P::LoneAnd => say(errors::LONE_AND),
        P::EmptyText => say(errors::EMPTY_TEXT),
        P::TooMany { limit } => look.fill(errors::TOO_MANY, &[("n", limit)]),
        P::LoneMinus => say(errors::LONE_MINUS),
        P::UnknownSort { key } => look.fill(errors::UNKNOWN_SORT, &[("key", key)]),
    }
}

fn expected(look: &Look, expects: &Expects) -> String {
    let word = match expects {
        Expects::Number => errors::EXPECTS_NUMBER,
        Expects::Money => errors::EXPECTS_MONEY,
        Expects::Ratio => errors::EXPECTS_RATIO,
        Expects::Date => errors::EXPECTS_DATE,
        Expects::Birthday => errors::EXPECTS_BIRTHDAY,
        Expects::Score => errors::EXPECTS_SCORE,
        Expects::OneOf(words) => return look.fill(errors::EXPECTS_ONE_OF, &[("words", &words.join(" "))]),
    };
    look.say(word).to_owned()
}
