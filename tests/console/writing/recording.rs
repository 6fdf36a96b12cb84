//! Recording: what is kept of a session, what it does again for somebody else, and what is made of it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use siyu::app::{Detail, Event, StepsPage};
use siyu::cli::Global;
use siyu::cli::opening::reload;
use siyu::cli::site::Site;
use siyu::model::write::LOCAL;

use super::{arrives, closed, community, form, opened, outbox, tags_of};
use crate::runner::{Runner, start};

/// The page of steps that is open.
fn steps(console: &mut Runner) -> &StepsPage {
    console.wait_until("the steps", |console| console.app().steps_page().is_some());
    console.app().steps_page().unwrap()
}

fn lines(console: &mut Runner) -> Vec<String> {
    steps(console).makes.steps.iter().map(|step| step.does.to_string()).collect()
}

/// Does these lines, each when the one before it is done.
fn does(console: &mut Runner, lines: &[&str]) {
    for line in lines {
        console.line(line);
        closed(console);
    }
}

/// A console whose configuration is a file.
fn configured(text: &str) -> (Runner, PathBuf) {
    let mut console = start().records(community()).ready();
    let path = console.folder.path().join("config.toml");
    fs::write(&path, text).unwrap();
    let caches = console.folder.path().join("caches");
    let global = Global { config: Some(path.clone()), cache_dir: Some(caches), ..Global::default() };
    let site = Site::find(&global).unwrap();
    console.input(Event::Settings(Arc::new(site.settings("sample", false)))).settled();
    console.console.hands.reload = Some(reload(&site, "sample".to_owned(), false));
    console.console.hands.config = Some(path.clone());
    super::by_name(&mut console);
    (console, path)
}

/// What the outbox holds of a customer and a follow-up, in the order that it was written, with all ids told
/// as what they are.
fn written(console: &mut Runner, customer: &str, follow_up: &str) -> Vec<String> {
    let masked = |text: &str| {
        let mut text = text.to_owned();
        while let Some(at) = text.find(LOCAL) {
            let rest = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != LOCAL);
            text.replace_range(at..rest.map_or(text.len(), |rest| at + rest), "NEW");
        }
        text
    };
    let mut rows: Vec<_> = outbox(console).iter().collect();
    rows.sort_by_key(|row| row.n);
    let told = rows.iter().map(|row| {
        let deed = serde_json::to_string(&row.write.deed).unwrap();
        masked(&format!("{} {} {deed}", row.write.resource, row.write.id))
    });
    told.filter(|row| row.contains(customer) || row.contains(follow_up))
        .map(|row| row.replace(customer, "CUSTOMER").replace(follow_up, "FOLLOW-UP"))
        .collect()
}

#[test]
fn twelve_commands_over_three_panes_write_the_same_for_another_customer() {
    let mut console = opened();
    console.stop_server();
    console.keys("g g 5 j").settled();
    assert_eq!(console.customer(), "客户05");
    console.keys("Q a");
    does(&mut console, &["tag.add 母婴", "stage.set active", "customer.set remark 常客"]);
    does(&mut console, &["note.add 来过店里 {customer.name}", "call.log interested 约了下周"]);
    console.keys("2 j j 3 4").settled();
    console.text("/id:f05").keys("enter").wait_until("one", |console| console.app().follow_ups.total() == 1);
    does(&mut console, &["follow_up.assign 王五", "follow_up.snooze +3d", "follow_up.set priority high"]);
    does(&mut console, &["note.add 按约回电", "tag.add 高意向"]);
    console.keys("X 1").settled();
    does(&mut console, &["owner.set 王五", "follow_up.create 寄样品 明天"]);
    console.keys("Q");
    let page = steps(&mut console);
    assert_eq!((page.makes.steps.len(), page.left.others.len()), (12, 0));
    assert!(page.left.views >= 6, "{:?}", page.left);
    console.keys("esc g g 9 j").settled();
    assert_eq!(console.customer(), "客户09");
    console.keys("@ a");
    console.wait_until("all of it", |console| console.notice().starts_with("register a"));
    console.keys("g o").wait_until("the outbox", |console| {
        matches!(console.app().details.last(), Some(Detail::Outbox(open)) if open.rows().len() >= 24)
    });
    let (first, again) = (written(&mut console, "c05", "f05"), written(&mut console, "c09", "f09"));
    assert!(first.len() >= 12, "{first:#?}");
    assert_eq!(first, again);
    assert!(first.iter().any(|row| row.contains("{customer.name}")), "typed text is no place: {first:#?}");
    // One change, and one to take back.
    let batches: std::collections::BTreeSet<&str> = outbox(&console)
        .iter()
        .filter(|row| row.write.id == "c09" || row.write.id == "f09")
        .map(|row| row.batch.as_str())
        .collect();
    assert_eq!(batches.len(), 1);
}

#[test]
fn what_moves_on_after_it_goes_on_with_a_count() {
    let mut console = opened();
    console.keys("Q a").line("tag.add 母婴");
    closed(&mut console);
    console.keys("j Q");
    assert_eq!(lines(&mut console), ["tag.add 母婴"]);
    console.keys("esc 5 @ a");
    arrives(&mut console, "the fifth", |console| tags_of(console, "c05").contains(&"母婴".to_owned()));
    console.settled();
    assert_eq!(console.customer(), "客户06");
    assert_eq!(tags_of(&console, "c06"), [""; 0]);
    // About two customers it is done again as it was.
    console.keys("Q b").line("tag.add 高意向");
    closed(&mut console);
    console.keys("j").line("tag.add 高意向");
    closed(&mut console);
    console.keys("Q");
    assert_eq!(lines(&mut console).len(), 2);
    console.keys("esc j @ b");
    arrives(&mut console, "the second", |console| tags_of(console, "c09").contains(&"高意向".to_owned()));
    for (id, has) in [("c06", true), ("c07", true), ("c08", true), ("c09", true), ("c10", false)] {
        assert_eq!(tags_of(&console, id).contains(&"高意向".to_owned()), has, "{id}");
    }
}

#[test]
fn what_was_taken_back_is_no_step() {
    let mut console = opened();
    console.keys("Q a");
    does(&mut console, &["note.add 一", "note.add 二"]);
    console.keys("u").wait_until("undone", |console| console.notice().contains("note"));
    console.settled();
    console.keys("Q");
    assert_eq!(lines(&mut console), ["note.add 一"]);
}

#[test]
fn steps_become_a_macro_of_the_configuration() {
    const FILE: &str =
        "# mine\nlang = \"en\"   # as ever\n\n[keys.list]\n\"Z\" = \"pane.zoom\" # no end of line";
    let (mut console, path) = configured(FILE);
    console.keys("Q a");
    does(&mut console, &["tag.add 母婴", "note.add 来过"]);
    console.keys("4 1");
    does(&mut console, &["follow_up.create 回访 明天"]);
    console.keys("Q");
    assert_eq!(lines(&mut console), ["tag.add 母婴", "note.add 来过", "follow_up.create 回访 明天"]);
    let screen = console.screen();
    assert!(screen.has("2 commands that only look") && screen.has("steps of a"), "{screen}");

    // A step is written anew; what is wrong with it is said below its place.
    console.keys("j e");
    form(&mut console);
    console.keys("C-u").paste("note.ad x").keys("enter").settled();
    assert!(console.screen().has("^ "), "{}", console.screen());
    console.keys("C-u").paste("note.add 来过店里").keys("enter");
    closed(&mut console);
    console.keys("K");
    assert_eq!(lines(&mut console)[0], "note.add 来过店里");
    console.keys("J G d");
    assert_eq!(lines(&mut console).len(), 2);
    console.keys("u");
    assert_eq!(lines(&mut console).len(), 3);

    // A text is asked for.
    console.keys("g g p");
    form(&mut console);
    console.keys("tab").paste("tag").keys("tab C-n C-n").settled();
    console.keys("C-s");
    closed(&mut console);
    assert_eq!(lines(&mut console)[0], "tag.add {tag}");
    assert!(console.screen().has("{tag} = 母婴"), "{}", console.screen());

    // Left, it is a draft, and the register is as it was recorded.
    console.keys("esc").settled();
    assert!(console.notice().contains("g q a"), "{}", console.notice());
    assert!(console.app().settings.macros.get("@a").unwrap().params.is_empty());
    console.keys("g q a");
    assert_eq!(lines(&mut console)[0], "tag.add {tag}");

    // A name that is taken is refused, and nothing typed is lost.
    console.keys("C-s");
    form(&mut console);
    console.paste("wake-dormant").keys("C-s").settled();
    assert!(console.screen().has("is taken"), "{}", console.screen());
    assert_eq!(fs::read_to_string(&path).unwrap(), FILE);
    console.keys("C-u").paste("greet").keys("tab").paste("g n").keys("tab").paste("招呼");
    console.keys("tab").paste("say hello").keys("C-s");
    console.wait_until("the macro", |console| console.app().settings.macros.get("greet").is_some());
    closed(&mut console);
    assert!(console.app().details.is_empty() && console.notice().contains("greet"), "{}", console.notice());
    let written = fs::read_to_string(&path).unwrap();
    assert!(written.starts_with(&format!("{FILE}\n\n[macros.greet]\n")), "{written}");

    // It is everywhere at once.
    console.keys("g").wait_until("which-key", |console| console.app().which_key.is_some());
    assert!(console.screen().has("say hello"), "{}", console.screen());
    console.keys("esc C-p").text("say hello").settled();
    assert!(console.screen().has("g n"), "{}", console.screen());
    console.keys("esc esc j").settled();
    console.keys("g n");
    form(&mut console);
    console.keys("C-s");
    arrives(&mut console, "the tag", |console| tags_of(console, "c01").contains(&"母婴".to_owned()));
}
