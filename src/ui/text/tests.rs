//! The laws of displayable text, on any text and on the naughty ones.

use std::path::Path;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;
use crate::ui::canvas::Canvas;

const MODES: [WidthMode; 3] = [WidthMode::Narrow, WidthMode::Wide, WidthMode::Ascii];

/// Cells that ratatui steps over when it writes row 0 up to the bar, which must stand at `bar`.
fn holds(text: &str, cells: usize, mode: WidthMode) {
    for align in [Align::Left, Align::Right] {
        let fitted = fit(text, cells, align, mode);
        assert_eq!(width(&fitted, mode), cells, "{text:?} in {cells} as {fitted:?}");
    }
    let cells = u16::try_from(cells).unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, cells + 3, 1));
    let mut canvas = Canvas::new(&mut buffer, mode);
    canvas.put(0, 0, 1, "|", Style::new());
    canvas.field(1, 0, cells, text, Align::Left, Style::new());
    canvas.put(cells + 1, 0, 1, "|", Style::new());
    let mut x = 0;
    while x < cells + 1 {
        x += buffer[(x, 0)].cell_width().max(1);
    }
    assert_eq!(x, cells + 1, "{text:?} moved the border");
    assert_eq!((buffer[(0, 0)].symbol(), buffer[(x, 0)].symbol()), ("|", "|"), "{text:?}");
}

fn lawful(text: &str) {
    for mode in MODES {
        let shown = safe(text, mode);
        assert_eq!(safe(&shown, mode), shown, "not stable: {text:?}");
        assert!(!shown.chars().any(|c| c.is_control() || is_ignorable(c)), "{text:?}");
        for cells in [0, 1, 2, 3, 7, 20] {
            holds(text, cells, mode);
            let sliced = slice(text, cells / 2, cells, mode);
            assert_eq!(width(&sliced, mode), cells, "{text:?} sliced to {sliced:?}");
            for line in wrap(text, cells, mode) {
                assert!(width(&line, mode) <= cells, "{line:?} in {cells}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_keeps_its_column(text in any::<String>()) {
        lawful(&text);
    }

    #[test]
    fn text_of_the_hard_blocks_keeps_its_column(
        text in proptest::collection::vec(prop_oneof![
            proptest::char::range('\0', '\u{A0}'),
            proptest::char::range('\u{300}', '\u{36F}'),
            proptest::char::range('\u{590}', '\u{6FF}'),
            proptest::char::range('\u{900}', '\u{DFF}'),
            proptest::char::range('\u{E00}', '\u{FFF}'),
            proptest::char::range('\u{1100}', '\u{11FF}'),
            proptest::char::range('\u{1780}', '\u{18AF}'),
            proptest::char::range('\u{2000}', '\u{2BFF}'),
            proptest::char::range('\u{3000}', '\u{33FF}'),
            proptest::char::range('\u{FE00}', '\u{FFFF}'),
            proptest::char::range('\u{1F000}', '\u{1FAFF}'),
            proptest::char::range('\u{E0000}', '\u{E01EF}'),
            proptest::char::range('一', '鿿'),
        ], 0..24).prop_map(String::from_iter)
    ) {
        lawful(&text);
    }

    #[test]
    fn wrapping_loses_nothing_but_spaces(text in "[a-z 一-龥，。（）]{0,60}", cells in 2usize..30) {
        let whole: String = wrap(&text, cells, WidthMode::Narrow).concat();
        let dense = |text: &str| text.replace(' ', "");
        prop_assert_eq!(dense(&whole), dense(&text));
    }
}

fn corpus(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        eprintln!("skipped: no corpus {name} beside the project");
    }
    text
}

#[test]
fn naughty_strings_keep_their_column() {
    let Some(text) = corpus("blns.json") else { return };
    let strings: Vec<String> = serde_json::from_str(&text).unwrap();
    assert!(strings.len() > 400);
    strings.iter().for_each(|text| lawful(text));
}

#[test]
fn every_emoji_is_one_group_of_at_most_two_cells() {
    let Some(text) = corpus("emoji-test.txt") else { return };
    let mut seen = 0;
    for line in text.lines().filter(|line| !line.starts_with('#') && line.contains(';')) {
        let codes = line.split(';').next().unwrap();
        let emoji: String = codes
            .split_whitespace()
            .map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap())
            .collect();
        lawful(&emoji);
        assert!((1..=2).contains(&width(&emoji, WidthMode::Narrow)), "{line}");
        seen += 1;
    }
    assert!(seen > 4000);
}

#[test]
fn grapheme_break_cases_keep_their_column() {
    let Some(text) = corpus("GraphemeBreakTest.txt") else { return };
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let codes = line.split(['÷', '×']).map(str::trim).filter(|code| !code.is_empty());
        let text: String =
            codes.filter_map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)).collect();
        lawful(&text);
    }
}

#[test]
fn what_is_dangerous_or_uncertain_is_replaced() {
    let shown = |text| safe(text, WidthMode::Narrow).into_owned();
    assert_eq!(shown("\u{1b}[31mred\u{7}"), "^[[31mred^G");
    assert_eq!(shown("a\u{202E}txt.exe"), "atxt.exe");
    assert_eq!(shown("a\tb\nc\r\u{2028}d"), "a b c  d");
    assert_eq!(shown("zero\u{200B}width\u{FEFF}"), "zerowidth");
    assert_eq!(shown("\u{E000}\u{10FFFF}\u{9B}"), "???");
    assert_eq!(shown("e\u{301}\u{302}\u{303}\u{304}"), "e\u{301}\u{302}");
    assert_eq!(shown("\u{301}a"), "a");
    assert_eq!(shown("👨\u{200D}👩\u{200D}👧 👍🏽 ❤\u{FE0F}\u{200D}🔥 🇨🇳 1\u{FE0F}\u{20E3}"), "👨 👍 ❤ CN 1");
}

#[test]
fn names_of_all_the_world_stay_whole() {
    for name in [
        "单晓琳 (6)",
        "查理 (zhā)",
        "Nguyễn Thị Hồng",
        "Nguye\u{302}\u{303}n",
        "สมศักดิ์ ปู่น้ำ",
        "Ελένη",
        "김민서",
    ] {
        assert_eq!(safe(name, WidthMode::Narrow), name);
    }
}

#[test]
fn widths_follow_the_mode() {
    assert_eq!(width("①●→", WidthMode::Narrow), 3);
    assert_eq!(width("①●→", WidthMode::Wide), 6);
    assert_eq!(safe("①●→“”", WidthMode::Ascii), "(1)*->\"\"");
    assert_eq!(width("Иван", WidthMode::Wide), 8);
    assert_eq!(width("单晓琳", WidthMode::Narrow), 6);
    assert_eq!(width("क\u{93E}", WidthMode::Narrow), 2);
}

#[test]
fn fit_cuts_pads_and_never_halves() {
    let fit = |text, cells| fit(text, cells, Align::Left, WidthMode::Narrow);
    assert_eq!(fit("重庆曾先生", 6), "重庆… ");
    assert_eq!(fit("重庆曾先生", 7), "重庆曾…");
    assert_eq!(fit("重庆曾", 6), "重庆曾");
    assert_eq!(fit("重", 1), "…");
    assert_eq!(fit("", 3), "   ");
    assert_eq!(slice("重庆曾", 1, 4, WidthMode::Narrow), " 庆 ");
}

#[test]
fn chinese_punctuation_does_not_begin_a_line() {
    let lines = wrap("我们明天下午，再联系。", 12, WidthMode::Narrow);
    assert_eq!(lines, ["我们明天下", "午，再联系。"]);
    assert_eq!(wrap("ask for (a) price list", 9, WidthMode::Narrow), ["ask for", "(a) price", "list"]);
    assert_eq!(wrap("a\n\nb", 9, WidthMode::Narrow), ["a", "", "b"]);
}
