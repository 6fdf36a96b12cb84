//! What holds for every view: no size breaks it, no text moves a border, a step costs little.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

use super::{Console, lines, settings};
use crate::app::{Event, Width};
use crate::i18n::Lang;

/// Keys that lead to every view.
const WAYS: [&str; 22] = [
    "",
    "2",
    "3",
    "4",
    "enter",
    "enter tab",
    "3 enter",
    "3 enter h",
    "3 enter a",
    "4 enter",
    "/",
    "C-p",
    "?",
    ":",
    "E",
    "n tab",
    "i",
    "t",
    "T",
    "T 2 s w 2 j",
    "T t",
    "T f f",
];

#[test]
fn no_size_breaks_any_view() {
    for way in WAYS {
        for (width, height) in [
            (1, 1),
            (0, 0),
            (0, 9),
            (9, 0),
            (20, 5),
            (40, 10),
            (41, 11),
            (60, 20),
            (79, 18),
            (110, 20),
            (200, 60),
        ] {
            let mut console = Console::new(Lang::Zh, 120, 40);
            console.keys(way).event(Event::Resize { width, height });
            let (buffer, _) = console.buffer();
            assert_eq!(buffer.area.width, width);
            // a frame of a size that the state does not know yet
            let mut other = Buffer::empty(Rect::new(0, 0, height, width));
            let theme = crate::config::Theme::default();
            crate::ui::draw(&console.app, &crate::ui::Cx::new(&theme), &mut other);
        }
    }
}

#[test]
fn no_character_stands_over_the_edge_or_half() {
    for mode in [Width::Narrow, Width::Wide, Width::Ascii] {
        for way in WAYS {
            for (width, height) in [(120, 40), (80, 24), (60, 20), (40, 10)] {
                let mut settings = settings(Lang::Zh);
                settings.width = mode;
                let mut console = Console::with(settings, width, height);
                console.keys(way);
                let (buffer, _) = console.buffer();
                for y in 0..height {
                    let mut x = 0;
                    while x < width {
                        let cells = buffer[(x, y)].cell_width();
                        assert!((1..=2).contains(&cells), "{way:?} at {x},{y}");
                        if cells == 2 {
                            assert!(x + 1 < width, "{way:?}: over the edge at {y}");
                            assert_eq!(buffer[(x + 1, y)].symbol(), " ", "{way:?} at {x},{y}");
                        }
                        x += cells;
                    }
                }
            }
        }
    }
}

#[test]
fn borders_stand_in_line_whatever_the_names() {
    let console = Console::new(Lang::Zh, 120, 40);
    let layout = console.app.layout();
    let (buffer, _) = console.buffer();
    for pane in crate::app::Pane::ALL {
        let area = layout.pane(pane);
        for y in area.y + 1..area.y + area.h - 1 {
            for x in [area.x, area.x + area.w - 1] {
                assert_eq!(
                    buffer[(x, y)].symbol(),
                    "│",
                    "{pane:?} at {x},{y}: {}",
                    lines(&buffer)[usize::from(y)]
                );
            }
        }
    }
}

#[test]
fn a_step_down_changes_few_cells() {
    let mut console = Console::new(Lang::Zh, 120, 40);
    let (before, _) = console.buffer();
    console.keys("j");
    let (after, _) = console.buffer();
    let changed = before.diff(&after).len();
    assert!((1..60).contains(&changed), "{changed} cells");
    let (again, _) = console.buffer();
    assert_eq!(after.diff(&again).len(), 0, "drawing twice draws the same");
}

#[test]
fn the_caret_is_where_one_types() {
    let mut console = Console::new(Lang::Zh, 80, 24);
    console.keys("/").types("单晓");
    let (buffer, caret) = console.buffer();
    let caret = caret.unwrap();
    assert_eq!((buffer[(caret.x - 2, caret.y)].symbol(), buffer[(caret.x, caret.y)].symbol()), ("晓", " "));
}

#[test]
fn the_footer_shows_whole_entries_of_keys_that_work() {
    let console = Console::new(Lang::En, 80, 24);
    let footer = lines(&console.buffer().0).pop().unwrap();
    assert!(
        footer.contains("? help") && footer.contains("enter open") && footer.contains("/ search"),
        "{footer}"
    );
    assert!(!footer.contains('…'), "{footer}");
}

#[test]
fn the_header_says_the_state_of_the_backend_and_the_age_of_the_data_in_every_view() {
    for (lang, live, away, age) in
        [(Lang::Zh, "● 实时", "○ 离线", "数据 2小时前"), (Lang::En, "● live", "○ offline", "data 2h ago")]
    {
        for way in WAYS {
            for (width, height) in [(120, 40), (80, 24), (60, 20)] {
                let mut console = Console::new(lang, width, height);
                console.keys(way);
                let header = |console: &Console| lines(&console.buffer().0).remove(0);
                let shown = header(&console);
                assert!(shown.contains(live), "{way:?} at {width}: {shown}");
                console.app.header.link = crate::app::Link::Offline {
                    trouble: crate::model::Trouble {
                        kind: crate::model::TroubleKind::Connect,
                        text: String::new(),
                        remedy: String::new(),
                    },
                    retry_at: console.now,
                };
                let ago = console.now.millis - 2 * 3_600_000;
                console.app.header.overview.synced_at =
                    Some(crate::model::Time { millis: ago, ..console.now });
                console.app.header.overview.unsent = 3;
                let shown = header(&console);
                assert!(shown.contains(away) && shown.contains(age), "{way:?} at {width}: {shown}");
            }
        }
    }
}

#[test]
fn an_entry_taller_than_its_pane_is_read_to_its_end_before_the_next_one_comes() {
    let mut console = Console::new(Lang::Zh, 60, 12);
    console.keys("enter j j e");
    let mut shown = console.screen();
    assert!(shown.contains("... 还有") && !shown.contains("整箱买"), "{shown}");
    for _ in 0..40 {
        console.keys("j");
        shown = console.screen();
        if !shown.contains("... 还有") {
            break;
        }
        assert_eq!(timeline_cursor(&console), 2, "{shown}");
    }
    assert!(shown.contains("整箱买"), "{shown}");
    console.keys("j");
    assert_eq!(timeline_cursor(&console), 3);
}

fn timeline_cursor(console: &Console) -> u64 {
    match console.app.details.last() {
        Some(crate::app::Detail::Customer(open)) => open.timeline.cursor,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_figure_that_is_not_known_is_not_nought() {
    for (lang, never, due) in [(Lang::Zh, "尚未同步过", "待跟进"), (Lang::En, "never pulled", "due")]
    {
        for (width, height) in [(120, 40), (80, 24), (60, 20)] {
            let mut settings = settings(lang);
            settings.offline = true;
            let mut console = Console::with(settings, width, height);
            let header = |console: &Console| lines(&console.buffer().0).remove(0);
            console.app.header.overview = crate::query::ask::Overview::default();
            console.app.header.link = crate::app::Link::Idle;
            let told = header(&console);
            assert!(told.contains(never) && told.contains('—') && !told.contains(" 0"), "{told}");
            console.app.header.counted = false;
            let told = header(&console);
            assert!(!told.contains(never) && !told.contains(due), "nothing is known yet: {told}");
        }
    }
}

#[test]
fn a_line_break_in_a_name_breaks_no_line_of_the_plain_mode() {
    let mut console =
        Console::with(crate::app::Settings { plain: true, ..super::settings(Lang::En) }, 100, 24);
    console.app.customers.window.rows[0].row.name = "first\nsecond\r\nthird".to_owned();
    let screen = console.screen();
    assert!(screen.contains("first second  third") || screen.contains("first second third"), "{screen}");
}
