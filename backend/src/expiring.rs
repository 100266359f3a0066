//! Where something waits for minutes: in memory, for so many, and whoever does not come in time finds it gone.

use std::collections::VecDeque;

use domain::Timestamp;
use parking_lot::Mutex;

/// So many things, each under its key and for so long.
pub(crate) struct ExpiringMap<K, V> {
    most: usize,
    /// In milliseconds.
    kept: u64,
    all: Mutex<VecDeque<Thing<K, V>>>,
}

struct Thing<K, V> {
    key: K,
    until: Timestamp,
    value: V,
}

impl<K: PartialEq, V> ExpiringMap<K, V> {
    pub(crate) fn new(most: usize, kept: u64) -> Self {
        Self {
            most,
            kept,
            all: Mutex::default(),
        }
    }

    /// Puts it there, in place of what was there under that key. When there is no room the oldest goes.
    pub(crate) fn put(&self, key: K, value: V, now: Timestamp) {
        let until = Timestamp(now.0.saturating_add(self.kept));
        let mut all = self.all.lock();
        all.retain(|thing| thing.until > now && thing.key != key);
        if all.len() >= self.most {
            all.pop_front();
        }
        all.push_back(Thing { key, until, value });
    }

    /// Takes it away: nobody finds it there a second time.
    pub(crate) fn take(&self, key: &K, now: Timestamp) -> Option<V> {
        let mut all = self.all.lock();
        let at = all.iter().position(|thing| thing.key == *key)?;
        let thing = all.remove(at)?;
        (thing.until > now).then_some(thing.value)
    }

    /// Looks at it, or changes something about it.
    pub(crate) fn with<T>(&self, key: &K, now: Timestamp, look: impl FnOnce(&mut V) -> T) -> Option<T> {
        let mut all = self.all.lock();
        let mut there = all.iter_mut().filter(|thing| thing.until > now);
        there
            .find(|thing| thing.key == *key)
            .map(|thing| look(&mut thing.value))
    }

    /// Takes all of those away.
    pub(crate) fn remove(&self, is_one: impl Fn(&V) -> bool) {
        self.all.lock().retain(|thing| !is_one(&thing.value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_waits_for_its_time_is_taken_once_and_the_oldest_goes_first() {
        let shelf = ExpiringMap::new(2, 10);
        shelf.put(1, "one", Timestamp(0));
        shelf.put(2, "two", Timestamp(1));
        assert_eq!(shelf.with(&1, Timestamp(9), |value| *value), Some("one"));
        assert_eq!(shelf.with(&1, Timestamp(10), |value| *value), None);
        assert_eq!(shelf.take(&2, Timestamp(10)), Some("two"));
        assert_eq!(shelf.take(&2, Timestamp(10)), None);
        for key in 3..6 {
            shelf.put(key, "more", Timestamp(10));
        }
        assert_eq!(shelf.take(&3, Timestamp(10)), None);
        shelf.put(4, "again", Timestamp(11));
        assert_eq!(
            shelf.take(&5, Timestamp(11)),
            Some("more"),
            "the same key takes no room"
        );
        shelf.remove(|value| *value == "again");
        assert_eq!(shelf.take(&4, Timestamp(11)), None);
    }
}
