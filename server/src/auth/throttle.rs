//! How often one may try to come in: by address, and by name.
//!
//! A stranger who guesses at a name uses up its tries, so those from a network where the account is signed in already are
//! counted apart: nobody is locked out of their own account by others for as long as those please.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::{Budget, Budgets, Household};
use domain::{PersonId, durations};

/// Tries from one address, whatever the name: behind it may be a whole office.
const OF_AN_ADDRESS: Budget = Budget::of_tries(30, 10);

/// Tries at one name from one network.
const OF_BOTH: Budget = Budget::of_tries(8, 30);

/// Tries at one name from anywhere, but from where its account is signed in.
const OF_A_NAME: Budget = Budget::of_tries(40, 30);

/// Accounts that are made from one address.
const NEW: Budget = Budget::of_tries(20, 60);

/// Invitations of one person, and from one address.
const INVITE: Budget = Budget::of_tries(20, 60);

/// Departures to the provider from one address.
const DEPARTURES: Budget = Budget::of_tries(30, 10);

/// Wrong operator codes from one address. A code has 80 bits: this keeps the log short, not the code safe.
const OPERATOR_CODE: Budget = Budget::of_tries(10, 60);

/// Questions to passkeys for one address: each waits in memory for its answer.
const ASKED: Budget = Budget::of_tries(60, 2);

/// Pictures of one person, and from one address: each takes half a second of a processor.
const PICTURES: Budget = Budget::of_tries(10, 10);
const PICTURES_OF_AN_ADDRESS: Budget = Budget::of_tries(30, 4);

/// Who has tried lately. A clone is the same.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Counted>);

struct Counted {
    of_an_address: Budgets<Household>,
    of_both: Budgets<(Household, String)>,
    of_a_name: Budgets<String>,
    new: Budgets<Household>,
    departures: Budgets<Household>,
    by_person: Budgets<PersonId>,
    by_address: Budgets<Household>,
    asked: Budgets<Household>,
    operator_code: Budgets<Household>,
    pictures: Budgets<PersonId>,
    pictures_of_an_address: Budgets<Household>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self(Arc::new(Counted {
            of_an_address: Budgets::new(OF_AN_ADDRESS),
            of_both: Budgets::new(OF_BOTH),
            of_a_name: Budgets::new(OF_A_NAME),
            new: Budgets::new(NEW),
            departures: Budgets::new(DEPARTURES),
            by_person: Budgets::new(INVITE),
            by_address: Budgets::new(INVITE),
            asked: Budgets::new(ASKED),
            operator_code: Budgets::new(OPERATOR_CODE),
            pictures: Budgets::new(PICTURES),
            pictures_of_an_address: Budgets::new(PICTURES_OF_AN_ADDRESS),
        }))
    }
}

/// One try, which may turn out to be none.
pub(crate) struct Attempt {
    throttle: Throttle,
    address: Household,
    name: String,
    is_strange: bool,
}

impl Throttle {
    /// Counts a try at a name, which is from a `strange` network; how long to wait, if there is none left.
    pub(crate) fn attempt(&self, address: IpAddr, name: &str, is_strange: bool) -> Result<Attempt, Duration> {
        let attempt = Attempt {
            throttle: self.clone(),
            address: Household::of(address),
            name: name.to_owned(),
            is_strange,
        };
        attempt.count(Instant::now())?;
        Ok(attempt)
    }

    /// Counts a question that a passkey is to answer.
    pub(crate) fn ask(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.asked.take(&Household::of(address), 1, Instant::now())
    }

    /// Counts an operator code that somebody gives; how long to wait, if there is no try left.
    pub(crate) fn operator_code(&self, address: IpAddr) -> Result<(), Duration> {
        self.0
            .operator_code
            .take(&Household::of(address), 1, Instant::now())
    }

    /// Counts no more what was tried before the right code came.
    pub(crate) fn forget_operator_codes(&self, address: IpAddr) {
        self.0.operator_code.forget(&Household::of(address));
    }

    /// Counts an account that somebody would make.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.new.take(&Household::of(address), 1, Instant::now())
    }

    /// Counts somebody who is asked into a list.
    pub(crate) fn invite(&self, person: PersonId, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        self.0.by_person.take(&person, 1, now)?;
        // Who is refused for their address has used up nothing of their own.
        let taken = self.0.by_address.take(&Household::of(address), 1, now);
        taken.inspect_err(|_| self.0.by_person.give_back(&person, 1))
    }

    /// Counts a picture that somebody chooses.
    pub(crate) fn picture(&self, person: PersonId, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        self.0.pictures.take(&person, 1, now)?;
        let taken = self
            .0
            .pictures_of_an_address
            .take(&Household::of(address), 1, now);
        taken.inspect_err(|_| self.0.pictures.give_back(&person, 1))
    }

    /// Counts a picture no more that could not be looked at yet.
    pub(crate) fn picture_waits(&self, person: PersonId, address: IpAddr) {
        self.0.pictures.give_back(&person, 1);
        self.0
            .pictures_of_an_address
            .give_back(&Household::of(address), 1);
    }

    /// Counts a departure to the provider.
    pub(crate) fn depart(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.departures.take(&Household::of(address), 1, Instant::now())
    }
}

impl Attempt {
    backend::guard! {
        /// Counts it; how long to wait, if there is none left.
        fn count(&self, now: Instant) -> Result<(), Duration> {
            let counted = &self.throttle.0;
            let both = (self.address, self.name.clone());
            counted.of_an_address.take(&self.address, 1, now)?;
            // What one of them has no try left for is none, so it uses up nothing of the others.
            let taken = counted.of_both.take(&both, 1, now);
            taken.inspect_err(|_| counted.of_an_address.give_back(&self.address, 1))?;
            if !self.is_strange {
                return Ok(());
            }
            let taken = counted.of_a_name.take(&self.name, 1, now);
            taken.inspect_err(|_| {
                counted.of_both.give_back(&both, 1);
                counted.of_an_address.give_back(&self.address, 1);
            })
        }
        EndlessTries: Ok(())
    }

    /// It was right.
    pub(crate) fn succeeded(self) {
        let this = &self.throttle.0;
        this.of_an_address.give_back(&self.address, 1);
        if self.is_strange {
            this.of_a_name.give_back(&self.name, 1);
        }
        this.of_both.give_back(&(self.address, self.name), 1);
    }
}

/// The sentence for who has to wait.
pub(crate) fn sentence(wait: Duration) -> String {
    format!(
        "Too many attempts. Please wait {} and try again.",
        durations::wait(wait)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_stranger_who_guesses_locks_nobody_out_who_is_at_home() {
        let throttle = Throttle::default();
        let mut guesses = 0;
        for last in 0..100 {
            while throttle.attempt(address(last), "ana", true).is_ok() {
                guesses += 1;
            }
        }
        assert_eq!(guesses, 40);
        assert!(throttle.attempt(address(200), "ana", false).is_ok());
        assert!(throttle.attempt(address(200), "bob", true).is_ok());
    }

    #[test]
    fn who_is_right_has_not_tried() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            throttle
                .attempt(address(1), "ana", true)
                .ok()
                .unwrap()
                .succeeded();
        }
        for _ in 0..8 {
            assert!(throttle.attempt(address(1), "ana", true).is_ok());
        }
        assert_eq!(
            throttle
                .attempt(address(1), "ana", true)
                .err()
                .map(|wait| wait.as_secs_f64().ceil()),
            Some(30.0)
        );
    }

    #[test]
    fn who_is_refused_for_one_reason_has_used_up_nothing_else() {
        let throttle = Throttle::default();
        let ana = PersonId::from_bytes([1; 16]);
        for person in 2..=21 {
            assert!(
                throttle
                    .invite(PersonId::from_bytes([person; 16]), address(1))
                    .is_ok()
            );
        }
        for _ in 0..50 {
            assert!(throttle.invite(ana, address(1)).is_err());
        }
        for _ in 0..20 {
            assert!(throttle.invite(ana, address(2)).is_ok());
        }
        for person in 2..=31 {
            assert!(
                throttle
                    .picture(PersonId::from_bytes([person; 16]), address(1))
                    .is_ok()
            );
        }
        for _ in 0..50 {
            assert!(throttle.picture(ana, address(1)).is_err());
        }
        // Nor has who was told to come back.
        for _ in 0..50 {
            assert!(throttle.picture(ana, address(2)).is_ok());
            throttle.picture_waits(ana, address(2));
        }
        for _ in 0..10 {
            assert!(throttle.picture(ana, address(2)).is_ok());
        }
        // Who tries a name in vain keeps nobody else at that address from theirs.
        while throttle.attempt(address(3), "ana", true).is_ok() {}
        for _ in 0..50 {
            assert!(throttle.attempt(address(3), "ana", true).is_err());
        }
        assert!(throttle.attempt(address(3), "bob", true).is_ok());
    }

    #[test]
    fn one_address_that_guesses_operator_codes_does_not_keep_another_out() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            assert!(throttle.operator_code(address(1)).is_ok());
        }
        let wait = throttle.operator_code(address(1)).unwrap_err();
        assert_eq!(wait.as_secs_f64().ceil(), 60.0);
        assert!(throttle.operator_code(address(2)).is_ok());
        throttle.forget_operator_codes(address(1));
        assert!(throttle.operator_code(address(1)).is_ok());
    }

    #[test]
    fn who_has_many_addresses_guesses_no_more_operator_codes_by_them() {
        let throttle = Throttle::default();
        let home = |last: u16| IpAddr::from([0x2001, 0xdb8, 1, 2, last, 0, 0, last]);
        for last in 0..10 {
            assert!(throttle.operator_code(home(last)).is_ok());
        }
        assert!(throttle.operator_code(home(10)).is_err());
        let neighbour = IpAddr::from([0x2001, 0xdb8, 1, 3, 0, 0, 0, 1]);
        assert!(throttle.operator_code(neighbour).is_ok());
    }
}
