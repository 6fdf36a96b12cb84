//! Templates: text with filters in braces, such as `/customers/{$write.id}` or `Bearer {$secret}`.
//!
//! A brace that is meant as one is written twice. What a filter gives is put in as it is where it is
//! a text or a figure; nothing at all where it is null.

use serde_json::Value;

use super::filter::{Bindings, Filter, Vars};
use super::helpers::{flat, percent};
use super::parse::Misread;
use crate::i18n::words::connector as words;

/// A template that was read.
#[derive(Clone, Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Filter(Filter),
}

/// What a template gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Its only filter gave null: it is to be left out.
    Absent,
    /// Its only filter gave a list: each is meant.
    Many(Vec<String>),
    /// A text.
    Text(String),
}

impl Template {
    /// Reads a template whose filters may use the variables of its place.
    ///
    /// # Errors
    /// [`Misread`] with its place within the template.
    pub fn compile(text: &str, vars: Vars) -> Result<Self, Misread> {
        let mut parts = Vec::new();
        let (mut plain, mut at) = (String::new(), 0);
        while let Some(c) = text[at..].chars().next() {
            let next = at + c.len_utf8();
            match c {
                '{' | '}' if text[next..].starts_with(c) => {
                    plain.push(c);
                    at = next + 1;
                }
                '{' => {
                    let end = closing(text, next).ok_or_else(|| {
                        Misread::new(at..next, words::OPEN_BRACE, Some(words::BRACES_TWICE.into()))
                    })?;
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    let filter = Filter::compile(&text[next..end], vars).map_err(|misread| Misread {
                        at: misread.at.start + next..misread.at.end + next,
                        ..misread
                    })?;
                    parts.push(Part::Filter(filter));
                    at = end + 1;
                }
                '}' => {
                    return Err(Misread::new(at..next, words::STRAY_BRACE, Some(words::BRACES_TWICE.into())));
                }
                c => {
                    plain.push(c);
                    at = next;
                }
            }
        }
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// What it gives.
    ///
    /// # Errors
    /// What a filter met on its way, or that it gave no text.
    pub fn fill(&self, input: &Value, bindings: &Bindings) -> Result<Filled, String> {
        if let [Part::Filter(filter)] = &self.parts[..] {
            return Ok(match filter.one(input, bindings)? {
                Value::Null => Filled::Absent,
                Value::Array(list) => Filled::Many(list.iter().filter_map(flat).collect()),
                value @ Value::Object(_) => {
                    return Err(format!("{} gives an object, and a text is wanted", shown(filter, &value)));
                }
                value => Filled::Text(flat(&value).unwrap_or_default()),
            });
        }
        self.text(input, bindings, |text| text).map(Filled::Text)
    }

    /// The same as a path: what is put in is percent-encoded, and never a step up or nothing.
    ///
    /// # Errors
    /// As [`Template::fill`].
    pub fn path(&self, input: &Value, bindings: &Bindings) -> Result<String, String> {
        for part in &self.parts {
            let Part::Filter(filter) = part else { continue };
            let value = filter.one(input, bindings)?;
            if flat(&value).is_none_or(|text| matches!(text.as_str(), "" | "." | "..")) {
                return Err(format!("{{{}}} gives {value}, which no path can carry", filter.text()));
            }
        }
        self.text(input, bindings, |text| percent(&text))
    }

    fn text(
        &self,
        input: &Value,
        bindings: &Bindings,
        encode: impl Fn(String) -> String,
    ) -> Result<String, String> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Filter(filter) => match filter.one(input, bindings)? {
                    value @ (Value::Array(_) | Value::Object(_)) => {
                        return Err(format!("{} gives more than a text", shown(filter, &value)));
                    }
                    value => out.push_str(&encode(flat(&value).unwrap_or_default())),
                },
            }
        }
        Ok(out)
    }
}

fn shown(filter: &Filter, _value: &Value) -> String {
    format!("{{{}}}", filter.text())
}

/// Where the brace closes that was opened before `from`; braces within it and within texts of the
/// filter are passed over.
fn closing(text: &str, from: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text[from..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted && depth == 0 => return Some(from + at),
            '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}
