//! `list`, `show` and `count` on a real cache, without a process.

use clap::{CommandFactory, Parser};
use jiff::tz::TimeZone;

use super::*;
use crate::cache::{Batch, Cache};
use crate::cli::{count, show};
use crate::i18n::Lang;
use crate::model::{
    AnyRecord, Customer, CustomerId, FollowUp, Operator, Order, OrderItem, Record as _, Resource, Tag,
    TagGroup, Time,
};
use crate::query::Moment;
use crate::query::ask::{Anchor, Answer, Ask, ListAsk};
use crate::ui::text::WidthMode;

#[derive(Parser)]
enum Line {
    List(ListArgs),
    Show(show::ShowArgs),
    Count(count::CountArgs),
}

struct Bench {
    _folder: tempfile::TempDir,
    reader: Reader,
    moment: Moment,
}

impl Bench {
    fn with(records: Vec<AnyRecord>) -> Self {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let moment = Moment { now: Time::parse("2026-03-17T10:42:00+08:00").unwrap(), zone, me: None };
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), moment.now).unwrap().cache;
        let mut writer = cache.writer(moment.clone()).unwrap();
        if !records.is_empty() {
            let mark = writer.begin_pull(Resource::Customers).unwrap();
            let mut batch = Batch::new(Resource::Customers);
            batch.upserts = records;
            batch.pull = Some(mark);
            writer.apply(&batch).unwrap();
            writer.finish_pull(Resource::Customers, mark).unwrap();
        }
        Self { _folder: folder, reader: cache.reader().unwrap(), moment }
    }

    fn community() -> Self {
        let customer = |id: &str, name: &str, active: Option<i64>, ltv: Option<i64>| Customer {
            id: id.into(),
            name: name.to_owned(),
            last_active_at: active.map(|hours| Time::from_millis(1_773_000_000_000 + hours * 3_600_000)),
            ltv,
            currency: Some("CNY".to_owned()),
            ..Customer::default()
        };
        let mut wang = customer("c2", "王建国 Wang", Some(30), Some(120_000));
        wang.tags = vec!["t1".into(), "t2".into()];
        wang.owners = vec!["o1".into()];
        wang.phones = vec!["138".to_owned(), "139".to_owned()];
        wang.remark = Some("said \"hi\", twice\nand left".to_owned());
        Self::with(vec![
            customer("c1", "单晓琳", Some(40), None).any(),
            wang.any(),
            customer("c3", "\u{1b}[31mred\u{202e}", None, Some(5)).any(),
            Operator { id: "o1".into(), name: "小李".to_owned(), ..Operator::default() }.any(),
            TagGroup { id: "k1".into(), name: "兴趣".to_owned(), ..TagGroup::default() }.any(),
            Tag { id: "t1".into(), name: "VIP".to_owned(), order: Some(2), ..Tag::default() }.any(),
            Tag { id: "t2".into(), name: "母婴".to_owned(), order: Some(1), ..Tag::default() }.any(),
            FollowUp {
                id: "f1".into(),
                customer_id: "c2".into(),
                title: "回访".to_owned(),
                due_at: Some(Time::parse("2026-03-17T15:00:00+08:00").unwrap()),
                ..FollowUp::default()
            }
            .any(),
        ])
    }

    fn at(&self) -> Reading<'_> {
        let (mode, lang) = (WidthMode::Narrow, Lang::En);
        Reading { reader: &self.reader, moment: &self.moment, mode, lang, mask_phones: true }
    }

    fn run(&self, line: &[&str]) -> Result<String, Failure> {
        let args = shield::shield(std::iter::once(&"siyu").chain(line).map(Into::into), &Line::command());
        let mut out = Vec::new();
        let at = self.at();
        match Line::try_parse_from(args).map_err(|error| Failure::Usage(error.to_string().into()))? {
            Line::List(args) => run(&args, &at, &mut out)?,
            Line::Show(args) => show::run(&args, &at, &mut out)?,
            Line::Count(args) => count::run(&args, &at, &mut out)?,
        }
        Ok(String::from_utf8(out).unwrap())
    }

    fn refused(&self, line: &[&str]) -> (u8, String) {
        let failure = self.run(line).unwrap_err();
        (failure.status(), failure.to_string())
    }
}

#[test]
fn a_table_is_aligned_by_width_and_safe_to_look_at() {
    let bench = Bench::community();
    let table = bench.run(&["list", "customers", "--columns", "id,name,tag,owner,ltv,due"]).unwrap();
    let expected = "\
ID  NAME         TAG        OWNER      LTV  DUE
c1  单晓琳
c2  王建国 Wang  母婴, VIP  小李   ￥1,200  2026-03-17 15:00
c3  ^[[31mred                       ￥0.05
";
    assert_eq!(table, expected);
}

#[test]
fn the_list_is_the_pane() {
    let bench = Bench::community();
    for sort in ["", "ltv", "-name"] {
        let sort = parse_sort(Scope::Customers, sort).unwrap();
        let list = bench.run(&["list", "customers", "--columns", "id", "--sort", &sort.to_string()]).unwrap();
        let query = Query::all(Scope::Customers);
        let ask = Ask::Customers(ListAsk { query, sort, anchor: Anchor::Start, before: 0, after: 9 });
        let Answer::Customers(window) = bench.reader.answer(&ask, &bench.moment).unwrap() else { panic!() };
        let pane: Vec<CustomerId> = window.rows.into_iter().map(|row| row.row.id).collect();
        let listed: Vec<CustomerId> = list.lines().skip(1).map(Into::into).collect();
        assert_eq!(listed, pane);
    }
    let Answer::Tags(pane) = bench.reader.answer(&Ask::Tags, &bench.moment).unwrap() else { panic!() };
    let list = bench.run(&["list", "tags", "--columns", "name"]).unwrap();
    assert_eq!(
        list.lines().skip(1).collect::<Vec<_>>(),
        pane.iter().map(|tag| &tag.name).collect::<Vec<_>>()
    );
}

#[test]
fn json_and_lines_hold_the_records_to_the_byte() {
    let bench = Bench::community();
    let lines = bench.run(&["list", "customers", "--format", "jsonl"]).unwrap();
    for line in lines.lines() {
        let record: Customer = serde_json::from_str(line).unwrap();
        let stored = bench.reader.record(Resource::Customers, record.id.as_str()).unwrap();
        assert_eq!(stored.as_deref(), Some(line));
    }
    assert_eq!(lines.lines().count(), 3);
    let array: Vec<Customer> =
        serde_json::from_str(&bench.run(&["list", "customers", "--format", "json"]).unwrap()).unwrap();
    let one_by_one: Vec<Customer> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, one_by_one);
    let some = bench.run(&["list", "customers", "--format", "jsonl", "--columns", "ltv,id", "--limit", "2"]);
    assert_eq!(some.unwrap(), "{\"ltv\":null,\"id\":\"c1\"}\n{\"ltv\":120000,\"id\":\"c2\"}\n");
    assert_eq!(bench.run(&["list", "groups", "--format", "json"]).unwrap(), "[]\n");
}

#[test]
fn csv_is_quoted_where_it_must_be() {
    let bench = Bench::community();
    let csv = bench
        .run(&["list", "customers", "王建国", "--format", "csv", "--columns", "id,remark,phones,tag,alias"])
        .unwrap();
    let expected =
        "id,remark,phones,tag,alias\r\nc2,\"said \"\"hi\"\", twice\nand left\",138;139,\"母婴, VIP\",\r\n";
    assert_eq!(csv, expected);
    let empty = bench.run(&["list", "snippets", "--format", "csv"]).unwrap();
    assert_eq!(empty, "id,title,body,group\r\n");
}

#[test]
fn one_record_whole() {
    let bench = Bench::community();
    let json = bench.run(&["show", "customers", "c2", "--format", "json"]).unwrap();
    let stored = bench.reader.record(Resource::Customers, "c2").unwrap().unwrap();
    assert_eq!(json, stored + "\n");
    let table = bench.run(&["show", "customers", "c2"]).unwrap();
    assert!(table.contains("\nname            王建国 Wang\n"), "{table}");
    assert!(table.contains("\ntag             母婴, VIP\n"), "{table}");
    assert!(table.contains("said \"hi\", twice\n                and left\n"), "{table}");
    let csv = bench.run(&["show", "follow-ups", "f1", "--format", "csv"]).unwrap();
    assert!(csv.starts_with("id,customer_id,title,") && csv.contains("\r\nf1,c2,回访,"), "{csv}");
    assert_eq!(bench.refused(&["show", "customers", "c9"]).0, 1);
    assert_eq!(bench.refused(&["show", "outbox", "1"]).0, 1);
}

#[test]
fn counting_is_one_number() {
    let bench = Bench::community();
    assert_eq!(bench.run(&["count", "customers"]).unwrap(), "3\n");
    assert_eq!(bench.run(&["count", "customers", "王建国"]).unwrap(), "1\n");
    assert_eq!(bench.run(&["count", "outbox"]).unwrap(), "0\n");
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let bench = Bench::community();
    let (status, message) = bench.refused(&["list", "customers", "王建国", "\"open"]);
    assert_eq!(status, 2);
    assert!(message.starts_with("column 8: "), "{message}");
    assert!(message.contains("\n  王建国 \"open\n         ^"), "{message}");
    let (status, message) = bench.refused(&["list", "customers", "--sort", "-aded"]);
    assert!(status == 2 && message.contains("added"), "{message}");
    let (status, message) = bench.refused(&["list", "customers", "--columns", "nmae"]);
    assert!(status == 2 && message.contains("did you mean name?"), "{message}");
}

#[test]
fn negated_words_are_no_flags() {
    let bench = Bench::community();
    for word in ["-王建国", "-wang", "-remark:said*", "-jian"] {
        let rest = bench.run(&["list", "customers", word, "--columns", "id"]).unwrap();
        assert_eq!(rest, "ID\nc1\nc3\n", "{word}");
    }
    let (status, message) = bench.refused(&["list", "customers", "-stge:lead", "--columns", "id"]);
    assert_eq!(status, 2);
    assert!(message.starts_with("column 2: ") && message.contains("\n  -stge:lead\n   ^^^^"), "{message}");
}

#[test]
fn a_key_that_is_near_none_is_told_which_there_are() {
    let bench = Bench::community();
    let (status, message) = bench.refused(&["count", "customers", "frob:1"]);
    assert_eq!(status, 2);
    assert!(
        message.starts_with("column 1: ") && message.contains("keys are ") && message.contains("stage"),
        "{message}"
    );
    let (_, message) = bench.refused(&["count", "customers", "stge:1"]);
    assert!(message.contains("stage") && !message.contains("keys are "), "{message}");
}

#[test]
fn what_holds_nothing_yet_says_so_honestly() {
    let bench = Bench::with(Vec::new());
    assert_eq!(bench.run(&["list", "outbox", "--format", "json"]).unwrap(), "[]\n");
    assert_eq!(bench.run(&["list", "audit", "x", "--format", "jsonl"]).unwrap(), "");
    assert_eq!(bench.refused(&["list", "audit", "--sort", "at"]).0, 2);
    assert_eq!(bench.refused(&["list", "audit", "--columns", "nobody"]).0, 2);
    let (status, message) = bench.refused(&["list", "customers"]);
    assert!(status == 1 && message.contains("siyu sync"), "a cache that was never filled: {message}");
}

#[test]
fn a_reader_who_goes_ends_it_quietly() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let bench = Bench::community();
    let Line::List(args) = Line::parse_from(["siyu", "list", "customers"]) else { panic!() };
    run(&args, &bench.at(), &mut Gone).unwrap();
}

#[test]
fn naughty_strings_leave_byte_for_byte() {
    let Ok(text) = std::fs::read_to_string("../shared/corpora/blns.json") else {
        eprintln!("skipped: ../shared/corpora/blns.json is not there");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&text).unwrap();
    let record = |(n, text): (usize, &String)| {
        Customer { id: format!("c{n:04}").into(), name: text.clone(), ..Customer::default() }.any()
    };
    let bench = Bench::with(strings.iter().enumerate().map(record).collect());
    let lines = bench.run(&["list", "customers", "--sort", "id", "--format", "jsonl"]).unwrap();
    let names: Vec<String> =
        lines.lines().map(|line| serde_json::from_str::<Customer>(line).unwrap().name).collect();
    assert_eq!(names, strings);
    let columns = ["list", "customers", "--sort", "id", "--format", "csv", "--columns", "name"];
    let raw = bench.run(&[&columns[..], &["--raw"]].concat()).unwrap();
    assert_eq!(read_csv(&raw), [&["name".to_owned()][..], &strings].concat());
    // Without it no text is a formula, and nothing but that apostrophe is added.
    let guarded = bench.run(&columns).unwrap();
    for (text, raw) in read_csv(&guarded).iter().skip(1).zip(&strings) {
        assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r']), "{text:?}");
        assert!(text == raw || text.strip_prefix('\'') == Some(raw), "{text:?} of {raw:?}");
    }
    let table = bench.run(&["list", "customers", "--sort", "id", "--columns", "name,id"]).unwrap();
    assert_eq!(table.lines().count(), strings.len() + 1);
    assert!(!table.contains(|c: char| c.is_control() && c != '\n'));
}

/// One column of RFC 4180, read back as an independent witness.
fn read_csv(text: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut chars = quoted.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                if c == '"' && chars.next_if(|(_, next)| *next == '"').is_none() {
                    rest = quoted[at + 1..].strip_prefix("\r\n").expect("a line end after the quotes");
                    break;
                }
                field.push(c);
            }
            fields.push(field);
        } else {
            let (field, after) = rest.split_once("\r\n").expect("a line end");
            fields.push(field.to_owned());
            rest = after;
        }
    }
    fields
}

#[test]
fn money_is_read_as_in_the_console_and_exported_as_it_is() {
    let customer = |id: &str, ltv: Option<i64>, currency: &str| Customer {
        id: id.into(),
        ltv,
        currency: Some(currency.to_owned()),
        ..Customer::default()
    };
    let item = |name: &str, qty, amount| OrderItem {
        name: name.to_owned(),
        qty: Some(qty),
        amount: Some(amount),
        ..OrderItem::default()
    };
    let order = Order {
        id: "o1".into(),
        amount: Some(56_850),
        currency: Some("CNY".to_owned()),
        items: vec![item("奶粉1段", 2, 50_000), item("奶瓶", 1, 6_850)],
        ..Order::default()
    };
    let customers = [customer("c1", Some(123_450), "CNY"), customer("c2", Some(1_200), "JPY")];
    let customers = customers.into_iter().chain([customer("c3", None, "CNY")]).map(|customer| customer.any());
    let bench = Bench::with(customers.chain([order.any()]).collect());
    let list = |what: &str, columns: &str, format: &str| {
        bench.run(&["list", what, "--sort", "id", "--columns", columns, "--format", format]).unwrap()
    };
    let table = list("customers", "id,ltv", "table");
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines, ["c1  ￥1,234.50", "c2   JPY 1,200", "c3"], "{table}");
    assert!(list("customers", "ltv", "markdown").contains("| ￥1,234.50 |"));
    assert_eq!(list("customers", "ltv", "csv"), "ltv\r\n123450\r\n1200\r\n\r\n");
    assert!(list("customers", "ltv", "jsonl").starts_with("{\"ltv\":123450}"));
    assert!(list("orders", "amount,items", "table").contains("￥568.50  奶粉1段 x2 ￥500; 奶瓶 ￥68.50"));
    assert!(list("orders", "amount", "csv").contains("56850"));
    let shown = bench.run(&["show", "customers", "c1"]).unwrap();
    assert!(shown.contains("￥1,234.50") && !shown.contains("123450"), "{shown}");
}
