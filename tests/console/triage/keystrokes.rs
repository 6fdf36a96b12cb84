//! The README's table of keystrokes: each disposition is given with these keys, counted, and looked
//! for on the server.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use siyu::keymap::parse_keys;
use siyu::model::FollowUpStatus;

use super::{at, follow_up, numbered, opened, tags_of};
use crate::runner::Runner;
use crate::town;

const BEGIN: &str = "<!-- keystrokes:begin -->";
const END: &str = "<!-- keystrokes:end -->";

/// What is done, in Chinese and in English, with which keys, and how many those are said to be.
struct Disposition {
    zh: &'static str,
    en: &'static str,
    keys: &'static str,
    strokes: usize,
    /// Whether the server has it for this follow-up.
    done: fn(&Runner, &str) -> bool,
}

fn put_off(console: &Runner, id: &str) -> Option<String> {
    let until = follow_up(console, id).snoozed_until?;
    Some(until.zoned(&town::zone()).to_string()[..16].to_owned())
}

fn outcome(console: &Runner, id: &str) -> Option<String> {
    follow_up(console, id).outcome
}

const TABLE: [Disposition; 7] = [
    Disposition {
        zh: "有意向，打一个标签，延后到下周二，提交并到下一位",
        en: "interested, a tag, put off to next week's Tuesday, committed, and on to the next",
        keys: "2 t 1 s w 2 enter",
        strokes: 7,
        done: |console, id| {
            outcome(console, id).as_deref() == Some("interested")
                && put_off(console, id).as_deref() == Some("2026-03-24T10:00")
                && tags_of(console, &id.replace('f', "c")).contains(&numbered(console, 1))
        },
    },
    Disposition {
        zh: "重复上一处置",
        en: "the last disposition again",
        keys: "tab",
        strokes: 1,
        done: |console, id| {
            outcome(console, id).as_deref() == Some("interested")
                && put_off(console, id).as_deref() == Some("2026-03-24T10:00")
        },
    },
    Disposition {
        zh: "成交，跟进完成",
        en: "won, and the follow-up is done",
        keys: "1 enter",
        strokes: 2,
        done: |console, id| {
            outcome(console, id).as_deref() == Some("won")
                && follow_up(console, id).status == FollowUpStatus::Done
        },
    },
    Disposition {
        zh: "未接，明天再打",
        en: "no answer, tomorrow again",
        keys: "4 s m enter",
        strokes: 4,
        done: |console, id| {
            outcome(console, id).as_deref() == Some("no_answer")
                && put_off(console, id).as_deref() == Some("2026-03-19T10:00")
        },
    },
    Disposition {
        zh: "一小时后再打",
        en: "again in an hour",
        keys: "s h enter",
        strokes: 3,
        done: |console, id| put_off(console, id).as_deref() == Some("2026-03-18T16:20"),
    },
    Disposition {
        zh: "无需跟进",
        en: "not needed",
        keys: "D enter",
        strokes: 2,
        done: |console, id| follow_up(console, id).status == FollowUpStatus::Cancelled,
    },
    Disposition {
        zh: "撤销上一处置，回到那一位",
        en: "the last disposition taken back, and back at that row",
        keys: "u",
        strokes: 1,
        done: |console, id| at(console) == id && follow_up(console, id).status == FollowUpStatus::Open,
    },
];

#[test]
fn every_disposition_takes_as_many_keys_as_the_readme_says() {
    let mut console = opened();
    let mut last = String::new();
    for Disposition { en, keys, strokes, done, .. } in &TABLE {
        assert_eq!(parse_keys(keys).unwrap().len(), *strokes, "{en}");
        let id = if *keys == "u" { last.clone() } else { at(&console).to_owned() };
        console.keys(keys);
        console.wait_until(en, |console| done(console, &id));
        last = id;
    }
    let most = TABLE.iter().map(|row| row.strokes).max();
    assert_eq!(most, Some(7), "a full disposition takes seven keys");
}

fn table(zh: bool) -> String {
    let (does, keys, strokes) =
        if zh { ("处置", "按键", "次数") } else { ("Disposition", "Keys", "Strokes") };
    let mut text = format!("| {does} | {keys} | {strokes} |\n| --- | --- | --- |\n");
    for row in &TABLE {
        let keys: Vec<_> = row.keys.split(' ').map(|key| format!("`{key}`")).collect();
        let _ =
            writeln!(text, "| {} | {} | {} |", if zh { row.zh } else { row.en }, keys.join(" "), row.strokes);
    }
    text
}

#[test]
fn the_readmes_have_this_table() {
    for (name, zh) in [("README.md", false), ("README.zh-CN.md", true)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(BEGIN).unwrap_or_else(|| panic!("{name} has no {BEGIN}"));
        let (stands, after) = rest.split_once(END).unwrap_or_else(|| panic!("{name} has no {END}"));
        let wanted = format!("\n\n{}\n", table(zh));
        if std::env::var_os("SIYU_RENEW").is_some() {
            fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
            continue;
        }
        let renew = "SIYU_RENEW=1 cargo test --test console keystrokes";
        assert!(stands == wanted, "the table of keystrokes of {name} is stale; renew it with\n  {renew}");
    }
}
