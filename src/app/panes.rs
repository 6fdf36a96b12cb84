//! The four panes, and what they have in common.

use crate::command::Layer;
use crate::query::Scope;

/// A pane of the main screen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Pane {
    /// Customers.
    #[default]
    Customers,
    /// Tags by group.
    Tags,
    /// Group activity.
    Groups,
    /// Pending follow-ups.
    FollowUps,
}

impl Pane {
    /// All panes, in the order of their keys.
    pub const ALL: [Self; 4] = [Self::Customers, Self::Tags, Self::Groups, Self::FollowUps];

    /// The pane after this one, round the end.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % 4]
    }

    /// The pane before this one, round the end.
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + 3) % 4]
    }

    /// The layer of keys that belongs to it.
    pub fn layer(self) -> Layer {
        match self {
            Self::Customers => Layer::Customers,
            Self::Tags => Layer::Tags,
            Self::Groups => Layer::Groups,
            Self::FollowUps => Layer::FollowUps,
        }
    }

    /// The filter language that it speaks.
    pub fn scope(self) -> Scope {
        match self {
            Self::Customers => Scope::Customers,
            Self::Tags => Scope::Tags,
            Self::Groups => Scope::Groups,
            Self::FollowUps => Scope::FollowUps,
        }
    }

    /// The pane of a name in the configuration: that of its layer.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.layer().name() == name)
    }
}
