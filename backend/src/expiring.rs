//! Where something waits for minutes: in memory, for so many, and whoever does not come in time finds it gone.
//!
//! Room is shared fairly, so that nobody pushes out what others have there. One person has so many things, and then their own oldest
//! goes. When all the room is taken, a household that has its share already (the room, divided by the households that have something
//! there) makes room itself, and for any other it is the household that has the most. In it the person who has the most loses their
//! oldest thing, and of several such who came last: that may be the newcomer. Who counts for no household is one alone.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use domain::{PersonId, Timestamp};
use parking_lot::Mutex;

use crate::Household;
use crate::tally::Tally;

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
    all: Mutex<Things<K, V>>,
}

struct Thing<V> {
    number: u64,
    holder: Holder,
    until: Timestamp,
    value: V,
}

/// What is there. Each thing has a number, in the order in which they came.
struct Things<K, V> {
    next: u64,
    by_key: HashMap<K, Thing<V>>,
    by_age: BTreeMap<u64, K>,
    persons: Tally<PersonId>,
    households: Tally<Group>,
    /// The persons of each household.
    members: HashMap<Group, Tally<PersonId>>,
}

/// Who shares the room: a household, or a person who counts for none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Group {
    Household(Household),
    Alone(PersonId),
}

impl Holder {
    fn group(self) -> Group {
        self.household.map_or(Group::Alone(self.person), Group::Household)
    }
}

impl<K: Clone + Eq + Hash, V> ExpiringMap<K, V> {
    /// Room for `most` things, `of_a_person` of one, for `kept` milliseconds each.
    pub fn new(most: usize, of_a_person: usize, kept: u64) -> Self {
        Self {
            most,
            of_a_person,
            kept,
            all: Mutex::new(Things::default()),
        }
    }

    /// Puts it there, in place of what was there under that key. False if there is no room for it.
    pub fn put(&self, key: K, holder: Holder, value: V, now: Timestamp) -> bool {
        let until = Timestamp(now.0.saturating_add(self.kept));
        let mut all = self.all.lock();
        all.drop_expired(now);
        all.remove(&key);
        if all.persons.count(holder.person) >= self.of_a_person
            && let Some(oldest) = all.persons.oldest(holder.person)
        {
            all.remove_number(oldest);
        }
        let number = all.insert(key, holder, until, value);
        if all.by_key.len() <= self.most {
            return true;
        }
        let goes = all.goes(holder.group(), self.most);
        if let Some(goes) = goes {
            all.remove_number(goes);
        }
        goes != Some(number)
    }

    /// Takes it away: nobody finds it there a second time.
    pub fn take(&self, key: &K, now: Timestamp) -> Option<V> {
        let thing = self.all.lock().remove(key)?;
        (thing.until > now).then_some(thing.value)
    }

    /// Looks at it, or changes something about it.
    pub fn with<T>(&self, key: &K, now: Timestamp, look: impl FnOnce(&mut V) -> T) -> Option<T> {
        let mut all = self.all.lock();
        let thing = all.by_key.get_mut(key).filter(|thing| thing.until > now)?;
        Some(look(&mut thing.value))
    }

    /// Takes all of those away.
    pub(crate) fn remove(&self, is_one: impl Fn(&V) -> bool) {
        let mut all = self.all.lock();
        let gone = all.by_key.values().filter(|thing| is_one(&thing.value));
        let gone: Vec<u64> = gone.map(|thing| thing.number).collect();
        for number in gone {
            all.remove_number(number);
        }
    }
}

impl<K, V> Default for Things<K, V> {
    fn default() -> Self {
        Self {
            next: 0,
            by_key: HashMap::new(),
            by_age: BTreeMap::new(),
            persons: Tally::default(),
            households: Tally::default(),
            members: HashMap::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, V> Things<K, V> {
    fn insert(&mut self, key: K, holder: Holder, until: Timestamp, value: V) -> u64 {
        let number = self.next;
        self.next += 1;
        self.by_age.insert(number, key.clone());
        let group = holder.group();
        self.persons.add(holder.person, number);
        self.households.add(group, number);
        self.members.entry(group).or_default().add(holder.person, number);
        let thing = Thing {
            number,
            holder,
            until,
            value,
        };
        self.by_key.insert(key, thing);
        number
    }

    fn remove(&mut self, key: &K) -> Option<Thing<V>> {
        let thing = self.by_key.remove(key)?;
        let (number, holder, group) = (thing.number, thing.holder, thing.holder.group());
        self.by_age.remove(&number);
        self.persons.remove(holder.person, number);
        self.households.remove(group, number);
        if let Some(members) = self.members.get_mut(&group) {
            members.remove(holder.person, number);
            if members.is_empty() {
                self.members.remove(&group);
            }
        }
        Some(thing)
    }

    fn remove_number(&mut self, number: u64) {
        if let Some(key) = self.by_age.get(&number).cloned() {
            self.remove(&key);
        }
    }

    crate::guard! {
        /// The number of the thing that goes where there is one too many, since that group has put one there.
        fn goes(&self, newcomer: Group, most: usize) -> Option<u64> {
            let share = most.div_ceil(self.members.len().max(1));
            let whose = if self.households.count(newcomer) > share {
                newcomer
            } else {
                self.households.most()?
            };
            let members = self.members.get(&whose)?;
            members.oldest(members.most()?)
        }
        PushedOut: {
            let _ = (newcomer, most);
            self.by_age.keys().next().copied()
        }
    }

    /// All are kept for as long, so those that came first go first.
    fn drop_expired(&mut self, now: Timestamp) {
        while let Some((_, key)) = self.by_age.first_key_value()
            && self.by_key.get(key).is_none_or(|thing| thing.until <= now)
        {
            let key = key.clone();
            self.remove(&key);
        }
    }
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
        assert!(shelf.all.lock().by_key.len() <= 100);
    }

    #[test]
    fn a_household_that_has_its_share_makes_room_itself_though_another_has_more() {
        let shelf = ExpiringMap::new(100, 5, 1_000);
        let (now, mut key) = (Timestamp(0), 0);
        let mut put = |house, many| {
            let mut stays = 0;
            for _ in 0..many {
                key += 1;
                stays += usize::from(shelf.put(key, holder(key, house), house, now));
            }
            stays
        };
        let there = |house: u8| {
            let all = shelf.all.lock();
            all.by_key.values().filter(|thing| thing.value == house).count()
        };
        assert_eq!((put(1, 50), put(2, 40), put(3, 10)), (50, 40, 10));
        // A third of the room is 34: who has that pushes nothing of others out, whoever has more.
        assert_eq!(put(2, 20), 0);
        assert_eq!((there(1), there(2), there(3)), (50, 40, 10));
        // Who has less gets as much from who has the most.
        assert_eq!(put(3, 30), 23);
        assert_eq!((there(1), there(2), there(3)), (34, 33, 33));
    }

    #[test]
    fn what_is_counted_is_what_is_there() {
        let shelf = ExpiringMap::new(30, 4, 50);
        let mut state = 7_u64;
        for time in 0..5_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let pick = |shift: u32, most: u64| u8::try_from((state >> shift) % most).unwrap();
            let (key, person, house) = (pick(50, 60), u16::from(pick(40, 12)), pick(20, 4));
            let (now, mut holder) = (Timestamp(time), holder(person, house));
            holder.household = holder.household.filter(|_| house > 0);
            match pick(30, 8) {
                0 => drop(shelf.take(&key, now)),
                1 => shelf.remove(|value| *value == person),
                _ => drop(shelf.put(key, holder, person, now)),
            }
            let all = shelf.all.lock();
            assert!(all.by_key.len() <= 30);
            assert_eq!(all.by_key.len(), all.by_age.len());
            let count =
                |is: &dyn Fn(Holder) -> bool| all.by_key.values().filter(|thing| is(thing.holder)).count();
            let group = holder.group();
            assert_eq!(
                all.persons.count(holder.person),
                count(&|of| of.person == holder.person)
            );
            assert!(all.persons.count(holder.person) <= 4);
            assert_eq!(all.households.count(group), count(&|of| of.group() == group));
            let in_group = all
                .members
                .get(&group)
                .map_or(0, |members| members.count(holder.person));
            assert_eq!(
                in_group,
                count(&|of| of.group() == group && of.person == holder.person)
            );
            let groups: std::collections::BTreeSet<Group> =
                all.by_key.values().map(|thing| thing.holder.group()).collect();
            assert_eq!(groups.len(), all.members.len());
        }
    }
}
