//! What holds in all of the sample, at the start and after it went on for a while.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

use super::calendar::{DAY, HOUR, PAST};
use super::*;
use crate::model::{
    AnyRecord, Customer, Event, EventKind, GroupDay, GroupMember, Order, Resource, Stage, Time,
};

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

fn community(customers: usize, seed: u64) -> Community {
    let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
    Community::new(&SampleSpec { customers, seed, now, zone: zone() })
}

/// The records by resource and key, as a server has them.
type World = BTreeMap<(Resource, String), AnyRecord>;

fn world(customers: usize, seed: u64) -> World {
    let mut world = World::new();
    for record in community(customers, seed).records() {
        let (resource, key) = (record.resource(), record.key());
        assert!(!key.is_empty());
        let twice = world.insert((resource, key.clone()), record);
        assert!(twice.is_none(), "{resource} {key} comes twice");
    }
    world
}

macro_rules! of {
    ($world:expr, $kind:ident) => {
        $world.values().filter_map(|record| match record {
            AnyRecord::$kind(record) => Some(record),
            _ => None,
        })
    };
}

mod follow_ups;
mod tagging;
mod timelines;

fn count(world: &World, resource: Resource) -> usize {
    world.keys().filter(|key| key.0 == resource).count()
}

/// Holds for any world, at any moment.
fn hold(world: &World, now: i64) {
    figures(world);
    assert_eq!(
        tagging::told(world, community(0, 0).calendar.start(PAST - super::tagging::TOLD)).taken_untold,
        0
    );
    days(world);
    references(world);
    moments(world, now);
}

/// A customer's figures are the sums of the parts, and tags the union of the relations'.
fn figures(world: &World) {
    let mut orders: HashMap<&str, Vec<&Order>> = HashMap::new();
    for order in of!(world, Order) {
        let lines: i64 = order.items.iter().map(|item| item.amount.unwrap()).sum();
        assert_eq!(order.amount, Some(lines), "{}", order.id);
        orders.entry(order.customer_id.as_str()).or_default().push(order);
    }
    let mut events: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in of!(world, Event) {
        events.entry(event.customer_id.as_ref().unwrap().as_str()).or_default().push(event);
    }
    let mut wrote: HashMap<&str, Option<Time>> = HashMap::new();
    for member in of!(world, GroupMember) {
        if let Some(id) = &member.customer_id {
            let latest = wrote.entry(id.as_str()).or_default();
            *latest = (*latest).max(member.last_message_at);
        }
    }
    for customer in of!(world, Customer) {
        let id = customer.id.as_str();
        let paid: Vec<_> = orders
            .get(id)
            .into_iter()
            .flatten()
            .filter(|order| order.status.as_deref() == Some("paid"))
            .collect();
        assert_eq!(customer.orders, Some(paid.len() as i64), "{id}");
        assert_eq!(customer.ltv, Some(paid.iter().map(|order| order.amount.unwrap()).sum()), "{id}");
        assert_eq!(customer.last_order_at, paid.iter().filter_map(|order| order.at).max(), "{id}");
        assert_eq!(
            customer.last_order_at,
            orders.get(id).into_iter().flatten().filter_map(|order| order.at).max(),
            "the last order of {id} is a paid one"
        );
        let latest = |counts: fn(EventKind) -> bool| {
            let mine = events.get(id).into_iter().flatten();
            mine.filter(|event| counts(event.kind)).filter_map(|event| event.at).max()
        };
        assert_eq!(customer.last_contact_at, latest(events::is_contact), "{id}");
        let active = latest(events::is_activity).max(wrote.get(id).copied().flatten());
        assert_eq!(customer.last_active_at, active, "{id}");
        let told = events.get(id).into_iter().flatten().filter(|event| event.kind == EventKind::Order);
        assert_eq!(told.count(), orders.get(id).map_or(0, Vec::len), "orders in the timeline of {id}");
        let union: BTreeSet<_> = customer.relations.iter().flat_map(|relation| &relation.tags).collect();
        assert_eq!(union, customer.tags.iter().collect(), "{id}");
        assert_eq!(union.len(), customer.tags.len(), "{id} has a tag twice");
        assert_eq!(customers::level(paid.len() as i64, customer.ltv.unwrap()), customer.level.as_deref());
    }
}

/// The days of a group are the sums of its members' coming, going and writing.
fn days(world: &World) {
    let zone = zone();
    let day = |at: Time| at.zoned(&zone).date().to_string();
    let mut members: HashMap<&str, Vec<&GroupMember>> = HashMap::new();
    for member in of!(world, GroupMember) {
        members.entry(member.group_id.as_str()).or_default().push(member);
    }
    let mut days: HashMap<&str, Vec<&GroupDay>> = HashMap::new();
    for day in of!(world, GroupDay) {
        days.entry(day.group_id.as_str()).or_default().push(day);
    }
    for group in of!(world, Group) {
        let id = group.id.as_str();
        let mine = &members[id];
        let present = || mine.iter().filter(|member| member.left_at.is_none());
        assert_eq!(group.member_count, Some(present().count() as i64), "{id}");
        let customers = present().filter(|member| member.customer_id.is_some()).count();
        assert_eq!(group.customer_count, Some(customers as i64), "{id}");
        assert!(group.member_count <= Some(groups::MOST_MEMBERS as i64));
        let mut by_day: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for member in mine {
            by_day.entry(day(member.joined_at.unwrap())).or_default().0 += 1;
            if let Some(left) = member.left_at {
                assert!(left > member.joined_at.unwrap());
                by_day.entry(day(left)).or_default().1 += 1;
            }
        }
        let days = &days[id];
        let mut before: Option<&GroupDay> = None;
        for day in days {
            let (joined, left) = by_day.get(&day.day).copied().unwrap_or_default();
            assert_eq!((day.joined, day.left), (Some(joined), Some(left)), "{id} {}", day.day);
            assert_eq!(day.messages, Some(day.hours.iter().sum()), "{id} {}", day.day);
            assert_eq!(day.hours.len(), 24);
            assert!(day.active_members <= day.messages);
            if let Some(before) = before {
                let members = before.members.unwrap() + joined - left;
                assert_eq!(day.members, Some(members), "{id} {}", day.day);
                assert!(before.day < day.day);
            }
            before = Some(day);
        }
        let last = days.last().unwrap();
        assert_eq!(last.members, group.member_count, "{id}");
        // The members' own figures of 30 days are the group's.
        let month: i64 = days.iter().rev().take(30).filter_map(|day| day.messages).sum();
        let told: i64 = mine.iter().filter_map(|member| member.messages).sum();
        assert_eq!(month, told, "{id}");
        let wrote_today = mine.iter().filter(|m| m.last_message_at.is_some_and(|at| day(at) == last.day));
        assert_eq!(last.active_members, Some(wrote_today.count() as i64), "{id}");
    }
}

/// Whatever is named is there, and referrals are trees.
fn references(world: &World) {
    let has = |resource: Resource, id: &str| world.contains_key(&(resource, id.to_owned()));
    for customer in of!(world, Customer) {
        assert!(customer.tags.iter().all(|tag| has(Resource::Tags, tag.as_str())));
        assert!(!customer.owners.is_empty() && !customer.relations.is_empty());
        assert!(customer.owners.iter().all(|owner| has(Resource::Operators, owner.as_str())));
        let mut at = customer;
        let mut steps = 0;
        while let Some(referrer) = &at.referrer_id {
            let Some(AnyRecord::Customer(up)) = world.get(&(Resource::Customers, referrer.0.clone())) else {
                panic!("{referrer} is missing");
            };
            assert!(up.added_at < at.added_at, "{} was there before {}", up.id, at.id);
            (at, steps) = (up, steps + 1);
            assert!(steps < 1000, "{} refers in a circle", customer.id);
        }
    }
    for follow_up in of!(world, FollowUp) {
        assert!(has(Resource::Customers, follow_up.customer_id.as_str()));
        assert!(follow_up.assignee_id.as_ref().is_none_or(|id| has(Resource::Operators, id.as_str())));
        assert_eq!(follow_up.status.is_pending(), follow_up.done_at.is_none());
    }
    for event in of!(world, Event) {
        assert!(has(Resource::Customers, event.customer_id.as_ref().unwrap().as_str()));
        assert!(event.group_id.as_ref().is_none_or(|id| has(Resource::Groups, id.as_str())));
    }
    for member in of!(world, GroupMember) {
        assert!(member.customer_id.as_ref().is_none_or(|id| has(Resource::Customers, id.as_str())));
    }
}

/// Nothing happened before the customer came, nor after now.
fn moments(world: &World, now: i64) {
    let fits = |customer: &str, at: Option<Time>, what: &str| {
        let at = at.unwrap().millis;
        let Some(AnyRecord::Customer(customer)) = world.get(&(Resource::Customers, customer.to_owned()))
        else {
            panic!("{customer} is missing");
        };
        let added = customer.added_at.unwrap().millis;
        assert!((added..=now).contains(&at), "{what} of {} at {at}, added {added}, now {now}", customer.id);
    };
    for event in of!(world, Event) {
        fits(event.customer_id.as_ref().unwrap().as_str(), event.at, event.id.as_str());
    }
    for order in of!(world, Order) {
        fits(order.customer_id.as_str(), order.at, order.id.as_str());
    }
    for member in of!(world, GroupMember) {
        if let Some(id) = &member.customer_id {
            fits(id.as_str(), member.joined_at, "joining");
        }
        assert!(member.last_message_at.is_none_or(|at| at.millis <= now && Some(at) > member.joined_at));
    }
    for follow_up in of!(world, FollowUp) {
        fits(follow_up.customer_id.as_str(), follow_up.created_at, follow_up.id.as_str());
        assert!(follow_up.created_at <= follow_up.due_at, "{}", follow_up.id);
        assert!(follow_up.done_at.is_none_or(|at| at.millis <= now && Some(at) >= follow_up.created_at));
    }
    for customer in of!(world, Customer) {
        for relation in &customer.relations {
            assert!(relation.added_at >= customer.added_at);
            assert!(relation.lost_at.is_none_or(|at| at.millis <= now && Some(at) >= relation.added_at));
        }
    }
}

/// The stage of each customer is what the rule says.
fn stages(world: &World, now: i64) -> BTreeMap<&'static str, usize> {
    let mut stages = BTreeMap::new();
    for customer in of!(world, Customer) {
        let facts = Facts {
            added: customer.added_at.unwrap().millis,
            orders: customer.orders.unwrap(),
            last_order: customer.last_order_at.map(|at| at.millis),
            last_contact: customer.last_contact_at.map(|at| at.millis),
            last_active: customer.last_active_at.map(|at| at.millis),
            gone: customer.relations.iter().all(|relation| relation.lost_at.is_some()),
        };
        let stage = stage_of(&facts, now);
        assert_eq!(customer.stage.as_deref(), Some(stage.word()), "{}", customer.id);
        *stages.entry(stage.word()).or_default() += 1;
    }
    stages
}

#[test]
fn five_thousand_are_as_told_and_hang_together() {
    let world = world(5000, 7);
    let whole = community(5000, 7);
    let now = whole.calendar.now;
    hold(&world, now);
    let expected = [
        (Resource::Customers, 5000),
        (Resource::Operators, 12),
        (Resource::TagGroups, 10),
        (Resource::Tags, 60),
        (Resource::Groups, 40),
        (Resource::GroupDays, 40 * 90),
    ];
    for (resource, number) in expected {
        assert_eq!(count(&world, resource), number, "{resource}");
    }
    let stages = stages(&world, now);
    assert!(Stage::ALL.iter().all(|stage| stages.get(stage.word()) > Some(&250)), "{stages:?}");

    let pending: Vec<_> = of!(world, FollowUp).filter(|follow_up| follow_up.status.is_pending()).collect();
    assert_eq!(pending.len(), 400);
    let overdue = pending.iter().filter(|follow_up| follow_up.due_at.unwrap().millis < now).count();
    assert_eq!(overdue, 40);
    let midnight = whole.calendar.start(PAST + 1);
    let today = |at: Time| (now..midnight).contains(&at.millis);
    assert!(pending.iter().filter(|follow_up| today(follow_up.due_at.unwrap())).count() > 80);
    assert!(of!(world, FollowUp).count() > 700, "done ones as well");

    let kinds: BTreeSet<_> = of!(world, Event).map(|event| event.kind).collect();
    assert_eq!(kinds.len(), EventKind::ALL.len());
    let mut per_customer: HashMap<&str, usize> = HashMap::new();
    for event in of!(world, Event) {
        *per_customer.entry(event.customer_id.as_ref().unwrap().as_str()).or_default() += 1;
    }
    let total: usize = per_customer.values().sum();
    assert!((4..=9).contains(&(total / 5000)), "{total} events");

    let repeat = of!(world, Customer).filter(|customer| customer.orders >= Some(2)).count();
    assert!((1000..3000).contains(&repeat), "{repeat} buy again");
    assert!(of!(world, Customer).filter(|customer| customer.referrer_id.is_some()).count() > 300);
    let seasonal = of!(world, Order).filter(|order| {
        let date = order.at.unwrap().zoned(&zone()).date();
        (date.month(), date.day()) == (11, 11) || (date.month(), date.day()) == (6, 18)
    });
    // Four such days in 900; each takes at least four times an average day's.
    let (seasonal, all) = (seasonal.count(), of!(world, Order).count());
    assert!(seasonal * 900 > 4 * 4 * all, "{seasonal} of {all} orders in season");
    exclusive_tags(&world);
    believable_groups(&world);
}

/// At most one tag of an exclusive group.
fn exclusive_tags(world: &World) {
    let exclusive: BTreeSet<_> =
        of!(world, TagGroup).filter(|group| group.exclusive).map(|group| group.id.clone()).collect();
    assert!(!exclusive.is_empty() && exclusive.len() < 10);
    let group_of: HashMap<_, _> =
        of!(world, Tag).map(|tag| (tag.id.clone(), tag.group_id.clone().unwrap())).collect();
    for customer in of!(world, Customer) {
        let mut seen = BTreeSet::new();
        for group in customer.tags.iter().map(|tag| &group_of[tag]).filter(|group| exclusive.contains(group))
        {
            assert!(seen.insert(group), "{} has two tags of {group}", customer.id);
        }
    }
    let used: BTreeSet<_> = of!(world, Customer).flat_map(|customer| &customer.tags).collect();
    assert!(used.len() > 55, "{} of 60 tags are used", used.len());
}

/// Evenings are the peak; some groups grow, some shrink.
fn believable_groups(world: &World) {
    let mut hours = [0i64; 24];
    let mut net: HashMap<&str, i64> = HashMap::new();
    for day in of!(world, GroupDay) {
        for (sum, hour) in hours.iter_mut().zip(&day.hours) {
            *sum += hour;
        }
        *net.entry(day.group_id.as_str()).or_default() += day.joined.unwrap() - day.left.unwrap();
    }
    let peak = (0..24).max_by_key(|hour| hours[*hour]).unwrap();
    assert!((20..=21).contains(&peak), "{hours:?}");
    assert!(net.values().filter(|net| **net > 10).count() > 5, "{net:?}");
    assert!(net.values().filter(|net| **net < -10).count() > 2, "{net:?}");
    let sizes: Vec<_> = of!(world, Group).map(|group| group.member_count.unwrap()).collect();
    assert!(sizes.iter().max() > Some(&250) && sizes.iter().min() < Some(&120), "{sizes:?}");
}

#[test]
fn the_same_seed_and_hour_give_the_same_records() {
    let texts = |community: &Community| -> Vec<String> {
        community.records().map(|record| record.to_json()).collect()
    };
    let one = texts(&community(1300, 7));
    assert_eq!(one, texts(&community(1300, 7)));
    assert_ne!(one, texts(&community(1300, 8)));
    let later = Time::parse("2026-03-17T10:59:59+08:00").unwrap();
    let later = Community::new(&SampleSpec { customers: 1300, seed: 7, now: later, zone: zone() });
    assert_eq!(one, texts(&later));
    // Blocks do not lean on what follows them.
    let customers = |size: usize| -> Vec<Customer> {
        of!(world(size, 7), Customer).filter(|customer| customer.id.as_str() <= "c0001250").cloned().collect()
    };
    assert_eq!(customers(1300), customers(2600));
}

#[test]
fn any_size_and_hour_hangs_together() {
    for customers in [0, 1, 2, 13, 124, 126, 1250, 1251] {
        let world = world(customers, 3);
        hold(&world, community(customers, 3).calendar.now);
        let pending = of!(world, FollowUp).filter(|follow_up| follow_up.status.is_pending()).count();
        assert_eq!(pending, (customers * 2).div_ceil(25));
    }
    // Midnight, the last hour, a leap day, and a zone that changes its clocks.
    let cases = [
        ("2026-01-01T00:00:00+08:00", zone()),
        ("2026-12-31T23:59:59+08:00", zone()),
        ("2028-02-29T12:00:00+08:00", zone()),
        ("2026-11-22T07:40:00Z", TimeZone::UTC),
    ];
    for (now, zone) in cases {
        let now = Time::parse(now).unwrap();
        let whole = Community::new(&SampleSpec { customers: 300, seed: 9, now, zone });
        let world: World =
            whole.records().map(|record| ((record.resource(), record.key()), record)).collect();
        figures(&world);
        references(&world);
        moments(&world, whole.calendar.now);
    }
}

#[test]
fn oddities_are_there() {
    let world = world(5000, 7);
    let names: Vec<_> = of!(world, Customer).map(|customer| customer.name.as_str()).collect();
    let any = |wanted: &str| names.iter().any(|name| name.contains(wanted));
    for wanted in ["\u{200d}", "\u{1f1e8}", "\u{1f3fb}", "e\u{301}", "欧阳", "单", "仇", "查", "Emma"] {
        assert!(any(wanted), "{wanted:?}");
    }
    assert!(names.iter().any(|name| name.chars().count() > 30));
    for phone in of!(world, Customer).flat_map(|customer| &customer.phones) {
        assert!(phone.contains("0000") || phone.contains("555"), "{phone}");
    }
}

#[test]
fn it_goes_on_and_still_hangs_together() {
    let whole = community(1250, 7);
    let mut world = world(1250, 7);
    let mut live = Live::new(&whole, 1);
    // From the sample's last hour over midnight into the day after tomorrow.
    let start = whole.calendar.now + 42 * 60_000;
    let mut kinds = BTreeMap::<Resource, usize>::new();
    let mut now = start;
    for _ in 0..3000 {
        now += 45_000;
        let got = live.step(Time::from_millis(now), |resource, key| {
            Ok::<_, Infallible>(world.get(&(resource, key.to_owned())).cloned())
        });
        for record in got.unwrap_or_else(|never| match never {}) {
            *kinds.entry(record.resource()).or_default() += 1;
            world.insert((record.resource(), record.key()), record);
        }
        assert!(live.pause() >= std::time::Duration::from_millis(700));
    }
    assert!(now - start > DAY && now - start < 2 * DAY);
    figures(&world);
    references(&world);
    moments(&world, now);
    let titles = follow_ups::founded(&world);
    let live = follow_ups::live(&world);
    assert!(live.len() >= 5, "{live:?} of {titles:?}");
    let moved = [
        Resource::Customers,
        Resource::FollowUps,
        Resource::Groups,
        Resource::GroupDays,
        Resource::GroupMembers,
        Resource::Orders,
        Resource::Events,
    ];
    assert!(moved.iter().all(|resource| kinds.get(resource) > Some(&50)), "{kinds:?}");
    let before = tagging::told(&self::world(1250, 7), whole.calendar.start(PAST - super::tagging::TOLD));
    let after = tagging::told(&world, whole.calendar.start(PAST - super::tagging::TOLD));
    assert!(after.given.values().sum::<usize>() > before.given.values().sum::<usize>() + 50);
    assert!(after.taken > before.taken + 5, "{}", after.taken);
    group_days_after(&world, now);
}

/// Like [`days`], but a member's 30 days are those at the sample's moment, not of later days.
fn group_days_after(world: &World, now: i64) {
    let zone = zone();
    let today = Time::from_millis(now).zoned(&zone).date().to_string();
    let mut touched = 0;
    for group in of!(world, Group) {
        let days: Vec<_> = of!(world, GroupDay).filter(|day| day.group_id == group.id).collect();
        for pair in days.windows(2) {
            let net = pair[1].joined.unwrap() - pair[1].left.unwrap();
            assert_eq!(pair[1].members.unwrap(), pair[0].members.unwrap() + net, "{}", group.id);
        }
        for day in &days {
            assert_eq!(day.messages, Some(day.hours.iter().sum()));
        }
        let members: Vec<_> = of!(world, GroupMember).filter(|member| member.group_id == group.id).collect();
        let present = members.iter().filter(|member| member.left_at.is_none()).count() as i64;
        assert_eq!(group.member_count, Some(present));
        assert_eq!(days.last().unwrap().members, Some(present));
        if days.last().unwrap().day == today {
            touched += 1;
            let wrote = |member: &&&GroupMember| {
                member.last_message_at.is_some_and(|at| at.zoned(&zone).date().to_string() == today)
            };
            let wrote = members.iter().filter(wrote).count() as i64;
            assert_eq!(days.last().unwrap().active_members, Some(wrote));
        }
    }
    assert!(touched > 0, "some group was at it after {HOUR} ms");
}
