//! The groups pane: members, a sparkline of the last days, growth, and which groups are dying.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Column, Table, bordered, counts, is_focused, lines_of, rows, split_top};
use crate::app::{App, Pane, SPARK_DAYS};
use crate::i18n::words::{columns, kinds, panes};
use crate::i18n::{self, Word};
use crate::model::view::GroupRow;
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::spark::whole;
use crate::ui::table::Stand;
use crate::ui::text::Align;

const fn column(id: &'static str, heading: Word, align: Align) -> Column {
    Column { id, heading, align }
}

const fn head(index: usize) -> Word {
    columns::GROUPS[index].1
}

static COLUMNS: [Column; 9] = [
    column("name", head(1), Align::Left),
    column("members", head(3), Align::Right),
    column("trend", head(4), Align::Left),
    column("active7", head(5), Align::Right),
    column("net7", head(6), Align::Right),
    column("owner", head(2), Align::Left),
    column("status", head(7), Align::Left),
    column("messages", head(8), Align::Right),
    column("id", head(0), Align::Left),
];

/// Draws the pane.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let list = &app.groups;
    let inner = bordered(canvas, look, app, Pane::Groups, area, &counts(look, app, Pane::Groups, list));
    let (top, rest) = split_top(look, inner);
    let table = Table::lay(&COLUMNS, app, Pane::Groups, inner, panes::ONE_GROUP, list);
    table.headings(canvas, look, top, Pane::Groups, list);
    let focused = is_focused(app, Pane::Groups);
    rows(canvas, look, app, rest, (list, Pane::Groups, panes::NO_GROUPS), |canvas, y, index, placed| {
        let row = &placed.row;
        let marked = app.group_marks.contains(row.id.as_str());
        let stand = Stand { current: index == list.cursor, focused, marked, write: None };
        table.row(canvas, look, rest, (y, index), stand, |id| cell(look, row, id));
    });
    let rows = u16::try_from(list.total().saturating_sub(list.top)).unwrap_or(u16::MAX);
    let rows = rows.saturating_mul(lines_of(look, rest));
    if list.loaded && rows < rest.height.saturating_sub(1) {
        let y = rest.bottom() - 1;
        canvas.field(
            rest.x + 1,
            y,
            rest.width.saturating_sub(1),
            &today(look, app),
            Align::Left,
            look.styles.dim,
        );
    }
}

/// What happened in all groups today.
fn today(look: &Look, app: &App) -> String {
    let figures = &app.header.overview;
    let count = |count: Option<i64>| count.map_or_else(|| look.none().to_owned(), i18n::exact);
    look.fill(
        panes::TODAY_LINE,
        &[
            ("messages", &count(figures.messages_today)),
            ("joined", &count(figures.joined_today)),
            ("left", &count(figures.left_today)),
        ],
    )
}

fn cell<'r>(look: &Look, row: &'r GroupRow, id: &str) -> (Cow<'r, str>, Style) {
    let styles = look.styles;
    let nothing = || (Cow::Borrowed(look.none()), styles.dim);
    let count = |count: Option<i64>| match count {
        Some(count) => (Cow::Owned(i18n::figure(look.lang, count)), styles.text),
        None => nothing(),
    };
    match id {
        "name" if row.dying => (Cow::Owned(format!("! {}", row.name)), styles.bad),
        "name" => (Cow::Borrowed(row.name.as_str()), if row.quiet { styles.dim } else { styles.text }),
        "members" => count(row.members),
        "trend" => (Cow::Owned(look.spark(whole(&row.messages), SPARK_DAYS)), styles.spark),
        "active7" => count(row.active7),
        "messages" => count(row.messages.last().copied().flatten()),
        "id" => (Cow::Borrowed(row.id.as_str()), styles.text),
        "net7" => match row.net7 {
            None => nothing(),
            Some(net) => {
                let style = match net {
                    1.. => styles.good,
                    0 => styles.dim,
                    _ => styles.warn,
                };
                (Cow::Owned(i18n::signed(look.lang, net)), style)
            }
        },
        "owner" => row.owner.as_deref().map_or_else(nothing, |owner| (Cow::Borrowed(owner), styles.text)),
        "status" => {
            if row.dying {
                (Cow::Borrowed(look.say(panes::DYING_WORD)), styles.bad)
            } else if row.quiet {
                (Cow::Borrowed(look.say(panes::QUIET_WORD)), styles.dim)
            } else {
                let status = row.status.as_deref();
                status.map_or_else(nothing, |word| {
                    (Cow::Borrowed(look.named(kinds::GROUPS, word)), styles.text)
                })
            }
        }
        _ => nothing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_console_can_be_drawn() {
        super::super::hold(&COLUMNS, Pane::Groups, columns::GROUPS);
    }
}
