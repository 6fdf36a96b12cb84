//! Writes between a real cache and a real server, with all that can go wrong in between.

mod answers;
mod dropped;
mod faulty;
mod lanes;
mod lost;
mod taken_back;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::rig::*;
use crate::cache::{Committed, Writer};
use crate::model::{Actor, ChangeSet, CustomerId, Deed, Planned, Resource, SyncEvent, Time, Write};
use crate::query::Moment;
use crate::server::{Cursor, Store};
use crate::sync::tests::rig::machine_time as now;
use crate::sync::{Clock, Engine};

/// The machine's clock.
fn clock() -> Clock {
    Arc::new(|writer: &mut Writer| writer.at(Moment { now: now(), ..moment() }))
}

/// A clock that begins now and goes two hundred times as fast, so that waits of seconds are short.
fn fast_clock() -> Clock {
    let (begin, base) = (Instant::now(), now());
    Arc::new(move |writer: &mut Writer| {
        let passed = i64::try_from(begin.elapsed().as_millis()).unwrap_or(i64::MAX);
        writer.at(Moment { now: Time::from_millis(base.millis + 200 * passed), ..moment() })
    })
}

impl Kept {
    /// An engine whose clock is the machine's.
    fn pusher(&self, url: &str) -> Engine {
        Engine { clock: clock(), ..self.engine(url) }
    }

    /// Queues writes as one command does.
    async fn queue(&self, writes: Vec<Write>) -> Committed {
        let image = |write: &Write| {
            let there = self.record(write.resource, &write.id)?;
            let item = serde_json::from_str(&there).unwrap();
            Some(write.image(&record(write.resource, item)))
        };
        let planned = |write: Write| Planned {
            name: write.id.clone(),
            image: image(&write).unwrap_or_default(),
            write,
        };
        let set = ChangeSet {
            command: "test".to_owned(),
            label: "test".to_owned(),
            actor: Actor { account: "tester".to_owned(), ..Actor::default() },
            writes: writes.into_iter().map(planned).collect(),
        };
        let count = set.writes.len();
        let committed = self.writer.run(move |writer| writer.commit(&set)).await.unwrap();
        assert_eq!((committed.queued, committed.moved.len()), (count, 0));
        committed
    }

    /// How many writes of the outbox are in each state.
    fn outbox(&self) -> BTreeMap<String, i64> {
        let connection = rusqlite::Connection::open(self.cache.path()).unwrap();
        let mut statement = connection.prepare("SELECT state, count(*) FROM outbox GROUP BY state").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// What the outbox says of its writes, oldest first.
    fn words(&self) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.cache.path()).unwrap();
        let mut statement = connection.prepare("SELECT coalesce(words, '') FROM outbox ORDER BY n").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Makes what waits due at once, as time would.
    fn hurry(&self) {
        let connection = rusqlite::Connection::open(self.cache.path()).unwrap();
        connection.execute("UPDATE outbox SET next_at = 0 WHERE next_at > 0", []).unwrap();
    }
}

/// The states of so many writes that are all done.
fn done(count: i64) -> BTreeMap<String, i64> {
    BTreeMap::from([("done".to_owned(), count)])
}

fn states(states: &[(&str, i64)]) -> BTreeMap<String, i64> {
    states.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect()
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn remark(customer: &str, text: &str) -> Write {
    Write::set_one(Resource::Customers, customer, "remark", text)
}

fn note(local: &str, customer: &str, title: &str) -> Write {
    let fields = fields(json!({"customer_id": customer, "kind": "note", "title": title}));
    Write { resource: Resource::Events, id: local.to_owned(), deed: Deed::Make { fields } }
}

fn follow_up(local: &str, customer: &str, title: &str) -> Write {
    let fields = fields(json!({"customer_id": customer, "title": title}));
    Write { resource: Resource::FollowUps, id: local.to_owned(), deed: Deed::Make { fields } }
}

fn message(local: &str, customer: &str, body: &str) -> Write {
    let deed = Deed::Send {
        customer_id: CustomerId::from(customer),
        channel: "wechat".to_owned(),
        body: body.to_owned(),
    };
    Write { resource: Resource::Events, id: local.to_owned(), deed }
}

/// A community whose customers can be written to.
fn reachable() -> Store {
    let store = store();
    let customers: Vec<_> = (0..10)
        .map(|n| {
            let (id, name) = (format!("c{n}"), format!("客户{n}"));
            let channels = json!([{"kind": "wechat", "id": format!("wx{n}")}]);
            record(
                Resource::Customers,
                json!({"id": id, "name": name, "tags": ["t1"], "channels": channels, "rev": "1"}),
            )
        })
        .collect();
    store.put(&customers).unwrap();
    store
}

/// All records of a kind that the server has.
fn all(store: &Store, resource: Resource) -> Vec<Value> {
    let (mut items, mut cursor): (Vec<Value>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let page = store.page(resource, cursor.as_ref(), 1000).unwrap();
        items.extend(page.items.iter().map(|item| serde_json::from_str::<Value>(item).unwrap()));
        cursor = page.next;
        if cursor.is_none() {
            return items;
        }
    }
}

/// How often the server has something of that title.
fn titled(store: &Store, resource: Resource, title: &str) -> usize {
    all(store, resource).iter().filter(|item| item["title"] == title).count()
}

/// Somebody else's change, which raises the revision.
fn change(store: &Store, record: crate::model::AnyRecord) {
    store.update(|_| Ok::<_, crate::server::StoreError>(vec![record])).unwrap();
}

fn of(store: &Store, resource: Resource, id: &str) -> Value {
    all(store, resource).into_iter().find(|item| item["id"] == id).unwrap()
}

impl Going {
    /// Waits until the outbox of the cache holds nothing but what is settled, in these numbers.
    async fn settled(&mut self, kept: &Kept, wanted: &BTreeMap<String, i64>) {
        while kept.outbox() != *wanted {
            self.until(|event| matches!(event, SyncEvent::Pushed(_)).then_some(())).await;
        }
    }
}
