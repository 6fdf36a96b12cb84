//! A query at a moment: every relative word replaced by what it means, as plain tests.
//!
//! SQL and the answer about a row in memory are both made from these tests, and from nothing
//! else, so that they cannot come to differ.

use super::ast::{Expr, Term};
use super::date::When;
use super::keys::Link;
use super::moment::Moment;
use super::scope::{Column, KeyKind, KeySpec};
use super::value::{Bounds, Value, place};
use super::{Query, birthday, fold};

/// A condition without any relative word. A test of a missing value does not hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// Holds for every row.
    Always,
    /// Holds for none.
    Never,
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// The test holds for the row's customer.
    OfCustomer(Box<Test>),
    /// The folded text occurs in what the scope searches.
    Text(String),
    /// A figure lies between these, both included.
    Int {
        column: Column,
        low: Option<i64>,
        high: Option<i64>,
    },
    /// A share lies between these; the flag says whether the end itself counts.
    Real {
        column: Column,
        low: Option<(f64, bool)>,
        high: Option<(f64, bool)>,
    },
    /// A text is one of these to the letter.
    Exact {
        column: Column,
        texts: Vec<String>,
    },
    /// A text equals this, whatever the ASCII case.
    Same {
        column: Column,
        text: String,
    },
    /// A text is made of these parts with anything between them, whatever the ASCII case.
    Like {
        column: Column,
        parts: Vec<String>,
    },
    /// A text lies between these, both included, by its characters.
    Between {
        column: Column,
        low: String,
        high: String,
    },
    /// A value is there and not empty.
    Present(Column),
    /// Tied to one of these: by id to the letter, by folded name, or by the parts of a name.
    Linked {
        link: &'static Link,
        ids: Vec<String>,
        names: Vec<String>,
        patterns: Vec<Vec<String>>,
    },
    /// Tied to any.
    AnyLink(&'static Link),
}

/// What `query` means at a moment.
pub(super) fn bind(query: &Query, at: &Moment) -> Test {
    query.expr.as_ref().map_or(Test::Always, |expr| of_expr(expr, at))
}

fn of_expr(expr: &Expr, at: &Moment) -> Test {
    match expr {
        Expr::And(parts) => Test::All(parts.iter().map(|part| of_expr(part, at)).collect()),
        Expr::Or(parts) => Test::Any(parts.iter().map(|part| of_expr(part, at)).collect()),
        Expr::Not(inner) => Test::Not(Box::new(of_expr(inner, at))),
        Expr::Term(Term::Text(text)) => Test::Text(fold(text)),
        Expr::Term(Term::Key { key, values }) => {
            let test = of_key(key, values, at);
            if key.of_customer { Test::OfCustomer(Box::new(test)) } else { test }
        }
    }
}

fn of_key(key: &KeySpec, values: &[Value], at: &Moment) -> Test {
    let links = match key.kind {
        KeyKind::Tag(link) | KeyKind::Group(link) | KeyKind::Customer(link) | KeyKind::TagGroup(link) => {
            Some((link, false))
        }
        KeyKind::Operator(link) => Some((link, true)),
        _ => None,
    };
    if let Some((link, operators)) = links {
        return linked(link, values, operators, at);
    }
    let mut tests: Vec<Test> = values.iter().map(|value| of_value(key, value, at)).collect();
    if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) }
}

/// Tied to any of these names; `me` among operators is the one who asks.
fn linked(link: &'static Link, values: &[Value], operators: bool, at: &Moment) -> Test {
    let (mut ids, mut names, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        let Value::Name(parts) = value else { continue };
        match &parts[..] {
            [name] if operators && matches!(fold(name).as_str(), "me" | "我") => {
                ids.extend(at.me.as_ref().map(|me| me.0.clone()));
            }
            [name] => {
                ids.push(name.clone());
                names.push(fold(name));
            }
            _ => patterns.push(parts.iter().map(|part| fold(part)).collect()),
        }
    }
    if ids.is_empty() && patterns.is_empty() {
        return Test::Never;
    }
    Test::Linked { link, ids, names, patterns }
}

fn of_value(key: &KeySpec, value: &Value, at: &Moment) -> Test {
    let column = key.column;
    match value {
        Value::Name(parts) if matches!(key.kind, KeyKind::Id) => Test::Exact { column, texts: parts.clone() },
        Value::Name(parts) => {
            let as_typed = named(column, parts.clone());
            let folded: Vec<String> = parts.iter().map(|part| fold(part)).collect();
            // Full-width letters of an input method mean the ASCII ones as well.
            if folded.iter().zip(parts).all(|(folded, part)| folded.eq_ignore_ascii_case(part)) {
                as_typed
            } else {
                Test::Any(vec![as_typed, named(column, folded)])
            }
        }
        Value::Word(word) => Test::Exact { column, texts: vec![word.word.to_owned()] },
        Value::State(state) => (state.test)(at),
        Value::Rank(bounds) => {
            let KeyKind::Rank(words) = key.kind else { return Test::Never };
            let (low, high) = bounds.map(|word| i64::try_from(place(words, word)).unwrap_or(0)).ends();
            Test::Int { column, low, high }
        }
        Value::Int(bounds) => {
            let (low, high) = bounds.ends();
            Test::Int { column, low, high }
        }
        Value::Ratio(bounds) => {
            let (low, high) = match *bounds {
                Bounds::Equal(share) => (Some((share, true)), Some((share, true))),
                Bounds::Less(share) => (None, Some((share, false))),
                Bounds::AtMost(share) => (None, Some((share, true))),
                Bounds::Greater(share) => (Some((share, false)), None),
                Bounds::AtLeast(share) => (Some((share, true)), None),
                Bounds::Between(low, high) => (Some((low, true)), Some((high, true))),
            };
            Test::Real { column, low, high }
        }
        Value::Time(bounds) => {
            let ahead = matches!(key.kind, KeyKind::Time { ahead: true });
            let (low, high) = stretch(*bounds, at, ahead);
            Test::Int { column, low, high }
        }
        Value::Birthday(bounds) => birthday::test(column, bounds, at),
        Value::Score(score) => score.test(),
    }
}

fn named(column: Column, mut parts: Vec<String>) -> Test {
    if parts.len() == 1 { Test::Same { column, text: parts.remove(0) } } else { Test::Like { column, parts } }
}

/// The first and last millisecond that a comparison allows.
fn stretch(bounds: Bounds<When>, at: &Moment, ahead: bool) -> (Option<i64>, Option<i64>) {
    match bounds {
        Bounds::Equal(when) => {
            let (first, last) = when.equal(at, ahead);
            (Some(first), Some(last))
        }
        Bounds::Less(when) => (None, Some(when.end(at, ahead).0.saturating_sub(1))),
        Bounds::AtMost(when) => (None, Some(when.end(at, ahead).1)),
        Bounds::Greater(when) => (Some(when.end(at, ahead).1.saturating_add(1)), None),
        Bounds::AtLeast(when) => (Some(when.end(at, ahead).0), None),
        Bounds::Between(from, to) => {
            let (first, last) = from.range(to, at, ahead);
            (Some(first), Some(last))
        }
    }
}
