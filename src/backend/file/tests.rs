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
