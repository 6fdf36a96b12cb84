//! Triage, whole: keys, what is staged, the plan, the outbox, the server's records, and back.

mod keystrokes;
mod queues;

use siyu::app::TriageDetail;
use siyu::app::triage::ItemState;
use siyu::model::{
    AnyRecord, Channel, Customer, FollowUp, FollowUpStatus, Operator, Priority, Record, Resource, Snippet,
    Tag, Time,
};

use crate::runner::{Runner, start};
use crate::town;

/// Follow-ups of the operator in the small community.
const MANY: usize = 12;

/// A few customers with a follow-up each, the most urgent one first by its number.
fn community() -> Vec<AnyRecord> {
    let (me, name) = town::operator();
    let operator =
        |id: &str, name: &str| Operator { id: id.into(), name: name.to_owned(), ..Operator::default() };
    let mut records = vec![operator(me, name).any(), operator("o2", "王五").any()];
    for (title, body) in [("问候", "{{customer.name}} 您好"), ("积分", "您有 {{customer.points}} 分")]
    {
        let (id, title, body) = (title.into(), title.to_owned(), body.to_owned());
        records.push(Snippet { id, title, body, ..Snippet::default() }.any());
    }
    for (order, name) in ["高意向", "母婴", "会员", "VIP", "试用"].into_iter().enumerate() {
        let id = format!("t{}", order + 1);
        records.push(
            Tag {
                id: id.as_str().into(),
                name: name.to_owned(),
                order: Some(order as i64),
                ..Tag::default()
            }
            .any(),
        );
    }
    for n in 0..MANY {
        let id = format!("c{n:02}");
        let customer = Customer {
            id: id.as_str().into(),
            name: format!("客户{n:02}"),
            channels: vec![Channel { kind: "wecom".to_owned(), id: format!("wm{n}") }],
            // The first tags are those that most have: they have the first numbers.
            tags: (n..5).map(|tag| format!("t{}", tag + 1).as_str().into()).filter(|_| n > 0).collect(),
            stage: Some(if n == 3 { "dormant" } else { "new" }.to_owned()),
            birthday: (n == 2).then(|| "1990-03-20".to_owned()),
            rev: Some("1".to_owned()),
            ..Customer::default()
        };
        let follow_up = FollowUp {
            id: format!("f{n:02}").as_str().into(),
            customer_id: id.as_str().into(),
            title: format!("回访{n:02}"),
            due_at: Some(Time::from_millis(town::now().millis + (n as i64 - 6) * 3_600_000)),
            assignee_id: (n != 11).then(|| me.into()),
            priority: Priority::Normal,
            rev: Some("1".to_owned()),
            ..FollowUp::default()
        };
        records.extend([customer.any(), follow_up.any()]);
    }
    records
}

/// A console with the queue open.
fn opened() -> Runner {
    let mut console = start().records(community()).ready();
    console.keys("T").settled();
    assert_eq!(left(&console), MANY - 1, "{}", console.screen());
    console
}

fn queue(console: &Runner) -> &TriageDetail {
    console.app().triage().expect("the queue is open")
}

fn left(console: &Runner) -> usize {
    queue(console).queue.left()
}

/// The follow-up that is dealt with.
fn at(console: &Runner) -> &str {
    &queue(console).queue.current().expect("somebody is in the queue").row.key.id
}

fn state(console: &Runner, id: &str) -> ItemState {
    let items = &queue(console).queue.items;
    items.iter().find(|item| item.row.key.id == id).expect("it is in the queue").state
}

fn follow_up(console: &Runner, id: &str) -> FollowUp {
    town::record(&console.store, Resource::FollowUps, id)
}

fn tags_of(console: &Runner, id: &str) -> Vec<String> {
    let customer: Customer = town::record(&console.store, Resource::Customers, id);
    customer.tags.into_iter().map(|tag| tag.to_string()).collect()
}

/// The name of the tag that a number puts on.
fn numbered(console: &Runner, number: usize) -> String {
    console.app().desk.tags.ids[number - 1].clone()
}

#[test]
fn seven_keys_are_a_full_disposition_one_batch_and_one_undo() {
    let mut console = opened();
    assert_eq!(at(&console), "f00");
    let tag = numbered(&console, 1);
    console.keys("2 t 1 s w 2").settled();
    let screen = console.screen().to_string();
    assert!(screen.contains("2026-03-24 Tue 10:00"), "the date is shown before it is written:\n{screen}");
    assert_eq!(follow_up(&console, "f00").outcome, None, "nothing is written before Enter");
    console.keys("enter");
    assert_eq!(at(&console), "f01", "one goes on at once");
    console.wait_until("it is written", |console| follow_up(console, "f00").snoozed_until.is_some());
    let written = follow_up(&console, "f00");
    assert_eq!(written.outcome.as_deref(), Some("interested"));
    let until = written.due_at.unwrap().zoned(&town::zone()).to_string();
    assert_eq!(&until[..16], "2026-03-24T10:00");
    assert_eq!(written.status, FollowUpStatus::Open, "what is put off stays open");
    console.wait_until("the tag", |console| tags_of(console, "c00") == [tag.as_str()]);

    console.keys("j").settled();
    console.keys("u").wait_until("taken back", |console| follow_up(console, "f00").outcome.is_none());
    console.wait_until("the tag too", |console| tags_of(console, "c00").is_empty());
    assert_eq!(at(&console), "f00", "one is back at that row");
    assert_eq!(state(&console, "f00"), ItemState::Left);
    let staged = console.app().staged().expect("what was chosen is there to be changed");
    assert_eq!(staged.result.as_deref(), Some("interested"));
}

#[test]
fn tab_repeats_the_last_one_and_a_result_alone_closes() {
    let mut console = opened();
    console.keys("tab").settled();
    assert!(console.notice().contains("nothing to repeat"), "{}", console.notice());
    console.keys("1 enter").wait_until("closed", |c| follow_up(c, "f00").status == FollowUpStatus::Done);
    console.keys("tab").wait_until("again", |c| follow_up(c, "f01").status == FollowUpStatus::Done);
    assert_eq!(follow_up(&console, "f01").outcome.as_deref(), Some("won"));
    assert_eq!((at(&console), left(&console)), ("f02", MANY - 3));
    // Nobody answered: it stays open, and says so before.
    console.keys("4").settled();
    assert!(console.screen().has("stays open"));
    console.keys("enter").wait_until("no answer", |c| follow_up(c, "f02").outcome.is_some());
    assert_eq!(follow_up(&console, "f02").status, FollowUpStatus::Open);
    console
        .keys("D enter")
        .wait_until("not needed", |c| follow_up(c, "f03").status == FollowUpStatus::Cancelled);
}

#[test]
fn all_keys_at_once_are_all_taken() {
    let mut console = opened();
    // Typed faster than anything can be written.
    console.burst("1 enter 2 s m enter tab x enter 3 enter");
    console.wait_until("five are dealt with", |console| {
        (0..5).all(|n| state(console, &format!("f{n:02}")) == ItemState::Done)
    });
    console.wait_until("the server has them", |console| {
        let outcome = |n: usize| follow_up(console, &format!("f{n:02}")).outcome;
        outcome(4).is_some() && outcome(0).is_some()
    });
    let outcomes: Vec<_> = (0..5).map(|n| follow_up(&console, &format!("f{n:02}")).outcome).collect();
    let said = |word: &str| Some(word.to_owned());
    assert_eq!(outcomes, [said("won"), said("interested"), said("interested"), None, said("not_interested")]);
    assert_eq!(follow_up(&console, "f03").status, FollowUpStatus::Done);
}

#[test]
fn an_undo_that_comes_before_the_write_goes_to_its_row_all_the_same() {
    let mut console = opened();
    console.burst("1 enter 2 enter u");
    console.wait_until("one is back", |console| at(console) == "f01" && console.app().staged().is_some());
    console.wait_until("the first stays", |c| follow_up(c, "f00").status == FollowUpStatus::Done);
    console.wait_until("the second is open", |c| follow_up(c, "f01").status == FollowUpStatus::Open);
    assert_eq!(left(&console), MANY - 2);
}

#[test]
fn the_marked_ones_are_asked_about_written_as_one_and_taken_back_as_one() {
    let mut console = opened();
    console.keys("1 enter").wait_until("a last one", |c| follow_up(c, "f00").status == FollowUpStatus::Done);
    console.keys("space space space A");
    console.wait_until("a question", |c| c.app().layers()[0] == siyu::command::Layer::Confirm);
    console.keys("esc").settled();
    assert_eq!(left(&console), MANY - 2, "no is no");
    console.keys("A").wait_until("a question", |c| c.app().layers()[0] == siyu::command::Layer::Confirm);
    console.keys("enter").wait_until("three more", |console| {
        (1..4).all(|n| follow_up(console, &format!("f{n:02}")).status == FollowUpStatus::Done)
    });
    console.wait_until("all told", |console| left(console) == MANY - 5);
    console.keys("u").wait_until("three are open again", |console| {
        (1..4).all(|n| follow_up(console, &format!("f{n:02}")).status == FollowUpStatus::Open)
    });
    assert_eq!(follow_up(&console, "f00").status, FollowUpStatus::Done);
}

#[test]
fn what_is_chosen_outlives_leaving_and_a_restart() {
    let mut console = opened();
    console.keys("2 s w 3 i").text("想要二段").keys("C-s").settled();
    console.keys("j 1 q").settled();
    assert!(console.notice().contains("kept"), "{}", console.notice());
    assert!(console.app().triage().is_none());
    console.wait_until("both are on the disk", |console| {
        let reader = siyu::cache::Cache::open(&console.folder.path().join("cache"), town::now());
        let drafts =
            reader.ok().and_then(|opened| opened.cache.reader().ok()?.drafts().ok()).unwrap_or_default();
        drafts.iter().filter(|draft| draft.key.starts_with("triage follow_ups/")).count() == 2
    });
    let mut console = console.restart();
    console.wait_until("drafts", |console| console.app().desk.staged.len() == 2);
    // Who works here is known again, and so whose follow-ups are one's own.
    console.wait_until("the operator", |console| console.app().header.operator_id.is_some());
    console.keys("T").settled();
    assert!(console.notice().contains("2"), "{}", console.notice());
    let staged = console.app().staged().expect("the first has its choices").clone();
    assert_eq!((staged.result.as_deref(), staged.note.as_deref()), (Some("interested"), Some("想要二段")));
    console.keys("enter").wait_until("written", |c| follow_up(c, "f00").note.is_some());
    assert_eq!(follow_up(&console, "f00").note.as_deref(), Some("想要二段"));
}

#[test]
fn a_note_goes_below_the_one_there_is() {
    let mut console = opened();
    console.write("PATCH", "/v1/follow_ups/f00", &serde_json::json!({"note": "先前说的"}));
    console.wait_until("the older note", |console| {
        let contact = queue(console).contact();
        contact.and_then(|it| it.follow_up.as_ref()?.0.note.clone()).is_some()
    });
    console.keys("i").text("今天说的").keys("C-s enter");
    console.wait_until("both", |c| follow_up(c, "f00").note.as_deref() == Some("先前说的\n今天说的"));
}

#[test]
fn a_snippet_is_filled_sent_after_a_question_or_copied() {
    let mut console = opened();
    console.keys(";").text("问候").keys("enter").settled();
    assert!(console.screen().has("客户00 您好"), "{}", console.screen());
    console.effects();
    console.keys("C-y").settled();
    let copied = siyu::app::Effect::Copy("客户00 您好".to_owned());
    assert!(console.effects().contains(&copied));
    console.keys("C-s 1 enter");
    console.wait_until("a question", |c| c.app().layers()[0] == siyu::command::Layer::Confirm);
    assert_eq!(at(&console), "f00", "one stays until it is answered");
    console.keys("enter").wait_until("sent", |console| {
        let events: Vec<siyu::model::Event> = town::records(&console.store, Resource::Events);
        events.iter().any(|event| {
            event.kind == siyu::model::EventKind::MessageOut
                && (event.title == "客户00 您好" || event.body.as_deref() == Some("客户00 您好"))
        })
    });
    console.wait_until("and closed", |c| follow_up(c, "f00").status == FollowUpStatus::Done);
    assert_eq!(at(&console), "f01");
    // A variable that the customer has nothing for is said, not sent.
    console.keys(";").text("积分").keys("enter").settled();
    assert!(console.screen().has("customer.points"), "{}", console.screen());
    console.keys("C-s").settled();
    assert!(console.app().overlay.is_some(), "what lacks something is not staged");
}

#[test]
fn who_it_is_handed_to_goes_on_with_it() {
    let mut console = opened();
    console.keys("a").text("王五").keys("enter").settled();
    assert!(console.screen().has("王五 goes on with it"), "{}", console.screen());
    console.keys("enter").wait_until("handed over", |console| {
        follow_up(console, "f00").assignee_id.is_some_and(|id| id.as_str() == "o2")
    });
    assert_eq!(follow_up(&console, "f00").status, FollowUpStatus::Open);
}

#[test]
fn nothing_is_written_where_nothing_may_be() {
    let mut console = start().records(community()).with(|settings| settings.read_only = true).ready();
    console.keys("T 1 enter").settled();
    assert!(console.notice().contains("read-only"), "{}", console.notice());
    assert_eq!((at(&console), left(&console)), ("f00", MANY - 1));
}
