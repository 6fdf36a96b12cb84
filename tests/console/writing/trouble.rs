//! What the server refuses, and what somebody else changed meanwhile.

use siyu::app::Overlay;
use siyu::model::{Customer, Record, Resource, Tag, WriteState};

use super::{arrives, customer, form, opened, outbox, row, tags_of, trouble};
use crate::runner::Runner;
use crate::town;

/// Somebody else changes a customer at the server.
fn elsewhere(console: &Runner, id: &str, change: impl FnOnce(&mut Customer)) {
    let mut found = customer(console, id);
    change(&mut found);
    let rev = found.rev.as_deref().and_then(|rev| rev.parse::<i64>().ok()).unwrap_or(0);
    found.rev = Some((rev + 1).to_string());
    console.store.put(&[found.any()]).unwrap();
}

#[test]
fn a_refused_write_is_shown_and_dropped() {
    let mut console = opened();
    console.stop_server();
    console.line("tag.add 高意向");
    console.wait_until("the tag", |console| row(console, "c00").tags == ["高意向"]);
    console.store.delete(Resource::Tags, "t3").unwrap();
    super::back(&mut console);
    let failed = trouble(&mut console, WriteState::Failed);
    let words = failed.words.clone().unwrap_or_default();
    assert!(failed.status.is_some_and(|status| status >= 400) && !words.is_empty(), "{failed:?}");
    let start: String = words.chars().take(12).collect();
    assert!(console.screen().has(&start), "the server's words {words:?}:\n{}", console.screen());
    console.stop_server().keys("r");
    let state = |console: &Runner| outbox(console).first().map(|row| row.state);
    console.wait_until("it to wait", |console| state(console) == Some(WriteState::Queued));
    super::back(&mut console);
    console.wait_until("another refusal", |console| state(console) == Some(WriteState::Failed));
    console.keys("d d").wait_until("it to go", |console| outbox(console).is_empty());
    console.keys("q").wait_until("the row as it truly is", |console| {
        let row = row(console, "c00");
        row.tags.is_empty() && row.write.is_none()
    });
}

#[test]
fn a_refused_write_is_edited_and_sent_again() {
    let mut console = opened();
    console.stop_server();
    console.keys("2").line("tag.create 团购");
    let made = |console: &Runner, name: &str| console.app().tags.tags.iter().any(|tag| tag.name == name);
    console.wait_until("the tag", |console| made(console, "团购"));
    // Somebody else makes one of that name first.
    let other = Tag { id: "t9".into(), name: "团购".to_owned(), order: Some(9), ..Tag::default() };
    console.store.put(&[other.any()]).unwrap();
    super::back(&mut console);
    let failed = trouble(&mut console, WriteState::Failed);
    assert_eq!(failed.status, Some(409), "{failed:?}");
    console.keys("e");
    form(&mut console);
    console.keys("C-u").paste("拼团").keys("C-s");
    console.wait_until("it to be sent", |console| outbox(console).is_empty());
    let tags: Vec<Tag> = town::records(&console.store, Resource::Tags);
    let mut names: Vec<_> =
        tags.iter().map(|tag| tag.name.as_str()).filter(|name| name.contains('团')).collect();
    names.sort_unstable();
    assert_eq!(names, ["团购", "拼团"]);
}

fn picker(console: &mut Runner) {
    console.wait_until("a picker", |console| matches!(console.app().overlay, Some(Overlay::Picker(_))));
}

#[test]
fn refused_tags_are_picked_anew_and_sent_again() {
    let mut console = opened();
    console.line("tag.add 金卡").wait_until("金卡", |console| tags_of(console, "c00") == ["金卡"]);
    console.stop_server();
    console.line("tag.add 高意向");
    console.wait_until("the tag", |console| row(console, "c00").tags.len() == 2);
    console.store.delete(Resource::Tags, "t3").unwrap();
    super::back(&mut console);
    trouble(&mut console, WriteState::Failed);
    console.keys("e");
    picker(&mut console);
    assert!(console.screen().has("Edit and send again"), "{}", console.screen());
    // The one that is no more is called as it was.
    let first = match &console.app().overlay {
        Some(Overlay::Picker(picker)) => picker.choices[0].label.clone(),
        other => panic!("no picker is open, but {other:?}"),
    };
    assert_eq!(first, "高意向");
    // What was asked for comes first and is on; another one of the exclusive group replaces its like.
    console.keys("tab").paste("银卡").keys("tab enter");
    console.wait_until("it to be sent", |console| outbox(console).is_empty());
    assert_eq!(tags_of(&console, "c00"), ["银卡"]);
    console.keys("q").wait_until("the row", |console| row(console, "c00").tags == ["银卡"]);
}

#[test]
fn a_refused_owner_is_chosen_anew_and_sent_again() {
    let mut console = opened();
    console.stop_server();
    console.line("owner.set 王五");
    console.wait_until("the owner", |console| row(console, "c00").owners == ["王五"]);
    console.store.delete(Resource::Operators, "o2").unwrap();
    super::back(&mut console);
    trouble(&mut console, WriteState::Failed);
    console.keys("e");
    form(&mut console);
    console.keys("C-u").paste(town::operator().1).keys("C-s");
    console.wait_until("it to be sent", |console| outbox(console).is_empty());
    assert_eq!(customer(&console, "c00").owners, [town::operator().0.into()]);
}

#[test]
fn a_refused_follow_up_has_the_fields_of_its_form() {
    let mut console = opened();
    console.stop_server();
    console.line("follow_up.create 回访 明天 call");
    console.wait_until("the follow-up", |console| console.app().follow_ups.total() > super::MANY as u64);
    console.store.delete(Resource::Operators, town::operator().0).unwrap();
    super::back(&mut console);
    trouble(&mut console, WriteState::Failed);
    console.keys("e");
    form(&mut console);
    let Some(Overlay::Form(open)) = &console.app().overlay else { panic!() };
    let fields: Vec<_> = open.fields.iter().map(|field| (field.name.as_str(), field.input.text())).collect();
    let named = |name| fields.iter().find(|(field, _)| *field == name).map(|(_, text)| *text);
    assert_eq!((named("title"), named("kind")), (Some("回访"), Some("call")), "{fields:?}");
    assert!(named("due").is_some_and(|due| due.starts_with("20")) && named("assignee").is_some());
}

#[test]
fn what_does_not_overlap_is_merged_without_a_question() {
    let mut console = opened();
    console.stop_server();
    console.line("customer.set city 杭州");
    console.wait_until("the city", |console| row(console, "c00").write.is_some());
    elsewhere(&console, "c00", |customer| customer.company = Some("别人写的".to_owned()));
    super::back(&mut console);
    arrives(&mut console, "both", |console| {
        let found = customer(console, "c00");
        found.city.as_deref() == Some("杭州") && found.company.as_deref() == Some("别人写的")
    });
    super::all_sent(&mut console);
}

/// A console whose city of the first customer is not what somebody else wrote.
fn in_conflict() -> Runner {
    let mut console = opened();
    console.stop_server();
    console.line("customer.set city 杭州");
    console.wait_until("the city", |console| row(console, "c00").write.is_some());
    elsewhere(&console, "c00", |customer| customer.city = Some("苏州".to_owned()));
    super::back(&mut console);
    let clash = trouble(&mut console, WriteState::Conflict);
    assert_eq!(clash.clashes.len(), 1, "{clash:?}");
    let screen = console.screen();
    assert!(screen.has("杭州") && screen.has("苏州"), "both sides: {screen}");
    assert_eq!(customer(&console, "c00").city.as_deref(), Some("苏州"), "nothing is overwritten");
    console
}

#[test]
fn a_conflict_ends_with_mine() {
    let mut console = in_conflict();
    console.keys("m").wait_until("an end", |console| outbox(console).is_empty());
    console.wait_until("what was done", |console| console.notice().ends_with("kept mine: city"));
    assert_eq!(customer(&console, "c00").city.as_deref(), Some("杭州"));
}

#[test]
fn a_conflict_ends_with_theirs() {
    let mut console = in_conflict();
    console.keys("t").wait_until("an end", |console| outbox(console).is_empty());
    console.wait_until("what was done", |console| console.notice().ends_with("took theirs: city"));
    assert_eq!(customer(&console, "c00").city.as_deref(), Some("苏州"));
    console.keys("q").wait_until("no mark", |console| row(console, "c00").write.is_none());
}

#[test]
fn a_conflict_ends_field_by_field() {
    let mut console = in_conflict();
    console
        .keys("enter")
        .wait_until("the sides", |console| matches!(console.app().overlay, Some(Overlay::Picker(_))));
    let screen = console.screen();
    assert!(screen.has("杭州") && screen.has("苏州"), "{screen}");
    console.keys("enter").wait_until("an end", |console| outbox(console).is_empty());
    assert_eq!(customer(&console, "c00").city.as_deref(), Some("杭州"));
}

#[test]
fn a_conflict_reads_in_the_operators_language_and_its_keys_are_in_the_footer() {
    let mut console = in_conflict();
    for (width, height) in [(120, 40), (80, 24)] {
        console.resize(width, height).settled();
        let screen = console.screen();
        for part in ["m keep mine", "t take theirs", "enter choose"] {
            assert!(screen.has(part), "{part} at {width}x{height}:\n{screen}");
        }
    }
    let settings = siyu::app::Settings { lang: siyu::i18n::Lang::Zh, ..(*console.app().settings).clone() };
    let mut console = console.open_anew(settings);
    trouble(&mut console, WriteState::Conflict);
    for (width, height) in [(120, 40), (80, 24)] {
        console.resize(width, height).settled();
        let screen = console.screen();
        assert!(screen.has("改字段 城市 杭州"), "{screen}");
        assert!(!screen.has("city"), "{width}x{height}:\n{screen}");
        assert!(screen.has("m 用我的") && screen.has("t 用对方的") && screen.has("选择"), "{screen}");
    }
    console.keys("enter");
    picker(&mut console);
    let screen = console.screen();
    assert!(screen.has("城市  ") && !screen.has("city"), "{screen}");
}
