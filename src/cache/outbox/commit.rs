//! A change set becomes rows, outbox and audit, all or nothing.

use std::collections::HashSet;

use rusqlite::params;
use serde_json::{Map, Value};

use super::{audit, entry, stays, truth};
use crate::cache::batch::Applied;
use crate::cache::error::Result;
use crate::cache::ledger::Ledger;
use crate::cache::records;
use crate::cache::writer::Writer;
use crate::model::{Actor, ChangeSet, Deed, Planned, Resource, Time, Write};

/// What came of a change set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Committed {
    /// Names the writes together; empty where nothing was queued.
    pub batch: String,
    /// Writes that were queued.
    pub queued: usize,
    /// Records that are not as they were when the plan was made, with their names: their writes
    /// were left out.
    pub moved: Vec<(Resource, String, String)>,
    /// What the rows changed.
    pub applied: Applied,
}

impl Writer {
    /// Writes a change set: rows as they will be, truth, outbox, images and audit lines, in one
    /// transaction that is on the disk when this returns. Writes whose record has moved on since
    /// the plan was made are left out and reported.
    ///
    /// # Errors
    /// [`Error::Refused`](crate::cache::Error::Refused) where the console is read-only; otherwise
    /// as SQLite says, and then nothing of it has happened.
    pub fn commit(&mut self, set: &ChangeSet) -> Result<Committed> {
        self.permit("write")?;
        let mut committed = Committed::default();
        committed.applied = self.durably(|ledger| {
            let batch = entry::unique(ledger)?;
            for planned in write_all(ledger, set, &batch, 0, None, &mut committed.queued)? {
                let Write { resource, id, .. } = &planned.write;
                committed.moved.push((*resource, id.clone(), planned.name.clone()));
            }
            if committed.queued > 0 {
                ledger.run("UPDATE batches SET state = 'gone' WHERE state = 'undone'", &[])?;
                open_batch(ledger, &batch, &set.command, &set.label, &set.actor)?;
                committed.batch = batch;
            }
            Ok(())
        })?;
        Ok(committed)
    }
}

/// Writes all of a set to a batch that has `first` writes already, and counts them; gives those that could
/// not be taken. What reaches a customer is not sent before `hold`.
pub(super) fn write_all<'s>(
    ledger: &mut Ledger<'_>,
    set: &'s ChangeSet,
    batch: &str,
    first: usize,
    hold: Option<Time>,
    queued: &mut usize,
) -> Result<Vec<&'s Planned>> {
    let mut run = Run { set, batch, first, hold, queued: 0, twice: twice(set), touched: HashSet::new() };
    let mut left = Vec::new();
    for planned in &set.writes {
        if !run.write(ledger, planned)? {
            left.push(planned);
        }
    }
    *queued += run.queued;
    Ok(left)
}

/// What is said of a message that is not sent yet, so that it can be taken back.
const HELD: &str = "held for a while, so that it can be taken back";

/// Notes a command whose writes are undone together.
pub(super) fn open_batch(
    ledger: &Ledger<'_>,
    batch: &str,
    command: &str,
    label: &str,
    actor: &Actor,
) -> Result<()> {
    ledger.run(
        "INSERT INTO batches (batch, command, label, at, operator, account, peer, state) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'done')",
        params![
            batch,
            command,
            label,
            ledger.moment.now.millis,
            actor.operator.as_ref().map(|id| &id.0),
            actor.account,
            actor.peer
        ],
    )?;
    Ok(())
}

/// One change set on its way into the cache.
struct Run<'s, 'b> {
    set: &'s ChangeSet,
    batch: &'b str,
    /// Writes that the batch has already.
    first: usize,
    /// Before this nothing is sent that reaches a customer.
    hold: Option<Time>,
    queued: usize,
    /// Records with more than one write in this set.
    twice: HashSet<(Resource, &'s str)>,
    /// Fields that writes of this set have decided already.
    touched: HashSet<(Resource, String, String)>,
}

impl<'s> Run<'s, '_> {
    /// Takes one write; says whether it could.
    fn write(&mut self, ledger: &mut Ledger<'_>, planned: &'s Planned) -> Result<bool> {
        let mut text = entry::json(&planned.write);
        let mut renamed = None;
        // Only a text with `"~` in it can hold a local id.
        if text.contains("\"~") {
            let Some(write) = known(ledger, &planned.write)? else { return Ok(false) };
            text = entry::json(&write);
            renamed = Some(write);
        }
        let write = renamed.as_ref().unwrap_or(&planned.write);
        let (resource, id) = (write.resource, write.id.as_str());
        let row = records::body(ledger, resource, id)?;
        let before = match &row {
            Some((body, _)) => Some(records::read(resource, id, body)?),
            None => None,
        };
        if before.is_some() == write.makes() {
            return Ok(false);
        }
        let image = before.as_ref().map(|before| write.image(before)).unwrap_or_default();
        if !self.is_as_planned(write, &planned.image, &image) {
            return Ok(false);
        }
        let actor = &self.set.actor;
        let Some(after) = write.apply(before.as_ref(), ledger.moment.now, actor.operator.as_ref()) else {
            return Ok(false);
        };
        let pull = match &row {
            Some((_, pull)) => *pull,
            None => ledger.pull(resource)?,
        };
        truth::keep(ledger, resource, id, row.as_ref().map(|(body, _)| body.as_str()))?;
        let tags_alone = before.as_ref().filter(|_| matches!(write.deed, Deed::Tag { .. }));
        records::show(ledger, tags_alone, &after, pull)?;
        ledger.shows(resource);
        let image_text = entry::json(&image);
        let mut new = entry::New {
            key: String::new(),
            batch: self.batch,
            write,
            text: &text,
            image: &image_text,
            name: &planned.name,
            operator: actor.operator.as_ref(),
            stays: false,
            undoes: None,
        };
        match stays::split(ledger, write)? {
            (_, None) => self.queue(ledger, new)?,
            (None, Some(_)) => {
                new.stays = true;
                self.queue(ledger, new)?;
            }
            (Some(sent), Some(kept)) => {
                for (write, stays) in [(sent, false), (kept, true)] {
                    let image = before.as_ref().map(|before| write.image(before)).unwrap_or_default();
                    let (text, image) = (entry::json(&write), entry::json(&image));
                    let part = entry::New { write: &write, text: &text, image: &image, stays, ..new.clone() };
                    self.queue(ledger, part)?;
                }
            }
        }
        let line = audit::Entry {
            command: &self.set.command,
            batch: Some(self.batch),
            record: Some((resource, id, &planned.name)),
            what: "write",
            before: before.is_some().then_some(image_text.as_str()),
            after: Some(&audit::left(write, Some(&after))),
        };
        audit::write(ledger, actor, &line)?;
        if self.twice.contains(&(resource, planned.write.id.as_str())) {
            let fields = write.fields().into_iter();
            self.touched.extend(fields.map(|field| (resource, id.to_owned(), field.to_owned())));
        }
        Ok(true)
    }

    /// Puts a write, or a part of one, into the outbox.
    fn queue(&mut self, ledger: &mut Ledger<'_>, new: entry::New<'_>) -> Result<()> {
        let new = entry::New { key: format!("{}-{}", self.batch, self.first + self.queued), ..new };
        entry::queue(ledger, &new)?;
        if let Some(hold) = self.hold.filter(|_| new.write.is_outbound()) {
            let sql = "UPDATE outbox SET next_at = ?2, words = ?3 WHERE key = ?1";
            ledger.run(sql, params![new.key, hold.millis, HELD])?;
        }
        self.queued += 1;
        Ok(())
    }

    /// Whether the values that a write overwrites are those that its plan saw; what an earlier
    /// write of the same set has decided is not compared.
    fn is_as_planned(&self, write: &Write, planned: &Map<String, Value>, now: &Map<String, Value>) -> bool {
        planned.iter().all(|(field, planned)| {
            let now = now.get(field).unwrap_or(&Value::Null);
            same(&write.deed, planned, now)
                || self.touched.contains(&(write.resource, write.id.clone(), field.clone()))
        })
    }
}

/// Records with more than one write in a set.
fn twice(set: &ChangeSet) -> HashSet<(Resource, &str)> {
    let mut once = HashSet::new();
    let records = set.writes.iter().map(|planned| (planned.write.resource, planned.write.id.as_str()));
    records.filter(|record| !once.insert(*record)).collect()
}

/// Whether two images of a field say the same; tags have no order.
fn same(deed: &Deed, one: &Value, other: &Value) -> bool {
    if let (Deed::Tag { .. }, Value::Array(one), Value::Array(other)) = (deed, one, other) {
        return one.len() == other.len() && one.iter().all(|tag| other.contains(tag));
    }
    one == other
}

/// The write under the names that the backend has given meanwhile; `None` where it waits for
/// something that nobody makes any more.
fn known(ledger: &Ledger<'_>, write: &Write) -> Result<Option<Write>> {
    let mut known = write.clone();
    for local in write.waits_for() {
        if let Some(id) = entry::named(ledger, &local)? {
            known = known.renamed(&local, &id);
        } else if !entry::is_being_made(ledger, &local, false)? {
            return Ok(None);
        }
    }
    Ok(Some(known))
}
