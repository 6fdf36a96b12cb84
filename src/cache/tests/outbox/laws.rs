//! Laws that hold whatever the order in which operators, sync and the backend do things.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Tag(u8, u8, bool),
    Remark(u8, u8),
    /// Somebody else changes the record; sync may hear of it at once.
    Theirs(u8, u8, bool),
    /// Sync tells of a record: as it is, or as it was.
    Feed(u8, bool),
    Pull,
    Dispatch(usize),
    /// Something comes of a write that is on its way.
    Settle(u8, u8),
    Discard(u8),
    Undo,
    Redo,
    Recover,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3u8, 0..3u8, any::<bool>()).prop_map(|(c, t, on)| Step::Tag(c, t, on)),
        3 => (0..3u8, 0..4u8).prop_map(|(c, v)| Step::Remark(c, v)),
        2 => (0..3u8, 0..4u8, any::<bool>()).prop_map(|(c, v, told)| Step::Theirs(c, v, told)),
        2 => (0..3u8, any::<bool>()).prop_map(|(c, old)| Step::Feed(c, old)),
        1 => Just(Step::Pull),
        4 => (1..4usize).prop_map(Step::Dispatch),
        5 => (any::<u8>(), 0..7u8).prop_map(|(which, what)| Step::Settle(which, what)),
        1 => any::<u8>().prop_map(Step::Discard),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        1 => Just(Step::Recover),
    ]
}

/// The backend that the test plays.
struct World {
    bench: Bench,
    records: BTreeMap<String, Customer>,
    /// An earlier state of each.
    old: BTreeMap<String, Customer>,
    under_way: Vec<Dispatch>,
}

impl World {
    fn new() -> Self {
        let records: BTreeMap<_, _> =
            (0..3).map(|n| (format!("c{n}"), rev(customer(&format!("c{n}"), "甲"), 1))).collect();
        let bench = Bench::with(records.values().map(|record| record.clone().any()));
        Self { bench, old: records.clone(), records, under_way: Vec::new() }
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Customer)) {
        let record = self.records.get_mut(id).unwrap();
        self.old.insert(id.to_owned(), record.clone());
        change(record);
        let next = record.rev.as_ref().unwrap().parse::<u32>().unwrap() + 1;
        record.rev = Some(next.to_string());
    }

    /// The backend does what it is asked to.
    fn perform(&mut self, write: &Write) -> Customer {
        let before = self.records[&write.id].clone();
        if !write.is_in(&before.clone().any()) {
            let Some(AnyRecord::Customer(after)) = write.apply(Some(&before.any()), moment().now, None)
            else {
                panic!("a customer")
            };
            self.change(&write.id, |record| *record = after);
        }
        self.records[&write.id].clone()
    }

    fn settle(&mut self, sent: &Dispatch, what: u8) {
        let id = &sent.write.id;
        let stale = sent.if_match.is_some() && sent.if_match != self.records[id].rev;
        let outcome = match what {
            _ if stale && what < 4 => Outcome::Moved(Box::new(self.records[id].clone().any())),
            0 | 1 => done(self.perform(&sent.write)),
            2 => {
                self.perform(&sent.write);
                Outcome::Unknown { words: "no answer".to_owned() }
            }
            3 => refused(),
            4 => later(0, true),
            _ => later(0, false),
        };
        self.bench.settle(sent.n, outcome);
    }

    fn step(&mut self, step: &Step) {
        let id = |n: u8| format!("c{n}");
        match step {
            Step::Tag(c, t, true) => drop(self.bench.commit([tagging(&id(*c), &[&format!("t{t}")], &[])])),
            Step::Tag(c, t, false) => drop(self.bench.commit([tagging(&id(*c), &[], &[&format!("t{t}")])])),
            Step::Remark(c, v) => {
                drop(self.bench.commit([set(&id(*c), json!({"remark": format!("mine {v}")}))]))
            }
            Step::Theirs(c, v, told) => {
                self.change(&id(*c), |record| record.remark = Some(format!("theirs {v}")));
                if *told {
                    self.bench.put([self.records[&id(*c)].clone().any()]);
                }
            }
            Step::Feed(c, old) => {
                let from = if *old { &self.old } else { &self.records };
                let record = from[&id(*c)].clone();
                self.bench.put([record.any()]);
            }
            Step::Pull => {
                let mark = self.bench.writer.begin_pull(Resource::Customers).unwrap();
                self.bench.put(self.records.values().map(|record| record.clone().any()).collect::<Vec<_>>());
                self.bench.writer.finish_pull(Resource::Customers, mark).unwrap();
            }
            Step::Dispatch(most) => {
                let sent = self.bench.writer.dispatch(*most).unwrap().0;
                for sent in sent {
                    let lane = sent.write.lane();
                    assert!(self.under_way.iter().all(|other| other.write.lane() != lane), "two in a lane");
                    let earlier = format!(
                        "SELECT count(*) FROM outbox WHERE lane = '{lane}' AND n < {} AND state IN ('queued', 'unknown')",
                        sent.n
                    );
                    assert_eq!(self.bench.number(&earlier), 0, "out of order");
                    self.under_way.push(sent);
                }
            }
            Step::Settle(which, what) if !self.under_way.is_empty() => {
                let sent = self.under_way.remove(usize::from(*which) % self.under_way.len());
                self.settle(&sent, *what);
            }
            Step::Discard(which) => {
                let open: Vec<_> = self.bench.view().rows.into_iter().map(|row| row.n).collect();
                if let Some(n) = open.get(usize::from(*which) % open.len().max(1)) {
                    let _ = self.bench.writer.discard(&[*n], &actor()); // refused while on its way
                }
            }
            Step::Undo => drop(self.bench.writer.undo(&actor())),
            Step::Redo => drop(self.bench.writer.redo(&actor())),
            Step::Recover => {
                self.bench.writer.recover().unwrap();
                self.under_way.clear();
            }
            Step::Settle(..) => {}
        }
    }

    /// Every row is its truth with the open writes laid over it.
    fn check(&self, known: &mut BTreeSet<i64>) {
        for id in self.records.keys() {
            let sql = format!("SELECT count(*) FROM truth WHERE id = '{id}'");
            let mut open = self.bench.view().rows;
            open.retain(|row| row.write.id == *id);
            open.sort_by_key(|row| row.n);
            assert_eq!(self.bench.number(&sql), i64::from(!open.is_empty()), "truth is kept while needed");
            if open.is_empty() {
                continue;
            }
            let sql = format!("SELECT body FROM truth WHERE id = '{id}'");
            let body: String = self.bench.writer.connection().query_row(&sql, [], |row| row.get(0)).unwrap();
            let mut record =
                AnyRecord::read(Resource::Customers, serde_json::from_str(&body).unwrap()).unwrap().0;
            for row in open {
                record = row.write.apply(Some(&record), moment().now, None).unwrap();
            }
            assert_eq!(self.bench.customer(id), record.to_value(), "truth and open writes");
        }
        let now: BTreeSet<i64> = self.bench.outbox().into_iter().map(|row| row.0).collect();
        assert!(known.is_subset(&now), "a write is gone without a trace");
        *known = now;
    }

    /// The backend answers everything, and sync catches up.
    fn finish(&mut self) {
        self.bench.writer.recover().unwrap();
        self.under_way.clear();
        for round in 0.. {
            assert!(round < 500, "something is stuck");
            self.bench.writer.at(moment_at(NOW + round * 600_000)).unwrap();
            let sent = self.bench.dispatch();
            for sent in &sent {
                self.settle(sent, 0);
            }
            if sent.is_empty() {
                let left: Vec<_> = self.bench.view().rows.into_iter().map(|row| row.n).collect();
                if left.is_empty() {
                    break;
                }
                self.bench.writer.discard(&left, &actor()).unwrap();
            }
        }
        self.bench.put(self.records.values().map(|record| record.clone().any()).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_are_truth_and_writes_and_in_the_end_what_the_backend_has(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let mut world = World::new();
        let mut known = BTreeSet::new();
        for step in &steps {
            world.step(step);
            world.check(&mut known);
        }
        world.finish();
        world.check(&mut known);
        for (id, record) in &world.records {
            prop_assert_eq!(&world.bench.customer(id), &record.clone().any().to_value());
        }
        prop_assert_eq!(world.bench.number("SELECT count(*) FROM truth"), 0);
    }
}
