//! A backend by its URL and token: what it is, its pages, its changes, and what is written to it.
//!
//! One face over two ways: the native API, and a connector file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Map;

use super::configured::Configured;
use super::file::ConnectorFile;
use super::native::Native;
use super::{BackendError, ChangeStream, Feed, Limits, Page, Rhythm, Secret, TokenSource, Tried};
use crate::model::write::Keeps;
use crate::model::{AnyRecord, Resource, TroubleKind, Write};

/// A way to talk to one backend, as one operator. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Connector {
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Native(Native),
    Configured(Configured),
}

/// What a backend says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Its name.
    pub name: String,
    /// Id of the operator whose token it is.
    pub operator_id: Option<String>,
    /// The operator's name.
    pub operator: Option<String>,
    /// The collections that it has, in the order of [`Resource::ALL`].
    pub resources: Vec<Resource>,
    /// What else it can do, such as `stream`.
    pub features: Vec<String>,
    /// Number of its latest change.
    pub seq: i64,
    /// How long it took to say so.
    pub latency: Duration,
}

/// What the backend said to a write.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// It has it, and this is the record now.
    Done(Box<AnyRecord>),
    /// The record is not at the revision that the write was made for; this is how it is now.
    Moved(Box<AnyRecord>),
}

impl Connector {
    /// Prepares to talk to a native backend below `url`; nothing is sent yet.
    ///
    /// # Errors
    /// `Configuration`, `Auth` or `Tls`, where this cannot work whatever the backend says.
    pub fn new(url: &str, token: Option<Secret>, limits: Limits) -> Result<Self, BackendError> {
        Self::trusting(url, token, limits, None)
    }

    /// The same, trusting the certificates of a PEM file beside those of the system.
    ///
    /// # Errors
    /// The same; `Configuration` too where `ca_file` cannot be read, by its path.
    pub fn trusting(
        url: &str,
        token: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        Ok(Self { way: Way::Native(Native::trusting(url, token, limits, ca_file)?) })
    }

    /// Prepares to talk to a backend as a connector file says; nothing is sent yet. `vars` are what
    /// the installation says of itself, with nothing missing that the file asks for.
    ///
    /// # Errors
    /// As [`Connector::trusting`].
    pub fn configured(
        file: Arc<ConnectorFile>,
        url: &str,
        vars: Map<String, serde_json::Value>,
        secret: Option<Secret>,
        limits: Limits,
        ca_file: Option<&Path>,
    ) -> Result<Self, BackendError> {
        Ok(Self { way: Way::Configured(Configured::new(file, url, vars, secret, limits, ca_file)?) })
    }

    /// The same, with the secrets that the connector's file wants beside the token, read from where each
    /// is; that may take as long as programs do. A native backend wants none.
    ///
    /// # Errors
    /// `Auth` where one cannot be had, or is not said.
    pub fn with_secrets(self, from: &BTreeMap<String, TokenSource>) -> Result<Self, BackendError> {
        let Way::Configured(configured) = self.way else { return Ok(self) };
        let wrong = |what: String| BackendError {
            sent: false,
            ..BackendError::new(TroubleKind::Auth, "GET", &configured.origin(), what)
        };
        let mut secrets = BTreeMap::new();
        for asked in configured.secrets() {
            let source = from.get(&asked.name).unwrap_or(&TokenSource::None);
            let secret = source.read().map_err(|error| wrong(format!("secrets.{}: {error}", asked.name)))?;
            let secret = secret.ok_or_else(|| {
                let (name, about) = (&asked.name, &asked.about.en);
                wrong(format!("the profile does not say where its secret {name} is ({about}): secrets.{name} = {{ env = \"…\" }}"))
            })?;
            secrets.insert(asked.name.clone(), secret);
        }
        Ok(Self { way: Way::Configured(configured.with_secrets(secrets)) })
    }

    /// Scheme, host and port, to be shown.
    pub fn origin(&self) -> String {
        match &self.way {
            Way::Native(native) => native.origin(),
            Way::Configured(configured) => configured.origin(),
        }
    }

    /// The way by a connector file, where it is that one.
    pub(super) fn configured_way(&self) -> Option<&Configured> {
        match &self.way {
            Way::Native(_) => None,
            Way::Configured(configured) => Some(configured),
        }
    }

    /// The first items of a kind of a native backend, which are records already.
    pub(super) async fn native_tried(&self, resource: Resource, limit: usize) -> Result<Tried, BackendError> {
        let Way::Native(native) = &self.way else { return Err(self.nothing_to_pull()) };
        native.tried(resource, limit).await
    }

    /// How often to pull, where the backend tells no changes by itself; `None` where it does.
    pub fn rhythm(&self) -> Option<Rhythm> {
        match &self.way {
            Way::Native(_) => None,
            Way::Configured(configured) => Some(configured.rhythm()),
        }
    }

    /// The place where a pull begins of only what has changed since `mark`, the number of an earlier
    /// pull; `None` where the backend cannot tell.
    pub fn since(&self, resource: Resource, mark: i64) -> Option<String> {
        match &self.way {
            Way::Native(_) => None,
            Way::Configured(configured) => configured.since(resource, mark),
        }
    }

    /// The kinds that the pull of one brings along: they have none of their own.
    pub fn riders(&self, resource: Resource) -> Vec<Resource> {
        match &self.way {
            Way::Native(_) => Vec::new(),
            Way::Configured(configured) => configured.riders(resource),
        }
    }

    /// Whether a kind comes along with the pull of another one.
    pub fn rides(&self, resource: Resource) -> bool {
        match &self.way {
            Way::Native(_) => false,
            Way::Configured(configured) => configured.rides(resource),
        }
    }

    /// Whether members whom a pull does not see any more have left, since the backend does not say so.
    pub fn departures(&self, resource: Resource) -> bool {
        match &self.way {
            Way::Native(_) => false,
            Way::Configured(configured) => configured.departures(resource),
        }
    }

    /// Whether what a pull does not see any more stays, since it asks for the latest alone.
    pub fn grows(&self, resource: Resource) -> bool {
        match &self.way {
            Way::Native(_) => false,
            Way::Configured(configured) => configured.grows(resource),
        }
    }

    /// The latest moment by `now` at which a pull was due that has its times of the day, both in
    /// milliseconds since the epoch; `None` where it goes by the rhythm.
    pub fn turn(&self, resource: Resource, now: i64) -> Option<i64> {
        match &self.way {
            Way::Native(_) => None,
            Way::Configured(configured) => configured.due(resource, now),
        }
    }

    /// Whether what a pull gives are parts of records, such as what one operator has with a customer.
    pub fn in_parts(&self, resource: Resource) -> bool {
        match &self.way {
            Way::Native(_) => false,
            Way::Configured(configured) => configured.in_parts(resource),
        }
    }

    /// What of an operator's writes the backend has no place for, so that the console keeps it.
    pub fn keeps(&self) -> Keeps {
        match &self.way {
            Way::Native(_) => Keeps::default(),
            Way::Configured(configured) => configured.keeps(),
        }
    }

    /// Asks what the backend is.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Malformed` where it speaks another version of the API.
    pub async fn meta(&self) -> Result<Meta, BackendError> {
        match &self.way {
            Way::Native(native) => native.meta().await,
            Way::Configured(configured) => configured.meta().await,
        }
    }

    /// One page of a collection: from its start, or from where the page before said.
    /// `limit` is a wish, from 1 to 1000.
    ///
    /// # Errors
    /// [`BackendError`] of any kind. Bad records are no error: see [`Page::complaints`].
    pub async fn page(
        &self,
        resource: Resource,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page, BackendError> {
        match &self.way {
            Way::Native(native) => native.page(resource, cursor, limit).await,
            Way::Configured(configured) => configured.page(resource, cursor).await,
        }
    }

    /// A page of the changes after number `since`.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Gone` where the backend no longer keeps them, or has none.
    pub async fn changes(&self, since: i64, limit: u32) -> Result<Feed, BackendError> {
        match &self.way {
            Way::Native(native) => native.changes(since, limit).await,
            Way::Configured(configured) => Err(configured.no_feed()),
        }
    }

    /// Opens the stream of changes after number `since`.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Gone` where the backend no longer keeps them, or has none.
    pub async fn stream(&self, since: i64) -> Result<ChangeStream, BackendError> {
        match &self.way {
            Way::Native(native) => native.stream(since).await,
            Way::Configured(configured) => Err(configured.no_feed()),
        }
    }

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
        match &self.way {
            Way::Native(native) => native.write(write, key, if_match).await,
            Way::Configured(configured) => configured.write(write, key, if_match).await,
        }
    }

    /// Whether sending a write a second time under its key does nothing more. Where not, one that may
    /// have arrived is never sent again by itself.
    pub fn knows_keys(&self, write: &Write) -> bool {
        match &self.way {
            Way::Native(_) => true,
            Way::Configured(configured) => configured.knows_keys(write),
        }
    }

    /// One record as it is now; `None` where the backend has none of that id.
    ///
    /// # Errors
    /// [`BackendError`] of any kind; `Malformed` where the answer is another record or none.
    pub async fn record(&self, resource: Resource, id: &str) -> Result<Option<AnyRecord>, BackendError> {
        match &self.way {
            Way::Native(native) => native.record(resource, id).await,
            Way::Configured(configured) => configured.record(resource, id).await,
        }
    }

    /// The error of a walk over pages that a [`super::PageGuard`] ended.
    pub fn suspicious(&self, resource: Resource, what: String) -> BackendError {
        match &self.way {
            Way::Native(native) => native.suspicious(resource, what),
            Way::Configured(configured) => configured.suspicious(resource, &what),
        }
    }

    /// The error of a feed that counts backwards: the backend's store is another one.
    pub fn backwards(&self, since: i64, next: i64) -> BackendError {
        let what = format!("the changes go from {since} back to {next}: the backend's store was replaced");
        BackendError::new(TroubleKind::Gone, "GET", "/v1/changes", what)
    }

    /// The error of a backend that has nothing for this operator.
    pub fn nothing_to_pull(&self) -> BackendError {
        let what = "there is nothing that this operator may read";
        BackendError::new(TroubleKind::Forbidden, "GET", &self.origin(), what)
    }
}
