//! Timelines: what happened with a customer besides what orders, groups and follow-ups tell.

use serde_json::{Map, Value};

use super::calendar::{Calendar, DAY, MINUTE};
use super::customers::Person;
use super::dice::Dice;
use super::{orders, texts};
use crate::model::{Event, EventKind, GroupId, Order};

/// An event before it has its number.
pub(super) struct Moment {
    pub at: i64,
    pub kind: EventKind,
    pub title: String,
    pub body: Option<String>,
    pub operator: Option<&'static str>,
    pub group: Option<GroupId>,
    pub data: Map<String, Value>,
}

impl Moment {
    pub fn new(at: i64, kind: EventKind, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { at, kind, title, body: None, operator: None, group: None, data: Map::new() }
    }

    pub fn by(mut self, operator: &'static str) -> Self {
        self.operator = Some(operator);
        self
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.data.insert(key.to_owned(), value.into());
        self
    }
}

/// Whether the operator reached the customer by it.
pub(super) fn is_contact(kind: EventKind) -> bool {
    matches!(kind, EventKind::MessageOut | EventKind::Call)
}

/// Whether it was the customer who did something.
pub(super) fn is_activity(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::MessageIn
            | EventKind::Order
            | EventKind::Joined
            | EventKind::CheckIn
            | EventKind::Feedback
            | EventKind::Referral
    )
}

/// What everybody has: being added, orders, having referred somebody.
pub(super) fn milestones(person: &mut Person) {
    let owner = person.bonds[0].operator;
    let way = person.bonds[0].way;
    let added = Moment::new(person.added, EventKind::Joined, format!("添加好友 · {}", person.source))
        .by(owner)
        .with("way", way);
    person.moments.push(added);
    if person.dice.percent(60) {
        let at = person.added + MINUTE * person.dice.between(1, 4);
        let hello = "您好，我是您的专属顾问，有任何问题随时找我～新客礼包已放进您的卡包🎁";
        person.moments.push(Moment::new(at, EventKind::MessageOut, hello).by(owner).with("sop", "新客D0"));
    }
    let mut paid = 0;
    for order in &person.orders {
        let (Some(at), Some(amount)) = (order.at, order.amount) else { continue };
        let first = order.items.first().map_or("", |item| item.name.as_str());
        let yuan = format!("{}.{:02}", amount / 100, amount % 100);
        let title = format!("#{} ￥{yuan} {first}", order.id);
        let moment = Moment::new(at.millis, EventKind::Order, title)
            .with("order_id", order.id.as_str())
            .with("amount", amount)
            .with("status", order.status.clone());
        person.moments.push(moment);
        paid += i64::from(order.status.as_deref() == Some("paid"));
        if paid == 2 && order.status.as_deref() == Some("paid") && person.dice.percent(40) {
            let moment = Moment::new(at.millis + 1000, EventKind::Stage, "阶段 新客 → 老客");
            person.moments.push(moment.with("from", "new").with("to", "active"));
        }
    }
    for (at, name, id) in std::mem::take(&mut person.referred) {
        let moment = Moment::new(at, EventKind::Referral, format!("转介绍了 {name}"));
        person.moments.push(moment.with("customer_id", id.as_str()));
    }
}

/// Messages, calls, notes and whatever else fills the days until nothing more was heard.
pub(super) fn conversation(calendar: &Calendar, person: &mut Person, dice: &mut Dice) {
    let days = (person.until - person.added) / DAY;
    let count = match dice.weighted(&[700, 250, 90, 33, 13]) {
        0 => 0,
        1 => dice.between(1, 2),
        2 => dice.between(3, 6),
        3 => dice.between(7, 14),
        // Some have ever more to tell, fewer and fewer; but a day has only so many hours.
        _ => {
            let most = dice.small(420) + 1;
            (8 + dice.small(most) as i64).min(6 + 3 * days)
        }
    };
    let last = calendar.day(person.until);
    let span = last - calendar.day(person.added).min(last) + 1;
    for _ in 0..count {
        let day = last - person.dice.small(span);
        // On the first and the last day the hour may lie outside; the moment then moves inside.
        let time = ((person.added + 5 * MINUTE).min(person.until), person.until);
        let at = orders::moment_within(calendar, day, time, &mut person.dice);
        let moment = one(person, at);
        person.moments.push(moment);
    }
    check_ins(calendar, person);
}

/// Checking in counts once a day, and each day counts one more.
fn check_ins(calendar: &Calendar, person: &mut Person) {
    let is_one = |moment: &Moment| moment.kind == EventKind::CheckIn;
    if !person.moments.iter().any(is_one) {
        return;
    }
    person.moments.sort_by_key(|moment| moment.at);
    let (mut days, mut latest) = (0, None);
    person.moments.retain_mut(|moment| {
        let day = calendar.day(moment.at);
        if !is_one(moment) || latest == Some(day) {
            return !is_one(moment);
        }
        (days, latest) = (days + 1, Some(day));
        moment.title = format!("打卡第 {days} 天");
        moment.data.insert("days".to_owned(), days.into());
        true
    });
}

fn one(person: &mut Person, at: i64) -> Moment {
    let bond = person.dice.below(person.bonds.len());
    let mut operator = person.bonds[bond].operator;
    if person.bonds[bond].added > at {
        operator = person.bonds[0].operator;
    }
    let dice = &mut person.dice;
    match dice.weighted(&[36, 28, 11, 9, 5, 5, 6, 5, 4]) {
        0 => Moment::new(at, EventKind::MessageIn, texts::question(dice))
            .by(operator)
            .with("channel", "wechat"),
        1 => {
            Moment::new(at, EventKind::MessageOut, texts::answer(dice)).by(operator).with("channel", "wechat")
        }
        2 => call(person, at, operator),
        3 => {
            let mut note = Moment::new(at, EventKind::Note, texts::note(dice)).by(operator);
            note.body = dice.percent(25).then(|| format!("{}。\n下次联系前先看订单。", texts::note(dice)));
            note
        }
        4 => Moment::new(at, EventKind::Note, texts::note(dice)).by(operator),
        // Which day it is, is known when all of them are.
        5 => Moment::new(at, EventKind::CheckIn, "打卡"),
        6 => {
            let (word, told) = [("given", "发放"), ("used", "核销")][dice.below(2)];
            let name = texts::coupon(dice);
            Moment::new(at, EventKind::Coupon, format!("{told}优惠券 {name}")).with("action", word)
        }
        7 => {
            let change = [50, 100, 120, 300, -200, -500][dice.below(6)];
            Moment::new(at, EventKind::Points, format!("积分 {change:+}")).with("change", change)
        }
        _ => {
            let (text, stars) = texts::feedback(dice);
            Moment::new(at, EventKind::Feedback, text).with("stars", stars)
        }
    }
}

/// A call, with what came of it.
pub(super) fn call(person: &mut Person, at: i64, operator: &'static str) -> Moment {
    let bought = |order: &Order| order.at.is_some_and(|bought| (at..at + 3 * DAY).contains(&bought.millis));
    // Nobody bought of whom no order is known.
    let buys = if person.orders.iter().any(bought) { 60 } else { 0 };
    let dice = &mut person.dice;
    let (outcome, told) = texts::OUTCOMES[dice.weighted(&[30, 28, 16, buys, 12, 2])];
    let seconds = if outcome == "no_answer" || outcome == "wrong_number" { 0 } else { dice.between(20, 600) };
    let length =
        if seconds == 0 { String::new() } else { format!(" · {}分{}秒", seconds / 60, seconds % 60) };
    let mut moment = Moment::new(at, EventKind::Call, format!("结果: {told}{length}"))
        .by(operator)
        .with("outcome", outcome)
        .with("seconds", seconds);
    moment.body = (seconds > 60 && dice.percent(50)).then(|| texts::note(dice).to_owned());
    moment
}

/// Puts the moments in order and numbers them.
pub(super) fn records(calendar: &Calendar, person: &mut Person) -> Vec<Event> {
    let mut moments = std::mem::take(&mut person.moments);
    moments.retain(|moment| moment.at <= calendar.now);
    moments.sort_by_key(|moment| moment.at);
    let code = person.id.as_str().trim_start_matches('c');
    moments
        .into_iter()
        .enumerate()
        .map(|(number, moment)| Event {
            id: format!("e{code}-{:04}", number + 1).into(),
            customer_id: Some(person.id.clone()),
            group_id: moment.group,
            operator_id: moment.operator.map(Into::into),
            at: Some(calendar.time(moment.at)),
            kind: moment.kind,
            title: moment.title,
            body: moment.body,
            data: moment.data,
        })
        .collect()
}
