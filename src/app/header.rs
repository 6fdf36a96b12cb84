//! What the header and the progress line tell: backend, sync, age.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{OperatorId, Resource, SyncEvent, Time, Trouble};
use crate::query::ask::Overview;

use super::event::Notice;

/// How things stand with the backend.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Link {
    /// Nothing was tried: the console works from the cache alone.
    #[default]
    Idle,
    /// The first words are being exchanged.
    Connecting,
    /// The backend answers.
    Online {
        /// How long the last answer took.
        latency: Duration,
        /// Whether changes come by themselves, or are asked for; `None` until all was pulled.
        live: Option<bool>,
    },
    /// It is away, and will be tried again.
    Offline {
        /// Why.
        trouble: Trouble,
        /// When.
        retry_at: Time,
    },
    /// It refuses the token.
    Refused(Trouble),
    /// The operator asked for quiet.
    Paused,
    /// Another console on the same cache syncs it.
    Elsewhere,
}

/// A full pull under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is being pulled.
    pub resource: Resource,
    /// Rows so far.
    pub done: u64,
    /// Rows there will be, where that is known.
    pub total: Option<u64>,
    /// Rows a second.
    pub rate: f64,
    /// Kinds pulled whole so far.
    pub kinds_done: usize,
}

/// What the header knows.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// The backend.
    pub link: Link,
    /// What the backend calls itself.
    pub backend: Option<String>,
    /// Who works here, as the backend knows them.
    pub operator_id: Option<OperatorId>,
    /// A pull under way.
    pub progress: Option<Progress>,
    /// Rows there will be of the kinds that are being pulled, where that is known.
    pub expected: BTreeMap<Resource, u64>,
    /// Figures out of the cache; those of an empty one before [`Self::counted`].
    pub overview: Overview,
    /// Whether the cache has told its figures.
    pub counted: bool,
    /// Records or fields that could not be read since the start.
    pub complaints: usize,
    /// The first of them.
    pub first_complaint: Option<String>,
    /// Why the cache cannot be written, while that is so.
    pub unwritable: Option<String>,
    /// Whether the operator was told that the backend is away, since it was last caught up with.
    pub told_away: bool,
    /// What they were told then: it goes when the backend is there again.
    pub told: Option<Notice>,
    /// The few words that it becomes, and since when it is told in full.
    pub brief: Option<(Time, Notice)>,
}

impl Header {
    /// Whether an empty list may be said to be empty: all was pulled, or nobody can be asked.
    pub fn knows_all(&self) -> bool {
        match self.link {
            Link::Idle | Link::Connecting => false,
            Link::Online { live, .. } => live.is_some(),
            Link::Offline { .. } | Link::Refused(_) | Link::Paused | Link::Elsewhere => true,
        }
    }

    /// Whether all records of a kind were here once: else nothing is known of them.
    pub fn has_pulled(&self, resource: Resource) -> bool {
        self.overview.pulled.contains(&resource)
    }

    /// Whether it is known that nothing was ever pulled whole.
    pub fn is_new(&self) -> bool {
        self.counted && self.overview.pulled.is_empty()
    }

    /// Takes in what the sync says.
    pub fn absorb(&mut self, event: &SyncEvent) {
        match event {
            SyncEvent::Connecting => {
                if !matches!(self.link, Link::Online { .. }) {
                    self.link = Link::Connecting;
                }
            }
            SyncEvent::Online { backend, latency, operator_id, .. } => {
                self.operator_id.clone_from(operator_id);
                let live = if let Link::Online { live, .. } = self.link { live } else { None };
                self.link = Link::Online { latency: *latency, live };
                self.backend = Some(backend.clone());
            }
            SyncEvent::Progress { resource, done, total_hint, rate } => {
                if let Some(total) = total_hint {
                    self.expected.insert(*resource, *total);
                }
                let kinds_done = self.progress.as_ref().map_or(0, |progress| progress.kinds_done);
                self.progress = Some(Progress {
                    resource: *resource,
                    done: *done,
                    total: *total_hint,
                    rate: *rate,
                    kinds_done,
                });
            }
            SyncEvent::Pulled(pulled) => {
                self.expected.remove(&pulled.resource);
                if let Some(progress) = &mut self.progress {
                    progress.kinds_done += 1;
                }
            }
            SyncEvent::Complaints(list) => {
                self.complaints += list.len();
                if let (None, Some((resource, first))) = (&self.first_complaint, list.first()) {
                    let (id, path, message) = (&first.id, &first.path, &first.message);
                    self.first_complaint = Some(format!("{resource} {id} {path}: {message}"));
                }
            }
            SyncEvent::Offline { trouble, retry_at } => {
                self.link = Link::Offline { trouble: trouble.clone(), retry_at: *retry_at };
                self.progress = None;
                self.expected.clear();
            }
            SyncEvent::AuthFailed(trouble) => {
                self.link = Link::Refused(trouble.clone());
                self.progress = None;
                self.expected.clear();
            }
            SyncEvent::CaughtUp { at, live, .. } => {
                if let Link::Online { live: known, .. } = &mut self.link {
                    *known = Some(*live);
                }
                self.progress = None;
                self.expected.clear();
                self.told_away = false;
                self.overview.synced_at = Some(*at);
            }
            SyncEvent::Paused => self.link = Link::Paused,
            // This console reads what the other one pulls.
            SyncEvent::Elsewhere => {
                self.link = Link::Elsewhere;
                self.told_away = false;
                self.progress = None;
                self.expected.clear();
            }
            SyncEvent::Applied { .. }
            | SyncEvent::Gone
            | SyncEvent::Replaced
            | SyncEvent::Pushed(_)
            | SyncEvent::PushPaused { .. }
            | SyncEvent::PushWaits(_) => {}
        }
    }
}
