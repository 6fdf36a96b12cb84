//! Customer groups (客户群): the chat, its members, its days and its activities.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient::{figure, list};
use super::{CustomerId, GroupActivityId, GroupId, OperatorId, TagId, Time};

/// A group chat that the company runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Group {
    /// Never empty.
    pub id: GroupId,
    /// As shown.
    pub name: String,
    /// The operator who owns the chat.
    pub owner_id: Option<OperatorId>,
    /// The notice pinned in the chat.
    pub notice: Option<String>,
    /// When it was opened.
    pub created_at: Option<Time>,
    /// Such as `active`, `dissolved`, or what the backend says.
    pub status: Option<String>,
    /// Members, staff and strangers included.
    pub member_count: Option<i64>,
    /// Members who are customers.
    pub customer_count: Option<i64>,
    /// Tags of the group itself.
    #[serde(deserialize_with = "list")]
    pub tags: Vec<TagId>,
    /// The backend's revision, for `If-Match`.
    pub rev: Option<String>,
}

/// Somebody's membership of a group, past ones included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GroupMember {
    /// The group.
    pub group_id: GroupId,
    /// The member's id within the group; with `group_id` it names the record.
    pub member_id: String,
    /// The customer, where the member is one.
    pub customer_id: Option<CustomerId>,
    /// The name shown in the group.
    pub name: String,
    /// `customer`, `staff` or `stranger`.
    pub kind: Option<String>,
    /// When they joined.
    pub joined_at: Option<Time>,
    /// How: `qr_code`, `invite`, `link`, …
    pub join_scene: Option<String>,
    /// Who invited them: an operator's or a member's id.
    pub invited_by: Option<String>,
    /// When they left; `None` while they are in.
    pub left_at: Option<Time>,
    /// Messages in the last 30 days.
    pub messages: Option<i64>,
    /// Their latest message.
    pub last_message_at: Option<Time>,
}

/// One day of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GroupDay {
    /// The group.
    pub group_id: GroupId,
    /// `YYYY-MM-DD`; with `group_id` it names the record.
    pub day: String,
    /// Messages that day.
    #[serde(deserialize_with = "figure")]
    pub messages: Option<i64>,
    /// Members who wrote that day.
    #[serde(deserialize_with = "figure")]
    pub active_members: Option<i64>,
    /// Members who joined that day.
    #[serde(deserialize_with = "figure")]
    pub joined: Option<i64>,
    /// Members who left that day.
    #[serde(deserialize_with = "figure")]
    pub left: Option<i64>,
    /// Members at the end of the day.
    #[serde(deserialize_with = "figure")]
    pub members: Option<i64>,
    /// Messages by hour of the day, 24 figures from midnight, or empty where the backend has none.
    #[serde(deserialize_with = "list", skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<i64>,
}

/// Something arranged in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GroupActivity {
    /// Never empty.
    pub id: GroupActivityId,
    /// The group.
    pub group_id: GroupId,
    /// What kind.
    pub kind: ActivityKind,
    /// As announced.
    pub title: String,
    /// From when.
    pub starts_at: Option<Time>,
    /// Until when.
    pub ends_at: Option<Time>,
    /// Members who took part.
    pub participants: Option<i64>,
    /// Participants who bought.
    pub conversions: Option<i64>,
}

impl Default for GroupActivity {
    fn default() -> Self {
        Self {
            id: GroupActivityId::default(),
            group_id: GroupId::default(),
            kind: ActivityKind::Topic,
            title: String::new(),
            starts_at: None,
            ends_at: None,
            participants: None,
            conversions: None,
        }
    }
}

/// Kinds of activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// 打卡.
    CheckIn,
    /// 抽奖.
    Lottery,
    /// 话题.
    Topic,
    /// 投票.
    Poll,
    /// 秒杀, 团购.
    Sale,
    /// 直播课.
    Lesson,
}
