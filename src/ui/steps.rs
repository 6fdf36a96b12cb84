//! The page of what was recorded: its steps, and of the one under the cursor all that is known.

use ratatui::layout::Rect;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::facts::{self, Facts};
use super::look::Look;
use super::table::{self, Room, Stand};
use super::text::Align;
use crate::app::{App, Area, Scroll, StepsPage};
use crate::i18n::words::{help, macros as words};
use crate::macros::{Does, Step};
use crate::model::Resource;

const COLUMNS: [Room; 3] = [Room::fixed(4, 0), Room::between(6, 14, 2), Room::between(20, 200, 1)];

/// Draws the page over the whole body.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &StepsPage, body: Rect) {
    let [upper, lower] = facts::below_list(body);
    let title = look.fill(words::STEPS_TITLE, &[("register", &open.register)]);
    let note = if open.restored { look.say(crate::i18n::words::writing::FROM_DRAFT) } else { "" };
    let count = open.makes.steps.len();
    let figures = format!("{}/{count}", (open.cursor + 1).min(count));
    let inner = frame(canvas, look, upper, Frame { title: &title, note, figures: &figures, focused: true });
    let slots = table::slots(inner, &COLUMNS);
    let height = usize::from(inner.height);
    let top = open.cursor.saturating_sub(height.saturating_sub(1));
    for (y, (index, step)) in (inner.y..inner.bottom()).zip(open.makes.steps.iter().enumerate().skip(top)) {
        for slot in &slots {
            let (text, style) = match slot.column {
                0 => ((index + 1).to_string(), look.styles.dim),
                1 => (does(look, app, step), look.styles.dim),
                _ => (step.does.to_string(), look.styles.text),
            };
            canvas.field(slot.x, y, slot.cells, &text, Align::Left, style);
        }
        let stand = Stand { current: index == open.cursor, focused: true, ..Stand::default() };
        table::gutter(canvas, look, inner, y, slots.first(), stand);
    }
    let name = open.makes.steps.get(open.cursor).map(|step| does(look, app, step)).unwrap_or_default();
    let inner = frame(canvas, look, lower, Frame { title: &name, ..Frame::default() });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let line = open.line().unwrap_or_default();
    facts::draw(canvas, look, inner, &facts_of(look, open, &line), &Scroll::default());
}

/// The boxes of the page, for whoever checks their borders.
pub fn areas(body: Area) -> [Area; 2] {
    facts::below_list(super::rect(body)).map(|area| Area {
        x: area.x,
        y: area.y,
        w: area.width,
        h: area.height,
    })
}

/// What a step does, in a few words.
fn does(look: &Look, app: &App, step: &Step) -> String {
    match &step.does {
        Does::Command(pattern) => pattern.verb.spec().says(look.lang.is_zh()).to_owned(),
        Does::Call(call) => {
            let called = app.settings.macros.get(&call.name);
            called.map_or_else(|| call.name.clone(), |called| called.says(look.lang.is_zh()).to_owned())
        }
        Does::Program(program) => program.to_string(),
    }
}

fn facts_of<'a>(look: &Look, open: &'a StepsPage, line: &'a str) -> Facts<'a> {
    let styles = look.styles;
    let mut facts = Facts::default();
    facts.text(line, styles.text);
    facts.blank();
    let on = if open.makes.on == Resource::FollowUps { words::ON_FOLLOW_UP } else { words::ON_CUSTOMER };
    facts.pair(look.say(words::MADE_FOR), look.say(on), styles.text);
    let risk = open.makes.steps.iter().map(|step| step.does.risk()).max();
    if let Some(risk) = risk {
        facts.pair(look.say(words::RISK), look.named(help::RISKS, risk.word()).to_owned(), styles.text);
    }
    for param in &open.makes.params {
        let kind = look.named(words::KINDS, param.kind.word());
        let ask = look.named(words::ASKINGS, param.ask.word());
        let default = param.default.as_deref().unwrap_or_default();
        facts.pair(
            look.say(words::ASKED),
            format!("{{{}}} = {default} ({kind}, {ask})", param.name),
            styles.text,
        );
    }
    let left = &open.left;
    if left.views > 0 {
        facts.pair(
            look.say(words::LEFT_OUT),
            look.fill(words::VIEWS_LEFT, &[("n", &left.views)]),
            styles.dim,
        );
    }
    for other in &left.others {
        facts.pair(
            look.say(words::LEFT_OUT),
            look.fill(words::OTHER_LEFT, &[("command", other)]),
            styles.warn,
        );
    }
    facts
}
