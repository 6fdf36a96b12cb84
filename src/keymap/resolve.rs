//! One key after another, into commands.
//!
//! Counts work as in vim, with one difference: a digit that is bound where one is (1 to 4 are
//! the panes) keeps its meaning unless a count has begun. `5` to `9` begin one, and so does a
//! leading `0`, which adds nothing: `010j` goes ten rows down. The rule is the same in every pane,
//! so that what a digit does never depends on where one has just been.

use super::build::Keymap;
use super::lookup::Continuation;
use super::{Code, Key};
use crate::command::{Command, Layer};

/// The largest count; longer ones stay at it.
const MOST: u32 = 999_999;

/// What a key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A command, with its count.
    Command(Command),
    /// More keys are awaited.
    Pending {
        /// The ways on; empty while only a count stands.
        continuations: Vec<Continuation>,
    },
    /// Escape threw away what was pending, and nothing else.
    Cleared,
    /// Text for the line that one types into, as it was typed.
    Text(char),
    /// Nothing: these keys mean nothing here.
    Unbound(Vec<Key>),
}

/// The keys that were pressed and have not become a command yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolver {
    pending: Vec<Key>,
    count: Option<u32>,
}

impl Resolver {
    /// A key was pressed where `layers` are active, innermost first.
    pub fn press(&mut self, map: &Keymap, layers: &[Layer], key: Key) -> Outcome {
        let typing = layers.iter().any(|layer| layer.takes_text());
        let key = if typing { key } else { key.to_ascii() };
        if key == Key::plain(Code::Esc) && self.is_pending() {
            self.clear();
            return Outcome::Cleared;
        }
        if !typing && self.pending.is_empty() && self.takes_digit(map, layers, key) {
            return Outcome::Pending { continuations: Vec::new() };
        }
        self.pending.push(key);
        if let Some(command) = map.command(layers, &self.pending) {
            let command = command.clone().times(self.count.filter(|count| *count > 0));
            self.clear();
            return Outcome::Command(command);
        }
        let continuations = map.continuations(layers, &self.pending);
        if !continuations.is_empty() {
            return Outcome::Pending { continuations };
        }
        let keys = std::mem::take(&mut self.pending);
        self.clear();
        match key.typed() {
            Some(c) if typing && keys.len() == 1 => Outcome::Text(c),
            _ => Outcome::Unbound(keys),
        }
    }

    /// The keys that were pressed so far.
    pub fn pending(&self) -> &[Key] {
        &self.pending
    }

    /// The count that was typed so far.
    pub fn count(&self) -> Option<u32> {
        self.count
    }

    /// Whether anything was pressed that has not become a command.
    pub fn is_pending(&self) -> bool {
        self.count.is_some() || !self.pending.is_empty()
    }

    /// Forgets what was pressed: the place changed, or the mouse was used.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn takes_digit(&mut self, map: &Keymap, layers: &[Layer], key: Key) -> bool {
        let Some(digit) = key.digit() else { return false };
        let bound = || map.command(layers, &[key]).is_some() || !map.continuations(layers, &[key]).is_empty();
        if self.count.is_none() && bound() {
            return false;
        }
        let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
        self.count = Some(count.min(MOST));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Verb, specs};
    use crate::keymap::{parse_keys, stack};

    fn run(layer: Layer, keys: &str) -> Vec<Outcome> {
        let map = Keymap::build(specs(), &[]).unwrap();
        let mut resolver = Resolver::default();
        parse_keys(keys).unwrap().into_iter().map(|key| resolver.press(&map, stack(layer), key)).collect()
    }

    fn last(layer: Layer, keys: &str) -> Outcome {
        run(layer, keys).pop().unwrap()
    }

    fn does(verb: Verb, count: Option<u32>) -> Outcome {
        Outcome::Command(Command::new(verb).times(count))
    }

    #[test]
    fn a_sequence_waits_for_its_end() {
        let outcomes = run(Layer::Customers, "g g");
        assert!(matches!(&outcomes[0], Outcome::Pending { continuations } if !continuations.is_empty()));
        assert_eq!(outcomes[1], does(Verb::GoFirst, None));
    }

    #[test]
    fn digits_count_where_they_are_not_bound() {
        assert_eq!(last(Layer::Customers, "5 j"), does(Verb::CursorDown, Some(5)));
        assert_eq!(last(Layer::Customers, "3"), does(Verb::PaneGroups, None));
        assert_eq!(last(Layer::Customers, "0 3 j"), does(Verb::CursorDown, Some(3)));
        assert_eq!(last(Layer::Customers, "0 1 0 j"), does(Verb::CursorDown, Some(10)));
        assert_eq!(last(Layer::Tags, "0 4 2 k"), does(Verb::CursorUp, Some(42)));
        assert_eq!(last(Layer::Customers, "9 1 g g"), does(Verb::GoFirst, Some(91)));
        assert_eq!(last(Layer::Customer, "3 j"), does(Verb::CursorDown, Some(3)));
        assert_eq!(last(Layer::Customers, "0 j"), does(Verb::CursorDown, None));
        assert_eq!(last(Layer::Customers, "9 9 9 9 9 9 9 9 9 9 9 9 j"), does(Verb::CursorDown, Some(MOST)));
    }

    #[test]
    fn escape_clears_what_is_pending_before_it_goes_back() {
        assert_eq!(run(Layer::Customers, "g esc esc")[1..], [Outcome::Cleared, does(Verb::Back, None)]);
        assert_eq!(run(Layer::Customers, "5 esc j")[1..], [Outcome::Cleared, does(Verb::CursorDown, None)]);
    }

    #[test]
    fn what_means_nothing_says_so_and_is_forgotten() {
        assert_eq!(
            run(Layer::Customers, "g 1 j")[1..],
            [Outcome::Unbound(parse_keys("g 1").unwrap()), does(Verb::CursorDown, None)]
        );
        assert_eq!(last(Layer::Customers, "中"), Outcome::Unbound(vec![Key::char('中')]));
    }

    #[test]
    fn the_input_method_may_be_on_for_commands_but_text_stays_as_typed() {
        assert_eq!(last(Layer::Customers, "／"), does(Verb::SearchOpen, None));
        assert_eq!(last(Layer::Customers, "："), does(Verb::CommandLine, None));
        assert_eq!(last(Layer::Input, "／"), Outcome::Text('／'));
    }

    #[test]
    fn typing_takes_letters_digits_and_space_but_not_bound_keys() {
        let typed = run(Layer::Input, "j 5 space 中");
        assert_eq!(typed, ['j', '5', ' ', '中'].map(Outcome::Text));
        assert_eq!(last(Layer::Input, "C-w"), does(Verb::InputDeleteWord, None));
        assert_eq!(last(Layer::Picker, "enter"), does(Verb::InputAccept, None));
        assert!(matches!(last(Layer::Input, "C-x"), Outcome::Unbound(_)));
    }
}
