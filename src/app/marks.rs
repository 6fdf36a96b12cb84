//! Marked records: the scope of the next command.

use std::collections::BTreeSet;

/// The marked records of a list, by id; they stay marked whatever the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    ids: BTreeSet<String>,
    /// The record where a range began, while one is being drawn: by its id, and its index as it
    /// was then.
    pub range_from: Option<(String, u64)>,
}

impl Marks {
    /// How many are marked.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether this one is.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Marks it, or takes the mark away.
    pub fn toggle(&mut self, id: &str) {
        if !self.ids.remove(id) {
            self.ids.insert(id.to_owned());
        }
    }

    /// Marks all of these.
    pub fn extend(&mut self, ids: impl IntoIterator<Item = String>) {
        self.ids.extend(ids);
    }

    /// Takes all marks away, and ends a range.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.range_from = None;
    }

    /// The ids, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }
}
