//! How fast one person, and one address, may have things written: bytes of text, and rows of the log that one command makes.
//!
//! What is counted is what a command writes and not what it says: a letter that is added to long notes writes all of them. So it is
//! decided first, and counted in the transaction that would write it. Whoever is over it is refused with a sentence and keeps what they
//! typed: a page sends it again. What the server does by itself has no address.

use std::time::{Duration, Instant};

use domain::durations::seconds;
use domain::{Change, Command, Field, PersonId, Topic};

use crate::budgets::{Budget, Budgets};
use crate::write::request::{OVERHEAD, WriteRequest};
use crate::{Error, Household, Quotas};

/// The rows that changes of a profile make: one for each list that the person is in.
const ROWS: Budget = Budget {
    at_once: 1_500,
    refilled_in: Duration::from_secs(60),
};

/// How often an address has what a person has: behind it may be an office.
const PEOPLE_OF_AN_ADDRESS: u64 = 4;

/// How long it takes until a person may write as much at once again.
const REFILLED_IN: Duration = Duration::from_secs(4 * 60 * 60);

/// What somebody has written, and from where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charge {
    pub(crate) person: PersonId,
    pub(crate) household: Option<Household>,
    pub(crate) bytes: u64,
    /// Rows of the log, if it is a change of a profile.
    pub(crate) rows: u64,
}

/// What was written lately. Only the writer counts, so nothing is counted between a look and what follows from it.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes: Both,
    rows: Both,
}

/// The same of each person and of each address.
#[derive(Debug)]
struct Both {
    of_a_person: Budgets<PersonId>,
    of_an_address: Budgets<Household>,
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

    /// Whether somebody may write as much; else when they may.
    pub(crate) fn look(&self, charge: &Charge) -> Result<(), Error> {
        let now = Instant::now();
        let often = self.rows.look(charge, charge.rows, now);
        often.map_err(|wait| Error::TooOften {
            seconds: seconds(wait),
        })?;
        has_budget(&self.bytes, charge, now).map_err(|wait| Error::TooMuchText {
            seconds: seconds(wait),
        })
    }

    /// Counts it if somebody may write as much.
    pub(crate) fn take(&self, charge: &Charge) -> Result<(), Error> {
        self.look(charge)?;
        self.spend(charge);
        Ok(())
    }

    /// Counts what has to be written: it is waited for with what comes after it.
    pub(crate) fn spend(&self, charge: &Charge) {
        let now = Instant::now();
        self.bytes.spend(charge, charge.bytes, now);
        self.rows.spend(charge, charge.rows, now);
    }

    /// Counts no more what was not written after all.
    pub(crate) fn give_back(&self, charge: &Charge) {
        self.bytes.give_back(charge, charge.bytes);
        self.rows.give_back(charge, charge.rows);
    }
}

crate::guard! {
    /// Whether somebody may write so many bytes; else how long to wait.
    fn has_budget(bytes: &Both, charge: &Charge, now: Instant) -> Result<(), Duration> {
        bytes.look(charge, charge.bytes, now)
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

    fn look(&self, charge: &Charge, amount: u64, now: Instant) -> Result<(), Duration> {
        let own = self.of_a_person.look(&charge.person, amount, now);
        let all = charge.household.map_or(Ok(()), |household| {
            self.of_an_address.look(&household, amount, now)
        });
        match (own, all) {
            (Err(own), Err(all)) => Err(own.max(all)),
            (own, all) => own.and(all),
        }
    }

    fn spend(&self, charge: &Charge, amount: u64, now: Instant) {
        self.of_a_person.spend(&charge.person, amount, now);
        if let Some(household) = charge.household {
            self.of_an_address.spend(&household, amount, now);
        }
    }

    fn give_back(&self, charge: &Charge, amount: u64) {
        self.of_a_person.give_back(&charge.person, amount);
        if let Some(household) = charge.household {
            self.of_an_address.give_back(&household, amount);
        }
    }
}

/// The bytes that a request brings: so much work it is at the least, whatever comes of it.
pub(crate) fn asked(ask: &WriteRequest) -> u64 {
    let text = ask.command().and_then(Command::text);
    OVERHEAD + text.map_or(0, length)
}

crate::guard! {
    /// The bytes that a decision leaves on disk.
    pub(crate) fn written(decision: &[(Topic, Vec<Change>)]) -> u64 {
        let row = |changes: &[Change]| OVERHEAD + changes.iter().map(bytes).sum::<u64>();
        decision.iter().map(|(_, changes)| row(changes)).sum()
    }
    ShortCommands: 0
}

fn bytes(change: &Change) -> u64 {
    let text = match change {
        Change::TaskAdded { task } | Change::TaskRestored { task } => Field::size_of(task) as u64,
        Change::TaskSet { field, .. } => field.size() as u64,
        Change::ListCreated { name } | Change::ListRenamed { name } => length(name.as_str()),
        Change::MemberJoined { profile, .. }
        | Change::MemberRenamed { profile, .. }
        | Change::ProfileSet { profile } => length(profile.name.as_str()),
        Change::MemberLeft { .. }
        | Change::TaskMoved { .. }
        | Change::TaskDeleted { .. }
        | Change::ListJoined { .. }
        | Change::ListLeft { .. } => 0,
    };
    OVERHEAD + text
}

const fn length(text: &str) -> u64 {
    text.len() as u64
}
