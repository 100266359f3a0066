//! How often one may try to come in: by address, and by name.
//!
//! A stranger who guesses at a name uses up its tries, so those from a network where the account is signed in already are
//! counted apart: nobody is locked out of their own account by others for as long as those please.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::Hole;
use domain::PersonId;

use crate::http::rate_limiter::{RateLimiter, Rates};

/// Tries from one address, whatever the name: behind it may be a whole office.
const OF_AN_ADDRESS: RateLimiter = pace(30, 10);

/// Tries at one name from one network.
const OF_BOTH: RateLimiter = pace(8, 30);

/// Tries at one name from anywhere, but from where its account is signed in.
const OF_A_NAME: RateLimiter = pace(40, 30);

/// Accounts that are made from one address.
const NEW: RateLimiter = pace(20, 60);

/// Invitations of one person, and from one address.
const INVITE: RateLimiter = pace(20, 60);

/// Departures to the provider from one address.
const AWAY: RateLimiter = pace(30, 10);
/// Questions to passkeys for one address: each waits in memory for its answer.
const ASKED: RateLimiter = pace(60, 2);

const fn pace(burst: u32, seconds: u64) -> RateLimiter {
    RateLimiter {
        burst,
        every: Duration::from_secs(seconds),
    }
}

/// Who has tried lately. A clone is the same.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Counted>);

struct Counted {
    of_an_address: Rates<IpAddr>,
    of_both: Rates<(IpAddr, String)>,
    of_a_name: Rates<String>,
    new: Rates<IpAddr>,
    catch_up: Rates<IpAddr>,
    by_person: Rates<PersonId>,
    by_address: Rates<IpAddr>,
    asked: Rates<IpAddr>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self(Arc::new(Counted {
            of_an_address: Rates::new(OF_AN_ADDRESS),
            of_both: Rates::new(OF_BOTH),
            of_a_name: Rates::new(OF_A_NAME),
            new: Rates::new(NEW),
            catch_up: Rates::new(AWAY),
            by_person: Rates::new(INVITE),
            by_address: Rates::new(INVITE),
            asked: Rates::new(ASKED),
        }))
    }
}

/// One try, which may turn out to be none.
pub(crate) struct Try {
    tries: Throttle,
    address: IpAddr,
    name: String,
    is_strange: bool,
}

impl Throttle {
    /// Counts a try at a name, which is from a `strange` network; how long to wait, if there is none left.
    pub(crate) fn knock(&self, address: IpAddr, name: &str, is_strange: bool) -> Result<Try, Duration> {
        let (now, address) = (Instant::now(), household(address));
        let this = &self.0;
        if Hole::EndlessTries.is_open() {
            return Ok(Try {
                tries: self.clone(),
                address,
                name: name.to_owned(),
                is_strange,
            });
        }
        this.of_an_address.take(&address, now)?;
        this.of_both.take(&(address, name.to_owned()), now)?;
        if is_strange {
            this.of_a_name.take(&name.to_owned(), now)?;
        }
        Ok(Try {
            tries: self.clone(),
            address,
            name: name.to_owned(),
            is_strange,
        })
    }

    /// Counts a question that a passkey is to answer.
    pub(crate) fn ask(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.asked.take(&household(address), Instant::now())
    }

    /// Counts an account that somebody would make.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.new.take(&household(address), Instant::now())
    }

    /// Counts somebody who is asked into a list.
    pub(crate) fn invite(&self, person: PersonId, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        self.0.by_person.take(&person, now)?;
        self.0.by_address.take(&household(address), now)
    }

    /// Counts a departure to the provider.
    pub(crate) fn depart(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.catch_up.take(&household(address), Instant::now())
    }
}

impl Try {
    /// It was right.
    pub(crate) fn succeeded(self) {
        let this = &self.tries.0;
        this.of_an_address.give_back(&self.address);
        if self.is_strange {
            this.of_a_name.give_back(&self.name);
        }
        this.of_both.give_back(&(self.address, self.name));
    }
}

/// All the addresses that one household has.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

/// The sentence for who has to wait.
pub(crate) fn sentence(wait: Duration) -> String {
    let seconds = wait.as_secs_f64().ceil() as u64;
    let time = match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    };
    format!("Too many tries. Please wait {time} and try again.")
}

/// Says when to come back.
pub(crate) fn come_back(response: &mut Response, status: StatusCode, wait: Duration) {
    let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
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
        let tries = Throttle::default();
        let mut guesses = 0;
        for last in 0..100 {
            while tries.knock(address(last), "ana", true).is_ok() {
                guesses += 1;
            }
        }
        assert_eq!(guesses, 40);
        assert!(tries.knock(address(200), "ana", false).is_ok());
        assert!(tries.knock(address(200), "bob", true).is_ok());
    }

    #[test]
    fn who_is_right_has_not_tried() {
        let tries = Throttle::default();
        for _ in 0..100 {
            tries.knock(address(1), "ana", true).ok().unwrap().succeeded();
        }
        for _ in 0..8 {
            assert!(tries.knock(address(1), "ana", true).is_ok());
        }
        assert_eq!(
            tries
                .knock(address(1), "ana", true)
                .err()
                .map(|wait| wait.as_secs_f64().ceil()),
            Some(30.0)
        );
    }

    #[test]
    fn a_household_is_one_address() {
        let one: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:ffff::9".parse().unwrap();
        assert_eq!(household(one), household(other));
        assert_ne!(household(one), household("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(household("::ffff:192.0.2.1".parse().unwrap()), address(1));
    }

    #[test]
    fn how_long_to_wait_is_said_in_words() {
        for (seconds, words) in [(1, "a second"), (45, "45 seconds"), (100, "2 minutes")] {
            assert!(sentence(Duration::from_secs(seconds)).contains(words));
        }
    }
}
