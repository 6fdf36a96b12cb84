//! Connector files of an operator's own, without any server.

use serde_json::json;

use crate::rig::Home;

const MINE: &str = r#"
[connector]
format = 1
name = "mine"

[vars.account]
about = { zh = "账号", en = "the number of the account" }

[pull.customers]
request = { path = "/a/{$vars.account}/contacts" }
items = ['.payload', '.data']
map = '{id: .id, name: .name, points: .points, added_at: (.created | epoch_s), tags: (.labels | split(","))}'
"#;

fn home(profile: &str) -> Home {
    let home = Home::new(profile);
    std::fs::write(home.path("mine.toml"), MINE).unwrap();
    home
}

const PROFILE: &str = "[profiles.main]\nbackend = \"./mine.toml\"\nurl = \"http://127.0.0.1:1\"\n";

#[test]
fn a_variable_that_is_missing_or_unknown_is_named_at_its_place() {
    let told = |profile: &str| {
        let output = home(profile).run(&["config", "check"]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stdout).unwrap()
    };
    let missing = told(PROFILE);
    assert!(
        missing.contains("config.toml:1:11: the connector \"./mine.toml\" wants the variable \"account\""),
        "{missing}"
    );
    assert!(missing.contains("vars = { account = \"…\" }  the number of the account"), "{missing}");
    let unknown = told(&format!("{PROFILE}vars = {{ acount = \"7\" }}\n"));
    assert!(
        unknown.contains("config.toml:4:10:") && unknown.contains("did you mean \"account\"?"),
        "{unknown}"
    );
}

#[test]
fn a_mistake_in_the_file_is_told_with_the_files_own_place() {
    let broken = home(&format!("{PROFILE}vars = {{ account = \"7\" }}\n"));
    std::fs::write(broken.path("mine.toml"), MINE.replace("epoch_s", "epoch_z")).unwrap();
    for arguments in [&["config", "check"][..], &["backend", "show", "./mine.toml"]] {
        let output = broken.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.contains("mine.toml:12:") && told.contains("no filter epoch_z"), "{told}");
        assert!(told.contains("of the filter)") && told.contains("did you mean \"epoch_s\"?"), "{told}");
    }
}

#[test]
fn a_saved_answer_is_mapped_with_complaints_beside_the_fields() {
    let home = home(&format!("{PROFILE}vars = {{ account = \"7\" }}\n"));
    let saved = json!({"payload": [
        {"id": 12345678901234567890_u64, "name": "张三", "points": 7, "created": 1_600_000_000, "labels": "a,b"},
        {"id": "2", "name": 3, "points": "many", "created": "soon", "labels": null},
        {"name": "nobody"},
    ]});
    std::fs::write(home.path("saved.json"), saved.to_string()).unwrap();
    let output = home.run(&["backend", "try", "customers", "--from", "saved.json", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3), "there are complaints");
    let tried: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &tried["items"][0];
    assert_eq!(first["records"][0]["id"], "12345678901234567890");
    assert_eq!(first["records"][0]["added_at"], "2020-09-13T12:26:40+00:00");
    assert_eq!(first["records"][0]["tags"], json!(["a", "b"]));
    assert_eq!(first["complaints"], json!([]));
    let second = &tried["items"][1];
    let paths: Vec<_> =
        second["complaints"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["name", "points", "added_at", "tags"]);
    assert_eq!(second["records"][0]["id"], "2", "a bad field costs itself alone");
    assert_eq!(tried["items"][2]["records"], json!([]));
    let table =
        String::from_utf8(home.run(&["backend", "try", "customers", "--from", "saved.json"]).stdout).unwrap();
    assert!(
        table.contains("  added_at: null  ← epoch_s: \"soon\" is no number of seconds since 1970"),
        "{table}"
    );
    let check = home.run(&["backend", "check", "customers", "--from", "saved.json"]);
    assert!(String::from_utf8(check.stdout).unwrap().starts_with("warning customers:"));
}

#[test]
fn a_failure_inside_a_success_is_no_empty_list() {
    let home = home(&format!("{PROFILE}vars = {{ account = \"7\" }}\n"));
    std::fs::write(home.path("saved.json"), "{\"code\": 7, \"payload\": null}").unwrap();
    let output = home.run(&["backend", "try", "customers", "--from", "saved.json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("malformed") || told.contains("answer"), "{told}");
}

#[test]
fn connectors_are_listed_and_shown() {
    let home = Home::new("");
    let listed = home.json(&["backend", "list", "--format", "json"]);
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    let documented = ["linkwechat", "mochat", "openscrm", "cordys", "chatwoot", "zoho", "fxiaoke", "hubspot"];
    assert_eq!(names, [&["siyu", "wecom", "matrix", "tryton"][..], &documented, &["json-server"]].concat());
    assert!(home.text(&["backend", "show", "json-server"]).contains("[pull.customers.fields]"));
    let output = home.run(&["backend", "show", "json-sever"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("json-server"));
}
