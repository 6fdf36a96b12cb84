//! Two consoles on one cache, a console that may not write, and phones that are not to be seen.

use super::{arrives, by_name, community, customer, events, opened, row, tags_of};
use crate::runner::start;

#[test]
fn two_consoles_see_what_both_write_and_send_it_once() {
    let mut one = opened();
    let mut two = one.beside();
    two.wait_until("the customers", |two| two.app().customers.total() == super::MANY as u64);
    by_name(&mut two);
    one.line("note.add 甲写的");
    arrives(&mut one, "a note", |one| events(one, "c00").len() == 1);
    two.line("tag.add 高意向");
    two.wait_until("the tag", |two| row(two, "c00").tags == ["高意向"]);
    two.line("note.add 乙写的");
    arrives(&mut two, "both notes", |two| events(two, "c00").len() >= 2);
    arrives(&mut two, "the tag", |two| tags_of(two, "c00") == ["高意向"]);
    for console in [&mut one, &mut two] {
        super::all_sent(console);
        console.wait_until("the tag on its row", |console| row(console, "c00").tags == ["高意向"]);
    }
    let mut titles: Vec<_> = events(&one, "c00").into_iter().map(|event| event.title).collect();
    titles.sort();
    assert_eq!(titles, ["乙写的", "甲写的"], "each once");
}

#[test]
fn an_undo_of_another_consoles_change_asks_first_and_says_whose_it_was() {
    let mut one = opened();
    let mut two = one.beside();
    two.wait_until("the customers", |two| two.app().customers.total() == super::MANY as u64);
    by_name(&mut two);
    one.line("stage.set active");
    arrives(&mut one, "the stage", |one| customer(one, "c00").stage.as_deref() == Some("active"));
    two.wait_until("the stage", |two| row(two, "c00").stage.as_deref() == Some("active"));
    two.keys("u");
    super::told(&mut two, "once more");
    assert!(two.notice().contains(crate::town::operator().1), "{}", two.notice());
    assert_eq!(row(&two, "c00").stage.as_deref(), Some("active"), "nothing is taken back unasked");
    two.keys("u");
    super::told(&mut two, "not of this session");
    two.wait_until("the old stage", |two| row(two, "c00").stage.as_deref() == Some("new"));
    two.line("stage.set lost");
    two.wait_until("its own stage", |two| row(two, "c00").stage.as_deref() == Some("lost"));
    two.keys("u");
    super::told(&mut two, "undone");
    assert!(!two.notice().contains("not of this session"), "its own needs no word: {}", two.notice());
}

#[test]
fn what_is_queued_by_one_is_seen_by_the_other_before_it_is_sent() {
    let mut one = opened();
    let mut two = one.beside();
    two.wait_until("the customers", |two| two.app().customers.total() == super::MANY as u64);
    by_name(&mut two);
    one.stop_server();
    one.line("stage.set active");
    one.wait_until("it to be written", |one| row(one, "c00").write.is_some());
    two.wait_until("the stage", |two| {
        let row = row(two, "c00");
        row.stage.as_deref() == Some("active") && row.write.is_some()
    });
    super::back(&mut one);
    arrives(&mut two, "the stage at the server", |two| {
        customer(two, "c00").stage.as_deref() == Some("active")
    });
}

#[test]
fn read_only_refuses_in_the_write_path_too() {
    let mut console = start().records(community()).with(|settings| settings.read_only = true).ready();
    by_name(&mut console);
    console.line("tag.add 高意向").settled();
    assert!(console.screen().has("read-only: nothing can be changed"), "{}", console.screen());
    console.keys("esc");
    // The state lets it through, and what writes does not.
    let mut settings = (*console.app().settings).clone();
    settings.read_only = false;
    let now = console.app().now;
    let effects = console.console.app.absorb(siyu::app::Event::Settings(settings.into()), now);
    drop(effects);
    console.line("tag.add 高意向");
    console.wait_until("the refusal", |console| console.notice().contains("read-only"));
    assert!(row(&console, "c00").tags.is_empty() && row(&console, "c00").write.is_none());
    assert!(tags_of(&console, "c00").is_empty());
}

#[test]
fn a_phone_is_masked_until_it_is_revealed_and_the_audit_says_so() {
    let mut console = start().records(community()).with(|settings| settings.mask_phones = true).ready();
    by_name(&mut console);
    console.keys("enter").wait_for("the customer", |screen| screen.has("客户00"));
    assert!(!console.screen().has("13812340000"), "{}", console.screen());
    console
        .keys("v")
        .wait_for("the phone", |screen| screen.has("13812340000") || screen.has("138 1234 0000"));
    let cache =
        siyu::cache::Cache::open(&console.folder.path().join("cache"), console.clock.now()).unwrap().cache;
    let revealed = |console: &crate::runner::Runner| {
        let reader = cache.reader().unwrap();
        let mut found = Vec::new();
        reader
            .audit(None, &console.clock.moment(None), |row| {
                found.push((row.command, row.record, row.name));
                Ok(())
            })
            .unwrap();
        found.contains(&("phone.reveal".to_owned(), Some("c00".to_owned()), Some("客户00".to_owned())))
    };
    // The line is written by a task of its own; a write after it stands behind it.
    console.line("note.add 看过号码");
    console.wait_until("the line of the audit", |console| revealed(console));
    // The key is held until the note is written.
    console.keys("q").wait_for("it to be hidden again", |screen| !screen.has("13812340000"));
}
