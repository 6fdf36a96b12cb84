//! Which queue it is, who is in it, and that it stays as it was frozen.

use siyu::app::{Event, Mouse, MouseKind};
use siyu::model::{FollowUp, Priority, Record, Resource, Time};

use super::{MANY, at, community, follow_up, left, opened, queue, state};
use crate::runner::start;
use crate::town;
use siyu::app::triage::ItemState;
use siyu::i18n::Lang;

fn ids(console: &crate::runner::Runner) -> Vec<String> {
    queue(console).queue.items.iter().map(|item| item.row.key.id.clone()).collect()
}

#[test]
fn overdue_ones_come_first_then_promises_then_priority() {
    let mut records = community();
    let (me, _) = town::operator();
    let later = |hours: i64| Some(Time::from_millis(town::now().millis + hours * 3_600_000));
    let more = |id: &str, priority, due, sla| FollowUp {
        id: id.into(),
        customer_id: "c00".into(),
        title: id.to_owned(),
        assignee_id: Some(me.into()),
        due_at: due,
        sla_at: sla,
        priority,
        ..FollowUp::default()
    };
    records.extend([
        more("urgent", Priority::Urgent, later(48), None).any(),
        more("promised", Priority::Low, later(72), later(60)).any(),
        more("broken", Priority::Low, None, later(-1)).any(),
        more("overdue, urgent", Priority::Urgent, later(-1), None).any(),
    ]);
    let mut console = start().records(records).ready();
    console.keys("T").settled();
    let ids = ids(&console);
    assert_eq!(&ids[..3], ["broken", "overdue, urgent", "f00"]);
    let place = |id: &str| ids.iter().position(|known| known == id).unwrap();
    assert!(place("f05") < place("promised") && place("promised") < place("urgent"), "{ids:?}");
    assert!(place("urgent") < place("f07"), "{ids:?}");
}

#[test]
fn the_order_and_the_members_stay_and_the_records_live() {
    let mut console = opened();
    let before = ids(&console);
    let (me, _) = town::operator();
    console.write(
        "POST",
        "/v1/follow_ups",
        &serde_json::json!({"customer_id": "c01", "title": "新来的", "assignee_id": me, "due_at": "2026-03-01T10:00:00+08:00"}),
    );
    console.write("PATCH", "/v1/follow_ups/f04", &serde_json::json!({"priority": "urgent", "title": "改了"}));
    console.write("PATCH", "/v1/follow_ups/f05", &serde_json::json!({"status": "done"}));
    console.wait_until("what changed", |console| {
        let open = queue(console);
        open.new_ones == 1
            && open.queue.items.iter().any(|item| item.row.about == "改了")
            && open.queue.items.iter().any(|item| item.row.key.id == "f05" && item.gone)
    });
    assert_eq!(ids(&console), before, "nobody comes, goes or moves");
    assert_eq!((at(&console), left(&console)), ("f00", MANY - 2));
    assert!(console.screen().has("1 new: R takes them in"), "{}", console.screen());
    console.keys("R").wait_until("they are taken in", |console| queue(console).queue.items.len() == MANY - 1);
    let about: Vec<_> = queue(&console).queue.items.iter().map(|item| item.row.about.as_str()).collect();
    assert_eq!(about[..3], ["改了", "新来的", "回访00"], "now urgent, and overdue for longest");
    assert_eq!(at(&console), "f00", "one stays where one was");
}

#[test]
fn what_somebody_else_has_closed_is_not_overwritten() {
    let mut console = opened();
    console.stop_server();
    console.keys("1 enter").wait_until("queued", |console| state(console, "f00") == ItemState::Done);
    console.start_server();
    console.keys("j").settled();
    console.write("PATCH", "/v1/follow_ups/f03", &serde_json::json!({"status": "done", "outcome": "won"}));
    console.wait_until("it is told", |console| {
        queue(console).queue.items.iter().any(|item| item.row.key.id == "f03" && item.gone)
    });
    while at(&console) != "f03" {
        console.keys("j");
    }
    console.keys("3 enter").settled();
    assert!(console.notice().contains("somebody else"), "{}", console.notice());
    assert_eq!(follow_up(&console, "f03").outcome.as_deref(), Some("won"));
}

#[test]
fn queues_are_picked_and_customers_can_be_one() {
    let mut console = opened();
    console.keys("f f").text("unassigned").keys("enter").settled();
    assert_eq!(ids(&console), ["f11"]);
    console.keys("f f").text("birthday").keys("enter").settled();
    assert_eq!(ids(&console), ["c02"], "the 20th is in the week of the 18th");
    let tag = super::numbered(&console, 5);
    console.keys("1 t 5 s w 1 enter").wait_until("a follow-up", |console| {
        let all: Vec<FollowUp> = town::records(&console.store, Resource::FollowUps);
        all.iter().any(|one| one.title == "birthday this week" && one.customer_id.as_str() == "c02")
    });
    assert!(super::tags_of(&console, "c02").contains(&tag) || tag.is_empty());
    let call = |console: &crate::runner::Runner| {
        let events: Vec<siyu::model::Event> = town::records(&console.store, Resource::Events);
        events.into_iter().find(|event| event.kind == siyu::model::EventKind::Call)
    };
    console.wait_until("a call", |console| call(console).is_some());
    let call = call(&console).expect("it was waited for");
    assert_eq!(call.data["outcome"], "won");
    console.line("triage.open nobody").settled();
    assert!(console.notice().contains("no queue"), "{}", console.notice());
}

#[test]
fn a_promise_warns_before_it_breaks() {
    let mut records = community();
    let (me, _) = town::operator();
    records.push(
        FollowUp {
            id: "promised".into(),
            customer_id: "c00".into(),
            title: "答应回电".to_owned(),
            assignee_id: Some(me.into()),
            sla_at: Some(Time::from_millis(town::now().millis + 90 * 60_000)),
            ..FollowUp::default()
        }
        .any(),
    );
    let mut console = start().records(records).with(|settings| settings.lang = Lang::Zh).ready();
    console.keys("T").settled();
    while at(&console) != "promised" {
        console.keys("j");
    }
    assert!(console.screen().has("还剩 1时30分"), "{}", console.screen());
    let from_now = |minutes: i64| Time::from_millis(town::now().millis + minutes * 60_000);
    console.set_clock(from_now(35));
    console.keys("k j").settled();
    assert!(console.screen().has("快超时！"), "{}", console.screen());
    assert!(console.screen().has("只剩 55分"), "{}", console.screen());
    console.set_clock(from_now(100));
    console.keys("k j").settled();
    assert!(console.screen().has("已超时 10分"), "{}", console.screen());
}

#[test]
fn the_pace_and_what_is_left_of_it_are_told() {
    let mut console = opened();
    for minute in 1..=3 {
        console.set_clock(Time::from_millis(town::now().millis + minute * 20_000));
        console.keys("1 enter").settled();
    }
    console.wait_until("three are done", |console| left(console) == MANY - 4);
    let screen = console.screen();
    assert!(screen.has("20s each") && screen.has("3 done"), "{screen}");
    assert!(screen.has("about 3m left"), "8 at 20 seconds: {screen}");
}

#[test]
fn a_click_goes_to_the_row_under_it_and_a_wheel_moves() {
    let mut console = opened();
    let click = |x, y| Event::Mouse(Mouse { kind: MouseKind::Press, x, y });
    let row = |console: &mut crate::runner::Runner, name: &str| {
        let screen = console.screen().to_string();
        let found = screen.lines().position(|line| line.contains(name));
        u16::try_from(found.expect("it is in sight")).unwrap()
    };
    let y = row(&mut console, "回访05");
    console.input(click(9, y)).settled();
    assert_eq!(at(&console), "f05");
    console.input(click(9, y)).settled();
    assert_eq!((at(&console), left(&console)), ("f05", MANY - 1), "a second click does nothing to a record");
    // Beside the queue, on its border and below its last row there is nothing to click.
    let last = row(&mut console, "回访10") + 1;
    for (x, y) in [(60, y), (0, y), (9, last), (9, 2)] {
        console.input(click(x, y)).settled();
        assert_eq!(at(&console), "f05", "{x},{y}");
    }
    console.input(Event::Mouse(Mouse { kind: MouseKind::WheelUp, x: 9, y })).settled();
    assert_eq!(at(&console), "f02");
}

#[test]
fn who_else_is_on_it_is_told_as_far_as_the_backend_says_it() {
    let mut console = opened();
    assert!(!console.screen().has("Others"), "{}", console.screen());
    let ago = |minutes: i64| Time::from_millis(town::now().millis - minutes * 60_000).to_string();
    let called = |minutes, operator: &str| serde_json::json!({"kind": "call", "title": "no_answer", "operator_id": operator, "at": ago(minutes)});
    console.write("POST", "/v1/customers/c00/events", &called(40, "o2"));
    console.write("POST", "/v1/customers/c00/events", &called(2, town::operator().0));
    console.caught_up();
    assert!(!console.screen().has("Others"), "long ago, and oneself: {}", console.screen());
    console.write("POST", "/v1/customers/c00/events", &called(5, "o2"));
    console.wait_for("that a colleague has just called", |screen| screen.has("王五: call 5m ago"));
    console.write(
        "PATCH",
        "/v1/follow_ups/f00",
        &serde_json::json!({"status": "doing", "assignee_id": "o2"}),
    );
    console.wait_for("that a colleague has begun", |screen| screen.has("王五 is at it"));
}
