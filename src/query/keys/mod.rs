//! The keys of each scope: one table per kind of row.

use super::scope::{KeySpec, Scope};

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
    pub(super) test: fn(&super::Moment) -> super::bind::Test,
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
    /// Its column with the name.
    pub(super) name: &'static str,
    /// Whether that column is folded; otherwise it is compared without regard to ASCII case.
    pub(super) folded: bool,
    /// SQL that says whether there is any.
    pub(super) any: &'static str,
}

/// The keys of a scope.
pub(super) fn of(scope: Scope) -> &'static [KeySpec] {
    match scope {
        Scope::Customers
        | Scope::FollowUps
        | Scope::Groups
        | Scope::Tags
        | Scope::Events
        | Scope::Orders
        | Scope::Operators
        | Scope::Snippets
        | Scope::Broadcasts
        | Scope::Members => &[],
    }
}
