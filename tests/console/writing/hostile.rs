//! Hostile text through form, question, outbox and server, and back onto the screen.

use siyu::app::Overlay;

use super::{closed, events, form, opened, question};
use crate::borders::{over, whole};
use crate::hostile::naughty;
use crate::runner::Runner;

const SIZES: [(u16, u16); 2] = [(120, 40), (80, 24)];

fn check(console: &mut Runner, title: &str) {
    for (width, height) in SIZES {
        console.resize(width, height).settled();
        whole(&console.screen(), console.app());
        if !title.is_empty() {
            over(&console.screen(), title);
        }
    }
}

#[test]
fn naughty_notes_come_back_as_they_were_typed() {
    let Some(strings) = naughty() else { return };
    let mut console = opened();
    console.stop_server();
    let mut wanted = Vec::new();
    for text in strings.iter().filter(|text| !text.trim().is_empty()).step_by(3) {
        console.keys("i");
        form(&mut console);
        console.paste(text).settled();
        if wanted.len() % 8 == 0 {
            check(&mut console, "note");
        }
        console.keys("C-s");
        closed(&mut console);
        wanted.push(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    console.keys("g o").settled();
    for _ in 0..wanted.len() {
        whole(&console.screen(), console.app());
        console.keys("j");
    }
    check(&mut console, "");
    console.keys("q");
    super::back(&mut console);
    let count = wanted.len();
    console.wait_until("all notes", |console| events(console, "c00").len() == count);
    let found = events(&console, "c00").into_iter().map(|note| note.body.unwrap_or(note.title));
    let mut found: Vec<String> = found.collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn a_question_about_naughty_text_stands_whole() {
    let Some(strings) = naughty() else { return };
    let mut console = opened();
    for text in strings.iter().filter(|text| !text.trim().is_empty() && !text.contains("{{")).step_by(8) {
        console.keys("M");
        form(&mut console);
        while !matches!(&console.app().overlay, Some(Overlay::Form(form)) if form.fields[form.focus].name == "text")
        {
            console.keys("tab");
        }
        console.keys("C-u").paste(text).keys("C-s");
        question(&mut console);
        check(&mut console, "Confirm");
        console.keys("esc C-u").settled();
        while console.app().overlay.is_some() {
            console.keys("esc").settled();
        }
    }
    assert!(events(&console, "c00").is_empty(), "nothing was sent");
}
