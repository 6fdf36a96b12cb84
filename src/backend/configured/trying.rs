//! Trying a connector out: the raw items beside what they come to, from the backend or from an answer
//! that was saved.

use serde_json::{Map, Value};

use super::answer::Told;
use super::place::{Place, now};
use super::{Configured, map, paging, raw_id};
use crate::backend::connector::Connector;
use crate::backend::file::{ConnectorFile, Pull};
use crate::backend::mapping::Bindings;
use crate::backend::page::Gathering;
use crate::backend::{BackendError, Limits};
use crate::model::{Complaint, Resource};

/// An item as it came, and what it comes to.
#[derive(Clone, Debug)]
pub struct TriedItem {
    /// What it is called.
    pub id: String,
    /// As the backend has it.
    pub raw: Value,
    /// The records of the data model, none where the mapping passes over it or it cannot be read.
    pub records: Vec<Value>,
    /// What was wrong.
    pub complaints: Vec<Complaint>,
}

/// What a page came to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What was asked, and how it was answered.
    pub asked: String,
    /// The first items of the page.
    pub items: Vec<TriedItem>,
    /// How many items the page had.
    pub count: usize,
    /// How many there are in all, where the backend says so.
    pub total: Option<u64>,
    /// Whether another page follows.
    pub more: bool,
}

/// What a connector gave for one kind of record; or for its `[hello]`.
#[derive(Debug)]
pub struct Check {
    /// Which kind; `None` for whether it answers at all.
    pub resource: Option<Resource>,
    /// What came of it.
    pub gave: Result<Tried, BackendError>,
}

/// Items that a check maps.
const MOST: usize = 10_000;

impl Configured {
    /// The first items of a kind, as they came and as mapped.
    pub async fn try_out(&self, resource: Resource, limit: usize) -> Result<Tried, BackendError> {
        let pull = self.pull(resource)?;
        let place = Place::start(now());
        let mut bindings = self.at(pull, &place, pull.paging.size.min(limit.max(1) as u64));
        if let Some(each) = &pull.each {
            let Some(one) = self.first_of(pull, each, &place).await? else {
                let asked = format!("[pull.{resource}] each");
                return Ok(Tried { asked, items: Vec::new(), count: 0, total: None, more: false });
            };
            bindings.set("$each", one);
        }
        bindings.set("$with", self.with(pull, &place, &bindings, &mut 0).await?);
        let told = self.turn(pull, &place, &bindings).await?;
        let bindings = self.with_names(bindings, &pull.lookups).await?;
        let items = self.items(pull, &told, &bindings)?;
        let first = &items[..items.len().min(limit)];
        let details = self.details(pull, first, &bindings).await?;
        let mut tried = self.tried(pull, &place, &told, &bindings, details.as_deref(), limit)?;
        if let Some(count) = &pull.paging.count {
            tried.total = self.counted(count, &bindings).await?;
        }
        Ok(tried)
    }

    /// The same with an answer that was saved.
    pub fn try_saved(&self, resource: Resource, body: Value, limit: usize) -> Result<Tried, BackendError> {
        let pull = self.pull(resource)?;
        let place = Place::start(now());
        let bindings = self.at(pull, &place, pull.paging.size);
        self.tried(pull, &place, &Told::saved(body), &bindings, None, limit)
    }

    fn tried(
        &self,
        pull: &Pull,
        place: &Place,
        told: &Told,
        bindings: &Bindings,
        details: Option<&[Result<Value, String>]>,
        limit: usize,
    ) -> Result<Tried, BackendError> {
        let all = self.items(pull, told, bindings)?;
        let next = paging::next(pull, place, told, &all, bindings);
        let next =
            next.map_err(|what| told.wrong(&self.http, crate::model::TroubleKind::Malformed, &what))?;
        let one = |(n, raw): (usize, &Value)| {
            let mut gathering = Gathering::new(pull.resource, told.mended).parts(pull.in_parts);
            let detail = details.and_then(|details| details.get(n..n + 1));
            map(&pull.map, std::slice::from_ref(raw), detail, bindings, &mut gathering);
            let mut page = gathering.page;
            for (rider, mapping) in &pull.also {
                let mut gathering = Gathering::new(*rider, told.mended);
                map(mapping, std::slice::from_ref(raw), detail, bindings, &mut gathering);
                page.append(gathering.page);
            }
            let records: Vec<_> = page.items.iter().map(crate::model::AnyRecord::to_value).collect();
            TriedItem { id: raw_id(raw, n), raw: raw.clone(), records, complaints: page.complaints }
        };
        Ok(Tried {
            asked: told.line(),
            items: all.iter().enumerate().take(limit).map(one).collect(),
            count: all.len(),
            total: next.total,
            more: next.place.is_some(),
        })
    }
}

impl Connector {
    /// The first items of a kind, as they came and as mapped.
    ///
    /// # Errors
    /// [`BackendError`] of any kind.
    pub async fn try_out(&self, resource: Resource, limit: usize) -> Result<Tried, BackendError> {
        match self.configured_way() {
            Some(configured) => configured.try_out(resource, limit).await,
            None => self.native_tried(resource, limit).await,
        }
    }

    /// Whether it answers, then each kind of record: what it gave, or how it failed. `only` asks for one
    /// kind alone.
    pub async fn check(&self, only: Option<Resource>) -> Vec<Check> {
        let meta = self.meta().await;
        let resources = match (only, &meta) {
            (Some(only), _) => vec![only],
            (None, Ok(meta)) => meta.resources.clone(),
            (None, Err(_)) => Vec::new(),
        };
        let hello = meta.map(|meta| Tried {
            asked: format!("{} {}", self.origin(), meta.name),
            items: Vec::new(),
            count: 0,
            total: None,
            more: false,
        });
        let mut all = vec![Check { resource: None, gave: hello }];
        for resource in resources {
            all.push(Check { resource: Some(resource), gave: self.try_out(resource, MOST).await });
        }
        all
    }
}

impl ConnectorFile {
    /// What an answer that was saved comes to, with no backend at all.
    ///
    /// # Errors
    /// [`BackendError`] where the items are not where the file says, or it does not pull such records.
    pub fn try_saved(
        self: &std::sync::Arc<Self>,
        vars: Map<String, Value>,
        resource: Resource,
        body: Value,
        limit: usize,
    ) -> Result<Tried, BackendError> {
        let nowhere = "http://localhost"; // nothing is sent
        let configured =
            Configured::new(std::sync::Arc::clone(self), nowhere, vars, None, Limits::default(), None)?;
        configured.try_saved(resource, body, limit)
    }
}
