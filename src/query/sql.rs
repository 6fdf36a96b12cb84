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
    let mut writer = Writer { at, clause: String::new(), params: Vec::new() };
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
        Scope::Events => (&["e.search"], &[]),
        Scope::Orders => (&["o.search"], &[]),
        Scope::Operators => (&["p.search"], &["p.pinyin"]),
        Scope::Snippets => (&["s.search"], &["s.pinyin"]),
        Scope::Broadcasts => (&["b.search"], &["b.pinyin"]),
        Scope::Members => (&["m.search"], &["m.pinyin"]),
    }
}

/// An expression with its moments filled in: `{now}` in milliseconds; `{today}`, `{week}` (7 days
/// ago) and `{health}` (the day before the first that a group's health looks at) as texts.
pub(super) fn filled(sql: &str, at: &Moment) -> String {
    if !sql.contains('{') {
        return sql.to_owned();
    }
    let today = at.zoned().date();
    let back = |days: i64| {
        let span = jiff::Span::new().try_days(days).ok();
        let day = span.and_then(|span| today.checked_sub(span).ok()).unwrap_or(today);
        format!("'{day}'")
    };
    let health = i64::try_from(crate::insight::HEALTH_DAYS).unwrap_or(35);
    sql.replace("{now}", &at.now.millis.to_string())
        .replace("{today}", &back(0))
        .replace("{week}", &back(7))
        .replace("{health}", &back(health))
}

struct Writer<'a> {
    at: &'a Moment,
    clause: String,
    params: Vec<SqlValue>,
}

impl Writer<'_> {
    fn push(&mut self, sql: &str) {
        self.clause.push_str(sql);
    }

    fn param(&mut self, value: SqlValue) {
        self.clause.push('?');
        self.params.push(value);
    }

    fn column(&mut self, column: Column) {
        let sql = filled(column.sql, self.at);
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
            Test::Like { parts, .. } => {
                self.column(column);
                self.like(parts);
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

    /// `LIKE` with the parts as they are, and anything between them.
    fn like(&mut self, parts: &[String]) {
        let mut pattern = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                pattern.push('%');
            }
            for c in part.chars() {
                if matches!(c, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
        self.push(" LIKE ");
        self.param(SqlValue::Text(pattern));
        self.push(" ESCAPE '\\'");
    }

    fn linked(&mut self, test: &Test) {
        let (link, ids, names, patterns) = match test {
            Test::Linked { link, ids, names, patterns } => (link, ids, names, patterns),
            Test::AnyLink(link) => return self.push(link.any),
            _ => return self.push("0"),
        };
        // Ids count even where the named record has not arrived yet.
        self.push(&format!("{}(SELECT NULL WHERE 0", link.before));
        for (index, id) in ids.iter().enumerate() {
            self.push(if index == 0 { " UNION ALL VALUES (" } else { ", (" });
            self.param(SqlValue::Text(id.clone()));
            self.push(")");
        }
        if !names.is_empty() || !patterns.is_empty() {
            self.push(&format!(" UNION ALL SELECT n.id FROM {} n WHERE {} IN (", link.table, link.name));
            self.list(names);
            self.push(")");
            for parts in patterns {
                let name = link.name.trim_end_matches(" COLLATE NOCASE");
                self.push(&format!(" OR {name}"));
                self.like(parts);
            }
        }
        self.push(&format!("){}", link.after));
    }
}
