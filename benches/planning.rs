//! How long a macro of four steps takes to be planned for 10,000 customers, from their rows in the cache to
//! the plan that a dry run prints. `cargo bench --bench planning`.
//!
//! Fails where it takes a second or more.

use std::time::{Duration, Instant};

use serde_json::json;
use siyu::cache::{Batch, Cache};
use siyu::command::{Command, Verb};
use siyu::macros::{Book, MacroFile, Source};
use siyu::model::{AnyRecord, Resource, Time};
use siyu::query::{Moment, Query, Scope};
use siyu::runtime::macros::{Allowed, plan_macro};
use siyu::runtime::planning::Aim;

const CUSTOMERS: usize = 10_000;
const TIMES: usize = 9;
/// It may not take longer.
const MOST: Duration = Duration::from_secs(1);

/// Steps that are filled from the record and steps that are the same for all, a condition, a call.
const MACRO: &str = r#"
[macros.care]
steps = [
  "tag.add {tag}",
  { run = "customer.set remark {customer.name}", when = "orders:>0" },
  "note.add {customer.called}: {note}",
  "macro.run again who={customer.called}",
]
params.tag = { kind = "tag" }
params.note = { default = "looked after" }

[macros.again]
steps = ["follow_up.create {who} +3d call"]
params.who = {}
"#;

fn read(resource: Resource, item: serde_json::Value) -> AnyRecord {
    AnyRecord::read(resource, item).expect("a record").0
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let moment = Moment {
        now: Time::parse("2026-03-17T10:00:00+08:00").expect("a time"),
        zone: jiff::tz::TimeZone::UTC,
        me: Some("o1".into()),
    };
    let cache = Cache::open(folder.path(), moment.now).expect("a cache").cache;
    let mut writer = cache.writer(moment.clone()).expect("a writer");
    let mut tags = Batch::new(Resource::Tags);
    tags.upserts.push(read(Resource::Tags, json!({"id": "t1", "name": "VIP"})));
    writer.apply(&tags).expect("the cache takes it");
    let mut customers = Batch::new(Resource::Customers);
    customers.upserts.extend((0..CUSTOMERS).map(|n| {
        let item = json!({
            "id": format!("c{n:07}"), "name": format!("客户{n}"), "alias": "阿客", "city": "杭州",
            "phones": ["13800138000"], "remark": "老客推荐,喜欢试用装", "orders": n % 3, "ltv": 128_000,
            "currency": "CNY", "owners": ["o1"], "stage": "active", "points": n, "rev": "1",
            "custom": {"skin": "dry"},
        });
        read(Resource::Customers, item)
    }));
    writer.apply(&customers).expect("the cache takes it");
    drop(writer);

    let file = MacroFile::read("m.toml".as_ref(), MACRO, Source::Config).expect("it is right");
    let book = Book::build(&[file]).expect("it is right");
    let args = vec!["care".to_owned(), "tag=VIP".to_owned()];
    let command = Command { verb: Verb::MacroRun, args, count: None };
    let allowed = Allowed { programs: false, trust: None, stops: std::sync::Arc::default() };
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        let reader = cache.reader().expect("it can be read");
        let aim = Aim::Matching(Query::all(Scope::Customers));
        let plan = plan_macro(&reader, &book, &command, Some(&aim), &allowed, &moment, false);
        took.push(began.elapsed());
        let plan = plan.expect("a plan");
        assert_eq!((plan.records(), plan.writes.len()), (CUSTOMERS, 3 * CUSTOMERS + 2 * CUSTOMERS / 3));
    }
    took.sort_unstable();
    let median = took[TIMES / 2];
    println!("{CUSTOMERS} records planned: {median:.0?} (median of {TIMES}; worst {:.0?})", took[TIMES - 1]);
    assert!(median < MOST, "more than {MOST:?}");
}
