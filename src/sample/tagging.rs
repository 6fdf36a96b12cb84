//! When a customer was given which tag, and which ones were taken away again, told as events.
//!
//! The tags themselves are drawn elsewhere, and what happened with the customer is known by then:
//! here every tag gets a moment that fits it, and the timeline says so. Told is what happened in
//! the last [`TOLD`] days; a tag from before is simply there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::calendar::{Calendar, DAY, MINUTE, PAST};
use super::customers::{self, Person};
use super::dice::Dice;
use super::events::Moment;
use super::orders::{self, Seasons};
use super::tags;
use crate::model::{EventKind, TagId};

/// Days back from which tagging is told: a year of seasons, wherever the lunar one falls.
pub(super) const TOLD: usize = 400;
/// Tags that come and go: they say what is to be done, or what somebody is like for a while.
const PASSING: [&str; 8] = ["待回访", "售后中", "需开票", "积分到期", "生日月", "未回复", "潜水", "群活跃"];
/// What somebody seems to want before they want something else, or buy.
const INTENTS: [&str; 4] = ["高意向", "中意向", "低意向", "待培育"];

/// What operators give while the community goes on.
pub(super) const GIVEN: &[&str] = &[
    "高意向",
    "中意向",
    "低意向",
    "待培育",
    "待回访",
    "价格敏感",
    "囤货党",
    "需开票",
    "敏感肌",
    "会员日",
    "拼团",
    "爱晒单",
    "直播常客",
    "节日送礼",
];

/// What was given and taken away at one moment.
#[derive(Default)]
struct Change {
    add: Vec<TagId>,
    remove: Vec<TagId>,
}

/// The changes of a customer's tags, by their moments.
struct Tagging<'a> {
    calendar: &'a Calendar,
    changes: BTreeMap<i64, Change>,
    first: i64,
    last: i64,
}

/// Tells how the customer came to `tags`, and what they had for a while besides.
pub(super) fn tell(
    calendar: &Calendar,
    seasons: &Seasons,
    person: &mut Person,
    tags: &[TagId],
    dice: &mut Dice,
) {
    // Nobody is tagged whom nobody has any more.
    let last = if person.is_gone() { person.until } else { calendar.now };
    let first = person.added + MINUTE.min(last - person.added);
    let mut tagging = Tagging { calendar, changes: BTreeMap::new(), first, last };
    tagging.levels(person);
    for tag in tags.iter().filter(|tag| !tags::is_level(tag)) {
        let at = tagging.given(person, seasons, tags::name(tag), dice);
        if tags::name(tag) == "已成交" || INTENTS.contains(&tags::name(tag)) {
            tagging.earlier_intent(tag, at, dice);
        }
        tagging.give(at, tag);
    }
    if dice.percent(14) {
        tagging.passing(tags, dice);
    }
    let since = calendar.start(PAST - TOLD);
    let told = tagging.changes.range(since..);
    for (at, change) in told.filter(|(_, change)| !(change.add.is_empty() && change.remove.is_empty())) {
        let operator = person.bonds.iter().rev().find(|bond| bond.added <= *at).map(|bond| bond.operator);
        let mut moment = moment(*at, &change.add, &change.remove);
        moment.operator = operator;
        person.moments.push(moment);
    }
}

/// The event that tells a change of tags.
pub(super) fn moment(at: i64, add: &[TagId], remove: &[TagId]) -> Moment {
    let mut moment = Moment::new(at, EventKind::Tag, title(add, remove));
    for (key, tags) in [("add", add), ("remove", remove)] {
        if !tags.is_empty() {
            moment = moment.with(key, tags.iter().map(|tag| tag.as_str().into()).collect::<Vec<Value>>());
        }
    }
    moment
}

fn title(add: &[TagId], remove: &[TagId]) -> String {
    let told = |sign: &str, tags: &[TagId]| {
        let names: Vec<_> = tags.iter().map(tags::name).collect();
        (!tags.is_empty()).then(|| format!("{sign}标签 {}", names.join("、")))
    };
    [told("+", add), told("-", remove)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl Tagging<'_> {
    fn at(&mut self, at: i64) -> &mut Change {
        self.changes.entry(at.clamp(self.first, self.last)).or_default()
    }

    fn give(&mut self, at: i64, tag: &TagId) {
        self.at(at).add.push(tag.clone());
    }

    /// Some moment of the day so many days before the last.
    fn day(&self, ago: usize, dice: &mut Dice) -> i64 {
        let (first, last) = (self.calendar.day(self.first), self.calendar.day(self.last));
        let day = last.saturating_sub(ago).max(first);
        orders::moment_within(self.calendar, day, (self.first, self.last), dice)
    }

    /// A moment since `since`.
    fn some_day(&self, since: i64, dice: &mut Dice) -> i64 {
        let days = self.calendar.day(self.last).saturating_sub(self.calendar.day(since)) + 1;
        self.day(dice.below(days), dice).max(since)
    }

    /// The level follows from what was spent: each one takes the place of the one before.
    fn levels(&mut self, person: &Person) {
        let (mut orders, mut ltv, mut before) = (0, 0, None);
        for (at, amount) in paid(person) {
            (orders, ltv) = (orders + 1, ltv + amount);
            let level = customers::level(orders, ltv).and_then(tags::named);
            if level != before {
                self.replace(at + 2_000, before.as_ref(), level.as_ref());
                before = level;
            }
        }
    }

    /// `to` takes the place of `from` at this moment; what was given at the same moment was never there.
    fn replace(&mut self, at: i64, from: Option<&TagId>, to: Option<&TagId>) {
        let since = self.calendar.start(PAST - TOLD);
        let told = from.is_some_and(|from| {
            self.changes.iter().any(|(at, change)| *at >= since && change.add.contains(from))
        });
        let change = self.at(at);
        if let Some(from) = from {
            let place = change.add.iter().position(|tag| tag == from);
            match place {
                Some(place) => drop(change.add.remove(place)),
                None if told => change.remove.push(from.clone()),
                None => {}
            }
        }
        change.add.extend(to.cloned());
    }

    /// When a tag was given that the customer has.
    fn given(&self, person: &Person, seasons: &Seasons, name: &str, dice: &mut Dice) -> i64 {
        let of_kind = |kind: EventKind| {
            person.moments.iter().filter(move |moment| moment.kind == kind).map(|moment| moment.at)
        };
        let nth = |n: usize| paid(person).nth(n - 1).map(|(at, _)| at + 2_000);
        let season = |which: usize| {
            let days = person.orders.iter().filter_map(|order| order.at).map(|at| at.millis);
            let bought = days.filter(|at| seasons.at(self.calendar.day(*at))[which]).max();
            bought.map(|at| at + 2_000)
        };
        let told = match name {
            "已成交" => nth(1),
            "VIP" => {
                let mut ltv = 0;
                let rich = paid(person).find(|(_, amount)| {
                    ltv += amount;
                    ltv >= 800_000
                });
                nth(4).into_iter().chain(rich.map(|(at, _)| at + 2_000)).min()
            }
            "复购快" => nth(5),
            "双11" => season(0),
            "618" => season(1),
            "年货节" => season(2),
            "退群" => of_kind(EventKind::Left).filter(|at| *at <= self.last).max().map(|at| at + 30_000),
            "群活跃" | "潜水" | "直播常客" | "爱晒单" => {
                let joined = of_kind(EventKind::Joined).filter(|at| *at <= self.last).max();
                joined.map(|joined| self.some_day(joined, dice))
            }
            // What is to be done now was noticed lately.
            "售后中" | "待回访" | "需开票" | "积分到期" | "生日月" | "未回复" => {
                Some(self.day(dice.small(28), dice))
            }
            _ if tags::is_source(name) => Some(self.first),
            _ if tags::is_trait(name) && dice.percent(85) => Some(self.first),
            _ => None,
        };
        told.unwrap_or_else(|| self.some_day(self.first, dice))
    }

    /// Some seemed to want something else before.
    fn earlier_intent(&mut self, tag: &TagId, at: i64, dice: &mut Dice) {
        let before = tags::named(INTENTS[dice.below(4)]).filter(|before| before != tag);
        let days = usize::try_from((at - self.first) / DAY).unwrap_or(0);
        if let Some(before) = before.filter(|_| days > 2 && dice.percent(40)) {
            let given = orders::moment(self.calendar, self.calendar.day(at) - dice.small(days), dice);
            // Not so that it would be given on the day on which it is taken away.
            let given = given.clamp(self.first, at - DAY);
            self.give(given, &before);
            self.replace(at, Some(&before), None);
        }
    }

    /// One of the tags that come and go came, and has gone again.
    fn passing(&mut self, tags: &[TagId], dice: &mut Dice) {
        let tag = tags::named(PASSING[dice.below(PASSING.len())]).filter(|tag| !tags.contains(tag));
        let Some(tag) = tag.filter(|_| self.last - self.first > 3 * DAY) else { return };
        let gone = self.some_day(self.first + 2 * DAY, dice);
        let given = gone - dice.between(20, 20 * 24) * 60 * MINUTE;
        self.give(given, &tag);
        self.replace(gone, Some(&tag), None);
    }
}

/// The paid orders: when, and how much.
fn paid(person: &Person) -> impl Iterator<Item = (i64, i64)> + '_ {
    let paid = person.orders.iter().filter(|order| order.status.as_deref() == Some("paid"));
    paid.filter_map(|order| Some((order.at?.millis, order.amount?)))
}
