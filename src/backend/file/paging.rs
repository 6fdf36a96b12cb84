//! `paging` of a pull: how one page leads to the next, and where that ends.

use super::filters::{self, PULL};
use super::parts::{Paging, PagingKind, RequestShape};
use super::read::request;
use crate::backend::mapping::Filter;
use crate::i18n::words::connector as words;
use crate::reading::{Reader, Section};

const KEYS: &[&str] = &[
    "kind",
    "param",
    "first",
    "size",
    "size_param",
    "next",
    "more",
    "total",
    "total_header",
    "short_ends",
    "used",
    "count",
    "then",
];
/// The same within `then`.
const THEN: &[&str] =
    &["after", "kind", "param", "first", "size", "size_param", "next", "more", "total", "short_ends", "used"];

/// `paging` of a pull; all comes at once where nothing is said.
pub(super) fn paging(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str) -> Option<Paging> {
    of(reader, section, title, "paging", KEYS)
}

/// The table under `key`, in whose `then` there is none any more.
fn of(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    title: &str,
    key: &str,
    keys: &[&str],
) -> Option<Paging> {
    let mut paging = Paging {
        kind: PagingKind::None,
        param: None,
        size_param: None,
        size: 100,
        first: 1,
        next: None,
        more: None,
        total: None,
        total_header: None,
        short_ends: false,
        used: None,
        count: None,
        then: None,
    };
    let Some(table) = section.table(reader, key) else { return Some(paging) };
    let at = section.place(key).unwrap_or(0..0);
    let name = format!("{title}.{key}");
    let section = Section::new(reader, table, &name, keys).at(at.clone());
    if section.place("kind").is_none() {
        reader.refuse(at.clone(), words::MISSING_KEY.with("name", name.clone()).with("key", "kind"), None);
    }
    paging.kind = section.choice(reader, "kind", PagingKind::WORDS)?;
    let text = |reader: &mut Reader<'_>, key| section.text(reader, key).map(|text| text.value);
    paging.param = text(reader, "param");
    paging.size_param = text(reader, "size_param");
    paging.total_header = text(reader, "total_header");
    let number =
        |reader: &mut Reader<'_>, key, range| section.number(reader, key, range).map(i64::unsigned_abs);
    paging.size = number(reader, "size", 1..=10_000).unwrap_or(paging.size);
    paging.first = number(reader, "first", 0..=1).unwrap_or(paging.first);
    paging.next = filters::filter(reader, &section, "next", PULL);
    paging.more = filters::filter(reader, &section, "more", PULL);
    paging.total = filters::filter(reader, &section, "total", PULL);
    paging.short_ends = section.truth(reader, "short_ends").unwrap_or(false);
    paging.used = filters::filter(reader, &section, "used", PULL);
    if section.place("count").is_some() {
        paging.count = Some(Box::new(count(reader, &section, &format!("{name}.count"))?));
    }
    if section.place("then").is_some() {
        let after = after(reader, &section, &format!("{name}.then"));
        let then = of(reader, &section, &name, "then", THEN)?;
        paging.then = Some(Box::new((after?, then)));
    }
    let needs_next = matches!(paging.kind, PagingKind::Cursor | PagingKind::NextUrl | PagingKind::Keyset);
    if needs_next && section.place("next").is_none() {
        reader.refuse(at, words::MISSING_KEY.with("name", name).with("key", "next"), None);
        return None;
    }
    if !needs_next && let Some(span) = section.place("next") {
        reader.refuse(span, words::NEXT_UNUSED, None);
    }
    Some(paging)
}

/// `count`: a request of its own for the total.
fn count(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str) -> Option<(RequestShape, Filter)> {
    let table = section.table(reader, "count")?;
    let at = section.place("count").unwrap_or(0..0);
    let of = Section::new(reader, table, title, &["request", "total"]).at(at.clone());
    let request = request(reader, &of, title, PULL);
    let total = filters::filter(reader, &of, "total", PULL);
    if of.place("total").is_none() {
        reader.refuse(at, words::MISSING_KEY.with("name", title).with("key", "total"), None);
    }
    Some((request?, total?))
}

/// `then.after`.
fn after(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str) -> Option<u64> {
    let table = section.table(reader, "then")?;
    // Its keys are looked at where the rest of it is read.
    let keys: Vec<&str> = table.keys().map(|key| key.get_ref().as_ref()).collect();
    let of = Section::new(reader, table, title, &keys);
    let number = of.number(reader, "after", 1..=10_000_000);
    if of.place("after").is_none() {
        let at = section.place("then").unwrap_or(0..0);
        reader.refuse(at, words::MISSING_KEY.with("name", title).with("key", "after"), None);
    }
    number.map(i64::unsigned_abs)
}
