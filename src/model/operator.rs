//! Operators: the company's own staff.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OperatorId;

/// Somebody who keeps customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Operator {
    /// Never empty.
    pub id: OperatorId,
    /// As shown.
    pub name: String,
    /// Department.
    pub department: Option<String>,
    /// Whether they still work here.
    pub active: bool,
}

impl Default for Operator {
    fn default() -> Self {
        Self { id: OperatorId::default(), name: String::new(), department: None, active: true }
    }
}
