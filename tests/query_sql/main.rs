//! The filter language against SQLite: what the SQL of a filter finds is what the filter says of
//! each row in memory, over rows full of gaps and figures that lie on the borders.

mod world;

use proptest::prelude::*;
use rusqlite::types::Value as Sqlite;
use siyu::query::{Moment, Query, Scope, parse, parse_sort};
use world::{World, database, moment, tables};

const CUSTOMERS: &[&str] = &[
    "张三",
    "zs",
    "sxl",
    "dxl",
    "zhangsan",
    "曾",
    "zeng",
    "L",
    "lucy",
    "abc",
    "138",
    "宝宝",
    "%",
    "_",
    "'",
    "id:c1,c7",
    "name:张三",
    "name:张*",
    "name:*100%_*",
    "name:abc",
    "remark:ask*",
    "-remark:\"ask again\"",
    "remark:*王姐",
    "alias:WX_ZHANG",
    "phone:13800138000",
    "phone:*139*",
    "tag:母婴",
    "tag:vip",
    "tag:VIP*",
    "tag:t1,t9",
    "tag:价格_*",
    "stage:lead",
    "stage:沉睡,流失",
    "owner:me",
    "owner:小李,o9",
    "owner:wang*",
    "source:活码A",
    "city:SHANGHAI,上海",
    "company:转*绍",
    "channel:wechat",
    "channel:id-*",
    "birthday:03",
    "birthday:03-17",
    "birthday:today..+7d",
    "birthday:12-20..01-05",
    "birthday:>03-17",
    "birthday:<=03-17",
    "birthday:<03-18",
    "level:vip",
    "points:>=1000",
    "points:1..999",
    "points:1.5万",
    "points:<0",
    "points:0,1",
    "added:2026-03",
    "added:2025",
    "added:today",
    "added:>=2026-03-01",
    "contacted:<-30d",
    "contacted:>-30d",
    "contacted:-30d",
    "contacted:>=-7d",
    "contacted:..-7d",
    "active:-30d..",
    "active:yesterday..today",
    "active:mon",
    "ordered:上月",
    "ordered:lastweek..thisweek",
    "ordered:<=now",
    "ordered:<now",
    "orders:0",
    "orders:>1",
    "ltv:>=100000",
    "ltv:¥1000",
    "ltv:<1万元",
    "ltv:100..¥100",
    "rfm:5-*-*",
    "rfm:r>=4",
    "rfm:m2..4",
    "rfm:f1",
    "rfm:重要价值",
    "rfm:hibernating",
    "churn:>50%",
    "churn:<=0.3",
    "churn:0.2..0.8",
    "referrer:c1",
    "referrer:张三丰",
    "referrer:张*",
    "due:tomorrow",
    "due:<today",
    "in:\"VIP 1群\"",
    "in:g2,g3",
    "has:phone",
    "has:tag",
    "has:owner",
    "has:remark",
    "has:order",
    "has:referrer",
    "has:group",
    "has:email",
    "has:due",
    "is:mine",
    "is:unassigned",
    "is:overdue",
    "is:due",
    "is:dormant",
    "is:quiet",
    "is:repeat",
    "is:vip",
];

const FOLLOW_UPS: &[&str] = &[
    "回访",
    "hf",
    "张三",
    "sxl",
    "call",
    "id:f1",
    "title:call*",
    "status:open,doing",
    "kind:售后",
    "priority:>=high",
    "priority:low",
    "priority:normal..high",
    "due:today",
    "due:<now",
    "due:+1d",
    "due:thisweek",
    "sla:<today",
    "assignee:me",
    "assignee:o2",
    "source:sop:*",
    "source:manual",
    "outcome:interested",
    "created:-30d..",
    "done:2026",
    "customer:c3",
    "customer:张三",
    "is:pending",
    "is:overdue",
    "is:due",
    "is:mine",
    "is:snoozed",
    "is:unassigned",
    "is:late",
    "is:urgent",
    "is:closed",
    "has:sla",
    "has:outcome",
    "customer.tag:母婴",
    "customer.is:mine",
    "customer.ltv:>=100000",
    "customer.rfm:r>=3",
    "customer.churn:>0.3",
    "customer.in:g1",
    "customer.stage:lost",
    "customer.has:phone",
    "customer.phone:138*",
    "customer.birthday:03",
    "customer.name:单*",
];

const GROUP_FILTERS: &[&str] = &[
    "VIP",
    "vip",
    "bmfl",
    "宝妈",
    "name:vip*",
    "name:张三",
    "owner:me",
    "owner:wang*",
    "members:>=12",
    "active7:0..12",
    "net7:<0",
    "net7:-7",
    "messages7:0",
    "customers:500",
    "status:active",
    "tag:母婴,vip",
    "created:<-30d",
    "is:dying",
    "is:quiet",
    "is:mine",
    "is:growing",
    "is:shrinking",
    "has:owner",
    "has:tag",
    "id:g1",
];

fn samples(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::Customers => CUSTOMERS,
        Scope::FollowUps => FOLLOW_UPS,
        _ => GROUP_FILTERS,
    }
}

const SCOPES: [Scope; 3] = [Scope::Customers, Scope::FollowUps, Scope::Groups];

#[test]
fn each_form_finds_by_sql_what_it_says_of_each_row() {
    let (world, at) = (World::new(), moment());
    for scope in SCOPES {
        let mut telling = 0;
        for sample in samples(scope) {
            let query = parse(scope, sample).unwrap_or_else(|error| panic!("{sample}: {error}"));
            let (found, asked) = world.both(&query, &at);
            assert_eq!(found, asked, "{scope:?} {sample}\n{}", query.sql(&at).clause);
            let (others, not) = world.both(&parse(scope, &format!("-({sample})")).unwrap(), &at);
            assert_eq!(others, not, "{scope:?} -({sample})");
            assert_eq!(found.len() + others.len(), world.rows[&scope].len(), "{sample}: a row is in or out");
            telling += usize::from(!found.is_empty() && !others.is_empty());
        }
        // Otherwise the rows would prove nothing.
        assert!(telling * 10 >= samples(scope).len() * 9, "{scope:?}: {telling} of {}", samples(scope).len());
    }
}

fn filter(scope: Scope) -> impl Strategy<Value = String> {
    let term = prop::sample::select(samples(scope)).prop_map(str::to_owned);
    term.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.prop_map(|part| format!("-{part}")),
        ]
    })
}

#[test]
fn any_combination_finds_by_sql_what_it_says_of_each_row() {
    let (world, at) = (World::new(), moment());
    let filters = prop::sample::select(SCOPES.to_vec()).prop_flat_map(|scope| (Just(scope), filter(scope)));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    });
    runner
        .run(&filters, |(scope, text)| {
            let query = parse(scope, &text).unwrap();
            let (found, asked) = world.both(&query, &at);
            prop_assert_eq!(found, asked, "{} \n{}", text, query.sql(&at).clause);
            // What is printed says the same.
            let printed = parse(scope, &query.to_string()).unwrap();
            prop_assert_eq!(printed.sql(&at), query.sql(&at));
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_key_and_order_of_every_scope_is_sql_that_the_cache_understands() {
    let (db, at) = (database(), moment());
    let values = ["x", "x*", "me", "yes", "call", "open", "5", "50%", "today", "5-3-4", ">=high"];
    for scope in Scope::ALL {
        for key in scope.keys() {
            let mut texts: Vec<String> = values.iter().map(|value| format!("{}:{value}", key.name)).collect();
            if let siyu::query::KeyKind::State(states) = key.kind {
                texts = states.iter().map(|state| format!("{}:{}", key.name, state.word)).collect();
            }
            let queries: Vec<Query> = texts.iter().filter_map(|text| parse(scope, text).ok()).collect();
            assert!(
                !queries.is_empty() || matches!(key.kind, siyu::query::KeyKind::Choice(_)),
                "{scope:?} {}",
                key.name
            );
            for query in queries {
                let sql = query.sql(&at);
                let text = format!("SELECT 1 FROM {} WHERE {}", tables(scope), sql.clause);
                let statement =
                    db.prepare(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", query.text));
                assert_eq!(statement.parameter_count(), sql.params.len(), "{}", query.text);
            }
        }
        for key in scope.sort_keys() {
            for text in [key.name.to_owned(), format!("-{}", key.name)] {
                let order = parse_sort(scope, &text).unwrap().order_by(scope, &at);
                let sql = format!("SELECT 1 FROM {} ORDER BY {order}", tables(scope));
                db.prepare(&sql).unwrap_or_else(|error| panic!("{text}: {error}"));
            }
        }
        let text = parse(scope, "zhang").unwrap().sql(&at);
        db.prepare(&format!("SELECT 1 FROM {} WHERE {}", tables(scope), text.clause)).unwrap();
    }
}

#[test]
fn as_many_terms_as_are_allowed_are_not_too_deep_for_sqlite() {
    let (world, at) = (World::new(), moment());
    let words = |joined: &str| vec!["a"; 256].join(joined);
    let deep = format!("{}a{}", "-(a ".repeat(31), ")".repeat(31));
    for text in [
        words(" "),
        words(" OR "),
        format!("id:{}", words(",")),
        format!("points:{}", vec!["1"; 256].join(",")),
        format!("tag:{}", words("*,")),
        deep,
    ] {
        let (found, asked) = world.both(&parse(Scope::Customers, &text).unwrap(), &at);
        assert_eq!(found, asked);
    }
    assert!(parse(Scope::Customers, &format!("{} a", words(" "))).is_err());
}

#[test]
fn nobody_owns_anything_where_nobody_is_logged_in() {
    let (world, at) = (World::new(), Moment { me: None, ..moment() });
    for text in ["is:mine", "owner:me"] {
        assert_eq!(world.both(&parse(Scope::Customers, text).unwrap(), &at), (Vec::new(), Vec::new()));
    }
}

#[test]
fn rows_without_the_figure_come_last_in_either_direction() {
    let (world, at) = (World::new(), moment());
    for text in ["ltv", "-ltv", "churn", "-rfm", "due,-points"] {
        let order = parse_sort(Scope::Customers, text).unwrap();
        let expr = order.terms(Scope::Customers, &at)[1].expr.clone();
        let sql =
            format!("SELECT {expr} FROM customers c ORDER BY {}", order.order_by(Scope::Customers, &at));
        let values: Vec<Sqlite> = world
            .db
            .prepare(&sql)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let first_missing = values.iter().position(|value| *value == Sqlite::Null).unwrap();
        assert!(
            first_missing > 0 && values[first_missing..].iter().all(|value| *value == Sqlite::Null),
            "{text}"
        );
    }
}
