//! Writes that belong together, and what becomes of each.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Write;
use crate::model::{AnyRecord, OperatorId, Resource, Time};

/// What one command does: written, undone and told in the audit as one.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    /// The command as the operator could have typed it, such as `tag.add VIP`.
    pub command: String,
    /// What it does, in the operator's language, for the notice, the outbox and undo.
    pub label: String,
    /// Who does it.
    pub actor: Actor,
    /// Its writes, in their order.
    pub writes: Vec<Planned>,
}

/// One write of a plan, with the record as it was when the plan was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// The write.
    pub write: Write,
    /// What the record is called, for people.
    pub name: String,
    /// The values that it overwrites ([`Write::image`]). Where they are others by the time it is to
    /// be written, the record has moved on, and the write is left out and reported.
    pub image: Map<String, Value>,
}

/// Who does something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The operator that the backend knows, where it has said.
    pub operator: Option<OperatorId>,
    /// The account on this machine.
    pub account: String,
    /// Address of the SSH client, where there is one.
    pub peer: Option<String>,
}

/// Something that is noted in the audit without being a write, such as that a phone was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    /// Who.
    pub actor: Actor,
    /// The command as the operator could have typed it.
    pub command: String,
    /// A word, such as `reveal`.
    pub what: String,
    /// The record, and what it is called.
    pub record: Option<(Resource, String, String)>,
}

/// Where a write stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteState {
    /// Waits for its turn.
    Queued,
    /// Is on its way.
    Sending,
    /// The backend has it.
    Done,
    /// The backend refused it.
    Failed,
    /// Somebody else has changed the same fields.
    Conflict,
    /// It was sent, and no answer came: it is read back before anything is sent again.
    Unknown,
    /// The backend has no place for it: it stays here, and stands.
    Kept,
}

impl WriteState {
    /// All states.
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Done, Self::Failed, Self::Conflict, Self::Unknown, Self::Kept];

    /// The word that the outbox shows and keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Conflict => "conflict",
            Self::Unknown => "unknown",
            Self::Kept => "kept",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The states of what is not settled, the ones that need the operator most first.
    pub const OPEN: [Self; 5] = [Self::Conflict, Self::Failed, Self::Unknown, Self::Sending, Self::Queued];

    /// The states of what lies over what the backend told, the ones that need the operator most first.
    pub const OVER: [Self; 6] =
        [Self::Conflict, Self::Failed, Self::Unknown, Self::Sending, Self::Queued, Self::Kept];
}

/// What came of sending a write.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The backend has it, and this is the record now, where it said.
    Done(Option<Box<AnyRecord>>),
    /// The backend will not have it, and says why.
    Refused {
        /// The HTTP status, where there was one.
        status: Option<u16>,
        /// The server's words, short and calm.
        words: String,
    },
    /// The record has moved on: this is how it is now.
    Moved(Box<AnyRecord>),
    /// It may have arrived or not.
    Unknown {
        /// What happened.
        words: String,
    },
    /// It has surely not been done, and is tried again then.
    Later {
        /// What happened.
        words: String,
        /// Not before.
        at: Time,
        /// Whether it counts against the retry budget: the backend failed, rather than the network.
        counts: bool,
    },
}

/// Why undo left a record as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It has been changed since.
    Changed,
    /// Nothing takes such a write back.
    Final,
}
