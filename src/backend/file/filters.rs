//! Filters and templates within a file: compiled where they stand, with their mistakes at their place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::backend::mapping::{Filter, Misread, Template, Vars};
use crate::i18n::words::{config, connector as words};
use crate::reading::{At, Reader, Section, entries, kind};

/// What error rules see.
pub const ANSWER: Vars = Vars(&["$vars"]);
/// What all requests see.
pub const COMMON: Vars = Vars(&["$vars", "$secret", "$secrets", "$login"]);
/// What the name and id of the operator see.
pub const HELLO: Vars = Vars(&["$vars", "$login"]);
/// What requests, paging, items and mappings of a pull see.
pub const PULL: Vars = Vars(&["$vars", "$secret", "$secrets", "$login", "$page", "$since", "$each", "$with"]);
/// What a mapping sees.
pub const MAP: Vars =
    Vars(&["$vars", "$secret", "$secrets", "$login", "$page", "$since", "$each", "$with", "$detail", "$ids"]);
/// What the request for more about one item sees.
pub const DETAIL: Vars =
    Vars(&["$vars", "$secret", "$secrets", "$login", "$page", "$since", "$each", "$item"]);
/// What a capture of a login sees.
pub const CAPTURE: Vars = Vars(&["$vars", "$secret", "$secrets", "$login", "$answer"]);
/// What a request for one record sees.
pub const READ: Vars = Vars(&["$vars", "$secret", "$secrets", "$login", "$id"]);
/// What a write sees.
pub const WRITE: Vars =
    Vars(&["$vars", "$secret", "$secrets", "$login", "$write", "$record", "$detail", "$each", "$ids"]);

/// Tells of a misread filter at its own place within the file.
pub fn refuse(reader: &mut Reader<'_>, at: &At<String>, misread: Misread) {
    let span = reader.inside(&at.span, &at.value, misread.at.clone());
    let before = at.value.get(..misread.at.start).unwrap_or(&at.value);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let message = (*misread.what)
        .and(words::IN_FILTER.with("line", line.to_string()).with("column", column.to_string()));
    reader.refuse(span, message, misread.hint.map(|hint| *hint));
}

/// A filter.
pub fn filter(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str, vars: Vars) -> Option<Filter> {
    let text = section.text(reader, key)?;
    compiled(reader, &text, vars)
}

/// A filter that was read as a text.
pub fn compiled(reader: &mut Reader<'_>, text: &At<String>, vars: Vars) -> Option<Filter> {
    Filter::compile(&text.value, vars).map_err(|misread| refuse(reader, text, misread)).ok()
}

/// A template.
pub fn template(reader: &mut Reader<'_>, text: &At<String>, vars: Vars) -> Option<Template> {
    Template::compile(&text.value, vars).map_err(|misread| refuse(reader, text, misread)).ok()
}

/// A table of templates by free names, in the order of the file. Figures and true or false stand for
/// their text.
pub fn templates(reader: &mut Reader<'_>, table: &DeTable<'_>, vars: Vars) -> Vec<(String, Template)> {
    let mut all = Vec::new();
    for (name, value) in entries(table) {
        let Some(text) = word(reader, name.value, value) else { continue };
        if let Some(template) = template(reader, &text, vars) {
            all.push((name.value.to_owned(), template));
        }
    }
    all
}

/// A text, or what is written like one.
pub fn word(reader: &mut Reader<'_>, name: &str, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
    let span: Range<usize> = value.span();
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(integer) => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Boolean(truth) => truth.to_string(),
        other => {
            let message =
                config::NOT_A.with("name", name).with("wanted", config::A_TEXT).with("kind", kind(other));
            reader.refuse(span, message, None);
            return None;
        }
    };
    Some(At { value: text, span })
}
