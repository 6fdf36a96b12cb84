//! A query at a moment: every relative word replaced by what it means, as plain tests.
//!
//! SQL and the answer about a row in memory are both made from these tests, and from nothing
//! else, so that they cannot come to differ.

use super::ast::{Expr, Term};
use super::keys::Link;
use super::moment::Moment;
use super::scope::Column;
use super::{Query, fold};

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
    /// A figure lies between these; the flag says whether the end itself counts.
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
    /// A text follows a `LIKE` pattern, whatever the ASCII case.
    Like {
        column: Column,
        pattern: String,
    },
    /// A text lies between these, both included, by its characters.
    Between {
        column: Column,
        low: String,
        high: String,
    },
    /// A value is there and not empty.
    Present(Column),
    /// Tied to one of these, by id or by name.
    Linked {
        link: &'static Link,
        wanted: Vec<String>,
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
    }
}
