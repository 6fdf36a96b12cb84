//! Follow-ups (跟进): what somebody has to do for a customer, and by when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CustomerId, FollowUpId, OperatorId, Time};

/// A task about one customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FollowUp {
    /// Never empty.
    pub id: FollowUpId,
    /// Whom it is about.
    pub customer_id: CustomerId,
    /// What is to be done, in a line.
    pub title: String,
    /// What is to be done, at length.
    pub body: Option<String>,
    /// By which means.
    pub kind: FollowUpKind,
    /// By when.
    pub due_at: Option<Time>,
    /// What was promised to the customer, at the latest.
    pub sla_at: Option<Time>,
    /// How much it matters.
    pub priority: Priority,
    /// Where it stands.
    pub status: FollowUpStatus,
    /// Hidden from the queue until then.
    pub snoozed_until: Option<Time>,
    /// Who does it; `None` while nobody does.
    pub assignee_id: Option<OperatorId>,
    /// Which rule or person made it: `manual`, `sop:…`, `rule:…`.
    pub source: Option<String>,
    /// Result of the contact, such as `interested` or `no_answer`.
    pub outcome: Option<String>,
    /// What the operator wrote about it.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When it was done or cancelled.
    pub done_at: Option<Time>,
    /// The backend's revision, for `If-Match`.
    pub rev: Option<String>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that the API and the filter language use.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The value of a word, as `word` gives it.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

words! {
    /// Means of a follow-up.
    FollowUpKind {
        /// 电话.
        Call = "call",
        /// 消息.
        Message = "message",
        /// 拜访.
        Visit = "visit",
        /// 关怀.
        Care = "care",
        /// 售后.
        AfterSale = "after_sale",
        /// 续费.
        Renewal = "renewal",
        /// Anything else.
        #[default]
        Other = "other",
    }
}

words! {
    /// How much a follow-up matters, least first.
    Priority {
        /// 低.
        Low = "low",
        /// 普通.
        #[default]
        Normal = "normal",
        /// 高.
        High = "high",
        /// 紧急.
        Urgent = "urgent",
    }
}

words! {
    /// Where a follow-up stands.
    FollowUpStatus {
        /// Nobody has begun.
        #[default]
        Open = "open",
        /// Somebody is at it.
        Doing = "doing",
        /// Done.
        Done = "done",
        /// Not needed any more.
        Cancelled = "cancelled",
    }
}

impl FollowUpStatus {
    /// Whether there is still something to do.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Open | Self::Doing)
    }
}
