//! What a filter says, after parsing: terms joined by AND, OR and negation.
//!
//! Printing an [`Expr`] gives its normal spelling; parsing that gives the same `Expr`.

use std::fmt;

use super::scope::KeySpec;
use super::value::Value;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of them; at least two.
    And(Vec<Expr>),
    /// Any of them; at least two.
    Or(Vec<Expr>),
    /// Not this. A figure that is missing is not `>5`, so `-ltv:>5` finds it.
    Not(Box<Expr>),
    /// One term.
    Term(Term),
}

/// A single condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A text that must occur, never empty.
    Text(String),
    /// A key with any of these values, at least one.
    Key {
        /// Which key.
        key: &'static KeySpec,
        /// Its values.
        values: Vec<Value>,
    },
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => join(f, parts, " ", |part| matches!(part, Self::Or(_) | Self::And(_))),
            Self::Or(parts) => join(f, parts, " OR ", |part| matches!(part, Self::Or(_) | Self::And(_))),
            Self::Not(inner) => match **inner {
                Self::And(_) | Self::Or(_) => write!(f, "-({inner})"),
                _ => write!(f, "-{inner}"),
            },
            Self::Term(term) => term.fmt(f),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Expr], by: &str, wrap: fn(&Expr) -> bool) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(by)?;
        }
        if wrap(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Key { key, values } => {
                write!(f, "{}:", key.name)?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index > 0 { "," } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

/// A text as it must be typed to mean itself: in quotation marks where it would mean more.
pub fn quote(text: &str) -> String {
    let plain = !text.is_empty()
        && !matches!(text, "OR" | "AND" | "NOT")
        && !text.contains("..")
        && text.chars().all(|c| {
            let ascii = super::lexer::ascii(c);
            !(ascii.is_whitespace() || ascii.is_control() || "\"():,<>=*\\-≤≥".contains(ascii))
        });
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '＂' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}
