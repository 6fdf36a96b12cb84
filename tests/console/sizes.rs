//! Any size, at any moment: nothing panics, and borders stand when the storm is over.

use siyu::keymap::parse_keys;

use crate::borders::whole;
use crate::runner::{Runner, ready};

/// Keys that lead to every view.
const WAYS: [&str; 16] = [
    "1",
    "2",
    "3",
    "4",
    "z",
    "3 z",
    "enter",
    "enter tab",
    "3 enter",
    "3 enter h",
    "4 enter",
    "/",
    ":",
    "C-p",
    "C",
    "?",
];

/// Keys that may come while the window is being drawn larger and smaller; none leaves the view
/// for good or types a text that has no end.
const KEYS: [&str; 12] = ["j", "k", "G", "g g", "pgdn", "pgup", "C-d", "C-u", "tab", "S-tab", "down", "up"];

/// Numbers that look like chance and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u16) -> u16 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % u64::from(end)) as u16
    }
}

fn back(console: &mut Runner) {
    console.resize(120, 40);
    for _ in 0..4 {
        console.keys("esc");
    }
    if console.app().zoomed {
        console.keys("z");
    }
    console.keys("1 g g");
}

#[test]
fn every_view_at_every_odd_size() {
    let mut console = ready();
    for way in WAYS {
        console.keys(way);
        for (width, height) in [
            (60, 20),
            (20, 5),
            (1, 1),
            (0, 0),
            (120, 0),
            (0, 40),
            (40, 10),
            (39, 10),
            (80, 18),
            (110, 20),
            (300, 9),
        ] {
            console.resize(width, height);
            whole(&console.shows(console.app()), console.app());
        }
        // On the terminal too, which is drawn on what the sizes before left behind.
        for (width, height) in [(1, 1), (80, 24), (120, 40)] {
            console.resize(width, height);
            whole(&console.screen(), console.app());
        }
        back(&mut console);
    }
}

#[test]
fn a_window_made_smaller_and_larger_between_two_frames_is_drawn_whole() {
    let mut console = ready();
    let before = console.screen();
    for _ in 0..3 {
        console.resize(50, 12).resize(120, 40);
        assert_eq!(console.screen(), before);
    }
}

#[test]
fn a_small_screen_says_what_it_needs_and_keys_still_work() {
    let mut console = ready();
    console.resize(30, 5);
    let screen = console.screen();
    assert!(screen.has("40") && screen.has("10"), "{screen}");
    console.keys("j j").text("/stage:new").keys("enter");
    console.resize(120, 40);
    assert_eq!(console.app().filter_text(siyu::app::Pane::Customers), "stage:new");
    whole(&console.screen(), console.app());
}

#[test]
fn a_storm_of_sizes_and_keys_in_every_view() {
    let mut console = ready();
    let mut dice = Dice(7);
    for way in WAYS {
        console.keys(way);
        for step in 0..200 {
            let (width, height) = (dice.below(150), dice.below(50));
            console.resize(width, height);
            if step % 4 == 0 {
                // Not all of them are answered before the next size comes.
                let keys = KEYS[usize::from(dice.below(KEYS.len() as u16))];
                for key in parse_keys(keys).unwrap() {
                    console.send(siyu::app::Event::Key(key));
                }
            }
            if step % 20 == 0 {
                whole(&console.shows(console.app()), console.app());
            }
        }
        console.resize(120, 40).settled();
        whole(&console.screen(), console.app());
        back(&mut console);
        whole(&console.screen(), console.app());
    }
    assert_eq!(console.app().customers.total(), crate::town::CUSTOMERS as u64, "{}", console.screen());
}
