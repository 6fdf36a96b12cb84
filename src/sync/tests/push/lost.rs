//! Writes whose answer was lost: looked for, and never doubled.

use super::*;
use crate::sync::Wish;
use crate::sync::tests::faults::{Asked, Fault, Proxy};

/// All that is made or changed once, each in a lane of its own.
fn one_of_each() -> Vec<Write> {
    let tag = Deed::Make { fields: fields(json!({"name": "新标签", "group_id": "g"})) };
    vec![
        remark("c1", "好"),
        Write {
            resource: Resource::Customers,
            id: "c2".to_owned(),
            deed: Deed::Tag { add: vec!["t3".into()], remove: vec!["t1".into()] },
        },
        note("~n", "c3", "来电"),
        follow_up("~f", "c4", "回访电话"),
        message("~m", "c5", "您好\n第二行"),
        Write { resource: Resource::Tags, id: "~t".to_owned(), deed: tag },
        Write { resource: Resource::Tags, id: "t9".to_owned(), deed: Deed::Delete },
    ]
}

fn assert_once(store: &Store) {
    assert_eq!(of(store, Resource::Customers, "c1")["remark"], "好");
    assert_eq!(of(store, Resource::Customers, "c2")["tags"], json!(["t3"]));
    assert_eq!(of(store, Resource::Tags, "t9")["deleted"], true);
    assert_eq!(titled(store, Resource::Events, "来电"), 1);
    assert_eq!(titled(store, Resource::FollowUps, "回访电话"), 1);
    assert_eq!(titled(store, Resource::Events, "您好"), 1);
    assert_eq!(all(store, Resource::Tags).iter().filter(|tag| tag["name"] == "新标签").count(), 1);
}

fn writes(proxy: &Proxy) -> Vec<Asked> {
    proxy.asked().into_iter().filter(Asked::is_write).collect()
}

#[tokio::test]
async fn what_the_server_has_done_is_found_and_not_sent_again() {
    for fault in [Fault::ResetAnswer, Fault::TruncateAnswer, Fault::DripAnswer, Fault::HalfClose, Fault::Html]
    {
        let (store, kept) = (reachable(), Kept::new());
        let server = serve(&store).await;
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        let harm = move |asked: &Asked| if asked.is_write() { fault } else { Fault::None };
        let proxy = Proxy::before(server.addr, harm).await.unwrap();
        kept.queue(one_of_each()).await;
        let mut engine = kept.pusher(&proxy.url);
        let limits =
            crate::backend::Limits { request: std::time::Duration::from_millis(300), ..Default::default() };
        let token = Some(crate::backend::Secret::new(TOKEN));
        engine.connector = crate::backend::Connector::new(&proxy.url, token, limits).unwrap();
        round(&engine, Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), states(&[("unknown", 7)]), "{fault:?}: {:?}", kept.words());
        kept.hurry();
        round(&engine, Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), done(7), "{fault:?}: {:?}", kept.words());
        assert_eq!(writes(&proxy).len(), 7, "{fault:?}: each was sent once");
        assert_once(&store);
        kept.assert_same(&store);
    }
}

#[tokio::test]
async fn what_the_server_has_not_done_is_sent_again() {
    for fault in [Fault::ResetRequest, Fault::TruncateRequest, Fault::Portal] {
        let (store, kept) = (reachable(), Kept::new());
        let server = serve(&store).await;
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        let harm = move |asked: &Asked| if asked.is_write() { fault } else { Fault::None };
        let proxy = Proxy::before(server.addr, harm).await.unwrap();
        kept.queue(one_of_each()).await;
        round(&kept.pusher(&proxy.url), Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), states(&[("unknown", 7)]), "{fault:?}: {:?}", kept.words());
        kept.hurry();
        let proxy = Proxy::before(server.addr, |_| Fault::None).await.unwrap();
        round(&kept.pusher(&proxy.url), Wish::Changes).await.unwrap();
        assert_eq!((kept.outbox(), writes(&proxy).len()), (done(7), 7), "{fault:?}: {:?}", kept.words());
        assert_once(&store);
    }
}

#[tokio::test]
async fn a_message_that_a_failing_server_may_have_sent_is_looked_for() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    let harm = |asked: &Asked| if asked.is_write() { Fault::StatusAfter(502) } else { Fault::None };
    let proxy = Proxy::before(server.addr, harm).await.unwrap();
    kept.queue(vec![message("~m", "c1", "您好"), note("~n", "c2", "来电")]).await;
    round(&kept.pusher(&proxy.url), Wish::Changes).await.unwrap();
    // A note is sent again under its key; a message is not until it was looked for.
    assert_eq!(kept.outbox()["unknown"], 1);
    for _ in 0..3 {
        kept.hurry();
        round(&kept.pusher(&proxy.url), Wish::Changes).await.unwrap();
    }
    let messages = writes(&proxy).iter().filter(|asked| asked.path == "/v1/messages").count();
    assert_eq!((messages, titled(&store, Resource::Events, "您好")), (1, 1));
    kept.hurry();
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!((kept.outbox(), titled(&store, Resource::Events, "来电")), (done(2), 1));
}

#[tokio::test]
async fn two_messages_of_the_same_words_stay_two() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    // The first arrives, the second does not.
    kept.queue(vec![message("~1", "c1", "在吗"), message("~2", "c1", "在吗")]).await;
    let number = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let proxy = Proxy::before(server.addr, move |asked| match asked.is_write() {
        true if number.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0 => Fault::ResetRequest,
        _ => Fault::None,
    });
    round(&kept.pusher(&proxy.await.unwrap().url), Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), states(&[("done", 1), ("unknown", 1)]));
    kept.hurry();
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    assert_eq!((kept.outbox(), titled(&store, Resource::Events, "在吗")), (done(2), 2));
}

#[tokio::test]
async fn a_message_lost_for_longer_than_keys_are_kept_waits_for_the_operator() {
    let (store, kept) = (reachable(), Kept::new());
    let server = serve(&store).await;
    round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
    let harm = |asked: &Asked| if asked.is_write() { Fault::ResetRequest } else { Fault::None };
    let lossy = Proxy::before(server.addr, harm).await.unwrap();
    kept.queue(vec![message("~m", "c1", "您好"), remark("c2", "好")]).await;
    round(&kept.pusher(&lossy.url), Wish::Changes).await.unwrap();
    let proxy = Proxy::before(server.addr, |_| Fault::None).await.unwrap();
    let mut engine = kept.pusher(&proxy.url);
    let a_day_later = |writer: &mut Writer| {
        writer.at(Moment { now: Time::from_millis(now().millis + 25 * 3_600_000), ..moment() })
    };
    engine.clock = Arc::new(a_day_later);
    round(&engine, Wish::Changes).await.unwrap();
    assert_eq!(kept.outbox(), states(&[("done", 1), ("unknown", 1)]), "{:?}", kept.words());
    assert!(kept.words()[0].contains("not found"), "{:?}", kept.words());
    assert_eq!(writes(&proxy).len(), 1); // the remark alone
}

#[tokio::test]
async fn a_lost_change_that_others_changed_since_is_not_written_over() {
    for lost in [Fault::ResetRequest, Fault::ResetAnswer] {
        let (store, kept) = (reachable(), Kept::new());
        let server = serve(&store).await;
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        let harm = move |asked: &Asked| if asked.is_write() { lost } else { Fault::None };
        let proxy = Proxy::before(server.addr, harm).await.unwrap();
        kept.queue(vec![remark("c1", "我的"), remark("c2", "我的")]).await;
        round(&kept.pusher(&proxy.url), Wish::Changes).await.unwrap();
        assert_eq!(kept.outbox(), states(&[("unknown", 2)]));
        let mut item = of(&store, Resource::Customers, "c1");
        item["remark"] = "后来的".into();
        change(&store, record(Resource::Customers, item));
        kept.hurry();
        round(&kept.pusher(&url(&server)), Wish::Changes).await.unwrap();
        // What came later stays, and the operator chooses; what nobody touched arrives.
        assert_eq!(kept.outbox(), states(&[("conflict", 1), ("done", 1)]), "{lost:?} {:?}", kept.words());
        assert_eq!(of(&store, Resource::Customers, "c1")["remark"], "后来的");
        assert_eq!(of(&store, Resource::Customers, "c2")["remark"], "我的");
    }
}
