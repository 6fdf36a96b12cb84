//! Dispositions: what one of them writes, of one record and of many, and what it refuses.

use serde_json::json;

use super::tests::{customer, planned, with};
use super::*;
use crate::model::{FollowUp, FollowUpStatus, Record};

fn due_today(id: &str, customer: &str) -> FollowUp {
    FollowUp {
        id: id.into(),
        customer_id: customer.into(),
        title: format!("回访{id}"),
        ..FollowUp::default()
    }
}

#[test]
fn a_disposition_is_one_plan_about_one_record() {
    let targets = [due_today("f1", "1").any(), customer("1", &["t3"]).any()];
    let line = r#"follow_up.dispose {"result":"interested","add":["高意向"],"until":"下周二","who":"Ann","note":"想要二段"}"#;
    let plan = planned(line, &targets).unwrap();
    assert_eq!((plan.records(), plan.risk), (1, Risk::Write));
    let deeds: Vec<_> = plan.writes.iter().map(|planned| planned.write.deed.clone()).collect();
    assert_eq!(deeds[0], Deed::Tag { add: vec!["t2".into()], remove: vec!["t3".into()] });
    let then = "2026-03-24T10:00:00+08:00";
    let fields = json!({"outcome": "interested", "note": "想要二段", "assignee_id": "o2", "snoozed_until": then, "due_at": then});
    assert_eq!(deeds[1], Deed::Set { fields: fields.as_object().unwrap().clone() });
    assert_eq!(plan.label, "处置 有意向 · +高意向 · 延后到 2026-03-24 周二 10:00 · 转给 Ann · 备注");
    assert!(plan.writes.iter().all(|planned| planned.write.is_reversible()));
}

#[test]
fn a_disposition_of_many_is_bulk_tags_each_customer_once_and_leaves_what_is_closed() {
    let closed = FollowUp { status: FollowUpStatus::Done, ..due_today("f3", "2") };
    let targets = [
        due_today("f1", "1").any(),
        due_today("f2", "1").any(),
        closed.any(),
        due_today("f4", "2").any(),
        customer("1", &[]).any(),
        customer("2", &["t2"]).any(),
    ];
    let plan =
        planned(r#"follow_up.dispose {"result":"won","add":["t2"],"close":"done"}"#, &targets).unwrap();
    assert_eq!((plan.records(), plan.risk), (3, Risk::Bulk));
    let told: Vec<_> =
        plan.writes.iter().map(|planned| (planned.write.resource, planned.write.id.as_str())).collect();
    let (c, f) = (Resource::Customers, Resource::FollowUps);
    assert_eq!(told, [(c, "1"), (f, "f1"), (f, "f2"), (f, "f4")]);
    assert_eq!(plan.skipped.len(), 1, "{:?}", plan.skipped);
    assert_eq!((plan.skipped[0].id.as_str(), &plan.skipped[0].why), ("f3", &Skip::Closed));
}

#[test]
fn a_message_makes_it_outbound_and_without_a_way_to_send_nothing_of_it_is_done() {
    let line = r#"follow_up.dispose {"result":"won","add":["t1"],"text":"{{customer.name}} 您好"}"#;
    let (mute, heard) = (Customer { channels: Vec::new(), ..customer("2", &[]) }, customer("1", &[]));
    let targets = [due_today("f1", "1").any(), due_today("f2", "2").any(), heard.any(), mute.any()];
    let plan = planned(line, &targets).unwrap();
    assert_eq!((plan.records(), plan.risk), (1, Risk::Outbound));
    let last = plan.writes.last().map(|planned| planned.write.deed.clone());
    assert!(matches!(last, Some(Deed::Send { body, .. }) if body == "客户1 您好"), "outbound goes last");
    assert!(plan.writes.iter().all(|planned| planned.write.id != "f2" && planned.write.id != "2"));
    assert_eq!((plan.skipped.len(), &plan.skipped[0].why), (1, &Skip::NoChannel));
}

#[test]
fn a_customers_disposition_leaves_a_call_and_makes_a_follow_up() {
    let line = r#"customer.dispose {"result":"no_answer","until":"fri","title":"生日关怀","remove":["VIP"]}"#;
    let plan = planned(line, &[customer("1", &["t1"]).any()]).unwrap();
    assert_eq!((plan.records(), plan.risk), (1, Risk::Write));
    let made: Vec<_> = plan
        .writes
        .iter()
        .filter_map(|planned| match &planned.write.deed {
            Deed::Make { fields } => Some((planned.write.resource, fields.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(made[0].0, Resource::Events);
    assert_eq!(made[0].1["data"], json!({"outcome": "no_answer"}));
    assert_eq!(made[1].0, Resource::FollowUps);
    assert_eq!(made[1].1["title"], "生日关怀");
    assert_eq!(made[1].1["due_at"], "2026-03-20T10:00:00+08:00");
    assert_eq!(made[1].1["assignee_id"], "o1");
}

#[test]
fn a_disposition_that_says_nothing_or_something_else_is_refused() {
    for text in ["{}", "won", r#"{"reslut":"won"}"#, "[]"] {
        let command = Command::with(Verb::FollowUpDispose, text);
        assert!(matches!(with(&command, &[], &[]), Err(PlanError::Bad { .. })), "{text}");
    }
    let past = planned(r#"follow_up.dispose {"until":"2026-03-01"}"#, &[]);
    assert!(matches!(past, Err(PlanError::Past(_))));
}
