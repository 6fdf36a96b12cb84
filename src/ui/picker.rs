//! A list over the screen that one picks from: palette, orders, columns, saved views.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::line_input;
use super::look::Look;
use super::text::{Align, width};
use crate::app::{Picker, PickerKind};
use crate::i18n::words::pickers;

/// Draws the picker in the middle of `body`; gives the caret of its line.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &Picker, body: Rect) -> Option<Position> {
    let wide = body.width.saturating_sub(4).min(
        if matches!(open.kind, PickerKind::Palette | PickerKind::Macros | PickerKind::Runs) {
            76
        } else {
            56
        },
    );
    let rows = u16::try_from(open.choices.len().max(1)).unwrap_or(u16::MAX);
    let high = rows.saturating_add(3).clamp(5, 24).min(body.height);
    let area = look.over(body, (wide, high), 4);
    canvas.ground(look.styles.over);
    canvas.clear(area, Style::new());
    let title = match open.kind {
        PickerKind::Palette => look.say(pickers::PALETTE),
        PickerKind::Sort => look.say(pickers::SORT),
        PickerKind::Columns => look.say(pickers::COLUMNS),
        PickerKind::Views => look.say(pickers::VIEWS),
        PickerKind::Profiles => look.say(pickers::PROFILES),
        PickerKind::Tags { remove: false } => look.say(pickers::TAGS),
        PickerKind::AmendTags(_) => look.say(crate::i18n::words::writing::EDIT_AND_SEND),
        PickerKind::Tags { remove: true } => look.say(pickers::TAGS_OFF),
        PickerKind::StagedTags => look.say(pickers::TAGS),
        PickerKind::Runs => look.say(crate::i18n::words::macros::RUNS),
        PickerKind::Macros => look.say(crate::i18n::words::macros::TITLE),
        PickerKind::Queues => look.say(crate::i18n::words::triage::QUEUES),
        PickerKind::Sides(_) => look.say(pickers::SIDES),
        PickerKind::Argument(title) => title,
    };
    let figures = format!("{}/{}", open.shown.len(), open.choices.len());
    let inner =
        frame(canvas, look, area, Frame { title, figures: &figures, focused: true, ..Frame::default() });
    let line =
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
    let caret = line_input::draw(canvas, look, line, "> ", &open.input, None);
    let list = Rect { y: inner.y + inner.height.min(1), height: inner.height.saturating_sub(1), ..inner };
    rows_of(canvas, look, open, list);
    caret
}

fn rows_of(canvas: &mut Canvas, look: &Look, open: &Picker, area: Rect) {
    if open.shown.is_empty() && area.height > 0 {
        let word = if open.choices.is_empty() && open.kind == PickerKind::Views {
            pickers::NO_VIEWS
        } else {
            pickers::NONE
        };
        canvas.field(
            area.x + 3,
            area.y,
            area.width.saturating_sub(4),
            look.say(word),
            Align::Left,
            look.styles.dim,
        );
        return;
    }
    let height = usize::from(area.height);
    let top = open.cursor.saturating_sub(height.saturating_sub(1));
    for (y, (at, index)) in (area.y..area.bottom()).zip(open.shown.iter().enumerate().skip(top)) {
        let Some(choice) = open.choices.get(*index) else { continue };
        let current = at == open.cursor;
        canvas.put(area.x + 1, y, 1, if current { ">" } else { " " }, look.styles.text);
        let switch = match choice.on {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None => "",
        };
        let mut x = area.x + 3;
        x += canvas.put(x, y, area.right().saturating_sub(x), switch, look.styles.text);
        let note = choice.refused.as_deref().unwrap_or(&choice.note);
        let room = area.right().saturating_sub(x + 1);
        if look.plain {
            let gap = if note.is_empty() { "" } else { " · " };
            let style = if current { look.styles.cursor } else { look.styles.text };
            canvas.field(x, y, room, &format!("{}{gap}{note}", choice.label), Align::Left, style);
            continue;
        }
        let note_cells = u16::try_from(width(note, look.mode)).unwrap_or(u16::MAX).min(room / 2);
        let style = match (current, &choice.refused) {
            (true, _) => look.styles.cursor,
            (false, Some(_)) => look.styles.dim,
            (false, None) => look.styles.text,
        };
        let label_room = room.saturating_sub(note_cells + 1);
        let label_cells = u16::try_from(width(&choice.label, look.mode)).unwrap_or(u16::MAX).min(label_room);
        canvas.field(x, y, label_cells, &choice.label, Align::Left, style);
        let note_style = if choice.refused.is_some() { look.styles.dim } else { look.styles.key };
        canvas.field(x + room - note_cells, y, note_cells, note, Align::Right, note_style);
    }
}
