//! Activities of a group: what was arranged, who took part, who bought.

use ratatui::layout::Rect;

use crate::app::{GroupDetail, GroupPart};
use crate::i18n;
use crate::i18n::words::{columns, detail, kinds};
use crate::model::{ActivityKind, Time};
use crate::query::ask::GroupView;
use crate::ui::border::{Frame, frame};
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::table::{self, Room, Stand};
use crate::ui::text::{Align, width};

/// Columns: title, kind, when, who took part, who bought.
const COLUMNS: [Room; 5] = [
    Room::between(10, 60, 0),
    Room::between(6, 8, 3),
    Room::between(11, 16, 2),
    Room::between(6, 9, 1),
    Room::between(6, 7, 1),
];
/// Headings of the columns: indices into the words of activities.
const HEADINGS: [usize; 5] = [1, 0, 2, 4, 5];

/// Draws the part, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, view: &GroupView, open: &GroupDetail, area: Rect) {
    let focused = open.part == GroupPart::Activities;
    let figures = look.figure(view.activities.len() as u64);
    let title = look.say(detail::ACTIVITIES);
    let inner = frame(canvas, look, area, Frame { title, figures: &figures, focused, ..Frame::default() });
    if inner.height == 0 {
        return;
    }
    let slots = table::slots(inner, &COLUMNS);
    let align = |column: usize| if column > 2 { Align::Right } else { Align::Left };
    table::headings(canvas, look, Rect { height: 1, ..inner }, &slots, |column| {
        (look.say(columns::ACTIVITIES[HEADINGS[column]].1), align(column), None)
    });
    let rest = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    if view.activities.is_empty() && rest.height > 0 {
        let none = look.say(detail::NO_ACTIVITIES);
        canvas.field(
            rest.x + table::GUTTER,
            rest.y,
            rest.width.saturating_sub(table::GUTTER),
            none,
            Align::Left,
            look.styles.dim,
        );
    }
    let height = usize::from(rest.height);
    let top = open.activity.saturating_sub(height.saturating_sub(1));
    for (y, (index, activity)) in (rest.y..rest.bottom()).zip(view.activities.iter().enumerate().skip(top)) {
        for slot in &slots {
            let count = |count: Option<i64>| {
                count.map_or_else(|| look.none().to_owned(), |count| i18n::figure(look.lang, count))
            };
            let (text, style) = match slot.column {
                0 => (activity.title.clone(), look.styles.text),
                1 => (look.named(kinds::ACTIVITIES, word(activity.kind)).to_owned(), look.styles.text),
                2 => (starts(look, activity.starts_at, slot.cells), look.styles.text),
                3 => (count(activity.participants), look.styles.text),
                _ => (count(activity.conversions), look.styles.text),
            };
            canvas.field(slot.x, y, slot.cells, &text, align(slot.column), style);
        }
        let stand = Stand { current: focused && index == open.activity, focused, marked: false, write: None };
        table::gutter(canvas, look, rest, y, slots.first(), stand);
    }
}

/// When it starts; in a narrow column another year's has no clock.
fn starts(look: &Look, at: Option<Time>, cells: u16) -> String {
    let stamp = look.stamp(at);
    if width(&stamp, look.mode) <= usize::from(cells) { stamp } else { look.date(at) }
}

fn word(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::CheckIn => "check_in",
        ActivityKind::Lottery => "lottery",
        ActivityKind::Topic => "topic",
        ActivityKind::Poll => "poll",
        ActivityKind::Sale => "sale",
        ActivityKind::Lesson => "lesson",
    }
}
