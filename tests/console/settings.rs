//! The configuration changes while one works: one keeps one's place, and a broken edit keeps the
//! old one and says where it broke. The file is real, and so is who watches it.

use std::fs;
use std::path::PathBuf;

use siyu::app::{Detail, Pane};
use siyu::cli::opening::reload;
use siyu::cli::site::Site;
use siyu::cli::{Global, watch};
use siyu::i18n::Lang;

use crate::runner::{Runner, start};

/// A console whose configuration is a file, and that file.
fn configured(text: &str) -> (Runner, PathBuf) {
    let mut console = start().ready();
    let path = console.folder.path().join("config.toml");
    fs::write(&path, text).unwrap();
    let caches = console.folder.path().join("caches");
    let global = Global { config: Some(path.clone()), cache_dir: Some(caches), ..Global::default() };
    let site = Site::find(&global).unwrap();
    let settings = std::sync::Arc::new(site.settings("sample", false));
    console.input(siyu::app::Event::Settings(settings)).settled();
    console.console.hands.reload = Some(reload(&site, "sample".to_owned(), false));
    (console, path)
}

#[test]
fn a_change_takes_effect_where_one_is() {
    let (mut console, path) = configured("lang = \"en\"\n");
    let _watch =
        watch::watch(std::slice::from_ref(&path), &path.with_file_name("macros"), &console.outbox()).unwrap();
    console.text("/stage:active").keys("enter j j j").settled();
    let at = console.customer();
    console.keys("2 j j 1 enter j").settled();
    // Written beside it and renamed, as editors do: nobody sees half of it.
    let beside = path.with_extension("new");
    fs::write(
        &beside,
        "lang = \"zh\"\n[columns]\ncustomers = [\"name\", \"ltv\"]\n[keys.list]\n\"Z\" = \"pane.zoom\"\n",
    )
    .unwrap();
    fs::rename(&beside, &path).unwrap();
    console.wait_until("the new configuration", |console| console.app().settings.lang == Lang::Zh);
    assert_eq!(console.notice(), "配置已重新载入", "in the language that holds now");
    assert!(matches!(console.app().details.last(), Some(Detail::Customer(_))));
    console.keys("q").settled();
    assert_eq!((console.customer(), console.app().filter_text(Pane::Customers)), (at, "stage:active"));
    assert_eq!(console.app().columns[0], ["name", "ltv"]);
    assert!(console.screen().has("客户") && !console.screen().has("Stage"), "{}", console.screen());
    assert!(console.keys("Z").app().zoomed, "the new key works");
}

#[test]
fn a_broken_edit_keeps_the_old_one_and_says_where() {
    let (mut console, path) = configured("lang = \"en\"\n[keys.list]\n\"Z\" = \"pane.zoom\"\n");
    console.keys("4 j").settled();
    let before = console.screen().rows;
    for (text, place) in [
        ("lang = \"en\"\n[ui]\nwidth = \"wdie\"\n", "config.toml:3:9"),
        ("lang = \"zh\"\nlnag = 3\n", "config.toml:2:1"),
        ("lang = \n", "config.toml:1:"),
        ("[views.v]\npane = \"customers\"\nfilter = \"stage:asleep\"\n", "config.toml:3:"),
    ] {
        fs::write(&path, text).unwrap();
        console.keys(":").text("config.reload").keys("enter").settled();
        let said = console.notice();
        assert!(said.contains(place) && said.contains("the old one stays"), "{text}: {said}");
        assert_eq!(console.app().settings.lang, Lang::En);
        assert!(console.screen().has("the old one stays"), "{}", console.screen());
    }
    assert!(console.keys("Z").app().zoomed, "the old keys work");
    console.keys("Z esc");
    fs::write(&path, "lang = \"en\"\n").unwrap();
    console.keys(":").text("config.reload").keys("enter").settled();
    assert_eq!(console.notice(), "configuration reloaded");
    assert!(!console.keys("Z").app().zoomed);
    console.keys("j k").settled();
    assert_eq!(console.screen().rows, before);
}

#[test]
fn what_one_chose_by_hand_goes_before_the_file() {
    let (mut console, path) = configured("lang = \"en\"\n");
    console.keys("L C").text("city").keys("tab esc");
    fs::write(&path, "lang = \"en\"\n[columns]\ncustomers = [\"name\"]\n[ui]\nphones = \"masked\"\n")
        .unwrap();
    console.keys(":").text("config.reload").keys("enter").settled();
    assert_eq!(console.app().settings.lang, Lang::Zh);
    assert!(console.app().settings.mask_phones);
    assert!(console.app().columns[0].iter().any(|id| id == "city"), "{:?}", console.app().columns[0]);
}
