//! The kinds of record, by the names that the API uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! resources {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A kind of record, as the HTTP API names its collection.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Resource {
            $($(#[$doc])* #[serde(rename = $name)] $variant),+
        }

        impl Resource {
            /// All kinds, in the order in which a first pull makes most sense to the eye:
            /// names before the records that mention them, small before large.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name of the collection, as in `/v1/{name}`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The kind of a collection's name; `-` is as good as `_`.
            pub fn parse(name: &str) -> Option<Self> {
                let name = name.replace('-', "_");
                Self::ALL.iter().copied().find(|resource| resource.name() == name)
            }
        }
    };
}

resources! {
    /// Operators.
    Operators = "operators",
    /// Tag groups.
    TagGroups = "tag_groups",
    /// Tags.
    Tags = "tags",
    /// Customers.
    Customers = "customers",
    /// Follow-ups.
    FollowUps = "follow_ups",
    /// Groups.
    Groups = "groups",
    /// Days of groups.
    GroupDays = "group_days",
    /// Members of groups.
    GroupMembers = "group_members",
    /// Activities in groups.
    GroupActivities = "group_activities",
    /// Snippets.
    Snippets = "snippets",
    /// Broadcasts.
    Broadcasts = "broadcasts",
    /// Orders.
    Orders = "orders",
    /// Events.
    Events = "events",
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
