//! Dispatch, and what comes of it.

use super::*;

#[test]
fn one_of_each_lane_in_its_order_and_never_two() {
    let mut bench = Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any()]);
    bench.commit([
        set("c1", json!({"remark": "a"})),
        tagging("c1", &["t1"], &[]),
        set("c2", json!({"remark": "b"})),
    ]);
    assert_eq!(bench.writer.next_due().unwrap(), Some(moment().now));
    let first = bench.dispatch();
    assert_eq!(first.iter().map(|sent| sent.n).collect::<Vec<_>>(), [1, 3]);
    assert!(first.iter().all(|sent| !sent.read_back && sent.sent_at == Some(moment().now)));
    assert_ne!(first[0].key, first[1].key);
    assert_eq!((bench.dispatch(), bench.writer.next_due().unwrap()), (vec![], None), "all lanes are busy");
    let theirs = Customer { remark: Some("a".to_owned()), ..rev(customer("c1", "甲"), 2) };
    bench.settle(1, done(theirs));
    let row = bench.customer("c1");
    assert_eq!((&row["rev"], &row["tags"]), (&json!("2"), &json!(["t1"])));
    let second = bench.dispatch();
    assert_eq!(second.iter().map(|sent| sent.n).collect::<Vec<_>>(), [2]);
    assert_eq!(second[0].if_match, None, "tags go well with whatever others did");
    bench.settle(3, refused());
    bench.settle(2, Outcome::Done(None));
    assert_eq!(bench.customer("c1")["tags"], json!(["t1"]));
    assert_eq!(
        bench.outbox().iter().map(|row| row.1.as_str()).collect::<Vec<_>>(),
        ["done", "done", "failed"]
    );
    assert_eq!(bench.number("SELECT count(*) FROM truth"), 1, "of the record that was refused");
    assert_eq!(bench.customer("c2")["remark"], "b", "what failed stays shown");
}

#[test]
fn what_fails_is_tried_again_when_it_is_due_and_given_up_in_the_end() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.commit([set("c1", json!({"remark": "a"}))]);
    for _ in 0..30 {
        assert_eq!(bench.dispatch().len(), 1);
        bench.settle(1, later(0, false));
    }
    let mut key = String::new();
    for attempt in 0..=20 {
        let sent = bench.dispatch();
        assert_eq!((sent[0].attempts, key.is_empty() || key == sent[0].key), (attempt, true));
        key.clone_from(&sent[0].key);
        let next = i64::from(attempt + 1) * 600;
        bench.settle(1, later(next, true));
        if attempt < 20 {
            assert_eq!(bench.dispatch(), []);
            assert_eq!(bench.writer.next_due().unwrap(), Some(Time::from_millis(NOW + next * 1000)));
            bench.writer.at(moment_at(NOW + next * 1000)).unwrap();
        }
    }
    assert_eq!((bench.state(1).as_str(), bench.writer.next_due().unwrap()), ("failed", None));
    let words: String =
        bench.writer.connection().query_row("SELECT words FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(words, "gave up after 21 attempts: away");
}

#[test]
fn an_unknown_outcome_is_read_back_and_so_is_what_a_dead_process_left() {
    let mut bench = Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any()]);
    bench.commit([set("c1", json!({"remark": "a"})), set("c2", json!({"remark": "a"}))]);
    let sent = bench.dispatch();
    bench.settle(1, Outcome::Unknown { words: "no answer".to_owned() });
    assert_eq!(bench.writer.recover().unwrap(), 1);
    bench.writer.at(moment_at(NOW + 600_000)).unwrap();
    let again = bench.dispatch();
    assert!(again.iter().all(|again| again.read_back && again.sent_at == Some(moment().now)));
    assert_eq!(
        again.iter().map(|again| &again.key).collect::<Vec<_>>(),
        sent.iter().map(|sent| &sent.key).collect::<Vec<_>>()
    );
    // Reading back did not come about: it is still not known.
    bench.settle(1, later(0, false));
    assert_eq!(bench.state(1), "unknown");
    bench.settle(2, done(Customer { remark: Some("a".to_owned()), ..customer("c2", "乙") }));
    assert_eq!(bench.state(2), "done");
}

#[test]
fn changes_that_go_together_are_sent_again_and_others_are_for_the_operator() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": "mine"}))]);
    assert_eq!(bench.dispatch()[0].if_match.as_deref(), Some("1"));
    let moved = |customer: Customer| Outcome::Moved(Box::new(customer.any()));
    let city = Customer { city: Some("杭州".to_owned()), ..rev(customer("c1", "甲"), 2) };
    bench.settle(1, moved(city.clone()));
    assert_eq!(bench.customer("c1")["city"], "杭州");
    assert_eq!(bench.dispatch()[0].if_match.as_deref(), Some("2"));
    let remark = Customer { remark: Some("theirs".to_owned()), ..rev(city, 3) };
    bench.settle(1, moved(remark));
    assert_eq!(
        (bench.state(1).as_str(), bench.customer("c1")["remark"].as_str()),
        ("conflict", Some("mine"))
    );
    assert_eq!(bench.writer.next_due().unwrap(), None);
    let theirs: String =
        bench.writer.connection().query_row("SELECT theirs FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(theirs, r#"{"remark":"theirs"}"#);
}

#[test]
fn a_conflict_that_sync_has_shown_already_is_not_sent() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([
        set("c1", json!({"remark": "mine"})),
        set("c1", json!({"remark": "mine too"})),
        set("c1", json!({"city": "杭州"})),
    ]);
    bench.put([Customer { remark: Some("theirs".to_owned()), ..rev(customer("c1", "甲"), 2) }.any()]);
    let sent = bench.dispatch();
    assert_eq!(sent.iter().map(|sent| sent.n).collect::<Vec<_>>(), [3], "the third goes well with theirs");
    assert_eq!((bench.state(1).as_str(), bench.state(2).as_str()), ("conflict", "conflict"));
}

#[test]
fn what_the_backend_makes_of_a_value_is_no_conflict_for_the_next() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": " a "})), set("c1", json!({"remark": "b"}))]);
    bench.dispatch();
    bench.settle(1, done(Customer { remark: Some("a".to_owned()), ..rev(customer("c1", "甲"), 2) }));
    assert_eq!(bench.dispatch().len(), 1);
    // And where the first was refused, the second stands on what was before it.
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([set("c1", json!({"remark": "a"})), set("c1", json!({"remark": "b"}))]);
    bench.dispatch();
    bench.settle(1, refused());
    assert_eq!(bench.dispatch().len(), 1);
}

#[test]
fn the_backend_names_what_was_made_here_and_all_that_mentions_it_follows() {
    let mut bench = Bench::with([rev(customer("c1", "甲"), 1).any()]);
    bench.commit([
        make(Resource::Tags, "~t", json!({"name": "新客", "group_id": "k1"})),
        tagging("c1", &["~t"], &[]),
        make(Resource::FollowUps, "~f", json!({"customer_id": "c1", "title": "x"})),
    ]);
    bench.commit([Write::set_one(Resource::FollowUps, "~f", "status", "done"), tagging("c1", &["t5"], &[])]);
    assert_eq!(bench.customer("c1")["tags"], json!(["~t", "t5"]));
    assert_eq!(bench.dispatch().iter().map(|sent| sent.n).collect::<Vec<_>>(), [1, 3]);
    bench.settle(1, done(tag("t9", "新客", "k1", 1)));
    assert_eq!(bench.customer("c1")["tags"], json!(["t9", "t5"]));
    assert_eq!(bench.number("SELECT customers FROM tags WHERE id = 't9'"), 1);
    assert_eq!(bench.keys(Scope::Tags), ["t9"]);
    bench.settle(3, done(follow_up("f7", "c1", 1)));
    assert_eq!(bench.keys(Scope::FollowUps), ["f7"]);
    assert_eq!(bench.shown(Resource::FollowUps, "f7").unwrap()["status"], "done");
    let sent = bench.dispatch();
    assert_eq!(sent[0].write, tagging("c1", &["t9"], &[]));
    assert_eq!(sent[1].write, Write::set_one(Resource::FollowUps, "f7", "status", "done"));
    // A plan made before the backend named it goes by the new name.
    let deed = Deed::Tag { add: vec!["~t".into()], remove: Vec::new() };
    bench.put([customer("c2", "乙").any()]);
    bench.commit([Write { resource: Resource::Customers, id: "c2".to_owned(), deed }]);
    assert_eq!(bench.customer("c2")["tags"], json!(["t9"]));
}

#[test]
fn what_needs_a_refused_record_waits_and_holds_nobody_up() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.commit([
        make(Resource::Tags, "~t", json!({"name": "新客"})),
        tagging("c1", &["~t"], &[]),
        set("c1", json!({"remark": "x"})),
    ]);
    assert_eq!(bench.dispatch().len(), 1);
    bench.settle(1, refused());
    assert_eq!(bench.dispatch().iter().map(|sent| sent.n).collect::<Vec<_>>(), [3]);
    assert_eq!(bench.customer("c1")["tags"], json!(["~t"]));
    bench.commit([tagging("c1", &["~t"], &["t1"]), set("c1", json!({"city": "x"}))]);
    bench.settle(3, Outcome::Done(None));
    assert_eq!(bench.dispatch().iter().map(|sent| sent.n).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_message_becomes_the_event_that_the_backend_made_of_it() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    let deed =
        Deed::Send { customer_id: "c1".into(), channel: "wecom".to_owned(), body: "你好".to_owned() };
    bench.commit([Write { resource: Resource::Events, id: "~m".to_owned(), deed }]);
    assert_eq!(bench.shown(Resource::Events, "~m").unwrap()["operator_id"], "o1");
    bench.dispatch();
    let event = Event {
        id: "e1".into(),
        customer_id: Some("c1".into()),
        title: "你好".to_owned(),
        ..Event::default()
    };
    bench.put([event.clone().any()]); // the feed was quicker
    bench.settle(1, done(event));
    assert_eq!(bench.keys(Scope::Events), ["e1"]);
    assert_eq!(bench.number("SELECT count(*) FROM truth"), 0);
}

#[test]
fn an_answer_to_what_was_dropped_meanwhile_still_tells_of_the_record() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.settle(77, done(Customer { city: Some("杭州".to_owned()), ..customer("c1", "甲") }));
    assert_eq!(bench.customer("c1")["city"], "杭州");
}
