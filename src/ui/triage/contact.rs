//! Whom one deals with: who they are, what is to be done and until when, what happened lately.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::border::{Frame, frame};
use super::super::canvas::Canvas;
use super::super::customer::waiting;
use super::super::facts::{self, Facts};
use super::super::look::Look;
use super::super::panes::{due, source, stage};
use super::super::text::Align;
use super::super::unsent;
use crate::app::triage::ItemState;
use crate::app::{App, Scroll, TriageDetail};
use crate::i18n;
use crate::i18n::words::{detail, kinds, triage as words};
use crate::model::{FollowUpStatus, Priority, Time};
use crate::query::ask::ContactView;

/// What others did within so many milliseconds they may still be at.
const LATELY: i64 = 30 * 60_000;

/// Draws the box of the one that is dealt with.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &TriageDetail, area: Rect) {
    let item = open.queue.current();
    let name = item.map_or("", |item| item.row.customer.as_str());
    let note = item.map_or("", |item| match item.state {
        ItemState::Done => look.say(words::STATE_DONE),
        ItemState::Sending => look.say(words::STATE_SENDING),
        ItemState::Left if item.gone => look.say(words::GONE),
        ItemState::Left => "",
    });
    let row = open.contact().and_then(|view| view.customer.as_ref()).map(|customer| &customer.row);
    // Who they are stands beside their name.
    let who = row.map(|row| {
        let (stage, _) = stage(look, row.stage.as_deref());
        let parts = [stage.as_ref(), row.level.as_deref().unwrap_or(""), row.city.as_deref().unwrap_or("")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
    });
    let note = [note, who.as_deref().unwrap_or_default()];
    let note = note.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
    let figures = format!("{}/{}", open.queue.cursor + 1, open.queue.items.len());
    let inner =
        frame(canvas, look, area, Frame { title: name, note: &note, figures: &figures, focused: true });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let Some(view) = open.contact() else { return waiting(canvas, look, inner, &open.record) };
    let facts = facts_of(look, app, view, usize::from(inner.height));
    // What happened lately is a table of its own: when, what, and the words.
    let high = facts::height(look, &facts, inner.width);
    facts::draw(canvas, look, Rect { height: inner.height.min(high), ..inner }, &facts, &Scroll::default());
    lately(canvas, look, view, super::below(inner, high));
}

fn facts_of<'a>(look: &Look, app: &App, view: &'a ContactView, room: usize) -> Facts<'a> {
    let styles = look.styles;
    let mut facts = Facts::default();
    // Where there is little room, what one cannot do without.
    let much = room >= 14;
    facts.pair(look.say(words::OTHERS), others(look, app, view).join("; "), styles.warn);
    if let Some(customer) = &view.customer {
        let row = &customer.row;
        let tags = row.tags.join("  ");
        facts.pair(look.say(detail::TAGS), tags, styles.tag);
        if much {
            facts.pair(look.say(detail::REMARK), row.remark.as_deref().unwrap_or_default(), styles.text);
            facts.pair(look.say(detail::ORDERS), worth(look, view), styles.text);
        }
        let phone = look.phone(row.id.as_str(), row.phone.as_deref().unwrap_or_default());
        let contacted =
            row.contacted.map(|_| format!("{} {}", look.say(detail::CONTACTED), look.ago(row.contacted)));
        let reach = [phone.into_owned(), contacted.unwrap_or_default()];
        let reach: Vec<_> = reach.into_iter().filter(|part| !part.is_empty()).collect();
        facts.pair(look.say(detail::PHONE), reach.join("  "), styles.text);
    }
    let Some((record, row)) = &view.follow_up else { return facts };
    if much {
        facts.blank();
    }
    let priority = look.named(kinds::PRIORITIES, record.priority.word());
    let (text, style) = match record.priority {
        Priority::Urgent => (format!("{}  [{priority}]", record.title), styles.bad),
        Priority::High => (format!("{}  [{priority}]", record.title), styles.warn),
        _ => (record.title.clone(), styles.strong),
    };
    facts.pair(look.say(detail::TASK), text, style);
    let (word, style) = due(look, record.due_at);
    let when = record.due_at.map(|_| format!("{word}  {}", look.stamp(record.due_at))).unwrap_or_default();
    facts.pair(look.say(detail::DUE), when, style);
    if let Some(at) = record.sla_at {
        let (text, style) = sla(look, app, at);
        facts.pair(look.say(words::SLA), text, style);
    }
    facts
        .text(unsent::told(look, row.write.as_ref()), unsent::style(look, unsent::state(row.write.as_ref())));
    if much {
        facts.pair(look.say(detail::BODY), record.body.as_deref().unwrap_or_default(), styles.text);
        let from = record.source.as_deref().map(|from| source(look, from)).unwrap_or_default();
        facts.pair(look.say(detail::SOURCE), from, styles.dim);
    }
    let outcome = record.outcome.as_deref().map_or("", |word| look.named(kinds::OUTCOMES, word));
    facts.pair(look.say(detail::OUTCOME), outcome, styles.text);
    facts.pair(look.say(detail::NOTE), record.note.as_deref().unwrap_or_default(), styles.text);
    facts
}

/// Who else is on this, as far as the backend tells: who has begun with the follow-up, and whose word,
/// call or note was the last of anybody's within the last half hour.
fn others(look: &Look, app: &App, view: &ContactView) -> Vec<String> {
    let me = view.customer.as_ref().and_then(|customer| customer.me.as_ref()).map(|me| me.name.as_str());
    let other = |name: &Option<String>| name.clone().filter(|name| Some(name.as_str()) != me);
    let mut told = Vec::new();
    if let Some((record, row)) = &view.follow_up
        && record.status == FollowUpStatus::Doing
        && let Some(who) = other(&row.assignee)
    {
        told.push(look.fill(words::BEGAN, &[("who", &who)]));
    }
    let lately = app.now.millis.saturating_sub(LATELY)..=app.now.millis;
    let last = view.recent.iter().find_map(|event| {
        let at = event.at.filter(|at| lately.contains(&at.millis))?;
        Some((other(&event.operator)?, at, look.named(kinds::EVENTS, event.kind.word())))
    });
    if let Some((who, at, what)) = last {
        let age = i18n::age(look.lang, (app.now.millis - at.millis) / 1_000);
        told.push(look.fill(words::TOUCHED, &[("who", &who), ("age", &age), ("what", &what)]));
    }
    told
}

/// Orders, what they came to, RFM, points: in a line.
fn worth(look: &Look, view: &ContactView) -> String {
    let Some(row) = view.customer.as_ref().map(|customer| &customer.row) else { return String::new() };
    let mut parts = Vec::new();
    parts.extend(row.orders.map(i18n::exact));
    parts.extend(row.ltv.map(|minor| i18n::money_exact(minor, row.currency.as_deref().unwrap_or("CNY"))));
    parts.extend(row.rfm.map(|score| format!("RFM {}-{}-{}", score.r, score.f, score.m)));
    parts.extend(row.points.map(|points| format!("{} {}", look.say(detail::POINTS), i18n::exact(points))));
    parts.join("  ")
}

/// What was promised: how long is left, a warning before it breaks, and that it is broken. Always in
/// words, never by the colour alone.
pub fn sla(look: &Look, app: &App, at: Time) -> (String, Style) {
    let left = at.millis.saturating_sub(app.now.millis);
    let minutes = left.unsigned_abs() / 60_000;
    let (d, h, m) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let time = match (d, h) {
        (0, 0) => look.fill(words::MINUTES_LEFT, &[("m", &m)]),
        (0, _) => look.fill(words::HOURS_LEFT, &[("h", &h), ("m", &m)]),
        _ => look.fill(words::DAYS_LEFT, &[("d", &d), ("h", &h)]),
    };
    let stamp = look.stamp(Some(at));
    let warns = app.settings.triage.sla_warn_minutes.saturating_mul(60_000);
    let (word, style) = match left {
        ..0 => (words::SLA_BROKEN, look.styles.bad),
        left if left <= warns => (words::SLA_SOON, look.styles.warn),
        _ => (words::SLA_LEFT, look.styles.text),
    };
    (look.fill(word, &[("at", &stamp), ("time", &time)]), style)
}

/// The latest events, as many as there is room for.
fn lately(canvas: &mut Canvas, look: &Look, view: &ContactView, area: Rect) {
    const CLOCK: u16 = 11;
    const KIND: u16 = 8;
    if area.height < 2 {
        return;
    }
    let area = super::below(area, u16::from(area.height > 4));
    let heading = look.say(words::RECENT);
    canvas.field(area.x, area.y, area.width, heading, Align::Left, look.styles.heading);
    let area = super::below(area, 1);
    if view.recent.is_empty() {
        let none = look.say(words::NOTHING_LATELY);
        canvas.field(area.x, area.y, area.width, none, Align::Left, look.styles.dim);
    }
    for (y, event) in (area.y..area.bottom()).zip(&view.recent) {
        let told =
            if event.title.is_empty() { event.body.as_deref().unwrap_or_default() } else { &event.title };
        let told = look.named(kinds::OUTCOMES, told);
        let kind = look.named(kinds::EVENTS, event.kind.word());
        let room = |x: u16| area.right().saturating_sub(x);
        let this_year = event.at.is_none_or(|at| look.zoned(at).year() == look.now.year());
        let when = if this_year { look.stamp(event.at) } else { look.date(event.at) };
        canvas.field(area.x, y, CLOCK.min(area.width), &when, Align::Left, look.styles.dim);
        let x = area.x + CLOCK + 1;
        canvas.field(x, y, KIND.min(room(x)), kind, Align::Left, look.styles.kind);
        let x = x + KIND + 1;
        canvas.field(x, y, room(x), told, Align::Left, look.styles.text);
    }
}
