//! A tag that goes and comes back, with those who have it: at a real server.

use super::*;
use crate::cache::Undone;
use crate::sync::Wish;

/// Those who have the tag.
const HOLDERS: usize = 12;

fn holder(n: usize) -> String {
    format!("h{n}")
}

/// A server whose tag `t9` twelve customers have.
fn tagged() -> Store {
    let store = reachable();
    let customers: Vec<_> = (0..HOLDERS)
        .map(|n| {
            let item = json!({"id": holder(n), "name": format!("会员{n}"), "tags": ["t9"], "rev": "1"});
            record(Resource::Customers, item)
        })
        .collect();
    store.put(&customers).unwrap();
    store
}

/// Whom the server knows to have the tag.
fn having(store: &Store, tag: &str) -> usize {
    let has = |item: &Value| item["tags"].as_array().is_some_and(|tags| tags.contains(&json!(tag)));
    (0..HOLDERS).filter(|n| has(&of(store, Resource::Customers, &holder(*n)))).count()
}

async fn turned(kept: &Kept, redo: bool) -> Undone {
    let actor = Actor { account: "tester".to_owned(), ..Actor::default() };
    let turn = move |writer: &mut Writer| if redo { writer.redo(&actor) } else { writer.undo(&actor) };
    kept.writer.run(turn).await.unwrap()
}

/// Deletes the tag, gives `instead` in its place, and goes back and forth; each time all of it is
/// at the server.
async fn there_and_back(instead: &[&str]) {
    let (store, kept) = (tagged(), Kept::new());
    let server = serve(&store).await;
    let engine = kept.pusher(&url(&server));
    round(&engine, Wish::Changes).await.unwrap();
    let others = instead.first().map_or(0, |tag| having(&store, tag));
    let add: Vec<_> = instead.iter().map(|tag| (*tag).into()).collect();
    let mut writes: Vec<Write> = (0..HOLDERS)
        .map(|n| {
            let deed = Deed::Tag { add: add.clone(), remove: vec!["t9".into()] };
            Write { resource: Resource::Customers, id: holder(n), deed }
        })
        .collect();
    writes.push(Write { resource: Resource::Tags, id: "t9".to_owned(), deed: Deed::Delete });
    let each = writes.len();
    kept.queue(writes).await;
    for turn in 0..5 {
        if turn > 0 {
            let turned = turned(&kept, turn % 2 == 0).await;
            assert_eq!((turned.inverted, turned.withdrawn, turned.left.len()), (each, 0, 0), "turn {turn}");
        }
        let outcome = round(&engine, Wish::Changes).await.unwrap();
        assert_eq!(outcome.pushed.failed, 0, "turn {turn}: {:?}", kept.words());
        let (gone, sent) = (turn % 2 == 0, i64::try_from(each).unwrap() * (turn + 1));
        assert_eq!(kept.outbox(), done(sent), "turn {turn}: {:?}", kept.words());
        assert_eq!(having(&store, "t9"), if gone { 0 } else { HOLDERS }, "turn {turn}");
        assert_eq!(of(&store, Resource::Tags, "t9")["deleted"] == true, gone, "turn {turn}");
        if let Some(tag) = instead.first() {
            assert_eq!(having(&store, tag), if gone { HOLDERS } else { others }, "turn {turn}");
        }
        kept.assert_same(&store);
    }
}

#[tokio::test]
async fn a_deleted_tag_comes_back_to_all_who_had_it_and_goes_again() {
    there_and_back(&[]).await;
}

#[tokio::test]
async fn a_merged_tag_comes_back_to_all_who_had_it_and_goes_again() {
    there_and_back(&["t2"]).await;
}
