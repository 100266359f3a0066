//! How much each may use up: so much at once, and then at a steady pace (the generic cell rate algorithm, ITU-T I.371, where one cell may
//! be larger than another). What is remembered of each is one moment: when all of it is there again.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The most keys that are remembered, about 100 bytes each. Beyond, those that have used nothing up go; if all have, newcomers share one.
const MOST_KEYS: usize = 20_000;

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// How much may be used up at once.
    pub at_once: u64,
    /// How long it takes until all of that is there again.
    pub refilled_in: Duration,
}

impl Budget {
    /// So many tries at once, and one more after each so many seconds.
    pub const fn of_tries(tries: u32, seconds: u32) -> Self {
        Self {
            at_once: tries as u64,
            refilled_in: Duration::from_secs(tries as u64 * seconds as u64),
        }
    }
}

/// What was used up lately, by key.
#[derive(Debug)]
pub struct Budgets<K> {
    budget: Budget,
    full_at: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K: Eq + Hash + Clone> Budgets<K> {
    /// Nobody has used anything up.
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            full_at: Mutex::default(),
        }
    }

    /// Uses so much up, if there is as much; else how long to wait. Whoever has used nothing up may have more than there is at once.
    pub fn take(&self, key: &K, amount: u64, now: Instant) -> Result<(), Duration> {
        if amount == 0 {
            return Ok(());
        }
        let mut full_at = self.full_at.lock();
        let key = known(&mut full_at, key, now);
        let at = full_at.get(&key).copied();
        self.has(at, amount, now)?;
        full_at.insert(key, self.then(at, amount, now));
        Ok(())
    }

    /// Whether there is as much, without using it up; else how long to wait.
    pub fn look(&self, key: &K, amount: u64, now: Instant) -> Result<(), Duration> {
        if amount == 0 {
            return Ok(());
        }
        let mut full_at = self.full_at.lock();
        let key = known(&mut full_at, key, now);
        self.has(full_at.get(&key).copied(), amount, now)
    }

    /// Uses so much up, whether or not there is as much.
    pub fn spend(&self, key: &K, amount: u64, now: Instant) {
        if amount == 0 {
            return;
        }
        let mut full_at = self.full_at.lock();
        let key = known(&mut full_at, key, now);
        let then = self.then(full_at.get(&key).copied(), amount, now);
        full_at.insert(key, then);
    }

    /// Takes back that so much was used up.
    pub fn give_back(&self, key: &K, amount: u64) {
        let mut full_at = self.full_at.lock();
        let key = Some(key.clone());
        // Whoever is not known by their own key was counted with others.
        let key = if full_at.contains_key(&key) { key } else { None };
        if let Some(at) = full_at.get_mut(&key) {
            *at = at.checked_sub(self.span(amount)).unwrap_or(*at);
        }
    }

    /// Gives a key all of it back.
    pub fn forget(&self, key: &K) {
        self.full_at.lock().remove(&Some(key.clone()));
    }

    fn has(&self, at: Option<Instant>, amount: u64, now: Instant) -> Result<(), Duration> {
        let over = self
            .then(at, amount, now)
            .saturating_duration_since(now + self.budget.refilled_in);
        if over > Duration::ZERO && at.is_some_and(|at| at > now) {
            return Err(over);
        }
        Ok(())
    }

    /// When all of it is there again, once so much more is used up.
    fn then(&self, at: Option<Instant>, amount: u64, now: Instant) -> Instant {
        at.map_or(now, |at| at.max(now)) + self.span(amount)
    }

    /// How long it takes until so much is there again.
    fn span(&self, amount: u64) -> Duration {
        let Budget { at_once, refilled_in } = self.budget;
        refilled_in.mul_f64(amount as f64 / at_once.max(1) as f64)
    }
}

/// The key that somebody is counted by: their own or, where too many have used something up, the one that newcomers share.
fn known<K: Eq + Hash + Clone>(
    full_at: &mut HashMap<Option<K>, Instant>,
    key: &K,
    now: Instant,
) -> Option<K> {
    let key = Some(key.clone());
    if full_at.len() >= MOST_KEYS && !full_at.contains_key(&key) {
        full_at.retain(|_, at| *at > now);
        if full_at.len() >= MOST_KEYS {
            return None;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget {
        at_once: 100,
        refilled_in: Duration::from_secs(10),
    };

    const TRIES: Budget = Budget::of_tries(3, 10);

    #[test]
    fn so_much_is_there_at_once_and_comes_back_at_a_steady_pace() {
        let (budgets, now) = (Budgets::new(BUDGET), Instant::now());
        assert_eq!(budgets.take(&"ana", 60, now), Ok(()));
        assert_eq!(budgets.take(&"ana", 40, now), Ok(()));
        let wait = Err(Duration::from_secs(3));
        assert_eq!(budgets.take(&"ana", 30, now), wait);
        assert_eq!(
            budgets.look(&"ana", 30, now),
            wait,
            "asking does not make it worse"
        );
        assert_eq!(budgets.take(&"bob", 100, now), Ok(()));
        let later = now + Duration::from_secs(3);
        assert_eq!(budgets.look(&"ana", 30, later), Ok(()));
        assert_eq!(budgets.take(&"ana", 30, later), Ok(()));
        assert!(budgets.take(&"ana", 1, later).is_err());
        budgets.give_back(&"ana", 10);
        assert_eq!(budgets.take(&"ana", 10, later), Ok(()));
        assert!(budgets.take(&"ana", 1, later).is_err());
    }

    #[test]
    fn what_is_more_than_all_of_it_is_had_once_and_waited_for_afterwards() {
        let (budgets, now) = (Budgets::new(BUDGET), Instant::now());
        assert_eq!(budgets.take(&"ana", 500, now), Ok(()));
        assert_eq!(budgets.take(&"ana", 1, now), Err(Duration::from_millis(40_100)));
        let later = now + Duration::from_secs(50);
        assert_eq!(budgets.take(&"ana", 500, later), Ok(()));
        budgets.spend(&"ana", 100, later);
        assert_eq!(
            budgets.take(&"ana", 1, later),
            Err(Duration::from_millis(50_100)),
            "what had to be done is waited for, too"
        );
    }

    #[test]
    fn after_a_burst_there_is_one_more_at_each_step_and_the_wait_is_told_as_it_is() {
        let (tries, now) = (Budgets::new(TRIES), Instant::now());
        let after = |seconds| now + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(tries.take(&"ana", 1, now), Ok(()));
        }
        assert_eq!(tries.take(&"ana", 1, now), Err(Duration::from_secs(10)));
        assert_eq!(
            tries.take(&"ana", 1, after(4)),
            Err(Duration::from_secs(6)),
            "trying does not make it worse"
        );
        assert_eq!(tries.take(&"bob", 1, after(4)), Ok(()));
        assert_eq!(tries.take(&"ana", 1, after(10)), Ok(()));
        assert!(tries.take(&"ana", 1, after(10)).is_err());
        tries.give_back(&"ana", 1);
        assert_eq!(tries.take(&"ana", 1, after(10)), Ok(()));
        assert_eq!(tries.take(&"ana", 1, after(1_000)), Ok(()));
        tries.forget(&"ana");
        assert_eq!(tries.take(&"ana", 3, after(1_000)), Ok(()));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let (tries, now) = (Budgets::new(TRIES), Instant::now());
        for key in 0..MOST_KEYS {
            assert!(tries.take(&key, 1, now).is_ok());
        }
        // All are in use: the next ones share one.
        for key in 0..3 {
            assert!(tries.take(&(MOST_KEYS + key), 1, now).is_ok());
        }
        assert!(tries.take(&(MOST_KEYS + 9), 1, now).is_err());
        assert!(tries.take(&7, 1, now).is_ok(), "who is known has their own");
        tries.give_back(&(MOST_KEYS + 9), 1);
        assert!(tries.take(&(MOST_KEYS + 9), 1, now).is_ok());
        let later = now + Duration::from_secs(100);
        assert!(tries.take(&(MOST_KEYS + 9), 1, later).is_ok());
        assert!(tries.full_at.lock().len() < 10);
    }
}
