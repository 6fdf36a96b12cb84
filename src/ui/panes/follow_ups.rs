//! The follow-ups pane: what is pending, overdue first.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::customers::due;
use super::{Column, Table, bordered, counts, is_focused, rows, split_top};
use crate::app::{App, Pane};
use crate::i18n::words::{columns, kinds, panes};
use crate::model::Priority;
use crate::model::view::FollowUpRow;
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::table::Stand;
use crate::ui::text::Align;
use crate::ui::unsent;

const fn column(id: &'static str, index: usize) -> Column {
    Column { id, heading: columns::FOLLOW_UPS[index].1, align: Align::Left }
}

static COLUMNS: [Column; 12] = [
    column("due", 1),
    column("customer", 2),
    column("title", 3),
    column("kind", 4),
    column("priority", 5),
    column("source", 7),
    column("assignee", 8),
    column("outcome", 9),
    column("status", 6),
    column("sla", 10),
    column("snoozed", 11),
    column("id", 0),
];

/// Draws the pane.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let list = &app.follow_ups;
    let overview = &app.header.overview;
    let figures = if app.follow_up_marks.is_empty()
        && app.filter_text(Pane::FollowUps).is_empty()
        && list.loaded
        && let Some(overdue) = overview.overdue_all
    {
        let total = look.figure(list.total());
        // the header counts the operator's own
        let words = if overview.mine { panes::FOLLOW_UP_TOTAL_ALL } else { panes::FOLLOW_UP_TOTAL };
        look.fill(words, &[("n", &total), ("overdue", &look.figure(overdue))])
    } else {
        counts(look, app, Pane::FollowUps, list)
    };
    let inner = bordered(canvas, look, app, Pane::FollowUps, area, &figures);
    let (top, rest) = split_top(look, inner);
    let table = Table::lay(&COLUMNS, app, Pane::FollowUps, inner, panes::ONE_FOLLOW_UP, list);
    table.headings(canvas, look, top, Pane::FollowUps, list);
    let focused = is_focused(app, Pane::FollowUps);
    rows(
        canvas,
        look,
        app,
        rest,
        (list, Pane::FollowUps, panes::NO_FOLLOW_UPS),
        |canvas, y, index, placed| {
            let row = &placed.row;
            let marked = app.follow_up_marks.contains(row.id.as_str());
            let stand = Stand { current: index == list.cursor, focused, marked, write: None };
            table.row(canvas, look, rest, (y, index), stand, |id| cell(look, row, id));
        },
    );
}

fn cell<'r>(look: &Look, row: &'r FollowUpRow, id: &str) -> (Cow<'r, str>, Style) {
    let styles = look.styles;
    let done = !row.status.is_pending();
    let text = if done { styles.dim } else { styles.text };
    let nothing = || (Cow::Borrowed(look.none()), styles.dim);
    match id {
        "due" if done => (Cow::Owned(look.date(row.due)), styles.dim),
        "due" => due(look, row.due),
        "customer" if row.customer.is_empty() => {
            (Cow::Borrowed(look.say(panes::UNKNOWN_CUSTOMER)), styles.dim)
        }
        // beside the name: in the gutter it would look like the mark of what is overdue
        "customer" if row.write.is_some() => {
            let (mark, style) = (unsent::mark(row.write), unsent::style(look, row.write));
            (Cow::Owned(format!("{mark} {}", row.customer)), style)
        }
        "customer" => (Cow::Borrowed(row.customer.as_str()), if done { styles.dim } else { styles.text }),
        "title" => (Cow::Borrowed(row.title.as_str()), text),
        "kind" => (Cow::Borrowed(look.named(kinds::FOLLOW_UPS, row.kind.word())), text),
        "priority" => {
            (Cow::Borrowed(look.named(kinds::PRIORITIES, row.priority.word())), priority(look, row))
        }
        "source" => row.source.as_deref().map_or_else(nothing, |from| (source(look, from), text)),
        "assignee" => match row.assignee.as_deref() {
            Some(name) => (Cow::Borrowed(name), text),
            None => (Cow::Borrowed(look.say(panes::NOBODY)), styles.dim),
        },
        "outcome" => match row.outcome.as_deref() {
            Some(word) => (Cow::Borrowed(look.named(kinds::OUTCOMES, word)), text),
            None => nothing(),
        },
        "sla" if done => (Cow::Owned(look.date(row.sla)), styles.dim),
        "sla" => due(look, row.sla),
        "snoozed" if row.snoozed.is_some() => (Cow::Owned(look.date(row.snoozed)), text),
        "id" => (Cow::Borrowed(row.id.as_str()), text),
        "status" => (Cow::Borrowed(look.named(kinds::STATUSES, row.status.word())), text),
        _ => nothing(),
    }
}

fn priority(look: &Look, row: &FollowUpRow) -> Style {
    match row.priority {
        Priority::Urgent => look.styles.bad,
        Priority::High => look.styles.warn,
        Priority::Normal => look.styles.text,
        Priority::Low => look.styles.dim,
    }
}

/// `手动`, `SOP·新客D3`, `规则·积分`: the kind of source by its word, the name as it is.
pub fn source<'r>(look: &Look, source: &'r str) -> Cow<'r, str> {
    match source.split_once(':') {
        None => Cow::Borrowed(look.named(kinds::SOURCES, source)),
        Some((kind, name)) => Cow::Owned(format!("{}{}{name}", look.named(kinds::SOURCES, kind), look.dot())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_console_can_be_drawn() {
        super::super::hold(&COLUMNS, Pane::FollowUps, columns::FOLLOW_UPS);
    }
}
