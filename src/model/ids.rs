//! Ids as newtypes: one cannot hand a tag's id where a customer's is asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as the backend spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A customer.
    CustomerId,
    /// A tag.
    TagId,
    /// A tag group.
    TagGroupId,
    /// A customer group (a chat).
    GroupId,
    /// An activity inside a group.
    GroupActivityId,
    /// A follow-up.
    FollowUpId,
    /// An event of a timeline.
    EventId,
    /// An order.
    OrderId,
    /// An operator: somebody of the company's own staff.
    OperatorId,
    /// A snippet (话术).
    SnippetId,
    /// A broadcast (群发).
    BroadcastId,
}
