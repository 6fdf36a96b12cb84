//! The outbox: what is not settled, and of the write under the cursor all that is known.

use ratatui::layout::Rect;
use serde_json::Value;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::customer::waiting;
use super::facts::{self, Fact, Facts};
use super::look::Look;
use super::table::{self, Room, Stand};
use super::text::Align;
use crate::app::{Area, OutboxDetail, Scroll};
use crate::command::label_of;
use crate::command::plan::{field_called, value_called};
use crate::i18n::words::writing as words;
use crate::i18n::words::{kinds, outbox as say};
use crate::model::view::OutboxRow;
use crate::model::{Deed, Time, WriteState};

/// Draws the outbox over the whole body.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &OutboxDetail, body: Rect) {
    let [upper, lower] = facts::below_list(body);
    let total = open.record.view.as_ref().map_or(0, |view| view.total);
    let figures =
        if open.record.view.is_some() { look.fill(say::COUNT, &[("n", &total)]) } else { String::new() };
    let title = look.say(say::TITLE);
    let inner =
        frame(canvas, look, upper, Frame { title, figures: &figures, focused: true, ..Frame::default() });
    if open.record.view.is_none() {
        waiting(canvas, look, inner, &open.record);
    } else if open.rows().is_empty() {
        canvas.field(
            inner.x + 1,
            inner.y,
            inner.width.saturating_sub(2),
            look.say(say::EMPTY),
            Align::Left,
            look.styles.dim,
        );
    } else {
        rows(canvas, look, open, inner);
    }
    let name = open.current().map_or("", |row| row.name.as_str());
    let inner = frame(canvas, look, lower, Frame { title: name, ..Frame::default() });
    if let Some(row) = open.current() {
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        facts::draw(canvas, look, inner, &facts_of(look, row), &Scroll::default());
    }
}

/// The boxes of the outbox, for whoever checks their borders.
pub fn areas(body: Area) -> [Area; 2] {
    facts::below_list(super::rect(body)).map(|area| Area {
        x: area.x,
        y: area.y,
        w: area.width,
        h: area.height,
    })
}

const COLUMNS: [Room; 5] = [
    Room::fixed(8, 0),
    Room::between(8, 16, 1),
    Room::between(12, 40, 2),
    Room::between(8, 14, 4),
    Room::between(10, 60, 3),
];

fn rows(canvas: &mut Canvas, look: &Look, open: &OutboxDetail, area: Rect) {
    let slots = table::slots(area, &COLUMNS);
    let names = [say::STATE, say::RECORD, say::WHAT, say::MADE, say::WORDS];
    table::headings(canvas, look, area, &slots, |column| (look.say(names[column]), Align::Left, None));
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let height = usize::from(list.height);
    let top = open.cursor.saturating_sub(height.saturating_sub(1));
    for (y, (index, row)) in (list.y..list.bottom()).zip(open.rows().iter().enumerate().skip(top)) {
        let here = index == open.cursor;
        for slot in &slots {
            let style = state_style(look, row, slot.column);
            canvas.field(slot.x, y, slot.cells, &cell(look, row, slot.column), Align::Left, style);
        }
        let stand = Stand { current: here, focused: true, ..Stand::default() };
        table::gutter(canvas, look, list, y, slots.first(), stand);
    }
}

fn state_style(look: &Look, row: &OutboxRow, column: usize) -> ratatui::style::Style {
    match (column, row.state) {
        (0, WriteState::Failed | WriteState::Conflict) => look.styles.bad,
        (0, WriteState::Unknown) => look.styles.warn,
        (3 | 4, _) => look.styles.dim,
        _ => look.styles.text,
    }
}

fn cell(look: &Look, row: &OutboxRow, column: usize) -> String {
    match column {
        0 => look.named(kinds::OUTBOX, row.state.word()).to_owned(),
        1 => row.name.clone(),
        2 => label_of(row, look.lang.is_zh()),
        3 => look.stamp(Some(row.made_at)),
        _ => row.words.clone().unwrap_or_default(),
    }
}

fn facts_of<'a>(look: &Look, row: &'a OutboxRow) -> Facts<'a> {
    let styles = look.styles;
    let mut facts = Facts::default();
    let state = look.named(kinds::OUTBOX, row.state.word()).to_owned();
    let style = state_style(look, row, 0);
    facts.pair(look.say(say::STATE), format!("{state}  {}", look.say(means(row.state))), style);
    if let Some(words) = &row.words {
        let status = row.status.map_or_else(String::new, |status| format!("{status} "));
        facts.pair(look.say(say::WORDS), format!("{status}{words}"), styles.bad);
    }
    if row.attempts > 0 || row.next_at.is_some() {
        let next = row
            .next_at
            .map_or_else(String::new, |_| format!(" · {} {}", look.say(say::NEXT), look.stamp(row.next_at)));
        facts.pair(look.say(say::ATTEMPTS), format!("{}{next}", row.attempts), styles.text);
    }
    facts.pair(look.say(say::WHAT), label_of(row, look.lang.is_zh()), styles.text);
    if row.clashes.is_empty() {
        for (name, text) in values(look, row) {
            facts.0.push(Fact::Text(format!("{name}: {text}").into(), styles.text));
        }
    } else {
        for clash in &row.clashes {
            facts.0.push(Fact::Heading(called(look, row, &clash.field).into()));
            for (word, value) in
                [(say::BASE, &clash.base), (words::MINE, &clash.mine), (words::THEIRS, &clash.theirs)]
            {
                facts.pair(look.say(word), shown(look, row, &clash.field, value), styles.text);
            }
        }
    }
    facts
}

fn means(state: WriteState) -> crate::i18n::Word {
    match state {
        WriteState::Queued => say::MEANS_QUEUED,
        WriteState::Sending => say::MEANS_SENDING,
        WriteState::Done => say::MEANS_DONE,
        WriteState::Failed => say::MEANS_FAILED,
        WriteState::Conflict => say::MEANS_CONFLICT,
        WriteState::Unknown => say::MEANS_UNKNOWN,
        WriteState::Kept => say::MEANS_KEPT,
    }
}

/// What a write says, field by field.
fn values(look: &Look, row: &OutboxRow) -> Vec<(String, String)> {
    match &row.write.deed {
        Deed::Set { fields } | Deed::Make { fields } => {
            let members = fields.iter().flat_map(|(name, value)| match value {
                Value::Object(members) => {
                    members.iter().map(|(member, value)| (format!("{name}.{member}"), value)).collect()
                }
                value => vec![(name.clone(), value)],
            });
            members.map(|(name, value)| (called(look, row, &name), shown(look, row, &name, value))).collect()
        }
        Deed::Send { channel, body, .. } => vec![(channel.clone(), body.clone())],
        Deed::Tag { .. } | Deed::Delete => Vec::new(),
    }
}

/// What a field of a write is called.
fn called(look: &Look, row: &OutboxRow, field: &str) -> String {
    field_called(row.write.resource, field, look.lang.is_zh())
}

/// A value as one reads it; a moment as the console writes moments.
fn shown(look: &Look, row: &OutboxRow, field: &str, value: &Value) -> String {
    let word = |text: &String| value_called(row.write.resource, field, text, look.lang.is_zh());
    match value {
        Value::Null => look.none().to_owned(),
        Value::String(text) => Time::parse(text).map_or_else(|_| word(text), |at| look.stamp(Some(at))),
        other => other.to_string(),
    }
}
