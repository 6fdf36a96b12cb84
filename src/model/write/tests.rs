//! What writes do to records, by example and by law.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{AnyRecord, Customer, FollowUp, FollowUpStatus, Record, Relation, Time};

fn at() -> Time {
    Time::parse("2026-03-17T10:00:00+08:00").unwrap()
}

fn customer(tags: &[&str]) -> Customer {
    Customer {
        id: "c1".into(),
        name: "王芳".into(),
        remark: Some("老客".into()),
        tags: tags.iter().map(|tag| TagId::from(*tag)).collect(),
        custom: json!({"baby": "8 months", "size": 3}).as_object().unwrap().clone(),
        ..Customer::default()
    }
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn fields_are_laid_over_and_taken_back() {
    let before = customer(&[]).any();
    let write = Write::set(
        Resource::Customers,
        "c1",
        fields(json!({"remark": "VIP", "custom": {"size": null, "skin": "dry"}})),
    );
    let image = write.image(&before);
    let after = write.apply(Some(&before), at(), None).unwrap();
    assert_eq!(after.to_value()["remark"], "VIP");
    assert_eq!(after.to_value()["custom"], json!({"baby": "8 months", "skin": "dry"}));
    assert!(write.is_in(&after) && !write.is_in(&before));
    let back = write.inverse("c1", &image, String::new).unwrap().apply(Some(&after), at(), None).unwrap();
    assert_eq!(back.to_value()["remark"], "老客");
    assert_eq!(back.to_value()["custom"]["size"], 3);
    assert_eq!(back.to_value()["custom"].get("skin"), None);
}

#[test]
fn only_what_both_changed_clashes() {
    let before = customer(&[]);
    let write = Write::set(
        Resource::Customers,
        "c1",
        fields(json!({"remark": "VIP", "custom": {"size": 4, "baby": "9 months"}})),
    );
    let image = write.image(&before.clone().any());
    let city = Customer { city: Some("杭州".into()), ..before.clone() };
    assert_eq!(write.clashes(&image, &city.any()), []);
    let same = Customer { remark: Some("VIP".into()), ..before.clone() };
    assert_eq!(write.clashes(&image, &same.any()), []);
    let mut other = Customer { remark: Some("流失".into()), ..before };
    other.custom.insert("size".into(), json!(5));
    let clashes = write.clashes(&image, &other.any());
    let names: Vec<_> = clashes.iter().map(|clash| clash.field.as_str()).collect();
    assert_eq!(names, ["remark", "custom.size"]);
    assert_eq!((&clashes[0].base, &clashes[0].theirs), (&json!("老客"), &json!("流失")));
}

#[test]
fn a_follow_up_is_done_when_its_status_says_so() {
    let before = FollowUp { id: "f1".into(), ..FollowUp::default() }.any();
    let done = Write::set_one(Resource::FollowUps, "f1", "status", "done");
    let AnyRecord::FollowUp(after) = done.apply(Some(&before), at(), None).unwrap() else { panic!() };
    assert_eq!((after.status, after.done_at), (FollowUpStatus::Done, Some(at())));
    let again = Write::set_one(Resource::FollowUps, "f1", "status", "open");
    let AnyRecord::FollowUp(after) = again.apply(Some(&after.any()), at(), None).unwrap() else { panic!() };
    assert_eq!(after.done_at, None);
}

#[test]
fn removed_tags_leave_every_relation() {
    let mut before = customer(&["a", "b"]);
    before.relations =
        vec![Relation { operator_id: "o1".into(), tags: vec!["a".into()], ..Relation::default() }];
    let deed = Deed::Tag { add: vec!["c".into()], remove: vec!["a".into()] };
    let write = Write { resource: Resource::Customers, id: "c1".into(), deed };
    let AnyRecord::Customer(after) = write.apply(Some(&before.any()), at(), None).unwrap() else { panic!() };
    assert_eq!(after.tags, [TagId::from("b"), TagId::from("c")]);
    assert!(after.relations[0].tags.is_empty());
}

#[test]
fn local_ids_are_found_and_renamed_where_ids_stand_and_nowhere_else() {
    let deed =
        Deed::Make { fields: fields(json!({"customer_id": "~c", "title": "~c said", "tags": ["~t", "t"]})) };
    let write = Write { resource: Resource::FollowUps, id: "~f".into(), deed };
    assert_eq!(write.waits_for(), ["~c", "~t"]);
    let write = write.renamed("~c", "c9").renamed("~t", "t9").renamed("~f", "f9");
    assert!(write.waits_for().is_empty());
    assert_eq!(write.id, "f9");
    let Deed::Make { fields } = &write.deed else { panic!() };
    assert_eq!(fields["title"], "~c said");
    assert_eq!(fields["tags"], json!(["t9", "t"]));
    let text = serde_json::to_string(&write).unwrap();
    assert_eq!(serde_json::from_str::<Write>(&text).unwrap(), write);
}

#[test]
fn lanes_are_the_records_and_the_timeline_is_the_customers() {
    let note = Write {
        resource: Resource::Events,
        id: "~e".into(),
        deed: Deed::Make { fields: fields(json!({"customer_id": "c1", "kind": "note", "title": "x"})) },
    };
    let deed =
        Deed::Send { customer_id: "c1".into(), channel: "wecom".into(), body: "你好\n在吗".into() };
    let send = Write { resource: Resource::Events, id: "~m".into(), deed };
    let remark = Write::set_one(Resource::Customers, "c1", "remark", "x");
    assert_eq!([note.lane(), send.lane()], [remark.lane(), remark.lane()]);
    let AnyRecord::Event(event) = send.apply(None, at(), Some(&"o1".into())).unwrap() else { panic!() };
    assert_eq!((event.title.as_str(), event.body.as_deref()), ("你好", Some("你好\n在吗")));
    assert_eq!(send.inverse("e1", &Map::new(), String::new), None);
}

proptest! {
    /// Tagging and its inverse leave the tags as they were, in whatever order.
    #[test]
    fn tagging_is_undone_by_its_inverse(
        had in prop::collection::btree_set("[a-f]", 0..6),
        add in prop::collection::btree_set("[a-f]", 0..4),
        remove in prop::collection::btree_set("[a-f]", 0..4),
    ) {
        let had: Vec<&str> = had.iter().map(String::as_str).collect();
        let before = customer(&had).any();
        let ids = |set: &std::collections::BTreeSet<String>| set.iter().map(|id| TagId::from(id.as_str())).collect();
        let deed = Deed::Tag { add: ids(&add), remove: ids(&(&remove - &add)) };
        let write = Write { resource: Resource::Customers, id: "c1".into(), deed };
        let image = write.image(&before);
        let after = write.apply(Some(&before), at(), None).unwrap();
        prop_assert!(write.is_in(&after));
        let back = write.inverse("c1", &image, String::new).unwrap();
        let AnyRecord::Customer(after) = back.apply(Some(&after), at(), None).unwrap() else { panic!() };
        let mut tags: Vec<_> = after.tags.iter().map(|tag| tag.as_str().to_owned()).collect();
        tags.sort();
        prop_assert_eq!(tags, had);
    }
}
