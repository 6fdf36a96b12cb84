//! What is shown of the outbox and of the audit.

use rusqlite::{Connection, Row};

use super::entry::{COLUMNS, Entry};
use super::{rebase, truth};
use crate::cache::error::{Doing, Error, Result};
use crate::cache::reader::Reader;
use crate::cache::writer::Writer;
use crate::model::view::{AuditRow, OutboxRow, OutboxView};
use crate::model::write::Clash;
use crate::model::{Resource, Time, WriteState};
use crate::query::Moment;

/// The pane shows so many at most.
const MOST: u64 = 1000;

impl Reader {
    /// What is not settled yet, in the order of the pane, at most `limit`. Gives the number of all.
    ///
    /// # Errors
    /// As SQLite says, or whatever `each` returns, which ends the walk.
    pub fn outbox(
        &self,
        limit: Option<u64>,
        moment: &Moment,
        each: impl FnMut(OutboxRow) -> Result<()>,
    ) -> Result<u64> {
        walk(self.connection(), limit, moment, each)
    }

    /// The audit, latest line first, at most `limit`.
    ///
    /// # Errors
    /// As SQLite says, or whatever `each` returns, which ends the walk.
    pub fn audit(
        &self,
        limit: Option<u64>,
        moment: &Moment,
        mut each: impl FnMut(AuditRow) -> Result<()>,
    ) -> Result<()> {
        let doing = "read the audit";
        let mut statement = self
            .connection()
            .prepare(
                "SELECT n, at, coalesce((SELECT p.name FROM operators p WHERE p.id = operator), operator), account, \
                 peer, command, batch, resource, record, name, what, before, after \
                 FROM audit ORDER BY n DESC LIMIT ?1",
            )
            .doing(doing)?;
        let mut rows = statement.query([bound(limit)]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            each(line(row, moment).doing(doing)?)?;
        }
        Ok(())
    }
}

impl Writer {
    /// As [`Reader::outbox`], through the connection that writes.
    ///
    /// # Errors
    /// As there.
    pub fn outbox(&self, limit: Option<u64>, each: impl FnMut(OutboxRow) -> Result<()>) -> Result<u64> {
        walk(self.connection(), limit, self.moment(), each)
    }
}

/// What the pane shows.
pub(in crate::cache) fn view(connection: &Connection, moment: &Moment) -> Result<OutboxView> {
    let mut rows = Vec::new();
    let total = walk(connection, Some(MOST), moment, |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(OutboxView { rows, total })
}

const DOING: &str = "read the outbox";

fn walk(
    connection: &Connection,
    limit: Option<u64>,
    moment: &Moment,
    mut each: impl FnMut(OutboxRow) -> Result<()>,
) -> Result<u64> {
    let mut left = limit.unwrap_or(u64::MAX);
    let sql = format!(
        "SELECT {COLUMNS}, next_at, words, status, theirs, \
         (SELECT b.label FROM batches b WHERE b.batch = outbox.batch), back \
         FROM outbox WHERE open = 1 AND state = ?1 ORDER BY n DESC LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql).doing(DOING)?;
    for state in WriteState::OPEN {
        let mut rows = statement.query((state.word(), bound(Some(left)))).doing(DOING)?;
        while let Some(row) = rows.next().doing(DOING)? {
            each(shown(connection, row, state, moment)?)?;
            left = left.saturating_sub(1);
        }
    }
    let total =
        connection.query_row("SELECT count(*) FROM outbox WHERE open = 1 AND state <> 'kept'", [], |row| {
            row.get::<_, i64>(0)
        });
    Ok(u64::try_from(total.doing(DOING)?).unwrap_or(0))
}

fn shown(connection: &Connection, row: &Row<'_>, state: WriteState, moment: &Moment) -> Result<OutboxRow> {
    let entry = Entry::read(row)?;
    let at = COLUMNS.split(',').count();
    let time = |time: Time| time.in_zone(&moment.zone);
    let theirs: Option<String> = row.get(at + 3).doing(DOING)?;
    Ok(OutboxRow {
        clashes: if state == WriteState::Conflict {
            clashes(connection, &entry, theirs)?
        } else {
            Vec::new()
        },
        next_at: row.get::<_, Option<i64>>(at).doing(DOING)?.map(Time::from_millis).map(time),
        words: row.get(at + 1).doing(DOING)?,
        status: row.get(at + 2).doing(DOING)?,
        label: row.get::<_, Option<String>>(at + 4).doing(DOING)?.unwrap_or_default(),
        takes_back: row.get(at + 5).doing(DOING)?,
        n: entry.n,
        batch: entry.batch,
        write: entry.write,
        name: entry.name,
        state,
        attempts: entry.attempts,
        needs: entry.needs,
        made_at: time(entry.made_at),
        sent_at: entry.sent_at.map(time),
    })
}

/// The fields to choose from, as the backend has them now; as it had them when they were found to
/// clash, where it has no such record any more.
fn clashes(connection: &Connection, entry: &Entry, theirs: Option<String>) -> Result<Vec<Clash>> {
    if let Some(Some(truth)) = truth::get(connection, entry.resource, &entry.record)? {
        return rebase::clashes(connection, entry, &truth);
    }
    let wrong = |source| Error::Record { what: "write", id: entry.n.to_string(), source };
    let theirs: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&theirs.unwrap_or_else(|| "{}".to_owned())).map_err(wrong)?;
    let base = rebase::base(connection, entry)?;
    let found = rebase::leaves(&entry.write).into_iter().filter_map(|leaf| {
        let field = rebase::spelled(&leaf);
        let theirs = theirs.get(&field)?.clone();
        let mine = rebase::sent(&entry.write, &leaf).clone();
        Some(Clash { base: rebase::value(&base, &leaf).clone(), mine, theirs, field })
    });
    Ok(found.collect())
}

fn line(row: &Row<'_>, moment: &Moment) -> rusqlite::Result<AuditRow> {
    let json = |at: usize| -> rusqlite::Result<Option<serde_json::Value>> {
        let text: Option<String> = row.get(at)?;
        Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text))))
    };
    Ok(AuditRow {
        n: row.get(0)?,
        at: Time::from_millis(row.get(1)?).in_zone(&moment.zone),
        operator: row.get(2)?,
        account: row.get(3)?,
        peer: row.get(4)?,
        command: row.get(5)?,
        batch: row.get(6)?,
        resource: row.get::<_, Option<String>>(7)?.and_then(|name| Resource::parse(&name)),
        record: row.get(8)?,
        name: row.get(9)?,
        what: row.get(10)?,
        before: json(11)?,
        after: json(12)?,
    })
}

fn bound(limit: Option<u64>) -> i64 {
    limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX))
}
