//! Tests to SQL over the cache's tables. No text of the operator ever enters the SQL itself.

use super::bind::Test;
use super::matches::spoken;
use super::moment::Moment;
use super::scope::{Column, Scope};

/// A condition for `WHERE`, with the values of its `?` in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    /// The condition; `1` where every row answers.
    pub clause: String,
    /// The values of its `?`, in order.
    pub params: Vec<SqlValue>,
}

/// A value for a `?`.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// NULL.
    Null,
    /// INTEGER.
    Int(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(String),
}

/// Writes `test` as a condition over the tables of `scope`.
pub(super) fn write(scope: Scope, test: &Test, at: &Moment) -> Sql {
    let mut writer = Writer { now: at.now.millis, clause: String::new(), params: Vec::new() };
    writer.test(scope, test);
    Sql { clause: writer.clause, params: writer.params }
}

/// The folded and the spelled-out columns that a text term searches.
pub(super) fn searched(scope: Scope) -> (&'static [&'static str], &'static [&'static str]) {
    match scope {
        Scope::Customers => (&["c.search"], &["c.pinyin"]),
        Scope::FollowUps => (&["f.search", "c.search"], &["f.pinyin", "c.pinyin"]),
        Scope::Groups => (&["g.search"], &["g.pinyin"]),
        Scope::Tags => (&["t.name_fold"], &[]),
        Scope::Events => (&["e.title"], &[]),
        Scope::Orders => (&["o.id"], &[]),
        Scope::Operators => (&["p.name_fold"], &[]),
        Scope::Snippets => (&["s.search"], &[]),
        Scope::Broadcasts => (&["b.title"], &[]),
        Scope::Members => (&["m.search"], &["m.pinyin"]),
    }
}

struct Writer {
    now: i64,
    clause: String,
    params: Vec<SqlValue>,
}

impl Writer {
    fn push(&mut self, sql: &str) {
        self.clause.push_str(sql);
    }

    fn param(&mut self, value: SqlValue) {
        self.clause.push('?');
        self.params.push(value);
    }

    fn column(&mut self, column: Column) {
        let sql = column.sql.replace("{now}", &self.now.to_string());
        self.push(&sql);
    }

    fn test(&mut self, scope: Scope, test: &Test) {
        match test {
            Test::Always => self.push("1"),
            Test::Never => self.push("0"),
            Test::All(parts) => self.joined(scope, parts, " AND ", "1"),
            Test::Any(parts) => self.joined(scope, parts, " OR ", "0"),
            Test::Not(inner) => {
                self.push("(");
                self.test(scope, inner);
                self.push(") IS NOT TRUE");
            }
            Test::OfCustomer(inner) => self.test(Scope::Customers, inner),
            Test::Text(needle) => self.text(scope, needle),
            _ => self.value(test),
        }
    }

    fn joined(&mut self, scope: Scope, parts: &[Test], by: &str, none: &str) {
        if parts.is_empty() {
            return self.push(none);
        }
        self.push("(");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(by);
            }
            self.test(scope, part);
        }
        self.push(")");
    }

    fn text(&mut self, scope: Scope, needle: &str) {
        let (folded, pinyin) = searched(scope);
        let sound = spoken(needle);
        self.push("(");
        for (index, column) in folded.iter().enumerate() {
            if index > 0 {
                self.push(" OR ");
            }
            self.push(&format!("instr({column}, "));
            self.param(SqlValue::Text(needle.to_owned()));
            self.push(") > 0");
        }
        for column in pinyin.iter().filter(|_| sound.is_some()) {
            self.push(&format!(" OR instr({column}, "));
            self.param(SqlValue::Text(sound.clone().unwrap_or_default()));
            self.push(") > 0");
        }
        self.push(")");
    }

    fn value(&mut self, test: &Test) {
        let column = match test {
            Test::Int { column, .. }
            | Test::Real { column, .. }
            | Test::Exact { column, .. }
            | Test::Same { column, .. }
            | Test::Like { column, .. }
            | Test::Between { column, .. }
            | Test::Present(column) => *column,
            _ => return self.linked(test),
        };
        if let Some(many) = column.many {
            self.push(&format!("EXISTS (SELECT 1 FROM {many} WHERE "));
        }
        match test {
            Test::Int { low, high, .. } => {
                let ends = [(low.map(SqlValue::Int), " >= "), (high.map(SqlValue::Int), " <= ")];
                self.between(column, ends);
            }
            Test::Real { low, high, .. } => {
                let end = |end: &Option<(f64, bool)>, with: &'static str, without: &'static str| match end {
                    Some((value, true)) => (Some(SqlValue::Real(*value)), with),
                    Some((value, false)) => (Some(SqlValue::Real(*value)), without),
                    None => (None, with),
                };
                self.between(column, [end(low, " >= ", " > "), end(high, " <= ", " < ")]);
            }
            Test::Between { low, high, .. } => {
                let ends = [
                    (Some(SqlValue::Text(low.clone())), " >= "),
                    (Some(SqlValue::Text(high.clone())), " <= "),
                ];
                self.between(column, ends);
            }
            Test::Exact { texts, .. } => {
                self.column(column);
                self.push(" IN (");
                self.list(texts);
                self.push(")");
            }
            Test::Same { text, .. } => {
                self.column(column);
                self.push(" = ");
                self.param(SqlValue::Text(text.clone()));
                self.push(" COLLATE NOCASE");
            }
            Test::Like { pattern, .. } => {
                self.column(column);
                self.push(" LIKE ");
                self.param(SqlValue::Text(pattern.clone()));
                self.push(" ESCAPE '\\'");
            }
            _ => {
                self.column(column);
                self.push(" <> ''");
            }
        }
        if column.many.is_some() {
            self.push(")");
        }
    }

    fn between(&mut self, column: Column, ends: [(Option<SqlValue>, &str); 2]) {
        let mut first = true;
        self.push("(");
        for (end, sign) in ends {
            let Some(end) = end else { continue };
            if !std::mem::take(&mut first) {
                self.push(" AND ");
            }
            self.column(column);
            self.push(sign);
            self.param(end);
        }
        if first {
            self.column(column);
            self.push(" IS NOT NULL");
        }
        self.push(")");
    }

    fn list(&mut self, texts: &[String]) {
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.param(SqlValue::Text(text.clone()));
        }
    }

    fn linked(&mut self, test: &Test) {
        match test {
            Test::Linked { link, wanted } => {
                self.push(link.before);
                self.push(" (SELECT n.id FROM (SELECT '' AS id WHERE 0");
                self.push(")");
                let _ = wanted;
                self.push(link.after);
            }
            Test::AnyLink(link) => self.push(link.any),
            _ => self.push("0"),
        }
    }
}
