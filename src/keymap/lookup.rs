//! Asking a keymap: what keys do, and which keys do something.

use std::collections::BTreeMap;

use super::build::Keymap;
use super::{Key, Place};
use crate::command::{Command, Layer, Verb};

/// A sequence and what it does in some place.
pub type Binding = Place;

/// One way on from a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The next key.
    pub key: Key,
    /// Where it leads.
    pub next: Next,
}

/// Where a key leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To a command.
    Command(Command),
    /// Further on, to so many commands.
    More(usize),
}

impl Keymap {
    /// What `keys` do where `layers` are active, innermost first.
    pub fn command(&self, layers: &[Layer], keys: &[Key]) -> Option<&Command> {
        layers
            .iter()
            .find_map(|layer| self.layers.get(layer)?.get(keys))
            .and_then(|slot| slot.command.as_ref())
    }

    /// The ways on from `prefix`, in the order of the keys; empty where it begins nothing.
    pub fn continuations(&self, layers: &[Layer], prefix: &[Key]) -> Vec<Continuation> {
        let mut ways: BTreeMap<Key, Next> = BTreeMap::new();
        for (keys, place) in self.effective(layers) {
            if keys.len() <= prefix.len() || !keys.starts_with(prefix) {
                continue;
            }
            let last = keys.len() == prefix.len() + 1;
            ways.entry(keys[prefix.len()])
                .and_modify(|next| {
                    if let Next::More(count) = next {
                        *count += 1;
                    }
                })
                .or_insert(if last { Next::Command(place.command) } else { Next::More(1) });
        }
        ways.into_iter().map(|(key, next)| Continuation { key, next }).collect()
    }

    /// Everything bound where `layers` are active, in the order of the command table.
    pub fn bindings(&self, layers: &[Layer]) -> Vec<Binding> {
        let mut bindings: Vec<_> = self.effective(layers).into_values().collect();
        bindings.sort_by(|a, b| (a.command.verb, &a.command.args).cmp(&(b.command.verb, &b.command.args)));
        bindings
    }

    /// Everything bound in one layer alone, in the order of the command table.
    pub fn layer(&self, layer: Layer) -> Vec<Binding> {
        self.bindings(&[layer])
    }

    /// The sequences that give `verb` without arguments where `layers` are active, in the order
    /// of the table's own keys, the configuration's first.
    pub fn keys_of(&self, verb: Verb, layers: &[Layer]) -> Vec<Vec<Key>> {
        self.keys_for(&Command::new(verb), layers)
    }

    /// The same for a command with arguments.
    pub fn keys_for(&self, command: &Command, layers: &[Layer]) -> Vec<Vec<Key>> {
        let shipped = |keys: &[Key]| {
            let name = super::print_keys(keys);
            let spec = command.spec();
            spec.keys.iter().chain(spec.bound.iter().map(|(keys, _)| keys)).position(|key| *key == name)
        };
        let mut found: Vec<_> = self
            .effective(layers)
            .into_iter()
            .filter(|(_, place)| place.command == *command)
            .map(|(keys, _)| keys)
            .collect();
        found.sort_by_key(|keys| shipped(keys).map_or(0, |index| index + 1));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{parse, specs};
    use crate::keymap::{Override, parse_keys, print_keys, stack};

    fn over(layer: Layer, keys: &str, command: &str) -> Override {
        let command = (!command.is_empty()).then(|| parse(command).unwrap());
        Override { layer, keys: parse_keys(keys).unwrap(), command, span: 0..0 }
    }

    #[test]
    fn the_inner_layer_wins_and_an_unbound_key_is_dead_in_outer_ones_too() {
        let map =
            Keymap::build(specs(), &[over(Layer::Tags, "k", "help"), over(Layer::Tags, "j", "")]).unwrap();
        let j = [Key::char('j')];
        assert_eq!(map.command(stack(Layer::Tags), &j), None);
        assert_eq!(map.command(stack(Layer::Customers), &j), Some(&Command::new(Verb::CursorDown)));
        assert_eq!(map.command(stack(Layer::Tags), &[Key::char('k')]), Some(&Command::new(Verb::Help)));
    }

    #[test]
    fn a_prefix_shows_its_ways_on() {
        let map = Keymap::build(
            specs(),
            &[over(Layer::List, "g v x", "view.open due"), over(Layer::List, "g v y", "help")],
        )
        .unwrap();
        let ways = map.continuations(stack(Layer::Customers), &[Key::char('g')]);
        let shown: Vec<_> = ways.iter().map(|way| (way.key.to_string(), way.next.clone())).collect();
        assert!(shown.contains(&("g".to_owned(), Next::Command(Command::new(Verb::GoFirst)))));
        assert!(shown.contains(&("v".to_owned(), Next::More(2))));
        assert!(map.continuations(stack(Layer::Customers), &[Key::char('j')]).is_empty());
    }

    #[test]
    fn keys_come_with_the_configurations_first() {
        let map = Keymap::build(specs(), &[over(Layer::List, "n", "cursor.down")]).unwrap();
        let keys: Vec<_> =
            map.keys_of(Verb::CursorDown, stack(Layer::Tags)).iter().map(|k| print_keys(k)).collect();
        assert_eq!(keys, ["n", "j", "down"]);
    }

    #[test]
    fn bindings_stand_in_the_order_of_the_table() {
        let map = Keymap::build(specs(), &[]).unwrap();
        let verbs: Vec<_> = map.bindings(stack(Layer::Group)).iter().map(|b| b.command.verb).collect();
        assert!(verbs.is_sorted());
        assert!(
            verbs.contains(&Verb::GroupHeat)
                && verbs.contains(&Verb::Quit)
                && !verbs.contains(&Verb::PaneTags)
        );
    }
}
