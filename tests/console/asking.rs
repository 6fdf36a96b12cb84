//! What the console tells of itself: which-key, help, the command line, the clipboard, languages.

use std::time::Instant;

use base64::Engine as _;
use siyu::app::{Detail, Overlay, Pane};
use siyu::i18n::Lang;

use crate::runner::{Runner, ready, start};

#[test]
fn which_key_shows_the_ways_on_when_its_time_has_come_and_not_before() {
    let mut console = start().with(|settings| settings.which_key_ms = 250).ready();
    let begun = Instant::now();
    console.keys("y").wait_until("the ways on", |console| console.app().which_key.is_some());
    assert!(begun.elapsed().as_millis() >= 250, "after {:?}", begun.elapsed());
    let screen = console.screen();
    for way in ["copy the name", "copy the phone", "copy the id", "copy the row"] {
        assert!(screen.has(way), "{way}\n{screen}");
    }
    console.keys("i").settled();
    assert!(console.app().which_key.is_none() && !console.screen().has("copy the row"));
    // Whoever knows the way is not shown it: the timer of a key that is over says nothing.
    console.keys("y n").settled();
    assert!(console.app().which_key.is_none());
}

#[test]
fn help_says_what_works_here_and_finds_what_is_looked_for() {
    let mut console = ready();
    console.keys("2 ?");
    let screen = console.screen();
    assert!(screen.has("customers with the tag") && screen.has("f c"), "{screen}");
    console.keys("/").text("zoom");
    let screen = console.screen();
    assert!(screen.has("zoom the pane") && !screen.has("customers with the tag"), "{screen}");
    assert!(screen.caret.is_some(), "an input method opens at the caret");
    console.keys("enter");
    assert!(console.screen().caret.is_none() && console.screen().has("zoom the pane"));
    console.keys("/ C-u").text("fdmb").settled();
    console.keys("C-u").paste("放大");
    assert!(console.screen().has("zoom the pane"), "{}", console.screen());
    console.keys("esc");
    assert!(console.screen().has("customers with the tag"), "the first Esc ends the search");
    console.keys("G");
    assert_ne!(console.screen(), screen);
    console.keys("esc");
    assert!(console.app().overlay.is_none());
}

fn typed(console: &Runner) -> &str {
    match &console.app().overlay {
        Some(Overlay::Line(line)) => line.input.text(),
        other => panic!("no command line: {other:?}"),
    }
}

#[test]
fn the_command_line_completes_runs_and_marks_mistakes() {
    let mut console = ready();
    console.keys(":").text("pane.z");
    assert!(console.screen().has("zoom the pane"), "{}", console.screen());
    console.keys("tab");
    assert_eq!(typed(&console), "pane.zoom");
    console.keys("enter");
    assert!(console.app().zoomed);
    console.keys("z :").text("pane.zom").keys("enter");
    let screen = console.screen();
    assert!(screen.rows.last().unwrap().contains('^'), "{screen}");
    assert!(screen.rows.last().unwrap().contains("pane.zoom"), "the near one is named: {screen}");
    assert_eq!(typed(&console), "pane.zom", "it can be mended");
    console.keys("C-w").text("sort.set -ltv").keys("enter").settled();
    assert_eq!(console.app().customers.sort.to_string(), "-ltv");
    console.keys(":").text("sort.set nonsense").keys("enter");
    assert!(console.notice().contains("nonsense"), "{}", console.notice());
    console.keys("esc 2 :").text("sort.set name").keys("enter");
    assert!(console.screen().rows.last().unwrap().contains("not available here"), "{}", console.screen());
}

#[test]
fn copying_sends_the_terminal_one_encoded_sequence_and_claims_no_more() {
    let mut console = ready();
    let has_a_phone =
        |console: &mut Runner| console.app().customers.current().is_some_and(|at| at.row.phone.is_some());
    assert!((0..20).any(|_| has_a_phone(&mut console) || has_a_phone(console.keys("j"))));
    let row = console.app().customers.current().unwrap().row.clone();
    for (keys, text) in
        [("y n", row.name.clone()), ("y p", row.phone.clone().unwrap()), ("y i", row.id.0.clone())]
    {
        console.keys(keys);
        let sent = std::mem::take(&mut console.console.hands.sent);
        let inner = sent.strip_prefix(b"\x1b]52;c;").unwrap().strip_suffix(b"\x07").unwrap();
        let decoded = base64::engine::general_purpose::STANDARD.decode(inner).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), text);
        assert!(
            console.notice().contains("sent") && console.notice().contains(&text),
            "{}",
            console.notice()
        );
    }
    console.keys("3 y p");
    assert!(console.console.hands.sent.is_empty());
    console.keys("3 enter a").settled();
    let Some(Detail::Group(group)) = console.app().details.last() else { panic!() };
    let name = group.record.view.as_ref().unwrap().group.name.clone();
    console.keys("y y");
    assert!(console.notice().ends_with(&name), "{}", console.notice());
}

#[test]
fn the_other_language_at_one_key_and_one_stays_where_one_is() {
    let mut console = ready();
    console.keys("/").text("stage:new").keys("enter j j");
    let (english, at) = (console.screen(), console.customer());
    assert!(english.has("Customers") || english.has("customers"), "{english}");
    console.keys("L");
    let chinese = console.screen();
    assert_eq!(console.app().settings.lang, Lang::Zh);
    assert!(chinese.has("客户") && chinese.has("标签") && chinese.has("待跟进"), "{chinese}");
    assert_eq!((console.customer(), console.app().filter_text(Pane::Customers)), (at, "stage:new"));
    console.keys("L");
    assert_eq!(console.screen(), english);
}
