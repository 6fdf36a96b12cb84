//! The clock of the header: it goes with whatever happens, and where nothing does it is looked at
//! when somebody comes back, and every five minutes. No test waits for that.

use std::time::{Duration, Instant};

use siyu::app::{Event, Link};
use siyu::model::Time;

use crate::runner::{Runner, ready};
use crate::town;

fn has(console: &mut Runner, time: &str) -> bool {
    console.screen().to_string().lines().next().is_some_and(|header| header.contains(time))
}

/// What the clock says so many minutes after the tests have begun.
fn later(minutes: i64) -> Time {
    Time { millis: town::now().millis + minutes * 60_000, ..town::now() }
}

#[test]
fn the_clock_stands_while_nobody_looks_and_goes_for_who_comes_back() {
    let mut console = ready();
    console.wait_until("the stream", |console| {
        matches!(console.app().header.link, Link::Online { live: Some(true), .. })
    });
    assert!(has(&mut console, "15:20"));
    console.set_clock(later(1));
    // A minute goes by: nothing is due, and nothing is drawn.
    let (now, minute) = (Instant::now(), Duration::from_secs(60));
    assert!(console.console().next() > now + minute);
    console.console().elapse(now + minute);
    assert!(console.console().is_settled());
    assert!(has(&mut console, "15:20"));
    // The terminal gets the focus.
    console.input(Event::Glance);
    assert!(has(&mut console, "15:21"));
    // Five minutes without anything, and five more.
    console.set_clock(later(7));
    let five = Instant::now() + 5 * minute;
    assert!(console.console().next() <= five);
    console.console().elapse(five);
    assert!(has(&mut console, "15:27"));
}
