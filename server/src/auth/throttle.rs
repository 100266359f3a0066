//! How often one may try to come in: by address, and by name.
//!
//! A stranger who guesses at a name uses up its tries, so those from a network where the account is signed in already are
//! counted apart: nobody is locked out of their own account by others for as long as those please.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::durations;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::Household;
use domain::PersonId;

use crate::http::rate_limiter::{Quota, RateLimiter};

/// Tries from one address, whatever the name: behind it may be a whole office.
const OF_AN_ADDRESS: Quota = quota(30, 10);

/// Tries at one name from one network.
const OF_BOTH: Quota = quota(8, 30);

/// Tries at one name from anywhere, but from where its account is signed in.
const OF_A_NAME: Quota = quota(40, 30);

/// Accounts that are made from one address.
const NEW: Quota = quota(20, 60);

/// Invitations of one person, and from one address.
const INVITE: Quota = quota(20, 60);

/// Departures to the provider from one address.
const DEPARTURES: Quota = quota(30, 10);

/// Wrong operator codes from one address. A code has 80 bits: this keeps the log short, not the code safe.
const OPERATOR_CODE: Quota = quota(10, 60);

/// Questions to passkeys for one address: each waits in memory for its answer.
const ASKED: Quota = quota(60, 2);

/// Pictures of one person, and from one address: each takes half a second of a processor.
const PICTURES: Quota = quota(10, 10);
const PICTURES_OF_AN_ADDRESS: Quota = quota(30, 4);

const fn quota(burst: u32, seconds: u64) -> Quota {
    Quota {
        burst,
        every: Duration::from_secs(seconds),
    }
}

/// Who has tried lately. A clone is the same.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Counted>);

struct Counted {
    of_an_address: RateLimiter<Household>,
    of_both: RateLimiter<(Household, String)>,
    of_a_name: RateLimiter<String>,
    new: RateLimiter<Household>,
    departures: RateLimiter<Household>,
    by_person: RateLimiter<PersonId>,
    by_address: RateLimiter<Household>,
    asked: RateLimiter<Household>,
    operator_code: RateLimiter<Household>,
    pictures: RateLimiter<PersonId>,
    pictures_of_an_address: RateLimiter<Household>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self(Arc::new(Counted {
            of_an_address: RateLimiter::new(OF_AN_ADDRESS),
            of_both: RateLimiter::new(OF_BOTH),
            of_a_name: RateLimiter::new(OF_A_NAME),
            new: RateLimiter::new(NEW),
            departures: RateLimiter::new(DEPARTURES),
            by_person: RateLimiter::new(INVITE),
            by_address: RateLimiter::new(INVITE),
            asked: RateLimiter::new(ASKED),
            operator_code: RateLimiter::new(OPERATOR_CODE),
            pictures: RateLimiter::new(PICTURES),
            pictures_of_an_address: RateLimiter::new(PICTURES_OF_AN_ADDRESS),
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
        self.0.asked.take(&Household::of(address), Instant::now())
    }

    /// Counts an operator code that somebody gives; how long to wait, if there is no try left.
    pub(crate) fn operator_code(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.operator_code.take(&Household::of(address), Instant::now())
    }

    /// Counts no more what was tried before the right code came.
    pub(crate) fn forget_operator_codes(&self, address: IpAddr) {
        self.0.operator_code.forget(&Household::of(address));
    }

    /// Counts an account that somebody would make.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.new.take(&Household::of(address), Instant::now())
    }

    /// Counts somebody who is asked into a list.
    pub(crate) fn invite(&self, person: PersonId, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        self.0.by_person.take(&person, now)?;
        self.0.by_address.take(&Household::of(address), now)
    }

    /// Counts a picture that somebody chooses.
    pub(crate) fn picture(&self, person: PersonId, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        self.0.pictures.take(&person, now)?;
        self.0.pictures_of_an_address.take(&Household::of(address), now)
    }

    /// Counts a departure to the provider.
    pub(crate) fn depart(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.departures.take(&Household::of(address), Instant::now())
    }
}

impl Attempt {
    backend::guard! {
        /// Counts it; how long to wait, if there is none left.
        fn count(&self, now: Instant) -> Result<(), Duration> {
            let counted = &self.throttle.0;
            counted.of_an_address.take(&self.address, now)?;
            counted.of_both.take(&(self.address, self.name.clone()), now)?;
            if self.is_strange {
                counted.of_a_name.take(&self.name, now)?;
            }
            Ok(())
        }
        EndlessTries: Ok(())
    }

    /// It was right.
    pub(crate) fn succeeded(self) {
        let this = &self.throttle.0;
        this.of_an_address.give_back(&self.address);
        if self.is_strange {
            this.of_a_name.give_back(&self.name);
        }
        this.of_both.give_back(&(self.address, self.name));
    }
}

/// The sentence for who has to wait.
pub(crate) fn sentence(wait: Duration) -> String {
    format!(
        "Too many attempts. Please wait {} and try again.",
        durations::wait(wait)
    )
}

/// Says when to come back.
pub(crate) fn come_back(response: &mut Response, status: StatusCode, wait: Duration) {
    let seconds = durations::seconds(wait).max(1);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
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
