//! What the operator does with writes that wait: try again, drop, change, choose.

use rusqlite::params;
use serde_json::{Map, Value};

use super::entry::{self, Doubt, End, Entry, json};
use super::undo::withdraw;
use super::{audit, awaited, rebase, settle, truth};
use crate::cache::batch::Applied;
use crate::cache::error::{Error, Result};
use crate::cache::ledger::Ledger;
use crate::cache::writer::Writer;
use crate::model::{Actor, AnyRecord, Deed, Write, WriteState};

impl Writer {
    /// Has writes sent again, as they are and at once: refused ones, conflicts (which are compared
    /// anew), and those that wait for their time. One of which nobody can tell any more whether it
    /// has arrived is sent anew, under a new key: the operator has decided so, and the audit says it.
    /// Others, and numbers that are not there, are left.
    ///
    /// # Errors
    /// [`Error::Refused`] where the console is read-only; otherwise as SQLite says.
    pub fn retry(&mut self, ns: &[i64], actor: &Actor) -> Result<Applied> {
        self.permit("send again")?;
        self.durably(|ledger| {
            for n in ns {
                let Some(entry) = open(ledger, *n)? else { continue };
                match entry.state {
                    Some(WriteState::Failed | WriteState::Conflict) => requeue(ledger, &entry)?,
                    Some(WriteState::Unknown)
                        if entry.write.is_forgotten(entry.sent_at, ledger.moment.now) =>
                    {
                        line(
                            ledger,
                            actor,
                            &entry,
                            ("retry", "outbox.retry"),
                            None,
                            &write_text(&entry.write),
                        )?;
                        ledger.run("UPDATE outbox SET doubt = 0, sent_at = NULL WHERE n = ?1", params![n])?;
                        requeue(ledger, &Entry { doubt: Doubt::None, ..entry.clone() })?;
                    }
                    Some(WriteState::Queued | WriteState::Unknown) => {
                        ledger.run("UPDATE outbox SET next_at = NULL WHERE n = ?1", params![n])?;
                    }
                    _ => {}
                }
                ledger.shows(entry.resource);
            }
            Ok(())
        })
    }

    /// Drops writes for good: their records go back to the truth, with what else is open laid over
    /// it. What needed a record that is not made now is dropped too; from tags only that one goes.
    ///
    /// # Errors
    /// [`Error::Refused`] where one of them is just on its way, or the console is read-only, and
    /// then nothing is dropped; otherwise as SQLite says.
    pub fn discard(&mut self, ns: &[i64], actor: &Actor) -> Result<Applied> {
        self.permit("discard")?;
        self.durably(|ledger| {
            for n in ns {
                if let Some(entry) = open(ledger, *n)? {
                    if entry.state == Some(WriteState::Sending) {
                        return Err(Error::Refused { doing: "discard a write", why: "it is on its way" });
                    }
                    discard(ledger, &entry, actor)?;
                }
            }
            Ok(())
        })
    }

    /// Puts another write in the place of one that waits, and has it sent. It must be about the
    /// same record.
    ///
    /// # Errors
    /// [`Error::Refused`] where the write is not there, is on its way or may have arrived, where
    /// the other one does not fit its record, or where the console is read-only; otherwise as
    /// SQLite says.
    pub fn amend(&mut self, n: i64, write: &Write, actor: &Actor) -> Result<Applied> {
        let refuse = |why| Error::Refused { doing: "change the write", why };
        self.permit("change the write")?;
        self.durably(|ledger| {
            let entry = open(ledger, n)?.ok_or(refuse("it is not in the outbox any more"))?;
            if entry.doubt != Doubt::None || entry.state == Some(WriteState::Sending) {
                return Err(refuse("it may have arrived already"));
            }
            if write.resource != entry.resource
                || write.id != entry.record
                || write.makes() != entry.write.makes()
            {
                return Err(refuse("it is about another record"));
            }
            let under = below(ledger, &entry)?;
            let after = write.apply(under.as_ref(), ledger.moment.now, actor.operator.as_ref());
            let after = after.ok_or(refuse("nothing can come of it"))?;
            // Fields that it no longer decides are as they were for what stands behind it, and
            // those that it decides now are as they are below it.
            rebase::hand_down(ledger, &entry, &entry.image)?;
            let mut image = under.as_ref().map(|under| write.image(under)).unwrap_or_default();
            rebase::carry(&entry.write, &entry.image, write, &mut image);
            line(
                ledger,
                actor,
                &entry,
                ("amend", "outbox.edit"),
                Some(&write_text(&entry.write)),
                &audit::left(write, Some(&after)),
            )?;
            change(ledger, &entry, write, &image)
        })
    }

    /// Settles a conflict: of the fields that clash, those named in `keep_mine` (a member of
    /// `custom` as `custom.NAME`) are sent over theirs, and theirs stand in the others. Where
    /// nothing is left to send, the write is dropped. What is lost stands in the audit.
    ///
    /// # Errors
    /// [`Error::Refused`] where it is no conflict, or the console is read-only; otherwise as SQLite
    /// says.
    pub fn resolve(&mut self, n: i64, keep_mine: &[String], actor: &Actor) -> Result<Applied> {
        self.permit("settle the conflict")?;
        self.durably(|ledger| {
            let conflict = open(ledger, n)?.filter(|entry| entry.state == Some(WriteState::Conflict));
            let refused = Error::Refused { doing: "settle the conflict", why: "there is none any more" };
            let entry = conflict.ok_or(refused)?;
            let truth = truth::get(ledger.connection(), entry.resource, &entry.record)?.flatten();
            let (Some(truth), Deed::Set { fields }) = (truth, &entry.write.deed) else {
                return discard(ledger, &entry, actor); // there is nothing any more to keep it on
            };
            let mut image = rebase::base(ledger.connection(), &entry)?;
            let theirs = entry.write.image(&truth);
            let mut kept = fields.clone();
            let mut lost = (Map::new(), Map::new());
            let (mut clashing, mut ours) = (0, Vec::new());
            for clash in rebase::clashes(ledger.connection(), &entry, &truth)? {
                let Some(leaf) = rebase::leaf(&entry.write, &clash.field) else { continue };
                let (mine, other) = (clash.mine.clone(), clash.theirs.clone());
                clashing += 1;
                if keep_mine.contains(&clash.field) {
                    ours.push(clash.field.clone());
                    rebase::put(&mut image, &leaf, rebase::value(&theirs, &leaf).clone());
                    lost.0.insert(clash.field.clone(), other);
                    lost.1.insert(clash.field, mine);
                } else {
                    rebase::remove(&mut kept, &leaf);
                    rebase::remove(&mut image, &leaf);
                    lost.0.insert(clash.field.clone(), mine);
                    lost.1.insert(clash.field, other);
                }
            }
            let command = match ours.len() {
                0 => "outbox.theirs".to_owned(),
                kept if kept == clashing => "outbox.mine".to_owned(),
                _ => format!("outbox.mine {}", ours.join(",")),
            };
            let said = ("resolve", command.as_str());
            line(ledger, actor, &entry, said, Some(&json(&lost.0)), &json(&lost.1))?;
            if kept.is_empty() {
                return withdraw(ledger, &entry, End::Discarded);
            }
            rebase::hand_down(ledger, &entry, &entry.image)?;
            let write = Write { deed: Deed::Set { fields: kept }, ..entry.write.clone() };
            change(ledger, &entry, &write, &image)
        })
    }
}

/// A row that is still open.
fn open(ledger: &Ledger<'_>, n: i64) -> Result<Option<Entry>> {
    Ok(entry::one(ledger.connection(), n)?.filter(|entry| entry.open))
}

/// Queues a row again. What surely has not arrived goes under a new key: a backend may remember
/// what it answered to the old one.
fn requeue(ledger: &mut Ledger<'_>, entry: &Entry) -> Result<()> {
    let key = if entry.doubt == Doubt::None { entry::unique(ledger)? } else { entry.key.clone() };
    let state = if entry.doubt == Doubt::Open { WriteState::Unknown } else { WriteState::Queued };
    ledger.run(
        "UPDATE outbox SET state = ?2, key = ?3, attempts = 0, next_at = NULL, words = NULL, status = NULL, \
         theirs = NULL WHERE n = ?1",
        params![entry.n, state.word(), key],
    )?;
    ledger.journal.changed(entry.n);
    settle::hold(ledger, entry, false)
}

/// Puts another write with its image into a row, and queues it.
fn change(ledger: &mut Ledger<'_>, entry: &Entry, write: &Write, image: &Map<String, Value>) -> Result<()> {
    entry::rewrite(ledger, entry.n, write, image)?;
    requeue(ledger, entry)?;
    // What stands behind it found what it writes now.
    rebase::take_up(ledger, entry.n, write)?;
    truth::lay(ledger, entry.resource, &entry.record, None)
}

/// The record as it is without this write and those behind it.
fn below(ledger: &Ledger<'_>, entry: &Entry) -> Result<Option<AnyRecord>> {
    let mut record = truth::get(ledger.connection(), entry.resource, &entry.record)?.flatten();
    for earlier in entry::open_of(ledger.connection(), entry.resource, &entry.record)? {
        if earlier.n >= entry.n {
            break;
        }
        let at = truth::local(ledger, earlier.made_at);
        record = earlier.write.apply(record.as_ref(), at, earlier.operator.as_ref()).or(record);
    }
    Ok(record)
}

/// Drops a write, and what cannot be without it.
fn discard(ledger: &mut Ledger<'_>, entry: &Entry, actor: &Actor) -> Result<()> {
    let before = write_text(&entry.write);
    line(ledger, actor, entry, ("discard", "outbox.discard"), Some(&before), &json(&entry.image))?;
    let needy = match awaited::need_of(entry) {
        Some(need) => {
            let condition = "open = 1 AND instr(needs, ' ' || ?1 || ' ')";
            entry::numbers(ledger.connection(), condition, &[&need])?
        }
        None => Vec::new(),
    };
    withdraw(ledger, entry, End::Discarded)?;
    for n in needy {
        let Some(needy) = open(ledger, n)? else { continue };
        let without = |tags: &[crate::model::TagId]| -> Vec<_> {
            tags.iter().filter(|tag| tag.0 != entry.record).cloned().collect()
        };
        match &needy.write.deed {
            // What gives a tag back takes off what came in its place: it does both or neither.
            Deed::Tag { add, remove }
                if add.len() > 1 || entry.write.makes() && add.len() + remove.len() > 1 =>
            {
                let deed = Deed::Tag { add: without(add), remove: without(remove) };
                let write = Write { deed, ..needy.write.clone() };
                rebase::hand_down(ledger, &needy, &needy.image)?;
                line(
                    ledger,
                    actor,
                    &needy,
                    ("discard", "outbox.discard"),
                    Some(&write_text(&needy.write)),
                    &write_text(&write),
                )?;
                entry::rewrite(ledger, n, &write, &needy.image)?;
                rebase::take_up(ledger, n, &write)?;
                truth::lay(ledger, needy.resource, &needy.record, None)?;
            }
            _ => discard(ledger, &needy, actor)?,
        }
    }
    Ok(())
}

/// What a write says, as JSON: all of it, so that nothing that is dropped is lost.
fn write_text(write: &Write) -> String {
    json(&write.deed)
}

fn line(
    ledger: &Ledger<'_>,
    actor: &Actor,
    entry: &Entry,
    (what, command): (&str, &str),
    before: Option<&str>,
    after: &str,
) -> Result<()> {
    let line = audit::Entry {
        command,
        batch: Some(&entry.batch),
        record: Some((entry.resource, &entry.record, &entry.name)),
        what,
        before,
        after: Some(after),
    };
    audit::write(ledger, actor, &line)
}
