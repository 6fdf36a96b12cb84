//! The key tables of the READMEs are those of the command table.

use std::fs;
use std::path::Path;

use siyu::keymap::{MARK_BEGIN, MARK_END, markdown_table};

const RENEW: &str = "SIYU_RENEW=1 cargo test --test readme";

fn readme_keys(name: &str, zh: bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (before, rest) = text.split_once(MARK_BEGIN).unwrap_or_else(|| panic!("{name} has no {MARK_BEGIN}"));
    let (table, after) = rest.split_once(MARK_END).unwrap_or_else(|| panic!("{name} has no {MARK_END}"));
    let wanted = format!("\n\n{}\n", markdown_table(zh));
    if std::env::var_os("SIYU_RENEW").is_some() {
        fs::write(&path, format!("{before}{MARK_BEGIN}{wanted}{MARK_END}{after}")).unwrap();
        return;
    }
    assert!(table == wanted, "the key table of {name} is stale; renew it with\n  {RENEW}");
}

/// The numbers in the tables of measurements: of rows with a cell that begins with a figure, all
/// that stand behind the first cell and are no code.
fn figures(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").skip(1).collect::<Vec<_>>());
    let measured =
        rows.filter(|cells| cells.iter().any(|cell| cell.starts_with(|c: char| c.is_ascii_digit())));
    measured
        .map(|cells| {
            let cells: Vec<_> = cells.into_iter().filter(|cell| !cell.contains('`')).collect();
            let bare = cells.join(" | ").replace(',', "");
            let numbers =
                bare.split(|c: char| !c.is_ascii_digit() && c != '.').map(|number| number.trim_matches('.'));
            numbers.filter(|number| !number.is_empty()).map(str::to_owned).collect()
        })
        .collect()
}

#[test]
fn both_readmes_tell_the_same_figures() {
    let (english, chinese) = (figures("README.md"), figures("README.zh-CN.md"));
    assert!(english.len() > 5, "the tables of figures were not found: {english:?}");
    assert_eq!(english, chinese);
}

#[test]
fn readme_keys_are_those_of_the_table() {
    readme_keys("README.md", false);
    readme_keys("README.zh-CN.md", true);
}
