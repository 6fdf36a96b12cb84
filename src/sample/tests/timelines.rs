//! Timelines that somebody would believe who reads them line by line.

use super::*;
use crate::model::Broadcast;

fn per_customer(world: &World) -> BTreeMap<&str, Vec<&Event>> {
    let mut all: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in of!(world, Event) {
        all.entry(event.customer_id.as_ref().unwrap().as_str()).or_default().push(event);
    }
    for events in all.values_mut() {
        events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    }
    all
}

#[test]
fn checking_in_counts_up_once_a_day() {
    let world = world(5000, 7);
    let mut seen = 0;
    for (customer, events) in per_customer(&world) {
        let mut before: Option<(i64, String)> = None;
        for event in events.iter().filter(|event| event.kind == EventKind::CheckIn) {
            let number = event.data["days"].as_i64().unwrap();
            let date = event.at.unwrap().zoned(&zone()).date().to_string();
            assert_eq!(event.title, format!("打卡第 {number} 天"));
            if let Some((last, day)) = &before {
                assert!(
                    number > *last && date > *day,
                    "{customer}: {number} on {date} after {last} on {day}"
                );
                seen += 1;
            }
            before = Some((number, date));
        }
    }
    assert!(seen > 100, "{seen} further days");
}

#[test]
fn a_broadcast_reaches_a_customer_once_when_it_was_sent() {
    let world = world(5000, 7);
    let broadcasts: HashMap<&str, &Broadcast> =
        of!(world, Broadcast).map(|broadcast| (broadcast.id.as_str(), broadcast)).collect();
    let tags: HashMap<&str, &str> = of!(world, Tag).map(|tag| (tag.name.as_str(), tag.id.as_str())).collect();
    let mut seen = BTreeSet::new();
    let mut by_broadcast: BTreeMap<&str, usize> = BTreeMap::new();
    for event in of!(world, Event).filter(|event| event.kind == EventKind::Broadcast) {
        let id = event.data["broadcast_id"].as_str().unwrap();
        let broadcast = broadcasts[id];
        assert!(seen.insert((&event.customer_id, id)), "{id} came twice to {:?}", event.customer_id);
        assert_eq!(event.title, format!("群发：{}", broadcast.title));
        assert_eq!(broadcast.status.as_deref(), Some("sent"));
        let after = event.at.unwrap().millis - broadcast.created_at.unwrap().millis;
        assert!((0..HOUR).contains(&after), "{} came {after} ms after it was sent", event.id);
        let customer = event.customer_id.as_ref().unwrap().0.clone();
        let Some(AnyRecord::Customer(customer)) = world.get(&(Resource::Customers, customer)) else {
            panic!("{} is of nobody", event.id);
        };
        match broadcast.audience.as_deref().unwrap().split_once(':').unwrap() {
            ("tag", name) => {
                assert!(customer.tags.iter().any(|tag| tag.as_str() == tags[name]), "{}", event.id)
            }
            ("city", name) => assert_eq!(customer.city.as_deref(), Some(name), "{}", event.id),
            (other, _) => assert_eq!(other, "stage"),
        }
        *by_broadcast.entry(id).or_default() += 1;
    }
    assert_eq!(by_broadcast.len(), 8, "all but the draft: {by_broadcast:?}");
    assert!(by_broadcast.values().all(|number| *number > 5), "{by_broadcast:?}");
}

/// Whatever moment is recorded, by its second.
fn seconds(world: &World) -> HashMap<i64, usize> {
    let mut seconds = HashMap::new();
    let events = of!(world, Event).filter_map(|event| event.at);
    let added = of!(world, Customer).filter_map(|customer| customer.added_at);
    let made = of!(world, FollowUp).filter_map(|follow_up| follow_up.created_at);
    for at in events.chain(added).chain(made) {
        *seconds.entry(at.millis / 1000).or_default() += 1;
    }
    seconds
}

#[test]
fn moments_are_spread_and_none_is_to_come() {
    for (now, size) in [("2026-03-17T10:42:00+08:00", 5000), ("2026-03-17T00:00:00+08:00", 1250)] {
        let now = Time::parse(now).unwrap();
        let whole = Community::new(&SampleSpec { customers: size, seed: 7, now, zone: zone() });
        let world: World =
            whole.records().map(|record| ((record.resource(), record.key()), record)).collect();
        let seconds = seconds(&world);
        let most = seconds.iter().max_by_key(|second| second.1).unwrap();
        assert!(*most.1 <= 8, "{} moments at {}", most.1, Time::from_millis(most.0 * 1000).in_zone(&zone()));
        assert!(seconds.keys().all(|second| *second * 1000 <= whole.calendar.now));
    }
}

#[test]
fn a_few_customers_have_much_to_tell_and_more_have_half_as_much() {
    let world = world(5000, 7);
    let mut numbers: Vec<usize> = per_customer(&world).values().map(Vec::len).collect();
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    assert!(numbers[0] >= 200, "{:?}", &numbers[..20]);
    // No gap: each of the first hundred has more than half of what the one before has.
    for pair in numbers[..100].windows(2) {
        assert!(pair[1] * 100 >= pair[0] * 45, "{:?}", &numbers[..100]);
    }
    let more_than = |least: usize| numbers.iter().filter(|number| **number > least).count();
    assert!(more_than(100) >= 4 && more_than(50) >= 10, "{:?}", &numbers[..100]);
}

#[test]
fn nobody_is_invited_by_themselves_or_by_somebody_who_is_not_there() {
    let world = world(5000, 7);
    let members: HashMap<(&str, &str), &GroupMember> = of!(world, GroupMember)
        .map(|member| ((member.group_id.as_str(), member.member_id.as_str()), member))
        .collect();
    let mut invited = 0;
    for member in members.values() {
        let Some(by) = &member.invited_by else { continue };
        let by = members[&(member.group_id.as_str(), by.as_str())];
        assert_ne!(by.member_id, member.member_id, "of {}", member.group_id);
        assert!(by.joined_at <= member.joined_at, "{} by {}", member.member_id, by.member_id);
        assert!(by.left_at.is_none_or(|left| Some(left) > member.joined_at));
        invited += 1;
    }
    assert!(invited > 1000);
}
