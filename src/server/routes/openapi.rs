//! `GET /openapi.json`: the table of routes as an OpenAPI 3.1 document.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::super::problem::Problem;
use super::records::json_text;
use super::{Answer, OPENAPI, Route, Shared};

pub(super) fn route() -> Route {
    Route {
        method: Method::GET,
        path: OPENAPI.to_owned(),
        operation: "openapi".to_owned(),
        summary: "This document".to_owned(),
        parameters: vec![],
        body: None,
        answer: Answer::json("An OpenAPI 3.1 document", |_| json!({"type": "object"})),
        errors: vec![],
        guarded: false,
        handler: super::get(openapi),
    }
}

async fn openapi(State(shared): State<Shared>) -> Response {
    json_text(shared.openapi.to_string())
}

/// The document of all `routes`.
pub(super) fn document(routes: Vec<Route>) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<Problem>().to_value();
    let mut paths = Map::new();
    for route in routes {
        let mut responses = Map::new();
        let Answer { status, meaning, content_type, schema } = route.answer;
        let schema = schema(&mut schemas);
        responses.insert(
            status.as_str().to_owned(),
            json!({"description": meaning, "content": {content_type: {"schema": schema}}}),
        );
        let guards: &[u16] = if route.guarded { &[401] } else { &[] };
        for &status in [400].iter().chain(&route.errors).chain(guards).chain(&[403]) {
            responses.insert(status.to_string(), error(status, &problem));
        }
        let parameters: Vec<Value> = route
            .parameters
            .iter()
            .map(|parameter| {
                json!({
                    "name": parameter.name, "in": parameter.place, "required": parameter.required,
                    "description": parameter.description, "schema": (parameter.schema)(),
                })
            })
            .collect();
        let mut operation = json!({
            "operationId": route.operation, "summary": route.summary,
            "parameters": parameters, "responses": responses,
        });
        if let Some(schema) = route.body {
            operation["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": schema}}});
        }
        if !route.guarded {
            operation["security"] = json!([]);
        }
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "siyu", "version": "1",
            "description": "Records of a customer community, read page by page, a feed of their changes, and writes.",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        // Without a token the server listens on loopback only and asks for none.
        "security": [{"bearer": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn error(status: u16, problem: &Value) -> Value {
    let meaning = match status {
        400 => "A parameter, a header or the JSON of the body cannot be understood",
        401 => "No token, or another one",
        403 => "Asked by a name that is not this machine's, without a token",
        404 => "There is no such record",
        409 => "What is asked for does not go together with what is there",
        410 => "That number is older than what is kept: pull every resource again",
        412 => "The record has moved on since `If-Match`; `current` is the record as it is now",
        413 => "The body is too large",
        415 => "The body is not JSON",
        422 => "The body is not what is asked for, as `errors` tell; or the key stands for another write",
        429 => "Too many writes: come back after `Retry-After` seconds",
        500 => "The store failed",
        503 => "Too much at once: come back after `Retry-After` seconds",
        _ => StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("Error"),
    };
    json!({"description": meaning, "content": {"application/problem+json": {"schema": problem}}})
}
