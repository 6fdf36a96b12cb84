//! Shipped files hold together, and a mistake is told at its place.

use std::path::Path;

use super::*;

#[test]
fn every_shipped_connector_holds_together() {
    for (name, text) in SHIPPED {
        let file = ConnectorFile::read(Path::new(name), text).unwrap_or_else(|wrong| {
            panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>());
        });
        assert_eq!(file.name, *name);
        assert!(!file.title.zh.is_empty() && !file.title.en.is_empty(), "{name} has a title");
        assert!(file.source.is_some(), "{name} says what it was made from");
    }
}

fn wrong(text: &str) -> String {
    let head = "[connector]\nformat = 1\nname = \"x\"\n";
    let wrong = ConnectorFile::read(Path::new("x.toml"), &format!("{head}{text}")).unwrap_err();
    wrong.iter().map(ToString::to_string).collect()
}

#[test]
fn a_mistake_names_file_line_column_and_the_filters_own_position() {
    let told =
        wrong("[pull.customers]\nrequest = { path = \"/c\" }\nmap = '{id: .id, at: (.t | epoch_z)}'\n");
    assert!(
        told.starts_with("x.toml:6:28: there is no filter epoch_z (line 1, column 21 of the filter)"),
        "{told}"
    );
    assert!(
        told.contains("map = '{id: .id, at: (.t | epoch_z)}'")
            && told.contains("hint: did you mean \"epoch_s\"?"),
        "{told}"
    );
    let told = wrong("[pull.tags]\nrequest = { path = \"/c\" }\nmap = '''\n{id: .id,\n at: $sinse}\n'''\n");
    assert!(
        told.starts_with("x.toml:8:6: there is no variable $sinse here (line 2, column 6 of the filter)"),
        "{told}"
    );
}

#[test]
fn each_mistake_is_refused_with_a_clear_word() {
    for (text, wanted) in [
        ("[pull.customer]\nrequest = { path = \"/c\" }\nmap = '.'\n", "did you mean \"customers\"?"),
        ("[pull.tags]\nmap = '.'\n", "x.toml:4:7: [pull.tags] has no request"),
        ("[pull.tags]\nrequest = { path = \"/c\" }\n", "[pull.tags] has no map"),
        ("[pull.tags]\nrequest = { path = \"c\" }\nmap = '.'\n", "a path begins with /"),
        ("[pull.tags]\nrequest = { path = \"/c?x=1\" }\nmap = '.'\n", "stands in `query`"),
        ("[pull.tags]\nrequest = { path = \"/c\", qurey = {} }\nmap = '.'\n", "did you mean query?"),
        ("[pull.tags]\nrequest = { path = \"/{$vars.x\" }\nmap = '.'\n", "the brace is not closed"),
        (
            "[pull.tags]\nrequest = { path = \"/c\" }\nmap = '.'\npaging = { kind = \"curser\" }\n",
            "did you mean \"cursor\"?",
        ),
        (
            "[pull.tags]\nrequest = { path = \"/c\" }\nmap = '.'\npaging = { kind = \"cursor\" }\n",
            "has no next",
        ),
        (
            "[pull.tags]\nrequest = { path = \"/c\", method = \"GET\", json = '{}' }\nmap = '.'\n",
            "a GET has no body",
        ),
        ("[wirte.tags]\n", "has no key \"wirte\""),
        ("[[errors]]\nwhen = '.x'\nkind = \"bad\"\n", "kind is one of"),
        ("", "pulls nothing"),
    ] {
        let told = wrong(text);
        assert!(told.contains(wanted), "{text}\n{told}");
    }
    let told = ConnectorFile::read(Path::new("x"), "[connector]\nformat = 9\n").unwrap_err();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn writes_say_what_they_carry_and_what_they_need() {
    let pulled = "[pull.customers]\nrequest = { path = \"/c\" }\nmap = '.'\n";
    let request = "request = { method = \"PATCH\", path = \"/c/{$write.id}\", json = '{t: $record.t}' }\n";
    for (text, wanted) in [
        (format!("[write.\"customers.tags\"]\n{request}"), "did you mean \"customers.tag\"?"),
        (format!("[write.\"customers.set\"]\n{request}"), "has no fields"),
        (format!("[write.\"customers.tag\"]\n{request}"), "there is no [read.customers]"),
        ("[write.\"customers.tag\"]\nrequest = { path = \"/c\" }\n".to_owned(), "a write is no GET"),
        (
            format!("[write.\"tags.delete\"]\n{}answer = \"nothing\"\n", request.replace("$record.t", "1")),
            "there is no [read.tags]",
        ),
        (format!("[write.\"customers.tag\"]\n{request}answer = \"what\"\n"), "`answer` is"),
        ("[read.customers]\nrequest = { path = \"/c/{$idd}\" }\n".to_owned(), "did you mean \"$id\"?"),
    ] {
        let told = wrong(&format!("{pulled}{text}"));
        assert!(told.contains(wanted), "{text}\n{told}");
    }
}

/// Each table of the schema, and where it stands in a file.
const TABLES: &[(&str, &str)] = &[
    ("File", ""),
    ("Connector", "[connector]"),
    ("Both", "[connector.title]"),
    ("Var", "[vars.x]"),
    ("SecretAsked", "[secrets.x]"),
    ("Login", "[login]"),
    ("LoginStep", "[[login.steps]]"),
    ("Dress", "[request]"),
    ("Sign", "[sign]"),
    ("ErrorRule", "[[errors]]"),
    ("Limits", "[limits]"),
    ("Rhythm", "[rhythm]"),
    ("Hello", "[hello]"),
    ("Request", "[hello.request]"),
    ("Pull", "[pull.tags]"),
    ("Paging", "[pull.tags.paging]\nkind = \"page\""),
    ("Count", "[pull.tags.paging]\nkind = \"page\"\n[pull.tags.paging.count]"),
    ("Then", "[pull.tags.paging]\nkind = \"page\"\n[pull.tags.paging.then]\nkind = \"page\""),
    ("Changed", "[pull.tags.changed]"),
    ("Each", "[pull.tags.each]\nof = \"groups\""),
    ("With", "[pull.tags.with.x]"),
    ("Also", "[pull.tags.also.groups]"),
    ("Detail", "[pull.tags.detail]"),
    ("Read", "[read.tags]"),
    ("Write", "[write.\"tags.set\"]"),
    ("WriteStep", "[[write.\"tags.set\".then]]"),
    ("AnswerTable", "[write.\"tags.set\".answer]"),
];

#[test]
fn the_schema_has_the_keys_that_are_read_and_no_other() {
    let schema = schema();
    let mut tables = schema["$defs"].as_object().unwrap().clone();
    tables.insert("File".to_owned(), schema.clone());
    tables.retain(|_, table| table["properties"].is_object());
    for (name, place) in TABLES {
        // What is refused is told beside the keys that there are.
        let wrong = ConnectorFile::read(Path::new("x"), &format!("{place}\nzzzzzzzzzz = 1\n")).unwrap_err();
        let told = wrong.iter().find(|one| one.message.to_string().contains("zzzzzzzzzz"));
        let hint =
            told.and_then(|one| one.hint.as_ref()).unwrap_or_else(|| panic!("{name}: {wrong:?}")).to_string();
        let mut read: Vec<&str> = hint.split([',', ' ']).filter(|word| !word.is_empty()).collect();
        let table = tables.remove(*name).unwrap_or_else(|| panic!("the schema has no {name}"));
        let mut described: Vec<&str> =
            table["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        described.sort_unstable();
        read.retain(|word| !["known", "are", "keys:", "known:"].contains(word));
        read.sort_unstable();
        assert_eq!(read, described, "{name}");
        for (key, value) in table["properties"].as_object().unwrap() {
            assert!(value["description"].is_string(), "{name}.{key} is not described");
        }
    }
    assert!(tables.is_empty(), "nobody looks at {:?}", tables.keys().collect::<Vec<_>>());
}
