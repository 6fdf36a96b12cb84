//! The first-run screen: language, a picture that shows whether widths are right, demo or
//! backend.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::line_input;
use super::look::Look;
use super::text::Align;
use crate::app::{FirstChoice, FirstRun, FirstStep, LineInput};
use crate::i18n::words::{first_run, footer};

/// Draws the screen; gives the caret where a line is open.
pub fn draw(canvas: &mut Canvas, look: &Look, run: &FirstRun, body: Rect) -> Option<Position> {
    let wide = body.width.min(72);
    let high = body.height.min(18);
    let area = Rect {
        x: body.x + (body.width - wide) / 2,
        y: body.y + (body.height - high) / 3,
        width: wide,
        height: high,
    };
    let title = look.say(first_run::WELCOME);
    let inner = frame(canvas, look, area, Frame { title, focused: true, ..Frame::default() });
    let inner = Rect { x: inner.x + 2, width: inner.width.saturating_sub(4), ..inner };
    let mut lines = Lines { area: inner, y: inner.y.saturating_add(u16::from(inner.height > 12)) };
    match run.step {
        FirstStep::Choose => {
            choices(canvas, look, run, &mut lines);
            lines.skip();
            width_picture(canvas, look, &mut lines);
            None
        }
        FirstStep::Url | FirstStep::Token => {
            let caret = questions(canvas, look, run, &mut lines);
            lines.skip();
            if let Some(line) = lines.next() {
                let (text, style) = match (&run.tried, run.trying.is_some()) {
                    (_, true) => (look.say(first_run::TESTING).to_owned(), look.styles.warn),
                    (Some(Ok(())), _) => (look.say(first_run::REACHED).to_owned(), look.styles.good),
                    (Some(Err(why)), _) => (
                        look.fill(first_run::NOT_REACHED, &[("error", &why.in_lang(look.lang))]),
                        look.styles.bad,
                    ),
                    (None, false) => (String::new(), look.styles.text),
                };
                let wrapped = super::text::wrap(&text, usize::from(line.width), look.mode);
                for (y, text) in (line.y..inner.bottom()).zip(wrapped) {
                    canvas.put(line.x, y, line.width, &text, style);
                }
            }
            caret
        }
    }
}

/// Lines of an area, one after the other.
struct Lines {
    area: Rect,
    y: u16,
}

impl Lines {
    fn next(&mut self) -> Option<Rect> {
        let line = Rect { y: self.y, height: 1, ..self.area };
        self.y = self.y.saturating_add(1);
        (line.y < self.area.bottom()).then_some(line)
    }

    fn skip(&mut self) {
        self.y = self.y.saturating_add(1);
    }
}

fn choices(canvas: &mut Canvas, look: &Look, run: &FirstRun, lines: &mut Lines) {
    for (index, choice) in FirstRun::CHOICES.into_iter().enumerate() {
        let Some(line) = lines.next() else { return };
        let other;
        let text = match choice {
            FirstChoice::Demo => look.say(first_run::DEMO),
            FirstChoice::Backend => look.say(first_run::BACKEND),
            FirstChoice::Lang => {
                // each language names itself, so that either reader finds it
                other = format!("{} / {}", footer::LANGUAGE.zh, footer::LANGUAGE.en);
                &other
            }
            FirstChoice::Quit => look.say(first_run::QUIT),
        };
        let current = index == run.cursor;
        canvas.put(line.x, line.y, 1, if current { ">" } else { " " }, look.styles.text);
        let cells = u16::try_from(super::text::width(text, look.mode)).unwrap_or(u16::MAX);
        let style = if current { look.styles.cursor } else { look.styles.text };
        canvas.field(line.x + 2, line.y, cells.min(line.width.saturating_sub(2)), text, Align::Left, style);
    }
}

/// A picture whose right edges stand in line where the terminal's widths are as we count them.
fn width_picture(canvas: &mut Canvas, look: &Look, lines: &mut Lines) {
    if let Some(line) = lines.next() {
        canvas.field(
            line.x,
            line.y,
            line.width,
            look.say(first_run::WIDTH_TEST),
            Align::Left,
            look.styles.dim,
        );
    }
    for text in ["|12345678901234567890|", "|──●①→…会员宝妈福利群|", "|👍🎉单晓琳 (zhā) Đức|"]
    {
        let Some(line) = lines.next() else { return };
        // closed by its own bar, at the column where the first one has it
        let open = text.trim_end_matches('|');
        canvas.field(
            line.x + 2,
            line.y,
            21.min(line.width.saturating_sub(2)),
            open,
            Align::Left,
            look.styles.text,
        );
        if line.width > 24 {
            canvas.put(line.x + 23, line.y, 1, "|", look.styles.text);
        }
    }
    told(canvas, look, lines, look.say(first_run::WIDTH_NOT), look.styles.dim);
}

/// A text, in as many lines as it takes.
fn told(canvas: &mut Canvas, look: &Look, lines: &mut Lines, text: &str, style: Style) {
    for text in super::text::wrap(text, usize::from(lines.area.width), look.mode) {
        let Some(line) = lines.next() else { return };
        canvas.put(line.x, line.y, line.width, &text, style);
    }
}

fn questions(canvas: &mut Canvas, look: &Look, run: &FirstRun, lines: &mut Lines) -> Option<Position> {
    let mut caret = None;
    let asked =
        [(FirstStep::Url, first_run::URL, &run.url), (FirstStep::Token, first_run::TOKEN, &run.token)];
    let hidden = run.hides_token().then(|| LineInput::new("*".repeat(run.token.text().chars().count())));
    for (step, word, input) in asked {
        let Some(line) = lines.next() else { break };
        canvas.field(line.x, line.y, line.width, look.say(word), Align::Left, look.styles.heading);
        let Some(line) = lines.next() else { break };
        let here = step == run.step;
        let input = hidden.as_ref().filter(|_| step == FirstStep::Token).unwrap_or(input);
        let at = line_input::draw(canvas, look, line, if here { "> " } else { "  " }, input, None);
        caret = caret.or(at.filter(|_| here));
        if step == FirstStep::Token {
            let word = if hidden.is_some() { first_run::TOKEN_HIDDEN } else { first_run::TOKEN_WAYS };
            let style = if hidden.is_some() { look.styles.warn } else { look.styles.dim };
            told(canvas, look, lines, look.say(word), style);
        }
        lines.skip();
        if here {
            break;
        }
    }
    caret
}
