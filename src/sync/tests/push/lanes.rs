//! What is sent when: in order within a lane, side by side across lanes, by one console only.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::model::{SyncCommand, WriteState};
use crate::sync::tests::faults::{Fault, Proxy};
use crate::sync::{CacheWriter, Wish};

#[tokio::test]
async fn a_round_sends_what_is_queued_and_then_pulls() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let follow_on = Write::set_one(Resource::FollowUps, "~f", "title", "回访两次");
    let tags = Write {
        resource: Resource::Customers,
        id: "c2".to_owned(),
        deed: Deed::Tag { add: vec!["t2".into()], remove: vec!["t1".into()] },
    };
    let writes = vec![
        remark("c1", "喜欢红色"),
        tags,
        note("~n", "c3", "来电"),
        follow_up("~f", "c4", "回访"),
        follow_on,
        message("~m", "c5", "您好"),
        Write { resource: Resource::Tags, id: "t9".to_owned(), deed: Deed::Delete },
    ];
    kept.queue(writes).await;
    let outcome = round(&engine, Wish::Changes).await.unwrap();
    assert_eq!((outcome.pushed.sent, kept.outbox()), (7, done(7)), "{:?}", kept.words());
    assert_eq!(of(&store, Resource::Customers, "c1")["remark"], "喜欢红色");
    assert_eq!(of(&store, Resource::Customers, "c2")["tags"], json!(["t2"]));
    assert_eq!(of(&store, Resource::Tags, "t9")["deleted"], true);
    assert_eq!(titled(&store, Resource::Events, "来电"), 1);
    assert_eq!(titled(&store, Resource::FollowUps, "回访两次"), 1);
    assert_eq!(titled(&store, Resource::Events, "您好"), 1);
    kept.assert_same(&store);
    let again = round(&engine, Wish::Changes).await.unwrap();
    assert_eq!(again.pushed, crate::model::Pushed::default());
}

#[tokio::test]
async fn writes_of_one_record_keep_their_order_and_lanes_go_side_by_side() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let proxy = Proxy::before(server.addr, |asked| match asked.is_write() {
        true => Fault::Latency(Duration::from_millis(30)),
        false => Fault::None,
    });
    let proxy = proxy.await.unwrap();
    let mut engine = kept.pusher(&proxy.url);
    engine.pace.lanes = 6;
    let mut going = Going::start(engine);
    going.live(store.seq()).await;
    let mut writes = Vec::new();
    for n in 0..5 {
        writes.extend((0..6).map(|customer| remark(&format!("c{customer}"), &format!("第{n}次"))));
    }
    kept.queue(writes).await;
    let started = std::time::Instant::now();
    going.tell(SyncCommand::Push).await;
    going.settled(&kept, &done(30)).await;
    assert!(started.elapsed() < Duration::from_millis(30 * 30), "{:?}", started.elapsed());
    let writes: Vec<_> = proxy.asked().into_iter().filter(|asked| asked.is_write()).collect();
    assert_eq!(writes.len(), 30);
    for customer in 0..6 {
        let of_one = writes.iter().filter(|asked| asked.path.ends_with(&format!("/c{customer}")));
        let said: Vec<_> =
            of_one.map(|asked| asked.text.split("第").nth(1).unwrap()[..1].to_owned()).collect();
        assert_eq!(said, ["0", "1", "2", "3", "4"]);
    }
    going.stop().await;
    kept.assert_same(&store);
}

#[tokio::test]
async fn no_more_than_the_lanes_are_under_way() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let most = std::sync::Arc::new(AtomicUsize::new(0));
    let seen = std::sync::Arc::clone(&most);
    let path = kept.cache.path().to_owned();
    let proxy = Proxy::before(server.addr, move |asked| {
        if asked.is_write() {
            let connection = rusqlite::Connection::open(&path).unwrap();
            let sql = "SELECT count(*) FROM outbox WHERE state = 'sending'";
            let count: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            seen.fetch_max(usize::try_from(count).unwrap(), Ordering::SeqCst);
        }
        Fault::None
    });
    let proxy = proxy.await.unwrap();
    let mut engine = kept.pusher(&proxy.url);
    engine.pace.lanes = 3;
    kept.queue((0..10).map(|n| remark(&format!("c{n}"), "一")).collect()).await;
    round(&engine, Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), done(10));
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_another_console_queues_is_sent_by_the_one_that_syncs() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let proxy = Proxy::before(server.addr, |_| Fault::None).await.unwrap();
    let mut first = Going::start(kept.pusher(&proxy.url));
    first.live(store.seq()).await;
    let mut engine = kept.pusher(&proxy.url);
    engine.writer = CacheWriter::start(kept.cache.writer(moment()).unwrap()).unwrap().0;
    let other = engine.writer.clone();
    let mut second = Going::start(engine);
    second.until(|event| (*event == SyncEvent::Elsewhere).then_some(())).await;
    let write = remark("c1", "另一台");
    let image = write.image(&record(Resource::Customers, of(&store, Resource::Customers, "c1")));
    let set = ChangeSet {
        command: "test".to_owned(),
        label: "test".to_owned(),
        actor: Actor::default(),
        writes: vec![Planned { write, name: "c1".to_owned(), image }],
    };
    other.run(move |writer| writer.commit(&set)).await.unwrap();
    second.tell(SyncCommand::Push).await; // it only waits for the lease
    first.settled(&kept, &done(1)).await;
    assert_eq!(of(&store, Resource::Customers, "c1")["remark"], "另一台");
    assert_eq!(proxy.asked().iter().filter(|asked| asked.is_write()).count(), 1);
    first.stop().await;
    second.live(store.seq()).await;
    second.stop().await;
    assert_eq!(proxy.asked().iter().filter(|asked| asked.is_write()).count(), 1);
}

#[tokio::test]
async fn what_became_of_writes_is_told() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let no_such_tag = Deed::Tag { add: vec!["nonsense".into()], remove: vec![] };
    let no_such_tag = Write { resource: Resource::Customers, id: "c2".to_owned(), deed: no_such_tag };
    kept.queue(vec![remark("c1", "好"), no_such_tag]).await;
    let told = Mutex::new(Vec::new());
    let tell = |event| match event {
        SyncEvent::Pushed(pushed) => told.lock().unwrap().push(pushed),
        SyncEvent::Applied { .. } | SyncEvent::Connecting | SyncEvent::Online { .. } => {}
        SyncEvent::CaughtUp { .. } => {}
        other => panic!("{other:?}"),
    };
    let outcome = crate::sync::once(&engine, Wish::Changes, &tell).await.unwrap();
    let told = told.into_inner().unwrap();
    assert_eq!((told.len(), told.last()), (2, Some(&outcome.pushed)));
    assert_eq!((outcome.pushed.sent, outcome.pushed.failed), (1, 1));
    assert_eq!(kept.outbox(), states(&[(WriteState::Done.word(), 1), (WriteState::Failed.word(), 1)]));
    assert!(kept.words()[1].contains("nonsense"), "{:?}", kept.words());
}

#[tokio::test]
async fn a_console_that_only_reads_gives_way_to_one_that_sends() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    let reads = kept.cache.writer(moment()).unwrap().read_only();
    let (reads, _) = crate::sync::CacheWriter::start(reads).unwrap();
    let mut first = Going::start(Engine { writer: reads, ..kept.pusher(&url(&server)) });
    first.live(store.seq()).await;
    // It holds the lease, and would send nothing; a single round does not wait for it.
    kept.queue(vec![remark("c1", "a")]).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), done(1));
    // Nor does a console, to which it leaves the sync until that one is gone.
    let mut second = Going::start(kept.pusher(&url(&server)));
    second.live(store.seq()).await;
    kept.queue(vec![remark("c2", "b")]).await;
    second.tell(SyncCommand::Push).await;
    second.settled(&kept, &done(2)).await;
    first.until(|event| matches!(event, SyncEvent::Elsewhere).then_some(())).await;
    second.stop().await;
    first.until(|event| matches!(event, SyncEvent::Online { .. }).then_some(())).await;
    first.stop().await;
}
