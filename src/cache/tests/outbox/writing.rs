//! Commit, and what sync brings meanwhile.

use super::*;
use crate::cache::Error;

#[test]
fn a_write_shows_at_once_and_in_all_that_follows_from_the_row() {
    let mut bench = Bench::with([
        customer("c1", "李想").any(),
        tag("t1", "VIP", "k1", 1).any(),
        follow_up("f1", "c1", 2).any(),
    ]);
    let committed = bench.commit([
        tagging("c1", &["t1"], &[]),
        set("c1", json!({"remark": "常客"})),
        Write::set_one(Resource::FollowUps, "f1", "status", "done"),
        make(
            Resource::FollowUps,
            "~f",
            json!({"customer_id": "c1", "title": "再来", "due_at": "2026-03-18T10:00:00+08:00"}),
        ),
    ]);
    assert_eq!((committed.queued, committed.moved.len()), (4, 0));
    let shown = [Resource::Customers, Resource::Tags, Resource::FollowUps];
    assert!(shown.iter().all(|resource| committed.applied.resources.contains(resource)));
    let li = bench.customer("c1");
    assert_eq!((&li["remark"], &li["tags"]), (&json!("常客"), &json!(["t1"])));
    assert_eq!(bench.number("SELECT customers FROM tags WHERE id = 't1'"), 1);
    assert_eq!(bench.number("SELECT customers FROM tag_days WHERE tag_id = 't1'"), 1);
    let due = Time::parse("2026-03-18T10:00:00+08:00").unwrap();
    assert_eq!(bench.number("SELECT next_due FROM customers WHERE id = 'c1'"), due.millis);
    assert_eq!(bench.shown(Resource::FollowUps, "~f").unwrap()["source"], "manual");
    let found = crate::query::parse(crate::query::Scope::Customers, "ck").unwrap();
    assert_eq!(bench.reader.count(&found, &moment()).unwrap(), 1, "the remark is found by its pinyin");
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE peer = '10.0.0.7'"), 4);
    assert_eq!(bench.number("PRAGMA synchronous"), 1, "durable for this transaction only");
}

#[test]
fn tags_that_go_and_come_leave_the_same_row_as_a_pull_would() {
    let mut tagged = customer("c1", "李想");
    tagged.tags = vec!["t1".into(), "t2".into()];
    let all = [tag("t1", "甲", "k", 1).any(), tag("t2", "乙", "k", 2).any(), tag("t3", "丙", "k", 3).any()];
    let mut bench = Bench::with(all.clone().into_iter().chain([tagged.clone().any()]));
    bench.commit([tagging("c1", &["t3"], &["t1"])]);
    tagged.tags = vec!["t2".into(), "t3".into()];
    let pulled = Bench::with(all.into_iter().chain([tagged.any()]));
    for sql in
        ["SELECT group_concat(tag_id) FROM customer_tags", "SELECT group_concat(id || customers) FROM tags"]
    {
        let read = |bench: &Bench| -> String {
            bench.writer.connection().query_row(sql, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(read(&bench), read(&pulled), "{sql}");
    }
    assert_eq!(bench.customer("c1"), pulled.customer("c1"));
}

#[test]
fn a_record_that_has_moved_on_is_left_out_by_name() {
    let mut bench = Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any()]);
    let plan = bench.plan([
        set("c1", json!({"remark": "x"})),
        set("c2", json!({"remark": "x"})),
        set("c3", json!({"remark": "x"})),
    ]);
    bench.put([Customer { remark: Some("y".to_owned()), ..customer("c1", "甲") }.any()]);
    let committed = bench.writer.commit(&plan).unwrap();
    let names: Vec<_> = committed.moved.iter().map(|(_, id, name)| (id.as_str(), name.as_str())).collect();
    assert_eq!((committed.queued, names), (1, vec![("c1", "名 c1"), ("c3", "名 c3")]));
    assert_eq!(
        (&bench.customer("c1")["remark"], &bench.customer("c2")["remark"]),
        (&json!("y"), &json!("x"))
    );
    assert_eq!(bench.number("SELECT count(*) FROM audit"), 1);
}

#[test]
fn what_sync_brings_goes_under_what_is_not_sent_yet() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": "x"})), tagging("c1", &["t1"], &[])]);
    let theirs =
        Customer {
            city: Some("杭州".to_owned()), tags: vec!["t2".into()], ..rev(customer("c1", "甲"), 2)
        };
    assert_eq!(bench.put([theirs.any()]).rows, 1);
    let row = bench.customer("c1");
    assert_eq!(
        (&row["remark"], &row["city"], &row["tags"]),
        (&json!("x"), &json!("杭州"), &json!(["t2", "t1"]))
    );
    bench.put([rev(customer("c1", "甲"), 1).any()]);
    assert_eq!(bench.customer("c1")["city"], "杭州", "an older state tells nothing");
    bench.delete(Resource::Customers, "c1");
    assert_eq!(bench.shown(Resource::Customers, "c1"), None);
    bench.put([rev(customer("c1", "甲"), 3).any()]);
    assert_eq!(bench.customer("c1")["remark"], "x", "the write is still there");
}

#[test]
fn a_full_pull_sweeps_what_is_gone_and_nothing_that_was_made_here() {
    let mut bench = Bench::with([follow_up("f1", "c1", 1).any(), follow_up("f2", "c1", 1).any()]);
    bench.commit([make(Resource::FollowUps, "~f", json!({"customer_id": "c1", "title": "x"}))]);
    let mark = bench.writer.begin_pull(Resource::FollowUps).unwrap();
    // A write during the pull does not count for having been seen by it.
    bench.commit([Write::set_one(Resource::FollowUps, "f2", "title", "x")]);
    bench.writer.finish_pull(Resource::FollowUps, mark).unwrap();
    assert_eq!(bench.keys(Scope::FollowUps), ["~f"]);
    assert_eq!(bench.number("SELECT count(*) FROM outbox WHERE open"), 2);
    let again = bench.writer.begin_pull(Resource::FollowUps).unwrap();
    bench.writer.finish_pull(Resource::FollowUps, again).unwrap();
    assert_eq!(bench.keys(Scope::FollowUps), ["~f"]);
}

#[test]
fn a_read_only_console_writes_nothing_and_still_takes_what_sync_brings() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    let plan = bench.plan([set("c1", json!({"remark": "x"}))]);
    let mut writer = bench.cache.writer(moment()).unwrap().read_only();
    assert!(matches!(writer.commit(&plan), Err(Error::Refused { .. })));
    bench.commit([set("c1", json!({"remark": "y"}))]);
    assert_eq!((writer.dispatch(8).unwrap().0, writer.next_due().unwrap()), (vec![], None));
    let mut batch = Batch::new(Resource::Customers);
    batch.upserts.push(customer("c2", "乙").any());
    assert_eq!(writer.apply(&batch).unwrap().rows, 1);
}

#[test]
fn the_audit_cannot_be_changed() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.commit([set("c1", json!({"remark": "x"}))]);
    for sql in ["UPDATE audit SET account = 'li'", "DELETE FROM audit"] {
        assert!(bench.writer.connection().execute_batch(sql).is_err(), "{sql}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE account = 'wang'"), 1);
}
