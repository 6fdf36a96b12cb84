//! A form: its fields below one another, what each means, and what is wrong with it.

use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, width, wrap};
use super::{line_input, lines_input};
use crate::app::{Form, FormField};
use crate::i18n::words::writing as words;

/// From so many columns on a form is a box in the middle; below, it takes all there is.
const BOXED: u16 = 100;
/// Lines of a long text while one types somewhere else.
const SHORT: usize = 3;
/// Lines that the preview of a message may take.
const PREVIEW: usize = 6;
/// Lines that a long text may ask for in a box.
const LONG: usize = 12;

/// Draws the form over `body`; gives the caret.
pub fn draw(canvas: &mut Canvas, look: &Look, form: &Form, body: Rect) -> Option<Position> {
    let labels = form.fields.iter().map(|field| width(&field.label, look.mode));
    let label = u16::try_from(labels.max().unwrap_or(0)).unwrap_or(u16::MAX).min(body.width / 3);
    let boxed = body.width >= BOXED;
    let wide = if boxed { 88 } else { body.width };
    // what stands below the field already is not said twice
    let wrong = form.current().and_then(|field| field.means.as_ref().err());
    let error = form.error.as_deref().filter(|error| wrong.is_none_or(|wrong| wrong != error));
    let error = error.unwrap_or_default();
    let errors = if error.is_empty() {
        Vec::new()
    } else {
        wrap(error, usize::from(wide.saturating_sub(4)), look.mode)
    };
    let under = u16::try_from(errors.len().min(3)).unwrap_or(0);
    let cells = wide.saturating_sub(label + 6);
    let high = if boxed {
        let lines = form.fields.iter().enumerate().map(|(index, field)| {
            let focused = index == form.focus;
            // room for every text, so that the box stays as it is while one goes from field to field
            let text = if field.many { if form.fields.len() > 2 { SHORT } else { LONG } } else { 1 };
            text.max(part(look, field, focused, cells, text).height())
        });
        u16::try_from(lines.sum::<usize>() + 3).unwrap_or(u16::MAX).saturating_add(under).min(body.height)
    } else {
        body.height
    };
    let area = look.over(body, (wide, high), 3);
    canvas.ground(look.styles.over);
    canvas.clear(area, Style::new());
    let note = if form.restored { look.say(words::FROM_DRAFT) } else { "" };
    let figures = format!("{}/{}", form.focus + 1, form.fields.len());
    let figures = if form.fields.len() > 1 { figures.as_str() } else { "" };
    let inner = frame(canvas, look, area, Frame { title: &form.title, note, figures, focused: true });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let list = Rect { height: inner.height.saturating_sub(under), ..inner };
    for (y, line) in (list.bottom()..inner.bottom()).zip(&errors) {
        canvas.field(inner.x, y, inner.width, line, Align::Left, look.styles.error);
    }
    fields(canvas, look, form, list, label)
}

/// Draws the fields, those around the focused one where there is no room for all.
fn fields(canvas: &mut Canvas, look: &Look, form: &Form, area: Rect, label: u16) -> Option<Position> {
    let cells = area.width.saturating_sub(label + 3);
    let room = usize::from(area.height);
    let mut parts: Vec<Part> = Vec::new();
    for (index, field) in form.fields.iter().enumerate() {
        parts.push(part(look, field, index == form.focus, cells, SHORT));
    }
    // the text that one types gets all the room that the others leave
    let used: usize = parts.iter().map(Part::height).sum();
    if let (Some(field), Some(focused)) = (form.current(), parts.get_mut(form.focus))
        && field.many
    {
        focused.text += room.saturating_sub(used);
        focused.text = focused.text.min(room.saturating_sub(focused.below.len()).max(1));
    }
    let before: usize = parts.iter().take(form.focus).map(Part::height).sum();
    let focused = parts.get(form.focus).map_or(0, Part::height);
    let mut skip = (before + focused).saturating_sub(room).min(before);
    let (mut y, mut caret) = (area.y, None);
    for (index, (field, part)) in form.fields.iter().zip(&parts).enumerate() {
        if skip >= part.height() {
            skip -= part.height();
            continue;
        }
        if y >= area.bottom() {
            break;
        }
        // a field that is half out of view shows its end
        let text = part.text.saturating_sub(skip);
        let below = part.below.iter().skip(skip.saturating_sub(part.text));
        skip = 0;
        let height = u16::try_from(text).unwrap_or(u16::MAX).min(area.bottom() - y);
        let row = Rect { y, height, ..area };
        let at = value(canvas, look, field, row, label, index == form.focus);
        caret = caret.or(at);
        y += height;
        for line in below {
            if y < area.bottom() {
                line.draw(canvas, look, Rect { x: area.x + label + 3, y, width: cells, height: 1 });
                y += 1;
            }
        }
    }
    caret
}

/// Draws label and text of a field; gives the caret where one types there.
fn value(
    canvas: &mut Canvas,
    look: &Look,
    field: &FormField,
    area: Rect,
    label: u16,
    focused: bool,
) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    let styles = look.styles;
    let style = if focused { styles.cursor } else { styles.dim };
    canvas.put(area.x, area.y, 1, if focused { ">" } else { " " }, styles.text);
    canvas.field(area.x + 2, area.y, label, &field.label, Align::Left, style);
    let x = area.x + label + 3;
    if let Some(why) = &field.fixed {
        canvas.field(x, area.y, area.right().saturating_sub(x), why, Align::Left, styles.hint);
        return None;
    }
    let area = Rect { x, width: area.right().saturating_sub(x), ..area };
    let caret = if field.many {
        lines_input::draw(canvas, look, area, &field.input, &field.top)
    } else {
        line_input::draw(canvas, look, area, "", &field.input, field.wrong.as_ref())
    };
    caret.filter(|_| focused)
}

/// A line below a field.
enum Below<'a> {
    /// The words that it can be.
    Words(Vec<(&'a str, bool)>),
    /// What the text means.
    Meaning(String),
    /// Why it means nothing.
    Wrong(String),
}

impl Below<'_> {
    fn draw(&self, canvas: &mut Canvas, look: &Look, area: Rect) {
        match self {
            Self::Words(words) => {
                let mut x = area.x;
                for (word, on) in words {
                    let room = area.right().saturating_sub(x);
                    let style =
                        if *on { look.styles.cursor.add_modifier(Modifier::BOLD) } else { look.styles.hint };
                    let shown = if *on { format!("[{word}]") } else { format!(" {word} ") };
                    x += canvas.line(x, area.y, room, &[(&shown, style)]);
                }
            }
            Self::Meaning(text) => {
                canvas.field(area.x, area.y, area.width, text, Align::Left, look.styles.good);
            }
            Self::Wrong(text) => {
                canvas.field(area.x, area.y, area.width, text, Align::Left, look.styles.error);
            }
        }
    }
}

/// How many lines a field takes, and what stands below its text.
struct Part<'a> {
    text: usize,
    below: Vec<Below<'a>>,
}

impl Part<'_> {
    fn height(&self) -> usize {
        self.text + self.below.len()
    }
}

fn part<'a>(look: &Look, field: &'a FormField, focused: bool, cells: u16, most: usize) -> Part<'a> {
    let text = if field.many { lines_input::height(look, cells, field.input.text(), most) } else { 1 };
    let mut below = Vec::new();
    if focused && !field.choices.is_empty() {
        below.extend(words_of(look, field, usize::from(cells)));
    }
    match &field.means {
        Ok(means) if means.is_empty() => {}
        // a message as it would be sent, over as many lines as it takes
        Ok(means) if field.many => {
            let shown = format!("{}: {means}", look.say(words::PREVIEW));
            let lines = shown.split('\n').flat_map(|line| wrap(line, usize::from(cells), look.mode));
            below.extend(lines.take(PREVIEW).map(Below::Meaning));
        }
        Ok(means) => below.push(Below::Meaning(format!("= {means}"))),
        Err(wrong) => {
            // right below what it is about, where there is room for it
            let at = field
                .wrong
                .as_ref()
                .map_or(0, |span| line_input::column(look, field.input.text(), span.start));
            let under = format!("{}^ {wrong}", " ".repeat(at));
            let fits = field.wrong.is_some() && width(&under, look.mode) <= usize::from(cells);
            let told = if fits { under } else { format!("! {wrong}") };
            let lines = if fits { vec![told] } else { wrap(&told, usize::from(cells), look.mode) };
            below.extend(lines.into_iter().take(2).map(Below::Wrong));
        }
    }
    Part { text, below }
}

/// The words that a field can be, in at most two lines.
fn words_of<'a>(look: &Look, field: &'a FormField, cells: usize) -> Vec<Below<'a>> {
    let typed = field.input.text().trim();
    let (mut lines, mut line, mut used) = (Vec::new(), Vec::new(), 0);
    for (word, label) in &field.choices {
        let wanted = width(label, look.mode) + 2;
        if used + wanted > cells && !line.is_empty() {
            lines.push(Below::Words(std::mem::take(&mut line)));
            used = 0;
        }
        used += wanted;
        line.push((label.as_str(), word == typed || label == typed));
    }
    lines.push(Below::Words(line));
    lines.truncate(2);
    lines
}
