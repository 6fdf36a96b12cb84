//! What other rooms find wrong with a part of the configuration, as lines in both languages.

use crate::i18n::Line;
use crate::i18n::words::config as words;
use crate::keymap::{Clash, KeyConflict, Place, print_keys};
pub use crate::macros::{command_problem as command, filter_problem as filter};
use crate::reading::quoted;

/// What is wrong with a binding, and what to do about it.
pub(super) fn conflict(conflict: &KeyConflict) -> (Line, Line) {
    let place = |place: &Place| {
        let keys = quoted(&print_keys(&place.keys));
        Line::from(format!("{keys} = {} [keys.{}]", place.command, place.layer.name()))
    };
    let keys = quoted(&print_keys(&conflict.at.keys));
    let (what, remedy): (Line, Line) = match &conflict.clash {
        Clash::Twice(other) => (words::TWICE.with("other", place(other)), words::KEEP_ONE.into()),
        Clash::Begins(other) | Clash::BeginsWith(other) => {
            let hides = matches!(conflict.clash, Clash::Begins(_));
            let word = if hides { words::HIDES } else { words::UNREACHED };
            let remedy = words::OTHER_KEYS.with("keys", quoted(&print_keys(&other.keys)));
            (word.with("other", place(other)), remedy)
        }
        Clash::Typed => (words::TYPED.with("place", conflict.at.layer.name()), words::BEGIN_WITH_CTRL.into()),
    };
    (Line::both(what.with("keys", keys), conflict), Line::both(remedy, conflict.remedy()))
}
