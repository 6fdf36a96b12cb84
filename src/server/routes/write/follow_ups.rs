//! `POST /v1/follow_ups` and `PATCH /v1/follow_ups/{id}`: what is to be done for a customer.
//!
//! `done_at` goes with the status: being done or cancelled sets it, to now where the client does
//! not say when, and being open or doing again clears it.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, changed, overlay};
use crate::model::{FollowUp, FollowUpKind, FollowUpStatus, Priority, Record, Resource};

fn kinds() -> Vec<&'static str> {
    FollowUpKind::ALL.iter().map(|kind| kind.word()).collect()
}

fn priorities() -> Vec<&'static str> {
    Priority::ALL.iter().map(|priority| priority.word()).collect()
}

fn statuses() -> Vec<&'static str> {
    FollowUpStatus::ALL.iter().map(|status| status.word()).collect()
}

/// What can be said of a follow-up at any time, after `$first`.
macro_rules! fields {
    ($($first:expr),+) => {
        &[
            $($first,)+
            Field::nullable("body", Kind::Text),
            Field::optional("kind", Kind::Word(kinds)),
            Field::nullable("due_at", Kind::Moment),
            Field::nullable("sla_at", Kind::Moment),
            Field::optional("priority", Kind::Word(priorities)),
            Field::optional("status", Kind::Word(statuses)),
            Field::nullable("snoozed_until", Kind::Moment),
            Field::nullable("assignee_id", Kind::Id(Resource::Operators)),
            Field::nullable("source", Kind::Text),
            Field::nullable("outcome", Kind::Text),
            Field::nullable("note", Kind::Text),
            Field::nullable("done_at", Kind::Moment),
        ]
    };
}

pub(super) static CREATE: Write = Write {
    method: Method::POST,
    path: "/v1/follow_ups",
    operation: "create_follow_up",
    summary: "Makes a follow-up",
    answers: Resource::FollowUps,
    status: StatusCode::CREATED,
    fields: Some(fields!(
        Field::required("customer_id", Kind::Id(Resource::Customers)),
        Field::required("title", Kind::Line)
    )),
    matches: false,
    errors: &[],
    decide: create,
};

pub(super) static CHANGE: Write = Write {
    method: Method::PATCH,
    path: "/v1/follow_ups/{id}",
    operation: "change_follow_up",
    summary: "Changes a follow-up: its text, times, assignee, status or result",
    answers: Resource::FollowUps,
    status: StatusCode::OK,
    fields: Some(fields!(Field::optional("title", Kind::Line))),
    matches: true,
    errors: &[404],
    decide: change,
};

fn create(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let fresh = FollowUp {
        id: call.new_id(Resource::FollowUps, "f")?.into(),
        source: Some("manual".to_owned()),
        created_at: Some(call.now),
        ..FollowUp::default()
    };
    let follow_up = settled(call, &fresh, members)?;
    let answer = (Resource::FollowUps, follow_up.key());
    Ok(Decision { records: vec![follow_up.any()], answer })
}

fn change(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let before: FollowUp = call.target()?;
    let follow_up = settled(call, &before, members)?;
    Ok(changed(&before, follow_up))
}

/// The follow-up with `members` laid over it, and `done_at` as the status asks for.
fn settled(call: &Call<'_>, before: &FollowUp, members: Map<String, Value>) -> Result<FollowUp, Problem> {
    let given = members.get("done_at").is_some_and(|at| !at.is_null());
    let mut follow_up = overlay(before, members)?;
    match (follow_up.status.is_pending(), given) {
        (true, true) => {
            let message = format!("a follow-up that is {} is not done", follow_up.status.word());
            return Err(Problem::invalid(vec![Mistake::new("done_at", message)]));
        }
        (true, false) => follow_up.done_at = None,
        (false, true) => {}
        (false, false) if before.status == follow_up.status => {
            follow_up.done_at = before.done_at.or(Some(call.now));
        }
        (false, false) => follow_up.done_at = Some(call.now),
    }
    Ok(follow_up)
}
