//! `[pull.KIND]`: the request for a page, how pages follow each other, where the items are, and what
//! they come to.

use std::time::Duration;

use toml::de::DeTable;

use super::fans;
use super::filters::{self, DETAIL, MAP, PULL};
use super::paging::paging;
use super::parts::{Changed, Detail, Each, Of, Pull};
use super::read::{errors, request};
use crate::backend::mapping::{Filter, Mapping};
use crate::i18n::words::{config, connector as words};
use crate::model::Resource;
use crate::reading::{At, Reader, Section, entries, meant, nearest, table_of};

const KEYS: &[&str] = &[
    "request",
    "paging",
    "items",
    "map",
    "fields",
    "changed",
    "each",
    "detail",
    "errors",
    "with",
    "also",
    "in_parts",
    "departures",
    "grows",
    "at",
];

/// All kinds of record, in the order of the data model.
pub(super) fn read_all(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Pull> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(resource) = Resource::parse(name.value).filter(|resource| resource.name() == name.value)
        else {
            let names = Resource::ALL.iter().map(|resource| resource.name());
            let hint = match nearest(name.value, names.clone()) {
                Some(near) => meant(config::MEANT, near),
                None => config::KNOWN_ARE.with("names", names.collect::<Vec<_>>().join(", ")),
            };
            reader.refuse(name.span, words::NO_KIND.with("name", name.value), Some(hint));
            continue;
        };
        let title = format!("pull.{resource}");
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, KEYS).at(name.span.clone());
        if let Some(pull) = read(reader, resource, &title, &section) {
            all.push(pull);
        }
    }
    for pull in &all {
        let Some(Each { of: Of::Kind(kind), .. }) = &pull.each else { continue };
        let of = all.iter().find(|other| other.resource == *kind);
        if of.is_none_or(|of| of.each.is_some()) {
            let message = words::EACH_OF_NOTHING.with("kind", kind.name());
            reader.refuse(0..0, message.and(format!(" [pull.{}]", pull.resource)), None);
        }
    }
    for pull in &all {
        check_lookups(reader, &all, &pull.lookups, &format!("pull.{}", pull.resource));
    }
    all.sort_by_key(|pull| pull.resource);
    all
}

/// The kind of record that a key names.
pub(super) fn resource(reader: &mut Reader<'_>, name: &At<&str>) -> Option<Resource> {
    let found = Resource::parse(name.value).filter(|resource| resource.name() == name.value);
    if found.is_none() {
        let names = Resource::ALL.iter().map(|resource| resource.name());
        let hint = match nearest(name.value, names.clone()) {
            Some(near) => meant(config::MEANT, near),
            None => config::KNOWN_ARE.with("names", names.collect::<Vec<_>>().join(", ")),
        };
        reader.refuse(name.span.clone(), words::NO_KIND.with("name", name.value), Some(hint));
    }
    found
}

fn read(reader: &mut Reader<'_>, resource: Resource, title: &str, section: &Section<'_, '_>) -> Option<Pull> {
    let mut request = request(reader, section, title, PULL);
    if let Some(request) = &mut request {
        request.errors = errors(reader, section, &format!("{title}.errors"));
    }
    let paging = paging(reader, section, title);
    let items = items(reader, section);
    let map = map(reader, section, title);
    let changed = section.table(reader, "changed").map(|table| {
        let section = Section::new(reader, table, &format!("{title}.changed"), &["query", "overlap"]);
        let query = section.table(reader, "query").map(|table| filters::templates(reader, table, PULL));
        let overlap = section.number(reader, "overlap", 0..=86_400).unwrap_or(60);
        Changed { query: query.unwrap_or_default(), overlap: Duration::from_secs(overlap.unsigned_abs()) }
    });
    let each = match section.place("each") {
        Some(_) => Some(fans::each(reader, section, resource)?),
        None => None,
    };
    let detail = match section.place("detail") {
        Some(_) => Some(detail(reader, section, title)?),
        None => None,
    };
    let with = section.table(reader, "with").map(|table| fans::with(reader, table, title));
    let also = section.table(reader, "also").map(|table| fans::also(reader, table, title, resource));
    let in_parts = section.truth(reader, "in_parts").unwrap_or(false);
    if let Some(span) = section.place("in_parts").filter(|_| in_parts && resource != Resource::Customers) {
        reader.refuse(span, words::PARTS_OF_CUSTOMERS, None);
    }
    let map = map?;
    let lookups = lookups(reader, section, map.lookups());
    Some(Pull {
        resource,
        request: request?,
        paging: paging?,
        items,
        map,
        changed,
        each,
        detail,
        lookups,
        with: with.unwrap_or_default(),
        also: also.unwrap_or_default(),
        in_parts,
        departures: section.truth(reader, "departures").unwrap_or(false),
        grows: section.truth(reader, "grows").unwrap_or(false),
        at: at(reader, section),
    })
}

/// `at`: times of the day, each with its zone, as milliseconds into the day of UTC.
fn at(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Vec<i64> {
    let times = section.words(reader, "at").map(|times| times.value).unwrap_or_default();
    let mut all = Vec::new();
    for time in times {
        match moment_of_day(&time.value) {
            Some(millis) => all.push(millis),
            None => reader.refuse(time.span, words::TIME_OF_DAY, None),
        }
    }
    all
}

/// Milliseconds into the day of UTC of a text such as `06:30+08:00`.
fn moment_of_day(text: &str) -> Option<i64> {
    let moment: jiff::Timestamp = format!("2026-01-02T{text}").parse().ok()?;
    (text.len() == "06:30+08:00".len()).then(|| moment.as_millisecond().rem_euclid(86_400_000))
}

/// `detail`.
fn detail(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str) -> Option<Detail> {
    let table = section.table(reader, "detail")?;
    let title = format!("{title}.detail");
    let at = section.place("detail").unwrap_or(0..0);
    let of = Section::new(reader, table, &title, &["request", "item", "at_once"]).at(at);
    let request = request(reader, &of, &title, DETAIL);
    let item = match of.place("item") {
        Some(_) => filters::filter(reader, &of, "item", DETAIL)?,
        None => Filter::compile(".", DETAIL).ok()?,
    };
    let at_once = of.number(reader, "at_once", 1..=64).and_then(|number| usize::try_from(number).ok());
    Some(Detail { request: request?, item, at_once: at_once.unwrap_or(4) })
}

/// The kinds that filters look up, where there are such.
pub(super) fn lookups(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    names: impl Iterator<Item = String>,
) -> Vec<Resource> {
    let mut all: Vec<Resource> =
        names.filter_map(|name| resource(reader, &At { value: &name, span: section.span() })).collect();
    all.sort();
    all.dedup();
    all
}

/// Refuses lookups of kinds that are not pulled, or that look up others themselves.
pub(super) fn check_lookups(reader: &mut Reader<'_>, pulls: &[Pull], asked: &[Resource], title: &str) {
    for kind in asked {
        let of = pulls.iter().find(|pull| pull.resource == *kind);
        if of.is_none_or(|of| !of.lookups.is_empty()) {
            let message = words::LOOKUP_OF_NOTHING.with("kind", kind.name());
            reader.refuse(0..0, message.and(format!(" [{title}]")), None);
        }
    }
}

/// Where the items are: one place, or several of which the first that is there counts.
pub(super) fn items(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Vec<Filter> {
    let Some(value) = section.get("items") else {
        return Filter::compile(".", PULL).into_iter().collect();
    };
    let texts = match value.get_ref().as_str() {
        Some(text) => vec![At { value: text.to_owned(), span: value.span() }],
        None => section.words(reader, "items").map(|list| list.value).unwrap_or_default(),
    };
    texts.iter().filter_map(|text| filters::compiled(reader, text, PULL)).collect()
}

/// `map`, or `fields`.
pub(super) fn map(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str) -> Option<Mapping> {
    let one = section.text(reader, "map");
    let table = section.table(reader, "fields");
    match (one, table) {
        (Some(one), None) => {
            Mapping::compile(&one.value, MAP).map_err(|misread| filters::refuse(reader, &one, misread)).ok()
        }
        (None, Some(table)) => {
            let mut texts = Vec::new();
            for (name, value) in entries(table) {
                texts.push((name.value.to_owned(), filters::word(reader, name.value, value)?));
            }
            let fields: Vec<_> = texts.iter().map(|(name, at)| (name.clone(), at.value.clone())).collect();
            Mapping::fields(&fields, MAP)
                .map_err(|(n, misread)| {
                    if let Some((_, at)) = texts.get(n) {
                        filters::refuse(reader, at, misread);
                    }
                })
                .ok()
        }
        (Some(one), Some(_)) => {
            reader.refuse(one.span, words::MAP_OR_FIELDS, None);
            None
        }
        (None, None) => {
            if section.place("map").is_none() && section.place("fields").is_none() {
                let message = words::MISSING_KEY.with("name", title).with("key", "map");
                reader.refuse(section.span(), message, Some("map = '{id: .id, …}'".into()));
            }
            None
        }
    }
}
