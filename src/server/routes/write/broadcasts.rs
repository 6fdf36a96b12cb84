//! `POST /v1/broadcasts`: a message to many, as a draft.
//!
//! Whom it goes to is a filter in the words of the client, which this backend keeps and does not
//! read; figures of the variants come from whoever sends it.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, overlay};
use crate::model::{Broadcast, Record, Resource};

pub(super) static CREATE: Write = Write {
    method: Method::POST,
    path: "/v1/broadcasts",
    operation: "create_broadcast",
    summary: "Makes a broadcast, as a draft",
    answers: Resource::Broadcasts,
    status: StatusCode::CREATED,
    fields: Some(&[
        Field::required("title", Kind::Line),
        Field::required("audience", Kind::Line),
        Field::optional("variants", Kind::Rows(&["name"])),
    ]),
    matches: false,
    errors: &[],
    decide: create,
};

fn create(call: &Call<'_>, members: Map<String, Value>) -> Result<Decision, Problem> {
    let fresh = Broadcast {
        id: call.new_id(Resource::Broadcasts, "b")?.into(),
        created_at: Some(call.now),
        created_by: Some(call.operator.into()),
        status: Some("draft".to_owned()),
        ..Broadcast::default()
    };
    let broadcast = overlay(&fresh, members)?;
    let mut names = HashSet::new();
    for (place, variant) in broadcast.variants.iter().enumerate() {
        if !names.insert(variant.name.as_str()) {
            let path = format!("variants[{place}].name");
            return Err(Problem::invalid(vec![Mistake::new(path, "is there twice")]));
        }
    }
    let answer = (Resource::Broadcasts, broadcast.key());
    Ok(Decision { records: vec![broadcast.any()], answer })
}
