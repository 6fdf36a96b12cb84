//! What a macro is.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use serde_json::Value;

use super::step::Step;
use super::template::Template;
use crate::command::plan::OnError;
use crate::command::{Layer, Risk};
use crate::keymap::Key;
use crate::model::Resource;
use crate::query::Scope;

/// A sequence of commands with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Macro {
    /// Its name, as `macro.run` takes it.
    pub name: String,
    /// What it does, in Chinese.
    pub zh: String,
    /// What it does, in English.
    pub en: String,
    /// The kind of record that it is run on: customers or follow-ups.
    pub on: Resource,
    /// Which records, where nobody says.
    pub target: Target,
    /// How many records a run takes at most; further ones are left and told.
    pub limit: Option<usize>,
    /// What happens where a record cannot take a step.
    pub on_error: OnError,
    /// Whether it is confirmed even where its risk would not ask for it.
    pub confirm: bool,
    /// The risk that it declares; it counts where it is higher than that of its steps.
    pub raised: Option<Risk>,
    /// Where it is offered; empty for wherever there are records for it.
    pub contexts: Vec<Layer>,
    /// Its keys.
    pub keys: Option<Vec<Key>>,
    /// What it asks for.
    pub params: Vec<Param>,
    /// What it does, in this order.
    pub steps: Vec<Step>,
    /// Its tests.
    pub tests: Vec<Test>,
    /// Where it was written.
    pub origin: Origin,
}

/// Where a macro was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who answers for it.
    pub source: Source,
    /// The file; for a shipped one its name.
    pub file: PathBuf,
    /// Where its name stands, in bytes of the file.
    pub span: Range<usize>,
    /// Where its key stands, where it has one.
    pub key: Option<Range<usize>>,
}

/// Who answers for a macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It ships with the program.
    Shipped,
    /// The configuration, which is its operator's own.
    Config,
    /// A file in the folder beside it, which may have come from anywhere: it has to be trusted before
    /// it is run.
    Folder,
}

/// Which records a macro is for, where nobody says.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The one under the cursor.
    Current,
    /// The marked ones, or else the one under the cursor.
    Marked,
    /// All that the list shows.
    View,
    /// All that match a filter.
    Select(Condition),
}

impl Target {
    /// The word of the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Marked => "marked",
            Self::View => "view",
            Self::Select(_) => "select",
        }
    }
}

/// A filter with places in it, which was found to parse.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What it is about.
    pub scope: Scope,
    /// As it is written.
    pub text: Template,
}

/// Something that a macro asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, as it stands between braces.
    pub name: String,
    /// What it takes.
    pub kind: ParamKind,
    /// When it is asked for.
    pub ask: Asking,
    /// What it is where nobody says.
    pub default: Option<String>,
    /// What it is called, in Chinese.
    pub zh: String,
    /// What it is called, in English.
    pub en: String,
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Any text.
    Text,
    /// One of these.
    Choice(Vec<String>),
    /// A tag, by name or id.
    Tag,
    /// An operator, by name or id.
    Operator,
    /// A moment, as `follow_up.snooze` takes it.
    Date,
    /// A whole number.
    Number,
    /// A filter.
    Filter,
}

impl ParamKind {
    /// Words of the kinds, in the order of the documentation.
    pub const WORDS: [&'static str; 7] = ["text", "choice", "tag", "operator", "date", "number", "filter"];

    /// The kind of a word, but for a choice, which has a list beside it; any other word is that of a text.
    pub fn plain(word: &str) -> Self {
        match word {
            "tag" => Self::Tag,
            "operator" => Self::Operator,
            "date" => Self::Date,
            "number" => Self::Number,
            "filter" => Self::Filter,
            _ => Self::Text,
        }
    }

    /// The word of the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice(_) => "choice",
            Self::Tag => "tag",
            Self::Operator => "operator",
            Self::Date => "date",
            Self::Number => "number",
            Self::Filter => "filter",
        }
    }
}

/// When a parameter is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asking {
    /// Once, for all records.
    #[default]
    Once,
    /// For each record.
    Each,
    /// Never: it has a default, and may be given all the same.
    Never,
}

impl Asking {
    /// All of them with their words.
    pub const WORDS: [(&'static str, Self); 3] =
        [("once", Self::Once), ("each", Self::Each), ("never", Self::Never)];

    /// The word of the file.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, one)| *one == self).map_or("", |(word, _)| word)
    }
}

/// A test of a macro: records, a clock, and what is to come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it shows.
    pub name: String,
    /// When: RFC 3339.
    pub clock: String,
    /// Who works here, by id.
    pub me: Option<String>,
    /// What is given for the parameters.
    pub given: Vec<(String, String)>,
    /// Ids of the records that it is run on; all of the fixture's own kind where none is named.
    pub ids: Vec<String>,
    /// Records by their collections: `customers`, `tags`, …
    pub fixture: Value,
    /// What each write is to be, in its order: an object of which every member must stand in the write.
    pub expect: Vec<Value>,
    /// Ids of the records that are to be left.
    pub skipped: BTreeSet<String>,
    /// Where it was written, in bytes of the file.
    pub span: Range<usize>,
}

impl Macro {
    /// What it does, in the language asked for; its name where nobody has said.
    pub fn says(&self, zh: bool) -> &str {
        let (one, other) = if zh { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        [one, other].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.name)
    }

    /// The parameter of a name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// What its filters are about.
    pub fn scope(&self) -> Scope {
        if self.on == Resource::FollowUps { Scope::FollowUps } else { Scope::Customers }
    }

    /// Whether it starts external programs by itself.
    pub fn has_programs(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.does, super::step::Does::Program(_)))
    }
}

impl Param {
    /// What it is called, in the language asked for.
    pub fn says(&self, zh: bool) -> &str {
        let (one, other) = if zh { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        [one, other].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.name)
    }
}
