//! Writes: what all of them have in common. A file per kind says what each may be sent and what
//! it comes to.
//!
//! A write comes as JSON, is read whole and only then done, in one transaction of the store: its
//! `Idempotency-Key` looked up, its body checked against the records that are there, its
//! `If-Match` held against the record's `rev`, the records written, numbered and announced, the
//! answer kept under the key. A line that breaks before the end of the body does nothing; one
//! that breaks afterwards does all of it, and the same key then gets the same answer, with the
//! header `Idempotency-Replayed: true`.
//!
//! - Answers are the record that was made or changed, with its `rev` and the change number `seq`
//!   by which the feed has told all of it. Kinds without a `rev` of their own (events, tags,
//!   broadcasts) have the number of their last change for one.
//! - Keys are the operator's own and are kept at least 24 hours. A refusal changed nothing and is
//!   not kept: sent again, it is judged again. Sent with another body, or to another place, a key
//!   is refused with 422. `If-Match` is no part of what a key stands for: what was done is not
//!   stale because it was done.
//! - A change that changes nothing raises no `rev` and is told to nobody.
//! - The body must say that it is JSON, also on loopback without a token: a page in a browser
//!   cannot send that to another site without asking first, and nobody answers its question.

mod body;
mod broadcasts;
mod customers;
mod events;
mod fields;
mod follow_ups;
mod messages;
mod tagging;
mod tags;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use serde_json::{Map, Value, json};

use super::super::problem::{Mistake, Problem};
use super::super::store::{self, Decision, Outcome, View};
use super::parameters::Parameter;
use super::records::{ID, schema};
use super::{Answer, Route, Shared};
use crate::model::{Record, Resource, Time};
use fields::Field;

/// All writes there are.
pub(super) static TABLE: [&Write; 10] = [
    &customers::CHANGE,
    &tagging::TAG,
    &events::ADD,
    &follow_ups::CREATE,
    &follow_ups::CHANGE,
    &tags::CREATE,
    &tags::CHANGE,
    &tags::DELETE,
    &messages::SEND,
    &broadcasts::CREATE,
];

/// Says that an answer is one of before.
const REPLAYED: &str = "idempotency-replayed";
/// Characters of a key, at most.
const LONGEST_KEY: usize = 255;

const KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    place: "header",
    required: false,
    description: "Names this write: sent again, it is not done again, and answered as it was then. \
                  Up to 255 visible ASCII characters, kept at least 24 hours.",
    schema: || json!({"type": "string", "minLength": 1}),
};

const IF_MATCH: Parameter = Parameter {
    name: "If-Match",
    place: "header",
    required: false,
    description: "The `rev` that the client knows; where the record has moved on, nothing is written.",
    schema: || json!({"type": "string", "minLength": 1}),
};

/// One kind of write.
pub(super) struct Write {
    method: Method,
    path: &'static str,
    operation: &'static str,
    summary: &'static str,
    /// The kind of record that is the answer.
    answers: Resource,
    /// 200, or 201 where it makes a record.
    status: StatusCode,
    /// What the body may have; `None` where there is no body.
    fields: Option<&'static [Field]>,
    /// Whether there is a record that `If-Match` can be held against.
    matches: bool,
    /// Statuses of errors, besides those that any write can give.
    errors: &'static [u16],
    decide: fn(&Call<'_>, Map<String, Value>) -> Result<Decision, Problem>,
}

/// A write as it was asked for, over the store as it is.
pub(super) struct Call<'a> {
    view: &'a View<'a>,
    /// The id of the path.
    id: &'a str,
    if_match: Option<&'a str>,
    /// When it came.
    now: Time,
    /// The operator on whose behalf the client works.
    operator: &'a str,
}

impl Write {
    /// The write as a line of the table of routes.
    pub fn line(&'static self) -> Route {
        let filter = match self.method {
            Method::POST => MethodFilter::POST,
            Method::PATCH => MethodFilter::PATCH,
            _ => MethodFilter::DELETE,
        };
        let mut parameters = vec![KEY];
        if self.matches {
            parameters.push(IF_MATCH);
        }
        if self.has_id() {
            parameters.insert(0, ID);
        }
        let mut errors = vec![422, 429, 500, 503];
        if self.fields.is_some() {
            errors.extend([413, 415]);
        }
        if self.matches {
            errors.push(412);
        }
        errors.extend(self.errors);
        let (status, answers) = (self.status, self.answers);
        Route {
            method: self.method.clone(),
            path: self.path.to_owned(),
            operation: self.operation.to_owned(),
            summary: self.summary.to_owned(),
            parameters,
            body: self.fields.map(fields::schema),
            answer: Answer {
                status,
                ..Answer::json(
                    "The record as it is now, with its `rev` and the change number `seq`",
                    move |s| {
                        json!({"allOf": [schema(answers, s), {
                            "type": "object",
                            "properties": {"rev": {"type": "string"}, "seq": {"type": "integer"}},
                            "required": ["rev", "seq"],
                        }]})
                    },
                )
            },
            errors,
            guarded: true,
            handler: axum::routing::on(filter, move |State(shared): State<Shared>, request: Request| {
                self.serve(shared, request)
            }),
        }
    }

    fn has_id(&self) -> bool {
        self.path.contains("{id}")
    }

    async fn serve(&'static self, shared: Shared, mut request: Request) -> Result<Response, Problem> {
        if let Some(bucket) = &shared.bucket {
            bucket.take(Instant::now()).map_err(Problem::too_many)?;
        }
        let id = match self.has_id() {
            true => request.extract_parts::<Path<String>>().await.map(|Path(id)| id),
            false => Ok(String::new()),
        };
        let id = id.map_err(|_| Problem::not_found("the id in the path is no UTF-8"))?;
        let key = visible(request.headers(), "idempotency-key", LONGEST_KEY)?;
        let if_match = visible(request.headers(), "if-match", usize::MAX)?;
        if if_match.is_some() && !self.matches {
            let detail = "If-Match has no record here that it could be held against";
            return Err(Problem::parameter("if-match", detail));
        }
        let body = self.body(request, shared.limits.body_bytes).await?;
        let status = self.status;
        let outcome = shared.write(move |store| {
            let operator = store.identity()?.operator.id;
            let content = format!("{} {}\n{}", self.method, self.path.replace("{id}", &id), canonical(&body));
            let now = now();
            let asked = store::Request { caller: &operator, key: key.as_deref(), content: &content, at: now };
            store.answer(&asked, |view| {
                let members = match self.fields {
                    Some(fields) => fields::read(fields, body, view)?,
                    None => Map::new(),
                };
                let if_match = if_match.as_deref();
                (self.decide)(&Call { view, id: &id, if_match, now, operator: &operator }, members)
            })
        });
        let (body, replayed) = match outcome.await? {
            Outcome::Done(body) => (body, false),
            Outcome::Again(body) => (body, true),
            Outcome::Other => return Err(Problem::key_reused()),
        };
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let mut response = (status, kind, body).into_response();
        if replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        Ok(response)
    }

    async fn body(&self, request: Request, most: usize) -> Result<Value, Problem> {
        if self.fields.is_some() && !is_json(request.headers()) {
            return Err(Problem::not_json());
        }
        let bytes = Bytes::from_request(request, &()).await.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(most),
            _ => Problem::parameter("body", "the body broke off"),
        })?;
        if self.fields.is_none() {
            return match bytes.is_empty() {
                true => Ok(Value::Null),
                false => Err(Problem::parameter("body", "nothing is sent with this")),
            };
        }
        body::read(&bytes)
            .map_err(|error| Problem::parameter("body", format!("the body cannot be read as JSON: {error}")))
    }
}

impl Call<'_> {
    /// The record of an id; `None` where there is none.
    pub fn get<T: Record>(&self, id: &str) -> Result<Option<T>, Problem> {
        let Some(body) = self.view.get(T::RESOURCE, id)? else { return Ok(None) };
        read(&body).map(Some)
    }

    /// The record of the path.
    ///
    /// # Errors
    /// 404 where there is none, 412 where it is not at the revision that the client knows.
    pub fn target<T: Record>(&self) -> Result<T, Problem> {
        let missing = || Problem::not_found(format!("{} has no {:?}", T::RESOURCE, self.id));
        let record = self.get::<T>(self.id)?.ok_or_else(missing)?;
        self.hold(&record)?;
        Ok(record)
    }

    /// An id that no record has, and none had: numbers of changes are not given out twice.
    pub fn new_id(&self, resource: Resource, prefix: &str) -> Result<String, Problem> {
        let mut number = self.view.seq() + 1;
        loop {
            let id = format!("{prefix}-{number}");
            if self.view.changed(resource, &id)?.is_none() {
                return Ok(id);
            }
            number += 1; // somebody else's ids look like ours
        }
    }

    /// Holds `If-Match` against a record.
    ///
    /// # Errors
    /// 412 where the record is not at the revision that the client knows.
    pub fn hold<T: Record>(&self, record: &T) -> Result<(), Problem> {
        let Some(known) = self.if_match else { return Ok(()) };
        let id = record.key();
        let mut item = serde_json::to_value(record).unwrap_or_default(); // no map key but strings
        if item["rev"].is_null() {
            let changed = self.view.changed(T::RESOURCE, &id)?.unwrap_or_default();
            item["rev"] = changed.to_string().into();
        }
        let rev = item["rev"].as_str().unwrap_or_default();
        let fits = known.split(',').map(bare).any(|known| known == "*" || known == rev);
        if fits {
            return Ok(());
        }
        let detail = format!("{} {id:?} is at revision {rev}, not {known}", T::RESOURCE);
        Err(Problem::stale(detail, item))
    }
}

/// A revision without the quotes that HTTP has around it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("W/").unwrap_or(text);
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// A record of the store.
fn read<T: Record>(body: &str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(|error| {
        tracing::error!(%error, resource = %T::RESOURCE, "a record of the store cannot be read");
        Problem::broken_record()
    })
}

/// The record with `members` laid over it.
fn overlay<T: Record>(record: &T, members: Map<String, Value>) -> Result<T, Problem> {
    let mut item = serde_json::to_value(record).unwrap_or_default(); // no map key but strings
    if let Some(item) = item.as_object_mut() {
        item.extend(members);
    }
    serde_json::from_value(item).map_err(|error| Problem::invalid(vec![Mistake::new(".", error.to_string())]))
}

/// That `record` is written, where it is not as `before`, and is the answer.
fn changed<T: Record + PartialEq>(before: &T, record: T) -> Decision {
    let answer = (T::RESOURCE, record.key());
    let records = if *before == record { Vec::new() } else { vec![record.any()] };
    Decision { records, answer }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The text of a header; `None` where it is absent.
fn visible(headers: &HeaderMap, name: &str, longest: usize) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or("").trim();
    if text.is_empty() || text.len() > longest || values.next().is_some() {
        return Err(Problem::parameter(name, format!("{name} is sent once, as visible ASCII characters")));
    }
    Ok(Some(text.to_owned()))
}

/// A body spelled in one way, whatever the order of its members and the spaces between them.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_unstable_by_key(|(name, _)| *name);
                members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
            }
            Value::Array(items) => items.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

fn now() -> Time {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_body_is_spelled_in_one_way() {
        let one = serde_json::from_str(r#"{"b": [1, {"y": 1, "x": 2}], "a": null}"#).unwrap();
        let other = serde_json::from_str(r#"{"a":null,"b":[1,{"x":2,"y":1}]}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&other));
        let third = serde_json::from_str(r#"{"a":null,"b":[{"x":2,"y":1},1]}"#).unwrap();
        assert_ne!(canonical(&one), canonical(&third));
    }

    #[test]
    fn revisions_are_read_with_and_without_quotes() {
        for text in ["7", "\"7\"", " W/\"7\" "] {
            assert_eq!(bare(text), "7");
        }
    }
}
