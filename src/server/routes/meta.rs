//! `GET /v1/meta`: who answers here, and what it can do.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::problem::Problem;
use super::super::store::OperatorName;
use super::{Answer, Route, Shared};
use crate::model::Resource;

/// What a client asks first.
#[derive(Serialize, JsonSchema)]
struct Meta {
    /// Name of the company or shop.
    name: String,
    /// Version of the API.
    api: u8,
    /// The operator on whose behalf the client works.
    operator: OperatorName,
    /// Collections that are served.
    resources: Vec<Resource>,
    /// What else can be done: `changes`, `stream`, `writes`.
    features: Vec<&'static str>,
    /// The latest change number.
    seq: i64,
}

pub(super) fn route() -> Route {
    Route {
        method: Method::GET,
        path: "/v1/meta".to_owned(),
        operation: "meta".to_owned(),
        summary: "Who answers here, and what it can do".to_owned(),
        parameters: vec![],
        body: None,
        answer: Answer::json("What the server is", |schemas| schemas.subschema_for::<Meta>().to_value()),
        errors: vec![],
        guarded: true,
        handler: super::get(meta),
    }
}

async fn meta(State(shared): State<Shared>) -> Result<Json<Meta>, Problem> {
    let identity = shared.read(|store| store.identity()).await?;
    Ok(Json(Meta {
        name: identity.name,
        api: 1,
        operator: identity.operator,
        resources: Resource::ALL.to_vec(),
        features: vec!["changes", "stream", "writes"],
        seq: shared.store.seq(),
    }))
}
