//! The cache driven as sync and console drive it, on real files.

use jiff::tz::TimeZone;

use super::{Batch, Cache, PullMark, Reader, Writer};
use crate::model::{
    AnyRecord, Customer, FollowUp, FollowUpStatus, Group, GroupDay, Operator, Record, Resource, Tag,
    TagGroup, Time,
};
use crate::query::{Moment, Query, Scope};

mod answers;
mod files;
mod filters;
mod hostile;
mod outbox;
mod records;
mod windows;

/// 2026-03-17, a Tuesday, 10:42 in Shanghai.
const NOW: i64 = 1_773_715_320_000;
const DAY: i64 = 86_400_000;

fn moment() -> Moment {
    moment_at(NOW)
}

fn moment_at(now: i64) -> Moment {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(jiff::tz::offset(8)));
    Moment { now: Time::from_millis(now), zone, me: None }
}

/// A cache in a folder of its own, which goes with it.
struct Bench {
    folder: tempfile::TempDir,
    cache: Cache,
    writer: Writer,
    reader: Reader,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opened = Cache::open(folder.path(), moment().now).unwrap();
        assert_eq!(opened.set_aside, None);
        let cache = opened.cache;
        let writer = cache.writer(moment()).unwrap();
        let reader = cache.reader().unwrap();
        Self { folder, cache, writer, reader }
    }

    fn with(records: impl IntoIterator<Item = AnyRecord>) -> Self {
        let mut bench = Self::new();
        bench.put(records);
        bench
    }

    fn put(&mut self, records: impl IntoIterator<Item = AnyRecord>) -> super::Applied {
        let mut batch = Batch::new(Resource::Customers);
        batch.upserts.extend(records);
        self.writer.apply(&batch).unwrap()
    }

    fn delete(&mut self, resource: Resource, id: &str) -> super::Applied {
        let mut batch = Batch::new(resource);
        batch.deletes.push((resource, id.to_owned()));
        self.writer.apply(&batch).unwrap()
    }

    /// Keys of all rows of a scope, in its default order.
    fn keys(&self, scope: Scope) -> Vec<String> {
        let mut keys = Vec::new();
        let each = |key: &crate::model::view::RowKey, _: &str| {
            keys.push(key.id.clone());
            Ok(())
        };
        self.reader.records(&Query::all(scope), &scope.default_sort(), None, &moment(), each).unwrap();
        keys
    }
}

fn customer(id: &str, name: &str) -> Customer {
    Customer { id: id.into(), name: name.to_owned(), ..Customer::default() }
}

fn tag(id: &str, name: &str, group: &str, order: i64) -> Tag {
    Tag {
        id: id.into(),
        name: name.to_owned(),
        group_id: Some(group.into()),
        order: Some(order),
        ..Tag::default()
    }
}

fn follow_up(id: &str, customer: &str, due_in_days: i64) -> FollowUp {
    FollowUp {
        id: id.into(),
        customer_id: customer.into(),
        title: format!("回访 {id}"),
        due_at: Some(Time::from_millis(NOW + due_in_days * DAY)),
        ..FollowUp::default()
    }
}

fn group_day(group: &str, days_ago: i64, messages: i64, active: i64, joined: i64, left: i64) -> GroupDay {
    let day = Time::from_millis(NOW - days_ago * DAY).zoned(&moment().zone).date().to_string();
    GroupDay {
        group_id: group.into(),
        day,
        messages: Some(messages),
        active_members: Some(active),
        joined: Some(joined),
        left: Some(left),
        ..GroupDay::default()
    }
}
