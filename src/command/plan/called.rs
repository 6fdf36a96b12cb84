//! What fields and the words in them are called: the names of the data model are for scripts, an
//! operator reads those of the columns.
//!
//! A name that is known to nobody here, such as one of a backend's own fields, stays as it is.

use super::CONTACT_RESULTS;
use super::fields::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field};
use crate::model::Resource;

/// The results of a contact in Chinese and in English, as [`CONTACT_RESULTS`] has them.
const RESULTS: [(&str, &str); 5] = [
    ("成交", "won"),
    ("有意向", "interested"),
    ("无意向", "not interested"),
    ("未接", "no answer"),
    ("空号", "wrong number"),
];

/// Fields that no form asks for: name, Chinese, English.
const OTHERS: [(&str, &str, &str); 19] = [
    ("name", "名称", "name"),
    ("group_id", "标签组", "group"),
    ("snoozed_until", "延后到", "snoozed until"),
    ("customer_id", "客户", "customer"),
    ("operator_id", "操作人", "operator"),
    ("done_at", "完成时间", "done at"),
    ("created_at", "创建时间", "made at"),
    ("at", "时间", "at"),
    ("kind", "类型", "kind"),
    ("title", "标题", "title"),
    ("body", "内容", "text"),
    ("data", "附加信息", "data"),
    ("tags", "标签", "tags"),
    ("color", "颜色", "colour"),
    ("order", "顺序", "order"),
    ("points", "积分", "points"),
    ("gender", "性别", "gender"),
    ("source", "来源", "source"),
    ("custom", "自定义", "custom"),
];

/// The kinds of events that are written here, in Chinese and in English.
const EVENTS: [(&str, &str, &str); 4] = [
    ("note", "备注", "note"),
    ("call", "通话", "call"),
    ("points", "积分", "points"),
    ("coupon", "优惠券", "coupon"),
];

/// The field of the data model that goes by that key.
pub(super) fn field_of(resource: Resource, key: &str) -> Option<&'static Field> {
    let known = match resource {
        Resource::Customers => CUSTOMER_FIELDS,
        Resource::FollowUps => FOLLOW_UP_FIELDS,
        _ => return None,
    };
    known.iter().find(|field| field.key == key)
}

/// What a field of the data model is called. One in an object goes by its own name: `custom.skin` is
/// skin.
pub fn field_called(resource: Resource, key: &str, zh: bool) -> String {
    if let Some(field) = field_of(resource, key) {
        return field.label(zh).to_owned();
    }
    if let Some((_, member)) = key.split_once('.').filter(|(_, member)| !member.is_empty()) {
        return member.to_owned();
    }
    let other = OTHERS.iter().find(|(name, ..)| *name == key);
    other.map_or(key, |(_, chinese, english)| if zh { chinese } else { english }).to_owned()
}

/// What a value of few is called that is in that field, such as a stage; others stay as they are.
pub fn value_called(resource: Resource, key: &str, value: &str, zh: bool) -> String {
    match (resource, key) {
        (Resource::FollowUps, "outcome") | (Resource::Events, "data.outcome") => result_called(value, zh),
        (Resource::Events, "kind") => {
            let kind = EVENTS.iter().find(|(word, ..)| *word == value);
            kind.map_or(value, |(_, chinese, english)| if zh { chinese } else { english }).to_owned()
        }
        _ => {
            let words = field_of(resource, key).map(Field::words).unwrap_or_default();
            let word = words.into_iter().find(|(word, _)| *word == value && zh);
            word.map_or(value, |(_, chinese)| chinese).to_owned()
        }
    }
}

/// A result of a contact; the backend may have others, which stay as they are.
pub(in crate::command) fn result_called(word: &str, zh: bool) -> String {
    let known = CONTACT_RESULTS.iter().position(|known| *known == word);
    match known.filter(|_| zh) {
        Some(index) => RESULTS[index].0.to_owned(),
        None => word.to_owned(),
    }
}

/// The word for a result of a contact, whichever language it is said in.
pub(in crate::command) fn result_of(said: &str) -> Option<&'static str> {
    let known = CONTACT_RESULTS.iter().zip(RESULTS);
    let mut found = known.filter(|(word, (zh, en))| [**word, *zh, *en].contains(&said));
    found.next().map(|(word, _)| *word)
}
