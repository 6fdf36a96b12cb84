//! `GET /v1/changes`: what changed since a number.

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use serde_json::json;

use super::super::problem::Problem;
use super::parameters::{Asked, LIMIT, SINCE, since_is_missing};
use super::records::json_text;
use super::{Answer, Route, Shared};
use crate::model::Change;

pub(super) fn route() -> Route {
    Route {
        method: Method::GET,
        path: "/v1/changes".to_owned(),
        operation: "changes".to_owned(),
        summary: "What changed since a number, in order".to_owned(),
        parameters: vec![SINCE, LIMIT],
        body: None,
        answer: Answer::json("Changes, each with the record as it is now", |schemas| {
            json!({
                "type": "object",
                "properties": {
                    "changes": {
                        "type": "array",
                        "items": schemas.subschema_for::<Change>().to_value(),
                    },
                    "next": {"type": "integer", "description": "What to ask for next"},
                    "more": {"type": "boolean", "description": "Whether there is more right now"},
                },
                "required": ["changes", "next", "more"],
                "additionalProperties": false,
            })
        }),
        errors: vec![410],
        guarded: true,
        handler: super::get(changes),
    }
}

async fn changes(State(shared): State<Shared>, asked: Asked) -> Result<Response, Problem> {
    let since = asked.since()?.ok_or_else(since_is_missing)?;
    let limit = asked.limit()?;
    let changes = shared.read(move |store| store.changes(since, limit)).await?;
    let list: Vec<String> = changes.list.iter().map(|change| change.to_json()).collect();
    let list = list.join(",");
    Ok(json_text(format!(r#"{{"changes":[{list}],"next":{},"more":{}}}"#, changes.next, changes.more)))
}
