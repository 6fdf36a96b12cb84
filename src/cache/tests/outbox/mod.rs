//! What operators write, on its way through the cache to a backend that these tests play.

use serde_json::{Value, json};

use super::*;
use crate::cache::{Committed, Dispatch, Salvaged};
use crate::model::{Actor, ChangeSet, Deed, Event, Outcome, Planned, Write};

mod bulk;
mod full;
mod laws;
mod rescue;
mod salvage;
mod sending;
mod undoing;
mod views;
mod writing;

fn actor() -> Actor {
    Actor { operator: Some("o1".into()), account: "wang".to_owned(), peer: Some("10.0.0.7".to_owned()) }
}

/// Whether nothing was lost for good.
fn is_whole(salvaged: &Salvaged) -> bool {
    salvaged.lost.is_empty() && salvaged.unread == 0
}

fn set(id: &str, fields: Value) -> Write {
    Write::set(Resource::Customers, id, fields.as_object().cloned().unwrap_or_default())
}

fn tagging(id: &str, add: &[&str], remove: &[&str]) -> Write {
    let ids = |tags: &[&str]| tags.iter().map(|tag| (*tag).into()).collect();
    Write {
        resource: Resource::Customers,
        id: id.to_owned(),
        deed: Deed::Tag { add: ids(add), remove: ids(remove) },
    }
}

fn make(resource: Resource, local: &str, fields: Value) -> Write {
    let fields = fields.as_object().cloned().unwrap_or_default();
    Write { resource, id: local.to_owned(), deed: Deed::Make { fields } }
}

impl Bench {
    /// A record as it is shown.
    fn shown(&self, resource: Resource, id: &str) -> Option<Value> {
        let body = self.reader.record(resource, id).unwrap()?;
        Some(serde_json::from_str(&body).unwrap())
    }

    fn customer(&self, id: &str) -> Value {
        self.shown(Resource::Customers, id).unwrap()
    }

    /// A plan as commands make it: with the values that are overwritten.
    fn plan(&self, writes: impl IntoIterator<Item = Write>) -> ChangeSet {
        let planned = |write: Write| {
            let body = self.reader.record(write.resource, &write.id).unwrap();
            let record = body
                .map(|body| AnyRecord::read(write.resource, serde_json::from_str(&body).unwrap()).unwrap().0);
            let image = record.map(|record| write.image(&record)).unwrap_or_default();
            Planned { name: format!("名 {}", write.id), write, image }
        };
        let writes = writes.into_iter().map(planned).collect();
        ChangeSet { command: "a command".to_owned(), label: "a label".to_owned(), actor: actor(), writes }
    }

    fn commit(&mut self, writes: impl IntoIterator<Item = Write>) -> Committed {
        let plan = self.plan(writes);
        self.writer.commit(&plan).unwrap()
    }

    fn dispatch(&mut self) -> Vec<Dispatch> {
        self.writer.dispatch(8).unwrap().0
    }

    fn settle(&mut self, n: i64, outcome: Outcome) {
        self.writer.settle(n, &outcome).unwrap();
    }

    /// State, attempts and words of all rows of the outbox.
    fn outbox(&self) -> Vec<(i64, String)> {
        let mut statement =
            self.writer.connection().prepare("SELECT n, state FROM outbox ORDER BY n").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn state(&self, n: i64) -> String {
        self.outbox().into_iter().find(|row| row.0 == n).unwrap().1
    }

    fn number(&self, sql: &str) -> i64 {
        self.writer.connection().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// The backend has it, and this is the record now.
fn done(record: impl Record) -> Outcome {
    Outcome::Done(Some(Box::new(record.any())))
}

fn refused() -> Outcome {
    Outcome::Refused { status: Some(422), words: "no".to_owned() }
}

fn later(seconds: i64, counts: bool) -> Outcome {
    Outcome::Later { words: "away".to_owned(), at: Time::from_millis(NOW + seconds * 1000), counts }
}

fn rev(customer: Customer, rev: u32) -> Customer {
    Customer { rev: Some(rev.to_string()), ..customer }
}
