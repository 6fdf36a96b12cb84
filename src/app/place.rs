//! The place one is at, kept over a restart.

use serde::{Deserialize, Serialize};

use super::panes::Pane;

/// Where the operator is: enough to come back to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The pane one works in.
    pub pane: Pane,
    /// Whether it is zoomed.
    pub zoomed: bool,
    /// Each pane's place, in the order of [`Pane::ALL`].
    pub lists: [ListPlace; 4],
    /// Details that are open, the first one opened first.
    pub open: Vec<OpenPlace>,
    /// How borders are drawn.
    pub splits: super::layout::Splits,
    /// What was being typed, and where.
    pub typing: Option<(Pane, String)>,
    /// Whether the session was ended from outside, and not by the operator.
    pub cut_off: bool,
}

/// A list's place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListPlace {
    /// Its filter, as typed.
    pub filter: String,
    /// Its order, as `sort.set` takes it; empty for the pane's own.
    pub sort: String,
    /// Id of the record under the cursor; empty where there is none.
    pub at: String,
}

/// An open detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPlace {
    /// What it shows.
    pub kind: OpenKind,
    /// The record's id.
    pub id: String,
    /// The list one came from.
    pub from: Pane,
}

/// Kinds of detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenKind {
    /// A customer.
    Customer,
    /// A group.
    Group,
    /// A follow-up.
    FollowUp,
    /// The outbox.
    Outbox,
    /// A queue that was worked through, by its name.
    Triage,
}

impl Place {
    /// Whether it differs from where every session begins.
    pub fn is_worth_offering(&self) -> bool {
        !self.open.is_empty()
            || self.typing.is_some()
            || self.pane != Pane::default()
            || self.lists.iter().any(|list| !list.filter.is_empty())
    }
}
