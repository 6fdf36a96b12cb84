//! Finding: the search line, tags, orders.

use siyu::app::{Effect, Pane};

use crate::runner::ready;

#[test]
fn a_filter_takes_effect_while_it_is_typed_and_escape_takes_it_back() {
    let mut console = ready();
    let all = console.app().customers.total();
    console.text("/张");
    let one = console.app().customers.total();
    assert!(0 < one && one < all, "{}", console.screen());
    console.keys("esc");
    assert_eq!(console.app().customers.total(), all);
    console.text("/张").keys("enter");
    assert_eq!(console.app().customers.total(), one);
    assert!(console.effects().contains(&Effect::Remember("张".to_owned())));
    console.keys("esc");
    assert_eq!(console.app().customers.total(), all, "Esc clears a filter that was kept");
}

#[test]
fn names_are_found_by_han_and_by_pinyin_whole_or_by_initials() {
    let mut console = ready();
    for typed in ["罗长青", "长青", "青", "luochangqing", "lcq"] {
        console.paste(typed).keys("enter");
        let rows: Vec<_> = console.app().customers.window.rows.iter().map(|at| at.row.name.clone()).collect();
        assert!(rows.iter().any(|name| name == "罗长青"), "{typed}: {rows:?}");
        console.keys("X");
    }
}

#[test]
fn a_mistake_is_marked_and_the_last_good_rows_stay() {
    let mut console = ready();
    console.text("/stage:dormant");
    let rows = console.customers();
    console.paste(" ltv:>=abc");
    assert_eq!(console.customers(), rows);
    assert!(
        matches!(&console.app().overlay, Some(siyu::app::Overlay::Search(search)) if search.error.is_some())
    );
    assert!(console.screen().has("^"), "{}", console.screen());
    console.keys("enter");
    assert!(console.app().overlay.is_some(), "a mistake keeps the line open");
}

#[test]
fn a_tag_shows_its_customers() {
    let mut console = ready();
    console.keys("2");
    let tag = console.app().tags.current().unwrap().clone();
    console.keys("enter");
    assert_eq!(console.app().focus, Pane::Customers);
    assert_eq!(console.app().customers.total(), tag.customers);
}
