//! A question before much is written, or before what cannot be undone: the plan itself, to be read.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::line_input;
use super::look::Look;
use super::text::{Align, width, wrap};
use crate::app::Confirm;
use crate::command::plan::{reasons, told_reasons};
use crate::command::{Plan, Risk, label_in};
use crate::i18n::Word;
use crate::i18n::words::writing as words;

/// Cells of a name at most; a longer one is cut.
const NAME: usize = 20;

/// Draws the question over `body`; gives the caret where a number has to be typed.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &Confirm, body: Rect) -> Option<Position> {
    let plan = &open.plan;
    let wide = if body.width >= 100 { 96 } else { body.width };
    let cells = usize::from(wide.saturating_sub(4));
    let risk = wrap(&risk(look, open), cells, look.mode);
    let list = List::of(look, plan, cells);
    let under = if open.wanted.is_some() { 3 } else { 1 };
    let fixed = u16::try_from(risk.len()).unwrap_or(1) + under + 3;
    let high = u16::try_from(list.lines()).unwrap_or(u16::MAX).saturating_add(fixed).min(body.height);
    let area = look.over(body, (wide, high), 3);
    canvas.ground(look.styles.over);
    canvas.clear(area, Style::new());
    let title = format!("{} · {}", look.say(words::CONFIRM), label_in(&plan.label, look.lang.is_zh()));
    let figures = look.fill(words::RECORDS, &[("n", &open.records)]);
    let inner =
        frame(canvas, look, area, Frame { title: &title, figures: &figures, focused: true, note: "" });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let mut y = inner.y;
    let loud = if plan.risk >= Risk::Outbound { look.styles.failed } else { look.styles.warn };
    for line in &risk {
        canvas.field(inner.x, y, inner.width, line, Align::Left, loud);
        y = y.saturating_add(1).min(inner.bottom());
    }
    y = y.saturating_add(1).min(inner.bottom());
    let bottom = inner.bottom().saturating_sub(under).max(inner.y);
    let y = y.min(bottom);
    let room = Rect { y, height: bottom - y, ..inner };
    let top = open.scroll.show(list.lines(), usize::from(room.height));
    for (y, line) in (room.y..room.bottom()).zip(top..list.lines()) {
        list.draw(canvas, look, Rect { y, height: 1, ..room }, line);
    }
    let foot = Rect { y: bottom, height: inner.bottom() - bottom, ..inner };
    let end = list.lines().min(top + usize::from(room.height));
    if foot.height > 0 && (end < list.lines() || top > 0) {
        let shown = list.place(look, top, end);
        canvas.field(foot.x, foot.y, foot.width, &shown, Align::Right, look.styles.dim);
    }
    number(canvas, look, open, foot)
}

/// The line that the number is typed into, and what was wrong with it.
fn number(canvas: &mut Canvas, look: &Look, open: &Confirm, foot: Rect) -> Option<Position> {
    let wanted = open.wanted?;
    if foot.height < 2 {
        return None;
    }
    let line = Rect { y: foot.y + 1, height: 1, ..foot };
    let prompt = format!("{} ", look.fill(words::TYPE_THE_NUMBER, &[("n", &wanted)]));
    let caret = line_input::draw(canvas, look, line, &prompt, &open.input, None);
    if open.wrong {
        let wrong = look.fill(words::WRONG_NUMBER, &[("n", &wanted)]);
        // Beneath what was typed, or above it where there is no room beneath.
        let y = if foot.height > 2 { foot.y + 2 } else { foot.y };
        canvas.field(foot.x, y, foot.width, &wrong, Align::Left, look.styles.error);
    }
    caret
}

/// The risk in a word, and what it means here.
fn risk(look: &Look, open: &Confirm) -> String {
    let plan = &open.plan;
    let word: Word = match plan.risk {
        Risk::Read | Risk::Write => words::RISK_WRITE,
        Risk::Bulk => words::RISK_BULK,
        Risk::Outbound => words::RISK_OUTBOUND,
        Risk::Irreversible => words::RISK_IRREVERSIBLE,
    };
    let mut told = look.fill(word, &[("n", &open.records)]);
    if !plan.skipped.is_empty() {
        told.push_str(" · ");
        let why = told_reasons(&reasons(&plan.skipped), look.lang.is_zh());
        told.push_str(&look.fill(words::SKIPPED, &[("n", &plan.skipped.len()), ("why", &why)]));
    }
    told
}

/// What is written and what is not, line by line: only those in view are made.
struct List<'a> {
    plan: &'a Plan,
    /// A single write is told in full, over as many lines as it takes.
    whole: Vec<String>,
    names: u16,
    ids: u16,
    zh: bool,
}

impl<'a> List<'a> {
    fn of(look: &Look, plan: &'a Plan, cells: usize) -> Self {
        let whole = match (plan.writes.as_slice(), plan.told.as_slice()) {
            ([one], [told]) => {
                wrap(&format!("{}  {}  {told}", one.name, one.write.about()), cells, look.mode)
            }
            _ => Vec::new(),
        };
        let names = plan.writes.iter().map(|one| &one.name).chain(plan.skipped.iter().map(|one| &one.name));
        let names = names.take(200).map(|name| width(name, look.mode)).max().unwrap_or(0).min(NAME);
        let ids = plan.writes.iter().map(|one| one.write.about());
        let ids = ids.chain(plan.skipped.iter().map(|one| one.id.as_str()));
        let ids = ids.take(200).map(|id| width(id, look.mode)).max().unwrap_or(0).min(NAME);
        let cells = |most: usize| u16::try_from(most).unwrap_or(0);
        Self { plan, whole, names: cells(names), ids: cells(ids), zh: look.lang.is_zh() }
    }

    /// Lines of writes.
    fn writes(&self) -> usize {
        if self.whole.is_empty() { self.plan.writes.len() } else { self.whole.len() }
    }

    /// Which of the writes the lines from `top` to before `end` show; which of those left out, where no
    /// write is among them. What is written may be more than one for a record.
    fn place(&self, look: &Look, top: usize, end: usize) -> String {
        let told = |word, from: usize, to: usize, of: usize| {
            look.fill(word, &[("from", &from), ("to", &to), ("of", &of)])
        };
        let writes = self.writes();
        if top < writes && self.whole.is_empty() {
            return told(words::LINES, top + 1, end.min(writes), writes);
        }
        // the heading of those left out is none of them
        let from = top.saturating_sub(writes + 1) + 1;
        match end.saturating_sub(writes + 1).min(self.plan.skipped.len()) {
            to if to >= from => told(words::LINES_LEFT_OUT, from, to, self.plan.skipped.len()),
            _ => String::new(),
        }
    }

    fn lines(&self) -> usize {
        let below = |rows: usize| if rows > 0 { rows + 1 } else { 0 };
        self.writes() + below(self.plan.skipped.len()) + below(self.plan.said.len())
    }

    /// The line of the heading over what programs said.
    fn said_from(&self) -> usize {
        self.lines() - self.plan.said.len() - 1
    }

    fn draw(&self, canvas: &mut Canvas, look: &Look, row: Rect, line: usize) {
        let styles = look.styles;
        if let Some(text) = self.whole.get(line) {
            canvas.field(row.x, row.y, row.width, text, Align::Left, styles.text);
        } else if let Some(write) = self.plan.writes.get(line).filter(|_| self.whole.is_empty()) {
            let told = self.plan.told.get(line).map_or("", String::as_str);
            self.line(canvas, look, row, (&write.name, styles.strong), write.write.about(), told);
        } else if !self.plan.said.is_empty() && line == self.said_from() {
            canvas.field(
                row.x,
                row.y,
                row.width,
                look.say(words::PROGRAMS_SAID),
                Align::Left,
                styles.heading,
            );
        } else if !self.plan.said.is_empty() && line > self.said_from() {
            if let Some(said) = self.plan.said.get(line - self.said_from() - 1) {
                self.line(canvas, look, row, (&said.name, styles.dim), "", &said.text.replace('\n', " · "));
            }
        } else if line == self.writes() {
            canvas.field(row.x, row.y, row.width, look.say(words::LEFT_OUT), Align::Left, styles.heading);
        } else if let Some(skipped) = self.plan.skipped.get(line - self.writes() - 1) {
            let why = skipped.why.says(self.zh);
            self.line(canvas, look, row, (&skipped.name, styles.dim), &skipped.id, &why);
        }
    }

    fn line(
        &self,
        canvas: &mut Canvas,
        look: &Look,
        row: Rect,
        (name, style): (&str, Style),
        id: &str,
        told: &str,
    ) {
        let names = self.names.min(row.width / 3);
        canvas.field(row.x, row.y, names, name, Align::Left, style);
        let ids = self.ids.min(row.width / 5);
        let x = row.x + names + 2;
        canvas.field(x, row.y, ids, id, Align::Left, look.styles.dim);
        let x = x + ids + 2;
        canvas.field(x, row.y, row.right().saturating_sub(x), told, Align::Left, look.styles.text);
    }
}
