//! Taking a command back, and doing it again.
//!
//! What has not been sent leaves the outbox; of what has, the inverse is queued behind it. Each
//! inverse notes the write that it takes back, so that redo can take back the inverse, and so on:
//! of every chain one write stands, and it is either forward or back.

use rusqlite::{OptionalExtension, params};

use super::entry::{self, Doubt, End, Entry, New, json};
use super::{audit, rebase, stays, truth};
use crate::cache::batch::Applied;
use crate::cache::error::{Doing, Error, Result};
use crate::cache::ledger::Ledger;
use crate::cache::records;
use crate::cache::writer::Writer;
use crate::model::write::LOCAL;
use crate::model::{Actor, AnyRecord, Deed, Left, OperatorId, Resource, Time, Write, WriteState};

/// What taking a command back, or doing it again, came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undone {
    /// What the command does, in the operator's language.
    pub label: String,
    /// Names its writes together.
    pub batch: String,
    /// When it was written.
    pub at: Option<Time>,
    /// Who wrote it, as the backend knows them.
    pub operator: Option<OperatorId>,
    /// The account they wrote it from.
    pub account: String,
    /// Whether nothing was done yet, since the command is not of those that may be taken back unasked.
    pub asks: bool,
    /// Writes that had not been sent and have left the outbox; of redo, those that are queued anew.
    pub withdrawn: usize,
    /// Writes whose inverse was queued.
    pub inverted: usize,
    /// Records that were left as they are: kind, id, name and why.
    pub left: Vec<(Resource, String, String, Left)>,
    /// What the rows changed.
    pub applied: Applied,
}

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Undo,
    Redo,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Redo => "redo",
        }
    }
}

impl Writer {
    /// Takes back the newest command that has not been taken back: in one transaction, in the
    /// reverse order of its writes. Records that have been changed since are left and listed; where
    /// all of them are, the command is neither to be undone nor done again any more.
    ///
    /// # Errors
    /// [`Error::Nothing`] where there is no such command, [`Error::Refused`] where the console is
    /// read-only; otherwise as SQLite says.
    pub fn undo(&mut self, actor: &Actor) -> Result<Undone> {
        self.turn(Way::Undo, None, actor, |_| true)
    }

    /// Does the command again that was taken back last, where nothing else was written since.
    ///
    /// # Errors
    /// As [`Writer::undo`].
    pub fn redo(&mut self, actor: &Actor) -> Result<Undone> {
        self.turn(Way::Redo, None, actor, |_| true)
    }

    /// As [`Writer::undo`], or [`Writer::redo`] where it is to be done `again`. A command whose batch is
    /// not `sure` is left and told, with [`Undone::asks`].
    ///
    /// # Errors
    /// As [`Writer::undo`].
    pub fn undo_if(&mut self, again: bool, actor: &Actor, sure: impl Fn(&str) -> bool) -> Result<Undone> {
        self.turn(if again { Way::Redo } else { Way::Undo }, None, actor, sure)
    }

    /// Takes back one command, be it the newest or not.
    pub(super) fn undo_batch(&mut self, batch: &str, actor: &Actor) -> Result<Undone> {
        self.turn(Way::Undo, Some(batch), actor, |_| true)
    }

    fn turn(
        &mut self,
        way: Way,
        only: Option<&str>,
        actor: &Actor,
        sure: impl Fn(&str) -> bool,
    ) -> Result<Undone> {
        self.permit(way.word())?;
        let mut undone = Undone::default();
        undone.applied = self.durably(|ledger| {
            // A command of which nothing stands is passed over.
            while undone.withdrawn + undone.inverted + undone.left.len() == 0 {
                let Picked { batch, command, label, at, operator, account } =
                    pick(ledger, way, only)?.ok_or(Error::Nothing { doing: way.word() })?;
                let mut turn = Turn { way, actor, command: &command, batch: &batch, undone: &mut undone };
                let standing = turn.standing(ledger)?;
                if !standing.is_empty() && !sure(&batch) {
                    (undone.asks, undone.batch, undone.label) = (true, batch, label);
                    (undone.at, undone.operator, undone.account) = (Some(at), operator, account);
                    return Ok(());
                }
                for n in standing {
                    if let Some(entry) = entry::one(ledger.connection(), n)? {
                        turn.take(ledger, &entry)?;
                    }
                }
                let state = match way {
                    _ if undone.withdrawn + undone.inverted == 0 => "gone",
                    Way::Undo => "undone",
                    Way::Redo => "done",
                };
                ledger.run("UPDATE batches SET state = ?2 WHERE batch = ?1", params![batch, state])?;
                (undone.batch, undone.label) = (batch, label);
                (undone.at, undone.operator, undone.account) = (Some(at), operator, account);
            }
            Ok(())
        })?;
        Ok(undone)
    }
}

/// A command that was written.
struct Picked {
    batch: String,
    command: String,
    label: String,
    at: Time,
    operator: Option<OperatorId>,
    account: String,
}

/// The command whose turn it is.
fn pick(ledger: &Ledger<'_>, way: Way, only: Option<&str>) -> Result<Option<Picked>> {
    let sql = match way {
        Way::Undo => {
            "SELECT batch, command, label, at, operator, account FROM batches b WHERE state = 'done' AND (?1 IS NULL OR batch = ?1) AND EXISTS \
             (SELECT 1 FROM outbox o WHERE o.batch = b.batch AND o.state <> 'discarded') ORDER BY n DESC LIMIT 1"
        }
        Way::Redo => {
            "SELECT batch, command, label, at, operator, account FROM batches WHERE state = 'undone' \
             AND (?1 IS NULL OR batch = ?1) ORDER BY n LIMIT 1"
        }
    };
    let found = ledger.statement(sql)?.query_row([only], |row| {
        Ok(Picked {
            batch: row.get(0)?,
            command: row.get(1)?,
            label: row.get(2)?,
            at: Time::from_millis(row.get(3)?),
            operator: row.get::<_, Option<String>>(4)?.map(OperatorId),
            account: row.get(5)?,
        })
    });
    found.optional().doing("read the outbox")
}

/// One command on its way back, or forward again.
struct Turn<'t> {
    way: Way,
    actor: &'t Actor,
    command: &'t str,
    batch: &'t str,
    undone: &'t mut Undone,
}

impl Turn<'_> {
    /// The writes that stand and are to be taken back: for undo the forward ones, last first; for
    /// redo those of undo, and what undo withdrew, in the order of the writes that they took back.
    fn standing(&self, ledger: &Ledger<'_>) -> Result<Vec<i64>> {
        let sql = match self.way {
            Way::Undo => {
                "SELECT o.n FROM outbox o WHERE o.batch = ?1 AND o.back = 0 AND (o.open OR o.state = 'done') \
                 AND NOT EXISTS (SELECT 1 FROM outbox i WHERE i.batch = ?1 AND i.undoes = o.n \
                 AND (i.open OR i.state = 'done')) ORDER BY o.n DESC"
            }
            Way::Redo => {
                "SELECT o.n FROM outbox o WHERE o.batch = ?1 AND ((o.back = 0 AND o.state = 'withdrawn') \
                 OR (o.back = 1 AND (o.open OR o.state = 'done') \
                 AND NOT EXISTS (SELECT 1 FROM outbox i WHERE i.batch = ?1 AND i.undoes = o.n \
                 AND (i.open OR i.state = 'done')))) ORDER BY coalesce(o.undoes, o.n)"
            }
        };
        let doing = "read the outbox";
        let mut statement = ledger.statement(sql)?;
        let rows = statement.query_map([self.batch], |row| row.get(0)).doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    }

    fn take(&mut self, ledger: &mut Ledger<'_>, entry: &Entry) -> Result<()> {
        let row = match records::body(ledger, entry.resource, &entry.record)? {
            Some((body, _)) => Some(records::read(entry.resource, &entry.record, &body)?),
            None => None,
        };
        if !entry.open && entry.state != Some(WriteState::Done) {
            return self.again(ledger, entry, row.as_ref());
        }
        let unsent = entry.open && entry.doubt == Doubt::None && entry.state != Some(WriteState::Sending);
        if !stands(entry, row.as_ref()) {
            self.leave(entry, Left::Changed);
        } else if unsent {
            let before = audit::left(&entry.write, row.as_ref());
            withdraw(ledger, entry, End::Withdrawn)?;
            self.undone.withdrawn += 1;
            self.line(ledger, entry, Some(&before), Some(&json(&entry.image)))?;
        } else {
            let drawn = entry::unique(ledger)?;
            match entry.write.inverse(&entry.record, &entry.image, || format!("{LOCAL}{drawn}")) {
                Some(inverse) => self.invert(ledger, entry, &inverse, row.as_ref())?,
                None => self.leave(entry, Left::Final),
            }
        }
        Ok(())
    }

    /// Queues the inverse of a write behind it.
    fn invert(
        &mut self,
        ledger: &mut Ledger<'_>,
        entry: &Entry,
        inverse: &Write,
        row: Option<&AnyRecord>,
    ) -> Result<()> {
        let row = row.filter(|_| !inverse.makes());
        if !self.write(ledger, entry, inverse, row, Some((entry.n, self.way == Way::Undo)))? {
            self.leave(entry, Left::Changed);
            return Ok(());
        }
        self.undone.inverted += 1;
        Ok(())
    }

    /// Queues a write anew that undo withdrew.
    fn again(&mut self, ledger: &mut Ledger<'_>, entry: &Entry, row: Option<&AnyRecord>) -> Result<()> {
        let same = match row {
            Some(row) => !entry.write.makes() && entry.write.image(row) == entry.image,
            None => entry.write.makes(),
        };
        if !same || !self.write(ledger, entry, &entry.write, row, None)? {
            self.leave(entry, Left::Changed);
            return Ok(());
        }
        entry::close(ledger, entry.n, End::Replaced)?;
        self.undone.withdrawn += 1;
        Ok(())
    }

    /// Queues a write and shows it; says whether it could.
    fn write(
        &self,
        ledger: &mut Ledger<'_>,
        of: &Entry,
        write: &Write,
        row: Option<&AnyRecord>,
        undoes: Option<(i64, bool)>,
    ) -> Result<bool> {
        let operator = self.actor.operator.as_ref();
        let Some(after) = write.apply(row, ledger.moment.now, operator) else { return Ok(false) };
        let image = row.map(|row| json(&write.image(row))).unwrap_or_else(|| "{}".to_owned());
        let (resource, id) = (write.resource, write.id.as_str());
        let pull = records::body(ledger, resource, id)?.map(|(_, pull)| pull);
        let pull = if let Some(pull) = pull { pull } else { ledger.pull(resource)? };
        truth::keep(ledger, resource, id, row.map(AnyRecord::to_json).as_deref())?;
        let tags_alone = row.filter(|_| matches!(write.deed, Deed::Tag { .. }));
        records::show(ledger, tags_alone, &after, pull)?;
        ledger.shows(resource);
        let new = New {
            key: entry::unique(ledger)?,
            batch: self.batch,
            write,
            text: &json(write),
            image: &image,
            name: &of.name,
            operator,
            stays: stays::all(ledger, write)?,
            undoes,
        };
        entry::queue(ledger, &new)?;
        self.line(ledger, of, Some(&image), Some(&audit::left(write, Some(&after))))?;
        Ok(true)
    }

    fn line(&self, ledger: &Ledger<'_>, of: &Entry, before: Option<&str>, after: Option<&str>) -> Result<()> {
        let line = audit::Entry {
            command: self.command,
            batch: Some(self.batch),
            record: Some((of.resource, &of.record, &of.name)),
            what: self.way.word(),
            before,
            after,
        };
        audit::write(ledger, self.actor, &line)
    }

    fn leave(&mut self, entry: &Entry, why: Left) {
        self.undone.left.push((entry.resource, entry.record.clone(), entry.name.clone(), why));
    }
}

/// Whether a record is still as a write left it, in the fields that the write decides.
fn stands(entry: &Entry, row: Option<&AnyRecord>) -> bool {
    let Some(row) = row else { return false };
    match (&entry.after, &entry.write.deed) {
        (Some(after), _) => entry.write.image(row) == *after,
        (None, Deed::Make { fields }) => {
            let fields = fields.iter().filter(|(field, _)| *field != "customer_id");
            let fields = fields.map(|(field, value)| (field.clone(), value.clone())).collect();
            Write::set(entry.resource, entry.record.clone(), fields).is_in(row)
        }
        (None, Deed::Send { .. }) => true,
        _ => entry.write.is_in(row),
    }
}

/// Takes an open write out of the outbox; what stands behind it stands on what was before it.
pub(super) fn withdraw(ledger: &mut Ledger<'_>, entry: &Entry, end: End) -> Result<()> {
    rebase::hand_down(ledger, entry, &entry.image)?;
    entry::close(ledger, entry.n, end)?;
    truth::lay(ledger, entry.resource, &entry.record, None)
}
