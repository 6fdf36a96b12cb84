//! The columns that a list can show.

use super::panes::Pane;

/// A column: its name in the configuration, and what it is sorted by.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the configuration and on the command line.
    pub id: &'static str,
    /// The sort key of the filter language; `None` where one cannot sort by it.
    pub sort: Option<&'static str>,
}

const fn column(id: &'static str, sort: Option<&'static str>) -> Column {
    Column { id, sort }
}

static CUSTOMERS: [Column; 20] = [
    column("name", Some("name")),
    column("remark", Some("remark")),
    column("stage", Some("stage")),
    column("tags", None),
    column("contacted", Some("contacted")),
    column("rfm", Some("rfm")),
    column("next", Some("due")),
    column("owner", None),
    column("phone", Some("phone")),
    column("city", Some("city")),
    column("source", Some("source")),
    column("level", Some("level")),
    column("points", Some("points")),
    column("added", Some("added")),
    column("active", Some("active")),
    column("ordered", Some("ordered")),
    column("orders", Some("orders")),
    column("ltv", Some("ltv")),
    column("birthday", Some("birthday")),
    column("churn", Some("churn")),
];

static FOLLOW_UPS: [Column; 9] = [
    column("due", Some("due")),
    column("customer", Some("customer")),
    column("title", Some("title")),
    column("kind", Some("kind")),
    column("priority", Some("priority")),
    column("source", None),
    column("assignee", None),
    column("outcome", None),
    column("status", Some("status")),
];

static GROUPS: [Column; 7] = [
    column("name", Some("name")),
    column("members", Some("members")),
    column("trend", None),
    column("active7", Some("active7")),
    column("net7", Some("net7")),
    column("owner", None),
    column("status", Some("status")),
];

/// All columns of a pane; none where they cannot be chosen.
pub fn columns(pane: Pane) -> &'static [Column] {
    match pane {
        Pane::Customers => &CUSTOMERS,
        Pane::FollowUps => &FOLLOW_UPS,
        Pane::Groups => &GROUPS,
        Pane::Tags => &[],
    }
}

/// The columns that a pane shows unless the configuration says otherwise.
pub fn shown_by_default(pane: Pane) -> &'static [&'static str] {
    match pane {
        Pane::Customers => &["name", "stage", "tags", "contacted", "rfm", "next"],
        Pane::FollowUps => &["due", "customer", "title", "source", "assignee", "outcome"],
        Pane::Groups => &["name", "members", "trend", "active7", "net7"],
        Pane::Tags => &[],
    }
}
