//! The line above the footer: what has happened, what goes on, which keys are pressed.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::bar::{bar, seconds_left};
use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, WidthMode, width, wrap};
use super::unsent;
use crate::app::{App, Exporting, Overlay, Progress, Tone};
use crate::i18n;
use crate::i18n::words::{export, footer, kinds, sync};
use crate::keymap::print_keys;

/// Draws the line.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    canvas.clear(area, look.styles.text);
    let notice = told_last(look, app).or_else(|| refused(look, app));
    let cells =
        notice.as_ref().map_or(0, |(text, _)| u16::try_from(width(text, look.mode)).unwrap_or(u16::MAX));
    let mut room = area.width.saturating_sub(2);
    // what the operator is told is whole, and what goes on stands in the room that is left
    let left = room.saturating_sub(if cells == 0 { 0 } else { cells.saturating_add(2) });
    let pressed = pressed(look, app);
    if !pressed.is_empty() {
        room -= right(canvas, look, area, room, &pressed);
    } else if let Some(exporting) = &app.exporting {
        let text = exported(look, app, exporting, left);
        room -= right(canvas, look, area, left, &text);
    } else if let Some(progress) = &app.header.progress {
        let text = told(look, progress, left);
        room -= right(canvas, look, area, left, &text);
    }
    if let Some((text, style)) = notice {
        canvas.field(area.x + 1, area.y, room, &text, Align::Left, style);
    }
}

/// Draws a notice that one line has no room for, over as many lines as it takes: upwards from the
/// line it usually stands on, over what lies there.
pub fn draw_long(canvas: &mut Canvas, look: &Look, app: &App, line: Rect, body: Rect) {
    // what is typed on the line has it for itself
    if matches!(app.overlay, Some(Overlay::Search(_) | Overlay::Line(_))) {
        return;
    }
    let Some((text, style)) = told_last(look, app) else { return };
    let cells = usize::from(line.width.saturating_sub(2));
    if width(&text, look.mode) <= cells {
        return;
    }
    let (edges, inset) = if look.plain { (0, 0) } else { (2, 1) };
    let lines = wrap(&text, cells.saturating_sub(2 * edges), look.mode);
    let high = u16::try_from(lines.len() + edges).unwrap_or(u16::MAX).min(body.height.saturating_add(1));
    // the sides of the boxes that lie below stay
    let area = Rect {
        x: line.x + inset,
        y: (line.y + 1).saturating_sub(high),
        width: line.width.saturating_sub(2 * inset),
        height: high,
    };
    canvas.ground(look.styles.over);
    canvas.clear(area, style);
    let inner = if look.plain { area } else { frame(canvas, look, area, Frame::default()) };
    for (y, line) in (inner.y..inner.bottom()).zip(&lines) {
        canvas.field(inner.x + 1, y, inner.width.saturating_sub(2), line, Align::Left, style);
    }
    canvas.ground(look.styles.text);
}

/// What the backend says of the row under the cursor, where it will not have what was written.
fn refused(look: &Look, app: &App) -> Option<(String, Style)> {
    let standing = app.refused_here()?;
    Some((unsent::told(look, Some(standing)), look.styles.failed))
}

/// The last line to the operator.
fn told_last(look: &Look, app: &App) -> Option<(String, Style)> {
    let notice = app.notice.as_ref()?;
    let (mark, style) = match notice.tone {
        Tone::Good if look.mode == WidthMode::Narrow => ("✓ ", look.styles.good),
        Tone::Good => ("+ ", look.styles.good),
        Tone::Plain => ("", look.styles.text),
        Tone::Bad => ("! ", look.styles.failed),
    };
    Some((format!("{mark}{}", notice.text), style))
}

/// Keys that are no command yet, with their count.
fn pressed(look: &Look, app: &App) -> String {
    let (keys, count) = app.pressed();
    let count = count.map(|count| count.to_string()).unwrap_or_default();
    match (keys.is_empty(), count.is_empty()) {
        (true, true) => String::new(),
        (true, false) => count,
        _ => look.fill(footer::PENDING, &[("keys", &format!("{count}{}", print_keys(keys)))]),
    }
}

/// `拉取客户 1,240/5,000 [#####-------] 1,024 条/秒 剩 4秒`, as much of it as there is room for.
fn told(look: &Look, progress: &Progress, room: u16) -> String {
    let what = look.named(kinds::RESOURCES, progress.resource.name());
    let done = i18n::exact(i64::try_from(progress.done).unwrap_or(i64::MAX));
    let head = match progress.total {
        Some(total) => {
            let total = i18n::exact(i64::try_from(total).unwrap_or(i64::MAX));
            look.fill(sync::PULLING, &[("what", &what), ("n", &done), ("total", &total)])
        }
        None if progress.done == 0 => look.fill(sync::ASKING, &[("what", &what)]),
        None => look.fill(sync::PULLING_UNKNOWN, &[("what", &what), ("n", &done)]),
    };
    let rest = Rest { done: progress.done, total: progress.total, rate: progress.rate };
    measured(look, head, &rest, room)
}

/// `导出 1,240/5,000 [#####-------] 1,024 条/秒 剩 4秒`, as much of it as there is room for.
fn exported(look: &Look, app: &App, exporting: &Exporting, room: u16) -> String {
    let exact = |n: u64| i18n::exact(i64::try_from(n).unwrap_or(i64::MAX));
    let total = exporting.of.map_or_else(|| "?".to_owned(), exact);
    let head = look.fill(export::RUNNING, &[("n", &exact(exporting.done)), ("total", &total)]);
    let rest = Rest { done: exporting.done, total: exporting.of, rate: exporting.rate(app.now) };
    measured(look, head, &rest, room)
}

/// How far long work is.
struct Rest {
    done: u64,
    total: Option<u64>,
    /// A second.
    rate: f64,
}

/// What goes on, with its bar, its rate and the time that is left, as far as there is room.
fn measured(look: &Look, head: String, progress: &Rest, room: u16) -> String {
    let mut line = head;
    let mut add = |text: String| {
        if width(&line, look.mode) + width(&text, look.mode) + 2 < usize::from(room) {
            line = format!("{line}  {text}");
        }
    };
    if let (true, Some(total @ 1..)) = (look.plain, progress.total) {
        add(i18n::percent(progress.done as f64 / total as f64));
    } else if progress.total.is_some() {
        add(bar(progress.done, progress.total, 22));
    }
    if progress.rate >= 1.0 {
        add(look.fill(sync::RATE, &[("n", &i18n::exact(progress.rate as i64))]));
    }
    if let Some(seconds) = seconds_left(progress.done, progress.total, progress.rate) {
        let time = i18n::span(look.lang, i64::try_from(seconds).unwrap_or(i64::MAX));
        add(look.fill(sync::TIME_LEFT, &[("time", &time)]));
    }
    line
}

/// Draws at the right end, where there is room for the whole; gives the cells taken, a blank included.
fn right(canvas: &mut Canvas, look: &Look, area: Rect, room: u16, text: &str) -> u16 {
    let cells = u16::try_from(width(text, look.mode)).unwrap_or(u16::MAX);
    if cells > room {
        return 0;
    }
    canvas.field(area.right().saturating_sub(cells + 1), area.y, cells, text, Align::Left, look.styles.key);
    (cells + 2).min(room)
}
