//! Answers that must not harm what is in the cache.

use super::rig::*;
use crate::model::{Resource, SyncEvent, TroubleKind};
use crate::sync::{Wish, once};

/// What a page of tags around some JSON is.
fn page_around(json: &[u8]) -> Vec<u8> {
    page_of("n", json)
}

fn page_of(name: &str, json: &[u8]) -> Vec<u8> {
    let head = format!(r#"{{"items":[{{"id":"t1","name":"{name}","extra":"#);
    [head.as_bytes(), json, b"}]}"].concat()
}

#[tokio::test]
async fn the_json_test_suite_goes_through_the_pull() {
    let Some(folder) = corpus("test_parsing") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let kept = Kept::new();
    round(&kept.engine(&tags_backend(page_of("before", b"1")).await), Wish::Changes).await.unwrap();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let before = kept.record(Resource::Tags, "t1").unwrap();
        let url = tags_backend(page_of(&name, &std::fs::read(&file).unwrap())).await;
        let outcome = round(&kept.engine(&url), Wish::Everything).await.unwrap();
        let accepted = outcome.failed.is_empty();
        match &name[..2] {
            "y_" => assert!(accepted, "{name}: {:?}", outcome.failed),
            "n_" => assert!(!accepted, "{name}"),
            _ => {}
        }
        let after = kept.record(Resource::Tags, "t1").unwrap();
        assert!(if accepted { after.contains(&name) } else { after == before }, "{name}: {after}");
        for (resource, error) in outcome.failed {
            assert_eq!((resource, error.kind()), (Resource::Tags, TroubleKind::Malformed), "{name}");
            assert!(error.to_string().contains("/v1/tags"), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_no_page_leaves_the_rows() {
    let kept = Kept::new();
    round(&kept.engine(&tags_backend(page_around(b"1")).await), Wish::Changes).await.unwrap();
    for body in
        [&b"<html>"[..], b"{}", br#"{"code":42001,"items":null}"#, br#"{"items":[{"id":"t1""#, b"[]", b""]
    {
        let url = tags_backend(body.to_vec()).await;
        let outcome = round(&kept.engine(&url), Wish::Everything).await.unwrap();
        assert_eq!(outcome.failed.len(), 1);
        assert_eq!(kept.count(Resource::Tags), 1);
    }
    let html = answers(|path| match path {
        "/v1/meta" => json_answer(br#"{"name":"x","api":1,"resources":["tags"],"seq":5}"#),
        _ => Some(answer("200 OK", "text/html", b"<html>please log in</html>")),
    });
    let outcome = round(&kept.engine(&html.await), Wish::Everything).await.unwrap();
    assert!(outcome.failed[0].1.to_string().contains("HTML"));
    assert_eq!(kept.count(Resource::Tags), 1);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_any_more_is_not_deleted() {
    let kept = Kept::new();
    let good = br#"{"items":[{"id":"t1","name":"a"},{"id":"t2","name":"b"}]}"#;
    round(&kept.engine(&tags_backend(good.to_vec()).await), Wish::Changes).await.unwrap();
    let bad = br#"{"items":[{"id":"t1","name":"a"},{"name":"b"}]}"#;
    let complaints = std::sync::Mutex::new(0);
    let tell = |event| {
        if let SyncEvent::Complaints(list) = event {
            *complaints.lock().unwrap() += list.len();
        }
    };
    once(&kept.engine(&tags_backend(bad.to_vec()).await), Wish::Everything, &tell).await.unwrap();
    assert_eq!((kept.count(Resource::Tags), *complaints.lock().unwrap()), (2, 1));
    let fewer = br#"{"items":[{"id":"t1","name":"a"}]}"#;
    round(&kept.engine(&tags_backend(fewer.to_vec()).await), Wish::Everything).await.unwrap();
    assert_eq!(kept.count(Resource::Tags), 1);
}

#[tokio::test]
async fn one_kind_that_is_not_given_does_not_cost_the_others() {
    let kept = Kept::new();
    let url = answers(|path| match path {
        "/v1/meta" => {
            json_answer(br#"{"name":"x","api":1,"resources":["orders","tags","spaceships"],"seq":5}"#)
        }
        path if path.starts_with("/v1/tags") => json_answer(&page_around(b"1")),
        path if path.starts_with("/v1/orders") => {
            Some(answer("403 Forbidden", "application/problem+json", br#"{"title":"No"}"#))
        }
        _ => json_answer(br#"{"changes":[],"next":5,"more":false}"#),
    });
    let outcome = round(&kept.engine(&url.await), Wish::Changes).await.unwrap();
    assert_eq!(kept.count(Resource::Tags), 1);
    let failed: Vec<_> = outcome.failed.iter().map(|(resource, error)| (*resource, error.kind())).collect();
    assert_eq!(failed, [(Resource::Orders, TroubleKind::Forbidden)]);
}

#[tokio::test]
async fn a_backend_that_leads_in_circles_is_left() {
    let circle = br#"{"items":[{"id":"t1"}],"next_cursor":"round"}"#;
    let kept = Kept::new();
    let outcome = round(&kept.engine(&tags_backend(circle.to_vec()).await), Wish::Changes).await.unwrap();
    assert!(outcome.failed[0].1.to_string().contains("next_cursor"), "{:?}", outcome.failed);
}

#[tokio::test]
async fn one_kind_that_fails_does_not_hold_up_the_feed_and_comes_back() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let kept = Kept::new();
    let (mended, failed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (works, asked) = (Arc::clone(&mended), Arc::clone(&failed));
    let url = answers(move |path| match path {
        "/v1/meta" => json_answer(br#"{"name":"x","api":1,"resources":["orders","tags"],"seq":5}"#),
        path if path.starts_with("/v1/tags") => {
            json_answer(br#"{"items":[{"id":"t1","name":"a"}],"next_cursor":null,"seq":5}"#)
        }
        path if path.starts_with("/v1/orders") && works.load(Ordering::SeqCst) => json_answer(
            br#"{"items":[{"id":"r1","customer_id":"c1","amount":1}],"next_cursor":null,"seq":5}"#,
        ),
        path if path.starts_with("/v1/orders") => {
            asked.store(true, Ordering::SeqCst);
            Some(answer("500 Internal Server Error", "text/plain", b"no"))
        }
        _ => json_answer(br#"{"changes":[],"next":5,"more":false}"#),
    });
    let mut engine = kept.engine(&url.await);
    engine.pace.stream = false;
    let mut going = Going::start(engine);
    let complained = going
        .until(|event| match event {
            SyncEvent::Complaints(list) => Some(list[0].0),
            SyncEvent::Offline { trouble, .. } => panic!("{trouble:?}"),
            _ => None,
        })
        .await;
    assert_eq!(complained, Resource::Orders);
    for _ in 0..3 {
        assert!(!going.caught_up(5).await);
    }
    assert!(failed.load(Ordering::SeqCst));
    assert_eq!((kept.count(Resource::Tags), kept.count(Resource::Orders)), (1, 0));
    mended.store(true, Ordering::SeqCst);
    going
        .until(|event| match event {
            SyncEvent::Pulled(pulled) if pulled.resource == Resource::Orders => Some(()),
            SyncEvent::Offline { trouble, .. } => panic!("{trouble:?}"),
            _ => None,
        })
        .await;
    going.caught_up(5).await;
    assert_eq!(kept.count(Resource::Orders), 1);
    going.stop().await;
}
