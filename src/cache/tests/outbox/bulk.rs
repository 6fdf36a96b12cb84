//! Many writes at once.

use super::*;
use crate::model::{Channel, Relation};

fn many(count: usize) -> Bench {
    let mut bench = Bench::with([tag("t1", "VIP", "k1", 1).any()]);
    let some = |n: usize| {
        let id = format!("c{:08}", (n * 7919) % 99_999_989);
        Customer {
            remark: Some(format!("老客 {n}")),
            phones: vec![format!("138{n:08}")],
            city: Some("杭州".to_owned()),
            company: Some("某某母婴用品有限公司".to_owned()),
            owners: vec!["o1".into()],
            tags: vec!["t2".into(), "t3".into()],
            channels: vec![Channel { kind: "wechat".to_owned(), id: format!("wx_{n}") }],
            relations: vec![Relation {
                operator_id: "o1".into(),
                tags: vec!["t2".into()],
                remark: Some("r".to_owned()),
                ..Relation::default()
            }],
            added_at: Some(Time::from_millis(NOW - n as i64 * 1000)),
            rev: Some("17".to_owned()),
            ..customer(&id, &format!("王小{n}"))
        }
    };
    for start in (0..count).step_by(1000) {
        bench.put((start..count.min(start + 1000)).map(|n| some(n).any()));
    }
    bench
}

#[test]
fn many_writes_at_once() {
    let count = std::env::var("BULK").map_or(500, |count| count.parse().unwrap());
    let mut bench = many(count);
    let ids = bench.keys(Scope::Customers);
    let plan = bench.plan(ids.iter().map(|id| tagging(id, &["t1"], &[])));
    let begin = std::time::Instant::now();
    let committed = bench.writer.commit(&plan).unwrap();
    eprintln!("commit of {count}: {:?}", begin.elapsed());
    assert_eq!((committed.queued, committed.moved.len()), (count, 0));
    let begin = std::time::Instant::now();
    let sent = bench.dispatch();
    eprintln!("dispatch: {:?}", begin.elapsed());
    let begin = std::time::Instant::now();
    for sent in sent {
        bench.settle(sent.n, Outcome::Done(None));
    }
    eprintln!("8 settled: {:?}", begin.elapsed());
    let begin = std::time::Instant::now();
    bench.writer.next_due().unwrap();
    eprintln!("next due: {:?}", begin.elapsed());
    assert_eq!(bench.number("SELECT customers FROM tags WHERE id = 't1'"), count as i64);
}
