//! Every follow-up has its reason in the customer's own records.

use super::*;
use crate::model::FollowUp;
use crate::sample::occasions::{TASKS, is_milk};

/// What is recorded of a customer.
struct Known<'a> {
    customer: &'a Customer,
    /// Paid or not, in order of time.
    orders: Vec<&'a Order>,
    events: Vec<&'a Event>,
    seats: Vec<&'a GroupMember>,
}

impl Known<'_> {
    /// The order before a moment, and how many there were by then.
    fn before(&self, at: i64) -> (usize, Option<&Order>) {
        let mut before = self.orders.iter().filter(|order| order.at.unwrap().millis <= at);
        (before.clone().count(), before.next_back().copied())
    }

    fn told(&self, kind: EventKind, at: i64) -> bool {
        self.events.iter().any(|event| event.kind == kind && event.at.unwrap().millis == at)
    }

    /// Days from a birthday's beginning to `at`, the nearest one's.
    fn days_from_birthday(&self, at: i64) -> Option<i64> {
        let text = self.customer.birthday.as_deref()?;
        let (month, day) = (text[text.len() - 5..text.len() - 3].parse(), text[text.len() - 2..].parse());
        let year = Time::from_millis(at).zoned(&zone()).year();
        let starts = (year - 1..=year + 1).map(|year| {
            let date = jiff::civil::Date::new(year, month.clone().unwrap(), day.clone().unwrap()).unwrap();
            date.to_zoned(zone()).unwrap().timestamp().as_millisecond()
        });
        starts.map(|start| (at - start).div_euclid(DAY)).min_by_key(|days| days.abs())
    }
}

/// Whether what is recorded of the customer gives a reason for the follow-up.
fn is_founded(follow_up: &FollowUp, known: &Known<'_>) -> bool {
    let (made, due) = (follow_up.created_at.unwrap().millis, follow_up.due_at.unwrap().millis);
    let (orders, last) = known.before(made);
    let since = |order: Option<&Order>| order.map(|order| (made - order.at.unwrap().millis) / DAY);
    let added = known.customer.added_at.unwrap().millis;
    let lately = since(last).is_some_and(|days| days <= 14);
    match follow_up.title.as_str() {
        "首单后回访，确认奶粉段位" => {
            let milk = last.is_some_and(|last| last.items.iter().any(|item| is_milk(&item.name)));
            milk && orders == 1 && since(last) <= Some(4)
        }
        "首单后回访，问使用感受" => orders == 1 && since(last) <= Some(4),
        "新客第7天关怀" => (6..=9).contains(&((due - added) / DAY)),
        "新客第30天：引导入群" => {
            known.seats.iter().all(|seat| seat.joined_at.unwrap().millis > made)
                && (28..=34).contains(&((due - added) / DAY))
        }
        "说好发试用装链接" | "约了到店体验" => known.told(EventKind::MessageIn, made),
        "报价后 3 天跟进" => known.told(EventKind::MessageIn, made) && due - made == 3 * DAY,
        "积分月底到期提醒" => {
            let date = Time::from_millis(due).zoned(&zone()).date();
            date.days_in_month() - date.day() <= 10 && orders > 0 && known.customer.points > Some(0)
        }
        "生日关怀，送生日券" => {
            known.days_from_birthday(due).is_some_and(|days| (-7..=0).contains(&days))
        }
        "90 天未下单，唤醒" => since(last).is_some_and(|days| (90..=366).contains(&days)),
        "退换货进度告知" | "开发票并寄出" => lately && known.told(EventKind::MessageIn, made),
        "投诉回访：包装破损" | "投诉回访：物流太慢" => {
            lately && known.told(EventKind::Feedback, made)
        }
        "奶粉快喝完了，提醒复购" => {
            let milk = |order: &&&Order| order.items.iter().any(|item| is_milk(&item.name));
            let before = known.orders.iter().filter(|order| order.at.unwrap().millis <= made);
            let last = before.rev().find(milk).copied();
            since(last).is_some_and(|days| (15..=45).contains(&days))
        }
        "会员卡到期续费" => {
            let left = 365 - (due - added) / DAY % 365;
            orders > 0 && (left <= 14 || (due - added) % (365 * DAY) == 0)
        }
        "群里问价未回复" => known.seats.iter().any(|seat| {
            seat.joined_at.unwrap().millis <= made
                && seat.last_message_at.is_some_and(|wrote| wrote.millis >= made - DAY)
        }),
        "转介绍答谢" => {
            let brought = known.events.iter().filter(|event| event.kind == EventKind::Referral);
            brought.map(|event| (made - event.at.unwrap().millis) / DAY).any(|days| (0..=3).contains(&days))
        }
        other => panic!("{other:?} has no reason that anybody knows"),
    }
}

/// Every follow-up of the world is founded; how many of each title.
pub(super) fn founded(world: &World) -> BTreeMap<(bool, &str), usize> {
    let mut known: HashMap<&str, Known<'_>> = of!(world, Customer)
        .map(|customer| {
            let known = Known { customer, orders: Vec::new(), events: Vec::new(), seats: Vec::new() };
            (customer.id.as_str(), known)
        })
        .collect();
    for order in of!(world, Order) {
        known.get_mut(order.customer_id.as_str()).unwrap().orders.push(order);
    }
    for event in of!(world, Event) {
        known.get_mut(event.customer_id.as_ref().unwrap().as_str()).unwrap().events.push(event);
    }
    for seat in of!(world, GroupMember).filter(|seat| seat.customer_id.is_some()) {
        known.get_mut(seat.member_id.as_str()).unwrap().seats.push(seat);
    }
    let mut titles = BTreeMap::new();
    for of_one in known.values_mut() {
        of_one.orders.sort_by_key(|order| order.at);
    }
    for follow_up in of!(world, FollowUp) {
        let known = &known[follow_up.customer_id.as_str()];
        assert!(
            is_founded(follow_up, known),
            "{follow_up:#?}\n of {:#?}\n {:#?}\n {:#?}",
            known.customer,
            known.orders,
            known.seats
        );
        *titles.entry((follow_up.status.is_pending(), follow_up.title.as_str())).or_default() += 1;
    }
    titles
}

/// How many of each title were made while the community went on.
pub(super) fn live(world: &World) -> BTreeMap<&str, usize> {
    let mut titles = BTreeMap::new();
    for follow_up in of!(world, FollowUp).filter(|follow_up| follow_up.id.as_str().starts_with("f-live-")) {
        *titles.entry(follow_up.title.as_str()).or_default() += 1;
    }
    titles
}

#[test]
fn every_follow_up_has_its_reason_in_the_customers_records() {
    for (seed, size) in [(7, 5000), (3, 1250)] {
        let world = world(size, seed);
        let titles = founded(&world);
        for pending in [true, false] {
            let all: usize = titles.iter().filter(|title| title.0.0 == pending).map(|title| title.1).sum();
            for task in &TASKS {
                let number = titles.get(&(pending, task.title)).copied().unwrap_or(0);
                assert!(size < 5000 || number >= 3, "{} is there {number} times: {titles:?}", task.title);
                assert!(
                    size < 5000 || number * 5 < all,
                    "{} is there {number} times: {titles:?}",
                    task.title
                );
            }
        }
        // What is made by hand says so, and nothing else does.
        for follow_up in of!(world, FollowUp) {
            let task = TASKS.iter().find(|task| task.title == follow_up.title).unwrap();
            assert_eq!(follow_up.source.as_deref(), Some(task.source), "{}", follow_up.id);
            assert_eq!(follow_up.kind, task.kind, "{}", follow_up.id);
        }
    }
}

#[test]
fn nobody_has_the_same_to_do_twice() {
    let world = world(5000, 7);
    let mut seen = BTreeSet::new();
    for follow_up in of!(world, FollowUp).filter(|follow_up| follow_up.status.is_pending()) {
        assert!(seen.insert(&follow_up.customer_id), "{} has two", follow_up.customer_id);
    }
}
