//! A macro's plan, executed: record by record, in one batch, from wherever it stands.
//!
//! What runs is the plan that was shown, frozen with the batch before its first write. The console and
//! `siyu run` go through the same [`Run::next`]; between two calls nothing is under way, and there one
//! may stop, be killed, or go on another day.

use serde::{Deserialize, Serialize};

use crate::cache::{self, Committed, Part, Writer};
use crate::command::Plan;
use crate::command::plan::{Course, OnError, Subject};
use crate::model::{Actor, ChangeSet, Planned, Time};

/// A run is written in about so many transactions: as often it tells how far it is, and can be stopped.
const PARTS: usize = 100;

/// At most so many records go in one transaction.
const MOST: usize = 50;

/// A plan as it is kept with its batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// The command, as it could be typed.
    pub command: String,
    /// What it does, in the operator's language.
    pub label: String,
    /// Whose the writes are.
    pub course: Course,
    /// What is written.
    pub writes: Vec<Planned>,
    /// What each write does, in words.
    pub told: Vec<String>,
    /// What reaches a customer waits for so many seconds.
    pub hold_seconds: u32,
}

/// A run under way.
#[derive(Debug)]
pub struct Run {
    /// What is done.
    pub plan: Frozen,
    /// Names its writes together.
    pub batch: String,
    /// Records that it has come by.
    pub done: usize,
    /// Of them those that had moved on, and were left.
    pub moved: Vec<Subject>,
    /// Writes that were queued.
    pub queued: usize,
    /// Whether it ends here, since a record has moved on and the macro says so.
    pub halted: Option<Halt>,
}

/// Why a run ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// It stopped behind a record that had moved on.
    Stopped,
    /// What was done was taken back.
    TakenBack,
}

/// What became of some records.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// Indices of the records in the plan's course.
    pub subjects: std::ops::Range<usize>,
    /// Of them those that were left.
    pub moved: Vec<usize>,
    /// What the rows changed.
    pub applied: cache::Applied,
}

impl Frozen {
    /// The plan of a macro, as it is kept; `None` where it is the plan of a single command.
    pub fn of(plan: &Plan, hold_seconds: u32) -> Option<Self> {
        Some(Self {
            command: plan.command.to_string(),
            label: plan.label.clone(),
            course: plan.course.clone()?,
            writes: plan.writes.clone(),
            told: plan.told.clone(),
            hold_seconds,
        })
    }

    /// How many records it is about.
    pub fn total(&self) -> usize {
        self.course.subjects.len()
    }
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    /// As the cache says.
    pub fn begin(writer: &mut Writer, plan: Frozen, actor: Actor) -> cache::Result<Self> {
        let text = serde_json::to_string(&plan).unwrap_or_default(); // no key but strings
        let set = head(&plan, actor);
        let batch = writer.begin_run(&set, &text, plan.total())?;
        Ok(Self { plan, batch, done: 0, moved: Vec::new(), queued: 0, halted: None })
    }

    /// Goes on with a run that was kept; `None` where its plan cannot be read.
    pub fn resume(row: &cache::RunRow) -> Option<Self> {
        let plan: Frozen = serde_json::from_str(&row.plan).ok()?;
        let batch = row.batch.clone();
        Some(Self { plan, batch, done: row.done, moved: Vec::new(), queued: 0, halted: None })
    }

    /// Records that are still to come.
    pub fn left(&self) -> usize {
        self.plan.total() - self.done
    }

    /// Does the next records; `None` where there are none, or the run has ended.
    ///
    /// # Errors
    /// As the cache says; then none of them is done.
    pub fn next(&mut self, writer: &mut Writer, actor: &Actor, now: Time) -> cache::Result<Option<Came>> {
        if self.halted.is_some() || self.left() == 0 {
            return Ok(None);
        }
        let course = &self.plan.course;
        // Where a record that has moved on ends it all, nothing behind it may be done.
        let careful = course.on_error != OnError::Skip;
        let most = if careful { 1 } else { (self.plan.total() / PARTS).clamp(1, MOST) };
        let subjects = self.done..(self.done + most).min(self.plan.total());
        let parts: Vec<Part> = subjects.clone().map(|at| self.part(at)).collect();
        let set = head(&self.plan, actor.clone());
        let hold = (self.plan.hold_seconds > 0)
            .then(|| Time::from_millis(now.millis + 1_000 * i64::from(self.plan.hold_seconds)));
        let Committed { queued, moved, applied, .. } =
            writer.go_on(&self.batch, self.done, &parts, &set, hold)?;
        self.done = subjects.end;
        self.queued += queued;
        let is_moved = |at: &usize| {
            let subject = &self.plan.course.subjects[*at];
            moved.iter().any(|(resource, id, _)| (*resource, id) == (subject.resource, &subject.id))
        };
        let moved: Vec<usize> = subjects.clone().filter(is_moved).collect();
        self.moved.extend(moved.iter().map(|at| self.plan.course.subjects[*at].clone()));
        if careful && !moved.is_empty() {
            self.halted = Some(match self.plan.course.on_error {
                OnError::Rollback => {
                    match writer.undo_run(&self.batch, actor) {
                        Ok(_) | Err(cache::Error::Nothing { .. }) => {}
                        Err(error) => return Err(error),
                    }
                    Halt::TakenBack
                }
                _ => Halt::Stopped,
            });
        }
        Ok(Some(Came { subjects, moved, applied }))
    }

    fn part(&self, at: usize) -> Part {
        let Subject { resource, id, name, rev } = self.plan.course.subjects[at].clone();
        let writes = self.plan.writes[self.plan.course.writes_of(at)].to_vec();
        Part { resource, id, name, rev, writes }
    }
}

/// Who does what.
fn head(plan: &Frozen, actor: Actor) -> ChangeSet {
    ChangeSet { command: plan.command.clone(), label: plan.label.clone(), actor, writes: Vec::new() }
}
