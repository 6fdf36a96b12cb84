//! No key of the table is dead: wherever one is, every key that is bound there does something
//! that the operator can see, or asks for something.

use std::collections::BTreeSet;

use siyu::app::{Detail, Event, Pane, Place};
use siyu::command::{Layer, Verb};
use siyu::keymap::{STACKS, print_keys};

use crate::runner::{Runner, ready};

/// Brings the console to a place where every key of the layer has something to work on.
fn go_to(console: &mut Runner, layer: Layer) {
    match layer {
        Layer::Customers => console.text("/妈").keys("enter j j j space j"),
        Layer::Tags => console.keys("2").text("/会").keys("enter j"),
        Layer::Groups => console.keys("3 j").text("/群").keys("enter space"),
        Layer::FollowUps => console.keys("4").text("/due:<2099-01-01").keys("enter j j space j"),
        Layer::Customer => console.keys("j j enter tab j tab j j"),
        Layer::Group => console.keys("3 j enter j j"),
        Layer::FollowUp => console.keys("4 j enter").resize(120, 14).settled().keys("j"),
        Layer::Outbox => {
            console.stop_server();
            for text in ["一", "二", "三"] {
                let written = |console: &Runner| console.app().overlay.is_none();
                console.keys("i").text(text).keys("C-s").wait_until("a note", written);
            }
            console.keys("g o").settled().keys("j")
        }
        Layer::Triage => console
            .keys("T")
            .keys("1 enter")
            .wait_until("a last one", |console| console.app().desk.last.is_some())
            .keys("space 2"),
        Layer::Steps => {
            console.keys("Q a");
            for line in ["stage.set active", "note.add 一", "note.add 二"] {
                console.line(line).settled();
            }
            console.keys("Q").settled().keys("j")
        }
        Layer::Form => console.keys("n").text("回访"),
        Layer::Confirm => console
            .keys("*")
            .wait_until("all marked", |console| console.app().customer_marks.len() > 20)
            .keys("t")
            .text("会员日")
            .keys("enter")
            .wait_until("the question", |console| console.app().layers()[0] == Layer::Confirm)
            .text("1 2")
            .keys("left down down"),
        Layer::Help => console.keys("?").settled().keys("j j j"),
        Layer::Input => console.keys("/").text("city:h").keys("left left"),
        Layer::Picker => console.keys("C-p").text("re").keys("down left"),
        Layer::Global | Layer::List => console.keys("j"),
    };
    if layer == Layer::Customer {
        // An entry that has more to it than a line.
        console.keys("g g").resize(60, 20);
        let long = |console: &Runner| match console.app().details.last() {
            Some(Detail::Customer(detail)) => detail.timeline.current().is_some_and(|at| {
                at.row.title.chars().count() + at.row.body.as_deref().unwrap_or_default().chars().count() > 30
            }),
            _ => panic!("no detail"),
        };
        // Not every customer has one; those are passed.
        let found = (0..20).any(|_| {
            let found = (0..60).any(|_| long(console.keys("j")));
            found || long(console.keys("]").settled().keys("g g"))
        });
        assert!(found, "no entry has more to it than a line:\n{}", console.screen());
    }
    console.settled();
}

fn pane_verb(pane: Pane) -> Verb {
    match pane {
        Pane::Customers => Verb::PaneCustomers,
        Pane::Tags => Verb::PaneTags,
        Pane::Groups => Verb::PaneGroups,
        Pane::FollowUps => Verb::PaneFollowUps,
    }
}

#[test]
fn every_key_of_every_place_does_something() {
    let mut dead = BTreeSet::new();
    let mut pressed = 0;
    for stack in STACKS {
        let mut console = ready();
        // Searches made before, a place to go back to.
        console.text("/li").keys("enter X").text("/ma").keys("enter X");
        let place = console.app().place();
        go_to(&mut console, stack[0]);
        assert_eq!(console.app().layers(), *stack, "{}", console.screen());
        let before = console.shows(console.app());
        let app = console.console.app.clone();
        for binding in app.settings.keymap.bindings(stack) {
            // Going to the place where one is.
            let here = Pane::ALL.map(|pane| (pane.layer(), pane_verb(pane)));
            let there = [(Layer::Group, Verb::GroupMembers), (Layer::Outbox, Verb::OutboxOpen)];
            let going = (stack[0], binding.command.verb);
            if here.contains(&going) || there.contains(&going) {
                continue;
            }
            pressed += 1;
            console.console.app = app.clone();
            if binding.command.verb == Verb::PlaceResume {
                console.console.app.offer(Place { pane: Pane::Groups, ..place.clone() });
            }
            console.console.app.notice = None;
            let mut effects = Vec::new();
            for key in &binding.keys {
                let now = console.app().now;
                effects = console.console.app.absorb(Event::Key(*key), now);
            }
            if effects.is_empty() && console.shows(console.app()) == before {
                dead.insert(format!(
                    "{} {} ({})",
                    stack[0].name(),
                    print_keys(&binding.keys),
                    binding.command
                ));
            }
        }
    }
    assert!(pressed > 250, "only {pressed} keys were pressed");
    assert!(dead.is_empty(), "these keys do nothing:\n{}", dead.into_iter().collect::<Vec<_>>().join("\n"));
}
