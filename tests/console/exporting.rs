//! The list in view, written to a file.

use std::path::PathBuf;

use siyu::cache::Cache;
use siyu::query::{Scope, parse, parse_sort};
use siyu::runtime::table::{Columns, Format, Manner, Printer};
use siyu::ui::text::WidthMode;

use crate::runner::{Runner, ready};

/// What `siyu list customers FILTER --sort SORT --format FORMAT` prints of the console's cache.
fn listed(console: &Runner, filter: &str, sort: &str, format: Format) -> String {
    let cache = Cache::open(&console.folder.path().join("cache"), console.clock.now()).unwrap().cache;
    let (reader, moment) = (cache.reader().unwrap(), console.clock.moment(None));
    let (query, sort) =
        (parse(Scope::Customers, filter).unwrap(), parse_sort(Scope::Customers, sort).unwrap());
    let columns = Columns::choose(Scope::Customers, &[], format).unwrap();
    let manner = Manner {
        zone: moment.zone.clone(),
        mode: WidthMode::Narrow,
        lang: siyu::i18n::Lang::En,
        mask_phones: false,
    };
    let (mut out, derived) = (Vec::new(), columns.derived.clone());
    let mut printer = Printer::new(&mut out, format, columns, manner);
    reader
        .table(&query, &sort, None, &moment, &derived, |_, body, values| {
            printer.row(body, values).unwrap();
            Ok(())
        })
        .unwrap();
    printer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

/// Has the list written to a file of that name, and waits until it is.
fn exported(console: &mut Runner, name: &str, words: &str) -> PathBuf {
    let path = console.folder.path().join(name);
    console.line(&format!("export {} {words}", path.display()));
    console.wait_until("the end of the export", |console| console.app().exporting.is_none());
    path
}

#[test]
fn the_file_holds_what_siyu_list_gives_of_the_same_filter() {
    let mut console = ready();
    console.line("filter.set stage:active").line("sort.set -ltv,name").settled();
    for (name, format) in [("a.csv", Format::Csv), ("a.jsonl", Format::Jsonl), ("a.md", Format::Markdown)] {
        let path = exported(&mut console, name, "");
        assert!(console.notice().contains("written to"), "{}", console.notice());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() > 3, "{text}");
        assert!(text == listed(&console, "stage:active", "-ltv,name", format), "{name} is another list");
    }
    let path = exported(&mut console, "b.txt", "csv");
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        listed(&console, "stage:active", "-ltv,name", Format::Csv)
    );
}

#[test]
fn marked_rows_alone_are_written_and_what_is_there_stays() {
    let mut console = ready();
    console.line("sort.set name").keys("g g space space").settled();
    let path = exported(&mut console, "marked.csv", "");
    let marked = std::fs::read_to_string(&path).unwrap();
    let all = listed(&console, "", "name", Format::Csv);
    assert_eq!(marked, all.split_inclusive("\r\n").take(3).collect::<String>(), "a head and two rows");
    console.keys("g u").settled();
    exported(&mut console, "marked.csv", "");
    assert!(console.notice().contains("replace"), "it says how: {}", console.notice());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), marked);
    exported(&mut console, "marked.csv", "replace");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), all);
}

#[test]
fn what_cannot_be_written_says_why_and_leaves_nothing() {
    let mut console = ready();
    exported(&mut console, "nowhere/a.csv", "");
    assert!(console.notice().contains("no such folder"), "{}", console.notice());
    exported(&mut console, "a", "");
    assert!(console.notice().contains("which format"), "{}", console.notice());
    exported(&mut console, "a.csv", "xlsx");
    assert!(console.notice().contains("xlsx is none of csv"), "{}", console.notice());
    let files = std::fs::read_dir(console.folder.path()).unwrap();
    let left: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains("csv")), "{left:?}");
}
