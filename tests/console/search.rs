//! The search line: history, completion, mistakes, and the tags that write filters.

use siyu::app::{Overlay, Pane, Search};

use crate::runner::{Runner, ready};

fn line(console: &Runner) -> &Search {
    match &console.app().overlay {
        Some(Overlay::Search(search)) => search,
        other => panic!("no search line: {other:?}"),
    }
}

fn typed(console: &Runner) -> &str {
    line(console).input.text()
}

#[test]
fn searches_made_before_come_back_with_up_and_the_draft_with_down() {
    let mut console = ready();
    for search in ["stage:new", "张", "stage:dormant", "张"] {
        console.keys("/").paste(search).keys("enter X");
    }
    console.keys("/").text("ci");
    let mut seen = Vec::new();
    for key in ["up", "up", "up", "up", "down", "down", "down", "down"] {
        console.keys(key);
        seen.push(typed(&console).to_owned());
    }
    let (zhang, dormant, new) = ("张", "stage:dormant", "stage:new");
    assert_eq!(seen, [zhang, dormant, new, new, dormant, zhang, "ci", "ci"]);
    // What comes back takes effect at once, as if it had been typed.
    console.keys("up up");
    assert_eq!(console.app().filter_text(Pane::Customers), dormant);
    let rows = console.app().customers.total();
    console.keys("enter X");
    assert!(rows > 0 && rows < console.app().customers.total());
    assert_eq!(console.app().history.last().unwrap(), dormant, "used again, it is the latest");
    assert_eq!(console.app().history.len(), 3, "and stands there once");
}

#[test]
fn tab_completes_keys_then_values_and_goes_round_back_to_what_was_typed() {
    let mut console = ready();
    console.keys("/").text("sta");
    assert!(console.screen().has("stage:"), "{}", console.screen());
    console.keys("tab");
    assert_eq!(typed(&console), "stage:");
    console.text("dor").keys("tab");
    assert_eq!(typed(&console).trim_end(), "stage:dormant");
    assert_eq!(console.app().filter_text(Pane::Customers).trim_end(), "stage:dormant");
    // `lost` has an `st` in it as well: what goes on with the word is completed, and its values are shown.
    console.keys("C-u").text("st").keys("tab");
    assert_eq!(typed(&console), "stage:");
    assert_eq!(line(&console).completions[0].insert, "lead");
    console.keys("tab");
    assert_eq!(typed(&console), "stage:lead");
    console.keys("C-u").text("s");
    let offers: Vec<_> = line(&console).completions.iter().map(|offer| offer.insert.clone()).collect();
    assert!(offers.len() > 2, "{offers:?}");
    for offer in &offers {
        console.keys("tab");
        assert_eq!(typed(&console), offer);
    }
    console.keys("tab");
    assert_eq!(typed(&console), "s");
}

#[test]
fn values_are_completed_out_of_the_data_by_pinyin_too() {
    let mut console = ready();
    let offered = |console: &Runner, label: &str| {
        line(console).completions.iter().any(|offer| offer.label.contains(label))
    };
    for (typed, tag) in [("gyx", "高意向"), ("fugouk", "复购快"), ("会员", "会员日"), ("61", "618")]
    {
        console.keys("/ C-u").text("tag:").paste(typed);
        assert!(offered(&console, tag), "{typed}: {:?}", line(&console).completions);
        console.keys("esc");
    }
    let tag = "高意向";
    console.keys("/").paste("tag:gyx");
    assert!(console.screen().has(tag), "{}", console.screen());
    let city = console.app().vocabulary.cities.first().unwrap().clone();
    console.keys("C-u").text("city:").paste(&city[..city.chars().next().unwrap().len_utf8()]);
    console.keys("tab");
    assert!(typed(&console).starts_with("city:"), "{}", typed(&console));
    console.keys("enter");
    assert!(console.app().customers.total() > 0, "{}", console.screen());
}

#[test]
fn the_caret_of_a_mistake_stands_under_its_column() {
    let mut console = ready();
    // A wide character before it: columns are counted in cells, not in letters.
    for (text, wrong) in [("stage:new foo:1", "foo"), ("张 ltv:>=abc", "abc"), ("(张", "(")] {
        console.keys("/").paste(text);
        let screen = console.screen();
        let footer = screen.rows.len() - 1;
        let shown = &screen.rows[footer];
        assert!(shown.contains('^'), "{text}: {screen}");
        let mark = (0..120).find(|x| screen.at(*x, footer as u16) == "^").unwrap();
        let above = (0..120 - mark).map(|x| screen.at(mark + x, footer as u16 - 1)).collect::<String>();
        assert!(above.starts_with(wrong), "{text}: ^ stands under {above:?}\n{screen}");
        console.keys("esc");
    }
}

#[test]
fn a_near_key_is_offered_for_one_that_is_not_there() {
    let mut console = ready();
    console.keys("/").paste("stagee:new");
    assert!(console.screen().rows.last().unwrap().contains("stage"), "{}", console.screen());
}

#[test]
fn tags_narrow_and_exclude_what_is_shown() {
    let mut console = ready();
    console.keys("/").text("stage:active").keys("enter");
    let active = console.app().customers.total();
    let tag = "VIP";
    console.keys("2 /").paste(tag).keys("enter f n");
    assert_eq!(console.app().focus, Pane::Customers);
    assert_eq!(console.app().filter_text(Pane::Customers), format!("stage:active tag:{tag}"));
    let with = console.app().customers.total();
    console.keys("/ C-u").text("stage:active").keys("enter 2 f x");
    assert_eq!(console.app().filter_text(Pane::Customers), format!("stage:active -tag:{tag}"));
    let without = console.app().customers.total();
    assert_eq!(with + without, active);
    assert!(with > 0 && without > 0);
    console.keys("X");
    assert_eq!(console.app().filter_text(Pane::Customers), "");
    assert_eq!(console.app().customers.total(), crate::town::CUSTOMERS as u64);
}

#[test]
fn clearing_a_filter_stays_on_the_record_one_found() {
    let mut console = ready();
    console.keys("/").text("stage:lost").keys("enter j j");
    // Somebody whose name the list has room for.
    let mut found = console.customer();
    for _ in 0..20 {
        if console.screen().has(&found) {
            break;
        }
        found = console.keys("j").customer();
    }
    console.keys("X").settled();
    assert_eq!(console.customer(), found);
    assert!(console.screen().has(&found));
}
