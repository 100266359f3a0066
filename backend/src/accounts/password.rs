//! Passwords: which may be chosen, and what is kept of them.
//!
//! Argon2id takes 64 MiB for each, on purpose. So two are worked on at a time, one of an address, a few may wait, and whoever comes
//! then is told when to try again: signing in must not take the memory that the lists need, and nobody keeps others from it. Whether
//! a password is easily guessed takes such a turn, too.

use std::hash::{DefaultHasher, Hash, Hasher};
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

    /// Tries a password against what was kept of the right one. Where there is none it is as much work.
    pub(crate) async fn verify(&self, password: Password, kept: Option<String>) -> Result<Tried, Error> {
        let cost = self.cost;
        let Some(kept) = kept else {
            return self.verify_nothing(password).await;
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work(Some(subject(kept.as_bytes())), move || {
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
        async fn verify_nothing(&self, password: Password) -> Result<Tried, Error> {
            self.hash(password).await.map(|_| Tried::Wrong)
        }
        TimingOracle: Ok(Tried::Wrong)
    }

    /// What is kept of codes that have 80 random bits: each is as much work as the least that is advised for passwords, and all are
    /// one turn.
    pub(crate) async fn stretch(&self, codes: Vec<Code>, salt: [u8; 16]) -> Result<Vec<[u8; 32]>, Error> {
        let cost = Cost {
            memory: self.cost.memory.min(CODES.memory),
            passes: self.cost.passes.min(CODES.passes),
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.work(Some(subject(&salt)), move || {
            let mut memory = Vec::with_capacity(GIVEN_BACK / Block::SIZE);
            memory.resize(argon2(cost)?.params().block_count(), Block::default());
            codes
                .iter()
                .map(|code| stretched(code, &salt, cost, &mut memory))
                .collect()
        })
        .await?
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

/// Whose account it is about, as a number.
fn subject(kept: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    kept.hash(&mut hasher);
    hasher.finish()
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
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 8, passes: 1 };

    #[track_caller]
    fn check(password: &str, comes_to: Result<(), AuthError>) {
        assert_eq!(
            Password::new(password).is_good_for("ana@example.org"),
            comes_to,
            "{password}"
        );
    }

    #[test]
    fn what_everybody_tries_first_is_no_password_and_there_is_no_rule_beside() {
        for common in [
            "password",
            "Password1",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "aaaaaaaa",
            "abcdefgh",
            "ana@example.org",
            "sunshine",
            "football1",
            "P@ssw0rd",
            "tandemtandem",
        ] {
            check(common, Err(AuthError::PasswordCommon));
        }
        check("7chars!", Err(AuthError::PasswordTooShort));
        check(&"ü".repeat(513), Err(AuthError::PasswordTooLong));
        for good in [
            "correct horse battery staple",
            "kühlschrank im garten",
            "nine lamps",
            "xk2v9qpw",
        ] {
            check(good, Ok(()));
        }
        check(&"long and longer ".repeat(8), Ok(()));
        // A part that is hard to guess is enough, wherever it is.
        check(&format!("{}{}", "a".repeat(400), "nine lamps at sea"), Ok(()));
        check(&"a".repeat(1_000), Err(AuthError::PasswordCommon));
    }

    #[test]
    fn of_a_long_password_both_ends_are_looked_at() {
        let (begin, end) = ("ä".repeat(LOOKED_AT), "ö".repeat(LOOKED_AT));
        assert_eq!(ends(&begin), (begin.as_str(), None));
        let both = format!("{begin}-{end}");
        assert_eq!(ends(&both), (begin.as_str(), Some(end.as_str())));
        assert_eq!(ends(""), ("", None));
    }

    #[test]
    fn no_password_takes_long_to_rate() {
        for part in ["aA1!", "p@$$w0rd", "4@8({[<369", "correct horse "] {
            let password = Password::new(&part.repeat(1_000).chars().take(900).collect::<String>());
            let began = std::time::Instant::now();
            let rated = password.is_good_for("ana@example.org");
            let took = began.elapsed();
            println!("{part:?}: {rated:?} after {took:?}");
            // It was a second and more, of which a debug build makes ten.
            assert!(took < std::time::Duration::from_millis(500), "{part:?}");
        }
    }

    #[tokio::test]
    async fn a_password_is_right_or_wrong_and_hashed_anew_where_the_work_has_become_more() {
        let passwords = Passwords::new(CHEAP);
        let typed = || Password::new("Zoe\u{308} rides a bicycle");
        let kept = passwords.hash(typed()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        let tried = passwords
            .verify(Password::new("Zoë rides a bicycle"), Some(kept.clone()))
            .await;
        assert!(matches!(tried, Ok(Tried::Right)));
        let tried = passwords
            .verify(Password::new("zoë rides a bicycle"), Some(kept.clone()))
            .await;
        assert!(matches!(tried, Ok(Tried::Wrong)));
        assert!(matches!(passwords.verify(typed(), None).await, Ok(Tried::Wrong)));
        assert_eq!(passwords.runs(), 4);
        let dearer = Passwords::new(Cost {
            memory: 16,
            passes: 1,
        });
        let Ok(Tried::Again(again)) = dearer.verify(typed(), Some(kept)).await else {
            panic!("it should be hashed anew")
        };
        assert!(again.starts_with("$argon2id$v=19$m=16,t=1,p=1$"), "{again}");
        assert!(matches!(
            dearer.verify(typed(), Some(again)).await,
            Ok(Tried::Right)
        ));
    }

    #[tokio::test]
    async fn those_who_would_wait_for_too_long_are_told_when_to_come_back() {
        let passwords = Passwords::new(CHEAP);
        let server = Share {
            address: None,
            subject: None,
        };
        let turns = (
            passwords.queue.turn(server).await.unwrap(),
            passwords.queue.turn(server).await.unwrap(),
        );
        let mut waiting: Vec<_> = (0..PLACES.waiting)
            .map(|_| Box::pin(passwords.hash(Password::new("nine lamps"))))
            .collect();
        for one in &mut waiting {
            assert!(asked_once(one).await.is_none());
        }
        let refused = passwords.hash(Password::new("nine lamps")).await;
        assert!(matches!(
            refused,
            Err(Error::Auth(AuthError::Busy { seconds: 5 }))
        ));
        drop(waiting.pop());
        let mut one = Box::pin(passwords.hash(Password::new("nine lamps")));
        assert!(asked_once(&mut one).await.is_none(), "there is a place again");
        drop(turns);
        // First come, first served.
        for one in waiting.into_iter().chain([one]) {
            assert!(one.await.is_ok());
        }
    }

    /// What comes of a future that is asked once.
    async fn asked_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
                std::task::Poll::Ready(done) => Some(done),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
