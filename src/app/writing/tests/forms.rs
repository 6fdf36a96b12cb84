//! Forms: what is typed is kept, understood, and handed over as it is.

use serde_json::Value;

use super::Desk;
use crate::app::{Effect, Event, Overlay};

#[test]
fn a_paste_of_a_million_characters_is_text_and_no_key() {
    let mut desk = Desk::new();
    let hostile = "q\u{1b}[31mred\u{1b}[0m\u{7}\r\n\u{3}\u{13}:quit\n\u{202e}\t";
    let text = format!("{hostile}{}", "多".repeat(1_000_000));
    desk.keys("i").types(&text);
    // A terminal sends line breaks as carriage returns; all else is as it was.
    let text = text.replace("\r\n", "\n");
    assert!(desk.texts() == [text.as_str()]);
    assert!(desk.asked().is_none() && !desk.done.contains(&Effect::Quit));
    desk.keys("C-s");
    assert!(desk.args() == [text.as_str()]);
}

#[test]
fn what_is_typed_is_kept_until_it_is_written() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六");
    assert!(matches!(desk.last_draft(), Some(Some(text)) if text.contains("约周六")));
    desk.keys("esc");
    assert_eq!(
        (desk.app.overlay.is_none(), desk.notice()),
        (true, "what you typed is kept for the next time")
    );
    desk.keys("j i");
    assert_eq!(desk.texts(), [""], "another customer's");
    desk.keys("esc k i");
    assert_eq!((desk.texts(), desk.notice()), (vec!["约周六"], "what you typed last time is back"));
    desk.keys("C-s").planned();
    assert!(matches!(desk.last_draft(), Some(Some(_))), "it is not written yet");
    desk.written();
    assert_eq!(desk.last_draft(), Some(&None));
    desk.keys("i");
    assert_eq!(desk.texts(), [""]);
}

#[test]
fn what_an_earlier_session_did_not_write_is_back() {
    let mut first = Desk::new();
    first.keys("i").types("约周六");
    let drafts = first.done.iter().filter_map(|effect| match effect {
        Effect::KeepDraft { key, text: Some(text) } => Some((key.clone(), text.clone())),
        _ => None,
    });
    let drafts = drafts.collect();
    let mut second = Desk::new();
    second.event(Event::Drafts(drafts)).keys("i");
    assert_eq!(second.texts(), ["约周六"]);
}

#[test]
fn what_is_typed_while_it_is_being_saved_is_not_thrown_away() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned().types("上午").written();
    assert_eq!(desk.texts(), ["约周六上午"]);
    assert!(matches!(desk.last_draft(), Some(Some(_))));
}

#[test]
fn a_form_that_was_closed_is_not_written_after_all() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s esc").planned();
    assert_eq!(desk.commits().len(), 0);
}

#[test]
fn nothing_typed_makes_no_draft_and_no_notice() {
    let mut desk = Desk::new();
    desk.keys("i esc");
    assert_eq!((desk.app.notice.is_none(), desk.last_draft()), (true, None));
    desk.keys("i").types("a").keys("backspace");
    assert_eq!(desk.last_draft(), Some(&None));
}

#[test]
fn an_edit_sends_what_was_changed_and_nothing_else() {
    let mut desk = Desk::new();
    desk.keys("E").types("，爱喝茶").keys("tab").types("dormant").keys("C-s");
    let sent: Value = serde_json::from_str(desk.args()[0]).expect("JSON");
    assert_eq!(sent, serde_json::json!({"remark": "老客，爱喝茶", "stage": "dormant"}));
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["remark: 老客 → 老客，爱喝茶; stage: (none) → dormant"]);
}

#[test]
fn an_edit_shows_owners_by_name_and_of_nothing_makes_nothing() {
    let mut desk = Desk::new();
    desk.keys("E");
    assert!(desk.texts().contains(&"小李"), "{:?}", desk.texts());
    desk.keys("C-s");
    assert_eq!((desk.error(), desk.asked()), ("nothing was changed", None));
}

#[test]
fn a_phone_that_is_masked_is_not_in_the_form() {
    let mut desk = Desk::with(|settings| settings.mask_phones = true);
    desk.keys("E");
    assert!(!desk.texts().concat().contains("5678"), "{:?}", desk.texts());
    desk.keys("esc v E");
    assert!(desk.texts().contains(&"13812345678"), "{:?}", desk.texts());
}

#[test]
fn a_date_is_echoed_and_what_is_none_is_gone_to() {
    let mut desk = Desk::new();
    let due = |desk: &Desk| match &desk.app.overlay {
        Some(Overlay::Form(form)) => (form.focus, form.fields[1].means.clone()),
        other => panic!("{other:?}"),
    };
    desk.keys("n").types("回访").keys("tab").types("下周二 10:00");
    assert_eq!(due(&desk).1, Ok("2026-03-24 Tue 10:00".to_owned()));
    desk.keys("C-u").types("改天").keys("tab tab C-s");
    let (focus, means) = due(&desk);
    assert_eq!((focus, means.as_ref().err().map(String::as_str)), (1, Some(desk.error())));
    assert!(desk.asked().is_none() && !desk.error().is_empty());
    desk.keys("C-u").types("明天");
    assert_eq!(desk.error(), "", "it is typed at again");
}

#[test]
fn the_first_wrong_field_is_gone_to() {
    let mut desk = Desk::new();
    desk.keys("E tab").types("gone").keys("tab tab").types("谁").keys("C-s");
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("no form") };
    assert_eq!((form.fields[form.focus].name.as_str(), form.error.is_some()), ("stage", true));
    assert!(desk.asked().is_none());
}

#[test]
fn what_the_disk_does_not_take_is_said_so_and_stays_where_it_was_typed() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六");
    desk.event(Event::DraftsKept(Err("no space".to_owned())));
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("the form stays open") };
    assert!(form.error.as_ref().is_some_and(|error| error.contains("no space")), "{:?}", form.error);
    assert_eq!(desk.texts(), ["约周六"]);
    desk.keys("esc");
    assert!(desk.notice().contains("only here") && desk.notice().contains("no space"), "{}", desk.notice());
    // It is lost only by who is told and leaves all the same.
    desk.keys("C-q");
    assert!(!desk.done.contains(&Effect::Quit) && desk.notice().contains("loses"), "{}", desk.notice());
    desk.keys("i");
    assert_eq!(desk.texts(), ["约周六"]);
    desk.keys("esc").event(Event::DraftsKept(Ok(())));
    assert_eq!(desk.notice(), "what you typed is on the disk now");
    desk.keys("C-q");
    assert!(desk.done.contains(&Effect::Quit));
}

#[test]
fn an_empty_follow_up_is_told_at_its_title() {
    let mut desk = Desk::new();
    desk.keys("n C-s");
    assert_eq!(desk.error(), "follow_up.create needs title");
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("the form is closed") };
    assert_eq!(
        (form.fields[form.focus].name.as_str(), form.fields[form.focus].means.is_err()),
        ("title", true)
    );
    desk.keys("tab").types("明天").keys("C-s");
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("the form is closed") };
    assert_eq!(form.fields[form.focus].name, "title", "gone to");
    assert!(desk.asked().is_none(), "nothing is planned");
    desk.types("回访").keys("C-s");
    assert!(desk.asked().is_some());
}

#[test]
fn what_a_moment_and_a_level_come_to_is_told_while_one_types() {
    let means = |desk: &Desk| match &desk.app.overlay {
        Some(Overlay::Form(form)) => form.fields[form.focus].means.clone(),
        other => panic!("no form is open, but {other:?}"),
    };
    let mut desk = Desk::new();
    desk.keys("n tab").types("2020-01-01 10:00");
    let told = means(&desk).unwrap();
    assert!(told.starts_with("2020-01-01") && told.ends_with("(overdue at once)"), "{told}");
    desk.keys("C-u").types("2099-01-01 10:00");
    assert!(!means(&desk).unwrap().contains("overdue"));
    let mut desk = Desk::new();
    desk.app.vocabulary.levels = vec!["金卡".to_owned()];
    desk.keys("E tab tab").types("宇宙");
    assert_eq!(means(&desk), Ok("a new level: no customer has it yet".to_owned()));
    desk.keys("C-u").types("金卡");
    assert_eq!(means(&desk), Ok(String::new()));
}
