//! What was chosen and is not written yet, with its dates, and what comes of it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::border::{Frame, frame};
use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::text::{Align, WidthMode, width};
use super::key_of;
use crate::app::triage::{Staged, Then};
use crate::app::{App, TriageDetail};
use crate::command::{Command, Verb};
use crate::i18n;
use crate::i18n::words::{triage as words, writing};
use crate::model::Resource;

/// A line of the box: what it is about, its key, what was chosen, and whether that is worth a look.
struct Line {
    label: &'static str,
    key: String,
    chosen: Vec<(String, Style)>,
}

/// Draws the box.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    let nothing = Staged::default();
    let staged = app.staged().unwrap_or(&nothing);
    let commit = key_of(app, &Command::new(Verb::TriageCommit));
    let figures = if staged.is_empty() {
        look.say(words::STAGED_NOTHING).to_owned()
    } else {
        look.fill(words::COMMITS, &[("key", &commit)])
    };
    let title = look.say(words::STAGED);
    let inner = frame(
        canvas,
        look,
        area,
        Frame { title, figures: &figures, focused: !staged.is_empty(), ..Frame::default() },
    );
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let customer = open.key().is_some_and(|key| key.resource == Resource::Customers);
    let lines = lines(look, app, staged, customer);
    // Where there is little room the short ones share a line.
    let rows: Vec<&[usize]> = if inner.height >= 7 {
        vec![&[0], &[1], &[2], &[3], &[4], &[5], &[6]]
    } else {
        vec![&[0, 1], &[2], &[3, 4], &[6, 5]]
    };
    for (y, row) in (inner.y..inner.bottom()).zip(rows) {
        let half = inner.width / u16::try_from(row.len()).unwrap_or(1);
        for (nth, line) in row.iter().filter_map(|index| lines.get(*index)).enumerate() {
            let x = inner.x + half * u16::try_from(nth).unwrap_or(0);
            one(canvas, look, line, Rect { x, y, width: half, height: 1 });
        }
    }
}

fn one(canvas: &mut Canvas, look: &Look, line: &Line, area: Rect) {
    const LABEL: u16 = 8;
    if line.chosen.is_empty() && line.key.is_empty() {
        return;
    }
    let label = if look.plain { format!("{}:", line.label) } else { line.label.to_owned() };
    let wide = u16::try_from(width(&label, look.mode)).unwrap_or(LABEL).max(LABEL - 1) + 1;
    canvas.field(area.x, area.y, wide.min(area.width), &label, Align::Left, look.styles.dim);
    let (x, room) = (area.x + wide, area.width.saturating_sub(wide + 1));
    if line.chosen.is_empty() {
        canvas.field(x, area.y, room, &line.key, Align::Left, look.styles.hint);
        return;
    }
    let parts: Vec<_> = line.chosen.iter().map(|(text, style)| (text.as_str(), *style)).collect();
    canvas.line(x, area.y, room, &parts);
}

fn lines(look: &Look, app: &App, staged: &Staged, customer: bool) -> Vec<Line> {
    let styles = look.styles;
    let key = |verb| key_of(app, &Command::new(verb));
    let one = |text: String| vec![(text, styles.strong)];
    let results = app.settings.triage.results.len();
    let digits = format!(
        "{}-{}",
        key_of(app, &Command::with(Verb::TriageResult, "1")),
        key_of(app, &Command::with(Verb::TriageResult, results.to_string()))
    );
    let put_off = key_of(app, &Command::with(Verb::TriageSnooze, "h"));
    let put_off = put_off.split(' ').next().unwrap_or_default().to_owned();
    let arrow = if look.mode == WidthMode::Narrow { "→" } else { "->" };
    let snooze = staged.snooze.as_ref().map(|snooze| {
        let at = look.zoned(snooze.until);
        let when = format!("{} {} {}", at.date(), i18n::weekday(look.lang, at.weekday()), i18n::clock(&at));
        vec![
            (look.due(Some(snooze.until)), styles.strong),
            (format!(" {arrow} "), styles.dim),
            (when, styles.strong),
        ]
    });
    let tags = staged.tags.iter().enumerate().flat_map(|(nth, (_, name, on))| {
        let gap = if nth == 0 { "" } else { "  " };
        let (sign, style) = if *on { ("+", styles.tag) } else { ("-", styles.warn) };
        [(format!("{gap}{sign}{name}"), style)]
    });
    let who = staged
        .who
        .as_ref()
        .map(|who| one(if who == "me" { look.say(writing::ME).to_owned() } else { who.clone() }));
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let message = staged.message.as_ref().map(|message| {
        let via = if message.channel.is_empty() { String::new() } else { format!("{} ", message.channel) };
        vec![(format!("{via}[{}] ", message.snippet), styles.kind), (first(&message.text), styles.text)]
    });
    let mut then = then(look, app, staged);
    if customer && staged.snooze.as_ref().is_none_or(|snooze| snooze.moved_from.is_none()) {
        then.clear();
    }
    let line = |label, key, chosen| Line { label: look.say(label), key, chosen };
    vec![
        line(
            words::RESULT,
            digits,
            staged.result.as_ref().map(|word| one(app.result_name(word))).unwrap_or_default(),
        ),
        line(words::TAGS, key(Verb::TriageTags), tags.collect()),
        line(words::SNOOZE, put_off, snooze.unwrap_or_default()),
        line(words::WHO, key(Verb::TriageAssign), who.unwrap_or_default()),
        line(
            words::NOTE,
            key(Verb::TriageNote),
            staged.note.as_ref().map(|note| one(first(note))).unwrap_or_default(),
        ),
        line(words::MESSAGE, key(Verb::TriageSnippet), message.unwrap_or_default()),
        line(words::THEN, String::new(), then),
    ]
}

/// What becomes of the follow-up.
fn then(look: &Look, app: &App, staged: &Staged) -> Vec<(String, Style)> {
    if staged.is_empty() {
        return Vec::new();
    }
    let styles = look.styles;
    let who = match staged.who.as_deref() {
        Some("me") => look.say(writing::ME),
        who => who.unwrap_or_default(),
    };
    let moved = staged.snooze.as_ref().and_then(|snooze| snooze.moved_from.as_ref()?.parse().ok());
    if let Some(day) = moved {
        let day = i18n::day(look.lang, day);
        return vec![(look.fill(words::MOVED, &[("day", &day)]), styles.warn)];
    }
    let (text, style) = match staged.then(&app.settings.triage) {
        Then::Done => (look.say(words::THEN_DONE).to_owned(), styles.good),
        Then::Cancelled => (look.say(words::THEN_CANCELLED).to_owned(), styles.warn),
        Then::Later => (look.say(words::THEN_LATER).to_owned(), styles.text),
        Then::HandedOver => (look.fill(words::THEN_HANDED, &[("who", &who)]), styles.text),
        Then::Open => (look.say(words::THEN_OPEN).to_owned(), styles.text),
    };
    vec![(text, style)]
}
