//! From one record to another, and back where one was.

use siyu::app::{Detail, GroupPart, Pane};

use crate::runner::{Runner, ready};

/// What the innermost detail shows: its kind and its record's id.
fn open(console: &Runner) -> Option<(char, String)> {
    console.app().details.last().map(|detail| match detail {
        Detail::Customer(detail) => ('c', detail.id.0.clone()),
        Detail::Group(detail) => ('g', detail.id.0.clone()),
        Detail::FollowUp(detail) => ('f', detail.id.0.clone()),
        Detail::Outbox(_) => ('o', String::new()),
        Detail::Steps(page) => ('s', page.register.to_string()),
        Detail::Triage(detail) => ('t', detail.name.clone()),
    })
}

fn depth(console: &Runner) -> usize {
    console.app().details.len()
}

#[test]
fn from_a_tag_to_a_customer_and_back_one_by_one() {
    let mut console = ready();
    console.keys("2 j j");
    let tag = console.app().tags.current().unwrap().clone();
    assert!(tag.customers > 0, "nobody has {}", tag.name);
    console.keys("enter");
    assert_eq!(console.app().filter_text(Pane::Customers), format!("tag:{}", tag.name));
    let id = console.app().customers.current().unwrap().row.id.0.clone();
    let name = console.customer();
    console.keys("enter");
    assert_eq!(open(&console), Some(('c', id)));
    assert!(console.screen().rows[0].contains(&name), "{}", console.screen());
    console.keys("q");
    assert_eq!((depth(&console), console.customer()), (0, name));
    console.keys("esc");
    assert_eq!(console.app().filter_text(Pane::Customers), "");
    console.keys("2");
    assert_eq!(console.app().tags.current().unwrap().id, tag.id, "the tags are where they were");
}

#[test]
fn from_a_group_to_its_members_to_a_customer_and_back() {
    let mut console = ready();
    console.keys("3 j j");
    let group = console.app().groups.current().unwrap().row.clone();
    console.keys("enter").settled();
    assert_eq!(open(&console), Some(('g', group.id.0.clone())));
    let part = |console: &Runner| match console.app().details.last() {
        Some(Detail::Group(detail)) => detail.part,
        other => panic!("{other:?}"),
    };
    for (key, expected) in [
        ("t", GroupPart::Trend),
        ("h", GroupPart::Heat),
        ("a", GroupPart::Activities),
        ("x", GroupPart::Leavers),
        ("m", GroupPart::Members),
    ] {
        assert_eq!(part(console.keys(key)), expected);
    }
    let member = |console: &Runner| match console.app().details.last() {
        Some(Detail::Group(detail)) => detail.member().unwrap().clone(),
        other => panic!("{other:?}"),
    };
    // Not every member is a customer.
    let found = (0..40).any(|step| step > 0 && member(console.keys("j")).customer_id.is_some());
    assert!(found, "no member of {} is a customer", group.name);
    let at = member(&console);
    console.keys("enter").settled();
    assert_eq!(open(&console), Some(('c', at.customer_id.clone().unwrap().0)));
    assert!(console.screen().rows[0].contains(&at.name), "{}", console.screen());
    console.keys("esc").settled();
    assert_eq!((depth(&console), member(&console).member_id), (1, at.member_id));
    console.keys("esc");
    assert_eq!(depth(&console), 0);
    assert_eq!(console.app().groups.current().unwrap().row.id, group.id);
}

#[test]
fn from_a_follow_up_to_its_customer_by_both_ways() {
    let mut console = ready();
    console.keys("4 j j j");
    let row = console.app().follow_ups.current().unwrap().row.clone();
    console.keys("g c").settled();
    assert_eq!(open(&console), Some(('c', row.customer_id.0.clone())));
    console.keys("q enter").settled();
    assert_eq!(open(&console), Some(('f', row.id.0.clone())));
    assert!(console.screen().has(&row.title), "{}", console.screen());
    console.keys("g c").settled();
    assert_eq!((depth(&console), open(&console)), (2, Some(('c', row.customer_id.0.clone()))));
    assert!(console.screen().has(&row.customer), "{}", console.screen());
    console.keys("q q").settled();
    assert_eq!(console.app().follow_ups.current().unwrap().row.id, row.id);
}

#[test]
fn brackets_go_through_the_list_one_came_from_and_stop_at_its_ends() {
    let mut console = ready();
    console.keys("/").text("stage:lost").keys("enter").settled();
    let lost = console.app().customers.total();
    assert!(lost > 3);
    let first = console.app().customers.current().unwrap().row.id.0.clone();
    console.keys("enter").settled();
    let mut seen = vec![open(&console).unwrap().1];
    for _ in 1..lost {
        console.keys("]");
        seen.push(open(&console).unwrap().1);
    }
    console.settled();
    let each: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((each.len() as u64, depth(&console)), (lost, 1), "each once: {seen:?}");
    console.keys("]");
    assert_eq!(console.notice(), "this is the last");
    assert_eq!(open(&console).unwrap().1, *seen.last().unwrap());
    console.keys("[").settled();
    assert_eq!(open(&console).unwrap().1, seen[seen.len() - 2]);
    // Back in the list one stands on the customer last looked at.
    console.keys("q");
    assert_eq!(console.app().customers.current().unwrap().row.id.0, seen[seen.len() - 2]);
    console.keys("g g enter [");
    assert_eq!((console.notice(), open(&console).unwrap().1), ("this is the first", first));
}

#[test]
fn escape_goes_back_through_everything_and_never_leaves_but_q_does() {
    let mut console = ready();
    console.keys("/").text("stage:new").keys("enter z enter / ?");
    for _ in 0..20 {
        console.keys("esc");
    }
    let app = console.app();
    assert!(app.overlay.is_none() && app.details.is_empty() && !app.zoomed);
    assert_eq!(app.filter_text(Pane::Customers), "");
    assert_eq!(console.ended(), None, "Esc alone never leaves");
    console.keys("enter");
    assert_eq!(console.keys("q").ended(), None);
    console.keys("q");
    assert_eq!(console.ended(), Some(siyu::runtime::Ending::Quit));
}

#[test]
fn a_group_shows_its_customers_as_the_filter_language_has_them() {
    let mut console = ready();
    console.keys("3 j");
    let group = console.app().groups.current().unwrap().row.clone();
    console.keys("f c").settled();
    assert_eq!(console.app().focus, Pane::Customers);
    assert!(console.app().filter_text(Pane::Customers).starts_with("in:"), "{}", console.screen());
    assert_eq!(Some(console.app().customers.total() as i64), group_customers(&console, &group.id.0));
    // And back where one was, before anything is left.
    console.keys("q").settled();
    let app = console.app();
    assert_eq!((app.focus, app.filter_text(Pane::Customers)), (Pane::Groups, ""));
    assert_eq!(app.groups.current().map(|at| at.row.id.clone()), Some(group.id));
    assert_eq!(console.ended(), None);
}

/// Customers in a group who have not left, by the server's own records.
fn group_customers(console: &Runner, group: &str) -> Option<i64> {
    let members: Vec<siyu::model::GroupMember> =
        crate::town::records(&console.store, siyu::model::Resource::GroupMembers);
    let in_it = members.iter().filter(|member| member.group_id.0 == group && member.left_at.is_none());
    let ids: std::collections::BTreeSet<_> = in_it.filter_map(|member| member.customer_id.clone()).collect();
    i64::try_from(ids.len()).ok()
}
