//! The filter language: what is typed after `/`, in saved views, in `siyu list`, in macros.
//!
//! A text becomes a [`Query`] ([`parse`]); a query becomes SQL over the cache ([`Query::sql`])
//! or an answer about one row in memory ([`Query::matches`]), and both always agree: they are
//! made from the same bound tests ([`bind`]). Relative words (`today`, `-30d`, `is:mine`) are
//! kept as words and mean something only at a [`Moment`], so a saved view stays true tomorrow.
//!
//! ```text
//! text ──lexer──▶ tokens ──parser──▶ Expr ──bind(Moment)──▶ Test ──┬──▶ Sql
//!                             │                                    └──▶ matches(Row)
//!                             └──▶ QueryError (where, what, nearest name)
//! ```
//!
//! The room knows the record types and the names of the cache's columns; it knows no SQLite,
//! no clock, no disk and no network.

pub mod ask;
mod ast;
mod bind;
mod birthday;
mod complete;
mod date;
mod days;
mod due;
mod error;
pub mod keys;
mod lexer;
mod matches;
mod moment;
mod named;
mod number;
mod parser;
mod pinyin;
mod polyphones;
mod scope;
mod score;
mod snooze;
mod sort;
mod spelled;
mod sql;
#[cfg(test)]
mod tests;
mod value;

pub use ast::{Expr, Term, quote};
pub use birthday::Birthday;
pub use complete::{Completion, Help, Values, complete};
pub use date::{Unit, When};
pub use due::{DueError, due};
pub use error::Expects;
pub use error::{Problem, QueryError, column};
pub use matches::{Field, Link, Row};
pub use moment::Moment;
pub use named::Named;
pub use parser::parse;
pub use pinyin::{fold, pinyin_matches, readings, sort_key};
pub use scope::{KeyKind, KeySpec, Scope};
pub use score::Score;
pub use snooze::{PutOff, Snooze};
pub use sort::{Direction, OrderTerm, Sort, SortKey, parse_sort};
pub use sql::{Sql, SqlValue};
pub use value::{Bounds, Value};

/// A filter that parsed: which rows of a scope are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What kind of rows it is about.
    pub scope: Scope,
    /// As typed, with everything the operator wrote.
    pub text: String,
    /// What it says; `None` where nothing was asked, which means all rows.
    pub expr: Option<Expr>,
}

impl Query {
    /// The query that every row answers.
    pub fn all(scope: Scope) -> Self {
        Self { scope, text: String::new(), expr: None }
    }

    /// Whether every row answers it, because nothing was asked.
    pub fn is_all(&self) -> bool {
        self.expr.is_none()
    }

    /// The one text that it looks for, without keys, negation or a second word; empty where
    /// nothing was asked, `None` where it says more.
    pub fn single_text(&self) -> Option<&str> {
        match &self.expr {
            None => Some(""),
            Some(Expr::Term(Term::Text(text))) => Some(text),
            Some(_) => None,
        }
    }

    /// The rows as a condition over the cache's tables; `?` in it stand for the values, in order.
    pub fn sql(&self, at: &Moment) -> Sql {
        sql::write(self.scope, &bind::bind(self, at), at)
    }

    /// Whether `row` answers, exactly as [`Query::sql`] would say.
    pub fn matches(&self, row: &dyn Row, at: &Moment) -> bool {
        matches::holds(self.scope, &bind::bind(self, at), row, at)
    }
}

impl std::fmt::Display for Query {
    /// The query in its normal spelling, which parses to the same again.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.expr.as_ref().map_or(Ok(()), |expr| expr.fmt(f))
    }
}
