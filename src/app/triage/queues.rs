//! The queues that can be worked through: shipped ones, and the saved views of follow-ups and of
//! customers.

use jiff::civil::Date;

use crate::app::panes::Pane;
use crate::app::settings::Settings;
use crate::i18n::words::{Word, triage as words};
use crate::query::{Query, Scope, Sort, parse, parse_sort};

/// A queue by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueView {
    /// As the configuration and `triage.open` name it.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// Its members.
    pub query: Query,
    /// Their order; by urgency where there is none.
    pub sort: Option<Sort>,
}

/// The shipped queues: name, what they are called, pane, filter, order. The filter of birthdays is
/// that of the day.
const SHIPPED: [(&str, Word, Scope, &str, &str); 4] = [
    ("mine", words::QUEUE_MINE, Scope::FollowUps, "is:mine is:pending -is:snoozed", ""),
    ("unassigned", words::QUEUE_UNASSIGNED, Scope::FollowUps, "is:unassigned is:pending -is:snoozed", ""),
    ("birthday", words::QUEUE_BIRTHDAY, Scope::Customers, "", "birthday"),
    ("dormant-vip", words::QUEUE_DORMANT_VIP, Scope::Customers, "stage:dormant tag:VIP", "-ltv"),
];

/// All queues: the shipped ones, unless a view has their name, then the views.
pub fn queues(settings: &Settings, today: Date) -> Vec<QueueView> {
    // The week from Monday to Sunday that it is now.
    let gone = today.weekday().to_monday_zero_offset();
    let week = format!("birthday:-{gone}d..+{}d", 6 - gone).replace("-0d", "today").replace("+0d", "today");
    let own = settings.views.iter().filter(|view| matches!(view.pane, Pane::Customers | Pane::FollowUps));
    let shipped = SHIPPED.iter().filter(|(name, ..)| !settings.views.iter().any(|view| view.name == *name));
    let shipped = shipped.filter_map(|(name, label, scope, filter, sort)| {
        Some(QueueView {
            name: (*name).to_owned(),
            label: crate::i18n::say(settings.lang, *label).to_owned(),
            query: parse(*scope, if filter.is_empty() { &week } else { filter }).ok()?,
            sort: if sort.is_empty() { None } else { Some(parse_sort(*scope, sort).ok()?) },
        })
    });
    let own = own.map(|view| QueueView {
        name: view.name.clone(),
        label: view.name.clone(),
        query: view.query.clone(),
        sort: view.sort.clone(),
    });
    shipped.chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::View;

    #[test]
    fn every_shipped_queue_is_there_and_a_view_of_its_name_takes_its_place() {
        let names = |settings: &Settings| -> Vec<String> {
            queues(settings, "2026-03-17".parse().unwrap()).into_iter().map(|queue| queue.name).collect()
        };
        assert_eq!(names(&Settings::default()), SHIPPED.map(|(name, ..)| name.to_owned()));
        let view = |name: &str, pane: Pane| View {
            name: name.to_owned(),
            pane,
            query: Query::all(pane.scope()),
            sort: None,
            columns: None,
        };
        let views =
            vec![view("mine", Pane::FollowUps), view("groups", Pane::Groups), view("vip", Pane::Customers)];
        let own = Settings { views, ..Settings::default() };
        assert_eq!(names(&own), ["unassigned", "birthday", "dormant-vip", "mine", "vip"]);
    }

    #[test]
    fn birthdays_are_those_from_monday_to_sunday() {
        for (today, filter) in [
            ("2026-03-16", "birthday:today..+6d"),
            ("2026-03-18", "birthday:-2d..+4d"),
            ("2026-03-22", "birthday:-6d..today"),
        ] {
            let queues = queues(&Settings::default(), today.parse().unwrap());
            let found = queues.iter().find(|queue| queue.name == "birthday").unwrap();
            assert_eq!(found.query.text, filter);
        }
    }
}
