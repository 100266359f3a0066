//! Random numbers that a seed repeats: SplitMix64.

use std::hash::{BuildHasher, RandomState};

/// The seed that TANDEM_SEED says, or another each time; printed, so that it can be said.
pub(crate) fn seed() -> u64 {
    let said = std::env::var("TANDEM_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = said.unwrap_or_else(|| RandomState::new().hash_one("seed"));
    println!("TANDEM_SEED={seed}");
    seed
}

/// A source of numbers.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Less than that.
    pub(crate) const fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    pub(crate) const fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let count = u64::try_from(from.len()).unwrap();
        (count > 0).then(|| from[usize::try_from(self.below(count)).unwrap()])
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.roll().to_le_bytes()[0])
    }
}
