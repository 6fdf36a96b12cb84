//! `[keys.LAYER]`: the operator's own bindings.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::reader::{At, Reader, entries, kind, nearest};
use super::told::{self, quoted};
use crate::command::{Command, Layer, parse, specs};
use crate::i18n::Line;
use crate::i18n::words::config as words;
use crate::keymap::{Key, Keymap, Override, STACKS, parse_keys};

/// Reads `[keys]`.
pub(super) fn read(reader: &mut Reader<'_>, table: &DeTable<'_>, overrides: &mut Vec<Override>) {
    for (name, value) in entries(table) {
        let Some(layer) = Layer::parse(name.value) else {
            let names = Layer::ALL.map(Layer::name);
            let hint = nearest(name.value, names).map_or_else(
                || words::PLACES_ARE.with("names", names.join(", ")),
                |near| words::MEANT_KEYS.with("name", near),
            );
            let message = words::NO_PLACE.with("name", quoted(name.value));
            reader.refuse(name.span, message, Some(hint));
            continue;
        };
        let Some(table) = value.get_ref().as_table() else {
            reader.refuse(
                value.span(),
                words::NOT_A
                    .with("name", format!("keys.{}", name.value))
                    .with("wanted", words::A_TABLE)
                    .with("kind", kind(value.get_ref())),
                None,
            );
            continue;
        };
        for (keys, value) in entries(table) {
            let span = keys.span.clone();
            let sequence = sequence(reader, &At { value: keys.value.to_owned(), span: keys.span });
            let command = command(reader, layer, value.span(), value.get_ref());
            if let (Some(keys), Some(command)) = (sequence, command) {
                overrides.push(Override { layer, keys, command, span });
            }
        }
    }
}

/// The keys of a text.
pub(super) fn sequence(reader: &mut Reader<'_>, text: &At<String>) -> Option<Vec<Key>> {
    parse_keys(&text.value)
        .map_err(|error| {
            let span = reader.inside(&text.span, &text.value, error.span.clone());
            let message = Line::both(words::NO_SUCH_KEY.with("name", quoted(&error.name)), &error);
            reader.refuse(span, message, Some(words::KEYS_ARE_WRITTEN.into()));
        })
        .ok()
}

/// The command of a value; `Some(None)` takes a binding away.
fn command(
    reader: &mut Reader<'_>,
    layer: Layer,
    span: Range<usize>,
    value: &DeValue<'_>,
) -> Option<Option<Command>> {
    let text = match value {
        DeValue::Boolean(false) => return Some(None),
        DeValue::String(text) if text.trim().is_empty() => return Some(None),
        DeValue::String(text) => text.as_ref(),
        other => {
            reader.refuse(span, words::A_KEY_DOES.with("kind", kind(other)), None);
            return None;
        }
    };
    match parse(text) {
        Ok(command) if !works(&command, layer) => {
            let places: Vec<_> = command.spec().layers.iter().map(|layer| layer.name()).collect();
            let message = words::DOES_NOTHING.with("command", command.spec().id).with("place", layer.name());
            reader.refuse(span, message, Some(words::WORKS_IN.with("places", places.join(", "))));
            None
        }
        Ok(command) => Some(Some(command)),
        Err(error) => {
            let span = reader.inside(&span, text, error.span());
            reader.refuse(span, told::command(&error), Some(words::KEYS_LISTS.into()));
            None
        }
    }
}

/// Whether a command can ever apply where the layer is active.
fn works(command: &Command, layer: Layer) -> bool {
    let places = command.spec().layers;
    STACKS
        .iter()
        .filter(|stack| stack.contains(&layer))
        .any(|stack| stack.iter().any(|at| places.contains(at)))
}

/// Compiles the bindings; conflicts are refused where the configuration makes them.
pub(super) fn compile(reader: &mut Reader<'_>, overrides: &[Override]) -> Keymap {
    match Keymap::build(specs(), overrides) {
        Ok(map) => map,
        Err(conflicts) => {
            for conflict in conflicts {
                let span = conflict.at.span.clone().unwrap_or(0..0);
                let (message, remedy) = told::conflict(&conflict);
                reader.refuse(span, message, Some(remedy));
            }
            Keymap::default()
        }
    }
}
