//! Filters: every key runs against the schema, and SQL answers as the row in memory does.

use proptest::prelude::*;

use super::*;
use crate::model::Relation;
use crate::query::ask::{Answer, Ask};
use crate::query::{Field, KeyKind, Link, Row, fold, parse, parse_sort, readings};

fn ids(bench: &Bench, scope: Scope, filter: &str, moment: &Moment) -> Vec<String> {
    let query = parse(scope, filter).unwrap_or_else(|wrong| panic!("{filter}: {wrong}"));
    match bench.reader.answer(&Ask::Ids(query), moment) {
        Ok(Answer::Ids(mut ids)) => {
            ids.sort();
            ids
        }
        other => panic!("{scope:?} {filter}: {other:?}"),
    }
}

/// Values that a key takes.
fn samples(kind: KeyKind) -> Vec<String> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match kind {
        KeyKind::Id => owned(&["x", "x,y"]),
        KeyKind::Text => owned(&["x", "x*", "*", "\"a b\",y"]),
        KeyKind::Choice(words) => words.iter().map(|word| word.word.to_owned()).collect(),
        KeyKind::Rank(words) => words.iter().map(|word| format!(">={}", word.word)).collect(),
        KeyKind::Operator(_) => owned(&["me", "x", "小*"]),
        KeyKind::Tag(_) | KeyKind::Group(_) | KeyKind::Customer(_) | KeyKind::TagGroup(_) => {
            owned(&["x", "x*,y"])
        }
        KeyKind::Int => owned(&["5", ">5", "1..9"]),
        KeyKind::Money => owned(&["5", ">=100元", "1..9"]),
        KeyKind::Ratio => owned(&["0.5", ">=50%"]),
        KeyKind::Score => owned(&["5-3-4", "5**", "r>=4"]),
        KeyKind::Time { .. } => owned(&["today", "<-30d", "2026-03-01..2026-03-17", "mon"]),
        KeyKind::Birthday => owned(&["today", "03-17", "03-01..03-31"]),
        KeyKind::State(states) => states.iter().map(|state| state.word.to_owned()).collect(),
    }
}

#[test]
fn every_key_of_every_scope_runs() {
    let bench = Bench::with([
        customer("c1", "李想").any(),
        follow_up("f1", "c1", 1).any(),
        Group { id: "g1".into(), ..Group::default() }.any(),
        tag("t1", "VIP", "k1", 1).any(),
    ]);
    for me in [None, Some("o1".into())] {
        let moment = Moment { me, ..moment() };
        for scope in Scope::ALL {
            let all = ids(&bench, scope, "", &moment);
            for key in scope.keys() {
                for value in samples(key.kind) {
                    let filter = format!("{}:{value}", key.name);
                    let yes = ids(&bench, scope, &filter, &moment);
                    let no = ids(&bench, scope, &format!("-{filter}"), &moment);
                    // A deleted tag is listed only where the filter speaks of it, and none is here.
                    let mut both = [yes, no].concat();
                    both.sort();
                    assert_eq!(both, all, "{scope:?} {filter}: every row is on one side");
                }
            }
            ids(&bench, scope, "zs OR \"%_'\" OR (张 -三)", &moment);
            for key in scope.sort_keys() {
                for sign in ["", "-"] {
                    let sort = parse_sort(scope, &format!("{sign}{}", key.name)).unwrap();
                    let walk = bench.reader.records(&Query::all(scope), &sort, None, &moment, |_, _| Ok(()));
                    walk.unwrap_or_else(|wrong| panic!("{scope:?} {}: {wrong}", key.name));
                }
            }
            for row in all.iter().take(1) {
                assert!(bench.reader.whole(scope, row, &moment).unwrap().is_some());
            }
        }
    }
}

fn relation(operator: &str, remark: Option<String>) -> Relation {
    Relation { operator_id: operator.into(), remark, ..Relation::default() }
}

/// Backends keep a remark per operator and customer.
#[test]
fn a_remark_is_also_what_a_colleague_calls_them() {
    let called = |id: &str, own: Option<&str>, theirs: Option<&str>| Customer {
        remark: own.map(str::to_owned),
        relations: vec![relation("o1", None), relation("o2", theirs.map(str::to_owned))],
        ..customer(id, "李想")
    };
    let bench = Bench::with([
        called("c1", Some("宝宝 8 个月"), None).any(),
        called("c2", None, Some("宝宝 8 个月")).any(),
        called("c3", None, Some("")).any(),
        follow_up("f2", "c2", 1).any(),
        follow_up("f3", "c3", 1).any(),
    ]);
    assert_eq!(ids(&bench, Scope::Customers, "remark:宝宝*", &moment()), ["c1", "c2"]);
    assert_eq!(ids(&bench, Scope::Customers, "-remark:宝宝*", &moment()), ["c3"]);
    assert_eq!(ids(&bench, Scope::Customers, "has:remark", &moment()), ["c1", "c2"]);
    assert_eq!(ids(&bench, Scope::FollowUps, "customer.remark:宝宝*", &moment()), ["f2"]);
}

#[test]
fn deleted_tags_are_listed_where_the_filter_speaks_of_them() {
    let bench = Bench::with([
        tag("t1", "VIP", "k1", 1).any(),
        Tag { deleted: true, ..tag("t2", "旧", "k1", 2) }.any(),
    ]);
    assert_eq!(ids(&bench, Scope::Tags, "", &moment()), ["t1"]);
    assert_eq!(ids(&bench, Scope::Tags, "is:deleted", &moment()), ["t2"]);
    assert_eq!(bench.keys(Scope::Tags), ["t1"]);
}

/// A customer in memory, with the names of tags and owners as [`Bench`] knows them.
struct Memory(Customer);

impl Row for Memory {
    fn field(&self, name: &str) -> Field {
        let customer = &self.0;
        let text = |text: &Option<String>| text.clone().map_or(Field::Missing, Field::Text);
        let int = |figure: Option<i64>| figure.map_or(Field::Missing, Field::Int);
        let time = |time: Option<Time>| int(time.map(|time| time.millis));
        let remark = customer.remark.as_deref().unwrap_or("");
        match name {
            "id" => Field::Text(customer.id.0.clone()),
            "name" => Field::Text(customer.name.clone()),
            "remark" => {
                let theirs = customer.relations.iter().map(|relation| &relation.remark);
                Field::Texts(theirs.chain([&customer.remark]).flatten().cloned().collect())
            }
            "alias" => text(&customer.alias),
            "city" => text(&customer.city),
            "stage" => text(&customer.stage),
            "level" => text(&customer.level),
            "points" => int(customer.points),
            "orders" => int(customer.orders),
            "ltv" => int(customer.ltv),
            "contacted" => time(customer.last_contact_at),
            "ordered" => time(customer.last_order_at),
            "active" => time(customer.last_active_at),
            "added" => time(customer.added_at),
            "birthday" => text(&customer.birthday),
            "phone" => Field::Texts(customer.phones.clone()),
            "tag" => {
                let link = |tag: &crate::model::TagId| Link {
                    id: tag.0.clone(),
                    name: match tag.as_str() {
                        "t1" => "VIP".to_owned(),
                        "t2" => "母婴".to_owned(),
                        _ => String::new(),
                    },
                };
                Field::Links(customer.tags.iter().map(link).collect())
            }
            "search" => {
                let mut texts = vec![customer.name.as_str(), remark];
                texts.extend(customer.relations.iter().filter_map(|relation| relation.remark.as_deref()));
                texts.extend(customer.phones.iter().map(String::as_str));
                texts.retain(|text| !text.is_empty());
                Field::Text(fold(&texts.join("\u{1f}")))
            }
            "pinyin" => {
                let mut texts = vec![customer.name.as_str(), remark];
                texts.extend(customer.relations.iter().filter_map(|relation| relation.remark.as_deref()));
                Field::Text(texts.into_iter().map(readings).collect())
            }
            _ => Field::Missing,
        }
    }
}

fn any_customer() -> impl Strategy<Value = Customer> {
    let text = |words: &'static [&'static str]| {
        proptest::option::of(proptest::sample::select(words).prop_map(str::to_owned))
    };
    let figure = || proptest::option::of(proptest::sample::select(vec![-1i64, 0, 1, 2, 5, 100_000]));
    let days = || {
        let ago = proptest::sample::select(vec![-40i64, 0, 1, 7, 29, 30, 31, 200, 800]);
        proptest::option::of(ago.prop_map(|days| Time::from_millis(NOW - days * DAY)))
    };
    let tags = proptest::collection::vec(proptest::sample::select(vec!["t1", "t2", "t9"]), 0..3);
    (
        (
            text(&["张三", "重庆曾先生", "Ann Lee", "a%b_c", "查理", ""]),
            text(&["宝宝 8 个月", "vip", "ＶＩＰ"]),
            (text(&["杭州", "HANGzhou", ""]), text(&["老客户 王姐", "vip", ""])),
        ),
        (figure(), figure(), figure()),
        (days(), days(), days(), days()),
        (tags, text(&["13800000000", "+86 139"]), text(&["03-17", "12-31", "01-01"])),
        proptest::sample::select(vec!["lead", "new", "active", "dormant", "lost"]),
    )
        .prop_map(
            |(
                (name, remark, (city, theirs)),
                (points, orders, ltv),
                times,
                (tags, phone, birthday),
                stage,
            )| Customer {
                name: name.unwrap_or_default(),
                remark,
                city,
                relations: theirs.into_iter().map(|said| relation("o1", Some(said))).collect(),
                points,
                orders,
                ltv,
                last_contact_at: times.0,
                last_order_at: times.1,
                last_active_at: times.2,
                added_at: times.3,
                tags: tags.into_iter().map(Into::into).collect(),
                phones: phone.into_iter().collect(),
                birthday,
                stage: Some(stage.to_owned()),
                ..Customer::default()
            },
        )
}

const FILTERS: [&str; 40] = [
    "张",
    "zs",
    "chongqing",
    "zhongqing",
    "zeng",
    "a%b",
    "_",
    "ann",
    "138",
    "vip",
    "\"8 个\"",
    "tag:VIP",
    "-tag:vip",
    "tag:母婴,t9",
    "tag:v*",
    "has:tag",
    "-has:tag",
    "city:hangzhou",
    "city:杭*",
    "王姐",
    "remark:VIP",
    "-remark:VIP",
    "remark:*王姐",
    "has:remark",
    "-has:remark",
    "has:city",
    "has:phone",
    "phone:*139",
    "points:>1",
    "-points:>1",
    "ltv:>=1000元",
    "orders:1..2",
    "contacted:<-30d",
    "-contacted:<-30d",
    "ordered:today",
    "stage:dormant,lost (points:5 OR is:quiet)",
    "birthday:12-20..01-05",
    "rfm:r>=4",
    "churn:>=0.5",
    "is:buyer -is:repeat",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn sql_and_memory_agree(customers in proptest::collection::vec(any_customer(), 1..12)) {
        let customers: Vec<Customer> = customers
            .into_iter()
            .enumerate()
            .map(|(n, customer)| Customer { id: format!("c{n:02}").into(), ..customer })
            .collect();
        let mut bench = Bench::with([tag("t1", "VIP", "k1", 1).any(), tag("t2", "母婴", "k1", 2).any()]);
        bench.put(customers.iter().cloned().map(Record::any));
        for filter in FILTERS {
            let query = parse(Scope::Customers, filter).unwrap();
            let memory = customers.iter().filter(|customer| query.matches(&Memory((*customer).clone()), &moment()));
            let memory: Vec<String> = memory.map(|customer| customer.id.0.clone()).collect();
            prop_assert_eq!(ids(&bench, Scope::Customers, filter, &moment()), memory, "{}", filter);
        }
    }
}

#[test]
fn what_colleagues_call_a_customer_is_found_by_text() {
    let mut known = customer("c1", "李想");
    known.relations =
        vec![crate::model::Relation { remark: Some("羽毛球球友".into()), ..Default::default() }];
    let bench = Bench::with([known.any(), customer("c2", "王芳").any()]);
    let at = moment();
    assert_eq!(ids(&bench, Scope::Customers, "羽毛球", &at), ["c1"]);
    assert_eq!(ids(&bench, Scope::Customers, "球友", &at), ["c1"]);
    assert!(ids(&bench, Scope::Customers, "篮球", &at).is_empty());
}

#[test]
fn pinyin_finds_what_the_text_finds() {
    let mut known = customer("c1", "李想");
    known.alias = Some("单车侠".into());
    known.relations = vec![relation("o1", Some("糖糖妈妈".into()))];
    let mut bench = Bench::with([known.clone().any(), customer("c2", "王芳").any()]);
    for filter in ["妈妈", "mama", "ttmm", "tangtang", "dcx", "lixiang"] {
        assert_eq!(ids(&bench, Scope::Customers, filter, &moment()), ["c1"], "{filter}");
    }
    // Nothing but what a colleague wrote is another.
    known.relations = vec![relation("o1", Some("豆豆爸爸".into()))];
    bench.put([known.any()]);
    assert_eq!(ids(&bench, Scope::Customers, "baba", &moment()), ["c1"]);
    assert_eq!(ids(&bench, Scope::Customers, "mama", &moment()), [""; 0]);
}
