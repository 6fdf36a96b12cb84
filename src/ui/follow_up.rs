//! A follow-up's detail: what is to be done, for whom, and what happened lately.

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::customer::waiting;
use super::facts::{self, Fact, Facts};
use super::look::Look;
use super::panes::{due, source, stage};
use super::rect;
use super::unsent;
use crate::app::{Area, FollowUpDetail};
use crate::i18n;
use crate::i18n::words::{detail, kinds, panes};
use crate::model::{Priority, Time};
use crate::query::ask::FollowUpView;

/// Draws the detail over the whole body.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &FollowUpDetail, body: Area) {
    let view = open.record.view.as_deref();
    let status = view.map_or("", |view| look.named(kinds::STATUSES, view.follow_up.status.word()));
    let title = look.say(detail::TASK);
    let inner =
        frame(canvas, look, rect(body), Frame { title, note: status, focused: true, ..Frame::default() });
    let Some(view) = view else {
        waiting(canvas, look, inner, &open.record);
        return;
    };
    let inner =
        ratatui::layout::Rect { x: inner.x + 1, width: inner.width.saturating_sub(2).min(100), ..inner };
    facts::draw(canvas, look, inner, &facts_of(look, view), &open.scroll);
}

fn facts_of<'a>(look: &Look, view: &'a FollowUpView) -> Facts<'a> {
    let (record, row, styles) = (&view.follow_up, &view.row, look.styles);
    let text = styles.text;
    let mut facts = Facts::default();
    facts.pair(look.say(detail::TASK), record.title.as_str(), styles.strong);
    facts
        .text(unsent::told(look, row.write.as_ref()), unsent::style(look, unsent::state(row.write.as_ref())));
    facts.pair(look.say(detail::BODY), record.body.as_deref().unwrap_or_default(), text);
    let with_day = |at: Option<Time>, word: &str| match at {
        Some(_) => format!("{word}  {}", look.stamp(at)),
        None => word.to_owned(),
    };
    let (word, style) = due(look, record.due_at);
    facts.pair(look.say(detail::DUE), with_day(record.due_at, &word), style);
    if record.sla_at.is_some() {
        let (word, style) = due(look, record.sla_at);
        facts.pair(look.say(detail::SLA), with_day(record.sla_at, &word), style);
    }
    if record.snoozed_until.is_some() {
        facts.pair(look.say(detail::SNOOZED), look.stamp(record.snoozed_until), text);
    }
    let priority = match record.priority {
        Priority::Urgent => styles.bad,
        Priority::High => styles.warn,
        _ => text,
    };
    facts.pair(look.say(detail::PRIORITY), look.named(kinds::PRIORITIES, record.priority.word()), priority);
    facts.pair(look.say(detail::KIND), look.named(kinds::FOLLOW_UPS, record.kind.word()), text);
    facts.pair(look.say(detail::ASSIGNEE), row.assignee.as_deref().unwrap_or(look.say(panes::NOBODY)), text);
    facts.pair(
        look.say(detail::SOURCE),
        record.source.as_deref().map(|from| source(look, from)).unwrap_or_default(),
        text,
    );
    let outcome = record.outcome.as_deref().map_or("", |word| look.named(kinds::OUTCOMES, word));
    facts.pair(look.say(detail::OUTCOME), outcome, text);
    facts.pair(look.say(detail::NOTE), record.note.as_deref().unwrap_or_default(), text);
    if record.created_at.is_some() {
        facts.pair(look.say(detail::CREATED), look.stamp(record.created_at), styles.dim);
    }
    facts.blank();
    customer(look, view, &mut facts);
    if !view.recent.is_empty() {
        facts.blank();
        facts.0.push(Fact::Heading(look.say(detail::RECENT).into()));
        for event in &view.recent {
            let told =
                if event.title.is_empty() { event.body.as_deref().unwrap_or_default() } else { &event.title };
            let kind = look.named(kinds::EVENTS, event.kind.word());
            facts.text(format!("{}  {kind}  {told}", look.stamp(event.at)), text);
        }
    }
    facts
}

fn customer<'a>(look: &Look, view: &'a FollowUpView, facts: &mut Facts<'a>) {
    let styles = look.styles;
    let Some(row) = &view.customer else {
        facts.text(look.say(panes::UNKNOWN_CUSTOMER), styles.dim);
        return;
    };
    facts.pair(look.say(detail::CUSTOMER), row.name.as_str(), styles.strong);
    facts.pair(look.say(detail::REMARK), row.remark.as_deref().unwrap_or_default(), styles.text);
    let (word, style) = stage(look, row.stage.as_deref());
    facts.pair(look.say(detail::STAGE), word, style);
    facts.pair(look.say(detail::TAGS), row.tags.join("  "), styles.tag);
    let phone = look.phone(row.id.as_str(), row.phone.as_deref().unwrap_or_default());
    facts.pair(look.say(detail::PHONE), phone, styles.text);
    let money = row.ltv.map(|minor| i18n::money_exact(minor, row.currency.as_deref().unwrap_or("CNY")));
    facts.pair(look.say(detail::LTV), money.unwrap_or_default(), styles.text);
    if row.contacted.is_some() {
        facts.pair(look.say(detail::CONTACTED), look.ago(row.contacted), styles.text);
    }
}
