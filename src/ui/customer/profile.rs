//! The profile of a customer: every fact where there is a box for it, else the three lines that
//! matter most.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n::words::{detail, kinds, panes};
use crate::i18n::{self};
use crate::model::{Channel, Customer, RelationStatus};
use crate::query::ask::CustomerView;
use crate::ui::canvas::Canvas;
use crate::ui::facts::{Fact, Facts};
use crate::ui::look::Look;
use crate::ui::panes::{due, stage};
use crate::ui::unsent;

/// All that is known.
pub fn facts<'a>(look: &Look, view: &'a CustomerView) -> Facts<'a> {
    let mut facts = Facts::default();
    who(look, view, &mut facts);
    facts.blank();
    value(look, view, &mut facts);
    facts.blank();
    next(look, view, &mut facts);
    facts.blank();
    relations(look, view, &mut facts);
    facts.blank();
    origin(look, view, &mut facts);
    facts
}

fn who<'a>(look: &Look, view: &'a CustomerView, facts: &mut Facts<'a>) {
    let (record, row, styles) = (&view.customer, &view.row, look.styles);
    let text = styles.text;
    facts.pair(look.say(detail::NAME), row.name.as_str(), styles.strong);
    facts
        .text(unsent::told(look, row.write.as_ref()), unsent::style(look, unsent::state(row.write.as_ref())));
    facts.pair(look.say(detail::ALIAS), record.alias.as_deref().unwrap_or_default(), text);
    facts.pair(look.say(detail::REMARK), record.remark.as_deref().unwrap_or_default(), text);
    let (word, style) = stage(look, row.stage.as_deref());
    facts.pair(look.say(detail::STAGE), word, style);
    facts.pair(look.say(detail::TAGS), row.tags.join("  "), styles.tag);
    facts.pair(look.say(detail::OWNER), row.owners.join("  "), text);
    let phones: Vec<_> = record.phones.iter().map(|phone| look.phone(row.id.as_str(), phone)).collect();
    facts.pair(look.say(detail::PHONE), phones.join("  "), text);
    let gender = record.gender.as_deref().map_or("", |word| look.named(kinds::GENDERS, word));
    facts.pair(look.say(detail::GENDER), gender, text);
    facts.pair(look.say(detail::BIRTHDAY), record.birthday.as_deref().unwrap_or_default(), text);
    facts.pair(look.say(detail::CITY), record.city.as_deref().unwrap_or_default(), text);
    facts.pair(look.say(detail::COMPANY), record.company.as_deref().unwrap_or_default(), text);
}

fn value<'a>(look: &Look, view: &'a CustomerView, facts: &mut Facts<'a>) {
    let (row, text) = (&view.row, look.styles.text);
    if let Some(scores) = row.rfm {
        let money = row.ltv.map(|minor| i18n::money_exact(minor, currency(view))).unwrap_or_default();
        for (letter, score, told) in [
            ('R', scores.r, look.fill(detail::RECENCY, &[("ago", &look.ago(row.ordered))])),
            ('F', scores.f, look.fill(detail::FREQUENCY, &[("n", &view.orders180)])),
            ('M', scores.m, look.fill(detail::MONETARY, &[("money", &money)])),
        ] {
            facts.text(format!("{letter} {score}  {told}"), text);
        }
    }
    facts.pair(look.say(detail::LEVEL), row.level.as_deref().unwrap_or_default(), text);
    facts.pair(look.say(detail::POINTS), row.points.map(i18n::exact).unwrap_or_default(), text);
    let orders = row.orders.map(i18n::exact).unwrap_or_default();
    facts.pair(look.say(detail::ORDERS), orders, text);
    if row.rfm.is_none() {
        let money = row.ltv.map(|minor| i18n::money_exact(minor, currency(view))).unwrap_or_default();
        facts.pair(look.say(detail::LTV), money, text);
    }
    if let Some(risk) = row.churn {
        facts.pair(look.say(detail::CHURN), i18n::percent(risk), churn_style(look, risk));
    }
    if let Some(days) = view.cycle_days {
        facts.text(look.fill(detail::CYCLE, &[("n", &(days.round() as i64))]), text);
    }
}

fn churn_style(look: &Look, risk: f64) -> Style {
    if risk >= 0.6 { look.styles.warn } else { look.styles.text }
}

fn next<'a>(look: &Look, view: &'a CustomerView, facts: &mut Facts<'a>) {
    if view.follow_ups.is_empty() {
        facts.pair(look.say(detail::NEXT), look.say(detail::NO_NEXT), look.styles.dim);
        return;
    }
    facts.0.push(Fact::Heading(look.say(detail::FOLLOW_UPS).into()));
    for follow_up in &view.follow_ups {
        let (when, style) = due(look, follow_up.due);
        facts.text(format!("{when}  {}", follow_up.title), style);
    }
}

fn relations<'a>(look: &Look, view: &'a CustomerView, facts: &mut Facts<'a>) {
    let text = look.styles.text;
    for (nth, relation) in view.customer.relations.iter().enumerate() {
        if nth == 0 {
            facts.0.push(Fact::Heading(look.say(detail::RELATIONS).into()));
        }
        let name =
            view.operators.iter().find(|(id, _)| *id == relation.operator_id).map(|(_, name)| name.as_str());
        let mut told = vec![name.unwrap_or(relation.operator_id.as_str()).to_owned()];
        if relation.added_at.is_some() {
            told.push(look.fill(detail::FRIEND_SINCE, &[("date", &look.date(relation.added_at))]));
        }
        if let Some(way) = relation.add_way.as_deref().filter(|way| !way.is_empty()) {
            told.push(look.named(kinds::SCENES, way).to_owned());
        }
        let style = if relation.status == RelationStatus::Active {
            text
        } else {
            told.push(look.named(kinds::RELATIONS, status(relation.status)).to_owned());
            look.styles.warn
        };
        facts.text(told.join(&format!(" {} ", look.dot())), style);
        for note in
            [&relation.remark, &relation.description].into_iter().flatten().filter(|note| !note.is_empty())
        {
            facts.text(format!("  {note}"), look.styles.dim);
        }
    }
    if !view.groups.is_empty() {
        let names: Vec<_> = view
            .groups
            .iter()
            .map(|(_, name, messages)| match messages {
                Some(messages @ 1..) => format!("{name} ({messages})"),
                _ => name.clone(),
            })
            .collect();
        facts.pair(look.say(detail::GROUPS), names.join("  "), text);
    }
}

fn status(status: RelationStatus) -> &'static str {
    match status {
        RelationStatus::Active => "active",
        RelationStatus::RemovedByCustomer => "removed_by_customer",
        RelationStatus::RemovedByOperator => "removed_by_operator",
        RelationStatus::Blocked => "blocked",
    }
}

fn origin<'a>(look: &Look, view: &'a CustomerView, facts: &mut Facts<'a>) {
    let (record, text, dim) = (&view.customer, look.styles.text, look.styles.dim);
    facts.pair(look.say(detail::SOURCE), came_from(look, view), text);
    if view.referred > 0 {
        facts.text(look.fill(detail::REFERRED, &[("n", &view.referred)]), text);
    }
    let channels: Vec<_> = record
        .channels
        .iter()
        .map(|channel| format!("{}:{}", channel.kind, channel_id(look, record, channel)))
        .collect();
    facts.pair(look.say(detail::CHANNELS), channels.join("  "), text);
    for (word, at) in [
        (detail::ADDED, record.added_at),
        (detail::CONTACTED, record.last_contact_at),
        (detail::ACTIVE, record.last_active_at),
    ] {
        if at.is_some() {
            facts.pair(look.say(word), format!("{}  {}", look.stamp(at), look.ago(at)), text);
        }
    }
    facts.pair(look.say(detail::ID), record.id.as_str(), dim);
    for (name, value) in &record.custom {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        facts.pair(name.as_str(), value, text);
    }
}

/// A channel's id; a phone as much of it as may be seen.
fn channel_id<'a>(look: &Look, record: &Customer, channel: &'a Channel) -> Cow<'a, str> {
    if channel.kind == "phone" || record.phones.contains(&channel.id) {
        look.phone(record.id.as_str(), &channel.id)
    } else {
        Cow::Borrowed(&channel.id)
    }
}

fn came_from(look: &Look, view: &CustomerView) -> String {
    let source = view.customer.source.clone().unwrap_or_default();
    match &view.referrer {
        Some(name) => {
            let referred = look.fill(detail::REFERRED_BY, &[("name", name)]);
            if source.is_empty() { referred } else { format!("{source}  {referred}") }
        }
        None => source,
    }
}

fn currency(view: &CustomerView) -> &str {
    view.row.currency.as_deref().unwrap_or("CNY")
}

/// The lines that matter most, where there is no room for a box.
pub fn lines(canvas: &mut Canvas, look: &Look, area: Rect, view: &CustomerView) {
    let (row, styles) = (&view.row, look.styles);
    let dot = format!(" {} ", look.dot());
    let dot = (dot.as_str(), styles.dim);
    let (word, stage_style) = stage(look, row.stage.as_deref());
    let (when, due_style) = due(look, row.next_due);
    let tags = row.tags.join(" ");
    let next = format!("{} ", look.say(detail::NEXT));
    let unsent = unsent::told(look, row.write.as_ref());
    let gap = if unsent.is_empty() { "" } else { "  " };
    let mut lines: Vec<Vec<(&str, Style)>> = vec![vec![
        (&unsent, unsent::style(look, unsent::state(row.write.as_ref()))),
        (gap, styles.dim),
        (&word, stage_style),
        dot,
        (if tags.is_empty() { look.none() } else { &tags }, styles.tag),
        dot,
        (&next, styles.dim),
        (&when, due_style),
    ]];
    let rfm = row.rfm.map(|scores| format!("R{} F{} M{}", scores.r, scores.f, scores.m));
    let money = row.ltv.map(|minor| i18n::money_exact(minor, currency(view)));
    let points = row.points.map(|points| format!("{} {}", look.say(detail::POINTS), i18n::exact(points)));
    let churn = row.churn.map(|risk| format!("{} {}", look.say(detail::CHURN), i18n::percent(risk)));
    lines.push(parted(
        dot,
        [&rfm, &money, &row.level, &points, &churn]
            .into_iter()
            .flatten()
            .map(|text| (text.as_str(), styles.text)),
    ));
    let owners = match row.owners.join(" ") {
        owners if owners.is_empty() => look.say(panes::NOBODY).to_owned(),
        owners => owners,
    };
    let from = came_from(look, view);
    let phone = look.phone(row.id.as_str(), row.phone.as_deref().unwrap_or_default()).into_owned();
    let groups = view.groups.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    lines.push(parted(
        dot,
        [&owners, &phone, &from, &groups]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| (text.as_str(), styles.text)),
    ));
    if let Some(remark) = row.remark.as_deref().filter(|remark| !remark.is_empty()) {
        lines.push(vec![(remark, styles.dim)]);
    }
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        canvas.line(area.x, y, area.width, line);
    }
}

/// Texts with a dot between each two.
fn parted<'t>(dot: (&'t str, Style), texts: impl Iterator<Item = (&'t str, Style)>) -> Vec<(&'t str, Style)> {
    let mut parted = Vec::new();
    for text in texts {
        if !parted.is_empty() {
            parted.push(dot);
        }
        parted.push(text);
    }
    parted
}
