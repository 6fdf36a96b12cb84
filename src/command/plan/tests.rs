//! What each command writes, what it skips, and what it refuses.

use std::cell::Cell;

use jiff::tz::{TimeZone, offset};
use serde_json::json;

use super::*;
use crate::command::parse;
use crate::model::{Channel, FollowUp, FollowUpStatus, Record, Time};

/// Works a command out over these records, at 10:42 on Tuesday 2026-03-17.
pub(super) fn planned(line: &str, targets: &[AnyRecord]) -> Result<Plan, PlanError> {
    with(&parse(line).unwrap(), targets, &[])
}

pub(super) fn with(
    command: &Command,
    targets: &[AnyRecord],
    holders: &[Customer],
) -> Result<Plan, PlanError> {
    let tag = |id: &str, name: &str, group: Option<&str>| Tag {
        id: id.into(),
        name: name.into(),
        group_id: group.map(Into::into),
        ..Tag::default()
    };
    let tags = [
        tag("t1", "VIP", Some("g1")),
        tag("t2", "高意向", Some("g2")),
        tag("t3", "低意向", Some("g2")),
        tag("t4", "New York", None),
        Tag { deleted: true, ..tag("t5", "旧", None) },
        tag("t6", "母婴", None),
        tag("t7", "母婴", Some("g1")),
    ];
    let group = |id: &str, name: &str, exclusive| TagGroup {
        id: id.into(),
        name: name.into(),
        exclusive,
        ..TagGroup::default()
    };
    let tag_groups = [group("g1", "会员", false), group("g2", "意向", true)];
    let operator =
        |id: &str, name: &str| Operator { id: id.into(), name: name.into(), ..Operator::default() };
    let operators = [operator("o1", "小李"), operator("o2", "Ann")];
    let snippets = [
        Snippet {
            id: "s1".into(),
            title: "生日祝福".into(),
            body: "{{customer.name}}生日快乐!".into(),
            ..Snippet::default()
        },
        Snippet {
            id: "s2".into(),
            title: "积分".into(),
            body: "您有 {{customer.points}} 分,{{operator.name}}".into(),
            ..Snippet::default()
        },
    ];
    let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
    let moment = Moment { now, zone: TimeZone::fixed(offset(8)), me: Some("o1".into()) };
    let count = Cell::new(0);
    let local = || {
        count.set(count.get() + 1);
        format!("~{}", count.get())
    };
    let material = Material {
        tags: &tags,
        tag_groups: &tag_groups,
        operators: &operators,
        snippets: &snippets,
        moment: &moment,
        zh: true,
        local: &local,
        holders: &|id| holders.iter().filter(|customer| customer.tags.contains(id)).cloned().collect(),
    };
    plan(command, targets, &material)
}

pub(super) fn customer(id: &str, tags: &[&str]) -> Customer {
    Customer {
        id: id.into(),
        name: format!("客户{id}"),
        tags: tags.iter().map(|tag| TagId::from(*tag)).collect(),
        channels: vec![
            Channel { kind: "phone".into(), id: "1".into() },
            Channel { kind: "wecom".into(), id: "x".into() },
        ],
        points: Some(100),
        ..Customer::default()
    }
}

pub(super) fn deeds(plan: &Plan) -> Vec<serde_json::Value> {
    plan.writes.iter().map(|planned| serde_json::to_value(&planned.write).unwrap()).collect()
}

#[test]
fn tags_by_name_pinyin_aside_and_exclusive_groups_hold() {
    let targets = [customer("a", &["t3"]).any(), customer("b", &["t2"]).any()];
    let plan = planned("tag.add 高意向", &targets).unwrap();
    assert_eq!(
        deeds(&plan),
        [json!({"resource": "customers", "id": "a", "deed": "tag", "add": ["t2"], "remove": ["t3"]})]
    );
    assert_eq!(plan.skipped, [Skipped { id: "b".into(), name: "客户b".into(), why: Skip::AlreadySo }]);
    assert_eq!((plan.risk, plan.label.as_str()), (Risk::Write, "加标签 高意向"));
    let plan = planned("tag.add vip,高意向", &[customer("a", &[]).any(), customer("c", &[]).any()]).unwrap();
    assert_eq!((plan.risk, plan.records()), (Risk::Bulk, 2));
    assert_eq!(deeds(&plan)[0]["add"], json!(["t1", "t2"]));
    let plan = planned("tag.add New York", &[customer("a", &[]).any()]).unwrap();
    assert_eq!(deeds(&plan)[0]["add"], json!(["t4"]));
}

#[test]
fn names_that_mean_nothing_or_two_things_are_told() {
    let on = [customer("a", &[]).any()];
    let says = |line: &str| planned(line, &on).unwrap_err().says(true);
    assert_eq!(says("tag.add 高意想"), "没有标签「高意想」,是「高意向」吗?");
    assert_eq!(says("tag.add 旧"), "没有标签「旧」");
    assert_eq!(says("tag.add 母婴"), "有多个标签叫「母婴」,请写明是哪个: t6, 会员/母婴");
    assert_eq!(deeds(&planned("tag.add 会员/母婴", &on).unwrap())[0]["add"], json!(["t7"]));
    assert_eq!(says("customer.set remrk x"), "没有字段「remrk」,是「remark」吗?");
    assert_eq!(
        says("stage.set 熟客"),
        "stage.set".replace("stage.set", "阶段: 「熟客」不是其中之一: 潜客, 新客, 老客, 沉睡, 流失")
    );
    assert_eq!(says("owner.set 小黎"), "没有员工「小黎」,是「小李」吗?");
    assert_eq!(says("points.add 0"), "积分: 「0」不是非零整数");
    assert_eq!(says("note.add"), "note.add 还需要 内容");
    assert_eq!(planned("pane.tags", &on).unwrap_err().says(false), "pane.tags changes no record");
}

#[test]
fn fields_are_checked_and_become_values() {
    let on = [customer("a", &[]).any()];
    let value = |line: &str| deeds(&planned(line, &on).unwrap())[0]["fields"].clone();
    assert_eq!(value("customer.set remark 宝妈 二胎"), json!({"remark": "宝妈 二胎"}));
    assert_eq!(value("stage.set 沉睡"), json!({"stage": "dormant"}));
    assert_eq!(value("owner.set 我"), json!({"owners": ["o1"]}));
    assert_eq!(value("customer.set owner ann、小李"), json!({"owners": ["o2", "o1"]}));
    assert_eq!(value("customer.set birthday 2-29"), json!({"birthday": "02-29"}));
    assert_eq!(
        value("customer.set phone 138 0013 8000，+86-10-12345"),
        json!({"phones": ["138 0013 8000", "+86-10-12345"]})
    );
    assert_eq!(value("customer.set custom.baby 8 个月"), json!({"custom": {"baby": "8 个月"}}));
    assert_eq!(value("customer.set custom.size 3"), json!({"custom": {"size": 3}}));
    for bad in ["birthday 2-30", "phone 老王", "name  "] {
        let line = format!("customer.set {bad}");
        assert!(
            matches!(planned(&line, &on), Err(PlanError::Bad { .. } | PlanError::Missing { .. })),
            "{bad}"
        );
    }
    let form = Command {
        verb: Verb::CustomerEdit,
        args: vec![json!({"city": "杭州", "custom.a": "1", "custom.b": ""}).to_string()],
        count: None,
    };
    let fields = deeds(&with(&form, &on, &[]).unwrap())[0]["fields"].clone();
    assert_eq!(fields, json!({"city": "杭州", "custom": {"a": 1, "b": null}}));
}

#[test]
fn what_happens_is_an_event_and_keeps_every_character() {
    let on = [customer("a", &[]).any()];
    let plan = planned("note.add 想要 2 段, 下周回电", &on).unwrap();
    let write = &plan.writes[0].write;
    assert_eq!((write.id.as_str(), write.lane().as_str()), ("~1", "customers/a"));
    let note = Command { verb: Verb::NoteAdd, args: vec!["  一\n二\n".into()], count: None };
    let fields = deeds(&with(&note, &on, &[]).unwrap())[0]["fields"].clone();
    let at = "2026-03-17T10:42:00+08:00"; // when it was made, however late it is sent
    let at = Time::parse(at).unwrap().to_string();
    assert_eq!(
        fields,
        json!({"customer_id": "a", "kind": "note", "title": "一", "body": "  一\n二\n", "at": at})
    );
    let fields = deeds(&planned("call.log no_answer 关机", &on).unwrap())[0]["fields"].clone();
    assert_eq!((&fields["title"], &fields["data"]), (&json!("关机"), &json!({"outcome": "no_answer"})));
    assert_eq!(planned("points.add -101", &on).unwrap().skipped[0].why, Skip::TooFewPoints);
    assert_eq!(
        deeds(&planned("points.add -100 兑换", &on).unwrap())[0]["fields"]["data"],
        json!({"change": -100})
    );
}

#[test]
fn messages_are_filled_once_and_only_where_nothing_lacks() {
    let mut odd = customer("a", &[]);
    odd.name = "{{customer.points}}".into();
    let none = Customer { channels: Vec::new(), ..customer("b", &[]) };
    let poor = Customer { points: None, ..customer("c", &[]) };
    let plan = planned("message.snippet 生日祝福", &[odd.clone().any(), none.any()]).unwrap();
    assert_eq!(plan.risk, Risk::Outbound);
    assert_eq!(deeds(&plan)[0]["body"], "{{customer.points}}生日快乐!");
    assert_eq!(deeds(&plan)[0]["channel"], "wecom");
    assert_eq!(plan.skipped[0].why, Skip::NoChannel);
    let plan = planned("message.snippet 积分", &[odd.any(), poor.any()]).unwrap();
    assert_eq!(deeds(&plan)[0]["body"], "您有 100 分,小李");
    assert_eq!(plan.skipped[0].why, Skip::Lacks("customer.points".into()));
    let plan = planned("message.send auto 您好 {{", &[customer("d", &[]).any()]).unwrap();
    assert_eq!(deeds(&plan)[0]["body"], "您好 {{");
}

#[test]
fn what_looks_like_a_variable_and_is_none_is_refused() {
    let to = [customer("d", &[]).any()];
    let texts = [
        ("{name} 您好", "{name}"),
        ("您好 {{name}}", "{{name}}"),
        ("{ 姓名 }您好", "{ 姓名 }"),
        ("{{customer.nmae}}", "{{customer.nmae}}"),
        ("{customer.name}", "{customer.name}"),
        ("{{customer.name}}{{operator.x}}", "{{operator.x}}"),
    ];
    for (text, wrong) in texts {
        let refused = planned(&format!("message.send auto {text}"), &to).unwrap_err();
        assert_eq!(refused.written(), Some(wrong), "{text}");
        for zh in [true, false] {
            let says = refused.says(zh);
            assert!(says.contains("{{customer.name}}") && says.contains("\\{"), "{says}");
        }
        let line = json!({"result": "won", "text": text});
        assert!(planned(&format!("customer.dispose {line}"), &to).is_err(), "{text}");
    }
    for (text, body) in [
        ("\\{name} 您好", "{name} 您好"),
        ("\"\\{{name}} 您好\"", "{{name}} 您好"),
        ("{{brace}}name}", "{name}"),
        ("{1} {} { {\"a\":1} {满 100 减 5}", "{1} {} { {\"a\":1} {满 100 减 5}"),
    ] {
        let plan = planned(&format!("message.send auto {text}"), &to).unwrap();
        assert_eq!(deeds(&plan)[0]["body"], body);
    }
}

#[test]
fn follow_ups_are_made_put_off_and_closed() {
    let plan = planned("follow_up.create 回访 \"明天 10点\" 电话", &[customer("a", &[]).any()]).unwrap();
    let fields = &deeds(&plan)[0]["fields"];
    assert_eq!(fields["due_at"], "2026-03-18T10:00:00+08:00");
    assert_eq!(
        (&fields["kind"], &fields["customer_id"], &fields["assignee_id"]),
        (&json!("call"), &json!("a"), &json!("o1"))
    );
    let open = FollowUp { id: "f1".into(), title: "回访".into(), ..FollowUp::default() };
    let done = FollowUp { id: "f2".into(), status: FollowUpStatus::Done, ..FollowUp::default() };
    let both = [open.any(), done.any()];
    let plan = planned("follow_up.snooze 下周二", &both).unwrap();
    assert_eq!(deeds(&plan)[0]["fields"]["due_at"], "2026-03-24T10:00:00+08:00");
    assert_eq!(plan.skipped[0].why, Skip::Closed);
    assert_eq!(
        planned("follow_up.snooze 2020-01-01", &both).unwrap_err().says(true),
        "「2020-01-01」已经过去了"
    );
    assert!(planned("follow_up.snooze 随便", &both).unwrap_err().says(true).contains("看不懂时间"));
    let fields = deeds(&planned("follow_up.done interested", &both).unwrap())[0]["fields"].clone();
    assert_eq!((&fields["status"], &fields["outcome"]), (&json!("done"), &json!("interested")));
    assert_eq!(planned("follow_up.reopen", &both).unwrap().writes[0].write.id, "f2");
}

#[test]
fn merging_and_deleting_take_the_tag_off_its_customers_first() {
    let holders = [customer("a", &["t3"]), customer("b", &["t3", "t1"]), customer("c", &[])];
    let plan = with(&parse("tag.merge 低意向 VIP").unwrap(), &[], &holders).unwrap();
    assert_eq!(
        deeds(&plan),
        [
            json!({"resource": "customers", "id": "a", "deed": "tag", "add": ["t1"], "remove": ["t3"]}),
            json!({"resource": "customers", "id": "b", "deed": "tag", "add": [], "remove": ["t3"]}),
            json!({"resource": "tags", "id": "t3", "deed": "delete"}),
        ]
    );
    assert_eq!(plan.risk, Risk::Bulk);
    assert_eq!(with(&parse("tag.delete 低意向").unwrap(), &[], &holders).unwrap().writes.len(), 3);
    let says = |line: &str| planned(line, &[]).unwrap_err().says(true);
    assert_eq!(says("tag.rename 低意向 高意向"), "标签组「意向」里已有「高意向」");
    assert_eq!(says("tag.create VIP 会员"), "标签组「会员」里已有「VIP」");
    let plan = planned("tag.create 黑卡 会员", &[]).unwrap();
    assert_eq!(
        deeds(&plan)[0],
        json!({"resource": "tags", "id": "~1", "deed": "make", "fields": {"name": "黑卡", "group_id": "g1"}})
    );
}

#[test]
fn no_two_tags_of_a_group_get_one_name() {
    let tag = |id: &str, name: &str, group: Option<&str>| {
        let (id, name, group_id) = (id.into(), name.into(), group.map(Into::into));
        Tag { id, name, group_id, ..Tag::default() }.any()
    };
    let (vip, mother) = (tag("t1", "VIP", Some("g1")), tag("t7", "母婴", Some("g1")));
    let says = |line: &str, on: &[AnyRecord]| planned(line, on).unwrap_err().says(false);
    assert_eq!(
        says("tag.rename vip", std::slice::from_ref(&mother)),
        "the group \"会员\" has a tag called \"vip\" already"
    );
    assert_eq!(
        says("tag.rename 贵宾", &[vip.clone(), mother.clone()]),
        "the group \"会员\" has a tag called \"贵宾\" already",
        "of several that get one name, too"
    );
    assert_eq!(
        says("tag.group 意向", &[tag("t6", "母婴", None), mother]),
        "the group \"意向\" has a tag called \"母婴\" already"
    );
    let free = planned("tag.rename 高意向", std::slice::from_ref(&vip)).unwrap();
    assert_eq!(deeds(&free)[0]["fields"], json!({"name": "高意向"}), "another group's name is free");
    assert_eq!(planned("tag.rename vip", &[vip]).unwrap().writes.len(), 1, "and its own is");
}

#[test]
fn a_field_of_the_backend_stays_a_number_or_a_text() {
    let custom = json!({"score": 3, "code": "007", "on": true});
    let custom = custom.as_object().unwrap().clone().into_iter().collect();
    let on = [Customer { custom, ..customer("a", &[]) }.any()];
    let fields = |line: &str| deeds(&planned(line, &on).unwrap())[0]["fields"]["custom"].clone();
    assert_eq!(fields("customer.set custom.score 4.5"), json!({"score": 4.5}));
    assert_eq!(fields("customer.set custom.code 12"), json!({"code": "12"}), "a text stays one");
    assert_eq!(fields("customer.set custom.new 12"), json!({"new": 12}));
    assert_eq!(
        fields(r#"customer.edit {"custom.score":"","custom.code":"8"}"#),
        json!({"score": null, "code": "8"})
    );
    let says = |line: &str| planned(line, &on).unwrap_err().says(false);
    assert_eq!(says("customer.set custom.score many"), "score: \"many\" is not a number");
    assert_eq!(says(r#"customer.edit {"custom.on":"maybe"}"#), "on: \"maybe\" is not true or false");
}

#[test]
fn a_message_takes_the_only_channel_or_wants_one_named() {
    let kinds = |kinds: &[&str]| {
        let channels = kinds.iter().map(|kind| Channel { kind: (*kind).into(), id: "1".into() }).collect();
        Customer { channels, ..customer("a", &[]) }.any()
    };
    let sent = |line: &str, on: AnyRecord| {
        let deed = deeds(&planned(line, &[on]).unwrap())[0].clone();
        (deed["channel"].as_str().unwrap().to_owned(), deed["body"].as_str().unwrap().to_owned())
    };
    let is = |channel: &str, body: &str| (channel.to_owned(), body.to_owned());
    assert_eq!(sent("message.send 您好", kinds(&["phone", "wecom"])), is("wecom", "您好"));
    assert_eq!(sent("message.send auto 您好 呀", kinds(&["wecom", "wecom"])), is("wecom", "您好 呀"));
    assert_eq!(sent("message.send phone 您好", kinds(&["phone", "wecom"])), is("phone", "您好"));
    assert_eq!(sent("message.send 小程序 您好", kinds(&["小程序", "wecom"])), is("小程序", "您好"));
    let says = |line: &str| planned(line, &[kinds(&["wecom", "douyin"])]).unwrap_err().says(false);
    for line in ["message.send 您好", "message.send auto 您好", "message.snippet 生日祝福"] {
        assert_eq!(says(line), "客户a has several channels, say which: wecom, douyin", "{line}");
    }
    assert_eq!(says("message.send wecom"), "message.send needs text");
    let some =
        planned("message.send 您好", &[kinds(&["wecom", "douyin"]), customer("b", &[]).any()]).unwrap();
    assert_eq!(
        (some.writes.len(), some.skipped[0].why.says(false)),
        (1, "has several channels, say which: wecom, douyin".into())
    );
}

#[test]
fn names_are_one_line_of_an_end_and_birthdays_are_past() {
    let create = |name: &str| {
        let command = Command { args: vec![name.to_owned()], ..Command::new(Verb::TagCreate) };
        with(&command, &[], &[]).map(|plan| plan.writes.len())
    };
    for name in ["red\u{1b}[31m", "bell\u{7}", "two\nlines", &"x".repeat(65)] {
        let wrong = create(name).unwrap_err();
        assert!(matches!(&wrong, PlanError::Bad { field, .. } if field == "name"), "{name:?}: {wrong}");
    }
    assert_eq!(create(&"好".repeat(64)), Ok(1));
    assert_eq!(create("").unwrap_err().says(false), "tag.create needs name");
    let targets = [customer("a", &[]).any()];
    for wrong in ["customer.set birthday 2990-02-03", "customer.set birthday 2026-03-18"] {
        assert!(matches!(planned(wrong, &targets), Err(PlanError::Bad { .. })), "{wrong}");
    }
    assert!(planned("customer.set birthday 2026-03-17", &targets).is_ok());
}

#[test]
fn a_due_that_is_past_is_told() {
    let targets = [customer("a", &[]).any()];
    let past = planned("follow_up.create 回访 昨天", &targets).unwrap();
    assert!(past.told[0].contains("已逾期"), "{:?}", past.told);
    let plan = planned("follow_up.create 回访 明天", &targets).unwrap();
    assert!(!plan.told[0].contains("已逾期"), "{:?}", plan.told);
    assert_eq!(plan.moments().iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["due_at"]);
}

#[test]
fn putting_off_to_before_it_is_due_is_said_and_not_forbidden() {
    let due = |text: &str| FollowUp {
        id: text.into(),
        title: "回访".to_owned(),
        due_at: Time::parse(text).ok(),
        ..FollowUp::default()
    };
    let late = due("2026-03-30T10:00:00+08:00").any();
    let plan = planned("follow_up.snooze 明天", std::slice::from_ref(&late)).unwrap();
    assert_eq!(plan.writes.len(), 1);
    assert!(plan.label.ends_with("（比原来的到期早）"), "{}", plan.label);
    assert!(plan.told[0].ends_with("比原来的到期早"), "{:?}", plan.told);
    let soon = due("2026-03-17T09:00:00+08:00").any();
    let plan = planned("follow_up.snooze 明天", std::slice::from_ref(&soon)).unwrap();
    assert!(!plan.label.contains("早") && !plan.told[0].contains("早"), "{plan:?}");
    let plan = planned("follow_up.snooze 明天", &[late, soon]).unwrap();
    assert!(plan.label.ends_with("（其中 1 条比原来的到期早）"), "{}", plan.label);
}

#[test]
fn a_field_that_nobody_had_is_told() {
    let mut had = customer("a", &[]);
    had.custom.insert("size".to_owned(), json!("L"));
    let told = |line: &str| planned(line, &[had.clone().any()]).unwrap().label;
    assert!(told("customer.set custom.siez XL").ends_with("（原来没有这一栏）"));
    assert!(!told("customer.set custom.size XL").contains("没有"));
}

#[test]
fn why_records_are_left_is_counted() {
    let left = |why: &Skip| Skipped { id: String::new(), name: String::new(), why: why.clone() };
    let many = |why: Skip, n: usize| vec![left(&why); n];
    let skipped = [many(Skip::Closed, 3), many(Skip::AlreadySo, 60)].concat();
    let counted = reasons(&skipped);
    assert_eq!(counted, [(Skip::AlreadySo, 60), (Skip::Closed, 3)]);
    assert_eq!(told_reasons(&counted, true), "已经是这样 60，已经结束 3");
    assert_eq!(told_reasons(&counted, false), "is so already 60, is closed already 3");
    assert_eq!(told_reasons(&reasons(&skipped[..2]), false), "is closed already");
}

#[test]
fn capitals_make_no_other_tag() {
    let says = |line: &str| planned(line, &[]).unwrap_err().says(true);
    assert_eq!(says("tag.create vip 会员"), "标签组「会员」里已有「vip」");
}
