//! The queue: who is in it, how urgent each is, and how far one has come.

use ratatui::layout::Rect;

use super::super::border::{Frame, frame};
use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::panes::due;
use super::super::text::{Align, WidthMode};
use crate::app::triage::{Item, ItemState};
use crate::app::{App, TriageDetail};
use crate::i18n::words::triage as words;

/// Cells of the marks before a row: the cursor, a mark, how far it is dealt with.
const MARKS: u16 = 4;
/// Cells of when it is due, in Chinese and in English, and of the name.
const DUE: [u16; 2] = [10, 14];
const NAME: u16 = 9;

/// Draws the queue in its box.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    let queue = &open.queue;
    let figures = format!("{}/{}", queue.cursor + 1, queue.items.len());
    let (title, note) = (look.say(words::QUEUE), look.say(words::FROZEN));
    let inner = frame(canvas, look, area, Frame { title, note, figures: &figures, focused: true });
    let height = usize::from(inner.height);
    let top = queue.top(height);
    for (y, (at, item)) in (inner.y..inner.bottom()).zip(queue.items.iter().enumerate().skip(top)) {
        row(canvas, look, app, item, at == queue.cursor, open, Rect { y, height: 1, ..inner });
    }
}

fn row(
    canvas: &mut Canvas,
    look: &Look,
    app: &App,
    item: &Item,
    here: bool,
    open: &TriageDetail,
    area: Rect,
) {
    let styles = look.styles;
    let base = match (here, item.is_left()) {
        (true, _) => styles.cursor,
        (false, true) => styles.text,
        (false, false) => styles.dim,
    };
    canvas.clear(area, base);
    canvas.put(area.x, area.y, 1, if here { ">" } else { " " }, base);
    let marked = open.queue.marks.contains(&item.row.key);
    canvas.put(area.x + 1, area.y, 1, if marked { "*" } else { " " }, if here { base } else { styles.mark });
    let narrow = look.mode == WidthMode::Narrow;
    let chosen = app.desk.staged.contains_key(&item.row.key);
    let (sign, style) = match item.state {
        ItemState::Done if narrow => ("✓", styles.good),
        ItemState::Done => ("+", styles.good),
        ItemState::Sending if narrow => ("…", styles.dim),
        ItemState::Sending => ("~", styles.dim),
        ItemState::Left if item.gone => ("x", styles.dim),
        ItemState::Left if chosen => ("#", styles.key),
        ItemState::Left => (" ", base),
    };
    canvas.put(area.x + 2, area.y, 1, sign, if here { base } else { style });
    let mut x = area.x + MARKS;
    let room = |x: u16| area.right().saturating_sub(x);
    let by = item.row.waits_for(app.now);
    if by.is_some() || item.row.key.resource == crate::model::Resource::FollowUps {
        let (text, style) = due(look, by);
        let style = if here || !item.is_left() { base } else { style };
        let cells = DUE[usize::from(!look.lang.is_zh())];
        canvas.field(x, area.y, cells.min(room(x)), &text, Align::Left, style);
        x += cells + 1;
    }
    canvas.field(x, area.y, NAME.min(room(x)), &item.row.customer, Align::Left, base);
    x += NAME + 1;
    let style = if here { base } else { styles.dim };
    canvas.field(x, area.y, room(x), &item.row.about, Align::Left, style);
}

/// Who comes next, in a line, where there is no room for the queue.
pub fn next(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    if area.height == 0 {
        return;
    }
    let mut after = open.queue.clone();
    after.next_left();
    let other = after.cursor != open.queue.cursor;
    let room = area.width.saturating_sub(2);
    match after.current().filter(|_| other) {
        Some(item) => {
            let by = item.row.waits_for(app.now);
            let (word, style) = due(look, by);
            let parts = [
                (look.say(words::NEXT), look.styles.dim),
                ("  ", look.styles.dim),
                (item.row.customer.as_str(), look.styles.text),
                ("  ", look.styles.dim),
                (word.as_ref(), style),
                ("  ", look.styles.dim),
                (item.row.about.as_str(), look.styles.dim),
            ];
            canvas.line(area.x + 1, area.y, room, &parts);
        }
        None => {
            canvas.field(area.x + 1, area.y, room, look.say(words::LAST_ONE), Align::Left, look.styles.dim)
        }
    }
}
