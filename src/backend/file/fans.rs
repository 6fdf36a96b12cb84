//! What a pull asks beside its own request: for each of which items, what else it needs, and which other
//! kinds of record its items come to.

use toml::de::DeTable;

use super::filters::{self, PULL};
use super::paging::paging;
use super::parts::{Each, Of, Pull, With};
use super::pulls::{self, items};
use super::read::request;
use crate::backend::mapping::{Filter, Mapping};
use crate::i18n::words::connector as words;
use crate::model::Resource;
use crate::reading::{At, Reader, Section, entries, table_of};

const EACH: &[&str] = &["of", "id", "batch", "request", "paging", "items"];

/// `each`.
pub(super) fn each(reader: &mut Reader<'_>, section: &Section<'_, '_>, own: Resource) -> Option<Each> {
    let table = section.table(reader, "each")?;
    let title = format!("pull.{own}.each");
    let place = section.place("each").unwrap_or(0..0);
    let inner = Section::new(reader, table, &title, EACH).at(place.clone());
    let of = match (inner.place("request"), inner.text(reader, "of")) {
        (Some(_), None) => Of::List(Box::new(list(reader, &inner, &title, own)?)),
        (None, Some(name)) => {
            let at = At { value: name.value.as_str(), span: name.span.clone() };
            let resource = pulls::resource(reader, &at)?;
            if resource == own {
                reader.refuse(name.span, words::EACH_OF_ITSELF, None);
                return None;
            }
            Of::Kind(resource)
        }
        (Some(_), Some(name)) => {
            reader.refuse(name.span, words::EACH_OF_ONE, None);
            return None;
        }
        (None, None) => {
            if inner.place("of").is_none() {
                reader.refuse(place, words::MISSING_KEY.with("name", title).with("key", "of"), None);
            }
            return None;
        }
    };
    let id = match inner.place("id") {
        Some(_) => filters::filter(reader, &inner, "id", PULL)?,
        None => Filter::compile(".id", PULL).ok()?,
    };
    let batch = inner.number(reader, "batch", 1..=1000).and_then(|batch| usize::try_from(batch).ok());
    Some(Each { of, id, batch: batch.unwrap_or(1) })
}

/// A list that is asked for to no other end.
fn list(reader: &mut Reader<'_>, section: &Section<'_, '_>, title: &str, resource: Resource) -> Option<Pull> {
    let request = request(reader, section, title, PULL);
    let paging = paging(reader, section, title);
    let items = items(reader, section);
    Some(Pull {
        resource,
        request: request?,
        paging: paging?,
        items,
        map: Mapping::compile(".", PULL).ok()?,
        changed: None,
        each: None,
        detail: None,
        lookups: Vec::new(),
        with: Vec::new(),
        also: Vec::new(),
        in_parts: false,
        departures: false,
        grows: false,
        at: Vec::new(),
    })
}

/// `with.NAME`.
pub(super) fn with(reader: &mut Reader<'_>, table: &DeTable<'_>, title: &str) -> Vec<With> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let title = format!("{title}.with.{}", name.value);
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, &["request", "item", "optional"]).at(name.span);
        let request = request(reader, &section, &title, PULL);
        let item = match section.place("item") {
            Some(_) => filters::filter(reader, &section, "item", PULL),
            None => Filter::compile(".", PULL).ok(),
        };
        let optional = section.truth(reader, "optional").unwrap_or(false);
        if let (Some(request), Some(item)) = (request, item) {
            all.push(With { name: name.value.to_owned(), request, item, optional });
        }
    }
    all
}

/// `also.KIND`.
pub(super) fn also(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    title: &str,
    own: Resource,
) -> Vec<(Resource, Mapping)> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(resource) = pulls::resource(reader, &name) else { continue };
        if resource == own {
            reader.refuse(name.span, words::EACH_OF_ITSELF, None);
            continue;
        }
        let title = format!("{title}.also.{resource}");
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, &["map", "fields"]).at(name.span);
        if let Some(map) = pulls::map(reader, &section, &title) {
            all.push((resource, map));
        }
    }
    all
}
