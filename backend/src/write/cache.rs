//! What the writer keeps in memory to decide on: bounded by weight, the least recently used goes first.

use std::collections::HashMap;
use std::hash::Hash;

#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    entries: HashMap<K, Entry<V>>,
    weight: usize,
    most: usize,
    turn: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Copy + Eq + Hash, V> Cache<K, V> {
    /// One that holds `most`, in whatever `insert` and `weigh` are given.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            entries: HashMap::new(),
            weight: 0,
            most,
            turn: 0,
        }
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    /// The value, which counts as used.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.entries.get_mut(key)?;
        self.turn += 1;
        entry.used = self.turn;
        Some(&mut entry.value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V, weight: usize) {
        self.remove(&key);
        self.turn += 1;
        self.weight += weight;
        self.entries.insert(
            key,
            Entry {
                value,
                weight,
                used: self.turn,
            },
        );
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.weight -= entry.weight;
        }
    }

    /// Weighs an entry again.
    pub(crate) fn weigh(&mut self, key: &K, weigh: impl FnOnce(&V) -> usize) {
        if let Some(entry) = self.entries.get_mut(key) {
            self.weight -= entry.weight;
            entry.weight = weigh(&entry.value);
            self.weight += entry.weight;
        }
    }

    /// Drops what was least recently used until a quarter is free, if there is too much; says what went.
    pub(crate) fn shrink(&mut self) -> Vec<K> {
        if self.weight <= self.most {
            return Vec::new();
        }
        let mut by_age: Vec<(u64, K)> = self
            .entries
            .iter()
            .map(|(key, entry)| (entry.used, *key))
            .collect();
        by_age.sort_unstable_by_key(|(used, _)| *used);
        let mut gone = Vec::new();
        for (_, key) in by_age {
            if self.weight <= self.most / 4 * 3 {
                break;
            }
            self.remove(&key);
            gone.push(key);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut cache = Cache::new(8);
        for key in 0..8 {
            cache.insert(key, (), 1);
        }
        assert!(cache.shrink().is_empty());
        cache.get_mut(&0);
        cache.weigh(&7, |()| 2);
        assert_eq!(cache.shrink(), [1, 2, 3]);
        assert!(cache.contains(&0) && cache.get(&4).is_some());
    }
}
