//! What an operator does in the demo: look, move, search, open and close.

use std::time::Duration;

use crate::home::Home;

const WIDE: (u16, u16) = (120, 40);
const QUIET: Duration = Duration::from_millis(400);

#[test]
fn the_demo_shows_four_panes_with_rows() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    for title in ["1 客户", "2 标签", "3 群动态", "4 待跟进"] {
        terminal.wait_text(title);
    }
    terminal.wait_text("300");
    terminal.settle(QUIET);
    assert_eq!(terminal.boxes(), 4);
    assert_eq!(terminal.broken_border(), None);
}

#[test]
fn english_is_equal() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "en"], WIDE);
    for title in ["1 Customers", "2 Tags", "3 Group", "4 Follow-ups"] {
        terminal.wait_text(title);
    }
    terminal.settle(QUIET);
    assert_eq!(terminal.broken_border(), None);
}

#[test]
fn keys_move_and_a_row_down_is_cheap() {
    let home = Home::new();
    let mut terminal = home.demo(&[], WIDE);
    terminal.settle(QUIET);
    let first = terminal.selected_row();
    terminal.keys("j");
    terminal.wait_for("the second row", |terminal| terminal.selected_row() != first);
    terminal.settle(QUIET);
    let before = terminal.raw().len();
    terminal.keys("j");
    terminal.settle(QUIET);
    let bytes = terminal.raw().len() - before;
    assert!((1..600).contains(&bytes), "one row down wrote {bytes} bytes");
    terminal.keys("gg");
    terminal.wait_for("the first row", |terminal| terminal.selected_row() == first);
    terminal.keys("G");
    terminal.wait_for("the last row", |terminal| terminal.selected_row() != first);
}

#[test]
fn search_takes_chinese_and_pinyin() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    terminal.settle(QUIET);
    for text in ["王", "wang"] {
        terminal.keys("/");
        terminal.keys(text);
        terminal.keys("\r");
        terminal.wait_for("only those that match", |terminal| {
            let found = terminal.text();
            found.contains(&format!("筛选: {text}")) && found.contains('王') && !found.contains("/300")
        });
        terminal.keys("X");
        terminal.wait_gone(&format!("筛选: {text}"));
    }
}

#[test]
fn every_pane_and_every_detail_opens_and_closes() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    terminal.settle(QUIET);
    for (pane, detail) in [("1", "时间线"), ("3", "趋势"), ("4", "客户")] {
        terminal.keys(pane);
        terminal.settle(QUIET);
        let list = terminal.selected_row();
        assert!(list.is_some(), "pane {pane} has no row:\n{}", terminal.text());
        terminal.keys("\r");
        terminal.wait_for("the detail", |terminal| {
            terminal.text().contains(detail) && !terminal.text().contains("2 标签")
        });
        terminal.settle(QUIET);
        assert_eq!(terminal.broken_border(), None);
        terminal.keys("q");
        terminal.wait_text("2 标签");
        terminal.wait_for("the row one came from", |terminal| terminal.selected_row() == list);
    }
}

#[test]
fn help_palette_and_which_key_open_and_close() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "en"], WIDE);
    terminal.settle(QUIET);
    let before = terminal.text();
    for (keys, text) in [("?", "Help"), ("\x10", "Command palette"), ("g", "first row")] {
        terminal.keys(keys);
        terminal.wait_for(text, |terminal| terminal.text() != before && terminal.text().contains(text));
        terminal.keys("\x1b");
        terminal.wait_for("it to close", |terminal| {
            terminal.text().contains("1 Customers") && !terminal.text().contains(text)
        });
        terminal.settle(QUIET);
    }
}

#[test]
fn plain_has_no_borders() {
    let home = Home::new();
    let small = ["--plain", "demo", "--customers", "50", "--still"];
    let mut terminal = home.open(&small, (100, 30));
    terminal.wait_for_rows();
    terminal.settle(QUIET);
    let text = terminal.text();
    assert!(!text.contains(|c| ('\u{2500}'..='\u{257f}').contains(&c)), "{text}");
}
