//! Members of a group by their last activity, and who left and how they had come.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{GroupDetail, GroupPart, List};
use crate::i18n;
use crate::i18n::Word;
use crate::i18n::words::{columns, detail, kinds, panes};
use crate::model::view::MemberRow;
use crate::query::Direction;
use crate::ui::border::{Frame, frame};
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::panes::labelled;
use crate::ui::table::{self, Room, Stand};
use crate::ui::text::Align;

struct Column {
    name: &'static str,
    sort: &'static str,
    heading: Word,
    room: Room,
    align: Align,
}

const fn column(index: usize, sort: &'static str, room: Room, align: Align) -> Column {
    let (name, heading) = columns::MEMBERS[index];
    Column { name, sort, heading, room, align }
}

/// Columns of those who are in.
static MEMBERS: [Column; 7] = [
    column(0, "name", Room::between(10, 24, 0), Align::Left),
    column(1, "kind", Room::fixed(8, 4), Align::Left),
    column(2, "messages", Room::between(9, 15, 2), Align::Right),
    column(3, "last", Room::between(8, 10, 1), Align::Left),
    column(4, "joined", Room::between(10, 12, 3), Align::Left),
    column(5, "scene", Room::between(6, 10, 5), Align::Left),
    column(6, "inviter", Room::between(8, 20, 6), Align::Left),
];

/// Columns of those who left.
static LEAVERS: [Column; 7] = [
    column(0, "name", Room::between(10, 24, 0), Align::Left),
    column(7, "left", Room::between(8, 10, 1), Align::Left),
    column(4, "joined", Room::between(10, 12, 2), Align::Left),
    column(5, "scene", Room::between(6, 10, 3), Align::Left),
    column(6, "inviter", Room::between(8, 20, 4), Align::Left),
    column(2, "messages", Room::between(9, 15, 5), Align::Right),
    column(1, "kind", Room::fixed(8, 6), Align::Left),
];

/// Draws the part, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &GroupDetail, area: Rect, part: GroupPart) {
    let (list, columns, title, empty): (&List<MemberRow>, &[Column], _, _) = if part == GroupPart::Leavers {
        (&open.leavers, &LEAVERS, detail::LEAVERS, detail::NO_LEAVERS)
    } else {
        (&open.members, &MEMBERS, detail::MEMBERS, panes::NO_MATCH_PLAIN)
    };
    let figures = if list.loaded { look.figure(list.total()) } else { String::new() };
    let focused = open.part == part;
    let title = look.say(title);
    let inner = frame(canvas, look, area, Frame { title, figures: &figures, focused, ..Frame::default() });
    if inner.height == 0 {
        return;
    }
    let rest = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    let rest = if look.plain { inner } else { rest };
    let rooms: Vec<Room> = columns.iter().map(|column| column.room).collect();
    let slots = table::slots(inner, &rooms);
    let sorted = list.sort.keys.first();
    let headings = Rect { height: inner.height - rest.height, ..inner };
    table::headings(canvas, look, headings, &slots, |index| {
        let column = &columns[index];
        let mark = sorted
            .filter(|(key, _)| key.name == column.sort)
            .map(|(_, direction)| *direction == Direction::Ascending);
        (look.say(column.heading), column.align, mark)
    });
    if list.total() == 0 && rest.height > 0 {
        let word = look.say(if list.loaded { empty } else { panes::LOADING });
        let text = list.error.as_deref().unwrap_or(word);
        let x = rest.x + table::GUTTER;
        canvas.field(x, rest.y, rest.right().saturating_sub(x), text, Align::Left, look.styles.dim);
        return;
    }
    for (y, (index, placed)) in (rest.y..rest.bottom()).zip(list.visible()) {
        let Some(placed) = placed else {
            canvas.put(rest.x + table::GUTTER, y, 3, "...", look.styles.dim);
            continue;
        };
        let stand = Stand { current: index == list.cursor, focused, marked: false, write: None };
        if look.plain {
            let facts = columns
                .iter()
                .map(|column| (look.say(column.heading), cell(look, &placed.row, column.name).0));
            let text = labelled(look, panes::ONE_MEMBER, (index, list.total()), facts);
            table::plain_row(canvas, look, rest, (y, 1), &text, stand);
            continue;
        }
        for slot in &slots {
            let column = &columns[slot.column];
            let (text, style) = cell(look, &placed.row, column.name);
            canvas.field(slot.x, y, slot.cells, &text, column.align, style);
        }
        table::gutter(canvas, look, rest, y, slots.first(), stand);
    }
}

fn cell<'r>(look: &Look, row: &'r MemberRow, name: &str) -> (Cow<'r, str>, Style) {
    let styles = look.styles;
    let nothing = || (Cow::Borrowed(look.none()), styles.dim);
    match name {
        "name" => {
            let style = if row.customer_id.is_some() { styles.text } else { styles.dim };
            (Cow::Borrowed(row.name.as_str()), style)
        }
        "kind" => row
            .kind
            .as_deref()
            .map_or_else(nothing, |word| (look.named(kinds::MEMBERS, word).into(), styles.text)),
        "messages" => match row.messages {
            Some(0) => (Cow::Borrowed("0"), styles.dim),
            Some(count) => (i18n::figure(look.lang, count).into(), styles.text),
            None => nothing(),
        },
        "last_message" if row.last_message.is_some() => (look.ago(row.last_message).into(), styles.text),
        "joined" if row.joined.is_some() => (look.date(row.joined).into(), styles.text),
        "left" if row.left.is_some() => (look.ago(row.left).into(), styles.text),
        "join_scene" => row
            .join_scene
            .as_deref()
            .map_or_else(nothing, |word| (look.named(kinds::SCENES, word).into(), styles.text)),
        "invited_by" => row.invited_by.as_deref().map_or_else(nothing, |name| (name.into(), styles.text)),
        _ => nothing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_those_of_their_columns() {
        let names: Vec<_> = MEMBERS.iter().map(|column| column.name).collect();
        assert_eq!(names, ["name", "kind", "messages", "last_message", "joined", "join_scene", "invited_by"]);
        assert_eq!(LEAVERS[1].name, "left");
        let scope = crate::query::Scope::Members;
        for column in MEMBERS.iter().chain(&LEAVERS) {
            let known = scope.sort_keys().iter().any(|key| key.name == column.sort);
            assert!(known || ["kind", "scene", "inviter"].contains(&column.sort), "{}", column.sort);
        }
    }
}
