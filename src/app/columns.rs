//! The columns that a list can show. Which of them are on is the configuration's to say.

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

static CUSTOMERS: [Column; 22] = [
    column("name", Some("name")),
    column("remark", Some("remark")),
    column("stage", Some("stage")),
    column("tags", None),
    column("contacted", Some("contacted")),
    column("rfm", Some("rfm")),
    column("next", Some("due")),
    column("owner", None),
    column("phone", None),
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
    column("alias", None),
    column("id", Some("id")),
];

static FOLLOW_UPS: [Column; 12] = [
    column("due", Some("due")),
    column("customer", Some("customer")),
    column("title", Some("title")),
    column("kind", Some("kind")),
    column("priority", Some("priority")),
    column("status", Some("status")),
    column("source", None),
    column("assignee", None),
    column("outcome", None),
    column("sla", Some("sla")),
    column("snoozed", None),
    column("id", Some("id")),
];

static GROUPS: [Column; 9] = [
    column("name", Some("name")),
    column("members", Some("members")),
    column("trend", None),
    column("active7", Some("active7")),
    column("net7", Some("net7")),
    column("messages", None),
    column("owner", None),
    column("status", Some("status")),
    column("id", Some("id")),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    #[test]
    fn the_configuration_knows_these_columns_and_no_others() {
        for pane in Pane::ALL {
            let ids: Vec<_> = columns(pane).iter().map(|column| column.id).collect();
            assert_eq!(ids, config::Columns::known(pane.scope()), "{pane:?}");
            for Column { id, sort } in columns(pane) {
                let known = |key: &str| pane.scope().sort_keys().iter().any(|known| known.name == key);
                assert!(sort.is_none_or(known), "{pane:?} cannot be sorted by {id}");
            }
        }
    }
}
