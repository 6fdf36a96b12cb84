//! A backend as a connector file describes it.
//!
//! ```text
//! place ──request──▶ http ──▶ answer ──error rules──▶ items ──mapping──▶ records, complaints
//!   ▲                                       └──paging──▶ the next place, as text
//!   └──────────────────────────────────────────────────────────┘
//! ```
//!
//! The place where a pull goes on is whole in its text ([`place::Place`]), so that a pull that was
//! killed resumes anywhere. Error rules are asked before anything of an answer is taken for data.

mod answer;
mod cookies;
mod details;
mod dictionary;
mod fan;
mod gate;
mod paging;
mod place;
mod request;
mod rest;
mod session;
mod signing;
mod trying;
mod writing;

#[cfg(test)]
mod documented;
#[cfg(test)]
mod login_tests;
#[cfg(test)]
mod points_tests;
#[cfg(test)]
mod rows_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::file::{ConnectorFile, Pull, SecretAsked};
use super::http::Http;
use super::mapping::{Bindings, Mapping};
use super::page::Gathering;
use super::{BackendError, Limits, Meta, Page, Rhythm, Secret};
use crate::model::{Resource, Time, TroubleKind};
use answer::Told;
use dictionary::Dictionaries;
use fan::Kept;
use gate::Gate;
use place::{Place, now};
use rest::Rest;
use session::Session;

pub use trying::{Check, Tried, TriedItem};

/// A way to talk to a backend by a connector file. Cheap to clone; clones share connections and limits.
#[derive(Clone, Debug)]
pub(super) struct Configured {
    file: Arc<ConnectorFile>,
    http: Http,
    gate: Arc<Gate>,
    /// `$vars`, `$secret` and `$secrets`.
    bindings: Arc<Bindings>,
    session: Arc<Session>,
    /// Answers that several pulls need.
    kept: Arc<Kept>,
    /// When the backend wants to be left alone.
    rest: Arc<Rest>,
    /// What `lookup` knows.
    dictionaries: Arc<Dictionaries>,
}

impl Configured {
    /// Prepares to talk; nothing is sent yet.
    pub fn new(
        file: Arc<ConnectorFile>,
        url: &str,
        mut vars: Map<String, Value>,
        secret: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        for asked in &file.vars {
            if let (None, Some(usual)) = (vars.get(&asked.name), &asked.default) {
                vars.insert(asked.name.clone(), usual.as_str().into());
            }
        }
        let mut bindings = Bindings::default().with("$vars", Value::Object(vars));
        if let Some(secret) = &secret {
            bindings.set("$secret", secret.reveal());
        }
        let http = Http::bare(url, secret, limits, ca_file)?;
        let gate = Arc::new(Gate::new(file.pace));
        let (session, kept, rest, dictionaries) = Default::default();
        let bindings = Arc::new(bindings);
        Ok(Self { file, http, gate, bindings, session, kept, rest, dictionaries })
    }

    /// The same, with secrets beside the token, by their names.
    pub fn with_secrets(mut self, secrets: BTreeMap<String, Secret>) -> Self {
        let named = secrets.iter().map(|(name, secret)| (name.clone(), secret.reveal().into()));
        let bindings = (*self.bindings).clone().with("$secrets", Value::Object(named.collect()));
        self.bindings = Arc::new(bindings);
        self.http = self.http.masking(secrets.into_values());
        self
    }

    /// Where this way leads, without path.
    pub fn origin(&self) -> String {
        self.http.origin()
    }

    /// The secrets that the file wants beside the token.
    pub fn secrets(&self) -> Vec<SecretAsked> {
        self.file.secrets.clone()
    }

    /// How often it is to be pulled.
    pub fn rhythm(&self) -> Rhythm {
        self.file.rhythm
    }

    /// Where a pull begins of what has changed since `mark`; `None` where the file has no way, or the
    /// mark is no moment.
    pub fn since(&self, resource: Resource, mark: i64) -> Option<String> {
        const A_MOMENT: i64 = 1_000_000_000_000; // 2001: numbers of other backends count changes
        let changed = self.file.pull(resource)?.changed.as_ref()?;
        let overlap = i64::try_from(changed.overlap.as_millis()).unwrap_or(i64::MAX);
        (mark > A_MOMENT).then(|| Place::changed(now(), mark - overlap).to_string())
    }

    /// Asks what the backend is: by the file's own way, where it has one.
    pub async fn meta(&self) -> Result<Meta, BackendError> {
        let mut meta = Meta {
            name: self.file.name.clone(),
            resources: self.resources(),
            seq: i64::MAX, // it counts nothing: no row can be ahead of it
            ..Meta::default()
        };
        if let Some(hello) = &self.file.hello {
            let body = match &hello.request {
                Some(request) => {
                    let told = self.ask(request, &self.bindings, &[], None).await?;
                    meta.latency = told.took;
                    told.body
                }
                None => {
                    self.logged_in().await?;
                    Value::Null
                }
            };
            let one = |filter: &Option<super::mapping::Filter>| {
                let value = filter.as_ref()?.one(&body, &self.bindings).ok()?;
                value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()))
            };
            meta.operator_id = one(&hello.id);
            meta.operator = one(&hello.name);
        }
        Ok(meta)
    }

    /// What there is, with the kinds that others bring along.
    fn resources(&self) -> Vec<Resource> {
        let has = |resource: &Resource| {
            self.file.pull(*resource).is_some() || self.file.carrier(*resource).is_some()
        };
        Resource::ALL.iter().copied().filter(has).collect()
    }

    /// The kinds that a pull brings along.
    pub fn riders(&self, resource: Resource) -> Vec<Resource> {
        let pull = self.file.pull(resource);
        pull.map(|pull| pull.also.iter().map(|(rider, _)| *rider).collect()).unwrap_or_default()
    }

    /// Whether a kind comes with the pull of another one.
    pub fn rides(&self, resource: Resource) -> bool {
        self.file.pull(resource).is_none() && self.file.carrier(resource).is_some()
    }

    /// Whether members whom a pull does not see any more have left.
    pub fn departures(&self, resource: Resource) -> bool {
        let pull = self.file.pull(resource).or_else(|| self.file.carrier(resource));
        resource == Resource::GroupMembers && pull.is_some_and(|pull| pull.departures)
    }

    /// Whether what a pull does not see any more stays.
    pub fn grows(&self, resource: Resource) -> bool {
        self.file.pull(resource).is_some_and(|pull| pull.grows)
    }

    /// The latest moment by `now` at which a pull was due, of those that have their times; both in
    /// milliseconds since the epoch.
    pub fn due(&self, resource: Resource, now: i64) -> Option<i64> {
        let times = &self.file.pull(resource)?.at;
        times.iter().map(|time| now - (now - time).rem_euclid(86_400_000)).max()
    }

    /// Whether what a pull gives are but parts of records.
    pub fn in_parts(&self, resource: Resource) -> bool {
        self.file.pull(resource).is_some_and(|pull| pull.in_parts)
    }

    /// One page: from the start, or from where the page before said.
    pub async fn page(&self, resource: Resource, cursor: Option<&str>) -> Result<Page, BackendError> {
        let pull = self.pull(resource)?;
        let place = match cursor {
            None => Place::start(now()),
            Some(text) => Place::parse(text).ok_or_else(|| {
                let what = "the place where the pull was to go on cannot be read: it begins anew";
                self.error(TroubleKind::Gone, resource, what)
            })?,
        };
        if let Some(each) = &pull.each {
            return self.fan(pull, each, place).await;
        }
        let (mut page, next) = self.one(pull, &place, None).await?;
        page.next = next.map(|place| place.to_string());
        Ok(page)
    }

    /// One page with one request, and the place of the next.
    async fn one(
        &self,
        pull: &Pull,
        place: &Place,
        each: Option<&Value>,
    ) -> Result<(Page, Option<Place>), BackendError> {
        let mut bindings = self.at(pull, place, paging::means(pull, place).size);
        let mut calls = 0;
        if let Some(each) = each {
            bindings.set("$each", each.clone());
        }
        bindings.set("$with", self.with(pull, place, &bindings, &mut calls).await?);
        let list = match each {
            None if self.is_needed_by_others(pull.resource) => self.list(pull, place, &mut calls).await?,
            _ => {
                calls += 1;
                self.ask_list(pull, place, &bindings).await?
            }
        };
        let mut gathering = Gathering::new(pull.resource, list.mended).parts(pull.in_parts);
        let bindings = self.with_names(bindings, &pull.lookups).await?;
        let details = self.details(pull, &list.items, &bindings).await?;
        map(&pull.map, &list.items, details.as_deref(), &bindings, &mut gathering);
        let mut page = gathering.page;
        for (rider, mapping) in &pull.also {
            let mut gathering = Gathering::new(*rider, list.mended);
            map(mapping, &list.items, details.as_deref(), &bindings, &mut gathering);
            page.unread += gathering.page.unread;
            page.complaints.extend(gathering.page.complaints);
            page.riders.push((*rider, gathering.page.items));
        }
        page.total = list.total;
        page.seq = Some(place.mark.min(list.date.unwrap_or(place.mark)));
        calls += details.map_or(0, |details| details.len() as u64);
        if let Some(count) = pull.paging.count.as_deref().filter(|_| place.is_first()) {
            page.total = self.counted(count, &bindings).await?;
            calls += 1;
        }
        page.calls = Some(calls);
        Ok((page, list.next))
    }

    /// The items of a page as they came, and what follows.
    async fn ask_list(&self, pull: &Pull, place: &Place, bindings: &Bindings) -> Result<List, BackendError> {
        let told = self.turn(pull, place, bindings).await?;
        let items = self.items(pull, &told, bindings)?;
        let next = paging::next(pull, place, &told, &items, bindings)
            .map_err(|what| told.wrong(&self.http, TroubleKind::Malformed, &what))?;
        Ok(List {
            items: items.into(),
            next: next.place,
            total: next.total,
            date: told.date,
            mended: told.mended,
        })
    }

    fn pull(&self, resource: Resource) -> Result<&Pull, BackendError> {
        self.file.pull(resource).ok_or_else(|| {
            let what = format!("the connector {} has no [pull.{resource}]", self.file.name);
            BackendError { sent: false, ..self.error(TroubleKind::NotFound, resource, &what) }
        })
    }

    /// What filters see at a place.
    fn at(&self, pull: &Pull, place: &Place, size: u64) -> Bindings {
        let since = place.since.map_or(Value::Null, |since| Time::from_millis(since).to_string().into());
        (*self.bindings).clone().with("$page", paging::page(pull, place, size)).with("$since", since)
    }

    /// The answer to the request for a page.
    async fn turn(&self, pull: &Pull, place: &Place, bindings: &Bindings) -> Result<Told, BackendError> {
        let more = paging::query(pull, place, bindings);
        let mut more = more.map_err(|what| self.error(TroubleKind::Configuration, pull.resource, &what))?;
        if let (Some(_), Some(changed)) = (place.since, &pull.changed) {
            let filled = request::query(&changed.query, bindings);
            more.extend(filled.map_err(|what| self.error(TroubleKind::Configuration, pull.resource, &what))?);
        }
        self.ask(&pull.request, bindings, &more, paging::link(place)).await
    }

    /// The items of an answer: of the places that the file names, the first that is a list.
    fn items(&self, pull: &Pull, told: &Told, bindings: &Bindings) -> Result<Vec<Value>, BackendError> {
        if told.is_empty {
            return Ok(Vec::new());
        }
        let mut met = Vec::new();
        for filter in &pull.items {
            match filter.one(&told.body, bindings) {
                Ok(Value::Array(items)) => return Ok(items),
                Ok(other) => met.push(format!("{} gives {}", filter.text(), kind(&other))),
                Err(what) => met.push(format!("{}: {what}", filter.text())),
            }
        }
        let what = format!("there is no list where the items should be: {}", met.join("; "));
        Err(told.wrong(&self.http, TroubleKind::Malformed, &what))
    }

    /// The backend tells no changes by itself.
    pub fn no_feed(&self) -> BackendError {
        let what = format!("the connector {} has no change feed", self.file.name);
        BackendError { sent: false, ..BackendError::new(TroubleKind::Gone, "GET", &self.origin(), what) }
    }

    /// The error of a walk over pages that leads nowhere.
    pub fn suspicious(&self, resource: Resource, what: &str) -> BackendError {
        self.error(TroubleKind::Malformed, resource, what)
    }

    fn error(&self, kind: TroubleKind, resource: Resource, what: &str) -> BackendError {
        self.http.wrong(kind, "GET", &format!("[pull.{resource}]"), what)
    }
}

/// The items of an answer, as they came.
#[derive(Clone, Debug)]
struct List {
    items: Arc<[Value]>,
    next: Option<Place>,
    total: Option<u64>,
    date: Option<i64>,
    mended: bool,
}

/// Maps the items of a page, each with its detail where there are such; one that cannot be mapped costs
/// itself.
fn map(
    mapping: &Mapping,
    items: &[Value],
    details: Option<&[Result<Value, String>]>,
    bindings: &Bindings,
    gathering: &mut Gathering,
) {
    let bound = mapping.bind(bindings);
    for (n, item) in items.iter().enumerate() {
        let rows = match details.and_then(|details| details.get(n)) {
            None => bound.rows(item),
            Some(Ok(detail)) => {
                let bindings = bindings.clone().with("$detail", detail.clone());
                mapping.bind(&bindings).rows(item)
            }
            Some(Err(what)) => Err(format!("detail: {what}")),
        };
        match rows {
            Ok(rows) => rows.into_iter().for_each(|row| gathering.take(row.item, row.wrong)),
            Err(what) => gathering.refuse(raw_id(item, n), what),
        }
    }
}

/// What an item is called while it is no record yet: its own id, or its place on the page.
fn raw_id(item: &Value, n: usize) -> String {
    match item.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => format!("[{n}]"),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
