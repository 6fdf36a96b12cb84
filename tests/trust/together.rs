//! Two consoles, two that write from scripts and one that syncs, on one cache folder.

use std::thread;

use crate::scene::{Scene, said};

/// Commands of each that writes from a script.
const COMMANDS: usize = 10;

#[test]
fn two_consoles_two_scripts_and_a_sync_send_each_write_once() {
    let scene = Scene::new(60);
    let id = scene.reachable().remove(0);
    let mut consoles = [scene.home.open(&[], (120, 40)), scene.home.open(&[], (120, 40))];
    for console in &mut consoles {
        console.wait_for_rows();
    }
    thread::scope(|scope| {
        for script in 0..2 {
            let (scene, id) = (&scene, &id);
            scope.spawn(move || {
                for number in 0..COMMANDS {
                    let command = format!("note.add s{script}n{number}x");
                    let output = scene.home.run(&["do", &command, "--yes", "--ids", id]);
                    assert!(output.status.success(), "{}", said(&output));
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..COMMANDS {
                let output = scene.home.run(&["sync"]); // mostly somebody else syncs
                assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
            }
        });
        for (number, console) in consoles.iter_mut().enumerate() {
            scope.spawn(move || {
                for line in 0..COMMANDS {
                    console.keys(&format!(":note.add c{number}n{line}x\r"));
                    console.wait_text(&format!("c{number}n{line}x ×1")); // it says that it is written
                }
                console.keys(&format!("2:tag.create 窗{number}\r"));
                console.wait_text(&format!("窗{number} ×1"));
                console.keys("/窗\r");
            });
        }
    });
    // Each sees what the other has made.
    for console in &mut consoles {
        console.wait_text("窗0");
        console.wait_text("窗1");
    }
    scene.wait_sent();
    for console in &mut consoles {
        console.keys("\x11"); // Ctrl-Q
        let (status, _) = console.wait_exit();
        assert!(status.success(), "{status}");
    }
    let mut writes = 0;
    for number in 0..2 {
        for n in 0..COMMANDS {
            for word in [format!("s{number}n{n}x"), format!("c{number}n{n}x")] {
                assert_eq!(scene.arrived(&word), 1, "{word}");
                writes += 1;
            }
        }
        assert_eq!(scene.arrived(&format!("窗{number}")), 1);
        writes += 1;
    }
    let states = scene.states();
    assert_eq!((states.len(), states.iter().filter(|state| *state == "done").count()), (writes, writes));
    assert_eq!(scene.integrity(), "ok");
    println!(
        "two consoles, two scripts and a sync on one cache folder: {writes} writes, 0 lost, 0 doubled, 0 stuck"
    );
}
