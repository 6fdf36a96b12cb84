//! Laws of macros: whatever stands in a field, the steps are the steps.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::command::plan::{Material, Plan};
use crate::command::{Command, Verb};
use crate::model::{Channel, Customer, Operator, Record, Tag, Time};
use crate::query::Moment;

const STEPS: &str = r#"
[macros.all]
steps = [
  "customer.set remark {customer.name}{note}",
  "note.add {customer.name} {customer.city}",
  "call.log won {customer.name}",
  "follow_up.create {customer.name} 明天 call",
  "points.add 5 {customer.name}",
  "coupon.grant {customer.name}",
  "message.send auto {customer.name}您好 {{customer.called}}",
  "message.send {customer.name}",
  '''customer.edit {"company":"{customer.name}","city":"x"}''',
  '''customer.dispose {"result":"won","note":"{customer.name}","text":"{customer.name}","until":"明天","title":"{customer.name}"}''',
  "macro.run inner text={customer.name} tag={tag}",
]
params.note = { default = "" }
params.tag = { kind = "tag", default = "VIP" }

[macros.inner]
steps = ["note.add {text}", "tag.add {tag}", "message.send auto {text}"]
params.text = {}
params.tag = { kind = "tag" }

[macros.tags]
steps = ["tag.add {customer.city}", "owner.set {customer.name}"]
"#;

fn planned(name: &str, record: Customer, given: &str) -> Result<Plan, MacroError> {
    let file = MacroFile::read(Path::new("m.toml"), STEPS, Source::Config).unwrap();
    let book = Book::build(&[file]).unwrap();
    let tag = |id: &str, name: &str| Tag { id: id.into(), name: name.into(), ..Tag::default() };
    let tags = [tag("t1", "VIP"), tag("t2", "母婴")];
    let operators = [Operator { id: "o1".into(), name: "小李".into(), ..Operator::default() }];
    let moment = Moment {
        now: Time::parse("2026-03-17T10:00:00+08:00").unwrap(),
        zone: jiff::tz::TimeZone::UTC,
        me: Some("o1".into()),
    };
    let material = Material {
        tags: &tags,
        tag_groups: &[],
        operators: &operators,
        snippets: &[],
        moment: &moment,
        zh: false,
        local: &|| "~1".to_owned(),
        holders: &|_| Vec::new(),
    };
    let all = |_: &crate::query::Query, ids: &[&str]| -> Result<HashSet<String>, String> {
        Ok(ids.iter().map(|id| (*id).to_owned()).collect())
    };
    let world = World {
        material: &material,
        customers: HashMap::new(),
        matching: &all,
        program: &|_, _, _| Err("no programs here".to_owned()),
    };
    let args = [name, given].into_iter().filter(|word| !word.is_empty()).map(str::to_owned).collect();
    expand(&book, &Command { verb: Verb::MacroRun, args, count: None }, vec![record.any()], &world)
}

fn customer(name: &str, city: &str) -> Customer {
    let channels = vec![Channel { kind: "wecom".into(), id: "w".into() }];
    let phones = vec!["13800138000".to_owned()];
    Customer {
        id: "c1".into(),
        name: name.into(),
        city: Some(city.into()),
        channels,
        phones,
        points: Some(9),
        ..Customer::default()
    }
}

/// What a plan does, with everything that is a text left out.
fn shape(plan: &Plan) -> Vec<Value> {
    fn bare(value: &Value) -> Value {
        match value {
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), bare(value))).collect(),
            Value::Array(list) => list.iter().map(bare).collect(),
            Value::String(_) => json!("…"),
            other => other.clone(),
        }
    }
    let keep = ["resource", "id", "deed", "add", "remove", "channel", "customer_id"];
    let one = |planned: &crate::model::Planned| {
        let write = serde_json::to_value(&planned.write).unwrap();
        let mut shape = bare(&write);
        for key in keep {
            if let Some(value) = write.get(key) {
                shape[key] = value.clone();
            }
        }
        // A text of several lines has a title and a body.
        if let Some(fields) = shape.get_mut("fields").and_then(Value::as_object_mut) {
            fields.remove("body");
        }
        shape
    };
    plan.writes.iter().map(one).collect()
}

fn hostile() -> impl Strategy<Value = String> {
    let words = [
        "{tag}",
        "{customer.phone}",
        "{{customer.phones}}",
        "{{customer.name}}",
        "{brace}",
        "\" \"",
        "\\",
        "\"",
        "\",\"add\":[\"t2\"],\"x\":\"",
        "{\"assignee\":\"boss\"}",
        "{\"title\":\"x\",\"due\":\"+1d\"}",
        "wecom",
        "auto",
        "-",
        "; tag.add VIP",
        "\ntag.add VIP",
        "VIP,母婴",
        "me",
        "我",
        "--",
        "$(reboot)",
        "`id`",
        "'",
        "OR",
        "tag:VIP",
        "\u{202e}",
        "\u{0}",
        "\u{7f}",
        "，",
        "＂",
        "{",
        "}",
        "}}",
        "{{",
        " ",
        "x",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let any = prop_oneof![3 => word, 1 => ".{1,6}"];
    prop::collection::vec(any, 1..6).prop_map(|words| format!("名{}", words.concat()))
}

/// Whether the record was left whole because a field takes no control characters, and there are some.
fn refused(plan: &Plan, texts: &[&str]) -> bool {
    let odd = texts.iter().any(|text| text.contains(char::is_control));
    odd && plan.writes.is_empty() && plan.skipped.len() == 1 && plan.skipped[0].why.hinders()
}

proptest! {
    #[test]
    fn no_text_in_a_field_adds_drops_or_changes_a_step(name in hostile(), city in hostile()) {
        let plain = planned("all", customer("张三", "杭州"), "").unwrap();
        let odd = planned("all", customer(&name, &city), "").unwrap();
        if !refused(&odd, &[&name, &city]) {
            prop_assert_eq!(shape(&odd), shape(&plain), "{:?}", odd.skipped);
        }
        // A name is said as it is, and is no variable of a message.
        for write in &odd.writes {
            if let crate::model::Deed::Send { body, .. } = &write.write.deed {
                prop_assert!(body.contains(&name), "{body:?}");
            }
        }
    }

    #[test]
    fn a_field_that_should_name_a_tag_names_one_or_leaves_the_record(city in hostile()) {
        let plan = planned("tags", customer("小李", &city), "").unwrap();
        prop_assert!(plan.writes.is_empty(), "{:?}", plan.writes);
        prop_assert_eq!(plan.skipped.len(), 1);
    }

    #[test]
    fn what_is_given_is_one_value(note in hostile()) {
        let mut given = Given::default();
        given.add("note", note.clone()).unwrap();
        let plain = planned("all", customer("张三", "杭州"), "note=x").unwrap();
        let odd = planned("all", customer("张三", "杭州"), &given.to_string()).unwrap();
        if !refused(&odd, &[&note]) {
            prop_assert_eq!(shape(&odd), shape(&plain));
        }
    }
}

#[test]
fn the_corpora_change_no_step_either() {
    let Ok(text) = std::fs::read_to_string("../shared/corpora/blns.json") else {
        eprintln!("skipped: there are no corpora here");
        return;
    };
    let texts: Vec<String> = serde_json::from_str(&text).unwrap();
    assert!(texts.len() > 100);
    let plain = shape(&planned("all", customer("张三", "杭州"), "").unwrap());
    let mut taken = 0;
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        let odd = planned("all", customer(text, text), "").unwrap();
        // What a field does not take leaves the record whole, with the reason; nothing is done by half.
        let left = odd.writes.is_empty() && odd.skipped.len() == 1 && odd.skipped[0].why.hinders();
        assert!(left || shape(&odd) == plain, "{text:?}: {:?}", odd.skipped);
        taken += usize::from(!left);
    }
    assert!(taken > texts.len() / 2, "{taken} of {}", texts.len());
}

#[test]
fn what_has_to_be_said_is_not_said_by_saying_nothing() {
    let planned = planned("inner", customer("张三", "杭州"), "text=\"  \" tag=VIP");
    let missing = MacroError::Missing { name: "inner".to_owned(), params: vec!["text".to_owned()] };
    assert_eq!(planned.err(), Some(missing));
}
