//! The customers pane.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Column, Table, bordered, counts, is_focused, rows, split_top};
use crate::app::{App, Pane};
use crate::i18n::words::{columns, kinds, panes};
use crate::i18n::{self, Word};
use crate::model::view::CustomerRow;
use crate::model::{Stage, Time};
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::table::Stand;
use crate::ui::text::Align;

const fn column(id: &'static str, heading: Word, align: Align) -> Column {
    Column { id, heading, align }
}

const fn head(index: usize) -> Word {
    columns::CUSTOMERS[index].1
}

static COLUMNS: [Column; 22] = [
    column("name", head(1), Align::Left),
    column("remark", head(2), Align::Left),
    column("stage", head(4), Align::Left),
    column("tags", head(5), Align::Left),
    column("contacted", head(6), Align::Left),
    column("rfm", head(7), Align::Left),
    column("next", head(8), Align::Left),
    column("owner", head(9), Align::Left),
    column("phone", head(10), Align::Left),
    column("city", head(11), Align::Left),
    column("source", head(12), Align::Left),
    column("level", head(13), Align::Left),
    column("points", head(14), Align::Right),
    column("added", head(15), Align::Left),
    column("active", head(16), Align::Left),
    column("ordered", head(17), Align::Left),
    column("orders", head(18), Align::Right),
    column("ltv", head(19), Align::Right),
    column("birthday", head(20), Align::Left),
    column("churn", head(21), Align::Right),
    column("alias", head(3), Align::Left),
    column("id", head(0), Align::Left),
];

/// Draws the pane.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let list = &app.customers;
    let inner = bordered(canvas, look, app, Pane::Customers, area, &counts(look, app, Pane::Customers, list));
    let (top, rest) = split_top(look, inner);
    let table = Table::lay(&COLUMNS, app, Pane::Customers, inner, panes::ONE_CUSTOMER, list);
    table.headings(canvas, look, top, Pane::Customers, list);
    let focused = is_focused(app, Pane::Customers);
    let with_remark = !look.plain && !app.columns[Pane::Customers as usize].iter().any(|id| id == "remark");
    rows(
        canvas,
        look,
        app,
        rest,
        (list, Pane::Customers, panes::NO_CUSTOMERS),
        |canvas, y, index, placed| {
            let row = &placed.row;
            let marked = app.customer_marks.contains(row.id.as_str());
            let stand = Stand { current: index == list.cursor, focused, marked, write: row.write };
            table.row(canvas, look, rest, (y, index), stand, |id| cell(look, row, id));
            if let (true, Some(slot), Some(remark)) = (with_remark, table.slots.first(), &row.remark) {
                let room = Rect { x: slot.x, y, width: slot.cells, height: 1 };
                behind_name(canvas, look, room, &row.name, remark, stand);
            }
        },
    );
}

/// Puts the remark behind the name, where it has no column of its own and there is room.
fn behind_name(canvas: &mut Canvas, look: &Look, room: Rect, name: &str, remark: &str, stand: Stand) {
    let taken = u16::try_from(crate::ui::text::width(name, look.mode)).unwrap_or(u16::MAX).saturating_add(1);
    if taken + 4 <= room.width && remark != name && !remark.is_empty() {
        let style = stand.over(look).unwrap_or(look.styles.dim);
        canvas.field(room.x + taken, room.y, room.width - taken, remark, Align::Left, style);
    }
}

fn cell<'r>(look: &Look, row: &'r CustomerRow, id: &str) -> (Cow<'r, str>, Style) {
    let styles = look.styles;
    let text = |text: &'r Option<String>| match text.as_deref() {
        Some(text) if !text.is_empty() => (Cow::Borrowed(text), styles.text),
        _ => nothing(look),
    };
    let day = |at: Option<Time>| match at {
        Some(_) => (Cow::Owned(look.ago(at)), styles.text),
        None => nothing(look),
    };
    let count = |count: Option<i64>| match count {
        Some(count) => (Cow::Owned(i18n::figure(look.lang, count)), styles.text),
        None => nothing(look),
    };
    match id {
        "name" => (Cow::Borrowed(row.name.as_str()), styles.text),
        "remark" => text(&row.remark),
        "alias" => text(&row.alias),
        "id" => (Cow::Borrowed(row.id.as_str()), styles.text),
        "stage" => stage(look, row.stage.as_deref()),
        "tags" if row.tags.is_empty() => nothing(look),
        "tags" => (Cow::Owned(row.tags.join(" ")), styles.tag),
        "owner" if row.owners.is_empty() => nothing(look),
        "owner" => (Cow::Owned(row.owners.join(" ")), styles.text),
        "contacted" => day(row.contacted),
        "added" => day(row.added),
        "active" => day(row.active),
        "ordered" => day(row.ordered),
        "rfm" => match row.rfm {
            Some(scores) => (Cow::Owned(format!("{}-{}-{}", scores.r, scores.f, scores.m)), styles.text),
            None => nothing(look),
        },
        "next" => due(look, row.next_due),
        "phone" => match &row.phone {
            Some(phone) => (look.phone(row.id.as_str(), phone), styles.text),
            None => nothing(look),
        },
        "city" => text(&row.city),
        "source" => text(&row.source),
        "level" => text(&row.level),
        "points" => count(row.points),
        "orders" => count(row.orders),
        "ltv" => match row.ltv {
            Some(minor) => {
                let currency = row.currency.as_deref().unwrap_or("CNY");
                (Cow::Owned(i18n::money(look.lang, minor, currency)), styles.text)
            }
            None => nothing(look),
        },
        "birthday" => text(&row.birthday),
        "churn" => match row.churn {
            Some(risk) => {
                (Cow::Owned(i18n::percent(risk)), if risk >= 0.6 { styles.warn } else { styles.text })
            }
            None => nothing(look),
        },
        _ => nothing(look),
    }
}

fn nothing<'r>(look: &Look) -> (Cow<'r, str>, Style) {
    (Cow::Borrowed(look.none()), look.styles.dim)
}

/// A stage by its word and its colour; a backend's own stage as it is.
pub fn stage<'r>(look: &Look, stage: Option<&'r str>) -> (Cow<'r, str>, Style) {
    match stage {
        None | Some("") => nothing(look),
        Some(word) => {
            let style =
                Stage::parse(word).map_or(look.styles.text, |stage| look.styles.stages[stage as usize]);
            (Cow::Borrowed(look.named(kinds::STAGES, word)), style)
        }
    }
}

/// When something is due; overdue by its `!` and its colour.
pub fn due<'r>(look: &Look, at: Option<Time>) -> (Cow<'r, str>, Style) {
    let Some(time) = at else { return nothing(look) };
    let moment = look.zoned(time);
    let style = if moment < look.now {
        look.styles.bad
    } else if moment.date() == look.now.date() {
        look.styles.due
    } else {
        look.styles.text
    };
    (Cow::Owned(look.due(at)), style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_console_can_be_drawn() {
        super::super::hold(&COLUMNS, Pane::Customers, columns::CUSTOMERS);
    }
}
