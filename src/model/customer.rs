//! A customer, and the relations that operators have with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient::list;
use super::{CustomerId, OperatorId, TagId, Time};

/// Somebody whom the company keeps in touch with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Customer {
    /// Never empty.
    pub id: CustomerId,
    /// The name that the customer shows (昵称).
    pub name: String,
    /// Another name: a WeChat id or an English name.
    pub alias: Option<String>,
    /// What the backend calls the kind of account, such as `person` or `company`.
    pub kind: Option<String>,
    /// `male`, `female`, or what the backend says.
    pub gender: Option<String>,
    /// `YYYY-MM-DD`, or `MM-DD` where the year is not known.
    pub birthday: Option<String>,
    /// As the backend spells them.
    #[serde(deserialize_with = "list")]
    pub phones: Vec<String>,
    /// Where the customer can be reached.
    #[serde(deserialize_with = "list")]
    pub channels: Vec<Channel>,
    /// Employer or shop.
    pub company: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Where the customer came from (渠道来源).
    pub source: Option<String>,
    /// Who referred this customer (转介绍).
    pub referrer_id: Option<CustomerId>,
    /// Membership level.
    pub level: Option<String>,
    /// Membership points, at least 0.
    pub points: Option<i64>,
    /// One of the words of [`super::Stage`], or the backend's own.
    pub stage: Option<String>,
    /// The union of all relations' tags.
    #[serde(deserialize_with = "list")]
    pub tags: Vec<TagId>,
    /// Operators who keep this customer.
    #[serde(deserialize_with = "list")]
    pub owners: Vec<OperatorId>,
    /// What each operator knows of the customer.
    #[serde(deserialize_with = "list")]
    pub relations: Vec<Relation>,
    /// When the customer was first added.
    pub added_at: Option<Time>,
    /// When an operator last reached the customer.
    pub last_contact_at: Option<Time>,
    /// When the customer last did anything.
    pub last_active_at: Option<Time>,
    /// When the customer last ordered.
    pub last_order_at: Option<Time>,
    /// How many orders were paid, at least 0.
    pub orders: Option<i64>,
    /// What all paid orders came to, in minor units of `currency`.
    pub ltv: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The company's own note beside the name (备注).
    pub remark: Option<String>,
    /// Fields that only this backend has.
    #[serde(deserialize_with = "list")]
    pub custom: Map<String, Value>,
    /// The backend's revision, for `If-Match`.
    pub rev: Option<String>,
    /// When the backend last changed the record.
    pub updated_at: Option<Time>,
}

/// One way to reach a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Channel {
    /// Such as `wechat`, `wecom`, `phone`, `douyin`.
    pub kind: String,
    /// The customer's id there.
    pub id: String,
}

/// What one operator has with one customer. Many SCRMs keep tags, remark and stage here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Relation {
    /// Whose relation it is.
    pub operator_id: OperatorId,
    /// The operator's own name for the customer.
    pub remark: Option<String>,
    /// The operator's own note.
    pub description: Option<String>,
    /// When they became friends.
    pub added_at: Option<Time>,
    /// How: `qr_code`, `search`, `card`, `group`, `inherited`, …
    pub add_way: Option<String>,
    /// The backend's stage for this relation.
    pub stage: Option<String>,
    /// Tags that this operator set.
    #[serde(deserialize_with = "list")]
    pub tags: Vec<TagId>,
    /// Whether they still are friends.
    pub status: RelationStatus,
    /// Since when they no longer are.
    pub lost_at: Option<Time>,
}

/// Whether operator and customer are still friends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelationStatus {
    /// Both still have each other.
    #[default]
    Active,
    /// The customer removed the operator.
    RemovedByCustomer,
    /// The operator removed the customer.
    RemovedByOperator,
    /// The customer blocked the operator.
    Blocked,
}
