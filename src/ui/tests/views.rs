//! Snapshots of every view, in both languages, at three sizes each.

use super::Console;
use crate::app::{Event, Notice, Progress};
use crate::i18n::Lang;
use crate::model::Resource;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (60, 20)];

/// Draws a view in both languages at all sizes, one snapshot for each language.
pub(super) fn view(name: &str, act: impl Fn(&mut Console)) {
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut screens = String::new();
        for (width, height) in SIZES {
            let mut console = Console::new(lang, width, height);
            act(&mut console);
            screens.push_str(&format!("{width}x{height}\n{}\n\n", console.screen()));
        }
        insta::assert_snapshot!(format!("{name}_{suffix}"), screens);
    }
}

#[test]
fn main() {
    view("main", |console| {
        console.keys("j space j").event(Event::Notice(Notice::good("已为 2 位客户加标签「会员」")));
    });
}

#[test]
fn panes() {
    view("tags", |console| {
        console.keys("2 j");
    });
    view("groups", |console| {
        console.keys("3 j j");
    });
    view("follow_ups", |console| {
        console.keys("4 j");
    });
}

#[test]
fn zoomed() {
    view("zoomed", |console| {
        console.keys("z");
    });
}

#[test]
fn customer() {
    view("customer", |console| {
        console.keys("enter j j e");
    });
    view("customer_profile", |console| {
        console.keys("enter tab");
    });
}

#[test]
fn group() {
    view("group", |console| {
        console.keys("3 enter");
    });
    view("group_heat", |console| {
        console.keys("3 enter h");
    });
    view("group_leavers", |console| {
        console.keys("3 enter x");
    });
    view("group_activities", |console| {
        console.keys("3 enter a j");
    });
}

#[test]
fn triage() {
    view("triage", |console| {
        console.keys("T 2 s w 2 i").types("想要二段,周二回电").keys("C-s");
    });
    view("triage_moved", |console| {
        console.keys("T j space j 4 s 6 t");
    });
    view("triage_which_key", |console| {
        console.keys("T s");
        let token = console.effects.iter().rev().find_map(|effect| match effect {
            crate::app::Effect::After { token, .. } => Some(*token),
            _ => None,
        });
        console.event(Event::Elapsed(token.expect("a prefix waits")));
    });
}

#[test]
fn follow_up() {
    view("follow_up", |console| {
        console.keys("4 enter");
    });
}

#[test]
fn searching() {
    view("search", |console| {
        console.keys("/").types("tag:");
    });
    view("search_mistake", |console| {
        console.keys("/").types("stage:dormant stgae:");
    });
}

#[test]
fn lines_and_pickers() {
    view("command_line", |console| {
        console.keys(":").types("pane");
    });
    view("palette", |console| {
        console.keys("C-p down");
    });
    view("sort", |console| {
        console.keys("o");
    });
    view("columns", |console| {
        console.keys("C down");
    });
    view("columns_chosen", |console| {
        console.keys("C").types("phone").keys("tab enter");
    });
    view("columns_without_room", |console| {
        for id in ["phone", "birthday", "churn", "active", "ordered", "source"] {
            console.keys("C").types(id).keys("tab enter");
        }
    });
    view("views", |console| {
        console.keys("f f");
    });
}

#[test]
fn which_key() {
    view("which_key", |console| {
        console.keys("2 f").event(Event::Elapsed(0));
        for token in 1..9 {
            console.event(Event::Elapsed(token));
        }
    });
}

#[test]
fn help() {
    view("help", |console| {
        console.keys("?");
    });
    view("help_search", |console| {
        console.keys("? /").types("sort");
    });
}

#[test]
fn first_run() {
    view("first_run", |console| {
        console.app.open_first_run();
    });
    view("first_run_backend", |console| {
        console.app.open_first_run();
        console.keys("down enter enter").types("SIYU_TOKEN").keys("enter");
        console.event(Event::Tried(1, Err("connection refused".into())));
    });
    view("first_run_token", |console| {
        console.app.open_first_run();
        console.keys("down enter enter").types("sk-live-16C7e42F").keys("enter");
        assert!(!console.screen().contains("16C7e42F"), "{}", console.screen());
    });
}

#[test]
fn first_sync() {
    view("first_sync", |console| {
        console.app.header.progress = Some(Progress {
            resource: Resource::Customers,
            done: 1_240,
            total: Some(5_000),
            rate: 1_024.0,
            kinds_done: 2,
        });
    });
}

#[test]
fn offline() {
    use crate::model::{Time, Trouble, TroubleKind};
    view("offline", |console| {
        console.app.header.overview.synced_at = Time::parse("2026-03-17T08:02:00+08:00").ok();
        console.app.header.overview.unsent = 3;
        console.app.header.link = crate::app::Link::Offline {
            trouble: Trouble {
                kind: TroubleKind::Connect,
                text: "connect".to_owned(),
                remedy: String::new(),
            },
            retry_at: Time::parse("2026-03-17T10:42:30+08:00").unwrap(),
        };
    });
}

/// Labelled lines without borders, drawings, or anything over them.
#[test]
fn plain() {
    for (name, width, height, keys) in [
        ("plain_main", 80, 24, ""),
        ("plain_tags", 80, 24, "2"),
        ("plain_groups", 80, 24, "3"),
        ("plain_follow_ups", 80, 24, "4"),
        ("plain_customer", 100, 30, "enter"),
        ("plain_group", 100, 30, "3 enter"),
        ("plain_palette", 80, 24, "C-p"),
        ("plain_form", 80, 24, "n"),
        ("plain_help", 80, 24, "?"),
        ("plain_triage", 80, 24, "T 2 s w 2"),
    ] {
        for lang in [Lang::Zh, Lang::En] {
            let mut settings = super::settings(lang);
            settings.plain = true;
            let mut console = Console::with(settings, width, height);
            if !keys.is_empty() {
                console.keys(keys);
            }
            let screen = console.screen();
            let drawn =
                |c: &char| ('\u{2500}'..='\u{25ff}').contains(c) || ('\u{2800}'..='\u{28ff}').contains(c);
            assert_eq!(screen.chars().find(drawn), None, "{name}");
            let lang = if lang == Lang::Zh { "zh" } else { "en" };
            insta::assert_snapshot!(format!("{name}_{lang}"), screen);
        }
    }
}

#[test]
fn ascii() {
    let mut settings = super::settings(Lang::Zh);
    settings.width = crate::app::Width::Ascii;
    insta::assert_snapshot!("ascii_main", Console::with(settings, 120, 40).screen());
}
