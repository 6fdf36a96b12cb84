//! Triage: the queue at the left, whom one deals with and what is staged in the middle, the keys at
//! the right; where there is little room, the one that is dealt with alone.

mod contact;
mod keys;
mod progress;
mod queue;
mod staged;

use ratatui::layout::Rect;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::text::Align;
use crate::app::{App, Area, TriageDetail};
use crate::command::{Command, Verb};
use crate::i18n::words::{panes, triage as words};
use crate::keymap::{print_keys, stack};

/// Columns of the keys, borders included.
const KEYS: u16 = 30;
/// Lines of what is staged, borders included: a line for each choice, and what comes of them.
const STAGED: u16 = 9;

/// The parts of the screen. A part that is not shown has no cells.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    progress: Rect,
    queue: Rect,
    contact: Rect,
    staged: Rect,
    /// Who comes next, in a line.
    next: Rect,
    keys: Rect,
}

fn parts(body: Rect, plain: bool) -> Parts {
    let line = |area: Rect| (Rect { height: area.height.min(1), ..area }, below(area, 1));
    let (progress, body) = line(body);
    if let Some(queue) = crate::app::triage::queue_area(super::area(body), plain) {
        let queue = super::rect(queue);
        let keys = Rect { x: body.right() - KEYS, width: KEYS, ..body };
        let middle = Rect { x: queue.right(), width: body.width - queue.width - KEYS, ..body };
        let contact = Rect { height: middle.height - STAGED, ..middle };
        let staged = below(middle, contact.height);
        return Parts { progress, queue, contact, staged, keys, next: Rect::default() };
    }
    let keys_high = if plain { 4 } else { 3 }.min(body.height / 5);
    let staged_high = if plain { STAGED - 1 } else { 6 }.min(body.height / 2);
    let contact = Rect { height: body.height - keys_high - staged_high - 1, ..body };
    let staged = Rect { height: staged_high, ..below(body, contact.height) };
    let (next, keys) = line(below(body, contact.height + staged_high));
    Parts { progress, queue: Rect::default(), contact, staged, next, keys }
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// The boxes of triage, for whoever checks their borders.
pub fn areas(body: Area) -> Vec<Area> {
    let parts = parts(super::rect(body), false);
    let boxes = [parts.queue, parts.contact, parts.staged];
    let shown = boxes.into_iter().filter(|area| area.width > 0);
    shown.map(|area| Area { x: area.x, y: area.y, w: area.width, h: area.height }).collect()
}

/// Draws the queue over the whole body.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, body: Area) {
    let body = super::rect(body);
    let parts = parts(body, look.plain);
    progress::draw(canvas, look, app, open, parts.progress);
    if open.queue.items.is_empty() {
        return nobody(canvas, look, app, open, below(body, 1));
    }
    if parts.queue.width > 0 {
        queue::draw(canvas, look, app, open, parts.queue);
    }
    contact::draw(canvas, look, app, open, parts.contact);
    staged::draw(canvas, look, app, open, parts.staged);
    queue::next(canvas, look, app, open, parts.next);
    if parts.queue.width > 0 {
        keys::panel(canvas, look, app, parts.keys);
    } else {
        keys::lines(canvas, look, app, parts.keys);
    }
}

/// Nobody is in the queue, or nobody is known to be yet.
fn nobody(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    let title = look.say(words::QUEUE);
    let inner =
        frame(canvas, look, area, Frame { title, note: &open.label, focused: true, ..Frame::default() });
    let (text, style) = match &open.error {
        Some(error) => (error.as_str(), look.styles.bad),
        None if !open.loaded => (look.say(panes::LOADING), look.styles.dim),
        None => (look.say(words::EMPTY), look.styles.text),
    };
    let line = |canvas: &mut Canvas, y: u16, text: &str, style| {
        if y < inner.bottom() {
            canvas.field(inner.x + 1, y, inner.width.saturating_sub(2), text, Align::Left, style);
        }
    };
    line(canvas, inner.y, text, style);
    if open.loaded {
        line(canvas, inner.y + 2, &ways_on(look, app), look.styles.dim);
    }
}

/// What one can do where nothing is left.
fn ways_on(look: &Look, app: &App) -> String {
    let key = |verb| key_of(app, &Command::new(verb));
    look.fill(
        words::PRESS_FOR_MORE,
        &[
            ("refresh", &key(Verb::TriageRefresh)),
            ("queues", &key(Verb::TriageQueue)),
            ("back", &key(Verb::BackOrQuit)),
        ],
    )
}

/// The first key of a command in triage; empty where it has none.
fn key_of(app: &App, command: &Command) -> String {
    let keys = app.settings.keymap.keys_for(command, stack(crate::command::Layer::Triage));
    keys.first().map(|keys| print_keys(keys)).unwrap_or_default()
}
