//! What one does with follow-ups.

use siyu::model::{FollowUp, FollowUpStatus, Resource};

use super::{arrives, closed, follow_up, form, opened, question};
use crate::town;

#[test]
fn a_follow_up_from_its_making_to_its_end() {
    let mut console = opened();
    console.keys("n");
    form(&mut console);
    console.paste("寄样品").keys("tab").paste("明天 10点").settled();
    assert!(console.screen().has("2026-03-19"), "the date is told: {}", console.screen());
    console.keys("C-s");
    closed(&mut console);
    let made = |console: &crate::runner::Runner| {
        let all: Vec<FollowUp> = town::records(&console.store, Resource::FollowUps);
        all.into_iter().find(|one| one.title == "寄样品")
    };
    arrives(&mut console, "the follow-up", |console| made(console).is_some());
    let made = made(&console).unwrap();
    assert_eq!(made.customer_id.as_str(), "c00");
    assert_eq!(made.due_at.unwrap().zoned(&town::zone()).to_string().get(..16), Some("2026-03-19T10:00"));
}

#[test]
fn what_one_does_with_the_one_under_the_cursor() {
    let mut console = opened();
    console.keys("4 g g").settled();
    let at = console.app().follow_ups.current().unwrap().row.id.to_string();
    console.line("follow_up.snooze +3d");
    arrives(&mut console, "snoozed", |console| follow_up(console, &at).snoozed_until.is_some());
    console.line("filter.set id:f05").settled();
    console.wait_until("one", |console| console.app().follow_ups.total() == 1);
    console.line("follow_up.assign 王五");
    arrives(&mut console, "assigned", |console| {
        follow_up(console, "f05").assignee_id.is_some_and(|id| id.as_str() == "o2")
    });
    console.keys("E");
    form(&mut console);
    console.keys("C-u").paste("改过的事项").keys("C-s");
    closed(&mut console);
    arrives(&mut console, "edited", |console| follow_up(console, "f05").title == "改过的事项");
    console.keys("x");
    arrives(&mut console, "done", |console| follow_up(console, "f05").status == FollowUpStatus::Done);
    console.keys("U");
    arrives(&mut console, "open again", |console| follow_up(console, "f05").status == FollowUpStatus::Open);
    console.keys("D").settled();
    if console.app().overlay.is_some() {
        question(&mut console);
        console.keys("enter");
    }
    arrives(&mut console, "cancelled", |console| {
        follow_up(console, "f05").status == FollowUpStatus::Cancelled
    });
}
