//! What the console asks for beside windows.

use super::*;
use crate::model::{Event, EventKind, GroupActivity, GroupMember, Order};
use crate::query::ask::{Anchor, Answer, Ask, ListAsk};

#[test]
fn a_customer_comes_with_all_that_belongs_to_them() {
    let mut li = customer("c1", "李想");
    li.owners = vec!["o1".into(), "o9".into()];
    li.referrer_id = Some("c2".into());
    let mut referred = customer("c3", "陈佳怡");
    referred.referrer_id = Some("c1".into());
    let order = |id: &str, days_ago: i64, status: &str| {
        Order {
            id: id.into(),
            customer_id: "c1".into(),
            at: Some(Time::from_millis(NOW - days_ago * DAY)),
            status: Some(status.to_owned()),
            ..Order::default()
        }
        .any()
    };
    let member = |group: &str, left: Option<i64>| {
        GroupMember {
            group_id: group.into(),
            member_id: "m1".to_owned(),
            customer_id: Some("c1".into()),
            left_at: left.map(Time::from_millis),
            messages: Some(3),
            ..GroupMember::default()
        }
        .any()
    };
    let group = |id: &str| Group { id: id.into(), name: format!("群 {id}"), ..Group::default() }.any();
    let bench = Bench::with([
        Operator { id: "o1".into(), name: "小李".to_owned(), ..Operator::default() }.any(),
        li.clone().any(),
        customer("c2", "王建国").any(),
        referred.any(),
        order("r1", 40, "paid"),
        order("r2", 10, "paid"),
        order("r3", 300, "refunded"),
        order("r4", 200, "paid"),
        group("g1"),
        group("g2"),
        member("g1", None),
        member("g2", Some(NOW)),
        follow_up("f1", "c1", 3).any(),
        follow_up("f2", "c1", -1).any(),
        FollowUp { status: FollowUpStatus::Cancelled, ..follow_up("f3", "c1", 0) }.any(),
        Event { id: "e1".into(), customer_id: Some("c1".into()), ..Event::default() }.any(),
    ]);
    let Answer::Customer(Some(view)) = bench.reader.answer(&Ask::Customer("c1".into()), &moment()).unwrap()
    else {
        panic!("there");
    };
    assert_eq!(view.customer, li);
    assert_eq!(view.row.owners, ["小李", "o9"], "an unknown owner shows the id");
    assert_eq!(view.operators, [("o1".into(), "小李".to_owned())]);
    assert_eq!((view.referrer.as_deref(), view.referred, view.events), (Some("王建国"), 1, 1));
    assert_eq!(view.groups, [("g1".into(), "群 g1".to_owned(), Some(3))]);
    let follow_ups: Vec<_> = view.follow_ups.iter().map(|row| row.id.0.as_str()).collect();
    assert_eq!(follow_ups, ["f2", "f1"]);
    assert_eq!(view.follow_ups[0].customer, "李想");
    assert_eq!((view.cycle_days, view.orders180), (Some(95.0), 2));
    let nobody = bench.reader.answer(&Ask::Customer("nobody".into()), &moment()).unwrap();
    assert_eq!(nobody, Answer::Customer(None));
}

#[test]
fn a_follow_up_shows_its_customer_and_what_happened_lately() {
    let event = |n: i64| {
        Event {
            id: format!("e{n:02}").into(),
            customer_id: Some("c1".into()),
            at: Some(Time::from_millis(NOW - n * DAY)),
            kind: EventKind::Call,
            title: format!("{n}"),
            body: Some("想先试 2 段".to_owned()),
            ..Event::default()
        }
        .any()
    };
    let mut bench = Bench::with((0..30).map(event));
    bench.put([follow_up("f1", "c1", 1).any()]);
    let ask = Ask::FollowUp("f1".into());
    let Answer::FollowUp(Some(view)) = bench.reader.answer(&ask, &moment()).unwrap() else { panic!("there") };
    assert_eq!((view.customer, view.row.customer.as_str()), (None, ""), "the customer has not arrived");
    assert_eq!(view.recent.len(), 20);
    assert_eq!((view.recent[0].id.as_str(), view.recent[0].kind), ("e00", EventKind::Call));
    assert_eq!(view.recent[0].body.as_deref(), Some("想先试 2 段"));
    bench.put([customer("c1", "李想").any()]);
    let Answer::FollowUp(Some(view)) = bench.reader.answer(&ask, &moment()).unwrap() else { panic!("there") };
    assert_eq!(view.customer.map(|row| row.name).as_deref(), Some("李想"));
    assert_eq!(view.recent[0].customer.as_deref(), Some("李想"));
}

#[test]
fn a_group_has_days_without_gaps_heat_lurkers_and_leavers() {
    let member = |id: &str, messages: i64, left: Option<i64>| {
        GroupMember {
            group_id: "g1".into(),
            member_id: id.to_owned(),
            name: id.to_owned(),
            messages: Some(messages),
            last_message_at: (messages > 0).then(|| Time::from_millis(NOW - DAY)),
            left_at: left.map(|days| Time::from_millis(NOW - days * DAY)),
            invited_by: Some("o1".to_owned()),
            ..GroupMember::default()
        }
        .any()
    };
    let mut today = group_day("g1", 0, 5, 2, 1, 0);
    today.hours = vec![0; 24];
    today.hours[10] = 5;
    let mut week_ago = group_day("g1", 7, 4, 2, 0, 0);
    week_ago.hours = vec![1; 24];
    let activity = |id: &str, days_ago: i64| {
        GroupActivity {
            id: id.into(),
            group_id: "g1".into(),
            starts_at: Some(Time::from_millis(NOW - days_ago * DAY)),
            ..GroupActivity::default()
        }
        .any()
    };
    let group =
        Group { id: "g1".into(), name: "宝妈".to_owned(), tags: vec!["t1".into()], ..Group::default() };
    let bench = Bench::with([
        group.clone().any(),
        tag("t1", "VIP", "k1", 1).any(),
        Operator { id: "o1".into(), name: "小李".to_owned(), ..Operator::default() }.any(),
        today.any(),
        week_ago.any(),
        member("m1", 3, None),
        member("m2", 0, None),
        member("m3", 0, Some(5)),
        member("m4", 9, Some(1)),
        activity("a1", 9),
        activity("a2", 1),
    ]);
    let ask = Ask::Group("g1".into(), 3);
    let Answer::Group(Some(view)) = bench.reader.answer(&ask, &moment()).unwrap() else { panic!("there") };
    assert_eq!(view.group, group);
    assert_eq!(view.tags, ["VIP"]);
    let days: Vec<_> = view.days.iter().map(|day| (day.day.as_str(), day.messages)).collect();
    assert_eq!(days, [("2026-03-15", None), ("2026-03-16", None), ("2026-03-17", Some(5))]);
    let heat = view.heat.expect("hours are known");
    assert_eq!((heat[1][10], heat[1][0], heat[0][10]), (6, 1, 0), "both days are Tuesdays");
    assert_eq!((view.members, view.lurkers), (2, 1));
    let leavers: Vec<_> = view.leavers.iter().map(|row| row.member_id.as_str()).collect();
    assert_eq!(leavers, ["m4", "m3"]);
    assert_eq!(view.leavers[0].invited_by.as_deref(), Some("小李"));
    let activities: Vec<_> = view.activities.iter().map(|activity| activity.id.0.as_str()).collect();
    assert_eq!(activities, ["a2", "a1"]);

    let members = ListAsk {
        query: Query::all(Scope::Members),
        sort: Scope::Members.default_sort(),
        anchor: Anchor::Id("g1:m3".to_owned()),
        before: 1,
        after: 1,
    };
    let Answer::Members(window) = bench.reader.answer(&Ask::Members(members), &moment()).unwrap() else {
        panic!("members");
    };
    let ids: Vec<_> = window.rows.iter().map(|row| row.row.member_id.as_str()).collect();
    assert_eq!((ids, window.first, window.total), (vec!["m1", "m3"], 1, 4));
}

#[test]
fn header_figures_count_what_is_due() {
    let mut bench = Bench::with([
        follow_up("f1", "c1", -2).any(),
        FollowUp { assignee_id: Some("o1".into()), ..follow_up("f2", "c1", 0) }.any(),
        follow_up("f3", "c1", 1).any(),
        FollowUp { snoozed_until: Some(Time::from_millis(NOW + DAY)), ..follow_up("f4", "c1", -1) }.any(),
        FollowUp { status: FollowUpStatus::Done, ..follow_up("f5", "c1", -1) }.any(),
        FollowUp { due_at: Some(Time::from_millis(NOW + 1000)), ..follow_up("f6", "c1", 0) }.any(),
        group_day("g1", 0, 7, 1, 2, 1).any(),
        group_day("g2", 0, 5, 1, 0, 0).any(),
        group_day("g2", 1, 50, 1, 0, 0).any(),
    ]);
    let overview = |bench: &Bench, moment: &Moment| match bench.reader.answer(&Ask::Overview, moment).unwrap()
    {
        Answer::Overview(overview) => overview,
        other => panic!("{other:?}"),
    };
    let seen = overview(&bench, &moment_at(NOW + 1));
    assert_eq!((seen.due, seen.overdue), (4, 3), "as `is:due` and `is:overdue` count");
    assert_eq!((seen.messages_today, seen.joined_today, seen.left_today), (Some(12), Some(2), Some(1)));
    assert_eq!((seen.unsent, seen.synced_at), (0, None));
    let mine = Moment { me: Some("o1".into()), ..moment_at(NOW + 1) };
    let seen = overview(&bench, &mine);
    assert_eq!((seen.mine, seen.due, seen.overdue, seen.overdue_all), (true, 1, 1, 3));

    let mark = bench.writer.begin_pull(Resource::Tags).unwrap();
    bench.writer.finish_pull(Resource::Tags, mark).unwrap();
    assert_eq!(overview(&bench, &moment()).synced_at, Some(moment().now));
    let later = Time::from_millis(NOW + 5);
    bench.writer.heard(later).unwrap();
    assert_eq!(overview(&bench, &moment()).synced_at, Some(later));
}

#[test]
fn words_for_completion_and_ids_of_a_list() {
    let city = |id: &str, city: &str| Customer { city: Some(city.to_owned()), ..customer(id, "甲") }.any();
    let bench = Bench::with([
        city("c1", "杭州"),
        city("c2", "宁波"),
        city("c3", "杭州"),
        city("c4", ""),
        tag("t1", "VIP", "k1", 1).any(),
        Tag { deleted: true, ..tag("t2", "旧", "k1", 2) }.any(),
        Operator { id: "o1".into(), name: "小李".to_owned(), active: false, ..Operator::default() }.any(),
    ]);
    let Answer::Vocabulary(words) = bench.reader.answer(&Ask::Vocabulary, &moment()).unwrap() else {
        panic!("words");
    };
    assert_eq!(words.cities, ["杭州", "宁波"]);
    assert_eq!(words.tags, ["VIP"]);
    assert!(words.operators.is_empty());
    let ask = Ask::Ids(Query::all(Scope::Customers));
    let Answer::Ids(mut ids) = bench.reader.answer(&ask, &moment()).unwrap() else { panic!("ids") };
    ids.sort();
    assert_eq!(ids, ["c1", "c2", "c3", "c4"]);
    let sort = crate::query::parse_sort(Scope::Customers, "id").unwrap();
    let between = |from: &str, to: &str| {
        let all = Query::all(Scope::Customers);
        let ask = Ask::Between(all, sort.clone(), from.to_owned(), to.to_owned());
        match bench.reader.answer(&ask, &moment()).unwrap() {
            Answer::Ids(ids) => ids.join(" "),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(between("c2", "c4"), "c2 c3 c4");
    assert_eq!(between("c3", "c1"), "c1 c2 c3");
    assert_eq!(between("c2", "c2"), "c2");
    assert_eq!(between("c2", "gone"), "");
}
