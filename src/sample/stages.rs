//! The lifecycle stage of a customer, from orders and contact.

use crate::model::Stage;

use super::calendar::DAY;

/// What the stage depends on. Moments are milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// When the customer was added.
    pub added: i64,
    /// Paid orders.
    pub orders: i64,
    /// The last of them.
    pub last_order: Option<i64>,
    /// When an operator last reached the customer.
    pub last_contact: Option<i64>,
    /// When the customer last did anything.
    pub last_active: Option<i64>,
    /// Whether no operator has the customer any more.
    pub gone: bool,
}

/// The stage at `now`, by the first rule that fits: gone, or nothing of any kind for more than a
/// year, is `lost`; no order for more than 90 days is `dormant`; one order within 30 days is
/// `new`, any other `active`; without an order, `new` for 30 days and a `lead` after that.
///
/// A backend has a rule of its own; this one is what the console derives by default.
pub fn stage_of(facts: &Facts, now: i64) -> Stage {
    let within = |since: i64, days: i64| now - since <= days * DAY;
    let seen = facts.last_order.max(facts.last_contact).max(facts.last_active).max(Some(facts.added));
    if facts.gone || !seen.is_some_and(|seen| within(seen, 365)) {
        return Stage::Lost;
    }
    match facts.last_order {
        Some(last) if !within(last, 90) => Stage::Dormant,
        Some(last) if facts.orders == 1 && within(last, 30) => Stage::New,
        Some(_) => Stage::Active,
        None if within(facts.added, 30) => Stage::New,
        None => Stage::Lead,
    }
}
