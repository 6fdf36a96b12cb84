//! The preview below a list: what the row under the cursor holds, where one pane is shown.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::facts::{self, Facts};
use super::look::Look;
use super::panes::{due, source, stage};
use super::spark::whole;
use super::unsent;
use crate::app::Scroll;
use crate::app::{App, Pane, SPARK_DAYS};
use crate::i18n;
use crate::i18n::words::{columns, detail, kinds, panes};
use crate::model::view::{CustomerRow, FollowUpRow, GroupRow, TagRow};

/// Draws the preview, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let (name, facts): (&str, Facts) = match app.focus {
        Pane::Customers => match app.customers.current() {
            Some(placed) => (&placed.row.name, customer(look, &placed.row)),
            None => ("", Facts::default()),
        },
        Pane::Tags => match app.tags.current() {
            Some(tag) => (&tag.name, of_tag(look, tag)),
            None => ("", Facts::default()),
        },
        Pane::Groups => match app.groups.current() {
            Some(placed) => (&placed.row.name, group(look, &placed.row)),
            None => ("", Facts::default()),
        },
        Pane::FollowUps => match app.follow_ups.current() {
            Some(placed) => (&placed.row.customer, follow_up(look, &placed.row)),
            None => ("", Facts::default()),
        },
    };
    let title = look.say(panes::PREVIEW);
    let inner = frame(canvas, look, area, Frame { title, note: name, ..Frame::default() });
    let inner = Rect { x: inner.x + inner.width.min(1), width: inner.width.saturating_sub(2), ..inner };
    facts::draw(canvas, look, inner, &facts, &Scroll::default());
}

/// Facts that are there, one behind the other.
fn joined(look: &Look, parts: &[Option<Cow<str>>]) -> String {
    let parts: Vec<&str> =
        parts.iter().flatten().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
    parts.join(&format!(" {} ", look.dot()))
}

fn customer<'a>(look: &Look, row: &'a CustomerRow) -> Facts<'a> {
    let text = look.styles.text;
    let mut facts = Facts::default();
    facts
        .text(unsent::told(look, row.write.as_ref()), unsent::style(look, unsent::state(row.write.as_ref())));
    let (word, _) = stage(look, row.stage.as_deref());
    let points =
        row.points.map(|points| format!("{} {}", look.say(detail::POINTS), i18n::exact(points)).into());
    let money =
        row.ltv.map(|minor| i18n::money(look.lang, minor, row.currency.as_deref().unwrap_or("CNY")).into());
    let rfm = row.rfm.map(|scores| format!("RFM {}-{}-{}", scores.r, scores.f, scores.m).into());
    facts.text(joined(look, &[Some(word), row.level.as_deref().map(Into::into), points, money, rfm]), text);
    facts.pair(look.say(detail::TAGS), row.tags.join("  "), look.styles.tag);
    facts.pair(look.say(detail::REMARK), row.remark.as_deref().unwrap_or_default(), text);
    let (when, style) = due(look, row.next_due);
    facts.pair(look.say(detail::NEXT), when, style);
    let whose = joined(
        look,
        &[
            Some(row.owners.join(" ").into()),
            row.city.as_deref().map(Into::into),
            row.source.as_deref().map(Into::into),
        ],
    );
    facts.pair(look.say(detail::OWNER), whose, text);
    facts.pair(look.say(detail::CONTACTED), look.ago(row.contacted), text);
    facts
}

fn of_tag<'a>(look: &Look, tag: &'a TagRow) -> Facts<'a> {
    let text = look.styles.text;
    let mut facts = Facts::default();
    facts
        .text(unsent::told(look, tag.write.as_ref()), unsent::style(look, unsent::state(tag.write.as_ref())));
    let one = if tag.exclusive { look.say(panes::EXCLUSIVE) } else { "" };
    facts.pair(
        look.say(columns::TAGS[2].1),
        joined(look, &[Some(tag.group.as_str().into()), Some(one.into())]),
        text,
    );
    let count = i18n::exact(i64::try_from(tag.customers).unwrap_or(i64::MAX));
    facts.pair(look.say(columns::TAGS[3].1), count, text);
    if let Some(change) = tag.change7 {
        facts.pair(look.say(columns::TAGS[4].1), i18n::signed(look.lang, change), text);
    }
    facts
}

fn group<'a>(look: &Look, row: &'a GroupRow) -> Facts<'a> {
    let text = look.styles.text;
    let mut facts = Facts::default();
    let health = if row.dying {
        Some(panes::DYING_WORD)
    } else if row.quiet {
        Some(panes::QUIET_WORD)
    } else {
        None
    };
    if let Some(word) = health {
        facts.text(format!("! {}", look.say(word)), look.styles.bad);
    }
    let exact = |count: Option<i64>| count.map(i18n::exact).unwrap_or_default();
    facts.pair(look.say(columns::GROUPS[3].1), exact(row.members), text);
    facts.pair(
        look.say(columns::GROUPS[4].1),
        look.spark(whole(&row.messages), SPARK_DAYS),
        look.styles.spark,
    );
    facts.pair(look.say(columns::GROUPS[5].1), exact(row.active7), text);
    facts.pair(
        look.say(columns::GROUPS[6].1),
        row.net7.map(|net| i18n::signed(look.lang, net)).unwrap_or_default(),
        text,
    );
    facts.pair(look.say(columns::GROUPS[2].1), row.owner.as_deref().unwrap_or_default(), text);
    facts
}

fn follow_up<'a>(look: &Look, row: &'a FollowUpRow) -> Facts<'a> {
    let text = look.styles.text;
    let mut facts = Facts::default();
    facts.text(row.title.as_str(), look.styles.strong);
    facts
        .text(unsent::told(look, row.write.as_ref()), unsent::style(look, unsent::state(row.write.as_ref())));
    let (when, style) = due(look, row.due);
    facts.pair(look.say(detail::DUE), format!("{when}  {}", look.stamp(row.due)), style);
    if row.sla.is_some() {
        let (when, style) = due(look, row.sla);
        facts.pair(look.say(detail::SLA), when, style);
    }
    let kind = look.named(kinds::FOLLOW_UPS, row.kind.word());
    let priority = look.named(kinds::PRIORITIES, row.priority.word());
    let who = row.assignee.as_deref().unwrap_or(look.say(panes::NOBODY));
    let from = row.source.as_deref().map(|from| source(look, from));
    facts.text(joined(look, &[Some(kind.into()), Some(priority.into()), Some(who.into()), from]), text);
    let outcome = row.outcome.as_deref().map_or("", |word| look.named(kinds::OUTCOMES, word));
    facts.pair(look.say(detail::OUTCOME), outcome, text);
    facts
}
