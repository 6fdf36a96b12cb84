//! A cache file that is damaged: what can be read of it comes over, nobody is pulled away from under
//! another process, and a console notices that its file is another one.

use std::fs;

use rusqlite::Connection;

use crate::scene::{Scene, said};
use crate::serving::jsonl;

/// Breaks a leaf of a table in the file itself, where a search finds it and opening does not.
fn break_page_of(scene: &Scene, table: &str) {
    let path = scene.cache();
    let sqlite = Connection::open(&path).expect("the cache is SQLite");
    let _: i64 = sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).expect("a number");
    let root: i64 = sqlite
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0))
        .expect("the table is there");
    drop(sqlite);
    let mut bytes = fs::read(&path).expect("it can be read");
    let at = usize::try_from((root - 1) * 4096).expect("a place");
    // The first child of an interior page, or the page itself.
    let page = match bytes[at] {
        5 => {
            let cell = usize::from(u16::from_be_bytes([bytes[at + 12], bytes[at + 13]]));
            let child: [u8; 4] = bytes[at + cell..][..4].try_into().expect("four bytes");
            (usize::try_from(u32::from_be_bytes(child)).expect("a page") - 1) * 4096
        }
        _ => at,
    };
    bytes[page..][..200].fill(0xee);
    let mut file = fs::OpenOptions::new().write(true).open(&path).expect("it can be written");
    std::io::Write::write_all(&mut file, &bytes).expect("it can be written");
}

fn aside(scene: &Scene) -> usize {
    let folder = scene.cache();
    let files = fs::read_dir(folder.parent().expect("a folder")).expect("it can be read").flatten();
    files
        .filter(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            name.starts_with("cache.damaged-") && name.ends_with(".db")
        })
        .count()
}

#[test]
fn audit_and_unsent_writes_come_over_from_a_damaged_file() {
    let scene = Scene::new(60);
    let ids = scene.reachable();
    let on = ids.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(",");
    for word in ["eins", "zwei", "drei"] {
        let output = scene.home.run(&["do", &format!("note.add {word}"), "--yes", "--ids", &on]);
        assert!(output.status.success(), "{}", said(&output));
    }
    scene.home.text(&["do", "note.add vier", "--yes", "--ids", &on, "--offline"]);
    let audit = || jsonl(&scene.home.text(&["list", "audit", "--format", "jsonl"]));
    let before = audit();
    assert_eq!(before.len(), 48);
    break_page_of(&scene, "customers");
    let output = scene.home.run(&["sync"]);
    let told = said(&output);
    assert!(
        output.status.success() && told.contains("48 audit lines") && told.contains("4 commands"),
        "{told}"
    );
    assert_eq!((audit(), aside(&scene)), (before, 1));
    for word in ["eins", "zwei", "drei", "vier"] {
        assert_eq!(scene.arrived(word), 12, "{word}");
    }
    // A broken page of the audit takes its own lines, and they are counted.
    break_page_of(&scene, "audit");
    let told = said(&scene.home.run(&["sync"]));
    let left = audit().len();
    assert!(left < 48 && told.contains("cannot be read in the old file"), "{left}: {told}");
    assert_eq!(scene.integrity(), "ok");
    println!(
        "a damaged cache: 48 of 48 audit lines, 12 of 12 unsent writes came over; with a page of the audit broken {left} of 48, and it says so"
    );
}

#[test]
fn a_damaged_file_is_not_taken_away_from_a_console_that_works_with_it() {
    let scene = Scene::new(60);
    let mut console = scene.home.open(&[], (120, 40));
    console.wait_for_rows();
    console.wait_for("the lease", |_| {
        let held = scene.open_cache().query_row("SELECT count(*) FROM lease", [], |row| row.get::<_, i64>(0));
        held == Ok(1)
    });
    let holder: String =
        scene.open_cache().query_row("SELECT holder FROM lease", [], |row| row.get(0)).expect("there is one");
    let process = holder.split(' ').nth(1).expect("a number").to_owned();
    break_page_of(&scene, "events");
    let output = scene.home.run(&["sync"]);
    let told = said(&output);
    assert!(!output.status.success() && told.contains(&format!("process {process}")), "{told}");
    assert_eq!(aside(&scene), 0);
    console.keys("\x11");
    console.wait_exit();
    let output = scene.home.run(&["sync"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(aside(&scene), 1);
}

#[test]
fn a_console_whose_file_was_replaced_goes_on_with_the_new_one() {
    let scene = Scene::new(60);
    let mut console = scene.home.open(&["--offline"], (120, 40));
    console.wait_for_rows();
    // It syncs nothing, and holds no lease.
    break_page_of(&scene, "group_days");
    let output = scene.home.run(&["sync"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(aside(&scene), 1);
    console.keys(":note.add danach\r");
    console.wait_text("danach ×1");
    assert_eq!(scene.unsettled(), 1, "it is in the file that others see");
    console.keys("\x11");
    console.wait_exit();
    scene.sync_until_quiet();
    assert_eq!(scene.arrived("danach"), 1);
}
