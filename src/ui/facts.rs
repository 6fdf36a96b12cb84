//! Facts about a record: labels at the left, values that wrap at the right.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Scroll;

use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, width, wrap};

/// One fact, or what stands between facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    /// A label and its value.
    Pair(&'a str, Cow<'a, str>, Style),
    /// Text across both columns.
    Text(Cow<'a, str>, Style),
    /// A heading.
    Heading(Cow<'a, str>),
    /// An empty line.
    Blank,
}

/// Facts in the order they are read.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a>(pub Vec<Fact<'a>>);

impl<'a> Facts<'a> {
    /// Adds a fact, unless there is nothing to tell.
    pub fn pair(&mut self, label: &'a str, value: impl Into<Cow<'a, str>>, style: Style) {
        let value = value.into();
        if !value.is_empty() {
            self.0.push(Fact::Pair(label, value, style));
        }
    }

    /// Adds a text, unless it is empty.
    pub fn text(&mut self, text: impl Into<Cow<'a, str>>, style: Style) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Fact::Text(text, style));
        }
    }

    /// Adds an empty line, unless one stands there or nothing does.
    pub fn blank(&mut self) {
        if !matches!(self.0.last(), None | Some(Fact::Blank)) {
            self.0.push(Fact::Blank);
        }
    }
}

/// A line as it is drawn.
struct Line<'a> {
    label: &'a str,
    text: Cow<'a, str>,
    style: Style,
    indented: bool,
}

/// Draws the facts from line `top` on; where there are fewer lines, the last ones stay in view.
pub fn draw(canvas: &mut Canvas, look: &Look, area: Rect, facts: &Facts, scroll: &Scroll) {
    if area.width < 4 {
        return;
    }
    let label = labels(look, facts, area.width);
    let lines = lines(look, facts, label, usize::from(area.width));
    let top = scroll.show(lines.len(), usize::from(area.height));
    let label = u16::try_from(label).unwrap_or(0);
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        let x = if line.indented {
            canvas.field(area.x, y, label, line.label, Align::Left, look.styles.dim);
            area.x + label + 1
        } else {
            area.x
        };
        canvas.field(x, y, area.right().saturating_sub(x), &line.text, Align::Left, line.style);
    }
}

/// Lines that the facts take where there are so many columns.
pub fn height(look: &Look, facts: &Facts, cells: u16) -> u16 {
    let count = lines(look, facts, labels(look, facts, cells), usize::from(cells)).len();
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Cells of the labels.
fn labels(look: &Look, facts: &Facts, cells: u16) -> usize {
    let labels = facts.0.iter().filter_map(|fact| match fact {
        Fact::Pair(label, ..) => Some(width(label, look.mode)),
        _ => None,
    });
    labels.max().unwrap_or(0).min(usize::from(cells) / 2)
}

fn lines<'a>(look: &Look, facts: &'a Facts, label: usize, cells: usize) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for fact in &facts.0 {
        match fact {
            Fact::Blank => {
                lines.push(Line { label: "", text: "".into(), style: look.styles.text, indented: false });
            }
            Fact::Heading(text) => {
                lines.push(Line {
                    label: "",
                    text: Cow::Borrowed(text),
                    style: look.styles.heading,
                    indented: false,
                });
            }
            Fact::Text(text, style) => {
                for text in wrap(text, cells, look.mode) {
                    lines.push(Line { label: "", text: text.into(), style: *style, indented: false });
                }
            }
            Fact::Pair(name, text, style) if look.plain => {
                for text in wrap(&format!("{name}: {text}"), cells, look.mode) {
                    lines.push(Line { label: "", text: text.into(), style: *style, indented: false });
                }
            }
            Fact::Pair(name, text, style) => {
                for (nth, text) in
                    wrap(text, cells.saturating_sub(label + 1), look.mode).into_iter().enumerate()
                {
                    let label = if nth == 0 { name } else { "" };
                    lines.push(Line { label, text: text.into(), style: *style, indented: true });
                }
            }
        }
    }
    lines
}

/// Rows of the facts of one line of a list, where there is room.
const LOWER: u16 = 12;

/// A list, and below it the facts of the line under its cursor.
pub fn below_list(body: Rect) -> [Rect; 2] {
    let lower = if body.height >= 18 { LOWER } else { body.height / 2 };
    let upper = Rect { height: body.height - lower, ..body };
    [upper, Rect { y: upper.bottom(), height: lower, ..body }]
}
