//! A few hundred writes through a network that harms half of what goes through it.

use std::time::Duration;

use super::*;
use crate::backend::{Connector, Limits, Secret};
use crate::model::SyncCommand;
use crate::sync::tests::faults::{HARM, Proxy, at_random};

/// Customers that are written to.
const CUSTOMERS: usize = 10;
/// Writes of each kind to each of them.
const EACH: usize = 8;

fn everything() -> Vec<Write> {
    let mut writes = Vec::new();
    for n in 0..EACH {
        for customer in (0..CUSTOMERS).map(|number| format!("c{number}")) {
            let name = format!("{customer} 第{n}次");
            writes.push(note(&format!("~n-{customer}-{n}"), &customer, &format!("记 {name}")));
            writes.push(message(&format!("~m-{customer}-{n}"), &customer, &format!("信 {name}")));
            writes.push(follow_up(&format!("~f-{customer}-{n}"), &customer, &format!("约 {name}")));
            writes.push(remark(&customer, &name));
        }
    }
    writes
}

#[tokio::test]
async fn nothing_is_lost_doubled_or_stuck() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let proxy = Proxy::before(server.addr, at_random(20, 50)).await.unwrap();
    let mut engine = kept.engine(&proxy.url);
    let limits = Limits { request: Duration::from_millis(250), ..Limits::default() };
    engine.connector = Connector::new(&proxy.url, Some(Secret::new(TOKEN)), limits).unwrap();
    engine.clock = fast_clock();
    engine.pace.stream = false;
    let mut going = Going::start(engine);
    // The first pull goes through the same network: lists and second pages are harmed as well.
    going.caught_up(store.seq()).await;
    let writes = everything();
    let count = i64::try_from(writes.len()).unwrap();
    kept.queue(writes).await;
    going.tell(SyncCommand::Push).await;
    let started = std::time::Instant::now();
    while kept.outbox() != done(count) {
        assert!(started.elapsed() < Duration::from_secs(120), "stuck: {:?}", kept.outbox());
        going.until(|_| Some(())).await;
    }
    going.stop().await;
    let harmed = proxy.asked().len();
    eprintln!("{count} writes by {harmed} requests in {:?}", started.elapsed());
    for n in 0..EACH {
        for customer in (0..CUSTOMERS).map(|number| format!("c{number}")) {
            let name = format!("{customer} 第{n}次");
            assert_eq!(titled(&store, Resource::Events, &format!("记 {name}")), 1);
            assert_eq!(titled(&store, Resource::Events, &format!("信 {name}")), 1);
            assert_eq!(titled(&store, Resource::FollowUps, &format!("约 {name}")), 1);
        }
    }
    for customer in (0..CUSTOMERS).map(|number| format!("c{number}")) {
        assert_eq!(
            of(&store, Resource::Customers, &customer)["remark"],
            format!("{customer} 第{}次", EACH - 1)
        );
    }
    // And what the network told the cache agrees with the server once it is left alone.
    round(&kept.pusher(&url(&server)), crate::sync::Wish::Changes).await.unwrap();
    kept.assert_same(&store);
    assert!(HARM.len() >= 16);
}
