//! The last line: the keys that work here, out of the keymap, the most useful ones first.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::look::Look;
use super::text::width;
use crate::app::{App, Form, Overlay, PickerKind};
use crate::command::{Risk, Verb};
use crate::keymap::print_keys;

/// What one looks for in a footer, in this order; other commands follow in the order of the
/// table.
const FIRST: &[Verb] = &[
    Verb::FormSave,
    Verb::Confirm,
    Verb::InputAccept,
    Verb::FormNext,
    Verb::FormChoose,
    Verb::FormOlder,
    Verb::FormCopy,
    Verb::InputComplete,
    Verb::PickToggle,
    Verb::Help,
    Verb::Open,
    Verb::SearchOpen,
    Verb::TriageCommit,
    Verb::TriageRepeat,
    Verb::TriageQueue,
    Verb::TriageRefresh,
    Verb::OutboxMine,
    Verb::OutboxTheirs,
    Verb::StepEdit,
    Verb::MacroSave,
    Verb::StepAsk,
    Verb::StepAdd,
    Verb::StepDelete,
    Verb::StepDown,
    Verb::StepUp,
    Verb::OutboxRetry,
    Verb::OutboxEdit,
    Verb::OutboxDiscard,
    Verb::TagEdit,
    Verb::FollowUpResult,
    Verb::FollowUpDone,
    Verb::FollowUpSnooze,
    Verb::NoteAdd,
    Verb::FollowUpCreate,
    Verb::Undo,
    Verb::GoCustomer,
    Verb::TagNarrow,
    Verb::TagExclude,
    Verb::GroupCustomers,
    Verb::TimelineKind,
    Verb::TimelineExpand,
    Verb::GroupTrend,
    Verb::GroupHeat,
    Verb::GroupMembers,
    Verb::GroupLeavers,
    Verb::GroupActivities,
    Verb::RecordPrevious,
    Verb::RecordNext,
    Verb::MarkToggle,
    Verb::SortPick,
    Verb::Palette,
    Verb::PaneNext,
    Verb::PaneZoom,
    Verb::Back,
    Verb::ViewPick,
    Verb::ColumnsPick,
    Verb::FilterClear,
];

/// Place of leaving while one types: right behind what accepts.
const BEHIND_ACCEPT: usize = 3;

/// What hands know without being told.
const LAST: &[Verb] = &[
    Verb::CursorDown,
    Verb::CursorUp,
    Verb::PageDown,
    Verb::PageUp,
    Verb::HalfDown,
    Verb::HalfUp,
    Verb::GoFirst,
    Verb::GoLast,
    Verb::Redraw,
    Verb::Suspend,
    Verb::InputLeft,
    Verb::InputRight,
    Verb::InputHome,
    Verb::InputEnd,
    Verb::InputBackspace,
    Verb::InputDelete,
    Verb::InputWordLeft,
    Verb::InputWordRight,
    Verb::InputDeleteWord,
    Verb::InputClear,
    Verb::PickDown,
    Verb::PickUp,
    Verb::FormPrevious,
    Verb::FormDown,
    Verb::FormUp,
    Verb::ConfirmDown,
    Verb::ConfirmUp,
];

/// Draws as many keys as there is room for, each one whole.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    canvas.clear(area, look.styles.text);
    let mut x = area.x + 1;
    for (keys, does) in keys(app) {
        let cells = u16::try_from(width(&keys, look.mode) + 1 + width(does, look.mode)).unwrap_or(u16::MAX);
        // a long one does not keep shorter ones out
        if x.saturating_add(cells) >= area.right() {
            continue;
        }
        x += canvas.put(x, area.y, cells, &keys, look.styles.key);
        x += 1 + canvas.put(x + 1, area.y, cells, does, look.styles.footer);
        x += 2;
    }
}

/// Whether a command that is bound here does anything as things stand.
fn works(app: &App, verb: Verb) -> bool {
    if app.settings.read_only && verb.spec().risk > Risk::Read {
        return false;
    }
    match (&app.overlay, verb) {
        (
            Some(Overlay::FirstRun(_)),
            Verb::PickToggle | Verb::InputComplete | Verb::InputOlder | Verb::InputNewer,
        ) => false,
        (Some(Overlay::Picker(open)), Verb::PickToggle) => {
            matches!(
                open.kind,
                PickerKind::Columns
                    | PickerKind::Tags { .. }
                    | PickerKind::AmendTags(_)
                    | PickerKind::StagedTags
                    | PickerKind::Sides(_)
            )
        }
        (None, Verb::OutboxMine | Verb::OutboxTheirs) => app.is_at_conflict(),
        (None, Verb::Back) => app.goes_back(),
        (None, Verb::FilterClear) => !app.filter_text(app.focus).is_empty(),
        (Some(Overlay::Form(form)), _) => !is_idle(app, form, verb),
        _ => true,
    }
}

/// Whether a key of a form does nothing of its own in the field that one types into: `Enter` is a
/// line break in a long text, and not every field has words to choose from or was written before.
fn is_idle(app: &App, form: &Form, verb: Verb) -> bool {
    form.current().is_some_and(|field| match verb {
        Verb::InputAccept => field.many,
        Verb::FormChoose | Verb::FormOlder => field.choices.is_empty() && !app.writing.recalls(form),
        Verb::FormNext => form.fields.len() < 2,
        _ => false,
    })
}

/// What a command does as things stand.
fn does(app: &App, verb: Verb, zh: bool) -> &'static str {
    match &app.overlay {
        Some(Overlay::Form(form))
            if verb == Verb::FormSave && (form.to.is_some() || form.amends.is_some()) =>
        {
            crate::i18n::say(app.settings.lang, crate::i18n::words::footer::SEND)
        }
        None if verb == Verb::Open && app.is_at_conflict() => {
            crate::i18n::say(app.settings.lang, crate::i18n::words::footer::CHOOSE)
        }
        _ => verb.spec().says(zh),
    }
}

/// Keys and what they do where one is, the most useful first. A command with a filter is asked
/// for once.
fn keys(app: &App) -> Vec<(String, &'static str)> {
    let zh = app.settings.lang.is_zh();
    let layers = app.layers();
    let typing = matches!(
        app.overlay,
        Some(
            Overlay::Search(_)
                | Overlay::Line(_)
                | Overlay::Picker(_)
                | Overlay::Form(_)
                | Overlay::Confirm(_)
        )
    );
    let mut best: Vec<(usize, Verb, String)> = Vec::new();
    for binding in app.settings.keymap.bindings(layers) {
        let verb = binding.command.verb;
        if !binding.command.args.is_empty() || LAST.contains(&verb) || !works(app, verb) {
            continue;
        }
        let keys = print_keys(&binding.keys);
        // of several keys the first one of the table, but the operator's own before it
        let rank = verb.spec().keys.iter().position(|key| *key == keys).map_or(0, |at| at + 1);
        match best.last_mut() {
            Some((known, last, shown)) if *last == verb => {
                if rank < *known {
                    (*known, *shown) = (rank, keys);
                }
            }
            _ => best.push((rank, verb, keys)),
        }
    }
    best.sort_by_key(|(_, verb, _)| {
        let at = FIRST.iter().position(|first| first == verb).unwrap_or(FIRST.len());
        // while one types, leaving is what one looks for after accepting
        match verb {
            Verb::Back if typing => BEHIND_ACCEPT,
            // out of a detail one always wants, however little room there is
            Verb::Back if !app.details.is_empty() => {
                FIRST.iter().position(|v| *v == Verb::Open).unwrap_or(at)
            }
            _ => at,
        }
    });
    best.into_iter().map(|(_, verb, keys)| (keys, does(app, verb, zh))).collect()
}
