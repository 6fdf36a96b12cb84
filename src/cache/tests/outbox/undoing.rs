//! Undo and redo, and what the operator does with writes that wait.

use super::*;
use crate::cache::Error;
use crate::model::Left;

#[test]
fn what_was_not_sent_vanishes_and_comes_back() {
    let mut bench = Bench::with([customer("c1", "甲").any(), tag("t1", "VIP", "k1", 1).any()]);
    let before = bench.customer("c1");
    bench.commit([
        tagging("c1", &["t1"], &[]),
        set("c1", json!({"remark": "a"})),
        make(Resource::FollowUps, "~f", json!({"customer_id": "c1", "title": "x"})),
    ]);
    let shown = bench.customer("c1");
    let undone = bench.writer.undo(&actor()).unwrap();
    assert_eq!(
        (undone.withdrawn, undone.inverted, undone.left.len(), undone.label.as_str()),
        (3, 0, 0, "a label")
    );
    assert_eq!(
        (bench.customer("c1"), bench.keys(Scope::FollowUps).len(), bench.dispatch().len()),
        (before, 0, 0)
    );
    assert_eq!(
        (bench.number("SELECT count(*) FROM truth"), bench.number("SELECT customers FROM tags")),
        (0, 0)
    );
    assert!(matches!(bench.writer.undo(&actor()), Err(Error::Nothing { .. })));
    assert_eq!(bench.writer.redo(&actor()).unwrap().withdrawn, 3);
    assert_eq!((bench.customer("c1"), bench.keys(Scope::FollowUps).len()), (shown, 1));
    assert!(matches!(bench.writer.redo(&actor()), Err(Error::Nothing { .. })));
    bench.writer.undo(&actor()).unwrap();
    bench.commit([set("c1", json!({"city": "x"}))]);
    assert!(matches!(bench.writer.redo(&actor()), Err(Error::Nothing { .. })), "something else was written");
}

#[test]
fn what_was_sent_is_taken_back_by_its_inverse_and_what_changed_since_is_left() {
    let ids = ["c1", "c2"];
    let mut bench = Bench::with(ids.map(|id| rev(customer(id, id), 1).any()));
    bench.commit(ids.map(|id| set(id, json!({"remark": "a"}))));
    for sent in bench.dispatch() {
        let id = sent.write.id.clone();
        bench.settle(sent.n, done(Customer { remark: Some("a".to_owned()), ..rev(customer(&id, &id), 2) }));
    }
    bench.put([Customer { remark: Some("theirs".to_owned()), ..rev(customer("c2", "c2"), 3) }.any()]);
    let undone = bench.writer.undo(&actor()).unwrap();
    assert_eq!((undone.withdrawn, undone.inverted), (0, 1));
    assert_eq!((undone.left[0].1.as_str(), undone.left[0].3), ("c2", Left::Changed));
    assert_eq!(bench.customer("c1")["remark"], Value::Null);
    let row = bench.view().rows.pop().unwrap();
    assert!(row.takes_back, "{row:?}");
    assert_eq!(crate::command::label_of(&row, true), "撤销：a label");
    assert_eq!(crate::command::label_of(&row, false), "undo: a label");
    // Redo takes the inverse out again; then it is sent, and redo has to send the write once more.
    assert_eq!(bench.writer.redo(&actor()).unwrap().inverted, 0);
    assert_eq!((bench.customer("c1")["remark"].as_str(), bench.dispatch().len()), (Some("a"), 0));
    bench.writer.undo(&actor()).unwrap();
    let sent = bench.dispatch();
    bench.settle(sent[0].n, done(rev(customer("c1", "c1"), 4)));
    assert_eq!(bench.writer.redo(&actor()).unwrap().inverted, 1);
    assert_eq!(bench.customer("c1")["remark"], "a");
    let sent = bench.dispatch();
    assert_eq!((sent.len(), &sent[0].write), (1, &set("c1", json!({"remark": "a"}))));
}

#[test]
fn a_message_cannot_be_unsaid_and_one_that_waits_can() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    let send = |local: &str| {
        let deed =
            Deed::Send { customer_id: "c1".into(), channel: "wecom".to_owned(), body: "你好".to_owned() };
        Write { resource: Resource::Events, id: local.to_owned(), deed }
    };
    bench.commit([send("~m")]);
    assert_eq!(bench.writer.undo(&actor()).unwrap().withdrawn, 1);
    bench.commit([send("~n")]);
    bench.dispatch();
    let undone = bench.writer.undo(&actor()).unwrap();
    assert_eq!((undone.withdrawn, undone.left[0].3), (0, Left::Final));
    assert_eq!(bench.keys(Scope::Events), ["~n"]);
}

#[test]
fn what_is_dropped_goes_back_to_the_truth_and_what_stood_on_it_stands_on_that() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([
        set("c1", json!({"remark": "a"})),
        set("c1", json!({"remark": "b"})),
        tagging("c1", &["t1"], &[]),
    ]);
    bench.writer.discard(&[1], &actor()).unwrap();
    assert_eq!(bench.customer("c1")["remark"], "b");
    assert_eq!(bench.dispatch()[0].n, 2, "it does not clash with what was before the first");
    assert!(matches!(bench.writer.discard(&[2, 3], &actor()), Err(Error::Refused { .. })), "on its way");
    bench.settle(2, refused());
    bench.writer.discard(&[2, 3], &actor()).unwrap();
    assert_eq!(bench.customer("c1"), rev(customer("c1", "甲"), 1).any().to_value());
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE what = 'discard'"), 3);
    // A tag that is never made takes what was to give it along, and leaves other tags.
    bench.commit([make(Resource::Tags, "~t", json!({"name": "x"})), tagging("c1", &["~t", "t5"], &[])]);
    bench.writer.discard(&[4], &actor()).unwrap();
    assert_eq!(bench.customer("c1")["tags"], json!(["t5"]));
    assert_eq!(bench.dispatch()[0].write, tagging("c1", &["t5"], &[]));
}

#[test]
fn a_refused_write_is_changed_and_sent_again_under_a_new_key() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": "too long"}))]);
    let first = bench.dispatch().remove(0);
    bench.settle(1, refused());
    bench.writer.amend(1, &set("c1", json!({"remark": "short"})), &actor()).unwrap();
    assert_eq!(bench.customer("c1")["remark"], "short");
    let second = bench.dispatch().remove(0);
    assert_ne!(first.key, second.key);
    assert!(matches!(bench.writer.amend(1, &second.write, &actor()), Err(Error::Refused { .. })));
    bench.settle(1, refused());
    bench.writer.retry(&[1], &actor()).unwrap();
    assert_eq!(bench.dispatch()[0].write, second.write);
}

#[test]
fn what_may_have_arrived_long_ago_is_sent_anew_because_the_operator_says_so() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([make(Resource::FollowUps, "~f", json!({"title": "回访", "customer_id": "c1"}))]);
    let first = bench.dispatch().remove(0);
    bench.settle(1, Outcome::Unknown { words: "not found".to_owned() });
    bench.writer.retry(&[1], &actor()).unwrap();
    let again = bench.dispatch().remove(0);
    assert!(again.read_back && again.key == first.key, "within a day its key is known");
    bench.settle(1, Outcome::Unknown { words: "not found".to_owned() });
    let later = Moment { now: Time::from_millis(NOW + Write::KEY_KEPT), ..moment() };
    bench.writer.at(later).unwrap();
    bench.writer.retry(&[1], &actor()).unwrap();
    let anew = bench.dispatch().remove(0);
    assert!(!anew.read_back && anew.key != first.key, "{anew:?}");
    let mut told = Vec::new();
    let each = |row: crate::model::view::AuditRow| {
        told.push((row.what, row.command));
        Ok(())
    };
    bench.cache.reader().unwrap().audit(None, &moment(), each).unwrap();
    let retry = ("retry".to_owned(), "outbox.retry".to_owned());
    assert_eq!(told.iter().filter(|line| **line == retry).count(), 1, "{told:?}");
}

#[test]
fn a_conflict_is_settled_field_by_field_and_nothing_is_lost() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": "mine", "city": "mine", "level": "gold"}))]);
    let theirs = Customer {
        remark: Some("theirs".to_owned()),
        city: Some("theirs".to_owned()),
        ..rev(customer("c1", "甲"), 2)
    };
    bench.put([theirs.any()]);
    assert_eq!(bench.dispatch(), []);
    bench.writer.resolve(1, &["remark".to_owned()], &actor()).unwrap();
    let mut told = Vec::new();
    let each = |row: crate::model::view::AuditRow| {
        told.push((row.what, row.command));
        Ok(())
    };
    bench.cache.reader().unwrap().audit(None, &moment(), each).unwrap();
    assert!(told.contains(&("resolve".to_owned(), "outbox.mine remark".to_owned())), "{told:?}");
    let row = bench.customer("c1");
    assert_eq!(
        (&row["remark"], &row["city"], &row["level"]),
        (&json!("mine"), &json!("theirs"), &json!("gold"))
    );
    let sent = bench.dispatch();
    assert_eq!(
        (sent[0].write.clone(), sent[0].if_match.as_deref()),
        (set("c1", json!({"remark": "mine", "level": "gold"})), Some("2"))
    );
    assert_eq!(
        bench.number(
            "SELECT count(*) FROM audit WHERE what = 'resolve' AND before LIKE '%\"city\":\"mine\"%'"
        ),
        1
    );
}

/// Two customers with a tag, which is taken off them and deleted; `instead` comes in its place.
fn tag_deleted(instead: &[&str]) -> Bench {
    let tagged = |id: &str| Customer { tags: vec!["t1".into()], ..customer(id, id) };
    let mut bench = Bench::with([
        tag("t1", "VIP", "k1", 1).any(),
        tag("t2", "老客", "k1", 1).any(),
        tagged("c1").any(),
        tagged("c2").any(),
    ]);
    let delete = Write { resource: Resource::Tags, id: "t1".to_owned(), deed: Deed::Delete };
    bench.commit([tagging("c1", instead, &["t1"]), tagging("c2", instead, &["t1"]), delete]);
    assert_eq!(bench.dispatch().len(), 3, "nothing waits for a tag that goes");
    (1..=3).for_each(|n| bench.settle(n, Outcome::Done(None)));
    bench
}

/// The records of what is sent now.
fn sent(bench: &mut Bench) -> Vec<(i64, String)> {
    bench.dispatch().into_iter().map(|sent| (sent.n, sent.write.id)).collect()
}

#[test]
fn a_deleted_tag_is_brought_back_before_anybody_has_it_again() {
    for instead in [&[][..], &["t2"][..]] {
        let mut bench = tag_deleted(instead);
        assert_eq!(bench.writer.undo(&actor()).unwrap().inverted, 3);
        bench.commit([tagging("c2", &["t1", "t5"], &["t2"])]);
        assert_eq!(sent(&mut bench), [(4, "t1".to_owned())], "the others wait for it");
        assert_eq!(bench.writer.next_due().unwrap(), None);
        bench.settle(4, Outcome::Done(None));
        let back = bench.dispatch();
        let writes = back.iter().map(|sent| sent.write.clone()).collect::<Vec<_>>();
        assert_eq!(writes, [tagging("c2", &["t1"], instead), tagging("c1", &["t1"], instead)]);
        back.iter().for_each(|sent| bench.settle(sent.n, Outcome::Done(None)));
        assert_eq!(sent(&mut bench), [(7, "c2".to_owned())]);
    }
}

#[test]
fn what_undo_brought_back_is_deleted_by_redo_and_brought_back_again() {
    let mut bench = tag_deleted(&[]);
    let settled = |bench: &mut Bench| {
        let mut all = Vec::new();
        while let Some(sent) = bench.dispatch().into_iter().next() {
            bench.writer.settle(sent.n, &Outcome::Done(None)).unwrap();
            bench.writer.recover().unwrap(); // others of the round come again
            all.push(sent.write);
        }
        all
    };
    for _ in 0..2 {
        assert_eq!(bench.writer.undo(&actor()).unwrap().inverted, 3);
        let writes = settled(&mut bench);
        assert_eq!(writes[0], Write::set_one(Resource::Tags, "t1", "deleted", false));
        assert_eq!(writes.len(), 3);
        assert_eq!(bench.customer("c1")["tags"], json!(["t1"]));
        assert_eq!(bench.writer.redo(&actor()).unwrap().inverted, 3);
        let deeds: Vec<Deed> = settled(&mut bench).into_iter().map(|write| write.deed).collect();
        assert_eq!((deeds.len(), deeds.contains(&Deed::Delete)), (3, true), "{deeds:?}");
        assert_eq!(bench.shown(Resource::Tags, "t1").unwrap()["deleted"], true);
    }
}

#[test]
fn what_waits_for_a_tag_that_does_not_come_back_holds_nobody_up() {
    let mut bench = tag_deleted(&["t2"]);
    bench.writer.undo(&actor()).unwrap();
    bench.commit([set("c1", json!({"remark": "x"}))]);
    assert_eq!(sent(&mut bench), [(4, "t1".to_owned())]);
    bench.settle(4, refused());
    assert_eq!(sent(&mut bench), [(7, "c1".to_owned())], "the others are held");
    bench.commit([tagging("c2", &["t1"], &[])]);
    bench.settle(7, Outcome::Done(None));
    assert_eq!(sent(&mut bench), []);
    bench.writer.retry(&[4], &actor()).unwrap();
    assert_eq!(sent(&mut bench), [(4, "t1".to_owned())]);
    bench.settle(4, refused());
    // Without the tag nobody is given it, and nobody loses what came in its place.
    bench.writer.discard(&[4], &actor()).unwrap();
    assert_eq!(bench.customer("c1")["tags"], json!(["t2"]));
    assert_eq!(bench.number("SELECT count(*) FROM outbox WHERE open = 1"), 0);
}

#[test]
fn a_wait_for_a_tag_that_nobody_brings_back_any_more_ends() {
    let mut bench = tag_deleted(&[]);
    bench.writer.undo(&actor()).unwrap();
    bench.writer.connection().execute("DELETE FROM outbox WHERE n = 4", []).unwrap();
    assert_eq!(sent(&mut bench), []);
    bench.writer.recover().unwrap();
    assert_eq!(sent(&mut bench).len(), 2);
}

#[test]
fn an_undo_that_took_nothing_back_is_no_command_to_do_again() {
    let mut bench = Bench::with(["c1", "c2"].map(|id| rev(customer(id, id), 1).any()));
    bench.commit([set("c1", json!({"remark": "first"}))]);
    bench.commit([set("c2", json!({"remark": "second"}))]);
    for sent in bench.dispatch() {
        bench.settle(sent.n, Outcome::Done(None));
    }
    bench.put([Customer { remark: Some("theirs".to_owned()), ..rev(customer("c1", "c1"), 5) }.any()]);
    assert_eq!(bench.writer.undo(&actor()).unwrap().inverted, 1);
    let nothing = bench.writer.undo(&actor()).unwrap();
    assert_eq!((nothing.withdrawn + nothing.inverted, nothing.left[0].3), (0, Left::Changed));
    assert!(matches!(bench.writer.undo(&actor()), Err(Error::Nothing { .. })));
    let redone = bench.writer.redo(&actor()).unwrap();
    assert_eq!((redone.withdrawn + redone.inverted, redone.left.len()), (1, 0));
    assert_eq!(bench.customer("c2")["remark"], "second");
    assert!(matches!(bench.writer.redo(&actor()), Err(Error::Nothing { .. })));
    // And a redo that does nothing leaves undo what came before.
    bench.writer.undo(&actor()).unwrap();
    let back = bench.dispatch().remove(0);
    bench.settle(back.n, Outcome::Done(None));
    bench.put([Customer { remark: Some("theirs".to_owned()), ..rev(customer("c2", "c2"), 9) }.any()]);
    let left = bench.writer.redo(&actor()).unwrap();
    assert_eq!((left.withdrawn + left.inverted, left.left.len()), (0, 1));
    assert!(matches!(bench.writer.redo(&actor()), Err(Error::Nothing { .. })));
}
