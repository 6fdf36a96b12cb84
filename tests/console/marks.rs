//! Marks: rows, counts, ranges longer than what is here.

use siyu::app::Pane;

use crate::runner::ready;

#[test]
fn a_range_to_the_last_row_marks_every_row_between() {
    let mut console = ready();
    console.keys("j j V G V").settled();
    let total = console.app().customers.total();
    assert_eq!(console.app().marks(Pane::Customers).unwrap().len() as u64, total - 2);
    console.keys("g u");
    assert!(console.app().marks(Pane::Customers).unwrap().is_empty());
}

#[test]
fn a_counted_mark_marks_so_many_and_the_list_stays_alive() {
    let mut console = ready();
    console.burst("5 0 space").settled();
    assert_eq!(console.app().marks(Pane::Customers).unwrap().len(), 50);
    assert_eq!(console.app().customers.cursor, 50);
    assert!(!console.app().customers.is_pending());
    console.keys("G").settled();
    console.keys("5 space").settled();
    assert_eq!(console.app().marks(Pane::Customers).unwrap().len(), 51, "the last row once");
}

#[test]
fn escape_from_a_search_goes_back_to_the_row() {
    let mut console = ready();
    console.keys("7 0 j").settled();
    let at = console.customer();
    console.keys("/").text("stage:new").settled();
    console.keys("esc").settled();
    assert_eq!(console.customer(), at);
    assert_eq!(console.app().filter_text(Pane::Customers), "");
}
