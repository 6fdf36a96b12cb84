//! Pickers, questions, commits, and what comes back of them.

use super::Desk;
use crate::app::{Effect, Event, Overlay, TakenBack, Targets, Tone, Written};
use crate::command::plan::Skip;
use crate::command::{Risk, Verb};
use crate::keymap::parse_keys;
use crate::model::Resource;
use crate::model::{Left, Pushed, SyncEvent};

#[test]
fn a_tag_is_found_by_its_pinyin_and_put_on() {
    let mut desk = Desk::new();
    desk.keys("j t").types("gaoyi").keys("enter");
    let (command, targets) = desk.asked().expect("a plan is asked for");
    assert_eq!(
        (command.verb, command.args.as_slice()),
        (Verb::TagEdit, ["t2".to_owned(), String::new()].as_slice())
    );
    assert_eq!(*targets, Targets::Records(Resource::Customers, vec!["c1".to_owned()]));
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["+tag 高意向"]);
    desk.written();
    assert_eq!((desk.notice(), desk.app.overlay.is_none()), ("done ×1 · u undoes it", true));
}

#[test]
fn tab_toggles_several_tags_and_takes_off_what_is_there() {
    let mut desk = Desk::new();
    // The customer's own tag stands first, and is on.
    desk.keys("t tab down tab down tab enter");
    assert_eq!(desk.args(), ["t2,t3", "t1"]);
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["+tag 高意向, 会员  -tag 母婴"]);
}

#[test]
fn a_tag_toggled_twice_is_left_as_it_is() {
    let mut desk = Desk::new();
    desk.keys("t tab tab down tab enter");
    assert_eq!(desk.args(), ["t2", ""]);
}

#[test]
fn stage_owner_and_result_are_picked() {
    for (keys, typed, args) in
        [("s", "dorm", ["dormant"]), ("a", "wang", ["王五"]), ("a", "me", ["me"]), ("c", "2", ["interested"])]
    {
        let mut desk = Desk::new();
        desk.keys(keys).types(typed).keys("enter");
        assert_eq!(desk.args(), args, "{keys} {typed}");
        desk.planned();
        assert_eq!(desk.commits().len(), usize::from(typed != "me"), "{keys} {typed}: {}", desk.notice());
    }
}

#[test]
fn what_was_refused_stays_where_it_was_typed() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned();
    desk.committed(Err("the disk is full".to_owned()));
    assert_eq!((desk.texts(), desk.error()), (vec!["约周六"], "the disk is full"));
    assert!(matches!(desk.last_draft(), Some(Some(_))));
    // And it can be tried again.
    desk.keys("C-s").planned();
    assert_eq!(desk.commits().len(), 2);
}

#[test]
fn a_key_pressed_twice_writes_once() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned().keys("C-s").written();
    let plans = desk.done.iter().filter(|effect| matches!(effect, Effect::Plan { .. })).count();
    assert_eq!((plans, desk.commits().len(), desk.app.overlay.is_none()), (1, 1, true));
}

#[test]
fn many_records_are_asked_about_and_one_is_not() {
    let mut desk = Desk::new();
    desk.line("tag.add VIP").planned();
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
    let mut desk = Desk::new();
    desk.keys("space space space").line("tag.add VIP").planned();
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true));
    desk.keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
    assert_eq!((desk.commits()[0].risk, desk.commits()[0].records()), (Risk::Bulk, 3));
}

#[test]
fn a_great_many_want_their_number() {
    let mut desk = Desk::new();
    desk.keys("*").line("tag.add VIP").planned();
    desk.keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true), "nothing was typed");
    desk.types("39").keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true), "another number");
    assert!(matches!(&desk.app.overlay, Some(Overlay::Confirm(confirm)) if confirm.wrong));
    assert_eq!(desk.notice(), "the number to type is 40");
    desk.keys("backspace backspace").types("40").keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
}

#[test]
fn no_goes_back_to_the_form_with_its_text() {
    let mut desk = Desk::new();
    desk.keys("space space i").types("约周六").keys("C-s").planned();
    assert!(desk.is_asked());
    desk.keys("esc");
    assert_eq!((desk.texts(), desk.notice(), desk.commits().len()), (vec!["约周六"], "not done", 0));
    desk.keys("C-s").planned().keys("enter").written();
    assert!(!desk.is_form(), "it is written, and closed");
    assert_eq!(desk.last_draft(), Some(&None));
}

#[test]
fn a_read_only_console_opens_no_form() {
    let mut desk = Desk::with(|settings| settings.read_only = true);
    for keys in ["i", "t", "E", "n", "s", "u", "C-r"] {
        desk.keys(keys);
        assert_eq!(
            (desk.app.overlay.is_none(), desk.notice()),
            (true, "read-only: nothing can be changed"),
            "{keys}"
        );
    }
    assert_eq!(desk.done, []);
}

#[test]
fn what_was_taken_back_is_told() {
    let back = TakenBack { label: "tags VIP".to_owned(), withdrawn: 2, ..TakenBack::default() };
    let left = vec![("王芳".to_owned(), Left::Changed)];
    let final_left = vec![("王芳".to_owned(), Left::Final)];
    for (key, redo, result, told, tone) in [
        ("u", false, Ok(Some(back.clone())), "undone: tags VIP ×2", Tone::Good),
        ("C-r", true, Ok(Some(back.clone())), "done again: tags VIP ×2", Tone::Good),
        (
            "u",
            false,
            Ok(Some(TakenBack { inverted: 1, ..back.clone() })),
            "was sent already, its inverse is queued: tags VIP ×3",
            Tone::Good,
        ),
        (
            "u",
            false,
            Ok(Some(TakenBack { left, ..back })),
            "undone: tags VIP ×2 · 1 left (王芳: changed since)",
            Tone::Bad,
        ),
        (
            "u",
            false,
            Ok(Some(TakenBack {
                label: "note 约周六".to_owned(), left: final_left, ..TakenBack::default()
            })),
            "not undone: note 约周六 · 1 left (王芳: cannot be taken back)",
            Tone::Bad,
        ),
        ("u", false, Ok(None), "nothing to undo", Tone::Plain),
        ("C-r", true, Ok(None), "nothing to redo", Tone::Plain),
        ("u", false, Err("the disk is full".to_owned()), "the disk is full", Tone::Bad),
    ] {
        let mut desk = Desk::new();
        desk.keys(key);
        let [Effect::TakeBack { id, redo: asked, sure: None }] = desk.done[..] else {
            panic!("{:?}", desk.done)
        };
        assert_eq!(asked, redo);
        desk.event(Event::TakenBack(id, redo, result));
        let notice = desk.app.notice.as_ref().expect("it is told");
        assert_eq!((notice.text.as_str(), notice.tone), (told, tone));
    }
}

#[test]
fn a_command_that_changes_nothing_says_why() {
    let mut desk = Desk::new();
    desk.line("tag.add 母婴").planned();
    assert_eq!((desk.notice(), desk.commits().len()), ("nothing to change: is so already", 0));
    desk.line("tag.add 没有的").planned();
    assert_eq!(desk.commits().len(), 0);
    assert!(desk.notice().contains("没有的"), "{}", desk.notice());
}

#[test]
fn writes_that_did_not_go_through_are_told_once() {
    let mut desk = Desk::new();
    let pushed = |failed| Event::Sync(SyncEvent::Pushed(Pushed { failed, ..Pushed::default() }));
    desk.event(pushed(0));
    assert_eq!(desk.app.notice, None);
    desk.event(pushed(2));
    let notice = desk.app.notice.take().expect("it is told");
    assert_eq!(
        (notice.tone, notice.text.as_str()),
        (Tone::Bad, "2 changes did not go through: g o shows them")
    );
    desk.event(pushed(2));
    assert_eq!(desk.app.notice, None, "it was told");
    desk.event(pushed(3));
    assert!(desk.app.notice.is_some());
}

#[test]
fn another_sessions_change_is_taken_back_on_the_second_key() {
    let mut desk = Desk::new();
    desk.keys("u");
    let [Effect::TakeBack { id, .. }] = desk.done[..] else { panic!("{:?}", desk.done) };
    let elsewhere = Some(("小李".to_owned(), desk.app.now));
    let label = "rename the tag VIP".to_owned();
    let asks = TakenBack { batch: "b7".to_owned(), label, elsewhere, asks: true, ..TakenBack::default() };
    desk.event(Event::TakenBack(id, false, Ok(Some(asks))));
    let asked = &desk.app.notice.as_ref().expect("it asks").text;
    assert!(["VIP", "小李", "once more"].iter().all(|word| asked.contains(word)), "{asked}");
    desk.done.clear();
    desk.keys("u");
    let sure =
        |effect: &Effect| matches!(effect, Effect::TakeBack { sure, .. } if sure.as_deref() == Some("b7"));
    assert!(desk.done.iter().any(sure), "{:?}", desk.done);
}

#[test]
fn a_key_that_follows_a_save_or_a_mark_of_all_is_about_what_comes_of_it() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s u").planned();
    assert_eq!(desk.texts(), ["约周六"], "the key is no text of the form");
    desk.written();
    assert!(desk.done.iter().any(|effect| matches!(effect, Effect::TakeBack { redo: false, .. })));

    let mut desk = Desk::new();
    let now = desk.app.now;
    let effects: Vec<_> = ["*", "s"].map(|key| parse_keys(key).unwrap()).concat().into_iter().fold(
        Vec::new(),
        |mut all, key| {
            all.extend(desk.app.absorb(Event::Key(key), now));
            all
        },
    );
    assert!(desk.app.overlay.is_none(), "nobody knows yet whom it is for");
    desk.run(effects);
    desk.types("dormant").keys("enter");
    let Some((_, Targets::Records(Resource::Customers, ids))) = desk.asked() else { panic!("no plan") };
    assert_eq!(ids.len(), 40);
}

#[test]
fn leaving_waits_for_what_is_being_written() {
    let mut desk = Desk::new();
    desk.line("tag.add 高意向").keys("q");
    assert!(!desk.done.contains(&Effect::Quit), "its plan is still being made");
    desk.planned();
    assert_eq!((desk.commits().len(), desk.done.contains(&Effect::Quit)), (1, false));
    desk.written();
    assert!(desk.done.contains(&Effect::Quit));
}

#[test]
fn who_asks_twice_leaves_at_once_and_a_failure_or_a_question_keeps_one_here() {
    let mut desk = Desk::new();
    desk.line("tag.add 高意向").keys("C-q C-q");
    assert!(desk.done.contains(&Effect::Quit));
    let mut desk = Desk::new();
    desk.line("tag.add 高意向").keys("C-q").planned();
    desk.committed(Err("the disk is full".to_owned()));
    assert_eq!((desk.notice(), desk.done.contains(&Effect::Quit)), ("the disk is full", false));
    let mut desk = Desk::new();
    desk.keys("*").line("tag.add 高意向").keys("q").planned();
    assert!(matches!(desk.app.overlay, Some(Overlay::Confirm(_))));
    assert!(!desk.done.contains(&Effect::Quit));
}

#[test]
fn where_nothing_was_written_nothing_is_said_of_undo() {
    let mut desk = Desk::new();
    desk.line("tag.add VIP").planned();
    desk.committed(Ok(Written {
        label: "done".to_owned(),
        moved: vec!["王芳".to_owned()],
        reversible: true,
        ..Written::default()
    }));
    assert_eq!(desk.notice(), "done ×0 · 1 changed meanwhile, not overwritten");
}

#[test]
fn a_level_that_nobody_has_is_told() {
    let mut desk = Desk::new();
    desk.app.vocabulary.levels = vec!["金卡".to_owned()];
    desk.line("customer.set level 宇宙").planned();
    let label = &desk.commits()[0].label;
    assert!(label.ends_with("宇宙: a new level: no customer has it yet"), "{label}");
    let mut desk = Desk::new();
    desk.app.vocabulary.levels = vec!["金卡".to_owned()];
    desk.line("customer.set level 金卡").planned();
    assert!(!desk.commits()[0].label.contains("new level"));
}

#[test]
fn records_that_are_left_are_told_with_the_reasons() {
    let mut desk = Desk::new();
    desk.line("tag.add VIP").planned();
    desk.committed(Ok(Written {
        label: "done".to_owned(),
        records: 1,
        skipped: vec![(Skip::AlreadySo, 60), (Skip::Closed, 3)],
        reversible: true,
        ..Written::default()
    }));
    assert_eq!(
        desk.notice(),
        "done ×1 · u undoes it · 63 left as they are (is so already 60, is closed already 3)"
    );
}
