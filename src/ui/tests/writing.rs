//! Forms and questions, in both languages at three sizes each.

use super::Console;
use super::views::view;
use crate::app::{Detail, Effect, Event};
use crate::command::plan::{Plan, Skip, Skipped};
use crate::command::{Command, Risk, Verb};
use crate::i18n::Lang;
use crate::model::view::{OutboxRow, OutboxView};
use crate::model::write::Clash;
use crate::model::{Deed, Planned, Resource, TagId, Write, WriteState};
use serde_json::Map;

/// Answers the plan that is waited for.
fn planned(console: &mut Console, plan: Plan) {
    let asked = console.effects.iter().rev().find_map(|effect| match effect {
        Effect::Plan { id, .. } => Some(*id),
        _ => None,
    });
    let id = asked.expect("a plan is asked for");
    console.event(Event::Planned(id, Ok(Box::new(plan))));
}

/// A plan that puts a tag on so many customers.
fn tagging(lang: Lang, customers: usize) -> Plan {
    let names = [
        "单晓琳 (6)",
        "王建国",
        "欧阳明月",
        "👩‍👩‍👧小鹿🦌妈妈❤️",
        "Z\u{300}\u{301}\u{302}\u{303}lgo\u{202E}txt\u{1b}[31m",
    ];
    let writes = (0..customers).map(|n| Planned {
        write: Write {
            resource: Resource::Customers,
            id: format!("c{n}"),
            deed: Deed::Tag { add: vec![TagId::from("t1")], remove: Vec::new() },
        },
        name: names[n % names.len()].to_owned(),
        image: Map::new(),
    });
    let (label, told) =
        if lang == Lang::Zh { ("标签 VIP", "+标签 VIP") } else { ("tags VIP", "+tag VIP") };
    let skipped = ["陈佳怡 Jia", "查理 (zhā)"].map(|name| Skipped {
        id: name.to_owned(),
        name: name.to_owned(),
        why: Skip::AlreadySo,
    });
    Plan {
        command: Command::new(Verb::TagAdd),
        label: label.to_owned(),
        risk: Risk::Bulk,
        writes: writes.collect(),
        told: vec![told.to_owned(); customers],
        skipped: skipped.to_vec(),
        said: Vec::new(),
        course: None,
    }
}

fn sending(lang: Lang) -> Plan {
    let body = "单晓琳您好，这是您要的试用装链接：https://example.com/s/8f3a 。今天 18 点前下单送小样一份，有问题随时问我～";
    let (label, send) =
        if lang == Lang::Zh { ("发消息 wecom", "发送") } else { ("message wecom", "send") };
    Plan {
        command: Command::new(Verb::MessageSend),
        label: label.to_owned(),
        risk: Risk::Outbound,
        writes: vec![Planned {
            write: Write {
                resource: Resource::Events,
                id: "~1".to_owned(),
                deed: Deed::Send {
                    customer_id: "c1".into(),
                    channel: "wecom".to_owned(),
                    body: body.to_owned(),
                },
            },
            name: "单晓琳 (6)".to_owned(),
            image: Map::new(),
        }],
        told: vec![format!("{send} wecom: {body}")],
        skipped: Vec::new(),
        said: Vec::new(),
        course: None,
    }
}

fn with_operators(console: &mut Console) {
    console.app.vocabulary.operators = ["小李", "王五", "Anna"].map(str::to_owned).to_vec();
}

#[test]
fn a_record_is_edited() {
    view("form_edit", |console| {
        with_operators(console);
        console.keys("E C-e").types("，孩子 8 个月").keys("tab");
    });
}

#[test]
fn a_follow_up_is_made() {
    view("form_follow_up", |console| {
        with_operators(console);
        console.keys("n").types("首单后回访").keys("tab").types("下周二 10:00").keys("tab tab");
    });
    view("form_follow_up_wrong", |console| {
        with_operators(console);
        console.keys("n").types("首单后回访").keys("tab").types("改天").keys("C-s");
    });
}

#[test]
fn a_note_is_written() {
    view("form_note", |console| {
        console.keys("i").types(
            "约在周六上午到店，带孩子一起。\n\nAsked twice about the trial pack, wants the second stage; calls only after six in the evening please.\n\u{1b}[31m红\u{202E}色\u{7}",
        );
    });
}

#[test]
fn a_message_is_read_before_it_is_sent() {
    view("form_message", |console| {
        console.keys("M").types("{{customer.name}} 您好，周六上午到店有小样，\n给您留一份？").keys("tab tab");
    });
}

#[test]
fn tags_are_picked() {
    view("pick_tags", |console| {
        console.keys("t down tab");
    });
}

#[test]
fn many_are_asked_about() {
    view("confirm_bulk", |console| {
        let lang = console.app.settings.lang;
        console.keys("space space j :").types("tag.add VIP").keys("enter");
        planned(console, tagging(lang, 24));
        console.types("23").keys("enter");
    });
    view("confirm_few", |console| {
        let lang = console.app.settings.lang;
        console.keys("space space j :").types("tag.add VIP").keys("enter");
        planned(console, tagging(lang, 3));
    });
}

#[test]
fn a_message_is_asked_about_in_full() {
    view("confirm_message", |console| {
        let lang = console.app.settings.lang;
        console.keys(":").types("message.send wecom hello").keys("enter");
        planned(console, sending(lang));
    });
}

#[test]
fn the_list_of_writes_is_read_to_its_end() {
    let mut console = Console::new(Lang::En, 60, 20);
    console.keys(":").types("tag.add VIP").keys("enter");
    planned(&mut console, tagging(Lang::En, 5_000));
    assert!(!console.screen().contains("Left as they are:"));
    let first = console.screen();
    console.keys("pgdn down pgup up");
    assert_eq!(console.screen(), first);
    for _ in 0..1_000 {
        console.keys("pgdn");
    }
    assert!(console.screen().contains("Left as they are:"), "{}", console.screen());
    assert!(console.screen().contains("of 5000 writes"), "{}", console.screen());
}

/// A million characters, pasted and drawn: every key must be answered at once.
#[test]
fn a_million_characters_are_typed_into() {
    let mut console = Console::new(Lang::Zh, 80, 24);
    let text = "一二三四五六七八九十".repeat(100_000);
    console.keys("i").types(&text);
    let mut short = Console::new(Lang::Zh, 80, 24);
    short.keys("i").types("一二三四五六七八九十");
    let fastest = |console: &mut Console| {
        let frame = |_| {
            let begun = std::time::Instant::now();
            console.buffer();
            begun.elapsed()
        };
        (0..5).map(frame).min().unwrap_or_default()
    };
    // Beside a short text in the same run: what is out of sight costs next to nothing.
    let (long, short) = (fastest(&mut console), fastest(&mut short));
    assert!(long < short * 50, "{long:?} for a frame, {short:?} with a short text");
    console.types("末").keys("left");
    let (buffer, caret) = console.buffer();
    let caret = caret.expect("one types");
    assert_eq!(buffer[(caret.x, caret.y)].symbol(), "末");
    console.keys("home");
    let (buffer, caret) = console.buffer();
    let caret = caret.expect("one types");
    assert_eq!(buffer[(caret.x, caret.y)].symbol(), "一");
}

#[test]
fn a_phone_is_whole_until_one_leaves_the_customer() {
    let mut settings = super::settings(Lang::En);
    settings.mask_phones = true;
    let mut console = Console::with(settings, 120, 40);
    let shown = |console: &Console| console.screen().contains("13812345678");
    console.keys("enter");
    assert!(!shown(&console), "{}", console.screen());
    console.keys("v");
    assert!(shown(&console), "{}", console.screen());
    let audit = Effect::Audit { what: "phone.reveal".to_owned(), id: "c1".to_owned() };
    assert_eq!(console.effects.iter().filter(|effect| **effect == audit).count(), 1);
    console.keys("esc enter");
    assert!(!shown(&console), "it is hidden again");
    console.keys("v v");
    assert!(!shown(&console), "the same key hides it");
    console.keys("v ]");
    assert!(!shown(&console), "the next customer's was not asked for");
    console.keys("[");
    assert!(!shown(&console), "one had left");
}

/// Marked on every list, and told in words beside it.
fn unsent(console: &mut Console) {
    use crate::model::WriteState;
    console.writes = vec![WriteState::Queued, WriteState::Failed, WriteState::Unknown];
    let resources = vec![Resource::Customers, Resource::FollowUps, Resource::Tags];
    console.event(Event::Sync(crate::model::SyncEvent::Applied { resources }));
    console.event(Event::Sync(crate::model::SyncEvent::CaughtUp { seq: 1, at: console.now, live: true }));
}

#[test]
fn what_is_not_sent_yet_is_marked() {
    view("unsent", |console| {
        unsent(console);
        console.keys("j");
    });
    view("unsent_customer", |console| {
        unsent(console);
        console.keys("enter j e");
    });
}

/// A conflict about a moment, in the open outbox.
fn in_conflict(lang: Lang) -> Console {
    let mut console = Console::new(lang, 120, 40);
    console.keys("g o");
    let moment = |text: &str| serde_json::Value::from(text);
    let clash = Clash {
        field: "due_at".to_owned(),
        base: serde_json::Value::Null,
        mine: moment("2026-03-18T10:00:00+08:00"),
        theirs: moment("2026-03-19T01:30:00Z"),
    };
    let row = OutboxRow {
        n: 7,
        batch: String::new(),
        label: "edit due".to_owned(),
        takes_back: true,
        write: Write::set_one(Resource::FollowUps, "f1", "due_at", "2026-03-18T10:00:00+08:00"),
        name: "回访".to_owned(),
        state: WriteState::Conflict,
        attempts: 1,
        next_at: None,
        words: None,
        status: None,
        clashes: vec![clash],
        needs: Vec::new(),
        made_at: console.now,
        sent_at: None,
    };
    if let Some(Detail::Outbox(open)) = console.app.details.last_mut() {
        open.record.view = Some(Box::new(OutboxView { rows: vec![row], total: 1 }));
    }
    console
}

#[test]
fn a_conflict_tells_moments_as_the_console_does_and_what_undo_has_made() {
    for (lang, made) in [(Lang::Zh, "撤销：编辑 到期"), (Lang::En, "undo: edit due")] {
        let mut console = in_conflict(lang);
        let screen = console.screen();
        assert!(screen.contains(made), "{screen}");
        for open in ["", "enter"] {
            let screen = console.keys(open).screen();
            assert!(screen.contains("10:00") && screen.contains("09:30"), "{screen}");
            assert!(!screen.contains("2026-03-18T") && !screen.contains("01:30"), "{screen}");
            assert!(!screen.contains("due_at"), "{screen}");
        }
    }
}

#[test]
fn the_key_of_a_message_sends() {
    for (lang, send, save) in [(Lang::Zh, "C-s 发送", "C-s 保存"), (Lang::En, "C-s send", "C-s save")] {
        let mut console = Console::new(lang, 80, 24);
        let screen = console.keys("M").screen();
        assert!(screen.contains(send) && !screen.contains(save), "{screen}");
        let screen = console.keys("esc i").screen();
        assert!(screen.contains(save) && !screen.contains(send), "{screen}");
    }
}
