//! What is typed is never thrown away, and a paste is never keys.

use siyu::app::Overlay;

use super::{arrives, closed, events, form, opened};
use crate::runner::Runner;

fn typed(console: &Runner) -> &str {
    match &console.app().overlay {
        Some(Overlay::Form(form)) => form.fields[0].input.text(),
        other => panic!("no form is open, but {other:?}"),
    }
}

#[test]
fn what_was_typed_outlives_the_console() {
    let mut console = opened();
    console.keys("i");
    form(&mut console);
    console.text("写到一半");
    console.console.hands.flush();
    let settings = (*console.app().settings).clone();
    let mut console = console.open_anew(settings);
    console.caught_up();
    super::by_name(&mut console);
    console.wait_until("the draft", |console| !console.app().writing.drafts.is_empty());
    console.keys("i");
    form(&mut console);
    assert_eq!(typed(&console), "写到一半");
    console.keys("C-s");
    closed(&mut console);
    arrives(&mut console, "the note", |console| events(console, "c00").len() == 1);
    assert!(console.app().writing.drafts.is_empty(), "what was written is no draft");
}

#[test]
fn a_form_that_is_closed_keeps_its_text() {
    let mut console = opened();
    console.keys("i");
    form(&mut console);
    console.text("还没写完").keys("esc").settled();
    assert!(console.app().overlay.is_none() && console.notice().contains("kept"), "{}", console.notice());
    console.keys("j i");
    form(&mut console);
    assert_eq!(typed(&console), "", "it belongs to another customer");
    console.keys("esc k i");
    form(&mut console);
    assert_eq!(typed(&console), "还没写完");
}

/// Pastes a text into a note, and gives what the server has of it.
fn noted(text: &str) -> String {
    let mut console = opened();
    console.keys("i");
    form(&mut console);
    console.paste(text).settled();
    assert_eq!(typed(&console).len(), text.len(), "all of it is in the form, and no key was fired");
    console.effects();
    console.keys("C-s");
    closed(&mut console);
    arrives(&mut console, "the note", |console| events(console, "c00").len() == 1);
    let note = events(&console, "c00").remove(0);
    note.body.unwrap_or(note.title)
}

#[test]
fn a_paste_of_a_million_characters_is_kept_exactly() {
    let text: String = "思域不丢一个字\n".chars().cycle().take(1_000_000).collect();
    let text = text.trim_end();
    assert!(noted(text) == text, "the server has another text");
}

#[test]
fn a_paste_with_control_sequences_fires_no_key() {
    let text = "one\x1b[201~q:quit\rdd\x1b[A\x03\x13\u{202e}two\u{7f}";
    // A carriage return is how a terminal sends a line break.
    assert_eq!(noted(text), text.replace('\r', "\n"));
}
