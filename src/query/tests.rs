//! The filter language from outside: forms, errors and their places, and the law that what is
//! printed parses to the same.

use std::collections::HashMap;

use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

use super::{Field, Moment, Problem, Query, QueryError, Row, Scope, parse};
use crate::model::Time;

/// 2026-03-17 10:42 in Shanghai, a Tuesday.
fn at() -> Moment {
    let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
    Moment { now, zone: TimeZone::fixed(Offset::constant(8)), me: None }
}

struct One(HashMap<&'static str, Field>);

impl Row for One {
    fn field(&self, name: &str) -> Field {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

fn customers(text: &str) -> Query {
    parse(Scope::Customers, text).unwrap_or_else(|error| panic!("{}", error.pointer(text)))
}

fn wrong(text: &str) -> QueryError {
    parse(Scope::Customers, text).expect_err(text)
}

/// The normal spelling.
fn spelled(text: &str) -> String {
    customers(text).to_string()
}

/// Whether a moment answers a filter.
fn timed(text: &str, field: &'static str, time: &str) -> bool {
    let millis = Time::parse(&format!("{time}+08:00")).unwrap().millis;
    customers(text).matches(&One(HashMap::from([(field, Field::Int(millis))])), &at())
}

#[test]
fn terms_join_by_and_or_and_parentheses() {
    assert_eq!(spelled("a b OR c d"), "(a b) OR (c d)");
    assert_eq!(spelled("a (b OR c) -d"), "a (b OR c) -d");
    assert_eq!(spelled("a AND b NOT (c)"), "a b -c");
    assert_eq!(spelled("-(a b) --c"), "-(a b) --c");
    assert_eq!(spelled("or and not"), "or and not");
    assert_eq!(spelled("\"OR\" a\"b c\"d"), "\"OR\" \"ab cd\"");
    assert!(customers("  ").is_all());
    assert_eq!(customers("").sql(&at()).clause, "1");
}

#[test]
fn what_an_input_method_types_means_its_ascii_keys() {
    assert_eq!(
        spelled("（标签：母婴，“VIP 金卡” OR －is：mine）"),
        spelled("(tag:母婴,\"VIP 金卡\" OR -is:mine)")
    );
    assert_eq!(spelled("ltv：＞＝１万　has：phone"), "ltv:>=10000 has:phone");
    assert_eq!(spelled("added：2026－03－01．．today"), "added:2026-03-01..today");
    assert_eq!(spelled("“他说\"好\"”"), "\"他说\\\"好\\\"\"");
    assert_eq!(spelled("13800-138"), "\"13800-138\"");
}

#[test]
fn values_have_one_spelling() {
    let pairs = [
        ("stage:沉睡,LOST", "stage:dormant,lost"),
        ("阶段:老客", "stage:active"),
        ("ltv:1万元..", "ltv:>=1000000"),
        ("ltv:..¥100", "ltv:<=10000"),
        ("points:=5", "points:5"),
        ("points:≥2k", "points:>=2000"),
        ("churn:>50%", "churn:>0.5"),
        ("rfm:534", "rfm:5-3-4"),
        ("rfm:5**", "rfm:5-*-*"),
        ("rfm:R>=4,重要保持", "rfm:r>=4,at-risk"),
        ("birthday:3月17日,3月", "birthday:03-17,03"),
        ("birthday:今天..+1w", "birthday:today..+7d"),
        ("added:今天,30天前", "added:today,-30d"),
        ("added:周一,monday,下周二", "added:mon,mon,下周二"),
        ("active:2026-03-01T10:30", "active:2026-03-01T10:30:00"),
        ("active:2026-03-01T10:30:00+08:00", "active:2026-03-01T02:30:00Z"),
        ("name:张*,\"a*b\"", "name:张*,\"a*b\""),
        ("remark:=*x", "remark:\"*x\""),
        ("is:我的", "is:mine"),
    ];
    for (typed, normal) in pairs {
        assert_eq!(spelled(typed), normal, "{typed}");
        assert_eq!(spelled(normal), normal, "{typed}");
    }
    let follow_ups = parse(Scope::FollowUps, "priority:>=高 客户.标签:VIP kind:after-sale").unwrap();
    assert_eq!(follow_ups.to_string(), "priority:>=high customer.tag:VIP kind:after_sale");
}

#[test]
fn an_error_names_its_place_and_the_nearest_name() {
    let at = |text: &str| {
        let error = wrong(text);
        (text[error.span.clone()].to_owned(), error.nearest)
    };
    let near = |name: &str| Some(name.to_owned());
    assert_eq!(at("张三 stagee:lead"), ("stagee".into(), near("stage")));
    assert_eq!(at("stage:dorment"), ("dorment".into(), near("dormant")));
    assert_eq!(at("is:overdeu"), ("overdeu".into(), near("overdue")));
    assert_eq!(at("contacted:<30d"), ("30d".into(), near("-30d")));
    assert_eq!(at("churn:>50"), ("50".into(), near("50%")));
    assert_eq!(at("added:2026/03/01"), ("2026/03/01".into(), near("2026-03-01")));
    assert_eq!(at("added:2026-02-30"), ("2026-02-30".into(), None));
    assert_eq!(at("xyzzy:1"), ("xyzzy".into(), None));
    assert_eq!(at("12:30"), ("12".into(), None));
    assert_eq!(at("https://example.com/"), ("https".into(), None));
    assert!(wrong("12:30").to_string().contains("quote"));
    assert_eq!(at("points:5,many"), ("many".into(), None));
    assert_eq!(at("tag:a (b"), ("(".into(), None));
    assert_eq!(at("tag:\"a"), ("\"".into(), None));
}

#[test]
fn each_mistake_has_its_problem() {
    let problems = [
        ("tag:", Problem::NoValue { key: "tag" }),
        ("tag:a,,b", Problem::NoValue { key: "tag" }),
        ("points:>=", Problem::NoValue { key: "points" }),
        ("points:..", Problem::NoValue { key: "points" }),
        ("name:\"\"", Problem::NoValue { key: "name" }),
        ("tag:>a", Problem::NoOrder { key: "tag" }),
        ("stage:>=new", Problem::NoOrder { key: "stage" }),
        ("rfm:>4", Problem::NoOrder { key: "rfm" }),
        ("points:9..5", Problem::BackwardRange { key: "points" }),
        ("added:2026-03..2026-02", Problem::BackwardRange { key: "added" }),
        ("birthday:+7d..today", Problem::BackwardRange { key: "birthday" }),
        ("\"a", Problem::UnclosedQuote),
        ("(a", Problem::UnclosedParen),
        ("(", Problem::UnclosedParen),
        ("a)", Problem::StrayParen),
        (")", Problem::StrayParen),
        ("a ()", Problem::EmptyParens),
        ("OR", Problem::LoneOr),
        ("OR a", Problem::LoneOr),
        ("a OR", Problem::LoneOr),
        ("a OR OR b", Problem::LoneOr),
        ("(a OR) b", Problem::LoneOr),
        ("-OR", Problem::LoneOr),
        ("a AND", Problem::LoneAnd),
        ("AND a", Problem::LoneAnd),
        ("-", Problem::LoneMinus),
        ("a - b", Problem::LoneMinus),
        ("NOT", Problem::LoneMinus),
        ("\"\"", Problem::EmptyText),
    ];
    for (text, problem) in problems {
        assert_eq!(wrong(text).problem, problem, "{text}");
    }
}

#[test]
fn nothing_is_too_large_for_an_error() {
    assert!(matches!(wrong(&"张".repeat(1366)).problem, Problem::TooLong { limit: 4096 }));
    assert!(matches!(wrong(&"(".repeat(4096)).problem, Problem::TooDeep { .. }));
    assert!(matches!(wrong(&"-".repeat(4095)).problem, Problem::TooDeep { .. }));
    assert!(matches!(wrong(&"NOT ".repeat(1000)).problem, Problem::TooDeep { .. }));
    assert!(matches!(wrong(&"a ".repeat(257)).problem, Problem::TooMany { limit: 256 }));
    assert!(matches!(wrong(&format!("points:{}1", "1,".repeat(300))).problem, Problem::TooMany { .. }));
    assert!(parse(Scope::Customers, &format!("{}a{}", "(".repeat(63), ")".repeat(63))).is_ok());
}

#[test]
fn the_pointer_stands_under_the_columns_of_a_terminal() {
    let text = "张三 stag:lead";
    let error = wrong(text);
    assert_eq!(error.column(text), 6);
    assert_eq!(
        error.pointer(text),
        "张三 stag:lead\n     ^^^^ no key \"stag\"; quote it if it is text (did you mean stage?)"
    );
    let long = format!("{} stgae:x {}", "张".repeat(500), "b".repeat(500));
    let marked = wrong(&long).marked(&long);
    let lines: Vec<_> = marked.lines().collect();
    assert!(lines[0].starts_with("…张") && lines[0].ends_with("b…") && marked.len() < 1000, "{marked}");
    assert_eq!(lines[1].find('^'), Some(1 + 2 * 59 + 1), "{marked}");
    assert!(wrong("a\u{1b}[31m(").pointer("a\u{1b}[31m(").starts_with("a?[31m("));
}

#[test]
fn dates_absolute() {
    assert!(timed("added:2026-03", "added", "2026-03-31T23:59:59"));
    assert!(!timed("added:2026-03", "added", "2026-04-01T00:00:00"));
    assert!(timed("added:2026", "added", "2026-12-31T23:59:59"));
    assert!(timed("added:>2026-03", "added", "2026-04-01T00:00:00"));
    assert!(!timed("added:>2026-03", "added", "2026-03-31T23:59:59"));
    assert!(timed("added:<=2026-03-01", "added", "2026-03-01T23:59:59"));
    assert!(!timed("added:<2026-03-01", "added", "2026-03-01T00:00:00"));
    assert!(timed("added:2026-01..2026-02", "added", "2026-02-28T23:59:59"));
    assert!(timed("active:2026-03-01T10:30", "active", "2026-03-01T10:30:59"));
    assert!(!timed("active:2026-03-01T10:30", "active", "2026-03-01T10:31:00"));
    assert!(timed("active:9999", "active", "9999-12-31T00:00:00"));
}

#[test]
fn dates_relative_to_now() {
    assert!(timed("due:today", "due", "2026-03-17T00:00:00"));
    assert!(timed("due:today", "due", "2026-03-17T23:59:59"));
    assert!(!timed("due:today", "due", "2026-03-18T00:00:00"));
    assert!(timed("due:tomorrow", "due", "2026-03-18T12:00:00"));
    assert!(timed("due:+2d", "due", "2026-03-19T23:00:00"), "a day that equals is a whole day");
    assert!(timed("contacted:<-30d", "contacted", "2026-02-15T10:41:59"));
    assert!(
        !timed("contacted:<-30d", "contacted", "2026-02-15T10:42:00"),
        "a day to compare with is an instant"
    );
    assert!(timed("contacted:>=-30d", "contacted", "2026-02-15T10:42:00"));
    assert!(timed("contacted:-1m..now", "contacted", "2026-02-17T10:42:00"));
    assert!(!timed("contacted:>now", "contacted", "2026-03-17T10:42:00"));
    assert!(timed("contacted:-2h", "contacted", "2026-03-17T08:00:00"));
    assert!(
        timed("added:<-99999y", "added", "2026-03-17T08:00:00")
            == timed("added:>+99999y", "added", "2026-03-17T08:00:00")
    );
}

#[test]
fn weekdays_look_where_their_key_looks() {
    // Today is Tuesday the 17th.
    assert!(timed("due:mon", "due", "2026-03-23T09:00:00"));
    assert!(timed("added:mon", "added", "2026-03-16T09:00:00"));
    assert!(timed("added:周二", "added", "2026-03-17T09:00:00"));
    assert!(timed("due:tue", "due", "2026-03-17T09:00:00"));
    assert!(timed("due:下周二", "due", "2026-03-24T09:00:00"));
    assert!(timed("due:本周一", "due", "2026-03-16T09:00:00"));
    assert!(timed("due:上周日", "due", "2026-03-15T09:00:00"));
    assert!(timed("due:mon..fri", "due", "2026-03-27T23:00:00"));
    assert!(!timed("due:mon..fri", "due", "2026-03-20T23:00:00"));
    assert!(timed("added:mon..fri", "added", "2026-03-09T00:00:00"));
    assert!(timed("added:lastweek", "added", "2026-03-15T23:59:59"));
    assert!(!timed("added:lastweek", "added", "2026-03-16T00:00:00"));
    assert!(timed("added:上月", "added", "2026-02-28T23:59:59"));
}

#[test]
fn birthdays_go_over_the_end_of_the_year() {
    let born = |text: &str, day: &str, now: &str| {
        let at = Moment { now: Time::parse(&format!("{now}T12:00:00+08:00")).unwrap(), ..at() };
        customers(text).matches(&One(HashMap::from([("birthday", Field::Text(day.into()))])), &at)
    };
    assert!(born("birthday:today..+7d", "01-03", "2026-12-28"));
    assert!(born("birthday:today..+7d", "12-28", "2026-12-28"));
    assert!(!born("birthday:today..+7d", "01-05", "2026-12-28"));
    assert!(!born("birthday:today..+7d", "12-27", "2026-12-28"));
    assert!(born("birthday:today", "02-29", "2027-02-28"), "no 29th that year");
    assert!(!born("birthday:today", "02-29", "2028-02-28"));
    assert!(born("birthday:02", "02-29", "2026-12-28"));
    assert!(born("birthday:nextmonth", "01-31", "2026-12-28"));
    assert!(born("birthday:today..+400d", "06-01", "2026-12-28"));
    assert!(
        born("birthday:>03-17", "03-18", "2026-12-28") && !born("birthday:>03-17", "03-17", "2026-12-28")
    );
    assert!(
        born("birthday:<03-01", "02-29", "2026-12-28") && !born("birthday:<03-01", "03-01", "2026-12-28")
    );
}

#[test]
fn every_state_and_word_says_what_it_means() {
    for scope in Scope::ALL {
        let mut names = std::collections::HashSet::new();
        for key in scope.keys() {
            assert!(!key.zh.is_empty() && !key.en.is_empty(), "{}", key.name);
            for name in key.also.iter().chain([&key.name]) {
                assert!(names.insert(*name), "{scope:?}: {name} twice");
                assert_eq!(super::fold(name), *name);
            }
        }
    }
    let contract = "id name remark phone tag stage owner source channel city birthday level points added contacted \
                    active ordered orders ltv rfm churn referrer has is in";
    for name in contract.split_whitespace() {
        assert!(Scope::Customers.key(name).is_some(), "{name}");
        assert!(Scope::FollowUps.key(&format!("customer.{name}")).is_some(), "customer.{name}");
    }
    for name in "due status kind priority assignee source".split_whitespace() {
        assert!(Scope::FollowUps.key(name).is_some(), "{name}");
    }
    for name in "name owner members active7 net7 status tag".split_whitespace() {
        assert!(Scope::Groups.key(name).is_some(), "{name}");
    }
}

/// Texts that look like filters, so that arbitrary ones get far.
fn almost() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("张三".to_owned()),
        prop::sample::select(vec![
            "tag:",
            "stage:",
            "ltv:",
            "added:",
            "birthday:",
            "rfm:",
            "churn:",
            "name:",
            "is:mine",
            "has:phone",
            "in:",
            "points:",
            "OR",
            "AND",
            "NOT",
            "-",
            "(",
            ")",
            "（",
            "）",
            "：",
            ",",
            "，",
            "\"",
            "“",
            "”",
            "\\",
            "*",
            "..",
            ">=",
            "<",
            " ",
            "　",
            "5",
            "5-3-4",
            "r>=4",
            "50%",
            "¥1万",
            "today",
            "-30d",
            "周一",
            "2026-03",
            "03-17",
            "dormant",
            "me",
            "＂",
            "≤",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn no_text_makes_it_panic_and_what_is_printed_parses_to_the_same(text in almost()) {
        for scope in [Scope::Customers, Scope::FollowUps, Scope::Members] {
            match parse(scope, &text) {
                Ok(query) => {
                    let printed = query.to_string();
                    let again = parse(scope, &printed);
                    prop_assert_eq!(again.map(|again| again.expr), Ok(query.expr.clone()), "{} -> {}", text, printed);
                    query.matches(&One(HashMap::new()), &at());
                    let sql = query.sql(&at());
                    prop_assert_eq!(sql.clause.matches('?').count(), sql.params.len());
                }
                Err(error) => {
                    prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
                    prop_assert!(text.get(error.span.clone()).is_some(), "{:?} of {:?}", error.span, text);
                    error.pointer(&text);
                }
            }
            let middle = text.len() / 2;
            super::complete(scope, &text, middle, &());
        }
        let _ = super::parse_sort(Scope::Customers, &text);
    }
}
