//! The timeline of a customer: newest first, one line an entry, at length where one asks for it.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, CustomerDetail, TimelineKind};
use crate::command::Verb;
use crate::i18n;
use crate::i18n::words::{detail, kinds, panes, time};
use crate::keymap::print_keys;
use crate::model::view::EventRow;
use crate::model::{EventKind, Resource};
use crate::ui::border::{Frame, frame};
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::text::{Align, width, wrap};
use crate::ui::unsent;

/// Cells of gutter, day, clock and kind, each with a blank behind it.
const GUTTER: u16 = 2;
const DAY: u16 = 11;
const CLOCK: u16 = 6;
const KIND: u16 = 10;

/// Draws the timeline, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &CustomerDetail, area: Rect) {
    let list = &open.timeline;
    let keys = app.settings.keymap.keys_of(Verb::TimelineKind, app.layers());
    let key = keys.first().map(|keys| print_keys(keys)).unwrap_or_default();
    let note = format!("{key}:{}", kind(look, open.kind));
    let figures = match (list.loaded, list.total()) {
        (false, _) => String::new(),
        (true, 0) => String::new(),
        (true, 1) => look.say(detail::ONE_EVENT).to_owned(),
        (true, total) => look.fill(detail::EVENTS, &[("n", &look.figure(total))]),
    };
    let title = look.say(detail::TIMELINE);
    let focused = !open.in_profile;
    let inner = frame(canvas, look, area, Frame { title, note: &note, figures: &figures, focused });
    if list.total() == 0 {
        let line = match (list.loaded, open.kind) {
            (false, _) => look.say(panes::LOADING).to_owned(),
            (true, _) if app.header.counted && !app.header.has_pulled(Resource::Events) => {
                look.say(panes::NEVER_PULLED).to_owned()
            }
            (true, TimelineKind::All) => look.say(detail::NO_EVENTS).to_owned(),
            (true, _) => look.fill(detail::NO_EVENTS_OF_KIND, &[("key", &key)]),
        };
        let text = list.error.as_ref().unwrap_or(&line);
        if inner.height > 0 {
            canvas.field(
                inner.x + GUTTER,
                inner.y,
                inner.width.saturating_sub(GUTTER),
                text,
                Align::Left,
                look.styles.dim,
            );
        }
        return;
    }
    entries(canvas, look, open, inner);
}

/// What of the timeline is shown, by name.
fn kind(look: &Look, kind: TimelineKind) -> &'static str {
    let word = match kind {
        TimelineKind::All => "all",
        TimelineKind::Messages => "messages",
        TimelineKind::Calls => "calls",
        TimelineKind::Orders => "orders",
        TimelineKind::Groups => "groups",
        TimelineKind::System => "system",
    };
    look.named(kinds::TIMELINE, word)
}

/// An entry as it is drawn: its lines, of which the first stands beside date and kind.
struct Entry<'a> {
    index: u64,
    row: Option<&'a EventRow>,
    lines: Vec<Cow<'a, str>>,
}

fn entries(canvas: &mut Canvas, look: &Look, open: &CustomerDetail, area: Rect) {
    let list = &open.timeline;
    let x = area.x + GUTTER + DAY + CLOCK + KIND;
    let room = usize::from(area.right().saturating_sub(x));
    let mut shown: Vec<Entry> = list
        .visible()
        .map(|(index, placed)| {
            let row = placed.map(|placed| &placed.row);
            let lines = row.map_or_else(Vec::new, |row| {
                let expanded = open.expanded.contains_key(&row.id);
                if expanded { at_length(look, row, room) } else { vec![in_a_line(look, row)] }
            });
            Entry { index, row, lines }
        })
        .collect();
    // entries at length push others down: the one under the cursor stays in view
    let height = usize::from(area.height);
    let at = shown.iter().position(|entry| entry.index == list.cursor).unwrap_or(0);
    let lines = |entries: &[Entry]| entries.iter().map(|entry| entry.lines.len().max(1)).sum::<usize>();
    let mut skipped = 0;
    while skipped < at && lines(&shown[skipped..=at]) > height {
        skipped += 1;
    }
    shown.drain(..skipped);
    if let Some(entry) = shown.iter_mut().find(|entry| entry.index == list.cursor) {
        scrolled(look, open, entry, height);
    }

    let mut y = area.y;
    let mut last_day = None;
    for entry in &shown {
        if y >= area.bottom() {
            break;
        }
        let current = entry.index == list.cursor;
        let focused = current && !open.in_profile;
        canvas.put(
            area.x,
            y,
            1,
            if current { ">" } else { " " },
            if focused { look.styles.cursor } else { look.styles.text },
        );
        let write = unsent::state(entry.row.and_then(|row| row.write.as_ref()));
        canvas.put(area.x + 1, y, 1, unsent::mark(write), unsent::style(look, write));
        let Some(row) = entry.row else {
            canvas.put(area.x + GUTTER, y, area.width.saturating_sub(GUTTER), "...", look.styles.dim);
            y += 1;
            continue;
        };
        let moment = row.at.map(|at| look.zoned(at));
        let day = moment.as_ref().map(jiff::Zoned::date);
        if y == area.y || day != last_day || look.plain {
            let text = day.map_or_else(
                || look.say(time::NO_DATE).to_owned(),
                |day| {
                    if day == look.now.date() {
                        look.say(time::TODAY).to_owned()
                    } else if day.year() == look.now.date().year() {
                        i18n::day(look.lang, day)
                    } else {
                        day.to_string()
                    }
                },
            );
            canvas.field(area.x + GUTTER, y, DAY - 1, &text, Align::Left, look.styles.day);
        }
        last_day = day;
        if let Some(moment) = &moment {
            canvas.field(
                area.x + GUTTER + DAY,
                y,
                CLOCK - 1,
                &i18n::clock(moment),
                Align::Left,
                look.styles.dim,
            );
        }
        let word = look.named(kinds::EVENTS, row.kind.word());
        let style = if focused { look.styles.cursor } else { kind_style(look, row.kind) };
        let cells = u16::try_from(width(word, look.mode)).unwrap_or(KIND).min(KIND - 1);
        canvas.field(area.x + GUTTER + DAY + CLOCK, y, cells, word, Align::Left, style);
        for line in &entry.lines {
            if y >= area.bottom() {
                break;
            }
            canvas.field(x, y, area.right().saturating_sub(x), line, Align::Left, look.styles.text);
            y += 1;
        }
    }
}

/// Cuts the entry under the cursor to the pane where it is taller: to the lines that it is
/// scrolled to, and a word on how many follow.
fn scrolled(look: &Look, open: &CustomerDetail, entry: &mut Entry, height: usize) {
    let Some(scroll) = entry.row.and_then(|row| open.expanded.get(&row.id)) else { return };
    let total = entry.lines.len();
    if total <= height {
        scroll.show(total, height);
        return;
    }
    let fit = height.saturating_sub(1);
    let top = scroll.show(total, fit);
    entry.lines.drain(..top);
    if entry.lines.len() > fit {
        let more = entry.lines.len() - fit;
        entry.lines.truncate(fit);
        entry.lines.push(Cow::Owned(look.fill(detail::MORE_LINES, &[("n", &more)])));
    }
}

/// Who did it or where, before what it was.
fn head(look: &Look, row: &EventRow) -> String {
    let who = match row.kind {
        EventKind::MessageIn => Some(look.say(detail::BY_CUSTOMER)),
        _ => row.operator.as_deref(),
    };
    let mut head = who.unwrap_or_default().to_owned();
    if let Some(group) = row.group.as_deref().filter(|group| !group.is_empty() && !row.title.contains(*group))
    {
        if !head.is_empty() {
            head.push(' ');
        }
        head.push('[');
        head.push_str(group);
        head.push(']');
    }
    if !head.is_empty() {
        head.push_str(": ");
    }
    head
}

fn in_a_line<'a>(look: &Look, row: &'a EventRow) -> Cow<'a, str> {
    let head = head(look, row);
    let body = row.body.as_deref().unwrap_or_default();
    let text = match (row.title.is_empty(), body.is_empty()) {
        (true, _) => body.to_owned(),
        (false, true) => row.title.clone(),
        (false, false) if body.starts_with(row.title.as_str()) => body.to_owned(),
        (false, false) => format!("{} {} {body}", row.title, look.dot()),
    };
    Cow::Owned(head + &text)
}

fn at_length<'a>(look: &Look, row: &'a EventRow, room: usize) -> Vec<Cow<'a, str>> {
    let head = head(look, row);
    let unsent = unsent::told(look, row.write.as_ref());
    let head = if unsent.is_empty() { head } else { format!("[{unsent}] {head}") };
    let body = row.body.as_deref().unwrap_or_default();
    let text = match (row.title.is_empty(), body.is_empty()) {
        (true, _) => format!("{head}{body}"),
        (false, true) => format!("{head}{}", row.title),
        (false, false) if body.starts_with(row.title.as_str()) => format!("{head}{body}"),
        (false, false) => format!("{head}{}\n{body}", row.title),
    };
    wrap(&text, room, look.mode).into_iter().map(Cow::Owned).collect()
}

fn kind_style(look: &Look, kind: EventKind) -> Style {
    match kind {
        EventKind::MessageIn | EventKind::Feedback => look.styles.kind,
        EventKind::Order | EventKind::Joined | EventKind::Referral => look.styles.good,
        EventKind::Left => look.styles.warn,
        EventKind::Call | EventKind::MessageOut => look.styles.text,
        _ => look.styles.dim,
    }
}
