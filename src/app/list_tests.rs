//! Laws of the windowed list, against a cache that is a plain sorted list.

use proptest::prelude::*;

use super::*;
use crate::model::view::{KeyPart, RowKey};
use crate::query::Scope;

/// A cache: rows as `(value, id)`, sorted.
#[derive(Clone, Debug)]
struct Rows(Vec<(i64, String)>);

impl Rows {
    fn of(count: usize) -> Self {
        Self((0..count).map(|n| (n as i64 * 1000, format!("r{n}"))).collect())
    }

    fn answer(&self, ask: &ListAsk) -> Window<i64> {
        let total = self.0.len();
        let place = match &ask.anchor {
            Anchor::Start => 0,
            Anchor::End => total,
            Anchor::Id(id) => self.0.iter().position(|row| row.1 == *id).unwrap_or(0),
            Anchor::At(key) => {
                let KeyPart::Int(value) = key.values[0] else { panic!("{key:?}") };
                self.0.partition_point(|row| *row < (value, key.id.clone()))
            }
        };
        let first = place.saturating_sub(ask.before);
        let rows = self.0[first..total.min(place + ask.after)].iter().map(|(value, id)| Placed {
            key: RowKey { values: vec![KeyPart::Int(*value)], id: id.clone() },
            row: *value,
        });
        Window { rows: rows.collect(), first: first as u64, total: total as u64 }
    }

    fn has(&self, id: &str) -> bool {
        self.0.iter().any(|row| row.1 == id)
    }
}

/// A list, its cache, and what is under way between them.
struct Bench {
    list: List<i64>,
    rows: Rows,
    asked: Option<(RequestId, ListAsk)>,
    next: u64,
    jump: ScrollJump,
}

impl Bench {
    fn new(count: usize) -> Self {
        let list = List::new(Query::all(Scope::Customers), Scope::Customers.default_sort());
        let mut bench =
            Self { list, rows: Rows::of(count), asked: None, next: 1, jump: ScrollJump::default() };
        let request = bench.list.refresh();
        bench.send(request);
        bench.answer_all();
        bench
    }

    fn send(&mut self, request: Option<Request>) {
        if let Some(Request(ask)) = request {
            self.next += 1;
            self.list.sent(RequestId(self.next));
            self.asked = Some((RequestId(self.next), ask));
        }
    }

    fn answer(&mut self) {
        let Some((id, ask)) = self.asked.take() else { return };
        let window = self.rows.answer(&ask);
        let again = self.list.absorb(id, Ok(window)).expect("the list waits for this answer");
        self.send(again);
    }

    fn answer_all(&mut self) {
        for _ in 0..100 {
            if self.asked.is_none() {
                return;
            }
            self.answer();
        }
        panic!("the list never has enough: {:?}", self.asked);
    }

    fn id(&self) -> Option<&str> {
        self.list.current().map(|at| at.key.id.as_str())
    }

    fn holds(&self) {
        let list = &self.list;
        let total = self.rows.0.len() as u64;
        assert_eq!(list.total(), total);
        assert!(list.top <= list.cursor && list.cursor < list.top + list.height as u64, "out of view");
        assert!(list.cursor < total.max(1));
        let shown: Vec<_> = list.visible().map(|(_, at)| at.map(|at| at.key.id.clone())).collect();
        let end = total.min(list.top + list.height as u64);
        let wanted: Vec<_> =
            (list.top..end).map(|at| Some(self.rows.0[usize::try_from(at).unwrap()].1.clone())).collect();
        assert_eq!(shown, wanted, "the rows in view");
        assert!(end == total || shown.len() == list.height, "room is left while there are rows");
    }
}

#[derive(Clone, Debug)]
enum Move {
    Step(i64),
    Jump(u64),
    First,
    Last,
    Resize(usize),
    Refresh,
    Answer,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => (-3_i64..=3).prop_map(Move::Step),
        3 => (-60_i64..=60).prop_map(Move::Step),
        1 => (0_u64..400).prop_map(Move::Jump),
        1 => Just(Move::First),
        1 => Just(Move::Last),
        1 => (0_usize..40).prop_map(Move::Resize),
        2 => Just(Move::Refresh),
        6 => Just(Move::Answer),
    ];
    prop::collection::vec(one, 0..60)
}

fn jumps() -> impl Strategy<Value = ScrollJump> {
    prop_oneof![(1_u16..=100).prop_map(ScrollJump::Share), (1_u16..=60).prop_map(ScrollJump::Lines)]
}

fn go(bench: &mut Bench, step: &Move) {
    let request = match step {
        Move::Step(by) => bench.list.step(*by, bench.jump),
        Move::Jump(to) => bench.list.jump(*to),
        Move::First => bench.list.first(),
        Move::Last => bench.list.last(),
        Move::Resize(height) => bench.list.resize(*height),
        Move::Refresh => bench.list.refresh(),
        Move::Answer => return bench.answer(),
    };
    bench.send(request);
}

proptest! {
    /// However fast one moves, one is where one would be in a list that is all here.
    #[test]
    fn the_cursor_is_where_it_would_be_in_a_plain_list(
        count in 0_usize..300,
        moves in moves(),
        jump in jumps(),
    ) {
        let mut bench = Bench::new(count);
        bench.jump = jump;
        let last = count.saturating_sub(1) as u64;
        let mut plain = 0_u64;
        for step in &moves {
            go(&mut bench, step);
            plain = match step {
                Move::Step(by) => plain.saturating_add_signed(*by).min(last),
                Move::Jump(to) => (*to).min(last),
                Move::First => 0,
                Move::Last => last,
                _ => plain,
            };
        }
        bench.answer_all();
        prop_assert_eq!(bench.list.cursor, plain);
        bench.holds();
    }

    /// Rows that come and go never move the operator to another record.
    #[test]
    fn the_record_under_the_cursor_stays(
        count in 1_usize..200,
        jump in jumps(),
        rounds in prop::collection::vec((moves(), prop::collection::vec((any::<bool>(), 0_usize..400), 0..30)), 1..6),
    ) {
        let mut bench = Bench::new(count);
        bench.jump = jump;
        let mut fresh = 0;
        go(&mut bench, &Move::Step(1));
        for (moves, changes) in &rounds {
            for step in moves {
                let before = bench.id().map(str::to_owned).filter(|_| !bench.list.goes());
                let answers = matches!(step, Move::Answer | Move::Resize(_) | Move::Refresh);
                go(&mut bench, step);
                if let Some(id) = before.filter(|id| answers && bench.rows.has(id)) {
                    prop_assert_eq!(bench.id(), Some(id.as_str()));
                }
            }
            bench.answer_all();
            let at = bench.id().map(str::to_owned);
            let before = bench.rows.clone();
            for (comes, place) in changes {
                let rows = &mut bench.rows.0;
                if *comes {
                    fresh += 1;
                    rows.push((*place as i64 * 500 + 1, format!("n{fresh}")));
                    rows.sort();
                } else if rows.len() > 1 {
                    rows.remove(place % rows.len());
                }
            }
            let request = bench.list.refresh();
            bench.send(request);
            bench.answer_all();
            bench.holds();
            if let Some(at) = at {
                let index = before.0.iter().position(|row| row.1 == at).unwrap();
                let (above, from) = before.0.split_at(index);
                // The record, or the one that took its place, or the last above it that is left.
                let wanted = from.iter().chain(above.iter().rev()).find(|row| bench.rows.has(&row.1));
                // What stands too far away to be in the window is not looked for.
                let few = changes.len() <= bench.list.height;
                let near = |id: &str| {
                    before.0.iter().position(|row| row.1 == id).unwrap().abs_diff(index) <= bench.list.height
                };
                if let Some((_, id)) = wanted.filter(|(_, id)| *id == at || few && near(id)) {
                    prop_assert_eq!(bench.id(), Some(id.as_str()));
                }
            }
        }
    }
}

#[test]
fn a_list_that_nobody_moved_in_begins_with_its_first_row() {
    let mut bench = Bench::new(5);
    bench.rows.0.insert(0, (-1, "new".to_owned()));
    let request = bench.list.refresh();
    bench.send(request);
    bench.answer_all();
    assert_eq!((bench.id(), bench.list.top), (Some("new"), 0));
}

#[test]
fn a_key_holds_the_record_under_the_cursor_even_while_an_answer_is_under_way() {
    let mut bench = Bench::new(50);
    bench.send(None);
    bench.rows.0.insert(0, (-1, "new".to_owned()));
    let request = bench.list.refresh();
    bench.list.hold();
    bench.send(request);
    bench.answer_all();
    assert_eq!((bench.id(), bench.list.top, bench.list.cursor), (Some("r0"), 0, 1));
}

#[test]
fn a_row_that_comes_in_above_is_seen_and_the_record_stays() {
    let mut bench = Bench::new(50);
    bench.send(None);
    go(&mut bench, &Move::Step(2));
    go(&mut bench, &Move::First);
    bench.rows.0.insert(0, (-1, "new".to_owned()));
    let request = bench.list.refresh();
    bench.send(request);
    bench.answer_all();
    assert_eq!((bench.id(), bench.list.top, bench.list.cursor), (Some("r0"), 0, 1));
}

#[test]
fn keys_that_come_before_the_answer_count_from_where_it_leads() {
    let mut bench = Bench::new(300);
    for step in [Move::Last, Move::Step(-1), Move::Step(-1)] {
        go(&mut bench, &step);
    }
    bench.answer_all();
    assert_eq!(bench.id(), Some("r297"));
    let request = bench.list.show(Query::all(Scope::Customers), Scope::Customers.default_sort(), false);
    bench.send(Some(request));
    go(&mut bench, &Move::Step(1));
    bench.answer_all();
    assert_eq!(bench.id(), Some("r1"));
}

/// Where the rows in view begin after each of so many single steps.
fn tops(bench: &mut Bench, steps: usize, by: i64) -> Vec<u64> {
    let tops = (0..steps).map(|_| {
        go(bench, &Move::Step(by));
        bench.answer_all();
        bench.holds();
        bench.list.top
    });
    tops.collect()
}

#[test]
fn the_rows_in_view_move_by_the_jump_both_ways() {
    let mut bench = Bench::new(100);
    go(&mut bench, &Move::Resize(10));
    assert_eq!(tops(&mut bench, 16, 1), [[0; 9].as_slice(), &[5; 5], &[10; 2]].concat());
    assert_eq!(tops(&mut bench, 9, -1), [[10; 6].as_slice(), &[5; 3]].concat());
    bench.jump = ScrollJump::Lines(1);
    go(&mut bench, &Move::Jump(14));
    assert_eq!(tops(&mut bench, 3, 1), [6, 7, 8]);
}

#[test]
fn a_jump_ends_with_the_list_and_a_page_goes_no_further_than_it_must() {
    let mut bench = Bench::new(23);
    go(&mut bench, &Move::Resize(10));
    assert_eq!(tops(&mut bench, 20, 1).last(), Some(&13));
    go(&mut bench, &Move::First);
    assert_eq!(tops(&mut bench, 1, 10), [1]);
}
