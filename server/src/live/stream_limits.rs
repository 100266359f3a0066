//! How many streams may be open: by person, by address, and in all. One more is told to come back later.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use backend::Household;
use domain::PersonId;
use parking_lot::Mutex;

/// The most streams.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    pub(crate) in_all: usize,
    pub(crate) of_a_person: usize,
    pub(crate) of_an_address: usize,
}

/// Counts streams. A clone counts the same ones.
#[derive(Clone, Debug)]
pub(crate) struct StreamLimits {
    most: Most,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    in_all: usize,
    by_person: HashMap<PersonId, usize>,
    by_address: HashMap<Household, usize>,
}

/// The right to one stream, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limits: StreamLimits,
    person: PersonId,
    address: Household,
}

impl StreamLimits {
    pub(crate) fn new(most: Most) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// A permit, if there is one.
    pub(crate) fn take(&self, person: PersonId, address: IpAddr) -> Option<Permit> {
        let address = Household::of(address);
        let mut counts = self.counts.lock();
        let of = |count: Option<&usize>| count.copied().unwrap_or(0);
        if counts.in_all >= self.most.in_all
            || of(counts.by_person.get(&person)) >= self.most.of_a_person
            || of(counts.by_address.get(&address)) >= self.most.of_an_address
        {
            return None;
        }
        counts.in_all += 1;
        *counts.by_person.entry(person).or_default() += 1;
        *counts.by_address.entry(address).or_default() += 1;
        drop(counts);
        Some(Permit {
            limits: self.clone(),
            person,
            address,
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.limits.counts.lock();
        counts.in_all -= 1;
        give_back(&mut counts.by_person, &self.person);
        give_back(&mut counts.by_address, &self.address);
    }
}

fn give_back<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ANA: PersonId = PersonId::from_bytes([1; 16]);
    const BOB: PersonId = PersonId::from_bytes([2; 16]);
    const CY: PersonId = PersonId::from_bytes([3; 16]);

    fn address(last: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    #[test]
    fn each_cap_holds_by_itself_and_a_seat_given_back_is_free() {
        let limits = StreamLimits::new(Most {
            in_all: 5,
            of_a_person: 2,
            of_an_address: 3,
        });
        let first = limits.take(ANA, address(1)).unwrap();
        let _second = limits.take(ANA, address(1)).unwrap();
        assert!(limits.take(ANA, address(2)).is_none(), "a person has two");
        let _third = limits.take(BOB, address(1)).unwrap();
        assert!(limits.take(BOB, address(1)).is_none(), "an address has three");
        let _fourth = limits.take(BOB, address(2)).unwrap();
        let _fifth = limits.take(CY, address(2)).unwrap();
        assert!(limits.take(CY, address(3)).is_none(), "there are five in all");
        drop(first);
        drop(limits.take(ANA, address(1)).unwrap());
    }

    #[test]
    fn who_has_many_addresses_opens_no_more_streams_by_them() {
        let limits = StreamLimits::new(Most {
            in_all: 9,
            of_a_person: 9,
            of_an_address: 2,
        });
        let home = |last: u16| IpAddr::from([0x2001, 0xdb8, 1, 2, last, 0, 0, last]);
        let _open = [
            limits.take(ANA, home(1)).unwrap(),
            limits.take(BOB, home(2)).unwrap(),
        ];
        assert!(limits.take(CY, home(3)).is_none());
        let neighbour = IpAddr::from([0x2001, 0xdb8, 1, 3, 0, 0, 0, 1]);
        let _other = limits.take(CY, neighbour).unwrap();
        let _old = [
            limits.take(CY, address(1)).unwrap(),
            limits.take(CY, "::ffff:192.0.2.1".parse().unwrap()).unwrap(),
        ];
        assert!(
            limits.take(CY, address(1)).is_none(),
            "one address, however it is written"
        );
    }

    #[test]
    fn nothing_is_left_of_those_who_went() {
        let limits = StreamLimits::new(Most {
            in_all: 1,
            of_a_person: 1,
            of_an_address: 1,
        });
        for last in 0..10 {
            drop(limits.take(ANA, address(last)).unwrap());
        }
        let counts = limits.counts.lock();
        assert!(counts.in_all == 0 && counts.by_person.is_empty() && counts.by_address.is_empty());
    }
}
