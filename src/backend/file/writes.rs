//! `[read.KIND]` and `[write."KIND.ACTION"]`: single records, and what is written.

use toml::de::DeTable;

use super::filters::{self, READ, WRITE};
use super::parts::{ACTIONS, Answer, Pull, Read, RequestShape, WriteShape};
use super::pulls;
use super::read::{errors, request};
use crate::backend::mapping::{Filter, looked_up};
use crate::i18n::words::{config, connector as words};
use crate::model::Resource;
use crate::reading::{Reader, Section, entries, meant, nearest, table_of};

const KEYS: &[&str] = &["request", "fields", "each", "then", "answer", "key_header", "errors"];

/// All `[read.KIND]`.
pub(super) fn read_reads(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Read> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(resource) = pulls::resource(reader, &name) else { continue };
        let title = format!("read.{resource}");
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section =
            Section::new(reader, table, &title, &["request", "item", "map", "fields"]).at(name.span);
        let request = request(reader, &section, &title, READ);
        let item = match section.place("item") {
            Some(_) => filters::filter(reader, &section, "item", READ),
            None => Filter::compile(".", READ).ok(),
        };
        let own = section.place("map").or_else(|| section.place("fields"));
        let map = own.and_then(|_| pulls::map(reader, &section, &title));
        if let (Some(request), Some(item)) = (request, item) {
            all.push(Read { resource, request, item, map });
        }
    }
    all
}

/// All `[write."KIND.ACTION"]`.
pub(super) fn read_writes(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<WriteShape> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(action) = ACTIONS.iter().find(|action| **action == name.value) else {
            let hint = match nearest(name.value, ACTIONS.iter().copied()) {
                Some(near) => meant(config::MEANT, near),
                None => words::ACTIONS_ARE.with("names", ACTIONS.join(", ")),
            };
            reader.refuse(name.span, words::NO_ACTION.with("name", name.value), Some(hint));
            continue;
        };
        let title = format!("write.\"{action}\"");
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, KEYS).at(name.span);
        if let Some(write) = read_write(reader, action, &title, table, &section) {
            all.push(write);
        }
    }
    all
}

fn read_write(
    reader: &mut Reader<'_>,
    action: &'static str,
    title: &str,
    table: &DeTable<'_>,
    section: &Section<'_, '_>,
) -> Option<WriteShape> {
    let mut request = request(reader, section, title, WRITE);
    if let Some(request) = &mut request {
        request.errors = errors(reader, section, &format!("{title}.errors"));
    }
    if request.as_ref().is_some_and(|request| request.method == "GET") {
        reader.refuse(section.span(), words::WRITE_BY_GET, Some("method = \"PATCH\"".into()));
    }
    let list = section.words(reader, "fields").map(|list| list.value).unwrap_or_default();
    let fields: Vec<String> = list.into_iter().map(|field| field.value).collect();
    let carries = action.ends_with(".set") || action.ends_with(".make");
    if carries && section.place("fields").is_none() {
        let message = words::MISSING_KEY.with("name", title).with("key", "fields");
        reader.refuse(section.span(), message, Some(words::FIELDS_HINT.into()));
    }
    let each = match section.place("each") {
        Some(_) => Some(filters::filter(reader, section, "each", WRITE)?),
        None => None,
    };
    let then = then(reader, section, &format!("{title}.then"))?;
    let answer = answer(reader, section)?;
    let key_header = section.text(reader, "key_header").map(|text| text.value);
    // A filter that wants the item as it is has it read before.
    let texts: String = table.iter().map(|(_, value)| text_of(value.get_ref())).collect();
    let details = texts.contains("$detail");
    let reads = details || texts.contains("$record");
    let lookups = pulls::lookups(reader, section, looked_up(&texts));
    Some(WriteShape {
        action,
        request: request?,
        fields,
        reads,
        details,
        each,
        then,
        answer,
        key_header,
        lookups,
    })
}

/// `then`: further requests, each with its own `each`.
fn then(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    title: &str,
) -> Option<Vec<(RequestShape, Option<Filter>)>> {
    let Some(value) = section.get("then") else { return Some(Vec::new()) };
    let Some(list) = value.get_ref().as_array() else {
        section.wrong(reader, "then", value, config::A_LIST);
        return None;
    };
    let mut all = Vec::new();
    for item in list {
        let Some(table) = item.get_ref().as_table() else {
            section.wrong(reader, "then", item, config::A_TABLE);
            continue;
        };
        let of = Section::new(reader, table, title, &["request", "each"]).at(item.span());
        let request = request(reader, &of, title, WRITE);
        let each = match of.place("each") {
            Some(_) => Some(filters::filter(reader, &of, "each", WRITE)?),
            None => None,
        };
        all.push((request?, each));
    }
    Some(all)
}

/// `answer`: `"nothing"`, or a table with `item`, `id` or `record`; the item itself where nothing is said.
fn answer(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Answer> {
    let Some(value) = section.get("answer") else {
        return Filter::compile(".", WRITE).ok().map(Answer::Item);
    };
    match value.get_ref().as_str() {
        Some("nothing") => return Some(Answer::Nothing),
        Some("item") => return Filter::compile(".", WRITE).ok().map(Answer::Item),
        Some(_) => {
            reader.refuse(value.span(), words::ANSWER_IS, None);
            return None;
        }
        None => {}
    }
    let table = section.table(reader, "answer")?;
    let of = Section::new(reader, table, "answer", &["item", "id", "record"]);
    match (of.place("item"), of.place("id"), of.place("record")) {
        (Some(_), None, None) => filters::filter(reader, &of, "item", WRITE).map(Answer::Item),
        (None, Some(_), None) => filters::filter(reader, &of, "id", WRITE).map(Answer::Id),
        (None, None, Some(_)) => filters::filter(reader, &of, "record", WRITE).map(Answer::Record),
        _ => {
            reader.refuse(value.span(), words::ANSWER_IS, None);
            None
        }
    }
}

/// What the writes need: kinds that are pulled, and records that can be read back.
pub(super) fn check(
    reader: &mut Reader<'_>,
    top: &Section<'_, '_>,
    pulled: &[Pull],
    reads: &[Read],
    writes: &[WriteShape],
) {
    let span = |key: &str| top.place(key).unwrap_or(0..0);
    for write in writes {
        pulls::check_lookups(reader, pulled, &write.lookups, &format!("write.\"{}\"", write.action));
    }
    let is_pulled = |resource: Resource| pulled.iter().any(|pull| pull.resource == resource);
    for read in reads.iter().filter(|read| read.map.is_none() && !is_pulled(read.resource)) {
        let message = words::MISSING_KEY.with("name", format!("read.{}", read.resource)).with("key", "map");
        reader.refuse(span("read"), message, None);
    }
    for write in writes {
        let Some(resource) = resource_of(write.action) else { continue };
        let read = reads.iter().any(|read| read.resource == resource);
        let needs = write.reads || !matches!(write.answer, Answer::Item(_) | Answer::Record(_));
        if needs && !read {
            let message = words::NEEDS_READ.with("action", write.action).with("kind", resource.name());
            reader.refuse(span("write"), message, Some(format!("[read.{resource}]").into()));
        } else if !needs && !is_pulled(resource) {
            let message = words::NEEDS_PULL.with("action", write.action).with("kind", resource.name());
            reader.refuse(span("write"), message, None);
        }
    }
}

/// The kind of record that comes of an action.
pub(super) fn resource_of(action: &str) -> Option<Resource> {
    match action.split_once('.')?.0 {
        "messages" => Some(Resource::Events),
        kind => Resource::parse(kind),
    }
}

/// All texts within a value.
fn text_of(value: &toml::de::DeValue<'_>) -> String {
    use toml::de::DeValue;
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Array(list) => list.iter().map(|item| text_of(item.get_ref())).collect(),
        DeValue::Table(table) => table.iter().map(|(_, item)| text_of(item.get_ref())).collect(),
        _ => String::new(),
    }
}
