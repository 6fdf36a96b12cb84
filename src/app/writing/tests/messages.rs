//! Messages: the form with channel and text, what it comes to, and its copy.

use super::Desk;
use crate::app::{Effect, Overlay};

/// What the field that one types into comes to, or why to nothing.
fn means(desk: &Desk) -> Result<&str, &str> {
    match &desk.app.overlay {
        Some(Overlay::Form(form)) => {
            form.current().unwrap().means.as_ref().map(String::as_str).map_err(String::as_str)
        }
        other => panic!("no form is open, but {other:?}"),
    }
}

fn copied(desk: &Desk) -> Option<&str> {
    desk.done.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_snippet_opens_the_form_with_its_variables_filled() {
    let mut desk = Desk::new();
    desk.keys("; enter");
    assert_eq!(desk.texts(), ["wecom", "老客 您好"], "the only channel, and the text");
    assert!(desk.asked().is_none(), "nothing is planned before it was read");
    desk.types("，周六见").keys("C-s");
    assert_eq!(desk.args(), ["wecom", "老客 您好，周六见"]);
    desk.planned();
    assert!(desk.is_asked() && desk.commits().is_empty());
    desk.keys("enter").written();
    assert!(!desk.is_form());
    desk.line("message.snippet 问好").keys("esc");
    assert!(desk.plan().unwrap_err().contains("问候"), "a name that is none is told by the plan");
}

#[test]
fn of_several_channels_one_is_asked_for() {
    let mut desk = Desk::new();
    desk.keys("j M");
    assert_eq!(desk.texts(), ["", ""]);
    assert_eq!(means(&desk), Err("客户1 has several channels, say which: wecom, douyin"));
    desk.keys("C-s");
    assert!(desk.asked().is_none());
    desk.keys("C-n C-n").keys("tab").types("在吗").keys("C-s");
    assert_eq!(desk.args(), ["douyin", "在吗"]);
    desk.keys("esc").line("message.send \"您 好\"");
    assert_eq!(desk.texts()[1], "您 好", "a single word that is no channel is the text");
}

#[test]
fn variables_are_shown_filled_and_copied_so() {
    let mut desk = Desk::new();
    desk.keys("M").types("{{customer.name}}，在吗");
    assert_eq!((desk.texts()[1], means(&desk)), ("{{customer.name}}，在吗", Ok("客户0，在吗")));
    desk.keys("C-y");
    assert_eq!(copied(&desk), Some("客户0，在吗"));
    assert!(desk.notice().contains("客户0，在吗"), "{}", desk.notice());
    desk.types("{{customer.city}}");
    assert_eq!(means(&desk), Err("has no customer.city"));
    desk.keys("C-s");
    assert!(desk.asked().is_none());
}

#[test]
fn to_many_the_text_goes_with_its_variables() {
    let mut desk = Desk::new();
    desk.keys("space space ; enter");
    assert_eq!(desk.texts(), ["each one's own", "{{customer.called}} 您好"]);
    desk.keys("C-s");
    assert_eq!(desk.args(), ["auto", "{{customer.called}} 您好"]);
}

#[test]
fn what_was_written_before_is_had_again() {
    let mut desk = Desk::new();
    for title in ["寄样品", "回访"] {
        desk.keys("n").types(title).keys("C-s").planned().written();
    }
    let remembered = desk.done.iter().filter(|effect| matches!(effect, Effect::RememberTyped { .. })).count();
    assert_eq!(remembered, 2, "what stands in a field is remembered once it is written");
    desk.keys("n").types("新").keys("C-p");
    assert_eq!(desk.texts()[0], "回访");
    desk.keys("C-p C-p");
    assert_eq!(desk.texts()[0], "寄样品", "the oldest is the last");
    desk.keys("C-n C-n");
    assert_eq!(desk.texts()[0], "新", "and what was typed comes back");
    desk.keys("C-p").types("一次").keys("C-p");
    assert_eq!(desk.texts()[0], "回访", "what was typed at is the newest again");
}

#[test]
fn a_number_takes_a_number_and_a_masked_phone_says_so() {
    let mut desk = Desk::with(|settings| settings.mask_phones = true);
    desk.keys("E S-tab C-u").types("many");
    assert_eq!(means(&desk), Err("score: \"many\" is not a number"));
    desk.keys("C-u").types("4");
    assert_eq!(means(&desk), Ok(""));
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("no form") };
    let phone = form.fields.iter().find(|field| field.name == "phone").unwrap();
    assert_eq!(phone.fixed.as_deref(), Some("masked: reveal it with v to edit it"));
    let before = form.fields.iter().position(|field| field.name == "phone").unwrap() - 1;
    for _ in 0..=before {
        desk.keys("tab");
    }
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("no form") };
    assert_eq!(form.focus, before);
    desk.keys("tab").types("某某");
    assert_eq!(desk.texts()[before + 1], "", "it is gone past, and takes no text");
}
