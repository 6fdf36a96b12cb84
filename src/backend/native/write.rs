//! Writes on their way to the backend: the request that each deed is, and what came back.
//!
//! Nothing here is tried twice, and no redirect is followed. What an error means for the write
//! (whether it may be sent again, or has to be read back) is decided by `sync`, from
//! [`BackendError::sent`] and its status.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Native;
use crate::backend::http::{Answer, Request, Written, verb};
use crate::backend::{BackendError, Reply, error};
use crate::model::{AnyRecord, Deed, Resource, TroubleKind, Write};

impl Native {
    /// Sends a write under its idempotency key; `if_match` is the revision that it was made for.
    ///
    /// # Errors
    /// [`BackendError`] of any kind. `Malformed` with `sent` is an answer that says nothing of the
    /// write: it may have been done. `Validation` without `sent` is a write that this backend
    /// has no request for.
    pub async fn write(
        &self,
        write: &Write,
        key: &str,
        if_match: Option<&str>,
    ) -> Result<Reply, BackendError> {
        let (method, path, body) = request(write).map_err(|what| {
            let error = self.http.wrong(TroubleKind::Validation, "POST", &endpoint(write), &what);
            BackendError { sent: false, ..error }
        })?;
        let name = verb(&method);
        let answer = match self.http.send_json(Request { method, path, body, key, if_match }).await? {
            Written::Taken(answer) => answer,
            Written::Stale(current) => return self.moved(write, current).await,
        };
        let record = answered(write, answer).map_err(|what| self.malformed(name, &endpoint(write), &what))?;
        Ok(Reply::Done(Box::new(record)))
    }

    /// One record as it is now; `None` where the backend has none of that id.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Malformed` where the answer is another record or none.
    pub async fn record(&self, resource: Resource, id: &str) -> Result<Option<AnyRecord>, BackendError> {
        let malformed = |what: &str| self.malformed("GET", &format!("/v1/{resource}/{id}"), what);
        if !is_segment(id) {
            return Ok(None);
        }
        let answer = match self.http.get_json(&["v1", resource.name(), id], &[]).await {
            Ok(answer) => answer,
            Err(error) if error.status == Some(404) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (record, _) =
            AnyRecord::read(resource, answer.value).map_err(|complaint| malformed(&complaint.to_string()))?;
        if record.key() != id {
            return Err(malformed("another record than the one asked for"));
        }
        Ok(Some(record))
    }

    /// The record that has moved on, asked for where the refusal did not tell it.
    async fn moved(&self, write: &Write, current: Option<Value>) -> Result<Reply, BackendError> {
        let told = current.and_then(|item| AnyRecord::read(write.resource, item).ok());
        if let Some((record, _)) = told.filter(|(record, _)| record.key() == write.id) {
            return Ok(Reply::Moved(Box::new(record)));
        }
        // The write was refused, so nothing of it is there, however this question fares.
        let unsent = |error| BackendError { sent: false, ..error };
        match self.record(write.resource, &write.id).await.map_err(unsent)? {
            Some(record) => Ok(Reply::Moved(Box::new(record))),
            None => {
                let what = "the record has moved on, and is not there any more";
                let error = self.http.wrong(TroubleKind::NotFound, "GET", &endpoint(write), what);
                Err(BackendError { status: Some(404), ..error })
            }
        }
    }
}

/// Verb, path and body of a write.
///
/// # Errors
/// Why there is none.
fn request(write: &Write) -> Result<(Method, Vec<&str>, Option<Value>), String> {
    let waits_for = write.waits_for();
    if let Some(local) = waits_for.first() {
        return Err(format!("the backend has not named {local} yet"));
    }
    let id = write.id.as_str();
    let (method, path, body) = match (&write.deed, write.resource) {
        (Deed::Set { fields }, Resource::Customers | Resource::FollowUps | Resource::Tags) => {
            (Method::PATCH, vec!["v1", write.resource.name(), id], Some(Value::Object(fields.clone())))
        }
        (Deed::Tag { add, remove }, Resource::Customers) => {
            let mut body = Map::new();
            for (name, tags) in [("add", add), ("remove", remove)] {
                if !tags.is_empty() {
                    body.insert(name.to_owned(), json!(tags));
                }
            }
            (Method::POST, vec!["v1", "customers", id, "tags"], Some(Value::Object(body)))
        }
        (Deed::Make { fields }, Resource::Events) => {
            let customer = fields.get("customer_id").and_then(Value::as_str);
            let customer = customer.ok_or("an event is written on a customer's timeline")?;
            let mut fields = fields.clone();
            fields.shift_remove("customer_id"); // the path says it
            (Method::POST, vec!["v1", "customers", customer, "events"], Some(Value::Object(fields)))
        }
        (Deed::Make { fields }, Resource::FollowUps | Resource::Tags) => {
            (Method::POST, vec!["v1", write.resource.name()], Some(Value::Object(fields.clone())))
        }
        (Deed::Send { customer_id, channel, body }, _) => {
            let body = json!({"customer_id": customer_id, "channel": channel, "body": body});
            (Method::POST, vec!["v1", "messages"], Some(body))
        }
        (Deed::Delete, Resource::Tags) => (Method::DELETE, vec!["v1", "tags", id], None),
        (_, resource) => return Err(format!("there is no such change to one of {resource}")),
    };
    match path.iter().all(|segment| is_segment(segment)) {
        true => Ok((method, path, body)),
        false => Err(format!("no path can carry the id {:?}", error::quote(id))),
    }
}

/// The record that a success tells.
///
/// # Errors
/// Why it is not the answer to this write: then nobody knows what became of it.
fn answered(write: &Write, answer: Answer) -> Result<AnyRecord, String> {
    let (record, _) = AnyRecord::read(write.comes_to(), answer.value)
        .map_err(|complaint| format!("no record came back: {complaint}"))?;
    if !write.makes() && record.key() != write.id {
        return Err("another record came back than the one that was written".to_owned());
    }
    Ok(record)
}

/// Whether a URL carries the text as one segment: `.` and `..` would climb to another endpoint.
fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

fn endpoint(write: &Write) -> String {
    format!("/v1/{}/{}", write.resource, error::quote(&write.id))
}
