//! How much each may use up: so much at once, and then at a steady pace (the generic cell rate algorithm, ITU-T I.371, where one cell may
//! be larger than another). What is remembered of each is one moment: when all of it is there again.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// The most keys that are remembered, about 100 bytes each. Beyond, those that have used nothing up go; if all have, newcomers share one.
const MOST_KEYS: usize = 20_000;

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Budget {
    /// How much may be used up at once.
    pub(crate) at_once: u64,
    /// How long it takes until all of that is there again.
    pub(crate) refilled_in: Duration,
}

/// What was used up lately, by key.
#[derive(Debug)]
pub(crate) struct Budgets<K> {
    budget: Budget,
    full_at: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K: Eq + Hash + Clone> Budgets<K> {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            full_at: Mutex::default(),
        }
    }

    /// Uses so much up; how long to wait, if there is not as much. Whoever has used nothing up may have more than there is at once.
    pub(crate) fn take(&self, key: &K, amount: u64) -> Result<(), Duration> {
        if amount == 0 {
            return Ok(());
        }
        let now = Instant::now();
        let Budget { at_once, refilled_in } = self.budget;
        let mut full_at = self.full_at.lock();
        let mut key = Some(key.clone());
        if full_at.len() >= MOST_KEYS && !full_at.contains_key(&key) {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= MOST_KEYS {
                key = None;
            }
        }
        let at = full_at.entry(key).or_insert(now);
        let begin = (*at).max(now);
        let then = begin + refilled_in.mul_f64(amount as f64 / at_once.max(1) as f64);
        let over = then.saturating_duration_since(now + refilled_in);
        if over > Duration::ZERO && begin > now {
            return Err(over);
        }
        *at = then;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget {
        at_once: 100,
        refilled_in: Duration::from_secs(10),
    };

    #[tokio::test(start_paused = true)]
    async fn so_much_is_there_at_once_and_comes_back_at_a_steady_pace() {
        let budgets = Budgets::new(BUDGET);
        assert_eq!(budgets.take(&"ana", 60), Ok(()));
        assert_eq!(budgets.take(&"ana", 40), Ok(()));
        assert_eq!(budgets.take(&"ana", 30), Err(Duration::from_secs(3)));
        assert_eq!(budgets.take(&"bob", 100), Ok(()));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(budgets.take(&"ana", 30), Ok(()));
        assert!(budgets.take(&"ana", 1).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_more_than_all_of_it_is_had_once_and_waited_for_afterwards() {
        let budgets = Budgets::new(BUDGET);
        assert_eq!(budgets.take(&"ana", 500), Ok(()));
        assert_eq!(budgets.take(&"ana", 1), Err(Duration::from_millis(40_100)));
        tokio::time::advance(Duration::from_secs(50)).await;
        assert_eq!(budgets.take(&"ana", 500), Ok(()));
    }
}
