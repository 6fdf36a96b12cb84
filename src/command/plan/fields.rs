//! Fields that an operator edits, and how what is typed becomes their value.

use serde_json::{Map, Value};

use super::{Material, PlanError, one};
use crate::model::{FollowUpKind, FollowUpStatus, Priority, Stage};
use crate::query::due;

/// A field of a form and of `customer.set` or `follow_up.set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its name in the data model.
    pub key: &'static str,
    /// What it is called in Chinese.
    pub zh: &'static str,
    /// What it is called in English.
    pub en: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A line that says something.
    Line,
    /// A line, or nothing.
    MaybeLine,
    /// Text of many lines, or nothing.
    Text,
    /// A lifecycle stage.
    Stage,
    /// An operator, or nobody.
    Operator,
    /// Operators, with commas between them.
    Operators,
    /// `YYYY-MM-DD` or `MM-DD`, or nothing.
    Birthday,
    /// Phones, with commas between them.
    Phones,
    /// A moment, or nothing.
    Moment,
    /// A kind of follow-up.
    Kind,
    /// A priority.
    Priority,
    /// A status.
    Status,
}

impl Field {
    /// What it is called.
    pub fn label(&self, zh: bool) -> &'static str {
        if zh { self.zh } else { self.en }
    }

    /// The words that it may be, where these are few; with their Chinese names.
    pub fn words(&self) -> Vec<(&'static str, &'static str)> {
        match self.takes {
            Takes::Stage => STAGES.to_vec(),
            Takes::Kind => KINDS.to_vec(),
            Takes::Priority => PRIORITIES.to_vec(),
            Takes::Status => STATUSES.to_vec(),
            _ => Vec::new(),
        }
    }
}

const STAGES: [(&str, &str); 5] =
    [("lead", "潜客"), ("new", "新客"), ("active", "老客"), ("dormant", "沉睡"), ("lost", "流失")];
const KINDS: [(&str, &str); 7] = [
    ("call", "电话"),
    ("message", "消息"),
    ("visit", "拜访"),
    ("care", "关怀"),
    ("after_sale", "售后"),
    ("renewal", "续费"),
    ("other", "其他"),
];
const PRIORITIES: [(&str, &str); 4] = [("low", "低"), ("normal", "普通"), ("high", "高"), ("urgent", "紧急")];
const STATUSES: [(&str, &str); 4] =
    [("open", "待处理"), ("doing", "处理中"), ("done", "已完成"), ("cancelled", "已取消")];

macro_rules! fields {
    ($($name:literal $key:literal $zh:literal $en:literal $takes:ident;)+) => {
        &[$(Field { name: $name, key: $key, zh: $zh, en: $en, takes: Takes::$takes }),+]
    };
}

/// Fields of a customer that can be edited, in the order of the form. Any other name with `custom.`
/// before it is a field that only the backend has.
pub const CUSTOMER_FIELDS: &[Field] = fields! {
    "remark" "remark" "备注" "remark" MaybeLine;
    "stage" "stage" "阶段" "stage" Stage;
    "level" "level" "等级" "level" MaybeLine;
    "owner" "owners" "归属" "owner" Operators;
    "name" "name" "名称" "name" Line;
    "alias" "alias" "别名" "alias" MaybeLine;
    "phone" "phones" "电话" "phone" Phones;
    "company" "company" "公司" "company" MaybeLine;
    "city" "city" "城市" "city" MaybeLine;
    "source" "source" "来源" "source" MaybeLine;
    "birthday" "birthday" "生日" "birthday" Birthday;
};

/// Fields of a follow-up that can be edited, in the order of the form.
pub const FOLLOW_UP_FIELDS: &[Field] = fields! {
    "title" "title" "事项" "title" Line;
    "due" "due_at" "到期" "due" Moment;
    "kind" "kind" "方式" "kind" Kind;
    "priority" "priority" "优先级" "priority" Priority;
    "assignee" "assignee_id" "归属" "assignee" Operator;
    "body" "body" "说明" "body" Text;
    "note" "note" "备注" "note" Text;
    "result" "outcome" "结果" "result" MaybeLine;
    "sla" "sla_at" "承诺时限" "SLA" Moment;
    "status" "status" "状态" "status" Status;
};

/// What is said of a name that is a pair of quotes with nothing in it.
pub(super) const HOLLOW: (&str, &str) =
    ("名称：引号里是空的，请写出来", "a name: there is nothing in the quotes, write one");

/// The value of a field as it was typed, by the key of the data model. An empty text takes the value
/// out where the field may be without one.
///
/// # Errors
/// [`PlanError`] where it is none.
pub fn read_field(
    fields: &'static [Field],
    name: &str,
    text: &str,
    material: &Material<'_>,
) -> Result<(String, Value), PlanError> {
    if let Some(custom) = name.strip_prefix("custom.").filter(|name| !name.trim().is_empty()) {
        let value = super::read_custom(custom, None, text)?;
        return Ok(("custom".to_owned(), Value::Object(Map::from_iter([(custom.to_owned(), value)]))));
    }
    let known = |field: &&Field| field.name == name || field.key == name;
    let Some(field) = fields.iter().find(known) else {
        return Err(PlanError::unknown("field", name, fields.iter().map(|field| field.name)));
    };
    value(field, text, material).map(|value| (field.key.to_owned(), value))
}

fn value(field: &Field, text: &str, material: &Material<'_>) -> Result<Value, PlanError> {
    let bare = text.trim();
    let bad = |zh: &str, en: &str| PlanError::Bad {
        field: field.name.to_owned(),
        value: bare.to_owned(),
        wanted: (zh.to_owned(), en.to_owned()),
    };
    let maybe = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    match field.takes {
        Takes::Line if is_hollow(bare) => Err(bad(HOLLOW.0, HOLLOW.1)),
        Takes::MaybeLine if is_hollow(bare) => {
            Err(bad("一行文字；要清空请留空", "a text; leave it empty to take it out"))
        }
        Takes::Line if bare.is_empty() => Err(bad("非空文字", "a text that says something")),
        // A tab breaks no line; only a name has none.
        Takes::Line | Takes::MaybeLine
            if bare.contains(|c: char| c.is_control() && (c != '\t' || field.takes == Takes::Line)) =>
        {
            Err(bad(
                "一行文字（有换行或控制字符）",
                "one line: it has line breaks or control characters in it",
            ))
        }
        Takes::Line => Ok(bare.into()),
        Takes::MaybeLine => Ok(maybe(bare)),
        Takes::Text => Ok(if bare.is_empty() { Value::Null } else { text.into() }),
        Takes::Stage | Takes::Kind | Takes::Priority | Takes::Status => {
            let words = field.words();
            let found = words.iter().find(|(word, chinese)| *word == bare || *chinese == bare);
            let list = |of: fn(&(&'static str, &'static str)) -> &'static str| {
                words.iter().map(of).collect::<Vec<_>>().join(", ")
            };
            let word = found.map(|(word, _)| *word).ok_or_else(|| {
                let likeness = |word: &&str| strsim::jaro_winkler(bare, word);
                let likely = words.iter().map(|(word, _)| *word).filter(|word| likeness(word) > 0.7);
                let near = likely.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
                let (zh, en) = near.map_or_else(Default::default, |near| {
                    (format!(",是「{near}」吗?"), format!("; did you mean {near:?}?"))
                });
                let all = (list(|pair| pair.1), list(|pair| pair.0));
                bad(&format!("其中之一: {}{zh}", all.0), &format!("one of {}{en}", all.1))
            })?;
            debug_assert!(match field.takes {
                Takes::Stage => Stage::parse(word).is_some(),
                Takes::Kind => FollowUpKind::parse(word).is_some(),
                Takes::Priority => Priority::parse(word).is_some(),
                _ => FollowUpStatus::parse(word).is_some(),
            });
            Ok(word.into())
        }
        Takes::Operator if bare.is_empty() => Ok(Value::Null),
        Takes::Operator => Ok(operator(bare, material)?.into()),
        Takes::Operators => {
            let names = bare.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
            names.map(|name| Ok(Value::from(operator(name, material)?))).collect()
        }
        Takes::Birthday if bare.is_empty() => Ok(Value::Null),
        Takes::Birthday => {
            let day = birthday(bare)
                .ok_or_else(|| bad("日期,如 1990-03-17 或 03-17", "a date, like 1990-03-17 or 03-17"))?;
            let today = material.moment.zoned().date();
            if day.parse::<jiff::civil::Date>().is_ok_and(|day| day > today) {
                return Err(bad("生日：还没有到", "a birthday: it is yet to come"));
            }
            Ok(day.into())
        }
        Takes::Phones => {
            let phones: Vec<&str> =
                bare.split([',', '，', '、', ';']).map(str::trim).filter(|phone| !phone.is_empty()).collect();
            let fits = |phone: &&str| {
                phone.chars().filter(char::is_ascii_digit).count() >= 3
                    && phone.chars().all(|c| c.is_ascii_digit() || "+-() 转x#*".contains(c))
            };
            if let Some(wrong) = phones.iter().find(|phone| !fits(phone)) {
                return Err(PlanError::Bad {
                    field: field.name.to_owned(),
                    value: (*wrong).to_owned(),
                    wanted: ("电话号码".to_owned(), "a phone number".to_owned()),
                });
            }
            Ok(phones.into())
        }
        Takes::Moment if bare.is_empty() => Ok(Value::Null),
        Takes::Moment => Ok(due(bare, material.moment).map_err(PlanError::Due)?.to_string().into()),
    }
}

/// Whether a text is a pair of quotes with nothing in it: an empty argument of a shell, say.
pub(super) fn is_hollow(text: &str) -> bool {
    let text = text.trim();
    let quote = |c: char| "\"'`“”‘’„«»「」『』＂＇".contains(c);
    !text.is_empty() && text.chars().all(|c| quote(c) || c.is_whitespace())
}

fn operator(name: &str, material: &Material<'_>) -> Result<String, PlanError> {
    if matches!(name, "me" | "我")
        && let Some(me) = &material.moment.me
    {
        return Ok(me.as_str().to_owned());
    }
    let operators = material.operators;
    let found = one(operators, name, |operator| (operator.id.as_str(), &operator.name), "owner")?;
    found
        .map(|operator| operator.id.as_str().to_owned())
        .ok_or_else(|| PlanError::unknown("owner", name, operators.iter().map(|one| one.name.as_str())))
}

/// `YYYY-MM-DD` or `MM-DD`, of a day that there is.
fn birthday(text: &str) -> Option<String> {
    let parts: Vec<i16> = text.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let small = |part: i16| i8::try_from(part).ok();
    match parts[..] {
        [year @ 1800..=9999, month, day] => {
            Some(jiff::civil::Date::new(year, small(month)?, small(day)?).ok()?.to_string())
        }
        [month, day] => {
            // 2-29 is a birthday.
            let date = jiff::civil::Date::new(2000, small(month)?, small(day)?).ok()?;
            Some(format!("{:02}-{:02}", date.month(), date.day()))
        }
        _ => None,
    }
}
