//! Work to be done outside of the state.

use crate::command::{Command, Plan};
use crate::i18n::Lang;
use crate::macros::Macro;
use crate::query::ask::Ask;

use super::export::Export;
use super::outbox::OutboxDeed;
use super::writing::Targets;

/// Names a question, so that its answer finds the list that asked; rising.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Work to be done outside of the state: plain data, done by the runtime.
#[must_use = "an effect that nobody runs is a key that does nothing"]
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Put a question to the cache.
    Ask(RequestId, Ask),
    /// Send a text to the terminal's clipboard (OSC 52).
    Copy(String),
    /// Tell the sync to look now, or to pull everything again.
    Sync {
        /// Everything, from the start.
        full: bool,
    },
    /// Tell the sync to rest until it is told to look.
    PauseSync,
    /// Say [`super::Event::Elapsed`] with this token after so many milliseconds.
    After {
        /// From now on.
        millis: u64,
        /// Comes back with the event.
        token: u64,
    },
    /// Add a line to the history of searches.
    Remember(String),
    /// Remember what was written into a field of a form.
    RememberTyped {
        /// The command and the field.
        field: String,
        /// What was written.
        text: String,
    },
    /// Read the configuration file again.
    ReloadConfig,
    /// Turn the terminal's mouse reports on or off.
    Mouse(bool),
    /// Clear the screen and paint it whole.
    Redraw,
    /// Give the terminal back to the shell until it says `fg`.
    Suspend,
    /// First run: begin with what was chosen.
    Begin(Beginning),
    /// Work out what a command would write, and say [`super::Event::Planned`].
    Plan {
        /// Comes back with the event.
        id: RequestId,
        /// The command, with all that it needs.
        command: Command,
        /// For which records.
        targets: Targets,
    },
    /// Write a plan, and say [`super::Event::Committed`].
    Commit {
        /// Comes back with the event.
        id: RequestId,
        /// What was planned.
        plan: Box<Plan>,
    },
    /// Run the plan of a macro record by record, say [`super::Event::Running`] on the way and
    /// [`super::Event::Committed`] in the end.
    Run {
        /// Comes back with the events.
        id: RequestId,
        /// What was planned.
        plan: Box<Plan>,
        /// What reaches a customer is held back for so many seconds.
        hold_seconds: u32,
    },
    /// Write a macro into the configuration, say [`super::Event::MacroSaved`], and read it again.
    SaveMacro(Box<Macro>),
    /// Go on with a run that is not at its end, and say the same.
    Resume {
        /// Comes back with the events.
        id: RequestId,
        /// The run.
        batch: String,
    },
    /// End the run that is under way before its next record.
    StopRun,
    /// Take the last change back, or do it again, and say [`super::Event::TakenBack`].
    TakeBack {
        /// Comes back with the event.
        id: RequestId,
        /// Again rather than back.
        redo: bool,
        /// The change of another session that may be taken back, by its batch: it was asked about.
        sure: Option<String>,
    },
    /// Do what the operator decided about the outbox, and say [`super::Event::Decided`].
    Outbox {
        /// Comes back with the event.
        id: RequestId,
        /// What was decided.
        deed: OutboxDeed,
    },
    /// Leave a line in the audit about a customer.
    Audit {
        /// What was done.
        what: String,
        /// The customer.
        id: String,
    },
    /// Write a list to a file, and say [`super::Event::Exporting`] and [`super::Event::Exported`].
    Export {
        /// Comes back with the events.
        id: RequestId,
        /// What and where to.
        export: Box<Export>,
    },
    /// End the export that is under way.
    StopExport,
    /// Keep what is typed into a form, or forget it.
    KeepDraft {
        /// The form and whom it is for.
        key: String,
        /// Its texts; `None` where they were written or taken back.
        text: Option<String>,
    },
    /// Leave.
    Quit,
}

/// What was chosen on the first-run screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Open the demo, in this language.
    Demo(Lang),
    /// Try this backend, and say [`super::Event::Tried`] with the number. Nothing is written.
    Try(u64, Candidate),
    /// It answered: write a configuration for it, in this language, and open that.
    Backend(Candidate, Lang),
    /// Open the profile of this name.
    Profile(String),
}

/// A backend, as the first-run screen asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Its address.
    pub url: String,
    /// Where its token is, as it was typed: see [`crate::config::TokenSaid`].
    pub token: String,
}
