//! `GET /v1/{resource}` and `GET /v1/{resource}/{id}`, once for each collection.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use serde_json::{Value, json};

use super::super::problem::Problem;
use super::super::store::Cursor;
use super::parameters::{Asked, CURSOR, LIMIT, Parameter};
use super::{Answer, Route, Shared};
use crate::model::{
    Broadcast, Customer, Event, FollowUp, Group, GroupActivity, GroupDay, GroupMember, Operator, Order,
    Resource, Snippet, Tag, TagGroup,
};

pub(super) const ID: Parameter = Parameter {
    name: "id",
    place: "path",
    required: true,
    description: "The record's id; `group:member` and `group:day` for the records that have two.",
    schema: || json!({"type": "string", "minLength": 1}),
};

/// A page of a collection.
pub(super) fn list(resource: Resource) -> Route {
    Route {
        method: Method::GET,
        path: format!("/v1/{resource}"),
        operation: format!("list_{resource}"),
        summary: format!("A page of {resource}, in the order of their ids"),
        parameters: vec![LIMIT, CURSOR],
        body: None,
        answer: Answer::json("A page; `seq` is the change number as of the first one", move |schemas| {
            json!({
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": schema(resource, schemas)},
                    "next_cursor": {
                        "type": ["string", "null"],
                        "description": "Where the next page begins; null at the end",
                    },
                    "seq": {"type": "integer"},
                    "total": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "How many records there are in all; on the first page only",
                    },
                },
                "required": ["items", "next_cursor", "seq"],
                "additionalProperties": false,
            })
        }),
        errors: vec![],
        guarded: true,
        handler: super::get(move |State(shared): State<Shared>, asked: Asked| async move {
            page(shared, resource, &asked).await
        }),
    }
}

/// One record.
pub(super) fn one(resource: Resource) -> Route {
    Route {
        method: Method::GET,
        path: format!("/v1/{resource}/{{id}}"),
        operation: format!("get_{resource}"),
        summary: format!("One record of {resource}"),
        parameters: vec![ID],
        body: None,
        answer: Answer::json("The record", move |schemas| schema(resource, schemas)),
        errors: vec![404],
        guarded: true,
        handler: super::get(
            move |State(shared): State<Shared>, id: Result<Path<String>, PathRejection>| async move {
                record(shared, resource, id).await
            },
        ),
    }
}

async fn page(shared: Shared, resource: Resource, asked: &Asked) -> Result<Response, Problem> {
    let limit = asked.limit()?;
    let cursor = match asked.text("cursor") {
        None => None,
        Some(text) => Some(Cursor::decode(resource, text).ok_or_else(|| {
            Problem::parameter("cursor", format!("this is no cursor of {resource}; begin without one"))
        })?),
    };
    let page = shared.read(move |store| store.page(resource, cursor.as_ref(), limit)).await?;
    // The records are JSON already; taking them apart to put them together again costs most.
    let next = page.next.map_or(Value::Null, |cursor| cursor.encode().into());
    let items = page.items.join(",");
    let total = page.total.map(|total| format!(r#","total":{total}"#)).unwrap_or_default();
    Ok(json_text(format!(r#"{{"items":[{items}],"next_cursor":{next},"seq":{}{total}}}"#, page.seq)))
}

async fn record(
    shared: Shared,
    resource: Resource,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(id) = id.map_err(|_| Problem::not_found("the id in the path is no UTF-8"))?;
    let missing = Problem::not_found(format!("{resource} has no {id:?}"));
    let body = shared.read(move |store| store.get(resource, &id)).await?;
    body.map(json_text).ok_or(missing)
}

/// An answer whose body is JSON already.
pub(super) fn json_text(body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// The schema of a collection's record.
pub(super) fn schema(resource: Resource, schemas: &mut SchemaGenerator) -> Value {
    let schema = match resource {
        Resource::Operators => schemas.subschema_for::<Operator>(),
        Resource::TagGroups => schemas.subschema_for::<TagGroup>(),
        Resource::Tags => schemas.subschema_for::<Tag>(),
        Resource::Customers => schemas.subschema_for::<Customer>(),
        Resource::FollowUps => schemas.subschema_for::<FollowUp>(),
        Resource::Groups => schemas.subschema_for::<Group>(),
        Resource::GroupDays => schemas.subschema_for::<GroupDay>(),
        Resource::GroupMembers => schemas.subschema_for::<GroupMember>(),
        Resource::GroupActivities => schemas.subschema_for::<GroupActivity>(),
        Resource::Snippets => schemas.subschema_for::<Snippet>(),
        Resource::Broadcasts => schemas.subschema_for::<Broadcast>(),
        Resource::Orders => schemas.subschema_for::<Order>(),
        Resource::Events => schemas.subschema_for::<Event>(),
    };
    schema.to_value()
}
