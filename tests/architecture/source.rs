//! A source file as tokens with their lines: comments, texts and characters are left out, so that
//! what is only written about a thing is not taken for its use.

use std::fs;
use std::path::{Path, PathBuf};

/// A word, a number, `::`, or one other character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    /// From 1.
    pub line: usize,
}

/// One file of the project.
#[derive(Debug)]
pub struct Source {
    /// From the root of the project, with `/`.
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), tokens: tokens(text) }
    }

    /// The room of a file under `src/`; `lib` and `main` for those two.
    pub fn room(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("src/")?;
        Some(rest.split(['/', '.']).next().unwrap_or(rest))
    }

    /// The module that the file is: `src/a/b.rs` is `a::b`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let mut names: Vec<_> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            names.pop();
        }
        names
    }
}

/// Every `.rs` file in a folder of the project, in the order of their paths.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    gather(&root.join(folder), &mut found);
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.strip_prefix(root).expect("it was found under the root");
        Source::new(&name.to_string_lossy(), &text)
    };
    found.into_iter().map(read).collect()
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder of the project can be read").path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = skip(&chars, at);
        if let Some(end) = end {
            line += newlines(&chars[at..end]);
            at = end;
            continue;
        }
        let end = token_end(&chars, at);
        if !chars[at].is_whitespace() {
            found.push(Token { text: chars[at..end].iter().collect(), line });
        }
        line += newlines(&chars[at..end]);
        at = end;
    }
    found
}

fn newlines(chars: &[char]) -> usize {
    chars.iter().filter(|c| **c == '\n').count()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn token_end(chars: &[char], at: usize) -> usize {
    if is_word(chars[at]) {
        return at + chars[at..].iter().take_while(|c| is_word(**c)).count();
    }
    if chars[at] == ':' && chars.get(at + 1) == Some(&':') { at + 2 } else { at + 1 }
}

/// Where the comment, text or character that begins at `at` ends; `None` where none begins.
fn skip(chars: &[char], at: usize) -> Option<usize> {
    let next = |by: usize| chars.get(at + by).copied().unwrap_or('\0');
    match chars[at] {
        '/' if next(1) == '/' => Some(at + chars[at..].iter().take_while(|c| **c != '\n').count()),
        '/' if next(1) == '*' => Some(block_end(chars, at)),
        '"' => Some(text_end(chars, at + 1)),
        'b' | 'c' if next(1) == '"' && !follows_word(chars, at) => Some(text_end(chars, at + 2)),
        'r' if !follows_word(chars, at) => raw_end(chars, at + 1),
        'b' | 'c' if next(1) == 'r' && !follows_word(chars, at) => raw_end(chars, at + 2),
        '\'' if next(1) == '\\' => {
            let from = at + 3;
            Some(from + chars.get(from..)?.iter().take_while(|c| **c != '\'').count() + 1)
        }
        '\'' if next(2) == '\'' => Some(at + 3),
        _ => None,
    }
    .map(|end| end.min(chars.len()))
}

fn follows_word(chars: &[char], at: usize) -> bool {
    at > 0 && is_word(chars[at - 1])
}

fn block_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut at) = (0, at);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    chars.len()
}

fn text_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of a raw text whose hashes, if any, begin at `at`; `None` where none begins there.
fn raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars.get(at..)?.iter().take_while(|c| **c == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return None;
    }
    let from = at + hashes + 1;
    let ends = |at: &usize| {
        chars[*at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    Some((from..chars.len()).find(ends).map_or(chars.len(), |end| end + 1 + hashes))
}

#[test]
fn only_code_becomes_tokens() {
    let text =
        "a /* b /* c */ d */ \"e \\\" f\" r#\"g \" h\"# b'i' '\\u{1f600}' 'j' // k\n&'static l::m r#type";
    let words: Vec<_> = tokens(text).into_iter().map(|token| (token.text, token.line)).collect();
    let code = "a b & ' static l :: m r # type";
    let lines = [1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    let wanted: Vec<_> = code.split(' ').map(str::to_owned).zip(lines).collect();
    assert_eq!(words, wanted);
}
