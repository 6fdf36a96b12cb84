//! The tags themselves: made, renamed, moved, merged, deleted.

use siyu::app::Pane;
use siyu::model::{Resource, Tag};

use super::{arrives, closed, form, opened, question, tags_of};
use crate::runner::Runner;
use crate::town;

fn tag(console: &Runner, name: &str) -> Option<Tag> {
    let tags: Vec<Tag> = town::records(&console.store, Resource::Tags);
    tags.into_iter().find(|tag| tag.name == name && !tag.deleted)
}

/// Puts the cursor of the tags pane on a tag.
fn go_to(console: &mut Runner, name: &str) {
    console.keys("2 g g").settled();
    assert_eq!(console.app().focus, Pane::Tags);
    while console.app().tags.current().is_none_or(|tag| tag.name != name) {
        let before = console.app().tags.current().map(|tag| tag.id.clone());
        console.keys("j").settled();
        assert_ne!(before, console.app().tags.current().map(|tag| tag.id.clone()), "no tag {name}");
    }
}

#[test]
fn a_tag_is_made_renamed_and_moved() {
    let mut console = opened();
    console.keys("2 +");
    form(&mut console);
    console.paste("团购").keys("C-s");
    closed(&mut console);
    arrives(&mut console, "the tag", |console| tag(console, "团购").is_some());
    super::all_sent(&mut console);
    console.wait_until("its row", |console| console.app().tags.tags.iter().any(|tag| tag.name == "团购"));
    go_to(&mut console, "团购");
    console.keys("r");
    form(&mut console);
    console.keys("C-u").paste("拼团").keys("C-s");
    closed(&mut console);
    arrives(&mut console, "its new name", |console| tag(console, "拼团").is_some());
    console.wait_until("its new row", |console| console.app().tags.tags.iter().any(|tag| tag.name == "拼团"));
    go_to(&mut console, "拼团");
    console.line("tag.group 来源");
    arrives(&mut console, "its group", |console| {
        tag(console, "拼团").and_then(|tag| tag.group_id).is_some_and(|id| id.as_str() == "tg2")
    });
}

#[test]
fn a_tag_is_merged_into_another_and_deleted() {
    let mut console = opened();
    console.keys("space space").line("tag.add 高意向");
    question(&mut console);
    console.keys("enter");
    closed(&mut console);
    arrives(&mut console, "both", |console| tags_of(console, "c01") == ["高意向"]);
    super::all_sent(&mut console);
    go_to(&mut console, "高意向");
    console.line("tag.merge 母婴");
    question(&mut console);
    console.keys("enter");
    closed(&mut console);
    for id in ["c00", "c01"] {
        arrives(&mut console, id, |console| tags_of(console, id) == ["母婴"]);
    }
    arrives(&mut console, "the merged tag to go", |console| tag(console, "高意向").is_none());
    super::all_sent(&mut console);
    go_to(&mut console, "母婴");
    console.keys("D");
    question(&mut console);
    console.keys("enter");
    closed(&mut console);
    arrives(&mut console, "the tag to go", |console| tag(console, "母婴").is_none());
    arrives(&mut console, "its customers without it", |console| tags_of(console, "c00").is_empty());
}
