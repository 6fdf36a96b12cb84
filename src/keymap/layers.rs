//! Which layers are active together, innermost first.
//!
//! A sequence in an inner layer over the *same* sequence in an outer one is fine: it is how a
//! pane gives a key its own meaning. A sequence that begins another one of the same stack is
//! not: the longer one could never be reached.

use crate::command::Layer;

/// Every set of layers that can be active at once, innermost first.
pub const STACKS: &[&[Layer]] = &[
    &[Layer::Customers, Layer::List, Layer::Global],
    &[Layer::Tags, Layer::List, Layer::Global],
    &[Layer::Groups, Layer::List, Layer::Global],
    &[Layer::FollowUps, Layer::List, Layer::Global],
    &[Layer::Customer, Layer::Global],
    &[Layer::Group, Layer::Global],
    &[Layer::FollowUp, Layer::Global],
    &[Layer::Outbox, Layer::Global],
    &[Layer::Triage, Layer::Global],
    &[Layer::Steps, Layer::Global],
    &[Layer::Help, Layer::Global],
    &[Layer::Input],
    &[Layer::Picker],
    &[Layer::Form],
    &[Layer::Confirm],
];

/// The stack of a place. [`Layer::List`] and [`Layer::Global`] are no places of their own and
/// give the stack of the customers pane.
pub fn stack(place: Layer) -> &'static [Layer] {
    STACKS.iter().find(|stack| stack[0] == place).unwrap_or(&STACKS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_active_somewhere() {
        for layer in Layer::ALL {
            assert!(STACKS.iter().any(|stack| stack.contains(&layer)), "{layer:?}");
        }
        assert_eq!(stack(Layer::Tags)[0], Layer::Tags);
    }
}
