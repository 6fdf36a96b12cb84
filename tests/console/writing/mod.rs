//! Writing, whole: keys, the plan, the cache, the outbox, HTTP, the server's database, and back.

mod bulk;
mod consoles;
mod customers;
mod follow_ups;
mod hostile;
mod messages;
mod recording;
mod tags;
mod trouble;
mod typed;

use serde_json::Value;
use siyu::app::{Detail, Overlay};
use siyu::model::view::{CustomerRow, OutboxRow};
use siyu::model::{
    AnyRecord, Channel, Customer, Event, FollowUp, FollowUpKind, Operator, Record, Resource, Snippet, Tag,
    TagGroup, Time, WriteState,
};

use crate::runner::{Runner, start};
use crate::town;

/// Customers of the small community.
const MANY: usize = 30;

/// A few customers, tags and follow-ups, told apart by their numbers.
fn community() -> Vec<AnyRecord> {
    let (me, name) = town::operator();
    let mut records = vec![
        Operator { id: me.into(), name: name.to_owned(), ..Operator::default() }.any(),
        Operator { id: "o2".into(), name: "王五".to_owned(), ..Operator::default() }.any(),
        TagGroup { id: "tg1".into(), name: "等级".to_owned(), exclusive: true, ..TagGroup::default() }.any(),
        TagGroup { id: "tg2".into(), name: "来源".to_owned(), ..TagGroup::default() }.any(),
        Snippet {
            id: "s1".into(),
            title: "问候".to_owned(),
            body: "{{customer.called}} 您好".to_owned(),
            ..Snippet::default()
        }
        .any(),
    ];
    let tags = [("t1", "金卡", "tg1"), ("t2", "银卡", "tg1"), ("t3", "高意向", "tg2"), ("t4", "母婴", "tg2")];
    for (order, (id, name, group)) in tags.into_iter().enumerate() {
        let (id, name, group_id) = (id.into(), name.to_owned(), Some(group.into()));
        records.push(Tag { id, name, group_id, order: Some(order as i64), ..Tag::default() }.any());
    }
    for n in 0..MANY {
        let id = format!("c{n:02}");
        let customer = Customer {
            id: id.as_str().into(),
            name: format!("客户{n:02}"),
            phones: vec![format!("138123400{n:02}")],
            channels: vec![Channel { kind: "wecom".to_owned(), id: format!("wm{n}") }],
            stage: Some("new".to_owned()),
            owners: vec![me.into()],
            points: Some(100),
            rev: Some("1".to_owned()),
            ..Customer::default()
        };
        let follow_up = FollowUp {
            id: format!("f{n:02}").as_str().into(),
            customer_id: id.as_str().into(),
            title: format!("回访{n:02}"),
            kind: FollowUpKind::Call,
            due_at: Some(Time::from_millis(town::now().millis + n as i64 * 60_000)),
            assignee_id: Some(me.into()),
            rev: Some("1".to_owned()),
            ..FollowUp::default()
        };
        records.extend([customer.any(), follow_up.any()]);
    }
    records
}

/// A console on that community, the customers by name.
fn opened() -> Runner {
    let mut console = start().records(community()).ready();
    by_name(&mut console);
    console
}

fn by_name(console: &mut Runner) {
    console.line("sort.set name").keys("g g").settled();
    assert_eq!(console.customer(), "客户00");
}

/// The customer, as the server has it.
fn customer(console: &Runner, id: &str) -> Customer {
    town::record(&console.store, Resource::Customers, id)
}

fn follow_up(console: &Runner, id: &str) -> FollowUp {
    town::record(&console.store, Resource::FollowUps, id)
}

/// What the server has on the timeline of a customer, oldest first.
fn events(console: &Runner, id: &str) -> Vec<Event> {
    let mut events: Vec<Event> = town::records(&console.store, Resource::Events);
    events.retain(|event| event.customer_id.as_ref().is_some_and(|of| of.as_str() == id));
    events.sort_by_key(|event| event.at);
    events
}

/// Names of the tags that the server's customer has.
fn tags_of(console: &Runner, id: &str) -> Vec<String> {
    let tags: Vec<Tag> = town::records(&console.store, Resource::Tags);
    let has = customer(console, id).tags;
    let named = |id| tags.iter().find(|tag| tag.id == id).map_or(id.to_string(), |tag| tag.name.clone());
    has.into_iter().map(named).collect()
}

/// The row of a customer on the screen.
fn row(console: &Runner, id: &str) -> CustomerRow {
    let rows = console.app().customers.visible();
    let found = rows.filter_map(|(_, at)| at).find(|at| at.row.id.as_str() == id);
    found.unwrap_or_else(|| panic!("{id} is not in view")).row.clone()
}

/// Rows of the open outbox.
fn outbox(console: &Runner) -> &[OutboxRow] {
    match console.app().details.last() {
        Some(Detail::Outbox(outbox)) => outbox.rows(),
        other => panic!("the outbox is not open, but {other:?}"),
    }
}

/// Waits until the server has it.
fn arrives(console: &mut Runner, what: &str, there: impl Fn(&Runner) -> bool) {
    console.wait_until(what, there);
}

/// Waits until nothing is left to be sent.
fn all_sent(console: &mut Runner) {
    console.keys("g o").wait_until("an empty outbox", |console| {
        matches!(console.app().details.last(), Some(Detail::Outbox(open)) if open.record.view.as_ref().is_some_and(|view| view.total == 0))
    });
    console.keys("q").settled();
}

/// Opens the outbox, and waits until its first write is as it should be.
fn trouble(console: &mut Runner, state: WriteState) -> OutboxRow {
    console.keys("g o").wait_until("trouble in the outbox", |console| {
        matches!(console.app().details.last(), Some(Detail::Outbox(open)) if open.rows().first().is_some_and(|row| row.state == state))
    });
    outbox(console)[0].clone()
}

/// Waits for a form.
fn form(console: &mut Runner) {
    console.wait_until("a form", |console| matches!(console.app().overlay, Some(Overlay::Form(_))));
}

/// Waits for a question.
fn question(console: &mut Runner) {
    console.wait_until("a question", |console| matches!(console.app().overlay, Some(Overlay::Confirm(_))));
}

/// Waits until no form, question or picker is open.
fn closed(console: &mut Runner) {
    console.wait_until("what is open to close", |console| console.app().overlay.is_none());
}

/// What the operator was told.
fn told(console: &mut Runner, text: &str) {
    console.wait_until(text, |console| console.notice().contains(text));
}

fn text<'a>(event: &'a Event, key: &str) -> &'a str {
    event.data.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The server comes back, some minutes later: a write that found it away is due again by then, on
/// a clock that stands still otherwise.
fn back(console: &mut Runner) {
    console.set_clock(Time::from_millis(console.clock.now().millis + 600_000));
    console.start_server();
}
