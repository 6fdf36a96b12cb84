//! The command line speaks the language that it is told to, and no word of the other one.

use std::fs;

use crate::home::Home;
use crate::serving::{Serving, home_of};

/// Everything that a command says, on both streams.
fn said(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what it writes is UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

/// Whether a word is one that a sentence has: not a path, an option, a name of the program's own
/// or a placeholder.
fn is_prose(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
    bare.len() > 1
        && bare.chars().all(|c| c.is_ascii_lowercase() || c == '\'')
        && !word.starts_with(['-', '/', '<', '[', '{', '"', '`'])
        && !word.contains(['=', '/', '_', '.', '`', '"'])
        || matches!(word, "a" | "I")
}

/// Runs of three and more English words. What stands between backquotes or quotation marks is
/// quoted, lists with commas between are names, and so is what the usage shows.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("用法: ")) {
        let quoted = line.split('`').step_by(2).collect::<Vec<_>>().join(" | ");
        let plain = quoted.split('"').step_by(2).collect::<Vec<_>>().join(" | ");
        for part in plain.split([',', '|', '、', ';']) {
            let words: Vec<_> = part.split_whitespace().collect();
            let runs = words.split(|word| !is_prose(word)).filter(|run| run.len() >= 3);
            found.extend(runs.map(|run| run.join(" ")));
        }
    }
    found
}

fn han(text: &str) -> Vec<&str> {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    text.lines().filter(|line| line.chars().any(is_han)).collect()
}

#[test]
fn an_english_sentence_would_be_found() {
    assert_eq!(sentences("错误: there is no column here"), ["there is no column here"]);
    assert_eq!(sentences("  -> run it first"), ["run it first"]);
    assert_eq!(sentences("用法: siyu config init [OPTIONS]"), [""; 0]);
    assert_eq!(sentences("可选: customers, tags, groups; `siyu list customers now`"), [""; 0]);
}

const HELP: &[&str] = &[
    "",
    "demo",
    "serve",
    "sync",
    "list",
    "show",
    "count",
    "config",
    "config init",
    "config check",
    "config path",
    "config show",
    "config schema",
    "keys",
    "doctor",
    "completions",
    "man",
    "help",
];

/// What is asked of the program without a backend, in a home with that configuration or none.
fn without_backend() -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut ask = |line: &str| all.push(line.split(' ').map(str::to_owned).collect());
    for command in HELP {
        for flag in ["--help", "-h"] {
            ask(format!("{command} {flag}").trim());
        }
    }
    for line in [
        "doctor",
        "config",
        "config check",
        "config path",
        "list customers",
        "show customers c1",
        "count customers",
        "sync",
        "demo",
        "--offline sync",
        "--offline demo",
        "demo --customers 0",
        "--profile nope list customers",
        "list people",
        "list customers --limt 3",
        "lst",
        "serve --still",
        "list customers --limit x",
        "list",
        "keys --place nowhere",
        "man nothing",
        "config init",
        "config init --backend nope --url http://127.0.0.1:1",
        "config init --url ftp://x",
        "serve --listen nowhere",
        "serve --listen 0.0.0.0:0",
        "--lang",
        "serve --db /dev/null/at/all.db",
    ] {
        ask(line);
    }
    all
}

fn asked(home: &Home, lang: &str, line: &[String]) -> String {
    let line: Vec<_> = line.iter().map(String::as_str).collect();
    said(home, &[&["--lang", lang], &line[..]].concat())
}

#[test]
fn what_needs_no_backend_is_told_in_the_language_asked_for() {
    let home = Home::new();
    for line in without_backend() {
        let chinese = asked(&home, "zh", &line);
        assert_eq!(sentences(&chinese), [""; 0], "{line:?}:\n{chinese}");
        let english = asked(&home, "en", &line);
        assert_eq!(han(&english), [""; 0], "{line:?}");
        assert!(!english.trim().is_empty(), "{line:?} says something");
    }
}

/// One mistake of each kind that an operator makes.
const BROKEN: &str = r##"
lnag = "zh"
profile = "prod"
[profiles.main]
backend = "siyo"
url = "ftp://x"
keyring = "x"
[profiles.other]
token_env = ""
token_file = "a"
[ui]
width = "wdie"
theme = "nihgt"
which_key_ms = "soon"
time_zone = "Asia/Shangahi"
[keys.customers]
"g g g" = "nothing at all"
"hyper-x" = "quit"
"j" = 3
[keys.nowhere]
"x" = "quit"
[views.a]
pane = "customers"
filter = "stgae:new"
columns = ["nmae", "id", "id"]
[views.b]
pane = "tags"
filter = "name:x"
sort = "name"
[columns]
customers = []
[stages]
dormant_days = 90
lost_days = 30
[theme]
title = "bleu"
nonsense = "red"
[sync]
page_size = 100000
"##;

#[test]
fn a_broken_configuration_is_told_in_the_language_asked_for() {
    let home = Home::new();
    let file = home.path("own.toml");
    fs::write(&file, BROKEN).expect("a file can be written");
    let home = home.with("SIYU_CONFIG", &file.to_string_lossy());
    for command in ["config check", "config show", "list customers", "doctor", "keys"] {
        let line: Vec<_> = command.split(' ').map(str::to_owned).collect();
        let told = asked(&home, "zh", &line);
        let told = told.lines().filter(|line| !line.contains(" | ")).collect::<Vec<_>>().join("\n");
        assert_eq!(sentences(&told), [""; 0], "{command}:\n{told}");
        assert_eq!(han(&asked(&home, "en", &line)), [""; 0], "{command}");
    }
    let told = said(&home, &["--lang", "zh", "config", "check"]);
    assert!(told.contains("提示: 是否想写 lang?") && told.lines().count() > 60, "{told}");
}

#[test]
fn the_language_comes_from_flag_then_variable_then_file_then_locale() {
    let home = Home::new();
    let file = home.path("own.toml");
    fs::write(&file, "lang = \"en\"\nnonsense = 1\n").expect("a file can be written");
    let is_chinese = |home: &Home, arguments: &[&str]| !han(&said(home, arguments)).is_empty();
    assert!(is_chinese(&home, &["--help"]), "the locale of the tests is Chinese");
    let home = home.with("SIYU_CONFIG", &file.to_string_lossy());
    assert!(!is_chinese(&home, &["--help"]), "what is broken elsewhere still says its language");
    assert!(!is_chinese(&home, &["config", "check"]));
    let home = home.with("SIYU_LANG", "zh");
    assert!(is_chinese(&home, &["--help"]) && is_chinese(&home, &["config", "check"]));
    assert!(
        !is_chinese(&home, &["--lang=en", "--help"])
            && !is_chinese(&home, &["config", "check", "--lang", "en"])
    );
}

#[test]
fn what_the_cache_holds_is_told_in_the_language_asked_for() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    let told = said(&home, &["--lang", "zh", "sync", "--full"]);
    assert!(told.contains("客户") && sentences(&told).is_empty(), "{told}");
    assert_eq!(han(&said(&home, &["--lang", "en", "sync", "--full"])), [""; 0]);
    let kinds = [
        "customers",
        "tags",
        "groups",
        "members",
        "follow-ups",
        "events",
        "orders",
        "operators",
        "snippets",
        "broadcasts",
    ];
    for kind in kinds {
        let heading = |lang: &str| {
            let told = said(&home, &["--lang", lang, "list", kind, "--limit", "3"]);
            told.lines().next().unwrap_or_default().to_owned()
        };
        assert!(!han(&heading("zh")).is_empty() && sentences(&heading("zh")).is_empty(), "{}", heading("zh"));
        assert_eq!(han(&heading("en")), [""; 0]);
        let csv = ["list", kind, "--format", "csv", "--limit", "9"];
        let rows = |lang: &str| said(&home, &[&["--lang", lang], &csv[..]].concat());
        assert_eq!(rows("zh"), rows("en"), "programs read the same in both languages");
    }
    for ledger in ["audit", "outbox"] {
        let heading = said(&home, &["--lang", "zh", "list", ledger]);
        let latin = heading.chars().filter(char::is_ascii_alphabetic).count();
        assert_eq!(latin, 0, "{ledger}: {heading}");
    }
    for wrong in [
        "list customers stgae:new",
        "list customers ltv:x",
        "list customers (",
        "count customers OR",
        "list customers --columns nmae",
        "list customers --sort nmae",
        "show customers nobody",
        "list audit x",
    ] {
        let line: Vec<_> = wrong.split(' ').map(str::to_owned).collect();
        let told = asked(&home, "zh", &line);
        assert!(sentences(&told).is_empty() && !han(&told).is_empty(), "{wrong}: {told}");
        assert_eq!(han(&asked(&home, "en", &line)), [""; 0], "{wrong}");
    }
    let doctor = said(&home, &["--lang", "zh", "doctor"]);
    assert_eq!(sentences(&doctor), [""; 0], "{doctor}");
    let json = |lang: &str| said(&home, &["--lang", lang, "doctor", "--format", "json"]);
    assert_eq!(han(&json("zh")).len(), han(&json("en")).len());
    drop(server);
    let told = said(&home, &["--lang", "zh", "sync"]);
    assert!(sentences(&told).is_empty() && !han(&told).is_empty(), "{told}");
    let told = said(&home, &["--lang", "zh", "doctor"]);
    assert_eq!(sentences(&told), [""; 0], "{told}");
}

#[test]
fn a_value_out_of_the_environment_is_named_by_its_variable() {
    let home = Home::new().with("SIYU_LANG", "fr");
    let told = said(&home, &["config", "path"]);
    assert!(told.contains("SIYU_LANG") && told.contains("fr") && !told.contains("--lang"), "{told}");
    let told = said(&home, &["--lang", "fr", "config", "path"]);
    assert!(told.contains("--lang") && !told.contains("SIYU_LANG"), "{told}");
}
