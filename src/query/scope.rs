//! What a filter can be about: one scope per kind of list, with its keys and its orders.

use super::keys;
use super::keys::{Link, State, Word};
use super::sort::{Sort, SortKey};

/// A kind of rows that can be filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Customers.
    Customers,
    /// Follow-ups, each with its customer.
    FollowUps,
    /// Customer groups.
    Groups,
    /// Tags.
    Tags,
    /// Events of timelines.
    Events,
    /// Orders.
    Orders,
    /// Operators.
    Operators,
    /// Snippets.
    Snippets,
    /// Broadcasts.
    Broadcasts,
    /// Members of groups.
    Members,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 10] = [
        Self::Customers,
        Self::FollowUps,
        Self::Groups,
        Self::Tags,
        Self::Events,
        Self::Orders,
        Self::Operators,
        Self::Snippets,
        Self::Broadcasts,
        Self::Members,
    ];

    /// The keys that its filters know, in the order in which they are offered.
    pub fn keys(self) -> &'static [KeySpec] {
        keys::of(self)
    }

    /// The key of a name or of one of its other names, whatever the case.
    pub fn key(self, name: &str) -> Option<&'static KeySpec> {
        let name = super::fold(name);
        self.keys().iter().find(|key| key.name == name || key.also.contains(&name.as_str()))
    }

    /// What its rows can be ordered by.
    pub fn sort_keys(self) -> &'static [SortKey] {
        super::sort::keys_of(self)
    }

    /// The order of a list that nobody ordered otherwise.
    pub fn default_sort(self) -> Sort {
        super::sort::default_of(self)
    }

    /// The alias of its table in the cache's queries.
    pub fn table(self) -> &'static str {
        match self {
            Self::Customers => "c",
            Self::FollowUps => "f",
            Self::Groups => "g",
            Self::Tags => "t",
            Self::Events => "e",
            Self::Orders => "o",
            Self::Operators => "p",
            Self::Snippets => "s",
            Self::Broadcasts => "b",
            Self::Members => "m",
        }
    }
}

/// A key of the filter language in one scope.
#[derive(Debug)]
pub struct KeySpec {
    /// As typed before the colon.
    pub name: &'static str,
    /// Other names of it, Chinese ones first.
    pub also: &'static [&'static str],
    /// What its values are.
    pub kind: KeyKind,
    /// Where its values are found.
    pub(super) column: Column,
    /// Whether it is a key of the row's customer (`customer.` before its name).
    pub(super) of_customer: bool,
    /// What it means, in a line of Chinese.
    pub zh: &'static str,
    /// What it means, in a line of English.
    pub en: &'static str,
}

impl PartialEq for KeySpec {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.column == other.column
    }
}

/// What the values of a key are, and so how they are read, compared and completed.
#[derive(Clone, Copy, Debug)]
pub enum KeyKind {
    /// An id: equal to the letter.
    Id,
    /// A text: equal whatever the case; `*` stands for any run of characters.
    Text,
    /// One of these words.
    Choice(&'static [Word]),
    /// One of these words, in their order: `priority:>=high`.
    Rank(&'static [Word]),
    /// A tag, by name or id.
    Tag(&'static Link),
    /// An operator, by name or id, or `me`.
    Operator(&'static Link),
    /// A customer group, by name or id.
    Group(&'static Link),
    /// A customer, by name or id.
    Customer(&'static Link),
    /// A tag group, by name or id.
    TagGroup(&'static Link),
    /// A whole number.
    Int,
    /// Minor units of a currency.
    Money,
    /// A share between 0 and 1.
    Ratio,
    /// An RFM score.
    Score,
    /// A moment. Weekdays mean the coming one where it looks ahead, else the last one.
    Time {
        /// Whether it usually lies in the future.
        ahead: bool,
    },
    /// A day of the year.
    Birthday,
    /// Something that is there (`has:phone`) or is the case (`is:overdue`).
    State(&'static [State]),
}

/// Where the values of a key are found, in SQL and in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// As [`super::Row::field`] names it.
    pub(super) field: &'static str,
    /// As SQL names it; `{now}` in it stands for the moment in milliseconds.
    pub(super) sql: &'static str,
    /// Where a row has many values: the table of them, for `EXISTS (SELECT 1 FROM …)`.
    pub(super) many: Option<&'static str>,
}

impl Column {
    pub(super) const fn new(field: &'static str, sql: &'static str) -> Self {
        Self { field, sql, many: None }
    }
}
