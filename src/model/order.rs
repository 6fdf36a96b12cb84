//! Orders.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient::list;
use super::{CustomerId, OrderId, Time};

/// What a customer bought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Order {
    /// Never empty.
    pub id: OrderId,
    /// Who bought.
    pub customer_id: CustomerId,
    /// When.
    pub at: Option<Time>,
    /// In minor units of `currency`.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Such as `paid`, `refunded`.
    pub status: Option<String>,
    /// What was in it.
    #[serde(deserialize_with = "list")]
    pub items: Vec<OrderItem>,
}

/// A line of an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OrderItem {
    /// Stock-keeping unit.
    pub sku: Option<String>,
    /// As sold.
    pub name: String,
    /// Pieces.
    pub qty: Option<i64>,
    /// In minor units of the order's currency, for all pieces.
    pub amount: Option<i64>,
}
