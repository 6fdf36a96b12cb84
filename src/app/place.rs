//! The place one is at, kept over a restart.

use serde::{Deserialize, Serialize};

use super::detail::TimelineKind;
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
    /// How many rows stand above it.
    pub row: u64,
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
    /// What of a customer's timeline is shown.
    #[serde(default)]
    pub timeline: TimelineKind,
    /// Id of the entry of the timeline under the cursor; empty at the newest.
    #[serde(default)]
    pub at: String,
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
            || self.zoomed
            || self.lists.iter().any(|list| list.row > 0 || !list.filter.is_empty() || !list.sort.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_an_order_and_a_zoom_are_worth_offering() {
        let with = |list: ListPlace| {
            let mut place = Place::default();
            place.lists[0] = list;
            place
        };
        assert!(!with(ListPlace { at: "c1".into(), ..ListPlace::default() }).is_worth_offering());
        assert!(with(ListPlace { row: 1, ..ListPlace::default() }).is_worth_offering());
        assert!(with(ListPlace { sort: "ltv".into(), ..ListPlace::default() }).is_worth_offering());
        assert!(Place { zoomed: true, ..Place::default() }.is_worth_offering());
    }

    #[test]
    fn a_place_of_an_earlier_version_is_read() {
        let old = r#"{"pane":"customers","open":[{"kind":"customer","id":"c1","from":"customers"}],"lists":[{"at":"c1"},{},{},{}]}"#;
        let place: Place = serde_json::from_str(old).unwrap();
        assert_eq!((place.lists[0].row, place.open[0].at.as_str()), (0, ""));
    }
}
