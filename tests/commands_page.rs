//! `docs/commands.md` is what the command table says.

use std::fs;
use std::path::Path;

const PAGE: &str = "docs/commands.md";

#[test]
fn the_page_of_commands_is_that_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let wanted = siyu::command::usage::page();
    if std::env::var_os("SIYU_RENEW").is_some() {
        fs::write(&path, wanted).expect(PAGE);
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{PAGE} is stale; renew it with\n  SIYU_RENEW=1 cargo test --test commands_page"
    );
}
