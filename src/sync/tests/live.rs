//! Following the feed while servers come and go.

use std::sync::atomic::Ordering;

use super::rig::*;
use crate::model::{Resource, SyncCommand, SyncEvent, TroubleKind};

fn offline(event: &SyncEvent) -> Option<TroubleKind> {
    match event {
        SyncEvent::Offline { trouble, .. } => Some(trouble.kind),
        _ => None,
    }
}

#[tokio::test]
async fn changes_arrive_by_themselves_and_nothing_is_asked_meanwhile() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    let mut going = Going::start(kept.engine(&relay.url));
    going.live(store.seq()).await;
    let asked = relay.asked_for("/");
    let number = store.put(&[tag("t1", "改名"), tag("new", "新")]).unwrap();
    going.live(number).await;
    kept.assert_same(&store);
    store.delete(Resource::Tags, "new").unwrap();
    going.live(store.seq()).await;
    kept.assert_same(&store);
    assert_eq!(relay.asked_for("/"), asked);
    going.stop().await;
}

#[tokio::test]
async fn many_changes_become_few_transactions() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let mut engine = kept.engine(&url(&server));
    engine.pace.gather = std::time::Duration::from_millis(50);
    let mut going = Going::start(engine);
    going.live(store.seq()).await;
    let tags: Vec<_> = (0..1200).map(|n| tag(&format!("m{n}"), "多")).collect();
    let number = store.put(&tags).unwrap();
    let mut applied = 0;
    loop {
        let done = going
            .until(|event| match event {
                SyncEvent::Applied { .. } => Some(false),
                SyncEvent::CaughtUp { seq, .. } => Some(*seq >= number),
                _ => None,
            })
            .await;
        if done {
            break;
        }
        applied += 1;
    }
    assert!(applied < 100, "{applied} transactions for 1200 changes");
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn a_server_that_comes_back_is_caught_up_with() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let address = server.addr.to_string();
    let mut going = Going::start(kept.engine(&url(&server)));
    going.live(store.seq()).await;
    server.shutdown().await;
    assert_eq!(going.until(offline).await, TroubleKind::Connect);
    let number = store.put(&[tag("meanwhile", "期间")]).unwrap();
    let _server = serve_at(&store, &address).await;
    going.live(number).await;
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_is_waited_for() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let (address, base) = (server.addr.to_string(), url(&server));
    server.shutdown().await;
    let mut going = Going::start(kept.engine(&base));
    assert_eq!(going.until(offline).await, TroubleKind::Connect);
    going.until(offline).await;
    let _server = serve_at(&store, &address).await;
    going.live(store.seq()).await;
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn forgotten_changes_are_pulled_anew_without_emptying_the_cache() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let address = server.addr.to_string();
    let mut going = Going::start(kept.engine(&url(&server)));
    going.live(store.seq()).await;
    server.shutdown().await;
    going.until(offline).await;
    store.delete(Resource::Customers, "c3").unwrap();
    store.put(&[tag("t1", "改名")]).unwrap();
    store.trim(0).unwrap();
    let _server = serve_at(&store, &address).await;
    going.until(|event| (*event == SyncEvent::Gone).then_some(())).await;
    assert!(kept.count(Resource::Customers) >= 9);
    going.live(store.seq()).await;
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn without_a_stream_it_asks_and_later_listens_again() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    relay.streams.store(false, Ordering::SeqCst);
    let mut going = Going::start(kept.engine(&relay.url));
    going.caught_up(store.seq()).await;
    let number = store.put(&[tag("polled", "问到")]).unwrap();
    assert!(!going.caught_up(number).await);
    kept.assert_same(&store);
    relay.streams.store(true, Ordering::SeqCst);
    going.live(number).await;
    let number = store.put(&[tag("streamed", "听到")]).unwrap();
    going.live(number).await;
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn a_stream_that_is_cut_loses_nothing() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    let mut engine = kept.engine(&relay.url);
    engine.pace.settled = std::time::Duration::ZERO;
    let mut going = Going::start(engine);
    going.live(store.seq()).await;
    for n in 0..5 {
        relay.cut.notify_waiters();
        let number = store.put(&[tag(&format!("cut{n}"), "断")]).unwrap();
        going.live(number).await;
    }
    kept.assert_same(&store);
    assert!(relay.asked_for("/v1/changes/stream") >= 5);
    going.stop().await;
}

#[tokio::test]
async fn a_refused_token_is_not_tried_again_until_asked() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    let mut going = Going::start(kept.engine_as(&relay.url, "wr0ng"));
    let refused = |event: &SyncEvent| match event {
        SyncEvent::AuthFailed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    let trouble = going.until(refused).await;
    assert_eq!(trouble.kind, TroubleKind::Auth);
    assert!(trouble.remedy.contains("token") && !trouble.text.contains("wr0ng"), "{trouble:?}");
    assert_eq!(relay.asked_for("/v1/meta"), 1);
    going.tell(SyncCommand::RefreshNow).await;
    going.until(refused).await;
    assert_eq!(relay.asked_for("/v1/meta"), 2);
    going.stop().await;
}

#[tokio::test]
async fn commands_are_heeded_at_once() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    let mut engine = kept.engine(&relay.url);
    let hour = std::time::Duration::from_secs(3600);
    engine.pace.poll = hour;
    engine.pace.backoff = crate::sync::Backoff { base: hour, cap: hour };
    let mut going = Going::start(engine);
    going.live(store.seq()).await;

    let asked = relay.asked_for("/v1/changes?");
    going.tell(SyncCommand::RefreshNow).await;
    going.caught_up(store.seq()).await;
    assert!(relay.asked_for("/v1/changes?") > asked);

    going.tell(SyncCommand::Pause).await;
    going.until(|event| (*event == SyncEvent::Paused).then_some(())).await;
    let number = store.put(&[tag("paused", "歇")]).unwrap();
    assert!(kept.record(Resource::Tags, "paused").is_none());
    going.tell(SyncCommand::FullPull).await;
    going
        .until(|event| {
            matches!(event, SyncEvent::Pulled(pulled) if pulled.resource == Resource::Events).then_some(())
        })
        .await;
    going.live(number).await;
    kept.assert_same(&store);

    server.shutdown().await;
    going.tell(SyncCommand::RefreshNow).await;
    going.until(offline).await;
    going.tell(SyncCommand::RefreshNow).await; // in the middle of an hour's wait
    going.until(offline).await;
    going.stop().await;
}

#[tokio::test]
async fn what_is_queued_while_the_backend_is_away_is_a_reason_to_try_at_once() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let address = server.addr.to_string();
    let mut engine = kept.engine(&url(&server));
    let hour = std::time::Duration::from_secs(3600);
    engine.pace.backoff = crate::sync::Backoff { base: std::time::Duration::from_millis(50), cap: hour };
    engine.pace.stream = false;
    let mut going = Going::start(engine);
    going.until(|event| matches!(event, SyncEvent::CaughtUp { .. }).then_some(())).await;
    server.shutdown().await;
    // Until the waits are so long that the test would not end by itself.
    for _ in 0..20 {
        going.until(offline).await;
        going.tell(SyncCommand::Push).await;
    }
    going.until(offline).await;
    let _server = serve_at(&store, &address).await;
    going.tell(SyncCommand::Push).await;
    going.until(|event| matches!(event, SyncEvent::Online { .. }).then_some(())).await;
    going.stop().await;
}

#[tokio::test]
async fn times_are_told_by_the_clock_that_was_handed_in() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let mut engine = kept.engine(&url(&server));
    let then = crate::model::Time::from_millis(1_000_000_000_000);
    engine.now = std::sync::Arc::new(move || then);
    engine.pace.backoff = crate::sync::Backoff {
        base: std::time::Duration::from_secs(1),
        cap: std::time::Duration::from_secs(10),
    };
    let mut going = Going::start(engine);
    let at = |event: &SyncEvent| match event {
        SyncEvent::CaughtUp { at, .. } => Some(*at),
        _ => None,
    };
    assert_eq!(going.until(at).await, then);
    server.shutdown().await;
    let again = |event: &SyncEvent| match event {
        SyncEvent::Offline { retry_at, .. } => Some(*retry_at),
        _ => None,
    };
    let retry_at = going.until(again).await;
    assert!((100..=10_000).contains(&(retry_at.millis - then.millis)), "{retry_at:?}");
    going.stop().await;
}

#[tokio::test]
async fn a_full_pull_asked_for_while_offline_is_not_forgotten() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let address = server.addr.to_string();
    let mut going = Going::start(kept.engine(&url(&server)));
    going.live(store.seq()).await;
    server.shutdown().await;
    going.until(offline).await;
    going.tell(SyncCommand::FullPull).await;
    going.until(offline).await;
    going.until(offline).await;
    let _server = serve_at(&store, &address).await;
    going
        .until(|event| {
            matches!(event, SyncEvent::Pulled(pulled) if pulled.resource == Resource::Events).then_some(())
        })
        .await;
    going.stop().await;
}

#[tokio::test]
async fn a_living_community_is_followed() {
    let spec = crate::sample::SampleSpec {
        customers: 300,
        seed: 7,
        now: moment().now,
        zone: jiff::tz::TimeZone::UTC,
    };
    let community = crate::sample::Community::new(&spec);
    let store = crate::server::Store::in_memory(crate::server::Limits::default()).unwrap();
    store.put(&community.records().collect::<Vec<_>>()).unwrap();
    let (kept, server) = (Kept::new(), serve(&store).await);
    let mut engine = kept.engine(&url(&server));
    engine.pace.page = 1000;
    let started = std::time::Instant::now();
    let mut going = Going::start(engine);
    going.live(store.seq()).await;
    eprintln!("{} events pulled in {:?}", kept.count(Resource::Events), started.elapsed());
    kept.assert_same(&store);
    let mut pulse = crate::cli::serve::pulse(&community);
    for _ in 0..60 {
        let _ = pulse(&store).unwrap(); // does a step at once; the pause that it asks for is not made
    }
    going.live(store.seq()).await;
    kept.assert_same(&store);
    going.stop().await;
}

#[tokio::test]
async fn without_a_stream_changes_are_asked_for() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let relay = Relay::to(server.addr).await;
    let mut engine = kept.engine(&relay.url);
    engine.pace.stream = false;
    let mut going = Going::start(engine);
    assert!(!going.caught_up(store.seq()).await, "nothing comes by itself");
    for name in ["一", "二", "三"] {
        let number = store.put(&[tag("t1", name)]).unwrap();
        assert!(!going.caught_up(number).await);
    }
    kept.assert_same(&store);
    assert_eq!(relay.asked_for("/v1/changes/stream"), 0);
    going.stop().await;
}

#[tokio::test]
async fn a_second_console_sees_what_the_first_pulls_and_takes_over() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let mut first = Going::start(kept.engine(&url(&server)));
    first.live(store.seq()).await;
    // The other console writes through a connection of its own.
    let mut engine = kept.engine(&url(&server));
    engine.writer = crate::sync::CacheWriter::start(kept.cache.writer(moment()).unwrap()).unwrap().0;
    let mut second = Going::start(engine);
    let applied = |event: &SyncEvent| matches!(event, SyncEvent::Applied { .. }).then_some(());
    second.until(|event| (*event == SyncEvent::Elsewhere).then_some(())).await;
    second.until(applied).await;
    let number = store.put(&[tag("t1", "改名")]).unwrap();
    first.live(number).await;
    second.until(applied).await;
    first.stop().await;
    second.live(number).await;
    second.stop().await;
}

#[tokio::test]
async fn a_console_that_does_not_sync_says_that_the_backend_is_away_and_that_it_is_there_again() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let address = server.addr.to_string();
    let mut first = Going::start(kept.engine(&url(&server)));
    first.live(store.seq()).await;
    let mut engine = kept.engine(&url(&server));
    engine.writer = crate::sync::CacheWriter::start(kept.cache.writer(moment()).unwrap()).unwrap().0;
    let mut second = Going::start(engine);
    let elsewhere = |event: &SyncEvent| (*event == SyncEvent::Elsewhere).then_some(());
    second.until(elsewhere).await;
    server.shutdown().await;
    assert_eq!(second.until(offline).await, TroubleKind::Connect);
    first.until(offline).await;
    first.until(offline).await; // it fails again and again: that is no news
    let server = serve_at(&store, &address).await;
    first.live(store.seq()).await;
    let between = second.before(elsewhere).await;
    assert_eq!(between.iter().filter_map(offline).count(), 0, "told once: {between:#?}");
    first.stop().await;
    second.live(store.seq()).await;
    second.stop().await;
    drop(server);
}

#[tokio::test]
async fn a_console_that_does_not_sync_says_that_the_token_is_refused() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let mut first = Going::start(kept.engine_as(&url(&server), "wr0ng"));
    let refused = |event: &SyncEvent| match event {
        SyncEvent::AuthFailed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    let told = first.until(refused).await;
    let mut engine = kept.engine(&url(&server));
    engine.writer = crate::sync::CacheWriter::start(kept.cache.writer(moment()).unwrap()).unwrap().0;
    let mut second = Going::start(engine);
    assert_eq!(second.until(refused).await, told, "in the holder's words");
    second.stop().await;
    first.stop().await;
}
