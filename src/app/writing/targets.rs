//! Which records a command is meant for: the marked ones, or else the current one.

use crate::app::panes::Pane;
use crate::app::{App, Detail};
use crate::model::Resource;

/// The records that a command is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// None in particular: it makes something.
    None,
    /// These.
    Records(Resource, Vec<String>),
    /// The customers of these follow-ups.
    CustomersOf(Vec<String>),
    /// The follow-up of each of these customers that is pending and due first.
    NextOf(Vec<String>),
    /// All of a kind that a list shows, by its filter.
    Shown(Resource, String),
}

impl Targets {
    /// How many records were meant.
    pub fn len(&self) -> usize {
        match self {
            Self::None | Self::Shown(..) => 0,
            Self::Records(_, ids) | Self::CustomersOf(ids) | Self::NextOf(ids) => ids.len(),
        }
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What tells these from others: what a draft belongs to.
    pub fn key(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Records(resource, ids) => format!("{resource}/{}", few(ids)),
            Self::CustomersOf(ids) => format!("of/{}", few(ids)),
            Self::NextOf(ids) => format!("next/{}", few(ids)),
            Self::Shown(resource, filter) => format!("{resource}?{filter}"),
        }
    }
}

fn few(ids: &[String]) -> String {
    match ids {
        [one] => one.clone(),
        many => format!("{} of {}", many.first().map_or("", String::as_str), many.len()),
    }
}

impl App {
    /// The customer whom the record under the cursor is, or is about.
    pub(in crate::app) fn current_customer(&self) -> Option<String> {
        let id = match (self.details.last(), self.focus) {
            (Some(Detail::Customer(detail)), _) => detail.id.as_str(),
            (Some(Detail::FollowUp(detail)), _) => {
                detail.record.view.as_ref()?.follow_up.customer_id.as_str()
            }
            (Some(Detail::Triage(open)), _) => open.queue.current()?.row.customer_id.as_str(),
            (Some(Detail::Group(_) | Detail::Outbox(_) | Detail::Steps(_)), _) => return None,
            (None, Pane::Customers) => self.customers.current()?.row.id.as_str(),
            (None, Pane::FollowUps) => self.follow_ups.current()?.row.customer_id.as_str(),
            (None, _) => return None,
        };
        (!id.is_empty()).then(|| id.to_owned())
    }

    /// The records of a kind that a command is meant for; `None` where there is none.
    pub(in crate::app) fn targets(&self, on: Option<Resource>) -> Option<Targets> {
        let Some(on) = on else { return Some(Targets::None) };
        let one = |resource, id: &str| Some(Targets::Records(resource, vec![id.to_owned()]));
        match (self.details.last(), on) {
            (Some(Detail::Customer(detail)), Resource::Customers) => one(on, detail.id.as_str()),
            (Some(Detail::FollowUp(detail)), Resource::FollowUps) => one(on, detail.id.as_str()),
            (Some(Detail::FollowUp(detail)), Resource::Customers) => {
                one(on, detail.record.view.as_ref()?.follow_up.customer_id.as_str())
            }
            (Some(_), _) => None,
            (None, _) => match (self.focus, on) {
                (Pane::Customers, Resource::Customers) if !self.customer_marks.is_empty() => {
                    Some(Targets::Records(on, self.customer_marks.iter().map(str::to_owned).collect()))
                }
                (Pane::Customers, Resource::Customers) => one(on, self.customers.current()?.row.id.as_str()),
                (Pane::FollowUps, Resource::FollowUps) if !self.follow_up_marks.is_empty() => {
                    Some(Targets::Records(on, self.follow_up_marks.iter().map(str::to_owned).collect()))
                }
                (Pane::FollowUps, Resource::FollowUps) => one(on, self.follow_ups.current()?.row.id.as_str()),
                (Pane::FollowUps, Resource::Customers) if !self.follow_up_marks.is_empty() => {
                    Some(Targets::CustomersOf(self.follow_up_marks.iter().map(str::to_owned).collect()))
                }
                (Pane::FollowUps, Resource::Customers) => {
                    one(on, self.follow_ups.current()?.row.customer_id.as_str())
                }
                (Pane::Tags, Resource::Tags) => one(on, self.tags.current()?.id.as_str()),
                _ => None,
            },
        }
    }
}
