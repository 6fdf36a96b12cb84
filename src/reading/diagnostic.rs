//! A mistake in a file, with its place.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::secrets::Masked;
use crate::i18n::words::config as words;
use crate::i18n::{Lang, Line, say};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: Line,
    /// What to do about it.
    pub hint: Option<Line>,
    /// The line, safe to show, with its secrets masked.
    source: String,
    /// Columns of the screen before the caret, and under it.
    caret: (usize, usize),
}

impl Diagnostic {
    /// A mistake at `span`, in bytes of `text`.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: Line, hint: Option<Line>) -> Self {
        let start = text.floor_char_boundary_at(span.start);
        let end = text.floor_char_boundary_at(span.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let masked = Masked::line(text, line_start..line_end);
        let from = masked.place(start - line_start, false);
        let to = masked.place(end.clamp(start, line_end) - line_start, true);
        let (before, under) = (visible(&masked.text[..from]), visible(&masked.text[from..to.max(from)]));
        Self {
            path: path.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message,
            hint,
            source: visible(masked.text.trim_end()),
            caret: (before.width(), under.trim_end().width().max(1)),
        }
    }

    /// A mistake of the whole file, such as that it cannot be read.
    pub fn whole(path: &Path, message: Line, hint: Option<Line>) -> Self {
        Self {
            path: path.to_owned(),
            line: 0,
            column: 0,
            message,
            hint,
            source: String::new(),
            caret: (0, 0),
        }
    }

    /// One line for the footer: file name, line and message.
    pub fn one_line(&self, lang: Lang) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        let name = visible(&name.to_string_lossy());
        match self.line {
            0 => format!("{name}: {}", visible(&self.message.in_lang(lang))),
            line => format!("{name}:{line}:{}: {}", self.column, visible(&self.message.in_lang(lang))),
        }
    }

    /// `path:line:col: message`, the line with a caret under it, and the hint.
    pub fn in_lang(&self, lang: Lang) -> String {
        let mut told = visible(&self.path.to_string_lossy());
        if self.line > 0 {
            told += &format!(":{}:{}", self.line, self.column);
        }
        told += &format!(": {}", visible(&self.message.in_lang(lang)));
        if self.line > 0 {
            let number = self.line.to_string();
            let (before, under) = (" ".repeat(self.caret.0), "^".repeat(self.caret.1));
            let gutter = " ".repeat(number.len());
            told += &format!("\n {number} | {}\n {gutter} | {before}{under}", self.source);
        }
        if let Some(hint) = &self.hint {
            told += &format!("\n   {}: {}", say(lang, words::HINT), visible(&hint.in_lang(lang)));
        }
        told.push('\n');
        told
    }
}

/// As [`Diagnostic::in_lang`] in English.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_lang(Lang::En))
    }
}

impl std::error::Error for Diagnostic {}

/// The text with a `?` for every character that takes no column or moves the cursor.
pub fn visible(text: &str) -> String {
    let safe = |c: char| match c {
        '\t' => ' ',
        c if c.width().unwrap_or(0) == 0 => '?',
        c => c,
    };
    text.chars().map(safe).collect()
}

/// `str::floor_char_boundary` is younger than the compiler we promise.
trait Boundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        let mut at = at.min(self.len());
        while !self.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_mistake_behind_wide_characters() {
        let text = "a = 1\n\"客户\" = \"旧\x1b\" # x\n";
        let start = text.find("\"旧").unwrap();
        let wrong =
            Diagnostic::at(Path::new("c.toml"), text, start..start + 6, "no".into(), Some("yes".into()));
        assert_eq!(
            wrong.to_string(),
            "c.toml:2:8: no\n 2 | \"客户\" = \"旧?\" # x\n   |          ^^^^^\n   hint: yes\n"
        );
        assert_eq!(wrong.one_line(Lang::En), "c.toml:2:8: no");
    }

    #[test]
    fn a_secret_is_masked_and_the_caret_stands_right() {
        let text = "[p]\nurl = \"http://u:PW@旧/?q=Q\" # x\n";
        let start = text.find('"').unwrap();
        let end = text.rfind('"').unwrap() + 1;
        let wrong = Diagnostic::at(Path::new("c"), text, start..end, "no".into(), None);
        assert_eq!(
            wrong.to_string(),
            "c:2:7: no\n 2 | url = \"http://***@旧/?***\" # x\n   |       ^^^^^^^^^^^^^^^^^^^^\n"
        );
        let text = "m = { token = \"SEKRET\", lnag = 1 }";
        let key = text.find("lnag").unwrap();
        let wrong = Diagnostic::at(Path::new("c"), text, key..key + 4, "no".into(), None);
        assert_eq!(
            wrong.to_string(),
            "c:1:25: no\n 1 | m = { token = \"***\", lnag = 1 }\n   |                      ^^^^\n"
        );
    }

    #[test]
    fn a_mistake_at_the_end_or_over_lines_has_its_place() {
        let wrong = Diagnostic::at(Path::new("c"), "a\nbc", 4..4, "x".into(), None);
        assert_eq!((wrong.line, wrong.column, wrong.caret), (2, 3, (2, 1)));
        let wrong = Diagnostic::at(Path::new("c"), "ab\nc", 1..4, "x".into(), None);
        assert_eq!((wrong.line, wrong.column, wrong.caret), (1, 2, (1, 1)));
    }
}
