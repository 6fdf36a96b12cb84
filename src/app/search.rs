//! The search line: a filter that takes effect while it is typed.

use crate::query::ask::Vocabulary;
use crate::query::{Completion, KeyKind, Query, QueryError, Values, complete, parse, pinyin_matches};

use super::line_input::LineInput;
use super::panes::Pane;

/// An open search line.
#[derive(Clone, Debug)]
pub struct Search {
    /// The pane that it filters.
    pub pane: Pane,
    /// What is typed.
    pub input: LineInput,
    /// What is wrong with it, if anything is.
    pub error: Option<QueryError>,
    /// What could stand at the caret.
    pub completions: Vec<Completion>,
    /// The completion that `Tab` put in last: index in `completions`.
    pub chosen: Option<usize>,
    /// What was typed when `Tab` was first pressed, with its caret.
    typed: Option<(String, usize)>,
    /// The filter before the line was opened: what `Esc` goes back to.
    pub before: String,
    /// Id of the record that one was at before: where `Esc` goes back to.
    pub at: Option<String>,
    /// How far back in the history one is; 0 is what was typed.
    age: usize,
    /// What was typed before going into the history.
    draft: String,
}

impl Search {
    /// Opens the line over a pane whose filter is `before`.
    pub fn new(pane: Pane, before: &str) -> Self {
        Self {
            pane,
            input: LineInput::new(before),
            error: None,
            completions: Vec::new(),
            chosen: None,
            typed: None,
            before: before.to_owned(),
            at: None,
            age: 0,
            draft: String::new(),
        }
    }

    /// What is typed has changed: reads it, and looks for what could stand at the caret.
    /// Gives the filter where it is one.
    pub fn read(&mut self, words: &Vocabulary) -> Option<Query> {
        self.chosen = None;
        self.typed = None;
        self.completions = complete(self.pane.scope(), self.input.text(), self.input.caret(), &Words(words));
        self.completions.truncate(12);
        match parse(self.pane.scope(), self.input.text()) {
            Ok(query) => {
                self.error = None;
                Some(query)
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Puts in what is sure, as a shell does at the first `Tab`: the only completion that goes on with
    /// what is typed, or all that those have in common. Says whether it did; then what could stand
    /// behind it is to be read.
    pub fn sure(&mut self) -> bool {
        if self.chosen.is_some() || self.typed.is_some() {
            return false;
        }
        let Some(span) = self.completions.first().map(|first| first.span.clone()) else { return false };
        let typed = &self.input.text()[span.clone()];
        let goes_on =
            |word: &str| word.get(..typed.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(typed));
        let words = || self.completions.iter().map(|one| one.insert.as_str()).filter(|word| goes_on(word));
        let Some(first) = words().next().filter(|_| !typed.is_empty()) else { return false };
        let common = words().fold(first, |common, word| {
            let same = common.chars().zip(word.chars()).take_while(|(a, b)| a == b);
            &common[..same.map(|(a, _)| a.len_utf8()).sum()]
        });
        let put = common.to_owned();
        let further = put.len() > typed.len();
        if further {
            self.input.replace(span, &put);
        }
        further
    }

    /// Puts the next completion in, round the end and back to what was typed. Gives the filter
    /// where it is one.
    pub fn tab(&mut self) -> Option<Query> {
        if self.completions.is_empty() {
            return None;
        }
        let next = self.chosen.map_or(0, |index| index + 1);
        let (typed, caret) =
            self.typed.get_or_insert_with(|| (self.input.text().to_owned(), self.input.caret())).clone();
        self.input.set(typed.clone());
        if next < self.completions.len() {
            let completion = &self.completions[next];
            self.chosen = Some(next);
            self.input.replace(completion.span.clone(), &completion.insert);
        } else {
            self.chosen = None;
            self.input.replace(caret..caret, "");
        }
        let parsed = parse(self.pane.scope(), self.input.text());
        self.error = parsed.as_ref().err().cloned();
        parsed.ok()
    }

    /// Goes so many lines back in the history; forward where negative.
    pub fn history(&mut self, by: i64, lines: &[String]) {
        if self.age == 0 {
            self.input.text().clone_into(&mut self.draft);
        }
        let age = (self.age as i64 + by).clamp(0, lines.len() as i64);
        self.age = usize::try_from(age).unwrap_or(0);
        let line = match self.age {
            0 => self.draft.clone(),
            age => lines[lines.len() - age].clone(),
        };
        self.input.set(line);
    }
}

/// The values that completion offers, out of the cache's vocabulary.
pub struct Words<'a>(pub &'a Vocabulary);

impl Values for Words<'_> {
    fn values(&self, key: &str, kind: KeyKind, prefix: &str, limit: usize) -> Vec<String> {
        let words: &[String] = match (kind, key) {
            (KeyKind::Tag(_), _) => &self.0.tags,
            (KeyKind::Operator(_), _) => &self.0.operators,
            (KeyKind::Group(_), _) => &self.0.groups,
            (_, key) if key.ends_with("city") => &self.0.cities,
            (_, key) if key.ends_with("source") => &self.0.sources,
            (_, key) if key.ends_with("level") => &self.0.levels,
            _ => &[],
        };
        let fits = |word: &&String| prefix.is_empty() || pinyin_matches(word, prefix);
        words.iter().filter(fits).take(limit).cloned().collect()
    }
}
