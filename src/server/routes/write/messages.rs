//! `POST /v1/messages`: a message to one customer.
//!
//! The channel is one that the customer has. What was sent is an event `message_out` of the
//! operator's, and a contact; this backend has no line to the outside, so the event is all.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, events};
use crate::model::{Customer, Event, EventKind, Resource};

pub(super) static SEND: Write = Write {
    method: Method::POST,
    path: "/v1/messages",
    operation: "send_message",
    summary: "Sends a message to a customer; the answer is its event, `If-Match` means the customer",
    answers: Resource::Events,
    status: StatusCode::CREATED,
    fields: Some(&[
        Field::required("customer_id", Kind::Id(Resource::Customers)),
        Field::required("channel", Kind::Line),
        Field::required("body", Kind::Line),
    ]),
    matches: true,
    errors: &[],
    decide: send,
};

fn send(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, channel, body) = (text("customer_id"), text("channel"), text("body"));
    let missing = || Problem::not_found(format!("customers has no {id:?}"));
    let customer: Customer = call.get(id)?.ok_or_else(missing)?;
    call.hold(&customer)?;
    let mut there: Vec<&str> = customer.channels.iter().map(|channel| channel.kind.as_str()).collect();
    there.dedup();
    if !there.contains(&channel) {
        let message = match there.as_slice() {
            [] => "the customer has no channel".to_owned(),
            there => format!("the customer has no channel {channel:?}, but {}", there.join(", ")),
        };
        return Err(Problem::invalid(vec![Mistake::new("channel", message)]));
    }
    let title = body.trim().lines().next().unwrap_or_default();
    let mut data = Map::new();
    data.insert("channel".to_owned(), channel.into());
    let event = Event {
        id: call.new_id(Resource::Events, "e")?.into(),
        customer_id: Some(customer.id.clone()),
        operator_id: Some(call.operator.into()),
        at: Some(call.now),
        kind: EventKind::MessageOut,
        title: title.to_owned(),
        body: (title != body).then(|| body.to_owned()),
        data,
        ..Event::default()
    };
    events::happen(call, customer, event, None)
}
