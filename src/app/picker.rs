//! A list that one picks from by typing a part of a name: palette, orders, columns, views.

use crate::command::{Command, Risk};
use crate::query::{fold, pinyin_matches};

use super::line_input::LineInput;

/// What is picked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    /// All commands.
    Palette,
    /// What a list can be sorted by.
    Sort,
    /// The columns of a list; several can be on.
    Columns,
    /// Saved views.
    Views,
    /// Profiles.
    Profiles,
    /// Tags of customers; several can be toggled.
    Tags {
        /// Whether they are taken off.
        remove: bool,
    },
    /// Fields of the conflict of a write, by its number: those that stay the operator's are on.
    Sides(i64),
    /// Tags that a write of the outbox says otherwise, by its number.
    AmendTags(i64),
    /// Tags to be staged in triage; the first ones have a number.
    StagedTags,
    /// Macros.
    Macros,
    /// Runs of macros that are not at their end.
    Runs,
    /// Queues of triage.
    Queues,
    /// What a command needs; what the command is called.
    Argument(&'static str),
}

/// One thing to pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// What stands at its right: a key, a filter, an order.
    pub note: String,
    /// What it can do to the community, where that is told.
    pub risk: Option<Risk>,
    /// Whether it is on; `None` where choices are not switches.
    pub on: Option<bool>,
    /// Why it cannot be picked now.
    pub refused: Option<String>,
    /// What picking it does.
    pub does: Picked,
    /// Further words that find it.
    pub also: String,
}

/// What picking does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// Runs a command.
    Run(Command),
    /// Starts the command line with this text, since the command needs more.
    Line(String),
    /// Turns a column on or off.
    Column(&'static str),
    /// Keeps a field as the operator wrote it.
    Side(String),
    /// Puts a tag on or takes it off.
    Tag {
        /// The tag.
        id: String,
        /// Whether the customer had it.
        had: bool,
    },
}

/// An open picker.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is picked from.
    pub kind: PickerKind,
    /// What was typed to find it.
    pub input: LineInput,
    /// All choices.
    pub choices: Vec<Choice>,
    /// Those that match, best first: indices of `choices`.
    pub shown: Vec<usize>,
    /// Index in `shown`.
    pub cursor: usize,
}

impl Picker {
    /// A picker over these choices.
    pub fn new(kind: PickerKind, choices: Vec<Choice>) -> Self {
        let shown = (0..choices.len()).collect();
        Self { kind, input: LineInput::default(), choices, shown, cursor: 0 }
    }

    /// What is typed has changed.
    pub fn narrow(&mut self) {
        let typed = fold(self.input.text().trim());
        let mut ranked: Vec<(u8, usize)> = self
            .choices
            .iter()
            .enumerate()
            .filter_map(|(index, choice)| rank(choice, &typed).map(|rank| (rank, index)))
            .collect();
        ranked.sort_unstable();
        self.shown = ranked.into_iter().map(|(_, index)| index).collect();
        self.cursor = 0;
    }

    /// Moves among what is shown, round the ends.
    pub fn step(&mut self, by: i64) {
        let count = self.shown.len() as i64;
        if count > 0 {
            self.cursor = usize::try_from((self.cursor as i64 + by).rem_euclid(count)).unwrap_or(0);
        }
    }

    /// The choice under the cursor.
    pub fn current(&self) -> Option<&Choice> {
        self.shown.get(self.cursor).map(|index| &self.choices[*index])
    }
}

/// How well a choice fits what was typed, 0 best; `None` where it does not.
fn rank(choice: &Choice, typed: &str) -> Option<u8> {
    if typed.is_empty() {
        return Some(0);
    }
    let label = fold(&choice.label);
    if label.starts_with(typed) {
        Some(0)
    } else if label.contains(typed) {
        Some(1)
    } else if pinyin_matches(&choice.label, typed) {
        Some(2)
    } else if fold(&choice.also).contains(typed) {
        Some(3)
    } else if typed.contains(' ') && typed.split(' ').all(|part| rank(choice, part).is_some()) {
        Some(4)
    } else {
        None
    }
}
