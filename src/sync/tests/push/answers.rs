//! What the outbox makes of answers: patience, refusals, conflicts, and servers that fail.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::model::{SyncCommand, TroubleKind};
use crate::sync::tests::faults::{Fault, Proxy};
use crate::sync::{Backoff, Wish, once};

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it_from_all_lanes() {
    let (store, kept) = (reachable(), Kept::new());
    round(&kept.pusher(&url(&serve(&store).await)), Wish::Changes).await.unwrap();
    let limits =
        crate::server::WriteLimits { per_minute: std::num::NonZeroU32::new(60), ..Default::default() };
    let options = crate::server::ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        token: crate::server::Token::new(TOKEN),
        live: None,
    };
    let server = crate::server::Server::start_within(limits, store.clone(), options).await.unwrap();
    let proxy = Proxy::before(server.addr, |_| Fault::None).await.unwrap();
    let writes = (0..64).map(|n| note(&format!("~{n}"), &format!("c{}", n % 10), &format!("第{n}条")));
    kept.queue(writes.collect()).await;
    let paused = std::sync::Mutex::new(Vec::new());
    let tell = |event| {
        if let SyncEvent::PushPaused { trouble, until } = event {
            paused.lock().unwrap().push((trouble.kind, until));
        }
    };
    let started = Instant::now();
    let outcome = once(&kept.pusher(&proxy.url), Wish::Changes, &tell).await.unwrap();
    assert_eq!((outcome.pushed.sent, kept.outbox()), (64, done(64)));
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    let paused = paused.into_inner().unwrap();
    assert!(!paused.is_empty() && paused.iter().all(|(kind, _)| *kind == TroubleKind::Rate));
    // While it rested it asked nothing: a refusal per lane and pause, and no more.
    let refused = proxy.asked().iter().filter(|asked| asked.is_write()).count() - 64;
    assert!(refused <= paused.len(), "{refused} refusals, {} pauses", paused.len());
    for n in 0..64 {
        assert_eq!(titled(&store, Resource::Events, &format!("第{n}条")), 1);
    }
}

#[tokio::test]
async fn a_token_refused_in_the_middle_stops_it_and_loses_nothing() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let refuses = Arc::new(AtomicBool::new(false));
    let refusing = Arc::clone(&refuses);
    let proxy = Proxy::before(server.addr, move |asked| match asked.is_write() {
        true if asked.text.contains("第3条") || refusing.load(Ordering::SeqCst) => {
            refusing.store(true, Ordering::SeqCst);
            Fault::Status(401)
        }
        _ => Fault::None,
    });
    let proxy = proxy.await.unwrap();
    let mut going = Going::start(kept.pusher(&proxy.url));
    going.live(store.seq()).await;
    kept.queue((0..8).map(|n| note(&format!("~{n}"), "c1", &format!("第{n}条"))).collect()).await;
    going.tell(SyncCommand::Push).await;
    let refused = |event: &SyncEvent| match event {
        SyncEvent::AuthFailed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    let trouble = going.until(refused).await;
    assert!(trouble.text.contains("/v1/customers/c1/events"), "{trouble:?}");
    assert_eq!(kept.outbox(), states(&[("done", 3), ("queued", 5)]));
    let asked = proxy.asked().len();
    going.tell(SyncCommand::Push).await; // does not try the token again
    // The one in the middle passes from now on; the operator asks for it.
    let proxied = proxy.asked().len();
    assert_eq!(asked, proxied);
    refuses.store(false, Ordering::SeqCst);
    going.stop().await;
    let healthy = Going::start(kept.pusher(&url(&server)));
    let mut healthy = healthy;
    healthy.settled(&kept, &done(8)).await;
    healthy.stop().await;
    for n in 0..8 {
        assert_eq!(titled(&store, Resource::Events, &format!("第{n}条")), 1);
    }
}

#[tokio::test]
async fn a_server_that_fails_is_tried_again_until_the_budget_is_used_up() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    let proxy = Proxy::before(server.addr, |asked| match asked.is_write() && asked.path.ends_with("/c1") {
        true => Fault::Status(500),
        false => Fault::None,
    });
    let proxy = proxy.await.unwrap();
    kept.queue(vec![remark("c1", "不成"), remark("c2", "成")]).await;
    let later = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&later);
    let mut engine = kept.pusher(&proxy.url);
    engine.clock = Arc::new(move |writer: &mut Writer| {
        writer.at(Moment { now: Time::from_millis(now().millis + passed.load(Ordering::SeqCst)), ..moment() })
    });
    engine.pace.push = Backoff { base: Duration::from_secs(60), cap: Duration::from_secs(300) };
    let mut rounds = 0;
    while !kept.outbox().contains_key("failed") {
        rounds += 1;
        assert!(rounds <= 30);
        round(&engine, Wish::Changes).await.unwrap();
        let asked = proxy.asked().iter().filter(|asked| asked.is_write()).count();
        round(&engine, Wish::Changes).await.unwrap(); // it is not due yet
        assert_eq!(proxy.asked().iter().filter(|asked| asked.is_write()).count(), asked);
        later.fetch_add(400_000, Ordering::SeqCst);
    }
    assert_eq!(rounds, 21);
    assert_eq!(kept.outbox(), states(&[("done", 1), ("failed", 1)]));
    assert!(kept.words()[0].contains("gave up") && kept.words()[0].contains("the proxy says so"));
    // The operator sees it, and the row goes back to the truth when it is dropped.
    kept.writer.run(|writer| writer.recover()).await.unwrap();
    assert_eq!(of(&store, Resource::Customers, "c1")["remark"], Value::Null);
}

#[tokio::test]
async fn what_the_server_refuses_keeps_its_words_and_holds_up_nobody() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let points = |change: i64| {
        let fields = fields(json!({
            "customer_id": "c1", "kind": "points", "title": "积分", "data": {"change": change},
        }));
        Write { resource: Resource::Events, id: format!("~p{change}"), deed: Deed::Make { fields } }
    };
    store.delete(Resource::Customers, "c9").unwrap();
    kept.queue(vec![points(-5), points(7), remark("c9", "不在了"), remark("c8", "在")]).await;
    let outcome = round(&engine, Wish::Changes).await.unwrap();
    assert_eq!((outcome.pushed.sent, outcome.pushed.failed), (2, 2));
    let words = kept.words();
    assert!(words[0].contains("0 points") && words[2].contains("c9"), "{words:?}");
    assert_eq!(of(&store, Resource::Customers, "c1")["points"], 7);
}

#[tokio::test]
async fn changes_of_others_are_merged_where_they_can_be() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    kept.queue(vec![
        remark("c1", "我的"),
        remark("c2", "我的"),
        Write::set(Resource::Customers, "c3", fields(json!({"custom": {"尺码": "L"}}))),
    ])
    .await;
    let theirs = |id: &str, more: Value| {
        let mut item = of(&store, Resource::Customers, id);
        item.as_object_mut().unwrap().extend(fields(more));
        change(&store, record(Resource::Customers, item));
    };
    theirs("c1", json!({"city": "杭州"}));
    theirs("c2", json!({"remark": "他们的"}));
    theirs("c3", json!({"custom": {"颜色": "红"}}));
    let outcome = round(&engine, Wish::Changes).await.unwrap();
    assert_eq!((outcome.pushed.sent, outcome.pushed.conflicts), (2, 1));
    assert_eq!(kept.outbox(), states(&[("conflict", 1), ("done", 2)]));
    let merged = of(&store, Resource::Customers, "c1");
    assert_eq!((&merged["remark"], &merged["city"]), (&json!("我的"), &json!("杭州")));
    assert_eq!(of(&store, Resource::Customers, "c2")["remark"], "他们的");
    assert_eq!(of(&store, Resource::Customers, "c3")["custom"], json!({"颜色": "红", "尺码": "L"}));
    assert!(kept.record(Resource::Customers, "c2").unwrap().contains("我的")); // neither text is lost
}

#[tokio::test]
async fn a_page_of_html_is_no_success_and_no_refusal() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    for (fault, there) in [(Fault::Portal, 0), (Fault::Html, 1)] {
        let proxy = Proxy::before(server.addr, move |asked| match asked.is_write() {
            true => fault,
            false => Fault::None,
        });
        let title = format!("{fault:?}");
        kept.queue(vec![note(&format!("~{title}"), "c1", &title)]).await;
        round(&kept.pusher(&proxy.await.unwrap().url), Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox()["unknown"], 1);
        assert_eq!(titled(&store, Resource::Events, &title), there);
        kept.hurry();
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox().get("unknown"), None);
        assert_eq!(titled(&store, Resource::Events, &title), 1);
    }
    kept.assert_same(&store);
}

#[tokio::test]
async fn a_backend_that_is_away_costs_no_attempt() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    kept.queue(vec![remark("c1", "好")]).await;
    assert!(round(&kept.pusher("http://127.0.0.1:1"), Wish::Changes).await.is_err());
    assert_eq!(kept.outbox(), states(&[("queued", 1)]));
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), done(1));
}

#[tokio::test]
async fn a_record_without_a_revision_is_looked_at_before_it_is_overwritten() {
    let meta = br#"{"name":"x","api":1,"resources":["customers"],"seq":5,"operator_id":"o1"}"#;
    let theirs = Arc::new(std::sync::Mutex::new("旧".to_owned()));
    let (says, asked) = (Arc::clone(&theirs), Arc::new(AtomicI64::new(0)));
    let counted = Arc::clone(&asked);
    let url = answers(move |path| {
        let customer = format!(r#"{{"id":"c1","name":"甲","remark":"{}"}}"#, says.lock().unwrap());
        match path {
            "/v1/meta" => json_answer(meta),
            "/v1/customers/c1" => {
                counted.fetch_add(1, Ordering::SeqCst);
                json_answer(customer.as_bytes())
            }
            path if path.starts_with("/v1/customers") => {
                json_answer(format!(r#"{{"items":[{customer}],"next_cursor":null,"seq":5}}"#).as_bytes())
            }
            _ => json_answer(br#"{"changes":[],"next":5,"more":false}"#),
        }
    })
    .await;
    let kept = Kept::new();
    let engine = kept.pusher(&url);
    round(&engine, Wish::Changes).await.unwrap();
    // Somebody else writes there what no feed tells.
    kept.queue(vec![remark("c1", "我的")]).await;
    "他的".clone_into(&mut theirs.lock().unwrap());
    round(&engine, Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), states(&[("conflict", 1)]), "{:?}", kept.words());
    assert_eq!(asked.load(Ordering::SeqCst), 1, "it was looked at, and nothing was sent");
}

#[tokio::test]
async fn a_wait_that_a_clock_noted_which_was_ahead_holds_nothing_up() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    kept.queue(vec![remark("c1", "a"), remark("c2", "b")]).await;
    let connection = rusqlite::Connection::open(kept.cache.path()).unwrap();
    let waits = |until: i64| {
        connection.execute("UPDATE outbox SET next_at = ?1 WHERE n = 1", [now().millis + until]).unwrap();
    };
    waits(3_600_000);
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), states(&[("done", 1), ("queued", 1)]), "an hour is waited for");
    waits(2 * 86_400_000);
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), done(2));
}
