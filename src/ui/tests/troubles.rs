//! What goes wrong between the console and a backend is told, and not again and again.

use super::Console;
use crate::app::Event;
use crate::i18n::Lang;
use crate::model::{Complaint, Resource, SyncEvent, Trouble, TroubleKind};

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
