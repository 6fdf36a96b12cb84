//! The tables of `docs/connectors.md` are those of the code, its examples are read, and the schema
//! describes what comes with the program.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use schemars::{JsonSchema, schema_for};
use serde_json::Value;
use siyu::backend::file::{ConnectorFile, SHIPPED, schema};
use siyu::backend::mapping::HELPERS;
use siyu::model;

const PAGE: &str = "docs/connectors.md";
const RENEW: &str = "SIYU_RENEW=1 cargo test --test connectors_page";

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// What a value is, in a word.
fn kind(schema: &Value, of: &Value) -> String {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap();
        let found = &of["$defs"][name];
        return match name {
            "Jq" => "filter".to_owned(),
            "Template" => "template".to_owned(),
            "Said" => "text, or `{ zh, en }`".to_owned(),
            _ if found["type"] == "object" => "table".to_owned(),
            _ => kind(found, of),
        };
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        return words.join(" ");
    }
    if let Some(all) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        let mut kinds: Vec<_> =
            all.iter().filter(|one| one["type"] != "null").map(|one| kind(one, of)).collect();
        kinds.dedup();
        return kinds.join(" or ");
    }
    if let Some(word) = schema["const"].as_str() {
        return format!("`{word}`");
    }
    let one = match &schema["type"] {
        Value::Array(types) => types.iter().find(|kind| *kind != "null").cloned().unwrap_or_default(),
        other => other.clone(),
    };
    match one.as_str().unwrap_or_default() {
        "string" if schema["format"] == "date-time" => "moment".to_owned(),
        "string" => "text".to_owned(),
        "integer" => match (&schema["minimum"], &schema["maximum"]) {
            (Value::Number(from), Value::Number(to)) => format!("{from} to {to}"),
            _ => "whole number".to_owned(),
        },
        "boolean" => "true or false".to_owned(),
        "number" => "number".to_owned(),
        "array" => format!("list of {}", kind(&schema["items"], of).replace("table", "tables")),
        "object" => match &schema["additionalProperties"] {
            Value::Bool(_) | Value::Null => "object".to_owned(),
            inner => format!("names and {}s", kind(inner, of)),
        },
        _ => "anything".to_owned(),
    }
}

/// Every key of every table, as the schema has them.
fn keys() -> String {
    let whole = schema();
    let mut page = String::new();
    let top = std::iter::once(("the file", &whole));
    let tables = whole["$defs"].as_object().unwrap().iter().map(|(name, table)| (name.as_str(), table));
    let order = [
        "the file",
        "Connector",
        "Both",
        "Var",
        "Login",
        "LoginStep",
        "Dress",
        "Sign",
        "ErrorRule",
        "Limits",
        "Rhythm",
        "Hello",
        "Request",
        "Pull",
        "Paging",
        "Count",
        "Then",
        "Changed",
        "Each",
        "Detail",
        "With",
        "Also",
        "Read",
        "Write",
        "WriteStep",
        "AnswerTable",
    ];
    let mut all: Vec<_> = top.chain(tables).filter(|(_, table)| table["properties"].is_object()).collect();
    all.sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(usize::MAX));
    for (name, table) in all {
        let about = table["description"].as_str().unwrap_or_default().replace('\n', " ");
        let _ = match about.split_once(": ") {
            Some((key, about)) if name != "the file" => writeln!(page, "### {key}\n\n{about}\n"),
            _ if name == "the file" => writeln!(page, "### The file\n"),
            _ => writeln!(page, "### {about}\n"),
        };
        let _ = writeln!(page, "| key | is | means |\n| --- | --- | --- |");
        let needed: Vec<&str> =
            table["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (key, value) in table["properties"].as_object().unwrap() {
            let must = if needed.contains(&key.as_str()) { ", needed" } else { "" };
            let usual = match value.get("default") {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(usual)) => format!(" Usually `{usual}`."),
                Some(usual) => format!(" Usually {usual}."),
            };
            let about = value["description"].as_str().unwrap_or_default();
            let _ = writeln!(page, "| `{key}` | {}{must} | {}{usual} |", kind(value, &whole), escaped(about));
        }
        page.push('\n');
    }
    page
}

/// The fields of a kind of record.
fn record<T: JsonSchema>(page: &mut String, name: &str) {
    let whole = schema_for!(T).to_value();
    let _ = writeln!(page, "### {name}\n\n| field | is | means |\n| --- | --- | --- |");
    for (key, value) in whole["properties"].as_object().unwrap() {
        let about = value["description"].as_str().unwrap_or_default();
        let mut is = kind(value, &whole);
        if is == "table" || is == "list of tables" {
            let inner = value.get("items").unwrap_or(value)["$ref"].as_str().unwrap_or_default();
            let inner = &whole["$defs"][inner.rsplit('/').next().unwrap_or_default()]["properties"];
            let names: Vec<_> =
                inner.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            is = format!("{is} `{{{}}}`", names.join(" "));
        }
        let _ = writeln!(page, "| `{key}` | {is} | {} |", escaped(about));
    }
    page.push('\n');
}

fn records() -> String {
    let mut page = String::new();
    record::<model::Customer>(&mut page, "customers");
    record::<model::Tag>(&mut page, "tags");
    record::<model::TagGroup>(&mut page, "tag_groups");
    record::<model::Group>(&mut page, "groups");
    record::<model::GroupMember>(&mut page, "group_members");
    record::<model::GroupDay>(&mut page, "group_days");
    record::<model::GroupActivity>(&mut page, "group_activities");
    record::<model::FollowUp>(&mut page, "follow_ups");
    record::<model::Event>(&mut page, "events");
    record::<model::Order>(&mut page, "orders");
    record::<model::Operator>(&mut page, "operators");
    record::<model::Snippet>(&mut page, "snippets");
    record::<model::Broadcast>(&mut page, "broadcasts");
    page
}

fn helpers() -> String {
    let mut page = "| helper | gives |\n| --- | --- |\n".to_owned();
    for (name, about) in HELPERS {
        let _ = writeln!(page, "| `{name}` | {} |", escaped(about));
    }
    page
}

fn connectors() -> String {
    let mut page = "| connector | system | tried against |\n| --- | --- | --- |\n".to_owned();
    let _ = writeln!(page, "| `siyu` | the native backend, `siyu serve` | the real server |");
    for (name, text) in SHIPPED {
        let file = ConnectorFile::read(Path::new(name), text).unwrap();
        let by = match file.verified.word() {
            "server" => "the real server",
            _ => "its documentation alone",
        };
        let _ = writeln!(page, "| `{name}` | {} | {by} |", file.title.en);
    }
    page
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let mut text = fs::read_to_string(&path).expect(PAGE);
    let before = text.clone();
    for (name, table) in
        [("connectors", connectors()), ("records", records()), ("keys", keys()), ("helpers", helpers())]
    {
        let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
        let from = text.find(&begin).unwrap_or_else(|| panic!("{PAGE} has no {begin}")) + begin.len();
        let to = text.find(&end).unwrap_or_else(|| panic!("{PAGE} has no {end}"));
        text.replace_range(from..to, &format!("\n{}\n\n", table.trim_end()));
    }
    if std::env::var_os("SIYU_RENEW").is_some() {
        fs::write(&path, text).expect(PAGE);
        return;
    }
    assert!(text == before, "{PAGE} is stale; renew it with\n  {RENEW}");
}

/// Every piece of TOML in the guide, put where it belongs.
#[test]
fn the_examples_of_the_guide_are_read() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).expect(PAGE);
    let pieces: Vec<&str> =
        text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(pieces.len() >= 7, "{}", pieces.len());
    for piece in pieces {
        if piece.contains("[profiles.") {
            continue;
        }
        let mut whole = String::new();
        if !piece.contains("[connector]") {
            whole.push_str("[connector]\nformat = 1\nname = \"x\"\n");
        }
        whole.push_str(piece);
        let has = |head: &str| piece.lines().any(|line| line.trim_end().starts_with(head));
        for needed in ["customers", "groups", "follow_ups"] {
            if !has(&format!("[pull.{needed}]")) {
                let _ = write!(whole, "\n[pull.{needed}]\nrequest = {{ path = \"/x\" }}\nmap = '.'\n");
            }
            if !has(&format!("[read.{needed}]")) {
                let _ = write!(whole, "\n[read.{needed}]\nrequest = {{ path = \"/x\" }}\n");
            }
        }
        if has("[[write.\"customers.tag\".errors]]") {
            whole.push_str("\n[write.\"customers.tag\"]\nrequest = { method = \"PUT\", path = \"/x\" }\n");
        }
        let wrong = ConnectorFile::read(Path::new("guide.toml"), &whole).err().unwrap_or_default();
        assert!(wrong.is_empty(), "{}\n{piece}", wrong.iter().map(ToString::to_string).collect::<String>());
    }
}

/// What a schema says of a value, as far as ours go.
fn fits(schema: &Value, of: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(path) = schema["$ref"].as_str() {
        return fits(&of["$defs"][path.rsplit('/').next().unwrap()], of, value, at);
    }
    if let Some(all) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        let wrong: Vec<String> = all.iter().filter_map(|one| fits(one, of, value, at).err()).collect();
        return if wrong.len() < all.len() { Ok(()) } else { Err(wrong.join("; ")) };
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{at}: {value} is none of {words:?}"));
    }
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    if !types.is_empty() && !types.iter().any(|one| one == is || is == "integer" && one == "number") {
        return Err(format!("{at} is {is} and not {types:?}"));
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(&schema["items"], of, item, &format!("{at}[{n}]"))?;
    }
    let names = schema["propertyNames"]["enum"].as_array();
    for (key, inner) in value.as_object().into_iter().flatten() {
        if names.is_some_and(|names| !names.iter().any(|name| name == key)) {
            return Err(format!("{at}.{key}: no such name"));
        }
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => return Err(format!("{at}.{key}: no such key")),
            (Value::Null, other) => fits(other, of, inner, &format!("{at}.{key}"))?,
            (known, _) => fits(known, of, inner, &format!("{at}.{key}"))?,
        }
    }
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    match needed.into_iter().find(|key| value.is_object() && value.get(key).is_none()) {
        Some(key) => Err(format!("{at} has no {key}")),
        None => Ok(()),
    }
}

fn fits_schema(text: &str) -> Result<(), String> {
    let value: Value = toml::from_str(text).unwrap();
    let schema = schema();
    fits(&schema, &schema, &value, "")
}

#[test]
fn the_schema_takes_what_is_read_and_refuses_what_is_not() {
    for (name, text) in SHIPPED {
        fits_schema(text).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    }
    let head = "[connector]\nformat = 1\nname = \"x\"\n[pull.tags]\nmap = '.'\n";
    fits_schema(&format!("{head}request = {{ path = \"/\" }}\n")).unwrap();
    for wrong in [
        "request = { path = \"/\", qurey = {} }\n",
        "request = { path = \"/\" }\npaging = { kind = \"pages\" }\n",
        "request = { path = 7 }\n",
        "\n",
        "request = { path = \"/\" }\n[write.\"customers.tags\"]\nrequest = { path = \"/\" }\n",
        "request = { path = \"/\" }\n[pull.customer]\nrequest = { path = \"/\" }\n",
        "request = { path = \"/\" }\n[[errors]]\nwhen = '.'\nkind = \"bad\"\n",
    ] {
        assert!(fits_schema(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
}
