//! The configuration from outside: the example, the schema, and one fixture for each mistake.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use siyu::config::{Columns, Config, EXAMPLE, StageSettings, schema};
use siyu::i18n::{named, words::columns};
use siyu::insight::StageThresholds;
use siyu::query::Scope;

fn read(text: &str) -> Config {
    Config::read(Path::new("config.toml"), text).unwrap_or_else(|wrong| {
        panic!("{}", wrong.iter().map(ToString::to_string).collect::<String>());
    })
}

/// The example with its commented keys and tables taken in.
fn uncommented() -> String {
    let taken = |line: &str| {
        let rest = line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#']));
        rest.unwrap_or(line).to_owned()
    };
    EXAMPLE.lines().map(taken).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_the_default() {
    let mut example = read(EXAMPLE);
    let default = Config::default();
    assert_ne!(example.stamp, default.stamp, "the stamp stands for the bytes");
    example.stamp = default.stamp;
    assert_eq!(example, default);
}

#[test]
fn the_examples_within_the_example_hold_too() {
    let config = read(&uncommented());
    assert_eq!(config.profiles.len(), 1);
    assert_eq!(config.views.len(), 1);
    assert_eq!(config.overrides.len(), 4);
    assert_eq!(config.stages.map.len(), 2);
}

#[test]
fn the_example_shows_every_key_of_the_schema_and_no_other() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let mut known = BTreeSet::new();
    let definitions = schema["$defs"].as_object().unwrap();
    for table in definitions.values().chain([&schema]) {
        known.extend(table["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()));
    }
    for key in &known {
        let written = EXAMPLE.lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ', '[']);
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', ']']))
        });
        let table = EXAMPLE.contains(&format!(".{key}]"));
        assert!(written || table, "config.example.toml does not show {key}");
    }
    let table: toml::Table = toml::from_str(&uncommented()).unwrap();
    for (name, section) in &table {
        assert!(known.contains(name.as_str()), "{name}");
        if ["ui", "columns", "stages", "sync", "log"].contains(&name.as_str()) {
            for key in section.as_table().unwrap().keys() {
                assert!(known.contains(key.as_str()), "{name}.{key}");
            }
        }
    }
}

#[test]
fn what_show_writes_is_read_back_as_the_same() {
    let config = read(&uncommented());
    let mut again = read(&config.show(None).replace("\"***\"", "\"show\""));
    assert_eq!((again.ui.clone(), again.views.len()), (config.ui.clone(), config.views.len()));
    assert_eq!(again.theme, config.theme);
    assert_eq!(
        again.keymap.layer(siyu::command::Layer::Customers).len(),
        config.keymap.layer(siyu::command::Layer::Customers).len()
    );
    again.stages.map.clear();
    assert_eq!(again.stages, StageSettings::default());
}

#[test]
fn show_masks_secrets() {
    let text = "[profiles.main]\nurl = \"https://h\"\ntoken_command = [\"pass\", \"geheim1\"]\n";
    let shown = read(text).show(None);
    assert!(!shown.contains("geheim"), "{shown}");
    assert!(shown.contains("pass"));
    let env = |name: &str| match name {
        "SIYU_URL" => Some("https://e".to_owned()),
        "SIYU_TOKEN" => Some("geheim3".to_owned()),
        _ => None,
    };
    let config = read(text);
    let selected = config.select(None, env).unwrap();
    assert!(!config.show(Some(&selected)).contains("geheim3"));
    assert!(!format!("{selected:?}").contains("geheim3"));
}

#[test]
fn what_is_told_about_a_mistake_gives_no_secret_away() {
    for text in [
        "token = \"SEKRET12345\"\n",
        "[profiles.main]\ntoken = \"SEKRET12345\"\nurl = \"https://h\"\n",
        "[profiles.main]\nurl = \"http://user:SEKRETPW@h/?key=SEKRETQ\"\n",
        "[profiles.main]\nurl = \"ftp://user:SEKRETPW@h/?key=SEKRETQ\"\n",
        "[profiles.main]\nurl = \"https://user:SEKRET/PW@h/\"\n",
        "[profiles.main]\nurl = \"user:SEKRETPW@h\"\n",
        "[profiles.main]\nurl = \"https://h/?key=SEKRETQ\"\n",
        "[profiles]\nmain = { url = \"https://h\", password = \"SEKRET\" }\n",
        "[profiles.main]\nurl = \"https://h\"\ntoken = SEKRET\n",
        "[profiles.main]\nurl = \"https://h\"\ntoken = \"SEKRET\n",
    ] {
        let wrong = Config::read(Path::new("c.toml"), text).unwrap_err();
        let told: String = wrong.iter().map(ToString::to_string).collect();
        assert!(!told.contains("SEKRET") && told.contains('^'), "{text}\n{told}");
    }
}

#[test]
fn every_mistake_is_told_as_its_fixture_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_configs");
    let mut fixtures: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    fixtures.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
    assert!(fixtures.len() >= 20);
    let mut stale = Vec::new();
    for path in fixtures {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap();
        let told: String = match Config::read(Path::new(name), &text) {
            Ok(_) => "no mistake found\n".to_owned(),
            Err(wrong) => {
                for one in wrong.iter().filter(|one| one.hint.is_none()) {
                    stale.push(format!("no hint: {one}"));
                }
                wrong.iter().map(ToString::to_string).collect()
            }
        };
        assert_ne!(told, "no mistake found\n", "{}", path.display());
        let golden = path.with_extension("err");
        if std::env::var_os("SIYU_RENEW").is_some() {
            fs::write(&golden, &told).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != told {
            stale.push(format!("{}\n{told}", golden.display()));
        }
    }
    assert!(
        stale.is_empty(),
        "{}\nrenew with SIYU_RENEW=1 cargo test --test config, and read them",
        stale.join("\n")
    );
}

#[test]
fn a_file_is_found_read_and_its_change_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    let missing = Config::load(&file).unwrap_err();
    assert!(missing[0].to_string().contains("siyu config init --url"));
    fs::write(&file, b"[ui]\nwidth = \"\xff\"\n").unwrap();
    let told = Config::load(&file).unwrap_err()[0].one_line(siyu::i18n::Lang::En);
    assert_eq!(told, "c.toml:2:10: this is not UTF-8 text");
    fs::write(&file, "\u{feff}[ui]\ntheme = \"mine.toml\"\n").unwrap();
    assert!(
        Config::load(&file).unwrap_err()[0]
            .one_line(siyu::i18n::Lang::En)
            .starts_with("c.toml:2:9: the theme")
    );
    fs::write(folder.path().join("mine.toml"), "overdue = \"red\"\n").unwrap();
    let first = Config::load(&file).unwrap();
    assert_eq!(first.files.len(), 2);
    assert_eq!(first.stamp, Config::load(&file).unwrap().stamp);
    fs::write(folder.path().join("mine.toml"), "overdue = \"blue\"\n").unwrap();
    assert_ne!(first.stamp, Config::load(&file).unwrap().stamp);
    fs::write(folder.path().join("mine.toml"), "overdue = \"bleu\"\n").unwrap();
    assert!(
        Config::load(&file).unwrap_err()[0]
            .one_line(siyu::i18n::Lang::En)
            .starts_with("mine.toml:1:12: \"bleu\"")
    );
}

#[test]
fn every_column_has_a_heading_in_both_languages() {
    for (scope, table) in [
        (Scope::Customers, columns::CUSTOMERS),
        (Scope::FollowUps, columns::FOLLOW_UPS),
        (Scope::Groups, columns::GROUPS),
    ] {
        for name in Columns::known(scope) {
            assert!(named(table, name).is_some(), "{name}");
        }
        assert_eq!(table.len(), Columns::known(scope).len());
    }
}

#[test]
fn the_thresholds_of_the_file_are_those_of_the_formula() {
    let (file, formula) = (StageSettings::default(), StageThresholds::default());
    assert_eq!(
        (file.new_days, file.dormant_days, file.lost_days),
        (formula.new_days, formula.dormant_days, formula.lost_days)
    );
}
