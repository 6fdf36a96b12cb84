//! The tags pane: tags under their groups, with how many customers have them and how that moved.

use ratatui::layout::Rect;

use super::{bordered, is_focused, knows, labelled, never_pulled, no_match, word};
use crate::app::{App, Pane, TagLine};
use crate::i18n;
use crate::i18n::words::panes;
use crate::model::view::TagRow;
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::table::{self, Room, Stand};
use crate::ui::text::Align;
use crate::ui::unsent;

const COLUMNS: [Room; 3] = [Room::between(8, 200, 0), Room::fixed(7, 1), Room::fixed(6, 2)];

/// Draws the pane.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let pane = &app.tags;
    let total = look.figure(u64::try_from(pane.tags.len()).unwrap_or(0));
    let shown = pane.lines.iter().filter(|line| matches!(line, TagLine::Tag(_))).count();
    let shown = look.figure(u64::try_from(shown).unwrap_or(0));
    let hidden = pane.tags.is_empty() && never_pulled(app, Pane::Tags);
    let figures = match (pane.loaded && !hidden, pane.narrowed.is_empty()) {
        (false, _) => String::new(),
        (true, true) => look.fill(panes::TOTAL, &[("n", &total)]),
        (true, false) => look.fill(panes::POSITION, &[("at", &shown), ("total", &total)]),
    };
    let inner = bordered(canvas, look, app, Pane::Tags, area, &figures);
    if pane.lines.is_empty() {
        let line = match (pane.loaded && knows(app), pane.narrowed.is_empty()) {
            (true, _) if never_pulled(app, Pane::Tags) => look.say(panes::NEVER_PULLED).to_owned(),
            (false, _) => look.say(panes::LOADING).to_owned(),
            (true, true) => look.say(panes::NO_TAGS).to_owned(),
            (true, false) => no_match(look, app),
        };
        word(canvas, look, inner, &line);
        return;
    }
    let slots = table::slots(inner, &COLUMNS);
    let focused = is_focused(app, Pane::Tags);
    for (y, (index, line)) in (inner.y..inner.bottom()).zip(pane.lines.iter().enumerate().skip(pane.top)) {
        match line {
            TagLine::Group(tag) => {
                if let Some(tag) = pane.tags.get(*tag) {
                    head(canvas, look, Rect { y, height: 1, ..inner }, tag);
                }
            }
            TagLine::Tag(tag) => {
                let nth = *tag;
                let Some(tag) = pane.tags.get(nth) else { continue };
                let stand = Stand {
                    current: index == pane.cursor,
                    focused,
                    marked: false,
                    write: unsent::state(tag.write.as_ref()),
                };
                if look.plain {
                    let text = plain(look, tag, (nth, pane.tags.len()));
                    table::plain_row(canvas, look, inner, (y, 1), &text, stand);
                    continue;
                }
                for slot in &slots {
                    let (text, align, style) = match slot.column {
                        0 => (tag.name.clone(), Align::Left, look.styles.tag),
                        1 => (look.figure(tag.customers), Align::Right, look.styles.text),
                        _ => (
                            tag.change7.map_or_else(String::new, |change| match change {
                                0 => String::new(),
                                change => i18n::signed(look.lang, change),
                            }),
                            Align::Right,
                            match tag.change7 {
                                Some(1..) => look.styles.good,
                                Some(..=-1) => look.styles.warn,
                                _ => look.styles.dim,
                            },
                        ),
                    };
                    canvas.field(slot.x, y, slot.cells, &text, align, style);
                }
                table::gutter(canvas, look, inner, y, slots.first(), stand);
            }
        }
    }
}

/// `标签 2/6: 高意向 · 客户 317 · 7天 +9`.
fn plain(look: &Look, tag: &TagRow, (nth, count): (usize, usize)) -> String {
    let place = (u64::try_from(nth).unwrap_or(0), u64::try_from(count).unwrap_or(0));
    let change = tag.change7.map_or_else(String::new, |change| i18n::signed(look.lang, change));
    let facts = [
        ("", tag.name.as_str().into()),
        (look.say(panes::CUSTOMERS), look.figure(tag.customers).into()),
        (look.say(panes::IN_7_DAYS), change.into()),
    ];
    labelled(look, panes::ONE_TAG, place, facts.into_iter())
}

/// The head of a group of tags.
fn head(canvas: &mut Canvas, look: &Look, area: Rect, tag: &TagRow) {
    let name = if tag.group.is_empty() { look.say(panes::UNGROUPED) } else { &tag.group };
    let group = if look.plain { format!("{}: ", look.say(panes::TAG_GROUP)) } else { String::new() };
    let one = if tag.exclusive { look.say(panes::EXCLUSIVE) } else { "" };
    canvas.line(
        area.x + 1,
        area.y,
        area.width.saturating_sub(1),
        &[
            (&group, look.styles.heading),
            (name, look.styles.heading),
            (" ", look.styles.text),
            (one, look.styles.dim),
        ],
    );
}
