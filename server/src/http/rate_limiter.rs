//! How often something may be tried: so many times at once, and then again at a steady pace (the generic cell rate algorithm,
//! ITU-T I.371). What is remembered for each name or address is one moment: when all its tries are there again.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most keys that are remembered, about 100 bytes each. Beyond, those that have all their tries go; if none has, newcomers
/// share one.
const MOST_KEYS: usize = 20_000;

/// How often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateLimiter {
    /// At once.
    pub(crate) burst: u32,
    /// One more after each.
    pub(crate) every: Duration,
}

/// What was tried lately, by key.
pub(crate) struct Rates<K> {
    pace: RateLimiter,
    full_at: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K: Eq + Hash + Clone> Rates<K> {
    pub(crate) fn new(pace: RateLimiter) -> Self {
        Self {
            pace,
            full_at: Mutex::default(),
        }
    }

    /// Counts a try; how long to wait for the next one, if there is none left.
    pub(crate) fn take(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let RateLimiter { burst, every } = self.pace;
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(key.clone());
        if full_at.len() >= MOST_KEYS && !full_at.contains_key(&key) {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= MOST_KEYS {
                key = None;
            }
        }
        let at = full_at.entry(key).or_insert(now);
        let then = (*at).max(now) + every;
        let over = then.saturating_duration_since(now + every * burst);
        if over > Duration::ZERO {
            return Err(over);
        }
        *at = then;
        Ok(())
    }

    /// Takes a try back, which turned out to be none.
    pub(crate) fn give_back(&self, key: &K) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(&Some(key.clone())) {
            *at = at.checked_sub(self.pace.every).unwrap_or(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: RateLimiter = RateLimiter {
        burst: 3,
        every: Duration::from_secs(10),
    };

    #[test]
    fn after_a_burst_there_is_one_more_at_each_step_and_the_wait_is_told_as_it_is() {
        let (rates, now) = (Rates::new(PACE), Instant::now());
        let after = |seconds| now + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(rates.take(&"ana", now), Ok(()));
        }
        assert_eq!(rates.take(&"ana", now), Err(Duration::from_secs(10)));
        assert_eq!(
            rates.take(&"ana", after(4)),
            Err(Duration::from_secs(6)),
            "trying does not make it worse"
        );
        assert_eq!(rates.take(&"bob", after(4)), Ok(()));
        assert_eq!(rates.take(&"ana", after(10)), Ok(()));
        assert!(rates.take(&"ana", after(10)).is_err());
        rates.give_back(&"ana");
        assert_eq!(rates.take(&"ana", after(10)), Ok(()));
        assert_eq!(rates.take(&"ana", after(1_000)), Ok(()));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let (rates, now) = (Rates::new(PACE), Instant::now());
        for key in 0..MOST_KEYS {
            assert!(rates.take(&key, now).is_ok());
        }
        // All are in use: the next ones share one.
        for key in 0..3 {
            assert!(rates.take(&(MOST_KEYS + key), now).is_ok());
        }
        assert!(rates.take(&(MOST_KEYS + 9), now).is_err());
        assert!(rates.take(&7, now).is_ok(), "who is known has their own");
        let later = now + Duration::from_secs(100);
        assert!(rates.take(&(MOST_KEYS + 9), later).is_ok());
        assert!(rates.full_at.lock().unwrap().len() < 10);
    }
}
