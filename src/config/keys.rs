//! `[keys.LAYER]`: the operator's own bindings.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::run::{Macros, foreign};
use super::told;
use crate::command::{Command, Layer, Verb, parse, plan, specs};
use crate::i18n::Line;
use crate::i18n::words::config as words;
use crate::keymap::{Code, Key, Keymap, Override, STACKS, parse_keys, print_keys};
use crate::reading::{At, Diagnostic, Reader, Section, entries, kind, nearest, quoted, table_of};

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
        let Some(table) = table_of(reader, value, format!("keys.{}", name.value)) else { continue };
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

/// Where the argument of a binding stands: in the value behind its keys, where that is found.
pub(super) fn value_of(
    reader: &Reader<'_>,
    top: &Section<'_, '_>,
    bound: &Override,
    arg: &str,
) -> Range<usize> {
    let layers = top.get("keys").and_then(|keys| keys.get_ref().as_table());
    let all = layers.into_iter().flat_map(entries).filter_map(|(_, layer)| layer.get_ref().as_table());
    let value = all.flat_map(entries).find(|(keys, _)| keys.span == bound.span).map(|(_, value)| value);
    match value.and_then(|value| Some((value.span(), value.get_ref().as_str()?))) {
        Some((span, text)) => match text.rfind(arg) {
            Some(at) => reader.inside(&span, text, at..at + arg.len()),
            None => span,
        },
        None => bound.span.clone(),
    }
}

/// The keys of a text.
pub(super) fn sequence(reader: &mut Reader<'_>, text: &At<String>) -> Option<Vec<Key>> {
    let keys = parse_keys(&text.value)
        .map_err(|error| {
            let span = reader.inside(&text.span, &text.value, error.span.clone());
            let message = Line::both(words::NO_SUCH_KEY.with("name", quoted(&error.name)), &error);
            reader.refuse(span, message, Some(words::KEYS_ARE_WRITTEN.into()));
        })
        .ok()?;
    // With an input method on such a key may come; nobody means one.
    let unsent = |key: &&Key| key.ctrl && matches!(key.code, Code::Char(c) if !c.is_ascii());
    if let Some(key) = keys.iter().find(unsent) {
        let message = words::NO_CTRL_KEY.with("name", quoted(&key.to_string()));
        reader.refuse(text.span.clone(), message, Some(words::KEYS_ARE_WRITTEN.into()));
        return None;
    }
    Some(keys)
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
            reader.refuse(span, words::A_KEY_DOES.with("kind", kind(other)), Some(words::KEY_LIKE.into()));
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
        Ok(command) => match plan::check(&command) {
            Ok(()) => Some(Some(command)),
            Err(wrong) => {
                let written = wrong.written().filter(|written| !written.is_empty());
                let at = written.and_then(|written| Some((text.rfind(written)?, written.len())));
                let inner = at.map_or(0..text.len(), |(at, length)| at..at + length);
                let span = reader.inside(&span, text, inner);
                let message = Line::both(wrong.says(true), wrong.says(false));
                reader.refuse(span, message, Some(words::DOCS_COMMANDS.into()));
                None
            }
        },
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
/// Those of a file of macros beside it are told with their place there.
pub(super) fn compile(reader: &mut Reader<'_>, overrides: &[Override], macros: &mut Macros) -> Keymap {
    match Keymap::build(specs(), overrides) {
        Ok(map) => {
            leaves_a_way_out(reader, &map, overrides);
            map
        }
        Err(conflicts) => {
            for conflict in conflicts {
                let span = conflict.at.span.clone().unwrap_or(0..0);
                let (message, remedy) = told::conflict(&conflict);
                let beside = (span == (0..0)).then(|| foreign(&macros.book, &conflict.at.command)).flatten();
                match beside {
                    Some((file, text, span)) => {
                        let wrong = Diagnostic::at(file, text, span, message, Some(remedy));
                        if !macros.wrong.contains(&wrong) {
                            macros.wrong.push(wrong);
                        }
                    }
                    None => reader.refuse(span, message, Some(remedy)),
                }
            }
            Keymap::default()
        }
    }
}

/// A console that no key ends holds its operator: that is refused.
fn leaves_a_way_out(reader: &mut Reader<'_>, map: &Keymap, overrides: &[Override]) {
    let quits = |stack: &[Layer]| {
        [Verb::Quit, Verb::BackOrQuit].into_iter().any(|verb| !map.keys_of(verb, stack).is_empty())
    };
    if STACKS.iter().any(|stack| quits(stack)) {
        return;
    }
    let shipped = Keymap::build(specs(), &[]).unwrap_or_default();
    let took_one = |bound: &&Override| {
        let before = shipped.command(&[bound.layer], &bound.keys);
        before.is_some_and(|command| matches!(command.verb, Verb::Quit | Verb::BackOrQuit))
    };
    let span = overrides.iter().rfind(took_one).map_or(0..0, |bound| bound.span.clone());
    reader.refuse(span, words::NO_WAY_OUT, Some(words::KEEP_A_WAY_OUT.into()));
}

/// Tells where the key of a view was another command's. What an operator binds goes over what is
/// shipped, as in other programs with such a file, and is not refused; but who wrote `key = "n"` below a
/// filter may not have thought of what `n` does, nor that a pane's own `n` goes before it.
pub(super) fn look_at_views(reader: &mut Reader<'_>, own: &[Override], of_views: &[Override]) {
    // Where the rest does not hold together, that is said.
    let Ok(before) = Keymap::build(specs(), own) else { return };
    for view in of_views {
        let mut told: Vec<Layer> = Vec::new();
        for stack in STACKS.iter().filter(|stack| stack.contains(&view.layer)) {
            let found = before.bindings(stack).into_iter().find(|place| place.keys == view.keys);
            let Some(place) = found.filter(|place| !told.contains(&place.layer)) else { continue };
            told.push(place.layer);
            let inner = stack.iter().position(|layer| *layer == place.layer)
                < stack.iter().position(|layer| *layer == view.layer);
            let word = if inner { words::VIEW_HIDDEN } else { words::VIEW_SHADOWS };
            let message = word
                .with("keys", quoted(&print_keys(&view.keys)))
                .with("command", place.command.to_string())
                .with("place", format!("keys.{}", place.layer.name()));
            reader.warn(view.span.clone(), message, Some(words::VIEW_OTHER_KEY.into()));
        }
    }
}

/// Tells where a digit that begins a count is bound: there it begins none any more.
pub(super) fn look_at_digits(reader: &mut Reader<'_>, overrides: &[Override]) {
    let Ok(shipped) = Keymap::build(specs(), &[]) else { return };
    for bound in overrides.iter().filter(|bound| bound.command.is_some()) {
        let Some(first) = bound.keys.first().filter(|key| key.digit().is_some()) else { continue };
        let counts = |stack: &&&[Layer]| {
            let taken = || shipped.bindings(stack).iter().any(|other| other.keys.first() == Some(first));
            !stack.iter().any(|layer| layer.takes_text()) && !taken()
        };
        if STACKS.iter().filter(|stack| stack.contains(&bound.layer)).any(|stack| counts(&stack)) {
            let message =
                words::NO_COUNT.with("key", quoted(&first.to_string())).with("place", bound.layer.name());
            reader.warn(bound.span.clone(), message, Some(words::VIEW_OTHER_KEY.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::i18n::Lang;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let told = |all: &[crate::config::Diagnostic]| all.iter().map(|one| one.one_line(Lang::En)).collect();
        match Config::read("c.toml".as_ref(), text) {
            Ok(config) => (Vec::new(), told(&config.warnings)),
            Err(wrong) => (told(&wrong), Vec::new()),
        }
    }

    #[test]
    fn some_key_must_quit() {
        let all = "[keys.global]\n\"q\" = false\n\"C-q\" = \"help\"\n\"C-c\" = false\n";
        let (wrong, _) = read(all);
        assert_eq!(wrong, ["c.toml:4:1: no key quits any more: all keys of quit are taken away"]);
        assert_eq!(read(&format!("{all}\"f12\" = \"quit\"\n")), (vec![], vec![]));
        assert_eq!(read("[keys.global]\n\"C-q\" = false\n\"C-c\" = false\n"), (vec![], vec![]));
    }

    #[test]
    fn a_digit_that_begins_counts_may_be_taken_and_that_is_said() {
        let (wrong, odd) = read("[keys.customers]\n\"5\" = \"copy.id\"\n");
        assert_eq!(wrong, [""; 0]);
        assert_eq!(odd, ["c.toml:2:1: warning: \"5\" begins no count any more in customers"]);
        assert_eq!(
            read("[keys.list]\n\"1\" = \"pane.tags\"\n\"2\" = \"pane.customers\"\n"),
            (vec![], vec![])
        );
    }

    #[test]
    fn a_view_may_take_a_key_and_that_is_said() {
        let view =
            |key: &str| format!("[views.due]\npane = \"customers\"\nfilter = \"is:due\"\nkey = \"{key}\"\n");
        assert_eq!(read(&view("f12")), (vec![], vec![]));
        let (wrong, odd) = read(&view("j"));
        assert_eq!(wrong, [""; 0]);
        assert_eq!(
            odd,
            ["c.toml:4:7: warning: \"j\" opens this view now, and is no longer cursor.down (keys.list)"]
        );
        let given_up = format!("[keys.list]\n\"f12\" = \"cursor.down\"\n{}", view("f12"));
        assert!(read(&given_up).0[0].contains("bound twice"));
    }
}
