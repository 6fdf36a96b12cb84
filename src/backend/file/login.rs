//! `[login]`: the chain of requests that gives what other requests carry.

use toml::de::DeTable;

use super::filters::{self, CAPTURE, COMMON};
use super::parts::{Login, LoginStep, RequestShape};
use super::read::request;
use crate::backend::mapping::Filter;
use crate::i18n::words::{config, connector as words};
use crate::reading::{Reader, Section, entries};

/// Reads `[login]`.
pub(super) fn read(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Login> {
    let section = Section::new(reader, table, "login", &["steps", "refresh", "cookies"]);
    let steps = steps(reader, &section, "steps");
    let refresh = self::steps(reader, &section, "refresh");
    if steps.is_empty() {
        let message = words::MISSING_KEY.with("name", "login").with("key", "steps");
        reader.refuse(0..0, message, Some("[[login.steps]]".into()));
        return None;
    }
    let cookies = section.truth(reader, "cookies").unwrap_or(false);
    Some(Login { steps, refresh, cookies })
}

fn steps(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Vec<LoginStep> {
    let Some(value) = section.get(key) else { return Vec::new() };
    let Some(list) = value.get_ref().as_array() else {
        section.wrong(reader, key, value, config::A_LIST);
        return Vec::new();
    };
    let title = format!("login.{key}");
    let mut all = Vec::new();
    for item in list {
        let Some(table) = item.get_ref().as_table() else {
            section.wrong(reader, key, item, config::A_TABLE);
            continue;
        };
        let step = Section::new(reader, table, &title, &["request", "capture"]).at(item.span());
        let request = request(reader, &step, &title, COMMON);
        let capture = step.table(reader, "capture").map(|table| captures(reader, table)).unwrap_or_default();
        if let Some(request) = request {
            all.push(LoginStep { request: RequestShape { alone: true, ..request }, capture });
        }
    }
    all
}

fn captures(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<(String, Filter)> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(text) = filters::word(reader, name.value, value) else { continue };
        if let Some(filter) = filters::compiled(reader, &text, CAPTURE) {
            all.push((name.value.to_owned(), filter));
        }
    }
    all
}
