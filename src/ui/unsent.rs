//! What has been written here and is not at the backend yet: a mark beside the name, and in words.

use ratatui::style::Style;

use super::look::Look;
use crate::i18n::words::kinds;
use crate::model::WriteState;
use crate::model::view::Unsettled;

/// Where the worst open write of a row is.
pub fn state(standing: Option<&Unsettled>) -> Option<WriteState> {
    standing.map(|standing| standing.state)
}

/// One cell beside a name: `~` for what waits or is on its way, `?` where nobody knows whether it
/// arrived, `!` where the operator has to decide, `=` for what is kept here only.
pub fn mark(state: Option<WriteState>) -> &'static str {
    match state {
        Some(WriteState::Queued | WriteState::Sending) => "~",
        Some(WriteState::Unknown) => "?",
        Some(WriteState::Failed | WriteState::Conflict) => "!",
        Some(WriteState::Kept) => "=",
        Some(WriteState::Done) | None => " ",
    }
}

/// Its style.
pub fn style(look: &Look, state: Option<WriteState>) -> Style {
    match state {
        Some(WriteState::Queued | WriteState::Sending | WriteState::Kept) => look.styles.dim,
        Some(WriteState::Unknown) => look.styles.warn,
        Some(WriteState::Failed | WriteState::Conflict) => look.styles.failed,
        Some(WriteState::Done) | None => look.styles.text,
    }
}

/// The same in words, with those of the backend where it will not have a write or left it in doubt; empty
/// where everything is at the backend.
pub fn told(look: &Look, standing: Option<&Unsettled>) -> String {
    let Some(Unsettled { state, words }) = standing.filter(|standing| standing.state != WriteState::Done)
    else {
        return String::new();
    };
    let text = format!("{} {}", mark(Some(*state)), look.named(kinds::WRITES, state.word()));
    match words {
        Some(words) if matches!(state, WriteState::Failed | WriteState::Unknown) => {
            format!("{text}: {words}")
        }
        _ => text,
    }
}
