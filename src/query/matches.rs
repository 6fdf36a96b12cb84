//! Tests on a row in memory, with the same answers as the SQL of [`super::sql`].

use super::bind::Test;
use super::fold;
use super::moment::Moment;
use super::pinyin::SEPARATOR;
use super::scope::{Column, Scope};
use crate::insight;
use crate::model::Time;

/// A row that can be asked for its fields.
///
/// Fields have the names of the scope's keys: `name` is a text, `added` milliseconds, `tag` the
/// links, `phone` and `channel` many texts, `priority` 0 to 3, `birthday` `MM-DD`. Besides there are
/// `search` (folded) and `pinyin` (as [`super::readings`] gives it), which text terms look
/// at, `dying` and `quiet` of a group (1 or 0), and `deleted` of a tag. The fields of a
/// follow-up's customer have `customer.` before them. `rfm` and `churn` are never asked for: they
/// are worked out from the others.
pub trait Row {
    /// The values of a field; [`Field::Missing`] for one that it does not have.
    fn field(&self, name: &str) -> Field;
}

/// What a row has in a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field {
    /// Nothing.
    #[default]
    Missing,
    /// A figure, or a moment in milliseconds.
    Int(i64),
    /// A text.
    Text(String),
    /// Many texts.
    Texts(Vec<String>),
    /// Records that the row is tied to.
    Links(Vec<Link>),
}

/// A record that a row is tied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// Its name, empty where it is not known.
    pub name: String,
}

/// The row of the customer inside a row.
struct OfCustomer<'a>(&'a dyn Row);

impl Row for OfCustomer<'_> {
    fn field(&self, name: &str) -> Field {
        self.0.field(&format!("customer.{name}"))
    }
}

/// What is looked for in a pinyin column; `None` where no pinyin can be meant.
pub(super) fn spoken(needle: &str) -> Option<String> {
    let letters: String = needle.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let letters = letters.replace('ü', "v");
    let sounds = !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphanumeric());
    sounds.then(|| format!("{SEPARATOR}{letters}"))
}

/// Whether `test` holds for `row`.
pub(super) fn holds(scope: Scope, test: &Test, row: &dyn Row, at: &Moment) -> bool {
    match test {
        Test::Always => true,
        Test::Never => false,
        Test::All(parts) => parts.iter().all(|part| holds(scope, part, row, at)),
        Test::Any(parts) => parts.iter().any(|part| holds(scope, part, row, at)),
        Test::Not(inner) => !holds(scope, inner, row, at),
        Test::OfCustomer(inner) => holds(Scope::Customers, inner, &OfCustomer(row), at),
        Test::Text(needle) => found(scope, needle, row),
        Test::Int { column, low, high } => figure(*column, row, at).is_some_and(|figure| {
            low.is_none_or(|low| figure >= low) && high.is_none_or(|high| figure <= high)
        }),
        Test::Real { low, high, .. } => churn(row, at).is_some_and(|share| {
            low.is_none_or(|(low, with)| share > low || with && share == low)
                && high.is_none_or(|(high, with)| share < high || with && share == high)
        }),
        Test::Exact { column, texts } => {
            any_text(*column, row, |text| texts.iter().any(|wanted| wanted == text))
        }
        Test::Same { column, text } => any_text(*column, row, |found| found.eq_ignore_ascii_case(text)),
        Test::Like { column, parts } => {
            let parts: Vec<String> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
            any_text(*column, row, |text| like(&text.to_ascii_lowercase(), &parts))
        }
        Test::Between { column, low, high } => {
            any_text(*column, row, |text| low.as_str() <= text && text <= high.as_str())
        }
        Test::Present(column) => match row.field(column.field) {
            Field::Int(_) => true,
            _ => any_text(*column, row, |text| !text.is_empty()),
        },
        Test::Linked { link, ids, names, patterns } => {
            let Field::Links(links) = row.field(link.field) else { return false };
            links.iter().any(|tied| {
                let name = fold(&tied.name);
                ids.contains(&tied.id)
                    || !tied.name.is_empty()
                        && (names.contains(&name) || patterns.iter().any(|parts| like(&name, parts)))
            })
        }
        Test::AnyLink(link) => matches!(row.field(link.field), Field::Links(links) if !links.is_empty()),
    }
}

/// Whether a text term is found: in the row, or in the customer of a follow-up.
fn found(scope: Scope, needle: &str, row: &dyn Row) -> bool {
    let sound = spoken(needle);
    let has =
        |name: &str, needle: &str| matches!(row.field(name), Field::Text(text) if text.contains(needle));
    let within = |prefix: &str| {
        has(&format!("{prefix}search"), needle)
            || sound.as_ref().is_some_and(|sound| has(&format!("{prefix}pinyin"), sound))
    };
    within("") || scope == Scope::FollowUps && within("customer.")
}

fn figure(column: Column, row: &dyn Row, at: &Moment) -> Option<i64> {
    let score = match column.field {
        "rfm_r" => insight::rfm_r(at.now, time(row, "ordered")),
        "rfm_f" => insight::rfm_f(int(row, "orders")),
        "rfm_m" => insight::rfm_m(int(row, "ltv")),
        field => return int(row, field),
    };
    score.map(i64::from)
}

/// The only share there is.
fn churn(row: &dyn Row, at: &Moment) -> Option<f64> {
    let [added, contacted, active, ordered] =
        ["added", "contacted", "active", "ordered"].map(|name| time(row, name));
    insight::churn(at.now, added, contacted, active, ordered, int(row, "orders"))
}

fn int(row: &dyn Row, name: &str) -> Option<i64> {
    match row.field(name) {
        Field::Int(figure) => Some(figure),
        _ => None,
    }
}

fn time(row: &dyn Row, name: &str) -> Option<Time> {
    int(row, name).map(Time::from_millis)
}

fn any_text(column: Column, row: &dyn Row, test: impl Fn(&str) -> bool) -> bool {
    match row.field(column.field) {
        Field::Text(text) => test(&text),
        Field::Texts(texts) => texts.iter().any(|text| test(text)),
        _ => false,
    }
}

/// Whether `text` is made of these parts with anything between them.
fn like(text: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first().is_some_and(|only| only == text) };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}
