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

#[test]
fn readme_keys_are_those_of_the_table() {
    readme_keys("README.md", false);
    readme_keys("README.zh-CN.md", true);
}
