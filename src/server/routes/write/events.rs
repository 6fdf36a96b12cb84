//! `POST /v1/customers/{id}/events`: something that happened with a customer.
//!
//! What follows from it for the customer is written with it: a call or a message out is a
//! contact, a message in or a check-in is a sign of life, and an event of kind `points` changes
//! the points by the whole number `data.change`; fewer than none are refused with 409.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, overlay};
use crate::model::{Customer, Event, EventKind, Record, Resource, Time};

fn kinds() -> Vec<&'static str> {
    EventKind::ALL.iter().map(|kind| kind.word()).collect()
}

pub(super) static ADD: Write = Write {
    method: Method::POST,
    path: "/v1/customers/{id}/events",
    operation: "add_event",
    summary: "Adds an event to a customer's timeline; without `at` it is now, without `operator_id` yours",
    answers: Resource::Events,
    status: StatusCode::CREATED,
    fields: Some(&[
        Field::required("kind", Kind::Word(kinds)),
        Field::required("title", Kind::Line),
        Field::optional("at", Kind::Moment),
        Field::nullable("body", Kind::Text),
        Field::optional("data", Kind::Map),
        Field::nullable("operator_id", Kind::Id(Resource::Operators)),
        Field::nullable("group_id", Kind::Id(Resource::Groups)),
    ]),
    matches: true,
    errors: &[404, 409],
    decide: add,
};

fn add(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let customer: Customer = call.target()?;
    let fresh = Event {
        id: call.new_id(Resource::Events, "e")?.into(),
        customer_id: Some(customer.id.clone()),
        operator_id: Some(call.operator.into()),
        at: Some(call.now),
        ..Event::default()
    };
    let event = overlay(&fresh, members)?;
    let mut mistakes = Vec::new();
    if event.data.get("amount").is_some_and(|amount| amount.as_i64().is_none()) {
        let message = "money is a whole number of minor units";
        mistakes.push(Mistake::new("data.amount", message));
    }
    let change = event.data.get("change").and_then(Value::as_i64);
    if event.kind == EventKind::Points && change.is_none() {
        mistakes.push(Mistake::new("data.change", "expected by how many points, as a whole number"));
    }
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    happen(call, customer, event, change)
}

/// Writes the event, and the customer where it changes by it.
pub(super) fn happen(
    call: &Call<'_>,
    before: Customer,
    event: Event,
    points: Option<i64>,
) -> Result<Decision, Problem> {
    let mut customer = before.clone();
    let at = event.at.unwrap_or(call.now);
    match event.kind {
        EventKind::MessageOut | EventKind::Call => forward(&mut customer.last_contact_at, at),
        EventKind::MessageIn
        | EventKind::Order
        | EventKind::Joined
        | EventKind::CheckIn
        | EventKind::Feedback
        | EventKind::Referral => forward(&mut customer.last_active_at, at),
        EventKind::Points => {
            let had = customer.points.unwrap_or(0);
            let left = points.and_then(|change| had.checked_add(change)).filter(|left| *left >= 0);
            let refused = || Problem::conflict("points", format!("the customer has {had} points"));
            customer.points = Some(left.ok_or_else(refused)?);
        }
        _ => {}
    }
    let answer = (Resource::Events, event.key());
    let mut records = vec![event.any()];
    if customer != before {
        customer.updated_at = Some(call.now);
        records.push(customer.any());
    }
    Ok(Decision { records, answer })
}

/// What happened last stays last, also where something older is told later.
fn forward(last: &mut Option<Time>, at: Time) {
    *last = (*last).max(Some(at));
}
