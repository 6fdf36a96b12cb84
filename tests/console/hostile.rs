//! Hostile text on the whole way: server, HTTP, sync, cache, every pane and every detail. No
//! character of it moves a border, acts on the terminal, or is lost.

use std::collections::BTreeSet;
use std::path::Path;

use siyu::app::{Detail, Pane};
use siyu::model::{
    AnyRecord, Customer, Event, EventKind, FollowUp, Group, GroupActivity, GroupMember, Operator, Record,
    Relation, Tag, TagGroup, Time,
};

use crate::borders::whole;
use crate::runner::{Runner, start};
use crate::town;

/// The Big List of Naughty Strings; nothing, said aloud, where it is not here.
pub fn naughty() -> Option<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/blns.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: ../shared/corpora/blns.json is not there");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Customers of one group, and strings of one detail.
const EACH: usize = 13;

/// A community in which every text is a naughty one.
fn community(strings: &[String]) -> Vec<AnyRecord> {
    let text = |n: usize| strings[n % strings.len()].clone();
    let some = |n: usize| Some(text(n));
    let hours = |n: usize| Some(Time::from_millis(town::now().millis + (n as i64 - 200) * 3_600_000));
    let mut records = Vec::new();
    for n in 0..strings.len() {
        let (id, group) = (format!("c{n:04}"), format!("g{:03}", n / EACH));
        let relation = Relation {
            operator_id: format!("o{n}").as_str().into(),
            remark: some(n + 3),
            description: some(n + 4),
            add_way: some(n + 5),
            ..Relation::default()
        };
        let customer = Customer {
            id: id.as_str().into(),
            name: text(n),
            remark: some(n + 1),
            alias: some(n + 2),
            company: some(n + 3),
            city: some(n + 4),
            source: some(n + 5),
            level: some(n + 6),
            phones: vec![text(n + 7)],
            tags: (n..n + 4).map(|n| format!("t{:04}", n % strings.len()).as_str().into()).collect(),
            relations: vec![relation],
            ..Customer::default()
        };
        let event = |k: usize| Event {
            id: format!("e{n:04}-{k}").as_str().into(),
            customer_id: Some(id.as_str().into()),
            at: hours(n + k),
            kind: EventKind::Note,
            title: text(n + k),
            body: some(n + k + 1),
            ..Event::default()
        };
        let member = GroupMember {
            group_id: group.as_str().into(),
            member_id: format!("m{n:04}"),
            customer_id: Some(id.as_str().into()),
            name: text(n),
            join_scene: some(n + 1),
            left_at: hours(n).filter(|_| n % 3 == 0),
            ..GroupMember::default()
        };
        let activity = GroupActivity {
            id: format!("a{n:04}").as_str().into(),
            group_id: group.as_str().into(),
            title: text(n),
            ..GroupActivity::default()
        };
        let follow_up = FollowUp {
            id: format!("f{n:04}").as_str().into(),
            customer_id: id.as_str().into(),
            title: text(n),
            body: some(n + 1),
            note: some(n + 2),
            outcome: some(n + 3),
            source: some(n + 4),
            assignee_id: Some(format!("o{n}").as_str().into()),
            due_at: hours(n),
            ..FollowUp::default()
        };
        let tag = Tag {
            id: format!("t{n:04}").as_str().into(),
            name: text(n),
            group_id: Some(format!("tg{:02}", n / EACH).as_str().into()),
            order: Some(n as i64),
            ..Tag::default()
        };
        let operator = Operator { id: format!("o{n}").as_str().into(), name: text(n), ..Operator::default() };
        records.extend([customer.any(), member.any(), activity.any(), follow_up.any(), tag.any()]);
        records.extend((0..3).map(|k| event(k).any()).chain([operator.any()]));
        let chat = Group {
            id: format!("g{n:03}").as_str().into(),
            name: text(n),
            notice: some(n + 1),
            owner_id: Some(format!("o{n}").as_str().into()),
            ..Group::default()
        };
        let shelf =
            TagGroup { id: format!("tg{n:02}").as_str().into(), name: text(n), ..TagGroup::default() };
        records.extend([chat.any(), shelf.any()]);
    }
    records
}

const SIZES: [(u16, u16); 2] = [(120, 40), (80, 24)];

/// A console that has pulled it, if the corpus is here.
fn opened() -> Option<(Runner, Vec<String>)> {
    let strings = naughty()?;
    assert!(strings.len() > 400);
    Some((start().records(community(&strings)).ready(), strings))
}

/// Whether all stands where it should, on what would be drawn now.
fn check(console: &Runner) {
    whole(&console.shows(console.app()), console.app());
}

#[test]
fn no_string_moves_a_border_in_any_pane_and_every_name_comes_to_the_byte() {
    let Some((mut console, strings)) = opened() else { return };
    for (width, height) in SIZES {
        console.resize(width, height);
        for pane in ["1", "2", "3", "4"] {
            console.keys(pane).keys("g g");
            let mut names = BTreeSet::new();
            let mut last = None;
            // Until the cursor goes no further.
            while last.as_ref() != Some(&console.app().place()) {
                last = Some(console.app().place());
                check(&console);
                let app = console.app();
                match app.focus {
                    Pane::Customers => {
                        names.extend(app.customers.window.rows.iter().map(|at| at.row.name.clone()))
                    }
                    Pane::Tags => names.extend(app.tags.tags.iter().map(|tag| tag.name.clone())),
                    Pane::Groups => names.extend(app.groups.window.rows.iter().map(|at| at.row.name.clone())),
                    Pane::FollowUps => {
                        names.extend(app.follow_ups.window.rows.iter().map(|at| at.row.title.clone()));
                    }
                }
                console.keys("pgdn");
            }
            let lost: Vec<_> = strings.iter().filter(|string| !names.contains(*string)).collect();
            assert!(lost.is_empty(), "pane {pane}: {lost:?}");
            // And so it is on the terminal, which saw only what differed from frame to frame.
            let screen = console.screen();
            whole(&screen, console.app());
            console.keys("z");
            check(&console);
            console.keys("z");
        }
    }
}

/// Goes through a list of details to its end, presses `more` in each, and looks at it at one size
/// or the other.
fn each_detail(console: &mut Runner, keys: &str, more: &str) -> usize {
    console.keys(keys);
    let mut seen = 0;
    loop {
        let (width, height) = SIZES[seen % 2];
        check(console.resize(width, height).keys(more));
        seen += 1;
        if console.keys("]").notice() == "this is the last" {
            whole(&console.screen(), console.app());
            return seen;
        }
    }
}

#[test]
fn no_string_moves_a_border_in_the_details() {
    let Some((mut console, strings)) = opened() else { return };
    let count = strings.len();
    assert_eq!(each_detail(&mut console, "1 g g enter", "e"), count);
    assert!(matches!(console.app().details.last(), Some(Detail::Customer(_))));
    console.keys("q");
    assert_eq!(each_detail(&mut console, "4 g g enter", "j"), count);
    console.keys("q 3 :").text("sort.set id").keys("enter g g enter");
    // The groups that have members come first.
    for _ in 0..count / EACH {
        for part in ["m", "x", "a", "t", "h"] {
            check(console.keys(part));
        }
        console.keys("]");
    }
}

#[test]
fn no_string_moves_a_border_as_a_filter_or_under_the_palette() {
    let Some((mut console, strings)) = opened() else { return };
    for string in strings.iter().step_by(5) {
        console.keys("1 /").paste(string);
        check(&console);
        console.keys("enter");
        check(&console);
        console.keys("esc");
        if console.app().overlay.is_some() {
            console.keys("esc");
        }
        console.keys("X");
    }
}
