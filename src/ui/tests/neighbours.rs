//! `[` and `]` go on in the list one came from, whatever it is a list of.

use super::Console;
use crate::app::Detail;
use crate::i18n::Lang;

/// Id of the innermost detail's record.
fn open(console: &Console) -> String {
    match console.app.details.last() {
        Some(Detail::Customer(open)) => open.id.0.clone(),
        Some(Detail::Group(open)) => open.id.0.clone(),
        Some(Detail::FollowUp(open)) => open.id.0.clone(),
        Some(Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) | None => String::new(),
    }
}

#[test]
fn out_of_a_group_one_goes_on_from_member_to_member() {
    let mut console = Console::new(Lang::Zh, 120, 40);
    console.keys("3 enter enter");
    let first = open(&console);
    console.keys("]");
    let second = open(&console);
    assert_ne!(first, second);
    assert_eq!(console.app.details.len(), 2);
    console.keys("[");
    assert_eq!(open(&console), first);
    console.keys("9 9 ]");
    assert_eq!(console.app.details.len(), 2, "behind the last member one stays on one");
    console.keys("esc");
    assert!(matches!(console.app.details.last(), Some(Detail::Group(_))));
}

#[test]
fn out_of_a_follow_up_one_goes_on_to_the_customer_of_the_next() {
    let mut console = Console::new(Lang::Zh, 120, 40);
    console.keys("4 enter enter");
    let first = open(&console);
    console.keys("]");
    assert_ne!(open(&console), first);
    assert_eq!(console.app.details.len(), 2);
    let expected = console.app.follow_ups.current().unwrap().row.customer_id.0.clone();
    assert_eq!(open(&console), expected);
    console.keys("[ [");
    assert_eq!(open(&console), first);
    assert!(console.app.notice.is_some(), "before the first there is none");
}
