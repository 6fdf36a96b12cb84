//! How many customers a second mappings make of what a backend answers, on one core, beside
//! serde_json's own reading of the same bytes. `cargo bench --bench mapping`; a number of seconds for
//! each measurement may follow (`-- 5`).
//!
//! Fails where a mapping is slower than what is asked of it.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siyu::backend::ConnectorFile;
use siyu::backend::file::SHIPPED;
use siyu::backend::mapping::{Bindings, Mapping};
use siyu::model::Resource;

/// Customers in the bytes that are mapped.
const CUSTOMERS: usize = 2_000;

/// A mapping of paths and helpers, as most connectors have it.
const PLAIN: &str = r#"
[connector]
format = 1
name = "plain"
[pull.customers]
request = { path = "/" }
[pull.customers.fields]
id = '.id'
name = '.profile.name // ""'
remark = '.profile.remark'
company = '.profile.company'
city = '.address.city'
source = '.source'
stage = '.stage'
level = '.level'
tags = '.tags'
owners = '.owners'
added_at = '.created | epoch_s'
last_contact_at = '.contacted | epoch_ms'
updated_at = '.updated | rfc3339'
custom = '{plan: .plan, rank: .rank}'
"#;

fn plain(n: usize) -> Value {
    json!({
        "id": 9_007_199_254_740_993_u64 + n as u64, "profile": {"name": "张三丰", "remark": "老客户, 喜欢绿茶", "company": "某某科技有限公司"},
        "address": {"city": "杭州", "street": "文三路 100 号", "zip": "310000"}, "source": "扫码", "stage": "active", "level": "gold",
        "tags": ["t1", "t2", "t3"], "owners": ["u1"], "created": 1_600_000_000 + n, "contacted": 1_700_000_000_000_u64 + n as u64,
        "updated": "2023-11-14T22:13:20+08:00", "plan": "pro", "rank": n % 100, "avatar": "https://example.com/a/b/c.png", "note": null,
    })
}

/// One item of `batch/get_by_user`, as the documentation of WeCom has it.
fn wecom(n: usize) -> Value {
    json!({
        "external_contact": {"external_userid": format!("wmJ8sTCAAA{n:022}"), "name": "李四", "position": "经理", "corp_name": "腾讯", "corp_full_name": "腾讯科技有限公司",
            "avatar": "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0", "type": 2, "gender": 1, "unionid": "ozynqsulJFCZ2z1aYeS8h-nuasdfR1"},
        "follow_info": {"userid": "rocky", "remark": "李部长", "description": "对接采购事务", "createtime": 1_525_779_812 + n, "tag_id": ["stAAAAAAAAAAAA01", "stAAAAAAAAAAAA02"],
            "remark_corp_name": "腾讯科技", "remark_mobiles": ["13800000001", "13000000002"], "oper_userid": "rocky", "add_way": 3, "state": "teststate"},
    })
}

/// What stands for WeCom's mapping: nested rows, a list in a list, words for codes.
const WECOM: &str = r#"
[connector]
format = 1
name = "wecom"
[pull.customers]
request = { path = "/" }
map = '''
.external_contact as $c | .follow_info as $f
| {id: $c.external_userid, name: ($c.name // ""), kind: {"1": "wechat", "2": "wecom"}[$c.type | tostring],
   gender: {"1": "male", "2": "female"}[$c.gender | tostring], company: ($f.remark_corp_name | absent("")) // ($c.corp_name | absent("")),
   phones: ($f.remark_mobiles // []), channels: [{kind: "wecom", id: $c.external_userid}, ($c.unionid // empty | {kind: "wechat", id: .})],
   owners: [$f.userid], tags: ($f.tag_id // []), remark: ($f.remark | absent("")), added_at: ($f.createtime | epoch_s),
   relations: [{operator_id: $f.userid, remark: ($f.remark | absent("")), description: ($f.description | absent("")),
     added_at: ($f.createtime | epoch_s), add_way: ($f.add_way | text), stage: ($f.state | absent("")), tags: ($f.tag_id // [])}]}
'''
"#;

struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    map: Mapping,
    /// Customers a second that are asked for.
    bar: f64,
}

fn case(name: &'static str, text: &str, item: fn(usize) -> Value, bar: f64) -> Case {
    let file = ConnectorFile::read(Path::new(name), text).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let map = file.pull(Resource::Customers).map(|pull| pull.map.clone()).unwrap_or_else(|| panic!("{name}"));
    let items: Vec<Value> = (0..CUSTOMERS).map(item).collect();
    Case { name, bytes: Value::Array(items).to_string().into_bytes(), map, bar }
}

/// Customers a second: the best of the runs that fit into the time.
fn rate(patience: Duration, mut work: impl FnMut() -> usize) -> f64 {
    let (started, mut best) = (Instant::now(), f64::MAX);
    while started.elapsed() < patience {
        let at = Instant::now();
        let done = work();
        assert_eq!(done, CUSTOMERS, "each customer comes to one record");
        best = best.min(at.elapsed().as_secs_f64());
    }
    CUSTOMERS as f64 / best
}

fn main() {
    let seconds = std::env::args().filter_map(|argument| argument.parse::<u64>().ok()).next_back();
    let patience = Duration::from_secs(seconds.unwrap_or(3));
    let bindings = Bindings::default().with("$vars", json!({"zone": "+08:00"}));
    let shipped = SHIPPED.iter().find(|(name, _)| *name == "wecom").map_or(WECOM, |(_, text)| *text);
    let cases = [case("plain", PLAIN, plain, 100_000.0), case("wecom", shipped, wecom, 25_000.0)];
    println!("customers a second, one core     serde_json    mapping    of it   bytes to rows    asked for");
    let mut slow = false;
    for case in &cases {
        let parse = || serde_json::from_slice::<Vec<Value>>(&case.bytes).unwrap_or_default();
        let items = parse();
        let bound = case.map.bind(&bindings);
        let map = |items: &[Value]| {
            let rows = items.iter().map(|item| bound.rows(item).map_or(0, |rows| black_box(rows).len()));
            rows.sum::<usize>()
        };
        let reading = rate(patience, || black_box(parse()).len());
        let mapping = rate(patience, || map(&items));
        let both = rate(patience, || map(&parse()));
        let ratio = mapping / reading;
        println!(
            "{:<28} {reading:>14.0} {mapping:>10.0} {ratio:>8.2} {both:>15.0} {:>12.0}",
            case.name, case.bar
        );
        slow |= mapping < case.bar;
    }
    if slow {
        eprintln!("a mapping is slower than what is asked for");
        std::process::exit(1);
    }
}
