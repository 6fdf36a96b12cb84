//! Compiling the table's keys and the configuration's into one map.

use std::collections::BTreeMap;
use std::ops::Range;

use super::conflict::{Clash, KeyConflict, Place};
use super::{Key, STACKS, parse_keys};
use crate::command::{Command, Layer, Spec};

/// A line of `[keys.LAYER]`, or the key of a saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// In which layer.
    pub layer: Layer,
    /// The sequence, never empty.
    pub keys: Vec<Key>,
    /// What it does; `None` makes the sequence do nothing there, in outer layers too.
    pub command: Option<Command>,
    /// Where it stands in the configuration, in bytes.
    pub span: Range<usize>,
}

/// What a sequence is bound to in one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// `None` where the configuration took the binding away.
    pub command: Option<Command>,
    /// Where the configuration says so.
    pub span: Option<Range<usize>>,
}

/// All bindings, by layer.
///
/// A layer's sequences are kept sorted, which is a trie laid flat: all that a prefix leads to
/// is one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    pub(super) layers: BTreeMap<Layer, BTreeMap<Vec<Key>, Slot>>,
}

impl Keymap {
    /// Compiles the table's default keys, with `overrides` over them.
    ///
    /// # Errors
    /// Every conflict there is: see [`Clash`].
    pub fn build(specs: &[Spec], overrides: &[Override]) -> Result<Self, Vec<KeyConflict>> {
        let mut conflicts = Vec::new();
        let mut map = Self::default();
        for spec in specs {
            // A default key that does not parse is caught by the test of the shipped table.
            let bare = spec.keys.iter().map(|keys| (*keys, Command::new(spec.verb)));
            let bound = spec.bound.iter().map(|(keys, arg)| (*keys, Command::with(spec.verb, *arg)));
            for (keys, command) in bare.chain(bound) {
                let Ok(keys) = parse_keys(keys) else { continue };
                for &layer in spec.layers {
                    let (keys, command) = (keys.clone(), command.clone());
                    map.put(Place { layer, keys, command, span: None }, &mut conflicts);
                }
            }
        }
        for binding in overrides {
            let Override { layer, keys, command, span } = binding.clone();
            match command {
                Some(command) => map.put(Place { layer, keys, command, span: Some(span) }, &mut conflicts),
                None => {
                    map.layers
                        .entry(layer)
                        .or_default()
                        .insert(keys, Slot { command: None, span: Some(span) });
                }
            }
        }
        for stack in STACKS {
            for conflict in map.prefix_clashes(stack) {
                if !conflicts.contains(&conflict) {
                    conflicts.push(conflict);
                }
            }
        }
        if conflicts.is_empty() { Ok(map) } else { Err(conflicts) }
    }

    fn put(&mut self, place: Place, conflicts: &mut Vec<KeyConflict>) {
        if place.layer.takes_text() && place.keys[0].typed().is_some() {
            conflicts.push(KeyConflict { at: place, clash: Clash::Typed });
            return;
        }
        let slots = self.layers.entry(place.layer).or_default();
        let standing = slots.get(&place.keys);
        // the configuration goes over what is shipped, and over nothing else
        if let Some(Slot { command: Some(command), span }) = standing
            && span.is_some() == place.span.is_some()
        {
            let other = Place { command: command.clone(), span: span.clone(), ..place.clone() };
            conflicts.push(KeyConflict { at: place, clash: Clash::Twice(Box::new(other)) });
            return;
        }
        let Place { keys, command, span, .. } = place;
        slots.insert(keys, Slot { command: Some(command), span });
    }

    /// Pairs of the stack's effective bindings where one begins the other.
    fn prefix_clashes(&self, stack: &[Layer]) -> Vec<KeyConflict> {
        let effective = self.effective(stack);
        let mut clashes = Vec::new();
        for (long, inner) in &effective {
            for length in 1..long.len() {
                if let Some(outer) = effective.get(&long[..length]) {
                    clashes.push(between(outer.clone(), inner.clone()));
                }
            }
        }
        clashes
    }

    /// What every sequence does where these layers are active, innermost first.
    pub(super) fn effective(&self, stack: &[Layer]) -> BTreeMap<Vec<Key>, Place> {
        let mut slots: BTreeMap<&Vec<Key>, (Layer, &Slot)> = BTreeMap::new();
        for &layer in stack {
            for (keys, slot) in self.layers.get(&layer).into_iter().flatten() {
                slots.entry(keys).or_insert((layer, slot));
            }
        }
        slots
            .into_iter()
            .filter_map(|(keys, (layer, slot))| {
                let command = slot.command.clone()?;
                Some((keys.clone(), Place { layer, keys: keys.clone(), command, span: slot.span.clone() }))
            })
            .collect()
    }
}

/// The conflict of two bindings, told of the one that the operator wrote.
fn between(short: Place, long: Place) -> KeyConflict {
    if short.span.is_some() || long.span.is_none() {
        KeyConflict { at: short, clash: Clash::Begins(Box::new(long)) }
    } else {
        KeyConflict { at: long, clash: Clash::BeginsWith(Box::new(short)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{parse, specs};

    fn bind(layer: Layer, keys: &str, command: &str) -> Override {
        let command = (!command.is_empty()).then(|| parse(command).unwrap());
        Override { layer, keys: parse_keys(keys).unwrap(), command, span: 7..9 }
    }

    fn conflict(overrides: &[Override]) -> String {
        let conflicts = Keymap::build(specs(), overrides).unwrap_err();
        assert_eq!(conflicts[0].at.span, Some(7..9));
        conflicts[0].to_string()
    }

    #[test]
    fn the_shipped_table_has_no_conflict_and_no_unreadable_key() {
        for spec in specs() {
            for keys in spec.keys {
                parse_keys(keys).unwrap_or_else(|error| panic!("{}: {error}", spec.id));
            }
        }
        if let Err(conflicts) = Keymap::build(specs(), &[]) {
            panic!("{}", conflicts.iter().map(|c| format!("{c}\n")).collect::<String>());
        }
    }

    #[test]
    fn the_shipped_table_uses_no_alt() {
        let alt = |keys: &&str| parse_keys(keys).unwrap().iter().any(|key| key.alt);
        assert!(specs().iter().flat_map(|spec| spec.keys).all(|keys| !alt(keys)));
    }

    #[test]
    fn an_inner_layer_may_give_a_key_its_own_meaning() {
        Keymap::build(specs(), &[bind(Layer::Customers, "j", "cursor.last")]).unwrap();
    }

    #[test]
    fn a_prefix_clash_names_both_bindings_across_layers() {
        assert_eq!(
            conflict(&[bind(Layer::Tags, "g", "help")]),
            r#""g" would hide "g g" = cursor.first in [keys.list], as shipped"#
        );
        assert_eq!(
            conflict(&[bind(Layer::Customers, "j k", "help")]),
            r#""j k" cannot be reached: "j" = cursor.down in [keys.list], as shipped comes first"#
        );
    }

    #[test]
    fn giving_the_other_up_settles_it() {
        let mine = bind(Layer::List, "f", "help");
        assert!(Keymap::build(specs(), std::slice::from_ref(&mine)).is_err());
        // every shipped sequence that begins so, in every layer
        let mut settled = vec![mine];
        for spec in specs() {
            for keys in spec.keys.iter().filter(|keys| keys.starts_with("f ")) {
                settled.extend(spec.layers.iter().map(|layer| bind(*layer, keys, "")));
            }
        }
        Keymap::build(specs(), &settled).unwrap();
    }

    #[test]
    fn the_same_keys_twice_in_the_configuration_are_refused() {
        assert_eq!(
            conflict(&[bind(Layer::List, "f v", "help"), bind(Layer::List, "f v", "quit")]),
            r#""f v" is bound twice: also "f v" = help in [keys.list]"#
        );
    }

    #[test]
    fn a_line_one_types_into_keeps_its_letters() {
        assert_eq!(
            conflict(&[bind(Layer::Input, "x", "help")]),
            r#""x" begins with a key that types text in "input""#
        );
    }
}
