//! `[views.NAME]`: saved filters, with a key if wanted.

use toml::de::DeTable;

use super::settings::check_columns;
use super::told;
use crate::command::{Command, Layer, Verb};
use crate::i18n::words::config as words;
use crate::keymap::{Key, Override};
use crate::query::{Query, Scope, Sort, parse, parse_sort};
use crate::reading::{At, Reader, Section, entries, table_of};

/// A pane that a view opens in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pane {
    /// Customers.
    Customers,
    /// Tags.
    Tags,
    /// Groups.
    Groups,
    /// Follow-ups.
    FollowUps,
}

impl Pane {
    const WORDS: &[(&str, Self)] = &[
        ("customers", Self::Customers),
        ("tags", Self::Tags),
        ("groups", Self::Groups),
        ("follow_ups", Self::FollowUps),
    ];

    /// What its filters are about.
    pub fn scope(self) -> Scope {
        match self {
            Self::Customers => Scope::Customers,
            Self::Tags => Scope::Tags,
            Self::Groups => Scope::Groups,
            Self::FollowUps => Scope::FollowUps,
        }
    }

    /// Its keys' layer.
    pub fn layer(self) -> Layer {
        match self {
            Self::Customers => Layer::Customers,
            Self::Tags => Layer::Tags,
            Self::Groups => Layer::Groups,
            Self::FollowUps => Layer::FollowUps,
        }
    }
}

/// A saved view.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name, as `view.open` takes it.
    pub name: String,
    /// Where it opens.
    pub pane: Pane,
    /// Which rows.
    pub filter: Query,
    /// In which order; `None` for the one that stands.
    pub sort: Option<Sort>,
    /// The order as it was written.
    pub sort_text: Option<String>,
    /// Which columns; `None` for those that stand.
    pub columns: Option<Vec<String>>,
    /// Its key, which works in every list.
    pub key: Option<Vec<Key>>,
}

const KEYS: &[&str] = &["pane", "filter", "sort", "columns", "key"];

impl View {
    /// Reads `[views]`, in the order of the file; their keys are added to `overrides`.
    pub(super) fn read_all(
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        overrides: &mut Vec<Override>,
    ) -> Vec<Self> {
        let mut views = Vec::new();
        for (name, value) in entries(table) {
            if name.value.trim().is_empty() || name.value.chars().any(char::is_control) {
                let hint = words::NAME_LIKE.with("name", "views.due");
                reader.refuse(name.span, words::VIEW_NAMED, Some(hint));
                continue;
            }
            if let Some(table) = table_of(reader, value, format!("views.{}", name.value)) {
                views.extend(Self::read(reader, table, name, overrides));
            }
        }
        views
    }

    fn read(
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        name: At<&str>,
        overrides: &mut Vec<Override>,
    ) -> Option<Self> {
        let section = Section::new(reader, table, &format!("views.{}", name.value), KEYS);
        let pane = section.choice(reader, "pane", Pane::WORDS).unwrap_or(Pane::Customers);
        let filter = section.text(reader, "filter");
        if filter.is_none() && section.place("filter").is_none() {
            let hint = words::WRITE_LIKE.with("example", "filter = \"stage:dormant\"");
            reader.refuse(name.span.clone(), words::NO_FILTER.with("name", name.value), Some(hint));
        }
        let filter = filter.and_then(|text| {
            parse(pane.scope(), &text.value)
                .map_err(|error| {
                    let span = reader.inside(&text.span, &text.value, error.span.clone());
                    let hint = error.nearest.as_ref().map(|near| words::MEANT.with("name", near.clone()));
                    let hint = hint.unwrap_or_else(|| words::FILTER_DOCS.into());
                    reader.refuse(span, told::filter(&error.problem), Some(hint));
                })
                .ok()
        });
        if pane == Pane::Tags {
            only_narrows(reader, &section, filter.as_ref());
        }
        let sort_text = section.text(reader, "sort");
        let sort = sort_text.as_ref().and_then(|text| {
            parse_sort(pane.scope(), &text.value)
                .map_err(|error| {
                    let span = reader.inside(&text.span, &text.value, error.span.clone());
                    let hint = error.nearest.as_ref().map(|near| words::MEANT.with("name", near.clone()));
                    let keys = || pane.scope().sort_keys().iter().map(|key| key.name).collect::<Vec<_>>();
                    let hint = hint.unwrap_or_else(|| words::KNOWN_ARE.with("names", keys().join(", ")));
                    reader.refuse(span, told::filter(&error.problem), Some(hint));
                })
                .ok()
        });
        let columns = section
            .words(reader, "columns")
            .filter(|_| pane != Pane::Tags)
            .and_then(|words| check_columns(reader, words, pane.scope()));
        let key = section.text(reader, "key").and_then(|text| {
            let keys = super::keys::sequence(reader, &text)?;
            let command = Some(Command::with(Verb::ViewOpen, name.value));
            overrides.push(Override { layer: Layer::List, keys: keys.clone(), command, span: text.span });
            Some(keys)
        });
        Some(Self {
            name: name.value.to_owned(),
            pane,
            filter: filter?,
            sort,
            sort_text: sort_text.map(|text| text.value),
            columns,
            key,
        })
    }
}

/// The tags pane narrows by a part of a name, and has its own order: anything more is refused.
fn only_narrows(reader: &mut Reader<'_>, section: &Section<'_, '_>, filter: Option<&Query>) {
    if let (Some(query), Some(span)) = (filter, section.place("filter"))
        && query.single_text().is_none()
    {
        reader.refuse(span, words::TAGS_TAKE_TEXT, Some(words::QUOTE_WORDS.into()));
    }
    for (key, why) in [("sort", words::TAGS_OWN_ORDER), ("columns", words::TAGS_OWN_COLUMNS)] {
        if let Some(span) = section.place(key) {
            reader.refuse(span, why, Some(words::LEAVE_OUT.into()));
        }
    }
}
