//! The order of a list: `ltv,-added`, always ending in the id so that no two rows tie.

use std::fmt;

use super::error::{Problem, QueryError, nearest};
use super::moment::Moment;
use super::scope::Scope;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest, earliest, first in the phone book.
    Ascending,
    /// The other way, typed as `-key`.
    Descending,
}

/// Something to order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// As typed.
    pub name: &'static str,
    /// The column; `{now}` in it stands for the moment in milliseconds.
    sql: &'static str,
    /// Whether it may be NULL; such rows come last, whichever the direction.
    pub nullable: bool,
}

/// An order: the first key counts first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What was asked for; the id that breaks ties is added by [`Sort::terms`].
    pub keys: Vec<(SortKey, Direction)>,
}

/// One expression of `ORDER BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTerm {
    /// SQL without parameters and without any text of the operator.
    pub expr: String,
    /// Which way.
    pub direction: Direction,
    /// Whether the expression may be NULL: false for all but the figure itself, which its
    /// `… IS NULL` term precedes.
    pub nullable: bool,
}

const fn key(name: &'static str, sql: &'static str) -> SortKey {
    SortKey { name, sql, nullable: true }
}

const fn full(name: &'static str, sql: &'static str) -> SortKey {
    SortKey { name, sql, nullable: false }
}

pub(super) fn keys_of(scope: Scope) -> &'static [SortKey] {
    match scope {
        Scope::Customers => {
            const {
                &[
                    full("id", "c.id"),
                    full("name", "c.name_key"),
                    key("remark", "c.remark"),
                    key(
                        "stage",
                        "CASE c.stage WHEN 'lead' THEN 0 WHEN 'new' THEN 1 WHEN 'active' THEN 2 WHEN 'dormant' THEN 3 WHEN 'lost' THEN 4 END",
                    ),
                    key("source", "c.source"),
                    key("city", "c.city"),
                    key("company", "c.company"),
                    key("birthday", "c.birthday"),
                    key("level", "c.level"),
                    key("points", "c.points"),
                    key("added", "c.added"),
                    key("contacted", "c.contacted"),
                    key("active", "c.active"),
                    key("ordered", "c.ordered"),
                    key("orders", "c.orders"),
                    key("ltv", "c.ltv"),
                    key("rfm", "rfm_r({now}, c.ordered) * 100 + rfm_f(c.orders) * 10 + rfm_m(c.ltv)"),
                    key("churn", "churn({now}, c.added, c.contacted, c.active, c.ordered, c.orders)"),
                    key("due", "c.next_due"),
                ]
            }
        }
        Scope::FollowUps => {
            const {
                &[
                    full("id", "f.id"),
                    full("title", "f.title"),
                    key("due", "f.due"),
                    key("sla", "f.sla"),
                    key("priority", "f.priority"),
                    key(
                        "status",
                        "CASE f.status WHEN 'open' THEN 0 WHEN 'doing' THEN 1 WHEN 'done' THEN 2 WHEN 'cancelled' THEN 3 END",
                    ),
                    key("kind", "f.kind"),
                    key("created", "f.created"),
                    key("done", "f.done"),
                    key("customer", "c.name_key"),
                ]
            }
        }
        Scope::Groups => {
            const {
                &[
                    full("id", "g.id"),
                    full("name", "g.name_key"),
                    key("members", "g.member_count"),
                    key("customers", "g.customer_count"),
                    key("active7", "g.active7"),
                    key("net7", "g.net7"),
                    key("messages7", "g.messages7"),
                    key("status", "g.status"),
                    key("created", "g.created"),
                ]
            }
        }
        Scope::Tags => {
            const {
                &[
                    full("id", "t.id"),
                    full("name", "t.name_key"),
                    key("group", "(SELECT n.ord FROM tag_groups n WHERE n.id = t.group_id)"),
                    key("order", "t.ord"),
                    key("customers", "t.customers"),
                ]
            }
        }
        Scope::Events => const { &[full("id", "e.id"), key("at", "e.at"), key("kind", "e.kind")] },
        Scope::Orders => {
            const { &[full("id", "o.id"), key("at", "o.at"), key("amount", "o.amount"), key("status", "o.status")] }
        }
        Scope::Operators => {
            const {
                &[
                    full("id", "p.id"),
                    full("name", "p.name_key"),
                    key("department", "p.department"),
                    full("active", "p.active"),
                ]
            }
        }
        Scope::Snippets => {
            const { &[full("id", "s.id"), full("title", "s.name_key"), key("group", "s.grp")] }
        }
        Scope::Broadcasts => {
            const {
                &[
                    full("id", "b.id"),
                    full("title", "b.title"),
                    key("created", "b.created"),
                    key("status", "b.status"),
                ]
            }
        }
        Scope::Members => {
            const {
                &[
                    full("id", "m.member_id"),
                    full("group", "m.group_id"),
                    full("name", "m.name_key"),
                    key("kind", "m.kind"),
                    key("joined", "m.joined"),
                    key("left", "m.left"),
                    key("messages", "m.messages"),
                    key("last", "m.last_message"),
                ]
            }
        }
    }
}

pub(super) fn default_of(scope: Scope) -> Sort {
    let text = match scope {
        Scope::Customers => "-active",
        Scope::FollowUps => "due,-priority",
        Scope::Groups => "-active7",
        Scope::Tags => "group,order,name",
        Scope::Events | Scope::Orders => "-at",
        Scope::Operators => "-active,name",
        Scope::Snippets => "group,title",
        Scope::Broadcasts => "-created",
        Scope::Members => "-last",
    };
    // The words above are keys of their scope; a test parses every one.
    parse_sort(scope, text).unwrap_or(Sort { keys: Vec::new() })
}

/// Reads `ltv,-added`; `−` (as CONTRACT prints it) and full-width signs are as good.
///
/// # Errors
/// [`Problem::UnknownSort`] with the place and the nearest key. An empty text is the default order.
pub fn parse_sort(scope: Scope, text: &str) -> Result<Sort, QueryError> {
    if text.trim().is_empty() {
        return Ok(scope.default_sort());
    }
    let mut keys = Vec::new();
    let mut start = 0;
    for piece in text.split([',', '，']) {
        let end = start + piece.len();
        let word = piece.trim();
        let (direction, name) = match word.strip_prefix(['-', '−', '－']) {
            Some(name) => (Direction::Descending, name),
            None => (Direction::Ascending, word.strip_prefix('+').unwrap_or(word)),
        };
        let known = scope.sort_keys().iter().find(|key| key.name == super::fold(name));
        let Some(key) = known else {
            let nearest = nearest(name, scope.sort_keys().iter().map(|key| key.name));
            return Err(QueryError {
                span: start..end,
                problem: Problem::UnknownSort { key: name.to_owned() },
                nearest,
            });
        };
        keys.push((*key, direction));
        start = text[end..].chars().next().map_or(end, |comma| end + comma.len_utf8());
    }
    Ok(Sort { keys })
}

impl Sort {
    /// The expressions of `ORDER BY`, ending in the key of the table.
    pub fn terms(&self, scope: Scope, at: &Moment) -> Vec<OrderTerm> {
        let mut terms = Vec::new();
        let ids: &[&str] = match scope {
            Scope::Members => &["m.group_id", "m.member_id"],
            _ => &[scope.sort_keys()[0].sql],
        };
        for (key, direction) in &self.keys {
            let expr = super::sql::filled(key.sql, at);
            if key.nullable {
                terms.push(OrderTerm {
                    expr: format!("({expr}) IS NULL"),
                    direction: Direction::Ascending,
                    nullable: false,
                });
            }
            terms.push(OrderTerm { expr, direction: *direction, nullable: key.nullable });
        }
        for id in ids {
            if !terms.iter().any(|term| term.expr == *id) {
                let direction = Direction::Ascending;
                terms.push(OrderTerm { expr: (*id).to_owned(), direction, nullable: false });
            }
        }
        terms
    }

    /// The whole of `ORDER BY`, without the words.
    pub fn order_by(&self, scope: Scope, at: &Moment) -> String {
        let written = self.terms(scope, at).into_iter().map(|term| match term.direction {
            Direction::Ascending => term.expr,
            Direction::Descending => term.expr + " DESC",
        });
        written.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, direction)) in self.keys.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let sign = if *direction == Direction::Descending { "-" } else { "" };
            write!(f, "{comma}{sign}{}", key.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_order_names_keys_of_its_scope() {
        for scope in Scope::ALL {
            let sort = scope.default_sort();
            assert!(!sort.keys.is_empty(), "{scope:?}");
            assert_eq!(parse_sort(scope, &sort.to_string()).unwrap(), sort);
            assert_eq!(parse_sort(scope, " ").unwrap(), sort);
        }
    }

    #[test]
    fn missing_figures_come_last_and_the_id_breaks_ties() {
        let at = Moment { now: crate::model::Time::from_millis(0), zone: jiff::tz::TimeZone::UTC, me: None };
        let sort = parse_sort(Scope::Customers, "ltv,−added").unwrap();
        let order = sort.order_by(Scope::Customers, &at);
        assert_eq!(order, "(c.ltv) IS NULL, c.ltv, (c.added) IS NULL, c.added DESC, c.id");
        let wrong = parse_sort(Scope::Customers, "name,-aded").unwrap_err();
        assert_eq!((wrong.span, wrong.nearest.as_deref()), (5..10, Some("added")));
    }
}
