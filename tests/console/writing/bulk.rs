//! Many records at once: the question, the number, and one undo.

use super::{MANY, arrives, closed, customer, opened, question, tags_of};

#[test]
fn a_few_marked_ones_want_a_yes() {
    let mut console = opened();
    console.keys("space space space").line("tag.add 高意向");
    question(&mut console);
    let screen = console.screen();
    assert!(screen.has("bulk · changes 3 records"), "{screen}");
    console.keys("esc").settled();
    assert_eq!(console.notice(), "not done");
    console.line("tag.add 高意向");
    question(&mut console);
    console.keys("enter");
    closed(&mut console);
    for id in ["c00", "c01", "c02"] {
        arrives(&mut console, id, |console| tags_of(console, id) == ["高意向"]);
    }
    assert!(tags_of(&console, "c03").is_empty());
}

#[test]
fn many_want_their_number_and_are_undone_as_one() {
    let mut console = opened();
    console.keys("*").wait_until("all marked", |console| {
        console.app().marks(siyu::app::Pane::Customers).is_some_and(|marks| marks.len() == MANY)
    });
    console.line("stage.set active");
    question(&mut console);
    console.keys("enter").settled();
    assert!(console.screen().has("the number to type is 30"), "{}", console.screen());
    console.text("29").keys("enter").settled();
    assert_eq!(customer(&console, "c00").stage.as_deref(), Some("new"));
    console.keys("C-u").text("30").keys("enter");
    closed(&mut console);
    let all = |stage: &'static str| {
        move |console: &crate::runner::Runner| {
            (0..MANY).all(|n| customer(console, &format!("c{n:02}")).stage.as_deref() == Some(stage))
        }
    };
    arrives(&mut console, "all of them", all("active"));
    super::all_sent(&mut console);
    console.keys("u");
    arrives(&mut console, "all of them back", all("new"));
}
