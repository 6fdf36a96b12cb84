//! What goes wrong between the console and a backend is told, and not again and again.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Console, answer, lines, settings};
use crate::app::{App, Effect, Event, Notice};
use crate::config::{Background, ColorDepth, Theme};
use crate::i18n::Lang;
use crate::model::{Complaint, Resource, SyncEvent, Time, Trouble, TroubleKind};
use crate::ui::{Cx, draw};

fn offline(console: &mut Console, text: &str) {
    let (text, remedy) = (text.to_owned(), "check that the backend runs".to_owned());
    let trouble = Trouble { kind: TroubleKind::Connect, text, remedy };
    let retry_at = console.now;
    console.event(Event::Sync(SyncEvent::Offline { trouble, retry_at }));
}

fn notice(console: &mut Console) -> String {
    console.app.notice.take().map(|notice| notice.text).unwrap_or_default()
}

#[test]
fn why_it_is_offline_is_told_once_until_it_was_caught_up_with() {
    let mut console = Console::new(Lang::En, 120, 40);
    offline(&mut console, "GET /v1/meta: refused");
    let told = notice(&mut console);
    assert!(told.contains("GET /v1/meta: refused") && told.contains("check that the backend runs"), "{told}");
    console.event(Event::Sync(SyncEvent::Connecting));
    offline(&mut console, "GET /v1/meta: refused");
    assert_eq!(notice(&mut console), "");
    let at = console.now;
    console.event(Event::Sync(SyncEvent::CaughtUp { seq: 1, at, live: true }));
    offline(&mut console, "GET /v1/changes: reset");
    assert!(notice(&mut console).contains("reset"));
}

#[test]
fn what_could_not_be_read_is_counted_and_the_first_is_named() {
    let mut console = Console::new(Lang::En, 120, 40);
    let complaint = |id: &str| {
        let (id, path) = (id.to_owned(), "amount".to_owned());
        (Resource::Orders, Complaint { id, path, message: "no number".to_owned() })
    };
    console.event(Event::Sync(SyncEvent::Complaints(vec![complaint("r1"), complaint("r2")])));
    console.event(Event::Sync(SyncEvent::Complaints(vec![complaint("r3")])));
    let told = notice(&mut console);
    assert!(told.starts_with("3 ") && told.contains("orders r1 amount: no number"), "{told}");
    console.event(Event::Sync(SyncEvent::Complaints(vec![complaint("r4")])));
    assert_eq!(notice(&mut console), "", "put away, it does not come back");
}

#[test]
fn what_was_told_of_the_trouble_goes_when_the_backend_is_there_again() {
    let online = || SyncEvent::Online {
        backend: "siyu".to_owned(),
        latency: std::time::Duration::from_millis(9),
        operator_id: None,
        operator: None,
    };
    let mut console = Console::new(Lang::En, 120, 24);
    offline(&mut console, "GET /v1/meta: refused");
    assert!(console.screen().contains("GET /v1/meta: refused"));
    console.event(Event::Sync(online()));
    assert!(!console.screen().contains("refused"));
    let at = console.now;
    console.event(Event::Sync(SyncEvent::CaughtUp { seq: 1, at, live: true }));
    offline(&mut console, "GET /v1/meta: reset");
    assert!(console.screen().contains("reset"));
    console.keys("y i");
    let copied = console.app.notice.clone().unwrap();
    console.event(Event::Sync(online()));
    assert_eq!(console.app.notice, Some(copied), "what was told since then stays");
}

#[test]
fn why_it_is_offline_takes_one_line_after_a_key_or_some_seconds_and_the_offer_stays() {
    for (width, height) in [(120, 40), (80, 24)] {
        for waits in [false, true] {
            let mut console = Console::new(Lang::En, width, height);
            console.keys("4 j");
            let place = crate::app::Place { cut_off: true, ..console.app.place() };
            let mut console = Console::new(Lang::En, width, height);
            console.app.offer(place);
            offline(&mut console, "GET /v1/meta: nobody answers at http://127.0.0.1:1: Connection refused");
            let told = console.screen();
            for word in ["check that the backend runs", "GET /v1/meta", "g p"] {
                assert!(
                    console.app.notice.as_ref().is_some_and(|notice| notice.text.contains(word)),
                    "{told}"
                );
            }
            if waits {
                console.now = Time::from_millis(console.now.millis + 7_000);
                offline(&mut console, "GET /v1/meta: refused");
                assert!(console.screen().contains("check that"), "there was no time to read it");
                console.now = Time::from_millis(console.now.millis + 1_000);
                offline(&mut console, "GET /v1/meta: refused");
            } else {
                console.keys("j");
            }
            let screen = console.screen();
            let line = screen.lines().rev().nth(1).unwrap_or_default();
            assert!(line.contains("backend") && line.contains("g p goes back"), "{screen}");
            assert!(!screen.contains("check that"), "{screen}");
            let mut away = console.app.clone();
            let key = crate::keymap::parse_keys("j").unwrap()[0];
            let _ = away.absorb(Event::Key(key), console.now);
            assert_eq!(away.notice, None, "the next key puts it away");
            console.keys("g p");
            assert_eq!(console.app.notice, None, "what was taken up is not offered");
            assert_eq!(console.app.focus, crate::app::Pane::FollowUps);
        }
    }
}

#[test]
fn that_the_cache_could_not_be_read_is_told_until_it_can() {
    let mut app = App::new(Arc::new(settings(Lang::En)), Time::from_millis(0));
    let mut asked: Vec<_> = app
        .start()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Ask(id, ask) => Some((id, ask)),
            _ => None,
        })
        .collect();
    assert!(asked.len() >= 5, "{asked:?}");
    let mut next = |app: &mut App, reads: bool| {
        let (id, ask) = asked.pop().expect("something was asked");
        let damaged = "cannot read a list: the cache is damaged".to_owned();
        let _ = app.absorb(Event::Answer(id, if reads { Ok(answer(&ask)) } else { Err(damaged) }), app.now);
        app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
    };
    assert!(next(&mut app, false).contains("the cache is damaged"));
    assert_eq!(next(&mut app, true), "", "it can be read");
    // what says more is not covered, and stays
    app.notice = Some(Notice::bad("set aside"));
    assert_eq!(next(&mut app, false), "set aside");
    assert_eq!(next(&mut app, true), "set aside");
    app.notice = None;
    assert!(next(&mut app, false).contains("the cache is damaged"));
    // what is told since then is not taken back with it
    app.notice = Some(Notice::good("copied"));
    let still = app.absorb(Event::Glance, app.now);
    assert!(still.is_empty());
    assert_eq!(app.notice, Some(Notice::good("copied")));
}

#[test]
fn a_title_tells_the_filter_of_the_rows_below_it() {
    let mut console = Console::new(Lang::En, 120, 40);
    let title = |app: &App| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
        let theme = Theme::default().at(ColorDepth::True, Background::Dark);
        draw(app, &Cx::new(&theme), &mut buffer);
        lines(&buffer).into_iter().find(|line| line.contains("1 Customers")).unwrap_or_default()
    };
    console.keys("/");
    let effects = console.app.absorb(Event::Paste("wangf".to_owned()), console.now);
    assert!(!title(&console.app).contains("wangf"), "the rows are not those yet: {}", title(&console.app));
    console.run(effects);
    assert!(title(&console.app).contains("wangf"), "{}", title(&console.app));
    console.keys("enter");
    let key = crate::keymap::parse_keys("X").unwrap()[0];
    let effects = console.app.absorb(Event::Key(key), console.now);
    assert!(title(&console.app).contains("wangf"), "{}", title(&console.app));
    console.run(effects);
    assert!(!title(&console.app).contains("wangf"), "{}", title(&console.app));
}

#[test]
fn a_console_that_does_not_sync_tells_what_the_one_that_does_finds() {
    for lang in [Lang::En, Lang::Zh] {
        let mut console = Console::new(lang, 120, 40);
        console.event(Event::Sync(SyncEvent::Elsewhere));
        let follows = header(&console);
        offline(&mut console, "GET /v1/meta: refused");
        let away = header(&console);
        assert!(away.contains(if lang.is_zh() { "离线" } else { "offline" }), "{away}");
        assert!(console.app.notice.is_some());
        console.event(Event::Sync(SyncEvent::Elsewhere));
        assert_eq!(header(&console), follows);
        assert_eq!(notice(&mut console), "", "what is over is not told any longer");
        offline(&mut console, "GET /v1/meta: refused");
        assert_ne!(notice(&mut console), "", "and once more when it happens again");
    }
}

fn header(console: &Console) -> String {
    console.screen().lines().next().unwrap_or_default().to_owned()
}
