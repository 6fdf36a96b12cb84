//! What to ask for, and what an answer does to the cache. Pure: no clock, no network, no disk.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::time::Duration;

use crate::cache::{Batch, PullMark, SyncState};
use crate::model::{AnyRecord, Change, ChangeOp, Complaint, Resource, Time};

/// How much is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// What is not in the cache yet.
    #[default]
    Changes,
    /// Everything, from the start.
    Everything,
}

/// One full pull that has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Of what.
    pub resource: Resource,
    /// From where.
    pub start: Start,
}

/// Where a full pull begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first page, under a new mark.
    Afresh,
    /// Where an earlier one was interrupted, under its mark.
    Resume {
        /// The mark.
        mark: PullMark,
        /// The first page that is not in the cache.
        cursor: String,
        /// The change number of the first page of all.
        seq: Option<i64>,
    },
    /// At what has changed since an earlier pull; rows that do not come stay.
    Changed {
        /// The mark of that pull.
        mark: PullMark,
        /// Where it begins.
        cursor: String,
        /// When the last whole pull was, to be kept.
        whole: Option<String>,
    },
}

/// Whether somebody asked for a round of a backend that tells no changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Yes: nothing is left out.
    Now,
    /// No: kinds that have to be pulled whole wait until that is due.
    InTime,
}

/// The pulls to do of a backend that tells no changes by itself. `since` gives the place where a pull
/// of only what has changed begins, from the number of the last one. What is gone is learned of by whole
/// pulls alone: all kinds have one where the last is older than `whole`, or, of kinds that have their times,
/// than `turn`, the latest moment at which they were due.
pub fn round(
    states: &[SyncState],
    resources: &[Resource],
    due: Due,
    (now, whole): (Time, Duration),
    since: impl Fn(Resource, i64) -> Option<String>,
    turn: impl Fn(Resource) -> Option<i64>,
) -> Vec<Step> {
    let recent = |state: &SyncState| {
        let age = whole_at(state).map(|at| now.millis.saturating_sub(at.millis));
        age.is_some_and(|age| (0..i64::try_from(whole.as_millis()).unwrap_or(i64::MAX)).contains(&age))
    };
    let step = |resource: Resource| {
        let state = states.iter().find(|state| state.resource == resource);
        if let (Some(state), Some(turn)) = (state.filter(|state| state.complete), turn(resource))
            && whole_at(state).is_some_and(|at| at.millis >= turn)
        {
            return None;
        }
        let start = match state {
            Some(state) if state.complete && turn(resource).is_none() && recent(state) => {
                match (state.seq.and_then(|seq| since(resource, seq)), due) {
                    (Some(cursor), _) => {
                        Start::Changed { mark: state.pull, cursor, whole: state.cursor.clone() }
                    }
                    (None, Due::InTime) => return None,
                    (None, Due::Now) => Start::Afresh,
                }
            }
            Some(SyncState { complete: false, cursor: Some(cursor), pull, seq, .. }) => {
                Start::Resume { mark: *pull, cursor: cursor.clone(), seq: *seq }
            }
            _ => Start::Afresh,
        };
        Some(Step { resource, start })
    };
    Resource::ALL.iter().copied().filter(|resource| resources.contains(resource)).filter_map(step).collect()
}

/// What a state keeps in place of a cursor once a whole pull has come to its end, of a backend that tells
/// no changes by itself: when that was.
pub(super) fn whole_mark(at: Time) -> String {
    at.millis.to_string()
}

/// When the last whole pull came to its end, where that is known.
fn whole_at(state: &SyncState) -> Option<Time> {
    let cursor = state.cursor.as_ref().filter(|_| state.complete)?;
    cursor.parse().ok().map(Time::from_millis)
}

/// The full pulls to do, in the order of [`Resource::ALL`], before the change feed can be
/// followed. `resources` is what the backend has, `latest` its latest change number: rows that
/// agree with a later one are of another store, and are pulled anew.
pub fn plan(states: &[SyncState], resources: &[Resource], latest: i64, wish: Wish) -> Vec<Step> {
    let step = |resource: Resource| {
        let state = states.iter().find(|state| state.resource == resource);
        let start = match state {
            _ if wish == Wish::Everything => Start::Afresh,
            None => Start::Afresh,
            Some(state) if state.seq.is_some_and(|seq| seq > latest) => Start::Afresh,
            Some(SyncState { complete: true, seq: Some(_), .. }) => return None,
            Some(SyncState { complete: false, cursor: Some(cursor), pull, seq, .. }) => {
                Start::Resume { mark: *pull, cursor: cursor.clone(), seq: *seq }
            }
            Some(_) => Start::Afresh,
        };
        Some(Step { resource, start })
    };
    Resource::ALL.iter().copied().filter(|resource| resources.contains(resource)).filter_map(step).collect()
}

/// Which of these steps the four panes of the console wait for: those up to the days of groups. Of
/// the long ones among them a first page is pulled before the others, and the rest right after them,
/// so that all panes have rows before any has all.
pub(super) fn first_looks(steps: &[Step]) -> Range<usize> {
    0..steps.iter().take_while(|step| step.resource <= Resource::GroupDays).count()
}

/// Whether a pull from the beginning may be long, and its first page is worth looking at: a pull
/// that goes on has shown it already.
pub(super) fn is_long(step: &Step) -> bool {
    step.start == Start::Afresh && matches!(step.resource, Resource::Customers | Resource::FollowUps)
}

/// Whether the backend, whose latest change is `latest`, is not the one that the rows came from.
pub fn is_another(states: &[SyncState], resources: &[Resource], latest: i64) -> bool {
    let ahead = |state: &SyncState| state.seq.is_some_and(|seq| seq > latest);
    states.iter().any(|state| resources.contains(&state.resource) && ahead(state))
}

/// The change number to follow the feed from: the smallest that a complete pull agrees with.
/// `None` where nothing was pulled.
pub fn since(states: &[SyncState], resources: &[Resource]) -> Option<i64> {
    let complete = states.iter().filter(|state| state.complete && resources.contains(&state.resource));
    complete.filter_map(|state| state.seq).min()
}

/// What a run of changes comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fold {
    /// Records as they are after the last change, each once.
    pub upserts: Vec<AnyRecord>,
    /// Records that are gone after the last change, each once, none of them among `upserts`.
    pub deletes: Vec<(Resource, String)>,
    /// What could not be read. A record that cannot be read stays as it is in the cache.
    pub complaints: Vec<(Resource, Complaint)>,
    /// Upserts and deletions told, by resource.
    pub told: BTreeMap<Resource, (u64, u64)>,
}

/// Folds changes, in the order of their numbers, so that each record is touched once.
pub fn fold(changes: Vec<Change>) -> Fold {
    let mut fold = Fold::default();
    let mut last: HashMap<(Resource, String), (usize, Option<AnyRecord>)> =
        HashMap::with_capacity(changes.len());
    for (place, change) in changes.into_iter().enumerate() {
        let resource = change.resource;
        let told = fold.told.entry(resource).or_default();
        match change.op {
            ChangeOp::Delete => {
                told.1 += 1;
                last.insert((resource, change.id), (place, None));
            }
            ChangeOp::Upsert => {
                told.0 += 1;
                let complain = |complaint| (resource, complaint);
                match AnyRecord::read(resource, change.item.unwrap_or_default()) {
                    Ok((record, complaints)) => {
                        fold.complaints.extend(complaints.into_iter().map(complain));
                        last.insert((resource, record.key()), (place, Some(record)));
                    }
                    Err(complaint) => {
                        fold.complaints.push(complain(Complaint { id: change.id, ..complaint }))
                    }
                }
            }
        }
    }
    let mut last: Vec<_> = last.into_iter().collect();
    last.sort_unstable_by_key(|(_, (place, _))| *place);
    for (key, (_, record)) in last {
        match record {
            Some(record) => fold.upserts.push(record),
            None => fold.deletes.push(key),
        }
    }
    fold
}

impl Fold {
    /// What the cache is to do, after which it agrees with change `number`, as heard `at`.
    pub(super) fn batch(&mut self, number: i64, at: Time) -> Batch {
        let upserts = std::mem::take(&mut self.upserts);
        let deletes = std::mem::take(&mut self.deletes);
        let resource = upserts.first().map_or(Resource::Operators, AnyRecord::resource); // without meaning here
        Batch { upserts, deletes, agrees: Some((number, at)), ..Batch::new(resource) }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
