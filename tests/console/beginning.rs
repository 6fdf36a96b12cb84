//! The first run: language, width picture, and a backend that is tried live before anything is
//! written; then the console opens on what was written.

use std::fs;
use std::sync::Arc;

use siyu::app::{Beginning, FirstRun, FirstStep, Overlay};
use siyu::cli::site::Site;
use siyu::cli::{Global, first_run, trying};
use siyu::i18n::Lang;
use siyu::runtime::Ending;

use crate::runner::{Runner, start};
use crate::screen::Screen;

/// An environment variable that every test has, and what is in it: the token of the server.
const TOKEN: (&str, &str) = ("CARGO_PKG_NAME", env!("CARGO_PKG_NAME"));
/// One whose text is not the token.
const WRONG: &str = "CARGO_PKG_VERSION";
/// One that is not there.
const UNSET: &str = "SIYU_TEST_OF_NO_TOKEN";

/// The first-run screen beside a server that wants a token, and the site without a file.
fn begun() -> (Runner, Site) {
    let mut console = start().token(TOKEN.1).first_run().open();
    let folder = console.folder.path();
    let global = Global {
        config: Some(folder.join("config.toml")),
        cache_dir: Some(folder.join("caches")),
        ..Global::default()
    };
    let paths = Site::paths(&global).unwrap();
    let site = Site { global, paths, config: Default::default(), has_file: false };
    console.console.hands.try_out = Some(Arc::new(trying::trying(&site)));
    console.settled();
    (console, site)
}

fn run(console: &Runner) -> &FirstRun {
    match &console.app().overlay {
        Some(Overlay::FirstRun(run)) => run,
        other => panic!("no first run: {other:?}"),
    }
}

/// Goes to the question of the address and types it.
fn address(console: &mut Runner, url: &str) {
    console.keys("down enter").paste(url).keys("enter");
    assert_eq!(run(console).step, FirstStep::Token);
}

/// The screen when the try under way has ended.
fn tried(console: &mut Runner) -> Screen {
    console.wait_until("the try to end", |console| run(console).trying.is_none());
    console.screen()
}

#[test]
fn it_shows_both_languages_a_picture_of_widths_and_what_one_can_do() {
    let (mut console, _) = begun();
    let screen = console.screen();
    for shown in
        ["Welcome to siyu", "Try the demo", "Connect a backend", "语言", "Width test", "width = \"wide\""]
    {
        assert!(screen.has(shown), "{shown}\n{screen}");
    }
    // The bars of the picture stand in one column.
    let bars: Vec<(u16, u16)> = (0..40)
        .filter_map(|y| {
            let at: Vec<u16> = (0..120).filter(|x| screen.at(*x, y) == "|").collect();
            <[u16; 2]>::try_from(at).ok().map(|[left, right]| (left, right))
        })
        .collect();
    assert!(bars.len() == 3 && bars.iter().all(|bar| *bar == bars[0]), "{bars:?}\n{screen}");
    console.keys("down down enter");
    assert!(console.screen().has("欢迎使用 siyu"), "{}", console.screen());
    for (width, height) in [(80, 24), (60, 20), (20, 5), (1, 1)] {
        console.resize(width, height).settled();
    }
}

#[test]
fn the_demo_is_one_key_away_in_the_language_one_chose() {
    let (mut console, _) = begun();
    console.keys("down down enter up up enter");
    assert_eq!(console.ended(), Some(Ending::Begin(Beginning::Demo(Lang::Zh))));
}

#[test]
fn a_wrong_address_and_wrong_tokens_are_told_and_nothing_is_written() {
    let (mut console, site) = begun();
    // Somebody who listened there, and no longer does.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    address(&mut console, &format!("http://{nobody}"));
    console.keys("enter");
    let screen = tried(&mut console);
    assert!(screen.has("not reached"), "{screen}");
    console.keys("esc C-u").paste("ftp://nowhere").keys("enter");
    assert!(tried(&mut console).has("not reached"), "{}", console.screen());
    let right = format!("http://{}", console.address);
    console.keys("C-u").paste(&right).keys("enter");
    for (token, why) in [("", "token"), (WRONG, "token"), (UNSET, UNSET)] {
        console.keys("C-u").paste(token).keys("enter");
        let screen = tried(&mut console);
        assert!(screen.has("not reached") && screen.has(why), "{token}: {screen}");
        assert!(!screen.has(env!("CARGO_PKG_VERSION")), "a secret is never shown: {screen}");
        assert_eq!(console.ended(), None);
    }
    // The token itself, pasted by mistake, is neither shown nor asked for.
    console.keys("C-u").paste("sk-live-16C7e42F").keys("enter");
    let screen = tried(&mut console);
    assert!(screen.has("the token itself") && !screen.has("16C7e42F"), "{screen}");
    assert!(!site.paths.config.exists());
    console.keys("esc esc");
    assert_eq!(run(&console).step, FirstStep::Choose);
    console.keys("esc");
    assert_eq!(console.ended(), Some(Ending::Quit), "all the way back is out");
}

#[test]
fn a_backend_that_answers_is_written_with_comments_and_the_console_opens_on_it() {
    let (mut console, site) = begun();
    let url = format!("http://{}", console.address);
    console.keys("down down enter up");
    console.keys("enter").paste(&url).keys("enter").paste(TOKEN.0).keys("enter");
    console.wait_until("the beginning", |console| run(console).tried.is_some());
    let Some(Ending::Begin(beginning)) = console.ended() else { panic!("{}", console.screen()) };
    let site = first_run::begin(site, &beginning).unwrap();
    let written = fs::read_to_string(&site.paths.config).unwrap();
    assert!(written.lines().filter(|line| line.starts_with('#')).count() > 3, "{written}");
    assert!(written.contains(&url) && written.contains(TOKEN.0), "{written}");
    assert!(site.has_file && site.lang() == Lang::Zh, "{written}");
    let selected = site.selected().unwrap();
    assert_eq!(selected.profile.url, url);

    let settings = site.settings(&selected.label(), selected.profile.read_only);
    let mut console = console.open_anew(settings);
    console.caught_up();
    assert_eq!(console.app().customers.total(), crate::town::CUSTOMERS as u64);
    let label = selected.label();
    console
        .wait_for("the header", |screen| screen.rows[0].contains(&label) && screen.rows[0].contains("实时"));
}

#[test]
fn a_token_may_lie_in_a_file_that_is_named() {
    let (mut console, site) = begun();
    let url = format!("http://{}", console.address);
    let file = console.folder.path().join("token");
    fs::write(&file, TOKEN.1).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    address(&mut console, &url);
    console.paste(&format!("file {}", file.display())).keys("enter");
    console.wait_until("the beginning", |console| run(console).tried.is_some());
    let Some(Ending::Begin(beginning)) = console.ended() else { panic!("{}", console.screen()) };
    let site = first_run::begin(site, &beginning).unwrap();
    let written = fs::read_to_string(&site.paths.config).unwrap();
    assert!(written.lines().any(|line| line.starts_with("token_file = ")), "{written}");
}
