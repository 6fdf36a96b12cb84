//! Broadcasts (群发): one message to many, in variants that are compared.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient::list;
use super::{BroadcastId, OperatorId, Time};

/// One message to many customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Broadcast {
    /// Never empty.
    pub id: BroadcastId,
    /// What it is about.
    pub title: String,
    /// When it was made.
    pub created_at: Option<Time>,
    /// Who made it.
    pub created_by: Option<OperatorId>,
    /// Whom it went to: a filter, or the backend's own words.
    pub audience: Option<String>,
    /// The texts that were tried against each other.
    #[serde(deserialize_with = "list")]
    pub variants: Vec<Variant>,
    /// Such as `draft`, `sending`, `sent`.
    pub status: Option<String>,
}

/// One text of a broadcast, with how it fared. Figures are customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Variant {
    /// `A`, `B`, …
    pub name: String,
    /// Sent to.
    pub sent: Option<i64>,
    /// Arrived at.
    pub delivered: Option<i64>,
    /// Read by.
    pub read: Option<i64>,
    /// Answered by.
    pub replied: Option<i64>,
    /// Bought by.
    pub converted: Option<i64>,
}
