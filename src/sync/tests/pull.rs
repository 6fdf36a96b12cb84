//! Full pulls: whole, interrupted, resumed, forgotten by the backend.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::rig::*;
use crate::model::{Resource, SyncEvent, TroubleKind};
use crate::sync::{Wish, once};

#[tokio::test]
async fn the_first_round_pulls_everything_and_the_next_only_changes() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.engine(&url(&server));
    let first = round(&engine, Wish::Changes).await.unwrap();
    kept.assert_same(&store);
    let kinds: Vec<Resource> = first.pulled.iter().map(|pulled| pulled.resource).collect();
    assert_eq!(kinds, Resource::ALL);
    let customers = first.pulled.iter().find(|pulled| pulled.resource == Resource::Customers).unwrap();
    assert_eq!((customers.rows, customers.changed, customers.deleted, customers.calls), (10, 10, 0, 4));

    store.put(&[tag("t1", "新名字"), tag("t99", "又一个")]).unwrap();
    store.delete(Resource::Orders, "r3").unwrap();
    let second = round(&engine, Wish::Changes).await.unwrap();
    kept.assert_same(&store);
    assert_eq!(second.pulled.len(), Resource::ALL.len(), "what has not changed is told as well");
    let changed = second.pulled.iter().filter(|pulled| pulled.rows > 0);
    let sums: Vec<_> = changed.map(|p| (p.resource, p.changed, p.deleted)).collect();
    assert_eq!(sums, [(Resource::Tags, 2, 0), (Resource::Orders, 0, 1)]);
    assert_eq!(second.seq, Some(store.seq()));

    let third = round(&engine, Wish::Everything).await.unwrap();
    assert!(third.pulled.iter().all(|pulled| pulled.changed == 0 && pulled.deleted == 0));
}

#[tokio::test]
async fn what_the_panes_show_first_comes_before_the_rest() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.engine(&url(&server));
    let seen = std::sync::Mutex::new(Vec::new());
    let note = |event: SyncEvent| {
        if let SyncEvent::Progress { resource, done, .. } = event {
            seen.lock().unwrap().push((resource, done));
        }
    };
    once(&engine, Wish::Changes, &note).await.unwrap();
    kept.assert_same(&store);
    let seen = seen.into_inner().unwrap();
    let at = |wanted: (Resource, u64)| seen.iter().position(|page| *page == wanted).unwrap();
    let last = |kind: Resource| seen.iter().rposition(|page| page.0 == kind).unwrap();
    let first = at((Resource::Customers, 3));
    assert!(last(Resource::Tags) < first, "{seen:?}");
    for kind in [Resource::FollowUps, Resource::Groups, Resource::GroupDays] {
        let begun = seen.iter().position(|page| page.0 == kind).unwrap();
        assert!((first..at((Resource::Customers, 6))).contains(&begun), "{kind}: {seen:?}");
    }
    assert!(last(Resource::GroupDays) < at((Resource::Customers, 6)), "{seen:?}");
    assert!(last(Resource::FollowUps) < last(Resource::Events), "{seen:?}");
    assert_eq!(seen[last(Resource::Customers)], (Resource::Customers, 10));
}

#[tokio::test]
async fn a_pull_killed_at_any_page_goes_on_there() {
    let (store, whole) = (store(), Kept::new());
    let server = serve(&store).await;
    let pages = round(&whole.engine(&url(&server)), Wish::Changes).await.unwrap();
    let pages: u64 = pages.pulled.iter().map(|pulled| pulled.calls).sum();

    for killed_at in 1..=pages as usize {
        let kept = Kept::new();
        let engine = kept.engine(&url(&server));
        let (seen, full) = (AtomicUsize::new(0), tokio::sync::Notify::new());
        {
            let events = |event| {
                if matches!(event, SyncEvent::Progress { done: 1.., .. })
                    && seen.fetch_add(1, Ordering::SeqCst) + 1 == killed_at
                {
                    full.notify_one();
                }
            };
            let mut round = pin!(once(&engine, Wish::Changes, &events));
            tokio::select! {
                biased;
                () = full.notified() => {}
                _ = &mut round => {}
            }
        }
        let rest = round(&engine, Wish::Changes).await.unwrap();
        kept.assert_same(&store);
        let rest: u64 = rest.pulled.iter().map(|pulled| pulled.calls).sum();
        assert!(rest <= pages - killed_at as u64 + 1, "{rest} calls after {killed_at} of {pages}");
    }
}

#[tokio::test]
async fn a_row_that_went_during_an_interruption_goes() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.engine(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    store.delete(Resource::Customers, "c5").unwrap();
    store.trim(0).unwrap(); // nobody will be told
    assert!(kept.record(Resource::Customers, "c5").is_some());
    let seen = std::sync::Mutex::new(Vec::new());
    once(&engine, Wish::Changes, &|event| seen.lock().unwrap().push(event)).await.unwrap();
    assert!(seen.lock().unwrap().contains(&SyncEvent::Gone));
    kept.assert_same(&store);
}

#[tokio::test]
async fn another_store_at_the_same_address_replaces_the_rows() {
    let (before, kept) = (store(), Kept::new());
    let server = serve(&before).await;
    let address = server.addr.to_string();
    let engine = kept.engine(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    server.shutdown().await;

    // A store begins to count at the time of its making, in milliseconds: this one is made later than
    // as many milliseconds as the other one has changes.
    let made = || crate::server::Store::in_memory(crate::server::Limits::default()).unwrap();
    let after = std::iter::repeat_with(made).find(|after| after.seq() > before.seq()).unwrap();
    after.put(&[tag("t1", "同名"), tag("x", "别的")]).unwrap();
    let _server = serve_at(&after, &address).await;
    round(&engine, Wish::Changes).await.unwrap();
    kept.assert_same(&after);
}

#[tokio::test]
async fn a_place_that_the_backend_forgot_is_not_the_end() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let spoil = |writer: &mut crate::cache::Writer| {
        let mark = writer.begin_pull(Resource::Tags)?;
        let never = crate::cache::SyncState::never(Resource::Tags);
        writer.save_state(&crate::cache::SyncState { cursor: Some("rubbish".into()), pull: mark, ..never })
    };
    kept.writer.run(spoil).await.unwrap();
    round(&kept.engine(&url(&server)), Wish::Changes).await.unwrap();
    kept.assert_same(&store);
}

#[tokio::test]
async fn one_console_at_a_time_syncs_a_cache() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let mut going = Going::start(kept.engine(&url(&server)));
    going.live(store.seq()).await;
    let refused = round(&kept.engine(&url(&server)), Wish::Changes).await.unwrap_err();
    assert_eq!(refused.kind(), TroubleKind::Store);
    going.stop().await;
    round(&kept.engine(&url(&server)), Wish::Changes).await.unwrap();
}

#[tokio::test]
async fn how_far_a_pull_has_come_is_told_with_its_total() {
    let (store, kept) = (store(), Kept::new());
    let server = serve(&store).await;
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |event| {
        if let SyncEvent::Progress { resource: Resource::Tags, done, total_hint, .. } = event {
            told.lock().unwrap().push((done, total_hint));
        }
    };
    once(&kept.engine(&url(&server)), Wish::Everything, &tell).await.unwrap();
    let ten = Some(10);
    let asked = (0, None);
    assert_eq!(*told.lock().unwrap(), [asked, (3, ten), (6, ten), (9, ten), (10, ten)]);
}
