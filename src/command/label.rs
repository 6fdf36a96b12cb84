//! What a command was called when it was given, in the language of whoever reads it now.
//!
//! A write that came back without its command, out of the journal of a damaged cache, is called by what
//! it does; one that undo made says so.
//!
//! A label is what its command does, in the maker's language, and then names and texts that are the same in
//! every language, or fields, stages and results by the names of the data model. So its beginning is put into
//! the reader's language, and of the rest what that command can have said in words of its own.

use serde_json::{Map, Value};

use super::plan::{
    CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field, field_called, result_called, result_of, value_called,
};
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
    format!("{} {}", verb.spec().says(zh), rest_in(verb, &said, zh)).trim().to_owned()
}

/// The label of a command that was planned, in Chinese or English. One of a command that is no more stays
/// as it is.
pub fn label_in(label: &str, zh: bool) -> String {
    let writing = specs().iter().filter(|spec| spec.risk != Risk::Read);
    let rest = |spec: &'static super::Spec| {
        let rests = [true, false].into_iter().filter_map(|tongue| label.strip_prefix(spec.says(tongue)));
        let rest =
            rests.filter(|rest| rest.is_empty() || rest.starts_with(' ')).min_by_key(|rest| rest.len())?;
        Some((spec, rest))
    };
    let found = writing.filter_map(rest).min_by_key(|(_, rest)| rest.len());
    let Some((spec, rest)) = found else { return label.to_owned() };
    format!("{} {}", spec.says(zh), rest_in(spec.verb, rest.trim_start(), zh)).trim().to_owned()
}

/// What stands behind the words of a command in its label.
fn rest_in(verb: Verb, rest: &str, zh: bool) -> String {
    let (first, more) = rest.split_once(' ').map_or((rest, None), |(first, more)| (first, Some(more)));
    let with_more = |first: String| more.map_or_else(|| first.clone(), |more| format!("{first} {more}"));
    match verb {
        // Both have the same words.
        Verb::CustomerEdit | Verb::FollowUpEdit => {
            let names: Vec<_> = rest.split(' ').map(|key| named(key, zh)).collect();
            names.join(if zh { "、" } else { ", " })
        }
        Verb::CustomerSet | Verb::FollowUpSet => {
            let field = fields().find(|(_, field)| field.name == first || field.key == first);
            let Some((resource, field)) = field else { return rest.to_owned() };
            let value = more.map_or_else(String::new, |value| value_called(resource, field.key, value, zh));
            format!("{} {value}", field.label(zh)).trim_end().to_owned()
        }
        Verb::StageSet => value_called(Resource::Customers, "stage", rest, zh),
        Verb::FollowUpResult | Verb::FollowUpDone | Verb::CallLog => with_more(result_called(first, zh)),
        Verb::FollowUpDispose | Verb::CustomerDispose => {
            rest.split(" · ").map(|part| part_in(part, zh)).collect::<Vec<_>>().join(" · ")
        }
        _ => rest.to_owned(),
    }
}

/// All fields that are edited, with what they are fields of.
fn fields() -> impl Iterator<Item = (Resource, &'static Field)> {
    let of = |resource, fields: &'static [Field]| fields.iter().map(move |field| (resource, field));
    of(Resource::Customers, CUSTOMER_FIELDS).chain(of(Resource::FollowUps, FOLLOW_UP_FIELDS))
}

/// The name of a field that is edited, by its key.
fn named(key: &str, zh: bool) -> String {
    let found = fields().find(|(_, field)| field.key == key || field.name == key);
    found.map_or_else(|| field_called(Resource::Tags, key, zh), |(_, field)| field.label(zh).to_owned())
}

/// One of the things that a disposition says.
fn part_in(part: &str, zh: bool) -> String {
    const PARTS: [(&str, &str); 6] = [
        ("延后到", "until"),
        ("转给", "to"),
        ("备注", "note"),
        ("发消息", "message"),
        ("已完成", "done"),
        ("已取消", "cancelled"),
    ];
    const DAYS: [(&str, &str); 7] = [
        ("周一", "Mon"),
        ("周二", "Tue"),
        ("周三", "Wed"),
        ("周四", "Thu"),
        ("周五", "Fri"),
        ("周六", "Sat"),
        ("周日", "Sun"),
    ];
    let either = |pairs: &[(&str, &str)], word: &str| {
        let found = pairs.iter().find(|(chinese, english)| [*chinese, *english].contains(&word));
        found.map(|(chinese, english)| (if zh { *chinese } else { *english }).to_owned())
    };
    if let Some(result) = result_of(part) {
        return result_called(result, zh);
    }
    let Some((first, more)) = part.split_once(' ') else {
        return either(&PARTS, part).unwrap_or_else(|| part.to_owned());
    };
    let Some(first) = either(&PARTS[..2], first) else { return part.to_owned() };
    let words = more.split(' ').map(|word| either(&DAYS, word).unwrap_or_else(|| word.to_owned()));
    format!("{first} {}", words.collect::<Vec<_>>().join(" "))
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
    fn what_a_command_says_in_words_of_its_own_is_read_in_either_language() {
        for (label, zh, en) in [
            ("编辑 remark city stage", "编辑 备注、城市、阶段", "edit remark, city, stage"),
            ("edit due_at outcome skin", "编辑 到期、结果、skin", "edit due, result, skin"),
            ("改字段 due 明天", "改字段 到期 明天", "set a field due 明天"),
            ("改字段 priority high", "改字段 优先级 高", "set a field priority high"),
            ("stage dormant", "阶段 沉睡", "stage dormant"),
            ("记通话 no_answer 没人", "记通话 未接 没人", "log a call no_answer 没人"),
            ("结果 签约", "结果 签约", "result 签约"),
            (
                "dispose of won · +VIP · until 2026-03-17 Tue 10:00 · to 王五 · done · note",
                "处置 成交 · +VIP · 延后到 2026-03-17 周二 10:00 · 转给 王五 · 已完成 · 备注",
                "dispose of won · +VIP · until 2026-03-17 Tue 10:00 · to 王五 · done · note",
            ),
            ("处置 空号 · 发消息", "处置 空号 · 发消息", "dispose of wrong_number · message"),
        ] {
            assert_eq!((label_in(label, true), label_in(label, false)), (zh.into(), en.into()));
        }
    }

    #[test]
    fn a_write_without_its_command_is_called_by_what_it_does() {
        let write = |text: &str| serde_json::from_str::<Write>(text).unwrap();
        for (text, zh, en) in [
            (r#"{"resource":"customers","id":"c","deed":"tag","add":["t1"]}"#, "标签", "tags"),
            (
                r#"{"resource":"customers","id":"c","deed":"set","fields":{"city":"杭州","remark":"x"}}"#,
                "编辑 城市、备注",
                "edit city, remark",
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
