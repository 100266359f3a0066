//! Passwords: which may be chosen, and what is kept of them.
//!
//! Argon2id takes 64 MiB for each, on purpose. So two are worked on at a time, one of an address, a few may wait, and whoever comes
//! then is told when to try again: signing in must not take the memory that the lists need, and nobody keeps others from it. Whether
//! a password is easily guessed takes such a turn, too.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;

use crate::client_address::client_address;
use crate::fair_queue::{FairQueue, Full, Places, Share};
use crate::{AuthError, Code, Error, Household, random};

/// The fewest characters.
const SHORTEST: usize = 8;

/// The most bytes: nobody types more, and what is hashed has an end.
const LONGEST: usize = 1024;

/// How many passwords are worked on at a time, and how many may wait for that.
const PLACES: Places = Places {
    at_a_time: 2,
    at_a_time_each: 1,
    waiting: 32,
    waiting_each: 8,
    waiting_for_one: 2,
};

/// How many characters at the beginning, or else at the end, must be hard to guess. Looking for words takes time that grows with the
/// cube of the length: a second for a hundred characters.
const LOOKED_AT: usize = 24;

/// glibc gives an allocation above 32 MiB back to the system as soon as it is free, and keeps a smaller one for the thread that had it.
const GIVEN_BACK: usize = 33 * 1024 * 1024;

/// The work on a recovery code: what OWASP's cheat sheet on storing passwords names as the least.
const CODES: Cost = Cost {
    memory: 19 * 1024,
    passes: 2,
};

/// Passwords that are found among so many guesses are refused: what stands in lists of the commonest, also with a capital or a
/// digit behind, what a keyboard has side by side, and what is the person's own name.
const FEWEST_GUESSES: u64 = 100_000;

/// A password as it was typed, in one way of writing it. A secret: no `Debug`, and nothing shows it.
pub struct Password(String);

/// How much work it is to try a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// How often all of it is gone through.
    pub passes: u32,
}

impl Default for Cost {
    /// 64 MiB and three passes: RFC 9106, section 4, its second choice with one lane in place of four.
    fn default() -> Self {
        Self {
            memory: 64 * 1024,
            passes: 3,
        }
    }
}

/// What works on passwords.
pub(crate) struct Passwords {
    cost: Cost,
    queue: FairQueue,
    subjects: RandomState,
    runs: AtomicU64,
}

/// What came of trying one.
pub(crate) enum Tried {
    /// It is not the right one.
    Wrong,
    /// It is.
    Right,
    /// It is, and this is to be kept of it from now on: the work has become more since it was set.
    Again(String),
}

impl Password {
    /// What was typed; what looks the same is the same, whatever keyboard wrote it.
    pub fn new(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// Whether somebody of that name may choose it. A few milliseconds of work.
    fn is_good_for(&self, name: &str) -> Result<(), AuthError> {
        if self.0.chars().count() < SHORTEST {
            return Err(AuthError::PasswordTooShort);
        }
        if self.0.len() > LONGEST {
            return Err(AuthError::PasswordTooLong);
        }
        let own = name.split('@').next().unwrap_or_default();
        let is_hard = |part: &str| zxcvbn::zxcvbn(part, &[name, own, "tandem"]).guesses() >= FEWEST_GUESSES;
        let (begin, end) = ends(&self.0);
        if is_hard(begin) || end.is_some_and(is_hard) {
            Ok(())
        } else {
            Err(AuthError::PasswordCommon)
        }
    }
}

impl Passwords {
    pub(crate) fn new(cost: Cost) -> Self {
        Self {
            cost,
            queue: FairQueue::new(PLACES),
            subjects: RandomState::new(),
            runs: AtomicU64::new(0),
        }
    }

    /// How often a password was worked on: the same for a name that there is and one that there is not.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// Whether somebody of that name may choose it.
    pub(crate) async fn rate(&self, password: &str, name: &str) -> Result<(), Error> {
        let (password, name) = (Password::new(password), name.to_owned());
        let rated = self.work(None, move || password.is_good_for(&name)).await?;
        Ok(rated?)
    }

    /// What is kept of a new password.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, Error> {
        let cost = self.cost;
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work(None, move || hash(&password, cost)).await?
    }

    /// Tries a password against what was kept of the right one. Where there is none it is as much work. `whose` is the account by what
    /// whoever asks knows of it: the name that was typed, whether or not somebody has it. By that the share of turns is counted, so
    /// being told to come back says nothing of who has an account.
    pub(crate) async fn verify(
        &self,
        whose: impl Hash,
        password: Password,
        kept: Option<String>,
    ) -> Result<Tried, Error> {
        let (cost, subject) = (self.cost, self.subject(whose));
        let Some(kept) = kept else {
            return self.verify_nothing(subject, password).await;
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work(subject, move || {
            let kept =
                PasswordHash::new(&kept).map_err(|error| Error::Corrupt(format!("a password: {error}")))?;
            let argon2 = argon2(cost)?;
            if argon2.verify_password(password.0.as_bytes(), &kept).is_err() {
                return Ok(Tried::Wrong);
            }
            let is_of_now = Params::try_from(&kept)
                .is_ok_and(|params| (params.m_cost(), params.t_cost()) == (cost.memory, cost.passes));
            if is_of_now {
                Ok(Tried::Right)
            } else {
                hash(&password, cost).map(Tried::Again)
            }
        })
        .await?
    }

    crate::guard! {
        /// Does the work of a try for a name that there is not.
        async fn verify_nothing(&self, subject: Option<u64>, password: Password) -> Result<Tried, Error> {
            let cost = self.cost;
            self.runs.fetch_add(1, Ordering::Relaxed);
            let hashed = self.work(subject, move || hash(&password, cost)).await?;
            hashed.map(|_| Tried::Wrong)
        }
        TimingOracle: Ok(Tried::Wrong)
    }

    /// What is kept of codes that have 80 random bits: each is as much work as the least that is advised for passwords, and all are
    /// one turn. `whose` is as for [`verify`](Self::verify).
    pub(crate) async fn stretch(
        &self,
        whose: impl Hash,
        codes: Vec<Code>,
        salt: [u8; 16],
    ) -> Result<Vec<[u8; 32]>, Error> {
        let cost = Cost {
            memory: self.cost.memory.min(CODES.memory),
            passes: self.cost.passes.min(CODES.passes),
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work(self.subject(whose), move || {
            let mut memory = Vec::with_capacity(GIVEN_BACK / Block::SIZE);
            memory.resize(argon2(cost)?.params().block_count(), Block::default());
            codes
                .iter()
                .map(|code| stretched(code, &salt, cost, &mut memory))
                .collect()
        })
        .await?
    }

    /// Whose account it is about, as a number that nobody outside can aim at.
    fn subject(&self, whose: impl Hash) -> Option<u64> {
        Some(self.subjects.hash_one(whose))
    }

    /// Does it on a thread of its own, when it is the turn of whoever asks about that. One that has begun goes on though nobody waits
    /// for it any more, and keeps its turn until it is done.
    async fn work<T: Send + 'static>(
        &self,
        subject: Option<u64>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let share = Share {
            address: client_address().map(Household::address),
            subject,
        };
        let turn = self.queue.turn(share).await;
        let turn = turn.map_err(|Full| AuthError::Busy { seconds: 5 })?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| Error::Stopped)
    }
}

/// The first characters of a long text and, where there are more, the last.
fn ends(text: &str) -> (&str, Option<&str>) {
    let cut = |(at, _): (usize, char)| text.split_at_checked(at);
    match text.char_indices().nth(LOOKED_AT).and_then(cut) {
        None => (text, None),
        Some((begin, _)) => {
            let last = text.char_indices().rev().nth(LOOKED_AT - 1).and_then(cut);
            (begin, last.map(|(_, end)| end))
        }
    }
}

fn argon2(cost: Cost) -> Result<Argon2<'static>, Error> {
    let params = Params::new(cost.memory, cost.passes, 1, None);
    let params = params.map_err(|error| Error::Corrupt(format!("the cost of passwords: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Password, cost: Cost) -> Result<String, Error> {
    let salt = random::<16>()?;
    let hash: Result<PasswordHash, _> = argon2(cost)?.hash_password_with_salt(password.0.as_bytes(), &salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::Corrupt(format!("a password could not be hashed: {error}")))
}

fn stretched(code: &Code, salt: &[u8], cost: Cost, memory: &mut [Block]) -> Result<[u8; 32], Error> {
    let mut hash = [0; 32];
    let typed = code.to_string();
    let done = argon2(cost)?.hash_password_into_with_memory(typed.as_bytes(), salt, &mut hash, memory);
    done.map_err(|error| Error::Corrupt(format!("a code could not be hashed: {error}")))?;
    Ok(hash)
}

#[cfg(test)]
mod tests;
