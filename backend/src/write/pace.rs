//! How fast one person, and one address, may have things written: bytes of text, and rows of the log that one command makes.
//!
//! It is asked before a request waits in the writer's queue. Whoever is over it is refused with a sentence and keeps what they typed:
//! a page sends it again. What the server does by itself has no address.

use std::net::IpAddr;
use std::time::Duration;

use domain::PersonId;

use crate::budgets::{Budget, Budgets};
use crate::client_address::client_address;
use crate::write::request::WriteRequest;
use crate::{Error, Quotas};

/// What a command is beside its text, in the log and in the register.
const OVERHEAD: u64 = 100;

/// The rows that changes of a profile make: one for each list that the person is in.
const ROWS: Budget = Budget {
    at_once: 1_500,
    refilled_in: Duration::from_secs(60),
};

/// How often an address has what a person has: behind it may be an office.
const PEOPLE_OF_AN_ADDRESS: u64 = 4;

/// How long it takes until a person may write as much at once again.
const REFILLED_IN: Duration = Duration::from_secs(4 * 60 * 60);

#[derive(Debug)]
pub(crate) struct Pace {
    bytes: Both,
    rows: Both,
}

/// The same of each person and of each address.
#[derive(Debug)]
struct Both {
    of_a_person: Budgets<PersonId>,
    of_an_address: Budgets<IpAddr>,
}

impl Pace {
    pub(crate) fn new(quotas: Quotas) -> Self {
        let bytes = Budget {
            at_once: quotas.written,
            refilled_in: REFILLED_IN,
        };
        Self {
            bytes: Both::new(bytes),
            rows: Both::new(ROWS),
        }
    }

    /// Counts the text that somebody would write.
    pub(crate) fn text(&self, person: PersonId, asks: &[WriteRequest]) -> Result<(), Error> {
        let bytes: u64 = asks.iter().map(bytes).sum();
        let wait = has_budget(&self.bytes, person, bytes);
        wait.map_err(|wait| Error::TooMuchText {
            seconds: seconds(wait),
        })
    }

    /// Counts a change of somebody's profile, who is in so many lists.
    pub(crate) fn profile(&self, person: PersonId, lists: u64) -> Result<(), Error> {
        let wait = self.rows.take(person, lists + 1);
        wait.map_err(|wait| Error::TooOften {
            seconds: seconds(wait),
        })
    }
}

crate::guard! {
    /// Counts bytes that somebody would write.
    fn has_budget(bytes: &Both, person: PersonId, amount: u64) -> Result<(), Duration> {
        bytes.take(person, amount)
    }
    EndlessText: Ok(())
}

impl Both {
    fn new(budget: Budget) -> Self {
        let of_an_address = Budget {
            at_once: budget.at_once.saturating_mul(PEOPLE_OF_AN_ADDRESS),
            ..budget
        };
        Self {
            of_a_person: Budgets::new(budget),
            of_an_address: Budgets::new(of_an_address),
        }
    }

    fn take(&self, person: PersonId, amount: u64) -> Result<(), Duration> {
        // Who is over their own has used up nothing of what others at that address have.
        self.of_a_person.take(&person, amount)?;
        client_address().map_or(Ok(()), |address| self.of_an_address.take(&address, amount))
    }
}

/// The bytes that a request may leave on disk.
fn bytes(ask: &WriteRequest) -> u64 {
    let text = ask.command().and_then(domain::Command::text);
    OVERHEAD + text.map_or(0, |text| text.len() as u64)
}

/// Seconds to wait, as a sentence has them.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}
