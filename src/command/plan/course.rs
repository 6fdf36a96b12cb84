//! A plan of several commands on several records: which of its writes belong to which record.
//!
//! A run goes from record to record and may end between two of them; so a plan of a macro says, for each
//! of its writes, whose it is.

use serde::{Deserialize, Serialize};

use crate::model::Resource;

/// Whose the writes of a plan are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// The records that the plan is about, in the order of the run; each has a write at least.
    pub subjects: Vec<Subject>,
    /// For each write of the plan the index of its subject, rising.
    pub of: Vec<usize>,
    /// What happens where a record has moved on by the time of the run.
    pub on_error: OnError,
    /// Whether it is confirmed even where its risk would not ask for it.
    pub confirm: bool,
}

/// A record that a plan is about, as it was when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its kind.
    pub resource: Resource,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its revision, where the backend tells one.
    pub rev: Option<String>,
}

impl Course {
    /// The writes of a subject, as a range of the plan's.
    pub fn writes_of(&self, subject: usize) -> std::ops::Range<usize> {
        let start = self.of.partition_point(|of| *of < subject);
        start..self.of.partition_point(|of| *of <= subject)
    }
}

/// What happens where a record cannot take a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The run ends before that record; those before it are done.
    Stop,
    /// That record is left whole, and told; the others are done.
    #[default]
    Skip,
    /// Nothing is done, or what was done is taken back.
    Rollback,
}

impl OnError {
    /// All of them with their words.
    pub const WORDS: [(&'static str, Self); 3] =
        [("stop", Self::Stop), ("skip", Self::Skip), ("rollback", Self::Rollback)];

    /// The word of the file.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, one)| *one == self).map_or("", |(word, _)| word)
    }
}
