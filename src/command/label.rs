//! What a command was called when it was given, in the language of whoever reads it now.
//!
//! A write that came back without its command, out of the journal of a damaged cache, is called by what
//! it does; one that undo made says so.
//!
//! A label is what its command does, in the maker's language, and then names and texts that are the same in
//! every language: so only its beginning is put into the reader's.

use serde_json::{Map, Value};

use super::{Risk, Verb, specs};
use crate::model::view::OutboxRow;
use crate::model::{Deed, Resource, Write};

/// Characters of a text that a label shows, at most.
const MOST: usize = 40;

/// What a write of the outbox is called, in Chinese or English.
pub fn label_of(row: &OutboxRow, zh: bool) -> String {
    let label = if row.label.is_empty() { of_write(&row.write, zh) } else { label_in(&row.label, zh) };
    match (row.takes_back, zh) {
        (false, _) => label,
        (true, true) => format!("撤销：{label}"),
        (true, false) => format!("undo: {label}"),
    }
}

/// What the command does that a write can have come of, and what it says.
fn of_write(write: &Write, zh: bool) -> String {
    let text = |fields: &Map<String, Value>, keys: &[&str]| {
        let found = keys.iter().filter_map(|key| fields.get(*key)?.as_str()).find(|text| !text.is_empty());
        found.unwrap_or_default().to_owned()
    };
    let names = |fields: &Map<String, Value>| fields.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    let is_only = |fields: &Map<String, Value>, key: &str| fields.len() == 1 && fields.contains_key(key);
    let (verb, said) = match (&write.deed, write.resource) {
        (Deed::Tag { .. }, _) => (Verb::TagEdit, String::new()),
        (Deed::Delete, _) => (Verb::TagDelete, String::new()),
        (Deed::Send { channel, body, .. }, _) => (Verb::MessageSend, format!("{channel}: {body}")),
        (Deed::Make { fields }, Resource::FollowUps) => (Verb::FollowUpCreate, text(fields, &["title"])),
        (Deed::Make { fields }, Resource::Tags) => (Verb::TagCreate, text(fields, &["name"])),
        (Deed::Make { fields }, _) => {
            let verb = match fields.get("kind").and_then(Value::as_str) {
                Some("call") => Verb::CallLog,
                Some("points") => Verb::PointsAdd,
                Some("coupon") => Verb::CouponGrant,
                _ => Verb::NoteAdd,
            };
            (verb, text(fields, &["body", "title"]))
        }
        (Deed::Set { fields }, Resource::Tags) if is_only(fields, "group_id") => {
            (Verb::TagGroup, String::new())
        }
        (Deed::Set { fields }, Resource::Tags) => (Verb::TagRename, text(fields, &["name"])),
        (Deed::Set { fields }, Resource::FollowUps) => match fields.get("status").and_then(Value::as_str) {
            Some("done") => (Verb::FollowUpDone, text(fields, &["outcome"])),
            Some("cancelled") => (Verb::FollowUpCancel, String::new()),
            _ if fields.contains_key("snoozed_until") => {
                (Verb::FollowUpSnooze, text(fields, &["snoozed_until"]))
            }
            _ if fields.contains_key("outcome") => (Verb::FollowUpResult, text(fields, &["outcome"])),
            _ if is_only(fields, "assignee_id") => (Verb::FollowUpAssign, String::new()),
            _ => (Verb::FollowUpEdit, names(fields)),
        },
        (Deed::Set { fields }, _) if is_only(fields, "stage") => (Verb::StageSet, text(fields, &["stage"])),
        (Deed::Set { fields }, _) if is_only(fields, "owners") => (Verb::OwnerSet, String::new()),
        (Deed::Set { fields }, _) => (Verb::CustomerEdit, names(fields)),
    };
    let mut said = said.replace('\n', " ");
    if said.chars().count() > MOST {
        said = said.chars().take(MOST).chain(['…']).collect();
    }
    format!("{} {said}", verb.spec().says(zh)).trim().to_owned()
}

/// The label of a command that was planned, in Chinese or English. One of a command that is no more stays
/// as it is.
pub fn label_in(label: &str, zh: bool) -> String {
    let writing = specs().iter().filter(|spec| spec.risk != Risk::Read);
    let rest = |spec: &super::Spec| {
        let rest = label.strip_prefix(spec.says(!zh))?;
        (rest.is_empty() || rest.starts_with(' ')).then_some((rest, spec.says(zh)))
    };
    let found = writing.filter_map(rest).min_by_key(|(rest, _)| rest.len());
    found.map_or_else(|| label.to_owned(), |(rest, says)| format!("{says}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_in_either_language() {
        assert_eq!(label_in("加标签 VIP", false), "add tags VIP");
        assert_eq!(label_in("add tags VIP", true), "加标签 VIP");
        assert_eq!(label_in("add tags 加标签", false), "add tags 加标签");
        assert_eq!(label_in("完成", false), "done");
        assert_eq!(label_in("doneness", true), "doneness");
        assert_eq!(label_in("", true), "");
    }

    #[test]
    fn a_write_without_its_command_is_called_by_what_it_does() {
        let write = |text: &str| serde_json::from_str::<Write>(text).unwrap();
        for (text, zh, en) in [
            (r#"{"resource":"customers","id":"c","deed":"tag","add":["t1"]}"#, "标签", "tags"),
            (
                r#"{"resource":"customers","id":"c","deed":"set","fields":{"city":"杭州","remark":"x"}}"#,
                "编辑 city remark",
                "edit city remark",
            ),
            (
                r#"{"resource":"events","id":"~1","deed":"make","fields":{"kind":"note","title":"约周六"}}"#,
                "备注 约周六",
                "note 约周六",
            ),
            (
                r#"{"resource":"follow_ups","id":"~1","deed":"make","fields":{"title":"回访"}}"#,
                "新跟进 回访",
                "new follow-up 回访",
            ),
            (r#"{"resource":"tags","id":"t1","deed":"delete"}"#, "删除标签", "delete the tag"),
        ] {
            assert_eq!((of_write(&write(text), true), of_write(&write(text), false)), (zh.into(), en.into()));
        }
    }

    #[test]
    fn what_is_said_in_one_language_is_one_thing_in_the_other() {
        let writing = || specs().iter().filter(|spec| spec.risk != Risk::Read);
        for spec in writing() {
            assert_eq!(label_in(spec.zh, false), spec.en);
            assert_eq!(label_in(spec.en, true), spec.zh);
        }
    }
}
