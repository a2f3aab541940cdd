//! Random choices that a seed repeats.

use std::hash::{BuildHasher as _, RandomState};

/// Throws that follow from a seed (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    /// The seed of `CHAOS_SEED`, or a new one.
    #[expect(clippy::disallowed_methods, reason = "the long form is set by its environment")]
    pub(crate) fn seed() -> u64 {
        let given = std::env::var("CHAOS_SEED").ok();
        given.map_or_else(|| RandomState::new().hash_one(0) % 1_000_000, |seed| seed.parse().expect("a number"))
    }

    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    /// The same things in another order.
    pub(crate) fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
        things
    }
}
