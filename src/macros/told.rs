//! What the languages of commands and of filters find wrong, as lines in both languages: for every file
//! that a person writes either in.

use crate::command::CommandError;
use crate::i18n::words::{config as words, errors};
use crate::i18n::{Line, Word};
use crate::query::{Expects, Problem};
use crate::reading::{meant, quoted};

/// What is wrong with a filter or an order.
pub fn filter(problem: &Problem) -> Line {
    use Problem as P;
    let of = |word: Word, key: &str| word.with("key", key);
    let zh: Line = match problem {
        P::TooLong { limit } => errors::TOO_LONG.with("n", limit.to_string()),
        P::TooDeep { limit } => errors::TOO_DEEP.with("n", limit.to_string()),
        P::UnknownKey { key } => of(errors::UNKNOWN_KEY, key),
        P::NoValue { key } => of(errors::NO_VALUE, key),
        P::BadValue { key, value, expects } => {
            of(errors::BAD_VALUE, key).with("value", value.clone()).with("expects", expected(expects))
        }
        P::NoOrder { key } => of(errors::NO_ORDER, key),
        P::BackwardRange { key } => of(errors::BACKWARD_RANGE, key),
        P::UnclosedQuote => errors::UNCLOSED_QUOTE.into(),
        P::UnclosedParen => errors::UNCLOSED_PAREN.into(),
        P::StrayParen => errors::STRAY_PAREN.into(),
        P::EmptyParens => errors::EMPTY_PARENS.into(),
        P::LoneOr => errors::LONE_OR.into(),
        P::LoneAnd => errors::LONE_AND.into(),
        P::EmptyText => errors::EMPTY_TEXT.into(),
        P::TooMany { limit } => errors::TOO_MANY.with("n", limit.to_string()),
        P::LoneMinus => errors::LONE_MINUS.into(),
        P::UnknownSort { key } => of(errors::UNKNOWN_SORT, key),
    };
    Line::both(zh, problem)
}

fn expected(expects: &Expects) -> Line {
    match expects {
        Expects::Number => errors::EXPECTS_NUMBER.into(),
        Expects::Money => errors::EXPECTS_MONEY.into(),
        Expects::Ratio => errors::EXPECTS_RATIO.into(),
        Expects::Date => errors::EXPECTS_DATE.into(),
        Expects::Birthday => errors::EXPECTS_BIRTHDAY.into(),
        Expects::Score => errors::EXPECTS_SCORE.into(),
        Expects::OneOf(words) => errors::EXPECTS_ONE_OF.with("words", words.join(" ")),
    }
}

/// What is wrong with a command.
pub fn command(error: &CommandError) -> Line {
    let zh: Line = match error {
        CommandError::Empty => words::NO_COMMAND_HERE.into(),
        CommandError::Unknown { name, nearest, .. } => {
            let near = nearest.map_or_else(|| Line::from(""), |near| meant(words::BEHIND_MEANT, near));
            words::NO_COMMAND.with("name", quoted(name)).with("nearest", near)
        }
        CommandError::Missing { command, arg, .. } => {
            errors::MISSING_ARGUMENT.with("command", *command).with("arg", *arg)
        }
        CommandError::Wrong { command, value, wanted, .. } => {
            let wanted = match wanted.strip_prefix("one of ") {
                Some(list) => format!(",可选: {list}"),
                None => ",应为整数".to_owned(),
            };
            words::WRONG_ARGUMENT
                .with("command", *command)
                .with("value", quoted(value))
                .with("wanted", wanted)
        }
        CommandError::TooMany { command, .. } => words::TOO_MANY_ARGUMENTS.with("command", *command),
        CommandError::OpenQuote { .. } => words::OPEN_QUOTE.into(),
    };
    Line::both(zh, error)
}
