//! Payloads that a public SDK keeps of the real WeCom: read without a loss. Skipped, with a word, where they
//! are not there.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::rig::Home;

const PROFILE: &str = "[profiles.main]\nbackend = \"wecom\"\nurl = \"http://127.0.0.1:1/cgi-bin\"\n\
                       vars = { corp_id = \"w\" }\n";

fn sample(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/samples/wecom")
        .join(format!("externalcontact_{name}.response.json"));
    if !path.is_file() {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

/// What the records of a sample come to, with no complaint about any of it.
fn tried(kind: &str, name: &str) -> Option<Vec<Value>> {
    let path = sample(name)?;
    let path = path.to_str().expect("a path is UTF-8");
    let home = Home::new(PROFILE);
    let said = home.json(&["backend", "try", kind, "--from", path, "--limit", "100", "--format", "json"]);
    let items = said["items"].as_array().expect("a list").clone();
    assert!(!items.is_empty(), "{name}: nothing was found in it");
    for item in &items {
        assert_eq!(item["complaints"], json!([]), "{name}: {item}");
    }
    Some(items.iter().flat_map(|item| item["records"].as_array().expect("a list").clone()).collect())
}

#[test]
fn customers_with_all_that_a_relation_has() {
    let Some(records) = tried("customers", "batch_get_by_user") else { return };
    let first = &records[0];
    assert_eq!(records.len(), 2);
    assert_eq!(first["id"], "woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA");
    assert_eq!(
        (&first["name"], &first["kind"], &first["gender"]),
        (&json!("李四"), &json!("wecom"), &json!("male"))
    );
    assert_eq!(first["company"], "腾讯");
    assert_eq!(first["phones"], json!(["13800000001", "13000000002"]));
    assert_eq!(first["tags"], json!(["etAJ2GCAAAXtWyujaWJHDDGi0mACHAAA"]));
    assert_eq!(first["remark"], "李部长");
    assert_eq!(first["added_at"], "2018-05-08T11:43:32+00:00");
    assert_eq!(first["relations"][0]["description"], "对接采购事务");
    assert_eq!(first["custom"]["position"], "Manager");
    assert_eq!(first["custom"]["unionid"], "ozynqsulJFCZ2z1aYeS8h-nuasdAAA");
    assert_eq!(first["custom"]["external_profile"]["external_attr"].as_array().map(Vec::len), Some(3));
    assert_eq!(records[1]["source"], "外联二维码1");
    assert_eq!(records[1]["relations"][0]["add_way"], "card");
}

#[test]
fn tags_with_their_groups_and_those_that_were_deleted() {
    let Some(records) = tried("tag_groups", "get_corp_tag_list") else { return };
    assert_eq!(records[0]["name"], "GOURP_NAME");
    assert_eq!(
        records[1],
        json!({"id": "TAG_ID1", "name": "NAME1", "group_id": "TAG_GROUPID1", "color": null, "order": 1, "deleted": false})
    );
    assert_eq!(records[2]["deleted"], true);
}

#[test]
fn groups_with_their_members() {
    let Some(records) = tried("groups", "groupchat_get") else { return };
    assert_eq!(records[0]["name"], "销售客服群");
    assert_eq!((&records[0]["member_count"], &records[0]["customer_count"]), (&json!(2), &json!(1)));
    assert_eq!(records[1]["invited_by"], "jack");
    assert_eq!((&records[1]["name"], &records[1]["kind"]), (&json!("客服小张"), &json!("staff")));
    assert_eq!(records[2]["customer_id"], "wmOgQhDgAAuXFJGwbve4g4iXknfOAAAA");
    assert_eq!(records[2]["joined_at"], "2019-10-31T07:04:51+00:00");
}

#[test]
fn who_follows_customers() {
    let Some(records) = tried("operators", "get_follow_user_list") else { return };
    assert_eq!((&records[0]["id"], &records[1]["id"]), (&json!("zhangsan"), &json!("lissi")));
}
