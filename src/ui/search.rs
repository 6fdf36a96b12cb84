//! The search line and the command line: typed on the message line, the mistake told under its
//! column, what could be typed offered above.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, width};
use super::{line_input, mistakes};
use crate::app::{CommandLine, LineInput, Search};
use crate::command::Verb;
use crate::query::{Problem, QueryError};

/// Offers shown at once.
const OFFERS: usize = 8;

/// Draws the search line; gives the caret.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &Search, line: Rect, below: Rect) -> Option<Position> {
    let wrong = open.error.as_ref().map(|error| &error.span);
    let caret = line_input::draw(canvas, look, inset(line), "/ ", &open.input, wrong);
    // while there is something to complete, a value that is missing is no mistake yet
    let missing =
        |error: &QueryError| matches!(error.problem, Problem::NoValue { .. }) && !open.completions.is_empty();
    if let Some(error) = open.error.as_ref().filter(|error| open.chosen.is_none() && !missing(error)) {
        told(canvas, look, below, &open.input, error.span.start, &mistakes::told(look, error));
    }
    let offers: Vec<(&str, &str)> = open
        .completions
        .iter()
        .map(|offer| {
            let help = if look.lang.is_zh() { &offer.help.zh } else { &offer.help.en };
            (offer.label.as_str(), help.as_str())
        })
        .collect();
    let at = open.completions.first().map_or(0, |offer| offer.span.start);
    offered(canvas, look, line, 2 + line_input::column(look, open.input.text(), at), &offers, open.chosen);
    caret
}

/// Draws the command line; gives the caret.
pub fn draw_command(
    canvas: &mut Canvas,
    look: &Look,
    open: &CommandLine,
    line: Rect,
    below: Rect,
) -> Option<Position> {
    let wrong = open.error.as_ref().map(|(span, _)| span);
    let caret = line_input::draw(canvas, look, inset(line), ": ", &open.input, wrong);
    if let Some((span, why)) = &open.error {
        told(canvas, look, below, &open.input, span.start, why);
    }
    let offers: Vec<(&str, &str)> = open
        .offers
        .iter()
        .map(|id| (*id, Verb::parse(id).map_or("", |verb| verb.spec().says(look.lang.is_zh()))))
        .collect();
    if !open.input.text().is_empty() {
        offered(canvas, look, line, 2, &offers, open.chosen);
    }
    caret
}

fn inset(line: Rect) -> Rect {
    Rect { x: line.x + line.width.min(1), width: line.width.saturating_sub(2), ..line }
}

/// Tells a mistake below its column: `^ 没有筛选项 foo`.
fn told(canvas: &mut Canvas, look: &Look, area: Rect, input: &LineInput, at: usize, why: &str) {
    canvas.clear(area, look.styles.text);
    let line = format!("^ {why}");
    let cells = u16::try_from(width(&line, look.mode)).unwrap_or(u16::MAX);
    let column = u16::try_from(3 + line_input::column(look, input.text(), at)).unwrap_or(u16::MAX);
    // at its column where there is room for all of it, else as far right as it goes
    let x = column.min(area.width.saturating_sub(cells.saturating_add(1))).max(1);
    canvas.field(area.x + x, area.y, area.width.saturating_sub(x), &line, Align::Left, look.styles.bad);
}

/// A box of offers above the line, the chosen one reversed.
fn offered(
    canvas: &mut Canvas,
    look: &Look,
    line: Rect,
    column: usize,
    offers: &[(&str, &str)],
    chosen: Option<usize>,
) {
    if offers.is_empty() || line.y < 3 {
        return;
    }
    // the chosen one stays in view
    let first = chosen.map_or(0, |chosen| chosen.saturating_sub(OFFERS - 1));
    let shown = &offers[first..offers.len().min(first + OFFERS)];
    let label = shown.iter().map(|(label, _)| width(label, look.mode)).max().unwrap_or(0);
    let help = shown.iter().map(|(_, help)| width(help, look.mode)).max().unwrap_or(0);
    let wide = (label + help + 7).max(16);
    let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(line.width);
    let high = u16::try_from(shown.len() + 2).unwrap_or(u16::MAX).min(line.y);
    let x = u16::try_from(column).unwrap_or(0).min(line.width - wide);
    let area = Rect { x: line.x + x, y: line.y - high, width: wide, height: high };
    canvas.ground(look.styles.over);
    canvas.clear(area, Style::new());
    let figures = if offers.len() > OFFERS { look.figure(offers.len() as u64) } else { String::new() };
    let inner = frame(canvas, look, area, Frame { figures: &figures, focused: true, ..Frame::default() });
    let label = u16::try_from(label).unwrap_or(u16::MAX).min(inner.width.saturating_sub(3));
    for (index, (y, (text, help))) in (inner.y..inner.bottom()).zip(shown).enumerate() {
        let current = chosen == Some(first + index);
        canvas.put(inner.x, y, 1, if current { ">" } else { " " }, look.styles.text);
        let style = if current { look.styles.cursor } else { look.styles.text };
        canvas.field(inner.x + 2, y, label, text, Align::Left, style);
        let x = inner.x + label + 4;
        canvas.field(x, y, inner.right().saturating_sub(x), help, Align::Left, look.styles.dim);
    }
}
