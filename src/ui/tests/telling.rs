//! What the screen says is what it shows, and what it offers can be done.

use super::{Console, settings};
use crate::app::{Event, Notice, Progress, Settings};
use crate::i18n::Lang;
use crate::model::{Pulled, Resource, SyncEvent, Trouble, TroubleKind};

/// The line of the screen that has this in it.
fn line(console: &Console, word: &str) -> String {
    let screen = console.screen();
    screen.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}:\n{screen}")).to_owned()
}

#[test]
fn a_cache_that_takes_nothing_stands_in_the_header_until_it_does() {
    for (zh, flag, again) in [(true, "写不进磁盘", "又可以写入"), (false, "cannot save", "written again")]
    {
        let mut console = Console::new(if zh { Lang::Zh } else { Lang::En }, 80, 24);
        console.event(Event::Unwritable(Some("磁盘满".to_owned())));
        assert!(line(&console, flag).contains("siyu") && console.screen().contains("磁盘满"));
        console.keys("j j");
        assert!(line(&console, flag).contains("siyu") && !console.screen().contains("磁盘满"));
        console.event(Event::Unwritable(None));
        let screen = console.screen();
        assert!(!screen.contains(flag) && screen.contains(again), "{screen}");
        console.event(Event::Unwritable(Some("磁盘满".to_owned())));
        console.event(Event::Notice(Notice::good("×1")));
        let screen = console.event(Event::Unwritable(None)).screen();
        assert!(!screen.contains(flag) && screen.contains("×1"), "what was written is not covered: {screen}");
    }
}

#[test]
fn the_title_tells_how_many_customers_there_will_be_while_they_are_pulled() {
    let mut console = Console::new(Lang::En, 120, 40);
    let has = console.app.customers.total();
    let whole = format!("/{has}");
    assert!(line(&console, "1 Customers").contains(&whole));
    let (resource, rate) = (Resource::Customers, 1_000.0);
    console.event(Event::Sync(SyncEvent::Progress { resource, done: has, total_hint: Some(5_432), rate }));
    assert!(line(&console, "1 Customers").contains("/5,432"));
    let took = std::time::Duration::ZERO;
    let pulled = Pulled { resource, rows: has, changed: has, deleted: 0, calls: 1, took };
    console.event(Event::Sync(SyncEvent::Pulled(pulled)));
    assert!(line(&console, "1 Customers").contains(&whole), "what is there, once all is");
}

#[test]
fn the_progress_line_names_what_is_being_asked_for() {
    for (lang, asks) in [(Lang::Zh, "正在请求客户"), (Lang::En, "asking for customers")] {
        let mut console = Console::new(lang, 120, 40);
        let progress = |resource, done, total_hint| {
            Event::Sync(SyncEvent::Progress { resource, done, total_hint, rate: 60.0 })
        };
        console.event(progress(Resource::Tags, 60, Some(60)));
        line(&console, "60/60");
        console.event(progress(Resource::Customers, 0, None));
        assert!(!line(&console, asks).contains("60/60"), "what is over is not told");
    }
}

#[test]
fn what_is_told_is_never_cut() {
    let told = "HTTP 503 at https://scrm.example/v1/customers; the backend is down for maintenance, and what you \
                wrote is kept; ask its operators, or press r to try again at once, the end";
    for (width, height) in [(80, 24), (60, 20), (40, 10)] {
        let mut console = Console::new(Lang::En, width, height);
        let rows = console.screen();
        console.app.notice = Some(Notice::bad(told));
        let screen = console.screen();
        let words: Vec<&str> = screen.split_whitespace().collect();
        for word in told.split(' ') {
            assert!(words.contains(&word), "{width}: {word}\n{screen}");
        }
        assert_eq!(rows.lines().next(), screen.lines().next(), "the header stays");
        assert_eq!(rows.lines().last(), screen.lines().last(), "the footer stays");
        console.keys("j k");
        assert_eq!(console.screen(), rows, "and it goes with the next key");
    }
}

#[test]
fn a_group_shows_as_many_days_as_it_says() {
    for (width, height) in [(120, 40), (100, 30), (80, 24)] {
        for (lang, title, label) in [(Lang::Zh, "概览", "发言"), (Lang::En, "Overview", "messages")] {
            let mut console = Console::new(lang, width, height);
            console.keys("3 j enter");
            let said = line(&console, title);
            let said: usize = said
                .split(title)
                .nth(1)
                .unwrap()
                .split(|c: char| !c.is_ascii_digit())
                .find(|n| !n.is_empty())
                .unwrap()
                .parse()
                .unwrap();
            let row = line(&console, &format!("│ {label}"));
            let cells = row.chars().filter(|c| ('\u{2800}'..='\u{28ff}').contains(c)).count();
            // A day that nobody knows is a gap.
            assert!((said - 1..=said).contains(&cells), "{width}: {said} days, {cells} cells\n{row}");
            assert_eq!(said, 28, "{width}: {said}");
        }
    }
}

#[test]
fn who_is_active_is_not_summed_over_days() {
    let mut console = Console::new(Lang::Zh, 120, 40);
    console.keys("3 j enter");
    assert!(line(&console, "│ 活跃").contains("日均"), "{}", console.screen());
}

#[test]
fn a_timeline_that_was_never_pulled_is_not_empty() {
    let mut console = Console::new(Lang::En, 80, 24);
    console.keys("enter f f f f f f");
    let never = "Never pulled";
    assert!(!console.screen().contains(never), "{}", console.screen());
    if let Some(crate::app::Detail::Customer(open)) = console.app.details.last_mut() {
        open.timeline.window.total = 0;
        open.timeline.window.rows.clear();
    }
    console.app.header.overview.pulled = vec![Resource::Customers];
    let screen = console.screen();
    assert!(screen.contains(never) && !screen.contains("0 entries"), "{screen}");
}

#[test]
fn what_cannot_be_done_is_not_offered_and_its_refusal_is_whole() {
    let read_only = Settings { read_only: true, ..settings(Lang::En) };
    let mut console = Console::with(read_only, 80, 24);
    let footer = |console: &Console| console.screen().lines().nth(23).unwrap_or_default().to_owned();
    for place in ["1", "2", "4", "1 enter"] {
        console.keys(place);
        for key in [" t tags", " i note", " n new", " u undo"] {
            assert!(!footer(&console).contains(key), "{place}: {}", footer(&console));
        }
        assert!(footer(&console).contains("? help"));
    }
    console.app.header.progress = Some(Progress {
        resource: Resource::Customers,
        done: 1_234,
        total: Some(5_000),
        rate: 1_024.0,
        kinds_done: 1,
    });
    console.keys("i");
    let told = line(&console, "read-only: nothing can be changed");
    assert!(told.contains("1,234/5,000"), "both have room: {told}");
    let long = "客户".repeat(18);
    console.event(Event::Notice(Notice::plain(long.clone())));
    line(&console, &long);
}

#[test]
fn in_chinese_trouble_is_told_in_chinese() {
    let mut console = Console::new(Lang::Zh, 120, 40);
    let text = "GET /v1/meta: nobody answers at http://127.0.0.1:1: Connection refused (os error 111)";
    let trouble = Trouble {
        kind: TroubleKind::Connect,
        text: text.to_owned(),
        remedy: "check that the backend runs".to_owned(),
    };
    let retry_at = console.now;
    console.event(Event::Sync(SyncEvent::Offline { trouble, retry_at }));
    let told = line(&console, "后端连不上");
    assert!(
        told.contains("检查后端是否在运行") && told.contains("(GET /v1/meta http://127.0.0.1:1)"),
        "{told}"
    );
    assert!(!told.contains("nobody") && !told.contains("check"), "{told}");
}
