//! Records in, derived columns right, whatever the order in which they come.

use super::*;
use crate::insight::{StageRule, StageThresholds};
use crate::model::view::CustomerRow;
use crate::model::{Broadcast, Event, EventKind, GroupActivity, GroupMember, Order, Snippet, Stage};
use crate::query::ask::{Anchor, Answer, Ask, ListAsk};

fn everything() -> Vec<AnyRecord> {
    let mut li = customer("c1", "李想");
    li.tags = vec!["t1".into(), "t2".into(), "t1".into()];
    li.owners = vec!["o1".into()];
    li.birthday = Some("1990-03-17".to_owned());
    li.phones = vec!["138".to_owned(), "139".to_owned()];
    vec![
        Operator { id: "o1".into(), name: "小李".to_owned(), ..Operator::default() }.any(),
        TagGroup { id: "k1".into(), name: "会员".to_owned(), exclusive: true, order: Some(1) }.any(),
        tag("t1", "VIP", "k1", 2).any(),
        tag("t2", "母婴", "k1", 1).any(),
        li.any(),
        follow_up("f1", "c1", 2).any(),
        follow_up("f2", "c1", 1).any(),
        Group { id: "g1".into(), name: "宝妈福利①群".to_owned(), ..Group::default() }.any(),
        group_day("g1", 0, 10, 7, 3, 1).any(),
        group_day("g1", 6, 20, 2, 0, 5).any(),
        group_day("g1", 7, 900, 90, 90, 0).any(),
        GroupMember { group_id: "g1".into(), member_id: "m:1".to_owned(), ..GroupMember::default() }.any(),
        GroupActivity { id: "a1".into(), group_id: "g1".into(), ..GroupActivity::default() }.any(),
        Snippet { id: "s1".into(), title: "问候".to_owned(), ..Snippet::default() }.any(),
        Broadcast { id: "b1".into(), title: "双11".to_owned(), ..Broadcast::default() }.any(),
        Order { id: "r1".into(), customer_id: "c1".into(), ..Order::default() }.any(),
        Event { id: "e1".into(), customer_id: Some("c1".into()), ..Event::default() }.any(),
    ]
}

fn row(bench: &Bench, id: &str) -> CustomerRow {
    match bench.reader.answer(&Ask::Customer(id.into()), &moment()).unwrap() {
        Answer::Customer(Some(view)) => view.row,
        other => panic!("{other:?}"),
    }
}

fn tags(bench: &Bench) -> Vec<(String, u64, Option<i64>)> {
    match bench.reader.answer(&Ask::Tags, &moment()).unwrap() {
        Answer::Tags(rows) => rows.into_iter().map(|row| (row.name, row.customers, row.change7)).collect(),
        other => panic!("{other:?}"),
    }
}

fn group_figures(bench: &Bench) -> (Option<i64>, Option<i64>) {
    let ask = ListAsk {
        query: Query::all(Scope::Groups),
        sort: Scope::Groups.default_sort(),
        anchor: Anchor::Start,
        before: 0,
        after: 1,
    };
    match bench.reader.answer(&Ask::Groups(ask, 8), &moment()).unwrap() {
        Answer::Groups(window) => {
            let row = &window.rows[0].row;
            assert_eq!(row.messages.len(), 8);
            assert_eq!((row.messages[7], row.messages[1], row.messages[2]), (Some(10), Some(20), None));
            (row.active7, row.net7)
        }
        other => panic!("{other:?}"),
    }
}

fn check(bench: &Bench) {
    let row = row(bench, "c1");
    assert_eq!(row.tags, ["母婴", "VIP"], "by the order of tags, each once");
    assert_eq!(row.owners, ["小李"]);
    assert_eq!(row.birthday.as_deref(), Some("03-17"));
    assert_eq!(row.phone.as_deref(), Some("138"));
    assert_eq!(row.next_due, Some(Time::from_millis(NOW + DAY)));
    assert_eq!(tags(bench), [("母婴".to_owned(), 1, None), ("VIP".to_owned(), 1, None)]);
    assert_eq!(group_figures(bench), (Some(5), Some(-3)), "mean of 7 and 2 rounded; 3 - 1 + 0 - 5");
}

#[test]
fn any_order_of_arrival_comes_to_the_same() {
    check(&Bench::with(everything()));
    check(&Bench::with(everything().into_iter().rev()));
    let mut one_by_one = Bench::new();
    for record in everything().into_iter().rev() {
        one_by_one.put([record]);
    }
    check(&one_by_one);
}

#[test]
fn the_same_records_again_change_nothing_and_say_so() {
    let mut bench = Bench::with(everything());
    let again = bench.put(everything());
    assert_eq!(again, crate::cache::Applied::default());
    check(&bench);
}

#[test]
fn every_kind_comes_back_to_the_byte_and_goes_when_deleted() {
    let mut bench = Bench::with(everything());
    for record in everything() {
        let (resource, key) = (record.resource(), record.key());
        assert_eq!(bench.reader.record(resource, &key).unwrap(), Some(record.to_json()), "{resource} {key}");
        let gone = bench.delete(resource, &key);
        assert_eq!((gone.rows, gone.resources.contains(&resource)), (1, true), "{resource} {key}");
        assert_eq!(bench.reader.record(resource, &key).unwrap(), None);
        assert_eq!(bench.delete(resource, &key).rows, 0);
    }
    for scope in Scope::ALL {
        assert_eq!(bench.reader.count(&Query::all(scope), &moment()).unwrap(), 0, "{scope:?}");
    }
}

#[test]
fn derived_columns_follow_changes() {
    let mut bench = Bench::with(everything());
    let mut li = customer("c1", "李想");
    li.tags = vec!["t2".into()];
    let applied = bench.put([li.any()]);
    assert!(applied.resources.contains(&Resource::Tags));
    assert_eq!(tags(&bench), [("母婴".to_owned(), 1, None), ("VIP".to_owned(), 0, None)]);

    let done = FollowUp { status: FollowUpStatus::Done, ..follow_up("f2", "c1", 1) };
    assert!(bench.put([done.any()]).resources.contains(&Resource::Customers));
    assert_eq!(row(&bench, "c1").next_due, Some(Time::from_millis(NOW + 2 * DAY)));
    // A follow-up that goes over to another customer leaves the first one without any.
    bench.put([customer("c2", "王芳").any(), follow_up("f1", "c2", 3).any()]);
    assert_eq!(row(&bench, "c1").next_due, None);
    assert_eq!(row(&bench, "c2").next_due, Some(Time::from_millis(NOW + 3 * DAY)));

    bench.delete(Resource::Customers, "c1");
    assert_eq!(tags(&bench)[0].1, 0);
    bench.delete(Resource::GroupDays, &group_day("g1", 6, 0, 0, 0, 0).key());
    let Answer::Group(Some(view)) = bench.reader.answer(&Ask::Group("g1".into(), 3), &moment()).unwrap()
    else {
        panic!("the group is there");
    };
    assert_eq!((view.row.active7, view.row.net7), (Some(7), Some(2)));
}

#[test]
fn a_new_name_or_remark_is_found_and_the_old_one_is_not() {
    let mut bench = Bench::with([customer("c1", "李想").any()]);
    let found = |bench: &Bench, typed: &str| {
        let query = crate::query::parse(Scope::Customers, typed).unwrap();
        bench.reader.count(&query, &moment()).unwrap()
    };
    assert_eq!((found(&bench, "lixiang"), found(&bench, "bb")), (1, 0));
    bench.put([Customer { remark: Some("宝宝".to_owned()), ..customer("c1", "李想") }.any()]);
    assert_eq!((found(&bench, "lixiang"), found(&bench, "bb")), (1, 1));
    bench.put([Customer { points: Some(3), ..customer("c1", "王芳") }.any()]);
    assert_eq!((found(&bench, "lixiang"), found(&bench, "bb"), found(&bench, "wf")), (0, 0, 1));
}

#[test]
fn a_new_day_moves_the_last_seven() {
    let mut bench = Bench::with(everything());
    bench.writer.at(moment()).unwrap();
    assert_eq!(bench.writer.at(moment_at(NOW + 1000)).unwrap(), crate::cache::Applied::default());
    let applied = bench.writer.at(moment_at(NOW + DAY)).unwrap();
    assert!(applied.resources.contains(&Resource::Groups));
    let Answer::Group(Some(view)) =
        bench.reader.answer(&Ask::Group("g1".into(), 3), &moment_at(NOW + DAY)).unwrap()
    else {
        panic!("the group is there");
    };
    assert_eq!((view.row.active7, view.row.net7), (Some(7), Some(2)));
}

#[test]
fn tags_tell_their_change_over_a_week() {
    let mut bench = Bench::with(everything());
    let mark = bench.writer.begin_pull(Resource::Customers).unwrap();
    let mut batch = Batch::new(Resource::Customers);
    batch.pull = Some(mark);
    batch.upserts = everything();
    bench.writer.apply(&batch).unwrap();
    bench.writer.finish_pull(Resource::Customers, mark).unwrap();
    let week_later = moment_at(NOW + 7 * DAY);
    bench.writer.at(week_later.clone()).unwrap();
    let mut wang = customer("c2", "王芳");
    wang.tags = vec!["t1".into(), "t3".into()];
    bench.put([wang.any(), tag("t3", "新客", "k1", 3).any()]);
    let Answer::Tags(rows) = bench.reader.answer(&Ask::Tags, &week_later).unwrap() else { panic!("tags") };
    let changes: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.customers, row.change7)).collect();
    assert_eq!(changes, [("母婴", 1, Some(0)), ("VIP", 2, Some(1)), ("新客", 1, Some(1))]);
}

/// Pulls these records as all that there are of their kind.
fn pull(bench: &mut Bench, resource: Resource, records: Vec<AnyRecord>) -> super::super::Applied {
    let mark = bench.writer.begin_pull(resource).unwrap();
    let batch = Batch { upserts: records, pull: Some(mark), ..Batch::new(resource) };
    bench.writer.apply(&batch).unwrap();
    bench.writer.finish_pull(resource, mark).unwrap()
}

#[test]
fn a_young_cache_concludes_the_week_before_it_from_events() {
    let told = |id: &str, customer: &str, days: i64, data: serde_json::Value| {
        let at = Some(Time::from_millis(NOW - days * DAY));
        let data = data.as_object().cloned().unwrap_or_default();
        let customer_id = Some(customer.into());
        Event { id: id.into(), customer_id, kind: EventKind::Tag, at, data, ..Event::default() }.any()
    };
    let tagged = |id: &str, tags: &[&str]| {
        let tags = tags.iter().map(|tag| (*tag).into()).collect();
        Customer { tags, ..customer(id, id) }.any()
    };
    let changes = |bench: &Bench, days: i64| {
        let Answer::Tags(rows) = bench.reader.answer(&Ask::Tags, &moment_at(NOW + days * DAY)).unwrap()
        else {
            panic!("tags")
        };
        rows.into_iter().map(|row| (row.customers, row.change7)).collect::<Vec<_>>()
    };
    let mut bench = Bench::with([
        tag("t1", "VIP", "k1", 1).any(),
        tag("t2", "母婴", "k1", 2).any(),
        tag("t3", "潜水", "k1", 3).any(),
    ]);
    let people = vec![
        tagged("c1", &["t1"]),
        tagged("c2", &["t1", "t3"]),
        tagged("c3", &["t3"]),
        tagged("c4", &["t3"]),
        tagged("c5", &[]),
    ];
    pull(&mut bench, Resource::Customers, people);
    assert_eq!(changes(&bench, 0), [(2, None), (0, None), (3, None)], "nothing is known yet");
    // Between the two pulls somebody writes, and no event tells of it.
    bench.put([tagged("c5", &["t3"])]);
    let events = vec![
        told("e1", "c1", 1, serde_json::json!({"add": ["t1"]})),
        told("e2", "c2", 2, serde_json::json!({"add": ["t1"], "remove": ["t2"]})),
        told("e3", "c3", 9, serde_json::json!({"add": ["t3"]})), // too long ago
        told("e4", "c4", 1, serde_json::json!({"add": "in words"})),
        told("e5", "c4", 3, serde_json::json!({"remove": ["t3"]})), // and given again
        told("e6", "c4", 1, serde_json::json!({"add": ["t3"]})),
        told("e7", "c5", 0, serde_json::json!({"add": ["t2"]})), // the customer will be told later
    ];
    let applied = pull(&mut bench, Resource::Events, events);
    assert!(applied.resources.contains(&Resource::Tags), "who shows tags is told: {applied:?}");
    assert_eq!(changes(&bench, 0), [(2, Some(2)), (0, Some(-1)), (4, Some(1))]);
    // From here on the cache counts by itself, with or without events.
    bench.put([tagged("c5", &["t2", "t3"]), tagged("c3", &[])]);
    assert_eq!(changes(&bench, 0), [(2, Some(2)), (1, Some(0)), (3, Some(0))]);
    // Six days later the window begins after what happened two days before the pull.
    assert_eq!(changes(&bench, 5), [(2, Some(1)), (1, Some(1)), (3, Some(1))]);
    assert_eq!(changes(&bench, 6), [(2, Some(0)), (1, Some(1)), (3, Some(0))]);
    assert_eq!(changes(&bench, 7), [(2, Some(0)), (1, Some(0)), (3, Some(0))]);
    // Neither another pull nor another event concludes anything anew.
    pull(&mut bench, Resource::Events, vec![told("e9", "c3", 1, serde_json::json!({"remove": ["t3"]}))]);
    assert_eq!(changes(&bench, 0), [(2, Some(2)), (1, Some(0)), (3, Some(0))]);
}

#[test]
fn without_events_of_tagging_a_young_cache_tells_no_change() {
    let mut bench = Bench::with([tag("t1", "VIP", "k1", 1).any()]);
    pull(&mut bench, Resource::Customers, vec![customer("c1", "甲").any()]);
    pull(&mut bench, Resource::Events, Vec::new());
    assert!(tags(&bench).iter().all(|(_, _, change)| change.is_none()), "nothing is known");
}

#[test]
fn only_a_finished_pull_sweeps_and_changes_meanwhile_survive() {
    let mut bench =
        Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any(), customer("c3", "丙").any()]);
    let mark = bench.writer.begin_pull(Resource::Customers).unwrap();
    let mut page = Batch::new(Resource::Customers);
    page.pull = Some(mark);
    page.upserts = vec![customer("c2", "乙").any()];
    bench.writer.apply(&page).unwrap();
    bench.put([customer("c4", "丁").any()]); // the change feed, while the pull is under way
    assert_eq!(bench.keys(Scope::Customers).len(), 4, "nothing goes before the end");
    // An interrupted pull that was begun again does not end under its old mark.
    let second = bench.writer.begin_pull(Resource::Customers).unwrap();
    assert!(second > mark);
    assert_eq!(bench.writer.finish_pull(Resource::Customers, mark).unwrap().rows, 0);
    page.pull = Some(second);
    bench.writer.apply(&page).unwrap();
    bench.put([customer("c4", "丁二").any()]);
    let swept = bench.writer.finish_pull(Resource::Customers, second).unwrap();
    assert_eq!(swept.rows, 2);
    let mut left = bench.keys(Scope::Customers);
    left.sort();
    assert_eq!(left, ["c2", "c4"]);
    let state = bench.writer.sync_states().unwrap();
    let state = state.iter().find(|state| state.resource == Resource::Customers).unwrap();
    assert_eq!((state.complete, state.pull, state.at), (true, second, Some(moment().now)));
}

#[test]
fn a_batch_is_all_or_nothing_with_its_cursor() {
    let mut bench = Bench::new();
    let mut batch = Batch::new(Resource::Customers);
    batch.upserts = vec![customer("c1", "甲").any()];
    batch.state = Some(super::super::SyncState {
        cursor: Some("page 2".to_owned()),
        seq: Some(41),
        pull: PullMark(3),
        ..super::super::SyncState::never(Resource::Customers)
    });
    bench.writer.apply(&batch).unwrap();
    let states = bench.reader.sync_states().unwrap();
    assert_eq!(states.iter().find(|state| state.resource == Resource::Customers), batch.state.as_ref());
    assert_eq!(states.len(), Resource::ALL.len());
}

#[test]
fn stages_follow_the_rule_and_the_rule_of_who_came_last() {
    let ordered = |id: &str, days: i64, stage: Option<&str>| Customer {
        last_order_at: Some(Time::from_millis(NOW - days * DAY)),
        orders: Some(2),
        stage: stage.map(str::to_owned),
        ..customer(id, id)
    };
    let rule = |dormant_days: i64, map: &[(&str, Stage)]| StageRule {
        thresholds: StageThresholds { dormant_days, ..StageThresholds::default() },
        map: map.iter().map(|(word, stage)| ((*word).to_owned(), *stage)).collect(),
    };
    let mut bench = Bench::with([
        ordered("slow", 100, None).any(),
        ordered("quick", 10, None).any(),
        ordered("own", 100, Some("意向")).any(),
        ordered("said", 100, Some("active")).any(),
    ]);
    bench.writer.at(moment()).unwrap();
    let stages = |bench: &Bench| -> Vec<String> {
        let of = |id: &&str| -> String {
            let sql = "SELECT stage FROM customers WHERE id = ?1";
            bench.writer.connection().query_row(sql, [id], |row| row.get(0)).unwrap()
        };
        ["slow", "quick", "own", "said"].iter().map(of).collect()
    };
    assert_eq!(stages(&bench), ["dormant", "active", "dormant", "active"]);
    assert!(bench.reader.is_current(&moment(), &StageRule::default()).unwrap());

    let other = rule(120, &[("意向", Stage::Lead), ("active", Stage::New)]);
    assert!(!bench.reader.is_current(&moment(), &other).unwrap());
    let mut second = bench.cache.writer(moment()).unwrap().staging(other.clone());
    let applied = second.at(moment()).unwrap();
    assert!(applied.resources.contains(&Resource::Customers));
    assert_eq!(stages(&bench), ["active", "active", "lead", "new"]);
    assert!(bench.reader.is_current(&moment(), &other).unwrap());
    assert_eq!(second.at(moment()).unwrap(), crate::cache::Applied::default(), "once");
    let own = bench.reader.record(Resource::Customers, "own").unwrap().unwrap();
    assert!(own.contains(r#""stage":"意向""#), "the backend's own stage stays: {own}");

    // The first writer, still at work, goes by the newer rule.
    bench.writer.at(moment()).unwrap();
    bench.put([ordered("slow", 110, None).any(), ordered("own", 110, Some("意向")).any()]);
    assert_eq!(stages(&bench), ["active", "active", "lead", "new"]);

    let mut third = bench.cache.writer(moment()).unwrap().staging(rule(5, &[]));
    third.at(moment()).unwrap();
    assert_eq!(stages(&bench), ["dormant", "dormant", "dormant", "active"]);
    third.at(moment_at(NOW + 400 * DAY)).unwrap();
    assert_eq!(
        stages(&bench),
        ["lost", "lost", "lost", "active"],
        "what is derived ages, what was said stays"
    );
}

#[test]
fn an_older_state_within_one_pull_changes_nothing() {
    let mut bench = Bench::new();
    let at = |rev: &str, name: &str| {
        let mut customer = customer("c1", name);
        customer.rev = Some(rev.to_owned());
        let mut due = follow_up("f1", "c1", 1);
        (due.rev, due.title) = (Some(rev.to_owned()), name.to_owned());
        vec![customer.any(), due.any()]
    };
    let names = |bench: &Bench| {
        let title = bench.reader.record(Resource::FollowUps, "f1").unwrap().unwrap();
        (row(bench, "c1").name, title.contains("\"title\":\"新\""))
    };
    bench.put(at("10", "新"));
    bench.put(at("9", "旧"));
    assert_eq!(names(&bench), ("新".to_owned(), true));
    for resource in [Resource::Customers, Resource::FollowUps] {
        bench.writer.begin_pull(resource).unwrap();
    }
    bench.put(at("9", "旧"));
    assert_eq!(names(&bench), ("旧".to_owned(), false), "a pull begun anew takes what it is given");
}
