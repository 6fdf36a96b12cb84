//! What is kept over a restart: the cache, the place, the searches.

use siyu::app::{Detail, Link, Pane};

use crate::runner::{Runner, ready};

fn top_id(console: &Runner) -> String {
    match console.app().details.last() {
        Some(Detail::Customer(detail)) => detail.id.0.clone(),
        Some(Detail::Group(detail)) => detail.id.0.clone(),
        Some(Detail::FollowUp(detail)) => detail.id.0.clone(),
        Some(Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) | None => String::new(),
    }
}

#[test]
fn the_next_start_offers_the_place_and_a_key_goes_there() {
    let mut console = ready();
    console.text("/stage:active").keys("enter 2 0 j").settled();
    let at = console.customer();
    console.keys("4 j j enter g c").settled();
    let (open, pane) = (top_id(&console), console.app().focus);
    let mut console = console.restart();
    console.caught_up();
    // Nothing is done before it is asked for.
    assert!(console.app().details.is_empty() && console.app().filter_text(Pane::Customers).is_empty());
    assert!(console.screen().has("g p goes back where you were"), "{}", console.screen());
    console.keys("g p").settled();
    assert_eq!((console.app().focus, console.app().details.len(), top_id(&console)), (pane, 2, open));
    console.keys("q q 1").settled();
    assert_eq!((console.customer(), console.app().filter_text(Pane::Customers)), (at, "stage:active"));
    console.keys("g p");
    assert_eq!(console.notice(), "there is no place to go back to", "it is offered once");
}

#[test]
fn the_place_is_kept_while_one_works_and_not_while_one_does_not() {
    let mut console = ready();
    console.text("/stage:active").keys("enter 2").settled();
    let kept = |console: &mut Runner| console.console().hands.session.place();
    assert_eq!(kept(&mut console), None, "not with every key");
    console.console().elapse(std::time::Instant::now() + std::time::Duration::from_secs(4));
    let place = kept(&mut console).expect("what a process that is killed now leaves behind");
    assert!(
        place.cut_off && place.pane == Pane::Tags && place.lists[0].filter == "stage:active",
        "{place:?}"
    );
    // From then on nothing is awaited, and what stays as it is is not written again.
    let quiet = console.console().next();
    assert!(quiet > std::time::Instant::now() + std::time::Duration::from_secs(60), "an idle console looks");
    console.console().hands.session.keep(&siyu::app::Place::default()).unwrap();
    console.keys("j k").settled();
    console.console().elapse(std::time::Instant::now() + std::time::Duration::from_secs(4));
    assert_eq!(kept(&mut console), Some(siyu::app::Place::default()), "the place is the same");
}

#[test]
fn what_was_being_typed_is_still_there() {
    let mut console = ready();
    console.keys("3 /").text("members:>").settled();
    let mut console = console.restart();
    console.caught_up();
    console.keys("g p").settled();
    assert_eq!(console.app().focus, Pane::Groups);
    assert!(console.screen().has("/ members:>"), "{}", console.screen());
}

#[test]
fn searches_of_the_last_session_are_in_the_history() {
    let mut console = ready();
    console.text("/stage:lost").keys("enter X").text("/张").keys("enter X");
    let mut console = console.restart();
    console.keys("/ up up enter").settled();
    assert_eq!(console.app().filter_text(Pane::Customers), "stage:lost");
}

#[test]
fn without_the_server_it_opens_on_what_it_knows_and_says_how_old_that_is() {
    let mut console = ready();
    let rows = console.customers();
    console.stop_server();
    // The sync goes by the console's clock.
    let later = console.clock.now().millis + 3 * 3_600_000;
    console.set_clock(siyu::model::Time::from_millis(later));
    let mut console = console.restart();
    console.wait_until("word that the server is away", |console| {
        matches!(console.app().header.link, Link::Offline { .. })
    });
    assert_eq!(console.customers(), rows);
    let header = console.screen().rows[0].clone();
    assert!(header.contains("offline") && header.contains("3h"), "{header}");
    console.start_server().caught_up();
    assert!(console.screen().rows[0].contains("live"), "{}", console.screen());
}

#[test]
fn a_row_alone_is_a_place_and_so_are_a_tag_and_an_entry() {
    let mut console = ready();
    console.keys("G").settled();
    let last = console.customer();
    let mut console = console.restart();
    console.caught_up();
    assert!(console.screen().has("g p goes back where you were"), "{}", console.screen());
    console.keys("g p").settled();
    assert_eq!(console.customer(), last);

    console.keys("2 7 j").settled();
    let tag = console.app().tags.current().map(|tag| tag.id.clone());
    let mut console = console.restart();
    console.caught_up();
    console.keys("g p").settled();
    assert_eq!(console.app().tags.current().map(|tag| tag.id.clone()), tag);

    let entry = |console: &Runner| match console.app().details.last() {
        Some(Detail::Customer(detail)) => detail.timeline.current().map(|at| at.row.id.clone()),
        _ => None,
    };
    console.keys("1 g g enter 3 j").settled();
    let at = entry(&console);
    assert!(at.is_some());
    let mut console = console.restart();
    console.caught_up();
    console.keys("g p").settled();
    assert_eq!(entry(&console), at);
}

#[test]
fn at_the_place_where_every_session_begins_nothing_is_offered() {
    let mut console = ready().restart();
    console.caught_up();
    assert!(!console.screen().has("g p goes back"), "{}", console.screen());
}
