//! Chance, drawn from a seed and a place, so that every customer has dice of their own.
//!
//! Only whole numbers and plain arithmetic: what a mathematical library rounds differently on
//! another machine has no part in it.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Dice of one place in the community.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of `place` (what is drawn) number `index`.
    pub fn new(seed: u64, place: &str, index: usize) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&(index as u64).to_le_bytes());
        for (slot, byte) in bytes[16..].iter_mut().zip(place.bytes()) {
            *slot = byte;
        }
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A number from 0 to `below - 1`; 0 where `below` is 0.
    pub fn below(&mut self, below: usize) -> usize {
        // The bias of a product of 32 bits is far below what anybody could see.
        ((u64::from(self.0.next_u32()) * below as u64) >> 32) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(0);
        low + self.below(span) as i64
    }

    /// True in `percent` of 100 cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// True in `n` of 1000 cases.
    pub fn permille(&mut self, n: usize) -> bool {
        self.below(1000) < n
    }

    /// One of `choices`, which has at least one.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// The place of one of `weights`, the heavier the likelier.
    pub fn weighted(&mut self, weights: &[u16]) -> usize {
        let total: usize = weights.iter().map(|weight| usize::from(*weight)).sum();
        let mut drawn = self.below(total);
        for (place, weight) in weights.iter().enumerate() {
            let weight = usize::from(*weight);
            if drawn < weight {
                return place;
            }
            drawn -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// A number from 0 to `below - 1`, small ones likelier: the square of an even draw.
    pub fn small(&mut self, below: usize) -> usize {
        let drawn = u128::from(self.0.next_u32());
        ((drawn * drawn * below as u128) >> 64) as usize
    }

    /// Letters and digits that look like an identifier.
    pub fn code(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        (0..length).map(|_| char::from(LETTERS[self.below(LETTERS.len())])).collect()
    }
}
