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

/// Draws the header. What matters less is said in fewer words, then left out, where there is no
/// room; how things stand with the backend and how old the data is always stay.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    canvas.clear(area, Style::new());
    let room = usize::from(area.width.saturating_sub(2));
    let (mut left, mut right) = (left(look, app), right(look, app));
    while cells(look, &left) + cells(look, &right) > room {
        // of equal ranks the last one gives way
        let parts = left.iter_mut().chain(&mut right);
        let Some(least) = parts.max_by_key(|part| part.rank()).filter(|part| part.rank() > 0) else { break };
        least.forms.remove(0);
    }
    let taken = u16::try_from(cells(look, &right)).unwrap_or(u16::MAX).min(area.width);
    let space = area.width.saturating_sub(taken + 2);
    canvas.line(area.x + 1, area.y, space, &spans(&left));
    let x = area.right().saturating_sub(taken + 1);
    // the gap before the first of them is what parts them from the left side
    canvas.line(x, area.y, area.right().saturating_sub(x), &spans(&right));
}

/// A text in its styles.
type Form = Vec<(String, Style)>;

/// A part of the header.
struct Part {
    /// How it can be said, the fullest form first, each with its rank: what has the highest one
    /// gives way first, to the part's next form or to nothing. Rank 0 stays.
    forms: Vec<(u8, Form)>,
    /// Blanks before it.
    gap: &'static str,
}

impl Part {
    fn new(gap: &'static str, forms: impl IntoIterator<Item = (u8, Form)>) -> Self {
        Self { forms: forms.into_iter().collect(), gap }
    }

    /// One that is said in one way and one style.
    fn plain(gap: &'static str, rank: u8, text: impl Into<String>, style: Style) -> Self {
        Self::new(gap, [(rank, vec![(text.into(), style)])])
    }

    fn rank(&self) -> u8 {
        self.forms.first().map_or(0, |(rank, _)| *rank)
    }
}

/// What of a side is left, with the gaps between and before them.
fn spans(parts: &[Part]) -> Vec<(&str, Style)> {
    let said = parts.iter().filter_map(|part| Some((part.gap, &part.forms.first()?.1)));
    said.flat_map(|(gap, form)| {
        let texts = form.iter().map(|(text, style)| (text.as_str(), *style));
        std::iter::once((gap, Style::new())).chain(texts)
    })
    .collect()
}

fn cells(look: &Look, parts: &[Part]) -> usize {
    spans(parts).iter().map(|(text, _)| width(text, look.mode)).sum()
}

fn left(look: &Look, app: &App) -> Vec<Part> {
    let styles = look.styles;
    let mut parts = Vec::new();
    let settings = &app.settings;
    if let Some(open) = app.details.last() {
        let path = (format!("{} ", look.path_mark()), styles.dim);
        parts.push(Part::plain("", 5, "siyu ", styles.title));
        let place = match open {
            Detail::Outbox(_) => look.say(crate::i18n::words::outbox::TITLE),
            Detail::Triage(_) => look.say(crate::i18n::words::triage::TITLE),
            Detail::Steps(_) => look.say(crate::i18n::words::macros::TITLE),
            _ => look.say(title(open.from())),
        };
        let list = (format!("{place} "), Style::new());
        parts.push(Part::new("", [(9, vec![path.clone(), list])]));
        for outer in &app.details[..app.details.len() - 1] {
            let named =
                |rank, most| (rank, vec![path.clone(), (name(look, outer, most) + " ", Style::new())]);
            parts.push(Part::new("", [named(8, 20), named(7, 10)]));
        }
        if !matches!(open, Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) {
            let named = |rank, most| (rank, vec![path.clone(), (name(look, open, most), styles.strong)]);
            parts.push(Part::new("", [named(6, 32), named(4, 20), named(1, 12), named(0, 6)]));
        }
        if let Some((at, total)) = position(app, open) {
            let text = look.fill(detail::OF_LIST, &[("at", &at), ("total", &look.figure(total))]);
            parts.push(Part::plain("  ", 10, text, styles.dim));
        }
    } else {
        parts.push(Part::plain("", 1, "siyu", styles.title));
        parts.push(Part::plain("  ", 4, settings.profile.clone(), Style::new()));
    }
    parts.push(link(look, app));
    if let Some((register, _)) = &app.recorder.recording {
        let text = look.fill(crate::i18n::words::macros::REC, &[("register", register)]);
        parts.push(Part::plain("  ", 0, text, styles.warn));
    }
    if settings.read_only {
        parts.push(Part::plain("  ", 0, look.say(header::READ_ONLY), styles.warn));
    }
    if app.header.unwritable.is_some() {
        parts.push(Part::plain("  ", 0, look.say(header::UNWRITABLE), styles.bad));
    }
    let (unsent, failed) = (app.header.overview.unsent, app.header.overview.failed);
    if unsent > 0 || failed > 0 {
        // What is stuck is no longer waiting: with nothing else there is no count of what waits.
        let mut texts = match unsent {
            0 => vec![(look.say(header::UNDELIVERED).to_owned(), styles.failed)],
            _ => vec![(look.fill(header::UNSENT, &[("n", &unsent)]), styles.warn)],
        };
        if failed > 0 {
            texts.push((format!(" !{failed}"), styles.failed));
        }
        parts.push(Part::new("  ", [(1, texts)]));
    }
    if app.header.is_new() && !matches!(app.header.link, Link::Online { .. }) {
        parts.push(Part::plain("  ", 0, look.say(header::NEVER_PULLED), styles.warn));
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
            parts.push(Part::plain("  ", 0, look.fill(header::DATA_AGE, &[("age", &age)]), styles.dim));
        }
    }
    parts
}

/// Whose detail it is: by name, once it is known.
fn name(look: &Look, open: &Detail, most: usize) -> String {
    let name = match open {
        Detail::Customer(open) => open.record.view.as_ref().map(|view| &view.row.name),
        Detail::Group(open) => open.record.view.as_ref().map(|view| &view.row.name),
        Detail::FollowUp(open) => open.record.view.as_ref().map(|view| &view.row.title),
        Detail::Outbox(_) => return look.say(crate::i18n::words::outbox::TITLE).to_owned(),
        Detail::Steps(_) => return String::new(),
        Detail::Triage(_) => return look.say(crate::i18n::words::triage::TITLE).to_owned(),
    };
    let name = name.filter(|name| !name.is_empty()).map_or("...", String::as_str);
    super::text::fit(name, width(name, look.mode).min(most), super::text::Align::Left, look.mode)
}

/// Where in the list one came from, 1 the first.
fn position(app: &App, open: &Detail) -> Option<(u64, u64)> {
    if app.details.len() > 1 || matches!(open, Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) {
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
fn link(look: &Look, app: &App) -> Part {
    let styles = look.styles;
    let (up, down) = match look.mode {
        _ if look.plain => ("", ""), // the word says it
        WidthMode::Narrow => ("● ", "○ "),
        _ => ("* ", "- "),
    };
    let (text, style) = match &app.header.link {
        _ if app.settings.offline => (format!("{down}{}", look.say(header::OFFLINE)), styles.dim),
        Link::Idle => (format!("{down}{}", look.say(sync::IDLE)), styles.dim),
        Link::Connecting => (format!("{down}{}", look.say(header::CONNECTING)), styles.warn),
        Link::Online { latency, live } => {
            let backend = app.header.backend.as_deref().unwrap_or_default();
            let way = match live {
                Some(true) => look.say(sync::LIVE),
                Some(false) => look.say(sync::POLLING),
                None => look.say(header::CONNECTED),
            };
            let slow = latency.as_secs() > 0;
            let millis = if slow {
                look.fill(header::SLOW, &[("n", &latency.as_secs())])
            } else {
                look.fill(header::LATENCY, &[("n", &latency.as_millis())])
            };
            let style = if slow { styles.warn } else { styles.good };
            let said = |rank, words: &[&str]| {
                let words = words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>();
                (rank, vec![(format!("{up}{}", words.join(" ")), style)])
            };
            return Part::new(
                "  ",
                [said(11, &[backend, way, &millis]), said(7, &[way, &millis]), said(0, &[way])],
            );
        }
        Link::Offline { trouble, retry_at } => {
            let seconds = ((retry_at.millis - app.now.millis) / 1_000).max(0);
            let word = if trouble.kind == TroubleKind::Rate {
                look.fill(header::LIMITED, &[("n", &seconds)])
            } else {
                look.say(header::OFFLINE).to_owned()
            };
            (format!("{down}{word}"), styles.bad)
        }
        Link::Refused(_) => (format!("! {}", look.say(header::REFUSED)), styles.bad),
        Link::Paused => (format!("{down}{}", look.say(sync::PAUSED)), styles.dim),
        Link::Elsewhere => {
            let said = |rank, word| (rank, vec![(format!("{down}{}", look.say(word)), styles.dim)]);
            return Part::new("  ", [said(7, header::FOLLOWER), said(0, header::FOLLOWER_SHORT)]);
        }
    };
    Part::plain("  ", 0, text, style)
}

/// What is due and what time it is.
fn right(look: &Look, app: &App) -> Vec<Part> {
    let styles = look.styles;
    let overview = &app.header.overview;
    let figure = |n: Option<u64>| n.map_or_else(|| look.none().to_owned(), |n| look.figure(n));
    let whose = if overview.mine { look.say(header::MINE) } else { "" };
    let due = |word| {
        let due = look.fill(word, &[("n", &figure(overview.due))]);
        (format!("{whose}{due}  "), Style::new())
    };
    let overdue = |whose: &str| {
        let overdue = look.fill(header::OVERDUE, &[("n", &figure(overview.overdue))]);
        let (mark, style) = if overview.overdue > Some(0) { ("!", styles.bad) } else { ("", styles.dim) };
        (format!("{mark}{whose}{overdue}"), style)
    };
    let clock = || (i18n::clock(&look.now), Style::new());
    let day = (format!("{} ", i18n::day(look.lang, look.now.date())), Style::new());
    let figures = if app.header.counted {
        vec![
            (6, vec![due(header::DUE_TODAY), overdue("")]),
            (5, vec![due(header::TODAY), overdue("")]),
            (3, vec![overdue(whose)]),
        ]
    } else {
        Vec::new()
    };
    vec![Part::new("  ", figures), Part::new("  ", [(12, vec![day, clock()]), (8, vec![clock()])])]
}
