//! Tests on a row in memory, with the same answers as the SQL of [`super::sql`].

use super::bind::Test;
use super::fold;
use super::moment::Moment;
use super::pinyin::SEPARATOR;
use super::scope::Scope;

/// A row that can be asked for its fields, by the names of the keys.
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
    /// A share.
    Real(f64),
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

/// What is looked for in a pinyin column; `None` where no pinyin can be meant.
pub(super) fn spoken(needle: &str) -> Option<String> {
    let letters: String = needle.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let sounds = !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphanumeric());
    sounds.then(|| format!("{SEPARATOR}{letters}"))
}

/// Whether `test` holds for `row`.
pub(super) fn holds(scope: Scope, test: &Test, row: &dyn Row, at: &Moment) -> bool {
    match test {
        Test::Always => true,
        Test::All(parts) => parts.iter().all(|part| holds(scope, part, row, at)),
        Test::Any(parts) => parts.iter().any(|part| holds(scope, part, row, at)),
        Test::Not(inner) => !holds(scope, inner, row, at),
        Test::Text(needle) => {
            let has = |name: &str, needle: &str| match row.field(name) {
                Field::Text(text) => fold(&text).contains(needle),
                _ => false,
            };
            has("search", needle) || spoken(needle).is_some_and(|sound| has("pinyin", &sound))
        }
        _ => false,
    }
}
