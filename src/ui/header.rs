//! The first line: profile, backend, age of the data, what waits to be sent, what is due, and
//! in a detail the way one came.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::look::Look;
use super::tabs::title;
use super::text::{WidthMode, width};
use crate::app::{App, Detail, Link, Pane};
use crate::i18n;
use crate::i18n::words::{detail, header, sync};
use crate::model::TroubleKind;

/// Draws the header. What matters less gives way where there is no room.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    canvas.clear(area, Style::new());
    let right = right(look, app);
    let room = usize::from(area.width.saturating_sub(2));
    let cells =
        |texts: &[(String, Style)]| texts.iter().map(|(text, _)| width(text, look.mode)).sum::<usize>();
    let mut shown = right;
    while shown.len() > 1 && cells(&shown) + 8 > room {
        shown.remove(0);
    }
    let taken = u16::try_from(cells(&shown)).unwrap_or(u16::MAX).min(area.width);
    let mut left = left(look, app);
    let space = room.saturating_sub(usize::from(taken) + 2);
    while left.len() > 2 && left.iter().map(|part| part.cells(look)).sum::<usize>() > space {
        // the least of them goes
        let Some(at) = (0..left.len()).max_by_key(|&at| (left[at].rank, at)) else { break };
        left.remove(at);
    }
    let texts: Vec<(&str, Style)> = left
        .iter()
        .flat_map(|part| {
            [(if part.joined { " " } else { "  " }, Style::new()), (part.text.as_str(), part.style)]
        })
        .skip(1)
        .collect();
    let space = u16::try_from(space).unwrap_or(0);
    canvas.line(area.x + 1, area.y, space, &texts);
    let mut x = area.right().saturating_sub(taken + 1);
    for (text, style) in &shown {
        x += canvas.put(x, area.y, area.right().saturating_sub(x), text, *style);
    }
}

/// A part of the left side.
struct Part {
    text: String,
    style: Style,
    /// It is left out before parts of a lower rank.
    rank: u8,
    /// It stands close to the part before it.
    joined: bool,
}

impl Part {
    fn cells(&self, look: &Look) -> usize {
        width(&self.text, look.mode) + if self.joined { 1 } else { 2 }
    }
}

fn left(look: &Look, app: &App) -> Vec<Part> {
    let styles = look.styles;
    let mut parts = Vec::new();
    let mut part = |text: String, style: Style, rank: u8, joined: bool| {
        parts.push(Part { text, style, rank, joined });
    };
    part("siyu".to_owned(), styles.title, 0, false);
    let settings = &app.settings;
    if let Some(open) = app.details.last() {
        part(look.path_mark().to_owned(), styles.dim, 1, true);
        part(look.say(title(open.from())).to_owned(), Style::new(), 2, true);
        part(look.path_mark().to_owned(), styles.dim, 2, true);
        part(name(look, open), styles.strong, 0, true);
        if let Some((at, total)) = position(app, open) {
            let text = look.fill(detail::OF_LIST, &[("at", &at), ("total", &look.figure(total))]);
            part(text, styles.dim, 3, false);
        }
    } else {
        part(settings.profile.clone(), Style::new(), 1, false);
    }
    let (text, style) = link(look, app);
    part(text, style, 3, false);
    if settings.read_only {
        part(look.say(header::READ_ONLY).to_owned(), styles.warn, 4, false);
    }
    let unsent = app.header.overview.unsent;
    if unsent > 0 {
        part(look.fill(header::UNSENT, &[("n", &unsent)]), styles.warn, 2, false);
    }
    if let Some(at) = app.header.overview.synced_at {
        let seconds = (app.now.millis - at.millis) / 1_000;
        // Where changes come by themselves, what is here is what is there.
        let live = match app.header.link {
            Link::Online { live, .. } => live == Some(true) || seconds < 300,
            _ => false,
        };
        if !live {
            let age = i18n::age(look.lang, seconds);
            part(look.fill(header::DATA_AGE, &[("age", &age)]), styles.dim, 5, false);
        }
    }
    parts
}

/// Whose detail it is: by name, once it is known.
fn name(look: &Look, open: &Detail) -> String {
    let name = match open {
        Detail::Customer(open) => open.record.view.as_ref().map(|view| &view.row.name),
        Detail::Group(open) => open.record.view.as_ref().map(|view| &view.row.name),
        Detail::FollowUp(open) => open.record.view.as_ref().map(|view| &view.row.title),
    };
    let name = name.filter(|name| !name.is_empty()).map_or("...", String::as_str);
    super::text::fit(name, width(name, look.mode).min(32), super::text::Align::Left, look.mode)
}

/// Where in the list one came from, 1 the first.
fn position(app: &App, open: &Detail) -> Option<(u64, u64)> {
    if app.details.len() > 1 {
        return None;
    }
    let (at, total) = match open.from() {
        Pane::Customers => (app.customers.cursor, app.customers.total()),
        Pane::Groups => (app.groups.cursor, app.groups.total()),
        Pane::FollowUps => (app.follow_ups.cursor, app.follow_ups.total()),
        Pane::Tags => return None,
    };
    (total > 0).then_some((at + 1, total))
}

/// How things stand with the backend: a mark and a word, never the colour alone.
fn link(look: &Look, app: &App) -> (String, Style) {
    let styles = look.styles;
    let (up, down) = if look.mode == WidthMode::Narrow { ("●", "○") } else { ("*", "-") };
    let backend = app.header.backend.as_deref().unwrap_or_default();
    match &app.header.link {
        _ if app.settings.offline => (format!("{down} {}", look.say(header::OFFLINE)), styles.dim),
        Link::Idle => (format!("{down} {}", look.say(sync::IDLE)), styles.dim),
        Link::Connecting => (format!("{down} {}", look.say(header::CONNECTING)), styles.warn),
        Link::Online { latency, live } => {
            let way = match live {
                Some(true) => look.say(sync::LIVE),
                Some(false) => look.say(sync::POLLING),
                None => "",
            };
            let millis = look.fill(header::LATENCY, &[("n", &latency.as_millis())]);
            let name = if backend.is_empty() { String::new() } else { format!("{backend} ") };
            let words = [name.trim_end(), way, &millis].into_iter().filter(|word| !word.is_empty());
            (format!("{up} {}", words.collect::<Vec<_>>().join(" ")), styles.good)
        }
        Link::Offline { trouble, retry_at } => {
            let seconds = ((retry_at.millis - app.now.millis) / 1_000).max(0);
            let word = if trouble.kind == TroubleKind::Rate {
                look.fill(header::LIMITED, &[("n", &seconds)])
            } else {
                look.say(header::OFFLINE).to_owned()
            };
            (format!("{down} {word}"), styles.bad)
        }
        Link::Refused(_) => (format!("! {}", look.say(header::REFUSED)), styles.bad),
        Link::Paused => (format!("{down} {}", look.say(sync::PAUSED)), styles.dim),
    }
}

/// What is due and what time it is; the first of these gives way first.
fn right(look: &Look, app: &App) -> Vec<(String, Style)> {
    let styles = look.styles;
    let overview = &app.header.overview;
    let due = look.fill(header::DUE_TODAY, &[("n", &look.figure(overview.due))]);
    let overdue = look.fill(header::OVERDUE, &[("n", &look.figure(overview.overdue))]);
    let day = i18n::day(look.lang, look.now.date());
    vec![
        (format!("{due}  "), Style::new()),
        if overview.overdue > 0 {
            (format!("!{overdue}  "), styles.bad)
        } else {
            (format!("{overdue}  "), styles.dim)
        },
        (format!("{day} "), Style::new()),
        (i18n::clock(&look.now), Style::new()),
    ]
}
