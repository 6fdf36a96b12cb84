//! Paths that leave a room, and crates that a room may not know.

use crate::source::{Source, Token};

/// A name that code reaches for.
#[derive(Debug, PartialEq, Eq)]
pub struct Reach {
    pub name: String,
    pub line: usize,
    /// Whether only tests do: a module named `tests` or `…_tests`.
    pub test: bool,
}

/// Rooms that a file reaches into, its own included, by `crate::` and by `super::`.
pub fn rooms(source: &Source) -> Vec<Reach> {
    let (mut found, mut taken) = (Vec::new(), 0);
    walk(source, |tokens, at, module| {
        // A `super` within a tree of `use` belongs to that tree.
        let Some(from) = start(tokens, at, module).filter(|_| at >= taken) else { return };
        let test = in_tests(module);
        let mut paths = Vec::new();
        // `at` is `crate` or the first `super`, and `::` follows it.
        taken = branch(tokens, at + 2, from, &mut paths);
        for (path, line) in paths {
            if let [name, ..] = &path[..] {
                found.push(Reach { name: name.clone(), line, test });
            }
        }
    });
    found
}

/// Those of `crates` that a file names in a path or a `use`.
pub fn crates(source: &Source, crates: &[&str]) -> Vec<Reach> {
    let mut found = Vec::new();
    walk(source, |tokens, at, module| {
        let text = |at: usize| tokens.get(at).map(|token| token.text.as_str());
        let named = crates.contains(&tokens[at].text.as_str());
        let inside = at > 0 && text(at - 1) == Some("::") && at > 1 && is_name(&tokens[at - 2].text);
        let used = text(at + 1) == Some("::") || (at > 0 && matches!(text(at - 1), Some("use" | "crate")));
        if named && used && !inside {
            found.push(Reach {
                name: tokens[at].text.clone(),
                line: tokens[at].line,
                test: in_tests(module),
            });
        }
    });
    found
}

/// Where a run of tokens stands in a file, outside of strings and comments.
pub fn sequence(source: &Source, wanted: &[&str]) -> Vec<Reach> {
    let mut found = Vec::new();
    walk(source, |tokens, at, module| {
        let window = tokens[at..].iter().take(wanted.len()).map(|token| token.text.as_str());
        if window.eq(wanted.iter().copied()) {
            found.push(Reach { name: wanted.concat(), line: tokens[at].line, test: in_tests(module) });
        }
    });
    found
}

fn in_tests(module: &[String]) -> bool {
    module.iter().any(|name| name == "tests" || name.ends_with("_tests"))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Visits every token with the module it stands in, `mod x { … }` within the file included.
fn walk(source: &Source, mut visit: impl FnMut(&[Token], usize, &[String])) {
    let tokens = &source.tokens;
    let mut module = source.module();
    let (mut depth, mut opened) = (0, Vec::new());
    for at in 0..tokens.len() {
        visit(tokens, at, &module);
        match tokens[at].text.as_str() {
            "{" => {
                if at > 1 && tokens[at - 2].text == "mod" {
                    module.push(tokens[at - 1].text.clone());
                    opened.push(depth);
                }
                depth += 1;
            }
            "}" => {
                depth -= 1;
                if opened.last() == Some(&depth) {
                    opened.pop();
                    module.pop();
                }
            }
            _ => {}
        }
    }
}

/// The module that a path beginning at `at` starts from.
fn start(tokens: &[Token], at: usize, module: &[String]) -> Option<Vec<String>> {
    let follows_path = at > 0 && tokens[at - 1].text == "::";
    if follows_path || tokens.get(at + 1)?.text != "::" {
        return None;
    }
    match tokens[at].text.as_str() {
        "crate" => Some(Vec::new()),
        "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
        _ => None,
    }
}

/// Finds the full paths that one branch of a tree means, by their first names; answers the place
/// after it.
fn branch(
    tokens: &[Token],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<(Vec<String>, usize)>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at = branch(tokens, at, path.clone(), found);
                    while tokens.get(at).is_some_and(|token| token.text != "," && token.text != "}") {
                        at += 1; // `as name`
                    }
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            "super" => {
                path.pop();
            }
            name => {
                let line = token.line;
                path.push(name.to_owned());
                if tokens.get(at + 1).is_none_or(|token| token.text != "::") {
                    found.push((path, line));
                    return at + 1;
                }
            }
        }
        at += 1;
        if tokens.get(at).is_some_and(|token| token.text == "::") {
            at += 1;
        } else {
            return at;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(path: &str, text: &str) -> Vec<(String, usize)> {
        rooms(&Source::new(path, text)).into_iter().map(|reach| (reach.name, reach.line)).collect()
    }

    #[test]
    fn paths_are_followed_to_their_room() {
        let text = "use crate::model::{Id, view::Row};\nuse crate::{query, app::{self, x as y}};\n\
                    pub(crate) fn f() { super::super::sync::go() }\nuse super::list;\n\
                    use super::{super::cache::Reader, window};";
        let names = [
            ("model", 1),
            ("model", 1),
            ("query", 2),
            ("app", 2),
            ("app", 2),
            ("sync", 3),
            ("ui", 4),
            ("cache", 5),
            ("ui", 5),
        ];
        let wanted: Vec<_> = names.map(|(name, line)| (name.to_owned(), line)).to_vec();
        assert_eq!(reached("src/ui/panes.rs", text), wanted);
    }

    #[test]
    fn modules_within_a_file_count() {
        let text = "mod tests {\n use super::*;\n mod deep { fn f() { super::super::super::b::g() } }\n}\n\
                    use super::c;";
        let wanted = [("a".to_owned(), 2), ("b".to_owned(), 3), ("c".to_owned(), 5)];
        assert_eq!(reached("src/a.rs", text), wanted);
    }

    #[test]
    fn crates_are_seen_in_paths_and_uses_only() {
        let text = "use tokio as t;\nlet tokio = 1; tokio.x();\n#[tokio::test]\nconfig::toml::read()\n// axum::x\nf::<axum::Router>(\"toml::x\");";
        let found = crates(&Source::new("src/app/x.rs", text), &["tokio", "toml", "axum"]);
        let found: Vec<_> = found.iter().map(|reach| (reach.name.as_str(), reach.line)).collect();
        assert_eq!(found, [("tokio", 1), ("tokio", 3), ("axum", 6)]);
    }
}
