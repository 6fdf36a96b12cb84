//! The sample community as the console and the server see it.

use jiff::tz::TimeZone;
use siyu::insight::derive_stage;
use siyu::model::{AnyRecord, Resource, Time};
use siyu::sample::{Community, SampleSpec};
use siyu::server::{Identity, Limits, Store};

fn community(customers: usize) -> (Community, Time) {
    let now = Time::parse("2026-03-17T10:00:00+08:00").unwrap();
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    (Community::new(&SampleSpec { customers, seed: 7, now, zone }), now)
}

#[test]
fn its_stages_are_those_that_the_console_derives() {
    let (community, now) = community(1250);
    let mut compared = 0;
    for record in community.records() {
        let AnyRecord::Customer(customer) = record else { continue };
        // Who removed everybody is lost for the backend, whatever was bought.
        if customer.relations.iter().all(|relation| relation.lost_at.is_some()) {
            assert_eq!(customer.stage.as_deref(), Some("lost"));
            continue;
        }
        let derived = derive_stage(
            now,
            customer.added_at,
            customer.last_contact_at,
            customer.last_active_at,
            customer.last_order_at,
            customer.orders,
        );
        assert_eq!(customer.stage.as_deref(), Some(derived.word()), "{}", customer.id);
        compared += 1;
    }
    assert!(compared > 1000);
}

#[test]
fn a_store_gives_back_what_it_was_filled_with() {
    let (community, _) = community(200);
    let store = Store::in_memory(Limits::default()).unwrap();
    store.fill(&community.label(), &Identity::default(), community.records()).unwrap();
    assert_eq!(store.filled_with().unwrap(), Some(community.label()));
    for &resource in Resource::ALL {
        let mut wanted: Vec<_> = community.records().filter(|record| record.resource() == resource).collect();
        wanted.sort_by_key(AnyRecord::key);
        let page = store.page(resource, None, 100_000).unwrap();
        let read = |body: &String| AnyRecord::read(resource, serde_json::from_str(body).unwrap()).unwrap();
        let got: Vec<_> = page.items.iter().map(read).collect();
        assert!(got.iter().all(|(_, complaints)| complaints.is_empty()));
        assert!(page.next.is_some() || got.iter().map(|(record, _)| record).eq(wanted.iter()), "{resource}");
        assert_eq!(store.count(resource).unwrap() as usize, wanted.len(), "{resource}");
    }
}
