//! How many numbered things each of several has, and who has the most: kept with each change, so that nobody walks over all of them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// The numbers of each, and all of them in the order of how many they have.
pub(crate) struct Tally<T> {
    numbers: HashMap<T, BTreeSet<u64>>,
    /// How many, the latest number, and whose they are.
    ranked: BTreeSet<(usize, u64, T)>,
}

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
            ranked: BTreeSet::new(),
        }
    }
}

impl<T: Copy + Ord + Hash> Tally<T> {
    pub(crate) fn add(&mut self, whose: T, number: u64) {
        self.change(whose, |numbers| numbers.insert(number));
    }

    pub(crate) fn remove(&mut self, whose: T, number: u64) {
        self.change(whose, |numbers| numbers.remove(&number));
    }

    pub(crate) fn count(&self, whose: T) -> usize {
        self.numbers.get(&whose).map_or(0, BTreeSet::len)
    }

    pub(crate) fn oldest(&self, whose: T) -> Option<u64> {
        self.numbers.get(&whose)?.first().copied()
    }

    /// Who has the most; of several that have as many, whose latest came last.
    pub(crate) fn most(&self) -> Option<T> {
        self.ranked.last().map(|(_, _, whose)| *whose)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    fn change(&mut self, whose: T, change: impl FnOnce(&mut BTreeSet<u64>) -> bool) {
        let numbers = self.numbers.entry(whose).or_default();
        if let Some(latest) = numbers.last() {
            self.ranked.remove(&(numbers.len(), *latest, whose));
        }
        change(numbers);
        match numbers.last() {
            Some(latest) => drop(self.ranked.insert((numbers.len(), *latest, whose))),
            None => drop(self.numbers.remove(&whose)),
        }
    }
}
