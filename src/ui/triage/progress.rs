//! The line above the queue: which one it is, how far one has come, how long it will take.

use ratatui::layout::Rect;

use super::super::bar::bar;
use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::text::width;
use super::key_of;
use crate::app::{App, TriageDetail};
use crate::command::{Command, Verb};
use crate::i18n;
use crate::i18n::words::triage as words;

/// Cells of the bar.
const BAR: usize = 22;

/// Draws the line: what there is no room for is left out from the end.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    let styles = look.styles;
    let (done, left) = (open.queue.done(), open.queue.left());
    let mut parts = vec![(open.label.clone(), styles.title_focused)];
    if open.loaded {
        parts.push((look.fill(words::DONE_LEFT, &[("done", &done), ("left", &left)]), styles.text));
        if look.plain {
            let share = if done + left == 0 { 1.0 } else { done as f64 / (done + left) as f64 };
            parts.push((i18n::percent(share), styles.text));
        } else {
            parts.push((bar(done as u64, Some((done + left) as u64), BAR), styles.good));
        }
        let span = |millis: i64| i18n::span(look.lang, (millis + 500) / 1000);
        if let Some(each) = app.desk.pace.median() {
            parts.push((look.fill(words::PER_ITEM, &[("time", &span(each))]), styles.dim));
        }
        if let Some(all) = app.desk.pace.left(left).filter(|_| left > 0) {
            // Nobody plans by the second: whole minutes from two of them on.
            let all = if all >= 120_000 { (all + 59_999) / 60_000 * 60_000 } else { all };
            parts.push((look.fill(words::LEFT_TIME, &[("time", &about(look, all))]), styles.text));
        }
        if !open.queue.marks.is_empty() {
            parts.push((look.fill(words::MARKED, &[("n", &open.queue.marks.len())]), styles.mark));
        }
        if open.new_ones > 0 {
            let key = key_of(app, &Command::new(Verb::TriageRefresh));
            parts.push((look.fill(words::NEW_ONES, &[("n", &open.new_ones), ("key", &key)]), styles.warn));
        }
        let shown = open.queue.items.len() as u64;
        if open.total > shown && shown as usize >= crate::query::ask::LONGEST_QUEUE {
            let text = look.fill(words::OF_MANY, &[("n", &shown), ("total", &open.total)]);
            parts.push((text, styles.warn));
        }
    }
    canvas.clear(area, styles.text);
    let mut x = area.x + 1;
    for (text, style) in &parts {
        let cells = u16::try_from(width(text, look.mode)).unwrap_or(u16::MAX);
        if x.saturating_add(cells) >= area.right() {
            break;
        }
        x += canvas.put(x, area.y, cells, text, *style) + 2;
    }
}

/// A time that is only roughly known.
fn about(look: &Look, millis: i64) -> String {
    let minutes = millis / 60_000;
    match minutes {
        0..2 => i18n::span(look.lang, (millis + 999) / 1000),
        2..60 => look.fill(words::MINUTES_LEFT, &[("m", &minutes)]),
        _ => look.fill(words::HOURS_LEFT, &[("h", &(minutes / 60)), ("m", &(minutes % 60))]),
    }
}
