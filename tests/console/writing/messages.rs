//! A message from its snippet to the server: read, edited, copied, sent once; and fields that know
//! what was written into them before.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use siyu::app::Overlay;
use siyu::model::EventKind;

use super::{arrives, by_name, closed, customer, events, form, opened, question};
use crate::runner::Runner;

fn texts(console: &Runner) -> Vec<&str> {
    match &console.app().overlay {
        Some(Overlay::Form(form)) => form.fields.iter().map(|field| field.input.text()).collect(),
        other => panic!("no form is open, but {other:?}"),
    }
}

#[test]
fn a_snippet_is_read_edited_and_sent_once() {
    let mut console = opened();
    console.keys(";").wait_for("the snippets", |screen| screen.has("问候")).keys("enter");
    form(&mut console);
    let screen = console.screen();
    assert!(screen.has("wecom") && screen.has("客户00 您好"), "{screen}");
    console.paste("，周六见").keys("C-s");
    question(&mut console);
    assert!(console.screen().has("客户00 您好，周六见"), "{}", console.screen());
    assert!(events(&console, "c00").is_empty(), "nothing before it was said");
    console.keys("enter");
    closed(&mut console);
    arrives(&mut console, "the message", |console| !events(console, "c00").is_empty());
    super::all_sent(&mut console);
    let sent = events(&console, "c00");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].kind, EventKind::MessageOut);
    let said = sent[0].body.as_deref().unwrap_or(&sent[0].title);
    assert_eq!(said, "客户00 您好，周六见");
}

#[test]
fn what_looks_like_a_variable_is_refused_where_it_is_typed() {
    let mut console = opened();
    console.keys(";").wait_for("the snippets", |screen| screen.has("问候")).keys("enter");
    form(&mut console);
    console.paste(" {name}").settled();
    let screen = console.screen();
    assert!(screen.has("{{customer.name}}"), "what there is stands at the field:\n{screen}");
    console.keys("C-s").settled();
    console.wait_until("the refusal", |console| match &console.app().overlay {
        Some(Overlay::Form(form)) => form.error.as_ref().is_some_and(|error| error.contains("{name}")),
        _ => false,
    });
    assert!(events(&console, "c00").is_empty());
}

#[test]
fn the_text_goes_to_the_clipboard_as_it_would_be_sent() {
    let mut console = opened();
    console.keys("M");
    form(&mut console);
    console.paste("{{customer.name}}，{{operator.name}} 在").settled();
    let filled = format!("客户00，{} 在", crate::town::operator().1);
    assert!(console.screen().has(&filled), "{}", console.screen());
    assert!(console.screen().has("C-y"), "the footer tells the key:\n{}", console.screen());
    console.keys("C-y").settled();
    let sequence = String::from_utf8(console.console.hands.sent.clone()).unwrap();
    let inner = sequence.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07')).unwrap();
    assert_eq!(STANDARD.decode(inner).unwrap(), filled.as_bytes());
}

#[test]
fn a_field_knows_what_was_written_into_it_in_an_earlier_session() {
    let mut console = opened();
    console.keys("n");
    form(&mut console);
    console.paste("寄样品").keys("C-s");
    closed(&mut console);
    super::all_sent(&mut console);
    let mut console = console.restart();
    console.caught_up();
    by_name(&mut console);
    console.keys("j n");
    form(&mut console);
    console.keys("C-p").settled();
    assert_eq!(texts(&console)[0], "寄样品");
    assert!(customer(&console, "c01").name == "客户01", "it is another customer's form");
}
