//! The keys of each scope: one table per kind of row.
//!
//! A line of a table is: name, other names, kind, where its values are, and what it means in
//! Chinese and in English. Help, completion and the documents are made from these tables.

mod customers;
mod follow_ups;
mod groups;
mod others;

use super::bind::Test;
use super::moment::Moment;
use super::scope::{Column, KeySpec, Scope};

/// A word of a closed list.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// As the records and the API spell it.
    pub word: &'static str,
    /// Other spellings, Chinese first.
    pub also: &'static [&'static str],
}

/// Something that is there or is the case, after `has:` or `is:`.
#[derive(Debug)]
pub struct State {
    /// As typed.
    pub word: &'static str,
    /// Other spellings, Chinese first.
    pub also: &'static [&'static str],
    /// What it means, in a line of Chinese.
    pub zh: &'static str,
    /// What it means, in a line of English.
    pub en: &'static str,
    /// The test behind the word.
    pub(super) test: fn(&Moment) -> Test,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

/// How rows are tied to named records: customers to tags, groups to their owner.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// As [`super::Row::field`] names it.
    pub(super) field: &'static str,
    /// SQL before the list of wanted ids, such as `g.owner_id IN`.
    pub(super) before: &'static str,
    /// SQL after it: closing parentheses.
    pub(super) after: &'static str,
    /// The table of the named records.
    pub(super) table: &'static str,
    /// Its name as it is compared, with `n` for the table.
    pub(super) name: &'static str,
    /// SQL that says whether there is any.
    pub(super) any: &'static str,
}

/// A folded name.
const FOLDED: &str = "n.name_fold";
/// A name that is compared whatever the ASCII case.
const NOCASE: &str = "n.name COLLATE NOCASE";

/// The keys of a scope.
pub(super) fn of(scope: Scope) -> &'static [KeySpec] {
    match scope {
        Scope::Customers => customers::KEYS,
        Scope::FollowUps => &follow_ups::KEYS,
        Scope::Groups => groups::KEYS,
        Scope::Tags => others::TAGS,
        Scope::Events => others::EVENTS,
        Scope::Orders => others::ORDERS,
        Scope::Operators => others::OPERATORS,
        Scope::Snippets => others::SNIPPETS,
        Scope::Broadcasts => others::BROADCASTS,
        Scope::Members => others::MEMBERS,
    }
}

/// A table of keys: prefix of names, prefix of Chinese names, whether they are the customer's.
macro_rules! keys {
    ($prefix:literal $zh:literal $of:literal;
     $($name:literal [$($also:literal)*] $kind:expr, $column:expr, $help:literal, $en:literal;)+) => {
        [$(KeySpec {
            name: concat!($prefix, $name),
            also: &[$(concat!($zh, $also)),*],
            kind: $kind,
            column: $column,
            of_customer: $of,
            zh: $help,
            en: $en,
        }),+]
    };
}
use keys;

const fn state(
    word: &'static str,
    also: &'static [&'static str],
    test: fn(&Moment) -> Test,
    zh: &'static str,
    en: &'static str,
) -> State {
    State { word, also, zh, en, test }
}

const fn word(word: &'static str, also: &'static [&'static str]) -> Word {
    Word { word, also }
}

/// For keys whose place is told by their kind.
const NOWHERE: Column = Column::new("", "NULL");

/// A text is this word.
fn is(column: Column, word: &str) -> Test {
    Test::Exact { column, texts: vec![word.to_owned()] }
}

/// A moment lies before now.
fn before_now(column: Column, at: &Moment) -> Test {
    Test::Int { column, low: None, high: Some(at.now.millis.saturating_sub(1)) }
}

/// A moment lies before the end of today.
fn by_today(column: Column, at: &Moment) -> Test {
    let (_, last) = super::date::When::Days(0).equal(at, true);
    Test::Int { column, low: None, high: Some(last) }
}

/// A moment lies at most so many days back.
fn within(column: Column, at: &Moment, days: i64) -> Test {
    Test::Int { column, low: Some(at.now.millis.saturating_sub(days * 86_400_000)), high: None }
}

/// A figure is at least this.
fn at_least(column: Column, low: i64) -> Test {
    Test::Int { column, low: Some(low), high: None }
}

/// Tied to the operator who asks; nobody's where nobody asks.
fn mine(link: &'static Link, at: &Moment) -> Test {
    match &at.me {
        Some(me) => Test::Linked { link, ids: vec![me.0.clone()], names: Vec::new(), patterns: Vec::new() },
        None => Test::Never,
    }
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(test))
}
