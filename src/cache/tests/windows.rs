//! Windows by keyset against a plain sorted list.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;
use crate::model::view::{RowKey, Window};
use crate::query::ask::{Anchor, Answer, Ask, ListAsk};
use crate::query::{Direction, Sort, parse_sort};

fn window(bench: &Bench, sort: &Sort, anchor: Anchor, before: usize, after: usize) -> Window<String> {
    let query = Query::all(Scope::Customers);
    let ask = ListAsk { query, sort: sort.clone(), anchor, before, after };
    let Answer::Customers(window) = bench.reader.answer(&Ask::Customers(ask), &moment()).unwrap() else {
        panic!("customers");
    };
    let rows = window.rows.into_iter();
    let rows = rows.map(|row| crate::model::view::Placed { key: row.key, row: row.row.id.0 }).collect();
    Window { rows, first: window.first, total: window.total }
}

fn ids(window: &Window<String>) -> Vec<String> {
    window.rows.iter().map(|row| row.row.clone()).collect()
}

/// Missing values last, whichever the direction.
fn compare<T: Ord>(a: Option<T>, b: Option<T>, descending: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
    }
}

fn some_customer() -> impl Strategy<Value = (Option<i64>, Option<i64>, Option<String>)> {
    let few = proptest::option::of(0..4i64);
    (few.clone(), few, proptest::option::of("[ab杭]{0,2}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_window_is_a_slice_of_the_sorted_list(
        rows in proptest::collection::vec(some_customer(), 0..24),
        text in proptest::sample::select(vec![
            "ltv", "-ltv", "ltv,-points", "-ltv,points", "-ltv,-points", "city,-ltv", "-city,points", "id", "-id",
        ]),
        at in 0..30usize, before in 0..6usize, after in 0..6usize,
    ) {
        let records = rows.iter().enumerate().map(|(n, (ltv, points, city))| Customer {
            id: format!("c{n:02}").into(),
            ltv: *ltv,
            points: *points,
            city: city.clone(),
            ..Customer::default()
        });
        let mut plain: Vec<Customer> = records.collect();
        let bench = Bench::with(plain.clone().into_iter().map(Record::any));
        let sort = parse_sort(Scope::Customers, text).unwrap();
        plain.sort_by(|a, b| {
            let mut order = Ordering::Equal;
            for (key, direction) in &sort.keys {
                let down = *direction == Direction::Descending;
                order = order.then_with(|| match key.name {
                    "ltv" => compare(a.ltv, b.ltv, down),
                    "points" => compare(a.points, b.points, down),
                    "city" => compare(a.city.as_ref(), b.city.as_ref(), down),
                    _ => compare(Some(&a.id), Some(&b.id), down),
                });
            }
            let down = sort.keys.last().is_some_and(|(_, direction)| *direction == Direction::Descending);
            order.then_with(|| compare(Some(&a.id), Some(&b.id), down)) // ties go the way of the last key
        });
        let expected: Vec<String> = plain.into_iter().map(|customer| customer.id.0).collect();
        let total = expected.len();

        let mut walked = Vec::new();
        let each = |key: &RowKey, _: &str| { walked.push(key.id.clone()); Ok(()) };
        bench.reader.records(&Query::all(Scope::Customers), &sort, None, &moment(), each).unwrap();
        prop_assert_eq!(&walked, &expected);

        let start = window(&bench, &sort, Anchor::Start, before, after);
        prop_assert_eq!(ids(&start), &expected[..after.min(total)]);
        prop_assert_eq!((start.first, start.total), (0, total as u64));
        let end = window(&bench, &sort, Anchor::End, before, after);
        prop_assert_eq!(ids(&end), &expected[total.saturating_sub(before)..]);
        prop_assert_eq!(end.first as usize, total.saturating_sub(before));

        if at < total {
            let from = at.saturating_sub(before);
            let slice = &expected[from..(at + after).min(total)];
            let by_id = window(&bench, &sort, Anchor::Id(expected[at].clone()), before, after);
            prop_assert_eq!(ids(&by_id), slice);
            prop_assert_eq!(by_id.first as usize, from);
            let whole = window(&bench, &sort, Anchor::Start, 0, total);
            let key = whole.rows[at].key.clone();
            let by_key = window(&bench, &sort, Anchor::At(key), before, after);
            prop_assert_eq!(by_key, by_id);
        }
    }
}

#[test]
fn a_place_stays_when_its_row_is_gone() {
    let mut bench = Bench::with(
        (0..6).map(|n| Customer { ltv: (n < 4).then_some(n), ..customer(&format!("c{n}"), "甲") }.any()),
    );
    let sort = parse_sort(Scope::Customers, "ltv").unwrap();
    for n in [2, 5] {
        let id = format!("c{n}");
        let there = window(&bench, &sort, Anchor::Id(id.clone()), 0, 1);
        let key = there.rows[0].key.clone();
        bench.delete(Resource::Customers, &id);
        let after = window(&bench, &sort, Anchor::At(key), 1, 2);
        let expected: &[&str] = if n == 2 { &["c1", "c3", "c4"] } else { &["c4"] };
        assert_eq!(ids(&after), expected);
    }
}

#[test]
fn an_anchor_that_is_not_in_the_list_is_its_start() {
    let bench = Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any()]);
    let sort = parse_sort(Scope::Customers, "id").unwrap();
    assert_eq!(ids(&window(&bench, &sort, Anchor::Id("nobody".to_owned()), 3, 1)), ["c1"]);
    // A place of another order is found again by its id.
    let other = RowKey { values: Vec::new(), id: "c2".to_owned() };
    assert_eq!(ids(&window(&bench, &sort, Anchor::At(other), 0, 5)), ["c2"]);
}

#[test]
fn common_orders_walk_an_index_both_ways() {
    let bench = Bench::new();
    for (scope, orders, index) in [
        (Scope::Customers, &["-active", "active"][..], "customers_by_active"),
        (Scope::Customers, &["name", "-name"][..], "customers_by_name"),
        (Scope::Customers, &["ltv", "-ltv"][..], "customers_by_ltv"),
        (Scope::FollowUps, &["due,-priority"][..], "follow_ups_by_due"),
        (Scope::Events, &["-at", "at"][..], "events_by_time"),
        (Scope::Orders, &["-at", "at"][..], "orders_by_time"),
    ] {
        for order in orders {
            let sort = parse_sort(scope, order).unwrap();
            let plan = bench.reader.plan(&Query::all(scope), &sort, &moment());
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{scope:?} {order}: {plan}");
        }
    }
}
