//! What an operator types, until it is a plan, a commit, or a draft; and what comes back.

use std::sync::Arc;

use serde_json::Value;

use crate::app::{App, Effect, Event, Overlay, Settings, TakenBack, Targets, Tone, Width, Written};
use crate::command::plan::{Material, Plan, plan};
use crate::command::{Command, Risk, Verb};
use crate::i18n::Lang;
use crate::keymap::parse_keys;
use crate::model::view::{CustomerRow, Placed, RowKey, TagRow, Window};
use crate::model::{AnyRecord, Customer, Operator, Record as _, Resource, Snippet, Tag, Time};
use crate::query::Moment;
use crate::query::ask::{Answer, Ask, CustomerView, Vocabulary};

/// A console over a small community; what is to be done is kept, questions are answered.
struct Desk {
    app: App,
    done: Vec<Effect>,
}

const NOW: &str = "2026-03-17T10:42:00+08:00";

fn tags() -> Vec<Tag> {
    [("t1", "母婴"), ("t2", "高意向"), ("t3", "会员"), ("t4", "VIP")]
        .map(|(id, name)| Tag { id: id.into(), name: name.to_owned(), ..Tag::default() })
        .to_vec()
}

fn operators() -> Vec<Operator> {
    [("o1", "小李"), ("o2", "王五")]
        .map(|(id, name)| Operator { id: id.into(), name: name.to_owned(), ..Operator::default() })
        .to_vec()
}

/// Customers `c0` and so on; the first has a tag, an owner and more.
fn customer(n: usize) -> Customer {
    let first = n == 0;
    Customer {
        id: format!("c{n}").as_str().into(),
        name: format!("客户{n}"),
        remark: first.then(|| "老客".to_owned()),
        owners: if first { vec!["o1".into()] } else { Vec::new() },
        tags: if first { vec!["t1".into()] } else { Vec::new() },
        phones: vec!["13812345678".to_owned()],
        ..Customer::default()
    }
}

fn row(n: usize) -> CustomerRow {
    let customer = customer(n);
    CustomerRow {
        id: customer.id.clone(),
        name: customer.name.clone(),
        tags: customer.tags.iter().map(|_| "母婴".to_owned()).collect(),
        owners: customer.owners.iter().map(|_| "小李".to_owned()).collect(),
        phone: customer.phones.first().cloned(),
        ..CustomerRow::default()
    }
}

fn window<R>(rows: Vec<(String, R)>) -> Window<R> {
    let total = rows.len() as u64;
    let rows = rows.into_iter().map(|(id, row)| Placed { key: RowKey { values: Vec::new(), id }, row });
    Window { rows: rows.collect(), first: 0, total }
}

fn answer(ask: &Ask) -> Result<Answer, String> {
    Ok(match ask {
        Ask::Customers(_) => Answer::Customers(window((0..40).map(|n| (format!("c{n}"), row(n))).collect())),
        Ask::Tags => {
            let row = |tag: Tag| TagRow { id: tag.id, name: tag.name, ..TagRow::default() };
            Answer::Tags(tags().into_iter().map(row).collect())
        }
        Ask::Customer(id) => {
            let n = id.as_str()[1..].parse().map_err(|_| "no such customer".to_owned())?;
            let view = CustomerView { customer: customer(n), row: row(n), ..CustomerView::default() };
            Answer::Customer(Some(Box::new(view)))
        }
        Ask::Vocabulary => Answer::Vocabulary(Vocabulary {
            operators: operators().into_iter().map(|operator| operator.name).collect(),
            snippets: vec![("问候".to_owned(), "您好".to_owned())],
            ..Vocabulary::default()
        }),
        Ask::Ids(_) | Ask::Between(..) => Answer::Ids((0..40).map(|n| format!("c{n}")).collect()),
        other => return Err(format!("nobody answers {other:?}")),
    })
}

impl Desk {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(settle: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            profile: String::new(),
            lang: Lang::En,
            keymap: Arc::new(crate::config::Config::default().keymap),
            width: Width::Narrow,
            asks_width: false,
            plain: false,
            read_only: false,
            offline: false,
            mouse: false,
            which_key_ms: 300,
            scroll_jump: Default::default(),
            mask_phones: false,
            zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
            views: Vec::new(),
            columns: Default::default(),
        };
        settle(&mut settings);
        let mut desk =
            Self { app: App::new(Arc::new(settings), Time::parse(NOW).unwrap()), done: Vec::new() };
        let effects = desk.app.start();
        desk.run(effects);
        desk.done.clear();
        desk.app.notice = None;
        desk
    }

    fn run(&mut self, effects: Vec<Effect>) {
        let mut waiting = effects;
        while let Some(effect) = waiting.pop() {
            match effect {
                Effect::Ask(id, ask) => {
                    let now = self.app.now;
                    waiting.extend(self.app.absorb(Event::Answer(id, answer(&ask)), now));
                }
                other => self.done.push(other),
            }
        }
    }

    fn event(&mut self, event: Event) -> &mut Self {
        let now = self.app.now;
        let effects = self.app.absorb(event, now);
        self.run(effects);
        self
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace().flat_map(|name| parse_keys(name).unwrap()) {
            self.event(Event::Key(key));
        }
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()))
    }

    fn line(&mut self, line: &str) -> &mut Self {
        self.keys(":").types(line).keys("enter")
    }

    /// The command whose plan was asked for last, and for whom.
    fn asked(&self) -> Option<(&Command, &Targets)> {
        self.done.iter().rev().find_map(|effect| match effect {
            Effect::Plan { command, targets, .. } => Some((command, targets)),
            _ => None,
        })
    }

    /// The arguments of that command.
    fn args(&self) -> Vec<&str> {
        self.asked().expect("a plan is asked for").0.args.iter().map(String::as_str).collect()
    }

    fn plan(&self) -> Result<Box<Plan>, String> {
        let (command, targets) = self.asked().expect("a plan is asked for");
        let ids = match targets {
            Targets::Records(Resource::Customers, ids) => ids.clone(),
            _ => Vec::new(),
        };
        let records: Vec<AnyRecord> = ids.iter().map(|id| customer(id[1..].parse().unwrap()).any()).collect();
        let moment =
            Moment { now: self.app.now, zone: self.app.settings.zone.clone(), me: Some("o1".into()) };
        let snippet = Snippet {
            id: "s1".into(),
            title: "问候".to_owned(),
            body: "您好".to_owned(),
            ..Snippet::default()
        };
        let material = Material {
            tags: &tags(),
            tag_groups: &[],
            operators: &operators(),
            snippets: &[snippet],
            moment: &moment,
            zh: false,
            local: &|| "~1".to_owned(),
            holders: &|_| Vec::new(),
        };
        plan(command, &records, &material).map(Box::new).map_err(|error| error.says(false))
    }

    /// The plan that was asked for is made, as the runtime does.
    fn planned(&mut self) -> &mut Self {
        let made = self.plan();
        let id = self.done.iter().rev().find_map(|effect| match effect {
            Effect::Plan { id, .. } => Some(*id),
            _ => None,
        });
        self.event(Event::Planned(id.unwrap(), made))
    }

    fn commits(&self) -> Vec<&Plan> {
        let commits = self.done.iter().filter_map(|effect| match effect {
            Effect::Commit { plan, .. } => Some(&**plan),
            _ => None,
        });
        commits.collect()
    }

    /// The last commit is answered.
    fn committed(&mut self, result: Result<Written, String>) -> &mut Self {
        let id = self.done.iter().rev().find_map(|effect| match effect {
            Effect::Commit { id, .. } => Some(*id),
            _ => None,
        });
        self.event(Event::Committed(id.expect("something was committed"), result))
    }

    fn written(&mut self) -> &mut Self {
        self.committed(Ok(Written { label: "done".to_owned(), records: 1, ..Written::default() }))
    }

    fn notice(&self) -> &str {
        self.app.notice.as_ref().map_or("", |notice| &notice.text)
    }

    fn texts(&self) -> Vec<&str> {
        match &self.app.overlay {
            Some(Overlay::Form(form)) => form.fields.iter().map(|field| field.input.text()).collect(),
            other => panic!("no form is open, but {other:?}"),
        }
    }

    fn error(&self) -> &str {
        match &self.app.overlay {
            Some(Overlay::Form(form)) => form.error.as_deref().unwrap_or_default(),
            other => panic!("no form is open, but {other:?}"),
        }
    }

    fn last_draft(&self) -> Option<&Option<String>> {
        self.done.iter().rev().find_map(|effect| match effect {
            Effect::KeepDraft { text, .. } => Some(text),
            _ => None,
        })
    }

    fn is_form(&self) -> bool {
        matches!(self.app.overlay, Some(Overlay::Form(_)))
    }

    fn is_asked(&self) -> bool {
        matches!(self.app.overlay, Some(Overlay::Confirm(_)))
    }
}

#[test]
fn a_tag_is_found_by_its_pinyin_and_put_on() {
    let mut desk = Desk::new();
    desk.keys("j t").types("gaoyi").keys("enter");
    let (command, targets) = desk.asked().expect("a plan is asked for");
    assert_eq!(
        (command.verb, command.args.as_slice()),
        (Verb::TagEdit, ["t2".to_owned(), String::new()].as_slice())
    );
    assert_eq!(*targets, Targets::Records(Resource::Customers, vec!["c1".to_owned()]));
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["+tag 高意向"]);
    desk.written();
    assert_eq!((desk.notice(), desk.app.overlay.is_none()), ("done ×1 · u undoes it", true));
}

#[test]
fn tab_toggles_several_tags_and_takes_off_what_is_there() {
    let mut desk = Desk::new();
    // The customer's own tag stands first, and is on.
    desk.keys("t tab down tab down tab enter");
    assert_eq!(desk.args(), ["t2,t3", "t1"]);
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["+tag 高意向, 会员  -tag 母婴"]);
}

#[test]
fn a_tag_toggled_twice_is_left_as_it_is() {
    let mut desk = Desk::new();
    desk.keys("t tab tab down tab enter");
    assert_eq!(desk.args(), ["t2", ""]);
}

#[test]
fn stage_owner_and_result_are_picked() {
    for (keys, typed, args) in
        [("s", "dorm", ["dormant"]), ("a", "wang", ["王五"]), ("a", "me", ["me"]), ("c", "2", ["interested"])]
    {
        let mut desk = Desk::new();
        desk.keys(keys).types(typed).keys("enter");
        assert_eq!(desk.args(), args, "{keys} {typed}");
        desk.planned();
        assert_eq!(desk.commits().len(), usize::from(typed != "me"), "{keys} {typed}: {}", desk.notice());
    }
}

#[test]
fn a_paste_of_a_million_characters_is_text_and_no_key() {
    let mut desk = Desk::new();
    let hostile = "q\u{1b}[31mred\u{1b}[0m\u{7}\r\n\u{3}\u{13}:quit\n\u{202e}\t";
    let text = format!("{hostile}{}", "多".repeat(1_000_000));
    desk.keys("i").types(&text);
    assert_eq!(desk.texts(), [text.as_str()]);
    assert!(desk.asked().is_none() && !desk.done.contains(&Effect::Quit));
    desk.keys("C-s");
    assert_eq!(desk.args(), [text.as_str()]);
}

#[test]
fn what_is_typed_is_kept_until_it_is_written() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六");
    assert!(matches!(desk.last_draft(), Some(Some(text)) if text.contains("约周六")));
    desk.keys("esc");
    assert_eq!(
        (desk.app.overlay.is_none(), desk.notice()),
        (true, "what you typed is kept for the next time")
    );
    desk.keys("j i");
    assert_eq!(desk.texts(), [""], "another customer's");
    desk.keys("esc k i");
    assert_eq!((desk.texts(), desk.notice()), (vec!["约周六"], "what you typed last time is back"));
    desk.keys("C-s").planned();
    assert!(matches!(desk.last_draft(), Some(Some(_))), "it is not written yet");
    desk.written();
    assert_eq!(desk.last_draft(), Some(&None));
    desk.keys("i");
    assert_eq!(desk.texts(), [""]);
}

#[test]
fn what_an_earlier_session_did_not_write_is_back() {
    let mut first = Desk::new();
    first.keys("i").types("约周六");
    let drafts = first.done.iter().filter_map(|effect| match effect {
        Effect::KeepDraft { key, text: Some(text) } => Some((key.clone(), text.clone())),
        _ => None,
    });
    let drafts = drafts.collect();
    let mut second = Desk::new();
    second.event(Event::Drafts(drafts)).keys("i");
    assert_eq!(second.texts(), ["约周六"]);
}

#[test]
fn what_was_refused_stays_where_it_was_typed() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned();
    desk.committed(Err("the disk is full".to_owned()));
    assert_eq!((desk.texts(), desk.error()), (vec!["约周六"], "the disk is full"));
    assert!(matches!(desk.last_draft(), Some(Some(_))));
    // And it can be tried again.
    desk.keys("C-s").planned();
    assert_eq!(desk.commits().len(), 2);
}

#[test]
fn a_key_pressed_twice_writes_once() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned().keys("C-s");
    assert_eq!(desk.notice(), "the last change is still being saved");
    desk.written();
    let plans = desk.done.iter().filter(|effect| matches!(effect, Effect::Plan { .. })).count();
    assert_eq!((plans, desk.commits().len(), desk.app.overlay.is_none()), (1, 1, true));
}

#[test]
fn what_is_typed_while_it_is_being_saved_is_not_thrown_away() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s").planned().types("上午").written();
    assert_eq!(desk.texts(), ["约周六上午"]);
    assert!(matches!(desk.last_draft(), Some(Some(_))));
}

#[test]
fn a_form_that_was_closed_is_not_written_after_all() {
    let mut desk = Desk::new();
    desk.keys("i").types("约周六").keys("C-s esc").planned();
    assert_eq!(desk.commits().len(), 0);
}

#[test]
fn nothing_typed_makes_no_draft_and_no_notice() {
    let mut desk = Desk::new();
    desk.keys("i esc");
    assert_eq!((desk.app.notice.is_none(), desk.last_draft()), (true, None));
    desk.keys("i").types("a").keys("backspace");
    assert_eq!(desk.last_draft(), Some(&None));
}

#[test]
fn many_records_are_asked_about_and_one_is_not() {
    let mut desk = Desk::new();
    desk.line("tag.add VIP").planned();
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
    let mut desk = Desk::new();
    desk.keys("space space space").line("tag.add VIP").planned();
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true));
    desk.keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
    assert_eq!((desk.commits()[0].risk, desk.commits()[0].records()), (Risk::Bulk, 3));
}

#[test]
fn a_great_many_want_their_number() {
    let mut desk = Desk::new();
    desk.keys("*").line("tag.add VIP").planned();
    desk.keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true), "nothing was typed");
    desk.types("39").keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (0, true), "another number");
    assert!(matches!(&desk.app.overlay, Some(Overlay::Confirm(confirm)) if confirm.wrong));
    desk.keys("backspace backspace").types("40").keys("enter");
    assert_eq!((desk.commits().len(), desk.is_asked()), (1, false));
}

#[test]
fn no_goes_back_to_the_form_with_its_text() {
    let mut desk = Desk::new();
    desk.keys("space space i").types("约周六").keys("C-s").planned();
    assert!(desk.is_asked());
    desk.keys("esc");
    assert_eq!((desk.texts(), desk.notice(), desk.commits().len()), (vec!["约周六"], "not done", 0));
    desk.keys("C-s").planned().keys("enter").written();
    assert!(!desk.is_form(), "it is written, and closed");
    assert_eq!(desk.last_draft(), Some(&None));
}

#[test]
fn a_read_only_console_opens_no_form() {
    let mut desk = Desk::with(|settings| settings.read_only = true);
    for keys in ["i", "t", "E", "n", "s", "u", "C-r"] {
        desk.keys(keys);
        assert_eq!(
            (desk.app.overlay.is_none(), desk.notice()),
            (true, "read-only: nothing can be changed"),
            "{keys}"
        );
    }
    assert_eq!(desk.done, []);
}

#[test]
fn what_was_taken_back_is_told() {
    let back = TakenBack { label: "tags VIP".to_owned(), withdrawn: 2, ..TakenBack::default() };
    let left = vec![("王芳".to_owned(), "changed since".to_owned())];
    for (key, redo, result, told, tone) in [
        ("u", false, Ok(Some(back.clone())), "undone: tags VIP ×2", Tone::Good),
        ("C-r", true, Ok(Some(back.clone())), "done again: tags VIP ×2", Tone::Good),
        (
            "u",
            false,
            Ok(Some(TakenBack { inverted: 1, ..back.clone() })),
            "was sent already, its inverse is queued: tags VIP ×3",
            Tone::Good,
        ),
        (
            "u",
            false,
            Ok(Some(TakenBack { left, ..back })),
            "undone: tags VIP ×2 · 1 left (王芳: changed since)",
            Tone::Bad,
        ),
        ("u", false, Ok(None), "nothing to undo", Tone::Plain),
        ("C-r", true, Ok(None), "nothing to redo", Tone::Plain),
        ("u", false, Err("the disk is full".to_owned()), "the disk is full", Tone::Bad),
    ] {
        let mut desk = Desk::new();
        desk.keys(key);
        let [Effect::TakeBack { id, redo: asked }] = desk.done[..] else { panic!("{:?}", desk.done) };
        assert_eq!(asked, redo);
        desk.event(Event::TakenBack(id, redo, result));
        let notice = desk.app.notice.as_ref().expect("it is told");
        assert_eq!((notice.text.as_str(), notice.tone), (told, tone));
    }
}

#[test]
fn an_edit_sends_what_was_changed_and_nothing_else() {
    let mut desk = Desk::new();
    desk.keys("E").types("，爱喝茶").keys("tab").types("dormant").keys("C-s");
    let sent: Value = serde_json::from_str(desk.args()[0]).expect("JSON");
    assert_eq!(sent, serde_json::json!({"remark": "老客，爱喝茶", "stage": "dormant"}));
    desk.planned();
    assert_eq!(desk.commits()[0].told, ["remark: 老客 → 老客，爱喝茶; stage: (none) → dormant"]);
}

#[test]
fn an_edit_shows_owners_by_name_and_of_nothing_makes_nothing() {
    let mut desk = Desk::new();
    desk.keys("E");
    assert!(desk.texts().contains(&"小李"), "{:?}", desk.texts());
    desk.keys("C-s");
    assert_eq!((desk.error(), desk.asked()), ("nothing was changed", None));
}

#[test]
fn a_phone_that_is_masked_is_not_in_the_form() {
    let mut desk = Desk::with(|settings| settings.mask_phones = true);
    desk.keys("E");
    assert!(!desk.texts().concat().contains("5678"), "{:?}", desk.texts());
    desk.keys("esc v E");
    assert!(desk.texts().contains(&"13812345678"), "{:?}", desk.texts());
}

#[test]
fn a_date_is_echoed_and_what_is_none_is_gone_to() {
    let mut desk = Desk::new();
    let due = |desk: &Desk| match &desk.app.overlay {
        Some(Overlay::Form(form)) => (form.focus, form.fields[1].means.clone()),
        other => panic!("{other:?}"),
    };
    desk.keys("n").types("回访").keys("tab").types("下周二 10:00");
    assert_eq!(due(&desk).1, Ok("2026-03-24 Tue 10:00".to_owned()));
    desk.keys("C-u").types("改天").keys("tab tab C-s");
    let (focus, means) = due(&desk);
    assert_eq!((focus, means.as_ref().err().map(String::as_str)), (1, Some(desk.error())));
    assert!(desk.asked().is_none() && !desk.error().is_empty());
    desk.keys("C-u").types("明天");
    assert_eq!(desk.error(), "", "it is typed at again");
}

#[test]
fn the_first_wrong_field_is_gone_to() {
    let mut desk = Desk::new();
    desk.keys("E tab").types("gone").keys("tab tab").types("谁").keys("C-s");
    let Some(Overlay::Form(form)) = &desk.app.overlay else { panic!("no form") };
    assert_eq!((form.fields[form.focus].name.as_str(), form.error.is_some()), ("stage", true));
    assert!(desk.asked().is_none());
}

#[test]
fn a_command_that_changes_nothing_says_why() {
    let mut desk = Desk::new();
    desk.line("tag.add 母婴").planned();
    assert_eq!((desk.notice(), desk.commits().len()), ("nothing to change: is so already", 0));
    desk.line("tag.add 没有的").planned();
    assert_eq!(desk.commits().len(), 0);
    assert!(desk.notice().contains("没有的"), "{}", desk.notice());
}
