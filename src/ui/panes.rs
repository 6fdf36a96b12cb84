//! The four panes, and what their lists have in common.

mod customers;
mod follow_ups;
mod groups;
mod tags;

use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) use customers::{due, stage};
pub(super) use follow_ups::source;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::table::{self, Room, Slot, Stand};
use super::tabs::title;
use super::text::Align;
use crate::app::layout::record_lines;
use crate::app::{App, Area, List, Overlay, Pane, columns};
use crate::command::Verb;
use crate::i18n::Word;
use crate::i18n::words::panes;
use crate::keymap::print_keys;
use crate::model::Resource;
use crate::model::view::Placed;
use crate::query::Direction;

/// Draws a pane, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, pane: Pane, area: Rect) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    match pane {
        Pane::Customers => customers::draw(canvas, look, app, area),
        Pane::Tags => tags::draw(canvas, look, app, area),
        Pane::Groups => groups::draw(canvas, look, app, area),
        Pane::FollowUps => follow_ups::draw(canvas, look, app, area),
    }
}

/// Draws the border of a pane with its number, its filter and its counts; gives the room inside.
fn bordered(canvas: &mut Canvas, look: &Look, app: &App, pane: Pane, area: Rect, figures: &str) -> Rect {
    let title = format!("{} {}", pane as usize + 1, look.say(title(pane)));
    let filter = app.filter_text(pane);
    // what is typed is no filter: the rows are still those of the last one that was
    let mistaken =
        matches!(&app.overlay, Some(Overlay::Search(open)) if open.pane == pane && open.error.is_some());
    let note = match (mistaken, filter.is_empty()) {
        (false, true) => String::new(),
        (false, false) => look.fill(panes::FILTER, &[("filter", &filter)]),
        (true, true) => look.say(panes::STILL_ALL).to_owned(),
        (true, false) => look.fill(panes::STILL, &[("filter", &filter)]),
    };
    let note = match (note.as_str(), order_unseen(look, app, pane)) {
        (_, None) => note,
        ("", Some(order)) => order,
        (note, Some(order)) => format!("{note} {} {order}", look.dot()),
    };
    let focused = is_focused(app, pane);
    frame(canvas, look, area, Frame { title: &title, note: &note, figures, focused })
}

/// What the rows are sorted by, where no column that is to be seen has its mark.
fn order_unseen(look: &Look, app: &App, pane: Pane) -> Option<String> {
    let (loaded, sort) = match pane {
        Pane::Customers => (app.customers.loaded, &app.customers.sort),
        Pane::Groups => (app.groups.loaded, &app.groups.sort),
        Pane::FollowUps => (app.follow_ups.loaded, &app.follow_ups.sort),
        Pane::Tags => return None,
    };
    let (key, direction) = sort.keys.first()?;
    let left_out = app.left_out(pane);
    let mut on = app.columns_on(pane).into_iter().map(|(column, _)| column);
    let seen = on.any(|column| column.sort == Some(key.name) && !left_out.contains(&column.id));
    let mark = look.sort_mark(*direction == Direction::Ascending);
    let by = format!("{}{mark}", app.column_name(pane.scope(), key.name));
    (loaded && !seen).then(|| look.fill(panes::SORTED, &[("by", &by)]))
}

/// Whether the pane takes the keys.
fn is_focused(app: &App, pane: Pane) -> bool {
    app.focus == pane && app.details.is_empty()
}

/// `2 已选 / 1.24万`, else `3/1.24万`.
fn counts<R>(look: &Look, app: &App, pane: Pane, list: &List<R>) -> String {
    if !list.loaded || (list.total() == 0 && never_pulled(app, pane)) {
        return String::new();
    }
    let total = look.figure(list.total().max(expected(app, pane)));
    if let Some(marks) = app.marks(pane).filter(|marks| !marks.is_empty()) {
        let marked = look.figure(u64::try_from(marks.len()).unwrap_or(u64::MAX));
        return look.fill(panes::MARKED, &[("n", &marked), ("total", &total)]);
    }
    let at = look.figure(if list.total() == 0 { 0 } else { list.cursor + 1 });
    look.fill(panes::POSITION, &[("at", &at), ("total", &total)])
}

/// How many rows an unfiltered list of customers will have when all that is being pulled is there.
fn expected(app: &App, pane: Pane) -> u64 {
    let whole = pane == Pane::Customers && app.filter_text(pane).is_empty();
    app.header.expected.get(&Resource::Customers).copied().filter(|_| whole).unwrap_or(0)
}

/// A column of a list: its id, its heading, its side.
struct Column {
    id: &'static str,
    heading: Word,
    align: Align,
}

/// What a list shows, laid out: the columns that are on, in their order, with their places.
struct Table {
    shown: Vec<&'static Column>,
    slots: Vec<Slot>,
    /// What a row is, and of how many: what the plain mode begins a row with.
    what: Word,
    total: u64,
}

impl Table {
    /// The columns of a pane that are on, laid out in `area`.
    fn lay<R>(all: &'static [Column], app: &App, pane: Pane, area: Rect, what: Word, list: &List<R>) -> Self {
        let on = app.columns_on(pane).into_iter();
        let drawn = |id: &str| all.iter().find(|column| column.id == id);
        let (shown, rooms): (Vec<&Column>, Vec<Room>) =
            on.filter_map(|(column, room)| Some((drawn(column.id)?, room))).unzip();
        Self { slots: table::slots(area, &rooms), shown, what, total: list.total() }
    }

    fn headings<R>(&self, canvas: &mut Canvas, look: &Look, area: Rect, pane: Pane, list: &List<R>) {
        if look.plain {
            return; // every row has its labels
        }
        let sorted = list.sort.keys.first();
        table::headings(canvas, look, area, &self.slots, |index| {
            let column = self.shown[index];
            let sort = columns::columns(pane).iter().find(|known| known.id == column.id).and_then(|c| c.sort);
            let mark = sorted
                .filter(|(key, _)| Some(key.name) == sort)
                .map(|(_, direction)| *direction == Direction::Ascending);
            (look.say(column.heading), column.align, mark)
        });
    }

    /// Draws the row of this place in the list: each cell as `cell` gives it, then gutter and
    /// cursor.
    fn row<'r>(
        &self,
        canvas: &mut Canvas,
        look: &Look,
        area: Rect,
        (y, index): (u16, u64),
        stand: Stand,
        mut cell: impl FnMut(&'static str) -> (std::borrow::Cow<'r, str>, Style),
    ) {
        if look.plain {
            let facts = self.shown.iter().map(|column| (look.say(column.heading), cell(column.id).0));
            let text = labelled(look, self.what, (index, self.total), facts);
            let lines = lines_of(look, area);
            return table::plain_row(canvas, look, area, (y, lines), &text, stand);
        }
        for slot in &self.slots {
            let column = self.shown[slot.column];
            let (text, style) = cell(column.id);
            canvas.field(slot.x, y, slot.cells, &text, column.align, style);
        }
        table::gutter(canvas, look, area, y, self.slots.first(), stand);
    }
}

/// `客户 3/5,000: 王芳 · 阶段 老客 · 标签 VIP`: a row as one reads it aloud, without what is not known.
pub fn labelled<'t>(
    look: &Look,
    what: Word,
    (index, total): (u64, u64),
    facts: impl Iterator<Item = (&'t str, std::borrow::Cow<'t, str>)>,
) -> String {
    let mut text = format!("{} {}/{total}:", look.say(what), index + 1);
    for (nth, (label, fact)) in facts.enumerate() {
        if nth == 0 {
            text.push_str(&format!(" {fact}"));
        } else if !fact.trim().is_empty() && fact != look.none() {
            text.push_str(&format!(" {} {label} {fact}", look.dot()));
        }
    }
    text
}

/// Draws the rows of a list that are in view, or a word on why there are none.
fn rows<R>(
    canvas: &mut Canvas,
    look: &Look,
    app: &App,
    area: Rect,
    (list, pane, empty): (&List<R>, Pane, Word),
    mut row: impl FnMut(&mut Canvas, u16, u64, &Placed<R>),
) {
    if let Some(error) = &list.error {
        let room = area.width.saturating_sub(table::GUTTER);
        canvas.field(area.x + table::GUTTER, area.y, room, error, Align::Left, look.styles.bad);
        if list.total() == 0 {
            return;
        }
    }
    if list.total() == 0 {
        let line = if !list.loaded || !knows(app) {
            look.say(panes::LOADING).to_owned()
        } else if never_pulled(app, pane) {
            look.say(panes::NEVER_PULLED).to_owned()
        } else if app.filter_text(pane).is_empty() {
            look.say(empty).to_owned()
        } else {
            no_match(look, app)
        };
        word(canvas, look, area, &line);
        return;
    }
    let tops = (area.y..area.bottom()).step_by(usize::from(lines_of(look, area)));
    for (y, (index, placed)) in tops.zip(list.visible()) {
        match placed {
            Some(placed) => row(canvas, y, index, placed),
            None => {
                let current = index == list.cursor;
                canvas.put(area.x, y, 1, if current { ">" } else { " " }, look.styles.dim);
                canvas.put(area.x + table::GUTTER, y, area.width, "...", look.styles.dim);
            }
        }
    }
}

/// Lines of the screen that a record takes.
fn lines_of(look: &Look, area: Rect) -> u16 {
    record_lines(Area { x: area.x, y: area.y, w: area.width, h: area.height }, look.plain)
}

/// Whether what is not here is known not to be there.
fn knows(app: &App) -> bool {
    app.settings.offline || app.header.knows_all()
}

/// Whether nothing can be said about what a pane would show: it was never here.
fn never_pulled(app: &App, pane: Pane) -> bool {
    let resource = match pane {
        Pane::Customers => Resource::Customers,
        Pane::Tags => Resource::Tags,
        Pane::Groups => Resource::Groups,
        Pane::FollowUps => Resource::FollowUps,
    };
    app.header.counted && !app.header.has_pulled(resource)
}

/// `没有符合的结果 · X 清除筛选`.
fn no_match(look: &Look, app: &App) -> String {
    let keys = app.settings.keymap.keys_of(Verb::FilterClear, app.layers_under_overlay());
    let key =
        keys.first().map_or_else(|| format!(":{}", Verb::FilterClear.spec().id), |keys| print_keys(keys));
    look.fill(panes::NO_MATCH, &[("key", &key)])
}

/// A line where rows would be.
fn word(canvas: &mut Canvas, look: &Look, area: Rect, text: &str) {
    if area.height > 0 {
        let room = area.width.saturating_sub(table::GUTTER);
        canvas.field(area.x + table::GUTTER, area.y, room, text, Align::Left, look.styles.dim);
    }
}

/// The first line of `area`, where the headings are, and the rest. The plain mode has none.
fn split_top(look: &Look, area: Rect) -> (Rect, Rect) {
    let top = area.height.min(u16::from(!look.plain));
    (Rect { height: top, ..area }, Rect { y: area.y + top, height: area.height - top, ..area })
}

/// Every column that can be chosen is drawn, under its own heading, which is never cut.
#[cfg(test)]
fn hold(drawn: &[Column], pane: Pane, words: &[(&str, Word)]) {
    use crate::i18n::{Lang, named, say};
    use crate::ui::text::{WidthMode, width};
    let known = columns::columns(pane);
    assert_eq!(drawn.len(), known.len());
    for known in known {
        let column = drawn.iter().find(|column| column.id == known.id).expect(known.id);
        assert_eq!(Some(column.heading), named(words, known.id), "{}", known.id);
        for lang in [Lang::Zh, Lang::En] {
            let heading = say(lang, column.heading);
            let mark = usize::from(known.sort.is_some());
            assert!(width(heading, WidthMode::Narrow) + mark <= usize::from(known.room.min), "{heading}");
        }
    }
}
