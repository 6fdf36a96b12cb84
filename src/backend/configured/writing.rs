//! What is written, by the requests of the file; and single records, asked for before and after.

use serde_json::{Map, Value, json};

use super::Configured;
use crate::backend::file::{Answer, Read, WriteShape};
use crate::backend::mapping::{Bindings, Filter, Mapping};
use crate::backend::{BackendError, Reply};
use crate::model::write::Keeps;
use crate::model::{AnyRecord, Deed, Resource, TroubleKind, Write};

impl Configured {
    /// Sends a write, in as many calls as the file says, and gives the record as it is then.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Validation` without `sent` where the file has no request for it.
    pub async fn write(&self, write: &Write, key: &str, rev: Option<&str>) -> Result<Reply, BackendError> {
        let action = action(write);
        let shape = self.file.write(&action).ok_or_else(|| {
            self.refused(&format!("the connector {} has no request for {action}", self.file.name))
        })?;
        if let Some(local) = write.waits_for().first() {
            return Err(self.refused(&format!("the backend has not named {local} yet")));
        }
        let untimed = untimed(write, |field| shape.fields.iter().any(|known| known == field));
        let write = untimed.as_ref().unwrap_or(write);
        let foreign = write.fields_sent().find(|field| !shape.fields.contains(field));
        if let Some(field) = foreign {
            let what = format!("the connector {} cannot write {field} by {action}", self.file.name);
            return Err(self.refused(&what));
        }
        match self.send(write, shape, key, rev).await {
            Err(error) if error.kind == TroubleKind::Conflict && !write.makes() => {
                let unsent = |error| BackendError { sent: false, ..error };
                match self.record(write.resource, &write.id).await.map_err(unsent)? {
                    Some(record) => Ok(Reply::Moved(Box::new(record))),
                    None => Err(error),
                }
            }
            other => other,
        }
    }

    async fn send(
        &self,
        write: &Write,
        shape: &WriteShape,
        key: &str,
        rev: Option<&str>,
    ) -> Result<Reply, BackendError> {
        let unsent = |error| BackendError { sent: false, ..error };
        let bindings = (*self.bindings).clone().with("$write", seen(write, rev));
        let mut bindings = self.with_names(bindings, &shape.lookups).await.map_err(unsent)?;
        if shape.reads {
            let raw = self.raw(write.resource, &write.id).await.map_err(unsent)?;
            let Some(raw) = raw else {
                let what = "the record is not there any more";
                let error = self.http.wrong(TroubleKind::NotFound, "GET", &write.id, what);
                let lost = self.in_parts(write.resource);
                return Err(BackendError { sent: false, status: Some(404), lost, ..error });
            };
            if let Some(pull) = self.file.pull(write.resource).filter(|_| shape.details) {
                let detail = self.details(pull, std::slice::from_ref(&raw), &bindings).await;
                if let Some(detail) = detail.map_err(unsent)?.and_then(|all| all.into_iter().next()) {
                    bindings.set("$detail", detail.map_err(|what| self.refused(&format!("detail: {what}")))?);
                }
            }
            bindings.set("$record", raw);
        }
        let mut told = None;
        let first = std::iter::once((&shape.request, &shape.each));
        for (request, each) in first.chain(shape.then.iter().map(|(request, each)| (request, each))) {
            for one in self.members(each.as_ref(), &bindings)? {
                bindings.set("$each", one);
                let key = shape.key_header.as_deref().map(|name| (name, key));
                told = Some(self.tell(request, &bindings, key).await?);
            }
        }
        let id = match &told {
            // There was nothing to change.
            None => write.id.clone(),
            Some(told) => {
                let wrong = |what: String| told.wrong(&self.http, TroubleKind::Malformed, &what);
                match &shape.answer {
                    Answer::Item(filter) => {
                        let item = filter.one(&told.body, &bindings).map_err(wrong)?;
                        let map = self.mapping(write.comes_to(), None);
                        let record = self.mapped(write.comes_to(), map, &item).await.map_err(wrong)?;
                        return self.answered(write, record).map_err(wrong);
                    }
                    Answer::Record(filter) => {
                        let record = filter.one(&told.body, &bindings).map_err(wrong)?;
                        let record = AnyRecord::read(write.comes_to(), record);
                        let (record, _) = record.map_err(|complaint| wrong(complaint.to_string()))?;
                        return self.answered(write, record).map_err(wrong);
                    }
                    Answer::Id(filter) => match filter.one(&told.body, &bindings).map_err(wrong)? {
                        Value::String(id) => id,
                        Value::Number(id) => id.to_string(),
                        other => return Err(wrong(format!("the answer's id is {other}"))),
                    },
                    Answer::Nothing if write.makes() => {
                        return Err(wrong("the answer does not say which record was made".to_owned()));
                    }
                    Answer::Nothing => write.id.clone(),
                }
            }
        };
        let read = self.record(write.comes_to(), &id).await;
        // It was sent: whatever goes wrong with reading it back, it may be there.
        let doubtful = |error| BackendError { sent: true, status: None, ..error };
        match read.map_err(doubtful)? {
            Some(record) => self.answered(write, record).map_err(|what| BackendError {
                status: Some(200),
                ..self.http.wrong(TroubleKind::Validation, "GET", &id, &what)
            }),
            None if matches!(write.deed, Deed::Delete) => {
                let gone = json!({"id": write.id, "deleted": true});
                let record = AnyRecord::read(write.resource, gone).map(|(record, _)| record);
                record
                    .map(|record| Reply::Done(Box::new(record)))
                    .map_err(|what| self.refused(&what.to_string()))
            }
            None => Err(self.http.wrong(
                TroubleKind::Malformed,
                "GET",
                &id,
                "the record that was written is not there",
            )),
        }
    }

    /// What each call of a request is for; a single one where the file names no list.
    fn members(&self, each: Option<&Filter>, bindings: &Bindings) -> Result<Vec<Value>, BackendError> {
        match each.map(|filter| filter.one(&Value::Null, bindings)) {
            None => Ok(vec![Value::Null]),
            Some(Ok(Value::Array(list))) => Ok(list),
            Some(Ok(_)) => Err(self.refused("`each` gives no list")),
            Some(Err(what)) => Err(self.refused(&format!("each: {what}"))),
        }
    }

    /// The reply that a record is, where it shows that the write was done.
    fn answered(&self, write: &Write, record: AnyRecord) -> Result<Reply, String> {
        if !write.makes() && record.key() != write.id {
            return Err("another record came back than the one that was written".to_owned());
        }
        if !write.makes() && !matches!(write.deed, Deed::Delete) && !write.is_in(&record) {
            return Err("the backend took it, and did not do it: the record reads otherwise".to_owned());
        }
        Ok(Reply::Done(Box::new(record)))
    }

    /// One record as it is now; `None` where the backend has none of that id.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Malformed` where the answer is another record or none.
    pub async fn record(&self, resource: Resource, id: &str) -> Result<Option<AnyRecord>, BackendError> {
        let Some(raw) = self.raw(resource, id).await? else { return Ok(None) };
        let wrong = |what: String| {
            self.http.wrong(TroubleKind::Malformed, "GET", &format!("[read.{resource}]"), &what)
        };
        let map = self.mapping(resource, self.file.read_one(resource));
        let record = self.mapped(resource, map, &raw).await.map_err(wrong)?;
        if record.key() != id {
            return Err(wrong(format!("another record than {id} came back")));
        }
        Ok(Some(record))
    }

    /// One item as the backend has it.
    async fn raw(&self, resource: Resource, id: &str) -> Result<Option<Value>, BackendError> {
        let read = self.file.read_one(resource).ok_or_else(|| {
            self.refused(&format!("the connector {} has no [read.{resource}]", self.file.name))
        })?;
        let bindings = (*self.bindings).clone().with("$id", id);
        let told = match self.ask(&read.request, &bindings, &[], None).await {
            Ok(told) if told.is_empty => return Ok(None),
            Ok(told) => told,
            Err(error) if error.kind == TroubleKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let item = read.item.one(&told.body, &bindings);
        let item =
            item.map_err(|what| told.wrong(&self.http, TroubleKind::Malformed, &format!("item: {what}")))?;
        Ok(Some(item).filter(|item| !item.is_null()))
    }

    fn mapping<'a>(&'a self, resource: Resource, read: Option<&'a Read>) -> Option<&'a Mapping> {
        read.and_then(|read| read.map.as_ref()).or_else(|| self.file.pull(resource).map(|pull| &pull.map))
    }

    /// The record of an item, with its names and its detail looked up as a pull would.
    async fn mapped(
        &self,
        resource: Resource,
        map: Option<&Mapping>,
        item: &Value,
    ) -> Result<AnyRecord, String> {
        let map =
            map.ok_or_else(|| format!("the connector {} has no mapping of {resource}", self.file.name))?;
        let kinds: Vec<Resource> = map.lookups().filter_map(|name| Resource::parse(&name)).collect();
        let bindings = self.with_names((*self.bindings).clone(), &kinds).await;
        let mut bindings = bindings.map_err(|error| error.to_string())?;
        if let Some(pull) = self.file.pull(resource).filter(|pull| std::ptr::eq(&pull.map, map)) {
            let details = self.details(pull, std::slice::from_ref(item), &bindings).await;
            let details = details.map_err(|error| error.to_string())?.unwrap_or_default();
            if let Some(detail) = details.into_iter().next() {
                bindings.set("$detail", detail?);
            }
        }
        let row = map.bind(&bindings).rows(item)?.into_iter().next();
        let row = row.ok_or("the mapping gives no record for it")?;
        let (record, _) = AnyRecord::read(resource, row.item).map_err(|complaint| complaint.to_string())?;
        Ok(record)
    }

    fn refused(&self, what: &str) -> BackendError {
        let error = self.http.wrong(TroubleKind::Validation, "POST", &self.origin(), what);
        BackendError { sent: false, ..error }
    }

    /// What the file has no place for: follow-ups and notes that it cannot make, and fields of customers
    /// that it neither carries nor gives.
    pub fn keeps(&self) -> Keeps {
        let makes = [Resource::FollowUps, Resource::Events];
        let makes = makes.into_iter().filter(|kind| self.file.write(&format!("{kind}.make")).is_none());
        let written = self.file.write("customers.set");
        let pulled = self.file.pull(Resource::Customers);
        let lacks = |field: &&&str| {
            let carried = written.is_some_and(|shape| shape.fields.iter().any(|name| name == **field));
            // What a customer has beside the known fields is never whole.
            let given = **field != "custom" && pulled.is_none_or(|pull| pull.map.gives(field));
            !carried && !given
        };
        let fields = KEPT_FIELDS.iter().filter(lacks).map(|field| (*field).to_owned()).collect();
        Keeps { makes: makes.collect(), fields }
    }

    /// Whether sending a write a second time under its key does nothing more: by its nature, or because
    /// the backend knows keys.
    pub fn knows_keys(&self, write: &Write) -> bool {
        !write.makes() || self.file.write(&action(write)).is_some_and(|shape| shape.key_header.is_some())
    }
}

/// What an operator may say of a customer that a system of others need not know.
const KEPT_FIELDS: &[&str] =
    &["remark", "stage", "level", "alias", "phones", "company", "city", "source", "birthday", "custom"];

/// What the file calls a write.
fn action(write: &Write) -> String {
    match &write.deed {
        Deed::Set { .. } => format!("{}.set", write.resource),
        Deed::Tag { .. } => format!("{}.tag", write.resource),
        Deed::Make { .. } => format!("{}.make", write.resource),
        Deed::Delete => format!("{}.delete", write.resource),
        Deed::Send { .. } => "messages.send".to_owned(),
    }
}

/// The same without the moment it was made, where the backend gives what happens a moment of its own.
fn untimed(write: &Write, takes: impl Fn(&str) -> bool) -> Option<Write> {
    match &write.deed {
        Deed::Make { fields }
            if write.resource == Resource::Events && fields.contains_key("at") && !takes("at") =>
        {
            let mut fields = fields.clone();
            fields.remove("at");
            Some(Write { deed: Deed::Make { fields }, ..write.clone() })
        }
        _ => None,
    }
}

/// `$write`, as requests see it.
fn seen(write: &Write, rev: Option<&str>) -> Value {
    let mut seen = Map::from_iter([("id".to_owned(), Value::from(write.id.as_str()))]);
    seen.insert("rev".to_owned(), rev.into());
    match &write.deed {
        Deed::Set { fields } | Deed::Make { fields } => {
            seen.insert("fields".to_owned(), Value::Object(fields.clone()));
        }
        Deed::Tag { add, remove } => {
            seen.insert("add".to_owned(), json!(add));
            seen.insert("remove".to_owned(), json!(remove));
        }
        Deed::Send { customer_id, channel, body } => {
            seen.insert("customer_id".to_owned(), json!(customer_id));
            seen.insert("channel".to_owned(), json!(channel));
            seen.insert("body".to_owned(), json!(body));
        }
        Deed::Delete => {}
    }
    Value::Object(seen)
}

impl Write {
    /// Names of the fields that it says something about; what is null a backend without the field has
    /// already.
    fn fields_sent(&self) -> impl Iterator<Item = &String> {
        let fields = match &self.deed {
            Deed::Set { fields } | Deed::Make { fields } => Some(fields),
            _ => None,
        };
        let said = fields.into_iter().flatten().filter(|(_, value)| !value.is_null());
        said.map(|(name, _)| name)
    }
}
