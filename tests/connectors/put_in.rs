//! What every real server was filled with, and how records that were pulled are held against it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::rig::{Home, backends, has};

/// Straight from the generator that the servers' seeders use.
const PUT_IN: &str = "
import json, gen
s = lambda d: d and d.strftime('%Y-%m-%dT%H:%M:%S')
print(json.dumps(dict(
  customers=[dict(c, created=s(c['created']), last_contact=s(c['last_contact'])) for c in gen.customers()],
  groups=[dict(g, activity=[dict(a, at=s(a['at'])) for a in g['activity']]) for g in gen.groups()],
  follow_ups=[dict(f, due=s(f['due'])) for f in gen.followups()], tags=gen.TAGS)))";

/// What a python program writes.
pub fn python(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("python3")
        .args(arguments)
        .env("TZ", "UTC")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .current_dir(folder)
        .output()
        .expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

/// What was put in; `None`, with a word, where its generator is missing.
pub fn put_in() -> Option<Value> {
    let from = backends()?;
    if !has("python3") {
        return None;
    }
    Some(serde_json::from_str(&python(&from, &["-c", PUT_IN])).expect("it is JSON"))
}

/// The items of a list.
pub fn of(list: &Value) -> &[Value] {
    list.as_array().expect("a list")
}

/// A whole number.
pub fn number(value: &Value) -> usize {
    value.as_u64().and_then(|n| usize::try_from(n).ok()).expect("a whole number")
}

/// How a kind of record is told apart.
pub fn key(record: &Value) -> (String, String) {
    match record.get("member_id") {
        Some(member) => (record["group_id"].to_string(), member.to_string()),
        None => (record["id"].to_string(), String::new()),
    }
}

/// All records of a kind in the cache, in the order of [`key`].
pub fn pulled(home: &Home, kind: &str) -> Vec<Value> {
    let mut all = of(&home.json(&["list", kind, "--format", "json"])).to_vec();
    all.sort_by_key(key);
    all
}

/// The cache has these records and no other, with these fields and nothing in any other that was not
/// put in; a time by the server's own clock, given as [`any_time`], is one that can be.
pub fn same(kind: &str, home: &Home, wanted: &[Value]) {
    let mut wanted = wanted.to_vec();
    wanted.sort_by_key(key);
    compare(kind, &pulled(home, kind), &wanted);
}

/// Stands for a time that the server gave: one of these years, and not in the future.
pub fn any_time() -> Value {
    json!({"time": "any"})
}

/// Stands for such a time, or for none.
pub fn any_time_or_none() -> Value {
    json!({"time": "any or none"})
}

/// Records as they were pulled against what was put in, each in its place.
pub fn compare(kind: &str, pulled: &[Value], wanted: &[Value]) {
    assert_eq!(pulled.len(), wanted.len(), "{kind}");
    let usual = ["priority", "status", "kind", "custom", "data", "deleted", "relations", "exclusive"];
    for (pulled, wanted) in pulled.iter().zip(wanted) {
        for (field, value) in pulled.as_object().expect("a record") {
            match wanted.get(field) {
                Some(wanted) if wanted.get("time").is_some() => {
                    let can_be = wanted == &any_time_or_none() && value.is_null() || is_recent(value);
                    assert!(can_be, "{kind} {pulled}: {field}");
                }
                Some(wanted) => assert_eq!(value, wanted, "{kind} {pulled}: {field}"),
                None => assert!(
                    value.is_null() || value == &json!([]) || value == "" || usual.contains(&field.as_str()),
                    "{kind} {pulled}: nobody put {value} into {field}"
                ),
            }
        }
        for field in wanted.as_object().expect("a record").keys() {
            assert!(pulled.get(field).is_some(), "{kind} {pulled}: there is no {field}");
        }
    }
}

/// Seconds taken for milliseconds, or the other way round, lie far away from here.
fn is_recent(value: &Value) -> bool {
    let Some(at) = value.as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok()) else { return false };
    let past: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    past < at && at <= jiff::Timestamp::now()
}
