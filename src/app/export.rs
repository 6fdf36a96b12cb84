//! Writing the list in view to a file: which rows, in which form, and how far it is.

use crate::command::{Command, Verb};
use crate::i18n::words::{export as words, fill};
use crate::i18n::{Line, say};
use crate::model::Time;
use crate::query::{Query, Scope, Sort};

use super::App;
use super::asking::Which;
use super::effect::{Effect, RequestId};
use super::event::Notice;
use super::panes::Pane;
use super::tags::TagLine;

/// A form that a list can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180 with a header.
    Csv,
    /// One object per line.
    Jsonl,
    /// A table of Markdown.
    Markdown,
}

impl ExportFormat {
    /// The format of a word, or of the end of a file's name.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "csv" => Self::Csv,
            "jsonl" | "ndjson" => Self::Jsonl,
            "md" | "markdown" => Self::Markdown,
            _ => return None,
        })
    }
}

/// A list to be written to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The command as it was typed.
    pub command: String,
    /// Where to; `~/` is the home folder.
    pub path: String,
    /// In which form.
    pub format: ExportFormat,
    /// Whether texts that a spreadsheet would run as formulas stay as they are.
    pub raw: bool,
    /// Whether a file that is there is replaced.
    pub replace: bool,
    /// Which rows.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// Of these only the ones with these ids, where some are marked.
    pub only: Option<Vec<String>>,
}

/// An export under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Exporting {
    id: RequestId,
    path: String,
    since: Time,
    /// Rows that are written.
    pub done: u64,
    /// Rows there will be, once they are counted.
    pub of: Option<u64>,
}

impl Exporting {
    /// Rows a second so far.
    #[allow(clippy::cast_precision_loss, reason = "rows and milliseconds of one export")]
    pub fn rate(&self, now: Time) -> f64 {
        let millis = now.millis - self.since.millis;
        if millis <= 0 { 0.0 } else { self.done as f64 * 1_000.0 / millis as f64 }
    }
}

/// How an export is meant: the words behind the path, in any order.
fn read(path: &str, words: &str) -> Result<(ExportFormat, bool, bool), Line> {
    let (mut format, mut raw, mut replace) = (None, false, false);
    for word in words.split_whitespace() {
        match word.trim_start_matches('-') {
            "raw" => raw = true,
            "replace" | "force" => replace = true,
            name => match ExportFormat::parse(name) {
                Some(named) => format = Some(named),
                None => return Err(words::UNKNOWN_WORD.with("word", word)),
            },
        }
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.rsplit_once('.').and_then(|(_, end)| ExportFormat::parse(end));
    let format = format.or(end).ok_or_else(|| words::NO_FORMAT.with("path", path))?;
    Ok((format, raw, replace))
}

impl App {
    /// Has the list in view written to a file: its rows in their order, or those of them all that
    /// are marked.
    pub(super) fn export(&mut self, command: &Command) -> Vec<Effect> {
        if self.exporting.is_some() {
            self.notice = Some(Notice::plain(self.say(words::UNDER_WAY)));
            return Vec::new();
        }
        let path = command.arg().unwrap_or_default().trim().to_owned();
        let options = command.args.get(1).map_or("", String::as_str);
        let (format, raw, replace) = match read(&path, options) {
            Ok(how) => how,
            Err(line) => {
                self.notice = Some(Notice::bad(line.in_lang(self.settings.lang)));
                return Vec::new();
            }
        };
        let (query, sort, only) = self.listed();
        self.next_request += 1;
        let id = RequestId(self.next_request);
        let exporting = Exporting { id, path: path.clone(), since: self.now, done: 0, of: None };
        self.exporting = Some(exporting);
        let command = command.to_string();
        let export = Export { command, path, format, raw, replace, query, sort, only };
        vec![Effect::Export { id, export: Box::new(export) }]
    }

    /// What the list in view shows: which rows, in which order, and of them only these.
    fn listed(&self) -> (Query, Sort, Option<Vec<String>>) {
        let list = Which::of(self.focus).and_then(|which| self.list(which));
        let marked = self.marks(self.focus).filter(|marks| !marks.is_empty());
        let marked: Option<Vec<String>> = marked.map(|marks| marks.iter().map(str::to_owned).collect());
        match (list, marked) {
            // Marked records stay marked whatever the list shows.
            (Some(list), Some(ids)) => (Query::all(self.focus.scope()), list.sort().clone(), Some(ids)),
            (Some(list), None) => (list.query().clone(), list.sort().clone(), None),
            (None, _) => {
                let shown = self.tags.lines.iter().filter_map(|line| match line {
                    TagLine::Tag(index) => self.tags.tags.get(*index).map(|tag| tag.id.to_string()),
                    TagLine::Group(_) => None,
                });
                let narrowed = self.focus == Pane::Tags && !self.tags.narrowed.is_empty();
                (Query::all(Scope::Tags), Scope::Tags.default_sort(), narrowed.then(|| shown.collect()))
            }
        }
    }

    /// Ends an export; nothing of its file is left.
    pub(super) fn stop_export(&mut self) -> Vec<Effect> {
        if self.exporting.is_some() {
            return vec![Effect::StopExport];
        }
        self.notice = Some(Notice::plain(self.say(words::NONE_RUNS)));
        Vec::new()
    }

    /// How far an export is.
    pub(super) fn exports(&mut self, id: RequestId, done: u64, of: u64) {
        if let Some(exporting) = self.exporting.as_mut().filter(|exporting| exporting.id == id) {
            (exporting.done, exporting.of) = (done, Some(of));
        }
    }

    /// An export ended: with so many rows, or for a reason.
    pub(super) fn exported(&mut self, id: RequestId, result: Result<u64, String>) {
        let Some(exporting) = self.exporting.take_if(|exporting| exporting.id == id) else { return };
        self.notice = Some(match result {
            Ok(rows) => {
                let done = say(self.settings.lang, words::DONE);
                Notice::good(fill(done, &[("n", &rows), ("path", &exporting.path)]))
            }
            Err(why) => Notice::bad(why),
        });
    }

    /// The commands of this file.
    pub(super) fn export_by(&mut self, command: &Command) -> Vec<Effect> {
        if command.verb == Verb::ExportStop { self.stop_export() } else { self.export(command) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_that_of_the_name_unless_it_is_said() {
        assert_eq!(read("a.csv", ""), Ok((ExportFormat::Csv, false, false)));
        assert_eq!(read("~/b/a.MD", "--raw"), Ok((ExportFormat::Markdown, true, false)));
        assert_eq!(read("a.csv", "jsonl replace"), Ok((ExportFormat::Jsonl, false, true)));
        for (path, words) in [("a", ""), ("a.b/c", ""), ("a.xlsx", ""), ("a.csv", "xlsx")] {
            assert!(read(path, words).is_err(), "{path} {words}");
        }
        assert!(read("a.b/c", "csv").is_ok());
    }
}
