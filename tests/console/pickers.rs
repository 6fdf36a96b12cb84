//! Orders, columns, saved views and the palette: what one picks from.

use std::path::Path;

use siyu::app::{Overlay, Pane, Picker};
use siyu::config::Config;

use crate::runner::{Runner, ready, settings_of, start};

fn picker(console: &Runner) -> &Picker {
    match &console.app().overlay {
        Some(Overlay::Picker(picker)) => picker,
        other => panic!("no picker: {other:?}"),
    }
}

fn names(console: &Runner) -> Vec<String> {
    console.app().customers.window.rows.iter().map(|at| at.row.name.clone()).collect()
}

#[test]
fn an_order_is_picked_turned_round_and_marked_in_the_headings() {
    let mut console = ready();
    let usual = names(&console);
    console.keys("o").text("ltv");
    assert_eq!(picker(&console).shown.len(), 1, "{}", console.screen());
    console.keys("enter").settled();
    let spent = |console: &Runner| {
        let rows = &console.app().customers.window.rows;
        rows.iter().filter_map(|at| at.row.ltv).collect::<Vec<_>>()
    };
    let first = spent(&console);
    assert!(first.len() > 20 && (first.is_sorted() || first.is_sorted_by(|a, b| a >= b)), "{first:?}");
    assert_ne!(names(&console), usual);
    console.keys("O").settled();
    let turned = spent(&console);
    assert!(turned.is_sorted_by(|a, b| if first.is_sorted() { a >= b } else { a <= b }), "{turned:?}");
    // Picked again it goes the other way.
    console.keys("o").text("ltv").keys("enter").settled();
    assert_ne!(spent(&console), turned);
    console.keys("o").text("name").keys("enter").settled();
    let heading = console.screen().row("Stage").to_owned();
    assert!(heading.contains('▲') || heading.contains('↑') || heading.contains('+'), "{heading}");
}

#[test]
fn columns_come_and_go_and_one_always_stays() {
    let mut console = ready();
    let before = console.app().columns[Pane::Customers as usize].clone();
    assert!(!console.screen().row("Stage").contains("City"));
    console.keys("C").text("city").keys("tab enter").settled();
    let heading = console.screen().row("Stage").to_owned();
    assert!(heading.contains("City"), "{heading}");
    console.keys("C").text("city").keys("tab esc");
    assert_eq!(console.app().columns[Pane::Customers as usize], before, "off again, in the old order");
    console.keys("C");
    for _ in 0..picker(&console).choices.len() {
        if picker(&console).current().unwrap().on == Some(true) {
            console.keys("tab");
        }
        if console.notice().is_empty() {
            console.keys("down");
        }
    }
    assert_eq!(console.app().columns[Pane::Customers as usize].len(), 1);
    assert_eq!(console.notice(), "at least one column stays");
}

const VIEWS: &str = r#"
[views.sleepers]
pane = "customers"
filter = "stage:dormant"
sort = "-ltv"
columns = ["name", "ltv"]
key = "f s"

[views.urgent]
pane = "follow_ups"
filter = "is:pending priority:urgent,high"
key = "f u"

[views.mothers]
pane = "tags"
filter = "宝"
"#;

#[test]
fn saved_views_open_by_key_by_picker_and_by_line_from_wherever_one_is() {
    let config = Config::read(Path::new("config.toml"), VIEWS).unwrap();
    let mut console = start().with(|settings| *settings = settings_of(&config)).ready();
    console.keys("3 f s").settled();
    assert_eq!(console.app().focus, Pane::Customers);
    assert_eq!(console.app().filter_text(Pane::Customers), "stage:dormant");
    assert_eq!(console.app().columns[Pane::Customers as usize], ["name", "ltv"]);
    assert!(console.app().customers.total() > 0);
    let spent: Vec<_> = console.app().customers.window.rows.iter().map(|at| at.row.ltv).collect();
    assert!(spent.is_sorted_by(|a, b| a >= b), "{spent:?}");
    assert!(console.screen().has("stage:dormant"), "{}", console.screen());

    console.keys("f f");
    let screen = console.screen();
    for shown in ["sleepers", "urgent", "mothers", "f s", "f u"] {
        assert!(screen.has(shown), "{shown}\n{screen}");
    }
    console.text("urg").keys("enter").settled();
    assert_eq!(console.app().focus, Pane::FollowUps);
    assert_eq!(console.app().filter_text(Pane::FollowUps), "is:pending priority:urgent,high");

    console.keys(":").text("view.open mothers").keys("enter").settled();
    assert_eq!(console.app().focus, Pane::Tags);
    assert_eq!(console.app().tags.narrowed, "宝");
    console.keys(":").text("view.open nothing").keys("enter");
    assert_eq!(console.notice(), "no such view: nothing");
}

#[test]
fn the_palette_finds_by_either_language_and_by_name_and_runs() {
    let mut console = ready();
    for typed in ["zoom the pane", "放大", "pane.zoom"] {
        console.keys("C-p").paste(typed).keys("enter");
        assert!(console.app().zoomed, "{typed}: {}", console.screen());
        console.keys("z");
    }
    console.keys("L C-p").text("fangda").keys("enter");
    assert!(console.app().zoomed, "{}", console.screen());
    console.keys("z L");
    // What needs more goes on in the command line.
    console.keys("C-p").text("filter.set").keys("enter");
    console.text("stage:new").keys("enter").settled();
    assert_eq!(console.app().filter_text(Pane::Customers), "stage:new");
}

#[test]
fn the_palette_shows_keys_and_says_why_something_cannot_be_used() {
    let mut console = ready();
    console.keys("C-p").text("tag.exclude");
    let choice = picker(&console).current().unwrap().clone();
    assert_eq!(choice.refused.as_deref(), Some("not available here: in tags"));
    assert_eq!(choice.note, "f x", "the key that it has there");
    assert!(console.screen().has("not available here"), "{}", console.screen());
    console.keys("enter");
    assert!(console.notice().contains("not available here: in tags"), "{}", console.notice());
    assert_eq!(console.app().filter_text(Pane::Customers), "");
    console.keys("esc 2 C-p").text("tag.exclude");
    let choice = picker(&console).current().unwrap().clone();
    assert_eq!((choice.refused, choice.note.as_str()), (None, "f x"));
    console.keys("C-u").text("no such thing at all");
    assert!(picker(&console).shown.is_empty());
    console.keys("enter esc");
    assert!(console.app().overlay.is_none());
}

#[test]
fn the_stages_begin_at_the_one_of_now_and_are_named_in_the_language() {
    let mut console = ready();
    let stages = ["lead", "new", "active", "dormant", "lost"];
    let first = console.app().customers.current().and_then(|at| at.row.stage.clone());
    let mut seen = 0;
    while seen < 8 && console.app().customers.current().and_then(|at| at.row.stage.clone()) == first {
        console.keys("j").settled();
        seen += 1;
    }
    for _ in 0..2 {
        let now = console.app().customers.current().and_then(|at| at.row.stage.clone()).unwrap();
        console.line("stage.set");
        let open = picker(&console);
        let at = stages.iter().position(|stage| *stage == now).unwrap();
        assert_eq!((open.cursor, open.choices[at].note.as_str()), (at, "now"), "{now}");
        let labels: Vec<&str> = open.choices.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels, ["Lead", "New", "Active", "Dormant", "Lost"]);
        console.keys("esc k").settled();
    }
}

#[test]
fn no_two_entries_of_the_palette_are_called_the_same_and_risks_stand_beside_keys() {
    let mut console = ready();
    for _ in 0..2 {
        console.keys("C-p");
        let mut labels: Vec<String> =
            picker(&console).choices.iter().map(|choice| choice.label.clone()).collect();
        labels.sort();
        let twice = labels.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
        console.keys("esc L");
    }
    console.keys("C-p").text("tag.edit");
    let screen = console.screen();
    let row = screen.rows.iter().find(|row| row.contains("tags (Customers and tags)"));
    let row = row.unwrap_or_else(|| panic!("{screen}"));
    assert!(row.contains("write") && row.contains(" t │"), "{row}");
}
