//! Where something waits for minutes: in memory, for so many, and whoever does not come in time finds it gone.
//!
//! Room is shared fairly, so that nobody pushes out what others have there. One person has so many things, and then their own oldest
//! goes. When all the room is taken, what goes is of the household that has the most there, in it of the person who has the most, and of
//! several such of who came last: that may be the newcomer.

use std::collections::{HashMap, VecDeque};

use domain::{PersonId, Timestamp};
use parking_lot::Mutex;

use crate::Household;

/// Whose a thing is: of a person, who asked from there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Holder {
    /// A guest is nobody whom one knows: there may be any number of them in one household.
    pub person: PersonId,
    /// None where only who has an account can have a thing there.
    pub household: Option<Household>,
}

/// So many things, each under its key and for so long.
pub struct ExpiringMap<K, V> {
    most: usize,
    of_a_person: usize,
    /// In milliseconds.
    kept: u64,
    /// The oldest first.
    all: Mutex<VecDeque<Thing<K, V>>>,
}

struct Thing<K, V> {
    key: K,
    holder: Holder,
    until: Timestamp,
    value: V,
}

impl<K: PartialEq, V> ExpiringMap<K, V> {
    /// Room for `most` things, `of_a_person` of one, for `kept` milliseconds each.
    pub fn new(most: usize, of_a_person: usize, kept: u64) -> Self {
        Self {
            most,
            of_a_person,
            kept,
            all: Mutex::default(),
        }
    }

    /// Puts it there, in place of what was there under that key. False if there is no room for it.
    pub fn put(&self, key: K, holder: Holder, value: V, now: Timestamp) -> bool {
        let until = Timestamp(now.0.saturating_add(self.kept));
        let mut all = self.all.lock();
        all.retain(|thing| thing.until > now && thing.key != key);
        let is_theirs = |thing: &Thing<K, V>| thing.holder.person == holder.person;
        if all.iter().filter(|thing| is_theirs(thing)).count() >= self.of_a_person
            && let Some(oldest) = all.iter().position(is_theirs)
        {
            all.remove(oldest);
        }
        all.push_back(Thing {
            key,
            holder,
            until,
            value,
        });
        if all.len() <= self.most {
            return true;
        }
        let goes = who_goes(all.iter().map(|thing| thing.holder));
        let stays = goes.is_none_or(|at| at + 1 < all.len());
        if let Some(at) = goes {
            all.remove(at);
        }
        stays
    }

    /// Takes it away: nobody finds it there a second time.
    pub fn take(&self, key: &K, now: Timestamp) -> Option<V> {
        let mut all = self.all.lock();
        let at = all.iter().position(|thing| thing.key == *key)?;
        let thing = all.remove(at)?;
        (thing.until > now).then_some(thing.value)
    }

    /// Looks at it, or changes something about it.
    pub fn with<T>(&self, key: &K, now: Timestamp, look: impl FnOnce(&mut V) -> T) -> Option<T> {
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

crate::guard! {
    /// Which of these goes where there is one too many; they stand there as they came.
    fn who_goes(holders: impl Iterator<Item = Holder> + Clone) -> Option<usize> {
        let (mut households, mut persons) = (HashMap::new(), HashMap::new());
        for holder in holders.clone() {
            *households.entry(holder.household).or_insert(0_usize) += 1;
            *persons.entry(holder).or_insert(0_usize) += 1;
        }
        let many = |holder: &Holder| (households.get(&holder.household).copied(), persons.get(holder).copied());
        // Of several that have as many it is the last.
        let whose = holders.clone().max_by_key(many)?;
        let mut all = holders;
        all.position(|holder| holder == whose)
    }
    PushedOut: holders.take(1).count().checked_sub(1)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn holder(person: u16, house: u8) -> Holder {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&person.to_be_bytes());
        Holder {
            person: PersonId::from_bytes(bytes),
            household: Some(Household::of(Ipv4Addr::new(192, 0, 2, house).into())),
        }
    }

    #[test]
    fn a_thing_waits_for_its_time_and_is_taken_once() {
        let shelf = ExpiringMap::new(9, 2, 10);
        let ana = holder(1, 1);
        assert!(shelf.put(1, ana, "one", Timestamp(0)) && shelf.put(2, ana, "two", Timestamp(1)));
        assert_eq!(shelf.with(&1, Timestamp(9), |value| *value), Some("one"));
        assert_eq!(shelf.with(&1, Timestamp(10), |value| *value), None);
        assert_eq!(shelf.take(&2, Timestamp(10)), Some("two"));
        assert_eq!(shelf.take(&2, Timestamp(10)), None);
        for key in 3..6 {
            assert!(shelf.put(key, ana, "more", Timestamp(10)));
        }
        assert_eq!(
            shelf.take(&3, Timestamp(10)),
            None,
            "of one person the oldest goes"
        );
        shelf.put(4, ana, "again", Timestamp(11));
        assert_eq!(
            shelf.take(&5, Timestamp(11)),
            Some("more"),
            "the same key takes no room"
        );
        shelf.remove(|value| *value == "again");
        assert_eq!(shelf.take(&4, Timestamp(11)), None);
    }

    #[test]
    fn nobody_pushes_out_what_others_have_there() {
        let shelf = ExpiringMap::new(100, 5, 1_000);
        let now = Timestamp(0);
        assert!(shelf.put(0, holder(0, 1), "hers", now));
        // One person, however often.
        for key in 1..1_000 {
            shelf.put(key, holder(1, 1), "theirs", now);
        }
        // Any number of guests of one household, hers or another.
        for key in 1_000..3_000 {
            let guest = u16::try_from(key).unwrap();
            shelf.put(
                key,
                holder(guest, u8::try_from(key % 2 + 1).unwrap()),
                "theirs",
                now,
            );
        }
        assert_eq!(shelf.with(&0, now, |value| *value), Some("hers"));
        // Whoever comes from elsewhere has room.
        assert!(shelf.put(9_999, holder(9_999, 9), "his", now));
        for key in 3_000..4_000 {
            shelf.put(key, holder(u16::try_from(key).unwrap(), 1), "theirs", now);
        }
        assert_eq!(shelf.take(&9_999, now), Some("his"));
        assert_eq!(shelf.take(&0, now), Some("hers"));
        assert!(shelf.all.lock().len() <= 100);
    }
}
