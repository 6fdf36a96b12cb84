//! How a subcommand ends when it does not end well.

use crate::cache::{self, READ_ONLY};
use crate::i18n::words::{commands, faults};
use crate::i18n::{Lang, Line};
use crate::macros::MacroError;
use crate::runtime::planning::PlanningError;
use crate::runtime::table::NoColumn;

use super::told::Told;

/// Why a subcommand failed; [`Failure::status`] is its exit status.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was asked for makes no sense: exit status 2.
    #[error("{0}")]
    Usage(Line),
    /// It made sense, and could not be done: exit status 1.
    #[error("{0}")]
    Failed(Line),
    /// It is not done unless it is confirmed, or at all: exit status 4.
    #[error("{0}")]
    Refused(Line),
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
            Self::Refused(_) => 4,
        }
    }

    /// The failure in a language.
    pub fn in_lang(&self, lang: Lang) -> String {
        match self {
            Self::Usage(line) | Self::Failed(line) | Self::Refused(line) => line.in_lang(lang),
        }
    }

    /// It could not be done.
    pub(super) fn failed(error: &impl Told) -> Self {
        Self::Failed(error.told())
    }
}

impl From<cache::Error> for Failure {
    fn from(error: cache::Error) -> Self {
        match error {
            cache::Error::Refused { why: READ_ONLY, .. } => Self::Refused(error.told()),
            error => Self::failed(&error),
        }
    }
}

impl From<NoColumn> for Failure {
    fn from(error: NoColumn) -> Self {
        let nearest = did_you_mean(&error.name, error.known.iter().map(String::as_str));
        Self::Usage(
            commands::NO_COLUMN
                .with("name", format!("{:?}", error.name))
                .with("nearest", nearest)
                .with("list", error.known.join(", ")),
        )
    }
}

/// Who reads our output has gone: that ends the work, and is no failure.
pub(super) fn unless_pipe_broke(result: cache::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(cache::Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(cache::Error::Output(error)) => Err(Failure::Failed(faults::OUTPUT.with("error", error.told()))),
        Err(error) => Err(Failure::failed(&error)),
    }
}

/// The valid name that was probably meant, as the end of a message.
pub(super) fn did_you_mean<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Line {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed.to_lowercase(), name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(|| "".into(), |(_, name)| commands::DID_YOU_MEAN.with("name", name))
}

/// A macro that makes no sense.
pub(super) fn macro_failure(error: &MacroError) -> Failure {
    Failure::Usage(Line::both(error.says(true), error.says(false)))
}

/// A macro that came to no plan.
pub(super) fn unplanned(error: PlanningError) -> Failure {
    match error {
        PlanningError::Cache(error) => error.into(),
        PlanningError::Untrusted(..) => Failure::Refused(error.told()),
        PlanningError::Missing { .. } => Failure::failed(&error),
        PlanningError::Macro(MacroError::Rollback { .. }) => Failure::Failed(error.told()),
        error => Failure::Usage(error.told()),
    }
}
