//! What was written into a field before, to be had again.

use std::collections::BTreeMap;

use super::form::{Form, FormField};

/// So many texts of one field are remembered.
const MOST: usize = 100;

/// Longer texts, in bytes, are not remembered: they are no values that one picks from.
const LONGEST: usize = 4_000;

/// Texts that were written, by their fields; the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past(BTreeMap<String, Vec<String>>);

impl Past {
    /// What earlier sessions remember.
    pub fn new(texts: BTreeMap<String, Vec<String>>) -> Self {
        Self(texts)
    }

    /// The same by the names of the fields, for the next session.
    pub fn texts(&self) -> &BTreeMap<String, Vec<String>> {
        &self.0
    }

    /// What was written into a field, oldest first.
    pub fn of(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Adds a text, as the latest of its field.
    pub fn add(&mut self, field: &str, text: &str) {
        let texts = self.0.entry(field.to_owned()).or_default();
        texts.retain(|known| known != text);
        texts.push(text.to_owned());
        let over = texts.len().saturating_sub(MOST);
        texts.drain(..over);
    }
}

impl Form {
    /// What a field is remembered by.
    pub(super) fn remembered_as(&self, field: &FormField) -> String {
        format!("{} {}", self.command.spec().id, field.name)
    }

    /// What is to be remembered of it: what was typed, but no phones.
    pub(super) fn memorable(&self) -> Vec<(String, String)> {
        let typed = self.fields.iter().filter(|field| {
            let text = field.input.text();
            let new = field.changed() || (!self.edits && field.choices.is_empty());
            new && !text.trim().is_empty() && text.len() <= LONGEST && field.name != "phone"
        });
        typed.map(|field| (self.remembered_as(field), field.input.text().to_owned())).collect()
    }
}

impl FormField {
    /// Goes so many texts back among those that were written here before; forward where negative.
    pub(super) fn recall(&mut self, by: i64, texts: &[String]) {
        if self.age == 0 {
            self.input.text().clone_into(&mut self.typed);
        }
        let age = (self.age as i64 + by).clamp(0, texts.len() as i64);
        let age = usize::try_from(age).unwrap_or(0);
        if age == self.age {
            return;
        }
        self.age = age;
        let text = match age {
            0 => self.typed.clone(),
            age => texts[texts.len() - age].clone(),
        };
        self.input.set(text);
    }
}
