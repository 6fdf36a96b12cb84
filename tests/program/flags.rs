//! Flags and their environment variables, on the screen; and a cache that turns out damaged.

use std::fs;

use rusqlite::{Connection, OpenFlags};

use crate::home::Home;
use crate::serving::{Serving, home_of};

const SIZE: (u16, u16) = (120, 40);

/// A home with a cache that was pulled, and its server.
fn pulled() -> (Home, Serving, Home) {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);
    (home, server, serving_home)
}

#[test]
fn each_flag_and_each_variable_does_what_it_says() {
    let (home, _server, _serving_home) = pulled();
    let mut console = home.open(&["--lang", "en", "--read-only"], SIZE);
    console.wait_text("read-only");
    console.wait_text("/500");
    assert!(!console.text().contains("offline"));
    console.keys("q");
    console.wait_exit();

    let mut console = home.open(&["--lang", "en", "--offline", "--plain"], SIZE);
    console.wait_text("offline");
    console.wait_text("/500");
    assert!(!console.text().contains("read-only") && !console.text().contains('╭'));
    console.keys("q");
    console.wait_exit();

    let home = ["LANG", "OFFLINE", "READ_ONLY", "PLAIN", "NO_COLOR"]
        .into_iter()
        .fold(home, |home, name| home.with(&format!("SIYU_{name}"), if name == "LANG" { "en" } else { "1" }));
    let mut console = home.open(&[], SIZE);
    console.wait_text("offline");
    console.wait_text("read-only");
    console.wait_text("/500");
    assert!(!console.text().contains('╭'));
    assert!(!String::from_utf8_lossy(console.raw()).contains("\x1b[38;"), "no colour");
    // A flag goes before its variable.
    console.keys("q");
    console.wait_exit();
    let mut console = home.open(&["--lang", "zh"], SIZE);
    console.wait_text("离线");
    console.keys("q");
    console.wait_exit();

    let refused = home.run(&["sync"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = home.run(&["demo"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--offline"));
}

#[test]
fn a_log_tells_more_when_asked() {
    let (home, _server, _serving_home) = pulled();
    let log = home.path("siyu").join("state/log/siyu.log");
    let length = || fs::metadata(&log).map_or(0, |file| file.len());
    let before = length();
    home.text(&["sync"]);
    let usual = length() - before;
    home.text(&["-vv", "sync"]);
    let flag = length() - before - usual;
    let home = home.with("SIYU_VERBOSE", "2");
    home.text(&["sync"]);
    let variable = length() - before - usual - flag;
    assert!(flag > usual && variable > usual, "{usual} {flag} {variable}");
}

#[test]
fn profiles_do_not_share_a_cache() {
    let (home, _server, _serving_home) = pulled();
    let config = home.path("own.toml");
    let profile =
        |name: &str| format!("[profiles.{name}]\nbackend = \"siyu\"\nurl = \"http://127.0.0.1:1\"\n");
    fs::write(
        &config,
        format!("profile = \"one\"\n[ui]\nphones = \"masked\"\n{}{}", profile("one"), profile("two")),
    )
    .expect("a file can be written");
    let config = config.to_string_lossy().into_owned();
    let home = Home::new().with("SIYU_CONFIG", &config).with("SIYU_PROFILE", "two");
    let mut console = home.open(&["--offline"], SIZE);
    console.wait_text(" two ");
    console.keys("q");
    console.wait_exit();
    let mut console = home.open(&["--offline", "--profile", "one"], SIZE);
    console.wait_text(" one ");
    console.keys("q");
    console.wait_exit();
    let folders = ["one", "two"].map(|name| home.path("siyu").join(name).join("cache.db").exists());
    assert_eq!(folders, [true, true]);
}

#[test]
fn a_damaged_cache_is_set_aside_and_pulled_again_while_the_console_runs() {
    let (home, _server, _serving_home) = pulled();
    let found = fs::read_dir(home.path("siyu")).expect("the folder is there").flatten();
    let folder = found
        .map(|entry| entry.path())
        .find(|path| path.join("cache.db").exists())
        .expect("the cache of the profile");
    let path = folder.join("cache.db");
    let cache = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it opens");
    let number = |sql: &str| cache.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let root = number("SELECT rootpage FROM sqlite_schema WHERE name = 'customers'");
    let size = number("PRAGMA page_size");
    drop(cache);
    let (root, size) = (usize::try_from(root).expect("positive"), usize::try_from(size).expect("positive"));
    let mut bytes = fs::read(&path).expect("it can be read");
    bytes[(root - 1) * size..root * size].iter_mut().for_each(|byte| *byte = !*byte);
    fs::write(&path, bytes).expect("it can be written");

    let mut console = home.open(&["--lang", "zh"], SIZE);
    console.wait_text("缓存已损坏");
    console.wait_text("/500");
    console.keys("q");
    console.wait_exit();
    let aside = |name: &str| name.starts_with("cache.damaged-");
    let kept = fs::read_dir(&folder).expect("the folder is there").flatten();
    assert!(kept.into_iter().any(|entry| aside(&entry.file_name().to_string_lossy())), "nothing is deleted");
}

#[test]
fn a_variable_that_says_neither_yes_nor_no_is_refused_and_a_full_disk_is_no_success() {
    let home = Home::new().with("SIYU_OFFLINE", "maybe");
    let refused = home.run(&["--lang", "en", "config", "path"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("maybe") && told.contains("it is 1 or 0"), "{told}");
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let status = Home::new().command(&["help"]).stdout(full).status().expect("the program starts");
        assert_eq!(status.code(), Some(1));
    }
}
