//! The plan of the house, enforced by reading the sources: which room may use which, who may know
//! a network, a disk or a screen, how long a file may be, and what stands nowhere.
//! `docs/architecture.md` explains the plan.

mod imports;
mod rules;
mod source;

use rules::{ROOMS, broken};
use source::sources;

fn complain(folder: &str) {
    let sources = sources(folder);
    assert!(!sources.is_empty(), "there is nothing under {folder}/");
    let found: Vec<_> = sources.iter().flat_map(broken).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_sources_keep_the_rules_of_the_house() {
    complain("src");
}

#[test]
fn the_tests_keep_the_rules_of_the_house() {
    complain("tests");
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    for (floor, (room, uses)) in ROOMS.iter().enumerate() {
        // The front door and the page that lists the rooms stand beside the house.
        if matches!(*room, "main" | "lib" | "cli" | "runtime") {
            continue;
        }
        for used in *uses {
            let below = ROOMS.iter().position(|(name, _)| name == used);
            assert!(below.is_some_and(|below| below < floor), "{room} stands below {used}");
        }
    }
}
