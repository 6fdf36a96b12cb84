//! What sync hands to the writer, and what it hears back.

use std::collections::BTreeSet;

use crate::model::{AnyRecord, Resource, Time};

/// Records that arrived together, committed together with the place where sync goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What was being pulled; the resource of `state` and of `pull`.
    pub resource: Resource,
    /// New and changed records, of any kind.
    pub upserts: Vec<AnyRecord>,
    /// Whether customers among the upserts are parts: what one operator has with each.
    pub in_parts: bool,
    /// Keys of records that the backend said are gone. They are carried out before `upserts`.
    pub deletes: Vec<(Resource, String)>,
    /// The full pull that saw the upserts; `None` where they came as changes.
    pub pull: Option<PullMark>,
    /// Where sync goes on once this batch is committed; `None` leaves it as it is.
    pub state: Option<SyncState>,
    /// The change number that everything pulled whole agrees with once this batch is committed,
    /// and when the backend said so; `None` leaves both as they are.
    pub agrees: Option<(i64, Time)>,
}

impl Batch {
    /// An empty batch of `resource`.
    pub fn new(resource: Resource) -> Self {
        Self {
            resource,
            upserts: Vec::new(),
            in_parts: false,
            deletes: Vec::new(),
            pull: None,
            state: None,
            agrees: None,
        }
    }
}

/// The number of a full pull of one resource, rising with each; see [`super::Writer::begin_pull`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullMark(pub i64);

/// How far sync has come with one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncState {
    /// Which.
    pub resource: Resource,
    /// Where an interrupted full pull goes on; `None` at its start and after its end.
    pub cursor: Option<String>,
    /// The change number that the rows agree with, where the backend has one.
    pub seq: Option<i64>,
    /// The latest full pull, 0 before the first.
    pub pull: PullMark,
    /// Whether that pull came to its end.
    pub complete: bool,
    /// When the backend was last heard about it.
    pub at: Option<Time>,
}

impl SyncState {
    /// Before the first pull.
    pub fn never(resource: Resource) -> Self {
        Self { resource, cursor: None, seq: None, pull: PullMark(0), complete: false, at: None }
    }
}

/// What a transaction changed, so that the console asks again only for what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Kinds whose rows may read otherwise now: those that were written, and those that show
    /// something of them (a customer's row shows the names of tags).
    pub resources: BTreeSet<Resource>,
    /// Records that were new, changed or removed. A record that came as it was counts nothing.
    pub rows: usize,
}

impl Applied {
    /// Both together.
    pub fn merge(&mut self, other: Self) {
        self.resources.extend(other.resources);
        self.rows += other.rows;
    }
}
