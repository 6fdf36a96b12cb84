//! What one does with a customer.

use siyu::model::EventKind;

use super::{arrives, closed, customer, events, form, opened, row, tags_of, text, told};

#[test]
fn a_tag_by_its_pinyin_shows_at_once_and_reaches_the_server() {
    let mut console = opened();
    console.stop_server();
    console.keys("j t").text("gyx").keys("enter");
    console.wait_until("the tag", |console| row(console, "c01").tags == ["高意向"]);
    assert!(row(&console, "c01").write.is_some(), "what is not sent is marked");
    assert!(tags_of(&console, "c01").is_empty(), "the server is away");
    super::back(&mut console);
    arrives(&mut console, "the tag at the server", |console| tags_of(console, "c01") == ["高意向"]);
    console.wait_until("the mark to go", |console| row(console, "c01").write.is_none());
}

#[test]
fn an_exclusive_group_holds() {
    let mut console = opened();
    console.line("tag.add 金卡");
    arrives(&mut console, "gold", |console| tags_of(console, "c00") == ["金卡"]);
    console.line("tag.add 银卡");
    arrives(&mut console, "silver alone", |console| tags_of(console, "c00") == ["银卡"]);
}

#[test]
fn stage_owner_and_fields_by_keys_and_by_form() {
    let mut console = opened();
    console.keys("s").text("active").keys("enter");
    arrives(&mut console, "the stage", |console| customer(console, "c00").stage.as_deref() == Some("active"));
    console.keys("a").text("ww").keys("enter");
    arrives(&mut console, "the owner", |console| customer(console, "c00").owners[0].as_str() == "o2");
    console.line("customer.set city 杭州");
    arrives(&mut console, "the city", |console| customer(console, "c00").city.as_deref() == Some("杭州"));
    console.keys("E");
    form(&mut console);
    console.paste("老朋友").keys("C-s");
    closed(&mut console);
    arrives(&mut console, "a field of the form", |console| {
        let found = customer(console, "c00");
        [found.remark, Some(found.name), found.alias, found.company].contains(&Some("老朋友".to_owned()))
            || found.relations.iter().any(|relation| relation.remark.as_deref() == Some("老朋友"))
    });
}

#[test]
fn a_note_a_call_points_and_a_coupon_are_on_the_timeline() {
    let mut console = opened();
    console.keys("i");
    form(&mut console);
    console.paste("第一行\n第二行").keys("C-s");
    closed(&mut console);
    arrives(&mut console, "the note", |console| events(console, "c00").len() == 1);
    let note = &events(&console, "c00")[0];
    assert_eq!((note.kind, note.body.as_deref()), (EventKind::Note, Some("第一行\n第二行")));
    console.keys("c 2").keys("enter");
    arrives(&mut console, "the call", |console| {
        events(console, "c00").iter().any(|one| one.kind == EventKind::Call)
    });
    let call = events(&console, "c00").into_iter().find(|one| one.kind == EventKind::Call).unwrap();
    assert!(!text(&call, "outcome").is_empty());
    console.line("points.add 50 生日");
    arrives(&mut console, "the points", |console| customer(console, "c00").points == Some(150));
    console.line("coupon.grant 满100减10");
    arrives(&mut console, "the coupon", |console| {
        events(console, "c00").iter().any(|one| text(one, "coupon") == "满100减10")
    });
    assert_eq!(events(&console, "c00").len(), 4, "each once");
}

#[test]
fn undo_before_it_is_sent_withdraws_and_after_it_sends_the_inverse() {
    let mut console = opened();
    console.stop_server();
    console.wait_for("the end of the link", |screen| screen.has("offline")); // nothing is on its way then
    console.line("stage.set active");
    console.wait_until("the stage", |console| row(console, "c00").stage.as_deref() == Some("active"));
    console.keys("u");
    console.wait_until("the old stage", |console| row(console, "c00").stage.as_deref() == Some("new"));
    told(&mut console, "undone");
    console.keys("g o").wait_for("an empty outbox", |screen| screen.has("Outbox")).keys("q");
    super::back(&mut console);
    let seq = console.store.seq();
    console.caught_up();
    super::all_sent(&mut console);
    assert_eq!(console.store.seq(), seq, "nothing came to the server");

    console.line("stage.set active");
    arrives(&mut console, "the stage at the server", |console| {
        customer(console, "c00").stage.as_deref() == Some("active")
    });
    super::all_sent(&mut console);
    console.keys("u");
    arrives(&mut console, "the inverse at the server", |console| {
        customer(console, "c00").stage.as_deref() == Some("new")
    });
    super::all_sent(&mut console);
    console.keys("C-r");
    arrives(&mut console, "the stage again", |console| {
        customer(console, "c00").stage.as_deref() == Some("active")
    });
}
