//! A list over the screen that one picks from: palette, orders, columns, saved views.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::line_input;
use super::look::Look;
use super::text::{Align, width};
use crate::app::{Picker, PickerKind};
use crate::i18n::words::{help, pickers};

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
    let cells = |text: &str| u16::try_from(width(text, look.mode)).unwrap_or(u16::MAX);
    // Where risks are told, they and the keys stand in columns, if there is room for them.
    let told = open.choices.iter().filter_map(|choice| choice.risk);
    let risks = told.map(|risk| cells(look.named(help::RISKS, risk.word()))).max().unwrap_or(0);
    let keys = open.choices.iter().map(|choice| cells(&choice.note)).max().unwrap_or(0);
    let columned = risks > 0 && area.width >= 2 * (risks + keys) + 8;
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
        let room = area.right().saturating_sub(x + 1);
        let risk = choice.risk.map(|risk| look.named(help::RISKS, risk.word())).unwrap_or_default();
        let refused = choice.refused.as_deref().unwrap_or_default();
        let style = match (current, &choice.refused) {
            (true, _) => look.styles.cursor,
            (false, Some(_)) if !look.plain => look.styles.dim,
            (false, _) => look.styles.text,
        };
        if look.plain {
            let parts = [choice.label.as_str(), risk, &choice.note, refused];
            let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            canvas.field(x, y, room, &told.join(" · "), Align::Left, style);
            continue;
        }
        // From the right: the key, the risk, and why it cannot be used, as far as the name leaves room.
        let mut end = x + room;
        let note_cells = cells(&choice.note).min(room / 2);
        let note_style = if choice.refused.is_some() { look.styles.dim } else { look.styles.key };
        canvas.field(end - note_cells, y, note_cells, &choice.note, Align::Right, note_style);
        end -= note_cells.max(if columned { keys } else { 0 });
        if columned && risks > 0 {
            end = end.saturating_sub(risks + 2).max(x);
            canvas.field(end, y, risks, risk, Align::Left, look.styles.dim);
        }
        let left = end.saturating_sub(x + 1);
        let label_cells =
            cells(&choice.label).min(if refused.is_empty() { left } else { left.max(3) * 2 / 3 });
        let label_cells = label_cells.min(left);
        canvas.field(x, y, label_cells, &choice.label, Align::Left, style);
        let why_room = left.saturating_sub(label_cells + 2);
        let why_cells = cells(refused).min(why_room);
        canvas.field(end.saturating_sub(why_cells + 1), y, why_cells, refused, Align::Left, look.styles.dim);
    }
}
