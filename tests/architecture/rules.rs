//! The rules of the house, and who breaks them: `path:line: what is wrong`.

use crate::imports::{Reach, crates, rooms, sequence};
use crate::source::Source;

/// Rooms, ground floor first, and the rooms that each may use beside itself.
pub const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("insight", &["model"]),
    ("query", &["insight", "model"]),
    ("command", &["model", "query"]),
    ("keymap", &["command"]),
    ("i18n", &[]),
    ("reading", &["i18n"]),
    ("macros", &["command", "i18n", "keymap", "model", "query", "reading"]),
    ("backend", &["i18n", "model", "reading"]),
    ("config", &["backend", "command", "i18n", "keymap", "macros", "model", "query", "reading"]),
    ("cache", &["insight", "model", "query"]),
    ("sync", &["backend", "cache", "model"]),
    ("app", &["command", "config", "i18n", "insight", "keymap", "macros", "model", "query"]),
    ("ui", &["app", "command", "config", "i18n", "keymap", "macros", "model", "query"]),
    ("runtime", &ALL),
    ("server", &["model"]),
    ("sample", &["model"]),
    ("cli", &ALL),
    ("main", &[]),
    ("lib", &ALL),
];

const ALL: [&str; 17] = [
    "app", "backend", "cache", "command", "config", "i18n", "insight", "keymap", "macros", "model", "query",
    "reading", "runtime", "sample", "server", "sync", "ui",
];

/// Rooms that decide: without a clock, a network or a disk.
pub const PURE: &[&str] =
    &["model", "query", "insight", "command", "keymap", "macros", "config", "app", "ui", "i18n", "reading"];

/// Crates that reach the world, and the rooms that may know them. `cli` is among them for the sake
/// of `siyu doctor`, which looks at everything from outside.
pub const CRATES: &[(&str, &[&str])] = &[
    ("axum", &["server"]),
    ("crossterm", &["runtime", "cli"]),
    ("futures_util", &["backend", "sync", "server", "runtime", "cli"]),
    ("ratatui", &["ui", "runtime", "cli"]),
    ("reqwest", &["backend", "cli"]),
    ("rusqlite", &["cache", "server", "cli"]),
    ("rustix", &["cache", "sync", "runtime", "cli"]),
    ("rustls", &["backend"]),
    ("signal_hook", &["runtime", "cli"]),
    ("tokio", &["backend", "sync", "server", "sample", "runtime", "cli"]),
    ("tokio_stream", &["backend", "sync", "server", "runtime"]),
];

/// What asks the world for something, by the standard library.
const WORLDLY: &[&[&str]] = &[
    &["std", "::", "fs"],
    &["std", "::", "net"],
    &["std", "::", "process"],
    &["std", "::", "thread"],
    &["Instant", "::", "now"],
    &["SystemTime", "::", "now"],
    &["Timestamp", "::", "now"],
    &["Zoned", "::", "now"],
];

/// What is nowhere: no pretence, no leftovers, no waiting by the clock.
const NOWHERE: &[&[&str]] = &[
    &["todo", "!"],
    &["unimplemented", "!"],
    &["dbg", "!"],
    &["thread", "::", "sleep"],
    &["#", "[", "ignore"],
];

/// What a room prints spoils the screen; only the command line has standard output.
const PRINTS: &[&[&str]] = &[&["println", "!"], &["print", "!"]];

/// A file of so many lines says what it is for by itself.
const SHORT: usize = 5;
/// More lines than this want a reason at the top of the file.
const LONG: usize = 500;
/// More lines than this are too many.
const TOO_LONG: usize = 800;
/// How that reason begins.
const BECAUSE: &str = "Longer than 500 lines because";

/// Everything in a file that a rule forbids.
pub fn broken(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |line: usize, what: String| found.push(format!("{}:{line}: {what}", source.path));
    for (line, what) in [imports(source), world(source), words(source), shape(source)].concat() {
        say(line, what);
    }
    found
}

fn imports(source: &Source) -> Vec<(usize, String)> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![(1, format!("`{room}` is no room of the table"))];
    };
    let wrong = |reach: &Reach| {
        let name = reach.name.as_str();
        name != room && !allowed.contains(&name) && !free(room, reach)
    };
    let mut found: Vec<_> = rooms(source)
        .into_iter()
        .filter(wrong)
        .map(|reach| (reach.line, format!("`{room}` may not use `{}`", reach.name)))
        .collect();
    if room != "main" {
        let own = crates(source, &["siyu"]);
        found.extend(own.into_iter().map(|reach| (reach.line, "`crate::`, not `siyu::`".to_owned())));
    }
    found
}

/// Rooms that reach the world are tested against the real other end of it; those that decide are
/// tested alone.
fn free(room: &str, reach: &Reach) -> bool {
    reach.test && !PURE.contains(&room)
}

fn world(source: &Source) -> Vec<(usize, String)> {
    let Some(room) = source.room() else { return Vec::new() };
    let names: Vec<_> = CRATES.iter().map(|(name, _)| *name).collect();
    let may = |name: &str| CRATES.iter().any(|(known, rooms)| *known == name && rooms.contains(&room));
    let mut found: Vec<_> = crates(source, &names)
        .into_iter()
        .filter(|reach| !may(&reach.name) && !free(room, reach))
        .map(|reach| (reach.line, format!("`{room}` may not know the crate `{}`", reach.name)))
        .collect();
    if PURE.contains(&room) {
        for wanted in WORLDLY {
            let reads_its_file = room == "config" && wanted.last() == Some(&"fs");
            let uses = sequence(source, wanted).into_iter().filter(|reach| !reach.test && !reads_its_file);
            found.extend(
                uses.map(|reach| {
                    (reach.line, format!("`{room}` decides, it does not call `{}`", reach.name))
                }),
            );
        }
    }
    found
}

fn words(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for wanted in NOWHERE {
        found.extend(
            sequence(source, wanted).into_iter().map(|reach| (reach.line, format!("`{}`", reach.name))),
        );
    }
    if source.room().is_none() {
        let sleeps = sequence(source, &["sleep", "("]);
        found.extend(
            sleeps
                .into_iter()
                .map(|reach| (reach.line, "a test waits for something, it never sleeps".to_owned())),
        );
    } else if !matches!(source.room(), Some("cli" | "main")) {
        for wanted in PRINTS {
            let prints = sequence(source, wanted).into_iter().filter(|reach| !reach.test);
            found.extend(
                prints.map(|reach| (reach.line, format!("`{}` outside of the command line", reach.name))),
            );
        }
    }
    found
}

fn shape(source: &Source) -> Vec<(usize, String)> {
    let lines = source.text.lines().count();
    let top: Vec<_> = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
    let mut found = Vec::new();
    if top.is_empty() && lines > SHORT {
        found.push((1, "the file does not begin with what it is for (`//!`)".to_owned()));
    }
    if lines > TOO_LONG {
        found.push((lines, format!("{lines} lines; split it before {TOO_LONG}")));
    } else if lines > LONG && !top.iter().any(|line| line.contains(BECAUSE)) {
        found.push((lines, format!("{lines} lines without “{BECAUSE} …” at the top")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, code: &str) -> Vec<String> {
        broken(&Source::new(path, &format!("//! A sample.\n{code}")))
    }

    #[test]
    fn good_code_breaks_nothing() {
        let code = "use crate::model::Id;\nuse super::sort;\nfn f() { g(\"todo!() thread::sleep\") }\n";
        assert_eq!(complaints("src/query/sql.rs", code), <[String; 0]>::default());
        let code = "mod tests { use crate::server::Server; }";
        assert_eq!(complaints("src/sync/engine.rs", code), <[String; 0]>::default());
    }

    #[test]
    fn each_rule_can_fail_and_names_file_and_line() {
        let samples = [
            ("src/model/tag.rs", "use crate::cache::Reader;", "`model` may not use `cache`"),
            ("src/model/tag.rs", "use super::super::sync;", "`model` may not use `sync`"),
            ("src/app/mod.rs", "use crate::{command, backend::Page};", "`app` may not use `backend`"),
            ("src/app/mod.rs", "use siyu::app;", "`crate::`, not `siyu::`"),
            ("src/app/mod.rs", "mod tests { use crate::cache::Reader; }", "`app` may not use `cache`"),
            ("src/shed/mod.rs", "", "`shed` is no room of the table"),
            ("src/app/mod.rs", "use tokio::task;", "`app` may not know the crate `tokio`"),
            ("src/ui/bar.rs", "use crossterm::event;", "`ui` may not know the crate `crossterm`"),
            ("src/app/mod.rs", "use ratatui::Frame;", "`app` may not know the crate `ratatui`"),
            ("src/app/mod.rs", "let now = Instant::now();", "does not call `Instant::now`"),
            ("src/query/sql.rs", "std::fs::read(x)", "does not call `std::fs`"),
            ("src/sync/plan.rs", "todo!()", "`todo!`"),
            ("src/sync/plan.rs", "std::thread::sleep(second)", "`thread::sleep`"),
            ("src/sync/plan.rs", "println!(\"{}\", 1)", "`println!` outside of the command line"),
            ("tests/pty.rs", "tokio::time::sleep(second)", "never sleeps"),
            ("tests/pty.rs", "#[ignore = \"slow\"]", "`#[ignore`"),
        ];
        for (path, code, wanted) in samples {
            let found = complaints(path, code);
            let (place, what) = (format!("{path}:"), found.join("\n"));
            assert!(what.starts_with(&place) && what.contains(wanted), "{path} {code}: {what}");
        }
    }

    #[test]
    fn a_long_file_wants_a_reason_and_a_very_long_one_is_refused() {
        let lines = |count: usize| "fn f() {}\n".repeat(count);
        let reason = format!("//! {BECAUSE} it is a table.\n");
        assert_eq!(complaints("src/ui/x.rs", &lines(499)).len(), 0);
        assert_eq!(complaints("src/ui/x.rs", &lines(500)).len(), 1);
        assert_eq!(complaints("src/ui/x.rs", &(reason.clone() + &lines(600))).len(), 0);
        assert_eq!(complaints("src/ui/x.rs", &(reason + &lines(800))).len(), 1);
        assert_eq!(broken(&Source::new("src/ui/x.rs", &lines(6))).len(), 1);
    }
}
