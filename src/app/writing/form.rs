//! A form: fields that one types into, each with what its text means or why it means nothing.

use std::cell::Cell;
use std::ops::Range;

use crate::app::line_input::LineInput;
use crate::command::Command;
use crate::model::Write;

use super::{Addressee, Targets};

/// A form that is open.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it is for, in the operator's language.
    pub title: String,
    /// What is run with it; what was given already stays.
    pub command: Command,
    /// Whom it is for.
    pub targets: Targets,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// Index of the field that is typed into.
    pub focus: usize,
    /// Why it was not taken.
    pub error: Option<String>,
    /// Names its draft.
    pub key: String,
    /// Whether its texts come from a draft.
    pub restored: bool,
    /// Whether all of its fields go as one: only those that were changed are written.
    pub edits: bool,
    /// Whom it is written to, where it is a message.
    pub to: Option<Box<Addressee>>,
    /// The write of the outbox that it sends otherwise, by its number.
    pub amends: Option<(i64, Write)>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Its name on the command line.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What is typed.
    pub input: LineInput,
    /// What stood there first.
    pub before: String,
    /// Whether it may have many lines.
    pub many: bool,
    /// Words that it can be: how they are written, and what they are called.
    pub choices: Vec<(String, String)>,
    /// What the text means, such as the date; `Err` says why it means nothing.
    pub means: Result<String, String>,
    /// What of the text is wrong, in bytes, where that is known.
    pub wrong: Option<Range<usize>>,
    /// Whether the text is a moment, to be echoed.
    pub is_moment: bool,
    /// What stands there where nothing can be typed, and why.
    pub fixed: Option<String>,
    /// What the backend has there, where it alone knows the field.
    pub(super) custom: Option<serde_json::Value>,
    /// How far back among earlier texts one is; 0 is what was typed.
    pub(super) age: usize,
    /// What was typed before going back.
    pub(super) typed: String,
    /// Byte of a long text that the first line in view begins at, as the last drawing left it.
    pub top: Cell<usize>,
}

impl FormField {
    /// A field of one line that holds `text`.
    pub fn new(name: &str, label: impl Into<String>, text: &str) -> Self {
        let input = if text.contains('\n') { LineInput::many(text) } else { LineInput::new(text) };
        Self {
            name: name.to_owned(),
            label: label.into(),
            input,
            before: text.to_owned(),
            many: false,
            choices: Vec::new(),
            means: Ok(String::new()),
            wrong: None,
            is_moment: matches!(name, "due" | "sla" | "when"),
            fixed: None,
            custom: None,
            age: 0,
            typed: String::new(),
            top: Cell::new(0),
        }
    }

    /// The same, of many lines.
    #[must_use]
    pub fn of_lines(mut self) -> Self {
        self.input = LineInput::many(self.input.text());
        self.many = true;
        self
    }

    /// The same, with words to choose from.
    #[must_use]
    pub fn of(mut self, choices: Vec<(String, String)>) -> Self {
        self.choices = choices;
        self
    }

    /// A field that cannot be typed into, and why.
    pub fn fixed(name: &str, label: impl Into<String>, why: String) -> Self {
        Self { fixed: Some(why), ..Self::new(name, label, "") }
    }

    /// What is typed, as a command takes it: of words to choose from, how they are written.
    pub(in crate::app) fn text(&self) -> String {
        let typed = self.input.text();
        let word = self.choices.iter().find(|(_, label)| label == typed.trim());
        word.map_or_else(|| typed.to_owned(), |(word, _)| word.clone())
    }

    /// Whether what stands there is another text than at first.
    pub fn changed(&self) -> bool {
        self.input.text() != self.before
    }
}

impl Form {
    /// The field that is typed into.
    pub fn current(&self) -> Option<&FormField> {
        self.fields.get(self.focus)
    }

    /// Moves on by so many fields, round the ends and past those that cannot be typed into.
    pub(super) fn step(&mut self, by: i64) {
        let count = self.fields.len() as i64;
        for _ in 0..count {
            self.focus = usize::try_from((self.focus as i64 + by).rem_euclid(count)).unwrap_or(0);
            if self.current().is_some_and(|field| field.fixed.is_none()) {
                return;
            }
        }
    }

    /// Moves a line down or up within a field of many lines, and out of it at its ends.
    pub(super) fn line(&mut self, by: i64) {
        let moved = match self.fields.get_mut(self.focus).filter(|field| field.many) {
            Some(field) if by > 0 => field.input.line_down(),
            Some(field) => field.input.line_up(),
            None => false,
        };
        if !moved {
            self.step(by);
        }
    }

    /// Puts the next of the field's words in, or the one before: the first that what is typed begins,
    /// or the one after the one that stands there.
    pub(super) fn choose(&mut self, back: bool) {
        let Some(field) = self.fields.get_mut(self.focus).filter(|field| !field.choices.is_empty()) else {
            return;
        };
        let typed = field.input.text().trim().to_owned();
        let there = field.choices.iter().position(|(word, label)| *word == typed || *label == typed);
        let next = match there {
            Some(index) if back => index.checked_sub(1).unwrap_or(field.choices.len() - 1),
            Some(index) => (index + 1) % field.choices.len(),
            None => {
                let fits = |(word, label): &(String, String)| {
                    !typed.is_empty()
                        && (word.starts_with(&typed)
                            || label.starts_with(&typed)
                            || crate::query::pinyin_matches(label, &typed))
                };
                field.choices.iter().position(fits).unwrap_or(0)
            }
        };
        let label = field.choices[next].1.clone();
        field.input.set(label);
    }

    /// Whether it is one line and nothing else.
    pub(super) fn is_one_line(&self) -> bool {
        matches!(self.fields.as_slice(), [only] if !only.many)
    }

    /// All texts, to be kept.
    pub fn draft(&self) -> String {
        let texts: Vec<_> = self.fields.iter().map(|field| field.input.text()).collect();
        serde_json::to_string(&texts).unwrap_or_default() // texts are JSON
    }

    /// Puts kept texts back; says whether any differs from what stands there.
    pub(super) fn restore(&mut self, draft: &str) -> bool {
        let Ok(texts) = serde_json::from_str::<Vec<String>>(draft) else { return false };
        for (field, text) in self.fields.iter_mut().zip(texts) {
            if field.fixed.is_none() && field.input.text() != text {
                field.input.set(text);
                self.restored = true;
            }
        }
        self.restored
    }

    /// Whether anything was typed.
    pub fn is_touched(&self) -> bool {
        self.fields.iter().any(FormField::changed)
    }

    /// All fields with their texts, whether or not they were changed, as one argument of a command.
    pub(in crate::app) fn all_as_json(&self) -> String {
        let fields = self.fields.iter().map(|field| (field.name.clone(), field.text().into()));
        serde_json::Value::Object(fields.collect()).to_string()
    }

    /// The command with what was typed.
    pub fn command(&self) -> Command {
        let mut command = self.command.clone();
        let text = FormField::text;
        if crate::app::macros::is_macro(command.verb) {
            let typed = self.fields.iter().map(|field| (field.name.clone(), text(field)));
            return crate::app::macros::filled(&command, typed);
        }
        if self.edits {
            let changed = self.fields.iter().filter(|field| field.changed());
            let fields: serde_json::Map<_, _> =
                changed.map(|field| (field.name.clone(), text(field).into())).collect();
            command.args.push(serde_json::Value::Object(fields).to_string());
        } else {
            command.args.extend(self.fields.iter().map(text));
            while command.args.last().is_some_and(|arg| arg.trim().is_empty()) {
                command.args.pop();
            }
        }
        command
    }
}
