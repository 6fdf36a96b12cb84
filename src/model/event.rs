//! Events: what a timeline is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient::list;
use super::{CustomerId, EventId, GroupId, OperatorId, Time};

/// Something that happened with a customer, in a group, or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Event {
    /// Never empty.
    pub id: EventId,
    /// With whom.
    pub customer_id: Option<CustomerId>,
    /// In which group.
    pub group_id: Option<GroupId>,
    /// By which operator.
    pub operator_id: Option<OperatorId>,
    /// When.
    pub at: Option<Time>,
    /// What kind.
    pub kind: EventKind,
    /// In a line.
    pub title: String,
    /// At length.
    pub body: Option<String>,
    /// Whatever else the backend tells.
    #[serde(deserialize_with = "list")]
    pub data: Map<String, Value>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// Kinds of event. A kind that is not known here is read as a note.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $word)] $variant),+
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that the API and the filter language use.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The kind of a word, as [`EventKind::word`] gives it.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }
    };
}

kinds! {
    /// The customer wrote.
    MessageIn = "message_in",
    /// An operator wrote.
    MessageOut = "message_out",
    /// A call.
    Call = "call",
    /// An operator's note.
    #[default]
    Note = "note",
    /// Tags changed.
    Tag = "tag",
    /// The stage changed.
    Stage = "stage",
    /// An order.
    Order = "order",
    /// Joined a group, or was added.
    Joined = "joined",
    /// Left a group, or removed an operator.
    Left = "left",
    /// 打卡.
    CheckIn = "check_in",
    /// A coupon was given or used.
    Coupon = "coupon",
    /// Points changed.
    Points = "points",
    /// Praise or complaint.
    Feedback = "feedback",
    /// Referred somebody.
    Referral = "referral",
    /// Was sent a broadcast.
    Broadcast = "broadcast",
}
