//! The four panes: the first pull, going from one to the other, tabs and zoom.

use siyu::app::Pane;

use crate::runner::{ready, start};
use crate::town::CUSTOMERS;

#[test]
fn the_first_pull_fills_all_four_panes() {
    let mut console = start().open();
    console.caught_up();
    let app = console.app();
    assert_eq!(app.customers.total(), CUSTOMERS as u64);
    assert!(app.tags.tags.len() >= 60);
    assert!(app.groups.total() > 0);
    assert!(app.follow_ups.total() > 0);
    let name = app.customers.current().unwrap().row.name.clone();
    let (tag, group) =
        (app.tags.current().unwrap().name.clone(), app.groups.current().unwrap().row.name.clone());
    let title = app.follow_ups.current().unwrap().row.customer.clone();
    let screen = console.screen();
    let group: String = group.chars().take(3).collect(); // a long one is cut
    for shown in [name, tag, group, title] {
        assert!(screen.has(&shown), "{shown} is not in\n{screen}");
    }
    assert!(screen.has("sample"), "{screen}");
}

#[test]
fn number_and_tab_go_from_pane_to_pane() {
    let mut console = ready();
    for (keys, pane) in [
        ("2", Pane::Tags),
        ("3", Pane::Groups),
        ("4", Pane::FollowUps),
        ("1", Pane::Customers),
        ("tab", Pane::Tags),
        ("tab tab tab", Pane::Customers),
        ("S-tab", Pane::FollowUps),
    ] {
        assert_eq!(console.keys(keys).app().focus, pane, "{keys}");
    }
}

#[test]
fn a_zoomed_pane_has_the_screen_to_itself_until_one_goes_back() {
    let mut console = ready();
    let wide = console.screen();
    let tag = console.app().tags.current().unwrap().name.clone();
    let rows = console.app().customers.height;
    console.keys("z");
    assert!(console.app().customers.height > rows + 5);
    assert!(console.customers().iter().all(|id| id != "?"), "rows in view are here");
    let zoomed = console.screen();
    assert!(wide.has(&tag) && zoomed != wide);
    console.keys("z");
    assert_eq!(console.screen(), wide);
    console.keys("z esc");
    assert_eq!(console.screen(), wide);
}
