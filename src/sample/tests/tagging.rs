//! The events of tagging and the tags that customers have.

use super::*;
use crate::sample::tagging::TOLD;

/// What the events of tagging tell.
#[derive(Default)]
pub(super) struct Tagging {
    /// How often each tag was given.
    pub given: BTreeMap<String, usize>,
    /// How often any was taken away.
    pub taken: usize,
    /// How often one was taken away whose giving lies before the first that is told.
    pub taken_untold: usize,
}

/// The events of tagging lead to the tags that customers have: whatever was given since `told` has
/// an event, nothing is given twice, and only what was there is taken away.
pub(super) fn told(world: &World, told: i64) -> Tagging {
    let mut of: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in of!(world, Event).filter(|event| event.kind == EventKind::Tag) {
        of.entry(event.customer_id.as_ref().unwrap().as_str()).or_default().push(event);
    }
    let names: HashMap<_, _> = of!(world, Tag).map(|tag| (tag.id.as_str(), tag.name.as_str())).collect();
    let mut all = Tagging::default();
    for customer in of!(world, Customer) {
        let id = customer.id.as_str();
        let mut events = of.remove(id).unwrap_or_default();
        events.sort_by_key(|event| event.at);
        let mut has: BTreeMap<&str, bool> = BTreeMap::new();
        for event in events {
            assert!(event.at.unwrap().millis >= told, "{}", event.id);
            let ids = |key: &str| {
                let ids = event.data.get(key).and_then(|ids| ids.as_array()).into_iter().flatten();
                ids.map(|id| id.as_str().unwrap()).collect::<Vec<_>>()
            };
            let (add, remove) = (ids("add"), ids("remove"));
            assert!(!add.is_empty() || !remove.is_empty(), "{} says nothing", event.id);
            for tag in add {
                assert!(event.title.contains(names[tag]), "{}: {}", event.id, event.title);
                assert_ne!(has.insert(tag, true), Some(true), "{} gives {tag} twice", event.id);
                *all.given.entry(names[tag].to_owned()).or_default() += 1;
            }
            for tag in remove {
                assert!(event.title.contains(names[tag]), "{}: {}", event.id, event.title);
                let was = has.insert(tag, false);
                assert_ne!(was, Some(false), "{} takes {tag} twice", event.id);
                let before = customer.added_at.unwrap().millis < told;
                assert!(was.is_some() || before, "{} takes {tag} that was never given", event.id);
                all.taken += 1;
                all.taken_untold += usize::from(was.is_none());
            }
        }
        for (tag, has) in &has {
            let now = customer.tags.iter().any(|other| other.as_str() == *tag);
            assert_eq!(now, *has, "{tag} of {id}");
        }
        if customer.added_at.unwrap().millis >= told {
            let silent: Vec<_> = customer.tags.iter().filter(|tag| !has.contains_key(tag.as_str())).collect();
            assert!(silent.is_empty(), "nothing tells how {id} came to {silent:?}");
        }
    }
    all
}

#[test]
fn the_events_of_tagging_lead_to_the_tags_that_customers_have() {
    let world = world(5000, 7);
    let whole = community(5000, 7);
    let day = |ago: usize| whole.calendar.start(PAST - ago);
    let all = told(&world, day(TOLD));
    assert_eq!(all.given.len(), 60, "all tags were given to somebody: {:?}", all.given);
    let (most, sum) = (all.given.values().max().unwrap(), all.given.values().sum::<usize>());
    assert!(sum > 5000 && most * 8 < sum, "{most} of {sum}: {:?}", all.given);
    assert!(all.taken > 300 && all.taken * 4 < sum, "{} of {sum}", all.taken);
    // Within a week most tags move.
    let tagged = of!(world, Event).filter(|event| event.kind == EventKind::Tag);
    let week: BTreeSet<_> = tagged
        .filter(|event| event.at.unwrap().millis >= day(6))
        .flat_map(|event| event.data.values().flat_map(|ids| ids.as_array().unwrap()))
        .map(|id| id.as_str().unwrap())
        .collect();
    assert!((20..=60).contains(&week.len()), "{week:?}");
}
