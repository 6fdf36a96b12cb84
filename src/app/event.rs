//! Facts that come back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::command::Plan;
use crate::command::plan::Skip;
use crate::i18n::Line;
use crate::keymap::Key;
use crate::model::{Left, SyncEvent, Time};
use crate::query::ask::Answer;

use super::Settings;
use super::effect::RequestId;

/// A fact: plain data, with the id of the question it answers where it answers one.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key.
    Key(Key),
    /// A paste: never keys.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal's size in cells.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The cache answered.
    Answer(RequestId, Result<Answer, String>),
    /// The sync has something to say.
    Sync(SyncEvent),
    /// The time that [`super::Effect::After`] asked for is over.
    Elapsed(u64),
    /// Somebody looks, or may look: the terminal got the focus, or nothing has happened for long. What
    /// it changes is the time alone.
    Glance,
    /// The configuration was read anew.
    Settings(Arc<Settings>),
    /// Something worth a line to the operator.
    Notice(Notice),
    /// What a command would write, or why it makes no sense.
    Planned(RequestId, Result<Box<Plan>, String>),
    /// A plan was written, or not.
    Committed(RequestId, Result<Written, String>),
    /// A macro was written into the configuration, which is this file, or why it was not.
    MacroSaved(Result<String, String>),
    /// A run has come by so many records of so many.
    Running(RequestId, usize, usize),
    /// The last change was taken back (`false`) or done again (`true`); `None` where there was none.
    TakenBack(RequestId, bool, Result<Option<TakenBack>, String>),
    /// What the operator decided about the outbox was done, or not.
    Decided(RequestId, Result<(), String>),
    /// An export has written so many rows of so many.
    Exporting(RequestId, u64, u64),
    /// An export has come to its end with so many rows, or not.
    Exported(RequestId, Result<u64, String>),
    /// The cache cannot be written, and why; `None` when it can be again.
    Unwritable(Option<String>),
    /// What is typed is kept again, or cannot be, and why: it stays in the open form.
    DraftsKept(Result<(), String>),
    /// Texts of forms that an earlier session did not write, by their keys.
    Drafts(BTreeMap<String, String>),
    /// The backend of the first-run screen's try of that number answered: `Err` says why not.
    Tried(u64, Result<(), Line>),
}

/// What a commit came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Names its writes together; empty where nothing was queued.
    pub batch: String,
    /// What was done.
    pub label: String,
    /// Records that were changed or made.
    pub records: usize,
    /// Whether there is an inverse, once it was sent.
    pub reversible: bool,
    /// Records that were left as they are: why, and how many for each reason.
    pub skipped: Vec<(Skip, usize)>,
    /// Names of the records that somebody else had changed since the plan: they were left.
    pub moved: Vec<String>,
    /// Records that a run did not come to: it was stopped, or stopped by itself.
    pub left: usize,
}

/// What undo or redo came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Names what was taken back.
    pub batch: String,
    /// What was taken back.
    pub label: String,
    /// Writes that had not been sent, and are gone.
    pub withdrawn: usize,
    /// Writes whose inverse was queued.
    pub inverted: usize,
    /// Names of the records that were left, and why.
    pub left: Vec<(String, Left)>,
    /// Who had written it and when, where that was not in this session.
    pub elsewhere: Option<(String, Time)>,
    /// Whether nothing was done yet, since it is another session's: the operator is asked.
    pub asks: bool,
}

/// A mouse event, in cells from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What happened.
    pub kind: MouseKind,
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// Left button down.
    Press,
    /// Moved with the left button down.
    Drag,
    /// Left button up.
    Release,
    /// Wheel away from the hand.
    WheelUp,
    /// Wheel towards the hand.
    WheelDown,
}

/// A line to the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says, in the operator's language. May quote others: shown as hostile text.
    pub text: String,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Done.
    Good,
    /// Worth knowing.
    Plain,
    /// It did not work.
    Bad,
}

impl Notice {
    /// Something was done.
    pub fn good(text: impl Into<String>) -> Self {
        Self { tone: Tone::Good, text: text.into() }
    }

    /// Something worth knowing.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { tone: Tone::Plain, text: text.into() }
    }

    /// Something did not work.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, text: text.into() }
    }
}
